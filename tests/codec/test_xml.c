#include "codec/xml.h"

#include "base/buf.h"
#include "base/clock.h"

#include "tests/harness.h"

static const XmlNode *read(Arena *arena, const char *text)
{
    const XmlNode *root;
    Diag diag;
    Err err = xml_read(arena, str_of(text), &diag, &root);
    ck_assert_msg(err == OK, "%s", diag.key);
    return root;
}

TEST(elements_know_their_line_and_where_their_text_begins)
{
    Arena *arena = arena_open(1 << 20);
    const XmlNode *root =
        read(arena, "<?xml version=\"1.0\"?>\n<!-- <b> -->\n<a>\n"
                    "  <b x=\"1>2\">one</b> <b>two\nmore</b>\n</a>");
    EXPECT_STR(root->name, "a");
    ck_assert_int_eq(root->line, 3);
    const XmlNode *b = xml_child(root, "b");
    EXPECT_STR(b->text, "one");
    EXPECT_STR(xml_attribute(b, "x"), "1>2");
    ck_assert_int_eq(b->line, 4);
    ck_assert_int_eq(b->text_column, 14);
    b = xml_next(b);
    EXPECT_STR(b->text, "two\nmore");
    ck_assert_int_eq(b->text_line, 4);
    ck_assert_int_eq(b->text_column, 25);
    ck_assert_uint_eq(xml_count(root, "b"), 2);
    arena_close(arena);
}

TEST(namespaces_and_sections_are_resolved)
{
    Arena *arena = arena_open(1 << 20);
    const XmlNode *root =
        read(arena, "<p:a xmlns:p=\"urn:x\"><p:t>1 &lt; <![CDATA[2 & 3]]></p:t>"
                    "</p:a>");
    EXPECT_STR(root->space, "urn:x");
    EXPECT_STR(xml_child(root, "t")->text, "1 < 2 & 3");
    arena_close(arena);
}

TEST(what_reaches_outside_the_file_is_refused)
{
    static const struct {
        const char *text, *key;
    } cases[] = {
        {"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "xml.doctype"},
        {"<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
         "<a>&e;</a>",
         "xml.doctype"},
        {"<a>&unknown;</a>", "xml.entity"},
        {"<a", "xml.syntax"},
        {"", "xml.empty"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_open(1 << 20);
        const XmlNode *root;
        Diag diag;
        ck_assert_int_eq(xml_read(arena, str_of(cases[i].text), &diag, &root),
                         ERR_INVALID);
        ck_assert_str_eq(diag.key, cases[i].key);
        arena_close(arena);
    }
}

TEST(nesting_has_a_limit)
{
    Arena *arena = arena_open(1 << 20);
    Buf text = buf_make(1 << 16);
    for (int i = 0; i < 200; i++) buf_text(&text, "<a>");
    for (int i = 0; i < 200; i++) buf_text(&text, "</a>");
    const XmlNode *root;
    Diag diag;
    ck_assert_int_eq(xml_read(arena, buf_view(&text), &diag, &root),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "xml.deep");
    buf_free(&text);
    arena_close(arena);
}

TEST(a_tree_beyond_its_arena_is_an_error)
{
    Buf text = buf_make(1 << 22);
    buf_text(&text, "<a>");
    for (int i = 0; i < 20000; i++) buf_text(&text, "<b c='' d='1'/>");
    buf_text(&text, "</a>");
    for (size_t bytes = 512; bytes < (1 << 26); bytes *= 2) {
        Arena *arena = arena_open(bytes);
        const XmlNode *root;
        Diag diag;
        Err err = xml_read(arena, buf_view(&text), &diag, &root);
        ck_assert_int_eq(err, bytes < 1 << 23 ? ERR_FULL : OK);
        if (err != OK) ck_assert_str_eq(diag.key, "xml.large");
        arena_close(arena);
    }
    buf_free(&text);
}

TEST(one_long_line_takes_no_longer_than_many_short_ones)
{
    enum { ELEMENTS = 400000 };
    Arena *arena = arena_open((size_t)1 << 30);
    Buf text = buf_make(1 << 24);
    buf_text(&text, "<a>");
    for (int i = 0; i < ELEMENTS; i++) buf_text(&text, "<b/>");
    buf_text(&text, "</a>");
    const XmlNode *root;
    Diag diag;
    double began_s = clock_cpu_s();
    ck_assert_int_eq(xml_read(arena, buf_view(&text), &diag, &root), OK);
    ck_assert_uint_eq(xml_count(root, "b"), ELEMENTS);
    ck_assert_double_lt(clock_cpu_s() - began_s, 10);
    buf_free(&text);
    arena_close(arena);
}

static void expect_bytes(const char *text, size_t from, size_t end,
                         const char *expected)
{
    ck_assert_uint_le(from, end);
    EXPECT_STR(((Str){text + from, end - from}), expected);
}

TEST(elements_know_their_bytes)
{
    static const char text[] = "<?xml version=\"1.0\"?>\r\n<!-- <b> -->\n"
                               "<x:a xmlns:x='u' t='>'>\xd8\xb9<b/><c ></c >"
                               "<![CDATA[<c>]]>&lt;<b  />\t</x:a>\n";
    Arena *arena = arena_open(1 << 20);
    const XmlNode *a;
    Diag diag;
    ck_assert_int_eq(xml_read(arena, STR(text), &diag, &a), OK);
    const XmlNode *b = a->first, *c = b->next, *last = c->next;
    expect_bytes(text, a->begin, a->inner, "<x:a xmlns:x='u' t='>'>");
    expect_bytes(text, a->inner_end, a->end, "</x:a>");
    expect_bytes(text, b->begin, b->end, "<b/>");
    ck_assert_uint_eq(b->inner, b->end);
    ck_assert_uint_eq(b->inner_end, b->end);
    expect_bytes(text, c->begin, c->end, "<c ></c >");
    ck_assert_uint_eq(c->inner, c->inner_end);
    expect_bytes(text, last->begin, last->end, "<b  />");
    arena_close(arena);
}

TEST(texts_are_written_to_be_read_as_themselves)
{
    static const char text[] = "a<b & \"c\"]]> 'd'\r\n\xd8\xb9";
    Arena *arena = arena_open(1 << 20);
    Buf buf = buf_make(1 << 10);
    const XmlNode *root;
    Diag diag;
    buf_text(&buf, "<a>");
    xml_write_text(&buf, STR(text));
    buf_text(&buf, "</a>");
    ck_assert_int_eq(xml_read(arena, buf_view(&buf), &diag, &root), OK);
    EXPECT_STR(root->text, text);
    buf_free(&buf);
    arena_close(arena);
}

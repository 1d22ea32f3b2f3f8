#include "codec/xml.h"

#include "base/buf.h"

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
        {"<a>&unknown;</a>", "xml.syntax"},
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

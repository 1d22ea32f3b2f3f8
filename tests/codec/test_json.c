#include "codec/json.h"

#include <dirent.h>
#include <stdio.h>

#include "codec/utf8.h"
#include "tests/harness.h"

static Arena *arena;
static Diag diag;

/* The tree of a text that must be good. */
static const Json *good(Str bytes)
{
    if (arena == NULL) arena = arena_open(64 << 20);
    const Json *json = NULL;
    Err err = json_read(arena, bytes, &diag, &json);
    ck_assert_msg(err == OK, "%.*s: %s %s", STR_ARG(bytes), diag.key,
                  diag.arg[0]);
    return json;
}

static void expect_bad(Str bytes, const char *key, int line, int column)
{
    if (arena == NULL) arena = arena_open(64 << 20);
    const Json *json = NULL;
    ck_assert_int_eq(json_read(arena, bytes, &diag, &json), ERR_INVALID);
    ck_assert_ptr_null(json);
    ck_assert_str_eq(diag.key, key);
    ck_assert_int_eq(diag.line, line);
    ck_assert_int_eq(diag.column, column);
}

TEST(a_tree_gives_what_was_written)
{
    const Json *json = good(STR(" {\"a\": [1, -2.50e+3, \"x\"], \"b\": true,"
                                "\"c\": null, \"d\": {\"e\": \"1320.00\"}} "));
    const Json *list = json_get(json, "a");
    ck_assert_int_eq(json->count, 4);
    ck_assert_int_eq(list->count, 3);
    int64_t number;
    ck_assert(json_int(json_at(list, 0), &number));
    ck_assert_int_eq(number, 1);
    Str text;
    ck_assert(json_number(json_at(list, 1), &text));
    EXPECT_STR(text, "-2.50e+3");
    ck_assert(!json_int(json_at(list, 1), &number));
    ck_assert(json_text(json_at(list, 2), &text));
    EXPECT_STR(text, "x");
    ck_assert_ptr_null(json_at(list, 3));
    bool truth = false;
    ck_assert(json_bool(json_get(json, "b"), &truth) && truth);
    ck_assert_int_eq(json_get(json, "c")->kind, JSON_NULL);
    Money money;
    const Json *inner = json_get(json, "d");
    ck_assert(json_money(json_get(inner, "e"), &money));
    ck_assert_int_eq(money.minor, 132000);
    EXPECT_STR(inner->text, "{\"e\": \"1320.00\"}");
    ck_assert_ptr_null(json_get(json, "z"));
    ck_assert_ptr_null(json_get(list, "a"));
    ck_assert(!json_text(NULL, &text));
    diag_set(&diag, "x");
    json_place(STR(" {\"a\": [1"), list, &diag);
    ck_assert_int_eq(diag.column, 8);
}

TEST(escapes_become_the_characters_they_mean)
{
    Str text;
    ck_assert(json_text(good(STR("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0633"
                                 "\\uD83D\\uDE00\\u00e9\"")),
                        &text));
    EXPECT_STR(text, "\"\\/\b\f\n\r\t\xD8\xB3\xF0\x9F\x98\x80\xC3\xA9");
    ck_assert(json_text(good(STR("\"a\\u0000b\"")), &text));
    ck_assert_uint_eq(text.bytes, 3);
}

TEST(faults_are_told_with_their_place)
{
    expect_bad(STR(""), "json.empty", 1, 1);
    expect_bad(STR(" \n "), "json.empty", 2, 2);
    expect_bad(STR("{\n \"\xD8\xB3\": x}"), "json.syntax", 2, 7);
    expect_bad(STR("[1,]"), "json.syntax", 1, 4);
    expect_bad(STR("{\"a\":1,}"), "json.syntax", 1, 8);
    expect_bad(STR("[1 2]"), "json.syntax", 1, 4);
    expect_bad(STR("{\"a\" 1}"), "json.syntax", 1, 6);
    expect_bad(STR("[1"), "json.syntax", 1, 3);
    expect_bad(STR("1 2"), "json.trailing", 1, 3);
    expect_bad(STR("[01]"), "json.number", 1, 2);
    expect_bad(STR("[\"a\nb\"]"), "json.control", 1, 4);
    expect_bad(STR("[\"\\x\"]"), "json.escape", 1, 3);
    expect_bad(STR("[\"\\u12G4\"]"), "json.escape", 1, 3);
    expect_bad(STR("[\"ab\xFF\"]"), "json.utf8", 1, 5);
    expect_bad(STR("\xEF\xBB\xBF[]"), "json.syntax", 1, 1);
}

TEST(half_of_a_surrogate_pair_is_refused)
{
    expect_bad(STR("[\"\\uD83D\"]"), "json.surrogate", 1, 3);
    expect_bad(STR("[\"\\uDE00\"]"), "json.surrogate", 1, 3);
    expect_bad(STR("[\"\\uD83D\\u0041\"]"), "json.surrogate", 1, 3);
    expect_bad(STR("[\"\\uD83Dx\"]"), "json.surrogate", 1, 3);
}

TEST(a_key_twice_is_refused_in_small_and_in_large_objects)
{
    expect_bad(STR("{\"a\":1,\"b\":2,\"a\":3}"), "json.twice", 1, 18);
    ck_assert_str_eq(diag.arg[0], "a");
    expect_bad(STR("{\"a\":1,\"\\u0061\":3}"), "json.twice", 1, 17);
    good(STR("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"));
    Buf buf = buf_make(1 << 20);
    buf_char(&buf, '{');
    for (int i = 0; i < 5000; i++) buf_format(&buf, "\"k%d\":%d,", i, i);
    size_t before = buf.bytes;
    buf_text(&buf, "\"z\":0}");
    good(buf_view(&buf));
    buf.bytes = before;
    buf_text(&buf, "\"k77\":0}");
    expect_bad(buf_view(&buf), "json.twice", 1, (int)buf.bytes - 1);
    ck_assert_str_eq(diag.arg[0], "k77");
    buf_free(&buf);
}

TEST(sixty_four_levels_are_read_and_one_more_is_refused)
{
    char text[2 * JSON_DEPTH_MAX + 2];
    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    good((Str){text, (size_t)2 * JSON_DEPTH_MAX});
    memset(text, '[', JSON_DEPTH_MAX + 1);
    memset(text + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    expect_bad((Str){text, sizeof text}, "json.deep", 1, JSON_DEPTH_MAX + 1);
}

TEST(an_exhausted_arena_is_an_answer)
{
    Buf buf = buf_make(1 << 20);
    buf_char(&buf, '[');
    for (int i = 0; i < 50000; i++) buf_text(&buf, "1,");
    buf_text(&buf, "1]");
    Arena *small = arena_open(1 << 20);
    const Json *json = NULL;
    Err err = json_read(small, buf_view(&buf), &diag, &json);
    ck_assert_int_eq(err, ERR_FULL);
    ck_assert_str_eq(diag.key, "json.large");
    arena_close(small);
    buf_free(&buf);
}

#ifdef SANAD_TORTURE
TEST(whichever_block_is_refused_reading_says_that_it_is_full)
{
    Buf buf = buf_make(1 << 20);
    buf_char(&buf, '[');
    for (int i = 0; i < 9000; i++) buf_text(&buf, "{\"a\\n\":\"b\\n\"},");
    buf_text(&buf, "0]");
    bool done = false;
    for (long nth = 1; !done; nth++) {
        Arena *own = arena_open(64 << 20);
        const Json *json = NULL;
        arena_fail_at(nth);
        Err err = json_read(own, buf_view(&buf), &diag, &json);
        arena_fail_at(0);
        done = err == OK;
        ck_assert(done || (err == ERR_FULL && json == NULL));
        ck_assert_int_lt(nth, 1000);
        arena_close(own);
    }
    buf_free(&buf);
}
#endif

TEST(what_is_written_is_json_and_reads_back)
{
    Buf buf = buf_make(4096);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_out_key(&out, "id");
    json_out_id(&out, INT64_MAX);
    json_out_key(&out, "list");
    json_out_array(&out);
    json_out_int(&out, -1);
    json_out_bool(&out, false);
    json_out_null(&out);
    json_out_object(&out);
    json_out_object_end(&out);
    json_out_array(&out);
    json_out_array_end(&out);
    json_out_money(&out, (Money){132000});
    json_out_number(&out, STR("1.50"));
    json_out_measure(&out, 2.0 / 3, 3);
    json_out_array_end(&out);
    json_out_key(&out, "text");
    json_out_str(&out, STR("a\"\\\n\x01\0\xFF\xD8\xB3"));
    json_out_object_end(&out);
    Str expected = STR("{\"id\":\"9223372036854775807\",\"list\":[-1,false,"
                       "null,{},[],\"1320.00\",1.50,0.667],\"text\":"
                       "\"a\\\"\\\\\\n\\u0001\\u0000\xEF\xBF\xBD\xD8\xB3\"}");
    ck_assert_msg(str_equal(buf_view(&buf), expected), "%.*s",
                  STR_ARG(buf_view(&buf)));
    good(buf_view(&buf));
    buf_free(&buf);
}

/*
 * The public suite has two y_ files with a key twice; RFC 8259 leaves that to
 * the reader, and this one refuses it, since two readers of such a message
 * could see two amounts.
 */
static bool doubles_a_key(const char *name)
{
    return strstr(name, "duplicated_key") != NULL;
}

TEST(the_public_vectors_pass_and_fail_as_their_names_say)
{
    const char *root = getenv("SANAD_VECTORS");
    char folder[2048], path[4096];
    snprintf(folder, sizeof folder, "%s/json/test_parsing",
             root == NULL ? "vectors" : root);
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        printf("SKIP json vectors: %s is not here (SANAD_VECTORS)\n", folder);
        return;
    }
    int seen = 0;
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[1] != '_') continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        Arena *own = arena_open(64 << 20);
        const Json *json = NULL;
        Err err = json_read(own, harness_read(path), &diag, &json);
        bool pass = e->d_name[0] == 'y' && !doubles_a_key(e->d_name);
        if (e->d_name[0] != 'i') {
            ck_assert_msg((err == OK) == pass, "%s: %s", e->d_name, diag.key);
        }
        arena_close(own);
        seen++;
    }
    closedir(dir);
    ck_assert_int_ge(seen, 300);
}

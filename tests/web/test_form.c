#include "tests/harness.h"
#include "web/form.h"

static Arena *arena;

static FormPairs read(const char *text, Err expected)
{
    FormPairs pairs = {NULL, 0};
    arena = arena_open(1 << 20);
    Err err = form_read(arena, str_of(text), &pairs);
    ck_assert_msg(err == expected, "%s gives %s", text, err_name(err));
    return pairs;
}

TEST(a_form_is_decoded)
{
    FormPairs pairs = read("a=1&b=x+y%2B%26&&c=&d", OK);
    ck_assert_uint_eq(pairs.count, 4);
    EXPECT_STR(form_find(&pairs, "a"), "1");
    EXPECT_STR(form_find(&pairs, "b"), "x y+&");
    ck_assert_ptr_nonnull(form_find(&pairs, "c").at);
    ck_assert_ptr_nonnull(form_find(&pairs, "d").at);
    ck_assert_ptr_null(form_find(&pairs, "e").at);
    EXPECT_STR(form_find(&pairs, "e"), "");
    arena_close(arena);
}

TEST(a_form_that_is_no_text_is_refused)
{
    static const char *const bad[] = {
        "a=%",     "a=%1",   "a=%g0",     "a=%00",
        "a=%1f",   "a=%ff",  "a=%c0%80",  "a=%ed%a0%80",
        "a=1&a=2", "%00=1",  "a%0a=1",    "a=%f4%90%80%80",
        "a=%7f",   "a=\x01", "a=1&b=%zz", "a=%2",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        (void)read(bad[i], ERR_INVALID);
        arena_close(arena);
    }
}

TEST(line_ends_may_stand_in_a_field)
{
    FormPairs pairs = read("a=x%0d%0ay%09z", OK);
    EXPECT_STR(form_find(&pairs, "a"), "x\r\ny\tz");
    arena_close(arena);
}

TEST(a_form_has_limits)
{
    char text[1024] = "";
    size_t bytes = 0;
    for (int i = 0; i < FORM_PAIRS_MAX; i++)
        bytes += (size_t)snprintf(text + bytes, 8, "a%d=&", i);
    ck_assert_uint_eq(read(text, OK).count, FORM_PAIRS_MAX);
    arena_close(arena);
    (void)snprintf(text + bytes, 8, "z=");
    (void)read(text, ERR_RANGE);
    arena_close(arena);
    (void)snprintf(text, sizeof text, "%0*d=1", FORM_NAME_BYTES_MAX + 1, 0);
    (void)read(text, ERR_RANGE);
    arena_close(arena);
}

TEST(foreign_cookies_are_passed_over)
{
    FormPairs pairs;
    arena = arena_open(1 << 20);
    Str header = STR(" a=1; b ; =x; c=\x01; session=t=u;a=2;;d=\xff; e=");
    ck_assert_int_eq(form_cookies(arena, header, &pairs), OK);
    EXPECT_STR(form_find(&pairs, "a"), "1");
    EXPECT_STR(form_find(&pairs, "session"), "t=u");
    ck_assert_ptr_null(form_find(&pairs, "c").at);
    ck_assert_ptr_null(form_find(&pairs, "d").at);
    ck_assert_uint_eq(pairs.count, 3);
    ck_assert_int_eq(form_cookies(arena, STR(""), &pairs), OK);
    ck_assert_uint_eq(pairs.count, 0);
    arena_close(arena);
}

TEST(a_part_of_a_path_hides_no_slash)
{
    Str part;
    arena = arena_open(1 << 20);
    ck_assert(form_path_part(arena, STR("%D8%B3"), &part));
    EXPECT_STR(part, "س");
    ck_assert(form_path_part(arena, STR("a+b"), &part));
    EXPECT_STR(part, "a+b");
    ck_assert(!form_path_part(arena, STR("a%2fb"), &part));
    ck_assert(!form_path_part(arena, STR("a%00"), &part));
    ck_assert(!form_path_part(arena, STR("a%0a"), &part));
    arena_close(arena);
}

TEST(escaping_and_reading_give_the_same_text)
{
    Buf buf = buf_make(1 << 16);
    buf_text(&buf, "k=");
    Str text = STR("نورة & \"x\" + 100% =?/#~");
    form_escape(&buf, text);
    buf_char(&buf, '\0');
    FormPairs pairs = read(buf.at, OK);
    ck_assert(str_equal(form_find(&pairs, "k"), text));
    buf_free(&buf);
    arena_close(arena);
}

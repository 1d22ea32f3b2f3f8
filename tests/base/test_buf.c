#include "base/buf.h"

#include "tests/harness.h"

TEST(a_buffer_grows_to_its_limit_and_not_a_byte_further)
{
    Buf buf = buf_make(1000);
    for (int i = 0; i < 1000; i++) buf_char(&buf, (char)('a' + i % 26));
    ck_assert(!buf_full(&buf));
    ck_assert_uint_eq(buf.bytes, 1000);
    buf_char(&buf, 'x');
    ck_assert(buf_full(&buf));
    ck_assert_uint_eq(buf.bytes, 1000);
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(buf.at[i], 'a' + i % 26);
    }
    buf_free(&buf);
}

TEST(a_full_buffer_takes_nothing_more_even_if_it_would_fit)
{
    Buf buf = buf_make(10);
    buf_text(&buf, "12345");
    buf_text(&buf, "123456");
    ck_assert(buf_full(&buf));
    buf_char(&buf, 'x');
    EXPECT_STR(buf_view(&buf), "12345");
    buf_reset(&buf);
    ck_assert(!buf_full(&buf));
    buf_text(&buf, "0123456789");
    EXPECT_STR(buf_view(&buf), "0123456789");
    ck_assert(!buf_full(&buf));
    buf_free(&buf);
    ck_assert_uint_eq(buf.bytes, 0);
    buf_text(&buf, "again");
    EXPECT_STR(buf_view(&buf), "again");
    buf_free(&buf);
}

TEST(numbers_are_written_to_the_ends_of_int64)
{
    Buf buf = buf_make(100);
    buf_int(&buf, INT64_MIN);
    buf_char(&buf, ' ');
    buf_int(&buf, INT64_MAX);
    buf_char(&buf, ' ');
    buf_int(&buf, 0);
    buf_char(&buf, ' ');
    buf_int(&buf, -10);
    EXPECT_STR(buf_view(&buf),
               "-9223372036854775808 9223372036854775807 0 -10");
    buf_free(&buf);
}

TEST(a_formatted_text_that_does_not_fit_is_left_out_whole)
{
    Buf buf = buf_make(8);
    buf_format(&buf, "%d", 1234);
    buf_format(&buf, "%s", "abcdefgh");
    ck_assert(buf_full(&buf));
    EXPECT_STR(buf_view(&buf), "1234");
    buf_free(&buf);
}

TEST(appending_nothing_is_nothing)
{
    Buf buf = buf_make(4);
    buf_add(&buf, NULL, 0);
    buf_str(&buf, (Str){NULL, 0});
    buf_text(&buf, "");
    ck_assert_uint_eq(buf.bytes, 0);
    ck_assert(!buf_full(&buf));
    buf_free(&buf);
}

TEST(reserving_beyond_the_limit_is_refused_without_overflow)
{
    Buf buf = buf_make(100);
    buf_text(&buf, "abc");
    ck_assert(!buf_reserve(&buf, SIZE_MAX));
    ck_assert(buf_full(&buf));
    EXPECT_STR(buf_view(&buf), "abc");
    buf_free(&buf);
}

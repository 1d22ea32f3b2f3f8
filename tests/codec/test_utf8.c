#include "codec/utf8.h"
#include "tests/harness.h"

TEST(text_of_every_length_of_sequence_is_valid)
{
    ck_assert(utf8_valid(STR("")));
    ck_assert(utf8_valid(STR("a\xC3\xA9\xD8\xB9\xE2\x82\xAC\xF0\x9F\x98\x80")));
    ck_assert(utf8_valid(STR("\xF4\x8F\xBF\xBF\xEF\xBF\xBF\xED\x9F\xBF")));
}

TEST(what_is_not_rfc_3629_is_refused)
{
    static const char *const bad[] = {
        "\x80",             /* begins in the middle */
        "\xC0\x80",         /* overlong */
        "\xC1\xBF",         /* overlong */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* surrogate */
        "\xED\xBF\xBF",     /* surrogate */
        "\xF4\x90\x80\x80", /* beyond U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xFE",
        "\xD8",         /* cut */
        "\xE2\x82",     /* cut */
        "\xF0\x9F\x98", /* cut */
        ("\xD8"
         "a"), /* second byte missing */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(!utf8_valid(str_of(bad[i])), "case %zu", i);
        Str rest = str_of(bad[i]);
        ck_assert_uint_eq(utf8_next(&rest), UTF8_BAD);
        ck_assert_uint_eq(rest.bytes, strlen(bad[i]) - 1);
    }
}

TEST(the_first_bad_byte_is_found_in_long_text)
{
    char text[100];
    memset(text, 'a', sizeof text);
    for (size_t at = 0; at < sizeof text; at++) {
        text[at] = '\xC0';
        Str all = {text, sizeof text};
        ck_assert_uint_eq(utf8_valid_bytes(all), at);
        text[at] = 'a';
    }
}

TEST(every_code_point_is_written_and_read_back)
{
    Buf buf = buf_make(16);
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        buf_reset(&buf);
        utf8_write(&buf, c);
        Str text = buf_view(&buf);
        ck_assert(utf8_valid(text));
        uint32_t back = utf8_next(&text);
        if (text.bytes != 0 || back != (surrogate ? UTF8_REPLACEMENT : c)) {
            ck_abort_msg("U+%04X comes back as U+%04X", c, back);
        }
    }
    buf_free(&buf);
}

TEST(length_and_cut_count_code_points)
{
    Str text = STR("\xD8\xB3\xD9\x86\xD8\xAF 1");
    ck_assert_uint_eq(utf8_length(text), 5);
    EXPECT_STR(utf8_cut(text, 3), "\xD8\xB3\xD9\x86\xD8\xAF");
    EXPECT_STR(utf8_cut(text, 0), "");
    ck_assert_uint_eq(utf8_cut(text, 99).bytes, text.bytes);
    ck_assert_uint_eq(utf8_length(STR("\xFF\xFFz")), 3);
}

TEST(a_line_has_nothing_that_ends_or_turns_it)
{
    static const uint32_t bad[] = {0,      0x1B,    '\n',   '\r',   '\t',
                                   0x7F,   0x85,    0x2028, 0x2029, 0x202A,
                                   0x202E, 0x2066,  0x2069, 0xFEFF, 0xFFF9,
                                   0xFFFB, 0xE0001, 0xE007F};
    Str good =
        STR("\u0631\u064E\u0641\u0652\u0639 \u0645\u06CC\u200C\u062E "
            "\u200F1,400\u200E \u061C\u00AB\u00BB \U0001F468\u200D\U0001F467");
    ck_assert_uint_eq(utf8_line_bytes(good), good.bytes);
    Buf buf = buf_make(256);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        buf_reset(&buf);
        buf_text(&buf, "ab");
        utf8_write(&buf, bad[i]);
        buf_text(&buf, "c");
        Str text = buf_view(&buf);
        ck_assert_msg(utf8_line_bytes(text) == 2, "U+%04X", bad[i]);
        Buf line = buf_make(256);
        utf8_write_line(&line, text);
        EXPECT_STR(buf_view(&line), "ab\xEF\xBF\xBD\x63");
        buf_free(&line);
    }
    buf_reset(&buf);
    utf8_write_line(&buf, good);
    ck_assert(str_equal(buf_view(&buf), good));
    ck_assert_uint_eq(utf8_line_bytes(STR("a\xFF")), 1);
    buf_free(&buf);
}

TEST(an_excerpt_says_that_there_is_more)
{
    Buf buf = buf_make(256);
    utf8_write_excerpt(&buf, STR("\u0645\u0627\nb\xFF"), 5);
    EXPECT_STR(buf_view(&buf), "\u0645\u0627\uFFFDb\uFFFD");
    buf_reset(&buf);
    utf8_write_excerpt(&buf, STR("\u0645\u0627\nb\xFF"), 4);
    EXPECT_STR(buf_view(&buf), "\u0645\u0627\uFFFDb\u2026");
    buf_free(&buf);
}

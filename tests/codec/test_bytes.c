#include "codec/base64url.h"
#include "codec/bytes.h"
#include "codec/hex.h"
#include "tests/harness.h"

TEST(numbers_and_texts_come_back_as_they_were_put)
{
    static const int64_t values[] = {0,         1,         -1,       63,  64,
                                     -64,       -65,       127,      128, 300,
                                     1LL << 62, INT64_MAX, INT64_MIN};
    Buf buf = buf_make(4096);
    size_t count = sizeof values / sizeof *values;
    for (size_t i = 0; i < count; i++) {
        bytes_put_int(&buf, values[i]);
        bytes_put_uint(&buf, (uint64_t)values[i]);
        bytes_put_fixed64(&buf, (uint64_t)values[i]);
    }
    bytes_put_str(&buf, STR("sanad"));
    bytes_put_str(&buf, STR(""));
    BytesReader reader = bytes_reader(buf_view(&buf));
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(bytes_get_int(&reader), values[i]);
        ck_assert_uint_eq(bytes_get_uint(&reader), (uint64_t)values[i]);
        ck_assert_uint_eq(bytes_get_fixed64(&reader), (uint64_t)values[i]);
    }
    EXPECT_STR(bytes_get_str(&reader), "sanad");
    ck_assert(!bytes_done(&reader));
    EXPECT_STR(bytes_get_str(&reader), "");
    ck_assert(bytes_done(&reader));
    buf_free(&buf);
}

TEST(a_number_has_only_one_spelling)
{
    Buf buf = buf_make(64);
    bytes_put_uint(&buf, 300);
    bytes_put_int(&buf, -2);
    EXPECT_STR(buf_view(&buf), "\xAC\x02\x03");
    static const Str bad[] = {
        {"\x80\x00", 2},                                  /* 0, too long */
        {"\xFF\x80\x00", 3},                              /* 127, too long */
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10}, /* beyond 64 bits */
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x00", 11},
        {"\x80", 1}, /* cut */
        {"", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        BytesReader reader = bytes_reader(bad[i]);
        ck_assert_uint_eq(bytes_get_uint(&reader), 0);
        ck_assert_msg(!bytes_good(&reader), "case %zu", i);
    }
    buf_free(&buf);
}

TEST(a_reader_never_passes_the_end_and_stays_bad)
{
    BytesReader reader = bytes_reader(STR("\x05"
                                          "abc"));
    EXPECT_STR(bytes_get_str(&reader), "");
    ck_assert(!bytes_good(&reader));
    ck_assert_uint_eq(bytes_get_uint(&reader), 0);
    ck_assert_uint_eq(bytes_get_fixed64(&reader), 0);
    reader = bytes_reader(STR("\xFF\xFF\xFF\xFF\x0F"));
    ck_assert_uint_eq(bytes_get_count(&reader, 1), 0);
    ck_assert(!bytes_good(&reader));
    reader = bytes_reader(STR("\x02"
                              "abcd"));
    ck_assert_uint_eq(bytes_get_count(&reader, 2), 2);
    reader = bytes_reader(STR("1234567"));
    ck_assert_uint_eq(bytes_get_fixed64(&reader), 0);
    ck_assert(!bytes_good(&reader));
}

TEST(base64url_has_the_vectors_of_rfc_4648_without_padding)
{
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg"},
                                           {"fo", "Zm8"},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg"},
                                           {"fooba", "Zm9vYmE"},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xFB\xFF\xBF", "-_-_"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Buf text = buf_make(64), back = buf_make(64);
        base64url_write(&text, str_of(pairs[i][0]));
        EXPECT_STR(buf_view(&text), pairs[i][1]);
        ck_assert(base64url_read(&back, buf_view(&text)));
        EXPECT_STR(buf_view(&back), pairs[i][0]);
        buf_free(&text);
        buf_free(&back);
    }
}

TEST(base64url_has_only_one_spelling)
{
    static const char *const bad[] = {"Zg==", "Z",    "Zh",    "Zm9",
                                      "Zm+v", "Zm/v", "Zm 9v", "Zm9vY"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Buf back = buf_make(64);
        ck_assert_msg(!base64url_read(&back, str_of(bad[i])), "%s", bad[i]);
        ck_assert_uint_eq(back.bytes, 0);
    }
}

TEST(hexadecimal_digits_are_written_small_and_read_either_way)
{
    Buf buf = buf_make(64);
    hex_write(&buf, STR("\x00\x7F\xA5\xFF"));
    EXPECT_STR(buf_view(&buf), "007fa5ff");
    buf_reset(&buf);
    ck_assert(hex_read(&buf, STR("007FA5fF")));
    ck_assert(str_equal(buf_view(&buf), STR("\x00\x7F\xA5\xFF")));
    ck_assert(!hex_read(&buf, STR("0")));
    ck_assert(!hex_read(&buf, STR("0g")));
    ck_assert_uint_eq(buf.bytes, 4);
    buf_free(&buf);
}

#include "base/str.h"

#include "tests/harness.h"

TEST(bytes_are_compared_as_unsigned_and_a_prefix_is_less)
{
    ck_assert_int_lt(str_compare(STR("a"), STR("b")), 0);
    ck_assert_int_gt(str_compare(STR("\xD8"), STR("z")), 0);
    ck_assert_int_lt(str_compare(STR("ab"), STR("abc")), 0);
    ck_assert_int_gt(str_compare(STR("abc"), STR("ab")), 0);
    ck_assert_int_eq(str_compare(STR("ab"), STR("ab")), 0);
    ck_assert_int_eq(str_compare((Str){NULL, 0}, STR("")), 0);
    ck_assert_int_lt(str_compare((Str){NULL, 0}, STR("a")), 0);
    ck_assert(str_equal((Str){NULL, 0}, STR("")));
    ck_assert(!str_equal(STR("a"), STR("b")));
    ck_assert(!str_equal(STR("a\0b"), STR("a\0c")));
    ck_assert_uint_eq(str_of(NULL).bytes, 0);
}

TEST(white_space_is_taken_from_both_ends_only)
{
    EXPECT_STR(str_trim(STR(" \t\r\na b\n ")), "a b");
    EXPECT_STR(str_trim(STR(" \n")), "");
    EXPECT_STR(str_trim(STR("")), "");
    EXPECT_STR(str_trim(STR("x")), "x");
}

TEST(a_text_has_one_part_more_than_separators)
{
    Str rest = STR("a,,b,"), part;
    ck_assert(str_split(&rest, ',', &part));
    EXPECT_STR(part, "a");
    ck_assert(str_split(&rest, ',', &part));
    EXPECT_STR(part, "");
    ck_assert(str_split(&rest, ',', &part));
    EXPECT_STR(part, "b");
    ck_assert(str_split(&rest, ',', &part));
    EXPECT_STR(part, "");
    ck_assert(!str_split(&rest, ',', &part));
    rest = STR("");
    ck_assert(str_split(&rest, ',', &part));
    EXPECT_STR(part, "");
    ck_assert(!str_split(&rest, ',', &part));
}

TEST(whole_numbers_are_read_exactly_to_the_ends_of_int64)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"007", 7},
                {"-1", -1},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t value = 99;
        ck_assert_msg(str_to_int(str_of(good[i].text), &value), "%s",
                      good[i].text);
        ck_assert_int_eq(value, good[i].value);
    }
}

TEST(what_is_no_whole_number_is_refused_and_changes_nothing)
{
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "1e3",
                                      "0x1",
                                      "--1",
                                      "1-",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999",
                                      "\xD9\xA1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t value = 99;
        ck_assert_msg(!str_to_int(str_of(bad[i]), &value), "\"%s\"", bad[i]);
        ck_assert_int_eq(value, 99);
    }
}

TEST(a_copy_lives_by_itself)
{
    Arena *arena = arena_open(1000);
    char text[] = "abc";
    Str copy = str_copy(arena, str_of(text));
    text[1] = 'x';
    EXPECT_STR(copy, "abc");
    ck_assert_int_eq(copy.at[3], 0);
    arena_close(arena);
}

#include "base/money.h"

#include "base/random.h"
#include "tests/harness.h"

TEST(amounts_are_read_exactly)
{
    static const struct {
        const char *text;
        int64_t minor;
    } good[] = {{"0", 0},
                {"0.0", 0},
                {"-0.00", 0},
                {"1320", 132000},
                {"1320.5", 132050},
                {"1320.05", 132005},
                {"-0.05", -5},
                {"00012.30", 1230},
                {"0.01", 1},
                {"999999999999999.99", INT64_C(99999999999999999)},
                {"-999999999999999.99", INT64_C(-99999999999999999)}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Money money = {7};
        ck_assert_msg(money_read(str_of(good[i].text), &money), "%s",
                      good[i].text);
        ck_assert_int_eq(money.minor, good[i].minor);
    }
}

TEST(what_is_no_amount_is_refused_and_changes_nothing)
{
    static const char *const bad[] = {
        "",     "-",    ".",     ".5",   "5.",       "1.234",
        "1,00", "+1",   "1e3",   "1 ",   " 1",       "1.2.3",
        "0x10", "--1",  "1.-2",  "-.5",  "\xD9\xA1", "1000000000000000",
        "nan",  "1.0a", "1'000", "SAR1", "1.00\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Money money = {7};
        ck_assert_msg(!money_read(str_of(bad[i]), &money), "\"%s\"", bad[i]);
        ck_assert_int_eq(money.minor, 7);
    }
}

static void expect_written(int64_t minor, const char *text)
{
    Buf buf = buf_make(64);
    money_write(&buf, (Money){minor});
    EXPECT_STR(buf_view(&buf), text);
    buf_free(&buf);
}

TEST(amounts_are_written_with_two_decimals)
{
    expect_written(0, "0.00");
    expect_written(5, "0.05");
    expect_written(-5, "-0.05");
    expect_written(132000, "1320.00");
    expect_written(-100, "-1.00");
    expect_written(INT64_MAX, "92233720368547758.07");
    expect_written(INT64_MIN, "-92233720368547758.08");
}

TEST(what_is_written_is_read_back)
{
    Random random = random_make(1);
    Buf buf = buf_make(64);
    for (int i = 0; i < 20000; i++) {
        int64_t minor = (int64_t)random_below(&random, 100000000000000000u) -
                        50000000000000000;
        Money back = {0};
        buf_reset(&buf);
        money_write(&buf, (Money){minor});
        ck_assert(money_read(buf_view(&buf), &back));
        ck_assert_int_eq(back.minor, minor);
    }
    buf_free(&buf);
}

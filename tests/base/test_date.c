#include "base/date.h"

#include "tests/harness.h"

static Day day(const char *text)
{
    Day at = 0;
    ck_assert_msg(day_read(str_of(text), &at), "%s is a day", text);
    return at;
}

TEST(days_agree_with_a_table_of_known_days)
{
    static const struct {
        const char *text;
        Day day;
    } known[] = {
        {"1970-01-01", 0},       {"1969-12-31", -1},     {"2000-02-29", 11016},
        {"2000-03-01", 11017},   {"2024-02-29", 19782},  {"2026-11-22", 20779},
        {"1900-03-01", -25508},  {"1900-02-28", -25509}, {"2100-03-01", 47541},
        {"1850-01-01", DAY_MIN}, {"2199-12-31", DAY_MAX}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ck_assert_msg(day(known[i].text) == known[i].day, "%s is %d",
                      known[i].text, (int)day(known[i].text));
    }
}

/* Counts every day of 350 years by itself and compares. */
TEST(every_day_from_1850_to_2199_makes_the_round)
{
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};
    Day expected = DAY_MIN;
    Buf buf = buf_make(16);
    for (int32_t year = 1850; year <= 2199; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int32_t month = 1; month <= 12; month++) {
            int32_t length = lengths[month - 1] + (month == 2 && leap);
            Month at = (year - 1970) * 12 + month - 1;
            ck_assert_int_eq(month_first_day(at), expected);
            for (int32_t of = 1; of <= length; of++, expected++) {
                Ymd date = day_ymd(expected);
                ck_assert(date.year == year && date.month == month &&
                          date.day == of);
                ck_assert_int_eq(day_of(date), expected);
                ck_assert_int_eq(month_of_day(expected), at);
                buf_reset(&buf);
                day_write(&buf, expected);
                Day back = 1;
                ck_assert(day_read(buf_view(&buf), &back));
                ck_assert_int_eq(back, expected);
            }
            ck_assert(!ymd_valid((Ymd){year, month, length + 1}));
            ck_assert(ymd_valid((Ymd){year, month, length}));
        }
    }
    ck_assert_int_eq(expected, DAY_MAX + 1);
    buf_free(&buf);
}

TEST(dates_that_do_not_exist_are_refused)
{
    static const char *const bad[] = {
        "2023-02-29", "1900-02-29",  "2100-02-29",  "2023-04-31", "2023-00-10",
        "2023-13-01", "2023-01-00",  "2023-01-32",  "1849-12-31", "2200-01-01",
        "0000-01-01", "9999-12-31",  "2023-1-01",   "2023-01-1",  "2023/01/01",
        "20230101",   "2023-01-01 ", " 2023-01-01", "",           "2023-01-0a",
        "-023-01-01", "+023-01-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Day at = 42;
        ck_assert_msg(!day_read(str_of(bad[i]), &at), "%s", bad[i]);
        ck_assert_int_eq(at, 42);
    }
}

TEST(every_month_from_1850_to_2199_makes_the_round)
{
    Buf buf = buf_make(16);
    for (Month month = (1850 - 1970) * 12; month < (2200 - 1970) * 12;
         month++) {
        Month back = 0;
        buf_reset(&buf);
        month_write(&buf, month);
        ck_assert(month_read(buf_view(&buf), &back));
        ck_assert_int_eq(back, month);
        ck_assert_int_eq(month_of_day(month_first_day(month)), month);
        ck_assert_int_eq(month_of_day(month_first_day(month) - 1), month - 1);
    }
    buf_free(&buf);
}

TEST(months_that_do_not_exist_are_refused)
{
    static const char *const bad[] = {"2023-00",  "2023-13", "1849-12",
                                      "2200-01",  "2023-1",  "2023/01",
                                      "2023-011", "",        "2023-0x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Month at = 42;
        ck_assert_msg(!month_read(str_of(bad[i]), &at), "%s", bad[i]);
        ck_assert_int_eq(at, 42);
    }
}

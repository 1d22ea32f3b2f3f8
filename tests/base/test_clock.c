#include "base/clock.h"

#include <stdlib.h>

#include "tests/harness.h"

static Instant at(const char *text)
{
    Instant instant = 0;
    ck_assert_msg(instant_read(str_of(text), &instant), "%s", text);
    return instant;
}

TEST(rfc_3339_times_are_read_in_every_zone)
{
    ck_assert_int_eq(at("1970-01-01T00:00:00Z"), 0);
    ck_assert_int_eq(at("1970-01-01T03:00:00+03:00"), 0);
    ck_assert_int_eq(at("1969-12-31T19:30:00-04:30"), 0);
    ck_assert_int_eq(at("2026-11-22T08:00:00Z"), INT64_C(1795334400) * 1000000);
    ck_assert_int_eq(at("1970-01-01T00:00:00.5Z"), 500000);
    ck_assert_int_eq(at("1970-01-01T00:00:00.000001Z"), 1);
    ck_assert_int_eq(at("1970-01-01T00:00:00.123456789+00:00"), 123456);
    ck_assert_int_eq(at("1969-12-31T23:59:59Z"), -1000000);
}

TEST(what_is_no_time_is_refused)
{
    static const char *const bad[] = {"",
                                      "2026-11-22",
                                      "2026-11-22T08:00:00",
                                      "2026-11-22 08:00:00Z",
                                      "2026-11-22T24:00:00Z",
                                      "2026-11-22T08:60:00Z",
                                      "2026-11-22T08:00:60Z",
                                      "2026-11-22T08:00:00.Z",
                                      "2026-11-22T08:00:00z",
                                      "2026-11-22T08:00:00+3:00",
                                      "2026-11-22T08:00:00+03",
                                      "2026-11-22T08:00:00+15:00",
                                      "2026-11-22T08:00:00+03:60",
                                      "2026-11-22T08:00:00Zx",
                                      "2026-02-30T08:00:00Z",
                                      "2026-11-22T08:00:00.12",
                                      "2026-11-22T8:00:00.0Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Instant instant = 42;
        ck_assert_msg(!instant_read(str_of(bad[i]), &instant), "%s", bad[i]);
    }
}

TEST(the_day_of_an_instant_depends_on_the_offset)
{
    Instant late = at("2026-11-22T22:30:00Z");
    ck_assert_int_eq(instant_day(late, 0), 20779);
    ck_assert_int_eq(instant_day(late, 180), 20780);
    ck_assert_int_eq(instant_day(late, -23 * 60), 20778);
    ck_assert_int_eq(instant_day(-1, 0), -1);
    ck_assert_int_eq(instant_day(0, 0), 0);
    ck_assert_int_eq(instant_day(0, -1), -1);
}

TEST(instants_are_written_to_the_second_before_and_after_1970)
{
    static const char *const texts[] = {
        "2026-11-22T08:00:00Z", "1969-12-31T23:59:59Z", "1850-01-01T00:00:01Z",
        "2199-12-31T23:59:59Z"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Buf buf = buf_make(64);
        instant_write(&buf, at(texts[i]) + 999999);
        EXPECT_STR(buf_view(&buf), texts[i]);
        buf_free(&buf);
    }
}

TEST(a_given_clock_stands_and_steps_by_a_microsecond)
{
    ck_assert_int_eq(setenv("SANAD_CLOCK", "2024-02-29T10:00:00Z", 1), 0);
    Instant first = clock_now();
    ck_assert_int_eq(first, at("2024-02-29T10:00:00Z"));
    ck_assert_int_eq(clock_now(), first + 1);
    ck_assert_int_eq(clock_now(), first + 2);
}

TEST(a_given_clock_may_be_a_day)
{
    ck_assert_int_eq(setenv("SANAD_CLOCK", "2024-02-29", 1), 0);
    ck_assert_int_eq(clock_now(), at("2024-02-29T00:00:00Z"));
}

TEST(a_clock_that_is_no_time_is_passed_over)
{
    ck_assert_int_eq(setenv("SANAD_CLOCK", "yesterday", 1), 0);
    ck_assert_int_gt(clock_now(), at("2024-01-01T00:00:00Z"));
    double began = clock_wall_s();
    ck_assert(clock_wall_s() >= began);
    ck_assert(clock_cpu_s() >= 0);
}

#include "text/calendar.h"

#include "tests/harness.h"

/* For everything that lasts as long as the test. */
static Arena *arena(void)
{
    static Arena *opened;
    if (opened == NULL) opened = arena_open(16 << 20);
    return opened;
}

static const Calendar *calendar(void)
{
    static const Calendar *loaded;
    if (loaded != NULL) return loaded;
    Diag diag = {0};
    Str tsv = harness_read(harness_path("../models/calendar/umm-al-qura.tsv"));
    Err err = calendar_load(arena(), tsv, &diag, &loaded);
    ck_assert_msg(err == OK, "%s line %d", diag.arg[0], diag.line);
    return loaded;
}

static Day day(const char *text)
{
    Day day;
    ck_assert(day_read(str_of(text), &day));
    return day;
}

static void expect_hijri(const char *gregorian, const char *expected)
{
    Hijri hijri;
    ck_assert(calendar_hijri(calendar(), day(gregorian), &hijri));
    Buf buf = buf_make(64);
    calendar_write(&buf, hijri);
    EXPECT_STR(buf_view(&buf), expected);
    buf_free(&buf);
}

TEST(known_days_have_their_published_hijri_dates)
{
    expect_hijri("2026-06-16", "1448-01-01");
    expect_hijri("2026-11-22", "1448-06-12");
    expect_hijri("1900-04-30", "1318-01-01");
    expect_hijri("1924-08-01", "1343-01-01");
    expect_hijri("2000-01-01", "1420-09-24");
    expect_hijri("2024-03-11", "1445-09-01"); /* Ramadan */
    expect_hijri("2077-11-16", "1500-12-30");
}

TEST(every_day_of_the_table_goes_there_and_back)
{
    Day first = day("1900-04-30"), last = day("2077-11-16");
    Hijri before = {0, 0, 0};
    for (Day d = first; d <= last; d++) {
        Hijri hijri;
        Day back;
        bool ok = calendar_hijri(calendar(), d, &hijri) &&
                  calendar_day(calendar(), hijri, &back) && back == d;
        bool follows = hijri.day == before.day + 1 || hijri.day == 1;
        if (!ok || (d > first && !follows)) ck_abort_msg("day %d", d);
        before = hijri;
    }
    Hijri none;
    ck_assert(!calendar_hijri(calendar(), first - 1, &none));
    ck_assert(!calendar_hijri(calendar(), last + 1, &none));
}

TEST(dates_that_the_calendar_does_not_have_are_refused)
{
    Day d;
    ck_assert(!calendar_day(calendar(), (Hijri){1448, 1, 30}, &d));
    ck_assert(!calendar_day(calendar(), (Hijri){1448, 13, 1}, &d));
    ck_assert(!calendar_day(calendar(), (Hijri){1448, 0, 1}, &d));
    ck_assert(!calendar_day(calendar(), (Hijri){1448, 1, 0}, &d));
    ck_assert(!calendar_day(calendar(), (Hijri){1317, 1, 1}, &d));
    ck_assert(!calendar_day(calendar(), (Hijri){1501, 1, 1}, &d));
    ck_assert_int_eq(calendar_month_days(calendar(), 1448, 1), 29);
    ck_assert_int_eq(calendar_month_days(calendar(), 1448, 2), 30);
    ck_assert_int_eq(calendar_month_days(calendar(), 1501, 2), 0);
}

TEST(sixty_hijri_years_are_counted_on_the_table)
{
    Day d;
    ck_assert(calendar_day(calendar(), (Hijri){1388, 6, 12}, &d));
    ck_assert(calendar_years_after(calendar(), d, 60, &d));
    ck_assert_int_eq(d, day("2026-11-22"));
    ck_assert(!calendar_years_after(calendar(), d, 60, &d));
    ck_assert(!calendar_years_after(calendar(), d, -1, &d));
}

TEST(the_thirtieth_of_a_short_month_falls_on_the_first_of_the_next)
{
    bool seen = false;
    for (int32_t month = 1; month <= 11; month++) {
        Day from, to, next;
        if (calendar_month_days(calendar(), 1440, month) != 30) continue;
        if (calendar_month_days(calendar(), 1441, month) != 29) continue;
        ck_assert(calendar_day(calendar(), (Hijri){1440, month, 30}, &from));
        ck_assert(calendar_years_after(calendar(), from, 1, &to));
        ck_assert(calendar_day(calendar(), (Hijri){1441, month + 1, 1}, &next));
        ck_assert_int_eq(to, next);
        seen = true;
    }
    ck_assert(seen);
}

TEST(hijri_dates_are_read_and_written)
{
    Hijri hijri;
    ck_assert(calendar_read(STR("1448-06-12"), &hijri));
    ck_assert_int_eq(hijri.year, 1448);
    ck_assert_int_eq(hijri.month, 6);
    ck_assert_int_eq(hijri.day, 12);
    static const char *const bad[] = {"1448-6-12",
                                      "1448/06/12",
                                      "1448-13-01",
                                      "1448-01-32",
                                      "1448-00-01",
                                      "-448-01-01",
                                      ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(!calendar_read(str_of(bad[i]), &hijri), "%s", bad[i]);
    }
}

TEST(a_day_begins_where_people_live)
{
    Instant at = 0;
    ck_assert(instant_read(STR("2026-11-22T20:59:59Z"), &at));
    ck_assert_int_eq(calendar_civil_day(at), day("2026-11-22"));
    ck_assert(instant_read(STR("2026-11-22T21:00:00Z"), &at));
    ck_assert_int_eq(calendar_civil_day(at), day("2026-11-23"));
}

TEST(weekdays_begin_with_sunday)
{
    ck_assert_int_eq(calendar_weekday(day("2026-11-22")), 0);
    ck_assert_int_eq(calendar_weekday(day("1970-01-01")), 4);
    ck_assert_int_eq(calendar_weekday(day("1969-12-31")), 3);
    ck_assert_int_eq(calendar_weekday(day("1900-04-30")), 1);
}

TEST(a_faulty_table_is_told_by_line)
{
    static const struct {
        const char *tsv, *what;
    } cases[] = {
        {"", "years"},
        {"1448\n", "columns"},
        {"x\t2026-06-16\t30", "year"},
        {"1448\t2026-06-31\t30", "date"},
        {"1448\t2026-06-16\t30 29", "months"},
        {"1448\t2026-06-16\t30 29 30 29 30 29 30 29 30 29 30 27", "months"},
        {"1448\t2026-06-16\t29 30 29 30 30 29 30 30 29 30 29 30\n"
         "1449\t2027-06-07\t29",
         "date"},
        {"1448\t2026-06-16\t29 30 29 30 30 29 30 30 29 30 29 30\n"
         "1450\t2027-06-06\t29",
         "year"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Diag diag = {0};
        const Calendar *none = NULL;
        Err err = calendar_load(arena(), str_of(cases[i].tsv), &diag, &none);
        ck_assert_int_eq(err, ERR_INVALID);
        ck_assert_str_eq(diag.arg[0], cases[i].what);
        ck_assert_ptr_null(none);
    }
}

/* ---- for people: with the catalogue that the binary carries ---- */

static TextStyle style(TextLang lang, bool arabic_digits)
{
    static Texts *texts;
    Diag diag = {0};
    if (texts == NULL) {
        Err err = text_open(arena(), &diag, &texts);
        ck_assert_msg(err == OK, "%s %s %d", diag.key, diag.file, diag.line);
    }
    return (TextStyle){texts, lang, arabic_digits, false};
}

#define EXPECT_WRITTEN(call, expected)                                         \
    do {                                                                       \
        Buf buf = buf_make(256);                                               \
        call;                                                                  \
        EXPECT_STR(buf_view(&buf), expected);                                  \
        buf_free(&buf);                                                        \
    } while (0)

TEST(a_long_date_has_both_calendars)
{
    TextStyle ar = style(TEXT_AR, false), en = style(TEXT_EN, false);
    Day d = day("2026-11-22");
    EXPECT_WRITTEN(calendar_write_long(&buf, &ar, d),
                   "الأحد 22 نوفمبر 2026م (12 جمادى الآخرة 1448هـ)");
    EXPECT_WRITTEN(calendar_write_long(&buf, &en, d),
                   "Sunday 22 November 2026 (12 Jumada al-Thani 1448 AH)");
    EXPECT_WRITTEN(calendar_write_long(&buf, &en, day("1890-01-01")),
                   "Wednesday 1 January 1890");
}

TEST(short_dates_months_and_digits_follow_the_style)
{
    TextStyle ar = style(TEXT_AR, true), en = style(TEXT_EN, false);
    Day d = day("2026-11-22");
    EXPECT_WRITTEN(calendar_write_short(&buf, &en, d), "22 November 2026");
    EXPECT_WRITTEN(calendar_write_short(&buf, &ar, d), "٢٢ نوفمبر ٢٠٢٦م");
    EXPECT_WRITTEN(calendar_write_month(&buf, &en, month_of_day(d)),
                   "November 2026");
    EXPECT_WRITTEN(calendar_write_hijri(&buf, &ar, d),
                   "١٢ جمادى الآخرة ١٤٤٨هـ");
}

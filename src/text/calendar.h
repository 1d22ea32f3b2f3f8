/*
 * calendar.h - the Umm al-Qura calendar by its published table, and dates for
 * people in both calendars.
 *
 * No date of law is computed by a formula: libraries disagree in most decades
 * before 1420 AH. The table is data, models/calendar/umm-al-qura.tsv, with its
 * source; outside it there is no Hijri date.
 */
#ifndef TEXT_CALENDAR_H
#define TEXT_CALENDAR_H

#include "base/clock.h"
#include "text/text.h"

/* The people's clock is so far ahead of UTC, all year. */
enum { CALENDAR_OFFSET_MINUTES = 180 };

typedef struct Hijri {
    int32_t year;
    int32_t month; /* 1..12, Muharram is 1 */
    int32_t day;   /* 1..30, in a few months of the table 31 */
} Hijri;

/*
 * Reads the table.
 *
 * errs   ERR_INVALID: calendar.table {what is wrong}, with line
 */
NODISCARD Err calendar_load(Arena *arena, Str tsv, Diag *diag,
                            const Calendar **ret);

/* The Hijri date of a day. False outside the table. */
bool calendar_hijri(const Calendar *calendar, Day day, Hijri *ret);

/* The day of a Hijri date. False outside the table or when no such date. */
bool calendar_day(const Calendar *calendar, Hijri hijri, Day *ret);

/* The days of a Hijri month; 0 outside the table. */
int32_t calendar_month_days(const Calendar *calendar, int32_t year,
                            int32_t month);

/*
 * The day on which so many Hijri years after `from` are complete; a date that
 * the later year does not have (30 of a short month) falls on the first of
 * the month after. False outside the table.
 */
bool calendar_years_after(const Calendar *calendar, Day from, int32_t years,
                          Day *ret);

/* Reads a Hijri date, YYYY-MM-DD. False when the form is another. */
bool calendar_read(Str text, Hijri *ret);

/* Writes a Hijri date, YYYY-MM-DD. */
void calendar_write(Buf *buf, Hijri hijri);

/* The day on which an instant falls where the people live. */
Day calendar_civil_day(Instant at);

/* Sunday is 0. */
int32_t calendar_weekday(Day day);

/*
 * Append a date for people. Long has the day of the week and the Hijri date
 * in brackets, both the Hijri date alone, short neither: "22 November 2026";
 * month is "November 2026"; hijri is "12 Jumada al-Thani 1448 AH", or nothing
 * outside the table.
 */
void calendar_write_long(Buf *buf, const TextStyle *style, Day day);
void calendar_write_both(Buf *buf, const TextStyle *style, Day day);
void calendar_write_short(Buf *buf, const TextStyle *style, Day day);
void calendar_write_month(Buf *buf, const TextStyle *style, Month month);
void calendar_write_hijri(Buf *buf, const TextStyle *style, Day day);

#endif

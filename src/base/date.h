/*
 * date.h - days and months of the proleptic Gregorian calendar.
 *
 * A Day counts days since 1970-01-01; a Month counts months since 1970-01.
 * The facts of people lie between DAY_MIN and DAY_MAX; models may use
 * farther dates, which the `feel` module keeps by itself.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/buf.h"

typedef int32_t Day;
typedef int32_t Month;

/* 1850-01-01 and 2199-12-31: no living person and no plan lies outside. */
enum { DAY_MIN = -43829, DAY_MAX = 84005, DAY_OPEN = INT32_MAX };

typedef struct Ymd {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
} Ymd;

/* The day of a date that exists; any year within int32 / 400. */
Day day_of(Ymd date);
Ymd day_ymd(Day day);

/* Whether the calendar has this date. */
bool ymd_valid(Ymd date);

/* Reads YYYY-MM-DD. False when it is no date or outside DAY_MIN..DAY_MAX. */
bool day_read(Str text, Day *ret);

/* Writes YYYY-MM-DD. */
void day_write(Buf *buf, Day day);

/* Reads YYYY-MM. False when it is no month of the years 1850..2199. */
bool month_read(Str text, Month *ret);

/* Writes YYYY-MM. */
void month_write(Buf *buf, Month month);

/* The first day of a month; the month in which a day lies. */
Day month_first_day(Month month);
Month month_of_day(Day day);

#endif

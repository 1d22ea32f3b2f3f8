/*
 * temporal.h - FEEL's dates, times and durations.
 *
 * Days are counted in 64 bits, so the years reach from -999,999,999 to
 * 999,999,999. A time or date and time is local, or has an offset, or a zone
 * of the IANA database. Functions that make a value return null where FEEL
 * has none: no such day, another kind of text, an exhausted arena.
 */
#ifndef FEEL_TEMPORAL_H
#define FEEL_TEMPORAL_H

#include "feel/value.h"

enum { FEEL_YEAR_MAX = 999999999 };

__extension__ typedef __int128 FeelNanos;

typedef struct FeelYmd {
    int64_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
} FeelYmd;

/* The calendar date of a day since 1970-01-01, and back. */
FeelYmd feel_day_ymd(int64_t day);
int64_t feel_ymd_day(FeelYmd date);

/* Whether that day exists within the years that FEEL has. */
bool feel_ymd_valid(FeelYmd date);

/* A date from its parts, null if it does not exist. */
FeelValue feel_date_make(int64_t year, int64_t month, int64_t day);

/* A duration of so many nanoseconds; null beyond 64 bits of seconds. */
FeelValue feel_days_duration(FeelNanos nanos);
FeelNanos feel_duration_nanos(FeelValue days_duration);

/*
 * A time (day 0, `kind` FEEL_TIME) or a date and time from its parts. For a
 * named zone the offset is looked up.
 */
FeelValue feel_moment_make(Arena *arena, FeelKind kind, FeelMoment moment);

/* Read the texts of the literals; zone names are borrowed from `text`. */
FeelValue feel_date_read(Str text);
FeelValue feel_time_read(Arena *arena, Str text);
FeelValue feel_date_time_read(Arena *arena, Str text);
FeelValue feel_duration_read(Str text);

/* Any of them, by its form: the "@" literal. */
FeelValue feel_temporal_read(Arena *arena, Str text);

/* Writes a value of one of the five kinds. */
void feel_temporal_write(Buf *buf, FeelValue value);

/*
 * Compares two values of one of these kinds (a date also with a date and
 * time). False when they cannot be compared, as a local with a zoned one.
 */
bool feel_temporal_compare(FeelValue a, FeelValue b, int *ret);

/* The sums, differences and products that FEEL defines; else null. */
FeelValue feel_temporal_add(Arena *arena, FeelValue a, FeelValue b);
FeelValue feel_temporal_subtract(Arena *arena, FeelValue a, FeelValue b);
FeelValue feel_temporal_multiply(Arena *arena, FeelValue a, FeelValue b);
FeelValue feel_temporal_divide(Arena *arena, FeelValue a, FeelValue b);

/* The property of that name: year, hour, offset, weekday...; else null. */
FeelValue feel_temporal_property(FeelValue value, Str name);

/* Whole months between two dates or dates and times: truncated to zero. */
FeelValue feel_months_between(FeelValue from, FeelValue to);

/*
 * The offset east of UTC of a zone at an instant in seconds since 1970, or at
 * a local time if `local`. False when the system has no such zone.
 */
bool feel_zone_offset(Str zone, int64_t at_s, bool local, int32_t *ret);

/* Whether the system has a zone of that name. */
bool feel_zone_known(Str zone);

#endif

/*
 * day_int.h - the parts of a day within 13,000 years, in 32 bits and without
 * branches, so that a compiler can do many at once.
 */
#ifndef COLUMN_DAY_INT_H
#define COLUMN_DAY_INT_H

#include <stdint.h>

typedef struct DayParts {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
} DayParts;

/* Days are counted from a 1 March, in cycles of 400 years, 40 before 0. */
static inline DayParts day_parts(int32_t day)
{
    const uint32_t cycle = 146097, shift = 719468 + 40 * 146097;
    uint32_t z = (uint32_t)day + shift;
    uint32_t era = z / cycle;
    uint32_t of_era = z - era * cycle;
    uint32_t years =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * years + years / 4 - years / 100);
    uint32_t from_march = (5 * of_year + 2) / 153;
    int32_t month = (int32_t)from_march + (from_march < 10 ? 3 : -9);
    return (DayParts){
        .year = (int32_t)(years + era * 400) - 16000 + (month <= 2),
        .month = month,
        .day = (int32_t)(of_year - (153 * from_march + 2) / 5 + 1)};
}

/* The day so many months on, or the last day of that month. */
static inline int32_t day_later(int32_t day, int32_t months)
{
    const uint32_t shift = 719468 + 40 * 146097;
    DayParts from = day_parts(day);
    int32_t place = from.year * 12 + from.month - 3 + months + 16000 * 12;
    uint32_t march = (uint32_t)place; /* months since a 1 March */
    uint32_t year = march / 12, of_year = march % 12;
    uint32_t first = 365 * year + year / 4 - year / 100 + year / 400 +
                     (153 * of_year + 2) / 5;
    uint32_t next = year + (of_year + 1) / 12, of_next = (of_year + 1) % 12;
    uint32_t end = 365 * next + next / 4 - next / 100 + next / 400 +
                   (153 * of_next + 2) / 5;
    uint32_t last = end - first;
    uint32_t place_in = (uint32_t)from.day < last ? (uint32_t)from.day : last;
    return (int32_t)(first + place_in - 1 - shift);
}

/* Whole months from one day to another, truncated towards zero. */
static inline int32_t day_months(int32_t from, int32_t to)
{
    DayParts a = day_parts(from), b = day_parts(to);
    int32_t months = (b.year - a.year) * 12 + b.month - a.month;
    int32_t less = (months > 0) & (b.day < a.day);
    int32_t more = (months < 0) & (b.day > a.day);
    return months - less + more;
}

#endif

/*
 * plain.h - the rules of reference.dmn as plain C, to be beaten: what a good
 * programmer writes for them alone, one household after the other, over
 * columns of their own.
 */
#ifndef BENCH_PLAIN_H
#define BENCH_PLAIN_H

#include <stdint.h>

/* A population in columns; amounts in halalas a month. */
typedef struct PlainPopulation {
    int64_t households, persons;
    int32_t *first; /* person of each household, and the end */
    uint8_t *in_shelter;
    int64_t *person_id;
    int32_t *birth; /* days since 1970-01-01 */
    uint8_t *role, *nationality, *resident, *enrolled;
    int16_t *days_abroad;
    int64_t *salary, *pension, *rent, *business;
} PlainPopulation;

typedef struct PlainSums {
    int64_t refused[6]; /* by reason; 0: eligible */
    int64_t pension, school_bag, electricity, food, total, cards;
} PlainSums;

/* The days by which somebody is six, nineteen and sixty years old. */
typedef struct PlainMonth {
    int32_t month; /* 0..11 */
    int32_t six, nineteen, sixty;
    int64_t base, per_dependant;
} PlainMonth;

/* Adds the households from..to to the sums. */
void plain_decide(const PlainPopulation *p, const PlainMonth *m, int64_t from,
                  int64_t to, PlainSums *sums);

#endif

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

static const int64_t food_by_size[] = {0,     15000, 22500, 30000, 36000,
                                       42000, 48000, 53000, 58000};

/* What the members of a household have together. */
typedef struct Members {
    int64_t income, pupils, cards;
    int64_t head;
} Members;

static inline Members add_up(const PlainPopulation *p, const PlainMonth *m,
                             int64_t from, int64_t to)
{
    Members all = {.head = from};
    for (int64_t i = from; i < to; i++) {
        int64_t salary = p->salary[i];
        if (salary > 0 && p->person_id[i] % 12 == m->month) salary += 20000;
        int64_t counted = salary > 75000 ? salary - 75000 : 0;
        all.income += counted + p->pension[i] + p->rent[i] + p->business[i];
        if (p->role[i] == 0) all.head = i;
        all.pupils += p->enrolled[i] && p->birth[i] <= m->six &&
                      p->birth[i] > m->nineteen;
        all.cards += p->birth[i] <= m->sixty && p->nationality[i] != 2;
    }
    return all;
}

/* Adds the households from..to to the sums. */
static inline void plain_decide(const PlainPopulation *p, const PlainMonth *m,
                                int64_t from, int64_t to, PlainSums *sums)
{
    for (int64_t h = from; h < to; h++) {
        int64_t first = p->first[h], end = p->first[h + 1], size = end - first;
        Members all = add_up(p, m, first, end);
        int64_t threshold = m->base + m->per_dependant * (size - 1);
        int reason = p->nationality[all.head] == 2   ? 1
                     : !p->resident[all.head]        ? 2
                     : p->days_abroad[all.head] > 90 ? 3
                     : p->in_shelter[h]              ? 4
                     : all.income >= threshold       ? 5
                                                     : 0;
        sums->refused[reason]++;
        sums->cards += all.cards;
        if (reason != 0) continue;
        int64_t pension = threshold - all.income;
        int64_t bag = 10000 * all.pupils;
        int64_t electricity = size <= 2   ? 4000
                              : size <= 5 ? 7000
                              : size <= 9 ? 10000
                                          : 13000;
        int64_t food = food_by_size[size < 8 ? size : 8];
        sums->pension += pension;
        sums->school_bag += bag;
        sums->electricity += electricity;
        sums->food += food;
        sums->total += pension + bag + electricity + food;
    }
}

#endif

/*
 * rates.h - how likely a person dies, or a woman has a child, in a month: the
 * dated tables of models/population-rates.tsv; and by how much a population is
 * published to have grown.
 */
#ifndef SIMULATION_RATES_H
#define SIMULATION_RATES_H

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/err.h"

enum { RATES_MAX = 4096, RATE_AGE_MAX = 150, RATE_OF = 100000 };

typedef enum RateEvent { RATE_DEATH, RATE_BIRTH, RATE_EVENTS } RateEvent;
typedef enum RateSex { RATE_MALE, RATE_FEMALE, RATE_SEXES } RateSex;

typedef struct Rate {
    Month from;
    RateEvent event;
    RateSex sex;
    int32_t age_from, age_to;
    int64_t rate; /* a year, among RATE_OF persons */
} Rate;

typedef struct Rates {
    Rate *at;
    int32_t count;
    int32_t assumed; /* how many rows are an assumption */
    Rate growth;     /* the latest that is told; its rate is 0: none */
    Str growth_source;
    bool growth_assumed; /* it is no published figure */
} Rates;

/* The rates of a month by age. */
typedef struct RateTable {
    int64_t rate[RATE_EVENTS][RATE_SEXES][RATE_AGE_MAX + 1];
} RateTable;

/*
 * Reads a table.
 *
 * in     file: for messages
 * out    ret lives in `arena`
 * errs   ERR_INVALID: diag rates.line {what}, with file and line; rates.none:
 *        it has no rows
 *        ERR_FULL: the arena is at its limit, or too many rows
 */
NODISCARD Err rates_read(Arena *arena, Str tsv, const char *file, Diag *diag,
                         Rates *ret);

/* The rates that hold in a month: of each age the latest row not after it, 0
 * where there is none. */
void rates_of_month(const Rates *rates, Month month, RateTable *ret);

#endif

/*
 * fate.h - who dies and is born in the months after a snapshot.
 */
#ifndef SIMULATION_FATE_H
#define SIMULATION_FATE_H

#include "simulation/decide.h"
#include "simulation/rates.h"

typedef struct Fates {
    const FactReader *reader;
    Month first, now; /* what happens from the one up to the other */
    int32_t threads;
    uint64_t *odds;  /* by month, event, sex and age: of 2^64 */
    uint64_t *most;  /* the greatest of a month and event */
    uint8_t *rows;   /* by row: something may have happened */
    const Kind *sex; /* or NULL */
    int64_t male, female, head, spouse, child;
    /* by row: births and deaths in the month before now */
    uint8_t *born, *died;
} Fates;

/*
 * Nothing has happened yet: now is the first month.
 *
 * errs   ERR_INVALID: the catalogue has no birth dates or no code of a child
 *        (forecast.facts)
 *        ERR_FULL: the arena is at its limit
 */
NODISCARD Err fates_open(Arena *arena, const FactReader *reader,
                         const Rates *rates, Month first, int32_t months,
                         Diag *diag, Fates *ret);

/*
 * One month more, by so many threads as it says.
 *
 * errs   ERR_FULL: a thread could not be started
 */
NODISCARD Err fates_next(Fates *fates, Diag *diag);

/*
 * A household as it is now: for DecideAlter. Notes who was born and died.
 *
 * errs   ERR_FULL: the arena is at its limit
 */
NODISCARD Err fates_record(void *fates, Arena *arena, int64_t row, Month month,
                           InputRecord *record);

#endif

/*
 * uncertainty.h - what a reform costs when assumptions of the law are others,
 * and which others there are: the table models/readings.tsv.
 */
#ifndef SIMULATION_UNCERTAINTY_H
#define SIMULATION_UNCERTAINTY_H

#include "simulation/assumptions.h"

enum {
    UNCERTAIN_MAX = 5,
    UNCERTAIN_CORNERS = 1 << UNCERTAIN_MAX,
    READINGS_MAX = 64
};

/* What a reform costs a month where an assumption has some value: rounded by
 * simulate_round(), as two ends may differ in few. */
typedef struct UncertainEnd {
    int64_t cost_before, cost_after;
    bool hidden; /* compared with the law in force it would tell of few */
} UncertainEnd;

/* An assumption that may be another. */
typedef struct Uncertain {
    Str name;     /* of the decision */
    Str value[2]; /* two expressions, both ends; empty: as the law has it */
    UncertainEnd end[2];
} Uncertain;

/* Each alone at both of its ends, and the least and most of all ends
 * combined. Between ends nothing was tried. */
typedef struct Uncertainty {
    Uncertain of[UNCERTAIN_MAX];
    int32_t count;
    UncertainEnd least, most;
    int64_t least_change, most_change; /* of cost_after - cost_before */
    Str left_out[READINGS_MAX]; /* decisions whose reading fits no more */
    int32_t left_out_count;
} Uncertainty;

/* Another reading of a decision. */
typedef struct Reading {
    Str name, value, source;
} Reading;

typedef struct Readings {
    Reading of[READINGS_MAX];
    int32_t count;
} Readings;

/*
 * Finds the least and the most of all combinations of ends, after each end
 * alone is known. Combinations with an end that alone would tell of few are
 * left out; they are hidden when none is left, or nothing was tried.
 *
 * in     corner: 2^count; of number c assumption i has the end c >> i & 1;
 *        not looked at when nothing was tried
 */
void uncertainty_range(Uncertainty *all, const UncertainEnd *corner);

/* The same where end 0 is what the law has, so that each end alone is one of
 * the combinations, too. */
void uncertainty_join(Uncertainty *all, const UncertainEnd *corner);

/*
 * Reads a table of readings.
 *
 * out    ret: its texts are those of `tsv`
 * errs   ERR_INVALID: a line has not three columns, or there are too many
 *        (readings.line), with file and line
 */
NODISCARD Err readings_read(Str tsv, const char *file, Diag *diag,
                            Readings *ret);

/* Makes the assumptions that have another reading the uncertain ones, the
 * first in the order of the table: as the law has it, and that other. */
void readings_take(const Readings *readings, const Assumptions *assumptions,
                   Uncertainty *ret);

/* Whether a law and a reform take a reading, as they would take a change. */
typedef Err ReadingTry(void *arg, const Uncertain *of, bool *fits);

/*
 * The same with those alone that fit. A law may have changed what a reading
 * was written for: that one is left out and told, and the next of the table
 * takes its place.
 *
 * out    readings: without those that do not fit
 * errs   those of `fits`
 */
NODISCARD Err readings_take_fitting(Readings *readings,
                                    const Assumptions *assumptions,
                                    ReadingTry *fits, void *arg,
                                    Uncertainty *ret);

#endif

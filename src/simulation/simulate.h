/*
 * simulate.h - what a reform would change, on everybody: cost and coverage,
 * and who gains and loses, by region, size of household and tenth of income.
 *
 * A group of one to nine households is not shown (`small`), nor the group
 * that would tell it by what is left of the whole. The same snapshot and
 * models give the same report.
 */
#ifndef SIMULATION_SIMULATE_H
#define SIMULATION_SIMULATE_H

#include "simulation/decide.h"

enum {
    SIMULATE_SMALL = 10, /* the fewest households that are shown */
    SIMULATE_GROUPS_MAX = 65,
    SIMULATE_SIZES = 10, /* the last is of so many persons and more */
    SIMULATE_TENTHS = 10,
    SIMULATE_DIMENSIONS = 3
};

/* What is counted of a group of households. Amounts are halalas a month. */
typedef struct SimulateCell {
    int64_t households;
    int64_t eligible_before, eligible_after;
    int64_t newly_in, newly_out;
    int64_t winners, losers;
    int64_t cost_before, cost_after;
    int64_t gain, loss; /* of winners, of losers */
    bool hidden;
} SimulateCell;

/* The groups by one property. */
typedef struct SimulateDimension {
    const char *name; /* "region", "size", "income_tenth" */
    Str label[SIMULATE_GROUPS_MAX];
    SimulateCell cell[SIMULATE_GROUPS_MAX];
    int32_t count;
} SimulateDimension;

/* One side: a model and what it is measured by. */
typedef struct SimulateSide {
    const Programme *programme;
    const Measures *measures;
} SimulateSide;

typedef struct SimulateJob {
    const FactReader *reader;
    SimulateSide before; /* the law in force */
    Month month;
    int32_t threads;
} SimulateJob;

/* The population with what the law in force gives it: for one reform after
 * the other. Used by one thread at a time. */
typedef struct Simulation Simulation;

typedef struct SimulateReport {
    int64_t persons;
    SimulateCell all;
    SimulateDimension dimension[SIMULATE_DIMENSIONS];
    int64_t gini_before, gini_after; /* of income per head, in millionths */
} SimulateReport;

/*
 * Runs the law in force. Coverage is the first thing that a model's measures
 * count; its amount is the sum "total", else "amount", else the first sum of
 * money.
 *
 * in     job: what it points to outlives the simulation
 * out    ret lives in `arena`
 * errs   as decide_population(); ERR_INVALID also when the model has no such
 *        measures (simulate.measures)
 */
NODISCARD Err simulate_open(const SimulateJob *job, Arena *arena, Diag *diag,
                            Simulation **ret);

/*
 * Runs a reform and compares.
 *
 * out    ret: its labels live as long as the simulation
 * errs   as simulate_open()
 */
NODISCARD Err simulate_reform(Simulation *simulation, const SimulateSide *after,
                              Diag *diag, SimulateReport *ret);

#endif

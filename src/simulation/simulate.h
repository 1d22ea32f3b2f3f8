/*
 * simulate.h - what a reform would change, on everybody: cost and coverage,
 * poverty, and who gains and loses, by region, size of household, tenth of
 * income, age of the head, and whether somebody has a disability.
 *
 * A group of one to nine households is not shown (`hidden`), nor the groups
 * that would tell it by what is left of the whole. The whole is hidden when a
 * reform touches so few, and rounded when it touches many but so few of them
 * come in, drop out, gain or lose, or two counts differ by so few. The same
 * snapshot and models give the same report.
 */
#ifndef SIMULATION_SIMULATE_H
#define SIMULATION_SIMULATE_H

#include "simulation/decide.h"

enum {
    SIMULATE_SMALL = 10, /* the fewest households that are shown */
    SIMULATE_GROUPS_MAX = 65,
    SIMULATE_SIZES = 10, /* the last is of so many persons and more */
    SIMULATE_TENTHS = 10,
    SIMULATE_DIMENSIONS = 5,
    SIMULATE_COUNTS = 10,        /* rounded counts are multiples of this, */
    SIMULATE_SUMS = 10000 * 100, /* and sums, in halalas, of this */
    SIMULATE_ALL = 1000000       /* of a share: everybody */
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
    /* "region", "size", "income_tenth", "age" of the head, "disability" */
    const char *name;
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
    /* The poverty line, halalas a month per head; 0: half the median income
     * per head of households under the law in force, an assumption of ours. */
    int64_t line;
    /* How many of those who are entitled take it, in millionths; 0: all. */
    int64_t take_up;
    Lookout *lookout; /* of what is run by it, reforms too; or NULL */
} SimulateJob;

/* The population with what the law in force gives it: for one reform after
 * the other. Used by one thread at a time. */
typedef struct Simulation Simulation;

/* Who is poor: whose income per head, amounts included, is below the line. */
typedef struct SimulatePoor {
    int64_t households, persons;
    int64_t gap;   /* what all of them are short of the line, a month */
    int64_t index; /* the gap by the line of all persons, in millionths */
} SimulatePoor;

typedef struct SimulatePoverty {
    int64_t line;                        /* halalas a month per head */
    bool assumed;                        /* nobody stated it */
    bool hidden;                         /* some count would tell of few */
    SimulatePoor without, before, after; /* without what is simulated */
    int64_t lifted, fallen; /* households over the line, and below it */
} SimulatePoverty;

typedef struct SimulateReport {
    int64_t persons;
    SimulateCell all;
    SimulateDimension dimension[SIMULATE_DIMENSIONS];
    int64_t gini_before, gini_after; /* of income per head, in millionths */
    SimulatePoverty poverty;
    int64_t take_up; /* in millionths; amounts above are of all entitled */
    bool rounded;    /* by simulate_round(), here or by who asked */
} SimulateReport;

/*
 * Runs the law in force. Coverage is the first thing that a model's measures
 * count; its amount is the sum "total", else "amount", else the first sum of
 * money.
 *
 * in     job: what it points to outlives the simulation
 * out    ret lives in `arena`
 * errs   as decide_population(); ERR_INVALID also when the model has no such
 *        measures (simulate.measures); ERR_STOPPED
 */
NODISCARD Err simulate_open(const SimulateJob *job, Arena *arena, Diag *diag,
                            Simulation **ret);

/*
 * An amount as it is to be expected when each household that is entitled
 * takes it with the same likelihood: exactly scaled, rounded half up.
 *
 * in     amount: with everybody; without: with nobody
 */
int64_t simulate_expected(int64_t take_up, int64_t amount, int64_t without);

/*
 * Runs a reform and compares.
 *
 * out    ret: its labels live as long as the simulation
 * errs   as simulate_open()
 */
NODISCARD Err simulate_reform(Simulation *simulation, const SimulateSide *after,
                              Diag *diag, SimulateReport *ret);

/* To the next multiple, halves away from nought. */
int64_t simulate_rounded(int64_t value, int64_t to);

/*
 * Rounds all that is counted and summed, for who may ask one question after
 * the other: what two reports differ by then tells nothing of the few
 * households on which they differ.
 */
void simulate_round(SimulateReport *report);

#endif

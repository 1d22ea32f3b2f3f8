/*
 * simulate_int.h - what the parts of a simulation share.
 */
#ifndef SIMULATION_SIMULATE_INT_H
#define SIMULATION_SIMULATE_INT_H

#include "simulation/simulate.h"
#include "simulation/still.h"

enum { UNKNOWN_GROUP = UINT8_MAX, SIMULATE_AGES = 6 };

/* What is known of a household and of both sides' answers. Groups are places
 * among those of their dimension, or UNKNOWN_GROUP. */
typedef struct Household {
    int64_t amount[2];
    int64_t income; /* a month, of all members together */
    uint16_t size;  /* 0: nobody lives there */
    uint8_t region, tenth, age, disability;
    bool eligible[2];
} Household;

struct Simulation {
    SimulateJob job;
    FactReader still; /* of the month, where somebody has a history */
    Arena *arena;
    Household *households; /* by row */
    int64_t rows;
    const SnapshotColumn *region, *member, *birth, *disability; /* or NULL */
    const SnapshotColumn *incomes[SNAPSHOT_COLUMNS_MAX];
    int32_t income_count;
    int64_t head, able;     /* the codes of a head, and of no disability */
    int64_t *sorted, *room; /* incomes per head */
    int64_t gini, gini_after;
    int64_t line;
    SimulateReport *partial; /* of each part of the households */
    int32_t parts;
    SimulateDimension empty[SIMULATE_DIMENSIONS];
    Day births[SIMULATE_AGES]; /* the last of who is in a later age group */
};

/* What coverage and cost are of a model's measures, or NULL. */
const Measure *simulate_coverage(const Measures *measures);
const Measure *simulate_amount(const Measures *measures);

/* Completed years on the first day of a month. */
int32_t simulate_age(Day birth, Month month);

/* Finds the columns that groups are made by, and names the groups. */
void simulate_columns(Simulation *simulation);
void simulate_groups(Simulation *simulation);

/* The part `number` of all households: who lives there, and on what. A piece
 * of work for team_run(). */
NODISCARD Err simulate_look(void *simulation, int32_t number, Diag *diag);

/* Gives each household its tenth of income per head, and finds the line of
 * poverty where none is stated. After the law in force was run.
 *
 * errs   ERR_FULL: no memory (snapshot.memory)
 */
NODISCARD Err simulate_tenths(Simulation *simulation, Diag *diag);

/* How unequal incomes per head are with the amounts of a side, from 0 to a
 * million. */
int64_t simulate_gini(const Simulation *simulation, int side);

/* The counts of all households, and how unequal incomes are on both sides;
 * nothing is hidden yet. */
NODISCARD Err simulate_count(Simulation *simulation, Diag *diag,
                             SimulateReport *ret);

/* Marks what would tell of few. A whole that tells of many but for a count of
 * few, or a difference of two, is rounded: so are then all figures. */
void simulate_hide(SimulateReport *report);

#endif

/*
 * lab.h - a population that is kept open, so that one question after another
 * of what a reform would change is answered at once.
 *
 * One thread answers, with a team of its own; others wait in a queue that has
 * a limit. What the law in force gives everybody is worked out once a month
 * asked, and whole answers are kept, too. Answers are rounded
 * (simulate_round()): who asks often must not learn of few by differences.
 */
#ifndef SIMULATION_LAB_H
#define SIMULATION_LAB_H

#include "simulation/simulate.h"

enum {
    LAB_QUEUE_MAX = 16,
    LAB_KEPT_MAX = 64, /* answers */
    LAB_MONTHS_MAX = 2 /* for which the population is kept */
};

typedef struct Lab Lab;

typedef struct LabConfig {
    const Pack *pack; /* outlives the lab */
    const Programme *programme;
    const char *model;    /* the file of its model in the pack */
    const char *snapshot; /* path */
    int32_t threads;      /* 0: as many as there are processors */
    Month month;          /* likely to be asked first; 0: not known */
} LabConfig;

/* What somebody wants to know. */
typedef struct LabAsk {
    Month month;
    const Str *sets; /* as reform_set() wants them; outlive the answer */
    int32_t set_count;
    Arena *arena; /* of the answer */
    SimulateReport *report;
    Diag *diag;
    int64_t micros; /* it took; 0: the answer was kept */
} LabAsk;

/*
 * Opens a population and verifies it.
 *
 * errs   as snapshot_open(), facts_reader(), snapshot_verify(),
 *        measures_read(); ERR_FULL: no memory, or no thread
 * owns   the caller, lab_close() after the last answer
 */
NODISCARD Err lab_open(const LabConfig *config, Diag *diag, Lab **ret);
void lab_close(Lab *lab);

/* Takes no more questions; who waits is told that it is busy, and what is
 * being worked out comes to its end. NULL is allowed. */
void lab_stop(Lab *lab);

/* Households of the population, and the first month that it knows. */
int64_t lab_households(const Lab *lab);
Month lab_first_month(const Lab *lab);

/* Answers what was asked before. False: something is to be worked out, and
 * nothing was answered. */
bool lab_kept(Lab *lab, LabAsk *asks, int32_t count);

/*
 * Has questions answered, together; then `done` is called, from a thread of
 * the lab's, with the first error.
 *
 * in     asks: untouched until then
 * errs   ERR_BUSY: too many wait already (lab.busy); `done` is not called
 */
NODISCARD Err lab_ask(Lab *lab, LabAsk *asks, int32_t count,
                      void (*done)(void *arg, Err err), void *arg);

#endif

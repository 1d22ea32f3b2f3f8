/*
 * check.h - what is wrong with a model before anybody is decided by it.
 *
 * Beside the faults that a strict load refuses (unknown names, wrong syntax)
 * it finds types that cannot agree, rows that overlap or that nothing can
 * reach, cases that no row covers, inputs that nobody uses, rows that cite
 * nothing. Rows and gaps are decided, not guessed, for numbers, dates, times,
 * durations, truth values and texts; where a cell depends on more than its
 * text that is said, and only what is certain is reported.
 */
#ifndef DMN_CHECK_H
#define DMN_CHECK_H

#include "dmn/dmn.h"

typedef enum DmnSeverity {
    DMN_ERROR,   /* some case is decided wrongly, or not at all */
    DMN_WARNING, /* probably not what was meant */
    DMN_NOTE     /* worth knowing */
} DmnSeverity;

typedef enum DmnOwner { /* what a finding is in */
                        DMN_IN_DECISION,
                        DMN_IN_KNOWLEDGE,
                        DMN_IN_SERVICE,
                        DMN_IN_INPUT,
                        DMN_IN_TYPE
} DmnOwner;

/*
 * One thing that was found. The text of `diag` is that of its key; how to
 * mend it is the text of the same key with ".fix" behind it, where there is
 * one, with the same arguments.
 */
typedef struct DmnFinding {
    DmnSeverity severity;
    Diag diag;      /* with file, line and column */
    Str decision;   /* or knowledge model, service, type; empty: the model */
    DmnOwner owner; /* which of these it is */
    int32_t row;    /* of a decision table, from 1; 0: none */
    int32_t other_row;
} DmnFinding;

typedef struct DmnCheck {
    const DmnFinding *findings; /* by file and line */
    size_t count;
    int32_t decisions; /* what was looked at */
    int32_t tables;
    int32_t rows;
    int32_t undecided; /* tables with cells that depend on more than text */
} DmnCheck;

/*
 * Checks sources[0] with what it imports. Findings in imported files are
 * theirs and not repeated.
 *
 * out    ret: in the arena
 * errs   ERR_INVALID: it cannot be read as a model at all; diag says why
 *        ERR_NOT_FOUND, ERR_FULL as dmn_load()
 */
NODISCARD Err dmn_check(Arena *arena, const DmnSource *sources, size_t count,
                        Diag *diag, DmnCheck *ret);

/*
 * The same, and the model that was read for it.
 *
 * out    ret_model: as dmn_load() gives it; NULL when it has a fault for which
 *        a strict load refuses it
 * errs   as dmn_check()
 */
NODISCARD Err dmn_check_load(Arena *arena, const DmnSource *sources,
                             size_t count, Diag *diag, DmnCheck *ret,
                             DmnModel **ret_model);

#endif

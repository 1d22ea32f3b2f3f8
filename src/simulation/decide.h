/*
 * decide.h - a model on the whole population of a snapshot, by columns.
 *
 * The model is lowered to columns (dmn/column.h) for a month, with what the
 * snapshot knows of each column's range; households whose facts changed
 * lately are projected from their histories; what columns cannot answer goes
 * to the evaluator for one. No database is needed and nothing is kept.
 */
#ifndef SIMULATION_DECIDE_H
#define SIMULATION_DECIDE_H

#include "decision/decide.h"
#include "simulation/facts.h"
#include "simulation/lookout.h"
#include "simulation/measure.h"

/*
 * Who wants each household's answers and not only their sums. Rows are those
 * of the snapshot; several threads call at once, each for rows of its own.
 */
typedef struct DecideSink {
    /* Outputs of a run, in the order of measures->wanted, for the rows from
     * `first` on, or those of `row_of` when that is given. */
    void (*run)(void *arg, const ColumnMachine *machine, int32_t rows,
                const uint8_t *left_out, int64_t first, const int64_t *row_of);
    void (*one)(void *arg, int64_t row, const FeelValue *answers);
    void *arg;
} DecideSink;

/*
 * Households that are another than the snapshot says, as in a year to come.
 * record() changes the record of such a row for a month, and may leave it
 * without members; several threads call at once, each for rows of its own.
 */
typedef struct DecideAlter {
    const uint8_t *rows; /* by row: 1 where record() is asked */
    Err (*record)(void *arg, Arena *arena, int64_t row, Month month,
                  InputRecord *record);
    void *arg;
} DecideAlter;

typedef struct DecideJob {
    const FactReader *reader;
    const Programme *programme; /* model, month_input and household_input */
    const Measures *measures;
    Month month;
    int32_t passes; /* pass k is of the month k after `month` */
    int32_t threads;
    bool scalar;              /* all by the evaluator for one, to compare */
    const DecideSink *sink;   /* of one pass; or NULL */
    const DecideAlter *alter; /* or NULL */
    /* Told after each pass; false stops it. May be NULL. */
    bool (*progress)(void *arg, int64_t done, int64_t all);
    void *arg;
    Lookout *lookout; /* or NULL */
} DecideJob;

/* What came of a month. */
typedef struct DecideMonth {
    int64_t households; /* where somebody lives */
    int64_t persons;
    int64_t by_one; /* households that the evaluator for one decided */
    Tally tally;
} DecideMonth;

typedef struct DecideReport {
    DecideMonth *month; /* by pass; in the caller's arena */
    double seconds;     /* of all passes, nothing else */
    char why[256];      /* why the model is not columns; "": it is */
} DecideReport;

/*
 * Runs the passes, each in full.
 *
 * out    ret: its months live in `arena`
 * errs   ERR_INVALID: the month is before the snapshot's first
 *        (decide.month {first}), the model does not read the facts
 *        (bind.no_kind, bind.other_type), a history is damaged
 *        (snapshot.book)
 *        ERR_RANGE: a sum left 64 bits (decide.sum)
 *        ERR_FULL: a household is beyond the limits (decide.full), or no
 *        memory (snapshot.memory)
 *        ERR_STOPPED
 */
NODISCARD Err decide_population(const DecideJob *job, Arena *arena, Diag *diag,
                                DecideReport *ret);

#endif

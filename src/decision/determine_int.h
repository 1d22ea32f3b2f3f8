/*
 * determine_int.h - pages of households on their way from workers to the
 * writer, in the order of household ids.
 */
#ifndef DECISION_DETERMINE_INT_H
#define DECISION_DETERMINE_INT_H

#include "decision/determine.h"

enum { PAGE_ROWS = 512 };

/* One household that has been decided. */
typedef struct PageRow {
    int64_t household_id;
    int64_t version;
    Str book;
    bool has_in_force;
    bool counts;   /* somebody lives there */
    bool changed;  /* `found` is to be kept */
    bool from_run; /* the decision in force was made by this run */
    int32_t members;
    Decision in_force;
    Decision found;
    Str input;
    Hash leaf; /* of the run's tree */
} PageRow;

typedef struct Page {
    Arena *arena;
    int64_t number; /* in reading order */
    int32_t row_count;
    Err err;
    Diag diag;
    PageRow row[PAGE_ROWS];
} Page;

typedef struct Workers Workers;

/*
 * Starts the workers of a job.
 *
 * errs   ERR_IO, ERR_BUSY, ERR_INVALID as decider_open()
 * owns   the caller, workers_close()
 */
NODISCARD Err workers_open(const Determine *job, int64_t run_id, Diag *diag,
                           Workers **ret);
void workers_close(Workers *workers);

/* The next page in order; NULL when there are no more. Waits for it. */
Page *workers_take(Workers *workers);

/* Gives a page back to be filled again. */
void workers_return(Workers *workers, Page *page);

/* Fills in what follows from the decision found: changed, leaf. */
void page_row_judge(PageRow *row, int64_t run_id);

/* The leaf of a run's tree for the decision in force of a household. */
Hash run_leaf(const Decision *holds);

/*
 * Counts a household in which somebody lives.
 *
 * errs   ERR_FULL: more reasons of refusal than REFUSALS_MAX
 */
NODISCARD Err run_count(RunReport *report, const Verdict *verdict);

#endif

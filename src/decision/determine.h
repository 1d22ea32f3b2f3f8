/*
 * determine.h - decide every household for a month, and close the run.
 *
 * Workers read pages of books in the order of household ids, decide and
 * compare with the decision in force; one writer keeps what changed, page by
 * page in that order, in commits of bounded time. Repeating writes nothing;
 * a run that was killed is taken up again and ends as if it had not been.
 */
#ifndef DECISION_DETERMINE_H
#define DECISION_DETERMINE_H

#include "decision/decision.h"

enum { REFUSALS_MAX = 24, DETERMINE_THREADS_MAX = 64 };

typedef struct Refusal {
    char reason[32];
    int64_t households;
} Refusal;

typedef struct RunReport {
    int64_t run_id;
    int64_t households;
    int64_t persons;
    int64_t changed; /* rows that belong to this run */
    int64_t eligible;
    int64_t amount_minor;
    Refusal refused[REFUSALS_MAX]; /* by main reason */
    int32_t refusal_count;
    Hash root; /* over household, version, input and verdict of each */
} RunReport;

typedef struct Determine {
    Store *store;
    StoreConn *writer; /* without an open transaction */
    const Pack *pack;  /* that holds in the month: programme/law.h */
    const Pack *base;  /* holds where none is published; NULL: pack */
    const Programme *programme;
    Month month;
    int threads; /* 1..DETERMINE_THREADS_MAX */
    /* Told after each page; `all` may still grow. False stops the run, which
     * can go on later. May be NULL. */
    bool (*progress)(void *arg, int64_t done, int64_t all);
    void *arg;
} Determine;

/*
 * Determines the programme for the month with everything known now.
 *
 * errs   ERR_INVALID: a book is damaged or a model gives no answer; diag
 *        names the household. What was committed stays.
 *        ERR_CONFLICT: another pack holds in the month since it was opened
 *        ERR_IO, ERR_BUSY
 * tables writes run, decision, input_record, audit_pending, pack
 */
NODISCARD Err determine(const Determine *job, Diag *diag, RunReport *ret);

/* The reasons of refusal with their counts as one JSON object. */
void determine_refused_json(const RunReport *report, Buf *buf);

#endif

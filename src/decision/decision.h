/*
 * decision.h - decisions as they are kept: one row opens an interval.
 *
 * The decision in force for a month is the row with the greatest month at or
 * before it, of several for one month the one with the greatest id. A row is
 * written only when something changed.
 */
#ifndef DECISION_DECISION_H
#define DECISION_DECISION_H

#include "decision/deciders.h"

typedef struct Decision {
    int64_t household_id;
    Month month; /* from which it holds */
    int64_t id;
    int64_t version; /* of the household that was read */
    int64_t pack_id;
    Hash input;
    Verdict verdict;
    int64_t run_id; /* 0: by an event, outside a run */
    Instant decided_at;
} Decision;

/*
 * The decision in force for a month.
 *
 * errs   ERR_NOT_FOUND: nothing was decided up to that month
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err decision_at(StoreConn *conn, const char *programme,
                          int64_t household_id, Month month, Decision *ret);

/*
 * The newest `room` rows, newest month first, superseded ones included.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err decision_history(StoreConn *conn, const char *programme,
                               int64_t household_id, Decision *ret, size_t room,
                               size_t *ret_count);

/*
 * Keeps a decision with its input record and an audit leaf.
 *
 * in     input_is_new: no decision of this household had this input before
 * errs   ERR_IO, ERR_BUSY, ERR_CONFLICT
 * tables writes decision, input_record, audit_pending
 */
NODISCARD Err decision_keep(StoreConn *tx, const char *programme,
                            const Decision *decision, Str input_bytes,
                            bool input_is_new);

/*
 * The id of a decision that takes the place of `in_force` (NULL: of none):
 * greater than its id whatever the clocks of processes say.
 */
int64_t decision_new_id(Store *store, const Decision *in_force);

/* Whether a newly found decision says anything else than the one in force. */
bool decision_differs(const Decision *in_force, const Decision *found);

/*
 * What a decision rests on: the record of a household's book in a month, its
 * canonical bytes in `arena` and their hash. The verdict of ret is the one
 * for a household in which nobody lives.
 *
 * errs   ERR_INVALID: the book is damaged; ERR_FULL
 */
NODISCARD Err decision_project(Decider *decider, Arena *arena,
                               int64_t household_id, int64_t version, Str book,
                               Month month, Diag *diag, Decision *ret,
                               InputRecord *ret_record, Str *ret_input);

/*
 * Decides a household from its book, without keeping anything.
 *
 * out    ret: month, version, pack, input hash and verdict are set;
 *        ret_input: the canonical record in `arena`
 *        ret_members: 0 when nobody lives there; ret is then not set
 * errs   ERR_INVALID: the book is damaged or the model does not answer;
 *        ERR_FULL
 */
NODISCARD Err decision_find(Decider *decider, Arena *arena,
                            int64_t household_id, int64_t version, Str book,
                            Month month, Diag *diag, Decision *ret,
                            Str *ret_input, int32_t *ret_members);

/*
 * Decides again, for every determined month from that of `since` on, what
 * something new may have changed, each by the law of that month, and keeps
 * what did.
 *
 * out    ret_changed: rows written
 * errs   as deciders_at(), decision_find() and decision_keep()
 */
NODISCARD Err decision_redetermine(StoreConn *tx, Store *store,
                                   Deciders *deciders, const char *programme,
                                   int64_t household_id, Day since, Instant now,
                                   Diag *diag, int32_t *ret_changed);

/* What stands in for a verdict when nobody lives in the household any more. */
Verdict decision_ended(void);

#endif

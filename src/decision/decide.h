/*
 * decide.h - one decision on one household: a pure function of an input
 * record and a pack of law.
 *
 * A Decider binds a programme's model to the catalogue of facts once and is
 * then used for one household after the other, by one thread.
 */
#ifndef DECISION_DECIDE_H
#define DECISION_DECIDE_H

#include "programme/pack.h"
#include "registry/record.h"
#include "registry/registry.h"

typedef struct Decider Decider;

enum { REASONS_BYTES_MAX = 128, INPUT_BYTES_MAX = 1 << 20 };

typedef struct Verdict {
    bool eligible;
    int64_t amount_minor;
    char reasons[REASONS_BYTES_MAX]; /* codes, space between, main one first */
} Verdict;

/*
 * Binds a programme: each field of the model's tHousehold and tMember must be
 * a kind of the catalogue, of the type that it declares.
 *
 * errs   ERR_INVALID: a field is no kind, or of another type
 * owns   the caller, decider_close(); the pack must outlive it
 */
NODISCARD Err decider_open(const Pack *pack, const Programme *programme,
                           Diag *diag, Decider **ret);
void decider_close(Decider *decider);

/* For CLEANUP(). */
void decider_closep(Decider **decider);

/* The evaluator, for its trace. */
DmnEval *decider_eval(Decider *decider);

/* An empty buffer for the canonical bytes of one record after the other. */
Buf *decider_input(Decider *decider);

/* The pack and programme that it decides by. */
const Pack *decider_pack(const Decider *decider);
const Programme *decider_programme(const Decider *decider);

/*
 * Sets the inputs of a household and a month, for the evaluator to be asked.
 *
 * in     record: at least one member
 * errs   ERR_FULL: the record is beyond the limit of memory
 */
NODISCARD Err decider_set(Decider *decider, const InputRecord *record,
                          Month month, Diag *diag);

/*
 * Decides a household for a month.
 *
 * in     record: at least one member
 * errs   ERR_FULL: the model went beyond the limits of memory or steps
 *        ERR_INVALID: the model did not answer with eligible, amount, reasons
 */
NODISCARD Err decider_decide(Decider *decider, const InputRecord *record,
                             Month month, Diag *diag, Verdict *ret);

/* The main reason: the first code, or empty. */
Str verdict_main_reason(const Verdict *verdict);

/* Whether they say the same. */
bool verdict_equal(const Verdict *a, const Verdict *b);

#endif

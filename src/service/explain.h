/*
 * explain.h - a decision derived again from what was stored, with its reasons.
 *
 * The scalar engine runs on the stored input record with the stored pack,
 * traced; the steps, table rows and facts are put into words of the reader's
 * language. Nothing here decides anything.
 */
#ifndef SERVICE_EXPLAIN_H
#define SERVICE_EXPLAIN_H

#include "base/money.h"
#include "decision/decision.h"
#include "service/context.h"

typedef enum ExplainStatus {
    EXPLAIN_CONFIRMED,
    EXPLAIN_UNCONFIRMED,
    EXPLAIN_ASSUMPTION
} ExplainStatus;

/* A row of a table of the law that spoke. */
typedef struct ExplainRow {
    Str text;    /* its conditions and result as written in the model */
    Str article; /* may be empty, as the next */
    Str source;
    ExplainStatus status;
    int32_t row; /* in its table, from 1 */
} ExplainRow;

typedef struct ExplainStep {
    Str name;     /* of the decision in the model */
    Str label;    /* for people */
    Str sentence; /* what is done here, in words and figures; may be empty */
    Str value;    /* the result, for people */
    FeelValue raw;
    const ExplainRow *rows;
    size_t row_count;
} ExplainStep;

typedef struct ExplainReason {
    Str code;
    Str sentence;
    Str article; /* may be empty */
} ExplainReason;

/* Something known of a person or the household that the decision could see. */
typedef struct ExplainFact {
    int64_t person_id; /* BOOK_HOUSEHOLD: of the household */
    int32_t kind;
    Str label;
    Str value;
    Str source;  /* the agency, for people */
    Str message; /* version and ordinal of the fact row, "3.1" */
    Day from;
    Day to; /* DAY_OPEN: until something newer is known */
    Day received;
} ExplainFact;

typedef struct Explanation {
    Decision decision;
    Month month;
    const Pack *pack;
    const ExplainReason *reasons; /* main one first */
    size_t reason_count;
    const ExplainStep *steps; /* in the order of deciding */
    size_t step_count;
    const ExplainFact *facts; /* the household's first, then by person */
    size_t fact_count;
    bool assumed; /* something unconfirmed or assumed was used */
} Explanation;

/*
 * Explains the decision in force for a month.
 *
 * in     style->texts: with the texts of the law
 * out    ret lives in `arena`
 * errs   ERR_NOT_FOUND: no such household, or the month is not determined;
 *        diag says which
 *        ERR_CONFLICT: what was stored does not give the stored verdict
 *        ERR_IO, ERR_BUSY, ERR_FULL, ERR_INVALID
 */
NODISCARD Err explain_decision(Context *context, StoreConn *conn, Arena *arena,
                               const TextStyle *style, const char *programme,
                               int64_t household_id, Month month, Diag *diag,
                               Explanation *ret);

/*
 * The facts of a book that matter in a month, in words: what holds on its
 * first day and what lies in the year before it.
 *
 * errs   ERR_INVALID: the book is damaged
 */
NODISCARD Err explain_facts(Arena *arena, const KindCatalogue *catalogue,
                            const TextStyle *style, Str book, Month month,
                            const ExplainFact **ret, size_t *ret_count);

/* An amount with its currency, for people. */
Str explain_money(Arena *arena, const TextStyle *style, Money money);

#endif

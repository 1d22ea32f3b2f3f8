/*
 * explain.h - a decision derived again from what was stored, with its reasons.
 *
 * The scalar engine runs on the stored input record with the stored pack,
 * traced; result, arithmetic, conditions, rows of law and facts are put into
 * words of the reader's language, in the order that the programme's outline
 * gives (programme/outline.h). Nothing here decides anything.
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

/* A row of a table of the law that spoke; rows of one list are joined. */
typedef struct ExplainRow {
    Str decision; /* the table's */
    Str text;     /* what it says, since when, and what it said before */
    Str article;  /* where it stands, for people */
    Str source;   /* what was read to know it, for people; may be empty */
    Str remark;   /* of what is not confirmed: what was assumed, and why */
    const Citation *citation; /* NULL: the annotation is no known key */
    const CitationSource *const *sources;
    size_t source_count;
    ExplainStatus status;
    int32_t row;  /* in its table, from 1; the first of several */
    Day since;    /* DAY_OPEN: unknown */
    bool changed; /* another value was in force in the month before */
} ExplainRow;

typedef struct ExplainRows {
    const ExplainRow *row;
    size_t count;
} ExplainRows;

/* What a line does to the sum so far. */
typedef enum ExplainOp {
    EXPLAIN_PLUS,
    EXPLAIN_MINUS,
    EXPLAIN_DIVIDE,
    EXPLAIN_CAP,    /* no more than the value */
    EXPLAIN_ROUND,  /* half up, to `times` decimals */
    EXPLAIN_LEAST,  /* nothing when below `times` */
    EXPLAIN_EQUALS, /* says what the sum is now */
    EXPLAIN_PART,   /* a part of the line above */
    EXPLAIN_NOTE    /* does not count, and is said so */
} ExplainOp;

typedef struct ExplainLine {
    ExplainOp op;
    Str name;          /* a decision of the model; of a part its kind */
    Str label;         /* for people: "4 dependants, SAR 660.00 each" */
    Str value;         /* for people: "SAR 2,640.00" */
    bool money;        /* `raw` and `of` are amounts */
    FeelValue raw;     /* exact: what is added, subtracted or found */
    FeelValue of;      /* raw = of x times; null without a factor */
    FeelValue times;   /* null without a factor */
    int64_t person_id; /* of a part; BOOK_HOUSEHOLD otherwise */
} ExplainLine;

typedef struct ExplainStep {
    Str name;     /* of the decision that is its result */
    Str label;    /* for people */
    Str sentence; /* what is done here, in words and figures; may be empty */
    Str value;    /* the result, for people */
    bool money;   /* `raw` is an amount */
    FeelValue raw;
    const ExplainLine *lines;
    size_t line_count;
    ExplainRows rows;
} ExplainStep;

/* A condition and how it went. */
typedef struct ExplainCheck {
    Str name; /* of the decision that refuses when true */
    Str label;
    Str sentence;
    bool met;
    ExplainRows rows;
} ExplainCheck;

typedef struct ExplainReason {
    Str code;
    Str sentence;
    Str article; /* may be empty */
} ExplainReason;

/* What the person can do: correct a fact, object, complain. */
typedef struct ExplainRemedy {
    Str name; /* "objection" */
    Str sentence;
    ExplainRows rows;
} ExplainRemedy;

/* Something known of a person or the household that the decision could see. */
typedef struct ExplainFact {
    int64_t person_id; /* BOOK_HOUSEHOLD: of the household */
    int32_t kind;
    int32_t version; /* of the household, from which it was known */
    int32_t place;   /* of the person among those spoken of */
    Str person;      /* name of the person, for people; empty: household */
    Str label;
    Str value;
    Str source;  /* the agency, for people */
    Str message; /* version and ordinal of the fact row, "3.1" */
    Day from;
    Day to; /* DAY_OPEN: until something newer is known */
    Day received;
} ExplainFact;

/* The decision on the same month that this one took the place of. */
typedef struct ExplainReplaced {
    bool any;
    Verdict verdict;
    Instant decided_at;
    int64_t version;
    int64_t pack_id;
    Money difference; /* this amount less that one */
} ExplainReplaced;

typedef struct Explanation {
    Decision decision;
    Month month;
    const Pack *pack;
    Day payday; /* DAY_OPEN: nothing is paid */
    ExplainReplaced replaced;
    const ExplainReason *reasons; /* main one first */
    size_t reason_count;
    const ExplainStep *steps; /* the arithmetic, in order */
    size_t step_count;
    const ExplainCheck *checks;
    size_t check_count;
    const ExplainFact *facts; /* the household's first, then by person */
    size_t fact_count;
    const ExplainRemedy *remedies;
    size_t remedy_count;
    bool assumed; /* a step or a condition uses what is not confirmed */
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
 * in     programme: only kinds that its decisions see; NULL: all
 * errs   ERR_INVALID: the book is damaged
 */
NODISCARD Err explain_facts(Arena *arena, const KindCatalogue *catalogue,
                            const TextStyle *style, Str book, Month month,
                            const Programme *programme, const ExplainFact **ret,
                            size_t *ret_count);

/* An amount with its currency, for people. */
Str explain_money(Arena *arena, const TextStyle *style, Money money);

/* The word of a line's operation, as JSON has it: "plus". */
const char *explain_op_name(ExplainOp op);

#endif

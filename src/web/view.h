/*
 * view.h - what the backend tells the pages about a household and its
 * decisions. Texts are in the reader's language and not yet escaped.
 */
#ifndef WEB_VIEW_H
#define WEB_VIEW_H

#include "access/access.h"
#include "base/clock.h"
#include "base/money.h"
#include "store/watch.h"

enum {
    BACKEND_HITS_MAX = 50,
    BACKEND_LOOKS_MAX = 100,
    BACKEND_MONTH_LATEST = INT32_MIN
};

typedef struct BackendReason {
    Str code;     /* "income" */
    Str sentence; /* for a layman */
    Str article;  /* "Art. 5 of the system", may be empty */
} BackendReason;

/* A decision, or a run of months with the same one. */
typedef struct BackendDecision {
    Str programme;       /* "pension" */
    Str programme_title; /* for people */
    Month month;         /* first month it holds for */
    Month month_last;    /* last month; equal to `month` for a single one */
    bool eligible;
    Money amount;    /* a month; 0 when not eligible */
    Day payment_day; /* of `month`; DAY_OPEN when nothing is paid */
    Instant decided_at;
    int64_t version; /* of the household, as it was decided */
    bool assumed;    /* an assumption or unconfirmed figure was used */
    const BackendReason *reasons; /* main one first; none when eligible */
    size_t reason_count;
} BackendDecision;

typedef struct BackendMember {
    int64_t person_id;
    Str name;          /* in the reader's language if known, else the other */
    Str role;          /* "Head of household" */
    Str national_id;   /* masked already as far as the actor may not see it */
    Day birth_day;     /* DAY_OPEN when unknown */
    int32_t age_years; /* -1 when unknown */
    Str nationality;
    bool self; /* the one who is signed in */
} BackendMember;

/* One thing held about somebody, as an agency said it. */
typedef struct BackendFact {
    int64_t person_id; /* 0: about the household */
    Str label;         /* "Wage" */
    Str value;         /* "4,500.00 SAR a month" */
    Str source;        /* the agency, for people */
    Str message;       /* its message id, may be empty */
    Day true_from;
    Day true_to; /* first day it no longer holds; DAY_OPEN when open */
    Instant received_at;
} BackendFact;

/* On what an answer rests: what would end it, and whom it is about. */
typedef struct BackendStamp {
    bool given; /* the answer may be kept and given again */
    Watch watch;
    Subject subject;
} BackendStamp;

typedef struct BackendHousehold {
    BackendStamp stamp;
    int64_t household_id;
    int64_t version;
    Str region; /* may be empty, as the next */
    Str address;
    const BackendDecision *decision; /* of the month asked; NULL: none yet */
    const BackendMember *members;    /* head first */
    size_t member_count;
    const BackendFact *facts; /* by member in order, household's first */
    size_t fact_count;
    const BackendDecision *history; /* newest first */
    size_t history_count;
} BackendHousehold;

/* One amount of the arithmetic: "Half of earned income", "18,000.00 SAR". */
typedef struct BackendLine {
    Str sign; /* of what it does to the sum; empty of parts and notes */
    Str label;
    Str value;
    bool total; /* the result of the lines above it */
    bool part;  /* a part of the line above it, or what does not count */
} BackendLine;

/* How well a figure of the law is known. */
typedef enum BackendStatus {
    BACKEND_CONFIRMED,
    BACKEND_UNCONFIRMED,
    BACKEND_ASSUMPTION
} BackendStatus;

/* A row of a table of the law that spoke. */
typedef struct BackendRow {
    Str text;    /* what it says: "from 2025-07: 1,320.00 SAR for the head" */
    Str article; /* may be empty */
    Str source;  /* may be empty */
    BackendStatus status;
    Str remark; /* what was assumed, and why; empty when none, or told before */
} BackendRow;

/* A condition and how it went. */
typedef struct BackendCheck {
    Str label;
    Str sentence;
    bool met;
    const BackendRow *rows;
    size_t row_count;
} BackendCheck;

/* What the person can do when something is wrong. */
typedef struct BackendRemedy {
    Str sentence;
    const BackendRow *rows;
    size_t row_count;
} BackendRemedy;

/* The decision on the same month that this one took the place of. */
typedef struct BackendReplaced {
    bool any;
    Day decided_on;
    Money before;
    Money difference; /* what is due now less that */
} BackendReplaced;

typedef struct BackendStep {
    Str label;    /* "The household's threshold" */
    Str sentence; /* what is done here and why, may be empty */
    Str value;    /* the result, "3,960.00 SAR" */
    const BackendLine *lines;
    size_t line_count;
    const BackendRow *rows;
    size_t row_count;
} BackendStep;

typedef struct BackendExplanation {
    int64_t household_id;
    const BackendDecision *decision;
    const BackendStep *steps; /* in the order in which a person reasons */
    size_t step_count;
    const BackendCheck *checks;
    size_t check_count;
    const BackendRemedy *remedies;
    size_t remedy_count;
    BackendReplaced replaced;
    const BackendFact *facts; /* those that were used */
    size_t fact_count;
    const BackendMember *members; /* whom the facts speak of */
    size_t member_count;
    Str pack;  /* hash of the law that decided, hexadecimal */
    Str input; /* hash of the input record */
} BackendExplanation;

typedef struct BackendHit {
    int64_t household_id;
    Str name;        /* the person found */
    Str role;        /* in the household */
    Str national_id; /* masked as above */
    Str region;
    int32_t member_count;
} BackendHit;

typedef struct BackendHits {
    const BackendHit *hits;
    size_t hit_count; /* at most BACKEND_HITS_MAX */
    bool more;        /* there are more than are given */
    int32_t withheld; /* left out, because they are close to the reader */
} BackendHits;

/* Somebody looked at data of a household, or was refused. */
typedef struct BackendLook {
    Instant at;
    Str role;    /* in which he did, for people; never who he is */
    Str purpose; /* for people; empty: not known */
    Str what;    /* "The file of the household" */
    bool refused;
} BackendLook;

typedef struct BackendLooks {
    const BackendLook *looks; /* latest first */
    size_t look_count;        /* at most BACKEND_LOOKS_MAX */
    bool more;
} BackendLooks;

#endif

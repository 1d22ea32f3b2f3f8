/*
 * backend.h - what the pages ask of the rest of Sanad, as a table of calls.
 *
 * The pages know people only through this table, so that they can be tested
 * with made-up data; the real one is filled over the `service` module. Each
 * call decides by itself whether the actor may do this (access) and records
 * that he did. What it gives back lives in call->arena, or longer; every Str
 * for people is in the language of call->style, unescaped.
 *
 * A call that must become durable before anybody sees its answer (a recorded
 * read, a sign-in) sets call->waiting before it hands its command to the
 * writer, and has call->done(call->done_arg, err) called exactly once, from
 * any thread, when the command is committed or refused. The web side holds
 * the answer until then; `ret` and `diag` may be filled until done() is
 * called. A call that does not set `waiting` is finished when it returns.
 */
#ifndef WEB_BACKEND_H
#define WEB_BACKEND_H

#include "base/clock.h"
#include "base/diag.h"
#include "base/err.h"
#include "base/money.h"
#include "text/text.h"

enum { BACKEND_HITS_MAX = 50, BACKEND_MONTH_LATEST = INT32_MIN };

/* Who is signed in. */
typedef struct BackendSession {
    Str name;             /* as shown in the head of the page */
    Str role;             /* for people: "Beneficiary", "Caseworker" */
    bool staff;           /* may see /w; otherwise a citizen */
    bool demo;            /* a persona of the demo */
    int64_t household_id; /* of a citizen; 0 when he is in none */
    Str csrf;             /* secret of this session for its forms, URL-safe */
} BackendSession;

typedef struct BackendCall {
    Arena *arena;
    const TextStyle *style;
    const BackendSession *session; /* NULL when nobody is signed in */
    Str client;                    /* network address, for limits and records */
    Instant now;
    void (*done)(void *done_arg, Err err);
    void *done_arg;
    bool waiting; /* set by the backend, see above */
} BackendCall;

/* A sign-in that succeeded: the cookie's content and how long it is good. */
typedef struct BackendSignin {
    Str token; /* at least 128 random bits, URL-safe */
    int64_t seconds;
    bool staff;
} BackendSignin;

/* Somebody of the demo nation to be, by one click. */
typedef struct BackendPersona {
    Str id;    /* URL-safe */
    Str name;  /* "نورة بنت سعد" */
    Str about; /* one sentence: what this one shows */
    bool staff;
} BackendPersona;

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

typedef struct BackendHousehold {
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
    Str label;
    Str value;
    bool total; /* the result of the lines above it */
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
} BackendRow;

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
} BackendHits;

typedef struct BackendPersonas {
    const BackendPersona *personas;
    size_t persona_count; /* 0 when the demo flag is off */
} BackendPersonas;

/*
 * All calls return OK, or an Err whose page is shown; `diag` then says why
 * (its text key is shown; an empty key gives the usual sentence):
 *
 *   ERR_NOT_FOUND  no such household, month or session, or not for this actor
 *   ERR_DENIED     the actor may not, or name, password or code is wrong
 *   ERR_INVALID    what was typed breaks a rule that diag names
 *   ERR_BUSY, ERR_FULL  later; 503
 *   ERR_IO         the database failed; 500
 */
typedef struct Backend {
    void *self;

    /* The session of a cookie. Asked at every request: must be quick. */
    Err (*session)(void *self, BackendCall *call, Str token,
                   BackendSession *ret);

    /* Personas of the demo; none when the demo flag is off. */
    Err (*personas)(void *self, BackendCall *call, BackendPersonas *ret);
    Err (*signin_persona)(void *self, BackendCall *call, Str id,
                          BackendSignin *ret, Diag *diag);
    Err (*signin_staff)(void *self, BackendCall *call, Str name, Str password,
                        Str code, BackendSignin *ret, Diag *diag);

    /*
     * Sends a one-time code to a citizen. OK also when nobody has this
     * national ID, so that nobody can ask who is a beneficiary.
     */
    Err (*code_send)(void *self, BackendCall *call, Str national_id,
                     Diag *diag);
    Err (*signin_citizen)(void *self, BackendCall *call, Str national_id,
                          Str code, BackendSignin *ret, Diag *diag);
    Err (*signout)(void *self, BackendCall *call, Str token);

    /* All that is known of a household, decided for `month`. */
    Err (*household)(void *self, BackendCall *call, int64_t household_id,
                     Month month, BackendHousehold *ret, Diag *diag);

    /* The decision of a month, derived again with its reasons. */
    Err (*explain)(void *self, BackendCall *call, int64_t household_id,
                   Month month, BackendExplanation *ret, Diag *diag);

    /* Households by national ID, number, or name (folded). */
    Err (*search)(void *self, BackendCall *call, Str words, BackendHits *ret,
                  Diag *diag);

    /* Whether requests can be served now; diag says what is missing. */
    Err (*ready)(void *self, Diag *diag);

    /* Appends metrics in Prometheus' text form; may be NULL. */
    void (*metrics)(void *self, Buf *buf);
} Backend;

#endif

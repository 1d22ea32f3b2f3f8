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
 * called. A call that does not set `waiting` is finished when it returns. A
 * call that was refused may wait too, until that is on record: it returns its
 * error, and done() is called.
 */
#ifndef WEB_BACKEND_H
#define WEB_BACKEND_H

#include "base/diag.h"
#include "base/err.h"
#include "service/scenario.h"
#include "text/text.h"
#include "web/drafts.h"
#include "web/view.h"

enum { BACKEND_KEY_BYTES = 32 };

/* Who is signed in. */
typedef struct BackendSession {
    Str name;             /* as shown in the head of the page */
    Str role;             /* for people: "Beneficiary", "Caseworker" */
    Str account;          /* as he signs in; tells people apart */
    bool staff;           /* may see /w */
    bool policy;          /* may see /p; neither of the two: a citizen */
    bool simulates;       /* may also try changes there */
    bool demo;            /* a persona of the demo */
    int64_t household_id; /* of a citizen; 0 when he is in none */
    Str csrf;             /* secret of this session for its forms, URL-safe */
    Str key; /* tells sessions apart, BACKEND_KEY_BYTES; empty: keep nothing */
    Str purpose; /* of what staff read, by its code; empty: not chosen yet */
    const void *own; /* the backend's, as long as the call's arena */
} BackendSession;

typedef struct BackendCall {
    Arena *arena;
    const TextStyle *style;
    const BackendSession *session; /* NULL when nobody is signed in */
    Str client;                    /* network address, for limits and records */
    Str token;                     /* of the session that it comes with */
    Str browser;                   /* the secret of its forms; tells apart */
    Str purpose; /* of staff, for this call alone; empty: the session's */
    Instant now;
    void (*done)(void *done_arg, Err err);
    void *done_arg;
    bool waiting; /* set by the backend, see above */
    bool brief;   /* facts and history are not shown and may be left out */
} BackendCall;

/* A sign-in that succeeded: the cookie's content and how long it is good. */
typedef struct BackendSignin {
    Str token; /* at least 128 random bits, URL-safe */
    int64_t seconds;
    bool staff;
} BackendSignin;

typedef struct BackendScenarios {
    const SavedScenario *scenarios; /* the latest first */
    size_t scenario_count;
} BackendScenarios;

/* Somebody of the demo nation to be, by one click. */
typedef struct BackendPersona {
    Str id;    /* URL-safe */
    Str name;  /* "نورة بنت سعد" */
    Str about; /* one sentence: what this one shows */
    bool staff;
} BackendPersona;

typedef struct BackendPersonas {
    const BackendPersona *personas;
    size_t persona_count; /* 0 when the demo flag is off */
} BackendPersonas;

/*
 * All calls return OK, or an Err whose page is shown; `diag` then says why
 * (its text key is shown; an empty key gives the usual sentence):
 *
 *   ERR_NOT_FOUND  no such household, month or session, or not for this actor
 *   ERR_DENIED     the actor may not, or has not said for what he reads, or
 *                  name, password or code is wrong
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

    /* Staff say for which purpose they read from now on, by its code.
     * ERR_INVALID: it is none of access_purposes(). */
    Err (*purpose)(void *self, BackendCall *call, Str code, Diag *diag);

    /* All that is known of a household, decided for `month`. */
    Err (*household)(void *self, BackendCall *call, int64_t household_id,
                     Month month, BackendHousehold *ret, Diag *diag);

    /*
     * Gives a kept answer of household() again: permission is asked and the
     * read recorded anew. ERR_CONFLICT, and no record: it no longer holds.
     */
    Err (*household_again)(void *self, BackendCall *call,
                           const BackendStamp *stamp, Diag *diag);

    /* The law that holds in a month, by the id of its pack; that pack, in an
     * arena; versions that begin later. NULL, all three: there is but one. */
    Err (*law)(void *self, Month month, int64_t *ret);
    Err (*law_pack)(void *self, Arena *arena, int64_t id, Diag *diag,
                    const Pack **ret);
    Err (*coming)(void *self, BackendCall *call, Month month,
                  BackendComing *ret, Diag *diag);

    /* The decision of a month, derived again with its reasons. */
    Err (*explain)(void *self, BackendCall *call, int64_t household_id,
                   Month month, BackendExplanation *ret, Diag *diag);

    /*
     * Who looked at the data of the citizen who asks, or was refused, while
     * he was a member of the household; but for the members themselves.
     */
    Err (*looks)(void *self, BackendCall *call, BackendLooks *ret, Diag *diag);

    /*
     * Somebody asks at a door of staff for a household, who may not pass that
     * door at all: his try is recorded. Never OK; ERR_DENIED when it will be.
     */
    Err (*refused)(void *self, BackendCall *call, int64_t household_id,
                   Diag *diag);

    /*
     * Households by national ID, number, or name (folded). Each that is shown
     * is recorded by itself; those that the actor may not open are withheld,
     * and that is recorded too.
     */
    Err (*search)(void *self, BackendCall *call, Str words, BackendHits *ret,
                  Diag *diag);

    /*
     * Simulations that who is signed in keeps by names of his own: all of
     * them; one more, or one no longer when its query is empty.
     */
    Err (*scenarios)(void *self, BackendCall *call, BackendScenarios *ret);
    Err (*scenario_keep)(void *self, BackendCall *call,
                         const SavedScenario *scenario, Diag *diag);

    /* Drafts of the law: all; one; what somebody does to one. */
    Err (*drafts)(void *self, BackendCall *call, BackendDrafts *ret);
    Err (*draft)(void *self, BackendCall *call, int64_t id, BackendDraft *ret,
                 Diag *diag);
    Err (*draft_step)(void *self, BackendCall *call, BackendDraftStep *step,
                      Diag *diag);

    /*
     * The calls of a while have been made: what the backend gathered of them
     * it may send on its way together. Called soon after each call, from any
     * thread; may be NULL.
     */
    void (*flush)(void *self);

    /* Whether requests can be served now; diag says what is missing. */
    Err (*ready)(void *self, Diag *diag);

    /* Appends metrics in Prometheus' text form; may be NULL. */
    void (*metrics)(void *self, Buf *buf);
} Backend;

#endif

/*
 * visit.h - one request of a person: language, session, frame, waiting.
 */
#ifndef WEB_VISIT_H
#define WEB_VISIT_H

#include "web/pages.h"
#include "web/site.h"

typedef enum VisitRole {
    VISIT_ANYBODY,
    VISIT_CITIZEN,
    VISIT_STAFF,
    VISIT_POLICY,   /* who reads models */
    VISIT_SIMULATES /* who tries changes of them */
} VisitRole;

/* Pages that can be kept. */
typedef enum VisitPage { VISIT_PAGE_HOME } VisitPage;

typedef enum VisitSize { VISIT_NORMAL, VISIT_LARGE, VISIT_LARGER } VisitSize;

typedef struct Visit Visit;

/* A later stage of a page, when the backend's answer is there. */
typedef void VisitStage(Visit *visit);

struct Visit {
    HttpRequest *request;
    const Site *site;
    const Backend *backend;
    void *backend_self;
    TextStyle style;
    VisitSize size;         /* of the text */
    BackendSession session; /* only when signed_in */
    bool signed_in;
    BackendCall call; /* ready to be given to the backend */
    Diag diag;
    Err err;           /* of the call that was waited for */
    VisitStage *stage; /* after it */
    bool own_errors;   /* the stage looks at visit->err itself */
    void *state;       /* the page's */
    const Policy *law; /* of this month; only at the policy desk */
};

/* Who comes: reads language, digits, size of text and session. */
Visit *visit_open(HttpRequest *request);

/*
 * Whether who comes may see a page of this role. If not, he was sent to sign
 * in, or refused, or his form came without its secret; the reply is filled.
 * What he typed meanwhile is given back to him (web/held.h).
 */
bool visit_admit(Visit *visit, VisitRole role);

/* Where who has just signed in goes: to the page that he was kept from, if
 * it may be his, else to the first of staff or of citizens. */
Str visit_wanted(Visit *visit, bool staff);

/*
 * As visit_open(), for a page of this role. NULL when the visitor was sent to
 * sign in, or refused, or when a form came without its secret; the reply is
 * then filled.
 */
Visit *visit_require(HttpRequest *request, VisitRole role);

/*
 * As visit_require(), at the policy desk: with the law of this month. NULL
 * also when there is no desk, or its law cannot be read.
 */
Visit *visit_desk(HttpRequest *request, VisitRole role);

/*
 * Goes on to `stage` with the outcome of a call of the backend, now or when
 * it is durable. An error gives its page, unless visit->own_errors is set.
 *
 * errs   none of its own
 */
void visit_after(Visit *visit, Err err, VisitStage *stage);

/*
 * Shows the page of an error, with what diag says.
 *
 * errs   none of its own
 */
void visit_fail(Visit *visit, Err err);

/* Shows the page of a status: in the reader's language, then the other.
 * Programs, below /api/, are told the problem in JSON. */
void visit_error(Visit *visit, int status);

/* The frame of a page whose title has this text key. */
PageFrame visit_frame(Visit *visit, const char *title_key);

/* Where compiled pages write: the body of the reply. */
Out visit_out(Visit *visit);

/*
 * Gives a page that was kept for this session, if there is one and it still
 * holds; its read is recorded first. False: it is to be made.
 */
bool visit_kept(Visit *visit, VisitPage page);

/* Keeps the page that was just answered with, as far as its stamp allows. */
void visit_keep(Visit *visit, VisitPage page, const BackendStamp *stamp);

/* Answers with the page that was written. */
void visit_reply(Visit *visit, int status);

/* A text in the reader's language. */
Str visit_text(const Visit *visit, const char *key);

/* What a purpose is called; empty when it is none that can be chosen. */
Str visit_purpose(const Visit *visit, Str code);

/* The sentence of visit->diag, or an empty Str. */
Str visit_diag(Visit *visit);

/* A month as people type it, in digits of either kind; false: it is none. */
bool visit_month(Visit *visit, Str typed, Month *ret);

/* The secret for forms of those who are not signed in; sets its cookie. */
Str visit_form_secret(Visit *visit);

#endif

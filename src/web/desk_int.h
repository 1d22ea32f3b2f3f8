/*
 * desk_int.h - what the files of the desk share.
 */
#ifndef WEB_DESK_INT_H
#define WEB_DESK_INT_H

#include "access/signin.h"
#include "crypto/hash.h"
#include "decision/decision.h"
#include "registry/book.h"
#include "service/explain.h"
#include "service/homes.h"
#include "web/desk.h"
#include "web/desk_entry_int.h"
#include "web/desk_reads_int.h"

enum { DESK_READERS_MAX = 64, DESK_PERSONAS_MAX = 16 };

/* Who the session belongs to; in BackendSession.own. */
typedef struct DeskOwner {
    Actor actor;
    int64_t household_id;  /* of a citizen; -1: none */
    Str purpose;           /* as staff chose it; "": not yet */
    Str label[TEXT_LANGS]; /* of a citizen; empty: as the actor's */
} DeskOwner;

enum {
    DESK_SESSION_SETS = 512,
    DESK_SESSION_WAYS = 8,
    DESK_SESSION_LOCKS = 16,
    DESK_SESSION_TEXT = 480 /* bytes of its texts; longer is not kept */
};

/* A session that was looked up, as long as nothing it rests on changes. */
typedef struct DeskSession {
    Hash key; /* of the token */
    Watch watch;
    Instant until;
    Instant seen_at; /* about when staff used it last */
    uint64_t used;   /* counted in uses; 0: free */
    DeskOwner owner; /* its texts in `text` */
    char csrf[SIGNIN_TOKEN_BYTES];
    char text[DESK_SESSION_TEXT];
} DeskSession;

struct Desk {
    DeskConfig config;
    Backend backend;
    Writer *writer;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    StoreConn *reader[DESK_READERS_MAX];
    int reader_count; /* those that are free now */
    bool watches;     /* the store counts changes: answers may be kept */
    DeskReads reads;
    DeskPasswords passwords;
    DeskSeen seen[DESK_SEEN_MAX];
    pthread_mutex_t session_lock[DESK_SESSION_LOCKS];
    atomic_ullong session_tick;
    DeskSession session[DESK_SESSION_SETS][DESK_SESSION_WAYS];
};

/* A reading connection for a short while. */
StoreConn *desk_reader_take(Desk *desk);
void desk_reader_give(Desk *desk, StoreConn *conn);

/*
 * The household where a person lives; -1 for none.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err desk_home(StoreConn *conn, int64_t person_id, int64_t *ret);

/* A person's name in the reader's language, or the other; empty: neither. */
Str desk_name(const TextStyle *style, const Book *book, int64_t person,
              Day day);

/* The calls of backend.h, by file. */
Err desk_session(void *self, BackendCall *call, Str token, BackendSession *ret);
Err desk_personas(void *self, BackendCall *call, BackendPersonas *ret);
Err desk_signin_persona(void *self, BackendCall *call, Str id,
                        BackendSignin *ret, Diag *diag);
Err desk_signin_staff(void *self, BackendCall *call, Str name, Str password,
                      Str code, BackendSignin *ret, Diag *diag);
Err desk_code_send(void *self, BackendCall *call, Str national_id, Diag *diag);
Err desk_signin_citizen(void *self, BackendCall *call, Str national_id,
                        Str code, BackendSignin *ret, Diag *diag);
Err desk_signout(void *self, BackendCall *call, Str token);
Err desk_purpose(void *self, BackendCall *call, Str code, Diag *diag);
Err desk_household(void *self, BackendCall *call, int64_t household_id,
                   Month month, BackendHousehold *ret, Diag *diag);
Err desk_household_again(void *self, BackendCall *call,
                         const BackendStamp *stamp, Diag *diag);
Err desk_explain(void *self, BackendCall *call, int64_t household_id,
                 Month month, BackendExplanation *ret, Diag *diag);
Err desk_looks(void *self, BackendCall *call, BackendLooks *ret, Diag *diag);
Err desk_refused(void *self, BackendCall *call, int64_t household_id,
                 Diag *diag);
Err desk_scenarios(void *self, BackendCall *call, BackendScenarios *ret);
Err desk_scenario_keep(void *self, BackendCall *call,
                       const SavedScenario *scenario, Diag *diag);
Err desk_law(void *self, Month month, int64_t *ret);
Err desk_law_pack(void *self, Arena *arena, int64_t id, Diag *diag,
                  const Pack **ret);
Err desk_coming(void *self, BackendCall *call, Month month, BackendComing *ret,
                Diag *diag);
Err desk_drafts(void *self, BackendCall *call, BackendDrafts *ret);
Err desk_draft(void *self, BackendCall *call, int64_t id, BackendDraft *ret,
               Diag *diag);
Err desk_draft_step(void *self, BackendCall *call, BackendDraftStep *step,
                    Diag *diag);
Err desk_search(void *self, BackendCall *call, Str words, BackendHits *ret,
                Diag *diag);

/* One kept decision in the form of backend.h. */
BackendDecision desk_decision(Desk *desk, BackendCall *call,
                              const Decision *decision);

/*
 * Members and facts of a book in a month, in the form of backend.h. National
 * ids are masked but for their owner.
 *
 * in     homes: when the reader lived where; NULL: he may see all of it
 * errs   ERR_INVALID: the book is damaged
 */
NODISCARD Err desk_book(Desk *desk, BackendCall *call, Str book, Month month,
                        const Homes *homes, BackendHousehold *ret);

/*
 * When a citizen was a member of which households; NULL of anybody else.
 *
 * errs   as homes_of()
 */
NODISCARD Err desk_homes(Desk *desk, BackendCall *call, StoreConn *conn,
                         const Homes **ret);

/*
 * Whether a fact of a household may be shown to one who lived there at these
 * times. His own may; of others only what was so while he was there, as far
 * back and as far on as he was: `fact` is cut to that.
 *
 * in     homes: NULL shows all
 */
bool desk_fact_shown(const BackendCall *call, const Homes *homes,
                     int64_t household_id, ExplainFact *fact);

#endif

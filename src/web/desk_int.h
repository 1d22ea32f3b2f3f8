/*
 * desk_int.h - what the files of the desk share.
 */
#ifndef WEB_DESK_INT_H
#define WEB_DESK_INT_H

#include <pthread.h>

#include "access/signin.h"
#include "registry/book.h"
#include "service/guard.h"
#include "web/desk.h"

enum { DESK_READERS_MAX = 64, DESK_PERSONAS_MAX = 16 };

struct Desk {
    DeskConfig config;
    Backend backend;
    Writer *writer;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    StoreConn *reader[DESK_READERS_MAX];
    int reader_count; /* those that are free now */
};

/* Who the session belongs to; in BackendSession.own. */
typedef struct DeskOwner {
    Actor actor;
    int64_t household_id; /* of a citizen; -1: none */
} DeskOwner;

/* A reading connection for a short while. */
StoreConn *desk_reader_take(Desk *desk);
void desk_reader_give(Desk *desk, StoreConn *conn);

/*
 * Asks whether the signed-in actor may do this; on OK the read is being
 * recorded and call->waiting is set.
 *
 * errs   ERR_DENIED, ERR_NOT_FOUND: nobody is signed in; ERR_FULL, ERR_IO
 */
NODISCARD Err desk_guard(Desk *desk, BackendCall *call, StoreConn *conn,
                         Action action, Object object, int64_t household_id,
                         const char *what, Diag *diag, Err answer);

/* The calls of backend.h, by file. */
Err desk_session(void *self, BackendCall *call, Str token,
                 BackendSession *ret);
Err desk_personas(void *self, BackendCall *call, BackendPersonas *ret);
Err desk_signin_persona(void *self, BackendCall *call, Str id,
                        BackendSignin *ret, Diag *diag);
Err desk_signin_staff(void *self, BackendCall *call, Str name, Str password,
                      Str code, BackendSignin *ret, Diag *diag);
Err desk_code_send(void *self, BackendCall *call, Str national_id,
                   Diag *diag);
Err desk_signin_citizen(void *self, BackendCall *call, Str national_id,
                        Str code, BackendSignin *ret, Diag *diag);
Err desk_signout(void *self, BackendCall *call, Str token);
Err desk_household(void *self, BackendCall *call, int64_t household_id,
                   Month month, BackendHousehold *ret, Diag *diag);
Err desk_explain(void *self, BackendCall *call, int64_t household_id,
                 Month month, BackendExplanation *ret, Diag *diag);
Err desk_search(void *self, BackendCall *call, Str words, BackendHits *ret,
                Diag *diag);

/* Members, facts and decisions in the form of backend.h. */
Err desk_view_book(Desk *desk, BackendCall *call, Str book, Month month,
                   bool mask, BackendHousehold *ret);
const BackendDecision *desk_view_decision(Desk *desk, BackendCall *call,
                                          const void *decision,
                                          Month month_last);

#endif

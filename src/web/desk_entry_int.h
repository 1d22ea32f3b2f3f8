/*
 * desk_entry_int.h - the desk's part in signing in: passwords are compared on
 * threads of their own, and use of a session is noted now and then.
 */
#ifndef WEB_DESK_ENTRY_INT_H
#define WEB_DESK_ENTRY_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "access/signin.h"
#include "crypto/hash.h"
#include "web/backend.h"

enum {
    DESK_SEEN_SECONDS = 60, /* a session is noted as seen no oftener */
    DESK_SEEN_MAX = 64,     /* notes under way */
    DESK_PASSWORDS_MAX = 8, /* that wait to be compared */
    DESK_PASSWORD_THREADS = 2
};

/* Passwords that wait to be compared, oldest first; see desk_signin.c. */
typedef struct DeskPasswords {
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct Signin *first;
    int waiting;
    bool stopping;
    pthread_t thread[DESK_PASSWORD_THREADS];
    int threads;
} DeskPasswords;

/* A note under way that a session was used. */
typedef struct DeskSeen {
    struct Desk *desk;
    Hash session;
    Instant at;
    atomic_flag taken;
} DeskSeen;

/* Who asks to be let in under this name, with copies of what must last. */
SigninAsk desk_ask(const BackendCall *call, Str name);

/* A thread that compares passwords until the desk is closed. */
void *desk_compare(void *desk);

#endif

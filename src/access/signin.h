/*
 * signin.h - actors, their secrets and their sessions.
 *
 * Staff sign in by name, password and the code of an authenticator app;
 * citizens by a one-time code, see code.h. Wrong tries lock for a while,
 * whether anybody has the name or not. A session is a random token; only its
 * hash is kept. Signing in and out and locking leave audit leaves.
 */
#ifndef ACCESS_SIGNIN_H
#define ACCESS_SIGNIN_H

#include "access/access.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

enum {
    SIGNIN_TOKEN_BYTES = 44, /* of the text, with its zero byte */
    SIGNIN_FAILURES_MAX = 5,
    SIGNIN_IDLE_SECONDS = 30 * 60 /* of staff */
};

/* Who asks to be let in, and from where. */
typedef struct SigninAsk {
    Str name;
    Str browser; /* the secret of its forms; tells browsers apart */
    Str address;
    Str older; /* token of a session that the browser has; it is ended */
    Str lang;
    Instant now;
} SigninAsk;

/* What the sign-in hands to the browser. */
typedef struct SigninSession {
    char token[SIGNIN_TOKEN_BYTES];
    int64_t seconds; /* for which it is good */
} SigninSession;

/* A session that is held. Texts in the arena of who asked. */
typedef struct SigninHeld {
    Actor actor;
    Instant until;   /* when it ends by itself */
    Instant seen_at; /* when staff used it last, about */
    Str purpose;     /* of reads, as staff chose it; "": not yet */
} SigninHeld;

/*
 * The actor of that name, switched off or not.
 *
 * out    texts in `arena`
 * errs   ERR_NOT_FOUND, ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_actor_find(StoreConn *conn, Arena *arena, Str name,
                                Actor *ret);

/*
 * The encoded password of an actor, in the arena; "" for none.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_password(StoreConn *conn, Arena *arena, Str name,
                              Str *ret);

/*
 * Whether it is the password: slow by design (Argon2id) and hungry for
 * memory, so never on a thread that serves others. The same for "", a name
 * that nobody has. Done before the transaction begins.
 */
bool signin_password_right(Str encoded, Str password);

/*
 * Whether nobody is let in by this name now, whatever he knows. Asked before
 * the password is: hashing for the locked would be work for whoever floods.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_locked(StoreConn *conn, Str name, Instant now,
                            bool *ret_locked);

/*
 * Whether ask->name, given whether his password was right, is proved by a
 * code of his authenticator app; for who acts without a session too.
 *
 * out    ret: texts in `arena`
 * errs   ERR_DENIED: unknown, wrong, locked, switched off or not confirmed
 *        yet; always the same answer. The caller commits also then: the
 *        failure is counted.
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_prove(StoreConn *tx, Arena *arena, const SigninAsk *ask,
                           bool password_right, int code, Actor *ret);

/*
 * Signs staff in, given whether the password was right.
 *
 * errs   as signin_prove()
 */
NODISCARD Err signin_staff(StoreConn *tx, Arena *arena, const SigninAsk *ask,
                           bool password_right, int code, SigninSession *ret);

/*
 * Opens a session for who has been asked enough, ask->name; ends the older.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_open(StoreConn *tx, int64_t actor_id, bool staff,
                          const SigninAsk *ask, SigninSession *ret);

/*
 * Whose session a token is.
 *
 * errs   ERR_NOT_FOUND: none, over, idle, or the actor is switched off
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_session(StoreConn *conn, Arena *arena, Str token,
                             Instant now, SigninHeld *ret);

/* Whether these are roles of staff. */
bool signin_is_staff(unsigned roles);

/* Whether a session last seen then has been left alone for too long. */
bool signin_idle(unsigned roles, Instant seen_at, Instant now);

/* Notes that a session, by the hash of its token, was used.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_seen(StoreConn *tx, const Hash *session, Instant now);

/* Notes for which purpose the holder of a session reads from now on.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_purpose(StoreConn *tx, const Hash *session, Str purpose);

/* Ends a session; harmless when there is none.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_close(StoreConn *tx, Str token);

/* Secret of a session for its forms, bound to its token. */
void signin_csrf(Str token, char ret_text[SIGNIN_TOKEN_BYTES]);

#endif

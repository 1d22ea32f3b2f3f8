/*
 * signin.h - actors, their secrets and their sessions.
 *
 * Staff sign in by name, password and the code of an authenticator app;
 * citizens by a one-time code. Wrong tries lock the actor for a while. A
 * session is a random token; only its hash is kept.
 */
#ifndef ACCESS_SIGNIN_H
#define ACCESS_SIGNIN_H

#include "access/access.h"
#include "crypto/secret.h"

enum {
    SIGNIN_TOKEN_BYTES = 44, /* of the text, with its zero byte */
    SIGNIN_FAILURES_MAX = 5,
    SIGNIN_CODE_TRIES = 3,
    SIGNIN_CODES_AN_HOUR = 5
};

/* What the sign-in hands to the browser. */
typedef struct SigninSession {
    char token[SIGNIN_TOKEN_BYTES];
    int64_t seconds; /* for which it is good */
} SigninSession;

/* A new actor. */
typedef struct NewActor {
    int64_t id;
    Str name;  /* unique */
    Str label; /* as people call him */
    unsigned roles;
    int64_t person_id; /* -1: none */
    Str national_id;   /* of staff; at NULL: none */
    const Str *kin;    /* national ids that staff declare */
    int32_t kin_count;
    Str password;                  /* at NULL: none, a citizen */
    const unsigned char *code_key; /* SECRET_KEY_BYTES, or NULL */
} NewActor;

/*
 * Adds an actor, with an audit leaf.
 *
 * errs   ERR_INVALID: staff named like a number, which is a citizen's name
 *        ERR_CONFLICT: the name is taken; diag says so
 *        ERR_RANGE: the password is too short or long; diag says so
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_actor_add(StoreConn *tx, const NewActor *actor,
                               Diag *diag);

/*
 * Switches an actor off, ends his sessions; with an audit leaf.
 *
 * errs   ERR_NOT_FOUND: no such name; ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_actor_disable(StoreConn *tx, Str name, Diag *diag);

/*
 * The actor of that name, switched off or not.
 *
 * out    texts in `arena`
 * errs   ERR_NOT_FOUND, ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_actor_find(StoreConn *conn, Arena *arena, Str name,
                                Actor *ret);

/*
 * Whether the password is that of the actor: slow by design (Argon2id), the
 * same for a name that nobody has. Done before the transaction begins.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_password_right(StoreConn *conn, Arena *arena, Str name,
                                    Str password, bool *ret_right);

/*
 * Signs staff in, given whether the password was right.
 *
 * errs   ERR_DENIED: unknown, wrong, locked or switched off; always the same
 *        answer. The caller commits also then: the failure is counted.
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_staff(StoreConn *tx, Arena *arena, Str name,
                           bool password_right, int code, Str lang, Instant now,
                           SigninSession *ret);

/*
 * Makes a one-time code of six digits for a citizen and keeps its hash.
 *
 * out    ret_code: "" when none may be sent: to staff, to somebody locked, or
 *        too many in an hour, so that nobody can guess on and on
 * errs   ERR_NOT_FOUND: no such actor; ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_code_make(StoreConn *tx, Arena *arena, Str name,
                               Instant now, char ret_code[7]);

/*
 * Signs a citizen in by the code sent to him.
 *
 * errs   ERR_DENIED: wrong, too old, too often, locked, or no citizen;
 *        committed by the caller
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_citizen(StoreConn *tx, Arena *arena, Str name, Str code,
                             Str lang, Instant now, SigninSession *ret);

/*
 * Opens a session without asking for anything: demo personas only.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_open(StoreConn *tx, int64_t actor_id, bool staff, Str lang,
                          Instant now, SigninSession *ret);

/*
 * Whose session a token is.
 *
 * out    ret: texts in `arena`; ret_until: when it ends by itself
 * errs   ERR_NOT_FOUND: none, over, or the actor is switched off
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_session(StoreConn *conn, Arena *arena, Str token,
                             Instant now, Actor *ret, Instant *ret_until);

/* Ends a session; harmless when there is none.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_close(StoreConn *tx, Str token);

/* Secret of a session for its forms, bound to its token. */
void signin_csrf(Str token, char ret_text[SIGNIN_TOKEN_BYTES]);

#endif

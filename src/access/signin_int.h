/*
 * signin_int.h - what the files of signing in share.
 */
#ifndef ACCESS_SIGNIN_INT_H
#define ACCESS_SIGNIN_INT_H

#include "access/signin.h"

typedef struct ActorRow {
    Actor actor;
    Str password;
    unsigned char code_key[SECRET_KEY_BYTES];
    bool has_code_key;
    int64_t code_step;
    bool disabled;
    bool waiting;     /* for a second person */
    int64_t asked_by; /* 0: the operator */
} ActorRow;

/*
 * The row of an actor.
 *
 * errs   ERR_NOT_FOUND, ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_row(StoreConn *conn, Arena *arena, Str name,
                         ActorRow *ret);

/*
 * The audit leaf of a change: what, to whom; never a secret.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_leaf(StoreConn *tx, Str what, Str name);

/* The same with who did it, by name.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_leaf_by(StoreConn *tx, Str what, Str name, Str by);

/*
 * Waits until no other transaction changes accounts of staff, then keeps
 * others waiting until the end of this one. First of all, so that what is
 * checked after it stays so.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err signin_turn(StoreConn *tx);

/* A text of a row in the arena; at NULL where the row has none. */
Str signin_text(Arena *arena, StoreStmt *stmt, int column);

#endif

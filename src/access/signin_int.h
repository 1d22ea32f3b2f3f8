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

#endif

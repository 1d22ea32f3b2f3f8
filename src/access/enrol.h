/*
 * enrol.h - the holder of an account with power takes it over himself.
 *
 * Who asked for the account and who confirmed it get half of a one-time code
 * each and hand it to the holder; only both halves together let him choose the
 * password and see the secret of his authenticator app. So neither of the two
 * alone can become him. Only hashes of the halves are kept.
 */
#ifndef ACCESS_ENROL_H
#define ACCESS_ENROL_H

#include "access/signin.h"

enum {
    ENROL_HALF_ROOM = 17, /* 80 random bits in base32, with a zero byte */
    ENROL_TRIES = 5,
    ENROL_SECONDS = 24 * 3600 /* since it was confirmed */
};

/* The holder, with what he was handed and what he chooses. */
typedef struct EnrolAsk {
    Str name;
    Str asked;     /* the half of who asked */
    Str confirmed; /* the half of who confirmed */
    Str password;
    const unsigned char *code_key; /* SECRET_KEY_BYTES, for his app */
    Instant now;
} EnrolAsk;

/*
 * Puts an account in force by the two halves, with an audit leaf.
 *
 * errs   ERR_DENIED: the halves do not fit, or are too old, used, or tried
 *        too often, or nobody is named so; always the same answer. The caller
 *        commits also then: the try is counted.
 *        ERR_RANGE: the password is too short or long; diag says so
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err enrol_finish(StoreConn *tx, const EnrolAsk *ask, Diag *diag);

/*
 * Begins: makes the half of who asks for the account.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err enrol_begin(StoreConn *tx, int64_t actor_id,
                          char ret_half[ENROL_HALF_ROOM]);

/*
 * Makes the half of who confirms; the time and the tries begin anew.
 *
 * errs   ERR_NOT_FOUND: nobody is to enrol himself there
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err enrol_confirm(StoreConn *tx, int64_t actor_id, Instant now,
                            char ret_half[ENROL_HALF_ROOM]);

#endif

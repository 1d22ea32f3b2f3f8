/*
 * code.h - citizens sign in by a one-time code that is sent to them.
 *
 * A code is good only in the browser that asked for it. Wrong tries count
 * against that browser and address together with the national ID, so that
 * who guesses locks out himself and not the person; the person has a ceiling
 * far above. It is all the same whether the ID is known here.
 */
#ifndef ACCESS_CODE_H
#define ACCESS_CODE_H

#include "access/signin.h"

enum {
    CODE_TRIES = 3,         /* of one code */
    CODE_WRONG_PAIR = 5,    /* of a browser for one ID, in 15 minutes */
    CODE_WRONG_NEAR = 10,   /* from an address for one ID, in an hour */
    CODE_WRONG_HOST = 100,  /* from an address, in an hour */
    CODE_WRONG_PERSON = 50, /* for one ID from anywhere, in a day */
    CODE_SENT_PAIR = 5,     /* codes sent, in an hour */
    CODE_SENT_NEAR = 8,
    CODE_SENT_HOST = 200,
    CODE_SENT_PERSON = 20
};

/*
 * Makes a one-time code of six digits for a citizen and keeps its hash.
 *
 * out    ret_code: "" when none is sent: nobody is named so, or he is staff;
 *        ret_wait: 0, or when to ask again since it was too often
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err code_make(StoreConn *tx, Arena *arena, const SigninAsk *ask,
                        char ret_code[7], Instant *ret_wait);

/*
 * Signs a citizen in by the code sent to him.
 *
 * out    ret_wait: 0, or when to try again since it was too often
 * errs   ERR_DENIED: wrong, too old, too often, or no citizen; committed by
 *        the caller
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err code_signin(StoreConn *tx, Arena *arena, const SigninAsk *ask,
                          Str code, SigninSession *ret, Instant *ret_wait);

#endif

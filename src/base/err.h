/*
 * err.h - how a function says that it could not do its work.
 *
 * Three things can go wrong, and each has its own way out:
 *
 *   the program is wrong     CHECK() fails and the process stops, also in
 *                            release builds; nothing is ever paid by a
 *                            program that has caught itself lying
 *   the world did not obey   an Err is returned; the caller must look at it,
 *                            and a Diag (diag.h) says what people should read
 *   the answer is "no"       not an error: "not eligible" and "already paid"
 *                            are results, with reasons, in the result type
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdio.h>
#include <stdlib.h>

#include "base/attr.h"

typedef enum Err {
    OK = 0,
    ERR_INVALID,   /* the input breaks a stated rule; do not retry */
    ERR_RANGE,     /* a number left its stated limits; do not retry */
    ERR_NOT_FOUND, /* no such thing, or not for this actor to know */
    ERR_DENIED,    /* the actor or the purpose does not allow it */
    ERR_CONFLICT,  /* somebody else changed it first; read again, retry */
    ERR_BUSY,      /* the store or a partner is busy; retry later */
    ERR_IO,        /* the disk, the database or the network failed */
    ERR_FULL,      /* a stated limit (arena, queue, steps) is reached */
    ERR_STOPPED,   /* who asked for it wants no more; what is done stays */
    ERR_COUNT
} Err;

#define CHECK(condition)                                                       \
    do {                                                                       \
        if (UNLIKELY(!(condition))) {                                          \
            fprintf(stderr, "%s:%d: CHECK(%s)\n", __FILE__, __LINE__,          \
                    #condition);                                               \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* Hands an error on to the caller. The only macro that hides a return. */
#define TRY(expression)                                                        \
    do {                                                                       \
        Err err_ = (expression);                                               \
        if (UNLIKELY(err_ != OK)) return err_;                                 \
    } while (0)

/* The name of an error for logs, as "ERR_BUSY". Static text. */
const char *err_name(Err err);

/* The HTTP status that answers an error: 400, 403, 404, 409, 503 or 500. */
int err_http(Err err);

/* The exit code of a command that ends with an error: 1, or 0 for OK. */
int err_exit(Err err);

#endif

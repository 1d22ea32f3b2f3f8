/*
 * diag.h - what people should read when something could not be done.
 *
 * A Diag carries a text key ("csv.bad_date"), arguments, and where known a
 * file, line and column; the `text` module turns it into a sentence in the
 * reader's language. Libraries fill it and never format or log.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/str.h"

enum { DIAG_ARGS_MAX = 4, DIAG_KEY_BYTES = 48, DIAG_ARG_BYTES = 192 };

typedef struct Diag {
    char key[DIAG_KEY_BYTES];  /* "" when nothing has gone wrong */
    char file[DIAG_ARG_BYTES]; /* "" when unknown */
    int32_t line;              /* from 1; 0 when unknown */
    int32_t column;            /* in code points from 1; 0 when unknown */
    int32_t arg_count;
    char arg[DIAG_ARGS_MAX][DIAG_ARG_BYTES];
} Diag;

/* Sets the key and forgets arguments and place. NULL `diag` is allowed. */
void diag_set(Diag *diag, const char *key);

/* Adds an argument, cut at a code point if it is too long. */
void diag_arg(Diag *diag, Str value);
void diag_arg_text(Diag *diag, const char *value);
void diag_arg_int(Diag *diag, int64_t value);

/* Says where: file may be NULL to keep what is there. */
void diag_place(Diag *diag, const char *file, int32_t line, int32_t column);

#endif

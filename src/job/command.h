/*
 * command.h - every change is a command with an id.
 *
 * Repeating a command gives the first answer; the same id with other content
 * is an error. The row is written in the transaction of the change.
 */
#ifndef JOB_COMMAND_H
#define JOB_COMMAND_H

#include "base/clock.h"
#include "base/err.h"
#include "crypto/hash.h"
#include "store/store.h"

typedef struct CommandId {
    Str source; /* who says it: an agency, "portal", "cli" */
    Str id;     /* unique within the source, 1..200 bytes */
    Hash content;
} CommandId;

/*
 * Whether the command was carried out before.
 *
 * out    ret_answer: what was answered then, in `arena`; at NULL: it is new
 * errs   ERR_CONFLICT: the id was used for other content; diag says so
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err command_seen(StoreConn *tx, Arena *arena, const CommandId *id,
                           Diag *diag, Str *ret_answer);

/*
 * Keeps the answer of a command that has been carried out.
 *
 * errs   ERR_IO, ERR_BUSY, ERR_CONFLICT
 */
NODISCARD Err command_keep(StoreConn *tx, const CommandId *id, Str answer,
                           Instant at);

#endif

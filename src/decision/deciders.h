/*
 * deciders.h - the decider of a programme for a month, by the law of that
 * month.
 *
 * One of these serves one thread for as long as it works. It notices when a
 * version of the law was published meanwhile, and keeps the packs that it has
 * opened.
 */
#ifndef DECISION_DECIDERS_H
#define DECISION_DECIDERS_H

#include "decision/decide.h"
#include "programme/law.h"

typedef struct Deciders Deciders;

/*
 * Opens the deciders of all programmes of a pack.
 *
 * in     base: holds where no version is published; outlives them
 * errs   as decider_open()
 * owns   the caller, deciders_close(), also after an error
 */
NODISCARD Err deciders_open(const Pack *base, Diag *diag, Deciders **ret);

/* NULL is allowed. */
void deciders_close(Deciders *all);

/*
 * Looks whether the law is what it was, before a piece of work.
 *
 * errs   ERR_FULL: no memory; ERR_IO, ERR_BUSY
 */
NODISCARD Err deciders_look(Deciders *all, StoreConn *conn);

/*
 * The decider for a month, as the law was at the last look; good until the
 * next call.
 *
 * out    ret: NULL when the law of that month has no such programme
 * errs   as pack_find(), decider_open()
 */
NODISCARD Err deciders_at(Deciders *all, StoreConn *conn, Str programme,
                          Month month, Diag *diag, Decider **ret);

#endif

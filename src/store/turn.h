/*
 * turn.h - who writes to an SQLite file: one process, and in it one
 * connection at a time, in the order of asking.
 *
 * The process is marked by PATH.lock, which the kernel gives back however we
 * end. Inside it the portal's writer and the jobs of the command line have a
 * connection each; SQLite itself lets them wait by sleeping and looking again,
 * which starves whoever is polite, so that they take turns here.
 */
#ifndef STORE_TURN_H
#define STORE_TURN_H

#include <pthread.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/err.h"

typedef struct StoreTurn {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    uint64_t next;    /* the ticket that is given next */
    uint64_t serving; /* the ticket whose turn it is */
    int holders;      /* connections that share the lock file */
    int lock_fd;      /* of PATH.lock; -1: not held */
} StoreTurn;

/* Nobody writes yet; the turn is destroyed after all have left it. */
void turn_init(StoreTurn *turn);
void turn_destroy(StoreTurn *turn);

/*
 * Makes this process the one that writes to `path`, or notes one more
 * connection of it that does.
 *
 * errs   ERR_BUSY: another process is the writer; diag names it
 *        ERR_IO
 * owns   the caller, turn_leave()
 */
NODISCARD Err turn_join(StoreTurn *turn, const char *path, const char *name,
                        Diag *diag);
void turn_leave(StoreTurn *turn);

/* Waits until nobody before us writes; then it is our turn until the end. */
void turn_begin(StoreTurn *turn);
void turn_end(StoreTurn *turn);

#endif

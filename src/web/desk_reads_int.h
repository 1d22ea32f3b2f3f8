/*
 * desk_reads_int.h - permission to read, and the record of it.
 */
#ifndef WEB_DESK_READS_INT_H
#define WEB_DESK_READS_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "service/guard.h"
#include "web/desk.h"

/* Reads whose records wait to be written together. */
typedef struct DeskReads {
    pthread_mutex_t lock;
    pthread_cond_t gathered; /* `count` has come to `wanted` */
    struct DeskRead *first;
    struct DeskRead *last;
    int count;
    int wanted;             /* worth waiting for, from what came last */
    bool submitted;         /* somebody is on the way to write them */
    atomic_ullong recorded; /* since the start, as the next */
    atomic_ullong groups;
} DeskReads;

/* Reads whose records are written in one change, see desk_record.c. */
typedef struct DeskGroup {
    Desk *desk;
    struct DeskRead *first; /* NULL until the writer comes to it */
    bool taken;
    bool whole; /* not yet tried each by itself */
} DeskGroup;

enum { DESK_ALSO_MAX = 8 };

/* A read, or one that was refused, whose record is still to be written. */
typedef struct DeskRead {
    BackendCall *call;
    GuardRead record;
    GuardAlso also[DESK_ALSO_MAX]; /* see desk_also() */
    struct DeskRead *next;         /* to be written with it */
    DeskGroup group;               /* of those that it begins */
} DeskRead;

/*
 * Asks whether the signed-in actor may do this with a household (-1: with
 * the registry as a whole), as it was on a day.
 *
 * out    ret: for desk_record()
 * errs   ERR_DENIED: the try is being recorded, if it was on a household
 *        ERR_NOT_FOUND: nobody is signed in; ERR_IO, ERR_BUSY
 *        ERR_FULL: too many changes wait
 */
NODISCARD Err desk_guard(Desk *desk, BackendCall *call, StoreConn *conn,
                         Action action, Object object, int64_t household_id,
                         Day day, const char *what, Diag *diag, DeskRead **ret);

/*
 * Has a refused try on a household recorded; the answer waits for it.
 *
 * errs   ERR_DENIED; ERR_FULL: too many changes wait
 */
NODISCARD Err desk_refuse(Desk *desk, DeskRead *read, Diag *diag);

/*
 * Has the read recorded: the answer, complete by now, waits for it. The next
 * desk_flush() sends it on its way.
 *
 * errs   ERR_FULL: too many changes wait
 */
NODISCARD Err desk_record(Desk *desk, DeskRead *read, Diag *diag);

/* Sends the reads that gathered to be written. */
void desk_flush(void *self);

/* Appends how many were recorded, and how. */
void desk_record_metrics(Desk *desk, Buf *buf);

/*
 * A read of a kept answer: asks again whether the actor may do this, given
 * what is known of the household.
 *
 * errs   as desk_guard()
 */
NODISCARD Err desk_guard_again(Desk *desk, BackendCall *call, Action action,
                               const Subject *subject, const char *what,
                               Diag *diag, DeskRead **ret);

/* Notes for the record that something of another household is shown too.
 * False: there is no room for more. */
bool desk_also(DeskRead *read, int64_t household_id);

#endif

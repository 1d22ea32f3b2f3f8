/*
 * writer.h - the write queue: changes go in, durable answers come out.
 *
 * A handler never holds a transaction: it submits a change and is told when
 * the change is durable. A writer thread takes what waits, runs each change in
 * a savepoint of its own, commits them together and then tells everybody. On
 * PostgreSQL several threads do this side by side.
 */
#ifndef JOB_WRITER_H
#define JOB_WRITER_H

#include "base/diag.h"
#include "base/err.h"
#include "store/store.h"

typedef struct Writer Writer;

enum {
    WRITER_QUEUE_MAX = 4096, /* changes that may wait */
    WRITER_BATCH_MAX = 512   /* changes in one commit */
};

/* The change itself, run inside the transaction. An error undoes it alone. */
typedef Err WriterChange(StoreConn *tx, void *arg, Diag *diag);

/* Told once, on the writer's thread, when the change is durable or failed. */
typedef void WriterDone(void *arg, Err err, const Diag *diag);

/*
 * Starts writing to a database.
 *
 * errs   as store_writer()
 * owns   the caller, writer_close(), which first writes what still waits
 */
NODISCARD Err writer_open(Store *store, Diag *diag, Writer **ret);
void writer_close(Writer *writer);

/*
 * Queues a change; `arg` must live until `done` is called.
 *
 * errs   ERR_FULL: too many changes wait; `done` is not called
 */
NODISCARD Err writer_submit(Writer *writer, WriterChange *change,
                            WriterDone *done, void *arg);

/*
 * Queues a change and waits until it is durable.
 *
 * errs   ERR_FULL, and whatever the change or its commit gave
 */
NODISCARD Err writer_run(Writer *writer, WriterChange *change, void *arg,
                         Diag *diag);

/* The number of changes that wait now, for metrics. */
int writer_waiting(Writer *writer);

#endif

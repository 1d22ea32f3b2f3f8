/*
 * beside.h - what others do to the same database at the same time.
 *
 * On SQLite one process writes, its writers take turns and its jobs follow
 * each other, so that there is nothing to wait for; on PostgreSQL any number
 * of processes write.
 */
#ifndef STORE_BESIDE_H
#define STORE_BESIDE_H

#include "store/store.h"

/*
 * Waits until every change that others began before this call has ended,
 * without keeping them or those after them waiting: who commits something,
 * calls this and then reads, knows that what he does not read is done by
 * somebody who sees what he committed. Outside of a transaction.
 *
 * errs   ERR_BUSY: a change has been open for a minute
 *        ERR_IO
 */
NODISCARD Err store_barrier(StoreConn *writer);

/*
 * Says that the connection does a job of which there is one at a time, until
 * store_job_end() or the end of the connection. *ret_mine is false when
 * another does it.
 *
 * in     job: a number for all of its kind
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err store_job_begin(StoreConn *writer, int64_t job, bool *ret_mine);
void store_job_end(StoreConn *writer, int64_t job);

#endif

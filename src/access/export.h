/*
 * export.h - the right to take everybody's data out, and the record of it.
 */
#ifndef ACCESS_EXPORT_H
#define ACCESS_EXPORT_H

#include "access/access.h"

/*
 * Whether the operator may take out the registry as a whole.
 *
 * errs   ERR_DENIED: access.denied
 */
NODISCARD Err access_may_export(Diag *diag);

/*
 * Records that everybody's data is about to be taken out: one audit leaf
 * "export" in a transaction of its own, durable before anything is read.
 *
 * in     what: the command, as "backup"
 * errs   as store_exec() and store_writer_beside(), diag access.unrecorded
 *        {database}: it cannot be written
 * tables reads household_book, person_key; writes audit_pending
 */
NODISCARD Err access_export(Store *store, const char *what, Diag *diag);

#endif

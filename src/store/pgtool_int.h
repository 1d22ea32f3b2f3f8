/*
 * pgtool_int.h - pg_dump and pg_restore, run on the database of a connection.
 */
#ifndef STORE_PGTOOL_INT_H
#define STORE_PGTOOL_INT_H

#include "store/store_int.h"

/* Writes an archive of the database into a file and reads it again.
 *
 * errs   as store_backup()
 */
NODISCARD Err pgtool_dump(StoreConn *conn, const char *file, Diag *diag);

/* Fills the database of the connection from an archive, in one transaction.
 *
 * errs   as store_restore()
 */
NODISCARD Err pgtool_restore(StoreConn *conn, const char *file, Diag *diag);

#endif

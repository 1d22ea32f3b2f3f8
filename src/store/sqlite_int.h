/*
 * sqlite_int.h - the SQLite half of the store.
 */
#ifndef STORE_SQLITE_INT_H
#define STORE_SQLITE_INT_H

#include "store/store_int.h"

/* Sees that the file is a database that can be read, or makes it.
 *
 * errs   as store_open()
 */
NODISCARD Err sqlite_probe(Store *store, bool create, Diag *diag);

/* Opens the connection in `conn`, for writing if conn->writer says so.
 *
 * errs   as store_reader() and store_writer()
 */
NODISCARD Err sqlite_open(StoreConn *conn, Diag *diag);
void sqlite_close(StoreConn *conn);

/* Notes what `rc` and the handle say. A failed sync ends the process. */
Err sqlite_fault(StoreConn *conn, int rc);

/* Prepares; a failure is kept in stmt->err. */
void sqlite_prepare(StoreStmt *stmt);

/* Runs one of BEGIN, COMMIT and so on.
 *
 * errs   as store_commit()
 */
NODISCARD Err sqlite_fixed(StoreConn *conn, int which);
void sqlite_rollback(StoreConn *conn);

/* As store_script() and store_ask().
 *
 * errs   as there
 */
NODISCARD Err sqlite_script(StoreConn *conn, const char *sql);
NODISCARD Err sqlite_ask(StoreConn *conn, const char *sql, int64_t *ret_number);

/* Copies what `conn` sees into a file, in one piece and so of one moment.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err sqlite_copy(StoreConn *conn, const char *file, Diag *diag);

/* As store_check().
 *
 * errs   as there
 */
NODISCARD Err sqlite_check(StoreConn *conn, Diag *diag);

#endif

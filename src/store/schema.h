/*
 * schema.h - the tables of a database: made, upgraded and compared with what
 * this release needs.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/store.h"

/* Creates or upgrades the schema by the migrations in sql/schema; repeatable.
 *
 * errs   ERR_CONFLICT: made by a newer release than this
 *        ERR_IO
 */
NODISCARD Err store_migrate(StoreConn *writer, Diag *diag);

/*
 * Whether the schema is this release's: its statements need all of it.
 *
 * errs   ERR_NOT_FOUND: an empty database, `sanad init` is needed
 *        ERR_CONFLICT: another (store.older: `sanad init`; store.newer)
 *        ERR_IO
 */
NODISCARD Err store_schema_check(StoreConn *conn, Diag *diag);

/* The number of the newest schema file that this program carries. */
int store_schema_number(void);

#endif

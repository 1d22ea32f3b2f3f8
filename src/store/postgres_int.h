/*
 * postgres_int.h - the PostgreSQL half of the store.
 */
#ifndef STORE_POSTGRES_INT_H
#define STORE_POSTGRES_INT_H

#include "store/store_int.h"

/* Sees that libpq is there and that the server answers.
 *
 * errs   as store_open()
 */
NODISCARD Err postgres_probe(Store *store, Diag *diag);

/* Connects conn->pg.
 *
 * errs   as store_reader()
 */
NODISCARD Err postgres_open(StoreConn *conn, Diag *diag);
void postgres_close(StoreConn *conn);

/* Prepares on the server and learns the parameters' types; a failure is kept
 * in stmt->err. */
void postgres_prepare(StoreStmt *stmt);

void postgres_bind_int(StoreStmt *stmt, int index, int64_t value);
void postgres_bind_bytes(StoreStmt *stmt, int index, Str value);
void postgres_bind_null(StoreStmt *stmt, int index);

/* As the functions of store.h with the same last word.
 *
 * errs   as there
 */
NODISCARD Err postgres_exec(StoreStmt *stmt, int64_t *ret_changed);
NODISCARD Err postgres_step(StoreStmt *stmt, bool *ret_row);
void postgres_reset(StoreStmt *stmt);
int64_t postgres_int(StoreStmt *stmt, int column);
Str postgres_bytes(StoreStmt *stmt, int column);
NODISCARD Err postgres_begin(StoreConn *conn);
NODISCARD Err postgres_commit(StoreConn *conn);
void postgres_rollback(StoreConn *conn);
NODISCARD Err postgres_savepoint(StoreConn *conn);
NODISCARD Err postgres_release(StoreConn *conn);
NODISCARD Err postgres_rollback_to(StoreConn *conn);
NODISCARD Err postgres_flush(StoreConn *conn);
NODISCARD Err postgres_script(StoreConn *conn, const char *sql);
NODISCARD Err postgres_ask(StoreConn *conn, const char *sql,
                           int64_t *ret_number);

#endif

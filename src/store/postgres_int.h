/*
 * postgres_int.h - the PostgreSQL half of the store.
 *
 * postgres.c has connections, transactions and the pipeline; pgstmt.c
 * prepared statements; pgcopy.c rows of :bulk statements on their way;
 * pgvalue.c the binary forms of values; pq.c the library.
 *
 * A connection stays in libpq's pipeline mode. Commands are sent without
 * waiting; postgres_drain() waits for all of them and keeps the first error,
 * which then refuses everything until the transaction is rolled back. Only
 * COPY and scripts leave the mode, with nothing on the way.
 */
#ifndef STORE_POSTGRES_INT_H
#define STORE_POSTGRES_INT_H

#include "store/pq_int.h"
#include "store/store_int.h"

enum { POSTGRES_BULK_MAX = 64 /* :bulk statements that there may be */ };

struct PostgresConn {
    const Pq *pq;
    PGconn *to;
    int on_the_way;    /* commands sent, results not read */
    Err err;           /* of this transaction: refuses until rolled back */
    uint64_t buffered; /* bit n: the n-th :bulk statement has rows */
    StoreStmt *bulk[POSTGRES_BULK_MAX];
    int bulk_count;
};

struct PostgresStmt {
    char name[16];      /* on the server */
    int count;          /* parameters that the server sees */
    Oid *types;         /* of them */
    const char **value; /* NULL: null */
    int *length;
    int *format;        /* 1: binary */
    char (*number)[24]; /* what value points to for integers */
    uint64_t mentions;  /* :bulk statements whose table the text names */
    int bulk_index;     /* -1: not :bulk */
    Buf rows;           /* of a :bulk statement, as COPY wants them */
    int row_count;
    PGresult *result; /* of a read */
    int row;          /* the one that is read, from 0 */
};

/* Sees that libpq is there and that the server answers.
 *
 * errs   as store_open()
 */
NODISCARD Err postgres_probe(Store *store, Diag *diag);

/* Closes what postgres_probe() kept open. */
void postgres_forget(Store *store);

/* Connects conn->pg.
 *
 * errs   as store_reader()
 */
NODISCARD Err postgres_open(StoreConn *conn, Diag *diag);
void postgres_close(StoreConn *conn);

/* Makes a connection again that was found broken; to be called where no
 * transaction is open.
 *
 * errs   ERR_IO
 */
NODISCARD Err postgres_reconnect(StoreConn *conn);

/* Notes what the server or libpq says; result may be NULL. */
Err postgres_fault(StoreConn *conn, const PGresult *result);

/* After a command was sent: 0 from libpq means that it could not be.
 *
 * errs   ERR_IO
 */
NODISCARD Err postgres_sent(StoreConn *conn, int sent);

/* Sends a command without parameters.
 *
 * errs   ERR_IO
 */
NODISCARD Err postgres_send(StoreConn *conn, const char *sql);

/*
 * Waits for all that is on the way. ret_last, when not NULL, gets the result
 * of the last command for the caller to clear; untouched on failure.
 *
 * errs   the first error of the commands, as store_flush()
 */
NODISCARD Err postgres_drain(StoreConn *conn, PGresult **ret_last);

/* Leaves the pipeline for a moment, runs, waits, returns to it; NULL when it
 * could not be left.
 */
PGresult *postgres_run(StoreConn *conn, const char *sql);

/* Goes back to the pipeline. */
void postgres_resume(StoreConn *conn);

/* As the functions of store.h with the same last word.
 *
 * errs   as there
 */
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

/* Prepares on the server and learns the parameters' types; a failure is kept
 * in stmt->err. */
void pgstmt_prepare(StoreStmt *stmt);
void pgstmt_bind_int(StoreStmt *stmt, int index, int64_t value);
void pgstmt_bind_bytes(StoreStmt *stmt, int index, Str value);
void pgstmt_bind_null(StoreStmt *stmt, int index);

/* As the functions of store.h with the same last word.
 *
 * errs   as there
 */
NODISCARD Err pgstmt_exec(StoreStmt *stmt, int64_t *ret_changed);
NODISCARD Err pgstmt_step(StoreStmt *stmt, bool *ret_row);
void pgstmt_reset(StoreStmt *stmt);
int64_t pgstmt_int(StoreStmt *stmt, int column);
Str pgstmt_bytes(StoreStmt *stmt, int column);
bool pgstmt_is_null(StoreStmt *stmt, int column);

/* Keeps a row of a :bulk statement; sends when there are many.
 *
 * errs   as store_flush()
 */
NODISCARD Err pgcopy_add(StoreStmt *stmt);

/* Sends all rows that are kept, in the order of the statements.
 *
 * errs   as store_flush()
 */
NODISCARD Err pgcopy_send(StoreConn *conn);

/* Forgets the rows that are kept. */
void pgcopy_forget(StoreConn *conn);

/* Writes an integer in the binary form of a type, into 24 bytes; its length,
 * or -1 when it does not fit the type, -2 when the type holds no integers. */
int pgvalue_write_int(Oid type, int64_t value, char *to);

/* An integer of any numeric type, of a truth value or of digits. */
int64_t pgvalue_read_int(Oid type, Str bytes);

/* Whether values of the type are their own bytes: texts and BYTEA. */
bool pgvalue_is_bytes(Oid type);

#endif

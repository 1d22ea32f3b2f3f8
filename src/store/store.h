/*
 * store.h - one interface, two databases.
 *
 * A Store is an opened database: SQLite by path, PostgreSQL by URL. Work is
 * done on connections; a connection belongs to one thread at a time. Only
 * statements that are named in sql/ can be run (generated: query.h).
 *
 * On PostgreSQL, writes are pipelined: their errors may surface at the next
 * read, store_flush() or store_commit(), whichever comes first. After any
 * error inside a transaction the caller rolls back.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/diag.h"
#include "base/err.h"
#include "query.h" /* generated from sql/: enum Query */

typedef struct Store Store;
typedef struct StoreConn StoreConn;
typedef struct StoreStmt StoreStmt;

typedef enum StoreKind { STORE_SQLITE, STORE_POSTGRES } StoreKind;

/*
 * Opens a database: a path of an SQLite file, or postgres://... With
 * `create`, a missing SQLite file is made (mode 0600).
 *
 * out    diag says in one line what to do when it fails
 * errs   ERR_NOT_FOUND: no such database, and not `create`
 *        ERR_IO: cannot be opened, is no database, wrong rights
 * owns   the caller, store_close()
 */
NODISCARD Err store_open(const char *db, bool create, Diag *diag, Store **ret);
void store_close(Store *store);
void store_closep(Store **store);
StoreKind store_kind(const Store *store);

/* The name that it was opened by; secrets in a URL are left out. */
const char *store_name(const Store *store);

/*
 * A connection for reading. On SQLite it sees what was committed when its
 * transaction (or its single statement) began.
 *
 * errs   ERR_IO, ERR_BUSY
 * owns   the caller, store_conn_close()
 */
NODISCARD Err store_reader(Store *store, Diag *diag, StoreConn **ret);

/*
 * A connection that writes. On SQLite it takes DB.lock, which one process holds
 * at a time; its transactions take turns with those of the process's others.
 *
 * errs   ERR_BUSY: another process is the writer; diag names it
 *        ERR_IO
 * owns   the caller, store_conn_close()
 */
NODISCARD Err store_writer(Store *store, Diag *diag, StoreConn **ret);

/*
 * The same for a short change beside another process that is the writer, as
 * the record of a read: it goes in between that one's transactions.
 *
 * errs   ERR_IO, ERR_BUSY
 * owns   the caller, store_conn_close()
 */
NODISCARD Err store_writer_beside(Store *store, Diag *diag, StoreConn **ret);
void store_conn_close(StoreConn *conn);
void store_conn_closep(StoreConn **conn);

/*
 * Transactions. store_commit() returns when the change is durable. When it
 * fails, store_rollback() is still due. A sync that the disk refuses ends
 * the process: after it nobody knows what is stored. Commit and rollback end
 * all reads of the connection.
 *
 * errs   ERR_BUSY: worth trying again (locked, serialization, deadlock)
 *        ERR_CONFLICT: a unique key or a check refused a pipelined write
 *        ERR_IO; with diag store.commit_unknown from store_diag() the
 *        connection broke while committing: ask by the command's id
 */
NODISCARD Err store_begin(StoreConn *conn);
NODISCARD Err store_commit(StoreConn *conn);
void store_rollback(StoreConn *conn);

/* A part of a transaction that can fail alone: one command of a batch. Not
 * nested. All errors of the part have come out when store_release() returns;
 * after an error store_rollback_to() undoes the part and ends it.
 *
 * errs   ERR_IO; store_release() also those of store_flush()
 */
NODISCARD Err store_savepoint(StoreConn *conn);
NODISCARD Err store_release(StoreConn *conn);
NODISCARD Err store_rollback_to(StoreConn *conn);

/*
 * The statement, ready to bind its parameters ($1 is 1). Borrowed from the
 * connection; valid until the same query is asked for again. Preparing
 * happens at first use. A failure surfaces at store_exec()/store_step().
 * Every parameter is bound before each run; one that is not is a fault of
 * ours and CHECK() says so. Bound bytes stay where they are until
 * store_exec() or the first store_step() returns (SQLite: until the end of
 * the read).
 */
StoreStmt *store_query(StoreConn *conn, Query query);
void store_bind_int(StoreStmt *stmt, int index, int64_t value);
void store_bind_text(StoreStmt *stmt, int index, Str value);
void store_bind_bytes(StoreStmt *stmt, int index, Str value);
void store_bind_null(StoreStmt *stmt, int index);

/*
 * Runs a statement that gives no rows (:exec or :bulk). ret_changed, when
 * not NULL, gets the number of rows changed (and ends pipelining).
 * Statements marked :bulk are INSERTs that PostgreSQL buffers and sends by
 * COPY BINARY before the next other statement of that table or the commit.
 * Bound bytes and texts may be reused by the caller after this returns.
 *
 * errs   ERR_CONFLICT: a unique key or a check refused it
 *        ERR_IO, ERR_BUSY
 */
NODISCARD Err store_exec(StoreStmt *stmt, int64_t *ret_changed);

/*
 * Moves to the next row of a :one or :many statement; *ret_row is false when
 * there is none. Values are borrowed until the next step of the statement.
 * A read that does not come to its end is ended by store_reset(), the next
 * store_query() for it, or the end of the transaction. PostgreSQL fetches a
 * :many as a whole: page by key what may be large.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err store_step(StoreStmt *stmt, bool *ret_row);
int64_t store_int(StoreStmt *stmt, int column); /* from 0; NULL gives 0 */
Str store_text(StoreStmt *stmt, int column);    /* NULL gives {NULL, 0} */
Str store_bytes(StoreStmt *stmt, int column);
bool store_is_null(StoreStmt *stmt, int column);

/* Ends a read early, so that the connection holds no snapshot open. */
void store_reset(StoreStmt *stmt);

/* Sends what is pipelined or buffered and reports its errors.
 *
 * errs   ERR_CONFLICT, ERR_IO, ERR_BUSY
 */
NODISCARD Err store_flush(StoreConn *conn);

/* What the database said about the last error; "" when nothing. Static until
 * the next call on the connection. For logs and doctor, not for citizens. */
const char *store_error(const StoreConn *conn);

/* Says the last error of the connection for people: locked, no right, disk
 * full, damaged, connection lost and so on, each a text of its own. */
void store_diag(const StoreConn *conn, Diag *diag);

/*
 * An id of 63 bits that no process gave before and that does not decrease
 * here: milliseconds 41, node 10, sequence 12 (design: Ids). The node is
 * leased when the store's first writer is opened, so open one before.
 */
int64_t store_new_id(Store *store);

/*
 * Reads the whole database for damage, as `doctor` and a verified restore
 * want it. On PostgreSQL that is its administrator's work: always OK.
 *
 * errs   ERR_IO: damaged, or cannot be read; diag says which
 */
NODISCARD Err store_check(StoreConn *conn, Diag *diag);

/*
 * In test builds only (-DSANAD_TORTURE): makes the n-th statement from now
 * on this thread fail, counted from 1; 0 switches it off. Begin, commit and
 * each row count as statements. Returns what was left of the count before: 0
 * when it has failed, or was off.
 */
long store_fail_at(long nth);

/* The embedded database with its version, "SQLite 3.40.1". Static text. */
const char *store_library(void);

#endif

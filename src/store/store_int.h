/*
 * store_int.h - what the files of the store share.
 *
 * store.c dispatches; sqlite.c and postgres.c know one database each;
 * dialect.c derives SQLite's schema. A connection is of the one kind or the
 * other: conn->pg is NULL or not, and that is the only switch.
 */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/asset.h"
#include "base/buf.h"
#include "store/store.h"
#include "store/turn.h"
#include "store/watch.h"

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct PostgresConn PostgresConn;
typedef struct PostgresStmt PostgresStmt;

enum {
    STORE_PARAMETERS_MAX = 64,
    STORE_ERROR_BYTES = 512,
    STORE_NODES_MAX = 1024,
    STORE_SCHEMA_BYTES_MAX = 1 << 20, /* of one migration's DDL */
    WATCH_PLACES = 4096               /* several things may share a count */
};

typedef enum QueryKind {
    QUERY_EXEC,
    QUERY_ONE,
    QUERY_MANY,
    QUERY_BULK
} QueryKind;

/* A named statement of sql/, as tools/queries writes it. */
typedef struct QueryText {
    const char *name;
    QueryKind kind;
    int parameters;      /* the greatest n of $n */
    const char *table;   /* of a :bulk statement, else "" */
    const char *columns; /* of a :bulk statement, with commas */
    const char *sqlite;
    const char *postgres;          /* NULL: the same as sqlite */
    unsigned char touches;         /* a WatchKind */
    unsigned char touch_parameter; /* n of the $n that is its id; 0: none */
} QueryText;

extern const QueryText store_queries[];

/* One numbered file of sql/schema. */
typedef struct SchemaFile {
    int number;
    const char *path;
    Str text;
    const char *tag; /* of its content */
} SchemaFile;

/* What stands between us and the database, as people must be told. */
typedef enum StoreFault {
    FAULT_NONE,
    FAULT_LOCKED,
    FAULT_DENIED,
    FAULT_NOT_DATABASE,
    FAULT_DAMAGED,
    FAULT_FULL,
    FAULT_REFUSED, /* a key or a check */
    FAULT_RETRY,   /* serialization, deadlock */
    FAULT_LOST,    /* the connection broke */
    FAULT_UNKNOWN, /* it broke while committing: done or not? */
    FAULT_OTHER
} StoreFault;

/* Ids: milliseconds since 2020 and sequence together, and the node. */
typedef struct StoreIds {
    _Atomic int64_t last;     /* milliseconds << 12 | sequence, last given */
    _Atomic int64_t until_ms; /* reserved for this process in store_node */
    _Atomic int32_t node;     /* -1: not leased yet */
} StoreIds;

struct Store {
    Arena *arena;
    StoreKind kind;
    const char *target;     /* path or URL, secrets included */
    const char *name;       /* the same without secrets */
    const QueryText *extra; /* statements after the built-in ones: of tests */
    size_t query_count;     /* built-in and extra ones */
    const SchemaFile *schema;
    size_t schema_count;
    const struct Pq *pq;           /* libpq, when PostgreSQL */
    struct pg_conn *_Atomic spare; /* connected while opening; or NULL */
    pthread_mutex_t lease_lock;    /* one thread leases or renews */
    int64_t lease;                 /* the number of our taking of the node */
    int writer_count;              /* that share the node */
    StoreIds ids;
    _Atomic uint64_t counts[WATCH_PLACES]; /* see watch.h */
    _Atomic uint64_t total;                /* rises before any of them */
    StoreTurn turn;                        /* SQLite: who writes */
    pthread_mutex_t fault_lock;
    struct StoreListener *listeners; /* see fault.h */
};

struct StoreStmt {
    StoreConn *conn;
    sqlite3_stmt *lite;
    PostgresStmt *pg;
    const QueryText *text;
    uint64_t bound; /* bit n-1: $n has been bound since the last run */
    uint64_t all;
    bool ready;     /* prepared */
    bool active;    /* between the first row and the end */
    Err err;        /* of preparing or binding; comes out at the next run */
    unsigned touch; /* place of the count of what its parameter names */
    unsigned char slot[STORE_PARAMETERS_MAX + 1]; /* of $n; 0: not used */
};

enum {
    FIXED_BEGIN,
    FIXED_COMMIT,
    FIXED_ROLLBACK,
    FIXED_SAVEPOINT,
    FIXED_RELEASE,
    FIXED_ROLLBACK_TO,
    FIXED_LATER, /* commits wait for the next one that is durable */
    FIXED_DURABLE,
    FIXED_COUNT
};

struct StoreConn {
    Store *store;
    Arena *arena;
    sqlite3 *lite;
    PostgresConn *pg;
    StoreStmt *stmts; /* by Query */
    bool writer;
    bool beside; /* another process may be the writer */
    bool in_transaction;
    bool leasing; /* shares the store's node of ids */
    bool joined;  /* shares the process's lock */
    bool turn;    /* it is ours: nobody else writes */
    bool touched_any;
    uint64_t touched[WATCH_PLACES / 64]; /* a bit a place, until the end */
    int active_count;                    /* statements between rows */
    sqlite3_stmt *fixed[FIXED_COUNT];    /* BEGIN and so on */
    StoreFault fault;                    /* of the last error */
    char error[STORE_ERROR_BYTES];
};

/*
 * store_open() with statements besides the built-in ones (the first is query
 * Q_COUNT) and with another schema: for tests of the store itself.
 *
 * errs   as store_open()
 */
NODISCARD Err store_open_with(const char *db, bool create,
                              const QueryText *extra, size_t extra_count,
                              const SchemaFile *schema, size_t schema_count,
                              Diag *diag, Store **ret);

/* The numbered schema files among the assets, in order. */
const SchemaFile *store_schema_assets(Arena *arena, size_t *ret_count);

/* Notes an error on the connection; gives the Err that belongs to it. */
Err store_fault(StoreConn *conn, StoreFault fault, const char *text);

/* Runs statements of ours that are not named: schema, migrations.
 *
 * errs   as store_exec()
 */
NODISCARD Err store_script(StoreConn *conn, const char *sql);

/* The number that a query of ours gives that is not named; 0 for none. For
 * the time before named statements can be prepared.
 *
 * errs   as store_step()
 */
NODISCARD Err store_ask(StoreConn *conn, const char *sql, int64_t *ret_number);

/* Milliseconds since 2020-01-01T00:00:00Z. */
int64_t store_id_now_ms(void);

/* Of an id: below the milliseconds the node, and the count within one. */
enum { STORE_ID_SEQUENCE_BITS = 12, STORE_ID_NODE_BITS = 10 };

/* Leases a node for ids if the writer's store has none, or renews it.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err store_lease(StoreConn *writer);

/* Gives the node back, noting the last id. Errors do not matter: an
 * unreturned lease runs out. */
void store_lease_return(StoreConn *writer);

#endif

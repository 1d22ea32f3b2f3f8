#include "store/sqlite_int.h"
#include "store/store_int.h"

enum {
    LEASE_MS = 3600 * 1000,      /* how far ahead ids are reserved */
    GRACE_MS = 24 * 3600 * 1000, /* until a killed holder is forgotten */
    TRIES = 64                   /* against others who lease at once */
};

typedef struct Node {
    int64_t number;
    int64_t until_ms; /* its ids given so far are not after this */
    int64_t lease;    /* how often it has been taken */
} Node;

/*
 * Whether commits of a lease need no sync of their own: SQLite's log is made
 * durable from its beginning, so a row with an id of ours never outlives the
 * lease of it, and a lease that is lost with all that came after is nothing.
 */
static Err sync_later(StoreConn *conn, bool later)
{
    if (conn->lite == NULL) return OK;
    return sqlite_fixed(conn, later ? FIXED_LATER : FIXED_DURABLE);
}

/* Reads one node by a :one statement whose parameters are bound. */
static Err node_read(StoreStmt *stmt, bool *ret_row, Node *ret)
{
    TRY(store_step(stmt, ret_row));
    if (*ret_row) {
        *ret =
            (Node){store_int(stmt, 0), store_int(stmt, 1), store_int(stmt, 2)};
    }
    store_reset(stmt);
    return OK;
}

/* A node that nobody uses: one given back, a new one, or, when all numbers
 * are in use, the one whose ids reach least far ahead of the clock. */
static Err node_find(StoreConn *conn, int64_t now_ms, bool *ret_row, Node *ret)
{
    /* SQLite has one writing process, so a held node is of one that died. */
    int64_t gone = conn->lite != NULL ? now_ms : now_ms - GRACE_MS;
    StoreStmt *stmt = store_query(conn, Q_NODE_FREE);
    store_bind_int(stmt, 1, now_ms);
    store_bind_int(stmt, 2, gone);
    TRY(node_read(stmt, ret_row, ret));
    if (*ret_row) return OK;
    stmt = store_query(conn, Q_NODE_NEXT);
    TRY(store_step(stmt, ret_row));
    int64_t next = store_int(stmt, 0);
    store_reset(stmt);
    if (next >= STORE_NODES_MAX) {
        return node_read(store_query(conn, Q_NODE_AHEAD), ret_row, ret);
    }
    stmt = store_query(conn, Q_NODE_INSERT);
    store_bind_int(stmt, 1, next);
    TRY(store_exec(stmt, NULL));
    *ret = (Node){next, 0, 0};
    return OK;
}

/* Sets what a node promises, by one of three statements of the same form;
 * false when it is not ours any more, or somebody else was faster. */
static Err node_set(StoreConn *conn, Query query, int64_t node, int64_t lease,
                    int64_t until_ms, bool *ret_done)
{
    int64_t changed = 0;
    StoreStmt *stmt = store_query(conn, query);
    store_bind_int(stmt, 1, node);
    store_bind_int(stmt, 2, lease);
    store_bind_int(stmt, 3, until_ms);
    TRY(store_exec(stmt, &changed));
    *ret_done = changed == 1;
    return OK;
}

/* The time, or later if ids have run ahead of it. */
static int64_t id_time_ms(const Store *store)
{
    int64_t last = atomic_load(&store->ids.last) >> STORE_ID_SEQUENCE_BITS;
    int64_t now = store_id_now_ms();
    return now > last ? now : last;
}

static Err node_take(StoreConn *conn)
{
    Store *store = conn->store;
    for (int i = 0; i < TRIES; i++) {
        bool row = true, done = false;
        Node node;
        int64_t from = id_time_ms(store);
        TRY(node_find(conn, from, &row, &node));
        if (!row) break;
        if (from <= node.until_ms) from = node.until_ms + 1;
        TRY(node_set(conn, Q_NODE_TAKE, node.number, node.lease,
                     from + LEASE_MS, &done));
        if (!done) continue;
        store->lease = node.lease + 1;
        int64_t before = (from << STORE_ID_SEQUENCE_BITS) - 1;
        int64_t last = atomic_load(&store->ids.last);
        if (last < before) atomic_store(&store->ids.last, before);
        atomic_store(&store->ids.until_ms, from + LEASE_MS);
        atomic_store(&store->ids.node, (int32_t)node.number);
        return OK;
    }
    return store_fault(conn, FAULT_LOCKED,
                       "all 1024 numbers for processes that give ids are "
                       "in use");
}

/* Reserves another hour, or leases anew when the node was lost. */
static Err node_renew(StoreConn *conn)
{
    Store *store = conn->store;
    int64_t until = id_time_ms(store) + LEASE_MS;
    bool done = false;
    TRY(node_set(conn, Q_NODE_RENEW, atomic_load(&store->ids.node),
                 store->lease, until, &done));
    if (!done) return node_take(conn);
    atomic_store(&store->ids.until_ms, until);
    return OK;
}

static bool lease_is_fresh(const StoreConn *conn)
{
    const StoreIds *ids = &conn->store->ids;
    return atomic_load(&ids->node) >= 0 &&
           id_time_ms(conn->store) < atomic_load(&ids->until_ms) - LEASE_MS / 2;
}

static Err lease_locked(StoreConn *conn)
{
    if (!conn->leasing) {
        int64_t tables = 0;
        TRY(store_ask(conn,
                      conn->lite != NULL
                          ? "SELECT count(*) FROM sqlite_schema "
                            "WHERE name = 'store_node'"
                          : "SELECT count(*) FROM pg_tables WHERE "
                            "tablename = 'store_node' "
                            "AND schemaname = 'public'",
                      &tables));
        if (tables == 0) return OK; /* an empty database, before init */
    }
    if (!lease_is_fresh(conn)) {
        bool held = atomic_load(&conn->store->ids.node) >= 0;
        TRY(sync_later(conn, true));
        Err err = held ? node_renew(conn) : node_take(conn);
        CHECK(sync_later(conn, false) ==
              OK); /* else nothing would be durable */
        TRY(err);
    }
    if (!conn->leasing) conn->store->writer_count++;
    conn->leasing = true;
    return OK;
}

Err store_lease(StoreConn *writer)
{
    if (LIKELY(writer->leasing) && LIKELY(lease_is_fresh(writer))) return OK;
    Store *store = writer->store;
    CHECK(pthread_mutex_lock(&store->lease_lock) == 0);
    Err err = lease_locked(writer);
    CHECK(pthread_mutex_unlock(&store->lease_lock) == 0);
    return err;
}

void store_lease_return(StoreConn *writer)
{
    if (!writer->leasing) return;
    Store *store = writer->store;
    CHECK(pthread_mutex_lock(&store->lease_lock) == 0);
    writer->leasing = false;
    if (--store->writer_count == 0) {
        int64_t last = atomic_load(&store->ids.last) >> STORE_ID_SEQUENCE_BITS;
        bool done;
        Err err = sync_later(writer, true);
        if (err == OK) {
            err = node_set(writer, Q_NODE_RETURN, atomic_load(&store->ids.node),
                           store->lease, last, &done);
        }
        (void)err; /* a node that is not given back is free a day later */
        atomic_store(&store->ids.node, -1);
    }
    CHECK(pthread_mutex_unlock(&store->lease_lock) == 0);
}

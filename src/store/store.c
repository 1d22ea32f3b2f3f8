#include "store/store.h"

#include <sqlite3.h>

#include "base/clock.h"
#include "store/fault.h"
#include "store/postgres_int.h"
#include "store/sqlite_int.h"
#include "store/watch_int.h"

enum { STORE_ARENA_BYTES = 4 << 20, CONN_ARENA_BYTES = 16 << 20 };

static const int64_t ID_EPOCH_MS = 1577836800000; /* 2020-01-01T00:00:00Z */

#ifdef SANAD_TORTURE
static _Thread_local long fail_at;

/* Whether this statement is the one that a test wants to fail. */
static bool fails_now(StoreConn *conn)
{
    if (fail_at == 0 || --fail_at != 0) return false;
    store_fault(conn, FAULT_OTHER, "made to fail by a test");
    return true;
}

long store_fail_at(long nth)
{
    long left = fail_at;
    fail_at = nth;
    return left;
}
#else
static bool fails_now(StoreConn *conn)
{
    (void)conn;
    return false;
}

long store_fail_at(long nth)
{
    (void)nth;
    return 0;
}
#endif

static bool is_url(const char *db)
{
    return strncmp(db, "postgres://", 11) == 0 ||
           strncmp(db, "postgresql://", 13) == 0;
}

/* Whether a parameter of a URL may be shown: of others we cannot know that
 * they are no secret. */
static bool may_show(Str parameter)
{
    static const char *const plain[] = {"host",   "hostaddr", "port",   "user",
                                        "dbname", "sslmode",  "service"};
    Str name;
    if (!str_split(&parameter, '=', &name)) return false;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (str_is(name, plain[i])) return true;
    }
    return false;
}

static bool is_address(const char *db)
{
    return strstr(db, "://") != NULL;
}

/* Whether no colon is followed by anything but a port: "h", "h:1,[::1]:2". */
static bool are_hosts(Str hosts)
{
    bool bracket = false;
    for (size_t i = 0; i < hosts.bytes; i++) {
        char c = hosts.at[i];
        if (c == '[' || c == ']') bracket = c == '[';
        if (c != ':' || bracket) continue;
        while (i + 1 < hosts.bytes && hosts.at[i + 1] >= '0' &&
               hosts.at[i + 1] <= '9') {
            i++;
        }
        if (i + 1 < hosts.bytes && hosts.at[i + 1] != ',') return false;
    }
    return true;
}

/* Whether what is a secret in it can be told from the rest: of a password
 * with a bare "/", "?" or "@" another part of the URL seems to begin there. */
static bool is_plain(const char *url)
{
    const char *start = strstr(url, "://") + 3;
    size_t authority = strcspn(start, "/?"), all = strcspn(start, "?");
    const char *at = memchr(start, '@', authority);
    const char *hosts = at == NULL ? start : at + 1;
    size_t host_bytes = authority - (size_t)(hosts - start);
    if (memchr(hosts, '@', all - (size_t)(hosts - start)) != NULL) {
        return false;
    }
    Str parameters = str_of(start + all), parameter;
    if (parameters.bytes > 0) {
        parameters.at++;
        parameters.bytes--;
    }
    while (str_split(&parameters, '&', &parameter)) {
        if (parameter.bytes > 0 &&
            memchr(parameter.at, '=', parameter.bytes) == NULL) {
            return false;
        }
    }
    return are_hosts((Str){hosts, host_bytes});
}

/* The URL without what stands between "user:" and "@", and without parameters
 * that may not be shown; nothing of one in which they cannot be told. */
static const char *name_without_secrets(Arena *arena, const char *url)
{
    const char *start = strstr(url, "://") + 3;
    if (!is_plain(url)) {
        return arena_format(arena, "%.*s...", (int)(start - url), url);
    }
    size_t authority = strcspn(start, "/?");
    const char *at = memchr(start, '@', authority);
    const char *colon =
        at == NULL ? NULL : memchr(start, ':', (size_t)(at - start));
    Buf buf = buf_make(strlen(url) + 1);
    buf_add(&buf, url, (size_t)((colon == NULL ? start : colon) - url));
    const char *rest = colon == NULL ? start : at;
    size_t bytes = strcspn(rest, "?");
    buf_add(&buf, rest, bytes);
    Str parameters = str_of(rest + bytes), parameter;
    char before = '?';
    if (parameters.bytes > 0) {
        parameters.at++;
        parameters.bytes--;
    }
    while (str_split(&parameters, '&', &parameter)) {
        if (!may_show(parameter)) continue;
        buf_char(&buf, before);
        buf_str(&buf, parameter);
        before = '&';
    }
    const char *name = arena_text(arena, buf.at, buf.bytes);
    buf_free(&buf);
    return name;
}

Err store_open_with(const char *db, bool create, const QueryText *extra,
                    size_t extra_count, const SchemaFile *schema,
                    size_t schema_count, Diag *diag, Store **ret)
{
    Arena *arena = arena_open(STORE_ARENA_BYTES);
    Store *store = ARENA_NEW(arena, Store);
    store->arena = arena;
    store->kind = is_url(db) ? STORE_POSTGRES : STORE_SQLITE;
    store->target = arena_text(arena, db, strlen(db));
    store->name =
        is_address(db) ? name_without_secrets(arena, db) : store->target;
    store->extra = extra;
    store->query_count = Q_COUNT + extra_count;
    store->schema = schema;
    store->schema_count = schema_count;
    store->ids.node = -1;
    CHECK(pthread_mutex_init(&store->lease_lock, NULL) == 0);
    CHECK(pthread_mutex_init(&store->fault_lock, NULL) == 0);
    turn_init(&store->turn);
    Err err = store->kind == STORE_SQLITE ? sqlite_probe(store, create, diag)
                                          : postgres_probe(store, diag);
    if (err != OK) {
        /* the library's words may hold a part of what we do not show */
        if (strcmp(diag->key, "store.connect") == 0 && !is_plain(db)) {
            diag_set(diag, "store.address");
            diag_arg_text(diag, store->name);
        }
        store_close(store);
        return err;
    }
    *ret = store;
    return OK;
}

Err store_open(const char *db, bool create, Diag *diag, Store **ret)
{
    TRY(store_open_with(db, create, NULL, 0, NULL, 0, diag, ret));
    Store *store = *ret;
    store->schema = store_schema_assets(store->arena, &store->schema_count);
    return OK;
}

void store_close(Store *store)
{
    if (store == NULL) return;
    if (store->pq != NULL) postgres_forget(store);
    while (store->listeners != NULL) store_unlisten(store, store->listeners);
    pthread_mutex_destroy(&store->lease_lock);
    pthread_mutex_destroy(&store->fault_lock);
    turn_destroy(&store->turn);
    arena_close(store->arena);
}

void store_closep(Store **store)
{
    store_close(*store);
    *store = NULL;
}

StoreKind store_kind(const Store *store)
{
    return store->kind;
}

const char *store_name(const Store *store)
{
    return store->name;
}

typedef enum ConnKind { CONN_READER, CONN_WRITER, CONN_BESIDE } ConnKind;

static Err conn_open(Store *store, ConnKind kind, Diag *diag, StoreConn **ret)
{
    bool writer = kind != CONN_READER;
    Arena *arena = arena_open(CONN_ARENA_BYTES);
    StoreConn *conn = ARENA_NEW(arena, StoreConn);
    conn->arena = arena;
    conn->store = store;
    conn->writer = writer;
    conn->beside = kind == CONN_BESIDE;
    conn->stmts = ARENA_ARRAY(arena, StoreStmt, store->query_count + 1);
    for (size_t i = 0; i < store->query_count; i++) {
        StoreStmt *stmt = &conn->stmts[i];
        stmt->conn = conn;
        stmt->text =
            i < Q_COUNT ? &store_queries[i] : &store->extra[i - Q_COUNT];
        int count = stmt->text->parameters;
        stmt->all = count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
    }
    Err err = store->kind == STORE_SQLITE ? sqlite_open(conn, diag)
                                          : postgres_open(conn, diag);
    if (err == OK && writer) {
        err = store_lease(conn);
        if (err != OK) store_diag(conn, diag);
    }
    if (err != OK) {
        store_conn_close(conn);
        return err;
    }
    *ret = conn;
    return OK;
}

Err store_reader(Store *store, Diag *diag, StoreConn **ret)
{
    return conn_open(store, CONN_READER, diag, ret);
}

Err store_writer(Store *store, Diag *diag, StoreConn **ret)
{
    return conn_open(store, CONN_WRITER, diag, ret);
}

Err store_writer_beside(Store *store, Diag *diag, StoreConn **ret)
{
    return conn_open(store, CONN_BESIDE, diag, ret);
}

void store_conn_close(StoreConn *conn)
{
    if (conn == NULL) return;
    if (conn->lite != NULL || conn->pg != NULL) {
        if (conn->in_transaction) store_rollback(conn);
        if (conn->writer) store_lease_return(conn);
    }
    if (conn->store->kind == STORE_SQLITE) {
        sqlite_close(conn);
    } else {
        postgres_close(conn);
    }
    arena_close(conn->arena);
}

void store_conn_closep(StoreConn **conn)
{
    store_conn_close(*conn);
    *conn = NULL;
}

void store_listen(Store *store, StoreListener *listener)
{
    store_unlisten(store, listener);
    pthread_mutex_lock(&store->fault_lock);
    listener->store = store;
    listener->next = store->listeners;
    store->listeners = listener;
    pthread_mutex_unlock(&store->fault_lock);
}

void store_unlisten(Store *store, StoreListener *listener)
{
    pthread_mutex_lock(&store->fault_lock);
    StoreListener **at = &store->listeners;
    while (*at != NULL && *at != listener) at = &(*at)->next;
    if (*at != NULL) {
        *at = listener->next;
        listener->store = NULL;
    }
    pthread_mutex_unlock(&store->fault_lock);
}

bool store_heard(const StoreListener *listener, Diag *ret)
{
    Store *store = listener->store;
    if (store != NULL) pthread_mutex_lock(&store->fault_lock);
    *ret = listener->heard;
    if (store != NULL) pthread_mutex_unlock(&store->fault_lock);
    return ret->key[0] != '\0';
}

/* Tells a fault of the disk or the database to who listens. */
static void tell(const StoreConn *conn)
{
    Store *store = conn->store;
    pthread_mutex_lock(&store->fault_lock);
    StoreListener *at = store->listeners;
    for (; at != NULL; at = at->next) {
        if (at->heard.key[0] == '\0') store_diag(conn, &at->heard);
    }
    pthread_mutex_unlock(&store->fault_lock);
}

Err store_fault(StoreConn *conn, StoreFault fault, const char *text)
{
    conn->fault = fault;
    snprintf(conn->error, sizeof conn->error, "%s", text);
    switch (fault) {
    case FAULT_LOCKED:
    case FAULT_RETRY:
        return ERR_BUSY;
    case FAULT_REFUSED:
        return ERR_CONFLICT;
    case FAULT_NONE:
    case FAULT_DENIED:
    case FAULT_NOT_DATABASE:
    case FAULT_DAMAGED:
    case FAULT_FULL:
    case FAULT_LOST:
    case FAULT_UNKNOWN:
    case FAULT_OTHER:
        break;
    }
    tell(conn);
    return ERR_IO;
}

const char *store_error(const StoreConn *conn)
{
    return conn->error;
}

void store_diag(const StoreConn *conn, Diag *diag)
{
    static const char *const keys[] = {
        [FAULT_NONE] = "store.io",
        [FAULT_LOCKED] = "store.locked",
        [FAULT_DENIED] = "store.denied",
        [FAULT_NOT_DATABASE] = "store.not_database",
        [FAULT_DAMAGED] = "store.damaged",
        [FAULT_FULL] = "store.full",
        [FAULT_REFUSED] = "store.refused",
        [FAULT_RETRY] = "store.retry",
        [FAULT_LOST] = "store.lost",
        [FAULT_UNKNOWN] = "store.commit_unknown",
        [FAULT_OTHER] = "store.io",
    };
    diag_set(diag, keys[conn->fault]);
    diag_arg_text(diag, conn->store->name);
    diag_arg_text(diag, conn->error);
}

/* Ends all reads that are between rows. */
static void reset_all(StoreConn *conn)
{
    for (size_t i = 0; conn->active_count > 0; i++) {
        CHECK(i < conn->store->query_count);
        store_reset(&conn->stmts[i]);
    }
}

/* The process's connections write to SQLite one after the other. */
static void take_turn(StoreConn *conn)
{
    if (!conn->joined) return;
    turn_begin(&conn->store->turn);
    conn->turn = true;
}

static void end_turn(StoreConn *conn)
{
    if (conn->turn) turn_end(&conn->store->turn);
    conn->turn = false;
}

static Err begin(StoreConn *conn)
{
    if (fails_now(conn)) return ERR_IO;
    if (conn->pg != NULL) TRY(postgres_reconnect(conn));
    if (conn->writer) TRY(store_lease(conn));
    return conn->pg != NULL ? postgres_begin(conn)
                            : sqlite_fixed(conn, FIXED_BEGIN);
}

Err store_begin(StoreConn *conn)
{
    CHECK(!conn->in_transaction);
    take_turn(conn);
    Err err = begin(conn);
    conn->in_transaction = err == OK;
    if (err != OK) end_turn(conn);
    return err;
}

Err store_commit(StoreConn *conn)
{
    CHECK(conn->in_transaction);
    if (fails_now(conn)) return ERR_IO;
    reset_all(conn);
    if (conn->pg != NULL) {
        TRY(postgres_commit(conn));
    } else {
        TRY(sqlite_fixed(conn, FIXED_COMMIT));
    }
    conn->in_transaction = false;
    watch_raise(conn);
    end_turn(conn);
    return OK;
}

void store_rollback(StoreConn *conn)
{
    reset_all(conn);
    if (conn->pg != NULL) {
        postgres_rollback(conn);
    } else {
        sqlite_rollback(conn);
    }
    conn->in_transaction = false;
    watch_raise(conn); /* a commit that failed may be in doubt */
    end_turn(conn);
}

Err store_savepoint(StoreConn *conn)
{
    CHECK(conn->in_transaction);
    if (fails_now(conn)) return ERR_IO;
    return conn->pg != NULL ? postgres_savepoint(conn)
                            : sqlite_fixed(conn, FIXED_SAVEPOINT);
}

Err store_release(StoreConn *conn)
{
    if (fails_now(conn)) return ERR_IO;
    return conn->pg != NULL ? postgres_release(conn)
                            : sqlite_fixed(conn, FIXED_RELEASE);
}

Err store_rollback_to(StoreConn *conn)
{
    reset_all(conn);
    if (conn->pg != NULL) return postgres_rollback_to(conn);
    TRY(sqlite_fixed(conn, FIXED_ROLLBACK_TO));
    return sqlite_fixed(conn, FIXED_RELEASE);
}

StoreStmt *store_query(StoreConn *conn, Query query)
{
    CHECK((size_t)query < conn->store->query_count);
    StoreStmt *stmt = &conn->stmts[query];
    if (UNLIKELY(stmt->active)) store_reset(stmt);
    stmt->bound = 0;
    stmt->err = OK;
    if (conn->pg != NULL && !conn->in_transaction) {
        stmt->err = postgres_reconnect(conn);
        if (stmt->err != OK) return stmt;
    }
    if (LIKELY(stmt->ready)) return stmt;
    if (conn->pg != NULL) {
        pgstmt_prepare(stmt);
    } else {
        sqlite_prepare(stmt);
    }
    return stmt;
}

/* Notes that $index is bound; gives SQLite's number for it, 0 if not used. */
static int bind_slot(StoreStmt *stmt, int index)
{
    CHECK(index >= 1 && index <= stmt->text->parameters);
    stmt->bound |= UINT64_C(1) << (index - 1);
    return stmt->slot[index];
}

static void bind_done(StoreStmt *stmt, int rc)
{
    if (UNLIKELY(rc != SQLITE_OK)) stmt->err = sqlite_fault(stmt->conn, rc);
}

void store_bind_int(StoreStmt *stmt, int index, int64_t value)
{
    int slot = bind_slot(stmt, index);
    if (index == stmt->text->touch_parameter) watch_bound_number(stmt, value);
    if (slot != 0) {
        bind_done(stmt, sqlite3_bind_int64(stmt->lite, slot, value));
    } else if (stmt->pg != NULL) {
        pgstmt_bind_int(stmt, index, value);
    }
}

/* SQLITE_STATIC: the bytes are only looked at while the statement runs, and
 * every parameter is bound anew before it runs again. */
void store_bind_text(StoreStmt *stmt, int index, Str value)
{
    int slot = bind_slot(stmt, index);
    if (index == stmt->text->touch_parameter) watch_bound_bytes(stmt, value);
    if (slot != 0) {
        bind_done(stmt, sqlite3_bind_text64(
                            stmt->lite, slot, value.at != NULL ? value.at : "",
                            value.bytes, SQLITE_STATIC, SQLITE_UTF8));
    } else if (stmt->pg != NULL) {
        pgstmt_bind_bytes(stmt, index, value);
    }
}

void store_bind_bytes(StoreStmt *stmt, int index, Str value)
{
    int slot = bind_slot(stmt, index);
    if (index == stmt->text->touch_parameter) watch_bound_bytes(stmt, value);
    if (slot != 0) {
        bind_done(stmt, sqlite3_bind_blob64(stmt->lite, slot,
                                            value.at != NULL ? value.at : "",
                                            value.bytes, SQLITE_STATIC));
    } else if (stmt->pg != NULL) {
        pgstmt_bind_bytes(stmt, index, value);
    }
}

void store_bind_null(StoreStmt *stmt, int index)
{
    int slot = bind_slot(stmt, index);
    if (slot != 0) {
        bind_done(stmt, sqlite3_bind_null(stmt->lite, slot));
    } else if (stmt->pg != NULL) {
        pgstmt_bind_null(stmt, index);
    }
}

/* What every run begins with. */
static Err run_check(StoreStmt *stmt)
{
    if (UNLIKELY(stmt->err != OK)) return stmt->err;
    if (UNLIKELY(stmt->bound != stmt->all)) {
        fprintf(stderr, "query %s\n", stmt->text->name);
        CHECK(stmt->bound == stmt->all);
    }
    return fails_now(stmt->conn) ? ERR_IO : OK;
}

Err store_exec(StoreStmt *stmt, int64_t *ret_changed)
{
    TRY(run_check(stmt));
    stmt->bound = 0;
    if (stmt->pg != NULL) return pgstmt_exec(stmt, ret_changed);
    int rc = sqlite3_step(stmt->lite);
    watch_mark(stmt);
    if (LIKELY(rc == SQLITE_DONE)) {
        if (ret_changed != NULL) {
            *ret_changed = sqlite3_changes64(stmt->conn->lite);
        }
        sqlite3_reset(stmt->lite);
        return OK;
    }
    CHECK(rc != SQLITE_ROW); /* a statement with rows is not :exec */
    Err err = sqlite_fault(stmt->conn, rc);
    sqlite3_reset(stmt->lite);
    return err;
}

Err store_step(StoreStmt *stmt, bool *ret_row)
{
    if (!stmt->active) {
        TRY(run_check(stmt));
        stmt->bound = 0;
    } else if (fails_now(stmt->conn)) {
        return ERR_IO;
    }
    if (stmt->pg != NULL) return pgstmt_step(stmt, ret_row);
    int rc = sqlite3_step(stmt->lite);
    if (LIKELY(rc == SQLITE_ROW)) {
        stmt->conn->active_count += !stmt->active;
        stmt->active = true;
        *ret_row = true;
        return OK;
    }
    Err err = rc == SQLITE_DONE ? OK : sqlite_fault(stmt->conn, rc);
    sqlite3_reset(stmt->lite);
    stmt->conn->active_count -= stmt->active;
    stmt->active = false;
    if (err == OK) *ret_row = false;
    return err;
}

void store_reset(StoreStmt *stmt)
{
    if (!stmt->active) return;
    stmt->active = false;
    stmt->conn->active_count--;
    if (stmt->pg != NULL) {
        pgstmt_reset(stmt);
    } else {
        sqlite3_reset(stmt->lite);
    }
}

int64_t store_int(StoreStmt *stmt, int column)
{
    CHECK(stmt->active);
    return stmt->pg != NULL ? pgstmt_int(stmt, column)
                            : sqlite3_column_int64(stmt->lite, column);
}

/* The value's bytes; SQLite gives NULL for an empty one too. */
static Str column_bytes(StoreStmt *stmt, int column, const void *at)
{
    if (at != NULL) {
        return (Str){at, (size_t)sqlite3_column_bytes(stmt->lite, column)};
    }
    bool null = sqlite3_column_type(stmt->lite, column) == SQLITE_NULL;
    return null ? (Str){NULL, 0} : STR("");
}

Str store_text(StoreStmt *stmt, int column)
{
    CHECK(stmt->active);
    if (stmt->pg != NULL) return pgstmt_bytes(stmt, column);
    return column_bytes(stmt, column, sqlite3_column_text(stmt->lite, column));
}

Str store_bytes(StoreStmt *stmt, int column)
{
    CHECK(stmt->active);
    if (stmt->pg != NULL) return pgstmt_bytes(stmt, column);
    return column_bytes(stmt, column, sqlite3_column_blob(stmt->lite, column));
}

bool store_is_null(StoreStmt *stmt, int column)
{
    CHECK(stmt->active);
    if (stmt->pg != NULL) return pgstmt_is_null(stmt, column);
    return sqlite3_column_type(stmt->lite, column) == SQLITE_NULL;
}

Err store_flush(StoreConn *conn)
{
    if (fails_now(conn)) return ERR_IO;
    return conn->pg != NULL ? postgres_flush(conn) : OK;
}

Err store_script(StoreConn *conn, const char *sql)
{
    if (fails_now(conn)) return ERR_IO;
    Err err = conn->pg != NULL ? postgres_script(conn, sql)
                               : sqlite_script(conn, sql);
    watch_mark_all(conn);
    return err;
}

Err store_ask(StoreConn *conn, const char *sql, int64_t *ret_number)
{
    if (fails_now(conn)) return ERR_IO;
    return conn->pg != NULL ? postgres_ask(conn, sql, ret_number)
                            : sqlite_ask(conn, sql, ret_number);
}

Err store_check(StoreConn *conn, Diag *diag)
{
    return conn->pg != NULL ? OK : sqlite_check(conn, diag);
}

int64_t store_id_now_ms(void)
{
    return clock_now() / 1000 - ID_EPOCH_MS;
}

int64_t store_new_id(Store *store)
{
    int64_t node = atomic_load(&store->ids.node);
    CHECK(node >= 0); /* ids are for writers: open one first */
    int64_t now = store_id_now_ms() << STORE_ID_SEQUENCE_BITS;
    int64_t last = atomic_load(&store->ids.last), next;
    do {
        next = last >= now ? last + 1 : now;
    } while (!atomic_compare_exchange_weak(&store->ids.last, &last, next));
    int64_t sequence = next & ((1 << STORE_ID_SEQUENCE_BITS) - 1);
    int64_t ms = next >> STORE_ID_SEQUENCE_BITS;
    return (ms << (STORE_ID_NODE_BITS + STORE_ID_SEQUENCE_BITS)) |
           (node << STORE_ID_SEQUENCE_BITS) | sequence;
}

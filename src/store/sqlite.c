#include "store/sqlite_int.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_MS = 5000,          /* patience with a lock of somebody else */
    CHECKPOINT_PAGES = 8192, /* 32 MiB of WAL: few, large, rare checkpoints */
    PATH_BYTES = 4096
};

/* Durable commits; deleted facts do not stay readable in the file. */
static const char writer_settings[] = "PRAGMA journal_mode = WAL;"
                                      "PRAGMA synchronous = FULL;"
                                      "PRAGMA foreign_keys = ON;"
                                      "PRAGMA secure_delete = FAST;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA cache_size = -65536;"
                                      "PRAGMA journal_size_limit = 134217728;";

static const char reader_settings[] = "PRAGMA query_only = ON;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA cache_size = -16384;";

/* The disk has not confirmed a write. What is stored now is not knowable from
 * here, and trying again may report success falsely. */
static void sync_failed(StoreConn *conn)
{
    fprintf(stderr,
            "sanad: %s: the disk did not confirm a write (%s); stopping, "
            "restart after the disk has been seen to\n",
            conn->store->name, sqlite3_errmsg(conn->lite));
    abort();
}

static StoreFault fault_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return rc == SQLITE_BUSY_SNAPSHOT ? FAULT_RETRY : FAULT_LOCKED;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return FAULT_DENIED;
    case SQLITE_NOTADB:
        return FAULT_NOT_DATABASE;
    case SQLITE_CORRUPT:
        return FAULT_DAMAGED;
    case SQLITE_FULL:
        return FAULT_FULL;
    case SQLITE_CONSTRAINT:
        return FAULT_REFUSED;
    default:
        return FAULT_OTHER;
    }
}

Err sqlite_fault(StoreConn *conn, int rc)
{
    if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC) {
        sync_failed(conn);
    }
    /* sqlite3_system_errno() does not know of writes that a commit makes */
    int why = errno;
    bool no_room = why == ENOSPC || why == EDQUOT || why == EFBIG;
    if (rc == SQLITE_IOERR_WRITE && no_room) {
        return store_fault(conn, FAULT_FULL, strerror(why));
    }
    return store_fault(conn, fault_of(rc), sqlite3_errmsg(conn->lite));
}

static Err refuse(Err err, const char *key, const Store *store, Diag *diag)
{
    diag_set(diag, key);
    diag_arg_text(diag, store->name);
    diag_arg_text(diag, strerror(errno));
    return err;
}

/* Whether an existing file begins as a database does, or is empty. */
static Err probe_content(Store *store, int fd, Diag *diag)
{
    static const char magic[16] = "SQLite format 3";
    char head[16];
    struct stat is;
    if (fstat(fd, &is) != 0) return refuse(ERR_IO, "store.io", store, diag);
    ssize_t got = S_ISREG(is.st_mode) ? read(fd, head, sizeof head) : -1;
    if (got == 0 || (got == (ssize_t)sizeof head &&
                     memcmp(head, magic, sizeof head) == 0)) {
        return OK;
    }
    return refuse(ERR_IO, "store.not_database", store, diag);
}

/* The one spelling of the path, so that there is one lock file. */
static void settle_path(Store *store)
{
    char full[PATH_MAX];
    if (realpath(store->target, full) != NULL) {
        store->target = arena_text(store->arena, full, strlen(full));
    }
}

Err sqlite_probe(Store *store, bool create, Diag *diag)
{
    /* Counting its memory makes SQLite's threads wait for each other; refused,
     * and no matter, when the library has been used before. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (create ? O_CREAT : 0);
    int fd = open(store->target, flags, 0600);
    if (fd < 0) {
        int why = errno;
        if (why == ENOENT && !create) {
            return refuse(ERR_NOT_FOUND, "store.not_found", store, diag);
        }
        if (why == EACCES || why == EPERM || why == EROFS) {
            return refuse(ERR_IO, "store.denied", store, diag);
        }
        bool full = why == ENOSPC || why == EDQUOT;
        return refuse(ERR_IO, full ? "store.full" : "store.io", store, diag);
    }
    Err err = probe_content(store, fd, diag);
    close(fd);
    settle_path(store);
    return err;
}

/* After a commit: moves the WAL into the database when it has grown. */
static int after_commit(void *context, sqlite3 *lite, const char *schema,
                        int pages)
{
    if (pages < CHECKPOINT_PAGES) return SQLITE_OK;
    int rc = sqlite3_wal_checkpoint_v2(lite, schema, SQLITE_CHECKPOINT_PASSIVE,
                                       NULL, NULL);
    if (rc == SQLITE_IOERR_FSYNC) sync_failed(context);
    return SQLITE_OK; /* busy readers and the like: the next commit tries */
}

static Err handle_open(StoreConn *conn)
{
    int mode = conn->writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    int rc = sqlite3_open_v2(conn->store->target, &conn->lite,
                             mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                             NULL);
    CHECK(conn->lite != NULL);
    if (rc != SQLITE_OK) return sqlite_fault(conn, rc);
    sqlite3_busy_timeout(conn->lite, BUSY_MS);
    sqlite3_db_config(conn->lite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(conn->lite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    TRY(sqlite_script(conn, conn->writer ? writer_settings : reader_settings));
    if (conn->writer) sqlite3_wal_hook(conn->lite, after_commit, conn);
    int64_t tables; /* reads the first page: is it a database at all? */
    return sqlite_ask(conn, "SELECT count(*) FROM sqlite_schema", &tables);
}

Err sqlite_open(StoreConn *conn, Diag *diag)
{
    Store *store = conn->store;
    Err err = OK;
    if (conn->writer) {
        Diag other = {.key = ""}; /* said only when it matters */
        err = turn_join(&store->turn, store->target, store->name, &other);
        conn->joined = err == OK;
        if (err == ERR_BUSY && conn->beside) err = OK;
        if (err != OK) *diag = other;
    }
    if (err != OK) return err;
    err = handle_open(conn);
    if (err != OK) store_diag(conn, diag);
    return err;
}

void sqlite_close(StoreConn *conn)
{
    for (size_t i = 0; i < conn->store->query_count; i++) {
        sqlite3_finalize(conn->stmts[i].lite);
    }
    for (int i = 0; i < FIXED_COUNT; i++) sqlite3_finalize(conn->fixed[i]);
    if (conn->lite != NULL && conn->writer) {
        (void)after_commit(conn, conn->lite, NULL, CHECKPOINT_PAGES);
    }
    CHECK(sqlite3_close(conn->lite) == SQLITE_OK);
    if (conn->joined) turn_leave(&conn->store->turn);
}

void sqlite_prepare(StoreStmt *stmt)
{
    StoreConn *conn = stmt->conn;
    int rc = sqlite3_prepare_v3(conn->lite, stmt->text->sqlite, -1,
                                SQLITE_PREPARE_PERSISTENT, &stmt->lite, NULL);
    if (rc != SQLITE_OK) {
        stmt->err = sqlite_fault(conn, rc);
        return;
    }
    for (int i = 1; i <= stmt->text->parameters; i++) {
        char name[16];
        snprintf(name, sizeof name, "$%d", i);
        stmt->slot[i] =
            (unsigned char)sqlite3_bind_parameter_index(stmt->lite, name);
    }
    stmt->ready = true;
}

Err sqlite_fixed(StoreConn *conn, int which)
{
    static const char *const texts[FIXED_COUNT] = {
        [FIXED_BEGIN] = "BEGIN",
        [FIXED_COMMIT] = "COMMIT",
        [FIXED_ROLLBACK] = "ROLLBACK",
        [FIXED_SAVEPOINT] = "SAVEPOINT part",
        [FIXED_RELEASE] = "RELEASE part",
        [FIXED_ROLLBACK_TO] = "ROLLBACK TO part",
        [FIXED_LATER] = "PRAGMA synchronous = NORMAL",
        [FIXED_DURABLE] = "PRAGMA synchronous = FULL",
    };
    sqlite3_stmt **stmt = &conn->fixed[which];
    int rc = SQLITE_OK;
    if (*stmt == NULL) {
        bool now = which == FIXED_BEGIN && conn->writer;
        rc = sqlite3_prepare_v3(conn->lite,
                                now ? "BEGIN IMMEDIATE" : texts[which], -1,
                                SQLITE_PREPARE_PERSISTENT, stmt, NULL);
        if (rc != SQLITE_OK) return sqlite_fault(conn, rc);
    }
    rc = sqlite3_step(*stmt);
    Err err = rc == SQLITE_DONE ? OK : sqlite_fault(conn, rc);
    sqlite3_reset(*stmt);
    return err;
}

void sqlite_rollback(StoreConn *conn)
{
    /* Some errors, as a full disk, have rolled back already. */
    if (sqlite3_get_autocommit(conn->lite)) return;
    StoreFault fault = conn->fault; /* of what made the caller roll back */
    if (sqlite_fixed(conn, FIXED_ROLLBACK) == OK) conn->fault = fault;
    CHECK(sqlite3_get_autocommit(conn->lite));
}

Err sqlite_script(StoreConn *conn, const char *sql)
{
    int rc = sqlite3_exec(conn->lite, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? OK : sqlite_fault(conn, rc);
}

Err sqlite_ask(StoreConn *conn, const char *sql, int64_t *ret_number)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(conn->lite, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) rc = sqlite3_step(stmt);
    int64_t number = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    Err err =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? OK : sqlite_fault(conn, rc);
    sqlite3_finalize(stmt);
    if (err == OK) *ret_number = number;
    return err;
}

/* SQLite's own examination says "ok" or, below a heading, the first damage. */
Err sqlite_check(StoreConn *conn, Diag *diag)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(conn->lite, "PRAGMA integrity_check(1)", -1,
                                &stmt, NULL);
    if (rc == SQLITE_OK) rc = sqlite3_step(stmt);
    Err err = OK;
    if (rc != SQLITE_ROW) {
        err = sqlite_fault(conn, rc);
    } else {
        const char *line = (const char *)sqlite3_column_text(stmt, 0);
        const char *damage = line == NULL ? NULL : strchr(line, '\n');
        if (line == NULL || strcmp(line, "ok") != 0) {
            err = store_fault(conn, FAULT_DAMAGED,
                              damage != NULL ? damage + 1
                              : line != NULL ? line
                                             : "");
        }
    }
    if (err != OK) store_diag(conn, diag);
    sqlite3_finalize(stmt);
    return err;
}

Err sqlite_copy(StoreConn *conn, const char *file, Diag *diag)
{
    sqlite3 *to = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE;
    int rc = sqlite3_open_v2(file, &to, flags, NULL);
    sqlite3_backup *backup =
        rc == SQLITE_OK ? sqlite3_backup_init(to, "main", conn->lite, "main")
                        : NULL;
    if (backup != NULL) {
        sqlite3_backup_step(backup, -1);
        rc = sqlite3_backup_finish(backup);
    } else if (rc == SQLITE_OK) {
        rc = sqlite3_extended_errcode(to);
    }
    Err err = OK;
    if (rc == SQLITE_IOERR_FSYNC) rc = SQLITE_IOERR; /* only the copy's */
    if (rc != SQLITE_OK) {
        err = store_fault(conn, fault_of(rc), sqlite3_errmsg(to));
        store_diag(conn, diag);
    }
    sqlite3_close(to);
    return err;
}

#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/pgtool_int.h"
#include "store/sqlite_int.h"

enum { PATH_BYTES = 4096 };

static const char archive_magic[5] = "PGDMP";

static Err refuse(const char *key, const char *file, Diag *diag)
{
    int why = errno;
    diag_set(diag, key);
    diag_arg_text(diag, file);
    diag_arg_text(diag, strerror(why));
    return why == EEXIST ? ERR_CONFLICT : ERR_IO;
}

/* Gives the whole file its name unless something has that name already. */
static Err publish(const char *part, const char *file, Diag *diag)
{
    int fd = open(part, O_RDONLY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    if (!synced) return refuse("store.io", part, diag);
    if (link(part, file) == 0) return OK;
    return refuse(errno == EEXIST ? "store.backup_exists" : "store.io", file,
                  diag);
}

static Err copy(Store *store, const char *part, Diag *diag)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    TRY(store_reader(store, diag, &conn));
    return conn->pg != NULL ? pgtool_dump(conn, part, diag)
                            : sqlite_copy(conn, part, diag);
}

Err store_backup(Store *store, const char *file, Diag *diag)
{
    char part[PATH_BYTES];
    if (access(file, F_OK) == 0) {
        errno = EEXIST;
        return refuse("store.backup_exists", file, diag);
    }
    if (snprintf(part, sizeof part, "%s.part", file) >= PATH_BYTES) {
        errno = ENAMETOOLONG;
        return refuse("store.io", file, diag);
    }
    int fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return refuse("store.io", part, diag);
    close(fd);
    Err err = copy(store, part, diag);
    if (err == OK) err = publish(part, file, diag);
    unlink(part);
    char journal[PATH_BYTES + 16]; /* SQLite's, left when the disk was full */
    snprintf(journal, sizeof journal, "%s-journal", part);
    unlink(journal);
    return err;
}

bool store_is_archive(Str bytes)
{
    return bytes.bytes > sizeof archive_magic &&
           memcmp(bytes.at, archive_magic, sizeof archive_magic) == 0;
}

/* Nothing is restored over anything; what extensions bring does not count. */
static Err check_empty(StoreConn *conn, Diag *diag)
{
    static const char sql[] =
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = "
        "c.relnamespace WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> "
        "'information_schema' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE "
        "d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = "
        "'e')";
    int64_t count = 0;
    Err err = store_ask(conn, sql, &count);
    if (err != OK) {
        store_diag(conn, diag);
        return err;
    }
    if (count == 0) return OK;
    diag_set(diag, "store.not_empty");
    diag_arg_text(diag, conn->store->name);
    return ERR_CONFLICT;
}

Err store_restore(Store *store, const char *file, Diag *diag)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    CHECK(store->kind == STORE_POSTGRES);
    TRY(store_reader(store, diag, &conn));
    TRY(check_empty(conn, diag));
    return pgtool_restore(conn, file, diag);
}

#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
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

/* Where a backup is written until it is whole. */
typedef struct Part {
    char path[PATH_BYTES];
    int fd; /* the file that we made, whatever has its name later */
} Part;

/* Begins it under a name that nobody has or can foresee: what stands at a name
 * that can be guessed would be written over, and a link followed. */
static Err part_begin(const char *file, Part *part, Diag *diag)
{
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != sizeof number) {
        return refuse("store.io", file, diag);
    }
    int bytes = snprintf(part->path, sizeof part->path, "%s.part-%016llx", file,
                         (unsigned long long)number);
    if (bytes < 0 || bytes >= PATH_BYTES) {
        errno = ENAMETOOLONG;
        return refuse("store.io", file, diag);
    }
    part->fd = open(part->path,
                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return part->fd < 0 ? refuse("store.io", part->path, diag) : OK;
}

/* Whether the name still is of the file that we made. */
static bool part_is_ours(const Part *part)
{
    struct stat made, named;
    return fstat(part->fd, &made) == 0 && lstat(part->path, &named) == 0 &&
           made.st_dev == named.st_dev && made.st_ino == named.st_ino;
}

static void part_end(Part *part)
{
    char journal[PATH_BYTES + 16]; /* SQLite's, left when the disk was full */
    close(part->fd);
    unlink(part->path);
    snprintf(journal, sizeof journal, "%s-journal", part->path);
    unlink(journal);
}

/* Gives the whole file its name unless something has that name already. */
static Err publish(const Part *part, const char *file, Diag *diag)
{
    if (!part_is_ours(part)) {
        errno = ESTALE;
        return refuse("store.io", part->path, diag);
    }
    if (fsync(part->fd) != 0) return refuse("store.io", part->path, diag);
    if (link(part->path, file) == 0) return file_sync_folder(file, diag);
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
    Part part;
    struct stat is;
    if (lstat(file, &is) == 0) {
        errno = EEXIST;
        return refuse("store.backup_exists", file, diag);
    }
    TRY(part_begin(file, &part, diag));
    Err err = copy(store, part.path, diag);
    if (err == OK) err = publish(&part, file, diag);
    part_end(&part);
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

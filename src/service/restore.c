#include "service/restore.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/file.h"
#include "job/setting.h"
#include "service/doctor.h"
#include "store/backup.h"
#include "store/schema.h"

enum { WHOLE_TRIES = 3 };

static Err refuse(Err err, const char *key, const char *name, Diag *diag)
{
    diag_set(diag, key);
    diag_arg_text(diag, name);
    return err;
}

/* Notes when it was restored: who pays must reconcile first. */
static Err note_restored(const char *db, Diag *diag)
{
    Store *store CLEANUP(store_closep) = NULL;
    StoreConn *writer CLEANUP(store_conn_closep) = NULL;
    char room[64];
    Buf at = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    TRY(store_open(db, false, diag, &store));
    TRY(store_writer(store, diag, &writer));
    TRY(store_check(writer, diag));
    Err err = store_schema_check(writer, diag);
    bool older = err == ERR_CONFLICT && strcmp(diag->key, "store.older") == 0;
    if (err != OK && !older) return err; /* an older one can be upgraded */
    instant_write(&at, clock_now());
    err = store_begin(writer);
    if (err == OK) err = setting_set(writer, "restored_at", buf_view(&at));
    if (err == OK) {
        err = audit_leaf(writer, AUDIT_NO_HOUSEHOLD, "restore", buf_view(&at));
    }
    if (err == OK) err = store_commit(writer);
    if (err != OK) store_diag(writer, diag);
    return err;
}

/* Whether a log stands beside the file that belongs to it. */
static bool has_log(Arena *arena, const char *db)
{
    struct stat is;
    return stat(arena_format(arena, "%s-wal", db), &is) == 0 && is.st_size > 0;
}

/*
 * Sees that what was committed is all in the file itself: with a log that is
 * left beside it, because its end could not be written or somebody looked at
 * it meanwhile, the file alone would be an older one, or half of it. Who
 * opens and closes it brings that to its end.
 */
static Err make_whole(Arena *arena, const char *beside, Diag *diag)
{
    for (int tries = 0; has_log(arena, beside); tries++) {
        Store *store CLEANUP(store_closep) = NULL;
        StoreConn *writer CLEANUP(store_conn_closep) = NULL;
        if (tries == WHOLE_TRIES) {
            return refuse(ERR_IO, "restore.unfinished", beside, diag);
        }
        TRY(store_open(beside, false, diag, &store));
        TRY(store_writer(store, diag, &writer));
    }
    return OK;
}

static void remove_all(Arena *arena, const char *db)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        unlink(arena_format(arena, "%s%s", db, ends[i]));
    }
}

/* Gives it the name unless something has that name by now. */
static Err publish(const char *beside, const char *db, Diag *diag)
{
    if (link(beside, db) == 0) return file_sync_folder(db, diag);
    int why = errno;
    if (why == EEXIST) return refuse(ERR_CONFLICT, "restore.exists", db, diag);
    Err err = refuse(ERR_IO, "file.write", db, diag);
    diag_arg_text(diag, strerror(why));
    return err;
}

/* What the database is called meanwhile is nothing to people: it is the backup
 * that is damaged, and another one is needed. */
static bool is_damage(const Diag *diag)
{
    return strcmp(diag->key, "store.damaged") == 0 ||
           strcmp(diag->key, "store.empty") == 0 || /* nothing is in it */
           strcmp(diag->key, "store.not_database") == 0;
}

/* Puts the bytes beside `db`, proves that they are a sound database, and only
 * then gives them its name. */
static Err restore_beside(Str bytes, const char *backup, const char *db,
                          Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(1 << 16);
    const char *beside = arena_format(arena, "%s.restoring", db);
    remove_all(arena, beside); /* of a restore that was killed */
    TRY(file_write(beside, bytes, 0600, diag));
    Err err = note_restored(beside, diag);
    if (err == OK) err = make_whole(arena, beside, diag);
    if (err == OK) err = publish(beside, db, diag);
    remove_all(arena, beside);
    if (err != OK && is_damage(diag)) {
        return refuse(ERR_INVALID, "restore.damaged", backup, diag);
    }
    return err;
}

/* A log that a database left which is gone would be taken for the new one's,
 * and spoil it. */
static Err restore_file(Str bytes, const char *backup, const char *db,
                        Diag *diag)
{
    struct stat is;
    Arena *arena CLEANUP(arena_closep) = arena_open(1 << 16);
    if (lstat(db, &is) == 0) {
        return refuse(ERR_CONFLICT, "restore.exists", db, diag);
    }
    const char *log = arena_format(arena, "%s-wal", db);
    if (has_log(arena, db)) {
        return refuse(ERR_CONFLICT, "restore.leftover", log, diag);
    }
    unlink(log);
    unlink(arena_format(arena, "%s-shm", db));
    return restore_beside(bytes, backup, db, diag);
}

static Err restore_server(const char *backup, const char *db, Diag *diag)
{
    Store *store CLEANUP(store_closep) = NULL;
    TRY(store_open(db, false, diag, &store));
    TRY(store_restore(store, backup, diag));
    return note_restored(db, diag);
}

/* Whether this finding is about what the backup brought. */
static bool is_of_backup(const DoctorFinding *finding)
{
    static const char *const what[] = {
        "database", "books", "persons",   "leaves",   "decisions",
        "inputs",   "runs",  "relations", "commands", "accounts"};
    for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
        if (strcmp(finding->what, what[i]) == 0) return true;
    }
    return false;
}

static Err examine(const char *db, Diag *diag)
{
    Context context;
    DoctorReport report;
    bool well = true;
    TRY(context_open(db, false, diag, &context));
    Err err = doctor(&context, db, diag, &report);
    if (err != OK && diag->key[0] == '\0') {
        err = refuse(err, "restore.not_examined", db, diag);
    }
    for (int32_t i = 0; i < report.count && err == OK; i++) {
        well &= report.finding[i].well || !is_of_backup(&report.finding[i]);
    }
    if (!well) {
        err = refuse(ERR_CONFLICT, "restore.not_well",
                     store_name(context.store), diag);
    }
    context_close(&context);
    return err;
}

Err restore_backup(const char *backup, const char *db, Diag *diag)
{
    FileMap map CLEANUP(file_unmapp) = {{NULL, 0}};
    bool server = strstr(db, "://") != NULL;
    TRY(file_map(backup, diag, &map));
    if (store_is_archive(map.bytes) != server) {
        return refuse(ERR_INVALID,
                      server ? "restore.no_archive" : "restore.archive", backup,
                      diag);
    }
    TRY(server ? restore_server(backup, db, diag)
               : restore_file(map.bytes, backup, db, diag));
    return examine(db, diag);
}

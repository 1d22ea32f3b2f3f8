/*
 * test_restore.c - what a backup becomes, and what is left when it does not.
 */
#include "service/restore.h"

#include <errno.h>
#include <glob.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "store/backup.h"
#include "tests/harness.h"

/* The library's way to the disk leads through here. */
static int logs_that_stay;

int unlink(const char *path)
{
    struct stat is;
    size_t bytes = strlen(path);
    bool log = bytes > 4 && strcmp(path + bytes - 4, "-wal") == 0 &&
               stat(path, &is) == 0 && is.st_size > 0;
    if (!log || logs_that_stay == 0) return (int)syscall(SYS_unlink, path);
    logs_that_stay--;
    errno = EIO;
    return -1;
}

typedef struct World {
    char folder[64];
    char db[96], backup[96], again[96];
    Diag diag;
} World;

static World world_open(void)
{
    World world = {.folder = "/tmp/sanad-restore-XXXXXX"};
    Store *store = NULL;
    ck_assert_ptr_nonnull(mkdtemp(world.folder));
    snprintf(world.db, sizeof world.db, "%s/a.db", world.folder);
    snprintf(world.backup, sizeof world.backup, "%s/backup", world.folder);
    snprintf(world.again, sizeof world.again, "%s/again.db", world.folder);
    ck_assert_int_eq(context_init(world.db, &world.diag), OK);
    ck_assert_int_eq(store_open(world.db, false, &world.diag, &store), OK);
    ck_assert_int_eq(store_backup(store, world.backup, &world.diag), OK);
    store_close(store);
    return world;
}

/* The files whose names begin as the restored database's does. */
static size_t files_of(const World *world)
{
    char pattern[128];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s*", world->again);
    int failed = glob(pattern, 0, NULL, &found);
    size_t count = failed == 0 ? found.gl_pathc : 0;
    if (failed == 0) globfree(&found);
    return count;
}

static void expect_refused(World *world, Err expected, const char *key,
                           size_t files)
{
    world->diag = (Diag){.key = ""};
    Err err = restore_backup(world->backup, world->again, &world->diag);
    ck_assert_msg(err == expected, "%s", err_name(err));
    ck_assert_str_eq(world->diag.key, key);
    ck_assert_uint_eq(files_of(world), files);
}

static void world_close(const World *world)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", world->folder);
    ck_assert_int_eq(system(command), 0);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

TEST(a_backup_becomes_a_database)
{
    World world = world_open();
    Err err = restore_backup(world.backup, world.again, &world.diag);
    ck_assert_msg(err == OK, "%s", world.diag.key);
    char lock[128];
    snprintf(lock, sizeof lock, "%s.lock", world.again);
    unlink(lock); /* of the examination, which writes nothing */
    ck_assert_uint_eq(files_of(&world), 1);
    expect_refused(&world, ERR_CONFLICT, "restore.exists", 1);
    world_close(&world);
}

TEST(a_log_that_could_not_be_ended_spoils_nothing)
{
    World world = world_open();
    logs_that_stay = 4;
    expect_refused(&world, ERR_IO, "restore.unfinished", 0);
    ck_assert_int_eq(logs_that_stay, 0);
    logs_that_stay = 1;
    Err err = restore_backup(world.backup, world.again, &world.diag);
    ck_assert_msg(err == OK, "%s", world.diag.key);
    ck_assert_int_eq(logs_that_stay, 0);
    world_close(&world);
}

TEST(the_log_of_a_database_that_is_gone_is_not_taken_for_the_new_ones)
{
    World world = world_open();
    char log[128];
    snprintf(log, sizeof log, "%s-wal", world.again);
    write_text(log, "changes of another database");
    expect_refused(&world, ERR_CONFLICT, "restore.leftover", 1);
    write_text(log, "");
    Err err = restore_backup(world.backup, world.again, &world.diag);
    ck_assert_msg(err == OK, "%s", world.diag.key);
    world_close(&world);
}

TEST(what_is_no_backup_of_a_file_is_refused)
{
    World world = world_open();
    write_text(world.backup, "PGDMP of a server");
    expect_refused(&world, ERR_INVALID, "restore.archive", 0);
    write_text(world.backup, "SQLite format 3");
    expect_refused(&world, ERR_INVALID, "restore.damaged", 0);
    unlink(world.backup);
    expect_refused(&world, ERR_NOT_FOUND, "file.missing", 0);
    world_close(&world);
}

TEST(what_does_not_agree_with_its_evidence_is_told)
{
    World world = world_open();
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(world.backup, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "UPDATE audit_pending SET record = x'00'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    world.diag = (Diag){.key = ""};
    ck_assert_int_eq(restore_backup(world.backup, world.again, &world.diag),
                     ERR_CONFLICT);
    ck_assert_str_eq(world.diag.key, "restore.not_well");
    ck_assert_int_eq(access(world.again, F_OK), 0);
    world_close(&world);
}

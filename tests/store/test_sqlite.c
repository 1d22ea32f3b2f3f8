/*
 * test_sqlite.c - what only a file can suffer: locks, damage, a full disk, a
 * disk that does not confirm; backups; and how its schema is derived.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/backup.h"
#include "store/dialect.h"
#include "store/fault.h"
#include "tests/store/world.c"

/* The library's way to the disk leads through here. */
static bool sync_fails;
static bool disk_is_full;

int fdatasync(int fd)
{
    if (!sync_fails) return (int)syscall(SYS_fdatasync, fd);
    errno = EIO;
    return -1;
}

int fsync(int fd)
{
    if (!sync_fails) return (int)syscall(SYS_fsync, fd);
    errno = EIO;
    return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at);
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at)
{
    if (!disk_is_full) return syscall(SYS_pwrite64, fd, bytes, count, at);
    errno = ENOSPC;
    return -1;
}

static void write_file(const char *path, const char *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static void expect_open(const char *path, bool create, Err expected,
                        const char *key)
{
    Diag diag = {.key = ""};
    Store *store = NULL;
    Err err = store_open(path, create, &diag, &store);
    ck_assert_msg(err == expected && strcmp(diag.key, key) == 0, "%s: %s %s",
                  path, err_name(err), diag.key);
    ck_assert_ptr_null(store);
}

TEST(what_is_no_database_is_said_so_and_left_alone)
{
    World world = world_open();
    char path[96];
    snprintf(path, sizeof path, "%s/other", world.folder);
    expect_open(path, false, ERR_NOT_FOUND, "store.not_found");
    expect_open(world.folder, true, ERR_IO, "store.io");
    expect_open("/nowhere/at/all.db", true, ERR_IO, "store.io");
    write_file(path, "household_id,region\n1,2\n", 24);
    expect_open(path, true, ERR_IO, "store.not_database");
    EXPECT_STR(harness_read(path), "household_id,region\n1,2\n");
    world_close(&world);
}

TEST(a_new_database_is_for_its_owner_only)
{
    World world = world_open();
    struct stat is;
    ck_assert_int_eq(stat(world.target, &is), 0);
    ck_assert_uint_eq(is.st_mode & 0777, 0600);
    world_close(&world);
}

TEST(commits_are_durable_and_deleted_facts_are_wiped)
{
    World world = world_open();
    int64_t value = 0;
    EXPECT_ERR(&world, OK,
               store_ask(world.writer, "PRAGMA synchronous", &value));
    ck_assert_int_eq(value, 2);
    EXPECT_ERR(&world, OK,
               store_ask(world.writer, "PRAGMA secure_delete", &value));
    ck_assert_int_eq(value, 2);
    EXPECT_ERR(&world, OK,
               store_ask(world.writer,
                         "SELECT journal_mode = 'wal' FROM pragma_journal_mode",
                         &value));
    ck_assert_int_eq(value, 1);
    world_close(&world);
}

static void asks_to_write(const World *world)
{
    Diag diag = {.key = ""};
    Store *store = NULL;
    StoreConn *conn = NULL;
    char pid[24];
    snprintf(pid, sizeof pid, "%ld", (long)getppid());
    if (store_open(world->target, false, &diag, &store) != OK) _exit(1);
    if (store_writer(store, &diag, &conn) != ERR_BUSY) _exit(2);
    if (strcmp(diag.key, "store.writer") != 0) _exit(3);
    if (strcmp(diag.arg[1], pid) != 0) _exit(4);
    if (store_reader(store, &diag, &conn) != OK) _exit(5);
}

TEST(a_second_writer_is_told_which_process_writes)
{
    World world = world_open();
    ck_assert_int_eq(world_fork(asks_to_write, &world), 0);
    world_close(&world);
}

typedef struct Second {
    StoreConn *conn;
    World *world;
    _Atomic bool *first_is_done;
    bool was_before;
    Err err;
} Second;

static void *writes_second(void *arg)
{
    Second *second = arg;
    second->err = store_begin(second->conn);
    second->was_before = !*second->first_is_done;
    if (second->err != OK) return NULL;
    second->err = world_insert(second->conn, T_INSERT, 2, 1);
    if (second->err == OK) second->err = store_commit(second->conn);
    return NULL;
}

TEST(writers_of_one_process_take_turns)
{
    World world = world_open();
    StoreConn *other = NULL;
    pthread_t thread;
    _Atomic bool done = false;
    EXPECT_ERR(&world, OK, store_writer(world.store, &world.diag, &other));
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    Second second = {other, &world, &done, false, ERR_IO};
    ck_assert_int_eq(pthread_create(&thread, NULL, writes_second, &second), 0);
    struct timespec moment = {.tv_nsec = 50000000};
    nanosleep(&moment, NULL);
    done = true;
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert(!second.was_before);
    EXPECT_ERR(&world, OK, second.err);
    ck_assert_int_eq(world_count(world.writer), 2);
    store_conn_close(world.writer);
    world.writer = other; /* the file stays ours while one of them is open */
    ck_assert_int_eq(world_fork(asks_to_write, &world), 0);
    world_close(&world);
}

TEST(a_foreign_lock_is_worth_trying_again)
{
    World world = world_open();
    sqlite3 *other = NULL;
    ck_assert_int_eq(sqlite3_open(world.target, &other), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_busy_timeout(world.writer->lite, 10);
    EXPECT_ERR(&world, ERR_BUSY, store_begin(world.writer));
    store_diag(world.writer, &world.diag);
    ck_assert_str_eq(world.diag.key, "store.locked");
    sqlite3_close(other);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    world_close(&world);
}

TEST(a_full_disk_stores_nothing_and_can_be_tried_again)
{
    World world = world_open();
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 2));
    disk_is_full = true;
    EXPECT_ERR(&world, ERR_IO, store_commit(world.writer));
    store_diag(world.writer, &world.diag);
    ck_assert_str_eq(world.diag.key, "store.full");
    store_rollback(world.writer);
    disk_is_full = false;
    ck_assert_int_eq(world_count(world.writer), 1);
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 2));
    world_close(&world);
}

static void commits_without_a_sync(const World *world)
{
    World again = world_again(world);
    fclose(stderr);
    if (store_begin(again.writer) != OK) _exit(1);
    if (world_insert(again.writer, T_INSERT, 1, 1) != OK) _exit(2);
    sync_fails = true;
    (void)!store_commit(again.writer);
}

static void checkpoints_without_a_sync(const World *world)
{
    World again = world_again(world);
    fclose(stderr);
    if (world_insert(again.writer, T_INSERT, 2, 1) != OK) _exit(1);
    sync_fails = true;
    store_conn_close(again.writer);
}

TEST(a_sync_that_fails_ends_the_process)
{
    World world = world_open();
    store_conn_closep(&world.writer);
    int status = world_fork(commits_without_a_sync, &world);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    status = world_fork(checkpoints_without_a_sync, &world);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    world_close(&world);
}

/* Overwrites most of the file's pages, after everything is in the file. */
static void damage(World *world)
{
    store_conn_closep(&world->writer);
    char noise[4096];
    memset(noise, 0x5a, sizeof noise);
    int fd = open(world->target, O_WRONLY);
    ck_assert_int_ge(fd, 0);
    for (int page = 4; page < 60; page++) {
        ck_assert_int_eq(pwrite64(fd, noise, sizeof noise, page * 4096L),
                         (int)sizeof noise);
    }
    close(fd);
}

static void fill(World *world)
{
    EXPECT_ERR(world, OK, store_begin(world->writer));
    for (int i = 0; i < 20000; i++) {
        EXPECT_ERR(world, OK, world_insert(world->writer, T_BULK, 1, i));
    }
    EXPECT_ERR(world, OK, store_commit(world->writer));
}

TEST(damage_is_found_and_named)
{
    World world = world_open();
    fill(&world);
    EXPECT_ERR(&world, OK, store_check(world.writer, &world.diag));
    damage(&world);
    StoreConn *reader = NULL;
    EXPECT_ERR(&world, OK, store_reader(world.store, &world.diag, &reader));
    EXPECT_ERR(&world, ERR_IO, store_check(reader, &world.diag));
    ck_assert_str_eq(world.diag.key, "store.damaged");
    store_conn_close(reader);
    world_close(&world);
}

TEST(who_listens_hears_of_damage_wherever_it_is_met)
{
    World world = world_open();
    StoreListener first = {.next = NULL}, second = first, gone = first;
    StoreConn *reader = NULL;
    bool row;
    fill(&world);
    damage(&world);
    store_listen(world.store, &first);
    store_listen(world.store, &second);
    store_listen(world.store, &gone);
    store_listen(world.store, &first);
    store_unlisten(world.store, &gone);
    store_unlisten(world.store, &gone);
    EXPECT_ERR(&world, OK, store_reader(world.store, &world.diag, &reader));
    StoreStmt *stmt = store_query(reader, (Query)T_SUM);
    EXPECT_ERR(&world, ERR_IO, store_step(stmt, &row));
    ck_assert_str_eq(first.heard.key, "store.damaged");
    ck_assert_str_eq(second.heard.key, "store.damaged");
    ck_assert_str_eq(gone.heard.key, "");
    store_conn_close(reader);
    world_close(&world);
}

TEST(who_listens_keeps_the_first_fault_and_hears_no_refusal)
{
    World world = world_open();
    StoreListener listener = {.next = NULL};
    store_listen(world.store, &listener);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, ERR_CONFLICT,
               world_insert(world.writer, T_INSERT, 1, 1));
    store_rollback(world.writer);
    ck_assert_str_eq(listener.heard.key, "");
    bool row;
    StoreStmt *stmt = store_query(world.writer, (Query)T_BROKEN);
    EXPECT_ERR(&world, ERR_IO, store_step(stmt, &row));
    ck_assert_str_eq(listener.heard.key, "store.io");
    store_fault(world.writer, FAULT_FULL, "no room");
    ck_assert_str_eq(listener.heard.key, "store.io");
    Diag heard;
    ck_assert(store_heard(&listener, &heard));
    world_close(&world);
    ck_assert_ptr_null(listener.store);
    ck_assert(store_heard(&listener, &heard));
    ck_assert_str_eq(heard.key, "store.io");
}

TEST(a_large_transaction_ends_in_a_checkpoint)
{
    World world = world_open();
    static char page[1 << 16];
    struct stat is;
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    for (int i = 0; i < 800; i++) {
        StoreStmt *stmt = store_query(world.writer, (Query)T_INSERT);
        store_bind_int(stmt, 1, 1);
        store_bind_int(stmt, 2, i);
        store_bind_null(stmt, 3);
        store_bind_null(stmt, 4);
        store_bind_bytes(stmt, 5, (Str){page, sizeof page});
        EXPECT_ERR(&world, OK, store_exec(stmt, NULL));
    }
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert_int_eq(stat(world.target, &is), 0);
    ck_assert_int_gt(is.st_size, 800 * (int64_t)sizeof page);
    world_close(&world);
}

TEST(a_backup_is_of_one_moment_while_writing_goes_on)
{
    World world = world_open();
    World copy = {.folder = ""};
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 2));
    snprintf(copy.target, sizeof copy.target, "%s/copy", world.folder);
    EXPECT_ERR(&world, OK, store_backup(world.store, copy.target, &world.diag));
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    EXPECT_ERR(&world, ERR_CONFLICT,
               store_backup(world.store, copy.target, &world.diag));
    ck_assert_str_eq(world.diag.key, "store.backup_exists");
    struct stat is;
    ck_assert_int_eq(stat(copy.target, &is), 0);
    ck_assert_uint_eq(is.st_mode & 0777, 0600);
    open_store(&copy);
    ck_assert_int_eq(world_count(copy.writer), 1);
    EXPECT_ERR(&copy, OK, store_check(copy.writer, &copy.diag));
    world_close(&copy);
    world_close(&world);
}

TEST(a_backup_that_cannot_be_written_leaves_no_file)
{
    World world = world_open();
    char path[96];
    snprintf(path, sizeof path, "%s/copy", world.folder);
    disk_is_full = true;
    EXPECT_ERR(&world, ERR_IO, store_backup(world.store, path, &world.diag));
    disk_is_full = false;
    ck_assert_str_eq(world.diag.key, "store.full");
    ck_assert_int_eq(access(path, F_OK), -1);
    EXPECT_ERR(&world, OK, store_backup(world.store, path, &world.diag));
    world_close(&world);
}

static void expect_ddl(const char *schema, const char *expected)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(1 << 20);
    Diag diag = {.key = ""};
    const char *ddl = "";
    Err err = dialect_sqlite(arena, str_of(schema), &diag, &ddl);
    ck_assert_msg(err == OK, "%s: %s", schema, diag.arg[0]);
    ck_assert_str_eq(ddl, expected);
}

static void expect_refused(const char *schema, const char *found, int line)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(1 << 20);
    Diag diag = {.key = ""};
    const char *ddl = NULL;
    ck_assert_int_eq(dialect_sqlite(arena, str_of(schema), &diag, &ddl),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "store.schema_word");
    ck_assert_str_eq(diag.arg[0], found);
    ck_assert_int_eq(diag.line, line);
    ck_assert_ptr_null(ddl);
}

TEST(the_schema_of_sqlite_is_derived)
{
    expect_ddl("CREATE TABLE a (b BIGINT, c BYTEA);",
               "CREATE TABLE a (b INTEGER, c BLOB) STRICT;");
    expect_ddl("-- clustered\nCREATE TABLE a (b TEXT);\n"
               "CREATE TABLE c (d INTEGER);",
               "\nCREATE TABLE a (b TEXT) STRICT, WITHOUT ROWID;\n"
               "CREATE TABLE c (d INTEGER) STRICT;");
    expect_ddl("CREATE UNIQUE INDEX i ON a (b) WHERE c <> 'BYTEA; --';",
               "CREATE UNIQUE INDEX i ON a (b) WHERE c <> 'BYTEA; --';");
    expect_ddl("", "");
}

TEST(words_that_only_one_database_knows_are_refused)
{
    expect_refused("CREATE TABLE a (\n b TIMESTAMP);", "TIMESTAMP", 2);
    expect_refused("CREATE TABLE a (b SERIAL);", "SERIAL", 1);
    expect_refused("CREATE TRIGGER t;", "TRIGGER", 1);
    expect_refused("CREATE TABLE A1b (b TEXT);", "A1b", 1);
    expect_refused("CREATE TABLE \"a\" (b TEXT);", "\"", 1);
    expect_refused("CREATE TABLE a (b TEXT DEFAULT 'x);", "'", 1);
    expect_refused("\n\nCREATE TABLE a (b TEXT)", "", 3);
}

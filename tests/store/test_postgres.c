/*
 * test_postgres.c - what only a server can do to us: connections that break,
 * writers beside us, errors that come late. Starts a server of its own by
 * tests/pg-server; without PostgreSQL the program counts as skipped.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "store/backup.h"
#include "store/beside.h"
#include "tests/store/world.c"

/* Before main(): runs this program again beside a server. */
__attribute__((constructor)) static void beside_a_server(void)
{
    if (world_is_postgres()) return;
    char self[4096];
    ssize_t bytes = readlink("/proc/self/exe", self, sizeof self - 1);
    if (bytes < 0) return;
    self[bytes] = '\0';
    const char *server = harness_path("pg-server");
    execl(server, server, self, (char *)NULL);
}

/* Ends the writer's session as an administrator would. */
static void cut_off(World *world)
{
    int64_t pid = 0, done = 0;
    EXPECT_ERR(world, OK,
               store_ask(world->writer, "SELECT pg_backend_pid()", &pid));
    World other = world_again(world);
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%ld)::int",
             (long)pid);
    EXPECT_ERR(&other, OK, store_ask(other.writer, sql, &done));
    ck_assert_int_eq(done, 1);
    world_close(&other);
}

TEST(a_connection_that_broke_is_made_again_at_the_next_begin)
{
    World world = world_open();
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 2));
    cut_off(&world);
    Err err = world_insert(world.writer, T_INSERT, 1, 3);
    if (err == OK) err = store_flush(world.writer);
    EXPECT_ERR(&world, ERR_IO, err);
    store_diag(world.writer, &world.diag);
    ck_assert_str_eq(world.diag.key, "store.lost");
    store_rollback(world.writer);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    ck_assert_int_eq(world_count(world.writer), 1);
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 2));
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert_int_eq(world_count(world.writer), 2);
    world_close(&world);
}

TEST(a_single_read_makes_a_broken_connection_again)
{
    World world = world_open();
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    ck_assert_int_eq(world_count(world.writer), 1);
    cut_off(&world);
    EXPECT_ERR(&world, ERR_IO, world_insert(world.writer, T_INSERT, 1, 2));
    ck_assert_int_eq(world_count(world.writer), 1);
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 2));
    world_close(&world);
}

TEST(a_connection_that_breaks_in_the_commit_leaves_a_question)
{
    World world = world_open();
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_flush(world.writer));
    cut_off(&world);
    EXPECT_ERR(&world, ERR_IO, store_commit(world.writer));
    store_diag(world.writer, &world.diag);
    ck_assert_str_eq(world.diag.key, "store.commit_unknown");
    store_rollback(world.writer);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    ck_assert_int_eq(world_count(world.writer), 0);
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    world_close(&world);
}

TEST(two_writers_of_one_key_wait_and_then_one_is_refused)
{
    World world = world_open();
    World other = world_again(&world);
    EXPECT_ERR(&other, OK,
               store_script(other.writer, "SET lock_timeout = '50ms'"));
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_flush(world.writer));
    EXPECT_ERR(&other, ERR_BUSY, world_insert(other.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&other, OK, world_insert(other.writer, T_INSERT, 2, 1));
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    EXPECT_ERR(&other, ERR_CONFLICT,
               world_insert(other.writer, T_INSERT, 1, 1));
    ck_assert_int_eq(world_count(world.writer), 2);
    world_close(&other);
    world_close(&world);
}

typedef struct Waiting {
    StoreConn *writer;
    atomic_bool over;
    Err err;
} Waiting;

static void *wait_at_barrier(void *arg)
{
    Waiting *waiting = arg;
    waiting->err = store_barrier(waiting->writer);
    waiting->over = true;
    return NULL;
}

TEST(a_barrier_waits_for_the_changes_begun_before_it_and_no_others)
{
    World world = world_open(), other = world_again(&world);
    World third = world_again(&world);
    Waiting waiting = {.writer = other.writer};
    pthread_t thread;
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_flush(world.writer));
    ck_assert_int_eq(pthread_create(&thread, NULL, wait_at_barrier, &waiting),
                     0);
    usleep(300 * 1000);
    ck_assert(!waiting.over);
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    EXPECT_ERR(&other, OK, waiting.err);
    EXPECT_ERR(&third, OK, store_begin(third.writer));
    EXPECT_ERR(&third, OK, world_insert(third.writer, T_INSERT, 1, 2));
    EXPECT_ERR(&third, OK, store_commit(third.writer));
    world_close(&third);
    world_close(&other);
    world_close(&world);
}

TEST(an_error_far_back_in_the_pipeline_refuses_the_commit)
{
    World world = world_open();
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    Err err = OK;
    for (int i = 0; i < 5000 && err == OK; i++) {
        err = world_insert(world.writer, T_INSERT, 1, i == 10 ? 9 : i);
    }
    EXPECT_ERR(&world, ERR_CONFLICT, err);
    EXPECT_ERR(&world, ERR_CONFLICT, store_commit(world.writer));
    store_rollback(world.writer);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    for (int i = 0; i < 5000; i++) {
        EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, i));
    }
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert_int_eq(world_count(world.writer), 5000);
    world_close(&world);
}

TEST(a_number_too_large_for_its_column_is_refused_before_it_is_sent)
{
    World world = world_open();
    StoreStmt *stmt = store_query(world.writer, (Query)T_UPDATE);
    store_bind_int(stmt, 1, 1);
    store_bind_int(stmt, 2, (int64_t)INT32_MAX + 1);
    EXPECT_ERR(&world, ERR_CONFLICT, store_exec(stmt, NULL));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    world_close(&world);
}

static void fill(World *world)
{
    EXPECT_ERR(world, OK, store_begin(world->writer));
    for (int i = 0; i < 1000; i++) {
        EXPECT_ERR(world, OK, world_insert(world->writer, T_BULK, 1, i));
    }
    EXPECT_ERR(world, OK, store_commit(world->writer));
}

TEST(a_backup_is_restored_into_an_empty_database_only)
{
    World world = world_open();
    char path[96];
    StoreConn *reader = NULL;
    fill(&world);
    snprintf(path, sizeof path, "%s/archive", world.folder);
    EXPECT_ERR(&world, OK, store_backup(world.store, path, &world.diag));
    EXPECT_ERR(&world, ERR_CONFLICT,
               store_backup(world.store, path, &world.diag));
    ck_assert_str_eq(world.diag.key, "store.backup_exists");
    EXPECT_ERR(&world, ERR_CONFLICT,
               store_restore(world.store, path, &world.diag));
    ck_assert_str_eq(world.diag.key, "store.not_empty");
    EXPECT_ERR(
        &world, OK,
        store_script(world.writer,
                     "DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
    EXPECT_ERR(&world, OK, store_restore(world.store, path, &world.diag));
    EXPECT_ERR(&world, OK, store_reader(world.store, &world.diag, &reader));
    ck_assert_int_eq(world_count(reader), 1000);
    store_conn_close(reader);
    world_close(&world);
}

TEST(passwords_of_the_url_are_never_shown)
{
    Diag diag = {.key = ""};
    Store *store = NULL;
    Err err =
        store_open("postgres://u:secret@127.0.0.1:1/x?port=2&password=hidden"
                   "&p%61ssword=hidden&host=127.0.0.1&sslmode=a%62c",
                   false, &diag, &store);
    ck_assert_int_eq(err, ERR_IO);
    ck_assert_str_eq(diag.key, "store.connect");
    ck_assert_str_eq(
        diag.arg[0],
        "postgres://u@127.0.0.1:1/x?port=2&host=127.0.0.1&sslmode=a%62c");
    for (int i = 0; i < diag.arg_count; i++) {
        ck_assert_ptr_null(strstr(diag.arg[i], "secret"));
        ck_assert_ptr_null(strstr(diag.arg[i], "hidden"));
    }
}

TEST(of_an_address_with_a_bare_mark_in_its_password_nothing_is_shown)
{
    static const char *const bad[] = {
        "postgres://u:secret/word@127.0.0.1:1/x",
        "postgres://u:12/secret@127.0.0.1:1/x",
        "postgres://u:one@secret@127.0.0.1:1/x",
        "postgres://u:one@se/secret@127.0.0.1:1/x",
        "postgres://u:secret?word@127.0.0.1:1/x",
        "postgres://u:1?secret@127.0.0.1:1/x",
        "postgres://127.0.0.1:secret/x",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Diag diag = {.key = ""};
        Store *store = NULL;
        ck_assert_int_eq(store_open(bad[i], false, &diag, &store), ERR_IO);
        ck_assert_str_eq(diag.key, "store.address");
        ck_assert_int_eq(diag.arg_count, 1);
        ck_assert_str_eq(diag.arg[0], "postgres://...");
    }
}

TEST(several_hosts_and_ports_are_shown)
{
    Diag diag = {.key = ""};
    Store *store = NULL;
    const char *url = "postgres://u@[::1]:1,127.0.0.1:1/x";
    ck_assert_int_eq(store_open(url, false, &diag, &store), ERR_IO);
    ck_assert_str_eq(diag.key, "store.connect");
    ck_assert_str_eq(diag.arg[0], url);
}

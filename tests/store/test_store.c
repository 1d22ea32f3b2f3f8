/*
 * test_store.c - what both databases must do alike. Runs on SQLite; under
 * tests/pg-server on PostgreSQL (tests/store/pg.sh).
 */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/store/world.c"

static StoreStmt *get(StoreConn *conn, int64_t household, int64_t id)
{
    bool row = false;
    StoreStmt *stmt = store_query(conn, (Query)T_GET);
    store_bind_int(stmt, 1, household);
    store_bind_int(stmt, 2, id);
    Err err = store_step(stmt, &row);
    ck_assert_msg(err == OK && row, "%s", store_error(conn));
    return stmt;
}

static void put(World *world, int64_t household, int64_t id, int64_t small,
                const Str *note, const Str *bytes)
{
    StoreStmt *stmt = store_query(world->writer, (Query)T_INSERT);
    store_bind_int(stmt, 1, household);
    store_bind_int(stmt, 2, id);
    store_bind_int(stmt, 3, small);
    if (note == NULL) store_bind_null(stmt, 4);
    if (note != NULL) store_bind_text(stmt, 4, *note);
    if (bytes == NULL) store_bind_null(stmt, 5);
    if (bytes != NULL) store_bind_bytes(stmt, 5, *bytes);
    EXPECT_ERR(world, OK, store_exec(stmt, NULL));
}

TEST(values_come_back_as_they_went_in)
{
    World world = world_open();
    char all[256];
    for (int i = 0; i < 256; i++) all[i] = (char)i;
    Str arabic = STR("أسرة الحربي، ١٢٣"), bytes = {all, sizeof all};
    put(&world, INT64_MIN, INT64_MAX, INT32_MAX, &arabic, &bytes);
    StoreStmt *stmt = get(world.writer, INT64_MIN, INT64_MAX);
    ck_assert_int_eq(store_int(stmt, 0), INT64_MAX);
    ck_assert_int_eq(store_int(stmt, 1), INT32_MAX);
    EXPECT_STR(store_text(stmt, 2), "أسرة الحربي، ١٢٣");
    ck_assert(str_equal(store_bytes(stmt, 3), bytes));
    world_close(&world);
}

TEST(null_and_empty_are_two_things)
{
    World world = world_open();
    Str nothing = {NULL, 0}, empty = STR("");
    put(&world, 1, 1, 0, NULL, NULL);
    put(&world, 1, 2, 0, &nothing, &nothing);
    put(&world, 1, 3, 0, NULL, &empty);
    StoreStmt *stmt = get(world.writer, 1, 1);
    ck_assert(store_is_null(stmt, 2) && store_is_null(stmt, 3));
    ck_assert_ptr_null(store_text(stmt, 2).at);
    ck_assert_ptr_null(store_bytes(stmt, 3).at);
    ck_assert_int_eq(store_int(stmt, 3), 0);
    stmt = get(world.writer, 1, 2);
    ck_assert(!store_is_null(stmt, 2) && !store_is_null(stmt, 3));
    ck_assert_ptr_nonnull(store_text(stmt, 2).at);
    ck_assert_ptr_nonnull(store_bytes(stmt, 3).at);
    ck_assert_uint_eq(store_bytes(stmt, 3).bytes, 0);
    ck_assert(!store_is_null(get(world.writer, 1, 3), 3));
    world_close(&world);
}

TEST(parameters_go_by_their_number_not_by_their_place)
{
    World world = world_open();
    bool row = false;
    StoreStmt *stmt = store_query(world.writer, (Query)T_ECHO);
    store_bind_text(stmt, 1, STR("first"));
    store_bind_int(stmt, 2, 2);
    EXPECT_ERR(&world, OK, store_step(stmt, &row));
    ck_assert_int_eq(store_int(stmt, 0), 2);
    EXPECT_STR(store_text(stmt, 1), "first");
    world_close(&world);
}

TEST(sums_counts_and_truth_values_are_integers)
{
    World world = world_open();
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, -5));
    EXPECT_ERR(&world, OK,
               world_insert(world.writer, T_INSERT, 1, 9000000000000000000));
    bool row = false;
    StoreStmt *stmt = store_query(world.writer, (Query)T_SUM);
    EXPECT_ERR(&world, OK, store_step(stmt, &row));
    ck_assert_int_eq(store_int(stmt, 0), 8999999999999999995);
    ck_assert_int_eq(store_int(stmt, 1), 9000000000000000000);
    ck_assert_int_eq(store_int(stmt, 2), 1);
    ck_assert_int_eq(store_int(stmt, 3), 14);
    world_close(&world);
}

TEST(a_unique_key_and_a_check_refuse_with_a_conflict)
{
    World world = world_open();
    Str name = STR("single");
    put(&world, 1, 1, 0, &name, NULL);
    EXPECT_ERR(&world, ERR_CONFLICT,
               world_insert(world.writer, T_INSERT, 1, 1));
    store_diag(world.writer, &world.diag);
    ck_assert_str_eq(world.diag.key, "store.refused");
    StoreStmt *stmt = store_query(world.writer, (Query)T_UPDATE);
    store_bind_int(stmt, 1, 1);
    store_bind_int(stmt, 2, -1);
    EXPECT_ERR(&world, ERR_CONFLICT, store_exec(stmt, NULL));
    ck_assert_int_eq(world_count(world.writer), 1);
    world_close(&world);
}

TEST(a_statement_that_cannot_be_prepared_says_so_when_it_runs)
{
    World world = world_open();
    bool row = true;
    StoreStmt *stmt = store_query(world.writer, (Query)T_BROKEN);
    store_bind_int(stmt, 1, 1);
    EXPECT_ERR(&world, ERR_IO, store_step(stmt, &row));
    ck_assert_ptr_nonnull(strstr(store_error(world.writer), "nowhere"));
    ck_assert_int_eq(world_count(world.writer), 0);
    world_close(&world);
}

static void forgets_a_parameter(const World *world)
{
    World again = *world;
    again = world_again(&again);
    StoreStmt *stmt = store_query(again.writer, (Query)T_UPDATE);
    store_bind_int(stmt, 1, 1);
    fclose(stderr);
    (void)!store_exec(stmt, NULL);
}

TEST(a_parameter_that_is_not_bound_stops_the_program)
{
    World world = world_open();
    store_conn_closep(&world.writer);
    int status = world_fork(forgets_a_parameter, &world);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    world_close(&world);
}

TEST(the_number_of_changed_rows_is_told)
{
    World world = world_open();
    int64_t changed = -1;
    for (int i = 0; i < 3; i++) {
        EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, i));
    }
    StoreStmt *stmt = store_query(world.writer, (Query)T_DELETE);
    store_bind_int(stmt, 1, 1);
    EXPECT_ERR(&world, OK, store_exec(stmt, &changed));
    ck_assert_int_eq(changed, 3);
    stmt = store_query(world.writer, (Query)T_DELETE);
    store_bind_int(stmt, 1, 1);
    EXPECT_ERR(&world, OK, store_exec(stmt, &changed));
    ck_assert_int_eq(changed, 0);
    world_close(&world);
}

TEST(what_is_rolled_back_was_never_there)
{
    World world = world_open();
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_BULK, 1, 2));
    ck_assert_int_eq(world_count(world.writer), 2);
    store_rollback(world.writer);
    ck_assert_int_eq(world_count(world.writer), 0);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_BULK, 1, 3));
    store_rollback(world.writer);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert_int_eq(world_count(world.writer), 0);
    world_close(&world);
}

TEST(a_failed_part_of_a_transaction_takes_nothing_else_with_it)
{
    World world = world_open();
    StoreConn *conn = world.writer;
    EXPECT_ERR(&world, OK, store_begin(conn));
    EXPECT_ERR(&world, OK, world_insert(conn, T_BULK, 1, 1));
    EXPECT_ERR(&world, OK, store_savepoint(conn));
    EXPECT_ERR(&world, OK, world_insert(conn, T_BULK, 2, 1));
    EXPECT_ERR(&world, OK, world_insert(conn, T_INSERT, 2, 2));
    Err err = world_insert(conn, T_INSERT, 1, 1);
    if (err == OK) err = store_release(conn);
    EXPECT_ERR(&world, ERR_CONFLICT, err);
    EXPECT_ERR(&world, OK, store_rollback_to(conn));
    EXPECT_ERR(&world, OK, store_savepoint(conn));
    EXPECT_ERR(&world, OK, world_insert(conn, T_BULK, 3, 1));
    EXPECT_ERR(&world, OK, store_release(conn));
    EXPECT_ERR(&world, OK, store_commit(conn));
    ck_assert_int_eq(world_count(conn), 2);
    store_reset(get(conn, 1, 1));
    store_reset(get(conn, 3, 1));
    world_close(&world);
}

TEST(an_error_comes_out_before_the_commit_does)
{
    World world = world_open();
    StoreConn *conn = world.writer;
    EXPECT_ERR(&world, OK, world_insert(conn, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_begin(conn));
    EXPECT_ERR(&world, OK, world_insert(conn, T_INSERT, 1, 2));
    Err err = world_insert(conn, T_INSERT, 1, 1);
    if (err == OK) err = store_flush(conn);
    EXPECT_ERR(&world, ERR_CONFLICT, err);
    store_rollback(conn);
    ck_assert_int_eq(world_count(conn), 1);
    world_close(&world);
}

static void bulk_rows(World *world, int count)
{
    int64_t before = world_count(world->writer);
    EXPECT_ERR(world, OK, store_begin(world->writer));
    for (int i = 0; i < count; i++) {
        EXPECT_ERR(world, OK, world_insert(world->writer, T_BULK, count, i));
    }
    if (count % 2 == 0) {
        ck_assert_int_eq(world_count(world->writer), before + count);
    }
    EXPECT_ERR(world, OK, store_commit(world->writer));
    ck_assert_int_eq(world_count(world->writer), before + count);
    store_reset(get(world->writer, count, count - 1));
}

TEST(bulk_rows_are_there_for_the_next_read_and_the_commit)
{
    World world = world_open();
    static const int counts[] = {1, 2, 8, 9, 1000, 50001};
    for (size_t i = 0; i < 6; i++) bulk_rows(&world, counts[i]);
    world_close(&world);
}

TEST(bulk_rows_keep_null_and_all_values)
{
    World world = world_open();
    StoreConn *conn = world.writer;
    EXPECT_ERR(&world, OK, store_begin(conn));
    for (int i = 0; i < 20; i++) {
        StoreStmt *stmt = store_query(conn, (Query)T_BULK);
        store_bind_int(stmt, 1, -1);
        store_bind_int(stmt, 2, INT64_MIN + i);
        store_bind_null(stmt, 3);
        store_bind_text(stmt, 4, i == 5 ? STR("ضمان") : STR("note"));
        store_bind_bytes(stmt, 5, (Str){"\0\n\\", 3});
        EXPECT_ERR(&world, OK, store_exec(stmt, NULL));
    }
    EXPECT_ERR(&world, OK, store_commit(conn));
    StoreStmt *stmt = get(conn, -1, INT64_MIN + 5);
    ck_assert(store_is_null(stmt, 1));
    EXPECT_STR(store_text(stmt, 2), "ضمان");
    ck_assert(str_equal(store_bytes(stmt, 3), (Str){"\0\n\\", 3}));
    world_close(&world);
}

TEST(a_duplicate_among_bulk_rows_stops_the_commit)
{
    World world = world_open();
    StoreConn *conn = world.writer;
    EXPECT_ERR(&world, OK, store_begin(conn));
    Err err = OK;
    for (int i = 0; i < 100 && err == OK; i++) {
        err = world_insert(conn, T_BULK, 1, i % 99);
    }
    if (err == OK) err = store_commit(conn);
    EXPECT_ERR(&world, ERR_CONFLICT, err);
    store_rollback(conn);
    ck_assert_int_eq(world_count(conn), 0);
    bulk_rows(&world, 10);
    world_close(&world);
}

TEST(a_reader_keeps_its_moment_while_the_writer_goes_on)
{
    World world = world_open();
    StoreConn *reader = NULL;
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_reader(world.store, &world.diag, &reader));
    EXPECT_ERR(&world, OK, store_begin(reader));
    ck_assert_int_eq(world_count(reader), 1);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 2));
    ck_assert_int_eq(world_count(reader), 1);
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert_int_eq(world_count(reader), 1);
    EXPECT_ERR(&world, OK, store_commit(reader));
    ck_assert_int_eq(world_count(reader), 2);
    store_conn_close(reader);
    world_close(&world);
}

TEST(a_reader_cannot_write)
{
    World world = world_open();
    StoreConn *reader = NULL;
    EXPECT_ERR(&world, OK, store_reader(world.store, &world.diag, &reader));
    EXPECT_ERR(&world, OK, store_begin(reader));
    Err err = world_insert(reader, T_INSERT, 1, 1);
    if (err == OK) err = store_flush(reader);
    ck_assert_int_eq(err, ERR_IO);
    store_diag(reader, &world.diag);
    ck_assert_str_eq(world.diag.key, "store.denied");
    store_rollback(reader);
    store_conn_close(reader);
    ck_assert_int_eq(world_count(world.writer), 0);
    world_close(&world);
}

TEST(reads_may_stand_within_reads_and_end_early)
{
    World world = world_open();
    bulk_rows(&world, 10);
    int64_t seen = 0;
    bool row = true;
    StoreStmt *list = store_query(world.writer, (Query)T_LIST);
    store_bind_int(list, 1, 10);
    while (seen < 7) {
        EXPECT_ERR(&world, OK, store_step(list, &row));
        ck_assert(row);
        ck_assert_int_eq(store_int(list, 0), seen++);
        store_reset(get(world.writer, 10, 9 - store_int(list, 0)));
    }
    store_reset(list);
    list = store_query(world.writer, (Query)T_LIST);
    store_bind_int(list, 1, 11);
    EXPECT_ERR(&world, OK, store_step(list, &row));
    ck_assert(!row);
    world_close(&world);
}

TEST(the_end_of_a_transaction_ends_its_reads)
{
    World world = world_open();
    bulk_rows(&world, 10);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    get(world.writer, 10, 1);
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    get(world.writer, 10, 1);
    store_rollback(world.writer);
    ck_assert_int_eq(world.writer->active_count, 0);
    world_close(&world);
}

static void commits_and_dies(const World *world)
{
    World again = world_again(world);
    if (store_begin(again.writer) != OK) _exit(1);
    for (int i = 0; i < 100; i++) {
        if (world_insert(again.writer, T_BULK, 4, i) != OK) _exit(2);
    }
    if (store_commit(again.writer) != OK) _exit(3);
    if (store_begin(again.writer) != OK) _exit(4);
    if (world_insert(again.writer, T_INSERT, 5, 1) != OK) _exit(5);
    if (store_flush(again.writer) != OK) _exit(6);
    raise(SIGKILL);
}

TEST(a_commit_survives_the_death_of_its_process)
{
    World world = world_open();
    store_conn_closep(&world.writer);
    int status = world_fork(commits_and_dies, &world);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    World again = world_again(&world);
    ck_assert_int_eq(world_count(again.writer), 100);
    world_close(&again);
    world_close(&world);
}

TEST(migration_repeated_changes_nothing)
{
    World world = world_open();
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, 1, 1));
    EXPECT_ERR(&world, OK, store_migrate(world.writer, &world.diag));
    EXPECT_ERR(&world, OK, store_schema_check(world.writer, &world.diag));
    ck_assert_int_eq(world_count(world.writer), 1);
    world_close(&world);
}

TEST(a_database_of_a_newer_release_is_refused)
{
    World world = world_open();
    world.store->schema_count = 1;
    EXPECT_ERR(&world, ERR_CONFLICT, store_migrate(world.writer, &world.diag));
    ck_assert_str_eq(world.diag.key, "store.newer");
    EXPECT_ERR(&world, ERR_CONFLICT,
               store_schema_check(world.writer, &world.diag));
    world_close(&world);
}

TEST(a_schema_file_that_was_edited_is_refused)
{
    World world = world_open();
    SchemaFile edited[WORLD_SCHEMA_COUNT];
    memcpy(edited, world_schema(), sizeof edited);
    edited[1].tag = "bbbb";
    world.store->schema = edited;
    EXPECT_ERR(&world, ERR_CONFLICT, store_migrate(world.writer, &world.diag));
    ck_assert_str_eq(world.diag.key, "store.schema_changed");
    ck_assert_str_eq(world.diag.arg[1], "sample.sql");
    world_close(&world);
}

TEST(a_schema_one_step_back_is_upgraded_before_it_is_used)
{
    World world = world_open();
    SchemaFile more[3];
    memcpy(more, world_schema(), 2 * sizeof *more);
    more[2] = (SchemaFile){3, "three.sql", STR("CREATE TABLE three (a TEXT);"),
                           "cccc"};
    EXPECT_ERR(&world, OK, store_schema_check(world.writer, &world.diag));
    world.store->schema = more;
    world.store->schema_count = 3;
    EXPECT_ERR(&world, ERR_CONFLICT,
               store_schema_check(world.writer, &world.diag));
    ck_assert_str_eq(world.diag.key, "store.older");
    ck_assert_str_eq(world.diag.arg[1], "2");
    ck_assert_str_eq(world.diag.arg[2], "3");
    EXPECT_ERR(&world, OK, store_migrate(world.writer, &world.diag));
    EXPECT_ERR(&world, OK, store_schema_check(world.writer, &world.diag));
    world_close(&world);
}

TEST(a_migration_that_fails_leaves_the_one_before_it)
{
    World world = world_open();
    SchemaFile more[3];
    memcpy(more, world_schema(), 2 * sizeof *more);
    more[2] = (SchemaFile){
        3, "three.sql",
        STR("CREATE TABLE three (a TEXT);\nCREATE INDEX x ON nowhere (a);"),
        "cccc"};
    world.store->schema = more;
    world.store->schema_count = 3;
    EXPECT_ERR(&world, ERR_IO, store_migrate(world.writer, &world.diag));
    ck_assert_str_eq(world.diag.file, "three.sql");
    more[2].text = STR("CREATE TABLE three (a TEXT);");
    EXPECT_ERR(&world, OK, store_migrate(world.writer, &world.diag));
    world_close(&world);
}

TEST(an_empty_database_asks_for_init)
{
    World world = world_open();
    StoreConn *conn = world.writer;
    EXPECT_ERR(&world, OK, store_script(conn, "DROP TABLE schema_version"));
    EXPECT_ERR(&world, ERR_NOT_FOUND, store_schema_check(conn, &world.diag));
    ck_assert_str_eq(world.diag.key, "store.empty");
    world_close(&world);
}

enum { IDS = 20000 };

static void *give_ids(void *argument)
{
    World *world = argument;
    static int64_t ids[2][IDS];
    static _Atomic int caller;
    int64_t *mine = ids[atomic_fetch_add(&caller, 1)];
    for (int i = 0; i < IDS; i++) mine[i] = store_new_id(world->store);
    return mine;
}

TEST(ids_rise_and_differ_in_all_threads)
{
    World world = world_open();
    pthread_t one, two;
    void *first = NULL, *second = NULL;
    ck_assert_int_eq(pthread_create(&one, NULL, give_ids, &world), 0);
    ck_assert_int_eq(pthread_create(&two, NULL, give_ids, &world), 0);
    pthread_join(one, &first);
    pthread_join(two, &second);
    const int64_t *a = first, *b = second;
    int i = 0, j = 0;
    while (i < IDS && j < IDS) {
        ck_assert_int_ne(a[i], b[j]);
        if (i > 0) ck_assert_int_gt(a[i], a[i - 1]);
        if (j > 0) ck_assert_int_gt(b[j], b[j - 1]);
        if (a[i] < b[j]) {
            i++;
        } else {
            j++;
        }
    }
    ck_assert_int_gt(a[0], 0);
    world_close(&world);
}

static void keeps_an_id_and_dies(const World *world)
{
    World again = world_again(world);
    int64_t id = store_new_id(again.store);
    if (world_insert(again.writer, T_INSERT, 1, id) != OK) _exit(1);
    raise(SIGKILL);
}

TEST(a_process_that_died_leaves_its_ids_to_nobody)
{
    World world = world_open();
    store_conn_closep(&world.writer);
    for (int i = 0; i < 3; i++) world_fork(keeps_an_id_and_dies, &world);
    World again = world_again(&world);
    ck_assert_int_eq(world_count(again.writer), 3);
    int64_t node = store_new_id(again.store) >> 12 & 1023;
    StoreStmt *list = store_query(again.writer, (Query)T_LIST);
    store_bind_int(list, 1, 1);
    for (bool row;;) {
        EXPECT_ERR(&again, OK, store_step(list, &row));
        if (!row) break;
        ck_assert_int_ne(store_int(list, 0) >> 12 & 1023, node);
    }
    world_close(&again);
    world_close(&world);
}

TEST(a_node_given_back_is_leased_again)
{
    World world = world_open();
    int64_t node = store_new_id(world.store) >> 12 & 1023;
    int64_t last = 0;
    for (int i = 0; i < 5; i++) {
        usleep(3000); /* past the milliseconds that were used */
        store_conn_closep(&world.writer);
        EXPECT_ERR(&world, OK,
                   store_writer(world.store, &world.diag, &world.writer));
        int64_t id = store_new_id(world.store);
        ck_assert_int_gt(id, last);
        ck_assert_int_eq(id >> 12 & 1023, node);
        last = id;
    }
    world_close(&world);
}

#ifdef SANAD_TORTURE
/* A change as commands make it; the first error, or OK. */
static Err change(StoreConn *conn)
{
    bool row;
    TRY(store_begin(conn));
    for (int i = 0; i < 12; i++) TRY(world_insert(conn, T_BULK, 9, i));
    StoreStmt *stmt = store_query(conn, (Query)T_LIST);
    store_bind_int(stmt, 1, 9);
    do {
        TRY(store_step(stmt, &row));
    } while (row);
    TRY(store_savepoint(conn));
    TRY(world_insert(conn, T_INSERT, 10, 1));
    TRY(store_release(conn));
    TRY(store_flush(conn));
    return store_commit(conn);
}

TEST(whichever_statement_fails_all_or_nothing_is_stored)
{
    World world = world_open();
    Err err = ERR_IO;
    long nth = 0;
    while (err != OK && nth < 200) {
        store_fail_at(++nth);
        err = change(world.writer);
        store_fail_at(0);
        if (err != OK) store_rollback(world.writer);
        ck_assert_int_eq(world_count(world.writer), err == OK ? 13 : 0);
    }
    ck_assert_int_gt(nth, 15);
    ck_assert_int_lt(nth, 200);
    world_close(&world);
}

TEST(whichever_statement_of_a_migration_fails_it_can_be_repeated)
{
    World world = world_open();
    SchemaFile more[4];
    memcpy(more, world_schema(), 2 * sizeof *more);
    more[2] = (SchemaFile){3, "three.sql", STR("CREATE TABLE three (a TEXT);"),
                           "cccc"};
    more[3] =
        (SchemaFile){4, "four.sql", STR("CREATE TABLE four (a TEXT);"), "dddd"};
    world.store->schema = more;
    world.store->schema_count = 4;
    Err err = ERR_IO;
    long nth = 0;
    while (err != OK && nth < 200) {
        store_fail_at(++nth);
        err = store_migrate(world.writer, &world.diag);
        store_fail_at(0);
    }
    ck_assert_int_lt(nth, 200);
    EXPECT_ERR(&world, OK, store_schema_check(world.writer, &world.diag));
    world_close(&world);
}
#endif

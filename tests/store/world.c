#include "tests/store/world.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/schema.h"

#define COLUMNS "household_id, id, small, note, bytes"

static const QueryText statements[] = {
    {"t_insert", QUERY_EXEC, 5, "", "",
     "INSERT INTO sample (" COLUMNS ") VALUES ($1, $2, $3, $4, $5)", NULL,
     WATCH_HOUSEHOLD, 1},
    {"t_bulk", QUERY_BULK, 5, "sample", COLUMNS,
     "INSERT INTO sample (" COLUMNS ") VALUES ($1, $2, $3, $4, $5)", NULL,
     WATCH_NOTHING, 0},
    {"t_get", QUERY_ONE, 2, "", "",
     "SELECT id, small, note, bytes FROM sample "
     "WHERE household_id = $1 AND id = $2",
     NULL, WATCH_EVERYTHING, 0},
    {"t_list", QUERY_MANY, 1, "", "",
     "SELECT id FROM sample WHERE household_id = $1 ORDER BY id", NULL,
     WATCH_EVERYTHING, 0},
    {"t_count", QUERY_ONE, 0, "", "", "SELECT count(*) FROM sample", NULL,
     WATCH_EVERYTHING, 0},
    {"t_sum", QUERY_ONE, 0, "", "",
     "SELECT sum(id), max(id), EXISTS (SELECT 1 FROM sample), "
     "sum(small) FROM sample",
     NULL, WATCH_EVERYTHING, 0},
    {"t_update", QUERY_EXEC, 2, "", "",
     "UPDATE sample SET small = $2 WHERE household_id = $1", NULL, WATCH_RUNS,
     0},
    {"t_delete", QUERY_EXEC, 1, "", "",
     "DELETE FROM sample WHERE household_id = $1", NULL, WATCH_EVERYTHING, 0},
    {"t_broken", QUERY_ONE, 1, "", "", "SELECT a FROM nowhere WHERE a = $1",
     NULL, WATCH_EVERYTHING, 0},
    {"t_echo", QUERY_ONE, 2, "", "",
     "SELECT CAST($2 AS BIGINT), CAST($1 AS TEXT)", NULL, WATCH_EVERYTHING, 0},
};

static const char sample_ddl[] =
    "-- 0002 sample: what the tests of the store write.\n"
    "-- clustered\n"
    "CREATE TABLE sample (\n"
    "    household_id BIGINT  NOT NULL,\n"
    "    id           BIGINT  NOT NULL,\n"
    "    small        INTEGER CHECK (small >= 0), -- a comment\n"
    "    note         TEXT,\n"
    "    bytes        BYTEA,\n"
    "    PRIMARY KEY (household_id, id)\n"
    ");\n"
    "CREATE UNIQUE INDEX sample_note ON sample (note)\n"
    "    WHERE note <> 'note';\n";

bool world_is_postgres(void)
{
    return getenv("SANAD_TEST_PG") != NULL;
}

const SchemaFile *world_schema(void)
{
    static SchemaFile files[WORLD_SCHEMA_COUNT];
    const Asset *first = asset_find("sql/schema/0001-store.sql");
    ck_assert_ptr_nonnull(first);
    files[0] = (SchemaFile){1, first->path, first->bytes, first->tag};
    files[1] = (SchemaFile){2, "sample.sql", STR(sample_ddl), "aaaa"};
    return files;
}

static void open_store(World *world)
{
    size_t count = sizeof statements / sizeof *statements;
    ck_assert_uint_eq(count, T_STATEMENTS_END - Q_COUNT);
    EXPECT_ERR(world, OK,
               store_open_with(world->target, true, statements, count,
                               world_schema(), WORLD_SCHEMA_COUNT, &world->diag,
                               &world->store));
    EXPECT_ERR(world, OK,
               store_writer(world->store, &world->diag, &world->writer));
}

/* Makes a database beside the server's first one, and its URL. */
static void make_database(World *world)
{
    const char *base = getenv("SANAD_TEST_PG");
    World first = {.target = ""};
    snprintf(first.target, sizeof first.target, "%s", base);
    open_store(&first);
    char sql[80];
    snprintf(sql, sizeof sql, "CREATE DATABASE t%ld", (long)getpid());
    EXPECT_ERR(&first, OK, store_script(first.writer, sql));
    world_close(&first);
    const char *start = strstr(base, "://") + 3;
    size_t head = (size_t)(start - base) + strcspn(start, "/");
    const char *tail = base + head + 1 + strcspn(base + head + 1, "?");
    snprintf(world->target, sizeof world->target, "%.*s/t%ld%s", (int)head,
             base, (long)getpid(), tail);
}

World world_open(void)
{
    World world = {.folder = "/tmp/sanad-store-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(world.folder));
    if (world_is_postgres()) {
        make_database(&world);
    } else {
        snprintf(world.target, sizeof world.target, "%s/db", world.folder);
    }
    open_store(&world);
    EXPECT_ERR(&world, OK, store_migrate(world.writer, &world.diag));
    return world;
}

World world_again(const World *world)
{
    World again = {.folder = ""};
    snprintf(again.target, sizeof again.target, "%s", world->target);
    open_store(&again);
    return again;
}

void world_close(World *world)
{
    store_conn_close(world->writer);
    store_close(world->store);
    if (world->folder[0] == '\0') return;
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
    ck_assert_int_eq(system(command), 0);
}

Err world_insert(StoreConn *conn, int query, int64_t household, int64_t id)
{
    StoreStmt *stmt = store_query(conn, (Query)query);
    store_bind_int(stmt, 1, household);
    store_bind_int(stmt, 2, id);
    store_bind_int(stmt, 3, 7);
    store_bind_text(stmt, 4, STR("note"));
    store_bind_bytes(stmt, 5, STR("bytes"));
    return store_exec(stmt, NULL);
}

int64_t world_count(StoreConn *conn)
{
    bool row = false;
    StoreStmt *stmt = store_query(conn, (Query)T_COUNT);
    Err err = store_step(stmt, &row);
    ck_assert_msg(err == OK && row, "%s", store_error(conn));
    int64_t count = store_int(stmt, 0);
    store_reset(stmt);
    return count;
}

int world_fork(void (*run)(const World *world), const World *world)
{
    int status = -1;
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        run(world);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return status;
}

/*
 * world.h - an empty database for one test of the store, on SQLite or, when
 * SANAD_TEST_PG names a server, on PostgreSQL; with a table and statements
 * that belong to the tests.
 */
#ifndef TESTS_STORE_WORLD_H
#define TESTS_STORE_WORLD_H

#include "store/store_int.h"
#include "tests/harness.h"

/* Statements of the tests, after the built-in ones. */
enum {
    T_INSERT = Q_COUNT, /* household_id, id, small, note, bytes */
    T_BULK,             /* the same as :bulk */
    T_GET,              /* by household_id and id: id, small, note, bytes */
    T_LIST,             /* by household_id: id */
    T_COUNT,            /* of all rows */
    T_SUM,              /* sum, largest, whether there is any, null */
    T_UPDATE,           /* household_id, small: sets small */
    T_DELETE,           /* household_id */
    T_BROKEN,           /* names a table that is not there */
    T_ECHO,             /* $2 before $1 */
    T_STATEMENTS_END
};

typedef struct World {
    char folder[64];
    char target[256]; /* path or URL */
    Store *store;
    StoreConn *writer;
    Diag diag;
} World;

/* An empty, migrated database with its writer open. */
World world_open(void);

/* Opens the database of a world again, as another process would. */
World world_again(const World *world);
void world_close(World *world);

bool world_is_postgres(void);

/* Fails the test, with what the store says, unless err is the expected one. */
#define EXPECT_ERR(world, expected, expression)                                \
    do {                                                                       \
        Err err_ = (expression);                                               \
        ck_assert_msg(err_ == (expected), "%s gives %s, expected %s (%s %s)",  \
                      #expression, err_name(err_), err_name(expected),         \
                      (world)->diag.key,                                       \
                      (world)->writer == NULL ? ""                             \
                                              : store_error((world)->writer)); \
    } while (0)

/* The schema of the tests: number 1 of the store, then `count` - 1 more. */
const SchemaFile *world_schema(void);
enum { WORLD_SCHEMA_COUNT = 2 };

/* One row by T_INSERT or T_BULK: (household, id, 7, "note", "bytes").
 *
 * errs   as store_exec()
 */
Err world_insert(StoreConn *conn, int query, int64_t household, int64_t id);

/* How many rows the table has, as this connection sees it. */
int64_t world_count(StoreConn *conn);

/* Runs in a process of its own; the status of waitpid(). */
int world_fork(void (*run)(const World *world), const World *world);

#endif

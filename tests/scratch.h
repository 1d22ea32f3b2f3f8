/*
 * scratch.h - a database in a folder of its own, for tests that need one.
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <stdlib.h>
#include <unistd.h>

#include "store/schema.h"
#include "store/store.h"
#include "tests/harness.h"

typedef struct Scratch {
    char folder[64];
    char path[96];
    Store *store;
} Scratch;

static inline Scratch scratch_open(void)
{
    Scratch scratch = {.folder = "/tmp/sanad-test-XXXXXX"};
    Diag diag = {.key = ""};
    StoreConn *writer;
    ck_assert_ptr_nonnull(mkdtemp(scratch.folder));
    snprintf(scratch.path, sizeof scratch.path, "%s/test.db", scratch.folder);
    ck_assert_int_eq(store_open(scratch.path, true, &diag, &scratch.store), OK);
    ck_assert_int_eq(store_writer(scratch.store, &diag, &writer), OK);
    ck_assert_int_eq(store_migrate(writer, &diag), OK);
    store_conn_close(writer);
    return scratch;
}

static inline StoreConn *scratch_writer(Scratch *scratch)
{
    Diag diag = {.key = ""};
    StoreConn *writer = NULL;
    Err err = store_writer(scratch->store, &diag, &writer);
    ck_assert_msg(err == OK, "%s: %s", err_name(err), diag.key);
    return writer;
}

static inline StoreConn *scratch_reader(Scratch *scratch)
{
    Diag diag = {.key = ""};
    StoreConn *reader = NULL;
    ck_assert_int_eq(store_reader(scratch->store, &diag, &reader), OK);
    return reader;
}

static inline void scratch_close(Scratch *scratch)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char path[128];
    store_close(scratch->store);
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", scratch->path, ends[i]);
        unlink(path);
    }
    rmdir(scratch->folder);
}

#endif

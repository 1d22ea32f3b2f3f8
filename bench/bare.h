/*
 * bare.h - what the benchmarks against SQLite itself share: a connection with
 * the settings of the store, and the order of figures for a median.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <sqlite3.h>
#include <stddef.h>

enum { BARE_CHECKPOINT_PAGES = 8192 }; /* as the store's */

static inline int bare_after_commit(void *context, sqlite3 *lite,
                                    const char *schema, int pages)
{
    (void)context;
    if (pages < BARE_CHECKPOINT_PAGES) return SQLITE_OK;
    sqlite3_wal_checkpoint_v2(lite, schema, SQLITE_CHECKPOINT_PASSIVE, NULL,
                              NULL);
    return SQLITE_OK;
}

/* Gives an open connection the store's durability; SQLite's code. */
static inline int bare_settings(sqlite3 *lite)
{
    sqlite3_wal_hook(lite, bare_after_commit, NULL);
    return sqlite3_exec(lite,
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                        "PRAGMA secure_delete = FAST;"
                        "PRAGMA cache_size = -65536",
                        NULL, NULL, NULL);
}

/* For qsort() of doubles. */
static inline int bare_by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

#endif

/*
 * bench_store.c - what the store costs over SQLite itself: the same rows (a
 * book and four facts a household) inserted by bare prepared statements and
 * through the store, in files with the same settings. Process CPU time, nine
 * alternating rounds; fails when the median ratio falls below the bound.
 *
 *   bench_store [HOUSEHOLDS]
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bare.h"
#include "store/schema.h"
#include "store/store.h"

enum {
    ROUNDS = 9,
    HOUSEHOLDS = 20000,
    A_COMMIT = 1000, /* households */
    FACTS = 4,
    BOOK_BYTES = 400,
    FACT_BYTES = 24
};

/* Bare inserts per insert through the store, at least. */
static const double RATIO_MIN = 0.85;

static char noise[BOOK_BYTES];

static void check(int rc, sqlite3 *lite)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE) return;
    fprintf(stderr, "bench_store: %s\n", sqlite3_errmsg(lite));
    exit(1);
}

static void need(Err err, const Diag *diag)
{
    if (err == OK) return;
    fprintf(stderr, "bench_store: %s %s\n", err_name(err), diag->key);
    exit(1);
}

/* An empty database with the schema, made by the store. */
static Store *make(const char *path, Diag *diag)
{
    Store *store = NULL;
    StoreConn *writer = NULL;
    need(store_open(path, true, diag, &store), diag);
    need(store_writer(store, diag, &writer), diag);
    need(store_migrate(writer, diag), diag);
    store_conn_close(writer);
    return store;
}

static void clean(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char name[128];
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static void bare_fact(sqlite3 *lite, sqlite3_stmt *stmt, int64_t household,
                      int ordinal)
{
    sqlite3_bind_int64(stmt, 1, household);
    sqlite3_bind_int64(stmt, 2, 1);
    sqlite3_bind_int64(stmt, 3, ordinal);
    sqlite3_bind_int64(stmt, 4, household * 10 + ordinal);
    sqlite3_bind_int64(stmt, 5, 20000);
    sqlite3_bind_null(stmt, 6);
    sqlite3_bind_text(stmt, 7, "gosi", 4, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 8, "message-0001", 12, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 9, 1795321071124143);
    sqlite3_bind_blob(stmt, 10, noise, FACT_BYTES, SQLITE_STATIC);
    check(sqlite3_step(stmt), lite);
    sqlite3_reset(stmt);
}

static void bare_book(sqlite3 *lite, sqlite3_stmt *stmt, int64_t household)
{
    sqlite3_bind_int64(stmt, 1, household);
    sqlite3_bind_int64(stmt, 2, 1);
    sqlite3_bind_int64(stmt, 3, 1);
    sqlite3_bind_blob(stmt, 4, noise, BOOK_BYTES, SQLITE_STATIC);
    check(sqlite3_step(stmt), lite);
    sqlite3_reset(stmt);
}

static double bare(const char *path, int64_t households)
{
    sqlite3 *lite;
    sqlite3_stmt *book, *fact;
    double start = clock_cpu_s();
    check(sqlite3_open_v2(path, &lite,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
          NULL);
    check(bare_settings(lite), lite);
    check(sqlite3_prepare_v2(lite,
                             "INSERT INTO household_book (household_id, "
                             "version, format, book) VALUES ($1, $2, $3, $4)",
                             -1, &book, NULL),
          lite);
    check(sqlite3_prepare_v2(
              lite,
              "INSERT INTO fact (household_id, version, ordinal, subject, "
              "true_from, true_to, source, message_id, received_at, "
              "attributes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
              -1, &fact, NULL),
          lite);
    for (int64_t i = 0; i < households; i++) {
        if (i % A_COMMIT == 0) {
            check(sqlite3_exec(lite, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                  lite);
        }
        bare_book(lite, book, i);
        for (int f = 0; f < FACTS; f++) bare_fact(lite, fact, i, f);
        if (i % A_COMMIT == A_COMMIT - 1 || i == households - 1) {
            check(sqlite3_exec(lite, "COMMIT", NULL, NULL, NULL), lite);
        }
    }
    sqlite3_finalize(book);
    sqlite3_finalize(fact);
    sqlite3_close(lite);
    return clock_cpu_s() - start;
}

static void store_fact(StoreConn *conn, int64_t household, int ordinal,
                       const Diag *diag)
{
    StoreStmt *stmt = store_query(conn, Q_FACT_INSERT);
    store_bind_int(stmt, 1, household);
    store_bind_int(stmt, 2, 1);
    store_bind_int(stmt, 3, ordinal);
    store_bind_int(stmt, 4, household * 10 + ordinal);
    store_bind_int(stmt, 5, 20000);
    store_bind_null(stmt, 6);
    store_bind_text(stmt, 7, STR("gosi"));
    store_bind_text(stmt, 8, STR("message-0001"));
    store_bind_int(stmt, 9, 1795321071124143);
    store_bind_bytes(stmt, 10, (Str){noise, FACT_BYTES});
    need(store_exec(stmt, NULL), diag);
}

static void store_book(StoreConn *conn, int64_t household, const Diag *diag)
{
    StoreStmt *stmt = store_query(conn, Q_BOOK_INSERT);
    store_bind_int(stmt, 1, household);
    store_bind_int(stmt, 2, 1);
    store_bind_int(stmt, 3, 1);
    store_bind_bytes(stmt, 4, (Str){noise, BOOK_BYTES});
    need(store_exec(stmt, NULL), diag);
}

static double through(Store *store, int64_t households)
{
    Diag diag = {.key = ""};
    StoreConn *conn = NULL;
    double start = clock_cpu_s();
    need(store_writer(store, &diag, &conn), &diag);
    for (int64_t i = 0; i < households; i++) {
        if (i % A_COMMIT == 0) need(store_begin(conn), &diag);
        store_book(conn, i, &diag);
        for (int f = 0; f < FACTS; f++) store_fact(conn, i, f, &diag);
        if (i % A_COMMIT == A_COMMIT - 1 || i == households - 1) {
            need(store_commit(conn), &diag);
        }
    }
    store_conn_close(conn);
    return clock_cpu_s() - start;
}

int main(int count, char **arguments)
{
    char path[] = "/tmp/sanad-bench-XXXXXX";
    int64_t households = HOUSEHOLDS;
    if (count > 1) (void)str_to_int(str_of(arguments[1]), &households);
    int fd = mkstemp(path);
    if (fd < 0 || households < 1) return 2;
    close(fd);
    for (int i = 0; i < BOOK_BYTES; i++) noise[i] = (char)(i * 31);
    printf("%s\n%lld rows, %d households a commit; journal_mode=WAL "
           "synchronous=FULL secure_delete=FAST checkpoint=%d pages\n",
           store_library(), (long long)households * (FACTS + 1), A_COMMIT,
           BARE_CHECKPOINT_PAGES);
    double ratio[ROUNDS], rows = (double)households * (FACTS + 1);
    double spent[2] = {0, 0};
    for (int round = 0; round < ROUNDS; round++) {
        double seconds[2] = {0, 0};
        for (int turn = 0; turn < 2; turn++) {
            Diag diag = {.key = ""};
            Store *store = make(path, &diag);
            bool ours = (round + turn) % 2 == 1;
            seconds[ours] =
                ours ? through(store, households) : bare(path, households);
            spent[ours] += seconds[ours];
            store_close(store);
            clean(path);
        }
        ratio[round] = seconds[0] / seconds[1];
    }
    qsort(ratio, ROUNDS, sizeof *ratio, bare_by_value);
    printf("bare      %9.0f rows/s of CPU\nstore     %9.0f rows/s of CPU\n",
           ROUNDS * rows / spent[0], ROUNDS * rows / spent[1]);
    printf("store/bare  median %.3f, spread %.3f to %.3f, at least %.2f: %s\n",
           ratio[ROUNDS / 2], ratio[0], ratio[ROUNDS - 1], RATIO_MIN,
           ratio[ROUNDS / 2] >= RATIO_MIN ? "ok" : "MISSED");
    return ratio[ROUNDS / 2] >= RATIO_MIN ? 0 : 1;
}

#include "store/beside.h"

#include <time.h>

#include "base/clock.h"
#include "store/postgres_int.h"

static const double patience_s = 60;

enum { SQL_BYTES = 640 };

/* Every change on PostgreSQL holds the shared lock 20260102 (postgres_begin),
 * by which it is known here; nobody asks for the other side of that lock. */
Err store_barrier(StoreConn *writer)
{
    CHECK(!writer->in_transaction);
    if (writer->pg == NULL) return OK;
    char sql[SQL_BYTES];
    int64_t now_us, open;
    TRY(store_ask(writer,
                  "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)"
                  "::bigint",
                  &now_us));
    double since_s = clock_wall_s();
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM pg_locks l "
             "LEFT JOIN pg_stat_activity a ON a.pid = l.pid "
             "WHERE l.locktype = 'advisory' AND l.classid = 0 "
             "AND l.objid = 20260102 AND l.mode = 'ShareLock' "
             "AND l.database = (SELECT oid FROM pg_database "
             "WHERE datname = current_database()) "
             "AND coalesce(extract(epoch FROM a.xact_start) * 1000000 "
             "<= %lld, true)",
             (long long)now_us);
    for (;;) {
        TRY(store_ask(writer, sql, &open));
        if (open == 0) return OK;
        if (clock_wall_s() - since_s > patience_s) {
            return store_fault(writer, FAULT_LOCKED,
                               "a change of another program does not end");
        }
        const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
        nanosleep(&moment, NULL);
    }
}

Err store_job_begin(StoreConn *writer, int64_t job, bool *ret_mine)
{
    char sql[SQL_BYTES];
    int64_t mine = 1;
    snprintf(sql, sizeof sql, "SELECT pg_try_advisory_lock(%lld)::int",
             (long long)job);
    if (writer->pg != NULL) TRY(store_ask(writer, sql, &mine));
    *ret_mine = mine == 1;
    return OK;
}

void store_job_end(StoreConn *writer, int64_t job)
{
    char sql[SQL_BYTES];
    int64_t ignored;
    if (writer->pg == NULL) return;
    snprintf(sql, sizeof sql, "SELECT pg_advisory_unlock(%lld)::int",
             (long long)job);
    /* when it fails the connection is gone, and the lock with it */
    Err err = store_ask(writer, sql, &ignored);
    (void)err;
}

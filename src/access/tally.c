#include "access/tally.h"

#include "crypto/hash.h"

enum { KEY_DOMAIN = 4 };

static const int64_t second_us = 1000000;

static Hash key_of(const Tally *tally, Str who)
{
    return hash_of_two(KEY_DOMAIN, str_of(tally->what), who);
}

static Err read_count(StoreConn *conn, const Hash *key, Instant now,
                      int64_t *ret_count, Instant *ret_until)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_LIMIT_GET);
    store_bind_bytes(stmt, 1, hash_str(key));
    TRY(store_step(stmt, &row));
    *ret_count = row ? store_int(stmt, 0) : 0;
    *ret_until = row ? store_int(stmt, 1) : 0;
    store_reset(stmt);
    if (*ret_until <= now) *ret_count = *ret_until = 0;
    return OK;
}

Err tally_until(StoreConn *conn, const Tally *tally, Str who, Instant now,
                Instant *ret_until)
{
    int64_t count;
    Hash key = key_of(tally, who);
    TRY(read_count(conn, &key, now, &count, ret_until));
    if (count < tally->max) *ret_until = 0;
    return OK;
}

Err tally_count(StoreConn *tx, const Tally *tally, Str who, Instant now,
                Instant *ret_until)
{
    int64_t count;
    Instant until;
    Hash key = key_of(tally, who);
    TRY(read_count(tx, &key, now, &count, &until));
    bool reached = ++count >= tally->max;
    if (count == 1 || count == tally->max) {
        until = now + tally->seconds * second_us;
    }
    *ret_until = reached ? until : 0;
    StoreStmt *stmt = store_query(tx, Q_LIMIT_SET);
    store_bind_bytes(stmt, 1, hash_str(&key));
    store_bind_int(stmt, 2, count);
    store_bind_int(stmt, 3, until);
    return store_exec(stmt, NULL);
}

Err tally_clear(StoreConn *tx, const Tally *tally, Str who)
{
    Hash key = key_of(tally, who);
    StoreStmt *stmt = store_query(tx, Q_LIMIT_CLEAR);
    store_bind_bytes(stmt, 1, hash_str(&key));
    return store_exec(stmt, NULL);
}

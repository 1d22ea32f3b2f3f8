#include "audit/audit.h"

#include "crypto/hash.h"
#include "crypto/secret.h"

enum { RECORD_BYTES_MAX = 60000 };

static Hash leaf_hash(Str salt, Str record)
{
    return hash_of_two(0, salt, record);
}

Err audit_leaf(StoreConn *tx, int64_t household_id, const char *type,
               Str record)
{
    CHECK(record.bytes <= RECORD_BYTES_MAX);
    char salt[AUDIT_SALT_BYTES];
    secret_random(salt, sizeof salt);
    Str salt_str = {salt, sizeof salt};
    Hash leaf = leaf_hash(salt_str, record);
    uint64_t id = 0;
    for (int i = 0; i < 8; i++) id = id << 8 | leaf.byte[i];
    StoreStmt *stmt = store_query(tx, Q_AUDIT_INSERT);
    store_bind_int(stmt, 1, household_id);
    store_bind_int(stmt, 2, (int64_t)(id >> 1));
    store_bind_text(stmt, 3, str_of(type));
    store_bind_bytes(stmt, 4, hash_str(&leaf));
    store_bind_bytes(stmt, 5, salt_str);
    store_bind_bytes(stmt, 6, record);
    return store_exec(stmt, NULL);
}

Err audit_check(StoreConn *conn, int64_t *ret_leaves, int64_t *ret_wrong)
{
    int64_t leaves = 0, wrong = 0;
    bool row;
    StoreStmt *stmt = store_query(conn, Q_AUDIT_SCAN);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        leaves++;
        Hash leaf = leaf_hash(store_bytes(stmt, 4), store_bytes(stmt, 5));
        wrong += !str_equal(store_bytes(stmt, 3), hash_str(&leaf));
    }
    *ret_leaves = leaves;
    *ret_wrong = wrong;
    return OK;
}

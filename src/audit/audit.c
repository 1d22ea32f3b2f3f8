#include "audit/audit.h"

#include "crypto/hash.h"
#include "crypto/secret.h"

enum { RECORD_BYTES_MAX = 60000, PAGE_LEAVES = 1000 };

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

void audit_tally_wrong(AuditTally *tally, int64_t household_id)
{
    tally->wrong++;
    if (household_id == AUDIT_NO_HOUSEHOLD) return;
    for (int32_t i = 0; i < tally->named; i++) {
        if (tally->household[i] == household_id) return;
    }
    tally->more = tally->named == AUDIT_NAMED_MAX;
    if (!tally->more) tally->household[tally->named++] = household_id;
}

/* Counts a leaf that is wrong; one of no household is named by itself. */
static void tally_leaf(AuditTally *tally, int64_t household_id, int64_t id,
                       Str type)
{
    audit_tally_wrong(tally, household_id);
    if (household_id != AUDIT_NO_HOUSEHOLD) return;
    if (tally->loose_count++ >= AUDIT_NAMED_MAX) return;
    AuditLoose *loose = &tally->loose[tally->loose_count - 1];
    loose->id = id;
    snprintf(loose->type, sizeof loose->type, "%.*s", STR_ARG(type));
}

static Err tally_page(StoreConn *conn, Query query, int64_t *last,
                      AuditTally *tally, int32_t *ret_rows)
{
    StoreStmt *stmt = store_query(conn, query);
    store_bind_int(stmt, 1, *last);
    store_bind_int(stmt, 2, PAGE_LEAVES);
    for (*ret_rows = 0;; ++*ret_rows) {
        bool row;
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        int64_t household_id = store_int(stmt, 0);
        if (household_id != *last) audit_tally_wrong(tally, household_id);
        *last = household_id;
    }
}

Err audit_tally_query(StoreConn *conn, Query query, AuditTally *tally)
{
    int64_t last = INT64_MIN;
    for (int32_t rows = PAGE_LEAVES; rows == PAGE_LEAVES;) {
        TRY(tally_page(conn, query, &last, tally, &rows));
    }
    return OK;
}

/* Where the next page begins. */
typedef struct Place {
    int64_t household_id, id;
} Place;

static Err check_page(StoreConn *conn, Place *at, AuditTally *tally,
                      int *ret_rows)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_AUDIT_PAGE);
    store_bind_int(stmt, 1, at->household_id);
    store_bind_int(stmt, 2, at->id);
    store_bind_int(stmt, 3, PAGE_LEAVES);
    for (*ret_rows = 0;; ++*ret_rows) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        at->household_id = store_int(stmt, 0);
        at->id = store_int(stmt, 1);
        Hash leaf = leaf_hash(store_bytes(stmt, 4), store_bytes(stmt, 5));
        tally->seen++;
        if (!str_equal(store_bytes(stmt, 3), hash_str(&leaf)))
            tally_leaf(tally, at->household_id, at->id, store_text(stmt, 2));
    }
}

Err audit_check(StoreConn *conn, AuditTally *ret)
{
    Place at = {.household_id = INT64_MIN, .id = INT64_MIN};
    *ret = (AuditTally){.seen = 0};
    for (int rows = PAGE_LEAVES; rows == PAGE_LEAVES;) {
        TRY(check_page(conn, &at, ret, &rows));
    }
    return OK;
}

/* One page; *ret_more: there may be another. */
static Err walk_page(StoreConn *conn, Place *at, int64_t last,
                     AuditVisitor *visit, void *arg, bool *ret_more)
{
    StoreStmt *stmt = store_query(conn, Q_AUDIT_PAGE);
    store_bind_int(stmt, 1, at->household_id);
    store_bind_int(stmt, 2, at->id);
    store_bind_int(stmt, 3, PAGE_LEAVES);
    *ret_more = false;
    for (int rows = 0;; rows++) {
        bool row;
        TRY(store_step(stmt, &row));
        *ret_more = rows == PAGE_LEAVES;
        if (!row) return OK;
        AuditLeaf leaf = {store_int(stmt, 0), store_text(stmt, 2),
                          store_bytes(stmt, 5)};
        at->household_id = leaf.household_id;
        at->id = store_int(stmt, 1);
        Err err = leaf.household_id <= last ? visit(arg, &leaf) : OK;
        if (err == OK && leaf.household_id <= last) continue;
        store_reset(stmt);
        *ret_more = false;
        return err;
    }
}

Err audit_walk(StoreConn *conn, int64_t first, int64_t last,
               AuditVisitor *visit, void *arg)
{
    Place at = {.household_id = first, .id = INT64_MIN};
    bool more;
    do {
        TRY(walk_page(conn, &at, last, visit, arg, &more));
    } while (more);
    return OK;
}

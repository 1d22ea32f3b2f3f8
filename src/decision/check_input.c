/*
 * check_input.c - has every decision the input that it names?
 */
#include "decision/check.h"

enum { PAGE = 500 };

/* Where the next page of inputs begins. */
typedef struct Place {
    int64_t household_id;
    Hash hash;
    bool begun;
} Place;

/* Inputs that do not have the hash by which they are named. */
static Err find_changed(StoreConn *conn, Place *at, AuditTally *tally,
                        int32_t *ret_rows)
{
    StoreStmt *stmt = store_query(conn, Q_INPUT_PAGE);
    store_bind_int(stmt, 1, at->household_id);
    store_bind_bytes(stmt, 2, at->begun ? hash_str(&at->hash) : STR(""));
    store_bind_int(stmt, 3, PAGE);
    for (*ret_rows = 0;; ++*ret_rows) {
        bool row;
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        Str name = store_bytes(stmt, 1);
        Hash hash = hash_of(store_bytes(stmt, 2));
        tally->seen++;
        at->begun = true;
        at->household_id = store_int(stmt, 0);
        if (!str_equal(name, hash_str(&hash)))
            audit_tally_wrong(tally, at->household_id);
        if (name.bytes == HASH_BYTES)
            memcpy(at->hash.byte, name.at, HASH_BYTES);
    }
}

static Err check_inputs(StoreConn *conn, AuditTally *tally)
{
    Place at = {.household_id = INT64_MIN};
    TRY(audit_tally_query(conn, Q_INPUT_LOST, tally));
    for (int32_t rows = PAGE; rows == PAGE;) {
        TRY(find_changed(conn, &at, tally, &rows));
    }
    return OK;
}

Err decision_check_inputs(StoreConn *conn, AuditTally *ret)
{
    *ret = (AuditTally){.seen = 0};
    TRY(store_begin(conn)); /* of one moment: others write meanwhile */
    Err err = check_inputs(conn, ret);
    store_rollback(conn);
    return err;
}

#include "decision/check.h"

#include "audit/audit.h"
#include "codec/bytes.h"

enum { PAGE_ROWS = 500, RECORD_BYTES = 512 };

void decision_record_write(const char *programme, const Decision *decision,
                           Buf *buf)
{
    bytes_put_int(buf, decision->household_id);
    bytes_put_str(buf, str_of(programme));
    bytes_put_int(buf, decision->month);
    bytes_put_int(buf, decision->id);
    bytes_put_int(buf, decision->version);
    bytes_put_int(buf, decision->pack_id);
    buf_str(buf, hash_str(&decision->input));
    bytes_put_uint(buf, decision->verdict.eligible);
    bytes_put_int(buf, decision->verdict.amount_minor);
    bytes_put_str(buf, str_of(decision->verdict.reasons));
    bytes_put_int(buf, decision->run_id);
}

/* Records of one household in any order: the sum of halves of their hashes. */
typedef struct Sum {
    uint64_t part[2];
    int64_t count;
} Sum;

static void sum_add(Sum *sum, Str record)
{
    Hash hash = hash_of(record);
    for (int p = 0; p < 2; p++) {
        uint64_t word = 0;
        for (int i = 0; i < 8; i++) word = word << 8 | hash.byte[p * 8 + i];
        sum->part[p] += word;
    }
    sum->count++;
}

/* The household of which leaves are being summed. */
typedef struct Check {
    StoreConn *rows;
    int64_t household_id; /* AUDIT_NO_HOUSEHOLD: none yet */
    Sum leaves;
    int64_t count; /* decisions of the households done */
    int64_t wrong;
} Check;

/* A row of decision_page; `room` holds its programme. */
static void read_row(StoreStmt *stmt, char room[64], Decision *ret)
{
    Str hash = store_bytes(stmt, 6), reasons = store_text(stmt, 9);
    Str programme = store_text(stmt, 1);
    *ret = (Decision){.household_id = store_int(stmt, 0),
                      .month = (Month)store_int(stmt, 2),
                      .id = store_int(stmt, 3),
                      .version = store_int(stmt, 4),
                      .pack_id = store_int(stmt, 5),
                      .run_id = store_int(stmt, 10)};
    if (hash.bytes == HASH_BYTES) memcpy(ret->input.byte, hash.at, HASH_BYTES);
    ret->verdict.eligible = store_int(stmt, 7) != 0;
    ret->verdict.amount_minor = store_int(stmt, 8);
    if (reasons.bytes < REASONS_BYTES_MAX && reasons.bytes > 0) {
        memcpy(ret->verdict.reasons, reasons.at, reasons.bytes);
    }
    if (programme.bytes > 63) programme.bytes = 63;
    if (programme.bytes > 0) memcpy(room, programme.at, programme.bytes);
    room[programme.bytes] = '\0';
}

static Err sum_rows(StoreConn *conn, int64_t household_id, Sum *ret)
{
    char programme[64] = "", room[RECORD_BYTES];
    Decision at = {.household_id = household_id, .month = INT32_MIN};
    at.id = INT64_MIN;
    *ret = (Sum){.count = 0};
    for (int rows = PAGE_ROWS; rows == PAGE_ROWS;) {
        StoreStmt *stmt = store_query(conn, Q_DECISION_PAGE);
        store_bind_int(stmt, 1, household_id);
        store_bind_text(stmt, 2, str_of(programme));
        store_bind_int(stmt, 3, at.month);
        store_bind_int(stmt, 4, at.id);
        store_bind_int(stmt, 5, PAGE_ROWS);
        for (rows = 0; rows < PAGE_ROWS; rows++) {
            bool row;
            TRY(store_step(stmt, &row));
            if (!row) return OK;
            if (store_int(stmt, 0) != household_id) break;
            read_row(stmt, programme, &at);
            Buf record = {.at = room,
                          .room_bytes = sizeof room,
                          .limit_bytes = sizeof room};
            decision_record_write(programme, &at, &record);
            sum_add(ret, buf_view(&record));
        }
        store_reset(stmt);
    }
    return OK;
}

/* All leaves of a household have been met: so must be its decisions. */
static Err end_household(Check *check)
{
    Sum rows;
    if (check->leaves.count == 0) return OK;
    TRY(sum_rows(check->rows, check->household_id, &rows));
    const Sum *leaves = &check->leaves;
    check->count += rows.count;
    check->wrong += rows.count != leaves->count ||
                    rows.part[0] != leaves->part[0] ||
                    rows.part[1] != leaves->part[1];
    return OK;
}

static Err meet_leaf(void *arg, const AuditLeaf *leaf)
{
    Check *check = arg;
    if (leaf->household_id != check->household_id) {
        TRY(end_household(check));
        check->household_id = leaf->household_id;
        check->leaves = (Sum){.count = 0};
    }
    if (str_is(leaf->type, "decision")) sum_add(&check->leaves, leaf->record);
    return OK;
}

Err decision_check(StoreConn *leaves, StoreConn *rows, int64_t *ret_count,
                   int64_t *ret_wrong)
{
    bool row;
    Check check = {.rows = rows, .household_id = AUDIT_NO_HOUSEHOLD};
    TRY(audit_walk(leaves, 0, INT64_MAX, meet_leaf, &check));
    TRY(end_household(&check));
    StoreStmt *stmt = store_query(rows, Q_DECISION_COUNT);
    TRY(store_step(stmt, &row));
    int64_t all = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    /* decisions of households that have no leaf of any */
    if (all > check.count) check.wrong++;
    *ret_count = all;
    *ret_wrong = check.wrong;
    return OK;
}

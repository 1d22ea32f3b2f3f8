#include "decision/check.h"

#include "audit/audit.h"
#include "codec/bytes.h"
#include "decision/decision_int.h"

enum { PAGE_ROWS = 500, PROGRAMME_BYTES = 64 };

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

/* Decisions in the order of decision_page. */
typedef struct Rows {
    StoreConn *conn;
    StoreStmt *stmt;
    int32_t in_page;
    bool ended;
    char programme[PROGRAMME_BYTES]; /* of `at` */
    Decision at;                     /* the row that is next, unless ended */
} Rows;

static void read_row(Rows *rows)
{
    StoreStmt *stmt = rows->stmt;
    Str programme = store_text(stmt, 1);
    decision_read(stmt, 2, store_int(stmt, 0), &rows->at);
    size_t bytes = programme.bytes;
    if (bytes >= PROGRAMME_BYTES) bytes = PROGRAMME_BYTES - 1;
    if (bytes > 0) memcpy(rows->programme, programme.at, bytes);
    rows->programme[bytes] = '\0';
}

static void ask_page(Rows *rows)
{
    rows->stmt = store_query(rows->conn, Q_DECISION_PAGE);
    rows->in_page = 0;
    store_bind_int(rows->stmt, 1, rows->at.household_id);
    store_bind_text(rows->stmt, 2, str_of(rows->programme));
    store_bind_int(rows->stmt, 3, rows->at.month);
    store_bind_int(rows->stmt, 4, rows->at.id);
    store_bind_int(rows->stmt, 5, PAGE_ROWS);
}

static Err rows_next(Rows *rows)
{
    bool row;
    if (rows->stmt == NULL || rows->in_page == PAGE_ROWS) ask_page(rows);
    TRY(store_step(rows->stmt, &row));
    rows->ended = !row;
    if (!row) return OK;
    rows->in_page++;
    read_row(rows);
    return OK;
}

/* The household of which leaves are being summed. */
typedef struct Check {
    Rows rows;
    int64_t household_id; /* -1: none yet */
    HashSum leaves;
    AuditTally *tally;
} Check;

/* Sums the decisions of a household, if they are next. */
static Err sum_household(Check *check, int64_t household_id, HashSum *ret)
{
    Rows *rows = &check->rows;
    char room[DECISION_RECORD_BYTES];
    *ret = (HashSum){.count = 0};
    while (!rows->ended && rows->at.household_id == household_id) {
        Buf record = {
            .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
        decision_record_write(rows->programme, &rows->at, &record);
        hash_sum_add(ret, buf_view(&record));
        check->tally->seen++;
        TRY(rows_next(rows));
    }
    return OK;
}

/* Households below `end` that have decisions, and no leaf of anything. */
static Err pass_strays(Check *check, int64_t end)
{
    const Rows *rows = &check->rows;
    while (!rows->ended && rows->at.household_id < end) {
        HashSum stray;
        audit_tally_wrong(check->tally, rows->at.household_id);
        TRY(sum_household(check, rows->at.household_id, &stray));
    }
    return OK;
}

/* All leaves of a household have been met: so must be its decisions. */
static Err end_household(Check *check)
{
    HashSum rows;
    TRY(pass_strays(check, check->household_id));
    TRY(sum_household(check, check->household_id, &rows));
    if (!hash_sum_equal(&rows, &check->leaves))
        audit_tally_wrong(check->tally, check->household_id);
    return OK;
}

static Err meet_leaf(void *arg, const AuditLeaf *leaf)
{
    Check *check = arg;
    if (leaf->household_id != check->household_id) {
        TRY(end_household(check));
        check->household_id = leaf->household_id;
        check->leaves = (HashSum){.count = 0};
    }
    if (str_is(leaf->type, "decision"))
        hash_sum_add(&check->leaves, leaf->record);
    return OK;
}

static Err compare(StoreConn *conn, Check *check)
{
    TRY(rows_next(&check->rows));
    TRY(audit_walk(conn, 0, INT64_MAX, meet_leaf, check));
    TRY(end_household(check));
    TRY(pass_strays(check, INT64_MAX));
    return OK;
}

Err decision_check(StoreConn *conn, AuditTally *ret)
{
    Decision first = {
        .household_id = INT64_MIN, .month = INT32_MIN, .id = INT64_MIN};
    Check check = {
        .rows = {.conn = conn, .at = first}, .household_id = -1, .tally = ret};
    *ret = (AuditTally){.seen = 0};
    TRY(store_begin(conn)); /* of one moment: others write meanwhile */
    Err err = compare(conn, &check);
    if (err == OK) err = audit_tally_query(conn, Q_DECISION_ORPHANS, ret);
    if (err == OK) err = audit_tally_query(conn, Q_DECISION_UNTIMELY, ret);
    store_rollback(conn);
    return err;
}

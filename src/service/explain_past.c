/*
 * explain_past.c - what was decided on the same month before.
 */
#include "service/explain_int.h"

enum { HISTORY_MAX = 400 };

/* When the month was first determined; 0 if it never was. */
static Err first_run(StoreConn *conn, const char *programme, Month month,
                     Instant *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_RUN_FIRST);
    store_bind_text(stmt, 1, str_of(programme));
    store_bind_int(stmt, 2, month);
    TRY(store_step(stmt, &row));
    *ret = row && !store_is_null(stmt, 0) ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    return OK;
}

/* Whether a decision was in force before another; of one month their numbers
 * say it, of several months that were decided in one go no time does. */
static bool is_before(const Decision *a, const Decision *b)
{
    return a->month == b->month ? a->id < b->id : a->decided_at < b->decided_at;
}

Err explain_find_replaced(StoreConn *conn, Arena *arena, const char *programme,
                          Explanation *ret)
{
    const Decision *now = &ret->decision;
    size_t count;
    Instant first;
    TRY(first_run(conn, programme, ret->month, &first));
    if (first == 0 || first >= now->decided_at) return OK;
    Decision *rows = ARENA_ARRAY(arena, Decision, HISTORY_MAX);
    TRY(decision_history(conn, programme, now->household_id, rows, HISTORY_MAX,
                         &count));
    for (size_t i = 0; i < count; i++) {
        bool earlier = is_before(&rows[i], now);
        if (rows[i].month > ret->month || !earlier) continue;
        ret->replaced = (ExplainReplaced){
            .any = !verdict_equal(&rows[i].verdict, &now->verdict),
            .verdict = rows[i].verdict,
            .decided_at = rows[i].decided_at,
            .version = rows[i].version,
            .pack_id = rows[i].pack_id,
            .difference = {now->verdict.amount_minor -
                           rows[i].verdict.amount_minor}};
        break;
    }
    return OK;
}

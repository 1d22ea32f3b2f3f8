#include "decision/decision.h"

#include "audit/audit.h"
#include "decision/check.h"
#include "decision/decision_int.h"

enum { MONTHS_MAX = 240, ARENA_BYTES = 64 << 20 };

void decision_read(StoreStmt *stmt, int column, int64_t household_id,
                   Decision *ret)
{
    Str hash = store_bytes(stmt, column + 4);
    Str reasons = store_text(stmt, column + 7);
    *ret = (Decision){.household_id = household_id,
                      .month = (Month)store_int(stmt, column),
                      .id = store_int(stmt, column + 1),
                      .version = store_int(stmt, column + 2),
                      .pack_id = store_int(stmt, column + 3),
                      .run_id = store_int(stmt, column + 8)};
    if (hash.bytes == HASH_BYTES) memcpy(ret->input.byte, hash.at, HASH_BYTES);
    ret->verdict.eligible = store_int(stmt, column + 5) != 0;
    ret->verdict.amount_minor = store_int(stmt, column + 6);
    if (reasons.bytes > 0 && reasons.bytes < REASONS_BYTES_MAX) {
        memcpy(ret->verdict.reasons, reasons.at, reasons.bytes);
    }
}

/* A row of decision_at or decision_history. */
static void read_row(StoreStmt *stmt, int64_t household_id, Decision *ret)
{
    decision_read(stmt, 0, household_id, ret);
    ret->decided_at = store_int(stmt, 9);
}

Err decision_at(StoreConn *conn, const char *programme, int64_t household_id,
                Month month, Decision *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_DECISION_AT);
    store_bind_int(stmt, 1, household_id);
    store_bind_text(stmt, 2, str_of(programme));
    store_bind_int(stmt, 3, month);
    TRY(store_step(stmt, &row));
    if (!row) return ERR_NOT_FOUND;
    read_row(stmt, household_id, ret);
    store_reset(stmt);
    return OK;
}

Err decision_history(StoreConn *conn, const char *programme,
                     int64_t household_id, Decision *ret, size_t room,
                     size_t *ret_count)
{
    bool row;
    size_t count = 0;
    StoreStmt *stmt = store_query(conn, Q_DECISION_HISTORY);
    store_bind_int(stmt, 1, household_id);
    store_bind_text(stmt, 2, str_of(programme));
    store_bind_int(stmt, 3, (int64_t)room);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row || count == room) break;
        read_row(stmt, household_id, &ret[count++]);
    }
    store_reset(stmt);
    *ret_count = count;
    return OK;
}

static Err keep_input(StoreConn *tx, const Decision *decision, Str bytes,
                      bool is_new)
{
    StoreStmt *stmt = store_query(tx, is_new ? Q_INPUT_ADD : Q_INPUT_INSERT);
    store_bind_int(stmt, 1, decision->household_id);
    store_bind_bytes(stmt, 2, hash_str(&decision->input));
    store_bind_bytes(stmt, 3, bytes);
    return store_exec(stmt, NULL);
}

static Err keep_leaf(StoreConn *tx, const char *programme,
                     const Decision *decision)
{
    char room[DECISION_RECORD_BYTES];
    Buf record = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    decision_record_write(programme, decision, &record);
    CHECK(!buf_full(&record));
    return audit_leaf(tx, decision->household_id, "decision",
                      buf_view(&record));
}

Err decision_keep(StoreConn *tx, const char *programme,
                  const Decision *decision, Str input_bytes, bool input_is_new)
{
    TRY(keep_input(tx, decision, input_bytes, input_is_new));
    StoreStmt *stmt = store_query(tx, Q_DECISION_INSERT);
    store_bind_int(stmt, 1, decision->household_id);
    store_bind_text(stmt, 2, str_of(programme));
    store_bind_int(stmt, 3, decision->month);
    store_bind_int(stmt, 4, decision->id);
    store_bind_int(stmt, 5, decision->version);
    store_bind_int(stmt, 6, decision->pack_id);
    store_bind_bytes(stmt, 7, hash_str(&decision->input));
    store_bind_int(stmt, 8, decision->verdict.eligible);
    store_bind_int(stmt, 9, decision->verdict.amount_minor);
    store_bind_text(stmt, 10, str_of(decision->verdict.reasons));
    store_bind_int(stmt, 11, decision->run_id);
    store_bind_int(stmt, 12, decision->decided_at);
    TRY(store_exec(stmt, NULL));
    return keep_leaf(tx, programme, decision);
}

bool decision_differs(const Decision *in_force, const Decision *found)
{
    return in_force->pack_id != found->pack_id ||
           !hash_equal(&in_force->input, &found->input) ||
           !verdict_equal(&in_force->verdict, &found->verdict);
}

int64_t decision_new_id(Store *store, const Decision *in_force)
{
    int64_t id = store_new_id(store);
    return in_force != NULL && in_force->id >= id ? in_force->id + 1 : id;
}

Verdict decision_ended(void)
{
    return (Verdict){.eligible = false, .reasons = "ended"};
}

Err decision_project(Decider *decider, Arena *arena, int64_t household_id,
                     int64_t version, Str book, Month month, Diag *diag,
                     Decision *ret, InputRecord *ret_record, Str *ret_input)
{
    const Pack *pack = decider_pack(decider);
    Err err = record_project(arena, pack->catalogue, household_id, book, month,
                             ret_record);
    if (err != OK) {
        diag_set(diag, "household.damaged");
        diag_arg_int(diag, household_id);
        return err;
    }
    Buf *bytes = decider_input(decider);
    record_write(pack->catalogue, ret_record, bytes);
    if (buf_full(bytes) || !str_try(arena, buf_view(bytes), ret_input)) {
        diag_set(diag, "decide.full");
        diag_arg_int(diag, household_id);
        return ERR_FULL;
    }
    *ret = (Decision){.household_id = household_id,
                      .month = month,
                      .version = version,
                      .pack_id = pack->id,
                      .input = hash_of(*ret_input),
                      .verdict = decision_ended()};
    return OK;
}

Err decision_find(Decider *decider, Arena *arena, int64_t household_id,
                  int64_t version, Str book, Month month, Diag *diag,
                  Decision *ret, Str *ret_input, int32_t *ret_members)
{
    InputRecord record;
    TRY(decision_project(decider, arena, household_id, version, book, month,
                         diag, ret, &record, ret_input));
    *ret_members = record.member_count;
    if (record.member_count == 0) return OK;
    return decider_decide(decider, &record, month, diag, &ret->verdict);
}

static Err determined_months(StoreConn *conn, const char *programme, Day since,
                             Month *ret, int32_t *ret_count)
{
    bool row;
    int32_t count = 0;
    StoreStmt *stmt = store_query(conn, Q_RUN_MONTHS);
    store_bind_text(stmt, 1, str_of(programme));
    store_bind_int(stmt, 2, month_of_day(since));
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row || count == MONTHS_MAX) break;
        Month month = (Month)store_int(stmt, 0);
        if (month_first_day(month) >= since) ret[count++] = month;
    }
    store_reset(stmt);
    *ret_count = count;
    return OK;
}

typedef struct Again {
    StoreConn *tx;
    Store *store;
    Deciders *deciders;
    const char *programme;
    Arena *arena;
    int64_t household_id;
    int64_t version;
    Str book;
    Instant now;
} Again;

static Err decide_again(Again *again, Month month, Diag *diag, int32_t *changed)
{
    const char *programme = again->programme;
    Decider *decider;
    Decision found, in_force;
    Str input;
    int32_t members;
    TRY(deciders_at(again->deciders, again->tx, str_of(programme), month, diag,
                    &decider));
    if (decider == NULL) return OK;
    TRY(decision_find(decider, again->arena, again->household_id,
                      again->version, again->book, month, diag, &found, &input,
                      &members));
    Err err = decision_at(again->tx, programme, again->household_id, month,
                          &in_force);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    if (err == ERR_NOT_FOUND && members == 0) return OK;
    if (err == OK && !decision_differs(&in_force, &found)) return OK;
    found.id = decision_new_id(again->store, err == OK ? &in_force : NULL);
    found.decided_at = again->now;
    ++*changed;
    return decision_keep(again->tx, programme, &found, input, false);
}

Err decision_redetermine(StoreConn *tx, Store *store, Deciders *deciders,
                         const char *programme, int64_t household_id, Day since,
                         Instant now, Diag *diag, int32_t *ret_changed)
{
    Month months[MONTHS_MAX];
    int32_t count, changed = 0;
    *ret_changed = 0;
    TRY(determined_months(tx, programme, since, months, &count));
    if (count == 0) return OK;
    TRY(deciders_look(deciders, tx));
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    Again again = {tx,           store, deciders, programme, arena,
                   household_id, 0,     {0},      now};
    TRY(registry_book(tx, arena, household_id, &again.version, &again.book));
    for (int32_t i = 0; i < count; i++) {
        TRY(decide_again(&again, months[i], diag, &changed));
    }
    *ret_changed = changed;
    return OK;
}

#include "service/scenario.h"

Err scenario_list(StoreConn *conn, Arena *arena, int64_t actor_id,
                  SavedScenario *ret, int32_t *ret_count)
{
    StoreStmt *stmt = store_query(conn, Q_SCENARIO_LIST);
    store_bind_int(stmt, 1, actor_id);
    store_bind_int(stmt, 2, SCENARIOS_KEPT_MAX);
    *ret_count = 0;
    for (bool row;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        ret[(*ret_count)++] =
            (SavedScenario){str_copy(arena, store_text(stmt, 0)),
                            str_copy(arena, store_text(stmt, 1))};
    }
}

/* Whether it can be put behind a question mark and opens a simulation. */
static bool is_query(Str query)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
                                "UVWXYZ0123456789-._~%=&";
    if (query.bytes < 13 || query.bytes > SCENARIO_QUERY_BYTES ||
        memcmp(query.at, "month=", 6) != 0) {
        return false;
    }
    for (size_t i = 0; i < query.bytes; i++) {
        if (memchr(plain, query.at[i], sizeof plain - 1) == NULL) return false;
    }
    return true;
}

static Err has_room(StoreConn *tx, int64_t actor_id, Str name, Diag *diag)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_SCENARIO_COUNT);
    store_bind_int(stmt, 1, actor_id);
    store_bind_text(stmt, 2, name);
    TRY(store_step(stmt, &row));
    int64_t others = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    if (others < SCENARIOS_KEPT_MAX) return OK;
    diag_set(diag, "scenario.many");
    diag_arg_int(diag, SCENARIOS_KEPT_MAX);
    return ERR_FULL;
}

Err scenario_save(StoreConn *tx, int64_t actor_id,
                  const SavedScenario *scenario, Instant at, Diag *diag)
{
    Str name = str_trim(scenario->name);
    if (name.bytes == 0 || name.bytes > SCENARIO_NAME_BYTES) {
        diag_set(diag, "scenario.name");
        return ERR_INVALID;
    }
    if (!is_query(scenario->query)) {
        diag_set(diag, "scenario.query");
        return ERR_INVALID;
    }
    TRY(has_room(tx, actor_id, name, diag));
    StoreStmt *stmt = store_query(tx, Q_SCENARIO_PUT);
    store_bind_int(stmt, 1, actor_id);
    store_bind_text(stmt, 2, name);
    store_bind_text(stmt, 3, scenario->query);
    store_bind_int(stmt, 4, at);
    return store_exec(stmt, NULL);
}

Err scenario_drop(StoreConn *tx, int64_t actor_id, Str name)
{
    StoreStmt *stmt = store_query(tx, Q_SCENARIO_DROP);
    store_bind_int(stmt, 1, actor_id);
    store_bind_text(stmt, 2, name);
    return store_exec(stmt, NULL);
}

#include "job/command.h"

Err command_seen(StoreConn *tx, Arena *arena, const CommandId *id, Diag *diag,
                 Str *ret_answer)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_COMMAND_GET);
    store_bind_text(stmt, 1, id->source);
    store_bind_text(stmt, 2, id->id);
    TRY(store_step(stmt, &row));
    *ret_answer = (Str){NULL, 0};
    if (!row) return OK;
    bool same = str_equal(store_bytes(stmt, 0), hash_str(&id->content));
    if (same) *ret_answer = str_copy(arena, store_text(stmt, 1));
    store_reset(stmt);
    if (same) return OK;
    diag_set(diag, "command.other_content");
    diag_arg(diag, id->source);
    diag_arg(diag, id->id);
    return ERR_CONFLICT;
}

Err command_keep(StoreConn *tx, const CommandId *id, Str answer, Instant at)
{
    StoreStmt *stmt = store_query(tx, Q_COMMAND_INSERT);
    store_bind_text(stmt, 1, id->source);
    store_bind_text(stmt, 2, id->id);
    store_bind_bytes(stmt, 3, hash_str(&id->content));
    store_bind_text(stmt, 4, answer);
    store_bind_int(stmt, 5, at);
    return store_exec(stmt, NULL);
}

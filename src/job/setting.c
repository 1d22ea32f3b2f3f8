#include "job/setting.h"

Err setting_get(StoreConn *conn, Arena *arena, const char *name, Str *ret_value)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_SETTING_GET);
    store_bind_text(stmt, 1, str_of(name));
    TRY(store_step(stmt, &row));
    *ret_value = row ? str_copy(arena, store_text(stmt, 0)) : (Str){NULL, 0};
    store_reset(stmt);
    return OK;
}

Err setting_set(StoreConn *tx, const char *name, Str value)
{
    StoreStmt *stmt = store_query(tx, Q_SETTING_SET);
    store_bind_text(stmt, 1, str_of(name));
    store_bind_text(stmt, 2, value);
    return store_exec(stmt, NULL);
}

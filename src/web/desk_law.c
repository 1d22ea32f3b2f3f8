/*
 * desk_law.c - which law holds in which month, for policy officers.
 */
#include "programme/law.h"
#include "web/desk_int.h"

Err desk_law(void *self, Month month, int64_t *ret)
{
    Desk *desk = self;
    StoreConn *conn = desk_reader_take(desk);
    Err err = law_at(conn, month, ret);
    desk_reader_give(desk, conn);
    if (err == OK && *ret == 0) *ret = desk->config.context->pack->id;
    return err;
}

Err desk_law_pack(void *self, Arena *arena, int64_t id, Diag *diag,
                  const Pack **ret)
{
    Desk *desk = self;
    const Pack *carried = desk->config.context->pack;
    if (id == carried->id) {
        *ret = carried;
        return OK;
    }
    StoreConn *conn = desk_reader_take(desk);
    Err err = pack_find(conn, arena, id, diag, ret);
    desk_reader_give(desk, conn);
    return err;
}

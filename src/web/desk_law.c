/*
 * desk_law.c - which law holds in which month, for policy officers.
 */
#include "programme/law.h"
#include "web/desk_int.h"
#include "web/drafts.h"

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
    Shelved found;
    StoreConn *conn = desk_reader_take(desk);
    Err err =
        context_law_of(desk->config.context, conn, arena, id, diag, &found);
    desk_reader_give(desk, conn);
    if (err == OK) *ret = found.pack;
    return err;
}

Err desk_law_read(StoreConn *conn, Arena *arena, Month month, Diag *diag,
                  BackendComing *ret)
{
    LawVersions all;
    *ret = (BackendComing){.count = 0};
    TRY(law_versions(conn, arena, &all));
    BackendNext *coming = ARENA_TRY_ARRAY(arena, BackendNext, all.count + 1);
    if (coming == NULL) return ERR_FULL;
    ret->at = coming;
    for (size_t i = 0; i < all.count; i++) {
        Draft draft;
        const LawVersion *version = &all.at[i];
        if (version->from <= month) continue;
        if (law_of(&all, version->from) != version) continue;
        TRY(draft_get(conn, arena, version->draft_id, diag, &draft));
        coming[ret->count++] =
            (BackendNext){version->from, draft.id, draft.title, draft.path};
    }
    return OK;
}

Err desk_coming(void *self, BackendCall *call, Month month, BackendComing *ret,
                Diag *diag)
{
    Desk *desk = self;
    StoreConn *conn = desk_reader_take(desk);
    Err err = desk_law_read(conn, call->arena, month, diag, ret);
    desk_reader_give(desk, conn);
    return err;
}

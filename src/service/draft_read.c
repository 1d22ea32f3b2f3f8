#include "service/draft_read.h"

static const char *const states[DRAFT_STATES] = {"draft", "review", "approved",
                                                 "published", "withdrawn"};

const char *draft_state_name(DraftState state)
{
    CHECK((unsigned)state < DRAFT_STATES);
    return states[state];
}

static DraftState read_state(Str name)
{
    for (int i = 0; i < DRAFT_STATES; i++) {
        if (str_is(name, states[i])) return (DraftState)i;
    }
    return DRAFT_WITHDRAWN;
}

static Month read_month(StoreStmt *stmt, int column)
{
    return store_is_null(stmt, column) ? DRAFT_NO_MONTH
                                       : (Month)store_int(stmt, column);
}

/* Ten columns: path, title, base, state, save, step, month, reason, months
 * covered, newest version. */
static bool read_draft(Arena *arena, StoreStmt *stmt, int column, Draft *ret)
{
    *ret = (Draft){.base_pack = store_int(stmt, column + 2),
                   .state = read_state(store_text(stmt, column + 3)),
                   .save = (int32_t)store_int(stmt, column + 4),
                   .step = (int32_t)store_int(stmt, column + 5),
                   .from = read_month(stmt, column + 6),
                   .newest = store_int(stmt, column + 9)};
    return str_try(arena, store_text(stmt, column), &ret->path) &&
           str_try(arena, store_text(stmt, column + 1), &ret->title) &&
           str_try(arena, store_text(stmt, column + 7), &ret->reason) &&
           str_try(arena, store_text(stmt, column + 8), &ret->covers);
}

Err draft_get(StoreConn *conn, Arena *arena, int64_t id, Diag *diag, Draft *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_DRAFT_GET);
    store_bind_int(stmt, 1, id);
    TRY(store_step(stmt, &row));
    if (!row) {
        diag_set(diag, "draft.none");
        diag_arg_int(diag, id);
        return ERR_NOT_FOUND;
    }
    bool room = read_draft(arena, stmt, 0, ret);
    ret->id = id;
    store_reset(stmt);
    return room ? OK : ERR_FULL;
}

Err draft_text(StoreConn *conn, Arena *arena, int64_t id, int32_t save,
               Diag *diag, Str *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_DRAFT_SAVE_GET);
    store_bind_int(stmt, 1, id);
    store_bind_int(stmt, 2, save);
    TRY(store_step(stmt, &row));
    if (!row) {
        diag_set(diag, "draft.no_save");
        diag_arg_int(diag, id);
        diag_arg_int(diag, save);
        return ERR_NOT_FOUND;
    }
    Hash hash = hash_of(store_bytes(stmt, 1));
    bool same = str_equal(store_bytes(stmt, 0), hash_str(&hash));
    bool room = str_try(arena, store_bytes(stmt, 1), ret);
    store_reset(stmt);
    if (same) return room ? OK : ERR_FULL;
    diag_set(diag, "draft.damaged");
    diag_arg_int(diag, id);
    diag_arg_int(diag, save);
    return ERR_CONFLICT;
}

Err draft_list(StoreConn *conn, Arena *arena, Draft **ret, size_t *ret_count)
{
    size_t room = 0, count = 0;
    Draft *all = NULL;
    StoreStmt *stmt = store_query(conn, Q_DRAFT_LIST);
    for (bool row;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        if (count == room) {
            room = room == 0 ? 16 : 2 * room;
            Draft *more = ARENA_TRY_ARRAY(arena, Draft, room);
            if (more == NULL || room > DRAFTS_MAX) return ERR_FULL;
            if (count > 0) memcpy(more, all, count * sizeof *all);
            all = more;
        }
        Draft *draft = &all[count++];
        if (!read_draft(arena, stmt, 1, draft) ||
            !str_try(arena, store_text(stmt, 11), &draft->last_by)) {
            return ERR_FULL;
        }
        draft->id = store_int(stmt, 0);
        draft->last_at = store_int(stmt, 12);
    }
    store_reset(stmt);
    *ret = all;
    *ret_count = count;
    return OK;
}

static bool read_step(Arena *arena, StoreStmt *stmt, DraftStep *ret)
{
    Str hash = store_bytes(stmt, 8);
    *ret = (DraftStep){.step = (int32_t)store_int(stmt, 0),
                       .save = (int32_t)store_int(stmt, 2),
                       .actor_id = store_int(stmt, 3),
                       .at = store_int(stmt, 5),
                       .from = read_month(stmt, 7)};
    if (hash.bytes == HASH_BYTES) memcpy(ret->hash.byte, hash.at, HASH_BYTES);
    return str_try(arena, store_text(stmt, 1), &ret->what) &&
           str_try(arena, store_text(stmt, 4), &ret->actor) &&
           str_try(arena, store_text(stmt, 6), &ret->text);
}

Err draft_steps(StoreConn *conn, Arena *arena, int64_t id, DraftStep **ret,
                size_t *ret_count)
{
    size_t room = 0, count = 0;
    DraftStep *all = NULL;
    StoreStmt *stmt = store_query(conn, Q_DRAFT_STEP_LIST);
    store_bind_int(stmt, 1, id);
    for (bool row;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        if (count == room) {
            room = room == 0 ? 16 : 2 * room;
            DraftStep *more = ARENA_TRY_ARRAY(arena, DraftStep, room);
            if (more == NULL || room > DRAFTS_MAX) return ERR_FULL;
            if (count > 0) memcpy(more, all, count * sizeof *all);
            all = more;
        }
        if (!read_step(arena, stmt, &all[count++])) return ERR_FULL;
    }
    store_reset(stmt);
    *ret = all;
    *ret_count = count;
    return OK;
}

Err draft_head(StoreConn *conn, Arena *arena, const Pack *base, Diag *diag,
               const Pack **ret)
{
    LawVersions all;
    TRY(law_versions(conn, arena, &all));
    *ret = base;
    if (all.count == 0) return OK;
    int64_t id = all.at[all.count - 1].pack_id;
    return id == base->id ? OK : pack_find(conn, arena, id, diag, ret);
}

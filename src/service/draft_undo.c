#include "service/draft_undo.h"

/* A draft among the versions that were published before it. */
typedef struct Undo {
    StoreConn *conn;
    Arena *arena;
    const Pack *carried;
    const Draft *draft;
    Diag *diag;
    LawVersions before;
    const Pack *base;
    Str text;
} Undo;

static Err names_of(const Undo *undo, int64_t id, const Pack **ret)
{
    *ret = undo->carried;
    if (id == undo->carried->id) return OK;
    return pack_names(undo->conn, undo->arena, id, undo->diag, ret);
}

static Err read_before(Undo *undo)
{
    TRY(law_versions(undo->conn, undo->arena, &undo->before));
    for (size_t i = 0; i < undo->before.count; i++) {
        if (undo->before.at[i].draft_id == undo->draft->id) {
            undo->before.count = i;
        }
    }
    return OK;
}

/* Whether it decides its first month, which the draft would take. */
static bool is_undone(const Undo *undo, const LawVersion *version)
{
    return version->from > undo->draft->from &&
           law_of(&undo->before, version->from) == version;
}

/* What a model would say instead; the draft has one model of its own. */
static Str text_instead(const Undo *undo, const char *path)
{
    if (str_is(undo->draft->path, path)) return undo->text;
    return pack_file(undo->base, path);
}

static Err find_losses(const Undo *undo, const Pack *pack, DraftUndone *ret)
{
    DmnSource sources[PACK_SOURCES_MAX] = {{NULL, {NULL, 0}}};
    size_t count = pack_sources(undo->arena, pack, undo->draft->path, sources);
    DraftLoss *losses = ARENA_TRY_ARRAY(undo->arena, DraftLoss, count + 1);
    if (losses == NULL) return ERR_FULL;
    ret->losses = losses;
    for (size_t i = 0; i < count; i++) {
        if (sources[i].name == NULL) continue;
        ModelDiff diff;
        Str now = text_instead(undo, sources[i].name);
        if (now.at == NULL || str_equal(now, sources[i].bytes)) continue;
        TRY(model_diff(undo->arena, sources[i].bytes, now, undo->diag, &diff));
        if (diff.count == 0) continue;
        losses[ret->loss_count++] = (DraftLoss){str_of(sources[i].name), diff};
    }
    return OK;
}

static Err undo_one(const Undo *undo, const LawVersion *version,
                    DraftUndone *ret)
{
    const Pack *pack;
    Draft made;
    TRY(names_of(undo, version->pack_id, &pack));
    TRY(draft_get(undo->conn, undo->arena, version->draft_id, undo->diag,
                  &made));
    *ret = (DraftUndone){.version = version->version,
                         .from = version->from,
                         .draft_id = version->draft_id,
                         .title = made.title,
                         .pack = pack};
    return find_losses(undo, pack, ret);
}

Err draft_undone(StoreConn *conn, Arena *arena, const Pack *carried,
                 const Draft *draft, Diag *diag, DraftUndoings *ret)
{
    size_t count = 0;
    Undo undo = {.conn = conn,
                 .arena = arena,
                 .carried = carried,
                 .draft = draft,
                 .diag = diag};
    *ret = (DraftUndoings){NULL, 0};
    if (draft->from == DRAFT_NO_MONTH || draft->state == DRAFT_WITHDRAWN) {
        return OK;
    }
    TRY(read_before(&undo));
    for (size_t i = 0; i < undo.before.count; i++) {
        count += is_undone(&undo, &undo.before.at[i]);
    }
    if (count == 0) return OK;
    DraftUndone *all = ARENA_TRY_ARRAY(arena, DraftUndone, count);
    if (all == NULL) return ERR_FULL;
    TRY(names_of(&undo, draft->base_pack, &undo.base));
    TRY(draft_text(conn, arena, draft->id, draft->save, diag, &undo.text));
    for (size_t i = 0; i < undo.before.count; i++) {
        const LawVersion *version = &undo.before.at[i];
        if (!is_undone(&undo, version)) continue;
        TRY(undo_one(&undo, version, &all[ret->count++]));
    }
    ret->at = all;
    return OK;
}

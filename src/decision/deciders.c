#include "decision/deciders.h"

enum { PACKS_MAX = 8, PACK_ARENA_BYTES = 256 << 20, LAW_ARENA_BYTES = 8 << 20 };

typedef struct OpenPack {
    Arena *arena; /* NULL of the base */
    const Pack *pack;
    Decider *decider[PROGRAMMES_MAX];
} OpenPack;

struct Deciders {
    Arena *arena;     /* of this */
    Arena *law_arena; /* of the versions */
    LawVersions law;
    int64_t newest;
    OpenPack pack[PACKS_MAX]; /* the base first */
    int32_t count, oldest;
};

static void close_pack(OpenPack *open)
{
    for (int i = 0; i < PROGRAMMES_MAX; i++) decider_close(open->decider[i]);
    arena_close(open->arena);
    *open = (OpenPack){.pack = NULL};
}

static Err open_decider(OpenPack *open, int32_t programme, Diag *diag,
                        Decider **ret)
{
    if (open->decider[programme] == NULL) {
        TRY(decider_open(open->pack, &open->pack->programmes[programme], diag,
                         &open->decider[programme]));
    }
    *ret = open->decider[programme];
    return OK;
}

Err deciders_open(const Pack *base, Diag *diag, Deciders **ret)
{
    Arena *arena = arena_open(1 << 16);
    Deciders *all = ARENA_NEW(arena, Deciders);
    Decider *decider;
    *all = (Deciders){.arena = arena,
                      .law_arena = arena_open(LAW_ARENA_BYTES),
                      .pack = {{.pack = base}},
                      .count = 1,
                      .oldest = 1};
    *ret = all;
    for (int32_t i = 0; i < base->programme_count; i++) {
        TRY(open_decider(&all->pack[0], i, diag, &decider));
    }
    return OK;
}

void deciders_close(Deciders *all)
{
    if (all == NULL) return;
    for (int32_t i = 0; i < all->count; i++) close_pack(&all->pack[i]);
    arena_close(all->law_arena);
    arena_close(all->arena);
}

Err deciders_look(Deciders *all, StoreConn *conn)
{
    int64_t newest;
    TRY(law_newest(conn, &newest));
    if (newest == all->newest) return OK;
    arena_reset(all->law_arena);
    TRY(law_versions(conn, all->law_arena, &all->law));
    all->newest =
        all->law.count > 0 ? all->law.at[all->law.count - 1].version : 0;
    return OK;
}

/* The pack of that id, opened at its first use in the place of the one that
 * was opened longest ago. */
static Err find_pack(Deciders *all, StoreConn *conn, int64_t id, Diag *diag,
                     OpenPack **ret)
{
    const Pack *pack;
    for (int32_t i = 0; i < all->count; i++) {
        *ret = &all->pack[i];
        if (all->pack[i].pack->id == id) return OK;
    }
    Arena *arena = arena_open(PACK_ARENA_BYTES);
    Err err = pack_find(conn, arena, id, diag, &pack);
    if (err != OK) {
        arena_close(arena);
        return err;
    }
    if (all->count < PACKS_MAX) {
        *ret = &all->pack[all->count++];
    } else {
        *ret = &all->pack[all->oldest];
        all->oldest = all->oldest + 1 < PACKS_MAX ? all->oldest + 1 : 1;
        close_pack(*ret);
    }
    **ret = (OpenPack){.arena = arena, .pack = pack};
    return OK;
}

Err deciders_at(Deciders *all, StoreConn *conn, Str programme, Month month,
                Diag *diag, Decider **ret)
{
    OpenPack *open = &all->pack[0];
    const LawVersion *version = law_of(&all->law, month);
    *ret = NULL;
    if (version != NULL) {
        TRY(find_pack(all, conn, version->pack_id, diag, &open));
    }
    const Programme *found = pack_programme(open->pack, programme);
    if (found == NULL) return OK;
    return open_decider(open, (int32_t)(found - open->pack->programmes), diag,
                        ret);
}

#include "service/context.h"

#include "audit/audit.h"
#include "job/setting.h"
#include "programme/law.h"
#include "registry/relation_fill.h"
#include "store/schema.h"

enum { ARENA_BYTES = 512 << 20 };

static const char pack_setting[] = "pack";

/* The pack of a published version, with what the program now carries beside
 * its models: the catalogues must be those by which facts are kept. */
static Err carry_over(StoreConn *tx, Arena *arena, const Pack *pack,
                      const LawVersion *old, Diag *diag)
{
    const Pack *published, *made;
    LawVersion version = *old;
    TRY(pack_find(tx, arena, old->pack_id, diag, &published));
    TRY(pack_renew(arena, pack, published, diag, &made));
    if (made->id == published->id) return OK;
    version.base_pack = published->id;
    version.published_at = clock_now();
    return law_put(tx, made, &version);
}

/* Puts before the place of a fault which version it is of. */
static void name_version(Arena *arena, const LawVersion *version, Diag *diag)
{
    if (diag->key[0] == '\0') return;
    char room[16];
    Buf month = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    month_write(&month, version->from);
    const char *place =
        arena_format(arena, "law version %lld (%.*s)%s%s",
                     (long long)version->version, STR_ARG(buf_view(&month)),
                     diag->file[0] == '\0' ? "" : ": ", diag->file);
    diag_place(diag, place, diag->line, diag->column);
}

/* Carries over the versions that hold in some month, in their order. */
static Err carry_law_over(StoreConn *tx, Arena *arena, const Pack *pack,
                          Diag *diag)
{
    LawVersions all;
    TRY(law_turn(tx));
    TRY(law_versions(tx, arena, &all));
    for (size_t i = 0; i < all.count; i++) {
        if (law_of(&all, all.at[i].from) != &all.at[i]) continue;
        Err err = carry_over(tx, arena, pack, &all.at[i], diag);
        if (err == OK) continue;
        name_version(arena, &all.at[i], diag);
        return err;
    }
    return OK;
}

/* Puts the program's pack in force, if another or none is. */
static Err put_in_force(StoreConn *tx, Arena *arena, const Pack *pack,
                        Diag *diag)
{
    Str old;
    TRY(setting_get(tx, arena, pack_setting, &old));
    Str id = str_of(arena_format(arena, "%lld", (long long)pack->id));
    if (old.at != NULL && str_equal(old, id)) return OK;
    TRY(store_begin(tx));
    Err err = carry_law_over(tx, arena, pack, diag);
    if (err == OK) err = pack_keep(tx, pack, clock_now());
    if (err == OK) err = setting_set(tx, pack_setting, id);
    if (err == OK) {
        err = audit_leaf(tx, AUDIT_NO_HOUSEHOLD, "pack", hash_str(&pack->hash));
    }
    if (err == OK) return store_commit(tx);
    store_rollback(tx);
    return err;
}

/* What an older release did not derive yet. */
static Err derive(StoreConn *tx, Arena *arena, const Pack *pack, Diag *diag)
{
    EventTypes types;
    int64_t relations;
    TRY(event_types_load(arena, pack->catalogue, pack->formats,
                         pack_file(pack, "models/events.tsv"), diag, &types));
    return relation_fill(tx, &types, &relations);
}

static Err init(Store *store, Arena *arena, Diag *diag)
{
    const Pack *pack;
    StoreConn *writer CLEANUP(store_conn_closep) = NULL;
    TRY(pack_embedded(arena, diag, &pack));
    TRY(store_writer(store, diag, &writer));
    TRY(store_migrate(writer, diag));
    TRY(derive(writer, arena, pack, diag));
    return put_in_force(writer, arena, pack, diag);
}

Err context_init(const char *db, Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    Store *store CLEANUP(store_closep) = NULL;
    TRY(store_open(db, true, diag, &store));
    return init(store, arena, diag);
}

static Err law_over(Context *context, StoreConn *conn, bool names, Diag *diag)
{
    Str setting;
    int64_t id;
    TRY(setting_get(conn, context->arena, pack_setting, &setting));
    if (setting.at == NULL || !str_to_int(setting, &id)) {
        diag_set(diag, "context.no_pack");
        return ERR_NOT_FOUND;
    }
    return names ? pack_names(conn, context->arena, id, diag, &context->pack)
                 : pack_find(conn, context->arena, id, diag, &context->pack);
}

static Context new_context(void)
{
    Arena *arena = arena_open(ARENA_BYTES);
    return (Context){.arena = arena, .shelf = shelf_open(arena)};
}

static Err open_over(Context *context, StoreConn *conn, bool law, bool names,
                     Diag *diag)
{
    Err err = store_schema_check(conn, diag);
    if (err == OK && law) err = law_over(context, conn, names, diag);
    if (err == ERR_IO && diag->key[0] == '\0') store_diag(conn, diag);
    return err;
}

Err context_open(const char *db, bool law, Diag *diag, Context *ret)
{
    Context context = new_context();
    StoreConn *conn = NULL;
    Err err = store_open(db, false, diag, &context.store);
    if (err == OK) err = store_reader(context.store, diag, &conn);
    if (err == OK) err = open_over(&context, conn, law, false, diag);
    store_conn_close(conn);
    if (err == OK) {
        *ret = context;
    } else {
        context_close(&context);
    }
    return err;
}

Err context_open_any(const char *db, Diag *diag, Context *ret)
{
    Context context = new_context();
    StoreConn *conn = NULL;
    Diag schema = {.key = ""};
    Err err = store_open(db, false, diag, &context.store);
    if (err == OK) err = store_reader(context.store, diag, &conn);
    bool empty =
        err == OK && store_schema_check(conn, &schema) == ERR_NOT_FOUND;
    store_conn_close(conn);
    if (err == OK && !empty) {
        *ret = context;
        return OK;
    }
    context_close(&context);
    if (empty) *diag = schema;
    return empty ? ERR_NOT_FOUND : err;
}

Err context_open_writer(const char *db, bool beside, Diag *diag, Context *ret,
                        StoreConn **ret_writer)
{
    Context context = new_context();
    StoreConn *writer = NULL;
    Err err = store_open(db, false, diag, &context.store);
    if (err == OK) {
        err = beside ? store_writer_beside(context.store, diag, &writer)
                     : store_writer(context.store, diag, &writer);
    }
    if (err == OK) err = open_over(&context, writer, true, beside, diag);
    if (err == OK) {
        *ret = context;
        *ret_writer = writer;
    } else {
        store_conn_close(writer);
        context_close(&context);
    }
    return err;
}

Context context_borrow(const Context *from)
{
    Context context = *from;
    context.arena = arena_open(ARENA_BYTES);
    context.borrowed = true;
    return context;
}

void context_close(Context *context)
{
    if (!context->borrowed) {
        store_close(context->store);
        shelf_close(context->shelf);
    }
    arena_close(context->arena);
    *context = (Context){0};
}

Err context_law(Context *context, Diag *diag)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    if (context->pack != NULL) return OK;
    TRY(store_reader(context->store, diag, &conn));
    return law_over(context, conn, false, diag);
}

Err context_law_at(Context *context, StoreConn *conn, Month month, Diag *diag,
                   const Pack **ret)
{
    int64_t id;
    Shelved found;
    TRY(law_at(conn, month, &id));
    *ret = context->pack;
    if (id == 0 || id == context->pack->id) return OK;
    TRY(shelf_get(context->shelf, conn, context->arena, id, diag, &found));
    *ret = found.pack;
    return OK;
}

Err context_law_of(Context *context, StoreConn *conn, Arena *arena,
                   int64_t pack_id, Diag *diag, Shelved *ret)
{
    const Pack *pack = context->pack;
    if (pack == NULL || pack->id != pack_id) {
        return shelf_get(context->shelf, conn, arena, pack_id, diag, ret);
    }
    *ret = (Shelved){pack, context->texts};
    if (pack->programme_count == 0 || pack->programmes[0].model != NULL) {
        return OK;
    }
    return pack_whole(arena, pack, diag, &ret->pack);
}

Err context_texts(Context *context, Diag *diag)
{
    if (context->texts != NULL) return OK;
    return text_open(context->arena, diag, &context->texts);
}

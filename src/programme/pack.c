#include "programme/pack.h"

#include "base/asset.h"
#include "codec/bytes.h"

/* A pack of the first format is named by the hash of all its bytes. */
enum {
    PACK_FORMAT_FIRST = 1,
    PACK_FORMAT = 2,
    FILES_MAX = 4096,
    LIST_MAX_BYTES = 1 << 20 /* paths and hashes of that many files */
};

/* Whether a file decides something: not the cases, nor what is for people. */
static bool belongs(const char *path)
{
    static const char *const left_out[] = {"/cases/", "README", "models/demo/"};
    if (strncmp(path, "models/", 7) != 0 &&
        strcmp(path, "locale/law.tsv") != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++) {
        if (strstr(path, left_out[i]) != NULL) return false;
    }
    return true;
}

/* The canonical bytes of the pack that the binary carries. */
static Str embedded_bytes(Arena *arena)
{
    enum { LENGTHS_BYTES = 32 }; /* more than a file's two lengths take */
    uint64_t count = 0;
    size_t room = LENGTHS_BYTES;
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        if (!belongs(asset->path)) continue;
        count++;
        room += strlen(asset->path) + asset->bytes.bytes + LENGTHS_BYTES;
    }
    Buf buf = {.at = arena_alloc(arena, room, 1),
               .room_bytes = room,
               .limit_bytes = room};
    bytes_put_uint(&buf, PACK_FORMAT);
    bytes_put_uint(&buf, count);
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        if (!belongs(asset->path)) continue;
        bytes_put_str(&buf, str_of(asset->path));
        bytes_put_str(&buf, asset->bytes);
    }
    return buf_view(&buf);
}

/* Goes through the files of a pack. False at the end or when damaged. */
static bool next_file(BytesReader *reader, Str *ret_path, Str *ret_bytes)
{
    *ret_path = bytes_get_str(reader);
    *ret_bytes = bytes_get_str(reader);
    return bytes_good(reader);
}

static BytesReader files(Str bytes, size_t *ret_count)
{
    BytesReader reader = bytes_reader(bytes);
    uint64_t format = bytes_get_uint(&reader);
    bool known = format == PACK_FORMAT || format == PACK_FORMAT_FIRST;
    uint64_t count = bytes_get_uint(&reader);
    *ret_count = known && count <= FILES_MAX ? (size_t)count : 0;
    return reader;
}

/*
 * The hash that names the pack of the binary: of each file's path and hash,
 * which is known since the build, so that no file need be read for it.
 */
static Err embedded_hash(Hash *ret)
{
    Buf list CLEANUP(buf_free) = buf_make(LIST_MAX_BYTES);
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        if (!belongs(asset->path)) continue;
        bytes_put_str(&list, str_of(asset->path));
        bytes_put_str(&list, str_of(asset->hash));
    }
    *ret = hash_of(buf_view(&list));
    return buf_full(&list) ? ERR_FULL : OK;
}

Err pack_hash(Str bytes, Hash *ret)
{
    BytesReader format = bytes_reader(bytes);
    if (bytes_get_uint(&format) == PACK_FORMAT_FIRST) {
        *ret = hash_of(bytes);
        return OK;
    }
    Buf list CLEANUP(buf_free) = buf_make(LIST_MAX_BYTES);
    size_t count;
    BytesReader reader = files(bytes, &count);
    Str path, content;
    for (size_t i = 0; i < count && next_file(&reader, &path, &content); i++) {
        Hash hash = hash_of(content);
        char hex[65];
        hash_hex(&hash, hex);
        bytes_put_str(&list, path);
        bytes_put_str(&list, str_of(hex));
    }
    *ret = hash_of(buf_view(&list));
    if (!bytes_done(&reader)) return ERR_INVALID;
    return buf_full(&list) ? ERR_FULL : OK;
}

Str pack_file(const Pack *pack, const char *path)
{
    size_t count;
    BytesReader reader = files(pack->bytes, &count);
    Str at, bytes;
    for (size_t i = 0; i < count && next_file(&reader, &at, &bytes); i++) {
        if (str_is(at, path)) return bytes;
    }
    return (Str){NULL, 0};
}

static bool is_model(Str path)
{
    return path.bytes > 4 && memcmp(path.at + path.bytes - 4, ".dmn", 4) == 0;
}

/* The value of a key in a programme.tsv; empty without one. */
static Str manifest_value(Str manifest, const char *key)
{
    Str line, name;
    while (str_split(&manifest, '\n', &line)) {
        if (str_split(&line, '\t', &name) && str_is(name, key)) {
            return str_trim(line);
        }
    }
    return (Str){"", 0};
}

size_t pack_sources(Arena *arena, const Pack *pack, Str first,
                    DmnSource *sources)
{
    size_t count, found = 1;
    BytesReader reader = files(pack->bytes, &count);
    Str path, bytes;
    for (size_t i = 0; i < count && next_file(&reader, &path, &bytes); i++) {
        if (!is_model(path) || found == PACK_SOURCES_MAX) continue;
        DmnSource source = {arena_text(arena, path.at, path.bytes), bytes};
        if (str_equal(path, first)) {
            sources[0] = source;
        } else {
            sources[found++] = source;
        }
    }
    return found;
}

static Err refuse(Diag *diag, Str path, const char *key, Str what)
{
    diag_set(diag, key);
    diag_arg(diag, path);
    diag_arg(diag, what);
    return ERR_INVALID;
}

static unsigned read_weekend(Str names)
{
    static const char *const days[] = {"sunday",    "monday",   "tuesday",
                                       "wednesday", "thursday", "friday",
                                       "saturday"};
    unsigned weekend = 0;
    Str name;
    while (str_split(&names, ' ', &name)) {
        for (int i = 0; i < 7; i++) {
            if (str_is(name, days[i])) weekend |= 1u << i;
        }
    }
    return weekend;
}

/* The model of a programme that is named by its manifest. */
static Err load_model(Arena *arena, const Pack *pack, Str path, Str manifest,
                      Diag *diag, Programme *ret)
{
    Str decision = manifest_value(manifest, "decision");
    Str model_path = str_of(ret->path);
    DmnSource sources[PACK_SOURCES_MAX] = {{NULL, {NULL, 0}}};
    size_t count = pack_sources(arena, pack, model_path, sources);
    if (sources[0].name == NULL) {
        return refuse(diag, path, "pack.no_model", model_path);
    }
    DmnModel *model;
    TRY(dmn_load(arena, sources, count, DMN_STRICT, diag, &model));
    ret->model = model;
    ret->decision = dmn_decision_find(model, decision);
    if (ret->decision < 0) {
        return refuse(diag, path, "pack.no_decision", decision);
    }
    ret->month_input = dmn_input_find(model, STR("month"));
    ret->household_input = dmn_input_find(model, STR("household"));
    if (ret->month_input < 0 || ret->household_input < 0) {
        return refuse(diag, path, "pack.no_input", STR("month, household"));
    }
    const char *outline = arena_format(arena, "%sexplanation.tsv", ret->folder);
    return outline_load(arena, model, str_of(outline), pack_file(pack, outline),
                        diag, &ret->outline);
}

/* What a manifest says by itself. */
static void name_programme(Arena *arena, Str path, Str manifest, Programme *ret)
{
    size_t folder_bytes = path.bytes - strlen("programme.tsv");
    Str name = manifest_value(manifest, "programme");
    Str file = manifest_value(manifest, "model");
    ret->name = arena_text(arena, name.at, name.bytes);
    ret->folder = arena_text(arena, path.at, folder_bytes);
    ret->path = arena_format(arena, "%s%.*s", ret->folder, STR_ARG(file));
    int64_t payday = 0;
    if (str_to_int(manifest_value(manifest, "payday"), &payday) &&
        payday >= 1 && payday <= 28) {
        ret->payday = (int32_t)payday;
    }
    ret->weekend = read_weekend(manifest_value(manifest, "weekend"));
}

static Err load_programmes(Arena *arena, Pack *pack, bool models, Diag *diag)
{
    Programme *programmes = ARENA_ARRAY(arena, Programme, PROGRAMMES_MAX);
    size_t count;
    BytesReader reader = files(pack->bytes, &count);
    Str path, bytes;
    for (size_t i = 0; i < count && next_file(&reader, &path, &bytes); i++) {
        static const char tail[] = "/programme.tsv";
        size_t tail_bytes = sizeof tail - 1;
        if (path.bytes < tail_bytes ||
            memcmp(path.at + path.bytes - tail_bytes, tail, tail_bytes) != 0) {
            continue;
        }
        if (pack->programme_count == PROGRAMMES_MAX) {
            return refuse(diag, path, "pack.too_many", path);
        }
        Programme *programme = &programmes[pack->programme_count++];
        name_programme(arena, path, bytes, programme);
        if (!models) continue;
        TRY(load_model(arena, pack, path, bytes, diag, programme));
    }
    pack->programmes = programmes;
    return OK;
}

static Err open_pack(Arena *arena, Str bytes, const Hash *hash, bool models,
                     Diag *diag, const Pack **ret)
{
    Pack *pack = ARENA_NEW(arena, Pack);
    pack->bytes = bytes;
    pack->hash = *hash;
    pack->id = hash_to_id(hash);
    TRY(kind_load(arena, pack_file(pack, "models/facts.tsv"),
                  pack_file(pack, "models/asset-classes.tsv"), diag,
                  &pack->catalogue));
    TRY(format_load(arena, pack_file(pack, "models/formats.tsv"), diag,
                    &pack->formats));
    TRY(citation_load(arena, pack_file(pack, "models/citations.tsv"),
                      pack_file(pack, "models/sources.tsv"), diag,
                      &pack->citations));
    TRY(load_programmes(arena, pack, models, diag));
    *ret = pack;
    return OK;
}

Err pack_embedded(Arena *arena, Diag *diag, const Pack **ret)
{
    Str bytes = embedded_bytes(arena);
    Hash hash;
    TRY(embedded_hash(&hash));
    return open_pack(arena, bytes, &hash, true, diag, ret);
}

/* The text of a file in a pack that is being made of another. */
typedef struct Other {
    const char *path; /* NULL: every model, from `models` */
    Str bytes;
    const Pack *models;
} Other;

static Str other_bytes(const Other *other, Arena *arena, Str at, Str old)
{
    if (other->path != NULL) {
        return str_is(at, other->path) ? other->bytes : old;
    }
    if (!is_model(at)) return old;
    Str model = pack_file(other->models, arena_text(arena, at.at, at.bytes));
    return model.at == NULL ? old : model;
}

/* A pack of the files of another, some with other texts. */
static Err make_pack(Arena *arena, const Pack *from, const Other *other,
                     Diag *diag, const Pack **ret)
{
    enum { LENGTHS_BYTES = 64 };
    size_t count, room = from->bytes.bytes + other->bytes.bytes + LENGTHS_BYTES;
    if (other->models != NULL) room += other->models->bytes.bytes;
    BytesReader reader = files(from->bytes, &count);
    Str at, old;
    char *made = arena_try_raw(arena, room, 1);
    if (made == NULL) return ERR_FULL;
    Buf buf = {.at = made, .room_bytes = room, .limit_bytes = room};
    bytes_put_uint(&buf, PACK_FORMAT);
    bytes_put_uint(&buf, count);
    for (size_t i = 0; i < count && next_file(&reader, &at, &old); i++) {
        bytes_put_str(&buf, at);
        bytes_put_str(&buf, other_bytes(other, arena, at, old));
    }
    CHECK(!buf_full(&buf));
    Hash hash;
    TRY(pack_hash(buf_view(&buf), &hash));
    return open_pack(arena, buf_view(&buf), &hash, true, diag, ret);
}

Err pack_with(Arena *arena, const Pack *from, const char *path, Str bytes,
              Diag *diag, const Pack **ret)
{
    Other other = {.path = path, .bytes = bytes};
    if (pack_file(from, path).at != NULL) {
        return make_pack(arena, from, &other, diag, ret);
    }
    (void)refuse(diag, str_of(path), "pack.no_model", str_of(path));
    return ERR_NOT_FOUND;
}

Err pack_renew(Arena *arena, const Pack *newer, const Pack *models, Diag *diag,
               const Pack **ret)
{
    Other other = {.models = models};
    return make_pack(arena, newer, &other, diag, ret);
}

static Err load_pack(StoreConn *conn, Arena *arena, int64_t id, bool models,
                     Diag *diag, const Pack **ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_PACK_GET);
    store_bind_int(stmt, 1, id);
    TRY(store_step(stmt, &row));
    if (!row) {
        diag_set(diag, "pack.missing");
        diag_arg_int(diag, id);
        return ERR_NOT_FOUND;
    }
    Str hash = str_copy(arena, store_bytes(stmt, 0));
    Str bytes = str_copy(arena, store_bytes(stmt, 1));
    store_reset(stmt);
    Hash found;
    if (pack_hash(bytes, &found) != OK || !str_equal(hash, hash_str(&found))) {
        diag_set(diag, "pack.damaged");
        diag_arg_int(diag, id);
        return ERR_CONFLICT;
    }
    return open_pack(arena, bytes, &found, models, diag, ret);
}

static Err find_pack(StoreConn *conn, Arena *arena, int64_t id, bool models,
                     Diag *diag, const Pack **ret)
{
    Hash hash;
    TRY(embedded_hash(&hash));
    if (hash_to_id(&hash) != id) {
        return load_pack(conn, arena, id, models, diag, ret);
    }
    return open_pack(arena, embedded_bytes(arena), &hash, models, diag, ret);
}

Err pack_load(StoreConn *conn, Arena *arena, int64_t id, Diag *diag,
              const Pack **ret)
{
    return load_pack(conn, arena, id, true, diag, ret);
}

Err pack_find(StoreConn *conn, Arena *arena, int64_t id, Diag *diag,
              const Pack **ret)
{
    return find_pack(conn, arena, id, true, diag, ret);
}

Err pack_names(StoreConn *conn, Arena *arena, int64_t id, Diag *diag,
               const Pack **ret)
{
    return find_pack(conn, arena, id, false, diag, ret);
}

Err pack_whole(Arena *arena, const Pack *names, Diag *diag, const Pack **ret)
{
    return open_pack(arena, names->bytes, &names->hash, true, diag, ret);
}

Err pack_keep(StoreConn *tx, const Pack *pack, Instant at)
{
    StoreStmt *stmt = store_query(tx, Q_PACK_INSERT);
    store_bind_int(stmt, 1, pack->id);
    store_bind_bytes(stmt, 2, hash_str(&pack->hash));
    store_bind_bytes(stmt, 3, pack->bytes);
    store_bind_int(stmt, 4, at);
    return store_exec(stmt, NULL);
}

const Programme *pack_programme(const Pack *pack, Str name)
{
    for (int32_t i = 0; i < pack->programme_count; i++) {
        if (str_is(name, pack->programmes[i].name)) return &pack->programmes[i];
    }
    return NULL;
}

Day pack_payday(const Programme *programme, Month month)
{
    if (programme->payday == 0) return DAY_OPEN;
    Day day = month_first_day(month) + programme->payday - 1;
    for (int tries = 0; tries < 7; tries++, day--) {
        int weekday = ((day + 4) % 7 + 7) % 7; /* 1970-01-01: a Thursday */
        if ((programme->weekend >> weekday & 1) == 0) break;
    }
    return day;
}

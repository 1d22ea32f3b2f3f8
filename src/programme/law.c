#include "programme/law.h"

#include "audit/audit.h"
#include "codec/bytes.h"

Err law_versions(StoreConn *conn, Arena *arena, LawVersions *ret)
{
    LawVersion *all = NULL;
    size_t room = 0;
    *ret = (LawVersions){.count = 0};
    StoreStmt *stmt = store_query(conn, Q_LAW_LIST);
    for (bool row;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        if (ret->count == room) {
            room = room == 0 ? 16 : 2 * room;
            LawVersion *more = ARENA_TRY_ARRAY(arena, LawVersion, room);
            if (more == NULL || room > LAW_VERSIONS_MAX) return ERR_FULL;
            if (all != NULL) memcpy(more, all, ret->count * sizeof *all);
            ret->at = all = more;
        }
        all[ret->count++] = (LawVersion){.version = store_int(stmt, 0),
                                         .from = (Month)store_int(stmt, 1),
                                         .pack_id = store_int(stmt, 2),
                                         .base_pack = store_int(stmt, 3),
                                         .draft_id = store_int(stmt, 4),
                                         .published_at = store_int(stmt, 5)};
    }
    store_reset(stmt);
    return OK;
}

Err law_newest(StoreConn *conn, int64_t *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_LAW_NEWEST);
    TRY(store_step(stmt, &row));
    *ret = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    return OK;
}

const LawVersion *law_of(const LawVersions *all, Month month)
{
    for (size_t i = all->count; i-- > 0;) {
        if (all->at[i].from <= month) return &all->at[i];
    }
    return NULL;
}

Err law_at(StoreConn *conn, Month month, int64_t *ret_pack)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_LAW_AT);
    store_bind_int(stmt, 1, month);
    TRY(store_step(stmt, &row));
    *ret_pack = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    return OK;
}

Err law_turn(StoreConn *tx)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_LAW_TURN);
    TRY(store_step(stmt, &row));
    CHECK(row);
    store_reset(stmt);
    return OK;
}

/* What the leaf of a version commits to. */
static void write_record(const LawVersion *version, Str hash, Buf *buf)
{
    bytes_put_int(buf, version->version);
    bytes_put_int(buf, version->from);
    bytes_put_int(buf, version->pack_id);
    bytes_put_int(buf, version->base_pack);
    bytes_put_int(buf, version->draft_id);
    bytes_put_int(buf, version->published_at);
    bytes_put_str(buf, hash);
}

Err law_put(StoreConn *tx, const Pack *pack, LawVersion *version)
{
    TRY(law_newest(tx, &version->version));
    version->version++;
    version->pack_id = pack->id;
    TRY(pack_keep(tx, pack, version->published_at));
    StoreStmt *stmt = store_query(tx, Q_LAW_INSERT);
    store_bind_int(stmt, 1, version->version);
    store_bind_int(stmt, 2, version->from);
    store_bind_int(stmt, 3, version->pack_id);
    store_bind_int(stmt, 4, version->base_pack);
    store_bind_int(stmt, 5, version->draft_id);
    store_bind_int(stmt, 6, version->published_at);
    TRY(store_exec(stmt, NULL));
    Buf record = buf_make(1 << 10);
    write_record(version, hash_str(&pack->hash), &record);
    Err err = audit_leaf(tx, AUDIT_NO_HOUSEHOLD, "law", buf_view(&record));
    buf_free(&record);
    return err;
}

/* Leaves of versions are counted off against the rows. */
typedef struct Counted {
    const LawVersions *all;
    const Str *record; /* of each version; at NULL: it has no good pack */
    bool *seen;
    int64_t strangers;
} Counted;

static Err count_leaf(void *arg, const AuditLeaf *leaf)
{
    Counted *counted = arg;
    if (!str_is(leaf->type, "law")) return OK;
    for (size_t i = 0; i < counted->all->count; i++) {
        if (counted->seen[i] || counted->record[i].at == NULL) continue;
        counted->seen[i] = str_equal(counted->record[i], leaf->record);
        if (counted->seen[i]) return OK;
    }
    counted->strangers++;
    return OK;
}

/* The record of a version, if its pack is there and has its hash. */
static Err expected_record(StoreConn *conn, Arena *arena,
                           const LawVersion *version, Str *ret)
{
    bool row;
    *ret = (Str){NULL, 0};
    StoreStmt *stmt = store_query(conn, Q_PACK_GET);
    store_bind_int(stmt, 1, version->pack_id);
    TRY(store_step(stmt, &row));
    Hash hash;
    Err err = row ? pack_hash(store_bytes(stmt, 1), &hash) : ERR_NOT_FOUND;
    bool same = err == OK && hash_to_id(&hash) == version->pack_id &&
                str_equal(store_bytes(stmt, 0), hash_str(&hash));
    store_reset(stmt);
    if (err == ERR_FULL) return err;
    if (!same) return OK;
    Buf record = buf_make(1 << 10);
    write_record(version, hash_str(&hash), &record);
    *ret = str_copy(arena, buf_view(&record));
    buf_free(&record);
    return OK;
}

Err law_check(StoreConn *conn, StoreConn *leaves, Arena *arena,
              int64_t *ret_count, int64_t *ret_wrong)
{
    LawVersions all;
    TRY(law_versions(conn, arena, &all));
    Str *record = ARENA_TRY_ARRAY(arena, Str, all.count + 1);
    bool *seen = ARENA_TRY_ARRAY(arena, bool, all.count + 1);
    if (record == NULL || seen == NULL) return ERR_FULL;
    for (size_t i = 0; i < all.count; i++) {
        TRY(expected_record(conn, arena, &all.at[i], &record[i]));
    }
    Counted counted = {&all, record, seen, 0};
    TRY(audit_walk(leaves, AUDIT_NO_HOUSEHOLD, AUDIT_NO_HOUSEHOLD, count_leaf,
                   &counted));
    *ret_count = (int64_t)all.count;
    *ret_wrong = counted.strangers;
    for (size_t i = 0; i < all.count; i++) *ret_wrong += !seen[i];
    return OK;
}

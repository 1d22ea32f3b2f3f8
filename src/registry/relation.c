#include "registry/relation.h"

#include "audit/audit.h"
#include "codec/bytes.h"
#include "crypto/hash.h"

enum { PAGE_ROWS = 1000 };

static RelationKind mirrored(RelationKind kind)
{
    if (kind == RELATION_PARENT) return RELATION_CHILD;
    return kind == RELATION_CHILD ? RELATION_PARENT : RELATION_SPOUSE;
}

/* The same, as it is seen from the other. */
static Relation turned(const Relation *relation)
{
    Relation other = *relation;
    other.person_id = relation->other_id;
    other.other_id = relation->person_id;
    other.kind = mirrored(relation->kind);
    return other;
}

/* Whether it is the side of the two that the leaf tells. */
static bool is_told(const Relation *relation)
{
    if (relation->kind != RELATION_SPOUSE) {
        return relation->kind == RELATION_PARENT;
    }
    return relation->person_id < relation->other_id;
}

static void write_record(const Relation *relation, Buf *buf)
{
    bytes_put_int(buf, relation->person_id);
    bytes_put_int(buf, relation->other_id);
    bytes_put_uint(buf, (uint64_t)relation->kind);
    bytes_put_int(buf, relation->from);
    bytes_put_str(buf, relation->source);
    bytes_put_str(buf, relation->message_id);
    bytes_put_int(buf, relation->received_at);
}

static Err insert(StoreConn *tx, const Relation *relation, int64_t *ret_new)
{
    StoreStmt *stmt = store_query(tx, Q_RELATION_INSERT);
    store_bind_int(stmt, 1, relation->person_id);
    store_bind_int(stmt, 2, relation->other_id);
    store_bind_int(stmt, 3, relation->kind);
    store_bind_int(stmt, 4, relation->from);
    store_bind_text(stmt, 5, relation->source);
    store_bind_text(stmt, 6, relation->message_id);
    store_bind_int(stmt, 7, relation->received_at);
    return store_exec(stmt, ret_new);
}

Err relation_keep(StoreConn *tx, const Relation *relation)
{
    Relation other = turned(relation);
    int64_t is_new, ignored;
    if (relation->person_id == relation->other_id) return OK;
    TRY(insert(tx, relation, &is_new));
    TRY(insert(tx, &other, &ignored));
    if (is_new == 0) return OK;
    Buf record = buf_make(4096);
    write_record(is_told(relation) ? relation : &other, &record);
    Err err = audit_leaf(tx, AUDIT_NO_HOUSEHOLD, "relation", buf_view(&record));
    buf_free(&record);
    return err;
}

static void sum_row(const Relation *relation, Buf *record, HashSum sides[2])
{
    bool told = is_told(relation);
    Relation other = turned(relation);
    buf_reset(record);
    write_record(told ? relation : &other, record);
    hash_sum_add(&sides[told ? 0 : 1], buf_view(record));
}

/* All rows, those that leaves tell and those that mirror them. */
static Err sum_rows(StoreConn *conn, Buf *record, HashSum sides[2])
{
    Relation at = {.person_id = INT64_MIN};
    int rows = PAGE_ROWS;
    while (rows == PAGE_ROWS) {
        bool row;
        StoreStmt *stmt = store_query(conn, Q_RELATION_PAGE);
        store_bind_int(stmt, 1, at.person_id);
        store_bind_int(stmt, 2, at.other_id);
        store_bind_int(stmt, 3, at.kind);
        store_bind_int(stmt, 4, PAGE_ROWS);
        for (rows = 0;; rows++) {
            TRY(store_step(stmt, &row));
            if (!row) break;
            at = (Relation){.person_id = store_int(stmt, 0),
                            .other_id = store_int(stmt, 1),
                            .kind = (RelationKind)store_int(stmt, 2),
                            .from = (Day)store_int(stmt, 3),
                            .source = store_text(stmt, 4),
                            .message_id = store_text(stmt, 5),
                            .received_at = store_int(stmt, 6)};
            sum_row(&at, record, sides);
        }
    }
    return OK;
}

static Err sum_leaf(void *sum, const AuditLeaf *leaf)
{
    if (str_is(leaf->type, "relation")) hash_sum_add(sum, leaf->record);
    return OK;
}

Err relation_check(StoreConn *conn, int64_t *ret_count, bool *ret_well)
{
    HashSum sides[2] = {{.count = 0}}, leaves = {.count = 0};
    Buf record = buf_make(4096);
    Err err = sum_rows(conn, &record, sides);
    buf_free(&record);
    TRY(err);
    TRY(audit_walk(conn, AUDIT_NO_HOUSEHOLD, AUDIT_NO_HOUSEHOLD, sum_leaf,
                   &leaves));
    *ret_count = sides[0].count;
    *ret_well = hash_sum_equal(&sides[0], &sides[1]) &&
                hash_sum_equal(&sides[0], &leaves);
    return OK;
}

#include "registry/relation_fill.h"

#include "job/setting.h"
#include "registry/book_int.h"
#include "registry/relation.h"

enum { PAGE_ROWS = 1000, PAGE_ARENA_BYTES = 64 << 20, PARTS_FEW = 1024 };

static const size_t arena_bytes = (size_t)1 << 30;
static const char setting[] = "relations_filled";

/* One spouse of a message. */
typedef struct Part {
    int64_t person_id;
    Day from;
    Str source, message_id;
    Instant received_at;
} Part;

typedef struct Fill {
    StoreConn *tx;
    const EventTypes *types;
    Arena *arena; /* of the parts */
    Arena *page;  /* of the attributes of one page */
    Part *part;
    size_t part_count, part_room;
    Relation *pair;
    size_t pair_count;
} Fill;

/* Whether it is what a marriage or divorce says of a spouse, and no more. */
static bool is_marital(const EventTypes *types, const Attribute *said,
                       int32_t count)
{
    if (count != 1) return false;
    for (int32_t i = 0; i < types->rule_count; i++) {
        const EventRule *rule = &types->rules[i];
        bool both =
            rule->action == EVENT_MARRIAGE || rule->action == EVENT_DIVORCE;
        if (both && rule->kind != NULL && rule->kind->id == said->kind &&
            rule->code == said->value) {
            return true;
        }
    }
    return false;
}

static Err add_part(Fill *fill, Part part)
{
    if (fill->part_count == fill->part_room) {
        size_t room = fill->part_room == 0 ? PARTS_FEW : 2 * fill->part_room;
        Part *more = arena_try_raw(fill->arena, room, sizeof *more);
        if (more == NULL) return ERR_FULL;
        if (fill->part_count > 0) {
            memcpy(more, fill->part, fill->part_count * sizeof *more);
        }
        fill->part = more;
        fill->part_room = room;
    }
    if (!str_try(fill->arena, part.source, &part.source) ||
        !str_try(fill->arena, part.message_id, &part.message_id)) {
        return ERR_FULL;
    }
    fill->part[fill->part_count++] = part;
    return OK;
}

static Err read_row(Fill *fill, StoreStmt *stmt)
{
    const Attribute *said;
    int32_t count;
    TRY(book_attributes_read(fill->page, fill->types->catalogue,
                             store_bytes(stmt, 8), &said, &count));
    if (!is_marital(fill->types, said, count)) return OK;
    Part part = {.person_id = store_int(stmt, 3),
                 .from = (Day)store_int(stmt, 4),
                 .source = store_text(stmt, 5),
                 .message_id = store_text(stmt, 6),
                 .received_at = store_int(stmt, 7)};
    return add_part(fill, part);
}

/* Reads all facts of agencies, page after page. */
static Err read_parts(Fill *fill)
{
    int64_t household = INT64_MIN, version = 0, ordinal = 0;
    int rows = PAGE_ROWS;
    while (rows == PAGE_ROWS) {
        bool row;
        arena_reset(fill->page);
        StoreStmt *stmt = store_query(fill->tx, Q_FACT_PAGE);
        store_bind_int(stmt, 1, household);
        store_bind_int(stmt, 2, version);
        store_bind_int(stmt, 3, ordinal);
        store_bind_int(stmt, 4, PAGE_ROWS);
        for (rows = 0;; rows++) {
            TRY(store_step(stmt, &row));
            if (!row) break;
            household = store_int(stmt, 0);
            version = store_int(stmt, 1);
            ordinal = store_int(stmt, 2);
            if (str_is(store_text(stmt, 5), "csv")) continue;
            TRY(read_row(fill, stmt));
        }
    }
    return OK;
}

static int compare_ids(int64_t one, int64_t other)
{
    return (one > other) - (one < other);
}

/* By message, then person; the first that was known of each leads. */
static int compare(const void *left, const void *right)
{
    const Part *a = left, *b = right;
    int order = str_compare(a->source, b->source);
    if (order == 0) order = str_compare(a->message_id, b->message_id);
    if (order == 0) order = compare_ids(a->person_id, b->person_id);
    return order != 0 ? order : compare_ids(a->received_at, b->received_at);
}

static bool same_message(const Part *a, const Part *b)
{
    return str_equal(a->source, b->source) &&
           str_equal(a->message_id, b->message_id);
}

/* The rows of one message: who is married when they tell of two persons. A
 * row is there again in every household that it concerns. */
static void pair(Fill *fill, const Part *part, size_t count)
{
    const Part *other = NULL;
    for (size_t i = 1; i < count; i++) {
        if (part[i].person_id == part[0].person_id) continue;
        if (other != NULL && part[i].person_id != other->person_id) return;
        if (other == NULL) other = &part[i];
    }
    if (other == NULL) return;
    fill->pair[fill->pair_count++] =
        (Relation){.person_id = part->person_id,
                   .other_id = other->person_id,
                   .kind = RELATION_SPOUSE,
                   .from = part->from,
                   .source = part->source,
                   .message_id = part->message_id,
                   .received_at = part->received_at};
}

/* As they became known: the first message about two persons is kept. */
static int compare_pairs(const void *left, const void *right)
{
    const Relation *a = left, *b = right;
    int order = compare_ids(a->received_at, b->received_at);
    return order != 0 ? order : compare_ids(a->from, b->from);
}

static Err keep_all(Fill *fill)
{
    size_t first = 0;
    if (fill->part_count == 0) return OK;
    fill->pair =
        arena_try_raw(fill->arena, fill->part_count, sizeof *fill->pair);
    if (fill->pair == NULL) return ERR_FULL;
    qsort(fill->part, fill->part_count, sizeof *fill->part, compare);
    for (size_t i = 1; i <= fill->part_count; i++) {
        bool same = i < fill->part_count &&
                    same_message(&fill->part[first], &fill->part[i]);
        if (same) continue;
        pair(fill, &fill->part[first], i - first);
        first = i;
    }
    qsort(fill->pair, fill->pair_count, sizeof *fill->pair, compare_pairs);
    for (size_t i = 0; i < fill->pair_count; i++) {
        TRY(relation_keep(fill->tx, &fill->pair[i]));
    }
    return OK;
}

static Err fill_in(Fill *fill)
{
    TRY(read_parts(fill));
    TRY(keep_all(fill));
    return setting_set(fill->tx, setting, STR("yes"));
}

Err relation_fill(StoreConn *tx, const EventTypes *types, int64_t *ret_count)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(arena_bytes);
    Arena *page CLEANUP(arena_closep) = arena_open(PAGE_ARENA_BYTES);
    Fill fill = {.tx = tx, .types = types, .arena = arena, .page = page};
    Str done;
    *ret_count = 0;
    TRY(setting_get(tx, arena, setting, &done));
    if (done.at != NULL) return OK;
    TRY(store_begin(tx));
    Err err = fill_in(&fill);
    if (err == OK) err = store_commit(tx);
    if (err != OK) store_rollback(tx);
    *ret_count = (int64_t)fill.pair_count;
    return err;
}

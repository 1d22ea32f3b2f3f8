/*
 * check_person.c - do the indexes of people say what the books say?
 */
#include <stdlib.h>

#include "codec/arabic.h"
#include "registry/check.h"
#include "registry/move.h"

enum { PAGE_ROWS = 500, ARENA_BYTES = 256 << 20, STRAYS_MAX = 1000 };

typedef enum IndexKind { INDEX_KEY, INDEX_STAY, INDEX_NAME } IndexKind;

/* One row of an index, of a household. */
typedef struct IndexRow {
    IndexKind kind;
    int64_t person_id;
    int64_t number; /* of a stay the day, of a name the household */
    Str text;       /* national id, or part of a name */
} IndexRow;

typedef struct IndexRows {
    Arena *arena;
    IndexRow *row;
    int32_t count, room;
} IndexRows;

/* Rows of one index in the order of their households. */
typedef struct Walk {
    IndexKind kind;
    StoreStmt *stmt;
    int64_t household_id; /* INT64_MAX: there are no more */
} Walk;

typedef struct Check {
    StoreConn *conn;
    const KindCatalogue *catalogue;
    Arena *arena;
    AuditTally *tally;
    Walk walk[3];
} Check;

static Err rows_add(IndexRows *rows, IndexRow row)
{
    if (rows->count == rows->room) {
        int32_t room = rows->room == 0 ? 64 : 2 * rows->room;
        IndexRow *more = arena_try_raw(rows->arena, (size_t)room, sizeof *more);
        if (more == NULL) return ERR_FULL;
        if (rows->count > 0)
            memcpy(more, rows->row, (size_t)rows->count * sizeof *more);
        rows->row = more;
        rows->room = room;
    }
    rows->row[rows->count++] = row;
    return OK;
}

static int by_row(const void *left, const void *right)
{
    const IndexRow *a = left, *b = right;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    if (a->person_id != b->person_id)
        return a->person_id < b->person_id ? -1 : 1;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    if (a->text.bytes != b->text.bytes)
        return a->text.bytes < b->text.bytes ? -1 : 1;
    return a->text.bytes == 0 ? 0
                              : memcmp(a->text.at, b->text.at, a->text.bytes);
}

/* Orders them; what is there twice is there once. */
static void rows_settle(IndexRows *rows)
{
    int32_t kept = 0;
    if (rows->count > 0)
        qsort(rows->row, (size_t)rows->count, sizeof *rows->row, by_row);
    for (int32_t i = 0; i < rows->count; i++) {
        if (kept > 0 && by_row(&rows->row[kept - 1], &rows->row[i]) == 0)
            continue;
        rows->row[kept++] = rows->row[i];
    }
    rows->count = kept;
}

static Err walk_next(Walk *walk)
{
    bool row;
    TRY(store_step(walk->stmt, &row));
    walk->household_id = row ? store_int(walk->stmt, 0) : INT64_MAX;
    return OK;
}

static Err walk_begin(Check *check, Walk *walk, int64_t after, int64_t last)
{
    static const Query queries[] = {Q_HOME_KEYS, Q_HOME_STAYS, Q_HOME_NAMES};
    walk->stmt = store_query(check->conn, queries[walk->kind]);
    store_bind_int(walk->stmt, 1, after);
    store_bind_int(walk->stmt, 2, last);
    return walk_next(walk);
}

/* Rows of households before `id`, of which there is no book. */
static Err pass_strays(Check *check, Walk *walk, int64_t id)
{
    while (walk->household_id < id) {
        audit_tally_wrong(check->tally, walk->household_id);
        TRY(walk_next(walk));
    }
    return OK;
}

static Err take_rows(Check *check, Walk *walk, int64_t id, IndexRows *rows)
{
    TRY(pass_strays(check, walk, id));
    while (walk->household_id == id) {
        StoreStmt *stmt = walk->stmt;
        IndexRow row = {.kind = walk->kind, .person_id = store_int(stmt, 1)};
        if (walk->kind == INDEX_STAY) row.number = store_int(stmt, 2);
        if (walk->kind == INDEX_NAME) row.number = store_int(stmt, 3);
        if (walk->kind != INDEX_STAY &&
            !str_try(rows->arena, store_text(stmt, 2), &row.text)) {
            return ERR_FULL;
        }
        TRY(rows_add(rows, row));
        check->tally->seen++;
        TRY(walk_next(walk));
    }
    return OK;
}

/* Whether the person was there until the day on which he left. */
static bool came_from_here(const Book *book, const Segment *gone, int64_t left)
{
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        if (segment->subject == gone->subject &&
            segment->is.kind == gone->is.kind && segment->to == gone->from &&
            segment->from < segment->to && segment->is.value != left) {
            return true;
        }
    }
    return false;
}

static Err expect_home(const Book *book, const Segment *member, IndexRows *rows)
{
    const KindCatalogue *catalogue = book->catalogue;
    int64_t left = kind_code(catalogue->member, STR("left"));
    IndexRow row = {.person_id = member->subject};
    if (member->is.value == left) {
        if (!came_from_here(book, member, left)) return OK;
        row.kind = INDEX_STAY;
        row.number = member->from;
        return rows_add(rows, row);
    }
    if (member->to != DAY_OPEN) return OK;
    const Segment *id =
        catalogue->national_id == NULL
            ? NULL
            : book_find(book, member->subject, catalogue->national_id->id, 0,
                        DAY_OPEN - 1);
    if (id != NULL) row.text = id->is.text;
    return rows_add(rows, row);
}

static Err expect_names(const Book *book, int64_t home, const Segment *name,
                        IndexRows *rows)
{
    Str parts[ARABIC_TOKENS_MAX];
    const Kind *member = book->catalogue->member;
    const Segment *lives =
        book_find(book, name->subject, member->id, 0, DAY_OPEN - 1);
    if (lives == NULL || lives->is.value == kind_code(member, STR("left")))
        return OK; /* he is found where he lives now */
    Buf folded = buf_make(4096);
    arabic_fold_name(&folded, name->is.text);
    size_t count = arabic_tokens(buf_view(&folded), parts, ARABIC_TOKENS_MAX);
    Err err = OK;
    for (size_t i = 0; i < count && err == OK; i++) {
        IndexRow row = {INDEX_NAME, name->subject, home, {NULL, 0}};
        err = str_try(rows->arena, parts[i], &row.text) ? rows_add(rows, row)
                                                        : ERR_FULL;
    }
    buf_free(&folded);
    return err;
}

/* What the indexes must hold of a household. */
static Err expect_rows(const Book *book, int64_t home, IndexRows *rows)
{
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        const Kind *kind = book->catalogue->by_id[segment->is.kind];
        if (segment->from >= segment->to) continue;
        if (kind == book->catalogue->member) {
            TRY(expect_home(book, segment, rows));
        } else if (kind->type == KIND_TEXT && segment->to == DAY_OPEN &&
                   str_is(STR("name"), kind->format)) {
            TRY(expect_names(book, home, segment, rows));
        }
    }
    return OK;
}

/* A stay of one who came back on the day on which he left. */
static bool is_brief(const Book *book, const IndexRow *row)
{
    if (row->kind != INDEX_STAY) return false;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        if (segment->subject == row->person_id &&
            segment->is.kind == book->catalogue->member->id &&
            segment->from == (Day)row->number && segment->from < segment->to) {
            return true;
        }
    }
    return false;
}

static bool agree(const Book *book, const IndexRows *want, const IndexRows *is)
{
    int32_t i = 0, j = 0;
    while (i < want->count || j < is->count) {
        int order = i == want->count ? 1
                    : j == is->count ? -1
                                     : by_row(&want->row[i], &is->row[j]);
        if (order < 0) return false;
        if (order > 0 && !is_brief(book, &is->row[j])) return false;
        i += order == 0;
        j++;
    }
    return true;
}

static Err check_household(Check *check, int64_t id, Str bytes)
{
    Book book;
    arena_reset(check->arena);
    IndexRows want = {.arena = check->arena}, is = {.arena = check->arena};
    for (int i = 0; i < 3; i++) {
        TRY(take_rows(check, &check->walk[i], id, &is));
    }
    Err err = book_read(check->arena, check->catalogue, bytes, &book);
    if (err == ERR_INVALID) {
        audit_tally_wrong(check->tally, id);
        return OK;
    }
    if (err == OK) err = expect_rows(&book, id, &want);
    if (err != OK) return err;
    rows_settle(&want);
    rows_settle(&is);
    if (!agree(&book, &want, &is)) audit_tally_wrong(check->tally, id);
    return OK;
}

/* The households after *after, up to the end of a page. */
static Err check_page(Check *check, int64_t *after)
{
    bool row;
    int64_t last;
    StoreStmt *stmt = store_query(check->conn, Q_BOOK_PAGE_END);
    store_bind_int(stmt, 1, *after);
    store_bind_int(stmt, 2, PAGE_ROWS - 1);
    TRY(store_step(stmt, &row));
    last = row ? store_int(stmt, 0) : INT64_MAX;
    store_reset(stmt);
    int64_t from = *after == -1 ? INT64_MIN : *after;
    for (int i = 0; i < 3; i++) {
        check->walk[i].kind = (IndexKind)i;
        TRY(walk_begin(check, &check->walk[i], from, last));
    }
    stmt = store_query(check->conn, Q_BOOK_PAGE);
    store_bind_int(stmt, 1, *after);
    store_bind_int(stmt, 2, PAGE_ROWS);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        TRY(check_household(check, store_int(stmt, 0), store_bytes(stmt, 2)));
    }
    for (int i = 0; i < 3; i++) {
        TRY(pass_strays(check, &check->walk[i], INT64_MAX));
    }
    *after = last;
    return OK;
}

static Err check_strays(Check *check)
{
    StoreStmt *stmt = store_query(check->conn, Q_NAME_STRAYS);
    store_bind_int(stmt, 1, STRAYS_MAX);
    for (;;) {
        bool row;
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        audit_tally_wrong(check->tally, store_int(stmt, 0));
    }
}

Err registry_check_persons(StoreConn *conn, const KindCatalogue *catalogue,
                           AuditTally *ret)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    Check check = {
        .conn = conn, .catalogue = catalogue, .arena = arena, .tally = ret};
    *ret = (AuditTally){.seen = 0};
    TRY(store_begin(conn)); /* of one moment: others write meanwhile */
    Err err = OK;
    for (int64_t after = -1; err == OK && after != INT64_MAX;) {
        err = check_page(&check, &after);
    }
    if (err == OK) err = check_strays(&check);
    store_rollback(conn);
    return err;
}

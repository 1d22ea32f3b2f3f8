#include "registry/check.h"

enum { PAGE_ROWS = 500, ARENA_BYTES = 128 << 20 };

/* Households in their order, each with one number, page by page. */
typedef struct Walk {
    StoreConn *conn;
    Query query;
    StoreStmt *stmt;
    int32_t in_page;
    int64_t household_id; /* INT64_MAX: there are no more */
    int64_t number;
} Walk;

static Err walk_next(Walk *walk)
{
    bool row;
    if (walk->stmt == NULL || walk->in_page == PAGE_ROWS) {
        walk->stmt = store_query(walk->conn, walk->query);
        walk->in_page = 0;
        store_bind_int(walk->stmt, 1, walk->household_id);
        store_bind_int(walk->stmt, 2, PAGE_ROWS);
    }
    TRY(store_step(walk->stmt, &row));
    walk->in_page++;
    walk->household_id = row ? store_int(walk->stmt, 0) : INT64_MAX;
    walk->number = row ? store_int(walk->stmt, 1) : 0;
    return OK;
}

static Walk walk_make(StoreConn *conn, Query query)
{
    return (Walk){.conn = conn, .query = query, .household_id = -1};
}

/* The three things that every household has. */
typedef struct Sides {
    Walk books;  /* number: its version */
    Walk facts;  /* the newest version of one */
    Walk leaves; /* how many changes */
    const KindCatalogue *catalogue;
    Arena *arena;
} Sides;

/* Whether the book is there and is what the facts give. */
static Err check_household(Sides *sides, int64_t id, bool *ret_well)
{
    const Walk *books = &sides->books;
    *ret_well = books->household_id == id && sides->facts.household_id == id &&
                sides->leaves.household_id == id &&
                sides->leaves.number == books->number &&
                sides->facts.number <= books->number;
    if (!*ret_well) return OK;
    Str rebuilt;
    arena_reset(sides->arena);
    Err err = registry_rebuild(books->conn, sides->arena, sides->catalogue, id,
                               books->number, &rebuilt);
    if (err != OK && err != ERR_INVALID) return err;
    *ret_well = err == OK && str_equal(store_bytes(books->stmt, 2), rebuilt);
    return OK;
}

static int64_t lowest(const Sides *sides)
{
    int64_t id = sides->books.household_id;
    if (sides->facts.household_id < id) id = sides->facts.household_id;
    if (sides->leaves.household_id < id) id = sides->leaves.household_id;
    return id;
}

static Err compare(Sides *sides, AuditTally *ret)
{
    Walk *all[] = {&sides->books, &sides->facts, &sides->leaves};
    for (int i = 0; i < 3; i++) TRY(walk_next(all[i]));
    for (int64_t id; (id = lowest(sides)) != INT64_MAX;) {
        bool well;
        TRY(check_household(sides, id, &well));
        ret->seen++;
        if (!well) audit_tally_wrong(ret, id);
        for (int i = 0; i < 3; i++) {
            if (all[i]->household_id == id) TRY(walk_next(all[i]));
        }
    }
    return OK;
}

Err registry_check_books(StoreConn *conn, const KindCatalogue *catalogue,
                         AuditTally *ret)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    Sides sides = {.books = walk_make(conn, Q_BOOK_PAGE),
                   .facts = walk_make(conn, Q_FACT_HEADS),
                   .leaves = walk_make(conn, Q_AUDIT_HEADS),
                   .catalogue = catalogue,
                   .arena = arena};
    *ret = (AuditTally){.seen = 0};
    TRY(store_begin(conn)); /* of one moment: others write meanwhile */
    Err err = compare(&sides, ret);
    store_rollback(conn);
    return err;
}

static Err check_commands(StoreConn *conn, AuditTally *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_COMMAND_COUNT);
    TRY(store_step(stmt, &row));
    if (row) ret->seen = store_int(stmt, 0);
    store_reset(stmt);
    return audit_tally_query(conn, Q_COMMAND_LOST, ret);
}

Err registry_check_commands(StoreConn *conn, AuditTally *ret)
{
    *ret = (AuditTally){.seen = 0};
    TRY(store_begin(conn)); /* of one moment: others write meanwhile */
    Err err = check_commands(conn, ret);
    store_rollback(conn);
    return err;
}

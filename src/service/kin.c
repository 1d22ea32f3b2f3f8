#include "service/kin.h"

#include "registry/registry.h"
#include "registry/relation.h"

enum {
    PERSONS_MAX = 512,
    HOUSEHOLDS_MAX = 256,
    EDGES_MAX = 4096,
    DEGREES_MAX = 2,
    BOOK_ARENA_BYTES = 32 << 20
};

/* Roles that somebody ever had in a household. */
enum { WAS_HEAD = 1, WAS_SPOUSE = 2, WAS_CHILD = 4 };

/* `to` is the spouse, parent or child of `from`. */
typedef struct Edge {
    int64_t from, to;
    int32_t degrees; /* 0: spouses */
} Edge;

typedef struct Close {
    int64_t person_id;
    int32_t degree;
    bool expanded;
} Close;

typedef struct Part {
    int64_t person_id;
    unsigned was;
} Part;

typedef struct Walk {
    StoreConn *conn;
    const KindCatalogue *catalogue;
    Arena *arena; /* of one book */
    int64_t wanted;
    bool found; /* the wanted household is close */
    bool full;  /* there is more than can be looked at */
    Close person[PERSONS_MAX];
    int32_t person_count;
    int64_t household[HOUSEHOLDS_MAX];
    int32_t household_count;
    Edge edge[EDGES_MAX];
    int32_t edge_count;
    Part part[BOOK_MEMBERS_MAX];
    int32_t part_count;
} Walk;

static void reach(Walk *walk, int64_t person_id, int32_t degree)
{
    if (degree > DEGREES_MAX) return;
    for (int32_t i = 0; i < walk->person_count; i++) {
        Close *close = &walk->person[i];
        if (close->person_id != person_id) continue;
        if (degree < close->degree) {
            close->degree = degree;
            close->expanded = false;
        }
        return;
    }
    walk->full |= walk->person_count == PERSONS_MAX;
    if (walk->full) return;
    walk->person[walk->person_count++] = (Close){person_id, degree, false};
}

static void join(Walk *walk, int64_t from, int64_t to, int32_t degrees)
{
    walk->full |= walk->edge_count + 2 > EDGES_MAX;
    if (walk->full) return;
    walk->edge[walk->edge_count++] = (Edge){from, to, degrees};
    walk->edge[walk->edge_count++] = (Edge){to, from, degrees};
}

static void note_role(Walk *walk, const Segment *segment)
{
    const Kind *member = walk->catalogue->member;
    unsigned was = 0;
    if (segment->is.value == kind_code(member, STR("head"))) was = WAS_HEAD;
    if (segment->is.value == kind_code(member, STR("spouse"))) was = WAS_SPOUSE;
    if (segment->is.value == kind_code(member, STR("child"))) was = WAS_CHILD;
    if (was == 0 || segment->from >= segment->to) return;
    for (int32_t i = 0; i < walk->part_count; i++) {
        if (walk->part[i].person_id != segment->subject) continue;
        walk->part[i].was |= was;
        return;
    }
    walk->full |= walk->part_count == BOOK_MEMBERS_MAX;
    if (walk->full) return;
    walk->part[walk->part_count++] = (Part){segment->subject, was};
}

/* Whoever was head or spouse is taken for a parent of whoever was child. */
static void join_roles(Walk *walk)
{
    const unsigned elder = WAS_HEAD | WAS_SPOUSE;
    for (int32_t a = 0; a < walk->part_count; a++) {
        for (int32_t b = a + 1; b < walk->part_count; b++) {
            const Part *x = &walk->part[a], *y = &walk->part[b];
            bool married =
                ((x->was & WAS_HEAD) != 0 && (y->was & WAS_SPOUSE) != 0) ||
                ((x->was & WAS_SPOUSE) != 0 && (y->was & WAS_HEAD) != 0);
            bool raised =
                ((x->was & elder) != 0 && (y->was & WAS_CHILD) != 0) ||
                ((x->was & WAS_CHILD) != 0 && (y->was & elder) != 0);
            if (married) join(walk, x->person_id, y->person_id, 0);
            if (raised) join(walk, x->person_id, y->person_id, 1);
        }
    }
}

/* Reads who was what to whom in a household. */
static Err read_roles(Walk *walk, int64_t household_id)
{
    int64_t version;
    Str bytes;
    Book book;
    arena_reset(walk->arena);
    Err err =
        registry_book(walk->conn, walk->arena, household_id, &version, &bytes);
    if (err == OK) err = book_read(walk->arena, walk->catalogue, bytes, &book);
    walk->full |=
        err == ERR_FULL || err == ERR_INVALID; /* cannot be looked at */
    if (err == ERR_IO || err == ERR_BUSY) return err;
    if (err != OK) return OK;
    walk->part_count = 0;
    for (int32_t i = 0; i < book.segment_count; i++) {
        if (book.segments[i].is.kind == walk->catalogue->member->id) {
            note_role(walk, &book.segments[i]);
        }
    }
    join_roles(walk);
    return OK;
}

static Err visit(Walk *walk, int64_t household_id)
{
    for (int32_t i = 0; i < walk->household_count; i++) {
        if (walk->household[i] == household_id) return OK;
    }
    walk->found |= household_id == walk->wanted;
    walk->full |= walk->household_count == HOUSEHOLDS_MAX;
    if (walk->full || walk->found) return OK;
    walk->household[walk->household_count++] = household_id;
    return read_roles(walk, household_id);
}

/* Calls a statement's rows of one id into `ret`; more than fit: full. */
static Err read_ids(Walk *walk, Query query, int64_t id, int64_t *ret,
                    int32_t *ret_count)
{
    bool row;
    StoreStmt *stmt = store_query(walk->conn, query);
    store_bind_int(stmt, 1, id);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        walk->full |= *ret_count == HOUSEHOLDS_MAX;
        if (!walk->full) ret[(*ret_count)++] = store_int(stmt, 0);
    }
}

/* Visits every household in which the person lives or lived. */
static Err visit_homes(Walk *walk, int64_t person_id)
{
    int64_t ids[HOUSEHOLDS_MAX];
    int32_t count = 0;
    TRY(read_ids(walk, Q_PERSON_GET, person_id, ids, &count));
    TRY(read_ids(walk, Q_STAY_LIST, person_id, ids, &count));
    for (int32_t i = 0; i < count; i++) TRY(visit(walk, ids[i]));
    return OK;
}

static Err follow_relations(Walk *walk, const Close *from)
{
    bool row;
    StoreStmt *stmt = store_query(walk->conn, Q_RELATION_LIST);
    store_bind_int(stmt, 1, from->person_id);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        int32_t degrees = store_int(stmt, 1) == RELATION_SPOUSE ? 0 : 1;
        reach(walk, store_int(stmt, 0), from->degree + degrees);
    }
}

static Err expand(Walk *walk, Close from)
{
    TRY(visit_homes(walk, from.person_id));
    TRY(follow_relations(walk, &from));
    for (int32_t i = 0; i < walk->edge_count; i++) {
        const Edge *edge = &walk->edge[i];
        if (edge->from != from.person_id) continue;
        reach(walk, edge->to, from.degree + edge->degrees);
    }
    return OK;
}

/* Reaches the persons that a statement finds for an id. */
static Err reach_rows(Walk *walk, Query query, int64_t id)
{
    bool row;
    StoreStmt *stmt = store_query(walk->conn, query);
    store_bind_int(stmt, 1, id);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        reach(walk, store_int(stmt, 0), 1);
    }
}

/* All who ever shared a household with the person, whatever they were. */
static Err reach_housemates(Walk *walk)
{
    int32_t households = walk->household_count;
    for (int32_t h = 0; h < households; h++) {
        TRY(reach_rows(walk, Q_PERSON_LIST, walk->household[h]));
        TRY(reach_rows(walk, Q_STAY_PERSONS, walk->household[h]));
    }
    return OK;
}

/* The next to look at: the nearest first, so that nobody is looked at twice
 * but whom a spouse brings nearer. */
static Close *nearest(Walk *walk)
{
    Close *next = NULL;
    for (int32_t i = 0; i < walk->person_count; i++) {
        Close *close = &walk->person[i];
        bool nearer = next == NULL || close->degree < next->degree;
        if (!close->expanded && nearer) next = close;
    }
    return next;
}

static Err walk_all(Walk *walk, const Actor *actor, int64_t person_id)
{
    TRY(reach_rows(walk, Q_KIN_PERSONS, actor->id));
    if (person_id >= 0) {
        reach(walk, person_id, 0);
        TRY(visit_homes(walk, person_id));
        TRY(reach_housemates(walk));
    }
    for (Close *next; !walk->found && !walk->full;) {
        next = nearest(walk);
        if (next == NULL) return OK;
        next->expanded = true;
        TRY(expand(walk, *next));
    }
    return OK;
}

Err kin_lives_in(StoreConn *conn, Arena *arena, const KindCatalogue *catalogue,
                 const Actor *actor, int64_t person_id, int64_t household_id,
                 bool *ret)
{
    Arena *books CLEANUP(arena_closep) = arena_open(BOOK_ARENA_BYTES);
    Walk *walk = arena_try(arena, 1, sizeof *walk);
    *ret = true;
    if (walk == NULL) return ERR_FULL;
    walk->conn = conn;
    walk->catalogue = catalogue;
    walk->arena = books;
    walk->wanted = household_id;
    TRY(walk_all(walk, actor, person_id));
    *ret = walk->found || walk->full;
    return OK;
}

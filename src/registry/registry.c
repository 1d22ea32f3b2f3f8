#include "registry/registry.h"

#include "audit/audit.h"
#include "codec/arabic.h"
#include "codec/bytes.h"
#include "crypto/hash.h"
#include "registry/book_int.h"
#include "registry/household.h"

enum {
    FACT_BYTES_MAX = 60000,
    /* while a book is rebuilt, of what is no longer believed: */
    DEAD_BYTES_MAX = 64 << 20,
    DEAD_SEGMENTS_FEW = 4096,
    REBUILD_ARENA_BYTES = 256 << 20
};

void registry_begin_new(StoreConn *tx, Arena *arena,
                        const KindCatalogue *catalogue, int64_t household_id,
                        Instant at, RegistryChange *ret)
{
    *ret = (RegistryChange){.tx = tx,
                            .arena = arena,
                            .household_id = household_id,
                            .version = 1,
                            .is_new = true,
                            .book = book_make(arena, catalogue),
                            .at = at,
                            .since = DAY_OPEN,
                            .leaf = buf_make(SIZE_MAX / 4)};
}

/* The household has reached a limit: nothing more is taken for it. */
static Err full(Diag *diag, int64_t household_id)
{
    diag_set(diag, "household.full");
    diag_arg_int(diag, household_id);
    return ERR_FULL;
}

Err registry_begin(StoreConn *tx, Arena *arena, const KindCatalogue *catalogue,
                   int64_t household_id, Instant at, Diag *diag,
                   RegistryChange *ret)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_BOOK_LOCK);
    store_bind_int(stmt, 1, household_id);
    TRY(store_step(stmt, &row));
    registry_begin_new(tx, arena, catalogue, household_id, at, ret);
    if (!row) return OK;
    ret->is_new = false;
    ret->version = store_int(stmt, 0) + 1;
    Str bytes;
    bool room = str_try(arena, store_bytes(stmt, 1), &bytes);
    store_reset(stmt);
    if (!room) return full(diag, household_id);
    Err err = book_read(arena, catalogue, bytes, &ret->book);
    if (err == ERR_FULL) return full(diag, household_id);
    if (err != OK) {
        diag_set(diag, "household.damaged");
        diag_arg_int(diag, household_id);
    }
    return err;
}

static Err insert_fact(RegistryChange *change, const Statement *statement,
                       Str source, Str message_id, Str attributes)
{
    StoreStmt *stmt = store_query(change->tx, Q_FACT_INSERT);
    store_bind_int(stmt, 1, change->household_id);
    store_bind_int(stmt, 2, change->version);
    store_bind_int(stmt, 3, change->ordinal);
    store_bind_int(stmt, 4, statement->subject);
    store_bind_int(stmt, 5, statement->from);
    if (statement->to == DAY_OPEN) {
        store_bind_null(stmt, 6);
    } else {
        store_bind_int(stmt, 6, statement->to);
    }
    store_bind_text(stmt, 7, source);
    store_bind_text(stmt, 8, message_id);
    store_bind_int(stmt, 9, change->at);
    store_bind_bytes(stmt, 10, attributes);
    return store_exec(stmt, NULL);
}

/* Whether it says who lives here, or who lives at all. */
static bool is_structural(const RegistryChange *change,
                          const Statement *statement)
{
    const KindCatalogue *catalogue = change->book.catalogue;
    for (int32_t i = 0; i < statement->attribute_count; i++) {
        int32_t kind = statement->attributes[i].kind;
        if (kind == catalogue->member->id || kind == catalogue->dead->id) {
            return true;
        }
    }
    return false;
}

Err registry_say(RegistryChange *change, const Statement *statement, Str source,
                 Str message_id)
{
    CHECK(statement->attribute_count <= BOOK_ATTRIBUTES_MAX);
    Buf attributes = buf_make(FACT_BYTES_MAX);
    book_attributes_write(change->book.catalogue, statement->attributes,
                          statement->attribute_count, &attributes);
    Err err = buf_full(&attributes)
                  ? ERR_FULL
                  : insert_fact(change, statement, source, message_id,
                                buf_view(&attributes));
    bytes_put_int(&change->leaf, statement->subject);
    bytes_put_int(&change->leaf, statement->from);
    bytes_put_int(&change->leaf, statement->to);
    bytes_put_str(&change->leaf, source);
    bytes_put_str(&change->leaf, message_id);
    bytes_put_str(&change->leaf, buf_view(&attributes));
    buf_free(&attributes);
    if (err != OK) return err;
    Origin origin = {.version = (int32_t)change->version,
                     .ordinal = change->ordinal++,
                     .source = source,
                     .received = instant_day(change->at, 0)};
    if (statement->from < change->since) change->since = statement->from;
    err = book_apply(&change->book, statement, &origin);
    change->full = change->full || err == ERR_FULL;
    change->structural = change->structural || is_structural(change, statement);
    return err;
}

static Err refuse(const RegistryChange *change, Diag *diag, const char *key)
{
    diag_set(diag, key);
    diag_arg_int(diag, change->household_id);
    return ERR_INVALID;
}

/*
 * Nobody is born after the day on which it became known: that of the statement
 * itself, for what was believed before may have come from a clock ahead of
 * this one (a synthetic nation, another machine) and must not stop what comes
 * now.
 */
static Err check_births(const RegistryChange *change, Diag *diag)
{
    const Book *book = &change->book;
    const Kind *birth = book->catalogue->birth;
    if (birth == NULL) return OK;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        Day known = book->origins[segment->origin].received + 1; /* any zone */
        if (segment->is.kind != birth->id || segment->from >= segment->to ||
            segment->is.value <= known) {
            continue;
        }
        return refuse(change, diag, "household.born_later");
    }
    return OK;
}

static Err check_household(const RegistryChange *change, Diag *diag)
{
    Err err = OK;
    const char *rule = "";
    if (change->structural) {
        err = household_check(&change->book, change->since, &rule);
    }
    if (err == ERR_FULL) return full(diag, change->household_id);
    if (err != OK) return refuse(change, diag, rule);
    return check_births(change, diag);
}

static Err write_book(RegistryChange *change, Diag *diag)
{
    Buf bytes = buf_make(2 * (size_t)BOOK_BYTES_MAX);
    if (book_write(&change->book, &bytes) != OK) {
        buf_free(&bytes);
        return full(diag, change->household_id);
    }
    StoreStmt *stmt =
        store_query(change->tx, change->is_new ? Q_BOOK_INSERT : Q_BOOK_UPDATE);
    store_bind_int(stmt, 1, change->household_id);
    store_bind_int(stmt, 2, change->version);
    store_bind_int(stmt, 3, BOOK_FORMAT);
    store_bind_bytes(stmt, 4, buf_view(&bytes));
    int64_t changed = 1;
    Err err = store_exec(stmt, change->is_new ? NULL : &changed);
    buf_free(&bytes);
    if (err == OK && changed != 1) err = ERR_CONFLICT;
    return err;
}

static Err write_leaf(const RegistryChange *change, Diag *diag)
{
    if (buf_full(&change->leaf)) return full(diag, change->household_id);
    Hash said = hash_of(buf_view(&change->leaf));
    Buf record = buf_make(128);
    bytes_put_int(&record, change->household_id);
    bytes_put_uint(&record, (uint64_t)change->version);
    bytes_put_int(&record, change->at);
    buf_str(&record, hash_str(&said));
    Err err = audit_leaf(change->tx, change->household_id, "household",
                         buf_view(&record));
    buf_free(&record);
    return err;
}

Err registry_end(RegistryChange *change, Diag *diag)
{
    Err err = check_household(change, diag);
    if (err == OK) err = write_book(change, diag);
    if (err == OK) err = write_leaf(change, diag);
    registry_abandon(change);
    return err;
}

void registry_abandon(RegistryChange *change)
{
    buf_free(&change->leaf);
}

/* Reads the fact row that the statement stands on. */
static Err read_fact(StoreStmt *stmt, Arena *arena,
                     const KindCatalogue *catalogue, Statement *ret_statement,
                     Origin *ret_origin)
{
    Str bytes, source;
    const Attribute *attributes;
    int32_t count;
    if (!str_try(arena, store_bytes(stmt, 8), &bytes) ||
        !str_try(arena, store_text(stmt, 5), &source)) {
        return ERR_FULL;
    }
    TRY(book_attributes_read(arena, catalogue, bytes, &attributes, &count));
    *ret_statement = (Statement){
        .subject = store_int(stmt, 2),
        .from = (Day)store_int(stmt, 3),
        .to = store_is_null(stmt, 4) ? DAY_OPEN : (Day)store_int(stmt, 4),
        .attributes = attributes,
        .attribute_count = count,
    };
    *ret_origin = (Origin){
        .version = (int32_t)store_int(stmt, 0),
        .ordinal = (int32_t)store_int(stmt, 1),
        .source = source,
        .received = instant_day(store_int(stmt, 7), 0),
    };
    return OK;
}

/* A book that is being rebuilt, put into bytes and begun anew now and then. */
typedef struct Rebuild {
    Arena *arena;
    Buf bytes, spare;
    Book book;
    int32_t live;    /* segments when it was last begun anew */
    int64_t version; /* of the last statement */
} Rebuild;

/* Whether much of the book is no longer believed. Between two versions only:
 * there the book was within its limits once. */
static bool is_stale(const Rebuild *at, int64_t version)
{
    int32_t count = at->book.segment_count;
    if (version == at->version) return false;
    if (arena_taken_bytes(at->arena) > DEAD_BYTES_MAX) return true;
    if (count > BOOK_SEGMENTS_MAX - DEAD_SEGMENTS_FEW) return true;
    return count > DEAD_SEGMENTS_FEW && count / 2 > at->live;
}

/*
 * Begins the arena anew with what is still believed: the evidence of years
 * may be far more than what remains of it.
 */
static Err compact(Rebuild *at)
{
    const KindCatalogue *catalogue = at->book.catalogue;
    buf_reset(&at->spare);
    TRY(book_write(&at->book, &at->spare));
    Buf swap = at->bytes;
    at->bytes = at->spare;
    at->spare = swap;
    arena_reset(at->arena);
    TRY(book_read(at->arena, catalogue, buf_view(&at->bytes), &at->book));
    at->live = at->book.segment_count;
    return OK;
}

static Err rebuild(Rebuild *at, StoreConn *conn, int64_t household_id,
                   int64_t version)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_FACT_LIST);
    store_bind_int(stmt, 1, household_id);
    store_bind_int(stmt, 2, version);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        Statement statement;
        Origin origin;
        if (is_stale(at, store_int(stmt, 0))) TRY(compact(at));
        at->version = store_int(stmt, 0);
        TRY(read_fact(stmt, at->arena, at->book.catalogue, &statement,
                      &origin));
        TRY(book_apply(&at->book, &statement, &origin));
    }
}

Err registry_rebuild(StoreConn *conn, Arena *arena,
                     const KindCatalogue *catalogue, int64_t household_id,
                     int64_t version, Str *ret_bytes)
{
    Arena *own CLEANUP(arena_closep) = arena_open(REBUILD_ARENA_BYTES);
    Rebuild at = {.arena = own,
                  .bytes = buf_make(2 * (size_t)BOOK_BYTES_MAX),
                  .spare = buf_make(2 * (size_t)BOOK_BYTES_MAX),
                  .book = book_make(own, catalogue)};
    Err err = rebuild(&at, conn, household_id, version);
    *ret_bytes = (Str){NULL, 0};
    if (err == OK && at.book.origin_count > 0) {
        buf_reset(&at.spare);
        err = book_write(&at.book, &at.spare);
        if (err == OK && !str_try(arena, buf_view(&at.spare), ret_bytes)) {
            err = ERR_FULL;
        }
    }
    buf_free(&at.bytes);
    buf_free(&at.spare);
    return err;
}

Err registry_book(StoreConn *conn, Arena *arena, int64_t household_id,
                  int64_t *ret_version, Str *ret_bytes)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_BOOK_GET);
    store_bind_int(stmt, 1, household_id);
    TRY(store_step(stmt, &row));
    if (!row) return ERR_NOT_FOUND;
    *ret_version = store_int(stmt, 0);
    bool room = str_try(arena, store_bytes(stmt, 1), ret_bytes);
    store_reset(stmt);
    return room ? OK : ERR_FULL;
}

static Err check_national_id(StoreConn *conn, int64_t person_id,
                             Str national_id, Diag *diag)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_PERSON_BY_NATIONAL);
    store_bind_text(stmt, 1, national_id);
    TRY(store_step(stmt, &row));
    bool taken = row && store_int(stmt, 0) != person_id;
    store_reset(stmt);
    if (!taken) return OK;
    diag_set(diag, "person.id_taken");
    diag_arg(diag, national_id);
    return ERR_INVALID;
}

Err registry_person_check(StoreConn *conn, int64_t household_id,
                          int64_t person_id, Str national_id, Diag *diag,
                          bool *ret_known)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_PERSON_GET);
    store_bind_int(stmt, 1, person_id);
    TRY(store_step(stmt, &row));
    int64_t home = row ? store_int(stmt, 0) : household_id;
    store_reset(stmt);
    if (home != household_id) {
        diag_set(diag, "person.elsewhere");
        diag_arg_int(diag, person_id);
        diag_arg_int(diag, home);
        return ERR_INVALID;
    }
    *ret_known = row;
    if (national_id.bytes == 0) return OK;
    return check_national_id(conn, person_id, national_id, diag);
}

Err registry_person_add(RegistryChange *change, int64_t person_id,
                        Str national_id)
{
    StoreStmt *stmt = store_query(change->tx, Q_PERSON_INSERT);
    store_bind_int(stmt, 1, person_id);
    store_bind_int(stmt, 2, change->household_id);
    if (national_id.bytes > 0) {
        store_bind_text(stmt, 3, national_id);
    } else {
        store_bind_null(stmt, 3);
    }
    return store_exec(stmt, NULL);
}

Err registry_person_name(RegistryChange *change, int64_t person_id, Str name)
{
    Buf folded = buf_make(4096);
    Str parts[ARABIC_TOKENS_MAX];
    arabic_fold_name(&folded, name);
    size_t count = arabic_tokens(buf_view(&folded), parts, ARABIC_TOKENS_MAX);
    Err err = OK;
    for (size_t i = 0; i < count && err == OK; i++) {
        StoreStmt *stmt = store_query(change->tx, Q_NAME_INSERT);
        store_bind_text(stmt, 1, parts[i]);
        store_bind_int(stmt, 2, person_id);
        store_bind_int(stmt, 3, change->household_id);
        err = store_exec(stmt, NULL);
    }
    buf_free(&folded);
    return err;
}

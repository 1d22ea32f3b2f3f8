/*
 * desk_search.c - find a household by number, national id or name.
 */
#include <string.h>

#include "codec/arabic.h"
#include "web/desk_int.h"

enum { CANDIDATES_MAX = 4000, PARTS_MAX = 6 };

/* A person who may be meant. */
typedef struct Candidate {
    int64_t person_id;
    int64_t household_id;
    int parts; /* of the name that match so far */
} Candidate;

typedef struct Search {
    Desk *desk;
    BackendCall *call;
    StoreConn *conn;
    Candidate *found;
    int count;
    bool more;
} Search;

static void add(Search *search, int64_t person_id, int64_t household_id)
{
    if (search->count == CANDIDATES_MAX) {
        search->more = true;
        return;
    }
    search->found[search->count++] = (Candidate){person_id, household_id, 1};
}

/* Persons with a name part that begins with this one. */
static Err scan_part(Search *search, Str part, bool first, int wanted)
{
    bool row;
    /* the last code point there is stands behind all that begin alike */
    Str below = {arena_format(search->call->arena, "%.*s\xf4\x8f\xbf\xbf",
                              STR_ARG(part)),
                 part.bytes + 4};
    StoreStmt *stmt = store_query(search->conn, Q_NAME_SEARCH);
    store_bind_text(stmt, 1, part);
    store_bind_text(stmt, 2, below);
    store_bind_int(stmt, 3, CANDIDATES_MAX);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        int64_t person_id = store_int(stmt, 0);
        if (first) {
            add(search, person_id, store_int(stmt, 1));
            continue;
        }
        for (int i = 0; i < search->count; i++) {
            Candidate *at = &search->found[i];
            if (at->person_id == person_id && at->parts == wanted - 1) {
                at->parts = wanted;
                break;
            }
        }
    }
}

static Err by_name(Search *search, Str words)
{
    Str parts[PARTS_MAX];
    Buf folded = buf_make(4096);
    arabic_fold_name(&folded, words);
    Str kept = str_copy(search->call->arena, buf_view(&folded));
    buf_free(&folded);
    size_t count = arabic_tokens(kept, parts, PARTS_MAX);
    for (size_t i = 0; i < count; i++) {
        TRY(scan_part(search, parts[i], i == 0, (int)i + 1));
    }
    int left = 0;
    for (int i = 0; i < search->count; i++) {
        if (search->found[i].parts == (int)count) {
            search->found[left++] = search->found[i];
        }
    }
    search->count = left;
    return OK;
}

/* The head of a household is who is meant by its number. */
static Err by_number(Search *search, int64_t number)
{
    bool row;
    const Pack *pack = search->desk->config.context->pack;
    int64_t version;
    Str book;
    InputRecord record;
    Month month = month_of_day(instant_day(search->call->now, 0));
    Err err = registry_book(search->conn, search->call->arena, number, &version,
                            &book);
    if (err == OK) {
        TRY(record_project(search->call->arena, pack->catalogue, number, book,
                           month, &record));
        if (record.member_count > 0) {
            add(search, record.members[0].person_id, number);
        }
    } else if (err != ERR_NOT_FOUND) {
        return err;
    }
    StoreStmt *stmt = store_query(search->conn, Q_PERSON_GET);
    store_bind_int(stmt, 1, number);
    TRY(store_step(stmt, &row));
    if (row && store_int(stmt, 0) != number) {
        add(search, number, store_int(stmt, 0));
    }
    store_reset(stmt);
    return OK;
}

static Err by_national(Search *search, Str words, bool *ret_is)
{
    bool row;
    const Pack *pack = search->desk->config.context->pack;
    const Kind *kind = pack->catalogue->national_id;
    Buf stored = buf_make(FORMAT_BYTES_MAX);
    *ret_is = kind != NULL &&
              format_read(format_find(pack->formats, str_of(kind->format)),
                          words, &stored, NULL) == OK;
    Err err = OK;
    if (*ret_is) {
        StoreStmt *stmt = store_query(search->conn, Q_PERSON_BY_NATIONAL);
        store_bind_text(stmt, 1, buf_view(&stored));
        err = store_step(stmt, &row);
        if (err == OK && row) {
            add(search, store_int(stmt, 0), store_int(stmt, 1));
        }
        store_reset(stmt);
    }
    buf_free(&stored);
    return err;
}

/* One hit with what the caseworker needs to tell people apart. */
static Err make_hit(Search *search, const Candidate *at, BackendHit *ret,
                    bool *ret_made)
{
    BackendHousehold view = {.household_id = at->household_id};
    Str book;
    int64_t version;
    Month month = month_of_day(instant_day(search->call->now, 0));
    *ret_made = false;
    TRY(registry_book(search->conn, search->call->arena, at->household_id,
                      &version, &book));
    TRY(desk_book(search->desk, search->call, book, month, NULL, &view));
    for (size_t i = 0; i < view.member_count; i++) {
        const BackendMember *member = &view.members[i];
        if (member->person_id != at->person_id) continue;
        *ret = (BackendHit){.household_id = at->household_id,
                            .name = member->name,
                            .role = member->role,
                            .national_id = member->national_id,
                            .region = view.region,
                            .member_count = (int32_t)view.member_count};
        *ret_made = true;
    }
    return OK;
}

static Err find(Search *search, Str words)
{
    Buf latin = buf_make(4096);
    int64_t number;
    bool national;
    arabic_digits(&latin, str_trim(words));
    Str plain = str_copy(search->call->arena, buf_view(&latin));
    buf_free(&latin);
    TRY(by_national(search, plain, &national));
    if (str_to_int(plain, &number) && number >= 0) {
        return search->count > 0 ? OK : by_number(search, number);
    }
    return national ? OK : by_name(search, words);
}

static Err run(Search *search, Str words, BackendHits *ret, Diag *diag)
{
    DeskRead *read;
    BackendCall *call = search->call;
    TRY(desk_guard(search->desk, call, search->conn, ACTION_SEARCH,
                   OBJECT_REGISTRY, -1, DAY_OPEN, "search", diag, &read));
    TRY(find(search, words));
    BackendHit *hits = ARENA_ARRAY(call->arena, BackendHit, BACKEND_HITS_MAX);
    size_t count = 0;
    for (int i = 0; i < search->count; i++) {
        bool made;
        if (count == BACKEND_HITS_MAX) {
            search->more = true;
            break;
        }
        TRY(make_hit(search, &search->found[i], &hits[count], &made));
        count += made;
    }
    *ret = (BackendHits){hits, count, search->more};
    return desk_record(search->desk, read, diag);
}

Err desk_search(void *self, BackendCall *call, Str words, BackendHits *ret,
                Diag *diag)
{
    Desk *desk = self;
    Search search = {.desk = desk,
                     .call = call,
                     .found =
                         ARENA_ARRAY(call->arena, Candidate, CANDIDATES_MAX)};
    search.conn = desk_reader_take(desk);
    Err err = run(&search, words, ret, diag);
    desk_reader_give(desk, search.conn);
    return err;
}

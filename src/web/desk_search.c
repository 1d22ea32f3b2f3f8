/*
 * desk_search.c - find a household by number, national id or name.
 */
#include "codec/arabic.h"
#include "registry/name_search.h"
#include "web/desk_int.h"

typedef struct Search {
    Desk *desk;
    BackendCall *call;
    StoreConn *conn;
    BackendHit *hits;
    size_t count;
    bool more;
} Search;

/* One hit with what the caseworker needs to tell people apart. */
static Err make_hit(Search *search, NameHit at, BackendHit *ret, bool *ret_made)
{
    BackendHousehold view = {.household_id = at.household_id};
    Str book;
    int64_t version;
    Month month = month_of_day(instant_day(search->call->now, 0));
    *ret_made = false;
    TRY(registry_book(search->conn, search->call->arena, at.household_id,
                      &version, &book));
    TRY(desk_book(search->desk, search->call, book, month, NULL, &view));
    for (size_t i = 0; i < view.member_count; i++) {
        const BackendMember *member = &view.members[i];
        if (member->person_id != at.person_id) continue;
        *ret = (BackendHit){.household_id = at.household_id,
                            .name = member->name,
                            .role = member->role,
                            .national_id = member->national_id,
                            .region = view.region,
                            .member_count = (int32_t)view.member_count};
        *ret_made = true;
    }
    return OK;
}

/* Shows a person, unless he lives there no more; one too many is told. */
static Err show(Search *search, int64_t person_id, int64_t household_id)
{
    BackendHit hit;
    bool made;
    TRY(make_hit(search, (NameHit){person_id, household_id}, &hit, &made));
    if (!made) return OK;
    search->more = search->count == BACKEND_HITS_MAX;
    if (!search->more) search->hits[search->count++] = hit;
    return OK;
}

static Err by_name(Search *search, Str words)
{
    NameSearch *names = ARENA_NEW(search->call->arena, NameSearch);
    TRY(name_search_open(search->conn, search->call->arena, words, names));
    while (!search->more) {
        NameHit hit;
        bool any;
        TRY(name_search_next(names, &hit, &any));
        if (!any) break;
        TRY(show(search, hit.person_id, hit.household_id));
    }
    search->more |= names->more;
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
            TRY(show(search, record.members[0].person_id, number));
        }
    } else if (err != ERR_NOT_FOUND) {
        return err;
    }
    StoreStmt *stmt = store_query(search->conn, Q_PERSON_GET);
    store_bind_int(stmt, 1, number);
    TRY(store_step(stmt, &row));
    int64_t home = row ? store_int(stmt, 0) : number;
    store_reset(stmt);
    return home == number ? OK : show(search, number, home);
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
        NameHit at = {-1, -1};
        if (err == OK && row) {
            at = (NameHit){store_int(stmt, 0), store_int(stmt, 1)};
        }
        store_reset(stmt);
        if (at.person_id >= 0) {
            err = show(search, at.person_id, at.household_id);
        }
    }
    buf_free(&stored);
    return err;
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
    *ret = (BackendHits){search->hits, search->count, search->more};
    return desk_record(search->desk, read, diag);
}

Err desk_search(void *self, BackendCall *call, Str words, BackendHits *ret,
                Diag *diag)
{
    Desk *desk = self;
    Search search = {
        .desk = desk,
        .call = call,
        .hits = ARENA_ARRAY(call->arena, BackendHit, BACKEND_HITS_MAX)};
    search.conn = desk_reader_take(desk);
    Err err = run(&search, words, ret, diag);
    desk_reader_give(desk, search.conn);
    return err;
}

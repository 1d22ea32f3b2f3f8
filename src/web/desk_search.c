/*
 * desk_search.c - find a household by number, national id or name.
 */
#include "codec/arabic.h"
#include "registry/name_search.h"
#include "text/calendar.h"
#include "web/desk_int.h"

enum {
    HOUSEHOLDS_MAX = 2 * BACKEND_HITS_MAX,
    SCRATCH_BYTES = 64 << 20 /* for one hit: its book, and those of kin */
};

typedef struct Search {
    Desk *desk;
    BackendCall *call;
    StoreConn *conn;
    Arena *scratch; /* of one hit */
    BackendHit *hits;
    size_t count;
    bool more;
    int32_t withheld;
    GuardAlso *household; /* of the hits, each once, for the record */
    int32_t household_count;
} Search;

/*
 * Whether the actor may see who is in a household. What he may not open is
 * not shown in a search either.
 */
static Err may_see(Search *search, int64_t household_id, bool *ret)
{
    const Desk *desk = search->desk;
    const DeskOwner *owner = search->call->session->own;
    for (int32_t i = 0; i < search->household_count; i++) {
        if (search->household[i].household_id != household_id) continue;
        *ret = !search->household[i].refused;
        return OK;
    }
    Diag diag = {.key = ""};
    Subject subject;
    Role role;
    GuardAsk ask = {.arena = search->scratch,
                    .catalogue = desk->config.context->pack->catalogue,
                    .actor = &owner->actor,
                    .action = ACTION_READ,
                    .object = OBJECT_HOUSEHOLD,
                    .household_id = household_id,
                    .day = calendar_civil_day(search->call->now)};
    Err err = guard_household(search->conn, &ask, &diag, &subject, &role);
    if (err != OK && err != ERR_DENIED) return err;
    *ret = err == OK;
    search->household[search->household_count++] =
        (GuardAlso){household_id, err != OK};
    return OK;
}

/* One hit with what the caseworker needs to tell people apart. */
static Err make_hit(Search *search, NameHit at, BackendHit *ret, bool *ret_made)
{
    BackendHousehold view = {.household_id = at.household_id};
    Str book;
    int64_t version;
    Arena *arena = search->call->arena;
    BackendCall aside = *search->call;
    Month month = month_of_day(calendar_civil_day(aside.now));
    aside.arena = search->scratch;
    aside.brief = true;
    *ret_made = false;
    TRY(registry_book(search->conn, aside.arena, at.household_id, &version,
                      &book));
    TRY(desk_book(search->desk, &aside, book, month, NULL, &view));
    for (size_t i = 0; i < view.member_count; i++) {
        const BackendMember *member = &view.members[i];
        if (member->person_id != at.person_id) continue;
        *ret = (BackendHit){.household_id = at.household_id,
                            .name = str_copy(arena, member->name),
                            .role = str_copy(arena, member->role),
                            .national_id = str_copy(arena, member->national_id),
                            .region = str_copy(arena, view.region),
                            .member_count = (int32_t)view.member_count};
        *ret_made = true;
    }
    return OK;
}

/* Shows a person, unless he lives there no more or is close to the reader;
 * one too many is told. */
static Err show(Search *search, int64_t person_id, int64_t household_id)
{
    BackendHit hit;
    bool made, seen;
    arena_reset(search->scratch);
    TRY(make_hit(search, (NameHit){person_id, household_id}, &hit, &made));
    if (!made) return OK;
    search->more = search->count == BACKEND_HITS_MAX ||
                   search->household_count == HOUSEHOLDS_MAX;
    if (search->more) return OK;
    TRY(may_see(search, household_id, &seen));
    if (seen)
        search->hits[search->count++] = hit;
    else
        search->withheld++;
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
    Month month = month_of_day(calendar_civil_day(search->call->now));
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
        bool found = search->count > 0 || search->withheld > 0;
        return found ? OK : by_number(search, number);
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
    *ret = (BackendHits){search->hits, search->count, search->more,
                         search->withheld};
    GuardRead *record = &read->record;
    if (search->household_count > 0) {
        record->subject.household_id = search->household[0].household_id;
        record->refused = search->household[0].refused;
        record->also = search->household + 1;
        record->also_count = search->household_count - 1;
    }
    return desk_record(search->desk, read, diag);
}

Err desk_search(void *self, BackendCall *call, Str words, BackendHits *ret,
                Diag *diag)
{
    Desk *desk = self;
    Arena *scratch CLEANUP(arena_closep) = arena_open(SCRATCH_BYTES);
    Search search = {
        .desk = desk,
        .call = call,
        .scratch = scratch,
        .hits = ARENA_ARRAY(call->arena, BackendHit, BACKEND_HITS_MAX),
        .household = ARENA_ARRAY(call->arena, GuardAlso, HOUSEHOLDS_MAX)};
    search.conn = desk_reader_take(desk);
    Err err = run(&search, words, ret, diag);
    desk_reader_give(desk, search.conn);
    return err;
}

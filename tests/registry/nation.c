#include "tests/registry/nation.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/asset.h"
#include "registry/move.h"
#include "store/schema.h"
#include "store/store_int.h"
#include "tests/harness.h"

enum { NATION_ARENA_BYTES = 256 * 1024 * 1024 };

static Str asset(const char *path)
{
    const Asset *asset = asset_find(path);
    ck_assert_msg(asset != NULL, "the binary carries no %s", path);
    return asset->bytes;
}

static void expect_ok(Err err, const Diag *diag)
{
    ck_assert_msg(err == OK, "%s: %s (%s) at %d:%d", err_name(err), diag->key,
                  diag->arg[0], diag->line, diag->column);
}

/* A database of its own on the server that SANAD_TEST_PG names. */
static const char *make_database(Arena *arena, const char *base, Diag *diag)
{
    static int made;
    Store *store;
    StoreConn *writer;
    const char *name = arena_format(arena, "n%ld_%d", (long)getpid(), ++made);
    expect_ok(store_open(base, true, diag, &store), diag);
    expect_ok(store_writer(store, diag, &writer), diag);
    expect_ok(
        store_script(writer, arena_format(arena, "CREATE DATABASE %s", name)),
        diag);
    store_conn_close(writer);
    store_close(store);
    const char *start = strstr(base, "://") + 3;
    size_t head = (size_t)(start - base) + strcspn(start, "/") + 1;
    const char *tail = base + head + strcspn(base + head, "?");
    return arena_format(arena, "%.*s%s%s", (int)head, base, name, tail);
}

/* Where the database of a nation is to be. */
static const char *make_place(Arena *arena, Diag *diag)
{
    const char *base = getenv("SANAD_TEST_PG");
    if (base != NULL) return make_database(arena, base, diag);
    char folder[] = "/tmp/sanad-test-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    return arena_format(arena, "%s/test.db", folder);
}

Nation *nation_open(void)
{
    Arena *arena = arena_open(NATION_ARENA_BYTES);
    Nation *nation = ARENA_NEW(arena, Nation);
    Diag *diag = &nation->diag;
    nation->arena = arena;
    expect_ok(kind_load(arena, asset("models/facts.tsv"),
                        asset("models/asset-classes.tsv"), diag,
                        &nation->catalogue),
              diag);
    expect_ok(format_load_embedded(arena, diag, &nation->formats), diag);
    expect_ok(event_types_load(arena, nation->catalogue, nation->formats,
                               asset("models/events.tsv"), diag,
                               &nation->types),
              diag);
    expect_ok(store_open(make_place(arena, diag), true, diag, &nation->store),
              diag);
    expect_ok(store_writer(nation->store, diag, &nation->tx), diag);
    expect_ok(store_migrate(nation->tx, diag), diag);
    ck_assert(instant_read(STR("2026-01-15T12:00:00Z"), &nation->now));
    return nation;
}

void nation_close(Nation *nation)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    const char *path =
        arena_format(nation->arena, "%s", store_name(nation->store));
    bool lite = store_kind(nation->store) == STORE_SQLITE;
    store_conn_close(nation->tx);
    store_close(nation->store);
    for (int i = 0; i < 4 && lite; i++) {
        unlink(arena_format(nation->arena, "%s%s", path, ends[i]));
    }
    char *folder = arena_format(nation->arena, "%s", path);
    *strrchr(folder, '/') = '\0';
    if (lite) rmdir(folder);
    arena_close(nation->arena);
}

Err nation_try(Nation *nation, Str json)
{
    Event *event = ARENA_NEW(nation->arena, Event);
    nation->diag = (Diag){0};
    nation->outcome = (EventOutcome){0};
    TRY(event_read(nation->arena, &nation->types, json, &nation->diag, event));
    ck_assert_int_eq(store_begin(nation->tx), OK);
    Err err = event_apply(nation->tx, nation->arena, &nation->types, event,
                          nation->now, &nation->diag, &nation->outcome);
    if (err == OK) return store_commit(nation->tx);
    store_rollback(nation->tx);
    return err;
}

static Str message(Nation *nation, const char *source, const char *type,
                   const char *data)
{
    static int number;
    return str_of(arena_format(
        nation->arena,
        "{\"specversion\":\"1.0\",\"source\":\"%s\",\"id\":\"test-%d\","
        "\"type\":\"sa.gov.sanad.%s.v1\",\"data\":%s}",
        source, ++number, type, data));
}

void nation_send(Nation *nation, const char *source, const char *type,
                 const char *data)
{
    Err err = nation_try(nation, message(nation, source, type, data));
    ck_assert_msg(err == OK, "%s %s: %s %s (%s, %s)", type, data, err_name(err),
                  nation->diag.key, nation->diag.arg[0], nation->diag.arg[1]);
}

/* What there is in the database, in one number. */
static int64_t count_facts(Nation *nation)
{
    int64_t total = 0, after = -1;
    bool row;
    StoreStmt *stmt = store_query(nation->tx, Q_BOOK_PAGE);
    store_bind_int(stmt, 1, after);
    store_bind_int(stmt, 2, 1000);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) return total;
        total += 1000 + store_int(stmt, 1);
    }
}

void nation_refuse(Nation *nation, const char *type, const char *data,
                   const char *key)
{
    int64_t before = count_facts(nation);
    Str json = message(nation, "test", type, data);
    Err err = nation_try(nation, json);
    ck_assert_msg(err != OK, "%s %s is not refused", type, data);
    ck_assert_msg(strcmp(nation->diag.key, key) == 0,
                  "%s %s: \"%s\" (%s), expected \"%s\"", type, data,
                  nation->diag.key, nation->diag.arg[0], key);
    event_place(nation->arena, json, &nation->diag, &nation->path,
                &nation->value);
    bool lacks = strcmp(key, "event.missing") == 0;
    bool blank = strstr(data, "\"\"") != NULL; /* what stands there is "" */
    ck_assert_msg(nation->path.bytes > 0 &&
                      (nation->value.bytes > 0) == (!lacks && !blank),
                  "%s %s: %s at \"%.*s\" \"%.*s\"", type, data, key,
                  STR_ARG(nation->path), STR_ARG(nation->value));
    ck_assert_int_eq(count_facts(nation), before);
}

static Str book_bytes(Nation *nation, int64_t household_id)
{
    int64_t version;
    Str bytes;
    Err err = registry_book(nation->tx, nation->arena, household_id, &version,
                            &bytes);
    ck_assert_msg(err == OK, "no household %lld", (long long)household_id);
    return bytes;
}

Book nation_book(Nation *nation, int64_t household_id)
{
    Book book;
    Str bytes = book_bytes(nation, household_id);
    ck_assert_int_eq(book_read(nation->arena, nation->catalogue, bytes, &book),
                     OK);
    return book;
}

Day nation_day(const char *text)
{
    Day day;
    ck_assert_msg(day_read(str_of(text), &day), "%s is no day", text);
    return day;
}

const char *nation_role(Nation *nation, int64_t household_id, int64_t person_id,
                        const char *day)
{
    Book book = nation_book(nation, household_id);
    int32_t role = move_role(&book, person_id, nation_day(day));
    return role < 0 ? "-" : nation->catalogue->member->codes[role];
}

int64_t nation_value(Nation *nation, int64_t household_id, int64_t person_id,
                     const char *kind, const char *month_text)
{
    Month month;
    InputRecord record;
    ck_assert(month_read(str_of(month_text), &month));
    const Kind *of = kind_find(nation->catalogue, str_of(kind));
    ck_assert_ptr_nonnull(of);
    ck_assert_int_eq(
        record_project(nation->arena, nation->catalogue, household_id,
                       book_bytes(nation, household_id), month, &record),
        OK);
    for (int32_t i = 0; i < record.member_count; i++) {
        if (record.members[i].person_id != person_id) continue;
        return record.members[i].value[of->field];
    }
    return -1;
}

int64_t nation_home(Nation *nation, int64_t person_id)
{
    bool row;
    StoreStmt *stmt = store_query(nation->tx, Q_PERSON_GET);
    store_bind_int(stmt, 1, person_id);
    ck_assert_int_eq(store_step(stmt, &row), OK);
    if (!row) return -1;
    int64_t home = store_int(stmt, 0);
    store_reset(stmt);
    return home;
}

static const char *const two_households[] = {
    "{\"household\":\"10\",\"from\":\"2021-01-01\",\"members\":["
    "{\"person\":\"1\",\"national_id\":\"1000000008\",\"role\":\"head\","
    "\"facts\":{\"birth_date\":\"1975-03-01\",\"sex\":\"male\"}},"
    "{\"person\":\"2\",\"role\":\"spouse\",\"facts\":{"
    "\"birth_date\":\"1980-06-01\",\"sex\":\"female\"}},"
    "{\"person\":\"3\",\"role\":\"child\",\"facts\":{"
    "\"birth_date\":\"2003-06-01\",\"sex\":\"male\"}}]}",
    "{\"household\":\"20\",\"from\":\"2021-01-01\",\"members\":["
    "{\"person\":\"4\",\"role\":\"head\",\"facts\":{"
    "\"birth_date\":\"2004-02-01\",\"sex\":\"female\"}}]}"};

Nation *nation_of_two(void)
{
    Nation *nation = nation_open();
    nation_send(nation, "absher", "household.formed", two_households[0]);
    nation_send(nation, "absher", "household.formed", two_households[1]);
    return nation;
}

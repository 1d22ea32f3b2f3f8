/* check.c - what must hold in a world at every moment. */
#include "tests/sim/world.h"

enum { HOUSES_MAX = 1000, STAYS_MAX = 20000, CHECK_ARENA = 1 << 30 };

typedef struct House {
    int64_t id, version;
    Str bytes;
    Book book;
} House;

/* Every household with its book, in order of ids. */
static int read_houses(World *world, Arena *arena, House *houses)
{
    bool row;
    int count = 0;
    StoreStmt *stmt = store_query(world->tx, Q_BOOK_PAGE);
    store_bind_int(stmt, 1, -1);
    store_bind_int(stmt, 2, HOUSES_MAX);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        ck_assert_int_lt(count, HOUSES_MAX);
        houses[count++] =
            (House){.id = store_int(stmt, 0),
                    .version = store_int(stmt, 1),
                    .bytes = str_copy(arena, store_bytes(stmt, 2))};
    }
    store_reset(stmt);
    for (int i = 0; i < count; i++) {
        ck_assert_int_eq(book_read(arena, world->context.pack->catalogue,
                                   houses[i].bytes, &houses[i].book),
                         OK);
    }
    return count;
}

static void check_books(World *world, Arena *arena, const House *houses,
                        int count)
{
    for (int i = 0; i < count; i++) {
        Str rebuilt;
        ck_assert_int_eq(
            registry_rebuild(world->tx, arena, world->context.pack->catalogue,
                             houses[i].id, houses[i].version, &rebuilt),
            OK);
        ck_assert_msg(str_equal(rebuilt, houses[i].bytes),
                      "the book of household %lld is not what its facts say",
                      (long long)houses[i].id);
    }
}

/* Facts stand in versions 1, 2, 3 ... of their household, none left out. */
static void check_versions(World *world, const House *houses, int count)
{
    for (int i = 0; i < count; i++) {
        int64_t version = 0, ordinal = 0;
        bool row;
        StoreStmt *stmt = store_query(world->tx, Q_FACT_LIST);
        store_bind_int(stmt, 1, houses[i].id);
        store_bind_int(stmt, 2, INT64_MAX);
        for (;;) {
            ck_assert_int_eq(store_step(stmt, &row), OK);
            if (!row) break;
            bool next = store_int(stmt, 0) == version + 1;
            ordinal = next ? 0 : ordinal + 1;
            version += next;
            ck_assert_int_eq(store_int(stmt, 0), version);
            ck_assert_int_eq(store_int(stmt, 1), ordinal);
        }
        ck_assert_int_eq(version, houses[i].version);
    }
}

typedef struct Stay {
    int64_t person, house;
    Day from, to;
} Stay;

static int compare_stays(const void *left, const void *right)
{
    const Stay *a = left, *b = right;
    if (a->person != b->person) return a->person < b->person ? -1 : 1;
    return (a->from > b->from) - (a->from < b->from);
}

/* Nobody lives in two households on one day, and he lives where he is found. */
static void check_stays(World *world, Arena *arena, const House *houses,
                        int count)
{
    const Kind *member = world->context.pack->catalogue->member;
    int32_t left = kind_code(member, STR("left"));
    Stay *stays = ARENA_ARRAY(arena, Stay, STAYS_MAX);
    int found = 0;
    for (int i = 0; i < count; i++) {
        const Book *book = &houses[i].book;
        for (int32_t s = 0; s < book->segment_count; s++) {
            const Segment *is = &book->segments[s];
            if (is->is.kind != member->id || is->is.value == left) continue;
            ck_assert_int_lt(found, STAYS_MAX);
            stays[found++] =
                (Stay){is->subject, houses[i].id, is->from, is->to};
        }
    }
    qsort(stays, (size_t)found, sizeof *stays, compare_stays);
    for (int i = 0; i < found; i++) {
        const Stay *stay = &stays[i];
        bool last = i + 1 == found || stays[i + 1].person != stay->person;
        ck_assert_msg(last || stay->to <= stays[i + 1].from,
                      "person %lld lives in households %lld and %lld",
                      (long long)stay->person, (long long)stay->house,
                      (long long)stays[i + 1].house);
        if (stay->to != DAY_OPEN) continue;
        bool row;
        StoreStmt *stmt = store_query(world->tx, Q_PERSON_GET);
        store_bind_int(stmt, 1, stay->person);
        ck_assert_int_eq(store_step(stmt, &row), OK);
        ck_assert_msg(row && store_int(stmt, 0) == stay->house,
                      "person %lld is not found in household %lld",
                      (long long)stay->person, (long long)stay->house);
        store_reset(stmt);
    }
}

/* One head while anybody lives there. */
static void check_heads(World *world, const House *houses, int count)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(CHECK_ARENA);
    const KindCatalogue *catalogue = world->context.pack->catalogue;
    int32_t role = catalogue->member->field;
    for (int i = 0; i < count; i++) {
        for (Month month = (2024 - 1970) * 12; month < (2026 - 1970) * 12;
             month += 3) {
            InputRecord record;
            int heads = 0;
            arena_reset(arena);
            ck_assert_int_eq(record_project(arena, catalogue, houses[i].id,
                                            houses[i].bytes, month, &record),
                             OK);
            for (int32_t m = 0; m < record.member_count; m++) {
                heads += record.members[m].value[role] == 0;
            }
            ck_assert_msg(heads == (record.member_count > 0),
                          "household %lld has %d heads of %d in month %d",
                          (long long)houses[i].id, heads, record.member_count,
                          month);
        }
    }
}

static void check_leaves(World *world, const House *houses, int count)
{
    AuditTally tally;
    int64_t versions = 0, of_households = 0, decisions = 0, of_decisions = 0;
    bool row;
    ck_assert_int_eq(audit_check(world->tx, &tally), OK);
    ck_assert_int_eq(tally.wrong, 0);
    for (int i = 0; i < count; i++) versions += houses[i].version;
    StoreStmt *stmt = store_query(world->tx, Q_AUDIT_PAGE);
    store_bind_int(stmt, 1, INT64_MIN);
    store_bind_int(stmt, 2, INT64_MIN);
    store_bind_int(stmt, 3, INT64_MAX);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        of_households += str_is(store_text(stmt, 2), "household");
        of_decisions += str_is(store_text(stmt, 2), "decision");
    }
    stmt = store_query(world->tx, Q_DECISION_COUNT);
    ck_assert_int_eq(store_step(stmt, &row), OK);
    decisions = store_int(stmt, 0);
    store_reset(stmt);
    ck_assert_int_eq(of_households, versions);
    ck_assert_int_eq(of_decisions, decisions);
}

/* Whatever was determined says what would be decided with all known now. */
static void check_decisions(World *world, const House *houses, int count)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(CHECK_ARENA);
    const char *programme = world->context.pack->programmes[0].name;
    for (int i = 0; i < count; i++) {
        for (int m = 0; m < world->month_count; m++) {
            Decision fresh, in_force;
            Diag diag = {.key = ""};
            Str input;
            int32_t members;
            arena_reset(arena);
            expect(decision_find(world->decider, arena, houses[i].id,
                                 houses[i].version, houses[i].bytes,
                                 world->months[m], &diag, &fresh, &input,
                                 &members),
                   &diag, "decide");
            Err err = decision_at(world->tx, programme, houses[i].id,
                                  world->months[m], &in_force);
            if (err == ERR_NOT_FOUND && members == 0) continue;
            ck_assert_msg(err == OK, "household %lld, month %d: %s",
                          (long long)houses[i].id, world->months[m],
                          err_name(err));
            ck_assert_msg(!decision_differs(&in_force, &fresh),
                          "household %lld, month %d: in force %lld %s, fresh "
                          "%lld %s",
                          (long long)houses[i].id, world->months[m],
                          (long long)in_force.verdict.amount_minor,
                          in_force.verdict.reasons,
                          (long long)fresh.verdict.amount_minor,
                          fresh.verdict.reasons);
        }
    }
}

/* What `sanad doctor` looks at, but for the machine that we are on. */
static void check_doctor(World *world)
{
    Diag diag = {.key = ""};
    DoctorReport report;
    const char *db = store_name(world->context.store);
    expect(doctor(&world->context, db, &diag, &report), &diag, "doctor");
    for (int i = 0; i < report.count; i++) {
        const DoctorFinding *finding = &report.finding[i];
        bool of_machine = strcmp(finding->what, "disk") == 0 ||
                          strcmp(finding->what, "clock") == 0;
        ck_assert_msg(finding->well || of_machine, "doctor: %s", finding->what);
    }
}

static void check_replay(World *world)
{
    Diag diag = {.key = ""};
    ReplayReport report;
    expect(replay(&world->context, 0, NULL, NULL, &diag, &report), &diag,
           "replay");
    ck_assert_int_eq(report.different, 0);
    ck_assert_int_eq(report.not_replayable, 0);
}

void world_check(World *world, bool deep)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(CHECK_ARENA);
    House *houses = ARENA_ARRAY(arena, House, HOUSES_MAX);
    int count = read_houses(world, arena, houses);
    check_books(world, arena, houses, count);
    check_versions(world, houses, count);
    check_stays(world, arena, houses, count);
    check_leaves(world, houses, count);
    if (!deep) return;
    check_heads(world, houses, count);
    check_decisions(world, houses, count);
    check_replay(world);
    check_doctor(world);
}

static void dump_bytes(Buf *buf, Str bytes)
{
    Hash hash = hash_of(bytes);
    char hex[65];
    hash_hex(&hash, hex);
    buf_format(buf, " %.16s", hex);
}

static void dump_facts(World *world, Buf *buf, int64_t house)
{
    bool row;
    StoreStmt *stmt = store_query(world->tx, Q_FACT_LIST);
    store_bind_int(stmt, 1, house);
    store_bind_int(stmt, 2, INT64_MAX);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        buf_text(buf, "fact");
        for (int i = 0; i < 5; i++) {
            buf_format(buf, " %lld", (long long)store_int(stmt, i));
        }
        buf_format(buf, " %.*s %.*s", STR_ARG(store_text(stmt, 5)),
                   STR_ARG(store_text(stmt, 6)));
        dump_bytes(buf, store_bytes(stmt, 8));
        buf_char(buf, '\n');
    }
    stmt = store_query(world->tx, Q_PERSON_LIST);
    store_bind_int(stmt, 1, house);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        buf_format(buf, "person %lld\n", (long long)store_int(stmt, 0));
    }
}

static void dump_decisions(World *world, Buf *buf)
{
    bool row;
    StoreStmt *stmt = store_query(world->tx, Q_DECISION_PAGE);
    store_bind_int(stmt, 1, -1);
    store_bind_text(stmt, 2, STR(""));
    store_bind_int(stmt, 3, 0);
    store_bind_int(stmt, 4, 0);
    store_bind_int(stmt, 5, 1000000);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) return;
        buf_format(buf, "decision %lld %.*s %lld %lld",
                   (long long)store_int(stmt, 0), STR_ARG(store_text(stmt, 1)),
                   (long long)store_int(stmt, 2),
                   (long long)store_int(stmt, 4));
        dump_bytes(buf, store_bytes(stmt, 6));
        buf_format(buf, " %lld %lld %.*s\n", (long long)store_int(stmt, 7),
                   (long long)store_int(stmt, 8), STR_ARG(store_text(stmt, 9)));
    }
}

Str world_dump(World *world, Arena *arena)
{
    House *houses = ARENA_ARRAY(arena, House, HOUSES_MAX);
    int count = read_houses(world, arena, houses);
    Buf buf = buf_make(64 << 20);
    for (int i = 0; i < count; i++) {
        buf_format(&buf, "household %lld %lld", (long long)houses[i].id,
                   (long long)houses[i].version);
        dump_bytes(&buf, houses[i].bytes);
        buf_char(&buf, '\n');
        dump_facts(world, &buf, houses[i].id);
    }
    dump_decisions(world, &buf);
    bool row;
    StoreStmt *stmt = store_query(world->tx, Q_AUDIT_COUNT);
    ck_assert_int_eq(store_step(stmt, &row), OK);
    buf_format(&buf, "leaves %lld\n", (long long)store_int(stmt, 0));
    store_reset(stmt);
    Str text = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return text;
}

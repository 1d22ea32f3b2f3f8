#include "tests/sim/world.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/file.h"
#include "registry/import_csv.h"
#include "registry/move.h"
#include "service/doctor.h"
#include "service/replay.h"
#include "tests/harness.h"

enum { STEP_ARENA = 512 << 20, WORLD_ARENA = 64 << 20 };

static void expect(Err err, const Diag *diag, const char *what)
{
    ck_assert_msg(err == OK, "%s: %s %s (%s)", what, err_name(err), diag->key,
                  diag->arg[0]);
}

static int dice(World *world, int below)
{
    return (int)random_below(&world->random, (uint64_t)below);
}

/* Opens what a process opens. */
static void wake(World *world)
{
    Diag diag = {.key = ""};
    expect(context_open(world->db, true, &diag, &world->context), &diag,
           "open");
    const Pack *pack = world->context.pack;
    expect(decider_open(pack, &pack->programmes[0], &diag, &world->decider),
           &diag, "decider");
    expect(redetermine_open(&world->context, &diag, &world->again), &diag,
           "redetermine");
    expect(event_types_load(world->context.arena, pack->catalogue,
                            pack->formats, pack_file(pack, "models/events.tsv"),
                            &diag, &world->types),
           &diag, "types");
    expect(store_writer(world->context.store, &diag, &world->tx), &diag,
           "writer");
}

static void sleep_now(World *world)
{
    store_conn_close(world->tx);
    decider_close(world->decider);
    redetermine_close(&world->again);
    context_close(&world->context);
}

World *world_open(const char *db, uint64_t seed)
{
    Arena *arena = arena_open(WORLD_ARENA);
    World *world = ARENA_NEW(arena, World);
    Diag diag = {.key = ""};
    world->arena = arena;
    world->random = random_make(seed);
    world->db = db;
    world->traced = getenv("SIM_TRACE") != NULL;
    world->next_person = 1;
    world->next_household = 1;
    ck_assert(instant_read(STR("2026-01-10T09:00:00Z"), &world->now));
    snprintf(world->folder, sizeof world->folder, "/tmp/sanad-world-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    expect(context_init(db, &diag), &diag, "init");
    wake(world);
    return world;
}

void world_close(World *world)
{
    char path[128];
    static const char *const names[] = {"households.csv", "persons.csv"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", world->folder, names[i]);
        unlink(path);
    }
    rmdir(world->folder);
    sleep_now(world);
    arena_close(world->arena);
}

/* Whom a message names: mostly somebody known, sometimes nobody. */
static int64_t somebody(World *world)
{
    if (world->person_count == 0 || dice(world, 25) == 0) return 999999;
    return world->persons[dice(world, world->person_count)];
}

static int64_t newborn(World *world)
{
    int64_t id = world->next_person++;
    if (world->person_count < WORLD_PERSONS_MAX) {
        world->persons[world->person_count++] = id;
    }
    return id;
}

/* A day of 2022 to the end of 2025; sometimes one that is none. */
static const char *some_day(World *world, Arena *arena)
{
    static const char *const wrong[] = {"2023-02-30", "2199-01-01", "soon"};
    if (dice(world, 40) == 0) return wrong[dice(world, 3)];
    return arena_format(arena, "%d-%02d-%02d", 2022 + dice(world, 4),
                        1 + dice(world, 12),
                        dice(world, 3) == 0 ? 1 : 1 + dice(world, 28));
}

static const char *amount(World *world, Arena *arena)
{
    if (dice(world, 30) == 0) return "-5.00";
    return arena_format(arena, "%d.%02d", dice(world, 9000), dice(world, 100));
}

static const char *of_person(World *world, Arena *arena)
{
    return arena_format(arena, "\"person\":\"%lld\",\"from\":\"%s\"",
                        (long long)somebody(world), some_day(world, arena));
}

static const char *formed(World *world, Arena *arena)
{
    Buf buf = buf_make(1 << 16);
    buf_format(&buf, "{\"household\":\"%lld\",\"from\":\"2021-%02d-01\",",
               (long long)world->next_household++, 1 + dice(world, 12));
    buf_text(&buf, "\"members\":[");
    int size = 1 + dice(world, 5);
    for (int i = 0; i < size; i++) {
        static const char *const roles[] = {"head", "spouse", "child", "child",
                                            "other"};
        int year = i < 2 ? 1950 + dice(world, 45) : 2003 + dice(world, 17);
        buf_format(&buf,
                   "%s{\"person\":\"%lld\",\"role\":\"%s\",\"facts\":{"
                   "\"birth_date\":\"%d-05-0%d\",\"nationality\":\"%s\"}}",
                   i == 0 ? "" : ",", (long long)newborn(world), roles[i], year,
                   1 + dice(world, 9),
                   dice(world, 12) == 0 ? "other" : "saudi");
    }
    buf_text(&buf, "]}");
    const char *text = arena_text(arena, buf.at, buf.bytes);
    buf_free(&buf);
    return text;
}

/* A day of birth: of somebody grown, or of a child of these years. */
static const char *birthday(World *world, bool grown)
{
    int year = grown ? 1950 + dice(world, 50) : 2010 + dice(world, 16);
    return arena_format(world->arena, "%d-%02d-%02d", year, 1 + dice(world, 12),
                        1 + dice(world, 28));
}

/* One of a few national IDs, so that two persons want the same. */
static const char *some_number(World *world)
{
    static const char *const numbers[] = {"1000000008", "1000000016",
                                          "1000000024", "1000000032",
                                          "1000000033"}; /* the last is none */
    return numbers[dice(world, 5)];
}

/* The data of a random message that corrects what was told before. */
static const char *some_correction(World *world, Arena *arena, int which,
                                   const char **ret_type)
{
    const char *who = of_person(world, arena);
    switch (which) {
    case 13:
        *ret_type = "fact.birth_date";
        return arena_format(arena, "{%s,\"value\":\"%s\"}", who,
                            dice(world, 2) == 0
                                ? some_day(world, arena)
                                : birthday(world, dice(world, 2) == 0));
    case 14: /* a death that is taken back */
        *ret_type = "fact.dead";
        return arena_format(arena, "{%s,\"value\":false}", who);
    case 15:
        *ret_type = "fact.national_id";
        return arena_format(arena, "{%s,\"value\":\"%s\"}", who,
                            some_number(world));
    default: /* told late, or taken back: nothing came in */
        *ret_type = "fact.wage";
        return arena_format(arena, "{%s,\"to\":\"%s\",\"value\":\"%s\"}", who,
                            some_day(world, arena),
                            dice(world, 3) == 0 ? "0" : amount(world, arena));
    }
}

/* Classes of assets; one lives in buildings alone. */
static const char *const held[] = {"\"vehicles\"", "\"buildings\"",
                                   "\"buildings\",\"lived_in\":true"};

/* The data of a random message and its type. */
static const char *some_data(World *world, Arena *arena, const char **ret_type)
{
    const char *who = of_person(world, arena);
    int which = world->person_count < 8 ? 0 : dice(world, 18);
    if (which >= 13 && which <= 16) {
        return some_correction(world, arena, which, ret_type);
    }
    switch (which) {
    case 0:
        *ret_type = "household.formed";
        return formed(world, arena);
    case 1:
    case 2:
    case 3:
        *ret_type = "wage.reported";
        return arena_format(arena, "{%s,\"value\":\"%s\"}", who,
                            amount(world, arena));
    case 4:
        *ret_type = "income.reported";
        return arena_format(
            arena, "{%s,\"kind\":\"%s\",\"key\":\"k%d\",\"value\":\"%s\"}", who,
            "lump_sum", dice(world, 3), amount(world, arena));
    case 5:
        *ret_type = "asset.held";
        return arena_format(arena,
                            "{%s,\"key\":\"a%d\",\"class\":%s,"
                            "\"value\":\"%d\",\"exempt\":false}",
                            who, dice(world, 3), held[dice(world, 3)],
                            dice(world, 3) * 20000);
    case 6:
        *ret_type = "travel.abroad";
        return arena_format(arena, "{%s,\"to\":\"%s\",\"value\":true}", who,
                            some_day(world, arena));
    case 7:
        *ret_type = "stay.reported";
        return arena_format(arena, "{%s,\"to\":\"%s\",\"value\":\"%s\"}", who,
                            some_day(world, arena),
                            dice(world, 2) == 0 ? "shelter" : "none");
    case 8:
        *ret_type = "birth";
        return arena_format(
            arena, "{\"person\":\"%lld\",\"parent\":\"%lld\",\"from\":\"%s\"}",
            (long long)newborn(world), (long long)somebody(world),
            some_day(world, arena));
    case 9:
        *ret_type = "death";
        return arena_format(arena, "{%s}", who);
    case 10:
        *ret_type = "marriage";
        return arena_format(arena,
                            "{%s,\"spouse\":\"%lld\",\"household\":\"new\","
                            "\"household_facts\":{\"region\":\"5\"}}",
                            who, (long long)somebody(world));
    case 11:
        *ret_type = "divorce";
        return arena_format(arena,
                            "{%s,\"spouse\":\"%lld\",\"target\":\"new\"}", who,
                            (long long)somebody(world));
    case 12:
        *ret_type = "household.joined";
        return arena_format(
            arena, "{%s,\"household\":\"%lld\",\"role\":\"other\"}", who,
            1 + (long long)dice(world, (int)world->next_household));
    default:
        *ret_type = "household.left";
        return arena_format(arena, "{%s}", who);
    }
}

static Str some_message(World *world, Arena *arena)
{
    const char *type = "";
    const char *data = some_data(world, arena, &type);
    Str text = str_of(arena_format(
        arena,
        "{\"specversion\":\"1.0\",\"source\":\"sim\",\"id\":\"m-%d\","
        "\"type\":\"sa.gov.sanad.%s.v1\",\"data\":%s}",
        world->number++, type, data));
    if (world->message_count < WORLD_MESSAGES_MAX) {
        world->messages[world->message_count++] = str_copy(world->arena, text);
    }
    return text;
}

/* Carries out a message with what follows from it, not yet committed. */
static Err carry_out(World *world, Arena *arena, Str text, Diag *diag,
                     EventOutcome *outcome)
{
    Event *event = ARENA_NEW(arena, Event);
    TRY(event_read(arena, &world->types, text, diag, event));
    TRY(event_apply(world->tx, arena, &world->types, event, world->now, diag,
                    outcome));
    for (int32_t i = 0; i < outcome->touched_count; i++) {
        int32_t changed;
        const EventTouched *touched = &outcome->touched[i];
        TRY(world->again.follow.household(world->tx, world->again.follow.arg,
                                          touched->household_id, touched->since,
                                          diag, &changed));
    }
    return store_flush(world->tx);
}

static Err send(World *world, Arena *arena, Str text, EventOutcome *outcome)
{
    Diag diag = {.key = ""};
    expect(store_begin(world->tx), &diag, "begin");
    Err err = carry_out(world, arena, text, &diag, outcome);
    if (err == OK) err = store_commit(world->tx);
    if (err != OK) store_rollback(world->tx);
    if (world->traced) {
        printf("%s %s %.*s\n", err_name(err), diag.key, STR_ARG(text));
        for (int32_t i = 0; i < outcome->touched_count; i++) {
            printf("  household %lld from day %d\n",
                   (long long)outcome->touched[i].household_id,
                   (int)outcome->touched[i].since);
        }
    }
    ck_assert_msg(err == OK || diag.key[0] != '\0' || err == ERR_IO,
                  "%s without a reason: %.*s", err_name(err), STR_ARG(text));
    return err;
}

static void expect_same(World *world, Arena *arena, Str before,
                        const char *what)
{
    Str after = world_dump(world, arena);
    ck_assert_msg(str_equal(before, after), "%s has changed something", what);
}

static void step_event(World *world, Arena *arena)
{
    EventOutcome outcome = {0};
    Str before = world_dump(world, arena);
    Str text = some_message(world, arena);
    Err err = send(world, arena, text, &outcome);
    if (err == OK) {
        world->carried_out++;
        return;
    }
    ck_assert_msg(err == ERR_INVALID || err == ERR_NOT_FOUND, "%s: %.*s",
                  err_name(err), STR_ARG(text));
    world->refused++;
    expect_same(world, arena, before, "a refused message");
}

static void step_repeat(World *world, Arena *arena)
{
    if (world->message_count == 0) return;
    EventOutcome outcome = {0};
    Str before = world_dump(world, arena);
    Str text = world->messages[dice(world, world->message_count)];
    Err err = send(world, arena, text, &outcome);
    if (err == OK && outcome.is_new) return; /* what was refused may do now */
    expect_same(world, arena, before, "a repeated message");
}

/* The n-th statement of a message fails: nothing of it is there; then all. */
static void step_failure(World *world, Arena *arena)
{
    EventOutcome outcome = {0};
    Str before = world_dump(world, arena);
    Str text = some_message(world, arena);
    Diag diag = {.key = ""};
    expect(store_begin(world->tx), &diag, "begin");
    store_fail_at(1 + dice(world, 40));
    Err err = carry_out(world, arena, text, &diag, &outcome);
    if (err == OK) err = store_commit(world->tx);
    store_fail_at(0);
    if (err == OK) return;
    store_rollback(world->tx);
    world->failed++;
    expect_same(world, arena, before, "a message that failed");
    err = send(world, arena, text, &outcome);
    ck_assert(err == OK || err == ERR_INVALID || err == ERR_NOT_FOUND);
}

/* The process ends before its commit. */
static void step_crash(World *world, Arena *arena)
{
    EventOutcome outcome = {0};
    Diag diag = {.key = ""};
    Str before = world_dump(world, arena);
    Str text = some_message(world, arena);
    expect(store_begin(world->tx), &diag, "begin");
    Err ignored = carry_out(world, arena, text, &diag, &outcome);
    (void)ignored;
    sleep_now(world);
    wake(world);
    world->crashes++;
    expect_same(world, arena, before, "a crash");
}

static void determine_month(World *world, Month month, bool failing)
{
    Diag diag = {.key = ""};
    RunReport report;
    Determine job = {.store = world->context.store,
                     .writer = world->tx,
                     .pack = world->context.pack,
                     .programme = &world->context.pack->programmes[0],
                     .month = month,
                     .threads = 1 + dice(world, 2)};
    if (failing) {
        store_fail_at(1 + dice(world, 60));
        Err err = determine(&job, &diag, &report);
        store_fail_at(0);
        if (err != OK) {
            world->failed++;
            diag = (Diag){.key = ""};
        }
    }
    expect(determine(&job, &diag, &report), &diag, "determine");
    if (world->traced) printf("determined %d\n", (int)month);
    for (int i = 0; i < world->month_count; i++) {
        if (world->months[i] == month) return;
    }
    ck_assert_int_lt(world->month_count, WORLD_MONTHS_MAX);
    world->months[world->month_count++] = month;
}

static void step_determine(World *world, Arena *arena)
{
    Month first = (2024 - 1970) * 12;
    Month month = first + dice(world, 24);
    determine_month(world, month, dice(world, 3) == 0);
    Str before = world_dump(world, arena);
    determine_month(world, month, false);
    expect_same(world, arena, before, "a repeated determination");
}

static void write_file(World *world, const char *name, Str text)
{
    char path[128];
    Diag diag = {.key = ""};
    snprintf(path, sizeof path, "%s/%s", world->folder, name);
    expect(file_write(path, text, 0600, &diag), &diag, "write");
}

static Err import(World *world, Diag *diag, ImportCsvReport *report)
{
    const Pack *pack = world->context.pack;
    ImportCsv job = {.tx = world->tx,
                     .catalogue = pack->catalogue,
                     .formats = pack->formats,
                     .columns = pack_file(pack, "models/csv.tsv"),
                     .folder = world->folder,
                     .follow = &world->again.follow,
                     .now = world->now};
    *report = (ImportCsvReport){0};
    return import_csv(&job, diag, report);
}

static void add_households(World *world)
{
    static const char *const names[] = {"سالم القحطاني", "نورة خالد", "Sara A"};
    for (int i = 0; i < 3 && world->row_count + 5 < WORLD_ROWS_MAX; i++) {
        int64_t house = world->next_household++;
        world->region[world->house_count] = 1 + dice(world, 14);
        world->houses[world->house_count++] = house;
        int size = 1 + dice(world, 4);
        for (int m = 0; m < size; m++) {
            world->rows[world->row_count++] =
                (WorldRow){.person = newborn(world),
                           .house = house,
                           .role = m == 0 ? 0 : 2,
                           .nationality = dice(world, 4),
                           .resident = dice(world, 9) != 0,
                           .days_abroad = dice(world, 100),
                           .salary = dice(world, 5000),
                           .born = birthday(world, m == 0),
                           .name = names[dice(world, 3)]};
        }
    }
}

/* Where somebody lives now, as a source that has learned of it says. */
static int64_t home_of(World *world, int64_t person, int64_t otherwise)
{
    bool row;
    StoreStmt *stmt = store_query(world->tx, Q_PERSON_GET);
    store_bind_int(stmt, 1, person);
    ck_assert_int_eq(store_step(stmt, &row), OK);
    int64_t home = row ? store_int(stmt, 0) : otherwise;
    store_reset(stmt);
    return home;
}

/* The source corrects a row, rightly or wrongly. */
static void correct_row(World *world, WorldRow *row)
{
    switch (dice(world, 8)) {
    case 0:
        row->born = birthday(world, dice(world, 4) == 0);
        return;
    case 1:
        row->role = dice(world, 4);
        return;
    case 2:
        row->house = home_of(world, row->person, row->house);
        return;
    case 3:
        row->house = world->houses[dice(world, world->house_count)];
        return;
    case 4:
        row->days_abroad = dice(world, 300);
        return;
    case 5:
        row->name = dice(world, 2) == 0 ? "سالم" : "Huda";
        return;
    default:
        row->salary = dice(world, 9000) - 100; /* some are below nothing */
        return;
    }
}

static void make_files(World *world)
{
    Buf houses = buf_make(1 << 20), people = buf_make(1 << 20);
    if (world->house_count == 0 || dice(world, 2) == 0) add_households(world);
    for (int i = dice(world, 8); i > 0; i--) {
        correct_row(world, &world->rows[dice(world, world->row_count)]);
    }
    buf_text(&houses, "household_id,region,in_shelter\n");
    for (int i = 0; i < world->house_count; i++) {
        if (dice(world, 20) == 0) world->region[i] = 1 + dice(world, 13);
        buf_format(&houses, "%lld,%d,0\n", (long long)world->houses[i],
                   world->region[i]);
    }
    buf_text(&people, "person_id,household_id,role,birth_date,nationality,"
                      "resident,days_abroad,enrolled,salary,pension_income,"
                      "rent_income,business_income,name_ar\n");
    for (int i = 0; i < world->row_count; i++) {
        const WorldRow *row = &world->rows[i];
        buf_format(&people, "%lld,%lld,%d,%s,%d,%d,%d,0,%d.00,0,0,0,%s\n",
                   (long long)row->person, (long long)row->house, row->role,
                   row->born, row->nationality, row->resident, row->days_abroad,
                   row->salary, row->name);
    }
    write_file(world, "households.csv", buf_view(&houses));
    write_file(world, "persons.csv", buf_view(&people));
    buf_free(&houses);
    buf_free(&people);
}

/* The file of the source, corrected; its import fails once and is repeated
 * twice. */
static void step_import(World *world, Arena *arena)
{
    Diag diag = {.key = ""};
    ImportCsvReport report;
    make_files(world);
    if (dice(world, 2) == 0) {
        store_fail_at(1 + dice(world, 60));
        Err err = import(world, &diag, &report);
        store_fail_at(0);
        if (err != OK) world->failed++;
        diag = (Diag){.key = ""};
    }
    expect(import(world, &diag, &report), &diag, "import");
    world->corrected += (int)report.households_changed;
    Str before = world_dump(world, arena);
    expect(import(world, &diag, &report), &diag, "import again");
    ck_assert_int_eq(report.households_new + report.households_changed, 0);
    expect_same(world, arena, before, "a repeated import");
}

/* Does in a process of its own what is given, and is killed at any moment. */
static void do_and_die(World *world, int what, Str text, Month month,
                       int delay_us)
{
    Arena *arena = arena_open(STEP_ARENA);
    Diag diag = {.key = ""};
    EventOutcome outcome = {0};
    ImportCsvReport report;
    struct itimerval soon = {.it_value = {0, delay_us}};
    wake(world);
    signal(SIGALRM, SIG_DFL); /* Check has a handler of its own */
    ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
    if (what == 0) (void)!send(world, arena, text, &outcome);
    if (what == 1) (void)!import(world, &diag, &report);
    if (what == 2) determine_month(world, month, false);
    for (;;) pause();
}

/*
 * A process that is killed while it sends, imports or determines; another one
 * does the same again, and it is as if the first had never been.
 */
static void step_kill(World *world, Arena *arena)
{
    int what = dice(world, 3), status;
    EventOutcome outcome = {0};
    Diag diag = {.key = ""};
    ImportCsvReport report;
    Str text = what == 0 ? some_message(world, arena) : STR("");
    Month month = (2024 - 1970) * 12 + dice(world, 24);
    int delay_us = 1 + dice(world, 30000);
    if (what == 1) make_files(world);
    sleep_now(world);
    fflush(stdout);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) do_and_die(world, what, text, month, delay_us);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM,
                  "the process ended by itself: %d", status);
    wake(world);
    world->kills++;
    world_check(world, false);
    if (what == 0) (void)!send(world, arena, text, &outcome);
    if (what == 1) expect(import(world, &diag, &report), &diag, "import");
    if (what == 2) determine_month(world, month, false);
}

void world_step(World *world)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(STEP_ARENA);
    world->now += (1 + dice(world, 100000)) * INT64_C(1000000);
    switch (dice(world, 22)) {
    case 0:
    case 21:
        step_import(world, arena);
        return;
    case 1:
    case 2:
        step_determine(world, arena);
        return;
    case 3:
        step_repeat(world, arena);
        return;
    case 4:
        step_crash(world, arena);
        return;
    case 5:
    case 6:
        step_failure(world, arena);
        return;
    case 7:
        step_kill(world, arena);
        return;
    default:
        step_event(world, arena);
        return;
    }
}

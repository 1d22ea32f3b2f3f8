/*
 * test_nth.c - whole use cases with the n-th statement, then the n-th block of
 * memory failing, for n = 1, 2, 3 ... until none fails any more: what failed
 * has left nothing half done, and the same again then succeeds.
 */
#include "tests/harness.h"
#include "tests/sim/world.c"
/* the order matters: check.c uses what world.c has */
#include "tests/sim/check.c"

#ifdef SANAD_TORTURE

enum { TRIES_MAX = 4000 };

typedef struct Case {
    World *world;
    char folder[64], db[96];
} Case;

/* A use case from begin to commit or rollback; each round says new things. */
typedef Err UseCase(World *world, Arena *arena, int round);

static Case begin(void)
{
    Case of = {.folder = "/tmp/sanad-nth-XXXXXX"};
    ck_assert_int_eq(setenv("SANAD_CLOCK", "2026-01-10T09:00:00Z", 1), 0);
    ck_assert_ptr_nonnull(mkdtemp(of.folder));
    snprintf(of.db, sizeof of.db, "%s/nth.db", of.folder);
    of.world = world_open(of.db, 9);
    return of;
}

static void end(Case *of)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char path[128];
    world_close(of->world);
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", of->db, ends[i]);
        unlink(path);
    }
    rmdir(of->folder);
}

static Err send_text(World *world, Arena *arena, const char *type, int id,
                     const char *data)
{
    EventOutcome outcome = {0};
    Diag diag = {.key = ""};
    Str text = str_of(arena_format(
        arena,
        "{\"specversion\":\"1.0\",\"source\":\"nth\",\"id\":\"%s-%d\","
        "\"type\":\"sa.gov.sanad.%s.v1\",\"data\":%s}",
        type, id, type, data));
    Err err = store_begin(world->tx);
    if (err == OK) err = carry_out(world, arena, text, &diag, &outcome);
    if (err == OK) err = store_commit(world->tx);
    if (err != OK) store_rollback(world->tx);
    return err;
}

static Err form(World *world, Arena *arena, int round)
{
    const char *data = arena_format(
        arena,
        "{\"household\":\"%d\",\"from\":\"2021-01-01\",\"members\":["
        "{\"person\":\"%d\",\"role\":\"head\",\"facts\":{\"birth_date\":"
        "\"1975-03-01\",\"name_ar\":\"سالم القحطاني\"}},"
        "{\"person\":\"%d\",\"role\":\"spouse\",\"facts\":{\"birth_date\":"
        "\"1980-06-01\"}}]}",
        100 + round, 1000 + 2 * round, 1001 + 2 * round);
    return send_text(world, arena, "household.formed", round, data);
}

static Err wage(World *world, Arena *arena, int round)
{
    const char *data = arena_format(
        arena, "{\"person\":\"1000\",\"from\":\"2023-03-01\",\"value\":\"%d\"}",
        round);
    return send_text(world, arena, "wage.reported", round, data);
}

static Err leave(World *world, Arena *arena, int round)
{
    const char *data = arena_format(
        arena, "{\"person\":\"%d\",\"from\":\"2024-02-01\"}", 1001 + 2 * round);
    return send_text(world, arena, "household.left", round, data);
}

static Err csv(World *world, Arena *arena, int round)
{
    Diag diag = {.key = ""};
    ImportCsvReport report;
    (void)arena;
    char text[512];
    snprintf(text, sizeof text, "household_id,region,in_shelter\n%d,1,0\n",
             5000 + round);
    write_file(world, "households.csv", str_of(text));
    snprintf(text, sizeof text,
             "person_id,household_id,role,birth_date,nationality,resident,"
             "days_abroad,enrolled,salary,pension_income,rent_income,"
             "business_income,name_ar\n%d,%d,0,1980-01-01,0,1,0,0,100.00,0,0,"
             "0,سالم\n",
             9000 + round, 5000 + round);
    write_file(world, "persons.csv", str_of(text));
    return import(world, &diag, &report);
}

static Err decide(World *world, Arena *arena, int round)
{
    Diag diag = {.key = ""};
    RunReport report;
    (void)arena;
    Determine job = {.store = world->context.store,
                     .writer = world->tx,
                     .pack = world->context.pack,
                     .programme = &world->context.pack->programmes[0],
                     .month = (2022 - 1970) * 12 + round % 50,
                     .threads = 1};
    return determine(&job, &diag, &report);
}

/* Fails once at each place. `whole`: it is one transaction. */
static void torture(UseCase *use, World *world, bool whole)
{
    int failures = 0;
    for (int n = 1, round = 1; n < TRIES_MAX; n++) {
        Arena *arena = arena_open(STEP_ARENA);
        Str before = world_dump(world, arena);
        store_fail_at(n);
        Err err = use(world, arena, round);
        store_fail_at(0);
        if (err != OK) {
            failures++;
            ck_assert_msg(err != ERR_INVALID, "statement %d: a wrong answer",
                          n);
            if (whole) expect_same(world, arena, before, "what failed");
            world_check(world, false);
            ck_assert_int_eq(use(world, arena, round), OK);
        }
        world_check(world, false);
        arena_close(arena);
        round++;
        if (err == OK) {
            ck_assert_int_gt(failures, 3);
            return;
        }
    }
    ck_assert_msg(false, "it never succeeds");
}

TEST(a_new_household_fails_at_any_statement_and_leaves_nothing)
{
    Case of = begin();
    torture(form, of.world, true);
    end(&of);
}

TEST(a_wage_fails_at_any_statement_and_leaves_nothing)
{
    Case of = begin();
    Arena *arena = arena_open(STEP_ARENA);
    ck_assert_int_eq(form(of.world, arena, 0), OK);
    for (int i = 0; i < 4; i++) {
        determine_month(of.world, (2024 - 1970) * 12 + 2 * i, false);
    }
    arena_close(arena);
    torture(wage, of.world, true);
    world_check(of.world, true);
    end(&of);
}

TEST(a_move_fails_at_any_statement_and_leaves_nothing)
{
    Case of = begin();
    Arena *arena = arena_open(STEP_ARENA);
    determine_month(of.world, (2024 - 1970) * 12 + 5, false);
    for (int i = 1; i < 150; i++) {
        ck_assert_int_eq(form(of.world, arena, i), OK);
    }
    arena_close(arena);
    torture(leave, of.world, true);
    world_check(of.world, true);
    end(&of);
}

TEST(an_import_fails_at_any_statement_and_is_repeated)
{
    Case of = begin();
    torture(csv, of.world, true); /* so small that it is one slice */
    end(&of);
}

TEST(a_determination_fails_at_any_statement_and_is_repeated)
{
    Case of = begin();
    Arena *arena = arena_open(STEP_ARENA);
    for (int i = 1; i < 6; i++) {
        ck_assert_int_eq(form(of.world, arena, i), OK);
    }
    arena_close(arena);
    torture(decide, of.world, false);
    end(&of);
}

/* Evaluation asks for memory that may not be there: an answer, not a crash. */
TEST(a_decision_without_memory_is_an_error_and_the_next_one_is_right)
{
    Case of = begin();
    World *world = of.world;
    Arena *arena = arena_open(STEP_ARENA);
    ck_assert_int_eq(form(world, arena, 0), OK);
    int64_t version;
    Str book;
    ck_assert_int_eq(registry_book(world->tx, arena, 100, &version, &book), OK);
    const KindCatalogue *catalogue = world->context.pack->catalogue;
    Verdict right, got;
    Diag diag = {.key = ""};
    InputRecord record;
    ck_assert_int_eq(record_project(arena, catalogue, 100, book, 650, &record),
                     OK);
    ck_assert_int_eq(
        decider_decide(world->decider, &record, 650, &diag, &right), OK);
    int failures = 0;
    for (int n = 1; n < 200; n++) {
        Arena *room = arena_open(1 << 20);
        arena_fail_at(n);
        Err err = record_project(room, catalogue, 100, book, 650, &record);
        ck_assert(err == OK || err == ERR_FULL);
        if (err == OK) {
            err = decider_decide(world->decider, &record, 650, &diag, &got);
            ck_assert(err == OK || err == ERR_FULL || err == ERR_INVALID);
        }
        arena_fail_at(0);
        failures += err != OK;
        ck_assert(err != OK || verdict_equal(&right, &got));
        ck_assert_int_eq(
            record_project(arena, catalogue, 100, book, 650, &record), OK);
        ck_assert_int_eq(
            decider_decide(world->decider, &record, 650, &diag, &got), OK);
        ck_assert(verdict_equal(&right, &got));
        arena_close(room);
    }
    ck_assert_int_gt(failures, 0);
    arena_close(arena);
    end(&of);
}
#endif

/*
 * test_sim.c - months of life of a few households, from a seed: messages that
 * are right and wrong, late, repeated and out of order; files; decisions;
 * statements that fail and processes that end. SIM_SEED runs one seed,
 * SIM_STEPS changes how long a life is, SIM_TRACE prints it; SANAD_TEST_PG is
 * an empty PostgreSQL database on which the same life must end the same.
 */
#include "tests/harness.h"
#include "tests/sim/world.c"
/* the order matters: check.c uses what world.c has */
#include "tests/sim/check.c"

enum { STEPS = 70, DEEP_EVERY = 14 };

static int number(const char *name, int otherwise)
{
    const char *text = getenv(name);
    int64_t value;
    bool given = text != NULL && str_to_int(str_of(text), &value);
    return given ? (int)value : otherwise;
}

/* Lives a life and gives what is stored at its end. */
static Str live(const char *db, uint64_t seed, Arena *arena)
{
    int steps = number("SIM_STEPS", STEPS);
    ck_assert_int_eq(setenv("SANAD_CLOCK", "2026-01-10T09:00:00Z", 1), 0);
    World *world = world_open(db, seed);
    for (int i = 1; i <= steps; i++) {
        if (world->traced) printf("step %d\n", i);
        world_step(world);
        bool deep = i % DEEP_EVERY == 0 || i == steps || world->traced;
        world_check(world, deep);
    }
    ck_assert_int_gt(world->carried_out, steps / 6);
    ck_assert_int_gt(world->refused, 0);
    Str end = world_dump(world, arena);
    printf("seed %llu: %d carried out, %d refused, %d failed, %d crashes, %d "
           "killed, %d corrected, %d months\n",
           (unsigned long long)seed, world->carried_out, world->refused,
           world->failed, world->crashes, world->kills, world->corrected,
           world->month_count);
    fflush(stdout);
    world_close(world);
    return end;
}

static void clean(const char *folder, const char *db)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char path[128];
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", db, ends[i]);
        unlink(path);
    }
    rmdir(folder);
}

static Str live_on_sqlite(uint64_t seed, Arena *arena)
{
    char folder[] = "/tmp/sanad-sim-XXXXXX", db[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(db, sizeof db, "%s/sim.db", folder);
    Str end = live(db, seed, arena);
    clean(folder, db);
    return end;
}

static void life(uint64_t otherwise)
{
    Arena *arena = arena_open(256 << 20);
    live_on_sqlite((uint64_t)number("SIM_SEED", (int)otherwise), arena);
    arena_close(arena);
}

TEST(a_first_life_keeps_what_must_hold)
{
    life(1);
}

TEST(a_second_life_keeps_what_must_hold)
{
    life(20260101);
}

TEST(a_third_life_keeps_what_must_hold)
{
    life(77);
}

/* Lives in which something was wrong once. */
TEST(lives_that_went_wrong_once_go_well)
{
    static const int seeds[] = {100, 103, 138};
    ck_assert_int_eq(setenv("SIM_STEPS", "150", 0), 0);
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        Arena *arena = arena_open(256 << 20);
        live_on_sqlite((uint64_t)seeds[i], arena);
        arena_close(arena);
    }
}

TEST(the_same_seed_ends_the_same)
{
    Arena *arena = arena_open(256 << 20);
    ck_assert_int_eq(setenv("SIM_STEPS", "40", 1), 0);
    uint64_t seed = (uint64_t)number("SIM_SEED", 5);
    Str one = live_on_sqlite(seed, arena), two = live_on_sqlite(seed, arena);
    ck_assert(str_equal(one, two));
    ck_assert_uint_gt(one.bytes, 2000);
    arena_close(arena);
}

TEST(both_databases_end_the_same)
{
    const char *url = getenv("SANAD_TEST_PG");
    if (url == NULL) return; /* pg.sh says that it is left out */
    Arena *arena = arena_open(256 << 20);
    uint64_t seed = (uint64_t)number("SIM_SEED", 3);
    Str lite = live_on_sqlite(seed, arena), pg = live(url, seed, arena);
    ck_assert_uint_gt(lite.bytes, 2000);
    ck_assert_msg(str_equal(lite, pg), "the databases end differently");
    arena_close(arena);
}

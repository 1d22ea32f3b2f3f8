/*
 * A population that is kept open: each answer is what a simulation of its own
 * gives, whoever else asks; a queue that is full says so.
 */
#include <pthread.h>
#include <semaphore.h>

#include "simulation/reform.h"
#include "tests/web/nation.c"

enum { BYTES = 256 << 20, MONTH = (2026 - 1970) * 12 + 11, CROWD = 6 };

typedef struct World {
    Arena *arena;
    const Pack *pack;
    const Policy *policy;
    Nation nation;
} World;

/* Somebody who asks and waits. */
typedef struct Asker {
    Arena *arena;
    LabAsk ask;
    SimulateReport report;
    Diag diag;
    Str set[1];
    sem_t told;
    Err err;
} Asker;

static void world_begin(World *world)
{
    Diag diag = {.key = ""};
    *world = (World){.arena = arena_open(BYTES)};
    ck_assert_int_eq(pack_embedded(world->arena, &diag, &world->pack), OK);
    ck_assert_int_eq(
        policy_open(world->arena, world->pack, &diag, &world->policy), OK);
    nation_open(&world->nation, world->policy);
}

static void world_end(World *world)
{
    nation_close(&world->nation);
    arena_close(world->arena);
}

static void told(void *arg, Err err)
{
    Asker *asker = arg;
    asker->err = err;
    sem_post(&asker->told);
}

static Asker *asker_open(const char *set)
{
    Arena *arena = arena_open(BYTES);
    Asker *asker = ARENA_NEW(arena, Asker);
    asker->arena = arena;
    asker->set[0] = str_of(set);
    asker->ask = (LabAsk){.month = MONTH,
                          .sets = asker->set,
                          .set_count = set == NULL ? 0 : 1,
                          .arena = arena,
                          .report = &asker->report,
                          .diag = &asker->diag};
    sem_init(&asker->told, 0, 0);
    return asker;
}

static void asker_close(Asker *asker)
{
    sem_destroy(&asker->told);
    arena_close(asker->arena);
}

static Err ask(World *world, Asker *asker)
{
    Err err = lab_ask(world->nation.lab, &asker->ask, 1, told, asker);
    if (err != OK) return err;
    while (sem_wait(&asker->told) != 0) continue;
    return asker->err;
}

/* Whether two reports say the same, label by label. */
static void expect_same(const SimulateReport *a, const SimulateReport *b)
{
    ck_assert_int_eq(a->persons, b->persons);
    ck_assert_int_eq(a->gini_after, b->gini_after);
    ck_assert(memcmp(&a->all, &b->all, sizeof a->all) == 0);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        const SimulateDimension *of = &a->dimension[i];
        ck_assert_int_eq(of->count, b->dimension[i].count);
        for (int32_t g = 0; g < of->count; g++) {
            ck_assert(str_equal(of->label[g], b->dimension[i].label[g]));
            ck_assert_int_eq(of->cell[g].cost_after,
                             b->dimension[i].cell[g].cost_after);
        }
    }
}

/* The same asked of a lab that nobody asked before. */
static void ask_afresh(const World *world, Asker *asker)
{
    Diag diag = {.key = ""};
    World other = *world;
    LabConfig config = {.pack = world->pack,
                        .programme = world->policy->models[0].programme,
                        .model = world->policy->models[0].path,
                        .snapshot = world->nation.file[2],
                        .threads = 1};
    ck_assert_int_eq(lab_open(&config, &diag, &other.nation.lab), OK);
    ck_assert_int_eq(ask(&other, asker), OK);
    lab_close(other.nation.lab);
}

static const char *const sets[] = {NULL, "Basic minimum head=1500",
                                   "Basic minimum head=900", "Earned share=0.3",
                                   "Minimum age=30"};

enum { SETS = sizeof sets / sizeof sets[0] };

TEST(an_answer_is_the_same_asked_first_again_or_alone)
{
    World world;
    world_begin(&world);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < SETS; i++) {
            Asker *asker = asker_open(sets[i]), *alone = asker_open(sets[i]);
            ck_assert_int_eq(ask(&world, asker), OK);
            ck_assert((asker->ask.micros == 0) == (round == 1));
            ask_afresh(&world, alone);
            expect_same(&asker->report, &alone->report);
            ck_assert_int_gt(asker->report.all.households, 2000);
            asker_close(asker);
            asker_close(alone);
        }
    }
    world_end(&world);
}

TEST(what_was_answered_is_kept_and_the_rest_is_not)
{
    World world;
    world_begin(&world);
    Asker *first = asker_open(sets[1]), *again = asker_open(sets[1]);
    Asker *other = asker_open(sets[2]);
    ck_assert(!lab_kept(world.nation.lab, &first->ask, 1));
    ck_assert_int_eq(ask(&world, first), OK);
    ck_assert(lab_kept(world.nation.lab, &again->ask, 1));
    expect_same(&first->report, &again->report);
    ck_assert(!lab_kept(world.nation.lab, &other->ask, 1));
    other->ask.set_count = 0;
    ck_assert(!lab_kept(world.nation.lab, &other->ask, 1));
    asker_close(first);
    asker_close(again);
    asker_close(other);
    world_end(&world);
}

TEST(months_and_answers_beyond_those_that_are_kept_are_worked_out_anew)
{
    World world;
    world_begin(&world);
    for (int i = 0; i < LAB_KEPT_MAX + 8; i++) {
        char set[64];
        snprintf(set, sizeof set, "Basic minimum head=%d", 1000 + i);
        Asker *asker = asker_open(set);
        asker->ask.month = MONTH - i % (LAB_MONTHS_MAX + 1);
        ck_assert_int_eq(ask(&world, asker), OK);
        ck_assert_int_gt(asker->ask.micros, 0);
        asker_close(asker);
    }
    Asker *asker = asker_open("Basic minimum head=1000");
    ck_assert_int_eq(ask(&world, asker), OK);
    ck_assert_int_gt(asker->ask.micros, 0);
    asker_close(asker);
    world_end(&world);
}

TEST(what_is_wrong_is_said_and_the_next_is_answered)
{
    World world;
    world_begin(&world);
    Asker *wrong = asker_open("Nothing=1"), *early = asker_open(sets[1]);
    Asker *right = asker_open(sets[1]);
    ck_assert_int_eq(ask(&world, wrong), ERR_INVALID);
    ck_assert_str_ne(wrong->diag.key, "");
    early->ask.month = lab_first_month(world.nation.lab) - 1;
    ck_assert_int_eq(ask(&world, early), ERR_INVALID);
    ck_assert_str_eq(early->diag.key, "decide.month");
    ck_assert_int_eq(ask(&world, right), OK);
    asker_close(wrong);
    asker_close(early);
    asker_close(right);
    world_end(&world);
}

typedef struct Gate {
    sem_t entered, open;
} Gate;

/* Holds the lab's thread until the gate opens. */
static void hold(void *arg, Err err UNUSED)
{
    Gate *gate = arg;
    sem_post(&gate->entered);
    while (sem_wait(&gate->open) != 0) continue;
}

TEST(a_lab_that_stops_tells_those_who_wait_at_once)
{
    World world;
    Gate gate;
    world_begin(&world);
    sem_init(&gate.entered, 0, 0);
    sem_init(&gate.open, 0, 0);
    Asker *holds = asker_open(NULL), *waits = asker_open(sets[0]),
          *late = asker_open(sets[1]);
    Lab *lab = world.nation.lab;
    ck_assert_int_eq(lab_ask(lab, &holds->ask, 1, hold, &gate), OK);
    while (sem_wait(&gate.entered) != 0) continue;
    ck_assert_int_eq(lab_ask(lab, &waits->ask, 1, told, waits), OK);
    lab_stop(lab);
    ck_assert_int_eq(lab_ask(lab, &late->ask, 1, told, late), ERR_BUSY);
    sem_post(&gate.open);
    while (sem_wait(&waits->told) != 0) continue;
    ck_assert_int_eq(waits->err, ERR_BUSY);
    ck_assert_str_eq(waits->diag.key, "lab.busy");
    asker_close(holds);
    asker_close(waits);
    asker_close(late);
    world_end(&world);
    sem_destroy(&gate.entered);
    sem_destroy(&gate.open);
}

TEST(a_full_queue_says_so_and_all_who_wait_are_answered)
{
    World world;
    Gate gate;
    world_begin(&world);
    sem_init(&gate.entered, 0, 0);
    sem_init(&gate.open, 0, 0);
    Asker *holds = asker_open(NULL), *late = asker_open(sets[1]);
    Asker *waits[LAB_QUEUE_MAX];
    Lab *lab = world.nation.lab;
    ck_assert_int_eq(lab_ask(lab, &holds->ask, 1, hold, &gate), OK);
    while (sem_wait(&gate.entered) != 0) continue;
    for (int i = 0; i < LAB_QUEUE_MAX; i++) {
        waits[i] = asker_open(sets[i % SETS]);
        ck_assert_int_eq(lab_ask(lab, &waits[i]->ask, 1, told, waits[i]), OK);
    }
    ck_assert_int_eq(lab_ask(lab, &late->ask, 1, told, late), ERR_BUSY);
    ck_assert_str_eq(late->diag.key, "lab.busy");
    sem_post(&gate.open);
    for (int i = 0; i < LAB_QUEUE_MAX; i++) {
        while (sem_wait(&waits[i]->told) != 0) continue;
        ck_assert_int_eq(waits[i]->err, OK);
        asker_close(waits[i]);
    }
    asker_close(holds);
    asker_close(late);
    world_end(&world);
    sem_destroy(&gate.entered);
    sem_destroy(&gate.open);
}

static void *crowd(void *arg)
{
    World *world = arg;
    for (int i = 0; i < 3 * SETS; i++) {
        Asker *asker = asker_open(sets[i % SETS]);
        bool kept = lab_kept(world->nation.lab, &asker->ask, 1);
        CHECK(kept || ask(world, asker) == OK);
        CHECK(asker->report.all.households > 2000);
        asker_close(asker);
    }
    return NULL;
}

TEST(a_crowd_is_answered_at_once)
{
    World world;
    pthread_t thread[CROWD];
    world_begin(&world);
    for (int i = 0; i < CROWD; i++) {
        ck_assert_int_eq(pthread_create(&thread[i], NULL, crowd, &world), 0);
    }
    for (int i = 0; i < CROWD; i++) pthread_join(thread[i], NULL);
    world_end(&world);
}

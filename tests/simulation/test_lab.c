/*
 * A population that is kept open: each answer is what a simulation of its own
 * gives, whoever else asks; a queue that is full says so.
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "simulation/reform.h"
#include "tests/web/nation.c"

enum { BYTES = 256 << 20, MONTH = (2026 - 1970) * 12 + 11, CROWD = 6 };

typedef struct World {
    Arena *arena;
    const Pack *pack;
    const Policy *policy;
    LabLaw law;
    Nation nation;
} World;

/* Somebody who asks and waits. */
typedef struct Asker {
    Arena *arena;
    const char *who, *page;
    LabQuestion ask;
    const SimulateReport *report;
    Str set[1];
    int64_t job, micros;
    Diag diag;
    sem_t told;
} Asker;

static void world_begin(World *world)
{
    Diag diag = {.key = ""};
    *world = (World){.arena = arena_open(BYTES)};
    ck_assert_int_eq(pack_embedded(world->arena, &diag, &world->pack), OK);
    ck_assert_int_eq(
        policy_open(world->arena, world->pack, &diag, &world->policy), OK);
    world->law = (LabLaw){.pack = world->pack,
                          .programme = world->policy->models[0].programme};
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
    CHECK(err == OK);
    sem_post(&asker->told);
}

static Asker *asker_open(const char *who, const char *set)
{
    Arena *arena = arena_open(BYTES);
    Asker *asker = ARENA_NEW(arena, Asker);
    asker->arena = arena;
    asker->who = who;
    asker->page = "simulate";
    asker->set[0] = str_of(set);
    asker->ask = (LabQuestion){
        .month = MONTH, .sets = asker->set, .set_count = set == NULL ? 0 : 1};
    sem_init(&asker->told, 0, 0);
    return asker;
}

static void asker_close(Asker *asker)
{
    sem_destroy(&asker->told);
    arena_close(asker->arena);
}

/* Hands a question in; `done` is called when it is over. */
static Err hand_in(World *world, Asker *asker, void (*done)(void *, Err),
                   void *arg)
{
    bool waits;
    LabWork work = {.law = &world->law,
                    .who = str_of(asker->who),
                    .page = str_of(asker->page),
                    .questions = &asker->ask,
                    .count = 1,
                    .moment_ms = 600000,
                    .done = done,
                    .arg = arg};
    Err err =
        lab_ask(world->nation.lab, &work, &asker->diag, &asker->job, &waits);
    CHECK(err != OK || waits == (done != NULL));
    return err;
}

static bool kept(World *world, Asker *asker)
{
    LabAnswer answer;
    bool all = lab_kept(world->nation.lab, &world->law, &asker->ask, 1,
                        asker->arena, &answer);
    if (all) asker->report = answer.report;
    return all;
}

static LabState state_of(World *world, const Asker *asker)
{
    LabStatus status;
    lab_status(world->nation.lab, str_of(asker->who), asker->job, &status);
    return status.state;
}

/* How a job ended that somebody waits for. */
static Err wait_for(World *world, Asker *asker)
{
    LabStatus status;
    while (sem_wait(&asker->told) != 0) continue;
    lab_status(world->nation.lab, str_of(asker->who), asker->job, &status);
    asker->micros = status.micros;
    asker->diag = status.diag;
    if (status.state == LAB_DONE) CHECK(kept(world, asker));
    return status.err;
}

static Err ask(World *world, Asker *asker)
{
    asker->micros = 0;
    if (kept(world, asker)) return OK;
    Err err = hand_in(world, asker, told, asker);
    return err == OK ? wait_for(world, asker) : err;
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
    LabConfig config = {
        .law = world->law, .snapshot = world->nation.file[2], .threads = 1};
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
            Asker *asker = asker_open("reem", sets[i]);
            Asker *alone = asker_open("reem", sets[i]);
            ck_assert_int_eq(ask(&world, asker), OK);
            ck_assert((asker->micros == 0) == (round == 1));
            ask_afresh(&world, alone);
            expect_same(asker->report, alone->report);
            ck_assert_int_gt(asker->report->all.households, 2000);
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
    Asker *first = asker_open("reem", sets[1]);
    Asker *again = asker_open("faisal", sets[1]);
    Asker *other = asker_open("reem", sets[2]);
    ck_assert(!kept(&world, first));
    ck_assert_int_eq(ask(&world, first), OK);
    ck_assert(kept(&world, again));
    expect_same(first->report, again->report);
    ck_assert(!kept(&world, other));
    other->ask.set_count = 0;
    ck_assert(!kept(&world, other));
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
        Asker *asker = asker_open("reem", set);
        asker->ask.month = MONTH - i * (LAB_MONTHS_MAX + 1) / LAB_KEPT_MAX;
        ck_assert_int_eq(ask(&world, asker), OK);
        ck_assert_int_gt(asker->micros, 0);
        asker_close(asker);
    }
    Asker *asker = asker_open("reem", "Basic minimum head=1000");
    ck_assert_int_eq(ask(&world, asker), OK);
    ck_assert_int_gt(asker->micros, 0);
    asker_close(asker);
    world_end(&world);
}

TEST(what_is_wrong_is_said_and_the_next_is_answered)
{
    World world;
    world_begin(&world);
    Asker *wrong = asker_open("reem", "Nothing=1");
    Asker *slip = asker_open("reem", "Earned share=\"half\"");
    Asker *early = asker_open("reem", sets[1]);
    Asker *right = asker_open("reem", sets[1]);
    ck_assert_int_eq(ask(&world, slip), ERR_INVALID);
    ck_assert_str_eq(slip->diag.file, "Earned share");
    ck_assert_int_eq(state_of(&world, slip), LAB_FAILED);
    ck_assert_int_eq(ask(&world, wrong), ERR_INVALID);
    ck_assert_str_ne(wrong->diag.key, "");
    ck_assert_int_eq(state_of(&world, wrong), LAB_FAILED);
    early->ask.month = lab_first_month(world.nation.lab) - 1;
    ck_assert_int_eq(ask(&world, early), ERR_INVALID);
    ck_assert_str_eq(early->diag.key, "decide.month");
    ck_assert_int_eq(ask(&world, right), OK);
    asker_close(wrong);
    asker_close(slip);
    asker_close(early);
    asker_close(right);
    world_end(&world);
}

TEST(a_forecast_is_answered_and_kept_as_one)
{
    World world;
    LabAnswer answer;
    world_begin(&world);
    Asker *asker = asker_open("reem", sets[1]);
    asker->ask.months = 6;
    ck_assert_int_eq(hand_in(&world, asker, told, asker), OK);
    ck_assert_int_eq(wait_for(&world, asker), OK);
    ck_assert(lab_kept(world.nation.lab, &world.law, &asker->ask, 1,
                       asker->arena, &answer));
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(answer.forecast[i].month, MONTH + i);
        ck_assert_int_eq(answer.forecast[i].eligible[0] % 10, 0);
        ck_assert_int_gt(answer.forecast[i].cost[0], 0);
    }
    asker->ask.months = 7;
    ck_assert(!kept(&world, asker));
    asker_close(asker);
    world_end(&world);
}

typedef struct Gate {
    Asker *asker;
    sem_t entered, open;
} Gate;

/* Holds the lab's thread until the gate opens. */
static void hold(void *arg, Err err UNUSED)
{
    Gate *gate = arg;
    sem_post(&gate->entered);
    while (sem_wait(&gate->open) != 0) continue;
}

/* From now on all that is asked waits. */
static void gate_shut(World *world, Gate *gate)
{
    sem_init(&gate->entered, 0, 0);
    sem_init(&gate->open, 0, 0);
    gate->asker = asker_open("somebody else", NULL);
    ck_assert_int_eq(hand_in(world, gate->asker, hold, gate), OK);
    while (sem_wait(&gate->entered) != 0) continue;
}

static void gate_open(Gate *gate)
{
    sem_post(&gate->open);
}

static void gate_end(Gate *gate)
{
    asker_close(gate->asker);
    sem_destroy(&gate->entered);
    sem_destroy(&gate->open);
}

TEST(a_lab_that_stops_tells_those_who_wait_at_once)
{
    World world;
    Gate gate;
    world_begin(&world);
    gate_shut(&world, &gate);
    Asker *waits = asker_open("reem", sets[1]);
    Asker *late = asker_open("faisal", sets[2]);
    ck_assert_int_eq(hand_in(&world, waits, told, waits), OK);
    lab_stop(world.nation.lab);
    ck_assert_int_eq(hand_in(&world, late, told, late), ERR_BUSY);
    ck_assert_str_eq(late->diag.key, "lab.busy");
    ck_assert_int_eq(wait_for(&world, waits), ERR_BUSY);
    ck_assert_str_eq(waits->diag.key, "lab.busy");
    gate_open(&gate);
    world_end(&world);
    asker_close(waits);
    asker_close(late);
    gate_end(&gate);
}

TEST(a_full_queue_says_so_and_all_who_wait_are_answered)
{
    World world;
    Gate gate;
    world_begin(&world);
    gate_shut(&world, &gate);
    Asker *late = asker_open("late", sets[1]);
    Asker *waits[LAB_QUEUE_MAX];
    char who[LAB_QUEUE_MAX][24];
    for (int i = 0; i < LAB_QUEUE_MAX; i++) {
        LabStatus status;
        snprintf(who[i], sizeof who[i], "officer %d", i);
        waits[i] = asker_open(who[i], sets[i % SETS]);
        ck_assert_int_eq(hand_in(&world, waits[i], told, waits[i]), OK);
        lab_status(world.nation.lab, str_of(who[i]), waits[i]->job, &status);
        ck_assert_int_eq(status.ahead, i);
    }
    ck_assert_int_eq(hand_in(&world, late, told, late), ERR_BUSY);
    ck_assert_str_eq(late->diag.key, "lab.busy");
    gate_open(&gate);
    for (int i = 0; i < LAB_QUEUE_MAX; i++) {
        ck_assert_int_eq(wait_for(&world, waits[i]), OK);
        asker_close(waits[i]);
    }
    asker_close(late);
    world_end(&world);
    gate_end(&gate);
}

TEST(one_officer_has_one_that_waits_and_the_newer_takes_its_place)
{
    World world;
    Gate gate;
    LabStatus status;
    world_begin(&world);
    gate_shut(&world, &gate);
    Asker *first = asker_open("reem", sets[1]);
    Asker *other = asker_open("faisal", sets[3]);
    Asker *newer = asker_open("reem", sets[2]);
    Asker *again = asker_open("reem", sets[2]);
    Asker *page = asker_open("reem", sets[4]);
    ck_assert_int_eq(hand_in(&world, first, told, first), OK);
    ck_assert_int_eq(hand_in(&world, other, told, other), OK);
    ck_assert_int_eq(hand_in(&world, newer, told, newer), OK);
    ck_assert_int_eq(wait_for(&world, first), ERR_STOPPED);
    ck_assert_int_eq(state_of(&world, first), LAB_REPLACED);
    lab_status(world.nation.lab, STR("reem"), newer->job, &status);
    ck_assert_int_eq(status.state, LAB_WAITS);
    ck_assert_int_eq(status.ahead, 0);
    lab_status(world.nation.lab, STR("faisal"), newer->job, &status);
    ck_assert_int_eq(status.state, LAB_UNKNOWN);
    ck_assert_int_eq(hand_in(&world, again, told, again), OK);
    ck_assert_int_eq(again->job, newer->job);
    page->page = "sweep";
    ck_assert_int_eq(hand_in(&world, page, told, page), ERR_BUSY);
    ck_assert_str_eq(page->diag.key, "lab.yours");
    gate_open(&gate);
    ck_assert_int_eq(wait_for(&world, newer), OK);
    ck_assert_int_eq(wait_for(&world, again), OK);
    ck_assert_int_eq(wait_for(&world, other), OK);
    ck_assert(!kept(&world, first));
    Asker *const all[] = {first, other, newer, again, page};
    for (int i = 0; i < 5; i++) asker_close(all[i]);
    world_end(&world);
    gate_end(&gate);
}

TEST(what_waits_is_cancelled_by_its_owner_alone)
{
    World world;
    Gate gate;
    world_begin(&world);
    gate_shut(&world, &gate);
    Asker *waits = asker_open("reem", sets[1]);
    ck_assert_int_eq(hand_in(&world, waits, told, waits), OK);
    lab_cancel(world.nation.lab, STR("faisal"), waits->job);
    ck_assert_int_eq(state_of(&world, waits), LAB_WAITS);
    lab_cancel(world.nation.lab, STR("reem"), waits->job);
    ck_assert_int_eq(wait_for(&world, waits), ERR_STOPPED);
    ck_assert_int_eq(state_of(&world, waits), LAB_STOPPED);
    gate_open(&gate);
    ck_assert(!kept(&world, waits));
    asker_close(waits);
    world_end(&world);
    gate_end(&gate);
}

static void nap(void)
{
    struct timespec a_while = {.tv_nsec = 1000000};
    nanosleep(&a_while, NULL);
}

TEST(what_runs_tells_how_far_it_is_and_stops_when_it_is_cancelled)
{
    World world;
    LabStatus status = {.state = LAB_WAITS};
    LabQuestion asks[LAB_ASKS_MAX];
    world_begin(&world);
    Asker *asker = asker_open("reem", sets[1]);
    for (int i = 0; i < LAB_ASKS_MAX; i++) {
        asks[i] = asker->ask;
        asks[i].months = FORECAST_MONTHS_MAX - i;
    }
    bool waits;
    LabWork work = {.law = &world.law,
                    .who = STR("reem"),
                    .page = STR("forecast"),
                    .questions = asks,
                    .count = LAB_ASKS_MAX,
                    .moment_ms = 600000,
                    .done = told,
                    .arg = asker};
    Lab *lab = world.nation.lab;
    ck_assert_int_eq(lab_ask(lab, &work, &asker->diag, &asker->job, &waits),
                     OK);
    while (status.done < 5 && status.state <= LAB_RUNS) {
        nap();
        lab_status(lab, STR("reem"), asker->job, &status);
    }
    ck_assert_int_eq(status.state, LAB_RUNS);
    ck_assert_int_gt(status.all, status.done);
    lab_cancel(lab, STR("reem"), asker->job);
    ck_assert_int_eq(wait_for(&world, asker), ERR_STOPPED);
    lab_status(lab, STR("reem"), asker->job, &status);
    ck_assert_int_eq(status.state, LAB_STOPPED);
    ck_assert_int_lt(status.done, status.all);
    asker->ask.months = 0;
    ck_assert_int_eq(ask(&world, asker), OK);
    asker_close(asker);
    world_end(&world);
}

TEST(nobody_waits_longer_than_a_moment)
{
    World world;
    Gate gate;
    bool waits = false;
    world_begin(&world);
    gate_shut(&world, &gate);
    Asker *asker = asker_open("reem", sets[1]);
    LabWork work = {.law = &world.law,
                    .who = STR("reem"),
                    .page = STR("simulate"),
                    .questions = &asker->ask,
                    .count = 1,
                    .moment_ms = 20,
                    .done = told,
                    .arg = asker};
    ck_assert_int_eq(
        lab_ask(world.nation.lab, &work, &asker->diag, &asker->job, &waits),
        OK);
    ck_assert(waits);
    while (sem_wait(&asker->told) != 0) continue;
    ck_assert_int_eq(state_of(&world, asker), LAB_WAITS);
    gate_open(&gate);
    work.moment_ms = 600000;
    ck_assert_int_eq(
        lab_ask(world.nation.lab, &work, &asker->diag, &asker->job, &waits),
        OK);
    ck_assert_int_eq(wait_for(&world, asker), OK);
    asker_close(asker);
    world_end(&world);
    gate_end(&gate);
}

typedef struct Member {
    World *world;
    char who[24];
} Member;

static void *crowd(void *arg)
{
    Member *member = arg;
    for (int i = 0; i < 3 * SETS; i++) {
        Asker *asker = asker_open(member->who, sets[i % SETS]);
        CHECK(ask(member->world, asker) == OK);
        CHECK(asker->report->all.households > 2000);
        asker_close(asker);
    }
    return NULL;
}

TEST(a_crowd_is_answered_at_once)
{
    World world;
    pthread_t thread[CROWD];
    Member member[CROWD];
    world_begin(&world);
    for (int i = 0; i < CROWD; i++) {
        member[i].world = &world;
        snprintf(member[i].who, sizeof member[i].who, "officer %d", i);
        ck_assert_int_eq(pthread_create(&thread[i], NULL, crowd, &member[i]),
                         0);
    }
    for (int i = 0; i < CROWD; i++) pthread_join(thread[i], NULL);
    world_end(&world);
}

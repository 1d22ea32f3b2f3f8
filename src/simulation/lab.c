#include "simulation/lab.h"

#include <pthread.h>
#include <time.h>

#include "simulation/reform.h"
#include "simulation/team.h"

enum {
    LAB_BYTES = 256 << 20,
    KEPT_BYTES = 4 << 20,
    MODEL_BYTES = 512 << 20,
    BASE_BYTES_GB = 16,
    SECOND_MICROS = 1000000
};

/* Questions that wait for their answers. */
typedef struct Item {
    LabAsk *asks;
    int32_t count;
    void (*done)(void *arg, Err err);
    void *arg;
} Item;

/* An answer that may be given again. */
typedef struct Kept {
    Arena *arena; /* NULL: free */
    Str key;
    const SimulateReport *report;
    uint64_t used;
} Kept;

/* The population in a month, with what the law in force gives it. */
typedef struct Base {
    Arena *arena; /* NULL: free */
    Month month;
    Simulation *simulation;
    uint64_t used;
} Base;

struct Lab {
    Arena *arena;
    LabConfig config;
    Snapshot *snapshot;
    FactReader reader;
    const Measures *measures; /* of the law in force */
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows, up to `tick` */
    pthread_cond_t filled;
    Item queue[LAB_QUEUE_MAX];
    int32_t first, count;
    bool closing, started;
    Kept kept[LAB_KEPT_MAX];
    uint64_t tick;
    Base base[LAB_MONTHS_MAX]; /* of the thread alone, as the next */
    uint64_t turn;
};

static Err no_memory(Diag *diag)
{
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}

/* A question as text: the month and what is set, in that order. */
static Str key_of(Arena *arena, const LabAsk *ask)
{
    Str key = str_of(arena_format(arena, "%d", (int)ask->month));
    for (int32_t i = 0; i < ask->set_count; i++) {
        key = str_of(arena_format(arena, "%.*s\n%.*s", STR_ARG(key),
                                  STR_ARG(ask->sets[i])));
    }
    return key;
}

/* A report with labels of its own. */
static void copy_report(Arena *arena, const SimulateReport *from,
                        SimulateReport *to)
{
    *to = *from;
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        SimulateDimension *dimension = &to->dimension[i];
        for (int32_t g = 0; g < dimension->count; g++) {
            dimension->label[g] = str_copy(arena, dimension->label[g]);
        }
    }
}

/* Gives a kept answer, if there is one. Under the lock. */
static bool give_kept(Lab *lab, Str key, LabAsk *ask)
{
    for (int i = 0; i < LAB_KEPT_MAX; i++) {
        Kept *kept = &lab->kept[i];
        if (kept->arena == NULL || !str_equal(kept->key, key)) continue;
        kept->used = ++lab->tick;
        copy_report(ask->arena, kept->report, ask->report);
        ask->micros = 0;
        return true;
    }
    return false;
}

/* Keeps an answer in place of the one that was used least lately. */
static void keep(Lab *lab, Str key, const SimulateReport *report)
{
    Arena *arena = arena_open(KEPT_BYTES);
    if (arena == NULL) return;
    SimulateReport *copy = ARENA_NEW(arena, SimulateReport);
    copy_report(arena, report, copy);
    Kept made = {.arena = arena, .key = str_copy(arena, key), .report = copy};
    pthread_mutex_lock(&lab->lock);
    Kept *place = &lab->kept[0];
    for (int i = 1; i < LAB_KEPT_MAX; i++) {
        if (lab->kept[i].used < place->used) place = &lab->kept[i];
    }
    Arena *old = place->arena;
    made.used = ++lab->tick;
    *place = made;
    pthread_mutex_unlock(&lab->lock);
    arena_close(old);
}

/* The population of a month, in place of the one used least lately. */
static Err find_base(Lab *lab, Month month, Diag *diag, Simulation **ret)
{
    Base *place = &lab->base[0];
    for (int i = 0; i < LAB_MONTHS_MAX; i++) {
        Base *base = &lab->base[i];
        if (base->arena != NULL && base->month == month) {
            base->used = ++lab->turn;
            *ret = base->simulation;
            return OK;
        }
        if (base->used < place->used) place = base;
    }
    arena_close(place->arena);
    *place = (Base){.arena = arena_open((size_t)BASE_BYTES_GB << 30)};
    if (place->arena == NULL) return no_memory(diag);
    SimulateJob job = {.reader = &lab->reader,
                       .before = {lab->config.programme, lab->measures},
                       .month = month,
                       .threads = lab->config.threads};
    Err err = simulate_open(&job, place->arena, diag, &place->simulation);
    if (err != OK) {
        arena_close(place->arena);
        *place = (Base){.arena = NULL};
        return err;
    }
    place->month = month;
    place->used = ++lab->turn;
    *ret = place->simulation;
    return OK;
}

/*
 * Of a model's measures those of the programme's decision: a simulation asks
 * for nothing else, and what is not asked for need not be worked out. All of
 * them when it is measured by other decisions.
 */
static const Measures *answers_of(Arena *arena, const Programme *programme,
                                  const Measures *all)
{
    Measures *some = arena_try(arena, 1, sizeof *some);
    if (some == NULL) return all;
    *some = *all;
    some->count = some->wanted_count = 0;
    for (int32_t i = 0; i < all->count; i++) {
        const DmnWanted *wanted = &all->wanted[all->at[i].wanted];
        if (wanted->decision != programme->decision) continue;
        Measure *kept = &some->at[some->count++];
        *kept = all->at[i];
        kept->wanted = some->wanted_count;
        some->wanted[some->wanted_count++] = *wanted;
    }
    return some->count > 0 ? some : all;
}

/* The law with what is set in it. */
static Err load_reform(const Lab *lab, Arena *arena, const LabAsk *ask,
                       Programme *programme, const Measures **ret)
{
    DmnSource sources[PACK_SOURCES_MAX] = {{NULL, {NULL, 0}}};
    DmnModel *model;
    size_t count = pack_sources(arena, lab->config.pack,
                                str_of(lab->config.model), sources);
    for (int32_t i = 0; i < ask->set_count; i++) {
        TRY(reform_set(arena, sources[0].bytes, ask->sets[i], ask->diag,
                       &sources[0].bytes));
    }
    TRY(dmn_load(arena, sources, count, DMN_STRICT, ask->diag, &model));
    *programme = *lab->config.programme;
    programme->model = model;
    TRY(measures_read(arena, model, sources[0].bytes, ask->diag, ret));
    *ret = answers_of(arena, programme, *ret);
    return OK;
}

static Err run_one(Lab *lab, LabAsk *ask)
{
    Simulation *simulation;
    SimulateSide after = {lab->config.programme, lab->measures};
    Programme changed;
    TRY(find_base(lab, ask->month, ask->diag, &simulation));
    Arena *arena CLEANUP(arena_closep) = arena_open(MODEL_BYTES);
    if (arena == NULL) return no_memory(ask->diag);
    if (ask->set_count > 0) {
        TRY(load_reform(lab, arena, ask, &changed, &after.measures));
        after.programme = &changed;
    }
    SimulateReport *found = arena_try(arena, 1, sizeof *found);
    if (found == NULL) return no_memory(ask->diag);
    TRY(simulate_reform(simulation, &after, ask->diag, found));
    simulate_round(found);
    copy_report(ask->arena, found, ask->report);
    return OK;
}

static int64_t micros_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND_MICROS + now.tv_nsec / 1000;
}

static Err answer(Lab *lab, LabAsk *ask)
{
    int64_t began = micros_now();
    Str key = key_of(ask->arena, ask);
    pthread_mutex_lock(&lab->lock);
    bool given = give_kept(lab, key, ask);
    pthread_mutex_unlock(&lab->lock);
    if (given) return OK;
    TRY(run_one(lab, ask));
    ask->micros = micros_now() - began;
    keep(lab, key, ask->report);
    return OK;
}

/* The next questions; false when the lab closes and none wait. */
static bool take(Lab *lab, Item *ret)
{
    pthread_mutex_lock(&lab->lock);
    while (lab->count == 0 && !lab->closing) {
        pthread_cond_wait(&lab->filled, &lab->lock);
    }
    bool any = lab->count > 0;
    if (any) {
        *ret = lab->queue[lab->first];
        lab->first = (lab->first + 1) % LAB_QUEUE_MAX;
        lab->count--;
    }
    pthread_mutex_unlock(&lab->lock);
    return any;
}

/* ERR_BUSY once the lab closes: whoever stops a server shall not wait for all
 * that was asked. */
static Err still_open(Lab *lab, LabAsk *ask)
{
    pthread_mutex_lock(&lab->lock);
    bool closing = lab->closing;
    pthread_mutex_unlock(&lab->lock);
    if (!closing) return OK;
    diag_set(ask->diag, "lab.busy");
    return ERR_BUSY;
}

static void *work(void *arg)
{
    Lab *lab = arg;
    Item item;
    Diag diag = {.key = ""};
    Simulation *simulation;
    if (lab->config.month != 0) { /* a fault is told to who asks for it */
        (void)!find_base(lab, lab->config.month, &diag, &simulation);
    }
    while (take(lab, &item)) {
        Err err = OK;
        for (int32_t i = 0; i < item.count && err == OK; i++) {
            err = still_open(lab, &item.asks[i]);
            if (err == OK) err = answer(lab, &item.asks[i]);
        }
        item.done(item.arg, err);
    }
    return NULL;
}

static Err verify(void *arg, int32_t number, Diag *diag)
{
    const Lab *lab = arg;
    return snapshot_verify(lab->snapshot, number, lab->config.threads, diag);
}

static Err open_population(Lab *lab, Diag *diag)
{
    const FactColumns *facts;
    const LabConfig *config = &lab->config;
    TRY(snapshot_open(config->snapshot, diag, &lab->snapshot));
    TRY(facts_make(lab->arena, config->pack->catalogue, &facts));
    TRY(facts_reader(facts, lab->snapshot, config->snapshot, diag,
                     &lab->reader));
    TRY(team_run(config->threads, verify, lab, diag));
    TRY(measures_read(lab->arena, config->programme->model,
                      pack_file(config->pack, config->model), diag,
                      &lab->measures));
    lab->measures = answers_of(lab->arena, config->programme, lab->measures);
    return OK;
}

Err lab_open(const LabConfig *config, Diag *diag, Lab **ret)
{
    Arena *arena = arena_open(LAB_BYTES);
    if (arena == NULL) return no_memory(diag);
    Lab *lab = ARENA_NEW(arena, Lab);
    lab->arena = arena;
    lab->config = *config;
    if (lab->config.threads == 0) lab->config.threads = team_processors();
    pthread_mutex_init(&lab->lock, NULL);
    pthread_cond_init(&lab->filled, NULL);
    Err err = open_population(lab, diag);
    if (err == OK && pthread_create(&lab->thread, NULL, work, lab) != 0) {
        err = no_memory(diag);
    }
    lab->started = err == OK;
    if (err != OK) lab_close(lab);
    if (err == OK) *ret = lab;
    return err;
}

void lab_stop(Lab *lab)
{
    if (lab == NULL || !lab->started) return;
    pthread_mutex_lock(&lab->lock);
    lab->closing = true;
    pthread_cond_broadcast(&lab->filled);
    pthread_mutex_unlock(&lab->lock);
}

void lab_close(Lab *lab)
{
    if (lab == NULL) return;
    lab_stop(lab);
    if (lab->started) pthread_join(lab->thread, NULL);
    for (int i = 0; i < LAB_KEPT_MAX; i++) arena_close(lab->kept[i].arena);
    for (int i = 0; i < LAB_MONTHS_MAX; i++) arena_close(lab->base[i].arena);
    snapshot_close(lab->snapshot);
    pthread_cond_destroy(&lab->filled);
    pthread_mutex_destroy(&lab->lock);
    arena_close(lab->arena);
}

int64_t lab_households(const Lab *lab)
{
    return snapshot_rows(lab->snapshot, SNAPSHOT_HOUSEHOLDS);
}

Month lab_first_month(const Lab *lab)
{
    return (Month)snapshot_first_month(lab->snapshot);
}

bool lab_kept(Lab *lab, LabAsk *asks, int32_t count)
{
    bool all = true;
    for (int32_t i = 0; i < count && all; i++) {
        Str key = key_of(asks[i].arena, &asks[i]);
        pthread_mutex_lock(&lab->lock);
        all = give_kept(lab, key, &asks[i]);
        pthread_mutex_unlock(&lab->lock);
    }
    return all;
}

Err lab_ask(Lab *lab, LabAsk *asks, int32_t count,
            void (*done)(void *arg, Err err), void *arg)
{
    pthread_mutex_lock(&lab->lock);
    bool room = lab->count < LAB_QUEUE_MAX && !lab->closing;
    if (room) {
        int32_t place = (lab->first + lab->count++) % LAB_QUEUE_MAX;
        lab->queue[place] = (Item){asks, count, done, arg};
        pthread_cond_signal(&lab->filled);
    }
    pthread_mutex_unlock(&lab->lock);
    if (room) return OK;
    diag_set(asks[0].diag, "lab.busy");
    return ERR_BUSY;
}

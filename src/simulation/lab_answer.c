/* What a lab answers: found on the population, and kept. */
#include "base/asset.h"
#include "simulation/lab_int.h"
#include "simulation/reform.h"
#include "simulation/still.h"

enum {
    KEPT_BYTES = 4 << 20,
    MODEL_BYTES = 512 << 20,
    FORECAST_BYTES = 1 << 30,
    BASE_BYTES_GB = 16
};

static const char own_rates[] = "models/population-rates.tsv";

static Err no_memory(Diag *diag)
{
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}

Str lab_key(Arena *arena, const LabLaw *law, const LabQuestion *question)
{
    Str key = str_of(arena_format(arena, "%lld %d %d", (long long)law->pack->id,
                                  (int)question->month, (int)question->months));
    for (int32_t i = 0; i < question->set_count; i++) {
        key = str_of(arena_format(arena, "%.*s\n%.*s", STR_ARG(key),
                                  STR_ARG(question->sets[i])));
    }
    return key;
}

/* An answer with memory of its own. */
static LabAnswer copy_of(Arena *arena, const LabQuestion *question,
                         const LabAnswer *from)
{
    LabAnswer copy = {NULL, NULL};
    if (question->months > 0) {
        size_t months = (size_t)question->months;
        ForecastMonth *to = ARENA_ARRAY(arena, ForecastMonth, months);
        memcpy(to, from->forecast, months * sizeof *to);
        copy.forecast = to;
        return copy;
    }
    SimulateReport *to = ARENA_NEW(arena, SimulateReport);
    *to = *from->report;
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        SimulateDimension *dimension = &to->dimension[i];
        for (int32_t g = 0; g < dimension->count; g++) {
            dimension->label[g] = str_copy(arena, dimension->label[g]);
        }
    }
    copy.report = to;
    return copy;
}

/* The kept answer of a key, or NULL. Under the lock. */
static LabKept *kept_of(Lab *lab, Str key)
{
    for (int i = 0; i < LAB_KEPT_MAX; i++) {
        LabKept *kept = &lab->kept[i];
        if (kept->arena == NULL || !str_equal(kept->key, key)) continue;
        kept->used = ++lab->tick;
        return kept;
    }
    return NULL;
}

bool lab_has(Lab *lab, Str key)
{
    pthread_mutex_lock(&lab->lock);
    bool has = kept_of(lab, key) != NULL;
    pthread_mutex_unlock(&lab->lock);
    return has;
}

bool lab_kept(Lab *lab, const LabLaw *law, const LabQuestion *questions,
              int32_t count, Arena *arena, LabAnswer *ret)
{
    Str key[LAB_ASKS_MAX];
    bool all = true;
    CHECK(count <= LAB_ASKS_MAX);
    for (int32_t i = 0; i < count; i++) {
        key[i] = lab_key(arena, law, &questions[i]);
    }
    pthread_mutex_lock(&lab->lock);
    for (int32_t i = 0; i < count && all; i++) {
        all = kept_of(lab, key[i]) != NULL;
    }
    for (int32_t i = 0; i < count && all; i++) {
        ret[i] = copy_of(arena, &questions[i], &kept_of(lab, key[i])->answer);
    }
    pthread_mutex_unlock(&lab->lock);
    return all;
}

/* Keeps an answer in place of the one that was used least lately. */
static void keep(Lab *lab, const LabLaw *law, const LabQuestion *question,
                 const LabAnswer *answer)
{
    Arena *arena = arena_open(KEPT_BYTES);
    if (arena == NULL) return;
    LabKept made = {.arena = arena,
                    .key = lab_key(arena, law, question),
                    .answer = copy_of(arena, question, answer)};
    pthread_mutex_lock(&lab->lock);
    LabKept *place = &lab->kept[0];
    for (int i = 1; i < LAB_KEPT_MAX; i++) {
        if (lab->kept[i].used < place->used) place = &lab->kept[i];
    }
    Arena *old = place->arena;
    made.used = ++lab->tick;
    *place = made;
    pthread_mutex_unlock(&lab->lock);
    arena_close(old);
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

/* How the population is read for a law, and by what the law is measured. */
static Err read_law(const Lab *lab, const LabLaw *law, Arena *arena, Diag *diag,
                    FactReader *reader, const Measures **ret)
{
    const FactColumns *facts;
    TRY(facts_make(arena, law->pack->catalogue, &facts));
    TRY(facts_reader(facts, lab->snapshot, lab->path, diag, reader));
    TRY(measures_read(arena, law->programme->model,
                      pack_file(law->pack, law->programme->path), diag, ret));
    *ret = answers_of(arena, law->programme, *ret);
    return OK;
}

static Err open_base(Lab *lab, const LabLaw *law, Month month, Diag *diag,
                     LabBase *base)
{
    TRY(read_law(lab, law, base->arena, diag, &base->reader, &base->measures));
    SimulateJob job = {.reader = &base->reader,
                       .before = {law->programme, base->measures},
                       .month = month,
                       .threads = lab->threads,
                       .lookout = &lab->lookout};
    return simulate_open(&job, base->arena, diag, &base->simulation);
}

Err lab_base(Lab *lab, const LabLaw *law, Month month, Diag *diag,
             LabBase **ret)
{
    LabBase *place = &lab->base[0];
    for (int i = 0; i < LAB_MONTHS_MAX; i++) {
        LabBase *base = &lab->base[i];
        if (base->arena != NULL && base->month == month &&
            base->law == law->pack->id) {
            base->used = ++lab->turn;
            *ret = base;
            return OK;
        }
        if (base->used < place->used) place = base;
    }
    arena_close(place->arena);
    *place = (LabBase){.arena = arena_open((size_t)BASE_BYTES_GB << 30)};
    if (place->arena == NULL) return no_memory(diag);
    Err err = open_base(lab, law, month, diag, place);
    if (err != OK) {
        arena_close(place->arena);
        *place = (LabBase){.arena = NULL};
        return err;
    }
    place->law = law->pack->id;
    place->month = month;
    place->used = ++lab->turn;
    *ret = place;
    return OK;
}

int64_t lab_blocks(const Lab *lab, const LabLaw *law,
                   const LabQuestion *question)
{
    if (question->months > 0) return (int64_t)lab->blocks * question->months;
    for (int i = 0; i < LAB_MONTHS_MAX; i++) {
        const LabBase *base = &lab->base[i];
        if (base->arena != NULL && base->month == question->month &&
            base->law == law->pack->id) {
            return lab->blocks;
        }
    }
    bool moves = still_moves(lab->snapshot, question->month);
    return (int64_t)lab->blocks * (moves ? 3 : 2);
}

/* The law with what is set in it. */
static Err load_reform(Arena *arena, const LabLaw *law,
                       const LabQuestion *question, Diag *diag,
                       Programme *programme, const Measures **ret)
{
    DmnSource sources[PACK_SOURCES_MAX] = {{NULL, {NULL, 0}}};
    DmnModel *model;
    size_t count =
        pack_sources(arena, law->pack, str_of(law->programme->path), sources);
    TRY(reform_load(arena, sources, count, question->sets, question->set_count,
                    diag, &model));
    *programme = *law->programme;
    programme->model = model;
    TRY(measures_read(arena, model, sources[0].bytes, diag, ret));
    *ret = answers_of(arena, programme, *ret);
    return OK;
}

static Err forecast(Lab *lab, const LabLaw *law, const LabQuestion *question,
                    Diag *diag)
{
    Rates rates;
    FactReader reader;
    Programme changed;
    ForecastMonth month[FORECAST_MONTHS_MAX];
    SimulateSide side = {law->programme, NULL};
    Arena *arena CLEANUP(arena_closep) = arena_open(FORECAST_BYTES);
    if (arena == NULL) return no_memory(diag);
    TRY(read_law(lab, law, arena, diag, &reader, &side.measures));
    if (question->set_count > 0) {
        TRY(load_reform(arena, law, question, diag, &changed, &side.measures));
        side.programme = &changed;
    }
    TRY(rates_read(arena, asset_find(own_rates)->bytes, own_rates, diag,
                   &rates));
    ForecastJob job = {.reader = &reader,
                       .side = {side},
                       .month = question->month,
                       .months = question->months,
                       .threads = lab->threads,
                       .rates = &rates,
                       .lookout = &lab->lookout};
    TRY(forecast_run(&job, arena, diag, month));
    keep(lab, law, question, &(LabAnswer){.forecast = month});
    return OK;
}

static Err simulate(Lab *lab, const LabLaw *law, const LabQuestion *question,
                    Diag *diag)
{
    LabBase *base;
    Programme changed;
    TRY(lab_base(lab, law, question->month, diag, &base));
    SimulateSide after = {law->programme, base->measures};
    Arena *arena CLEANUP(arena_closep) = arena_open(MODEL_BYTES);
    if (arena == NULL) return no_memory(diag);
    if (question->set_count > 0) {
        TRY(load_reform(arena, law, question, diag, &changed, &after.measures));
        after.programme = &changed;
    }
    SimulateReport *found = arena_try(arena, 1, sizeof *found);
    if (found == NULL) return no_memory(diag);
    TRY(simulate_reform(base->simulation, &after, diag, found));
    simulate_round(found);
    keep(lab, law, question, &(LabAnswer){.report = found});
    return OK;
}

Err lab_find(Lab *lab, const LabLaw *law, const LabQuestion *question,
             Diag *diag)
{
    return question->months > 0 ? forecast(lab, law, question, diag)
                                : simulate(lab, law, question, diag);
}

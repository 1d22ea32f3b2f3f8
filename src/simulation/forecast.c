#include "simulation/forecast.h"

#include <math.h>

#include "simulation/fate.h"
#include "simulation/simulate_int.h"

enum { RUN_BYTES = 8 << 20, YEAR = 12 };

static Err no_memory(Diag *diag)
{
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}

/* One side in the month that it is. */
static Err run_side(const ForecastJob *job, Fates *fates, int number,
                    Diag *diag, ForecastMonth *month)
{
    const SimulateSide *side = &job->side[number];
    const Measure *eligible = simulate_coverage(side->measures);
    const Measure *amount = simulate_amount(side->measures);
    DecideAlter alter = {fates->rows, fates_record, fates};
    DecideReport report;
    DecideJob decide = {.reader = job->reader,
                        .programme = side->programme,
                        .measures = side->measures,
                        .month = fates->now,
                        .passes = 1,
                        .threads = job->threads,
                        .alter = &alter,
                        .lookout = job->lookout};
    if (eligible == NULL || amount == NULL) {
        diag_set(diag, "simulate.measures");
        return ERR_INVALID;
    }
    Arena *arena CLEANUP(arena_closep) = arena_open(RUN_BYTES);
    if (arena == NULL) return no_memory(diag);
    TRY(decide_population(&decide, arena, diag, &report));
    const DecideMonth *found = &report.month[0];
    int64_t many = found->tally.slot[eligible->slot];
    month->hidden = month->hidden || (many > 0 && many < SIMULATE_SMALL);
    month->eligible[number] = simulate_rounded(many, FORECAST_COUNTS);
    month->cost[number] =
        simulate_rounded(found->tally.slot[amount->slot], FORECAST_COSTS);
    month->people = found->persons;
    month->households = simulate_rounded(found->households, FORECAST_COUNTS);
    month->persons = simulate_rounded(found->persons, FORECAST_COUNTS);
    return OK;
}

static void count_events(const Fates *fates, ForecastMonth *month)
{
    int64_t born = 0, died = 0;
    int64_t rows = snapshot_rows(fates->reader->snapshot, SNAPSHOT_HOUSEHOLDS);
    for (int64_t i = 0; i < rows; i++) {
        born += fates->born[i];
        died += fates->died[i];
    }
    month->births = simulate_rounded(born, FORECAST_COUNTS);
    month->deaths = simulate_rounded(died, FORECAST_COUNTS);
}

Err forecast_run(const ForecastJob *job, Arena *arena, Diag *diag,
                 ForecastMonth *ret)
{
    Fates fates;
    CHECK(job->months >= 1 && job->months <= FORECAST_MONTHS_MAX);
    TRY(fates_open(arena, job->reader, job->rates, job->month, job->months,
                   diag, &fates));
    fates.threads = job->threads;
    for (int32_t k = 0; k < job->months; k++) {
        ForecastMonth *month = &ret[k];
        if (k > 0) TRY(fates_next(&fates, diag));
        *month = (ForecastMonth){.month = fates.now};
        TRY(run_side(job, &fates, 0, diag, month));
        count_events(&fates, month);
        if (job->side[1].programme != NULL) {
            TRY(run_side(job, &fates, 1, diag, month));
        }
        if (job->progress != NULL &&
            !job->progress(job->arg, k + 1, job->months)) {
            return ERR_STOPPED;
        }
    }
    return OK;
}

/* How many people growth is found by. Of a small population a growth told to
 * a tenth of a per cent is finer than its counts: those that are told then. */
static double people_of(const ForecastMonth *month, bool exact)
{
    return (double)(exact ? month->people : month->persons);
}

bool forecast_growth(const ForecastMonth *months, int32_t count,
                     const Rates *rates, ForecastGrowth *ret)
{
    if (count <= YEAR || rates->growth.rate == 0) return false;
    const ForecastMonth *end = &months[count - 1];
    const bool exact = months[0].people >= FORECAST_EXACT_GROWTH &&
                       end->people >= FORECAST_EXACT_GROWTH;
    const double first = people_of(&months[0], exact);
    const double last = people_of(end, exact);
    if (first <= 0 || last <= 0) return false;
    double years = (double)(count - 1) / YEAR;
    *ret = (ForecastGrowth){
        .own = llround((pow(last / first, 1 / years) - 1) * RATE_OF),
        .told = rates->growth.rate,
        .assumed = rates->growth_assumed,
        .rates_assumed = rates->assumed > 0,
        .source = rates->growth_source};
    return true;
}

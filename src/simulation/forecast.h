/*
 * forecast.h - caseload and cost of months to come: everybody grows older, dies
 * and is born by published rates, and the law of each month is run on them.
 *
 * Persons die and women have children one by one, drawn by a hash of person
 * and month: the same snapshot, rates and models give the same forecast. A
 * household whose head dies is headed by the spouse, else the oldest; a child
 * is born to the household of its mother. Where the sex is not known, both
 * rates are meant by half. Nobody marries, moves, finds work or loses it, and
 * amounts stay as they are.
 *
 * A forecast is no count: caseloads are rounded to tens, costs to ten
 * thousand riyals, and a caseload of one to nine is hidden.
 */
#ifndef SIMULATION_FORECAST_H
#define SIMULATION_FORECAST_H

#include "simulation/rates.h"
#include "simulation/simulate.h"

enum {
    FORECAST_MONTHS_MAX = 120,
    FORECAST_COUNTS = SIMULATE_COUNTS, /* counts are multiples of this, */
    FORECAST_COSTS = SIMULATE_SUMS,    /* and costs, in halalas, of this */
    /* From so many people on growth, told in tenths of a per cent, is no finer
     * than rounded counts. */
    FORECAST_EXACT_GROWTH = 1000 * FORECAST_COUNTS
};

typedef struct ForecastMonth {
    Month month;
    int64_t people; /* not rounded, and not told: growth of many is of it */
    int64_t households, persons;
    int64_t births, deaths;       /* since the month before */
    int64_t eligible[2], cost[2]; /* before and after; halalas */
    bool hidden;
} ForecastMonth;

typedef struct ForecastJob {
    const FactReader *reader;
    SimulateSide side[2]; /* the law in force; a reform, or nothing */
    Month month;          /* the first */
    int32_t months;       /* 1..FORECAST_MONTHS_MAX */
    int32_t threads;
    const Rates *rates;
    /* Told after each month; false stops it. May be NULL. */
    bool (*progress)(void *arg, int64_t done, int64_t all);
    void *arg;
    Lookout *lookout; /* or NULL */
} ForecastJob;

/*
 * Runs it.
 *
 * out    ret: job->months of them
 * errs   as decide_population(); ERR_INVALID also simulate.measures, and
 *        forecast.facts when the catalogue says nothing of births;
 *        ERR_STOPPED
 */
NODISCARD Err forecast_run(const ForecastJob *job, Arena *arena, Diag *diag,
                           ForecastMonth *ret);

/* How the people of a forecast grow beside what its table tells. */
typedef struct ForecastGrowth {
    int64_t own, told;  /* a year, among RATE_OF */
    bool assumed;       /* `told` is no published figure */
    bool rates_assumed; /* some births or deaths by age are none */
    Str source;         /* of `told` */
} ForecastGrowth;

/*
 * Compares them. A year's growth is the rate by which people grow each year
 * from the first month to the last; of fewer than FORECAST_EXACT_GROWTH it is
 * that of the rounded numbers, which their reader could work out as well.
 *
 * out    ret: its source is that of `rates`
 *
 * False: nothing is to be told, as the forecast is shorter than a year, the
 * table tells no growth, or nobody lives.
 */
bool forecast_growth(const ForecastMonth *months, int32_t count,
                     const Rates *rates, ForecastGrowth *ret);

#endif

/*
 * forecast_report.h - a forecast for machines, spreadsheets and people.
 */
#ifndef SIMULATION_FORECAST_REPORT_H
#define SIMULATION_FORECAST_REPORT_H

#include "codec/json.h"
#include "simulation/forecast.h"
#include "text/text.h"

typedef struct ForecastReport {
    const ForecastMonth *month;
    int32_t count;
    bool reform;       /* there is a second side */
    const Str *change; /* what the reform is, as it was asked for */
    int32_t change_count;
    Str rates;                         /* the file that they are from */
    int32_t rate_count, assumed_count; /* rows, and those of them assumed */
    bool grows;                        /* `growth` is told */
    ForecastGrowth growth;
} ForecastReport;

/* How the forecast's own growth stands beside what its table tells, in words.
 */
void forecast_growth_words(Buf *buf, const TextStyle *style,
                           const ForecastGrowth *growth);

/* The members of a JSON object that is open. */
void forecast_json(JsonOut *out, const ForecastReport *report);

/* A table for spreadsheets (RFC 4180), a row for each month. */
void forecast_csv(Buf *buf, const ForecastReport *report);

/*
 * What people read, to stand in a page.
 *
 * in     arena: for labels; may be reset afterwards
 * errs   ERR_FULL: the arena is at its limit
 */
NODISCARD Err forecast_body(Buf *buf, Arena *arena, const TextStyle *style,
                            const ForecastReport *report);

/*
 * The same as a whole document that needs no other file.
 *
 * errs   as forecast_body()
 */
NODISCARD Err forecast_page(Buf *buf, Arena *arena, const TextStyle *style,
                            const ForecastReport *report);

#endif

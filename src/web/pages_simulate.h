/*
 * pages_simulate.h - the policy desk's page of simulations, which is written
 * in parts: charts stand between them.
 */
#ifndef WEB_PAGES_SIMULATE_H
#define WEB_PAGES_SIMULATE_H

#include "web/pages_policy.h"

/* A figure in the form of a simulation. */
typedef struct PageField {
    Str id; /* its name, too: "a.basic_minimum_head" */
    Str label;
    Str law; /* in force, in words */
    Str value;
    Str most; /* of its slider */
    Str step;
    bool money;
    bool share;
    bool truth; /* yes or no */
    bool yes;
    bool changed;
    bool wrong;
} PageField;

typedef struct PageScenario {
    Str letter;
    const PageField *main; /* amounts and shares */
    size_t main_count;
    const PageField *more;
    size_t more_count;
    bool any_more;
    bool unfolded; /* one of these is changed */
} PageScenario;

/* The fields of the form: the month, and the scenarios. */
typedef struct PageBench {
    Str month;
    bool month_wrong;
    const PageScenario *scenarios;
    size_t scenarios_count;
    Str scenario_count;
    Str one_more; /* scenarios; empty: no more fit */
    Str empty;    /* the address of the form with nothing in it */
} PageBench;

typedef struct PageTotalCell {
    Str label; /* of its column */
    Str value;
    Str change; /* to the law in force; empty: none is told */
    bool hidden;
} PageTotalCell;

typedef struct PageTotal {
    Str label;
    const PageTotalCell *cells;
    size_t cells_count;
} PageTotal;

/* What may be drawn: "cost", and where. */
typedef struct PageShow {
    Str label;
    Str address;
    bool here;
} PageShow;

typedef struct PageExport {
    Str label;
    Str address;
} PageExport;

/* A scenario in a line, in sight while its figures are moved. */
typedef struct PageGlance {
    Str letter;
    Str name;
    Str cost;
    Str cost_change;
    Str covered;
    Str covered_change;
    bool hidden;
} PageGlance;

/* What stands in place of results: how far they are, or why there are none. */
typedef struct PageState {
    Str title; /* empty: there is nothing to say */
    Str text;
    bool open; /* it waits or runs, and can be cancelled */
    Str page;  /* as the next two, for the form that cancels it */
    Str query;
    Str job;
    Str next;  /* address that looks on */
    Str again; /* address that asks again */
    Str percent;
} PageState;

/* The pages that a question can be put to. */
typedef struct PageTries {
    Str simulate, forecast, sweep; /* their addresses */
    bool at_simulate, at_forecast, at_sweep;
} PageTries;

/* What a scenario changes, in words. */
typedef struct PageWords {
    Str text;
} PageWords;

typedef struct PageSummary {
    Str letter;
    Str name;
    const PageWords *changes;
    size_t changes_count;
    bool none;
} PageSummary;

typedef struct PageSimulate {
    PageFrame frame;
    PageState state;
    PageTries tries;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    bool empty; /* there is no population */
    PageBench bench;
    Str month_words;
    Str show;
    bool found; /* there are results */
    int64_t households;
    Str took; /* milliseconds; empty: it was kept */
    const PageGlance *glances;
    size_t glances_count;
    const PageSummary *summaries;
    size_t summaries_count;
    const PageColumn *columns;
    size_t columns_count;
    const PageTotal *totals;
    size_t totals_count;
    Str line;
    const PageShow *shows;
    size_t shows_count;
} PageSimulate;

/* A chart's place, before the chart and between it and its table. */
typedef struct PageSimulateGroup {
    Str id;
    Str title;
} PageSimulateGroup;

typedef PageSimulateGroup PageSimulateTable;

/* A simulation that the officer keeps. */
typedef struct PageSaved {
    Str name;
    Str address;
} PageSaved;

typedef struct PageSimulateEnd {
    PageFrame frame;
    Str query; /* of what is shown, to be kept */
    const PageSaved *saved;
    size_t saved_count;
    bool any_saved;
    Str fewest;
    bool found;
    const PageExport *readings;
    size_t readings_count;
    const PageExport *exports;
    size_t exports_count;
} PageSimulateEnd;

/* A simulation: its form, and what it changes for all, up to the charts. */
void page_simulate(Out *out, const PageSimulate *page);
/* Before a chart; between it and its table. */
void page_simulate_group(Out *out, const PageSimulateGroup *page);
void page_simulate_table(Out *out, const PageSimulateTable *page);
/* Behind the last table. */
void page_simulate_end(Out *out, const PageSimulateEnd *page);

#endif

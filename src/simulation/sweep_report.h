/*
 * sweep_report.h - what many reforms found that differ in one or two numbers,
 * for machines, spreadsheets and people.
 */
#ifndef SIMULATION_SWEEP_REPORT_H
#define SIMULATION_SWEEP_REPORT_H

#include "codec/json.h"
#include "simulation/simulate.h"
#include "text/text.h"

enum {
    SWEEP_AXES = 2,
    SWEEP_POINTS_MAX = 2500,
    SWEEP_REPORT_BYTES_MAX = 1 << 24
};

/* A number that is moved, and its values in millionths. */
typedef struct SweepAxis {
    Str name; /* of the decision */
    int64_t from, step;
    int64_t count;
} SweepAxis;

/* What is told of one reform: rounded, as two points may differ in few. */
typedef struct SweepPoint {
    bool hidden; /* it would tell of few */
    int64_t eligible;
    int64_t cost, change; /* halalas a month; more than the law in force */
    int64_t winners, losers;
    int64_t gini; /* in millionths */
} SweepPoint;

typedef struct SweepReport {
    Month month;
    const Str *change; /* what holds for all points, as it was asked for */
    int32_t change_count;
    SweepAxis axis[SWEEP_AXES];
    int32_t axes;            /* one or two */
    const SweepPoint *point; /* those of the last axis stand together */
} SweepReport;

/* How many points there are. */
int64_t sweep_points(const SweepReport *report);

/* The number of an axis at a point, in millionths. */
int64_t sweep_value(const SweepReport *report, int64_t point, int32_t axis);

/* What is told of a report of a reform.
 * in     report: rounded by simulate_round() */
SweepPoint sweep_point(const SimulateReport *report);

/* The members of a JSON object that is open. */
void sweep_json(JsonOut *out, const SweepReport *report);

/* A table for spreadsheets (RFC 4180), a row for each point. Of one that is
 * hidden only its numbers are given. */
void sweep_csv(Buf *buf, const SweepReport *report);

/* What people read, as a whole document that needs no other file. */
void sweep_page(Buf *buf, const TextStyle *style, const SweepReport *report);

#endif

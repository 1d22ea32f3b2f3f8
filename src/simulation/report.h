/*
 * report.h - what a simulation found, for machines, spreadsheets and people:
 * JSON, CSV, and a page of charts with their tables in Arabic or English.
 *
 * Nothing that is hidden (simulate.h) is in any of them.
 */
#ifndef SIMULATION_REPORT_H
#define SIMULATION_REPORT_H

#include "codec/json.h"
#include "simulation/simulate.h"
#include "simulation/uncertainty.h"
#include "text/text.h"

enum { REPORT_BYTES_MAX = 1 << 24 };

typedef struct ReformReport {
    Month month;
    const Str *change; /* "NAME=VALUE" or a model, as it was asked for */
    int32_t change_count;
    const SimulateReport *found;
    const Uncertainty *uncertainty; /* NULL: nobody asked */
    const Assumptions *assumptions; /* of the reform; NULL: not looked for */
} ReformReport;

/* The members of a JSON object that is open. */
void report_json(JsonOut *out, const ReformReport *report);

/*
 * A table for spreadsheets (RFC 4180): a row for everybody, one for each
 * group. Cells that are hidden, or are of everybody only, are empty.
 */
void report_csv(Buf *buf, const ReformReport *report);

/*
 * What people read: figures, charts and tables, to stand in a page.
 *
 * in     arena: for labels; may be reset afterwards
 * errs   ERR_FULL: the arena is at its limit
 */
NODISCARD Err report_body(Buf *buf, Arena *arena, const TextStyle *style,
                          const ReformReport *report);

/*
 * The same as a whole document that needs no other file.
 *
 * errs   as report_body()
 */
NODISCARD Err report_page(Buf *buf, Arena *arena, const TextStyle *style,
                          const ReformReport *report);

/* The parts of such a page that tell what the rules rest on, and what they
 * would cost if that were otherwise, each a section; nothing without. */
void report_rests(Buf *buf, const TextStyle *style, const ReformReport *report);

/* The frame of such a document, up to its heading (a key of a text), and from
 * its last paragraph on. */
void report_page_begin(Buf *buf, const TextStyle *style, const char *title);
void report_page_end(Buf *buf);

#endif

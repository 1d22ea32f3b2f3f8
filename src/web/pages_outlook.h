/*
 * pages_outlook.h - the policy desk's pages of months to come and of two
 * figures that are moved at once.
 */
#ifndef WEB_PAGES_OUTLOOK_H
#define WEB_PAGES_OUTLOOK_H

#include "web/pages_drafts.h"
#include "web/pages_simulate.h"

typedef struct PageForecast {
    PageFrame frame;
    PageState state;
    PageTries tries;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    bool empty;
    bool found;
    PageBench bench;
    Str lead; /* over how many months */
    Str month_words;
    const PageSummary *summaries;
    size_t summaries_count;
    Str how; /* the rates are known */
} PageForecast;

typedef struct PageForecastEnd {
    PageFrame frame;
    bool found;
    Str growth; /* its own, and what is published */
    Str file;   /* the address of its table */
} PageForecastEnd;

/* A figure that is moved, in the form of a sweep. */
typedef struct PageSweepAxis {
    Str name; /* "x" */
    Str title;
    Str figure; /* what it is called */
    Str of;     /* its id, of which the ends are */
    Str law;
    bool money; /* else a share */
    Str from, to;
    bool wrong;
    const PageChoice *choices;
    size_t choices_count;
} PageSweepAxis;

typedef struct PageSweepCell {
    Str text;
    Str heat;    /* "0" to "7" */
    Str address; /* of this point alone */
    bool law;    /* it is as the law has it */
    bool hidden;
} PageSweepCell;

typedef struct PageSweepRow {
    Str label;
    const PageSweepCell *cells;
    size_t cells_count;
} PageSweepRow;

/* A field that a form carries along. */
typedef struct PageCarried {
    Str name;
    Str value;
} PageCarried;

typedef struct PageSweep {
    PageFrame frame;
    PageState state;
    PageTries tries;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    bool empty;
    bool movable;    /* there are two figures to move */
    PageBench bench; /* the month alone */
    Str month_words;
    const PageCarried *carried;
    size_t carried_count;
    const PageSweepAxis *axes;
    size_t axes_count;
    const PageChoice *shows;
    size_t shows_count;
    bool found;
    const PageSummary *summaries; /* what else is changed */
    size_t summaries_count;
    Str told, x, y; /* what the table tells, and by which figures */
    bool money;     /* it tells riyals */
    const PageColumn *columns;
    size_t columns_count;
    const PageSweepRow *rows;
    size_t rows_count;
    Str least, most;
    Str file; /* the address of the table */
} PageSweep;

/* A forecast, up to its charts, and from them on. */
void page_forecast(Out *out, const PageForecast *page);
void page_forecast_end(Out *out, const PageForecastEnd *page);
/* Two figures moved at once. */
void page_sweep(Out *out, const PageSweep *page);

#endif

/*
 * chart.h - charts as SVG, each with its numbers as a table.
 *
 * A chart reads in the direction of its language: in Arabic bars grow from
 * the right and time runs to the left. What is drawn has classes and
 * presentation attributes only, no styles and no scripts, so that it stands
 * in a page with a strict content policy. A page's sheet may colour it:
 *
 *   svg.chart       the whole            .chart-text    labels
 *   .chart-1 .. 4   bars, lines, keys    .chart-number  numbers at bars
 *   .chart-line     the axis and grid    .chart-hidden  what is not shown
 *   table.chart-data                     .chart-value   cells with numbers
 */
#ifndef TEXT_CHART_H
#define TEXT_CHART_H

#include "text/text.h"

enum { CHART_SERIES_MAX = 4, CHART_GROUPS_MAX = 600 };

typedef enum ChartUnit {
    CHART_COUNT, /* whole numbers */
    CHART_MONEY  /* halalas: riyals in the picture, exact in the table */
} ChartUnit;

/* One value a group: all bars or one line of the same colour. */
typedef struct ChartSeries {
    Str name;
    const int64_t *value;
} ChartSeries;

typedef struct Chart {
    const char *id;     /* of its title, unique in the page: letters, digits */
    Str title;          /* of the picture, and the caption of the table */
    Str group;          /* what the groups are: head of the first column */
    const Str *label;   /* of each group */
    const bool *hidden; /* groups whose values are not told; NULL: none */
    int32_t count;      /* groups, at most CHART_GROUPS_MAX */
    ChartSeries series[CHART_SERIES_MAX];
    int32_t series_count;
    ChartUnit unit;
} Chart;

/*
 * Appends horizontal bars, side by side for the series of a group. Values may
 * be negative. A hidden group has the text chart.hidden in place of bars.
 */
void chart_bars(Buf *buf, const TextStyle *style, const Chart *chart);

/* Appends a line for each series over the groups, as over months. A line is
 * broken where a group is hidden. */
void chart_lines(Buf *buf, const TextStyle *style, const Chart *chart);

/* Appends the numbers as a table, a row for each group. */
void chart_table(Buf *buf, const TextStyle *style, const Chart *chart);

#endif

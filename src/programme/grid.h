/*
 * grid.h - the decision tables of a model as people see them: columns, rows
 * and cells, each with its place in the text.
 *
 * This is for who edits and compares models; who decides by them loads them
 * with dmn.h. Nothing is checked here beyond well-formedness.
 */
#ifndef PROGRAMME_GRID_H
#define PROGRAMME_GRID_H

#include "base/date.h"
#include "codec/xml.h"

typedef enum GridPart { GRID_INPUT, GRID_OUTPUT, GRID_NOTE } GridPart;

typedef struct GridColumn {
    GridPart part;
    int32_t number; /* from 1, within its part */
    Str label;      /* of an input without one: its expression */
    const XmlNode *clause;
} GridColumn;

typedef struct GridCell {
    Str text;            /* trimmed */
    const XmlNode *node; /* the entry; NULL: the row has none */
} GridCell;

typedef struct GridRow {
    const XmlNode *node;
    GridCell *cells; /* as many as there are columns */
} GridRow;

typedef struct Grid {
    const XmlNode *table;
    GridColumn *columns; /* inputs, outputs, annotations */
    uint32_t column_count;
    GridRow *rows;
    uint32_t row_count;
} Grid;

/* A cell that says from when to when: [date("A")..date("B")), >= date("A"). */
typedef struct GridSpan {
    Day from;     /* DAY_MIN without a beginning */
    Day until;    /* the first day behind it; DAY_OPEN without an end */
    bool literal; /* @"A" in place of date("A") */
} GridSpan;

/*
 * Reads a decision table.
 *
 * errs   ERR_FULL: no memory (xml.large)
 */
NODISCARD Err grid_read(Arena *arena, const XmlNode *table, Diag *diag,
                        Grid *ret);

/*
 * The decision or knowledge model of that name or id in a document; also
 * what is inside one and has that id. NULL without one.
 */
const XmlNode *grid_element(const XmlNode *root, Str name);

/* The boxed expression of a decision or knowledge model; of such an
 * expression itself. NULL without one. */
const XmlNode *grid_logic(const XmlNode *element);

/* The decision or knowledge model that holds a node, or NULL. */
const XmlNode *grid_owner(const XmlNode *node);

/*
 * Of the literal expressions inside of a boxed one the one of that number,
 * from 1 in the order of the text, as SheetBlock.part counts them; NULL
 * without one. A literal expression is its own first.
 */
const XmlNode *grid_part(const XmlNode *logic, int32_t number);

/* The number of the one that is the entry of that name, "wage", or
 * "income.wage" of the entry inside an entry; 0 without one. */
int32_t grid_part_named(const XmlNode *logic, Str name);

/* What the entry or parameter that holds a node is called, those around it
 * before, as "income.wage"; in a room that may be too small for it. */
void grid_part_name(const XmlNode *owner, const XmlNode *node, Buf *buf);

/* The column of a part and number, or -1. */
int32_t grid_column(const Grid *grid, GridPart part, int32_t number);

/* Reads a cell of dates. False when it is anything else. */
bool grid_span(Str cell, GridSpan *ret);

/* Appends such a cell. */
void grid_span_write(Buf *buf, const GridSpan *span);

#endif

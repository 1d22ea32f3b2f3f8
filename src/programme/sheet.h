/*
 * sheet.h - the decision tables of a model as people see them: columns, rows
 * and cells, each with its place in the text.
 *
 * This is for who edits and compares models; who decides by them loads them
 * with dmn.h. Nothing is checked here beyond well-formedness.
 */
#ifndef PROGRAMME_SHEET_H
#define PROGRAMME_SHEET_H

#include "base/date.h"
#include "codec/xml.h"

typedef enum SheetPart { SHEET_INPUT, SHEET_OUTPUT, SHEET_NOTE } SheetPart;

typedef struct SheetColumn {
    SheetPart part;
    int32_t number; /* from 1, within its part */
    Str label;      /* of an input without one: its expression */
    const XmlNode *clause;
} SheetColumn;

typedef struct SheetCell {
    Str text;            /* trimmed */
    const XmlNode *node; /* the entry; NULL: the row has none */
} SheetCell;

typedef struct SheetRow {
    const XmlNode *node;
    SheetCell *cells; /* as many as there are columns */
} SheetRow;

typedef struct Sheet {
    const XmlNode *table;
    SheetColumn *columns; /* inputs, outputs, annotations */
    uint32_t column_count;
    SheetRow *rows;
    uint32_t row_count;
} Sheet;

/* A cell that says from when to when: [date("A")..date("B")), >= date("A"). */
typedef struct SheetSpan {
    Day from;     /* DAY_MIN without a beginning */
    Day until;    /* the first day behind it; DAY_OPEN without an end */
    bool literal; /* @"A" in place of date("A") */
} SheetSpan;

/*
 * Reads a decision table.
 *
 * errs   ERR_FULL: no memory (xml.large)
 */
NODISCARD Err sheet_read(Arena *arena, const XmlNode *table, Diag *diag,
                         Sheet *ret);

/*
 * The decision or knowledge model of that name or id in a document; also
 * what is inside one and has that id. NULL without one.
 */
const XmlNode *sheet_element(const XmlNode *root, Str name);

/* The boxed expression of a decision or knowledge model; of such an
 * expression itself. NULL without one. */
const XmlNode *sheet_logic(const XmlNode *element);

/* The decision or knowledge model that holds a node, or NULL. */
const XmlNode *sheet_owner(const XmlNode *node);

/* The element that follows in the order of the text, or NULL. */
const XmlNode *sheet_walk(const XmlNode *root, const XmlNode *node);

/* The column of a part and number, or -1. */
int32_t sheet_column(const Sheet *sheet, SheetPart part, int32_t number);

/* Reads a cell of dates. False when it is anything else. */
bool sheet_span(Str cell, SheetSpan *ret);

/* Appends such a cell. */
void sheet_span_write(Buf *buf, const SheetSpan *span);

#endif

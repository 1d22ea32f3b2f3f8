/*
 * sheet.h - a model as people read it: what needs what, and its tables,
 * expressions and contexts as they are written.
 *
 * It is read from the file alone, so that a model that is not yet sound can
 * be shown, too. Imported files have sheets of their own.
 */
#ifndef DMN_SHEET_H
#define DMN_SHEET_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/err.h"

enum { SHEET_DEPTH_MAX = 24 /* of expressions inside another */ };

typedef enum SheetKind {
    SHEET_INPUT,
    SHEET_KNOWLEDGE, /* business knowledge model */
    SHEET_DECISION,
    SHEET_SERVICE,
    SHEET_KINDS
} SheetKind;

/* A decision table, or a relation. */
typedef struct SheetTable {
    Str hit_policy; /* "UNIQUE"; empty of a relation */
    Str aggregation;
    int32_t input_count, output_count, note_count;
    int32_t column_count; /* of all three together */
    int32_t row_count;
    const Str *columns; /* what inputs, outputs and annotations are called */
    const Str *cells;   /* row by row, in the order of the columns */
} SheetTable;

/* A part of an expression. */
typedef struct SheetBlock {
    int32_t depth;           /* how many it stands inside of */
    Str form;                /* "literalExpression", "context" */
    Str label;               /* of an entry or a parameter; may be empty */
    Str text;                /* of a literal expression, else empty */
    const SheetTable *table; /* or NULL */
    /* Of a literal expression its number among all of the item, from 1 in the
     * order of the text; of a relation of nothing but such that of its first
     * cell, the others follow row by row. Else 0. */
    int32_t part;
} SheetBlock;

/* An element of the requirements graph. */
typedef struct SheetItem {
    SheetKind kind;
    Str id; /* by which addresses and references name it */
    Str name;
    Str text; /* its description */
    Str type;
    int32_t line;         /* in the file */
    const int32_t *needs; /* places of other items; none twice */
    int32_t need_count;
    const SheetBlock *blocks;
    int32_t block_count;
} SheetItem;

typedef struct Sheet {
    Str name;
    const SheetItem *items; /* in the order of the file */
    int32_t count;
} Sheet;

/*
 * Reads a model's file.
 *
 * in     bytes: need not outlive the sheet
 * errs   ERR_INVALID: no XML (as xml_read()) or no model (dmn.not_dmn)
 *        ERR_FULL: the arena is exhausted (xml.large)
 */
NODISCARD Err sheet_read(Arena *arena, Str bytes, Diag *diag, Sheet *ret);

/* The item of that id; -1 for none. */
int32_t sheet_find(const Sheet *sheet, Str id);

/* The item of that kind and name; -1 for none. */
int32_t sheet_named(const Sheet *sheet, SheetKind kind, Str name);

/*
 * Marks an item and all that it needs, directly or not.
 *
 * out    ret: as many as there are items; others stay as they are
 */
void sheet_mark(const Sheet *sheet, int32_t item, bool *ret);

#endif

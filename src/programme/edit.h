/*
 * edit.h - change a model of the law by cell and row.
 *
 * An edit changes the bytes that it is about and no others: comments, layout,
 * extension elements and diagrams of whoever wrote the model stay as they
 * are, so that a reviewer sees the change and nothing else. What comes out is
 * well-formed; edit_check() says whether it is also a sound model.
 *
 *     what             place                        cells
 *     EDIT_CELL        row, part, column            its new text
 *     EDIT_ROW_ADD     row to go behind; 0: first   all, or without the last
 *                                                   annotations
 *     EDIT_ROW_REMOVE  row                          -
 *     EDIT_ROW_MOVE    row, to                      -
 *     EDIT_TEXT        (a literal expression)       its new text
 *     EDIT_PART        row: the number of a literal its new text
 *                      expression of the logic, or
 *                      0 and the name of its entry
 *     EDIT_LOGIC       (any logic)                  an expression instead
 *     EDIT_SINCE       row; 0: the one in force     outputs, annotations
 *
 * Law is dated: EDIT_SINCE lets the row that holds on `since` end there and
 * puts a row from `since` on behind it, until the day on which the old one
 * would have ended. The past stays what it was.
 */
#ifndef PROGRAMME_EDIT_H
#define PROGRAMME_EDIT_H

#include "programme/basis.h"
#include "programme/grid.h"
#include "programme/pack.h"

enum { EDIT_TEXT_BYTES_MAX = 1 << 16, EDIT_CELLS_MAX = 256 };

typedef enum EditWhat {
    EDIT_CELL,
    EDIT_ROW_ADD,
    EDIT_ROW_REMOVE,
    EDIT_ROW_MOVE,
    EDIT_TEXT,
    EDIT_PART,
    EDIT_LOGIC,
    EDIT_SINCE
} EditWhat;

typedef struct Edit {
    EditWhat what;
    Str decision; /* name or id of it, of a knowledge model, of a table */
    Str entry;    /* of EDIT_PART with row 0, as grid_part_named() */
    int32_t row;  /* from 1 */
    int32_t to;   /* of EDIT_ROW_MOVE, from 1 */
    GridPart part;
    int32_t column; /* from 1, within its part */
    Day since;
    const Str *cells;
    size_t cell_count;
} Edit;

/*
 * Applies one edit to the text of a model.
 *
 * out    ret: in the arena
 * errs   ERR_INVALID: the model is no well-formed UTF-8 text (xml.*,
 *        edit.encoding), or the edit makes no sense (edit.*, named by
 *        decision and row)
 *        ERR_NOT_FOUND: no such decision (edit.none)
 *        ERR_FULL: no memory (xml.large)
 */
NODISCARD Err edit_apply(Arena *arena, Str model, const Edit *edit, Diag *diag,
                         Str *ret);

/* Where in a model something is, in people's words. */
typedef struct EditPlace {
    Str decision; /* its name; empty: outside of decisions */
    int32_t row;  /* 0: not in a row */
    GridPart part;
    int32_t column; /* 0: not in a cell */
    Str label;      /* of the column, or of the entry of a context */
} EditPlace;

/* The key of the text that tells a place: {0} its decision, {1} the row, {2}
 * the label, {3} the column. */
const char *edit_place_key(const EditPlace *place);

/*
 * Checks an edited model with what it imports: it loads strictly, and the
 * static checks find no error. Warnings are for people to judge, those of
 * basis.h among them.
 *
 * in     sources[0]: the edited text
 * out    ret: all that was found; ret_place: of the first error
 * errs   ERR_INVALID: there is an error; diag says which
 *        ERR_NOT_FOUND, ERR_FULL as dmn_load()
 */
NODISCARD Err edit_check(Arena *arena, const DmnSource *sources, size_t count,
                         const Citations *citations, Diag *diag, DmnCheck *ret,
                         EditPlace *ret_place);

/*
 * The same of a text that shall take the place of a pack's model.
 *
 * errs   as edit_check(); ERR_NOT_FOUND also when the pack has no model at
 *        that path, with no diag
 */
NODISCARD Err edit_check_in(Arena *arena, const Pack *pack, Str path, Str text,
                            Diag *diag, DmnCheck *ret, EditPlace *ret_place);

/*
 * The decision, row and cell that stand at a line and column of a text, both
 * from 1.
 *
 * errs   ERR_INVALID, ERR_FULL: it cannot be read as XML
 */
NODISCARD Err edit_place(Arena *arena, Str model, int32_t line, int32_t column,
                         EditPlace *ret);

#endif

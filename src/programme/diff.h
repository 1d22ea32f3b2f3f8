/*
 * diff.h - what is different between two versions of a model, in words and
 * rows.
 *
 * Elements are matched by id, else by name; rows of a table by what they say,
 * so that a row which only moved is no change of law. A table by dates alone
 * is also told as what holds when: "from 2026-01-01: 1320 -> 1400". Layout,
 * comments and diagrams are no differences.
 */
#ifndef PROGRAMME_DIFF_H
#define PROGRAMME_DIFF_H

#include "codec/json.h"
#include "programme/words.h"

enum {
    DIFF_ITEMS_MAX = 20000,
    DIFF_ELEMENTS_MAX = 5000,
    DIFF_COLUMNS_MAX = 500
};

typedef enum DiffWhat {
    DIFF_ADDED,       /* an element */
    DIFF_REMOVED,     /* an element */
    DIFF_RENAMED,     /* old: its name before */
    DIFF_DESCRIPTION, /* old, now */
    DIFF_NEEDS,       /* now: what it requires since */
    DIFF_NEEDS_NOT,   /* old: what it requires no more */
    DIFF_FORM,        /* another kind of logic: old, now */
    DIFF_POLICY,      /* hit policy and aggregation: old, now */
    DIFF_COLUMN,      /* now: a column that is new */
    DIFF_COLUMN_NOT,  /* old: a column that is gone */
    DIFF_DATED,       /* from..until: old, now; cells: the new row */
    DIFF_ROW,         /* cells: a row that is new */
    DIFF_ROW_NOT,     /* cells: a row that is gone */
    DIFF_ROW_CHANGED, /* cells */
    DIFF_ROW_MOVED,   /* cells; row, old_row */
    DIFF_PART,        /* another part of an element: label, old, now */
    DIFF_ORDER,       /* order or structure, beyond what the others tell */
    DIFF_WHATS
} DiffWhat;

typedef struct DiffCell {
    const GridColumn *column;
    Str old, now; /* at NULL: that version has no such column or row */
} DiffCell;

typedef struct DiffItem {
    DiffWhat what;
    Str kind; /* of the element, as its tag: "decision" */
    Str name; /* of the element, now; of one that is gone, before */
    Str label, old, now;
    Day from, until;      /* DAY_MIN, DAY_OPEN: without beginning, end */
    int32_t old_row, row; /* from 1; 0: none */
    const DiffCell *cells;
    uint32_t cell_count;
} DiffItem;

typedef struct ModelDiff {
    const DiffItem *items; /* in the order of the new version; what is gone
                              at the end */
    size_t count;
    bool same_bytes;
} ModelDiff;

/*
 * Compares two versions.
 *
 * in     old, now: outlive the result
 * errs   ERR_INVALID: one is no well-formed model (xml.*, dmn.not_dmn)
 *        ERR_FULL: too many differences, elements or columns (diff.many), no
 *        memory
 */
NODISCARD Err model_diff(Arena *arena, Str old, Str now, Diag *diag,
                         ModelDiff *ret);

/*
 * Appends one difference as a sentence.
 *
 * in     words: what things are called; an element is named by the caller
 */
void diff_write_item(Buf *buf, const TextStyle *style, const ModelWords *words,
                     const DiffItem *item);

/* Appends all of it, a heading for each element, with its name in the model
 * behind what it is called, and a line for each difference; one sentence when
 * there is none. */
void diff_write(Buf *buf, const TextStyle *style, const ModelWords *words,
                const ModelDiff *diff);

/* The same as a JSON array, each difference with its sentences in both
 * languages. */
void diff_write_json(JsonOut *out, const TextStyle *style,
                     const ModelWords *words, const ModelDiff *diff);

#endif

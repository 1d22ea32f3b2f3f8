/*
 * trace.h - how a decision came about, as data.
 *
 * Switched on before an evaluation, the evaluator notes its steps in order:
 * a decision when it begins, what it used and which rows matched, then its
 * value. Texts are as they stand in the model.
 */
#ifndef DMN_TRACE_H
#define DMN_TRACE_H

#include "dmn/dmn.h"

typedef enum DmnStepKind {
    DMN_STEP_DECISION, /* a decision was decided: name, text, value */
    DMN_STEP_CALL,     /* a knowledge model was called: name, value */
    DMN_STEP_USES,     /* an input or decision was read: name, value */
    DMN_STEP_ENTRY,    /* an entry of a boxed context: name, text, value */
    DMN_STEP_ROW       /* a row of a table matched: row, note_* */
} DmnStepKind;

/* One annotation column of a table and what the matched row says there. */
typedef struct DmnNote {
    Str column; /* "Article" */
    Str text;
} DmnNote;

typedef struct DmnStep {
    DmnStepKind kind;
    int32_t depth;    /* nesting: steps of a decision are one deeper */
    int32_t decision; /* index of the decision concerned, or -1 */
    int32_t input;    /* DMN_STEP_USES: index of the input, or -1 */
    Str name;
    Str text;        /* source of the expression; empty for tables */
    FeelValue value; /* a row: its output */
    int32_t line;    /* in the model's file, from 1 */
    int32_t row;     /* of a table, from 1; 0 otherwise */
    bool chosen;     /* a row: whether it is part of the result */
    uint32_t note_count;
    const DmnNote *notes;
    uint32_t cell_count; /* a row: its input cells as written, by column */
    const DmnNote *cells;
    int32_t end; /* index after the last step nested in this one */
} DmnStep;

/* Switches tracing on or off for the evaluations after the next reset. */
void dmn_trace_set(DmnEval *eval, bool on);

/*
 * The steps since the reset; they live as long as the values.
 *
 * cost   evaluating leaves only notes; the steps are made when they are asked
 */
const DmnStep *dmn_trace(DmnEval *eval, size_t *ret_count);

#endif

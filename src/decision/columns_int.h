/*
 * columns_int.h - verdicts for a page of households at once.
 *
 * The model is lowered to columns (dmn/column.h) for one month; the records
 * of a page are turned into columns; what cannot be answered so is left to
 * decider_decide(). Explanations and replay never come through here.
 */
#ifndef DECISION_COLUMNS_INT_H
#define DECISION_COLUMNS_INT_H

#include "decision/decide.h"

typedef struct DecisionColumns DecisionColumns;

/* A household to be decided. */
typedef struct ColumnLane {
    const InputRecord *record;
    Verdict *verdict;
    bool decided; /* the verdict was found; else it is decider_decide()'s */
} ColumnLane;

/*
 * Lowers the decider's programme for a month.
 *
 * out    ret: NULL when the model cannot be lowered; `why` then says why
 * errs   ERR_FULL: memory
 * owns   the caller, decision_columns_close(); the decider must outlive it
 */
NODISCARD Err decision_columns_open(Decider *decider, Month month, Buf *why,
                                    DecisionColumns **ret);
void decision_columns_close(DecisionColumns *columns);

/* Decides what it can of any number of households; the rest stays undecided. */
void decision_columns_decide(DecisionColumns *columns, ColumnLane *lanes,
                             int32_t count);

#endif

/*
 * decision_int.h - how a row of the table decision is read.
 */
#ifndef DECISION_DECISION_INT_H
#define DECISION_DECISION_INT_H

#include "decision/decision.h"

/*
 * Reads a decision from nine columns of a row, of which `column` is the first:
 * month, id, version, pack_id, input_hash, outcome, amount_minor, reasons and
 * run_id. The time of the decision is not among them.
 */
void decision_read(StoreStmt *stmt, int column, int64_t household_id,
                   Decision *ret);

#endif

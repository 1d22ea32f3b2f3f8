/*
 * plan.h - shows what a model has become: its decisions, what they need, how
 * they are evaluated, and the program itself.
 */
#ifndef DMN_PLAN_H
#define DMN_PLAN_H

#include "base/buf.h"
#include "dmn/dmn.h"

/* One line a decision: its type, what evaluates it and why, its inputs; then
 * how many are columns. */
void dmn_plan_text(Buf *out, const DmnModel *model);

/* The same as one JSON object. */
void dmn_plan_json(Buf *out, const DmnModel *model);

/* Every unit of the program, one operation a line. */
void dmn_plan_program(Buf *out, const DmnModel *model);

#endif

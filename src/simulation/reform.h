/*
 * reform.h - a model with one decision that is something else.
 */
#ifndef SIMULATION_REFORM_H
#define SIMULATION_REFORM_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/err.h"

/*
 * The text of a model in which the logic of a decision is replaced by an
 * expression: a row of a table of dated parameters by a new number.
 *
 * in     set: "NAME=EXPRESSION", the name or id of a decision of this file
 * out    ret lives in `arena`
 * errs   ERR_INVALID: not of this form (reform.form {set}), no such decision
 *        (reform.none {name})
 *        ERR_FULL: no memory
 */
NODISCARD Err reform_set(Arena *arena, Str model, Str set, Diag *diag,
                         Str *ret);

#endif

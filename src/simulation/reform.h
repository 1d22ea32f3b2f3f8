/*
 * reform.h - a model with one decision that is something else.
 */
#ifndef SIMULATION_REFORM_H
#define SIMULATION_REFORM_H

#include "dmn/dmn.h"

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

/*
 * Sets in sources[0] one after the other, and looks with the static checks of
 * a model whether it is still sound: a value of another type than the decision
 * declares, one that is always null, a text that the decision is compared with
 * nowhere. Faults that the model had before are not the reform's. Then loads
 * it: what was read for the checks is not read twice.
 *
 * out    sources[0] is the changed text, in `arena`, as is the model
 * errs   as reform_set(), dmn_load(); ERR_INVALID: what a check finds, with the
 *        decision as its place; reform.value {value} {one that is known}
 * cost   that of `sanad rules check`: milliseconds
 */
NODISCARD Err reform_load(Arena *arena, DmnSource *sources, size_t count,
                          const Str *sets, int32_t set_count, Diag *diag,
                          DmnModel **ret);

#endif

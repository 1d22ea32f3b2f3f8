/*
 * feel.h - one FEEL expression, from text to value.
 *
 * For calculators, tests and tools; models go through dmn/dmn.h, which
 * compiles once and evaluates often.
 */
#ifndef FEEL_FEEL_H
#define FEEL_FEEL_H

#include "base/diag.h"
#include "base/err.h"
#include "codec/json.h"
#include "feel/compile.h"

/* Adds the built-in functions to a scope; false without memory. */
NODISCARD bool feel_scope_builtins(Arena *arena, FeelScope *scope);

/* The type of a value as far as it can be seen; NULL without memory. */
const FeelType *feel_type_of_value(Arena *arena, FeelValue value);

/*
 * The value of a JSON tree: objects become contexts, numbers stay exact,
 * strings stay strings.
 *
 * errs   ERR_FULL: the arena is exhausted
 */
NODISCARD Err feel_from_json(Arena *arena, const Json *json, FeelValue *ret);

/*
 * The same where the type is known: a string becomes a date, time, date and
 * time or duration where the type asks for one and the string is one.
 *
 * errs   as feel_from_json()
 */
NODISCARD Err feel_from_json_as(Arena *arena, const Json *json,
                                const FeelType *type, FeelValue *ret);

/*
 * Evaluates an expression whose names are the entries of `context` (null for
 * none) and the built-in functions.
 *
 * in     now_us: what now() says, in microseconds since 1970
 * out    ret: in the arena. diag: also on OK, says why a result is null
 * errs   ERR_INVALID: the text is no expression; diag says where
 *        ERR_FULL: steps or memory are exhausted
 */
NODISCARD Err feel_evaluate(Arena *arena, Str expression, FeelValue context,
                            int64_t now_us, Diag *diag, FeelValue *ret);

#endif

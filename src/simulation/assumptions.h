/*
 * assumptions.h - what a model says of itself that it rests on: the rows in
 * force whose column Status is anything but confirmed.
 */
#ifndef SIMULATION_ASSUMPTIONS_H
#define SIMULATION_ASSUMPTIONS_H

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/err.h"

enum { ASSUMPTIONS_MAX = 128 };

typedef struct Assumption {
    Str name;   /* of the decision */
    Str status; /* "assumption", "unconfirmed" */
    int32_t rows;
} Assumption;

typedef struct Assumptions {
    Assumption of[ASSUMPTIONS_MAX];
    int32_t count;
} Assumptions;

/*
 * Finds them, in the order of the model; further ones are not listed.
 *
 * in     model: the text of a model
 * out    ret: its texts live in `arena`
 * errs   ERR_INVALID, ERR_FULL: as xml_read()
 */
NODISCARD Err assumptions_find(Arena *arena, Str model, Month month, Diag *diag,
                               Assumptions *ret);

#endif

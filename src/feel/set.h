/*
 * set.h - what a unary test accepts, as a set of values.
 *
 * A cell of a decision table or the allowed values of a type often say all
 * there is to say in their text: ">= 18", "[1..5), 7", "not("a", "b")". Read
 * as unions of spans they can be reckoned with: whether rows overlap, whether
 * they leave a gap, which values an input can have at all.
 */
#ifndef FEEL_SET_H
#define FEEL_SET_H

#include "feel/compile.h"

enum { FEEL_SET_ENDS_MAX = 1 << 13 };

/* A run of values of one ordered kind; a single value has equal ends. */
typedef struct FeelSpan {
    FeelValue low, high; /* without meaning on a side that is open */
    bool low_closed, high_closed;
    bool low_open, high_open; /* there is no end on that side */
} FeelSpan;

/* What the tests say of null, in the three values of FEEL's logic. */
typedef enum FeelSetNull {
    FEEL_SET_NULL_OUT,     /* false, so that not(...) has it */
    FEEL_SET_NULL_NEITHER, /* null, as any comparison: not(...) has it not */
    FEEL_SET_NULL_IN
} FeelSetNull;

typedef struct FeelSet {
    bool known;     /* false: it depends on more than the text */
    bool all;       /* every value that is not null; no spans then */
    bool null_told; /* the text names null among what it accepts */
    FeelSetNull null;
    uint8_t kind; /* FeelKind of all ends; FEEL_NULL without spans */
    uint32_t count;
    const FeelSpan *spans;
} FeelSet;

/*
 * The values that unary tests accept. `input` is the type of what is tested.
 * A text that cannot be read gives a set that is not known.
 *
 * errs   ERR_FULL: the arena is exhausted
 */
NODISCARD Err feel_set_read(Arena *arena, const FeelScope *scope,
                            FeelSource source, const FeelType *input,
                            FeelSet *ret);

/*
 * What an expression can give at all as far as its outermost part says it;
 * `ret_whole`: numbers without fractions alone.
 *
 * errs   ERR_FULL: the arena is exhausted
 */
NODISCARD Err feel_set_of_result(Arena *arena, const FeelScope *scope,
                                 FeelSource source, FeelSet *ret,
                                 bool *ret_whole);

/*
 * What is in both; not known unless both are.
 *
 * errs   ERR_FULL: the arena is exhausted
 */
NODISCARD Err feel_set_both(Arena *arena, const FeelSet *a, const FeelSet *b,
                            FeelSet *ret);

/* Whether a value is in a known set. */
bool feel_set_has(const FeelSet *set, FeelValue value);

/*
 * The value that the text of a known set names at one of its spans: a point,
 * or what not("a") leaves out before the next span; null: it names none.
 */
FeelValue feel_set_named(const FeelSet *set, uint32_t at);

/* Orders two values of one kind; false when that kind has no order. */
bool feel_set_order(FeelValue a, FeelValue b, int *ret);

/*
 * A value of every class of values that some known sets tell apart, in
 * order: the ends, what lies between two of them, what lies beyond. The kind
 * must be an ordered one. Values outside of all sets are among them.
 *
 * errs   ERR_FULL: the arena is exhausted
 *        ERR_INVALID: ends that cannot be ordered (local and zoned times) or
 *        have no other value beside them (1E35), or more of them than
 *        FEEL_SET_ENDS_MAX
 */
NODISCARD Err feel_set_classes(Arena *arena, FeelKind kind,
                               const FeelSet *const *sets, size_t count,
                               FeelValue **ret, uint32_t *ret_count);

#endif

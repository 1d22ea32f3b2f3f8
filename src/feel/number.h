/*
 * number.h - FEEL's numbers: decimal128, 34 digits, half even.
 *
 * A number is kept as a 64-bit coefficient and a scale while that is exact,
 * and as a decimal128 otherwise; both give the same results. Every function
 * here takes and returns values of kind number, and returns null where FEEL
 * has no number: division by zero, overflow, an exhausted arena.
 */
#ifndef FEEL_NUMBER_H
#define FEEL_NUMBER_H

#include "feel/value.h"

enum { FEEL_SCALE_MIN = -6111, FEEL_SCALE_MAX = 6176 };

typedef enum FeelRounding {
    FEEL_HALF_EVEN,
    FEEL_FLOOR,
    FEEL_CEILING,
    FEEL_DOWN,
    FEEL_HALF_UP,
    FEEL_UP,
    FEEL_HALF_DOWN
} FeelRounding;

typedef enum FeelMath { FEEL_SQRT, FEEL_EXP, FEEL_LOG } FeelMath;

/* The five operations, rounded to 34 digits where they must be. */
FeelValue feel_number_add(Arena *arena, FeelValue a, FeelValue b);
FeelValue feel_number_subtract(Arena *arena, FeelValue a, FeelValue b);
FeelValue feel_number_multiply(Arena *arena, FeelValue a, FeelValue b);
FeelValue feel_number_divide(Arena *arena, FeelValue a, FeelValue b);
FeelValue feel_number_power(Arena *arena, FeelValue a, FeelValue b);
FeelValue feel_number_negate(Arena *arena, FeelValue a);

/* a - b * floor(a / b): the sign of the divisor. */
FeelValue feel_number_modulo(Arena *arena, FeelValue a, FeelValue b);

/* Rounded to `scale` decimals; null when scale leaves -6111..6176. */
FeelValue feel_number_round(Arena *arena, FeelValue a, int64_t scale,
                            FeelRounding rounding);

/* Square root, exponential, natural logarithm; null outside their domain. */
FeelValue feel_number_math(Arena *arena, FeelMath function, FeelValue a);

/* Negative, 0 or positive, by value: 1.0 and 1.00 are equal. */
int feel_number_compare(FeelValue a, FeelValue b);

/* Whether the number is whole and fits; then its value. */
bool feel_number_int(FeelValue a, int64_t *ret);

/* Rounded half up to two decimals in minor units; false when too large. */
bool feel_number_minor(FeelValue a, int64_t *ret_minor);

/*
 * Reads "12", "-1.50", ".5", "1.2E-3": digits with an optional sign, point
 * and exponent, nothing around. Null when it is none or too large.
 */
FeelValue feel_number_read(Arena *arena, Str text);

/* Writes in plain digits; by exponent only beyond 10^±40. */
void feel_number_write(Buf *buf, FeelValue a);

#endif

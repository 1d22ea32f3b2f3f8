/*
 * Numbers of columns: whole numbers over a constant unit. What the evaluator
 * for one rounds to 34 digits is a plain fraction here; how far the two can
 * be apart is carried along, and where that could change an answer the
 * household is given up, or the lowering fails.
 */
#include "dmn/column_int.h"

#include <math.h>

#include "feel/number.h"

static const int64_t unit_max = INT64_C(1000000000000000);
static const double relative_error = 1e-33; /* of one rounding to 34 digits */

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* Whether 1/n is a finite decimal. */
static bool finite_decimal(int64_t n)
{
    while (n % 2 == 0) n /= 2;
    while (n % 5 == 0) n /= 5;
    return n == 1;
}

/* A number as numerator / denominator in lowest terms. */
static bool fraction(DmnLow *low, FeelValue number, int64_t *ret_top,
                     int64_t *ret_unit)
{
    Arena *arena = low->eval->run.arena;
    int64_t top, unit = 1;
    FeelValue whole = number;
    while (whole.kind == FEEL_NUMBER && !feel_number_int(whole, &top)) {
        unit *= 10;
        if (unit > unit_max) return false;
        whole = feel_number_multiply(arena, number, feel_number(unit, 0));
    }
    if (whole.kind != FEEL_NUMBER || top == INT64_MIN) return false;
    int64_t divisor = common_divisor(top, unit);
    *ret_top = top / divisor;
    *ret_unit = unit / divisor;
    return true;
}

const Sym *dmn_sym_number(DmnLow *low, FeelValue number)
{
    int64_t top, unit;
    if (!fraction(low, number, &top, &unit)) {
        return dmn_sym_fail(low, "a number of more than 15 decimals");
    }
    return dmn_sym_make(low, (Sym){.kind = SYM_NUMBER,
                                   .at = column_constant(low->graph, top),
                                   .null = dmn_never(low),
                                   .unit = unit});
}

static ColumnRef times(DmnLow *low, ColumnRef at, int64_t factor)
{
    return column_two(low->graph, COLUMN_MULTIPLY, at,
                      column_constant(low->graph, factor));
}

/* Both numbers over one unit. */
bool dmn_sym_align(DmnLow *low, const Sym *a, const Sym *b, ColumnRef ret[2],
                   int64_t *ret_unit)
{
    int64_t unit;
    int64_t divisor = common_divisor(a->unit, b->unit);
    if (__builtin_mul_overflow(a->unit / divisor, b->unit, &unit) ||
        unit > unit_max) {
        dmn_sym_fail(low, "fractions too fine for 64 bits");
        return false;
    }
    ret[0] = times(low, a->at, unit / a->unit);
    ret[1] = times(low, b->at, unit / b->unit);
    *ret_unit = unit;
    return true;
}

static double largest(const DmnLow *low, ColumnRef at, int64_t unit)
{
    ColumnRange range = column_range_of(low->graph, at);
    double down = -(double)range.low, up = (double)range.high;
    return (down > up ? down : up) / (double)unit;
}

SymPrecision dmn_precision_of_two(const Sym *a, const Sym *b)
{
    if (a->precision == SYM_EXACT) return b->precision;
    return b->precision == SYM_EXACT ? a->precision : SYM_ROUGH;
}

/* Whether what is a finite decimal of these has at most 33 digits. */
static bool digits_fit(const DmnLow *low, ColumnRef at, int64_t unit)
{
    int twos = 0, fives = 0;
    double digits = log10(largest(low, at, unit) + 1);
    for (; unit % 2 == 0; unit /= 2) twos++;
    for (; unit % 5 == 0; unit /= 5) fives++;
    return digits + (twos > fives ? twos : fives) <= 32;
}

static const Sym *finished(DmnLow *low, Sym made)
{
    if (!digits_fit(low, made.at, made.unit)) made.precision = SYM_ROUGH;
    if (made.precision != SYM_EXACT) {
        made.error += largest(low, made.at, made.unit) * relative_error;
    }
    return dmn_sym_make(low, made);
}

static const Sym *sum_of(DmnLow *low, FeelOpCode op, const Sym *a, const Sym *b)
{
    ColumnRef at[2];
    Sym made = {.kind = SYM_NUMBER,
                .null = column_or(low->graph, a->null, b->null),
                .precision = dmn_precision_of_two(a, b),
                .error = a->error + b->error};
    if (!dmn_sym_align(low, a, b, at, &made.unit)) return NULL;
    made.at =
        column_two(low->graph, op == FEEL_OP_ADD ? COLUMN_ADD : COLUMN_SUBTRACT,
                   at[0], at[1]);
    return finished(low, made);
}

/* a x top / unit; `divided`: the evaluator for one divides in one step. */
static const Sym *scaled(DmnLow *low, const Sym *a, int64_t top, int64_t unit,
                         bool divided)
{
    Sym made = {.kind = SYM_NUMBER, .null = a->null};
    if (top == 0) {
        made.at = dmn_never(low);
        made.unit = 1;
        return dmn_sym_make(low, made);
    }
    int64_t divisor = common_divisor(top, a->unit);
    int64_t factor = top / divisor;
    if (__builtin_mul_overflow(a->unit / divisor, unit, &made.unit) ||
        made.unit > unit_max) {
        return dmn_sym_fail(low, "fractions too fine for 64 bits");
    }
    made.at = times(low, a->at, factor);
    made.precision = a->precision;
    made.error = a->error * (double)(top < 0 ? -top : top) / (double)unit;
    if (a->precision == SYM_EXACT && !finite_decimal(made.unit)) {
        made.precision = SYM_CLEAN;
    } else if (a->precision == SYM_CLEAN && !divided &&
               !finite_decimal(top < 0 ? -top : top)) {
        made.precision = SYM_ROUGH;
    }
    return finished(low, made);
}

static const Sym *product_of(DmnLow *low, const Sym *a, const Sym *b)
{
    int64_t top;
    if (column_is_constant(low->graph, b->at, &top)) {
        return dmn_sym_with_null(low, scaled(low, a, top, b->unit, false),
                                 b->null);
    }
    if (column_is_constant(low->graph, a->at, &top)) {
        return product_of(low, b, a);
    }
    Sym made = {.kind = SYM_NUMBER,
                .at = column_two(low->graph, COLUMN_MULTIPLY, a->at, b->at),
                .null = column_or(low->graph, a->null, b->null),
                .precision = SYM_EXACT};
    if (a->precision != SYM_EXACT || b->precision != SYM_EXACT) {
        made.precision = SYM_ROUGH;
        made.error = a->error * largest(low, b->at, b->unit) +
                     b->error * largest(low, a->at, a->unit) +
                     a->error * b->error;
    }
    if (__builtin_mul_overflow(a->unit, b->unit, &made.unit) ||
        made.unit > unit_max) {
        return dmn_sym_fail(low, "fractions too fine for 64 bits");
    }
    return finished(low, made);
}

static const Sym *quotient_of(DmnLow *low, const Sym *a, const Sym *b)
{
    int64_t top;
    if (!column_is_constant(low->graph, b->at, &top)) {
        return dmn_sym_fail(low,
                            "a division by what differs between households");
    }
    if (top == 0) return dmn_sym_null(low);
    if (top == INT64_MIN) return dmn_sym_fail(low, "a number too large");
    int64_t unit = top < 0 ? -b->unit : b->unit;
    const Sym *made = scaled(low, a, unit, top < 0 ? -top : top, true);
    return dmn_sym_with_null(low, made, b->null);
}

const Sym *dmn_sym_arithmetic(DmnLow *low, FeelOpCode op, const Sym *a,
                              const Sym *b)
{
    if (a == NULL || b == NULL) return NULL;
    switch ((int)op) {
    case FEEL_OP_ADD:
    case FEEL_OP_SUBTRACT:
        return sum_of(low, op, a, b);
    case FEEL_OP_MULTIPLY:
        return product_of(low, a, b);
    case FEEL_OP_DIVIDE:
        return quotient_of(low, a, b);
    default:
        return dmn_sym_fail(low, "a power");
    }
}

/*
 * Two numbers that are not equal differ by 1/unit at least. That must be
 * more than what rounding can do, or their order would not be known.
 */
static bool orderable(DmnLow *low, const Sym *a, const Sym *b, int64_t unit)
{
    if ((a->error + b->error) * 2 * (double)unit < 1) return true;
    dmn_sym_fail(low, "fractions too fine for 64 bits");
    return false;
}

/* The comparison of two numbers of which none is null; -1: failed. */
ColumnRef dmn_sym_order(DmnLow *low, ColumnOp op, const Sym *a, const Sym *b)
{
    ColumnRef at[2];
    int64_t unit;
    if (!dmn_sym_align(low, a, b, at, &unit)) return -1;
    if (!orderable(low, a, b, unit)) return -1;
    if (dmn_precision_of_two(a, b) == SYM_ROUGH) {
        column_give_up(low->graph,
                       column_two(low->graph, COLUMN_EQUAL, at[0], at[1]));
    }
    return column_two(low->graph, op, at[0], at[1]);
}

const Sym *dmn_sym_extreme(DmnLow *low, const Sym *a, const Sym *b, bool least)
{
    ColumnRef at[2];
    Sym made = {.kind = SYM_NUMBER,
                .null = column_or(low->graph, a->null, b->null),
                .error = a->error > b->error ? a->error : b->error};
    made.precision = a->precision > b->precision ? a->precision : b->precision;
    if (!dmn_sym_align(low, a, b, at, &made.unit)) return NULL;
    if (!orderable(low, a, b, made.unit)) return NULL;
    made.at = column_two(low->graph, least ? COLUMN_LEAST : COLUMN_GREATEST,
                         at[0], at[1]);
    return dmn_sym_make(low, made);
}

static ColumnRef floor_of(DmnLow *low, ColumnRef at, int64_t by)
{
    return column_two(low->graph, COLUMN_DIVIDE, at,
                      column_constant(low->graph, by));
}

static ColumnRef negative(DmnLow *low, ColumnRef at)
{
    return column_two(low->graph, COLUMN_SUBTRACT, dmn_never(low), at);
}

static ColumnRef ceiling_of(DmnLow *low, ColumnRef at, int64_t by)
{
    return negative(low, floor_of(low, negative(low, at), by));
}

static ColumnRef plus(DmnLow *low, ColumnRef at, int64_t more)
{
    return column_two(low->graph, COLUMN_ADD, at,
                      column_constant(low->graph, more));
}

/* For x >= 0: the whole number next to x / by. */
static ColumnRef rounded_up_from(DmnLow *low, ColumnRef x, int64_t by,
                                 FeelRounding rounding)
{
    switch (rounding) {
    case FEEL_HALF_UP:
        return floor_of(low, plus(low, times(low, x, 2), by), 2 * by);
    case FEEL_HALF_DOWN:
        return ceiling_of(low, plus(low, times(low, x, 2), -by), 2 * by);
    case FEEL_UP:
        return ceiling_of(low, x, by);
    case FEEL_HALF_EVEN:
    case FEEL_FLOOR:
    case FEEL_CEILING:
    case FEEL_DOWN:
        break;
    }
    return floor_of(low, x, by);
}

static ColumnRef rounded_even(DmnLow *low, ColumnRef x, int64_t by)
{
    ColumnGraph *graph = low->graph;
    ColumnRef under = floor_of(low, x, by);
    ColumnRef rest =
        column_two(graph, COLUMN_SUBTRACT, times(low, x, 2),
                   times(low, under, 2 * by)); /* 0 <= rest < 2 by */
    ColumnRef half = column_constant(graph, by);
    ColumnRef odd =
        column_two(graph, COLUMN_MODULO, under, column_constant(graph, 2));
    ColumnRef up = column_or(
        graph, column_two(graph, COLUMN_GREATER, rest, half),
        column_and(graph, column_two(graph, COLUMN_EQUAL, rest, half), odd));
    return column_two(graph, COLUMN_ADD, under, up);
}

static ColumnRef rounded(DmnLow *low, ColumnRef x, int64_t by,
                         FeelRounding rounding)
{
    if (by == 1) return x;
    if (rounding == FEEL_FLOOR) return floor_of(low, x, by);
    if (rounding == FEEL_CEILING) return ceiling_of(low, x, by);
    if (rounding == FEEL_HALF_EVEN) return rounded_even(low, x, by);
    ColumnRef positive = rounded_up_from(low, x, by, rounding);
    if (column_range_of(low->graph, x).low >= 0) return positive;
    ColumnRef other =
        negative(low, rounded_up_from(low, negative(low, x), by, rounding));
    ColumnRef below = column_two(low->graph, COLUMN_LESS, x, dmn_never(low));
    return column_make(low->graph, COLUMN_SELECT, below, other, positive);
}

/* Rough numbers are given up where they stand on the edge of rounding. */
static bool roundable(DmnLow *low, const Sym *a, ColumnRef x, int64_t by,
                      int64_t unit, FeelRounding rounding)
{
    if (a->precision == SYM_EXACT) return true;
    if (a->error * 4 * (double)by * (double)unit >= 1) {
        dmn_sym_fail(low, "fractions too fine for 64 bits");
        return false;
    }
    if (a->precision == SYM_CLEAN) return true;
    bool half = rounding == FEEL_HALF_UP || rounding == FEEL_HALF_DOWN ||
                rounding == FEEL_HALF_EVEN;
    ColumnRef twice = half ? plus(low, times(low, x, 2), by) : x;
    ColumnRef rest =
        column_two(low->graph, COLUMN_MODULO, twice,
                   column_constant(low->graph, half ? 2 * by : by));
    column_give_up(low->graph,
                   column_two(low->graph, COLUMN_EQUAL, rest, dmn_never(low)));
    return true;
}

const Sym *dmn_sym_round(DmnLow *low, const Sym *a, int64_t scale,
                         FeelRounding rounding)
{
    if (a == NULL) return NULL;
    if (scale < 0 || scale > 12) {
        return dmn_sym_fail(low, "rounding to other than 0 to 12 decimals");
    }
    int64_t unit = 1;
    for (int64_t i = 0; i < scale; i++) unit *= 10;
    int64_t divisor = common_divisor(unit, a->unit);
    int64_t by = a->unit / divisor;
    ColumnRef x = times(low, a->at, unit / divisor);
    if (!roundable(low, a, x, by, unit, rounding)) return NULL;
    return dmn_sym_make(low, (Sym){.kind = SYM_NUMBER,
                                   .at = rounded(low, x, by, rounding),
                                   .null = a->null,
                                   .unit = unit});
}

const Sym *dmn_sym_modulo(DmnLow *low, const Sym *a, const Sym *b)
{
    ColumnRef at[2];
    int64_t by;
    Sym made = {.kind = SYM_NUMBER,
                .null = column_or(low->graph, a->null, b->null)};
    if (!dmn_sym_align(low, a, b, at, &made.unit)) return NULL;
    if (a->precision != SYM_EXACT || b->precision != SYM_EXACT ||
        !column_is_constant(low->graph, at[1], &by) || by < 0) {
        return dmn_sym_fail(low, "a remainder of this kind");
    }
    if (by == 0) return dmn_sym_null(low);
    made.at = column_two(low->graph, COLUMN_MODULO, at[0], at[1]);
    return dmn_sym_make(low, made);
}

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

static ColumnRef product(DmnLow *low, ColumnRef a, ColumnRef b)
{
    return column_two(low->graph, COLUMN_MULTIPLY, a, b);
}

/* Both numbers over one unit and one column. */
bool dmn_sym_align(DmnLow *low, const Sym *a, const Sym *b, ColumnRef ret[2],
                   Sym *made)
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
    made->unit = unit;
    made->by = a->by;
    if (a->by == b->by) return true;
    ret[0] = product(low, ret[0], b->by);
    ret[1] = product(low, ret[1], a->by);
    made->by = product(low, a->by, b->by);
    return true;
}

static double most_by(const DmnLow *low, const Sym *sym)
{
    return (double)column_range_of(low->graph, sym->by).high;
}

/* The largest number times `by`. */
static double largest(const DmnLow *low, const Sym *sym)
{
    ColumnRange range = column_range_of(low->graph, sym->at);
    double down = -(double)range.low, up = (double)range.high;
    return (down > up ? down : up) / (double)sym->unit;
}

/* What a number is a multiple of is 1 / this, or more. */
static double finest(const DmnLow *low, const Sym *sym)
{
    return (double)sym->unit * most_by(low, sym);
}

/* The error of one of two numbers that were brought over one column. */
double dmn_error_in(const DmnLow *low, const Sym *sym, const Sym *both)
{
    return sym->error * (most_by(low, both) / most_by(low, sym));
}

SymPrecision dmn_precision_of_two(const Sym *a, const Sym *b)
{
    if (a->precision == SYM_EXACT) return b->precision;
    return b->precision == SYM_EXACT ? a->precision : SYM_ROUGH;
}

/* Whether what is a finite decimal of these has at most 33 digits. */
static bool digits_fit(const DmnLow *low, const Sym *sym)
{
    int twos = 0, fives = 0;
    int64_t unit = sym->unit;
    double digits = log10(largest(low, sym) + 1);
    for (; unit % 2 == 0; unit /= 2) twos++;
    for (; unit % 5 == 0; unit /= 5) fives++;
    double by = log2(most_by(low, sym));
    return digits + by + (twos > fives ? twos : fives) <= 32;
}

static const Sym *finished(DmnLow *low, Sym made)
{
    if (!digits_fit(low, &made)) made.precision = SYM_ROUGH;
    if (made.precision != SYM_EXACT) {
        made.error += largest(low, &made) * relative_error;
    }
    return dmn_sym_make(low, made);
}

static const Sym *sum_of(DmnLow *low, FeelOpCode op, const Sym *a, const Sym *b)
{
    ColumnRef at[2];
    Sym made = {.kind = SYM_NUMBER,
                .null = column_or(low->graph, a->null, b->null),
                .precision = dmn_precision_of_two(a, b)};
    if (!dmn_sym_align(low, a, b, at, &made)) return NULL;
    made.error = dmn_error_in(low, a, &made) + dmn_error_in(low, b, &made);
    made.at =
        column_two(low->graph, op == FEEL_OP_ADD ? COLUMN_ADD : COLUMN_SUBTRACT,
                   at[0], at[1]);
    return finished(low, made);
}

/* a x top / unit; `divided`: the evaluator for one divides in one step. */
static const Sym *scaled(DmnLow *low, const Sym *a, int64_t top, int64_t unit,
                         bool divided)
{
    Sym made = {.kind = SYM_NUMBER, .null = a->null, .by = a->by};
    if (top == 0) {
        made.at = dmn_never(low);
        made.unit = 1;
        made.by = DMN_ONE;
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
    if (b->by == DMN_ONE && column_is_constant(low->graph, b->at, &top)) {
        return dmn_sym_with_null(low, scaled(low, a, top, b->unit, false),
                                 b->null);
    }
    if (a->by == DMN_ONE && column_is_constant(low->graph, a->at, &top)) {
        return product_of(low, b, a);
    }
    Sym made = {.kind = SYM_NUMBER,
                .at = product(low, a->at, b->at),
                .by = product(low, a->by, b->by),
                .null = column_or(low->graph, a->null, b->null),
                .precision = SYM_EXACT};
    if (a->precision != SYM_EXACT || b->precision != SYM_EXACT) {
        made.precision = SYM_ROUGH;
        made.error = a->error * largest(low, b) + b->error * largest(low, a) +
                     a->error * b->error;
    }
    if (__builtin_mul_overflow(a->unit, b->unit, &made.unit) ||
        made.unit > unit_max) {
        return dmn_sym_fail(low, "fractions too fine for 64 bits");
    }
    return finished(low, made);
}

/* How far a quotient can be off when its operands are, times what it is
 * divided by. */
static double quotient_error(const DmnLow *low, const Sym *a, const Sym *b)
{
    double least = 1 / finest(low, b); /* of b, where it is not 0 */
    if (b->error * 2 >= least) return HUGE_VAL;
    double part = b->error / (least - b->error); /* of b */
    return (a->error + largest(low, a) * part) * (1 + part) * finest(low, b);
}

/*
 * a / b where b is another one for each row: a fraction by a column, null
 * where that is 0. A quotient that is a finite decimal is one for the
 * evaluator for one too.
 */
static const Sym *quotient_by_column(DmnLow *low, const Sym *a, const Sym *b)
{
    ColumnGraph *graph = low->graph;
    ColumnRef zero = dmn_never(low);
    ColumnRef none = column_two(graph, COLUMN_EQUAL, b->at, zero);
    ColumnRef under = column_two(graph, COLUMN_LESS, b->at, zero);
    int64_t divisor = common_divisor(a->unit, b->unit);
    ColumnRef top = times(low, product(low, a->at, b->by), b->unit / divisor);
    ColumnRef by = product(low, a->by, b->at);
    top = column_make(graph, COLUMN_SELECT, under,
                      column_two(graph, COLUMN_SUBTRACT, zero, top), top);
    by = column_make(graph, COLUMN_SELECT, under,
                     column_two(graph, COLUMN_SUBTRACT, zero, by), by);
    Sym made = {.kind = SYM_NUMBER,
                .at = top,
                .by = column_two(graph, COLUMN_GREATEST, by, dmn_always(low)),
                .unit = a->unit / divisor,
                .null =
                    column_or(graph, column_or(graph, a->null, b->null), none),
                .precision = SYM_CLEAN,
                .error = quotient_error(low, a, b)};
    if (b->precision != SYM_EXACT || a->precision == SYM_ROUGH) {
        made.precision = SYM_ROUGH;
        if (b->precision == SYM_ROUGH) column_give_up(graph, none);
    }
    return finished(low, made);
}

static const Sym *quotient_of(DmnLow *low, const Sym *a, const Sym *b)
{
    int64_t top;
    if (b->by != DMN_ONE || !column_is_constant(low->graph, b->at, &top)) {
        return quotient_by_column(low, a, b);
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
static bool orderable(DmnLow *low, const Sym *a, const Sym *b, const Sym *both)
{
    double error = dmn_error_in(low, a, both) + dmn_error_in(low, b, both);
    if (error * 2 * (double)both->unit < 1) return true;
    dmn_sym_fail(low, "fractions too fine for 64 bits");
    return false;
}

/* The comparison of two numbers of which none is null; -1: failed. */
ColumnRef dmn_sym_order(DmnLow *low, ColumnOp op, const Sym *a, const Sym *b)
{
    ColumnRef at[2];
    Sym both = {.kind = SYM_NUMBER};
    if (!dmn_sym_align(low, a, b, at, &both)) return -1;
    if (!orderable(low, a, b, &both)) return -1;
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
                .null = column_or(low->graph, a->null, b->null)};
    made.precision = a->precision > b->precision ? a->precision : b->precision;
    if (!dmn_sym_align(low, a, b, at, &made)) return NULL;
    if (!orderable(low, a, b, &made)) return NULL;
    made.error = fmax(dmn_error_in(low, a, &made), dmn_error_in(low, b, &made));
    made.at = column_two(low->graph, least ? COLUMN_LEAST : COLUMN_GREATEST,
                         at[0], at[1]);
    return dmn_sym_make(low, made);
}

/* To the floor, by what is at least 1. */
static ColumnRef floor_of(DmnLow *low, ColumnRef at, ColumnRef by)
{
    return column_two(low->graph, COLUMN_QUOTIENT, at, by);
}

static ColumnRef negative(DmnLow *low, ColumnRef at)
{
    return column_two(low->graph, COLUMN_SUBTRACT, dmn_never(low), at);
}

static ColumnRef ceiling_of(DmnLow *low, ColumnRef at, ColumnRef by)
{
    return negative(low, floor_of(low, negative(low, at), by));
}

static ColumnRef plus(DmnLow *low, ColumnRef a, ColumnRef b)
{
    return column_two(low->graph, COLUMN_ADD, a, b);
}

static ColumnRef minus(DmnLow *low, ColumnRef a, ColumnRef b)
{
    return column_two(low->graph, COLUMN_SUBTRACT, a, b);
}

/* For x >= 0: the whole number next to x / by. */
static ColumnRef rounded_up_from(DmnLow *low, ColumnRef x, ColumnRef by,
                                 FeelRounding rounding)
{
    ColumnRef twice = times(low, by, 2);
    switch (rounding) {
    case FEEL_HALF_UP:
        return floor_of(low, plus(low, times(low, x, 2), by), twice);
    case FEEL_HALF_DOWN:
        return ceiling_of(low, minus(low, times(low, x, 2), by), twice);
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

static ColumnRef rounded_even(DmnLow *low, ColumnRef x, ColumnRef by)
{
    ColumnGraph *graph = low->graph;
    ColumnRef under = floor_of(low, x, by);
    ColumnRef rest =
        minus(low, times(low, x, 2), times(low, product(low, under, by), 2));
    ColumnRef odd =
        column_two(graph, COLUMN_MODULO, under, column_constant(graph, 2));
    ColumnRef up = column_or(
        graph, column_two(graph, COLUMN_GREATER, rest, by),
        column_and(graph, column_two(graph, COLUMN_EQUAL, rest, by), odd));
    return plus(low, under, up);
}

static ColumnRef rounded(DmnLow *low, ColumnRef x, ColumnRef by,
                         FeelRounding rounding)
{
    if (by == DMN_ONE) return x;
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
static bool roundable(DmnLow *low, const Sym *a, ColumnRef x, ColumnRef by,
                      int64_t unit, FeelRounding rounding)
{
    int64_t value;
    double parts = (double)a->unit / (double)common_divisor(unit, a->unit);
    if (a->precision == SYM_EXACT) return true;
    if (a->error * 4 * parts * (double)unit >= 1) {
        dmn_sym_fail(low, "fractions too fine for 64 bits");
        return false;
    }
    if (a->precision == SYM_CLEAN) return true;
    bool half = rounding == FEEL_HALF_UP || rounding == FEEL_HALF_DOWN ||
                rounding == FEEL_HALF_EVEN;
    if (half) {
        x = plus(low, times(low, x, 2), by);
        by = times(low, by, 2);
    }
    ColumnRef rest =
        column_is_constant(low->graph, by, &value)
            ? column_two(low->graph, COLUMN_MODULO, x, by)
            : minus(low, x, product(low, floor_of(low, x, by), by));
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
    ColumnRef by = times(low, a->by, a->unit / divisor);
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
    if (!dmn_sym_align(low, a, b, at, &made)) return NULL;
    if (a->precision != SYM_EXACT || b->precision != SYM_EXACT ||
        !column_is_constant(low->graph, at[1], &by) || by < 0) {
        return dmn_sym_fail(low, "a remainder of this kind");
    }
    if (by == 0) return dmn_sym_null(low);
    made.at = column_two(low->graph, COLUMN_MODULO, at[0], at[1]);
    return dmn_sym_make(low, made);
}

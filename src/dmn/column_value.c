/* Equality, order, logic and arithmetic of symbols. */
#include "dmn/column_int.h"

enum { DAY_SECONDS = 86400 };

/* A constant that was computed, kept with the lowering. */
const Sym *dmn_sym_folded(DmnLow *low, FeelValue value)
{
    FeelValue kept;
    if (low->eval->run.full || !feel_copy(low->arena, value, &kept)) {
        return dmn_sym_fail(low, "a constant too large to compute");
    }
    return dmn_sym_constant(low, kept);
}

/* The flag of whether texts of two symbols are the same. */
static ColumnRef same_text(DmnLow *low, const Sym *a, const Sym *b)
{
    ColumnGraph *graph = low->graph;
    ColumnRef same = dmn_never(low);
    for (int32_t i = 0; i < a->texts->count; i++) {
        for (int32_t j = 0; j < b->texts->count; j++) {
            if (!str_equal(a->texts->at[i], b->texts->at[j])) continue;
            ColumnRef is_i = column_two(graph, COLUMN_EQUAL, a->at,
                                        column_constant(graph, i));
            ColumnRef is_j = column_two(graph, COLUMN_EQUAL, b->at,
                                        column_constant(graph, j));
            same = column_or(graph, same, column_and(graph, is_i, is_j));
        }
    }
    return same;
}

/* Whether two values of one kind are equal where neither is null; -1 fails. */
static ColumnRef same_value(DmnLow *low, const Sym *a, const Sym *b)
{
    ColumnGraph *graph = low->graph;
    switch (a->kind) {
    case SYM_NUMBER:
        return dmn_sym_order(low, COLUMN_EQUAL, a, b);
    case SYM_STRING:
        return same_text(low, a, b);
    case SYM_BOOLEAN:
    case SYM_DATE:
    case SYM_SECONDS:
    case SYM_MONTHS:
        return column_two(graph, COLUMN_EQUAL, a->at, b->at);
    case SYM_CONSTANT:
    case SYM_RECORD:
    case SYM_ROW:
    case SYM_LIST:
    case SYM_OPTIONS:
    case SYM_RANGE:
    case SYM_BROKEN:
        break;
    }
    dmn_sym_fail(low, "a comparison of lists or records");
    return -1;
}

/* A list is empty: only that can be asked of lists. */
static const Sym *equal_empty(DmnLow *low, const Sym *list)
{
    const Sym *count = dmn_sym_count(low, list);
    if (count == NULL) return NULL;
    if (count->kind == SYM_CONSTANT) {
        return dmn_sym_constant(
            low, feel_equal(&low->eval->run, count->value, feel_number(0, 0)));
    }
    ColumnRef empty =
        column_two(low->graph, COLUMN_EQUAL, count->at, dmn_never(low));
    empty = column_and(low->graph, empty, column_not(low->graph, list->null));
    return dmn_sym_boolean(low, empty, dmn_never(low));
}

static bool is_empty_list(const Sym *sym)
{
    return sym->kind == SYM_CONSTANT && sym->value.kind == FEEL_LIST &&
           sym->value.count == 0;
}

/* Null equals null and nothing else; other kinds cannot be compared. */
const Sym *dmn_sym_equal(DmnLow *low, const Sym *a, const Sym *b)
{
    if (a == NULL || b == NULL) return NULL;
    ColumnGraph *graph = low->graph;
    if (a->kind == SYM_CONSTANT && b->kind == SYM_CONSTANT) {
        return dmn_sym_constant(
            low, feel_equal(&low->eval->run, a->value, b->value));
    }
    if (dmn_sym_is_null(a) || dmn_sym_is_null(b)) {
        return dmn_sym_boolean(low, dmn_sym_is_null(a) ? b->null : a->null,
                               dmn_never(low));
    }
    if (is_empty_list(a) && dmn_sym_kind(b) == FEEL_LIST) {
        return equal_empty(low, b);
    }
    if (is_empty_list(b) && dmn_sym_kind(a) == FEEL_LIST) {
        return equal_empty(low, a);
    }
    ColumnRef both = column_and(graph, a->null, b->null);
    ColumnRef neither = column_and(graph, column_not(graph, a->null),
                                   column_not(graph, b->null));
    if (dmn_sym_kind(a) != dmn_sym_kind(b)) {
        return dmn_sym_boolean(low, both, neither);
    }
    a = dmn_sym_typed(low, a);
    b = dmn_sym_typed(low, b);
    if (a == NULL || b == NULL) return NULL;
    ColumnRef same = same_value(low, a, b);
    if (same < 0) return NULL;
    return dmn_sym_boolean(
        low, column_or(graph, both, column_and(graph, neither, same)),
        dmn_never(low));
}

static ColumnRef either_null(DmnLow *low, const Sym *a, const Sym *b)
{
    return column_or(low->graph, a->null, b->null);
}

/* A flag that holds where neither is null, and is null elsewhere. */
static const Sym *known(DmnLow *low, const Sym *a, const Sym *b, ColumnRef at)
{
    ColumnRef null = either_null(low, a, b);
    at = column_and(low->graph, at, column_not(low->graph, null));
    return dmn_sym_boolean(low, at, null);
}

const Sym *dmn_sym_compare(DmnLow *low, ColumnOp op, const Sym *a, const Sym *b)
{
    if (a == NULL || b == NULL) return NULL;
    FeelKind kind = dmn_sym_kind(a);
    if (kind != dmn_sym_kind(b)) return dmn_sym_null(low);
    bool ordered = kind == FEEL_NUMBER || kind == FEEL_DATE ||
                   kind == FEEL_MONTHS_DURATION || kind == FEEL_DAYS_DURATION;
    if (kind == FEEL_STRING) return dmn_sym_fail(low, "an order of texts");
    if (!ordered) return dmn_sym_null(low);
    a = dmn_sym_typed(low, a);
    b = dmn_sym_typed(low, b);
    if (a == NULL || b == NULL) return NULL;
    ColumnRef at = kind == FEEL_NUMBER
                       ? dmn_sym_order(low, op, a, b)
                       : column_two(low->graph, op, a->at, b->at);
    return at < 0 ? NULL : known(low, a, b, at);
}

static const Sym *days_between(DmnLow *low, const Sym *a, const Sym *b)
{
    ColumnGraph *graph = low->graph;
    ColumnRef days = column_two(graph, COLUMN_SUBTRACT, a->at, b->at);
    return dmn_sym_make(
        low, (Sym){.kind = SYM_SECONDS,
                   .at = column_two(graph, COLUMN_MULTIPLY, days,
                                    column_constant(graph, DAY_SECONDS)),
                   .null = either_null(low, a, b)});
}

/* A day and whole days; what is less than a day away needs a clock. */
static const Sym *day_and_days(DmnLow *low, ColumnOp op, const Sym *day,
                               const Sym *duration)
{
    int64_t seconds;
    if (!column_is_constant(low->graph, duration->at, &seconds) ||
        seconds % DAY_SECONDS != 0) {
        return dmn_sym_fail(low, "a date and a duration of this kind");
    }
    return dmn_sym_make(
        low, (Sym){.kind = SYM_DATE,
                   .at = column_two(
                       low->graph, op, day->at,
                       column_constant(low->graph, seconds / DAY_SECONDS)),
                   .null = either_null(low, day, duration)});
}

/* A day some months later, or the last of that month. */
static const Sym *day_and_months(DmnLow *low, FeelOpCode code, const Sym *day,
                                 const Sym *months)
{
    ColumnRef at = months->at;
    if (code == FEEL_OP_SUBTRACT) {
        at = column_two(low->graph, COLUMN_SUBTRACT, dmn_never(low), at);
    }
    return dmn_sym_make(
        low, (Sym){.kind = SYM_DATE,
                   .at = column_two(low->graph, COLUMN_LATER, day->at, at),
                   .null = either_null(low, day, months)});
}

static const Sym *temporal_sum(DmnLow *low, FeelOpCode code, const Sym *a,
                               const Sym *b)
{
    ColumnOp op = code == FEEL_OP_ADD ? COLUMN_ADD : COLUMN_SUBTRACT;
    if (code == FEEL_OP_SUBTRACT && a->kind == SYM_DATE &&
        b->kind == SYM_DATE) {
        return days_between(low, a, b);
    }
    if (a->kind == SYM_DATE && b->kind == SYM_SECONDS) {
        return day_and_days(low, op, a, b);
    }
    if (a->kind == SYM_DATE && b->kind == SYM_MONTHS) {
        return day_and_months(low, code, a, b);
    }
    if (code == FEEL_OP_ADD && a->kind == SYM_MONTHS && b->kind == SYM_DATE) {
        return day_and_months(low, code, b, a);
    }
    if (code == FEEL_OP_ADD && a->kind == SYM_SECONDS && b->kind == SYM_DATE) {
        return day_and_days(low, op, b, a);
    }
    bool durations = a->kind == SYM_SECONDS || a->kind == SYM_MONTHS;
    if (durations && a->kind == b->kind) {
        return dmn_sym_make(
            low, (Sym){.kind = a->kind,
                       .at = column_two(low->graph, op, a->at, b->at),
                       .null = either_null(low, a, b)});
    }
    return dmn_sym_fail(low, "a sum of dates and durations of this kind");
}

static bool temporal(const Sym *sym)
{
    FeelKind kind = dmn_sym_kind(sym);
    return kind >= FEEL_DATE && kind <= FEEL_MONTHS_DURATION;
}

/* One duration as a multiple of another of its kind. */
static const Sym *ratio(DmnLow *low, const Sym *a, const Sym *b)
{
    if (a->kind != b->kind ||
        (a->kind != SYM_SECONDS && a->kind != SYM_MONTHS)) {
        return dmn_sym_fail(low, "a part of a date or duration");
    }
    Sym x = {.kind = SYM_NUMBER, .at = a->at, .null = a->null, .unit = 1};
    Sym y = {.kind = SYM_NUMBER, .at = b->at, .null = b->null, .unit = 1};
    return dmn_sym_arithmetic(low, FEEL_OP_DIVIDE, &x, &y);
}

/* Texts of two dictionaries behind each other: those of all pairs. */
static const Sym *put_together(DmnLow *low, const Sym *a, const Sym *b)
{
    a = dmn_sym_typed(low, a);
    b = dmn_sym_typed(low, b);
    if (a == NULL || b == NULL) return NULL;
    int32_t count = a->texts->count * b->texts->count;
    if (count > DMN_TEXTS_MAX) {
        return dmn_sym_fail(low, "too many texts that are put together");
    }
    SymTexts *texts = arena_try(low->arena, 1, sizeof *texts);
    Str *all = arena_try(low->arena, (size_t)count + 1, sizeof *all);
    for (int32_t i = 0; all != NULL && i < count; i++) {
        Str x = a->texts->at[i / b->texts->count];
        Str y = b->texts->at[i % b->texts->count];
        char *text = arena_try(low->arena, x.bytes + y.bytes + 1, 1);
        if (text == NULL) return dmn_sym_fail(low, "the model is too large");
        if (x.bytes > 0) memcpy(text, x.at, x.bytes);
        if (y.bytes > 0) memcpy(text + x.bytes, y.at, y.bytes);
        all[i] = (Str){text, x.bytes + y.bytes};
    }
    if (texts == NULL || all == NULL) {
        return dmn_sym_fail(low, "the model is too large");
    }
    *texts = (SymTexts){all, count};
    ColumnRef first = column_two(low->graph, COLUMN_MULTIPLY, a->at,
                                 column_constant(low->graph, b->texts->count));
    return dmn_sym_make(
        low, (Sym){.kind = SYM_STRING,
                   .at = column_two(low->graph, COLUMN_ADD, first, b->at),
                   .null = either_null(low, a, b),
                   .texts = texts});
}

static const Sym *arithmetic(DmnLow *low, FeelOpCode code, const Sym *a,
                             const Sym *b)
{
    if (dmn_sym_is_null(a) || dmn_sym_is_null(b)) return dmn_sym_null(low);
    FeelKind x = dmn_sym_kind(a), y = dmn_sym_kind(b);
    bool numbers = x == FEEL_NUMBER && y == FEEL_NUMBER;
    bool times = temporal(a) || temporal(b);
    bool texts = x == FEEL_STRING && y == FEEL_STRING;
    if (texts && code == FEEL_OP_ADD) {
        return put_together(low, a, b);
    }
    if (!numbers && !times) return dmn_sym_null(low);
    a = dmn_sym_typed(low, a);
    b = dmn_sym_typed(low, b);
    if (a == NULL || b == NULL) return NULL;
    if (numbers) return dmn_sym_arithmetic(low, code, a, b);
    if (code == FEEL_OP_ADD || code == FEEL_OP_SUBTRACT) {
        return temporal_sum(low, code, a, b);
    }
    if (code == FEEL_OP_DIVIDE) return ratio(low, a, b);
    return dmn_sym_fail(low, "a multiple of a duration");
}

static const Sym *negated(DmnLow *low, const Sym *a)
{
    SymKind kind = a->kind;
    if (kind != SYM_NUMBER && kind != SYM_SECONDS && kind != SYM_MONTHS) {
        return dmn_sym_null(low);
    }
    Sym made = *a;
    made.at = column_two(low->graph, COLUMN_SUBTRACT, dmn_never(low), a->at);
    return dmn_sym_make(low, made);
}

static const Sym *logic(DmnLow *low, FeelOpCode code, const Sym *a,
                        const Sym *b)
{
    ColumnGraph *graph = low->graph;
    ColumnRef true_a, null_a, true_b, null_b;
    dmn_sym_truth(low, a, &true_a, &null_a);
    dmn_sym_truth(low, b, &true_b, &null_b);
    ColumnRef null = column_or(graph, null_a, null_b);
    if (code == FEEL_OP_OR) {
        ColumnRef at = column_or(graph, true_a, true_b);
        return dmn_sym_boolean(low, at,
                               column_and(graph, null, column_not(graph, at)));
    }
    ColumnRef false_a = column_not(graph, column_or(graph, true_a, null_a));
    ColumnRef false_b = column_not(graph, column_or(graph, true_b, null_b));
    ColumnRef no = column_or(graph, false_a, false_b);
    return dmn_sym_boolean(low, column_and(graph, true_a, true_b),
                           column_and(graph, null, column_not(graph, no)));
}

static const Sym *inverse(DmnLow *low, const Sym *a)
{
    ColumnRef at, null;
    dmn_sym_truth(low, a, &at, &null);
    at = column_not(low->graph, column_or(low->graph, at, null));
    return dmn_sym_boolean(low, at, null);
}

static const Sym *truth(DmnLow *low, const Sym *a)
{
    return dmn_sym_kind(a) == FEEL_BOOLEAN ? a : dmn_sym_null(low);
}

static const Sym *constant_range(DmnLow *low, const FeelRange *range, Sym made)
{
    const Sym **parts = arena_try(low->arena, 2, sizeof *parts);
    if (parts == NULL) return dmn_sym_fail(low, "the model is too large");
    parts[0] = dmn_sym_constant(low, range->low);
    parts[1] = dmn_sym_constant(low, range->high);
    made.flags = (uint16_t)((range->low_open ? FEEL_RANGE_LOW_OPEN : 0) |
                            (range->high_open ? FEEL_RANGE_HIGH_OPEN : 0) |
                            (range->low_closed ? FEEL_RANGE_LOW_CLOSED : 0) |
                            (range->high_closed ? FEEL_RANGE_HIGH_CLOSED : 0) |
                            (range->equal ? FEEL_RANGE_EQUAL : 0) |
                            (range->not_equal ? FEEL_RANGE_NOT_EQUAL : 0));
    made.parts = parts;
    return parts[0] == NULL || parts[1] == NULL ? NULL
                                                : dmn_sym_make(low, made);
}

static const Sym *range_of(DmnLow *low, const FeelOp *op, const Sym *a,
                           const Sym *b)
{
    const Sym **parts = arena_try(low->arena, 2, sizeof *parts);
    if (parts == NULL) return dmn_sym_fail(low, "the model is too large");
    bool certain = dmn_ref_is(low, a->null, 0) && dmn_ref_is(low, b->null, 0);
    bool half = (op->flag & (FEEL_RANGE_LOW_OPEN | FEEL_RANGE_HIGH_OPEN)) != 0;
    if (!half && (!certain || dmn_sym_kind(a) != dmn_sym_kind(b))) {
        return dmn_sym_fail(low, "a range whose ends may be null");
    }
    parts[0] = a;
    parts[1] = b;
    return dmn_sym_make(low, (Sym){.kind = SYM_RANGE,
                                   .null = dmn_never(low),
                                   .parts = parts,
                                   .flags = op->flag});
}

/* Whether a range contains a value; null when that cannot be said. */
const Sym *dmn_sym_contains(DmnLow *low, const Sym *range, const Sym *value)
{
    if (range == NULL || value == NULL) return NULL;
    if (dmn_sym_is_null(value)) return value;
    if (range->kind == SYM_CONSTANT) {
        range = constant_range(low, range->value.as.range,
                               (Sym){.kind = SYM_RANGE, .null = range->null});
        if (range == NULL) return NULL;
    }
    const Sym *both = dmn_sym_constant(low, feel_boolean(true));
    if ((range->flags & FEEL_RANGE_NOT_EQUAL) != 0) {
        const Sym *same = dmn_sym_equal(low, value, range->parts[0]);
        if (same == NULL) return NULL;
        return dmn_sym_with_null(low, inverse(low, same), value->null);
    }
    if ((range->flags & FEEL_RANGE_LOW_OPEN) == 0) {
        bool closed = (range->flags & FEEL_RANGE_LOW_CLOSED) != 0;
        both =
            dmn_sym_compare(low, closed ? COLUMN_GREATER_EQUAL : COLUMN_GREATER,
                            value, range->parts[0]);
    }
    if (both == NULL) return NULL;
    if ((range->flags & FEEL_RANGE_HIGH_OPEN) == 0) {
        bool closed = (range->flags & FEEL_RANGE_HIGH_CLOSED) != 0;
        const Sym *under =
            dmn_sym_compare(low, closed ? COLUMN_LESS_EQUAL : COLUMN_LESS,
                            value, range->parts[1]);
        if (under == NULL) return NULL;
        if (dmn_sym_is_null(both) || dmn_sym_is_null(under)) {
            return dmn_sym_null(low); /* one end cannot be compared */
        }
        both =
            dmn_sym_with_null(low, logic(low, FEEL_OP_AND, both, under),
                              column_or(low->graph, both->null, under->null));
    }
    return dmn_sym_with_null(low, both, value->null);
}

/* One of a list of tests: null only where the value is null. */
static const Sym *tested_list(DmnLow *low, const Sym *value, const Sym *other)
{
    const Sym *list = dmn_sym_as_options(low, other);
    ColumnRef any = dmn_never(low), null = dmn_never(low);
    if (list == NULL) return NULL;
    if (dmn_sym_kind(value) == FEEL_LIST) {
        return dmn_sym_fail(low, "a list among lists");
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const Sym *item = list->parts[i];
        if (dmn_sym_kind(item) == FEEL_LIST ||
            !dmn_ref_is(low, list->masks[i], 1)) {
            return dmn_sym_fail(low, "a list among lists");
        }
        const Sym *held = dmn_sym_kind(item) == FEEL_RANGE
                              ? dmn_sym_contains(low, item, value)
                              : dmn_sym_equal(low, value, item);
        if (held == NULL) return NULL;
        ColumnRef at, unknown;
        dmn_sym_truth(low, held, &at, &unknown);
        any = column_or(low->graph, any, at);
        null = column_or(low->graph, null, unknown);
    }
    null = column_and(low->graph, null, value->null);
    return dmn_sym_boolean(
        low, any, column_and(low->graph, null, column_not(low->graph, any)));
}

/* A cell of a table: a range, a list of tests, what is true or a value. */
static const Sym *tested(DmnLow *low, const Sym *value, const Sym *other)
{
    FeelKind x = dmn_sym_kind(value), y = dmn_sym_kind(other);
    if (y == FEEL_RANGE && x != FEEL_RANGE) {
        return dmn_sym_contains(low, other, value);
    }
    if (y == FEEL_LIST) return tested_list(low, value, other);
    if (y == FEEL_BOOLEAN && x != FEEL_BOOLEAN) {
        if (x == FEEL_NULL) return dmn_sym_equal(low, value, other);
        if (dmn_ref_is(low, value->null, 0)) {
            if (dmn_ref_is(low, other->null, 0)) return other;
            return dmn_sym_fail(low, "a test that may be null");
        }
        /* where the value is null, null is compared with the boolean */
        return dmn_sym_select(low, value->null,
                              dmn_sym_equal(low, dmn_sym_null(low), other),
                              other);
    }
    return dmn_sym_equal(low, value, other);
}

static ColumnOp order_of(uint8_t code)
{
    switch (code) {
    case FEEL_OP_LESS:
        return COLUMN_LESS;
    case FEEL_OP_LESS_EQUAL:
        return COLUMN_LESS_EQUAL;
    case FEEL_OP_GREATER:
        return COLUMN_GREATER;
    default:
        return COLUMN_GREATER_EQUAL;
    }
}

static const Sym *applied(DmnLow *low, const FeelOp *op, const Sym *a,
                          const Sym *b)
{
    switch (op->code) {
    case FEEL_OP_ADD:
    case FEEL_OP_SUBTRACT:
    case FEEL_OP_MULTIPLY:
    case FEEL_OP_DIVIDE:
    case FEEL_OP_POWER:
        return arithmetic(low, (FeelOpCode)op->code, a, b);
    case FEEL_OP_NEGATE:
        return negated(low, a);
    case FEEL_OP_LESS:
    case FEEL_OP_LESS_EQUAL:
    case FEEL_OP_GREATER:
    case FEEL_OP_GREATER_EQUAL:
        return dmn_sym_compare(low, order_of(op->code), a, b);
    case FEEL_OP_EQUAL:
        return dmn_sym_equal(low, a, b);
    case FEEL_OP_NOT_EQUAL:
        a = dmn_sym_equal(low, a, b);
        return a == NULL ? NULL : inverse(low, a);
    case FEEL_OP_AND:
    case FEEL_OP_OR:
        return logic(low, (FeelOpCode)op->code, a, b);
    case FEEL_OP_NOT:
        return inverse(low, a);
    case FEEL_OP_TRUTH:
        return truth(low, a);
    case FEEL_OP_TEST:
        return tested(low, a, b);
    case FEEL_OP_RANGE:
        return range_of(low, op, a, b);
    default:
        return dmn_sym_fail(low, "an operation of this kind");
    }
}

/* An operation of one or two values; of constants by the evaluator for one. */
const Sym *dmn_sym_apply(DmnLow *low, const FeelOp *op, const Sym *a,
                         const Sym *b)
{
    if (a == NULL || b == NULL) return NULL;
    if (a->kind == SYM_CONSTANT && b->kind == SYM_CONSTANT) {
        return dmn_sym_folded(
            low, feel_run_apply(&low->eval->run, op, a->value, b->value));
    }
    return applied(low, op, a, b);
}

/*
 * What single operations do with values: equality, order, tests, ranges,
 * fields, arithmetic of mixed kinds.
 */
#include "feel/node_int.h"
#include "feel/number.h"
#include "feel/run_int.h"
#include "feel/temporal.h"

enum {
    COMPARE_DEPTH_MAX = 64,
    PARTS_A_STEP = 8, /* of a value that is looked at for one step */
    BYTES_A_STEP = 64
};

static FeelValue equal_nested(FeelValue a, FeelValue b, int depth,
                              int64_t *left);

static FeelValue equal_lists(FeelValue a, FeelValue b, int depth, int64_t *left)
{
    if (a.count != b.count) return feel_boolean(false);
    for (uint32_t i = 0; i < a.count; i++) {
        FeelValue same =
            equal_nested(a.as.items[i], b.as.items[i], depth + 1, left);
        if (!feel_is_true(same)) return same;
    }
    return feel_boolean(true);
}

/* Entries of equal contexts mostly stand in the same order. */
static int32_t same_entry(const FeelRecord *a, const FeelRecord *b, uint32_t i,
                          int64_t *left)
{
    Str name = a->shape->names[i];
    if (str_equal(b->shape->names[i], name)) return (int32_t)i;
    *left -= b->shape->count;
    return feel_shape_find(b->shape, name);
}

static FeelValue equal_records(const FeelRecord *a, const FeelRecord *b,
                               int depth, int64_t *left)
{
    if (a->shape->count != b->shape->count) return feel_boolean(false);
    for (uint32_t i = 0; i < a->shape->count; i++) {
        int32_t at = same_entry(a, b, i, left);
        if (at < 0) return feel_boolean(false);
        FeelValue same =
            equal_nested(a->fields[i], b->fields[at], depth + 1, left);
        if (!feel_is_true(same)) return same;
    }
    return feel_boolean(true);
}

static FeelValue equal_nested(FeelValue a, FeelValue b, int depth,
                              int64_t *left)
{
    if (--*left < 0) return feel_null();
    if (a.kind == FEEL_NULL || b.kind == FEEL_NULL) {
        return feel_boolean(a.kind == b.kind);
    }
    if (a.kind != b.kind || depth > COMPARE_DEPTH_MAX) return feel_null();
    switch ((FeelKind)a.kind) {
    case FEEL_NUMBER:
        return feel_boolean(feel_number_compare(a, b) == 0);
    case FEEL_TIME:
    case FEEL_DATE_TIME: {
        int order;
        return feel_boolean(feel_temporal_compare(a, b, &order) && order == 0);
    }
    case FEEL_LIST:
        return equal_lists(a, b, depth, left);
    case FEEL_CONTEXT:
        return equal_records(a.as.record, b.as.record, depth, left);
    case FEEL_FUNCTION:
        return feel_null();
    case FEEL_STRING:
        *left -= a.count / (BYTES_A_STEP / PARTS_A_STEP);
        break;
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_DATE:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_RANGE:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return feel_boolean(feel_same(a, b));
}

/*
 * Values may share parts, so that a small one can be read as a huge tree:
 * what is looked at is taken off the budget.
 */
FeelValue feel_equal(FeelRun *run, FeelValue a, FeelValue b)
{
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) {
        return feel_boolean(feel_number_compare(a, b) == 0);
    }
    int64_t budget = run->steps_left < INT64_MAX / PARTS_A_STEP
                         ? run->steps_left * PARTS_A_STEP + PARTS_A_STEP
                         : INT64_MAX;
    int64_t left = budget;
    FeelValue same = equal_nested(a, b, 0, &left);
    if (!feel_run_spend(run, (budget - left) / PARTS_A_STEP)) {
        return feel_null();
    }
    return same;
}

bool feel_order(FeelRun *run, FeelValue a, FeelValue b, int *ret)
{
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) {
        *ret = feel_number_compare(a, b);
        return true;
    }
    if (a.kind == FEEL_STRING && b.kind == FEEL_STRING) {
        uint32_t least = a.count < b.count ? a.count : b.count;
        *ret = str_compare(feel_text(a), feel_text(b));
        return feel_run_spend(run, least / BYTES_A_STEP);
    }
    if (a.kind != b.kind) return false;
    return feel_temporal_compare(a, b, ret);
}

FeelValue feel_range_contains(FeelRun *run, const FeelRange *range,
                              FeelValue value)
{
    if (value.kind == FEEL_NULL) return feel_null();
    if (range->not_equal) {
        FeelValue same = feel_equal(run, value, range->low);
        if (same.kind != FEEL_BOOLEAN) return same;
        return feel_boolean(!same.as.whole);
    }
    int low = 1, high = -1;
    if (!range->low_open && !feel_order(run, value, range->low, &low)) {
        return feel_null();
    }
    if (!range->high_open && !feel_order(run, value, range->high, &high)) {
        return feel_null();
    }
    bool above = low > 0 || (low == 0 && range->low_closed);
    bool below = high < 0 || (high == 0 && range->high_closed);
    return feel_boolean(above && below);
}

/* Whether one item of a list of tests holds for the value. */
static FeelValue test_item(FeelRun *run, FeelValue value, FeelValue item)
{
    if (item.kind == FEEL_RANGE && value.kind != FEEL_RANGE) {
        return feel_range_contains(run, item.as.range, value);
    }
    if (item.kind == FEEL_LIST && value.kind != FEEL_LIST) {
        for (uint32_t i = 0; i < item.count && !run->full; i++) {
            if (feel_is_true(feel_equal(run, value, item.as.items[i]))) {
                return feel_boolean(true);
            }
        }
        return feel_boolean(false);
    }
    return feel_equal(run, value, item);
}

/* In a list of tests one that holds is enough. */
static FeelValue test_list(FeelRun *run, FeelValue value, FeelValue list)
{
    FeelValue result = feel_boolean(false);
    if (value.kind == FEEL_LIST && feel_is_true(feel_equal(run, value, list))) {
        return feel_boolean(true);
    }
    if (!feel_run_spend(run, list.count / PARTS_A_STEP)) return feel_null();
    for (uint32_t i = 0; i < list.count && !run->full; i++) {
        FeelValue held = test_item(run, value, list.as.items[i]);
        if (feel_is_true(held)) return held;
        if (held.kind == FEEL_NULL && value.kind == FEEL_NULL) result = held;
    }
    return result;
}

static FeelValue test(FeelRun *run, FeelValue value, FeelValue other)
{
    if (other.kind == FEEL_RANGE && value.kind != FEEL_RANGE) {
        return feel_range_contains(run, other.as.range, value);
    }
    if (other.kind == FEEL_LIST) return test_list(run, value, other);
    if (other.kind == FEEL_BOOLEAN && value.kind != FEEL_BOOLEAN &&
        value.kind != FEEL_NULL) {
        return other;
    }
    return feel_equal(run, value, other);
}

FeelValue feel_run_range(FeelRun *run, FeelValue low, FeelValue high,
                         uint16_t flag)
{
    FeelRange *range = arena_try(run->arena, 1, sizeof *range);
    if (range == NULL) {
        run->full = true;
        return feel_null();
    }
    int order;
    bool half = (flag & (FEEL_RANGE_LOW_OPEN | FEEL_RANGE_HIGH_OPEN)) != 0;
    bool nulls = low.kind == FEEL_NULL || high.kind == FEEL_NULL;
    if (low.kind == FEEL_NULL && high.kind == FEEL_NULL) {
        return feel_run_blame(run, "feel.range", low, high);
    }
    if (!half && !nulls && !(flag & FEEL_RANGE_NOT_EQUAL) &&
        low.kind != FEEL_BOOLEAN && !feel_order(run, low, high, &order)) {
        if (!feel_is_true(feel_equal(run, low, high))) {
            return feel_run_blame(run, "feel.range", low, high);
        }
    }
    range->low_open = (flag & FEEL_RANGE_LOW_OPEN) != 0;
    range->high_open = (flag & FEEL_RANGE_HIGH_OPEN) != 0;
    range->low_closed = (flag & FEEL_RANGE_LOW_CLOSED) != 0;
    range->high_closed = (flag & FEEL_RANGE_HIGH_CLOSED) != 0;
    range->equal = (flag & FEEL_RANGE_EQUAL) != 0;
    range->not_equal = (flag & FEEL_RANGE_NOT_EQUAL) != 0;
    range->low = range->low_open ? feel_null() : low;
    range->high = range->high_open ? feel_null() : high;
    return (FeelValue){.kind = FEEL_RANGE, .as.range = range};
}

static FeelValue range_field(const FeelRange *range, Str name)
{
    if (str_is(name, "start")) return range->low;
    if (str_is(name, "end")) return range->high;
    if (str_is(name, "start included")) {
        return feel_boolean(range->low_closed);
    }
    if (str_is(name, "end included")) return feel_boolean(range->high_closed);
    return feel_null();
}

static FeelValue list_field(FeelRun *run, FeelValue list, Str name)
{
    FeelValue *items = feel_run_values(run, list.count);
    if (items == NULL || !feel_run_spend(run, list.count / PARTS_A_STEP)) {
        return feel_null();
    }
    /* Items mostly have one shape, and the field its place in it. */
    const FeelShape *shape = NULL;
    int32_t at = -1;
    for (uint32_t i = 0; i < list.count; i++) {
        FeelValue item = list.as.items[i];
        bool record = item.kind == FEEL_CONTEXT;
        if (record && item.as.record->shape != shape) {
            shape = item.as.record->shape;
            at = feel_shape_find(shape, name);
            feel_run_spend(run, shape->count / PARTS_A_STEP);
        }
        items[i] = record && at >= 0        ? item.as.record->fields[at]
                   : item.kind == FEEL_LIST ? feel_null()
                                            : feel_run_field(run, item, name);
    }
    return feel_list(items, list.count);
}

FeelValue feel_run_field(FeelRun *run, FeelValue value, Str name)
{
    if (value.kind == FEEL_CONTEXT) {
        const FeelRecord *record = value.as.record;
        feel_run_spend(run, record->shape->count / PARTS_A_STEP);
        int32_t at = feel_shape_find(record->shape, name);
        if (at >= 0) return record->fields[at];
    } else if (value.kind == FEEL_LIST) {
        return list_field(run, value, name);
    } else if (value.kind == FEEL_RANGE) {
        return range_field(value.as.range, name);
    } else if (value.kind != FEEL_NULL) {
        FeelValue found = feel_temporal_property(value, name);
        if (found.kind != FEEL_NULL) return found;
    }
    return feel_run_blame_field(run, value, name);
}

/* Says which positions there are. */
static FeelValue no_item(FeelRun *run, FeelValue list, FeelValue index)
{
    if (!run->wordy) return feel_run_fail(run, "feel.index", NULL);
    char count[16];
    snprintf(count, sizeof count, "%u",
             list.kind == FEEL_LIST ? list.count : 1u);
    bool empty = list.kind == FEEL_LIST && list.count == 0;
    return feel_run_blame_one(run, empty ? "feel.index_empty" : "feel.index",
                              str_of(count), index);
}

FeelValue feel_run_index(FeelRun *run, FeelValue list, FeelValue index)
{
    int64_t at;
    if (index.kind != FEEL_NUMBER || !feel_number_int(index, &at)) {
        return no_item(run, list, index);
    }
    if (list.kind != FEEL_LIST) {
        if (at == 1 || at == -1) return list;
        return no_item(run, list, index);
    }
    if (at < 0) at += (int64_t)list.count + 1;
    if (at < 1 || at > list.count) return no_item(run, list, index);
    return list.as.items[at - 1];
}

static FeelValue join_strings(FeelRun *run, FeelValue a, FeelValue b)
{
    size_t bytes = (size_t)a.count + b.count;
    if (!feel_run_spend(run, (int64_t)bytes / BYTES_A_STEP)) {
        return feel_null();
    }
    char *text =
        bytes > FEEL_TEXT_MAX ? NULL : arena_try_raw(run->arena, bytes + 1, 1);
    if (text == NULL) return feel_run_exhausted(run, "memory");
    if (a.count > 0) memcpy(text, a.as.text, a.count);
    if (b.count > 0) memcpy(text + a.count, b.as.text, b.count);
    return feel_string((Str){text, bytes});
}

/* A named zone is read from its file each time. */
static bool spend_zone(FeelRun *run, FeelValue a, FeelValue b)
{
    bool zoned = feel_in_zone(a) || feel_in_zone(b);
    return !zoned || feel_run_spend(run, FEEL_ZONE_STEPS);
}

/* What an operation takes, beside what it was given. */
static FeelValue misapplied(FeelRun *run, uint8_t code, FeelValue a,
                            FeelValue b)
{
    static const char *const keys[FEEL_OP_COUNT] = {
        [FEEL_OP_ADD] = "feel.add",
        [FEEL_OP_SUBTRACT] = "feel.subtract",
        [FEEL_OP_MULTIPLY] = "feel.multiply",
        [FEEL_OP_DIVIDE] = "feel.divide",
        [FEEL_OP_POWER] = "feel.power"};
    bool number = b.kind == FEEL_NUMBER;
    if (code == FEEL_OP_DIVIDE && number && a.kind != FEEL_NULL &&
        feel_same(b, feel_number(0, 0))) {
        return feel_run_blame(run, "feel.zero_divisor", a, b);
    }
    if (a.kind == FEEL_NUMBER && number) {
        return feel_run_blame(run, "feel.no_number", a, b);
    }
    return feel_run_blame(run, keys[code], a, b);
}

static FeelValue arithmetic(FeelRun *run, uint8_t code, FeelValue a,
                            FeelValue b)
{
    bool numbers = a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER;
    FeelValue result = feel_null();
    if (!numbers && !spend_zone(run, a, b)) return result;
    switch (code) {
    case FEEL_OP_ADD:
        if (a.kind == FEEL_STRING && b.kind == FEEL_STRING) {
            return join_strings(run, a, b);
        }
        result = numbers ? feel_number_add(run->arena, a, b)
                         : feel_temporal_add(run->arena, a, b);
        break;
    case FEEL_OP_SUBTRACT:
        result = numbers ? feel_number_subtract(run->arena, a, b)
                         : feel_temporal_subtract(run->arena, a, b);
        break;
    case FEEL_OP_MULTIPLY:
        result = numbers ? feel_number_multiply(run->arena, a, b)
                         : feel_temporal_multiply(run->arena, a, b);
        break;
    case FEEL_OP_DIVIDE:
        result = numbers ? feel_number_divide(run->arena, a, b)
                         : feel_temporal_divide(run->arena, a, b);
        break;
    default:
        if (numbers) result = feel_number_power(run->arena, a, b);
        break;
    }
    return result.kind == FEEL_NULL ? misapplied(run, code, a, b) : result;
}

static FeelValue negate(FeelRun *run, FeelValue a)
{
    if (a.kind == FEEL_NUMBER) return feel_number_negate(run->arena, a);
    if (a.kind == FEEL_DAYS_DURATION || a.kind == FEEL_MONTHS_DURATION) {
        return feel_temporal_multiply(run->arena, a, feel_number(-1, 0));
    }
    return feel_run_blame(run, "feel.negate", a, a);
}

static FeelValue compare(FeelRun *run, uint8_t code, FeelValue a, FeelValue b)
{
    int order;
    if (!feel_order(run, a, b, &order)) {
        return feel_run_blame(run, "feel.order", a, b);
    }
    switch (code) {
    case FEEL_OP_LESS:
        return feel_boolean(order < 0);
    case FEEL_OP_LESS_EQUAL:
        return feel_boolean(order <= 0);
    case FEEL_OP_GREATER:
        return feel_boolean(order > 0);
    default:
        return feel_boolean(order >= 0);
    }
}

static FeelValue logic(uint8_t code, FeelValue a, FeelValue b)
{
    bool decides = code == FEEL_OP_OR;
    bool known_a = a.kind == FEEL_BOOLEAN, known_b = b.kind == FEEL_BOOLEAN;
    if (known_a && (a.as.whole != 0) == decides) return a;
    if (known_b && (b.as.whole != 0) == decides) return b;
    return known_a && known_b ? feel_boolean(!decides) : feel_null();
}

FeelValue feel_run_apply(FeelRun *run, const FeelOp *op, FeelValue a,
                         FeelValue b)
{
    FeelValue same;
    switch (op->code) {
    case FEEL_OP_ADD:
    case FEEL_OP_SUBTRACT:
    case FEEL_OP_MULTIPLY:
    case FEEL_OP_DIVIDE:
    case FEEL_OP_POWER:
        return arithmetic(run, op->code, a, b);
    case FEEL_OP_NEGATE:
        return negate(run, a);
    case FEEL_OP_LESS:
    case FEEL_OP_LESS_EQUAL:
    case FEEL_OP_GREATER:
    case FEEL_OP_GREATER_EQUAL:
        return compare(run, op->code, a, b);
    case FEEL_OP_EQUAL:
        same = feel_equal(run, a, b);
        if (same.kind == FEEL_NULL) feel_run_blame(run, "feel.compare", a, b);
        return same;
    case FEEL_OP_NOT_EQUAL:
        same = feel_equal(run, a, b);
        if (same.kind == FEEL_NULL) {
            return feel_run_blame(run, "feel.compare", a, b);
        }
        return feel_boolean(!same.as.whole);
    case FEEL_OP_AND:
    case FEEL_OP_OR:
        return logic(op->code, a, b);
    case FEEL_OP_NOT:
        return a.kind == FEEL_BOOLEAN ? feel_boolean(!a.as.whole) : feel_null();
    case FEEL_OP_TRUTH:
        return a.kind == FEEL_BOOLEAN ? a : feel_null();
    case FEEL_OP_TEST:
        return test(run, a, b);
    case FEEL_OP_RANGE:
        return feel_run_range(run, a, b, op->flag);
    default:
        break;
    }
    return feel_null();
}

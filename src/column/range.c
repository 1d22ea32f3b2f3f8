/* What a node's values can be, and the values of constants. */
#include "column/column_int.h"
#include "column/day_int.h"

__extension__ typedef __int128 Wide;

static void bound_wide(ColumnNode *node, Wide low, Wide high)
{
    node->checked = low < INT64_MIN || high > INT64_MAX;
    node->low = low < INT64_MIN ? INT64_MIN : (int64_t)low;
    node->high = high > INT64_MAX ? INT64_MAX : (int64_t)high;
}

static void bound_product(ColumnNode *node, const ColumnNode *a,
                          const ColumnNode *b)
{
    Wide corner[4] = {(Wide)a->low * b->low, (Wide)a->low * b->high,
                      (Wide)a->high * b->low, (Wide)a->high * b->high};
    Wide low = corner[0], high = corner[0];
    for (int i = 1; i < 4; i++) {
        if (corner[i] < low) low = corner[i];
        if (corner[i] > high) high = corner[i];
    }
    bound_wide(node, low, high);
}

static void bound_union(ColumnNode *node, const ColumnNode *a,
                        const ColumnNode *b)
{
    node->low = a->low < b->low ? a->low : b->low;
    node->high = a->high > b->high ? a->high : b->high;
}

/* Largest by the smallest divisor of its sign. */
static void bound_quotient(ColumnGraph *graph, ColumnNode *node,
                           const ColumnNode *a, const ColumnNode *b)
{
    if (b->low < 1) {
        column_set_fault(graph, "a division by what may not be positive");
        return;
    }
    column_compute(COLUMN_QUOTIENT, a->low, a->low < 0 ? b->low : b->high, 0,
                   &node->low);
    column_compute(COLUMN_QUOTIENT, a->high, a->high < 0 ? b->high : b->low, 0,
                   &node->high);
}

static void bound_sum(ColumnGraph *graph, ColumnNode *node, const ColumnNode *a)
{
    int64_t rows = graph->domain[node->value].rows.high;
    bound_wide(node, (Wide)(a->low < 0 ? a->low : 0) * rows,
               (Wide)(a->high > 0 ? a->high : 0) * rows);
    if (node->checked) column_set_fault(graph, "a sum may leave 64 bits");
}

/* MONTHS grows with b and falls with a; YEAR grows. */
static void bound_dates(ColumnGraph *graph, ColumnNode *node,
                        const ColumnNode *a, const ColumnNode *b)
{
    if (a->low < -COLUMN_DAY_MAX || a->high > COLUMN_DAY_MAX ||
        (b != NULL && (b->low < -COLUMN_DAY_MAX || b->high > COLUMN_DAY_MAX))) {
        column_set_fault(graph, "dates beyond 13,000 years");
        return;
    }
    ColumnOp op = (ColumnOp)node->op;
    column_compute(op, b == NULL ? a->low : a->high, b == NULL ? 0 : b->low, 0,
                   &node->low);
    column_compute(op, b == NULL ? a->high : a->low, b == NULL ? 0 : b->high, 0,
                   &node->high);
}

/* Grows with both. */
static void bound_later(ColumnGraph *graph, ColumnNode *node,
                        const ColumnNode *a, const ColumnNode *b)
{
    const int64_t months_max = 12 * 3000;
    if (a->low < -COLUMN_DAY_MAX / 2 || a->high > COLUMN_DAY_MAX / 2 ||
        b->low < -months_max || b->high > months_max) {
        column_set_fault(graph, "dates beyond 13,000 years");
        return;
    }
    node->low = day_later((int32_t)a->low, (int32_t)b->low);
    node->high = day_later((int32_t)a->high, (int32_t)b->high);
}

static void bound_days(ColumnGraph *graph, ColumnNode *node,
                       const ColumnNode *a, const ColumnNode *b)
{
    if (node->op == COLUMN_LATER) {
        bound_later(graph, node, a, b);
        return;
    }
    bound_dates(graph, node, a, b);
    if (node->op != COLUMN_MONTH && node->op != COLUMN_DAY) return;
    node->low = 1;
    node->high = node->op == COLUMN_MONTH ? 12 : 31;
}

static void bound_extreme(ColumnNode *node, const ColumnNode *a,
                          const ColumnNode *b)
{
    bool least = node->op == COLUMN_LEAST;
    node->low = least == (a->low < b->low) ? a->low : b->low;
    node->high = least == (a->high < b->high) ? a->high : b->high;
}

void column_bound(ColumnGraph *graph, ColumnNode *node)
{
    const ColumnNode *a = node->a < 0 ? NULL : &graph->nodes[node->a];
    const ColumnNode *b = node->b < 0 ? NULL : &graph->nodes[node->b];
    node->low = 0;
    node->high = 1;
    switch ((ColumnOp)node->op) {
    case COLUMN_ADD:
        bound_wide(node, (Wide)a->low + b->low, (Wide)a->high + b->high);
        break;
    case COLUMN_SUBTRACT:
        bound_wide(node, (Wide)a->low - b->high, (Wide)a->high - b->low);
        break;
    case COLUMN_MULTIPLY:
        bound_product(node, a, b);
        break;
    case COLUMN_DIVIDE:
        column_compute(COLUMN_DIVIDE, a->low, b->value, 0, &node->low);
        column_compute(COLUMN_DIVIDE, a->high, b->value, 0, &node->high);
        break;
    case COLUMN_QUOTIENT:
        bound_quotient(graph, node, a, b);
        break;
    case COLUMN_MODULO:
        node->high = b->value - 1;
        break;
    case COLUMN_LEAST:
    case COLUMN_GREATEST:
        bound_extreme(node, a, b);
        break;
    case COLUMN_SELECT:
        bound_union(node, b, &graph->nodes[node->c]);
        break;
    case COLUMN_MONTHS:
    case COLUMN_LATER:
    case COLUMN_YEAR:
    case COLUMN_MONTH:
    case COLUMN_DAY:
        bound_days(graph, node, a, b);
        break;
    case COLUMN_SUM:
        bound_sum(graph, node, a);
        break;
    case COLUMN_MINIMUM:
    case COLUMN_MAXIMUM:
        bound_union(node, a, b);
        break;
    case COLUMN_FIRST:
        node->low = -1;
        node->high = INT32_MAX;
        break;
    case COLUMN_GATHER:
        node->low = a->low;
        node->high = a->high;
        break;
    case COLUMN_CONSTANT:
    case COLUMN_INPUT:
    case COLUMN_EQUAL:
    case COLUMN_NOT_EQUAL:
    case COLUMN_LESS:
    case COLUMN_LESS_EQUAL:
    case COLUMN_GREATER:
    case COLUMN_GREATER_EQUAL:
    case COLUMN_AND:
    case COLUMN_OR:
    case COLUMN_NOT:
    case COLUMN_EXPAND:
    case COLUMN_SIZE:
    case COLUMN_ANY:
    case COLUMN_OP_COUNT:
        break;
    }
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t compared(ColumnOp op, int64_t a, int64_t b)
{
    switch ((int)op) {
    case COLUMN_EQUAL:
        return a == b;
    case COLUMN_NOT_EQUAL:
        return a != b;
    case COLUMN_LESS:
        return a < b;
    case COLUMN_LESS_EQUAL:
        return a <= b;
    case COLUMN_GREATER:
        return a > b;
    default:
        return a >= b;
    }
}

static int64_t part_of_day(ColumnOp op, int64_t day)
{
    DayParts parts = day_parts((int32_t)day);
    if (op == COLUMN_YEAR) return parts.year;
    return op == COLUMN_MONTH ? parts.month : parts.day;
}

/* What never leaves 64 bits. */
static int64_t plain(ColumnOp op, int64_t a, int64_t b, int64_t c)
{
    if (op >= COLUMN_EQUAL && op <= COLUMN_GREATER_EQUAL) {
        return compared(op, a, b);
    }
    switch ((int)op) {
    case COLUMN_DIVIDE:
    case COLUMN_QUOTIENT:
        return floor_divide(a, b);
    case COLUMN_MODULO:
        return a % b + (a % b < 0 ? b : 0);
    case COLUMN_LEAST:
        return a < b ? a : b;
    case COLUMN_GREATEST:
        return a > b ? a : b;
    case COLUMN_AND:
        return a & b;
    case COLUMN_OR:
        return a | b;
    case COLUMN_NOT:
        return a ^ 1;
    case COLUMN_SELECT:
        return a != 0 ? b : c;
    case COLUMN_MONTHS:
        return day_months((int32_t)a, (int32_t)b);
    case COLUMN_LATER:
        return day_later((int32_t)a, (int32_t)b);
    default:
        return part_of_day(op, a);
    }
}

bool column_compute(ColumnOp op, int64_t a, int64_t b, int64_t c, int64_t *ret)
{
    CHECK(op >= COLUMN_ADD && op < COLUMN_EXPAND);
    switch ((int)op) {
    case COLUMN_ADD:
        return !__builtin_add_overflow(a, b, ret);
    case COLUMN_SUBTRACT:
        return !__builtin_sub_overflow(a, b, ret);
    case COLUMN_MULTIPLY:
        return !__builtin_mul_overflow(a, b, ret);
    default:
        *ret = plain(op, a, b, c);
        return true;
    }
}

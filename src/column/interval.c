/*
 * Conditions that hold where one column lies between two bounds: rows of
 * decision tables are mostly such, and what two of them say together is known
 * without computing it.
 */
#include "column/column_int.h"

typedef struct Interval {
    ColumnRef x;
    int64_t low, high; /* within the range of x; nothing when low > high */
} Interval;

static bool compared(const ColumnGraph *graph, ColumnRef ref, Interval *ret)
{
    const ColumnNode *node = &graph->nodes[ref];
    if (node->op != COLUMN_LESS && node->op != COLUMN_GREATER_EQUAL &&
        node->op != COLUMN_EQUAL) {
        return false;
    }
    const ColumnNode *b = &graph->nodes[node->b];
    if (b->op != COLUMN_CONSTANT || b->value == INT64_MIN) return false;
    const ColumnNode *x = &graph->nodes[node->a];
    *ret = (Interval){node->a, x->low, x->high};
    if (node->op != COLUMN_LESS && b->value > ret->low) ret->low = b->value;
    if (node->op == COLUMN_EQUAL && b->value < ret->high) ret->high = b->value;
    if (node->op == COLUMN_LESS && b->value - 1 < ret->high) {
        ret->high = b->value - 1;
    }
    return true;
}

static bool both(Interval *a, const Interval *b)
{
    if (a->x != b->x) return false;
    if (b->low > a->low) a->low = b->low;
    if (b->high < a->high) a->high = b->high;
    return true;
}

static bool interval_of(const ColumnGraph *graph, ColumnRef ref, Interval *ret)
{
    Interval other;
    const ColumnNode *node = &graph->nodes[ref];
    if (node->op != COLUMN_AND) return compared(graph, ref, ret);
    return compared(graph, node->a, ret) && compared(graph, node->b, &other) &&
           both(ret, &other);
}

/* Where a condition does not hold, when that is an interval. */
static bool hole_of(const ColumnGraph *graph, ColumnRef ref, Interval *ret)
{
    const ColumnNode *node = &graph->nodes[ref];
    if (node->op == COLUMN_NOT) return interval_of(graph, node->a, ret);
    if (node->op != COLUMN_NOT_EQUAL ||
        graph->nodes[node->b].op != COLUMN_CONSTANT) {
        return false;
    }
    int64_t value = graph->nodes[node->b].value;
    *ret = (Interval){node->a, value, value};
    return true;
}

/* What is left of an interval around a hole; false when that is two. */
static bool without(Interval *at, const Interval *hole)
{
    if (at->low > at->high || hole->low > hole->high) return true;
    if (hole->high < at->low || hole->low > at->high) return true;
    if (hole->low <= at->low) {
        if (hole->high >= at->high) {
            at->high = at->low - 1;
            return at->high < at->low;
        }
        at->low = hole->high + 1;
        return true;
    }
    if (hole->high < at->high) return false;
    at->high = hole->low - 1;
    return true;
}

/* The condition for an interval when one comparison is enough; else -1. */
static ColumnRef condition(ColumnGraph *graph, const Interval *at)
{
    const ColumnNode *x = &graph->nodes[at->x];
    if (at->low > at->high) return column_constant(graph, 0);
    bool from_start = at->low <= x->low, to_end = at->high >= x->high;
    if (from_start && to_end) return column_constant(graph, 1);
    if (from_start && at->high < INT64_MAX) {
        return column_two(graph, COLUMN_LESS, at->x,
                          column_constant(graph, at->high + 1));
    }
    if (to_end) {
        return column_two(graph, COLUMN_GREATER_EQUAL, at->x,
                          column_constant(graph, at->low));
    }
    if (at->low < at->high) return -1;
    return column_two(graph, COLUMN_EQUAL, at->x,
                      column_constant(graph, at->low));
}

static ColumnRef between(ColumnGraph *graph, const Interval *at)
{
    ColumnRef simple = condition(graph, at);
    if (simple >= 0) return simple;
    ColumnRef from = column_two(graph, COLUMN_GREATER_EQUAL, at->x,
                                column_constant(graph, at->low));
    ColumnRef to = column_two(graph, COLUMN_LESS, at->x,
                              column_constant(graph, at->high + 1));
    return column_and(graph, from, to);
}

/* An interval and what is not in another one. */
static ColumnRef with_hole(ColumnGraph *graph, ColumnRef a, ColumnRef b)
{
    Interval at, hole;
    if (!interval_of(graph, a, &at) || !hole_of(graph, b, &hole) ||
        at.x != hole.x || graph->nodes[at.x].low == INT64_MIN ||
        !without(&at, &hole)) {
        return -1;
    }
    return between(graph, &at);
}

ColumnRef column_interval(ColumnGraph *graph, const ColumnNode *node)
{
    Interval a, b;
    ColumnRef left =
        node->op != COLUMN_AND ? -1 : with_hole(graph, node->a, node->b);
    if (left < 0 && node->op == COLUMN_AND) {
        left = with_hole(graph, node->b, node->a);
    }
    if (left >= 0) return left;
    if (!interval_of(graph, node->a, &a) || !interval_of(graph, node->b, &b) ||
        a.x != b.x) {
        return -1;
    }
    bool plain = graph->nodes[node->a].op != COLUMN_AND &&
                 graph->nodes[node->b].op != COLUMN_AND;
    if (node->op == COLUMN_AND) {
        both(&a, &b);
        return plain ? condition(graph, &a) : between(graph, &a);
    }
    bool apart = (a.high < b.low && a.high + 1 < b.low) ||
                 (b.high < a.low && b.high + 1 < a.low);
    if (apart) return -1;
    if (b.low < a.low) a.low = b.low;
    if (b.high > a.high) a.high = b.high;
    return between(graph, &a);
}

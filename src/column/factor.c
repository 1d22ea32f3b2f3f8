/*
 * Factors that all parts of a computation share are taken out of it: what is
 * twelve times something, added up, compared and divided by twelve, need not
 * be multiplied, and stays narrow.
 */
#include "column/column_int.h"

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

static int64_t divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static bool constant(const ColumnGraph *graph, ColumnRef ref, int64_t *ret)
{
    return ref >= 0 && column_is_constant(graph, ref, ret) &&
           *ret > INT64_MIN / 2 && *ret < INT64_MAX / 2;
}

/* The factor k > 1 of k x; 0 when it has none. */
static int64_t factor_of(const ColumnGraph *graph, ColumnRef ref)
{
    const ColumnNode *node = &graph->nodes[ref];
    int64_t k;
    if (node->op != COLUMN_MULTIPLY || node->checked ||
        !constant(graph, node->b, &k)) {
        return 0;
    }
    return k > 1 ? k : 0;
}

/* Whether a value is a multiple of k that can be had without multiplying. */
static bool divides(const ColumnGraph *graph, ColumnRef ref, int64_t k)
{
    const ColumnNode *node = &graph->nodes[ref];
    int64_t x, y;
    if (constant(graph, ref, &x)) return x % k == 0;
    if (node->op == COLUMN_SELECT) {
        return constant(graph, node->b, &x) && constant(graph, node->c, &y) &&
               x % k == 0 && y % k == 0;
    }
    int64_t factor = factor_of(graph, ref);
    return factor != 0 && factor % k == 0;
}

static ColumnRef divided(ColumnGraph *graph, ColumnRef ref, int64_t k)
{
    ColumnNode node = graph->nodes[ref];
    int64_t x, y;
    if (constant(graph, ref, &x)) return column_constant(graph, x / k);
    if (node.op == COLUMN_SELECT) {
        x = y = 0;
        constant(graph, node.b, &x);
        constant(graph, node.c, &y);
        return column_make(graph, COLUMN_SELECT, node.a,
                           column_constant(graph, x / k),
                           column_constant(graph, y / k));
    }
    return column_two(graph, COLUMN_MULTIPLY, node.a,
                      column_constant(graph, factor_of(graph, ref) / k));
}

static ColumnRef times(ColumnGraph *graph, ColumnRef ref, int64_t k)
{
    return column_two(graph, COLUMN_MULTIPLY, ref, column_constant(graph, k));
}

/* A factor that both operands have, one of them no other: 0 for none. */
static int64_t shared(const ColumnGraph *graph, ColumnRef a, ColumnRef b)
{
    int64_t k = factor_of(graph, a), l = factor_of(graph, b);
    if (k != 0 && divides(graph, b, k)) return k;
    return l != 0 && divides(graph, a, l) ? l : 0;
}

static ColumnRef of_two(ColumnGraph *graph, const ColumnNode *node)
{
    int64_t k = shared(graph, node->a, node->b);
    if (k == 0) return -1;
    ColumnRef made =
        column_two(graph, (ColumnOp)node->op, divided(graph, node->a, k),
                   divided(graph, node->b, k));
    bool order = node->op >= COLUMN_EQUAL && node->op <= COLUMN_GREATER_EQUAL;
    return order ? made : times(graph, made, k);
}

static ColumnRef of_choice(ColumnGraph *graph, const ColumnNode *node)
{
    int64_t k = shared(graph, node->b, node->c);
    if (k == 0) return -1;
    return times(graph,
                 column_make(graph, COLUMN_SELECT, node->a,
                             divided(graph, node->b, k),
                             divided(graph, node->c, k)),
                 k);
}

static ColumnRef of_product(ColumnGraph *graph, const ColumnNode *node)
{
    const ColumnNode *a = &graph->nodes[node->a];
    int64_t k, l, m, product;
    if (!constant(graph, node->b, &k)) return -1;
    if (a->op == COLUMN_MULTIPLY && !a->checked && constant(graph, a->b, &l) &&
        !__builtin_mul_overflow(k, l, &product)) {
        return times(graph, a->a, product);
    }
    ColumnRef where = a->a;
    if (a->op != COLUMN_SELECT || !constant(graph, a->b, &l) ||
        !constant(graph, a->c, &m) || __builtin_mul_overflow(l, k, &l) ||
        __builtin_mul_overflow(m, k, &m)) {
        return -1;
    }
    return column_make(graph, COLUMN_SELECT, where, column_constant(graph, l),
                       column_constant(graph, m));
}

/* floor((k x + c) / d) is floor((k/g x + floor(c/g)) / (d/g)). */
static ColumnRef of_quotient(ColumnGraph *graph, const ColumnNode *node)
{
    ColumnNode sum = graph->nodes[node->a];
    int64_t d, c = 0;
    ColumnRef x = node->a;
    if (!constant(graph, node->b, &d)) return -1;
    bool plus =
        sum.op == COLUMN_ADD && !sum.checked && constant(graph, sum.b, &c);
    if (plus) x = sum.a;
    int64_t g = divisor(magnitude(d), factor_of(graph, x));
    if (factor_of(graph, x) == 0 || g <= 1) return -1;
    int64_t rest;
    if (!column_compute(COLUMN_DIVIDE, c, g, 0, &rest)) return -1;
    ColumnRef left = column_two(graph, COLUMN_ADD, divided(graph, x, g),
                                column_constant(graph, rest));
    return column_two(graph, COLUMN_DIVIDE, left,
                      column_constant(graph, d / g));
}

ColumnRef column_factored(ColumnGraph *graph, const ColumnNode *node)
{
    int op = node->op;
    if (op == COLUMN_MULTIPLY) return of_product(graph, node);
    if (op == COLUMN_DIVIDE) return of_quotient(graph, node);
    if (op == COLUMN_SELECT) return of_choice(graph, node);
    bool two = op == COLUMN_ADD || op == COLUMN_SUBTRACT ||
               op == COLUMN_LEAST || op == COLUMN_GREATEST ||
               (op >= COLUMN_EQUAL && op <= COLUMN_GREATER_EQUAL);
    return two ? of_two(graph, node) : -1;
}

ColumnRef column_without_factor(const ColumnGraph *graph, ColumnRef a,
                                int64_t *ret_factor)
{
    *ret_factor = factor_of(graph, a);
    return *ret_factor == 0 ? -1 : graph->nodes[a].a;
}

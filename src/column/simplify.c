/*
 * Rewrites of nodes as they are made. Masks of what is null and of the paths
 * through a decision table are mostly constant, so most of them go away here.
 */
#include "column/column_int.h"

enum { CHAIN_MAX = 16 };

typedef struct Rewrite {
    ColumnGraph *graph;
    ColumnNode *node;
    ColumnRange a, b;      /* ranges of the operands */
    bool const_a, const_b; /* and whether they are one value */
    int64_t value_a, value_b;
} Rewrite;

static const ColumnNode *at(const Rewrite *r, ColumnRef ref)
{
    return &r->graph->nodes[ref];
}

static ColumnRef number(const Rewrite *r, int64_t value)
{
    return column_constant(r->graph, value);
}

/* a op b as b op' a. */
static ColumnOp turned(ColumnOp op)
{
    switch ((int)op) {
    case COLUMN_LESS:
        return COLUMN_GREATER;
    case COLUMN_LESS_EQUAL:
        return COLUMN_GREATER_EQUAL;
    case COLUMN_GREATER:
        return COLUMN_LESS;
    case COLUMN_GREATER_EQUAL:
        return COLUMN_LESS_EQUAL;
    default:
        return op;
    }
}

static bool turns(ColumnOp op)
{
    return op == COLUMN_ADD || op == COLUMN_MULTIPLY || op == COLUMN_LEAST ||
           op == COLUMN_GREATEST || (op >= COLUMN_EQUAL && op <= COLUMN_OR);
}

/* Constants come second, else the node that was made first comes first. */
static void turn(const Rewrite *r)
{
    ColumnNode *node = r->node;
    if (!turns((ColumnOp)node->op)) return;
    bool const_a = at(r, node->a)->op == COLUMN_CONSTANT;
    bool const_b = at(r, node->b)->op == COLUMN_CONSTANT;
    if (const_b || (!const_a && node->a <= node->b)) return;
    ColumnRef a = node->a;
    node->a = node->b;
    node->b = a;
    node->op = (uint8_t)turned((ColumnOp)node->op);
}

static bool all_constant(const Rewrite *r, ColumnRef *ret)
{
    const ColumnNode *node = r->node;
    ColumnRef operand[3] = {node->a, node->b, node->c};
    int64_t value[3] = {0}, result;
    for (int i = 0; i < 3; i++) {
        if (operand[i] < 0) continue;
        if (!column_is_constant(r->graph, operand[i], &value[i])) return false;
    }
    if (!column_compute((ColumnOp)node->op, value[0], value[1], value[2],
                        &result)) {
        column_set_fault(r->graph, "a constant leaves 64 bits");
        result = 0;
    }
    *ret = number(r, result);
    return true;
}

static ColumnRef simpler_sum(const Rewrite *r)
{
    const ColumnNode *node = r->node;
    if (r->const_b && r->value_b == 0) return node->a;
    if (node->op != COLUMN_SUBTRACT) return -1;
    if (node->a == node->b) return number(r, 0);
    const ColumnNode *b = at(r, node->b);
    bool twice = r->const_a && r->value_a == 0 && !b->checked &&
                 b->op == COLUMN_SUBTRACT &&
                 at(r, b->a)->op == COLUMN_CONSTANT && at(r, b->a)->value == 0;
    return twice ? b->b : -1;
}

static ColumnRef simpler_product(const Rewrite *r)
{
    if (!r->const_b) return -1;
    if (r->value_b == 0) return r->node->b;
    if (r->node->op == COLUMN_MODULO) {
        bool inside = r->a.low >= 0 && r->a.high < r->value_b;
        return inside ? r->node->a : r->value_b == 1 ? number(r, 0) : -1;
    }
    return r->value_b == 1 ? r->node->a : -1;
}

/* What is known from the ranges alone: 1, 0 or -1. */
static int known_order(const Rewrite *r, ColumnOp op)
{
    if (r->node->a == r->node->b) {
        return op == COLUMN_EQUAL || op == COLUMN_LESS_EQUAL ||
               op == COLUMN_GREATER_EQUAL;
    }
    bool below = r->a.high<r->b.low, above = r->a.low> r->b.high;
    bool not_above = r->a.high <= r->b.low, not_below = r->a.low >= r->b.high;
    switch ((int)op) {
    case COLUMN_EQUAL:
        return below || above ? 0 : -1;
    case COLUMN_NOT_EQUAL:
        return below || above ? 1 : -1;
    case COLUMN_LESS:
        return below ? 1 : not_below ? 0 : -1;
    case COLUMN_LESS_EQUAL:
        return not_above ? 1 : above ? 0 : -1;
    case COLUMN_GREATER:
        return above ? 1 : not_above ? 0 : -1;
    default:
        return not_below ? 1 : below ? 0 : -1;
    }
}

/* Whether f(x) of a chain of growing or falling steps grows; x at its end. */
static bool chain(const Rewrite *r, ColumnRef ref, ColumnRef *ret_x,
                  bool *ret_grows)
{
    bool grows = true;
    int64_t value;
    int steps = 0;
    for (; steps < CHAIN_MAX; steps++) {
        const ColumnNode *node = at(r, ref);
        bool const_b =
            node->b >= 0 && column_is_constant(r->graph, node->b, &value);
        bool step =
            !node->checked &&
            (node->op == COLUMN_YEAR ||
             (const_b &&
              (node->op == COLUMN_ADD || node->op == COLUMN_SUBTRACT ||
               node->op == COLUMN_DIVIDE || node->op == COLUMN_MULTIPLY ||
               node->op == COLUMN_MONTHS || node->op == COLUMN_LATER)));
        if (step) {
            bool falls = node->op == COLUMN_MONTHS ||
                         (node->op == COLUMN_MULTIPLY && value < 0);
            grows = grows != falls;
            ref = node->a;
            continue;
        }
        bool from_constant =
            !node->checked && node->a >= 0 &&
            (node->op == COLUMN_SUBTRACT || node->op == COLUMN_MONTHS) &&
            column_is_constant(r->graph, node->a, &value);
        if (!from_constant) break;
        grows = grows == (node->op == COLUMN_MONTHS);
        ref = node->b;
    }
    *ret_x = ref;
    *ret_grows = grows;
    return steps > 0;
}

/* The value of a chain when its end is x. */
static int64_t chain_value(const Rewrite *r, ColumnRef ref, ColumnRef end,
                           int64_t x)
{
    ColumnRef path[CHAIN_MAX];
    int depth = 0;
    for (; ref != end && depth < CHAIN_MAX; depth++) {
        path[depth] = ref;
        const ColumnNode *node = at(r, ref);
        bool first = at(r, node->a)->op == COLUMN_CONSTANT;
        ref = first ? node->b : node->a;
    }
    CHECK(ref == end);
    while (depth-- > 0) {
        const ColumnNode *node = at(r, path[depth]);
        bool first = at(r, node->a)->op == COLUMN_CONSTANT;
        int64_t other = node->b < 0 ? 0
                        : first     ? at(r, node->a)->value
                                    : at(r, node->b)->value;
        CHECK(column_compute((ColumnOp)node->op, first ? other : x,
                             first ? x : other, 0, &x));
    }
    return x;
}

/* f(x) op c for a growing or falling f becomes x op' c', found by halving. */
static ColumnRef cut_off(const Rewrite *r)
{
    ColumnOp op = (ColumnOp)r->node->op;
    ColumnRef x;
    bool grows;
    if (!r->const_b || op == COLUMN_EQUAL || op == COLUMN_NOT_EQUAL ||
        !chain(r, r->node->a, &x, &grows)) {
        return -1;
    }
    bool strict = op == COLUMN_LESS || op == COLUMN_GREATER_EQUAL;
    int64_t low = at(r, x)->low, high = at(r, x)->high;
    if (low < -(INT64_MAX / 4) || high > INT64_MAX / 4) return -1;
    /* the first x that is on the other side of the constant than `low` */
    int64_t first = low, end = high + 1;
    while (first < end) {
        int64_t middle = first + (end - first) / 2;
        int64_t value = chain_value(r, r->node->a, x, middle);
        bool under = strict ? value < r->value_b : value <= r->value_b;
        if (under == grows) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    bool holds_under = op == COLUMN_LESS || op == COLUMN_LESS_EQUAL;
    ColumnOp found = holds_under == grows ? COLUMN_LESS : COLUMN_GREATER_EQUAL;
    return column_two(r->graph, found, x, number(r, first));
}

static ColumnRef simpler_order(const Rewrite *r)
{
    ColumnOp op = (ColumnOp)r->node->op;
    int known = known_order(r, op);
    if (known >= 0) return number(r, known);
    bool inside = r->const_b && r->value_b < INT64_MAX;
    if (inside && (op == COLUMN_GREATER || op == COLUMN_LESS_EQUAL)) {
        return column_two(
            r->graph, op == COLUMN_GREATER ? COLUMN_GREATER_EQUAL : COLUMN_LESS,
            r->node->a, number(r, r->value_b + 1));
    }
    bool flag = r->const_b && r->a.low >= 0 && r->a.high <= 1;
    if (flag && (op == COLUMN_EQUAL || op == COLUMN_NOT_EQUAL)) {
        bool wanted = (r->value_b == 1) == (op == COLUMN_EQUAL);
        return wanted ? r->node->a : column_not(r->graph, r->node->a);
    }
    return cut_off(r);
}

static bool opposite(const Rewrite *r, ColumnRef x, ColumnRef y)
{
    const ColumnNode *p = at(r, x), *q = at(r, y);
    if (p->op == COLUMN_NOT && p->a == y) return true;
    if (q->op == COLUMN_NOT && q->a == x) return true;
    if (p->a != q->a || p->b != q->b) return false;
    int low = p->op < q->op ? p->op : q->op;
    int high = p->op < q->op ? q->op : p->op;
    return (low == COLUMN_EQUAL && high == COLUMN_NOT_EQUAL) ||
           (low == COLUMN_LESS && high == COLUMN_GREATER_EQUAL) ||
           (low == COLUMN_LESS_EQUAL && high == COLUMN_GREATER);
}

/* x and (x and y), x and (x or y), and so with "or". */
static ColumnRef absorbed(const Rewrite *r, ColumnRef x, ColumnRef y)
{
    const ColumnNode *node = at(r, y);
    if (node->op != COLUMN_AND && node->op != COLUMN_OR) return -1;
    if (node->a != x && node->b != x) return -1;
    return node->op == r->node->op ? y : x;
}

/* Neither (x and y) nor (x and not y) is not x. */
static ColumnRef neither_way(const Rewrite *r)
{
    const ColumnNode *a = at(r, r->node->a), *b = at(r, r->node->b);
    if (r->node->op != COLUMN_AND || a->op != COLUMN_NOT ||
        b->op != COLUMN_NOT) {
        return -1;
    }
    const ColumnNode *p = at(r, a->a), *q = at(r, b->a);
    if (p->op != COLUMN_AND || q->op != COLUMN_AND) return -1;
    ColumnRef x = p->a == q->a || p->a == q->b   ? p->a
                  : p->b == q->a || p->b == q->b ? p->b
                                                 : -1;
    if (x < 0) return -1;
    ColumnRef y = p->a == x ? p->b : p->a, z = q->a == x ? q->b : q->a;
    return opposite(r, y, z) ? column_not(r->graph, x) : -1;
}

static ColumnRef simpler_logic(const Rewrite *r)
{
    const ColumnNode *node = r->node;
    bool decides = node->op == COLUMN_OR;
    if (r->const_b) {
        return (r->value_b != 0) == decides ? node->b : node->a;
    }
    if (node->a == node->b) return node->a;
    if (opposite(r, node->a, node->b)) return number(r, decides);
    ColumnRef less = absorbed(r, node->a, node->b);
    if (less < 0) less = absorbed(r, node->b, node->a);
    if (less < 0) less = column_interval(r->graph, node);
    return less >= 0 ? less : neither_way(r);
}

static ColumnRef simpler_not(const Rewrite *r)
{
    const ColumnNode *a = at(r, r->node->a);
    switch ((int)a->op) {
    case COLUMN_NOT:
        return a->a;
    case COLUMN_EQUAL:
        return column_two(r->graph, COLUMN_NOT_EQUAL, a->a, a->b);
    case COLUMN_NOT_EQUAL:
        return column_two(r->graph, COLUMN_EQUAL, a->a, a->b);
    case COLUMN_LESS:
        return column_two(r->graph, COLUMN_GREATER_EQUAL, a->a, a->b);
    case COLUMN_LESS_EQUAL:
        return column_two(r->graph, COLUMN_GREATER, a->a, a->b);
    case COLUMN_GREATER:
        return column_two(r->graph, COLUMN_LESS_EQUAL, a->a, a->b);
    case COLUMN_GREATER_EQUAL:
        return column_two(r->graph, COLUMN_LESS, a->a, a->b);
    default:
        return -1;
    }
}

/* A choice between flags is logic. */
static ColumnRef simpler_choice(const Rewrite *r)
{
    ColumnGraph *graph = r->graph;
    const ColumnNode *node = r->node;
    ColumnRange c = column_range_of(graph, node->c);
    if (r->const_a) return r->value_a != 0 ? node->b : node->c;
    if (node->b == node->c) return node->b;
    if (r->b.low < 0 || r->b.high > 1 || c.low < 0 || c.high > 1) return -1;
    if (node->a == node->b) return column_or(graph, node->a, node->c);
    if (node->a == node->c) return column_and(graph, node->a, node->b);
    if (opposite(r, node->a, node->b)) {
        return column_and(graph, node->b, node->c);
    }
    if (opposite(r, node->a, node->c)) {
        return column_or(graph, node->c, node->b);
    }
    int64_t value;
    if (r->const_b) {
        return r->value_b != 0
                   ? column_or(graph, node->a, node->c)
                   : column_and(graph, column_not(graph, node->a), node->c);
    }
    if (!column_is_constant(graph, node->c, &value)) return -1;
    return value != 0 ? column_or(graph, column_not(graph, node->a), node->b)
                      : column_and(graph, node->a, node->b);
}

static ColumnRef simpler_extreme(const Rewrite *r)
{
    const ColumnNode *node = r->node;
    bool least = node->op == COLUMN_LEAST;
    if (node->a == node->b || r->a.high <= r->b.low) {
        return least ? node->a : node->b;
    }
    if (r->b.high <= r->a.low) return least ? node->b : node->a;
    return -1;
}

static ColumnRef simpler_one(Rewrite *r)
{
    switch ((ColumnOp)r->node->op) {
    case COLUMN_ADD:
    case COLUMN_SUBTRACT:
        return simpler_sum(r);
    case COLUMN_MULTIPLY:
    case COLUMN_DIVIDE:
    case COLUMN_MODULO:
        return simpler_product(r);
    case COLUMN_QUOTIENT: /* multiplication is cheaper, where it will do */
        return r->const_b && r->value_b > 0
                   ? column_two(r->graph, COLUMN_DIVIDE, r->node->a, r->node->b)
                   : -1;
    case COLUMN_LEAST:
    case COLUMN_GREATEST:
        return simpler_extreme(r);
    case COLUMN_EQUAL:
    case COLUMN_NOT_EQUAL:
    case COLUMN_LESS:
    case COLUMN_LESS_EQUAL:
    case COLUMN_GREATER:
    case COLUMN_GREATER_EQUAL:
        return simpler_order(r);
    case COLUMN_AND:
    case COLUMN_OR:
        return simpler_logic(r);
    case COLUMN_NOT:
        return simpler_not(r);
    case COLUMN_SELECT:
        return simpler_choice(r);
    case COLUMN_CONSTANT:
    case COLUMN_INPUT:
    case COLUMN_MONTHS:
    case COLUMN_LATER:
    case COLUMN_YEAR:
    case COLUMN_MONTH:
    case COLUMN_DAY:
    case COLUMN_EXPAND:
    case COLUMN_SIZE:
    case COLUMN_SUM:
    case COLUMN_ANY:
    case COLUMN_MINIMUM:
    case COLUMN_MAXIMUM:
    case COLUMN_FIRST:
    case COLUMN_GATHER:
    case COLUMN_OP_COUNT:
        break;
    }
    return -1;
}

ColumnRef column_simpler(ColumnGraph *graph, ColumnNode *node)
{
    Rewrite r = {.graph = graph, .node = node};
    ColumnRef simpler;
    turn(&r);
    if (all_constant(&r, &simpler)) return simpler;
    r.a = column_range_of(graph, node->a);
    r.const_a = column_is_constant(graph, node->a, &r.value_a);
    if (node->b >= 0) {
        r.b = column_range_of(graph, node->b);
        r.const_b = column_is_constant(graph, node->b, &r.value_b);
    }
    simpler = simpler_one(&r);
    return simpler >= 0 ? simpler : column_factored(graph, node);
}

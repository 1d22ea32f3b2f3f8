#include "column/column_int.h"

#include <string.h>

enum { FIRST_ROOM = 256 };

ColumnGraph *column_graph(Arena *arena)
{
    ColumnGraph *graph = ARENA_TRY_NEW(arena, ColumnGraph);
    if (graph == NULL) return NULL;
    graph->arena = arena;
    graph->domain[0] = (ColumnDomain){COLUMN_ANYWHERE, {1, 1}};
    graph->domain_count = 1;
    return graph;
}

const char *column_fault(const ColumnGraph *graph)
{
    return graph->fault;
}

void column_set_fault(ColumnGraph *graph, const char *why)
{
    if (graph->fault == NULL) graph->fault = why;
}

void column_drop_fault(ColumnGraph *graph)
{
    graph->fault = NULL;
}

int32_t column_domain(ColumnGraph *graph, int32_t parent, ColumnRange rows)
{
    if (graph->domain_count == COLUMN_DOMAINS_MAX) {
        column_set_fault(graph, "too many lists within lists");
        return 0;
    }
    graph->domain[graph->domain_count] = (ColumnDomain){parent, rows};
    return graph->domain_count++;
}

int32_t column_parent(const ColumnGraph *graph, int32_t domain)
{
    return domain <= 0 ? COLUMN_ANYWHERE : graph->domain[domain].parent;
}

ColumnRange column_domain_rows(const ColumnGraph *graph, int32_t domain)
{
    return graph->domain[domain].rows;
}

bool column_below(const ColumnGraph *graph, int32_t domain, int32_t upper)
{
    if (upper == COLUMN_ANYWHERE) return true;
    while (domain > upper) domain = graph->domain[domain].parent;
    return domain == upper;
}

ColumnWidth column_width_for(int64_t low, int64_t high)
{
    if (low >= 0 && high <= UINT8_MAX) return COLUMN_U8;
    return low >= INT32_MIN && high <= INT32_MAX ? COLUMN_I32 : COLUMN_I64;
}

static ColumnWidth width_at(const ColumnGraph *graph, ColumnRef ref)
{
    if (ref < 0) return COLUMN_U8;
    return column_width_for(graph->nodes[ref].low, graph->nodes[ref].high);
}

/* Arithmetic is done in a width that has room for operands and result. */
static ColumnWidth width_of(const ColumnGraph *graph, const ColumnNode *node)
{
    ColumnWidth width = column_width_for(node->low, node->high);
    ColumnWidth a, b;
    switch ((int)node->op) {
    case COLUMN_ADD:
    case COLUMN_SUBTRACT:
    case COLUMN_MULTIPLY:
    case COLUMN_DIVIDE:
    case COLUMN_QUOTIENT:
    case COLUMN_MODULO:
    case COLUMN_LEAST:
    case COLUMN_GREATEST:
        a = width_at(graph, node->a);
        b = width_at(graph, node->b);
        if (a < b) a = b;
        return a > width ? a : width;
    case COLUMN_MONTHS:
    case COLUMN_LATER:
    case COLUMN_YEAR:
    case COLUMN_MONTH:
    case COLUMN_DAY:
    case COLUMN_FIRST:
    case COLUMN_SIZE:
        return COLUMN_I32;
    case COLUMN_SUM:
        return width == COLUMN_U8 ? COLUMN_I32 : width;
    default:
        return width;
    }
}

static uint64_t mixed(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static uint64_t node_hash(const ColumnNode *node)
{
    uint64_t hash = mixed(node->op, (uint64_t)(uint32_t)node->a);
    hash = mixed(hash, (uint64_t)(uint32_t)node->b << 32 | (uint32_t)node->c);
    return mixed(hash, (uint64_t)node->value);
}

static bool node_same(const ColumnNode *x, const ColumnNode *y)
{
    return x->op == y->op && x->a == y->a && x->b == y->b && x->c == y->c &&
           x->value == y->value && x->domain == y->domain;
}

static void table_put(ColumnGraph *graph, int32_t at)
{
    uint64_t mask = (uint64_t)graph->table_room - 1;
    uint64_t place = node_hash(&graph->nodes[at]) & mask;
    while (graph->table[place] >= 0) place = (place + 1) & mask;
    graph->table[place] = at;
}

/* Room for one more node; the table is at most half full. */
static bool make_room(ColumnGraph *graph)
{
    if (graph->count < graph->room) return true;
    int32_t room = graph->room == 0 ? FIRST_ROOM : 2 * graph->room;
    ColumnNode *nodes = NULL;
    int32_t *table = NULL;
    if (room <= COLUMN_NODES_MAX) {
        nodes = arena_try(graph->arena, (size_t)room, sizeof *nodes);
        table = arena_try(graph->arena, (size_t)room * 2, sizeof *table);
    }
    if (nodes == NULL || table == NULL) {
        column_set_fault(graph, "too many operations");
        return false;
    }
    if (graph->count > 0) {
        memcpy(nodes, graph->nodes, (size_t)graph->count * sizeof *nodes);
    }
    memset(table, 0xFF, (size_t)room * 2 * sizeof *table);
    graph->nodes = nodes;
    graph->table = table;
    graph->room = room;
    graph->table_room = room * 2;
    for (int32_t i = 0; i < graph->count; i++) table_put(graph, i);
    return true;
}

ColumnRef column_intern(ColumnGraph *graph, ColumnNode node)
{
    if (!make_room(graph)) return 0;
    uint64_t mask = (uint64_t)graph->table_room - 1;
    uint64_t place = node_hash(&node) & mask;
    for (; graph->table[place] >= 0; place = (place + 1) & mask) {
        if (node_same(&graph->nodes[graph->table[place]], &node)) {
            return graph->table[place];
        }
    }
    if (node.op != COLUMN_INPUT) node.width = (uint8_t)width_of(graph, &node);
    graph->nodes[graph->count] = node;
    graph->table[place] = graph->count;
    return graph->count++;
}

ColumnRef column_constant(ColumnGraph *graph, int64_t value)
{
    return column_intern(graph, (ColumnNode){.op = COLUMN_CONSTANT,
                                             .domain = COLUMN_ANYWHERE,
                                             .a = -1,
                                             .b = -1,
                                             .c = -1,
                                             .value = value,
                                             .low = value,
                                             .high = value});
}

ColumnRef column_input(ColumnGraph *graph, int32_t domain, ColumnWidth width,
                       ColumnRange range)
{
    if (graph->input_count == COLUMN_INPUTS_MAX) {
        column_set_fault(graph, "too many inputs");
        return 0;
    }
    return column_intern(graph, (ColumnNode){.op = COLUMN_INPUT,
                                             .width = (uint8_t)width,
                                             .domain = (int8_t)domain,
                                             .a = -1,
                                             .b = -1,
                                             .c = -1,
                                             .value = graph->input_count++,
                                             .low = range.low,
                                             .high = range.high});
}

ColumnRef column_expand(ColumnGraph *graph, ColumnRef a, int32_t domain)
{
    const ColumnNode *node = &graph->nodes[a];
    if (node->domain == domain || node->domain == COLUMN_ANYWHERE) return a;
    ColumnNode made = {.op = COLUMN_EXPAND,
                       .domain = (int8_t)domain,
                       .b = -1,
                       .c = -1,
                       .low = node->low,
                       .high = node->high};
    int32_t path[COLUMN_DOMAINS_MAX], depth = 0;
    for (int32_t at = domain; at != node->domain; at = column_parent(graph, at))
        path[depth++] = at;
    while (depth > 0) {
        made.a = a;
        made.domain = (int8_t)path[--depth];
        a = column_intern(graph, made);
    }
    return a;
}

static int32_t deeper(ColumnGraph *graph, int32_t domain, ColumnRef ref)
{
    if (ref < 0) return domain;
    int32_t other = graph->nodes[ref].domain;
    if (column_below(graph, other, domain)) return other;
    if (!column_below(graph, domain, other)) {
        column_set_fault(graph, "two lists are gone through side by side");
    }
    return domain;
}

ColumnRef column_make(ColumnGraph *graph, ColumnOp op, ColumnRef a, ColumnRef b,
                      ColumnRef c)
{
    if (graph->fault != NULL) return 0;
    int32_t domain = COLUMN_ANYWHERE;
    domain = deeper(graph, domain, a);
    domain = deeper(graph, domain, b);
    domain = deeper(graph, domain, c);
    if (graph->fault != NULL) return 0;
    a = column_expand(graph, a, domain);
    if (b >= 0) b = column_expand(graph, b, domain);
    if (c >= 0) c = column_expand(graph, c, domain);
    ColumnNode node = {
        .op = (uint8_t)op, .domain = (int8_t)domain, .a = a, .b = b, .c = c};
    ColumnRef simpler = column_simpler(graph, &node);
    if (simpler >= 0 || graph->fault != NULL) return simpler < 0 ? 0 : simpler;
    column_bound(graph, &node);
    return column_intern(graph, node);
}

/* k x of other rows, or of some rows together, is k times that of x. */
static ColumnRef outside(ColumnGraph *graph, ColumnRef made, int64_t factor)
{
    return column_two(graph, COLUMN_MULTIPLY, made,
                      column_constant(graph, factor));
}

ColumnRef column_gather(ColumnGraph *graph, ColumnRef a, ColumnRef row,
                        int32_t from)
{
    int64_t factor;
    if (graph->fault != NULL) return 0;
    ColumnRef inner = column_without_factor(graph, a, &factor);
    if (inner >= 0) {
        inner = column_gather(graph, inner, row, from);
        return outside(graph, inner, factor);
    }
    int32_t to = graph->nodes[row].domain;
    if (column_below(graph, to, graph->nodes[a].domain)) return a;
    ColumnNode node = {.op = COLUMN_GATHER,
                       .domain = (int8_t)to,
                       .a = column_expand(graph, a, from),
                       .b = row,
                       .c = -1};
    column_bound(graph, &node);
    return column_intern(graph, node);
}

static ColumnRef size_of(ColumnGraph *graph, int32_t from, int32_t to)
{
    return column_intern(graph,
                         (ColumnNode){.op = COLUMN_SIZE,
                                      .domain = (int8_t)to,
                                      .a = -1,
                                      .b = -1,
                                      .c = -1,
                                      .value = from,
                                      .low = graph->domain[from].rows.low,
                                      .high = graph->domain[from].rows.high});
}

/* A column of a domain that is the same in each row, to be gone through. */
static ColumnRef everywhere(ColumnGraph *graph, int64_t value, int32_t domain)
{
    ColumnRef size = size_of(graph, domain, column_parent(graph, domain));
    ColumnNode zero = {.op = COLUMN_MULTIPLY,
                       .domain = (int8_t)domain,
                       .a = column_expand(graph, size, domain),
                       .b = column_constant(graph, 0),
                       .c = -1};
    ColumnNode sum = {.op = COLUMN_ADD,
                      .domain = (int8_t)domain,
                      .b = column_constant(graph, value),
                      .c = -1,
                      .low = value,
                      .high = value};
    sum.a = column_intern(graph, zero);
    return column_intern(graph, sum);
}

/* One step of a gathering, from a domain to its parent. */
static ColumnRef gathered_once(ColumnGraph *graph, ColumnOp op, ColumnRef a,
                               ColumnRef b, int32_t from)
{
    int32_t to = column_parent(graph, from);
    int64_t value;
    bool constant = column_is_constant(graph, a, &value);
    int64_t factor;
    ColumnRef inner =
        op == COLUMN_SUM ? column_without_factor(graph, a, &factor) : -1;
    if (inner >= 0) {
        inner = gathered_once(graph, op, inner, b, from);
        return outside(graph, inner, factor);
    }
    if (op == COLUMN_SUM && constant) {
        ColumnRef size = value == 0 ? a : size_of(graph, from, to);
        return column_make(graph, COLUMN_MULTIPLY, size, a, -1);
    }
    if (op == COLUMN_ANY && constant) {
        return value == 0
                   ? a
                   : column_two(graph, COLUMN_GREATER, size_of(graph, from, to),
                                column_constant(graph, 0));
    }
    if (constant) a = everywhere(graph, value, from);
    ColumnNode node = {.op = (uint8_t)op,
                       .domain = (int8_t)to,
                       .a = column_expand(graph, a, from),
                       .b = b,
                       .c = -1,
                       .value = from};
    column_bound(graph, &node);
    return column_intern(graph, node);
}

ColumnRef column_gathered(ColumnGraph *graph, ColumnOp op, ColumnRef a,
                          ColumnRef b, int32_t from, int32_t to)
{
    if (graph->fault != NULL) return 0;
    if (!column_below(graph, from, to) || from == to ||
        !column_below(graph, from, graph->nodes[a].domain)) {
        column_set_fault(graph, "two lists are gone through side by side");
        return 0;
    }
    if (op == COLUMN_FIRST && column_parent(graph, from) != to) {
        column_set_fault(graph, "the first item of lists within lists");
        return 0;
    }
    for (; from != to; from = column_parent(graph, from)) {
        a = gathered_once(graph, op, a, b, from);
    }
    return a;
}

int32_t column_domain_of(const ColumnGraph *graph, ColumnRef ref)
{
    return graph->nodes[ref].domain;
}

ColumnRange column_range_of(const ColumnGraph *graph, ColumnRef ref)
{
    return (ColumnRange){graph->nodes[ref].low, graph->nodes[ref].high};
}

bool column_is_constant(const ColumnGraph *graph, ColumnRef ref,
                        int64_t *ret_value)
{
    *ret_value = graph->nodes[ref].value;
    return graph->nodes[ref].op == COLUMN_CONSTANT;
}

void column_give_up(ColumnGraph *graph, ColumnRef where)
{
    int64_t value;
    if (column_is_constant(graph, where, &value)) {
        if (value != 0) column_set_fault(graph, "nothing can be computed");
        return;
    }
    for (int32_t i = 0; i < graph->give_up_count; i++) {
        if (graph->give_up[i] == where) return;
    }
    if (graph->give_up_count == graph->give_up_room) {
        int32_t room = 2 * graph->give_up_room + 16;
        ColumnRef *wider = arena_try(graph->arena, (size_t)room, sizeof *wider);
        if (wider == NULL) {
            column_set_fault(graph, "too many operations");
            return;
        }
        if (graph->give_up_count > 0) {
            memcpy(wider, graph->give_up,
                   (size_t)graph->give_up_count * sizeof *wider);
        }
        graph->give_up = wider;
        graph->give_up_room = room;
    }
    graph->give_up[graph->give_up_count++] = where;
}

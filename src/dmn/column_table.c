/* From the rows that match, each with its mask, to a table's result. */
#include "dmn/column_int.h"
#include "feel/number.h"

typedef struct Matched {
    DmnLow *low;
    const FeelTable *table;
    const DmnMatched *rows;
    uint32_t count;
    const Sym *otherwise;
} Matched;

static ColumnRef some_row(const Matched *m)
{
    ColumnRef some = dmn_never(m->low);
    for (uint32_t i = 0; i < m->count; i++) {
        some = column_or(m->low->graph, some, m->rows[i].mask);
    }
    return some;
}

static const Sym *row_value(const Matched *m, uint32_t row)
{
    if (m->table->shape == NULL) return m->rows[row].outputs[0];
    return dmn_sym_make(m->low, (Sym){.kind = SYM_RECORD,
                                      .null = dmn_never(m->low),
                                      .shape = m->table->shape,
                                      .parts = m->rows[row].outputs,
                                      .count = m->table->output_count});
}

/* The first row that matches, in the order of `places`. */
static const Sym *first_row(const Matched *m, const uint32_t *places)
{
    const Sym *value = m->otherwise;
    for (uint32_t i = m->count; i-- > 0;) {
        uint32_t row = places == NULL ? i : places[i];
        value =
            dmn_sym_select(m->low, m->rows[row].mask, row_value(m, row), value);
    }
    return value;
}

static const Sym *unique_row(const Matched *m)
{
    ColumnGraph *graph = m->low->graph;
    ColumnRef seen = dmn_never(m->low), twice = dmn_never(m->low);
    for (uint32_t i = 0; i < m->count; i++) {
        ColumnRef mask = m->rows[i].mask;
        twice = column_or(graph, twice, column_and(graph, seen, mask));
        seen = column_or(graph, seen, mask);
    }
    return dmn_sym_with_null(m->low, first_row(m, NULL), twice);
}

/* Where two rows that match have another output. */
static bool differing(const Matched *m, uint32_t a, uint32_t b,
                      ColumnRef *differ)
{
    ColumnGraph *graph = m->low->graph;
    ColumnRef both = column_and(graph, m->rows[a].mask, m->rows[b].mask);
    for (uint32_t i = 0; i < m->table->output_count; i++) {
        ColumnRef same, null;
        const Sym *equal =
            dmn_sym_equal(m->low, m->rows[a].outputs[i], m->rows[b].outputs[i]);
        if (equal == NULL) return false;
        dmn_sym_truth(m->low, equal, &same, &null);
        same = column_and(graph, both, column_not(graph, same));
        *differ = column_or(graph, *differ, same);
    }
    return true;
}

static const Sym *any_row(const Matched *m)
{
    ColumnRef differ = dmn_never(m->low);
    for (uint32_t i = 0; i < m->count; i++) {
        for (uint32_t j = i + 1; j < m->count; j++) {
            if (!differing(m, i, j, &differ)) return NULL;
        }
    }
    return dmn_sym_with_null(m->low, first_row(m, NULL), differ);
}

static uint32_t rank(const Matched *m, FeelValue order, FeelValue value)
{
    if (order.kind != FEEL_LIST) return 0;
    for (uint32_t i = 0; i < order.count; i++) {
        if (feel_is_true(
                feel_equal(&m->low->eval->run, order.as.items[i], value)))
            return i;
    }
    return order.count;
}

/* Whether row a stands before row b by the declared values of outputs. */
static bool before(const Matched *m, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < m->table->output_count; i++) {
        FeelValue order = m->table->order[i];
        uint32_t x = rank(m, order, m->rows[a].outputs[i]->value);
        uint32_t y = rank(m, order, m->rows[b].outputs[i]->value);
        if (x != y) return x < y;
    }
    return false;
}

/* The rows by rank; false when outputs are not constant. */
static bool ranked(const Matched *m, uint32_t *places)
{
    for (uint32_t i = 0; i < m->count; i++) {
        for (uint32_t j = 0; j < m->table->output_count; j++) {
            if (m->rows[i].outputs[j]->kind == SYM_CONSTANT) continue;
            dmn_sym_fail(m->low, "a priority of outputs that are computed");
            return false;
        }
        uint32_t at = i;
        while (at > 0 && before(m, i, places[at - 1])) {
            places[at] = places[at - 1];
            at--;
        }
        places[at] = i;
    }
    return true;
}

static const Sym *all_rows(const Matched *m, const uint32_t *places)
{
    const Sym *parts[DMN_OPTIONS_MAX];
    ColumnRef masks[DMN_OPTIONS_MAX];
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t row = places == NULL ? i : places[i];
        parts[i] = row_value(m, row);
        masks[i] = m->rows[row].mask;
    }
    const Sym *list = dmn_sym_options(m->low, parts, masks, m->count);
    if (list == NULL || dmn_sym_is_null(m->otherwise)) return list;
    return dmn_sym_select(m->low, some_row(m), list, m->otherwise);
}

static const Sym *sum_of_rows(const Matched *m, FeelAggregation aggregation)
{
    const Sym *parts[DMN_OPTIONS_MAX];
    ColumnRef masks[DMN_OPTIONS_MAX];
    if (m->table->shape != NULL) {
        return dmn_sym_fail(m->low, "a sum of several outputs");
    }
    for (uint32_t i = 0; i < m->count; i++) {
        parts[i] = m->rows[i].outputs[0];
        masks[i] = m->rows[i].mask;
        if (dmn_sym_kind(parts[i]) != FEEL_NUMBER) {
            return dmn_sym_fail(m->low, "a sum of other than numbers");
        }
    }
    const Sym *list = dmn_sym_options(m->low, parts, masks, m->count);
    const Sym *value =
        aggregation == FEEL_AGGREGATE_SUM
            ? dmn_sym_sum(m->low, list)
            : dmn_sym_best(m->low, list, aggregation == FEEL_AGGREGATE_MIN);
    return dmn_sym_select(m->low, some_row(m), value, m->otherwise);
}

static const Sym *collected(const Matched *m)
{
    const Sym *parts[DMN_OPTIONS_MAX];
    ColumnRef masks[DMN_OPTIONS_MAX];
    switch (m->table->aggregation) {
    case FEEL_AGGREGATE_LIST:
        return all_rows(m, NULL);
    case FEEL_AGGREGATE_SUM:
    case FEEL_AGGREGATE_MIN:
    case FEEL_AGGREGATE_MAX:
        return sum_of_rows(m, m->table->aggregation);
    case FEEL_AGGREGATE_COUNT:
        break;
    }
    for (uint32_t i = 0; i < m->count; i++) {
        parts[i] = dmn_sym_null(m->low);
        masks[i] = m->rows[i].mask;
    }
    const Sym *list = dmn_sym_options(m->low, parts, masks, m->count);
    const Sym *count = dmn_sym_count(m->low, list);
    if (dmn_sym_is_null(m->otherwise)) return count;
    return dmn_sym_select(m->low, some_row(m), count, m->otherwise);
}

const Sym *dmn_sym_table(DmnLow *low, const FeelTable *table,
                         const DmnMatched *rows, uint32_t count,
                         const Sym *otherwise)
{
    uint32_t places[DMN_OPTIONS_MAX];
    Matched m = {low, table, rows, count, otherwise};
    if (otherwise == NULL) return NULL;
    if (count > DMN_OPTIONS_MAX) return dmn_sym_fail(low, "a long table");
    switch (table->hit) {
    case FEEL_HIT_UNIQUE:
        return unique_row(&m);
    case FEEL_HIT_FIRST:
        return first_row(&m, NULL);
    case FEEL_HIT_ANY:
        return any_row(&m);
    case FEEL_HIT_PRIORITY:
        return ranked(&m, places) ? first_row(&m, places) : NULL;
    case FEEL_HIT_OUTPUT_ORDER:
        return ranked(&m, places) ? all_rows(&m, places) : NULL;
    case FEEL_HIT_RULE_ORDER:
        return all_rows(&m, NULL);
    case FEEL_HIT_COLLECT:
        break;
    }
    return collected(&m);
}

/*
 * What is made of a list: its items counted, summed, compared, found. A list
 * of rows becomes an operation over the runs of a domain; a list of options
 * is gone through one by one.
 */
#include "dmn/column_int.h"
#include "feel/number.h"

static ColumnRef no(DmnLow *low, ColumnRef at)
{
    return column_not(low->graph, at);
}

static const Sym *whole(DmnLow *low, ColumnRef at, ColumnRef null)
{
    return dmn_sym_make(
        low, (Sym){.kind = SYM_NUMBER, .at = at, .null = null, .unit = 1});
}

/* A flag of the items brought together: whether one is 1. */
static ColumnRef any_row(DmnLow *low, const Sym *list, ColumnRef flag)
{
    return column_gathered(low->graph, COLUMN_ANY,
                           column_and(low->graph, list->at, flag), -1,
                           list->domain, list->over);
}

static const Sym *listed(DmnLow *low, const Sym *list)
{
    list = dmn_sym_typed(low, list);
    if (list == NULL) return NULL;
    if (list->kind == SYM_BROKEN) return dmn_sym_fail(low, list->why);
    if (list->kind == SYM_LIST || list->kind == SYM_OPTIONS) return list;
    return dmn_sym_fail(low, "a list that may be a single item");
}

const Sym *dmn_sym_count(DmnLow *low, const Sym *list)
{
    if (list == NULL) return NULL;
    if (dmn_sym_is_null(list)) return list;
    list = listed(low, list);
    if (list == NULL) return NULL;
    if (list->kind == SYM_LIST) {
        return whole(low,
                     column_gathered(low->graph, COLUMN_SUM, list->at, -1,
                                     list->domain, list->over),
                     list->null);
    }
    ColumnRef count = dmn_never(low);
    for (uint32_t i = 0; i < list->count; i++) {
        count = column_two(low->graph, COLUMN_ADD, count, list->masks[i]);
    }
    return whole(low, count, list->null);
}

/* Where a list has no item, or one that is null. */
static ColumnRef nothing_or_null(DmnLow *low, const Sym *list)
{
    ColumnGraph *graph = low->graph;
    ColumnRef some = dmn_never(low), null = list->null;
    if (list->kind == SYM_LIST) {
        some = any_row(low, list, dmn_always(low));
        null = column_or(graph, null, any_row(low, list, list->parts[0]->null));
        return column_or(graph, null, no(low, some));
    }
    for (uint32_t i = 0; i < list->count; i++) {
        ColumnRef item_null =
            column_and(graph, list->masks[i], list->parts[i]->null);
        some = column_or(graph, some, list->masks[i]);
        null = column_or(graph, null, item_null);
    }
    return column_or(graph, null, no(low, some));
}

/* Whether all items are of a kind; null may stand among them. */
static bool all_of(const Sym *list, FeelKind kind)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (dmn_sym_is_null(list->parts[i])) continue;
        if (dmn_sym_kind(list->parts[i]) != kind) return false;
    }
    return true;
}

/* How many rows of a list there can be for one row that has it, as sums of
 * lists within lists count them. */
static int64_t most_rows(const DmnLow *low, const Sym *list)
{
    int64_t rows = 1;
    for (int32_t d = list->domain; d != list->over;
         d = column_parent(low->graph, d)) {
        int64_t many = column_domain_rows(low->graph, d).high;
        if (many < 1) many = 1;
        if (__builtin_mul_overflow(rows, many, &rows)) return INT64_MAX;
    }
    return rows;
}

/* What a sum may go over: a household with an item so large that the sum might
 * leave 64 bits is given up. */
static ColumnRef addends(DmnLow *low, ColumnRef at, int64_t rows)
{
    ColumnGraph *graph = low->graph;
    ColumnRange range = column_range_of(graph, at);
    int64_t most = INT64_MAX / rows;
    ColumnRef high = column_constant(graph, most);
    ColumnRef least = column_constant(graph, -most);
    if (range.high > most) {
        column_give_up(graph, column_two(graph, COLUMN_GREATER, at, high));
        at = column_two(graph, COLUMN_LEAST, at, high);
    }
    if (range.low < -most) {
        column_give_up(graph, column_two(graph, COLUMN_LESS, at, least));
        at = column_two(graph, COLUMN_GREATEST, at, least);
    }
    return at;
}

/* Fractions of a list are of one size, unless items are divided each by its
 * own. */
static bool same_for_list(DmnLow *low, const Sym *list, const Sym *item)
{
    if (item->kind != SYM_NUMBER || dmn_above(low, item->by, list->over)) {
        return true;
    }
    dmn_sym_fail(low, "items that are divided each by another number");
    return false;
}

static const Sym *sum_of_rows(DmnLow *low, const Sym *list)
{
    const Sym *item = dmn_sym_typed(low, list->parts[0]);
    if (item == NULL || dmn_sym_is_null(item)) return item;
    int64_t rows = column_domain_rows(low->graph, list->domain).high;
    ColumnRef counted = column_make(low->graph, COLUMN_SELECT, list->at,
                                    item->at, dmn_never(low));
    if (!same_for_list(low, list, item)) return NULL;
    counted = addends(low, counted, most_rows(low, list));
    Sym made = {.kind = SYM_NUMBER,
                .at = column_gathered(low->graph, COLUMN_SUM, counted, -1,
                                      list->domain, list->over),
                .unit = item->unit,
                .by = item->by,
                .precision =
                    item->precision == SYM_EXACT ? SYM_EXACT : SYM_ROUGH,
                .error = 2 * item->error * (double)rows};
    made.null = nothing_or_null(low, list);
    return dmn_sym_make(low, made);
}

const Sym *dmn_sym_sum(DmnLow *low, const Sym *list)
{
    list = listed(low, list);
    if (list == NULL) return NULL;
    if (!all_of(list, FEEL_NUMBER)) return dmn_sym_null(low);
    if (list->kind == SYM_LIST) return sum_of_rows(low, list);
    const Sym *zero = dmn_sym_number(low, feel_number(0, 0));
    const Sym *sum = zero;
    for (uint32_t i = 0; i < list->count; i++) {
        if (dmn_sym_is_null(list->parts[i])) continue;
        const Sym *item = dmn_sym_typed(low, list->parts[i]);
        item = dmn_sym_select(low, list->masks[i], item, zero);
        if (item == NULL || sum == NULL) return NULL;
        sum = dmn_sym_arithmetic(low, FEEL_OP_ADD, sum, item);
    }
    return dmn_sym_with_null(low, sum, nothing_or_null(low, list));
}

static const Sym *best_of_rows(DmnLow *low, const Sym *list, bool least)
{
    ColumnGraph *graph = low->graph;
    const Sym *item = dmn_sym_typed(low, list->parts[0]);
    if (item == NULL || dmn_sym_is_null(item)) return item;
    if (!same_for_list(low, list, item)) return NULL;
    ColumnRange range = column_range_of(graph, item->at);
    ColumnRef worst = column_constant(graph, least ? range.high : range.low);
    Sym made = *item;
    made.at = column_gathered(
        graph, least ? COLUMN_MINIMUM : COLUMN_MAXIMUM,
        column_make(graph, COLUMN_SELECT, list->at, item->at, worst), worst,
        list->domain, list->over);
    made.null = nothing_or_null(low, list);
    return dmn_sym_make(low, made);
}

/* The better of two where both are there, else the one that is. */
static const Sym *better(DmnLow *low, const Sym *a, const Sym *b, bool least)
{
    if (a->kind == SYM_NUMBER) return dmn_sym_extreme(low, a, b, least);
    Sym made = *a;
    made.at = column_two(low->graph, least ? COLUMN_LEAST : COLUMN_GREATEST,
                         a->at, b->at);
    made.null = column_or(low->graph, a->null, b->null);
    return dmn_sym_make(low, made);
}

static const Sym *best_of_options(DmnLow *low, const Sym *list, bool least)
{
    const Sym *best = NULL;
    ColumnRef some = dmn_never(low);
    for (uint32_t i = 0; i < list->count; i++) {
        const Sym *item = dmn_sym_typed(low, list->parts[i]);
        if (item == NULL) return NULL;
        if (dmn_sym_is_null(item)) continue;
        const Sym *both = best == NULL ? item : better(low, best, item, least);
        /* where only one of them is there, that one */
        if (best != NULL) {
            both = dmn_sym_select(low, some, both, item);
            both = dmn_sym_select(low, list->masks[i], both, best);
        }
        if (both == NULL) return NULL;
        best = both;
        some = column_or(low->graph, some, list->masks[i]);
    }
    if (best == NULL) return dmn_sym_null(low);
    return dmn_sym_with_null(low, best, nothing_or_null(low, list));
}

const Sym *dmn_sym_best(DmnLow *low, const Sym *list, bool least)
{
    list = listed(low, list);
    if (list == NULL) return NULL;
    if (list->count == 0) return dmn_sym_null(low);
    bool known = all_of(list, FEEL_NUMBER) || all_of(list, FEEL_DATE) ||
                 all_of(list, FEEL_MONTHS_DURATION) ||
                 all_of(list, FEEL_DAYS_DURATION);
    if (!known) return dmn_sym_fail(low, "the best of items of this kind");
    return list->kind == SYM_LIST ? best_of_rows(low, list, least)
                                  : best_of_options(low, list, least);
}

/* "any" and "all", three-valued. */
const Sym *dmn_sym_joined(DmnLow *low, const Sym *list, bool any)
{
    ColumnGraph *graph = low->graph;
    list = listed(low, list);
    if (list == NULL) return NULL;
    if (!all_of(list, FEEL_BOOLEAN)) {
        return dmn_sym_fail(low, "a list of other than booleans");
    }
    ColumnRef decided = dmn_never(low), unknown = dmn_never(low);
    for (uint32_t i = 0; i < list->count; i++) {
        ColumnRef at, null;
        dmn_sym_truth(low, list->parts[i], &at, &null);
        if (!any) at = no(low, column_or(graph, at, null));
        if (list->kind == SYM_LIST) {
            decided = any_row(low, list, at);
            unknown = any_row(low, list, null);
            continue;
        }
        at = column_and(graph, at, list->masks[i]);
        null = column_and(graph, null, list->masks[i]);
        decided = column_or(graph, decided, at);
        unknown = column_or(graph, unknown, null);
    }
    unknown = column_and(graph, unknown, no(low, decided));
    ColumnRef truth =
        any ? decided : no(low, column_or(graph, decided, unknown));
    return dmn_sym_with_null(low, dmn_sym_boolean(low, truth, unknown),
                             list->null);
}

/* Whether an item of the list equals the value. */
const Sym *dmn_sym_holds(DmnLow *low, const Sym *list, const Sym *item)
{
    if (item == NULL) return NULL;
    if (list != NULL && dmn_sym_is_null(list)) return list;
    list = listed(low, list);
    if (list == NULL) return NULL;
    bool rows = list->kind == SYM_LIST && item->kind != SYM_CONSTANT;
    if (rows &&
        (item->kind > SYM_MONTHS || !dmn_above(low, item->at, list->over) ||
         !dmn_above(low, item->null, list->over))) {
        return dmn_sym_fail(low, "rows compared with each other");
    }
    ColumnRef held = dmn_never(low);
    for (uint32_t i = 0; i < list->count; i++) {
        const Sym *same = dmn_sym_equal(low, list->parts[i], item);
        ColumnRef at, null;
        if (same == NULL) return NULL;
        dmn_sym_truth(low, same, &at, &null);
        held = list->kind == SYM_LIST
                   ? any_row(low, list, at)
                   : column_or(low->graph, held,
                               column_and(low->graph, list->masks[i], at));
    }
    return dmn_sym_with_null(low, dmn_sym_boolean(low, held, dmn_never(low)),
                             list->null);
}

/* Lists of rows within each row of a list, as one list. */
const Sym *dmn_sym_flatten(DmnLow *low, const Sym *list)
{
    list = listed(low, list);
    if (list == NULL) return NULL;
    if (list->kind == SYM_OPTIONS) {
        for (uint32_t i = 0; i < list->count; i++) {
            if (dmn_sym_kind(list->parts[i]) == FEEL_LIST) {
                return dmn_sym_fail(low, "lists within a list");
            }
        }
        return list;
    }
    const Sym *inner = list->parts[0];
    if (dmn_sym_kind(inner) != FEEL_LIST) return list;
    if (inner->kind != SYM_LIST || !dmn_ref_is(low, inner->null, 0) ||
        dmn_sym_kind(inner->parts[0]) == FEEL_LIST ||
        !column_below(low->graph, inner->domain, list->domain)) {
        return dmn_sym_fail(low, "lists within a list");
    }
    Sym made = *inner;
    made.at = column_and(low->graph, list->at, inner->at);
    made.over = list->over;
    made.null = list->null;
    return dmn_sym_make(low, made);
}

static const Sym *first_option(DmnLow *low, const Sym *list, bool last)
{
    const Sym *found = dmn_sym_null(low);
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t at = last ? i : list->count - 1 - i;
        found = dmn_sym_select(low, list->masks[at], list->parts[at], found);
    }
    return dmn_sym_with_null(low, found, list->null);
}

const Sym *dmn_sym_index(DmnLow *low, const Sym *list, const Sym *index)
{
    if (list == NULL || index == NULL) return NULL;
    if (list->kind == SYM_CONSTANT && index->kind == SYM_CONSTANT) {
        return dmn_sym_folded(
            low, feel_run_index(&low->eval->run, list->value, index->value));
    }
    int64_t at;
    if (index->kind != SYM_CONSTANT) {
        return dmn_sym_fail(low, "an item at a place that is computed");
    }
    if (index->value.kind != FEEL_NUMBER ||
        !feel_number_int(index->value, &at)) {
        return dmn_sym_null(low);
    }
    if (dmn_sym_kind(list) != FEEL_LIST) {
        return at == 1 || at == -1 ? list : dmn_sym_null(low);
    }
    list = listed(low, list);
    if (list == NULL) return NULL;
    if (list->kind == SYM_OPTIONS && (at == 1 || at == -1)) {
        return first_option(low, list, at < 0);
    }
    if (list->kind != SYM_LIST || at != 1) {
        return dmn_sym_fail(low, "an item that is not the first of a list");
    }
    ColumnRef row = column_gathered(low->graph, COLUMN_FIRST, list->at, -1,
                                    list->domain, list->over);
    ColumnRef none = column_two(low->graph, COLUMN_LESS, row, dmn_never(low));
    const Sym *item = dmn_sym_gather(low, list->parts[0], row, list->domain);
    return dmn_sym_with_null(low, item,
                             column_or(low->graph, none, list->null));
}

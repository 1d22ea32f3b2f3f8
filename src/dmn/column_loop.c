/*
 * Loops of a unit. The body of a loop over rows is gone through once, for all
 * rows; of a loop over options once for each.
 */
#include "dmn/column_walk_int.h"

static WalkLoop *innermost(Walk *w)
{
    return w->open_count == 0 ? NULL : w->loops[w->open[w->open_count - 1]];
}

bool dmn_loop_open(Walk *w, const FeelOp *op)
{
    DmnLow *low = w->low;
    const Sym *list = dmn_walk_fetch(w, op->a);
    if (list == NULL) return false;
    WalkLoop *loop = arena_try(low->arena, 1, sizeof *loop);
    if (loop == NULL) return dmn_walk_fails(w, "the model is too large");
    w->loops[op->b] = loop;
    loop->filter = op->c == FEEL_DOMAIN_FILTER;
    loop->head = -1;
    loop->decided = loop->unknown = dmn_never(low);
    if (dmn_sym_is_null(list) && loop->filter) {
        list = dmn_sym_constant(low, feel_list(NULL, 0));
    }
    if (dmn_sym_kind(list) == FEEL_RANGE) {
        return dmn_walk_fails(w, "a loop over numbers");
    }
    if (dmn_sym_kind(list) != FEEL_LIST && !dmn_sym_is_null(list)) {
        return dmn_walk_fails(w, "a loop over what may be a single item");
    }
    loop->list = dmn_sym_typed(low, list);
    if (loop->list == NULL) return false;
    if (op->flag != 0 &&
        (dmn_sym_is_null(loop->list) || loop->list->null != dmn_never(low))) {
        return dmn_walk_fails(w, "a quantifier over what may be no list");
    }
    return true;
}

/*
 * A row stands for itself in all that is said of it. Two loops that could
 * have different rows of one domain at a time cannot be told apart.
 */
static bool apart(const Walk *w, const Sym *list)
{
    const ColumnGraph *graph = w->low->graph;
    for (int32_t i = 0; i < w->low->open_count; i++) {
        int32_t outer = w->low->open[i];
        bool nested = column_below(graph, list->over, outer);
        bool strangers = !column_below(graph, list->domain, outer) &&
                         !column_below(graph, outer, list->domain);
        if (!nested && !strangers) return false;
    }
    return true;
}

static bool begin_rows(Walk *w, WalkLoop *loop, const FeelOp *op)
{
    DmnLow *low = w->low;
    const WalkLoop *outer = innermost(w);
    const Sym *list = loop->list;
    if (!apart(w, list))
        return dmn_walk_fails(w, "rows compared with each other");
    if (low->open_count == COLUMN_DOMAINS_MAX)
        return dmn_walk_fails(w, "many loops");
    low->open[low->open_count++] = list->domain;
    loop->domain = list->domain;
    loop->mask =
        column_and(low->graph, list->at, column_not(low->graph, list->null));
    if (outer != NULL && outer->domain != 0 &&
        column_below(low->graph, list->over, outer->domain)) {
        loop->mask = column_and(low->graph, loop->mask, outer->mask);
    }
    w->now.slots[op->to] = list->parts[0];
    return true;
}

/* The body for the next option, or the end of the loop. */
static bool next_option(Walk *w, WalkLoop *loop, const FeelOp *op)
{
    const Sym *list = loop->list;
    if (loop->next >= list->count) {
        w->at = loop->exit - 1;
        w->open_count--;
        memcpy(w->now.slots, loop->saved,
               (size_t)w->unit->slot_count * sizeof *loop->saved);
        return true;
    }
    w->now.slots[op->to] = list->parts[loop->next];
    loop->mask = column_and(w->low->graph, list->masks[loop->next],
                            column_not(w->low->graph, list->null));
    loop->next++;
    return true;
}

bool dmn_loop_first(Walk *w, const FeelOp *op)
{
    WalkLoop *loop = w->loops[op->b];
    if (loop == NULL) return dmn_walk_fails(w, "a loop that is not open");
    loop->head = w->at;
    loop->exit = op->c;
    loop->depth = w->now.depth;
    loop->saved = dmn_walk_slots(w, w->now.slots);
    if (loop->saved == NULL) return false;
    if (w->open_count == LOOPS_OPEN_MAX) return dmn_walk_fails(w, "many loops");
    if (dmn_sym_is_null(loop->list)) { /* nothing to go through */
        w->at = loop->exit - 1;
        return true;
    }
    bool rows = loop->list->kind == SYM_LIST;
    if (rows && !begin_rows(w, loop, op)) return false;
    w->open[w->open_count++] = op->b;
    return rows || next_option(w, loop, op);
}

/* Back to the head: rows are done at once, options one by one. */
bool dmn_loop_back(Walk *w, int32_t head)
{
    const FeelOp *op = &w->ops[head];
    WalkLoop *loop = w->loops[op->b];
    if (op->code != FEEL_OP_LOOP_NEXT || loop != innermost(w)) {
        return dmn_walk_fails(w, "a jump backwards");
    }
    if (w->now.depth != loop->depth)
        return dmn_walk_fails(w, "branches that cross");
    if (loop->list->kind == SYM_LIST) {
        w->open_count--;
        w->low->open_count--;
        memcpy(w->now.slots, loop->saved,
               (size_t)w->unit->slot_count * sizeof *loop->saved);
        w->at = loop->exit - 1;
        return true;
    }
    w->at = head;
    return next_option(w, loop, op);
}

/* What the body gives, into the list of the loop that is named. */
static bool push(Walk *w, WalkLoop *into, const Sym *value, ColumnRef mask)
{
    const WalkLoop *inner = innermost(w);
    if (inner == NULL || w->now.depth != inner->depth) {
        return dmn_walk_fails(w, "branches that cross");
    }
    if (inner->domain != 0) {
        if (into->list->kind != SYM_LIST) {
            return dmn_walk_fails(w, "loops within a loop over options");
        }
        if (into->pushed != NULL)
            return dmn_walk_fails(w, "two results of a loop");
        into->pushed = value;
        into->pushed_mask = mask;
        into->pushed_domain = inner->domain;
        return true;
    }
    if (into != inner)
        return dmn_walk_fails(w, "loops within a loop over options");
    if (into->count == DMN_OPTIONS_MAX) return dmn_walk_fails(w, "a long list");
    into->parts[into->count] = value;
    into->masks[into->count++] = mask;
    return true;
}

bool dmn_loop_push(Walk *w, const FeelOp *op)
{
    const Sym *value = dmn_walk_fetch(w, op->a);
    const WalkLoop *inner = innermost(w);
    if (value == NULL) return false;
    if (inner == NULL) return dmn_walk_fails(w, "a loop that is not open");
    return push(w, w->loops[op->b], value, inner->mask);
}

bool dmn_loop_filter(Walk *w, const FeelOp *op)
{
    DmnLow *low = w->low;
    const Sym *test = dmn_walk_fetch(w, op->a);
    WalkLoop *loop = w->loops[op->b];
    ColumnRef at, null;
    if (test == NULL) return false;
    FeelKind kind = dmn_sym_kind(test);
    if (kind != FEEL_BOOLEAN && kind != FEEL_NULL) {
        return dmn_walk_fails(w, "a filter that is no test");
    }
    dmn_sym_truth(low, test, &at, &null);
    const Sym *item = loop->list->kind == SYM_LIST
                          ? loop->list->parts[0]
                          : loop->list->parts[loop->next - 1];
    return push(w, loop, item, column_and(low->graph, loop->mask, at));
}

bool dmn_loop_quantified(Walk *w, const FeelOp *op)
{
    DmnLow *low = w->low;
    ColumnGraph *graph = low->graph;
    WalkLoop *loop = innermost(w);
    const Sym *test = dmn_walk_fetch(w, op->a);
    ColumnRef at, null;
    if (test == NULL) return false;
    bool some = op->code == FEEL_OP_SOME_STEP;
    FeelKind kind = dmn_sym_kind(test);
    if (loop == NULL || w->now.depth != loop->depth ||
        (kind != FEEL_BOOLEAN && kind != FEEL_NULL)) {
        return dmn_walk_fails(w, "a quantifier over no test");
    }
    dmn_sym_truth(low, test, &at, &null);
    if (!some) at = column_not(graph, column_or(graph, at, null));
    at = column_and(graph, at, loop->mask);
    null = column_and(graph, null, loop->mask);
    int32_t outermost = w->open_count - 1;
    while (outermost > 0 && w->loops[w->open[outermost]]->exit != op->c) {
        outermost--;
    }
    const WalkLoop *whole = w->loops[w->open[outermost]];
    if ((loop->domain == 0 && loop != whole) ||
        (loop->domain != 0 && whole->domain == 0)) {
        return dmn_walk_fails(w, "loops within a loop over options");
    }
    if (loop->domain != 0) {
        int32_t over = whole->list->over;
        at = column_gathered(graph, COLUMN_ANY, at, -1, loop->domain, over);
        null = column_gathered(graph, COLUMN_ANY, null, -1, loop->domain, over);
    }
    loop->decided = column_or(graph, loop->decided, at);
    loop->unknown = column_or(graph, loop->unknown, null);
    null = column_and(graph, loop->unknown, column_not(graph, loop->decided));
    ColumnRef truth =
        some ? loop->decided
             : column_not(graph, column_or(graph, loop->decided, null));
    const Sym *found = dmn_sym_boolean(low, truth, null);
    for (int32_t i = outermost; found != NULL && i < w->open_count; i++) {
        w->loops[w->open[i]]->saved[op->to] = found;
    }
    return dmn_walk_give(w, op->to, found);
}

bool dmn_loop_close(Walk *w, const FeelOp *op)
{
    DmnLow *low = w->low;
    WalkLoop *loop = w->loops[op->b];
    const Sym *list = loop->list;
    if (dmn_sym_is_null(list)) return dmn_walk_give(w, op->to, list);
    ColumnRef null = loop->filter ? dmn_never(low) : list->null;
    if (list->kind == SYM_OPTIONS) {
        const Sym *made =
            dmn_sym_options(low, loop->parts, loop->masks, loop->count);
        return dmn_walk_give(w, op->to, dmn_sym_with_null(low, made, null));
    }
    const Sym **parts = arena_try(low->arena, 1, sizeof *parts);
    if (parts == NULL || loop->pushed == NULL) {
        return dmn_walk_fails(w, "a loop without a result");
    }
    parts[0] = loop->pushed;
    return dmn_walk_give(w, op->to,
                         dmn_sym_make(low, (Sym){.kind = SYM_LIST,
                                                 .at = loop->pushed_mask,
                                                 .null = null,
                                                 .domain = loop->pushed_domain,
                                                 .over = list->over,
                                                 .parts = parts,
                                                 .count = 1}));
}

/*
 * Goes through the operations of a unit once, with symbols in its slots. A
 * jump that is not decided parts the state; where jumps meet, states become
 * one again by choosing slot by slot. The body of a loop over rows is gone
 * through once, of a loop over options once for each.
 */
#include "dmn/column_walk_int.h"

bool dmn_walk_fails(Walk *w, const char *why)
{
    dmn_sym_fail(w->low, why);
    return false;
}

const Sym **dmn_walk_slots(Walk *w, const Sym *const *slots)
{
    size_t count = (size_t)w->unit->slot_count + 1;
    const Sym **copy = arena_try_raw(w->low->arena, count, sizeof *copy);
    if (copy == NULL) {
        dmn_walk_fails(w, "the model is too large");
        return NULL;
    }
    memcpy(copy, slots, (count - 1) * sizeof *copy);
    return copy;
}

const Sym *dmn_walk_fetch(Walk *w, int32_t at)
{
    if (at < 0)
        return dmn_sym_constant(w->low, w->low->program->constants[~at]);
    const Sym *sym = w->now.slots[at];
    if (sym == NULL) return dmn_sym_fail(w->low, "a slot without a value");
    return sym->kind == SYM_BROKEN ? dmn_sym_fail(w->low, sym->why) : sym;
}

/* Puts a symbol into a slot; false when there is none. */
bool dmn_walk_give(Walk *w, int32_t to, const Sym *sym)
{
    if (sym == NULL) return false;
    w->now.slots[to] = sym;
    return true;
}

/* Lets the present state go on at the target of a jump. */
static bool jump_to(Walk *w, int32_t target)
{
    if (w->pending_count == w->pending_max)
        return dmn_walk_fails(w, "many branches");
    WalkState *to = &w->pending[w->pending_count++];
    *to = w->now;
    to->target = target;
    to->slots = dmn_walk_slots(w, w->now.slots);
    return to->slots != NULL;
}

static bool push_branch(Walk *w, ColumnRef cond, bool side)
{
    if (w->now.depth == BRANCHES_MAX) return dmn_walk_fails(w, "deep branches");
    w->now.path[w->now.depth++] = (WalkBranch){w->at, side, cond};
    return true;
}

/* Jumps where `where` is 1; what is decided for everybody parts nothing. */
static bool jump_where(Walk *w, ColumnRef where, int32_t target)
{
    if (dmn_ref_is(w->low, where, 0)) return true;
    if (dmn_ref_is(w->low, where, 1)) {
        w->dead = true;
        return jump_to(w, target);
    }
    if (!push_branch(w, where, true) || !jump_to(w, target)) return false;
    w->now.path[w->now.depth - 1].side = false;
    return true;
}

/* A slot that two states hold differently, and that may not be used after. */
static const Sym *broken(Walk *w)
{
    const char *why = w->low->reason;
    w->low->reason = NULL;
    column_drop_fault(w->low->graph);
    return dmn_sym_make(
        w->low,
        (Sym){.kind = SYM_BROKEN, .null = dmn_never(w->low), .why = why});
}

static bool same_side(const WalkBranch *a, const WalkBranch *b)
{
    return a->jump == b->jump && a->side == b->side;
}

/* How far two states have come the same way. */
static int32_t common_path(const WalkState *a, const WalkState *b)
{
    int32_t depth = a->depth < b->depth ? a->depth : b->depth, i = 0;
    while (i < depth && same_side(&a->path[i], &b->path[i])) i++;
    return i;
}

/* Every state that goes on somewhere; NULL for those that do not. */
static WalkState *live_state(Walk *w, int32_t index)
{
    if (index == w->pending_count) return w->dead ? NULL : &w->now;
    return w->pending[index].target == WALK_GONE ? NULL : &w->pending[index];
}

/* Whether a state came to a branch the same way and took its other side. */
static bool has_other_side(Walk *w, const WalkState *state, int32_t at)
{
    for (int32_t i = 0; i <= w->pending_count; i++) {
        const WalkState *other = live_state(w, i);
        if (other == NULL || other == state || other->depth <= at) continue;
        if (common_path(state, other) == at &&
            other->path[at].jump == state->path[at].jump) {
            return true;
        }
    }
    return false;
}

static void remove_branch(WalkState *state, int32_t at)
{
    state->depth--;
    memmove(&state->path[at], &state->path[at + 1],
            (size_t)(state->depth - at) * sizeof *state->path);
}

/* Forgets a branch of which no state took the other side any more. */
static void tidy_branch(Walk *w, const WalkState *like, int32_t at)
{
    for (int32_t i = 0; i <= w->pending_count; i++) {
        WalkState *state = live_state(w, i);
        if (state == NULL || state == like) continue;
        if (common_path(state, like) > at) remove_branch(state, at);
    }
}

static void tidy(Walk *w, int32_t from)
{
    for (int32_t i = 0; i <= w->pending_count; i++) {
        WalkState *state = live_state(w, i);
        for (int32_t at = from; state != NULL && at < state->depth;) {
            if (has_other_side(w, state, at)) {
                at++;
            } else {
                tidy_branch(w, state, at);
                remove_branch(state, at);
            }
        }
    }
}

static ColumnRef path_cond(Walk *w, const WalkState *state, int32_t from)
{
    ColumnGraph *graph = w->low->graph;
    ColumnRef all = dmn_always(w->low);
    for (int32_t i = from; i < state->depth; i++) {
        const WalkBranch *branch = &state->path[i];
        all = column_and(graph, all,
                         branch->side ? branch->cond
                                      : column_not(graph, branch->cond));
    }
    return all;
}

/* The slots of `to` where the node is 1, else those of `from`. */
static bool choose_slots(Walk *w, ColumnRef where, WalkState *to,
                         const WalkState *from)
{
    for (int32_t i = 0; i < w->unit->slot_count; i++) {
        const Sym *a = to->slots[i], *b = from->slots[i];
        if (a == b) continue;
        const Sym *either = a == NULL || b == NULL
                                ? dmn_sym_fail(w->low, "a slot without a value")
                                : dmn_sym_select(w->low, where, a, b);
        if (either == NULL) either = broken(w);
        if (either == NULL) return false;
        to->slots[i] = either;
    }
    return true;
}

/*
 * Puts a branch of its own where two states that met were parted from all
 * others: the others are on its other side.
 */
static bool part_from_others(Walk *w, WalkState *met, int32_t depth,
                             ColumnRef cond)
{
    bool others = false;
    WalkBranch branch = {--w->made_branches, false, cond};
    for (int32_t i = 0; i <= w->pending_count; i++) {
        WalkState *state = live_state(w, i);
        if (state == NULL || state == met) continue;
        if (common_path(state, met) < depth) continue;
        if (state->depth == BRANCHES_MAX) {
            return dmn_walk_fails(w, "deep branches");
        }
        memmove(&state->path[depth + 1], &state->path[depth],
                (size_t)(state->depth - depth) * sizeof branch);
        state->path[depth] = branch;
        state->depth++;
        others = true;
    }
    met->depth = depth;
    if (!others) return true;
    branch.side = true;
    met->path[met->depth++] = branch;
    tidy(w, depth + 1);
    return true;
}

static bool merge_into(Walk *w, WalkState *to, WalkState *from)
{
    int32_t depth = common_path(to, from);
    ColumnRef where = path_cond(w, to, depth);
    ColumnRef other = path_cond(w, from, depth);
    if (!choose_slots(w, where, to, from)) return false;
    from->target = WALK_GONE;
    if (from == &w->now) w->dead = true;
    return part_from_others(w, to, depth,
                            column_or(w->low->graph, where, other));
}

/* The two states that came the same way for longest. */
static void nearest(WalkState *const *states, int32_t count, int32_t *ret_a,
                    int32_t *ret_b)
{
    int32_t best = -1;
    for (int32_t i = 0; i < count; i++) {
        for (int32_t j = i + 1; j < count; j++) {
            int32_t depth = common_path(states[i], states[j]);
            if (depth <= best) continue;
            best = depth;
            *ret_a = i;
            *ret_b = j;
        }
    }
}

/* Brings together the states that meet at this operation. */
static bool meet(Walk *w)
{
    WalkState **here = w->meeting;
    int32_t count = 0, kept = 0;
    for (int32_t i = 0; i < w->pending_count; i++) {
        if (w->pending[i].target == w->at) here[count++] = &w->pending[i];
    }
    if (count == 0) return true;
    if (!w->dead) here[count++] = &w->now;
    while (count > 1) {
        int32_t a = 0, b = 1;
        nearest(here, count, &a, &b);
        if (!merge_into(w, here[a], here[b])) return false;
        here[b] = here[--count];
    }
    if (here[0] != &w->now) {
        w->now = *here[0];
        here[0]->target = WALK_GONE;
    }
    w->now.slots = dmn_walk_slots(w, w->now.slots);
    w->dead = false;
    for (int32_t i = 0; i < w->pending_count; i++) {
        if (w->pending[i].target == WALK_GONE) continue;
        w->pending[kept++] = w->pending[i];
    }
    w->pending_count = kept;
    return w->now.slots != NULL;
}

static bool open_table(Walk *w, const FeelOp *op)
{
    WalkTable *table = &w->tables[op->b];
    table->rows =
        arena_try(w->low->arena, DMN_OPTIONS_MAX, sizeof *table->rows);
    table->count = 0;
    table->depth = w->now.depth;
    table->previous = w->open_table;
    w->open_table = op->b;
    return table->rows != NULL || dmn_walk_fails(w, "the model is too large");
}

static bool add_row(Walk *w, const FeelOp *op)
{
    WalkTable *table = &w->tables[w->open_table];
    const Sym **outputs =
        arena_try(w->low->arena, (size_t)op->c + 1, sizeof *outputs);
    if (outputs == NULL) return dmn_walk_fails(w, "the model is too large");
    if (table->count == DMN_OPTIONS_MAX)
        return dmn_walk_fails(w, "a long table");
    for (int32_t i = 0; i < op->c; i++) {
        outputs[i] = dmn_walk_fetch(w, op->a + i);
        if (outputs[i] == NULL) return false;
    }
    table->rows[table->count++] =
        (DmnMatched){outputs, path_cond(w, &w->now, table->depth)};
    return true;
}

static bool close_table(Walk *w, const FeelOp *op)
{
    const WalkTable *table = &w->tables[op->c];
    w->open_table = table->previous;
    if (w->now.depth != table->depth)
        return dmn_walk_fails(w, "branches that cross");
    return dmn_walk_give(w, op->to,
                         dmn_sym_table(w->low, &w->low->program->tables[op->b],
                                       table->rows, table->count,
                                       dmn_walk_fetch(w, op->a)));
}

/* Neighbouring slots as arguments; false when one may not be used. */
static bool run_of(Walk *w, int32_t first, int32_t count, const Sym ***ret)
{
    *ret = arena_try(w->low->arena, (size_t)count + 1, sizeof **ret);
    if (*ret == NULL) return dmn_walk_fails(w, "the model is too large");
    for (int32_t i = 0; i < count; i++) {
        (*ret)[i] = dmn_walk_fetch(w, first + i);
        if ((*ret)[i] == NULL) return false;
    }
    return true;
}

static bool make_record(Walk *w, const FeelOp *op)
{
    const Sym **parts;
    if (!run_of(w, op->a, op->c, &parts)) return false;
    return dmn_walk_give(
        w, op->to,
        dmn_sym_make(w->low, (Sym){.kind = SYM_RECORD,
                                   .null = dmn_never(w->low),
                                   .shape = w->low->program->shapes[op->b],
                                   .parts = parts,
                                   .count = (uint32_t)op->c}));
}

static bool make_list(Walk *w, const FeelOp *op)
{
    const Sym **parts;
    if (!run_of(w, op->b, op->c, &parts)) return false;
    return dmn_walk_give(w, op->to,
                         dmn_sym_options(w->low, parts, NULL, (uint32_t)op->c));
}

/* A field of the item if it has one: known from the record's shape. */
static bool field_or(Walk *w, const FeelOp *op)
{
    Str name = w->low->program->names[op->b];
    const Sym *item = dmn_walk_fetch(w, op->a);
    if (item == NULL) return false;
    const FeelShape *shape = item->kind == SYM_ROW ? item->schema->type->shape
                             : item->kind == SYM_RECORD ? item->shape
                                                        : NULL;
    if (shape == NULL && dmn_sym_kind(item) == FEEL_CONTEXT) {
        return dmn_walk_fails(w, "a field that may be there");
    }
    if (shape == NULL || feel_shape_find(shape, name) < 0) {
        return dmn_walk_give(w, op->to, dmn_sym_null(w->low));
    }
    if (!dmn_ref_is(w->low, item->null, 0)) {
        return dmn_walk_fails(w, "a field of an item that may be null");
    }
    w->dead = true;
    return dmn_walk_give(w, op->to, dmn_sym_field(w->low, item, name)) &&
           jump_to(w, op->c);
}

static bool function_is(Walk *w, const FeelOp *op, FeelFunction is)
{
    FeelFunction *function = arena_try(w->low->arena, 1, sizeof *function);
    if (function == NULL) return dmn_walk_fails(w, "the model is too large");
    *function = is;
    return dmn_walk_give(
        w, op->to,
        dmn_sym_constant(w->low, (FeelValue){.kind = FEEL_FUNCTION,
                                             .as.function = function}));
}

static bool builtin_value(Walk *w, const FeelOp *op)
{
    return function_is(w, op, (FeelFunction){-1, op->b, NULL});
}

static bool closure(Walk *w, const FeelOp *op)
{
    if (w->low->program->units[op->b].capture_count > 0) {
        return dmn_walk_fails(w, "a function that uses what is around it");
    }
    return function_is(w, op, (FeelFunction){op->b, -1, NULL});
}

/* Arguments by name as arguments by place; false when one has no place. */
static bool by_place(Walk *w, const FeelOp *op, const FeelUnit *unit,
                     const Sym ***args)
{
    const FeelShape *names = w->low->program->shapes[op->flag - 1];
    const Sym **placed =
        arena_try(w->low->arena, (size_t)unit->param_count + 1, sizeof *placed);
    if (placed == NULL) return dmn_walk_fails(w, "the model is too large");
    for (int32_t i = 0; i < unit->param_count; i++) {
        placed[i] = dmn_sym_null(w->low);
    }
    for (uint32_t i = 0; i < names->count; i++) {
        int32_t at = feel_shape_find(unit->params, names->names[i]);
        if (at < 0) return dmn_walk_fails(w, "an argument that has no place");
        placed[at] = (*args)[i];
    }
    *args = placed;
    return true;
}

static bool call_value(Walk *w, const FeelOp *op)
{
    const Sym **args;
    uint32_t count = (uint32_t)op->c;
    const Sym *callee = dmn_walk_fetch(w, op->a);
    if (callee == NULL || !run_of(w, op->b, op->c, &args)) return false;
    if (callee->kind != SYM_CONSTANT || callee->value.kind != FEEL_FUNCTION) {
        return dmn_walk_fails(w, "a function that is a value");
    }
    const FeelFunction *function = callee->value.as.function;
    if (function->unit < 0) {
        if (op->flag != 0) return dmn_walk_fails(w, "arguments by name");
        return dmn_walk_give(
            w, op->to, dmn_sym_builtin(w->low, function->builtin, args, count));
    }
    const FeelUnit *unit = &w->low->program->units[function->unit];
    if (op->flag != 0) {
        if (!by_place(w, op, unit, &args)) return false;
        count = (uint32_t)unit->param_count;
    }
    if (count != (uint32_t)unit->param_count) {
        return dmn_walk_give(w, op->to, dmn_sym_null(w->low));
    }
    return dmn_walk_give(w, op->to,
                         dmn_sym_unit(w->low, function->unit, args, count));
}

static bool instance(Walk *w, const FeelOp *op)
{
    const FeelType *type = w->low->program->types[op->b];
    const Sym *sym = dmn_walk_fetch(w, op->a);
    if (sym == NULL) return false;
    if (sym->kind == SYM_CONSTANT) {
        return dmn_walk_give(
            w, op->to,
            dmn_sym_constant(
                w->low, feel_boolean(feel_run_instance(&w->low->eval->run,
                                                       sym->value, type))));
    }
    bool plain = type->kind != FEEL_LIST && type->kind != FEEL_CONTEXT &&
                 type->constraint < 0;
    if (!plain) return dmn_walk_fails(w, "a test of a type");
    ColumnRef there = column_not(w->low->graph, sym->null);
    if (type->kind != FEEL_ANY && type->kind != dmn_sym_kind(sym)) {
        there = type->kind == FEEL_NULL ? sym->null : dmn_never(w->low);
    }
    return dmn_walk_give(w, op->to,
                         dmn_sym_boolean(w->low, there, dmn_never(w->low)));
}

static bool conditional_jump(Walk *w, const FeelOp *op)
{
    ColumnGraph *graph = w->low->graph;
    const Sym *test = dmn_walk_fetch(w, op->a);
    ColumnRef at, null;
    if (test == NULL) return false;
    dmn_sym_truth(w->low, test, &at, &null);
    ColumnRef where = op->code == FEEL_OP_JUMP_TRUE ? at
                      : op->code == FEEL_OP_JUMP_NOT_TRUE
                          ? column_not(graph, at)
                          : column_not(graph, column_or(graph, at, null));
    return jump_where(w, where, op->c);
}

static bool call_unit(Walk *w, const FeelOp *op)
{
    const Sym **args;
    if (!run_of(w, op->a, op->c, &args)) return false;
    return dmn_walk_give(w, op->to,
                         dmn_sym_unit(w->low, op->b, args, (uint32_t)op->c));
}

static bool call_builtin(Walk *w, const FeelOp *op)
{
    const Sym **args;
    if (!run_of(w, op->a, op->c, &args)) return false;
    return dmn_walk_give(w, op->to,
                         dmn_sym_builtin(w->low, op->b, args, (uint32_t)op->c));
}

static bool between(Walk *w, const FeelOp *op)
{
    const Sym *value = dmn_walk_fetch(w, op->a);
    FeelOp range = {.code = FEEL_OP_RANGE,
                    .flag = FEEL_RANGE_LOW_CLOSED | FEEL_RANGE_HIGH_CLOSED};
    const Sym *from = dmn_walk_fetch(w, op->b), *to = dmn_walk_fetch(w, op->c);
    if (value == NULL || from == NULL || to == NULL) return false;
    if (!dmn_ref_is(w->low, from->null, 0) ||
        !dmn_ref_is(w->low, to->null, 0)) {
        return dmn_walk_fails(w, "a range whose ends may be null");
    }
    return dmn_walk_give(
        w, op->to,
        dmn_sym_contains(w->low, dmn_sym_apply(w->low, &range, from, to),
                         value));
}

/* Operations that give the symbol of one or two others. */
static const Sym *value_of(Walk *w, const FeelOp *op)
{
    DmnLow *low = w->low;
    const FeelProgram *program = low->program;
    switch ((int)op->code) {
    case FEEL_OP_INPUT:
        return dmn_sym_input(low, op->b);
    case FEEL_OP_DECISION:
        return dmn_sym_decision(low, op->b);
    case FEEL_OP_FAIL:
        return dmn_sym_null(low);
    case FEEL_OP_MOVE: /* what is broken may be moved, but not used */
        if (op->a >= 0 && w->now.slots[op->a] != NULL) {
            return w->now.slots[op->a];
        }
        return dmn_walk_fetch(w, op->a);
    default:
        break;
    }
    const Sym *a = dmn_walk_fetch(w, op->a);
    switch ((int)op->code) {
    case FEEL_OP_FIELD:
        return dmn_sym_field(low, a, program->names[op->b]);
    case FEEL_OP_INDEX:
        return dmn_sym_index(low, a, dmn_walk_fetch(w, op->b));
    case FEEL_OP_COERCE:
        return dmn_sym_coerce(low, a, program->types[op->b]);
    case FEEL_OP_NEGATE:
    case FEEL_OP_NOT:
    case FEEL_OP_TRUTH:
        return dmn_sym_apply(low, op, a, a);
    default:
        return dmn_sym_apply(low, op, a, dmn_walk_fetch(w, op->b));
    }
}

typedef bool WalkStep(Walk *walk, const FeelOp *op);

static bool give_value(Walk *w, const FeelOp *op)
{
    return dmn_walk_give(w, op->to, value_of(w, op));
}

static bool plain_jump(Walk *w, const FeelOp *op)
{
    if (op->c <= w->at) return dmn_loop_back(w, op->c);
    w->dead = true;
    return jump_to(w, op->c);
}

static bool give_result(Walk *w, const FeelOp *op)
{
    w->result = dmn_walk_fetch(w, op->a);
    return w->result != NULL;
}

static bool nothing(Walk *w, const FeelOp *op)
{
    (void)w;
    (void)op;
    return true;
}

/* What is not here cannot be lowered. */
static WalkStep *const steps[FEEL_OP_COUNT] = {
    [FEEL_OP_MOVE] = give_value,
    [FEEL_OP_INPUT] = give_value,
    [FEEL_OP_DECISION] = give_value,
    [FEEL_OP_FIELD] = give_value,
    [FEEL_OP_INDEX] = give_value,
    [FEEL_OP_COERCE] = give_value,
    [FEEL_OP_NEGATE] = give_value,
    [FEEL_OP_NOT] = give_value,
    [FEEL_OP_TRUTH] = give_value,
    [FEEL_OP_ADD] = give_value,
    [FEEL_OP_SUBTRACT] = give_value,
    [FEEL_OP_MULTIPLY] = give_value,
    [FEEL_OP_DIVIDE] = give_value,
    [FEEL_OP_POWER] = give_value,
    [FEEL_OP_EQUAL] = give_value,
    [FEEL_OP_NOT_EQUAL] = give_value,
    [FEEL_OP_LESS] = give_value,
    [FEEL_OP_LESS_EQUAL] = give_value,
    [FEEL_OP_GREATER] = give_value,
    [FEEL_OP_GREATER_EQUAL] = give_value,
    [FEEL_OP_AND] = give_value,
    [FEEL_OP_OR] = give_value,
    [FEEL_OP_TEST] = give_value,
    [FEEL_OP_RANGE] = give_value,
    [FEEL_OP_FAIL] = give_value,
    [FEEL_OP_BETWEEN] = between,
    [FEEL_OP_INSTANCE] = instance,
    [FEEL_OP_RECORD] = make_record,
    [FEEL_OP_LIST] = make_list,
    [FEEL_OP_FIELD_OR] = field_or,
    [FEEL_OP_CLOSURE] = closure,
    [FEEL_OP_BUILTIN_VALUE] = builtin_value,
    [FEEL_OP_CALL] = call_value,
    [FEEL_OP_CALL_UNIT] = call_unit,
    [FEEL_OP_BUILTIN] = call_builtin,
    [FEEL_OP_JUMP] = plain_jump,
    [FEEL_OP_JUMP_NOT_TRUE] = conditional_jump,
    [FEEL_OP_JUMP_FALSE] = conditional_jump,
    [FEEL_OP_JUMP_TRUE] = conditional_jump,
    [FEEL_OP_LOOP_OPEN] = dmn_loop_open,
    [FEEL_OP_LOOP_NEXT] = dmn_loop_first,
    [FEEL_OP_LOOP_PUSH] = dmn_loop_push,
    [FEEL_OP_LOOP_CLOSE] = dmn_loop_close,
    [FEEL_OP_FILTER_PUSH] = dmn_loop_filter,
    [FEEL_OP_SOME_STEP] = dmn_loop_quantified,
    [FEEL_OP_EVERY_STEP] = dmn_loop_quantified,
    [FEEL_OP_TABLE_OPEN] = open_table,
    [FEEL_OP_ROW] = add_row,
    [FEEL_OP_TABLE_CLOSE] = close_table,
    [FEEL_OP_ENTRY] = nothing,
    [FEEL_OP_RETURN] = give_result};

/* One operation; those that jump set `at` or `dead`. */
static bool step(Walk *w, const FeelOp *op)
{
    WalkStep *does = steps[op->code];
    if (does != NULL) return does(w, op);
    return dmn_walk_fails(w, "an operation of this kind");
}

static bool begin(Walk *w, const Sym *const *args, uint32_t count)
{
    const FeelUnit *unit = w->unit;
    Arena *arena = w->low->arena;
    size_t slots = (size_t)unit->slot_count + 1;
    size_t loops = (size_t)unit->loop_count + 1;
    for (int32_t i = 0; i < unit->op_count; i++) {
        uint8_t code = w->ops[i].code;
        bool jumps = code == FEEL_OP_FIELD_OR || code == FEEL_OP_JUMP ||
                     code == FEEL_OP_JUMP_TRUE || code == FEEL_OP_JUMP_FALSE ||
                     code == FEEL_OP_JUMP_NOT_TRUE;
        w->pending_max += jumps;
    }
    size_t states = (size_t)w->pending_max + 1;
    w->now.slots = arena_try(arena, slots, sizeof *w->now.slots);
    w->pending = arena_try_raw(arena, states, sizeof *w->pending);
    w->meeting = arena_try_raw(arena, states, sizeof *w->meeting);
    w->loops = arena_try(arena, loops, sizeof *w->loops);
    w->tables = arena_try(arena, loops, sizeof *w->tables);
    if (w->now.slots == NULL || w->pending == NULL || w->meeting == NULL ||
        w->loops == NULL || w->tables == NULL) {
        return dmn_walk_fails(w, "the model is too large");
    }
    if (unit->capture_count > 0)
        return dmn_walk_fails(w, "a function that is a value");
    for (int32_t i = 0; i < unit->param_count; i++) {
        const Sym *value = (uint32_t)i < count ? args[i] : dmn_sym_null(w->low);
        const FeelType *type = unit->param_types[i];
        if (type->kind != FEEL_ANY || type->constraint >= 0) {
            value = dmn_sym_coerce(w->low, value, type);
        }
        if (!dmn_walk_give(w, i, value)) return false;
    }
    return true;
}

static bool walk(Walk *w)
{
    for (w->at = 0; w->at < w->unit->op_count; w->at++) {
        if (--w->low->steps_left < 0)
            return dmn_walk_fails(w, "the model is too large");
        if (!meet(w)) return false;
        if (w->dead) continue;
        if (!step(w, &w->ops[w->at])) return false;
        if (w->result != NULL) return true;
    }
    return dmn_walk_fails(w, "a unit without an end");
}

/* A unit called with arguments, or the constraint of a type on a value. */
const Sym *dmn_sym_unit(DmnLow *low, int32_t index, const Sym *const *args,
                        uint32_t count)
{
    const FeelUnit *unit = &low->program->units[index];
    Walk w = {
        .low = low, .unit = unit, .ops = low->program->ops + unit->op_first};
    int32_t open_count = low->open_count;
    if (low->depth >= UNITS_DEEP_MAX) {
        return dmn_sym_fail(low, "calls nested too deeply");
    }
    low->depth++;
    bool done = begin(&w, args, count) && walk(&w);
    low->depth--;
    low->open_count = open_count;
    return done ? w.result : NULL;
}

/* Decisions that need only what is the same for everybody are computed. */
static const Sym *same_for_all(DmnLow *low, int32_t decision)
{
    FeelValue value, kept;
    if (dmn_eval(low->eval, decision, &value) != OK ||
        !feel_copy(low->arena, value, &kept)) {
        return dmn_sym_fail(low, "a constant too large to compute");
    }
    return dmn_sym_constant(low, kept);
}

/* A decision that is needed is no column: it is named with its reason, or the
 * one that it fails for itself. */
static const Sym *scalar_is(DmnLow *low, const DmnElement *element,
                            const char *why)
{
    static const char lead[] = "scalar is ";
    if (why == NULL) return dmn_sym_fail_of(low, "scalar is", element->name);
    if (strncmp(why, lead, sizeof lead - 1) == 0) return dmn_sym_fail(low, why);
    size_t bytes = sizeof lead + element->name.bytes + strlen(why) + 5;
    char *text = arena_try(low->arena, bytes, 1);
    if (text == NULL) return dmn_sym_fail(low, why);
    snprintf(text, bytes, "%s\"%.*s\": %s", lead, STR_ARG(element->name), why);
    return dmn_sym_fail(low, text);
}

/* A decision, gone through once; why not is kept for all who need it. */
const Sym *dmn_sym_decision(DmnLow *low, int32_t decision)
{
    const DmnElement *element = low->model->decisions[decision];
    if (low->decisions[decision] != NULL) return low->decisions[decision];
    if (low->why[decision] != NULL || low->busy[decision]) {
        return scalar_is(low, element, low->why[decision]);
    }
    int32_t open_count = low->open_count;
    const Sym *made;
    low->busy[decision] = true;
    low->open_count = 0;
    if ((element->inputs & ~low->fixed) == 0) {
        made = same_for_all(low, decision);
    } else {
        made = dmn_sym_unit(low, element->unit, NULL, 0);
    }
    low->open_count = open_count;
    low->busy[decision] = false;
    low->decisions[decision] = made;
    if (made == NULL) {
        low->why[decision] = low->reason;
        low->reason = NULL;
        column_drop_fault(low->graph);
        return scalar_is(low, element, low->why[decision]);
    }
    return made;
}

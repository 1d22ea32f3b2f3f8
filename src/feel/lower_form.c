/*
 * Nodes that need loops, runs of slots, calls or units of their own.
 */
#include "feel/builder_int.h"
#include "feel/builtin.h"

int32_t feel_builder_loop(FeelBuilder *builder)
{
    int32_t loop = builder->loop_next++;
    if (builder->loop_next > builder->loop_max) {
        builder->loop_max = builder->loop_next;
    }
    return loop;
}

void feel_builder_loop_done(FeelBuilder *builder)
{
    builder->loop_next--;
}

static int32_t emit(FeelBuilder *builder, FeelOpCode code, int32_t to,
                    int32_t a, int32_t b, int32_t c)
{
    return feel_builder_emit(builder, feel_op(code, to, a, b, c));
}

static FeelOperand no_room(FeelBuilder *builder)
{
    builder->program->full = true;
    return feel_builder_fail(builder, STR("memory"));
}

/* The names of a node as a shape that lives as long as the program. */
static const FeelShape *kept_shape(FeelBuilder *builder, const FeelNode *node)
{
    Arena *arena = builder->program->arena;
    FeelShape *shape = ARENA_TRY_NEW(arena, FeelShape);
    Str *names = ARENA_TRY_ARRAY(arena, Str, node->count + 1);
    if (shape == NULL || names == NULL) return NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        if (!str_try(arena, node->names[i], &names[i])) return NULL;
    }
    *shape = (FeelShape){node->count, names};
    return shape;
}

static int32_t slots(FeelBuilder *builder, uint32_t count)
{
    int32_t first = feel_builder_mark(builder);
    for (uint32_t i = 0; i < count; i++) (void)feel_builder_slot(builder);
    return first;
}

/* Keeps a value just made as a part of a greater one. */
static void note_part(FeelBuilder *builder, const FeelNode *node,
                      FeelOperand value, FeelOutcome as,
                      const FeelOutcome **outcomes)
{
    as.place = node->place;
    if (feel_builder_outcome(builder, value, as, outcomes)) return;
    builder->program->full = true;
}

/*
 * Opens the loops of a node's domains, outermost first. `truth` is the slot
 * of a quantifier's result, which becomes null without a list; else -1.
 */
static void open_loops(FeelBuilder *builder, const FeelNode *node,
                       int32_t truth, int32_t *loops, int32_t *heads)
{
    for (uint32_t i = 0; i < node->count; i++) {
        FeelVar *var = node->vars[i];
        var->builder = builder;
        var->index = feel_builder_slot(builder);
        int32_t mark = feel_builder_mark(builder);
        FeelOperand domain = feel_lower(builder, node->items[i]);
        loops[i] = feel_builder_loop(builder);
        bool range = node->items[i]->kind == FEEL_NODE_RANGE &&
                     node->items[i]->op == FEEL_DOMAIN_RANGE;
        FeelOp open = {.code = FEEL_OP_LOOP_OPEN,
                       .flag = truth >= 0,
                       .to = truth >= 0 ? truth : 0,
                       .a = domain.at,
                       .b = loops[i],
                       .c = range ? FEEL_DOMAIN_RANGE : FEEL_DOMAIN_VALUE};
        feel_builder_emit(builder, open);
        feel_builder_release(builder, mark);
        heads[i] = emit(builder, FEEL_OP_LOOP_NEXT, var->index, 0, loops[i], 0);
    }
}

/* Behind the body: each loop goes on where its inner one has ended. */
static void close_loops(FeelBuilder *builder, const FeelNode *node,
                        const int32_t *heads)
{
    for (uint32_t i = node->count; i-- > 0;) {
        emit(builder, FEEL_OP_JUMP, 0, 0, 0, heads[i]);
        feel_builder_patch(builder, heads[i]);
    }
    builder->loop_next -= (int32_t)node->count;
}

FeelOperand feel_lower_for(FeelBuilder *builder, const FeelNode *node)
{
    int32_t loops[64], heads[64];
    int32_t to = feel_builder_slot(builder);
    node->partial->builder = builder;
    node->partial->index = -1;
    open_loops(builder, node, -1, loops, heads);
    if (node->partial->used) {
        node->partial->index = feel_builder_slot(builder);
        emit(builder, FEEL_OP_LOOP_PARTIAL, node->partial->index, 0, loops[0],
             0);
    }
    FeelOperand body = feel_lower(builder, node->a);
    const FeelOutcome *parts = NULL;
    note_part(builder, node->a, body, (FeelOutcome){.listed = true}, &parts);
    emit(builder, FEEL_OP_LOOP_PUSH, 0, body.at, loops[0], 0);
    close_loops(builder, node, heads);
    emit(builder, FEEL_OP_LOOP_CLOSE, to, 0, loops[0], 0);
    feel_builder_release(builder, to + 1);
    FeelOperand made = {to, node->type};
    feel_builder_outcomes(builder, made, parts);
    return made;
}

FeelOperand feel_lower_quantified(FeelBuilder *builder, const FeelNode *node)
{
    int32_t loops[64], heads[64];
    bool some = node->kind == FEEL_NODE_SOME;
    int32_t to = feel_builder_slot(builder);
    feel_builder_move(builder, to,
                      feel_builder_constant(builder, feel_boolean(!some)));
    open_loops(builder, node, to, loops, heads);
    FeelOperand test = feel_lower(builder, node->a);
    int32_t step = emit(builder, some ? FEEL_OP_SOME_STEP : FEEL_OP_EVERY_STEP,
                        to, test.at, 0, 0);
    close_loops(builder, node, heads);
    feel_builder_patch(builder, step);
    feel_builder_release(builder, to + 1);
    return (FeelOperand){to, node->type};
}

static FeelOperand lower_index(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand list = feel_lower(builder, node->a);
    FeelOperand index = feel_lower(builder, node->b);
    return feel_emit_value(
        builder, feel_op(FEEL_OP_INDEX, to, list.at, index.at, 0), node->type);
}

FeelOperand feel_lower_filter(FeelBuilder *builder, const FeelNode *node)
{
    bool plain =
        node->b->kind == FEEL_NODE_CONSTANT ||
        node->b->kind == FEEL_NODE_NEGATE ||
        (node->b->kind == FEEL_NODE_VARIABLE && node->b->var != node->var);
    if (plain && node->b->type->kind == FEEL_NUMBER) {
        return lower_index(builder, node);
    }
    int32_t to = feel_builder_slot(builder);
    node->var->builder = builder;
    node->var->index = feel_builder_slot(builder);
    FeelOperand list = feel_lower(builder, node->a);
    int32_t loop = feel_builder_loop(builder);
    emit(builder, FEEL_OP_LOOP_OPEN, 0, list.at, loop, 1);
    int32_t head =
        emit(builder, FEEL_OP_LOOP_NEXT, node->var->index, 0, loop, 0);
    FeelOperand test = feel_lower(builder, node->b);
    int32_t keep = emit(builder, FEEL_OP_FILTER_PUSH, to, test.at, loop, 0);
    emit(builder, FEEL_OP_JUMP, 0, 0, 0, head);
    feel_builder_patch(builder, head);
    emit(builder, FEEL_OP_LOOP_CLOSE, to, 0, loop, 0);
    feel_builder_patch(builder, keep);
    builder->loop_next--;
    feel_builder_release(builder, to + 1);
    return (FeelOperand){to, node->type};
}

FeelOperand feel_lower_function(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelBuilder *inner = feel_builder_open(builder->arena, builder->program,
                                           builder, STR("function"));
    const FeelShape *shape = kept_shape(builder, node);
    if (inner == NULL || shape == NULL) return no_room(builder);
    for (uint32_t i = 0; i < node->count; i++) {
        node->vars[i]->builder = inner;
        node->vars[i]->index = feel_builder_slot(inner);
    }
    inner->made.params = shape;
    inner->made.param_count = (int32_t)node->count;
    inner->made.param_types = node->type->fields;
    FeelOperand body;
    if ((node->flag & FEEL_FUNCTION_EXTERNAL) == 0) {
        body = feel_lower(inner, node->a);
    } else if (!feel_builder_external(inner, node->text, feel_text(node->value),
                                      node->count, &body)) {
        body = feel_builder_fail(inner, STR("external"));
    }
    const FeelOutcome *parts = NULL;
    if (node->a != NULL) {
        FeelOutcome as = {.returned = true};
        note_part(inner, node->a, body, as, &parts);
    }
    FeelOperand value = feel_builder_closure(builder, inner, body, node->type);
    feel_builder_move(builder, to, value.at);
    feel_builder_release(builder, to + 1);
    FeelOperand made = {to, node->type};
    feel_builder_outcomes(builder, made, parts);
    return made;
}

FeelOperand feel_builder_closure(FeelBuilder *builder, FeelBuilder *inner,
                                 FeelOperand result, const FeelType *type)
{
    int32_t unit = feel_builder_close(inner, result);
    int32_t to = feel_builder_slot(builder);
    int32_t first = slots(builder, (uint32_t)inner->capture_count);
    for (int32_t i = 0; i < inner->capture_count; i++) {
        feel_builder_move(builder, first + i, inner->capture_from[i]);
    }
    return feel_emit_value(builder,
                           feel_op(FEEL_OP_CLOSURE, to, first, unit, 0), type);
}

/*
 * Parts into neighbouring slots; says whether all are constant, and in `parts`
 * (NULL: to nobody) what they are as items of a list.
 */
static int32_t lower_run(FeelBuilder *builder, FeelNode *const *items,
                         uint32_t count, FeelOperand *ret_operands,
                         bool *ret_constant, const FeelOutcome **parts)
{
    int32_t first = slots(builder, count);
    *ret_constant = true;
    for (uint32_t i = 0; i < count; i++) {
        int32_t mark = feel_builder_mark(builder);
        ret_operands[i] = feel_lower(builder, items[i]);
        if (ret_operands[i].at >= 0) *ret_constant = false;
        FeelOutcome as = {.listed = true, .beside = true};
        if (parts != NULL) {
            note_part(builder, items[i], ret_operands[i], as, parts);
        }
        feel_builder_move(builder, first + (int32_t)i, ret_operands[i].at);
        feel_builder_release(builder, mark);
    }
    return first;
}

/* A list of constants as one. */
static FeelOperand constant_list(FeelBuilder *builder, const FeelNode *node,
                                 const FeelOperand *items)
{
    FeelValue *values =
        ARENA_TRY_ARRAY(builder->program->arena, FeelValue, node->count + 1);
    if (values == NULL) return no_room(builder);
    for (uint32_t i = 0; i < node->count; i++) {
        if (!feel_operand_constant(builder, items[i], &values[i])) {
            return no_room(builder);
        }
    }
    FeelValue list = feel_list(values, node->count);
    return (FeelOperand){feel_builder_constant(builder, list), node->type};
}

FeelOperand feel_lower_list(FeelBuilder *builder, const FeelNode *node)
{
    FeelOperand *items =
        ARENA_TRY_ARRAY(builder->arena, FeelOperand, node->count + 1);
    const FeelOutcome *parts = NULL;
    int32_t to = feel_builder_slot(builder);
    int32_t from = builder->op_count;
    bool constant;
    if (items == NULL) return no_room(builder);
    int32_t first =
        lower_run(builder, node->items, node->count, items, &constant, &parts);
    FeelOperand made;
    if (constant) {
        builder->op_count = from;
        builder->simple_end = -1;
        feel_builder_release(builder, to);
        made = constant_list(builder, node, items);
    } else {
        FeelOp op =
            feel_op(FEEL_OP_LIST, to, first, first, (int32_t)node->count);
        made = feel_emit_value(builder, op, node->type);
    }
    feel_builder_outcomes(builder, made, parts);
    return made;
}

FeelOperand feel_lower_context(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    int32_t first = slots(builder, node->count);
    const FeelOutcome *parts = NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        int32_t mark = feel_builder_mark(builder);
        FeelOperand item = feel_lower(builder, node->items[i]);
        FeelOutcome as = {.field = node->names[i]};
        note_part(builder, node->items[i], item, as, &parts);
        feel_builder_move(builder, first + (int32_t)i, item.at);
        node->vars[i]->builder = builder;
        node->vars[i]->index = first + (int32_t)i;
        feel_builder_release(builder, mark);
    }
    const FeelShape *shape = kept_shape(builder, node);
    if (shape == NULL) return no_room(builder);
    int32_t index = feel_program_shape(builder->program, shape);
    FeelOp op = feel_op(FEEL_OP_RECORD, to, first, index, (int32_t)node->count);
    FeelOperand made = feel_emit_value(builder, op, node->type);
    feel_builder_outcomes(builder, made, parts);
    return made;
}

/* A call that can never work: null, with what the function takes. */
static FeelOperand wrong_call(FeelBuilder *builder, Str name, Str parameters)
{
    int32_t to = feel_builder_slot(builder);
    int32_t first = feel_program_message(builder->program, name);
    (void)feel_program_message(builder->program, parameters);
    FeelOp op = feel_op(FEEL_OP_FAIL, to, 0, first, 0);
    op.flag = FEEL_FAIL_CALL;
    feel_builder_emit(builder, op);
    return (FeelOperand){to, feel_type_of(FEEL_NULL)};
}

/* The same of a function of the program: its parameters side by side. */
static FeelOperand wrong_unit(FeelBuilder *builder, const FeelUnit *unit)
{
    Buf names = buf_make(DIAG_ARG_BYTES);
    for (uint32_t i = 0; unit->params != NULL && i < unit->params->count; i++) {
        if (i > 0) buf_char(&names, ',');
        buf_str(&names, unit->params->names[i]);
    }
    Str kept = {0};
    bool room = str_try(builder->program->arena, buf_view(&names), &kept);
    buf_free(&names);
    return room ? wrong_call(builder, unit->name, kept) : no_room(builder);
}

/* Slots of the arguments in the order of `places`, absent ones null. */
static int32_t lower_placed(FeelBuilder *builder, const FeelNode *node,
                            const int32_t *places, uint32_t count)
{
    int32_t first = slots(builder, count);
    for (uint32_t i = 0; i < count; i++) {
        feel_builder_emit(builder,
                          feel_op(FEEL_OP_MOVE, first + (int32_t)i,
                                  feel_builder_constant(builder, feel_null()),
                                  0, 0));
    }
    for (uint32_t i = 0; i < node->count; i++) {
        int32_t mark = feel_builder_mark(builder);
        FeelOperand part = feel_lower(builder, node->items[i]);
        feel_builder_move(builder, first + places[i], part.at);
        feel_builder_release(builder, mark);
    }
    return first;
}

static FeelOperand call_builtin(FeelBuilder *builder, const FeelNode *node)
{
    int32_t index = node->a->var->index;
    const FeelBuiltin *builtin = feel_builtin_at(index);
    int32_t to = feel_builder_slot(builder);
    int32_t first;
    uint32_t count = node->count;
    if (node->names != NULL) {
        int32_t places[FEEL_ARGS_MAX];
        if (count > FEEL_ARGS_MAX ||
            !feel_builtin_places(builtin, node->names, count, places)) {
            return wrong_call(builder, str_of(builtin->name),
                              str_of(builtin->params));
        }
        for (uint32_t i = 0; i < node->count; i++) {
            if ((uint32_t)places[i] >= count) count = (uint32_t)places[i] + 1;
        }
        if (count < builtin->min) count = builtin->min;
        first = lower_placed(builder, node, places, count);
    } else {
        FeelOperand *parts =
            ARENA_TRY_ARRAY(builder->arena, FeelOperand, count + 1);
        int32_t from = builder->op_count;
        bool constant;
        if (parts == NULL) return no_room(builder);
        first = lower_run(builder, node->items, count, parts, &constant, NULL);
        FeelValue value;
        if (constant &&
            feel_fold_builtin(builder, index, parts, count, &value)) {
            builder->op_count = from;
            builder->simple_end = -1;
            feel_builder_release(builder, to);
            return (FeelOperand){feel_builder_constant(builder, value),
                                 node->type};
        }
    }
    return feel_emit_value(
        builder, feel_op(FEEL_OP_BUILTIN, to, first, index, (int32_t)count),
        node->type);
}

static FeelOperand call_unit(FeelBuilder *builder, const FeelNode *node)
{
    int32_t index = node->a->var->index;
    const FeelUnit *unit = &builder->program->units[index];
    uint32_t count = (uint32_t)unit->param_count;
    int32_t places[FEEL_ARGS_MAX];
    if (node->count > count || node->count > FEEL_ARGS_MAX) {
        return wrong_unit(builder, unit);
    }
    if (node->names == NULL && node->count != count) {
        return wrong_unit(builder, unit);
    }
    for (uint32_t i = 0; i < node->count; i++) {
        places[i] = node->names == NULL
                        ? (int32_t)i
                        : feel_shape_find(unit->params, node->names[i]);
        if (places[i] < 0) return wrong_unit(builder, unit);
    }
    int32_t to = feel_builder_slot(builder);
    int32_t first;
    if (node->names == NULL) {
        FeelOperand *parts =
            ARENA_TRY_ARRAY(builder->arena, FeelOperand, count + 1);
        bool constant;
        if (parts == NULL) return no_room(builder);
        first = lower_run(builder, node->items, count, parts, &constant, NULL);
    } else {
        first = lower_placed(builder, node, places, count);
    }
    return feel_emit_value(
        builder, feel_op(FEEL_OP_CALL_UNIT, to, first, index, (int32_t)count),
        node->type);
}

FeelOperand feel_lower_call(FeelBuilder *builder, const FeelNode *node)
{
    if (node->a->kind == FEEL_NODE_VARIABLE) {
        if (node->a->var->kind == FEEL_VAR_BUILTIN) {
            return call_builtin(builder, node);
        }
        if (node->a->var->kind == FEEL_VAR_UNIT) {
            return call_unit(builder, node);
        }
    }
    int32_t to = feel_builder_slot(builder);
    FeelOperand callee = feel_lower(builder, node->a);
    FeelOperand *parts =
        ARENA_TRY_ARRAY(builder->arena, FeelOperand, node->count + 1);
    bool constant;
    if (parts == NULL) return no_room(builder);
    int32_t first =
        lower_run(builder, node->items, node->count, parts, &constant, NULL);
    FeelOp op =
        feel_op(FEEL_OP_CALL, to, callee.at, first, (int32_t)node->count);
    if (node->names != NULL) {
        const FeelShape *shape = kept_shape(builder, node);
        if (shape == NULL) return no_room(builder);
        op.flag = (uint16_t)(feel_program_shape(builder->program, shape) + 1);
    }
    return feel_emit_value(builder, op, node->type);
}

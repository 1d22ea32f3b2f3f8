/*
 * Nodes to operations. A node first takes the slot of its result, then its
 * parts make theirs behind it, and those are given back when it is done.
 * What is constant is computed here, once.
 */
#include "feel/builder_int.h"
#include "feel/builtin.h"
#include "feel/number.h"
#include "feel/run.h"

enum { FOLD_ARENA_BYTES = 4 << 20, FOLD_BYTES_MAX = 1 << 16 };

FeelOperand feel_emit_value(FeelBuilder *builder, FeelOp op,
                            const FeelType *type)
{
    op.kind = (uint8_t)type->kind;
    feel_builder_emit(builder, op);
    feel_builder_release(builder, op.to + 1);
    builder->simple_end = builder->op_count;
    return (FeelOperand){op.to, type};
}

static FeelOperand constant(FeelBuilder *builder, FeelValue value,
                            const FeelType *type)
{
    if (type->kind == FEEL_ANY) type = feel_type_of((FeelKind)value.kind);
    return (FeelOperand){feel_builder_constant(builder, value), type};
}

/*
 * Constants are worked out in a small arena of their own: what would be large
 * stays an operation, so that no model grows while it is compiled.
 */
static bool fold_keep(FeelBuilder *builder, FeelRun *run, FeelValue value,
                      FeelValue *ret)
{
    bool sound = value.kind != FEEL_NULL && !run->full &&
                 run->diag.key[0] == '\0' && value.kind != FEEL_FUNCTION &&
                 arena_taken_bytes(run->arena) <= FOLD_BYTES_MAX &&
                 feel_copy(builder->program->arena, value, ret);
    return sound;
}

static void fold_closep(Arena **arena)
{
    arena_close(*arena);
}

bool feel_fold(FeelBuilder *builder, const FeelOp *op, FeelValue *ret)
{
    FeelProgram *program = builder->program;
    if (op->a >= 0 || op->b >= 0 || program->full) return false;
    Arena *arena CLEANUP(fold_closep) = arena_open(FOLD_ARENA_BYTES);
    FeelRun run = {.program = program, .arena = arena, .steps_left = 100000};
    FeelValue value = feel_run_apply(&run, op, program->constants[~op->a],
                                     program->constants[~op->b]);
    return fold_keep(builder, &run, value, ret);
}

bool feel_fold_builtin(FeelBuilder *builder, int32_t builtin,
                       const FeelOperand *args, uint32_t count, FeelValue *ret)
{
    FeelValue values[8];
    if (count > 8 || count == 0) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!feel_operand_constant(builder, args[i], &values[i])) return false;
        if (values[i].kind == FEEL_FUNCTION) return false;
    }
    Arena *arena CLEANUP(fold_closep) = arena_open(FOLD_ARENA_BYTES);
    FeelRun run = {
        .program = builder->program, .arena = arena, .steps_left = 100000};
    FeelValue value = feel_builtin_call(&run, builtin, values, count);
    return fold_keep(builder, &run, value, ret);
}

static FeelOperand lower_binary(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand a = feel_lower(builder, node->a);
    FeelOperand b = feel_lower(builder, node->b);
    FeelOp op = feel_op((FeelOpCode)node->op, to, a.at, b.at, 0);
    FeelValue value;
    if (feel_fold(builder, &op, &value)) {
        feel_builder_release(builder, to);
        return constant(builder, value, node->type);
    }
    return feel_emit_value(builder, op, node->type);
}

static FeelOperand lower_unary(FeelBuilder *builder, const FeelNode *node,
                               FeelOpCode code)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand a = feel_lower(builder, node->a);
    FeelOp op = feel_op(code, to, a.at, a.at, 0);
    FeelValue value;
    if (feel_fold(builder, &op, &value)) {
        feel_builder_release(builder, to);
        return constant(builder, value, node->type);
    }
    return feel_emit_value(builder, op, node->type);
}

static FeelOperand lower_range(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand a = feel_lower(builder, node->a);
    FeelOperand b = feel_lower(builder, node->b);
    FeelOp op = feel_op(FEEL_OP_RANGE, to, a.at, b.at, 0);
    op.flag = node->flag;
    FeelValue value;
    if (feel_fold(builder, &op, &value)) {
        feel_builder_release(builder, to);
        return constant(builder, value, node->type);
    }
    return feel_emit_value(builder, op, node->type);
}

/* One of several values that come to stand in the same slot. */
static void lower_branch(FeelBuilder *builder, const FeelNode *node, int32_t to,
                         const FeelOutcome **outcomes)
{
    FeelOperand made = feel_lower(builder, node);
    FeelOutcome as = {.place = node->place};
    if (!feel_builder_outcome(builder, made, as, outcomes)) {
        builder->program->full = true;
    }
    feel_builder_move(builder, to, made.at);
}

static FeelOperand lower_if(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand test = feel_lower(builder, node->a);
    int32_t otherwise = feel_builder_emit(
        builder, feel_op(FEEL_OP_JUMP_NOT_TRUE, 0, test.at, 0, 0));
    feel_builder_release(builder, to + 1);
    const FeelOutcome *outcomes = NULL;
    lower_branch(builder, node->b, to, &outcomes);
    int32_t end = feel_builder_emit(builder, feel_op(FEEL_OP_JUMP, 0, 0, 0, 0));
    feel_builder_release(builder, to + 1);
    feel_builder_patch(builder, otherwise);
    lower_branch(builder, node->c, to, &outcomes);
    feel_builder_patch(builder, end);
    feel_builder_release(builder, to + 1);
    FeelOperand made = {to, node->type};
    feel_builder_outcomes(builder, made, outcomes);
    return made;
}

/* "and", "or": the right side runs only if the left does not decide. */
static FeelOperand lower_logic(FeelBuilder *builder, const FeelNode *node)
{
    bool both = node->kind == FEEL_NODE_AND;
    int32_t to = feel_builder_slot(builder);
    feel_builder_move(builder, to, feel_lower(builder, node->a).at);
    FeelOpCode leave = both ? FEEL_OP_JUMP_FALSE : FEEL_OP_JUMP_TRUE;
    int32_t end = feel_builder_emit(builder, feel_op(leave, 0, to, 0, 0));
    FeelOperand b = feel_lower(builder, node->b);
    FeelOp op = feel_op(both ? FEEL_OP_AND : FEEL_OP_OR, to, to, b.at, 0);
    op.kind = FEEL_BOOLEAN;
    feel_builder_emit(builder, op);
    feel_builder_patch(builder, end);
    feel_builder_release(builder, to + 1);
    return (FeelOperand){to, node->type};
}

/* Tests of one value, the first that is true decides. */
static FeelOperand lower_in(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    if (node->a != NULL) {
        int32_t bound = feel_builder_slot(builder);
        FeelOperand a = feel_lower(builder, node->a);
        node->var->builder = builder;
        node->var->index = bound;
        if (a.at < 0) {
            node->var->index = a.at;
        } else {
            feel_builder_move(builder, bound, a.at);
        }
    }
    if (node->count == 1) {
        FeelOperand only = feel_lower(builder, node->items[0]);
        if (only.at < 0) return only;
        feel_builder_move(builder, to, only.at);
        feel_builder_release(builder, to + 1);
        builder->simple_end = -1;
        return (FeelOperand){to, node->type};
    }
    int32_t ends[FEEL_ARGS_MAX];
    int32_t mark = feel_builder_mark(builder);
    for (uint32_t i = 0; i < node->count; i++) {
        FeelOperand test = feel_lower(builder, node->items[i]);
        if (i == 0) {
            feel_builder_move(builder, to, test.at);
        } else {
            feel_builder_emit(builder, feel_op(FEEL_OP_OR, to, to, test.at, 0));
        }
        feel_builder_release(builder, mark);
        ends[i] =
            feel_builder_emit(builder, feel_op(FEEL_OP_JUMP_TRUE, 0, to, 0, 0));
    }
    for (uint32_t i = 0; i < node->count; i++) {
        feel_builder_patch(builder, ends[i]);
    }
    feel_builder_release(builder, to + 1);
    return (FeelOperand){to, node->type};
}

static FeelOperand lower_between(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand a = feel_lower(builder, node->a);
    FeelOperand b = feel_lower(builder, node->b);
    FeelOperand c = feel_lower(builder, node->c);
    return feel_emit_value(
        builder, feel_op(FEEL_OP_BETWEEN, to, a.at, b.at, c.at), node->type);
}

/* The value compared with what a cell of a table says. */
static FeelOperand lower_test(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand a = feel_lower(builder, node->a);
    FeelOperand b = feel_lower(builder, node->b);
    FeelOp op = feel_op(FEEL_OP_TEST, to, a.at, b.at, 0);
    FeelValue value;
    if (feel_fold(builder, &op, &value)) {
        feel_builder_release(builder, to);
        return constant(builder, value, node->type);
    }
    return feel_emit_value(builder, op, node->type);
}

static FeelOperand lower_instance(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand a = feel_lower(builder, node->a);
    int32_t type = feel_program_type(builder->program, node->named);
    return feel_emit_value(
        builder, feel_op(FEEL_OP_INSTANCE, to, a.at, type, 0), node->type);
}

static FeelOperand emit_field(FeelBuilder *builder, int32_t to, FeelOperand a,
                              Str text, const FeelType *type)
{
    int32_t name = feel_program_name(builder->program, text);
    FeelOp op = feel_op(FEEL_OP_FIELD, to, a.at, name, 0);
    int32_t hint = -1;
    if (a.type->kind == FEEL_CONTEXT && a.type->shape != NULL) {
        hint = feel_shape_find(a.type->shape, text);
    }
    if (hint >= 0) {
        int32_t shape = feel_program_shape(builder->program, a.type->shape);
        op.c = hint;
        if (shape < UINT16_MAX) op.flag = (uint16_t)(shape + 1);
    }
    return feel_emit_value(builder, op, type);
}

static FeelOperand lower_path(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand a = feel_lower(builder, node->a);
    return emit_field(builder, to, a, node->text, node->type);
}

static FeelOperand lower_item(FeelBuilder *builder, const FeelNode *node)
{
    int32_t to = feel_builder_slot(builder);
    FeelOperand item = feel_builder_variable(builder, node->var);
    if (node->a == NULL) {
        return emit_field(builder, to, item, node->text, node->type);
    }
    int32_t name = feel_program_name(builder->program, node->text);
    int32_t found = feel_builder_emit(
        builder, feel_op(FEEL_OP_FIELD_OR, to, item.at, name, 0));
    feel_builder_move(builder, to, feel_lower(builder, node->a).at);
    feel_builder_patch(builder, found);
    feel_builder_release(builder, to + 1);
    return (FeelOperand){to, node->type};
}

static FeelOperand lower_fault(FeelBuilder *builder, const FeelNode *node)
{
    Str name = {0};
    if (!str_try(builder->program->arena, node->text, &name)) {
        builder->program->full = true;
    }
    return feel_builder_fail(builder, name);
}

FeelOperand feel_lower_node(FeelBuilder *builder, const FeelNode *node)
{
    switch (node->kind) {
    case FEEL_NODE_CONSTANT: {
        FeelValue kept;
        /* The text of a literal must outlive the expression's arena. */
        if (!feel_copy(builder->program->arena, node->value, &kept)) break;
        return constant(builder, kept, node->type);
    }
    case FEEL_NODE_VARIABLE:
        return feel_builder_variable(builder, node->var);
    case FEEL_NODE_LIST:
        return feel_lower_list(builder, node);
    case FEEL_NODE_CONTEXT:
        return feel_lower_context(builder, node);
    case FEEL_NODE_RANGE:
        return lower_range(builder, node);
    case FEEL_NODE_FUNCTION:
        return feel_lower_function(builder, node);
    case FEEL_NODE_IF:
        return lower_if(builder, node);
    case FEEL_NODE_FOR:
        return feel_lower_for(builder, node);
    case FEEL_NODE_SOME:
    case FEEL_NODE_EVERY:
        return feel_lower_quantified(builder, node);
    case FEEL_NODE_AND:
    case FEEL_NODE_OR:
        return lower_logic(builder, node);
    case FEEL_NODE_BINARY:
        return lower_binary(builder, node);
    case FEEL_NODE_NEGATE:
        return lower_unary(builder, node, FEEL_OP_NEGATE);
    case FEEL_NODE_BETWEEN:
        return lower_between(builder, node);
    case FEEL_NODE_IN:
        return lower_in(builder, node);
    case FEEL_NODE_TEST:
        return lower_test(builder, node);
    case FEEL_NODE_TRUTH:
        return lower_unary(builder, node, FEEL_OP_TRUTH);
    case FEEL_NODE_NOT:
        return lower_unary(builder, node, FEEL_OP_NOT);
    case FEEL_NODE_INSTANCE:
        return lower_instance(builder, node);
    case FEEL_NODE_PATH:
        return lower_path(builder, node);
    case FEEL_NODE_ITEM:
        return lower_item(builder, node);
    case FEEL_NODE_FILTER:
        return feel_lower_filter(builder, node);
    case FEEL_NODE_CALL:
        return feel_lower_call(builder, node);
    case FEEL_NODE_FAULT:
        return lower_fault(builder, node);
    }
    return feel_builder_fail(builder, STR("memory"));
}

FeelOperand feel_lower(FeelBuilder *builder, const FeelNode *node)
{
    if (builder->depth >= FEEL_LOWER_DEPTH_MAX) {
        for (FeelBuilder *b = builder; b != NULL; b = b->outer) {
            b->deep = true;
            b->deep_place = node->place;
        }
        return feel_builder_fail(builder, STR("nested too deep"));
    }
    int32_t outer = builder->place;
    builder->depth++;
    feel_builder_place(builder, node->place);
    FeelOperand made = feel_lower_node(builder, node);
    builder->place = outer;
    builder->depth--;
    return made;
}

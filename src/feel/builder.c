#include "feel/builder_int.h"
#include "feel/external.h"
#include "feel/run.h"

FeelVar *feel_scope_add(Arena *arena, FeelScope *scope, FeelVar var)
{
    FeelVar *kept = ARENA_TRY_NEW(arena, FeelVar);
    if (kept == NULL) return NULL;
    *kept = var;
    kept->next = scope->vars;
    scope->vars = kept;
    return kept;
}

FeelBuilder *feel_builder_open(Arena *arena, FeelProgram *program,
                               FeelBuilder *outer, Str name)
{
    FeelBuilder *builder = ARENA_TRY_NEW(arena, FeelBuilder);
    if (builder == NULL) return NULL;
    builder->arena = arena;
    builder->program = program;
    builder->outer = outer;
    builder->simple_end = -1;
    builder->made.name = name;
    builder->made.result = feel_type_of(FEEL_ANY);
    builder->unit = feel_program_unit(program, builder->made);
    builder->place = feel_program_place(program, (FeelPlace){-1, 0, 0});
    builder->depth = outer == NULL ? 0 : outer->depth;
    return program->full ? NULL : builder;
}

int32_t feel_builder_unit(const FeelBuilder *builder)
{
    return builder->unit;
}

int32_t feel_builder_slot(FeelBuilder *builder)
{
    int32_t slot = builder->slot_next++;
    if (builder->slot_next > builder->slot_max) {
        builder->slot_max = builder->slot_next;
    }
    return slot;
}

int32_t feel_builder_mark(const FeelBuilder *builder)
{
    return builder->slot_next;
}

void feel_builder_release(FeelBuilder *builder, int32_t mark)
{
    /* Slots of captured variables stay: their place is fixed for the unit. */
    for (int32_t i = 0; i < builder->capture_count; i++) {
        if (builder->capture_slot[i] >= mark) {
            mark = builder->capture_slot[i] + 1;
        }
    }
    builder->slot_next = mark;
}

FeelVar *feel_builder_local(FeelBuilder *builder, FeelScope *scope, Str name,
                            const FeelType *type)
{
    FeelVar var = {.kind = FEEL_VAR_LOCAL,
                   .name = name,
                   .type = type,
                   .index = feel_builder_slot(builder),
                   .builder = builder};
    return feel_scope_add(builder->arena, scope, var);
}

void feel_builder_params(FeelBuilder *builder, FeelScope *scope,
                         const FeelShape *names, const FeelType **types)
{
    builder->made.params = names;
    builder->made.param_count = (int32_t)names->count;
    builder->made.param_types = types;
    for (uint32_t i = 0; i < names->count; i++) {
        if (feel_builder_local(builder, scope, names->names[i], types[i]) ==
            NULL) {
            builder->program->full = true;
            return;
        }
    }
    builder->program->units[builder->unit] = builder->made;
}

void feel_builder_place(FeelBuilder *builder, FeelPlace place)
{
    builder->place = feel_program_place(builder->program, place);
}

int32_t feel_builder_emit(FeelBuilder *builder, FeelOp op)
{
    if (builder->op_count == builder->op_max) {
        int32_t room = builder->op_max == 0 ? 32 : 2 * builder->op_max;
        FeelOp *wider = ARENA_TRY_ARRAY(builder->arena, FeelOp, room);
        if (wider == NULL) {
            builder->program->full = true;
            return 0;
        }
        if (builder->op_count > 0) {
            memcpy(wider, builder->ops,
                   (size_t)builder->op_count * sizeof *wider);
        }
        builder->ops = wider;
        builder->op_max = room;
    }
    op.place = builder->place;
    builder->ops[builder->op_count] = op;
    return builder->op_count++;
}

void feel_builder_patch(FeelBuilder *builder, int32_t jump)
{
    if (builder->program->full) return;
    builder->ops[jump].c = builder->op_count;
    builder->simple_end = -1;
}

int32_t feel_builder_here(const FeelBuilder *builder)
{
    return builder->op_count;
}

int32_t feel_builder_constant(FeelBuilder *builder, FeelValue value)
{
    return ~feel_program_constant(builder->program, value);
}

FeelOp feel_op(FeelOpCode code, int32_t to, int32_t a, int32_t b, int32_t c)
{
    return (FeelOp){.code = (uint8_t)code,
                    .kind = FEEL_ANY,
                    .to = to,
                    .a = a,
                    .b = b,
                    .c = c};
}

void feel_builder_move(FeelBuilder *builder, int32_t to, int32_t from)
{
    if (to == from || builder->program->full) return;
    if (from >= 0 && builder->simple_end == builder->op_count &&
        builder->ops[builder->op_count - 1].to == from) {
        /* The operation that made the value may as well put it there. */
        builder->ops[builder->op_count - 1].to = to;
        builder->simple_end = -1;
        return;
    }
    feel_builder_emit(builder, feel_op(FEEL_OP_MOVE, to, from, 0, 0));
}

/* The slot in `builder` of a variable that an outer one declares. */
static int32_t capture(FeelBuilder *builder, const FeelVar *var)
{
    for (int32_t i = 0; i < builder->capture_count; i++) {
        if (builder->captured[i] == var) return builder->capture_slot[i];
    }
    CHECK(builder->outer != NULL);
    if (builder->capture_count == 64) return feel_builder_slot(builder);
    int32_t from = var->builder == builder->outer
                       ? var->index
                       : capture(builder->outer, var);
    int32_t at = builder->capture_count++;
    builder->captured[at] = var;
    builder->capture_from[at] = from;
    builder->capture_slot[at] = feel_builder_slot(builder);
    return builder->capture_slot[at];
}

FeelOperand feel_builder_variable(FeelBuilder *builder, const FeelVar *var)
{
    if (var->kind == FEEL_VAR_LOCAL) {
        if (var->builder == builder || var->index < 0) {
            return (FeelOperand){var->index, var->type};
        }
        return (FeelOperand){capture(builder, var), var->type};
    }
    int32_t to = feel_builder_slot(builder);
    FeelOpCode code = FEEL_OP_INPUT;
    if (var->kind == FEEL_VAR_DECISION) code = FEEL_OP_DECISION;
    if (var->kind == FEEL_VAR_UNIT) code = FEEL_OP_CLOSURE;
    if (var->kind == FEEL_VAR_BUILTIN) code = FEEL_OP_BUILTIN_VALUE;
    FeelOp op = feel_op(code, to, 0, var->index, 0);
    op.kind = (uint8_t)var->type->kind;
    feel_builder_emit(builder, op);
    builder->simple_end = builder->op_count;
    return (FeelOperand){to, var->type};
}

int32_t feel_builder_close(FeelBuilder *builder, FeelOperand result)
{
    feel_builder_emit(builder, feel_op(FEEL_OP_RETURN, 0, result.at, 0, 0));
    FeelUnit *unit = &builder->made;
    FeelProgram *program = builder->program;
    unit->op_first = feel_program_ops(program, builder->ops, builder->op_count);
    unit->op_count = builder->op_count;
    unit->slot_count = builder->slot_max;
    unit->loop_count = builder->loop_max;
    unit->result = result.type;
    unit->capture_count = builder->capture_count;
    if (unit->capture_count > 0) {
        int32_t *slots =
            ARENA_TRY_ARRAY(program->arena, int32_t, unit->capture_count);
        if (slots == NULL) {
            program->full = true;
            return builder->unit;
        }
        memcpy(slots, builder->capture_slot,
               (size_t)unit->capture_count * sizeof *slots);
        unit->capture_slots = slots;
    }
    program->units[builder->unit] = *unit;
    return builder->unit;
}

bool feel_operand_constant(const FeelBuilder *builder, FeelOperand operand,
                           FeelValue *ret)
{
    if (operand.at >= 0 || builder->program->full) return false;
    *ret = builder->program->constants[~operand.at];
    return true;
}

bool feel_builder_external(FeelBuilder *builder, Str class_name, Str signature,
                           uint32_t count, FeelOperand *ret)
{
    const FeelExternals *externals = builder->program->externals;
    int32_t index =
        externals == NULL ? -1 : externals->find(class_name, signature, count);
    if (index < 0) return false;
    int32_t to = feel_builder_slot(builder);
    feel_builder_emit(builder,
                      feel_op(FEEL_OP_EXTERNAL, to, 0, index, (int32_t)count));
    *ret = (FeelOperand){to, feel_type_of(FEEL_ANY)};
    return true;
}

FeelOperand feel_builder_fail(FeelBuilder *builder, Str message)
{
    int32_t to = feel_builder_slot(builder);
    int32_t text = feel_program_message(builder->program, message);
    feel_builder_emit(builder, feel_op(FEEL_OP_FAIL, to, 0, text, 0));
    return (FeelOperand){to, feel_type_of(FEEL_NULL)};
}

FeelOperand feel_builder_fail_as(FeelBuilder *builder, const char *key)
{
    FeelOperand made = feel_builder_fail(builder, str_of(key));
    if (builder->op_count > 0) {
        builder->ops[builder->op_count - 1].flag = FEEL_FAIL_KEY;
    }
    return made;
}

/* Whether a constraint is somewhere in a type: then it must be checked. */
static bool constrained(const FeelType *type, int32_t *left)
{
    if (type->constraint >= 0 || --*left < 0) return true;
    if (type->kind == FEEL_FUNCTION) return false;
    if (type->item != NULL && constrained(type->item, left)) return true;
    for (uint32_t i = 0; i < type->count; i++) {
        if (constrained(type->fields[i], left)) return true;
    }
    return false;
}

enum { TYPE_PARTS_MAX = 2000 };

FeelOperand feel_builder_coerce(FeelBuilder *builder, FeelOperand value,
                                const FeelType *type)
{
    if (type->kind == FEEL_ANY && type->constraint < 0) return value;
    if (value.type == type) return value;
    int32_t left = TYPE_PARTS_MAX;
    if (feel_type_conforms(value.type, type) && !constrained(type, &left)) {
        return (FeelOperand){value.at,
                             value.type->kind == FEEL_NULL ? type : value.type};
    }
    feel_warn_declared(builder, value, type);
    int32_t to = feel_builder_slot(builder);
    int32_t index = feel_program_type(builder->program, type);
    FeelOp op = feel_op(FEEL_OP_COERCE, to, value.at, index, 0);
    op.kind = (uint8_t)type->kind;
    feel_builder_emit(builder, op);
    builder->simple_end = builder->op_count;
    return (FeelOperand){to, type};
}

static Err wrong(FeelParser *parser, Err err, const char *key, Str what,
                 FeelPlace place)
{
    diag_set(parser->diag, key);
    diag_arg(parser->diag, what);
    diag_place(parser->diag, NULL, place.line, place.column);
    return err;
}

/* Whether what was parsed or lowered lacks something for want of room. */
static bool lacks(const FeelBuilder *builder, const FeelParser *parser)
{
    return parser->full || builder->program->full ||
           arena_refused(builder->arena) ||
           arena_refused(builder->program->arena);
}

static Err compile(FeelBuilder *builder, FeelParser *parser, FeelVar *value,
                   FeelOperand *ret)
{
    FeelNode *node =
        value == NULL ? feel_parse(parser) : feel_parse_tests(parser, value);
    FeelPlace place = feel_place(parser);
    if (lacks(builder, parser)) {
        return wrong(parser, ERR_FULL, "feel.exhausted", STR("memory"), place);
    }
    if (node == NULL) {
        feel_wrong(parser, "feel.expected", STR("expression"));
        return ERR_INVALID;
    }
    *ret = feel_lower(builder, node);
    if (lacks(builder, parser)) {
        return wrong(parser, ERR_FULL, "feel.exhausted", STR("memory"), place);
    }
    if (builder->deep) {
        return wrong(parser, ERR_INVALID, "feel.too_deep", STR("expression"),
                     builder->deep_place);
    }
    if (parser->fault != NULL) {
        (void)wrong(parser, OK, parser->fault_key, parser->fault->text,
                    parser->fault->place);
        if (parser->fault_near.bytes > 0) {
            diag_arg(parser->diag, parser->fault_near);
        }
    }
    return OK;
}

static FeelParser parser_of(FeelBuilder *builder, const FeelScope *scope,
                            FeelSource source, Diag *diag)
{
    return (FeelParser){.arena = builder->arena,
                        .source = source,
                        .at = source.text.at,
                        .end = source.text.at + source.text.bytes,
                        .scope = scope,
                        .program = builder->program,
                        .diag = diag};
}

Err feel_compile(FeelBuilder *builder, const FeelScope *scope,
                 FeelSource source, Diag *diag, FeelOperand *ret)
{
    Diag own;
    if (diag == NULL) diag = &own;
    diag_set(diag, "");
    FeelParser parser = parser_of(builder, scope, source, diag);
    return compile(builder, &parser, NULL, ret);
}

Err feel_compile_tests(FeelBuilder *builder, const FeelScope *scope,
                       FeelSource source, FeelOperand value, Diag *diag,
                       FeelOperand *ret)
{
    Diag own;
    if (diag == NULL) diag = &own;
    diag_set(diag, "");
    FeelScope inner = {.parent = scope};
    FeelVar var = {.kind = FEEL_VAR_LOCAL,
                   .name = STR("?"),
                   .type = value.type,
                   .index = value.at,
                   .builder = builder};
    FeelVar *tested = feel_scope_add(builder->arena, &inner, var);
    FeelParser parser = parser_of(builder, &inner, source, diag);
    if (tested == NULL) {
        return wrong(&parser, ERR_FULL, "feel.exhausted", STR("memory"),
                     feel_place(&parser));
    }
    return compile(builder, &parser, tested, ret);
}

#include "feel/program.h"

#include "base/err.h"
#include "feel/builtin.h"

/*
 * Enough for models far beyond any that exists: a comparison of names takes
 * some nanoseconds, so this is a few seconds.
 */
#define EFFORT_MAX ((int64_t)400000000)

FeelProgram *feel_program_make(Arena *arena)
{
    FeelProgram *program = ARENA_TRY_NEW(arena, FeelProgram);
    if (program == NULL) return NULL;
    program->arena = arena;
    program->effort_left = EFFORT_MAX;
    return program;
}

void feel_program_spend(FeelProgram *program, int64_t effort)
{
    program->effort_left -= effort;
    if (program->effort_left < 0) program->full = true;
}

/* Room for `more` items behind `count`: the arrays double in the arena. */
static void *grow(FeelProgram *program, void *items, int32_t count,
                  int32_t more, size_t item_bytes)
{
    int64_t room = 16, need = (int64_t)count + more;
    while (room < count) room *= 2;
    feel_program_spend(program, more);
    if (program->full) return NULL;
    if (items != NULL && need <= room) return items;
    while (room < need) room *= 2;
    void *wider = room > INT32_MAX
                      ? NULL
                      : arena_try(program->arena, (size_t)room, item_bytes);
    if (wider == NULL) {
        program->full = true;
        return NULL;
    }
    if (count > 0) memcpy(wider, items, (size_t)count * item_bytes);
    return wider;
}

#define PUSH(program, list, counter, item)                                     \
    do {                                                                       \
        void *grown_ = grow((program), (program)->list, (program)->counter, 1, \
                            sizeof *(program)->list);                          \
        if (grown_ == NULL) return 0;                                          \
        (program)->list = grown_;                                              \
        (program)->list[(program)->counter++] = (item);                        \
    } while (0)

int32_t feel_program_constant(FeelProgram *program, FeelValue value)
{
    int32_t from = program->constant_count - 64;
    for (int32_t i = from < 0 ? 0 : from; i < program->constant_count; i++) {
        FeelValue known = program->constants[i];
        if (known.scale == value.scale && feel_same(known, value)) return i;
    }
    PUSH(program, constants, constant_count, value);
    return program->constant_count - 1;
}

int32_t feel_program_place(FeelProgram *program, FeelPlace place)
{
    int32_t last = program->place_count - 1;
    if (last >= 0 && program->places[last].source == place.source &&
        program->places[last].line == place.line &&
        program->places[last].column == place.column) {
        return last;
    }
    PUSH(program, places, place_count, place);
    return program->place_count - 1;
}

int32_t feel_program_unit(FeelProgram *program, FeelUnit unit)
{
    PUSH(program, units, unit_count, unit);
    return program->unit_count - 1;
}

int32_t feel_program_type(FeelProgram *program, const FeelType *type)
{
    feel_program_spend(program, program->type_count);
    for (int32_t i = 0; i < program->type_count; i++) {
        if (program->types[i] == type) return i;
    }
    PUSH(program, types, type_count, type);
    return program->type_count - 1;
}

int32_t feel_program_table(FeelProgram *program, FeelTable table)
{
    PUSH(program, tables, table_count, table);
    return program->table_count - 1;
}

int32_t feel_program_shape(FeelProgram *program, const FeelShape *shape)
{
    feel_program_spend(program, program->shape_count);
    for (int32_t i = 0; i < program->shape_count; i++) {
        if (program->shapes[i] == shape) return i;
    }
    PUSH(program, shapes, shape_count, shape);
    return program->shape_count - 1;
}

int32_t feel_program_name(FeelProgram *program, Str name)
{
    feel_program_spend(program, program->name_count);
    for (int32_t i = 0; i < program->name_count; i++) {
        if (str_equal(program->names[i], name)) return i;
    }
    PUSH(program, names, name_count, name);
    return program->name_count - 1;
}

int32_t feel_program_message(FeelProgram *program, Str message)
{
    PUSH(program, messages, message_count, message);
    return program->message_count - 1;
}

int32_t feel_program_ops(FeelProgram *program, const FeelOp *ops, int32_t count)
{
    FeelOp *wider =
        grow(program, program->ops, program->op_count, count, sizeof *ops);
    if (wider == NULL) return 0;
    program->ops = wider;
    int32_t first = program->op_count;
    if (count > 0) {
        memcpy(program->ops + first, ops, (size_t)count * sizeof *ops);
    }
    program->op_count += count;
    return first;
}

static const struct {
    const char *name;
    const char *operands;
} shown[FEEL_OP_COUNT] = {
#define OP(code, text, operands) [FEEL_OP_##code] = {text, operands},
#include "feel/ops.def"
#undef OP
};

/* A unit that is being written. */
typedef struct Listing {
    Buf *buf;
    const FeelProgram *program;
    const FeelProgramNames *names;
} Listing;

static void write_operand(const Listing *to, int32_t at)
{
    buf_char(to->buf, ' ');
    if (at >= 0) {
        buf_format(to->buf, "%%%d", at);
    } else {
        feel_write_json(to->buf, to->program->constants[~at]);
    }
}

/* Neighbouring slots: "(%3, %4)". */
static void write_slots(const Listing *to, int32_t first, int32_t count)
{
    buf_text(to->buf, " (");
    for (int32_t i = 0; i < count; i++) {
        buf_format(to->buf, i == 0 ? "%%%d" : ", %%%d", first + i);
    }
    buf_char(to->buf, ')');
}

static void write_named(const Listing *to, char operand, int32_t index)
{
    const FeelProgramNames *names = to->names;
    buf_char(to->buf, ' ');
    if (names == NULL) {
        buf_int(to->buf, index);
        return;
    }
    buf_char(to->buf, '\'');
    buf_str(to->buf, operand == 'i' ? names->input(names->context, index)
                                    : names->decision(names->context, index));
    buf_char(to->buf, '\'');
}

static void write_shape(const Listing *to, const FeelShape *shape)
{
    buf_text(to->buf, " {");
    for (uint32_t i = 0; i < shape->count; i++) {
        if (i > 0) buf_text(to->buf, ", ");
        buf_str(to->buf, shape->names[i]);
    }
    buf_char(to->buf, '}');
}

static void write_text(const Listing *to, Str text)
{
    buf_text(to->buf, " '");
    buf_str(to->buf, text);
    buf_char(to->buf, '\'');
}

static void write_one(const Listing *to, const FeelOp *op, char operand)
{
    const FeelProgram *program = to->program;
    switch (operand) {
    case 'a':
        write_operand(to, op->a);
        break;
    case 'b':
        write_operand(to, op->b);
        break;
    case 'c':
        write_operand(to, op->c);
        break;
    case 'J':
        buf_format(to->buf, " -> %d", op->c);
        break;
    case 'L':
    case 'l':
        buf_format(to->buf, " loop %d", operand == 'L' ? op->b : op->c);
        break;
    case 'N':
        write_text(to, program->names[op->b]);
        break;
    case 'S':
        write_shape(to, program->shapes[op->b]);
        break;
    case 'T':
        buf_char(to->buf, ' ');
        feel_type_write(to->buf, program->types[op->b]);
        break;
    case 'U':
        write_text(to, program->units[op->b].name);
        break;
    case 'B':
        write_text(to, str_of(feel_builtin_at(op->b)->name));
        break;
    case 'm':
        write_text(to, program->messages[op->b]);
        break;
    case 'i':
    case 'd':
        write_named(to, operand, op->b);
        break;
    case 'X':
        buf_format(to->buf, " table %d", op->b);
        break;
    case 'R':
        buf_format(to->buf, " %d", op->b);
        break;
    case 'I':
        buf_format(to->buf, " %d", op->b);
        break;
    case 'r':
    case 's':
        write_slots(to, operand == 'r' ? op->a : op->b, op->c);
        break;
    default:
        break;
    }
}

static void write_head(const Listing *to, const FeelUnit *unit)
{
    buf_str(to->buf, unit->name);
    buf_char(to->buf, '(');
    for (int32_t i = 0; i < unit->param_count; i++) {
        if (i > 0) buf_text(to->buf, ", ");
        buf_format(to->buf, "%%%d ", i);
        buf_str(to->buf, unit->params->names[i]);
        buf_text(to->buf, ": ");
        feel_type_write(to->buf, unit->param_types[i]);
    }
    buf_text(to->buf, "): ");
    feel_type_write(to->buf, unit->result);
    buf_format(to->buf, ", %d slots\n", unit->slot_count);
}

void feel_program_write(Buf *buf, const FeelProgram *program, int32_t index,
                        const FeelProgramNames *names)
{
    Listing to = {buf, program, names};
    const FeelUnit *unit = &program->units[index];
    write_head(&to, unit);
    for (int32_t i = 0; i < unit->op_count; i++) {
        const FeelOp *op = &program->ops[unit->op_first + i];
        const FeelPlace *place = &program->places[op->place];
        const char *operands = shown[op->code].operands;
        bool gives = operands[0] == 't';
        buf_format(buf, "  %4d  ", i);
        if (gives) buf_format(buf, "%%%d = ", op->to);
        buf_text(buf, shown[op->code].name);
        if (gives && op->code != FEEL_OP_MOVE) {
            buf_char(buf, ':');
            buf_text(buf, op->kind == FEEL_ANY
                              ? "?"
                              : feel_kind_name((FeelKind)op->kind));
        }
        for (operands += gives; *operands != '\0'; operands++) {
            write_one(&to, op, *operands);
        }
        buf_format(buf, "    ; %d:%d\n", place->line, place->column);
    }
}

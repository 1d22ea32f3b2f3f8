/*
 * From a graph to a program: which nodes are needed, in which order, in which
 * width, and in which buffers that are used again.
 */
#include "column/column_int.h"

#include <string.h>

typedef struct Planning {
    ColumnGraph *graph;
    ColumnProgram *program;
    Arena *arena;
    int32_t (*value)[COLUMN_WIDTHS]; /* of nodes, by width; -1: not yet */
    int8_t *value_domain;            /* of values beyond the inputs */
    uint8_t *value_width;
    int32_t value_count, value_room;
    ColumnRef *stack;
    bool full;
} Planning;

static void *grown(Planning *p, void *items, int32_t count, int32_t *room,
                   size_t item_bytes)
{
    if (count < *room) return items;
    int32_t wider = 2 * *room + 64;
    void *more = arena_try(p->arena, (size_t)wider, item_bytes);
    if (more == NULL) {
        p->full = true;
        return NULL;
    }
    if (count > 0) memcpy(more, items, (size_t)count * item_bytes);
    *room = wider;
    return more;
}

static int32_t new_value(Planning *p, int32_t domain, ColumnWidth width)
{
    int32_t room = p->value_room;
    p->value_domain =
        grown(p, p->value_domain, p->value_count, &p->value_room, 1);
    p->value_width = grown(p, p->value_width, p->value_count, &room, 1);
    if (p->full) return 0;
    p->value_domain[p->value_count] = (int8_t)domain;
    p->value_width[p->value_count] = (uint8_t)width;
    return COLUMN_INPUTS_MAX + p->value_count++;
}

static void add_step(Planning *p, ColumnStep step)
{
    ColumnProgram *program = p->program;
    program->steps = grown(p, program->steps, program->step_count,
                           &program->step_room, sizeof step);
    if (!p->full) program->steps[program->step_count++] = step;
}

/* A node's value in a width; converted once if it is kept in another. */
static int32_t value_in(Planning *p, ColumnRef ref, ColumnWidth width)
{
    const ColumnNode *node = &p->graph->nodes[ref];
    int32_t *value = p->value[ref];
    if (value[width] >= 0) return value[width];
    CHECK(value[node->width] >= 0);
    int32_t to = new_value(p, node->domain, width);
    add_step(p, (ColumnStep){.width = node->width,
                             .result = (uint8_t)width,
                             .convert = true,
                             .domain = node->domain,
                             .to = to,
                             .a = value[node->width],
                             .b = -1,
                             .c = -1});
    return value[width] = to;
}

static ColumnWidth least_width(const Planning *p, ColumnRef ref)
{
    const ColumnNode *node = &p->graph->nodes[ref];
    return column_width_for(node->low, node->high);
}

/* The width in which a node's operands are calculated with. */
static ColumnWidth operand_width(const Planning *p, const ColumnNode *node)
{
    ColumnWidth a, b;
    switch ((int)node->op) {
    case COLUMN_EQUAL:
    case COLUMN_NOT_EQUAL:
    case COLUMN_LESS:
    case COLUMN_LESS_EQUAL:
    case COLUMN_GREATER:
    case COLUMN_GREATER_EQUAL:
        a = least_width(p, node->a);
        b = least_width(p, node->b);
        return a > b ? a : b;
    case COLUMN_SUM:
        return least_width(p, node->a);
    case COLUMN_FIRST:
        return COLUMN_U8;
    default:
        return (ColumnWidth)node->width;
    }
}

/* An operand: its value, or -1 with its constant in the step. */
static int32_t operand(Planning *p, ColumnStep *step, ColumnRef ref,
                       ColumnWidth width, uint8_t variant)
{
    int64_t constant;
    if (ref < 0) return -1;
    if (!column_is_constant(p->graph, ref, &constant)) {
        return value_in(p, ref, width);
    }
    if (step->variant == 0) {
        step->x = constant;
    } else {
        step->y = constant;
    }
    step->variant |= variant;
    return -1;
}

/* Operations that run over the rows of another domain than their own. */
static void between_domains(Planning *p, const ColumnNode *node,
                            ColumnStep *step)
{
    int64_t otherwise;
    switch ((int)node->op) {
    case COLUMN_EXPAND:
        step->below = node->domain;
        p->program->expands[(int)node->domain] = true;
        break;
    case COLUMN_GATHER:
        step->x = p->graph->nodes[node->a].low;
        step->b = value_in(p, node->b, COLUMN_I32);
        break;
    case COLUMN_MINIMUM:
    case COLUMN_MAXIMUM:
        CHECK(column_is_constant(p->graph, node->b, &otherwise));
        step->x = otherwise;
        step->below = (int8_t)node->value;
        break;
    default:
        step->below = (int8_t)node->value;
        break;
    }
}

static void emit(Planning *p, ColumnRef ref)
{
    const ColumnNode *node = &p->graph->nodes[ref];
    ColumnWidth width = operand_width(p, node);
    ColumnStep step = {.op = node->op,
                       .width = (uint8_t)width,
                       .result = node->width,
                       .checked = node->checked,
                       .domain = node->domain,
                       .a = -1,
                       .b = -1,
                       .c = -1};
    if (node->op >= COLUMN_EXPAND) {
        if (node->a >= 0) step.a = value_in(p, node->a, width);
        between_domains(p, node, &step);
    } else if (node->op == COLUMN_SELECT) {
        step.a = value_in(p, node->a, COLUMN_U8);
        step.b = operand(p, &step, node->b, width, 1);
        step.c = operand(p, &step, node->c, width, 2);
    } else {
        step.a = operand(p, &step, node->a, width, 2);
        step.b = operand(p, &step, node->b, width, 1);
    }
    if (node->op == COLUMN_SUM) {
        const ColumnNode *of = &p->graph->nodes[node->a];
        step.flags = of->low >= 0 && of->high <= 1 && step.width == COLUMN_U8 &&
                     step.result == COLUMN_I32;
    }
    if (step.checked) {
        step.y = node->low;
        p->program->checks[(int)node->domain] = true;
    }
    step.to = new_value(p, node->domain, (ColumnWidth)node->width);
    p->value[ref][node->width] = step.to;
    add_step(p, step);
}

static void read_input(Planning *p, ColumnRef ref)
{
    const ColumnNode *node = &p->graph->nodes[ref];
    p->program->reads[node->value] = true;
    p->program->input_width[node->value] = node->width;
    p->value[ref][node->width] = (int32_t)node->value;
}

/* Whether everything that a node rests on is there; else it is put on top. */
static bool ready(Planning *p, ColumnRef ref, int32_t *top)
{
    const ColumnNode *node = &p->graph->nodes[ref];
    ColumnRef operands[3] = {node->c, node->b, node->a};
    bool all = true;
    for (int i = 0; i < 3; i++) {
        ColumnRef other = operands[i];
        if (other < 0) continue;
        const ColumnNode *at = &p->graph->nodes[other];
        if (at->op == COLUMN_CONSTANT) continue;
        if (p->value[other][at->width] >= 0) continue;
        p->stack[(*top)++] = other;
        all = false;
    }
    return all;
}

/* Everything below a node, depth first, so that values live shortly. */
static void need(Planning *p, ColumnRef root)
{
    int32_t top = 0;
    p->stack[top++] = root;
    while (top > 0 && !p->full) {
        ColumnRef ref = p->stack[top - 1];
        const ColumnNode *node = &p->graph->nodes[ref];
        bool done =
            node->op == COLUMN_CONSTANT || p->value[ref][node->width] >= 0;
        if (!done && node->op == COLUMN_INPUT) {
            read_input(p, ref);
        } else if (!done && !ready(p, ref, &top)) {
            continue;
        } else if (!done) {
            emit(p, ref);
        }
        top--;
    }
}

static ColumnResult result_of(Planning *p, ColumnRef ref, bool flag)
{
    const ColumnNode *node = &p->graph->nodes[ref];
    if (node->op == COLUMN_CONSTANT) {
        return (ColumnResult){-1, node->value, node->width, node->domain};
    }
    ColumnWidth width = flag ? COLUMN_U8 : (ColumnWidth)node->width;
    return (ColumnResult){value_in(p, ref, width), 0, (uint8_t)width,
                          node->domain};
}

/* Buffers: each value has one until its last use. */
typedef struct Allocation {
    int32_t *last;   /* step of the last use, by value */
    int32_t *buffer; /* by value */
    int32_t *free;   /* stack of buffers that may be used again */
    int32_t free_count;
} Allocation;

static void used(Allocation *a, int32_t value, int32_t step)
{
    if (value >= COLUMN_INPUTS_MAX) a->last[value - COLUMN_INPUTS_MAX] = step;
}

static int32_t take_buffer(Planning *p, Allocation *a, int32_t value)
{
    ColumnProgram *program = p->program;
    int8_t domain = p->value_domain[value];
    uint8_t width = p->value_width[value];
    for (int32_t i = a->free_count; i-- > 0;) {
        const ColumnBuffer *buffer = &program->buffers[a->free[i]];
        if (buffer->domain != domain || buffer->width != width) continue;
        int32_t found = a->free[i];
        a->free[i] = a->free[--a->free_count];
        return found;
    }
    program->buffers = grown(p, program->buffers, program->buffer_count,
                             &program->buffer_room, sizeof *program->buffers);
    if (p->full) return 0;
    program->buffers[program->buffer_count] = (ColumnBuffer){domain, width};
    return program->buffer_count++;
}

static void name_buffer(const Allocation *a, int32_t *value)
{
    if (*value < COLUMN_INPUTS_MAX) return;
    *value = COLUMN_INPUTS_MAX + a->buffer[*value - COLUMN_INPUTS_MAX];
}

static void release(Allocation *a, int32_t value, int32_t step)
{
    if (value < COLUMN_INPUTS_MAX) return;
    int32_t at = value - COLUMN_INPUTS_MAX;
    if (a->last[at] != step) return;
    a->last[at] = -1; /* an operand may stand twice in one step */
    a->free[a->free_count++] = a->buffer[at];
}

static void allocate(Planning *p)
{
    ColumnProgram *program = p->program;
    size_t count = (size_t)p->value_count + 1;
    Allocation a = {.last = arena_try(p->arena, count, sizeof(int32_t)),
                    .buffer = arena_try(p->arena, count, sizeof(int32_t)),
                    .free = arena_try(p->arena, count, sizeof(int32_t))};
    p->full = p->full || a.last == NULL || a.buffer == NULL || a.free == NULL;
    for (int32_t i = 0; i < program->step_count && !p->full; i++) {
        const ColumnStep *step = &program->steps[i];
        used(&a, step->to, i);
        used(&a, step->a, i);
        used(&a, step->b, i);
        used(&a, step->c, i);
    }
    for (int32_t i = 0; i < program->output_count && !p->full; i++) {
        used(&a, program->outputs[i].at, INT32_MAX);
    }
    for (int32_t i = 0; i < program->give_up_count && !p->full; i++) {
        used(&a, program->give_up[i].at, INT32_MAX);
    }
    for (int32_t i = 0; i < program->step_count && !p->full; i++) {
        ColumnStep *step = &program->steps[i];
        int32_t to = step->to - COLUMN_INPUTS_MAX;
        int32_t operands[3] = {step->a, step->b, step->c};
        a.buffer[to] = take_buffer(p, &a, to);
        name_buffer(&a, &step->to);
        name_buffer(&a, &step->a);
        name_buffer(&a, &step->b);
        name_buffer(&a, &step->c);
        for (int j = 0; j < 3; j++) release(&a, operands[j], i);
    }
    for (int32_t i = 0; i < program->output_count && !p->full; i++) {
        name_buffer(&a, &program->outputs[i].at);
    }
    for (int32_t i = 0; i < program->give_up_count && !p->full; i++) {
        name_buffer(&a, &program->give_up[i].at);
    }
}

static void plan(Planning *p, const ColumnRef *outputs, int32_t count)
{
    ColumnProgram *program = p->program;
    const ColumnGraph *graph = p->graph;
    for (int32_t i = 0; i < count; i++) {
        need(p, outputs[i]);
        if (!p->full) program->outputs[i] = result_of(p, outputs[i], false);
    }
    for (int32_t i = 0; i < graph->give_up_count; i++) {
        need(p, graph->give_up[i]);
        if (p->full) continue;
        program->give_up[i] = result_of(p, graph->give_up[i], true);
    }
    program->output_count = count;
    program->give_up_count = graph->give_up_count;
    if (!p->full) allocate(p);
}

Err column_program(ColumnGraph *graph, Arena *arena, const ColumnRef *outputs,
                   int32_t count, ColumnProgram **ret)
{
    if (graph->fault != NULL) return ERR_INVALID;
    if (count > COLUMN_OUTPUTS_MAX) return ERR_FULL;
    size_t nodes = (size_t)graph->count + 1;
    ColumnProgram *program = arena_try(arena, 1, sizeof *program);
    Planning p = {.graph = graph, .program = program, .arena = arena};
    p.value = arena_try(arena, nodes, sizeof *p.value);
    p.stack = arena_try(arena, nodes * 4, sizeof *p.stack);
    if (program == NULL || p.value == NULL || p.stack == NULL) return ERR_FULL;
    memset(p.value, 0xFF, nodes * sizeof *p.value);
    memcpy(program->domain, graph->domain, sizeof program->domain);
    program->domain_count = graph->domain_count;
    program->outputs =
        arena_try(arena, (size_t)count + 1, sizeof *program->outputs);
    program->give_up = arena_try(arena, (size_t)graph->give_up_count + 1,
                                 sizeof *program->give_up);
    if (program->outputs == NULL || program->give_up == NULL) return ERR_FULL;
    plan(&p, outputs, count);
    if (p.full) return ERR_FULL;
    *ret = program;
    return OK;
}

bool column_reads(const ColumnProgram *program, int32_t input)
{
    return program->reads[input];
}

ColumnWidth column_output_width(const ColumnProgram *program, int32_t output)
{
    return (ColumnWidth)program->outputs[output].width;
}

static void write_value(Buf *buf, int32_t value, int64_t constant)
{
    if (value < 0) {
        buf_int(buf, constant);
    } else if (value < COLUMN_INPUTS_MAX) {
        buf_format(buf, "in%d", value);
    } else {
        buf_format(buf, "b%d", value - COLUMN_INPUTS_MAX);
    }
}

void column_write(const ColumnProgram *program, Buf *buf)
{
    static const char *const names[] = {
#define OP(code, name, operands) [COLUMN_##code] = name,
#include "column/ops.def"
#undef OP
    };
    static const char operands[] = {
#define OP(code, name, operands) [COLUMN_##code] = operands,
#include "column/ops.def"
#undef OP
    };
    static const char *const widths[] = {"u8", "i32", "i64"};
    for (int32_t i = 0; i < program->step_count; i++) {
        const ColumnStep *step = &program->steps[i];
        buf_format(buf, "%5d  b%d:%s@%d = %s", i, step->to - COLUMN_INPUTS_MAX,
                   widths[step->result], step->domain,
                   step->convert ? "as" : names[step->op]);
        int count = step->convert ? 1 : operands[step->op];
        const int32_t value[3] = {step->a, step->b, step->c};
        for (int j = 0; j < count; j++) {
            buf_char(buf, ' ');
            bool second = j == 2 && step->variant == 3;
            write_value(buf, value[j], second ? step->y : step->x);
        }
        buf_text(buf, step->checked ? " checked\n" : "\n");
    }
}

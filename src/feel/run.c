/*
 * The machine: a loop over operations. What a household needs a hundred times
 * is done in the loop itself; the rest is a function an operation.
 */
#include "feel/builtin.h"
#include "feel/external.h"
#include "feel/node_int.h"
#include "feel/number.h"
#include "feel/run_fast_int.h"
#include "feel/temporal.h"

typedef struct Machine {
    FeelRun *run;
    const FeelProgram *program;
    const FeelOp *ops;
    FeelValue *slots;
    FeelLoop *loops;
    int32_t next; /* the operation that follows */
} Machine;

typedef FeelValue Handler(Machine *m, const FeelOp *op);

static inline const FeelValue *fetch(const Machine *m, int32_t at)
{
    return at >= 0 ? &m->slots[at] : &m->program->constants[~at];
}

static FeelValue op_apply(Machine *m, const FeelOp *op)
{
    return feel_run_apply(m->run, op, *fetch(m, op->a), *fetch(m, op->b));
}

/* Numbers first: most of what is added and multiplied is money. */
static FeelValue op_sum(Machine *m, const FeelOp *op)
{
    const FeelValue *a = fetch(m, op->a), *b = fetch(m, op->b);
    if (LIKELY(a->kind == FEEL_NUMBER && b->kind == FEEL_NUMBER)) {
        Arena *arena = m->run->arena;
        FeelValue value = op->code == FEEL_OP_ADD
                              ? feel_number_add(arena, *a, *b)
                          : op->code == FEEL_OP_SUBTRACT
                              ? feel_number_subtract(arena, *a, *b)
                              : feel_number_multiply(arena, *a, *b);
        if (LIKELY(value.kind == FEEL_NUMBER)) return value;
    }
    return feel_run_apply(m->run, op, *a, *b);
}

static FeelValue op_unary(Machine *m, const FeelOp *op)
{
    FeelValue a = *fetch(m, op->a);
    return feel_run_apply(m->run, op, a, a);
}

static FeelValue op_input(Machine *m, const FeelOp *op)
{
    FeelRun *run = m->run;
    const FeelValue *value = &run->inputs[op->b];
    if (run->noting) {
        feel_fast_note(run, FEEL_NOTE_USES_INPUT, op->b, value);
    }
    return *value;
}

static FeelValue op_decision(Machine *m, const FeelOp *op)
{
    FeelRun *run = m->run;
    FeelValue value = run->decision_state[op->b] == FEEL_DECISION_DONE
                          ? run->decisions[op->b]
                          : feel_run_decision(run, op->b);
    if (run->noting) {
        feel_fast_note(run, FEEL_NOTE_USES_DECISION, op->b, &value);
    }
    return value;
}

static FeelValue function_value(FeelRun *run, FeelFunction function)
{
    FeelFunction *kept = arena_try_raw(run->arena, 1, sizeof *kept);
    if (kept == NULL) return feel_run_exhausted(run, "memory");
    *kept = function;
    return (FeelValue){.kind = FEEL_FUNCTION, .as.function = kept};
}

static FeelValue op_closure(Machine *m, const FeelOp *op)
{
    const FeelUnit *unit = &m->program->units[op->b];
    size_t count = (size_t)unit->capture_count;
    FeelValue *captured = feel_run_values(m->run, count);
    if (captured == NULL) return feel_null();
    if (count > 0) {
        memcpy(captured, &m->slots[op->a], count * sizeof *captured);
    }
    return function_value(m->run, (FeelFunction){op->b, -1, captured});
}

static FeelValue op_builtin_value(Machine *m, const FeelOp *op)
{
    return function_value(m->run, (FeelFunction){-1, op->b, NULL});
}

static FeelValue op_between(Machine *m, const FeelOp *op)
{
    FeelValue a = *fetch(m, op->a);
    FeelRange range = {.low = *fetch(m, op->b),
                       .high = *fetch(m, op->c),
                       .low_closed = true,
                       .high_closed = true};
    FeelValue inside = feel_range_contains(m->run, &range, a);
    if (inside.kind == FEEL_NULL) {
        bool low = a.kind == FEEL_NULL || a.kind != range.low.kind;
        feel_run_blame(m->run, "feel.order", a, low ? range.low : range.high);
    }
    return inside;
}

static FeelValue op_list(Machine *m, const FeelOp *op)
{
    size_t count = (size_t)op->c;
    FeelValue *items = feel_run_values(m->run, count);
    if (items == NULL) return feel_null();
    if (count > 0) memcpy(items, &m->slots[op->b], count * sizeof *items);
    return feel_list(items, (uint32_t)count);
}

static FeelValue op_record(Machine *m, const FeelOp *op)
{
    FeelRecord *record =
        feel_record_try(m->run->arena, m->program->shapes[op->b]);
    if (record == NULL) return feel_run_exhausted(m->run, "memory");
    if (op->c > 0) {
        memcpy(record->fields, &m->slots[op->a],
               (size_t)op->c * sizeof *record->fields);
    }
    return feel_context(record);
}

/* Names of one model are mostly one and the same text. */
static inline bool same_name(Str a, Str b)
{
    return (a.at == b.at && a.bytes == b.bytes) || str_equal(a, b);
}

static FeelValue op_field(Machine *m, const FeelOp *op)
{
    return feel_run_field(m->run, *fetch(m, op->a), m->program->names[op->b]);
}

static FeelValue op_field_or(Machine *m, const FeelOp *op)
{
    const FeelValue *a = fetch(m, op->a);
    if (a->kind != FEEL_CONTEXT) return feel_null();
    int32_t at = feel_shape_find(a->as.record->shape, m->program->names[op->b]);
    if (at < 0) return feel_null();
    m->next = op->c;
    return a->as.record->fields[at];
}

static FeelValue op_index(Machine *m, const FeelOp *op)
{
    return feel_run_index(m->run, *fetch(m, op->a), *fetch(m, op->b));
}

/* "3..1" counts down; the range [3..1] has nothing to go through. */
static bool open_range(FeelLoop *loop, const FeelRange *range, bool down)
{
    FeelValue low = range->low, high = range->high;
    bool dates = low.kind == FEEL_DATE && high.kind == FEEL_DATE;
    loop->mode = dates ? FEEL_LOOP_DATES : FEEL_LOOP_NUMBERS;
    if (dates) {
        loop->at = low.as.whole;
        loop->end = high.as.whole;
    } else if (low.kind != FEEL_NUMBER || high.kind != FEEL_NUMBER ||
               !feel_number_int(low, &loop->at) ||
               !feel_number_int(high, &loop->end)) {
        return false;
    }
    if (loop->at > loop->end && !down) return false;
    loop->step = loop->at <= loop->end ? 1 : -1;
    if (!range->low_closed) loop->at += loop->step;
    if (!range->high_closed) loop->end -= loop->step;
    return true;
}

static FeelValue op_loop_open(Machine *m, const FeelOp *op)
{
    FeelLoop *loop = &m->loops[op->b];
    FeelValue a = *fetch(m, op->a);
    loop->base = m->run->pushed_used;
    loop->mode = FEEL_LOOP_LIST;
    loop->list = a;
    loop->at = 0;
    loop->end = a.count;
    bool filter = op->c == FEEL_DOMAIN_FILTER;
    if (a.kind == FEEL_NULL && !filter) {
        loop->mode = FEEL_LOOP_NULL;
        loop->end = 0;
        feel_run_blame(m->run, "feel.no_list", a, a);
    } else if (a.kind == FEEL_RANGE && !filter) {
        if (!open_range(loop, a.as.range, op->c == FEEL_DOMAIN_RANGE)) {
            loop->mode = FEEL_LOOP_NULL;
            loop->end = 0;
            loop->at = 0;
            feel_run_blame(m->run, "feel.no_list", a, a);
        }
    } else if (a.kind != FEEL_LIST) {
        loop->single = a;
        loop->list = feel_list(&loop->single, 1);
        loop->end = a.kind == FEEL_NULL ? 0 : 1;
    }
    /* Of a list that is not there nothing is said, neither true nor false. */
    if (op->flag != 0 && loop->mode == FEEL_LOOP_NULL) {
        m->slots[op->to] = feel_null();
    }
    return feel_null();
}

/*
 * A step for every few operations, so that a long body, or a long unit that
 * is called often, costs what it takes.
 */
static inline int64_t steps_of(int32_t op_count)
{
    return 1 + (op_count >> 5);
}

static inline bool loop_step(Machine *m, FeelLoop *loop, int32_t op_count,
                             FeelValue *ret)
{
    m->run->steps_left -= steps_of(op_count);
    if (m->run->steps_left < 0) {
        feel_run_exhausted(m->run, "steps");
        return false;
    }
    if (LIKELY(loop->mode == FEEL_LOOP_LIST)) {
        if (loop->at >= loop->end) return false;
        *ret = loop->list.as.items[loop->at++];
        return true;
    }
    if (loop->mode == FEEL_LOOP_NULL ||
        (loop->step > 0 ? loop->at > loop->end : loop->at < loop->end)) {
        return false;
    }
    *ret = loop->mode == FEEL_LOOP_DATES ? feel_date(loop->at)
                                         : feel_number(loop->at, 0);
    loop->at += loop->step;
    return true;
}

static FeelValue loop_take(Machine *m, FeelLoop *loop)
{
    FeelRun *run = m->run;
    size_t count = run->pushed_used - loop->base;
    FeelValue *items = feel_run_values(run, count);
    if (items == NULL) return feel_null();
    if (count > 0) {
        memcpy(items, run->pushed + loop->base, count * sizeof *items);
    }
    return feel_list(items, (uint32_t)count);
}

static FeelValue op_loop_partial(Machine *m, const FeelOp *op)
{
    return loop_take(m, &m->loops[op->b]);
}

static FeelValue op_loop_close(Machine *m, const FeelOp *op)
{
    FeelLoop *loop = &m->loops[op->b];
    FeelValue list = loop->mode == FEEL_LOOP_NULL || m->run->full
                         ? feel_null()
                         : loop_take(m, loop);
    m->run->pushed_used = loop->base;
    return list;
}

/* A condition of a boxed expression that is neither true nor false. */
static FeelValue not_boolean(FeelRun *run, FeelValue test)
{
    return feel_run_blame_type(run, feel_type_of(FEEL_BOOLEAN), test);
}

static FeelValue op_filter_push(Machine *m, const FeelOp *op)
{
    FeelLoop *loop = &m->loops[op->b];
    const FeelValue *test = fetch(m, op->a);
    if (test->kind == FEEL_NUMBER) {
        m->run->pushed_used = loop->base;
        m->next = op->c;
        return feel_run_index(m->run, loop->list, *test);
    }
    if (op->flag != 0 && test->kind > FEEL_BOOLEAN) {
        m->run->pushed_used = loop->base;
        m->next = op->c;
        return not_boolean(m->run, *test);
    }
    return feel_null(); /* of true and false the machine takes care itself */
}

static FeelValue op_quantified(Machine *m, const FeelOp *op)
{
    FeelValue test = *fetch(m, op->a);
    bool wanted = op->code == FEEL_OP_SOME_STEP;
    if (op->flag != 0 && test.kind > FEEL_BOOLEAN) {
        m->next = op->c;
        return not_boolean(m->run, test);
    }
    if (test.kind == FEEL_BOOLEAN && (test.as.whole != 0) == wanted) {
        m->next = op->c;
        return test;
    }
    return test.kind == FEEL_BOOLEAN ? m->slots[op->to] : feel_null();
}

static FeelValue op_instance(Machine *m, const FeelOp *op)
{
    return feel_boolean(
        feel_run_instance(m->run, *fetch(m, op->a), m->program->types[op->b]));
}

static FeelValue op_coerce(Machine *m, const FeelOp *op)
{
    return feel_run_coerce(m->run, *fetch(m, op->a), m->program->types[op->b]);
}

/* No parameter of that name: says which there are, or that there is none. */
static FeelValue misnamed(Machine *m, const FeelFunction *function, Str name)
{
    if (function->unit < 0) {
        const FeelBuiltin *builtin = feel_builtin_at(function->builtin);
        return feel_run_misused(m->run, "feel.arity", str_of(builtin->name),
                                str_of(builtin->params));
    }
    return feel_run_misused(m->run, "feel.no_parameter", name, (Str){0});
}

/* Arguments by name for a function that only now is known. */
static FeelValue call_named(Machine *m, const FeelOp *op, FeelValue callee)
{
    const FeelShape *names = m->program->shapes[op->flag - 1];
    FeelValue args[FEEL_ARGS_MAX] = {0};
    const FeelFunction *function = callee.as.function;
    uint32_t count = names->count;
    for (uint32_t i = 0; i < names->count; i++) {
        int32_t at = -1;
        if (function->unit >= 0) {
            const FeelUnit *unit = &m->program->units[function->unit];
            at = feel_shape_find(unit->params, names->names[i]);
            count = (uint32_t)unit->param_count;
        } else if (!feel_builtin_places(feel_builtin_at(function->builtin),
                                        &names->names[i], 1, &at)) {
            at = -1;
        }
        if (at < 0 || at >= FEEL_ARGS_MAX) {
            return misnamed(m, function, names->names[i]);
        }
        args[at] = m->slots[op->b + (int32_t)i];
    }
    return feel_run_call(m->run, callee, args, count);
}

static FeelValue op_call(Machine *m, const FeelOp *op)
{
    FeelValue callee = *fetch(m, op->a);
    if (callee.kind != FEEL_FUNCTION) {
        return feel_run_blame(m->run, "feel.not_function", callee, callee);
    }
    if (op->flag != 0) return call_named(m, op, callee);
    return feel_run_call(m->run, callee, &m->slots[op->b], (uint32_t)op->c);
}

static FeelValue op_call_unit(Machine *m, const FeelOp *op)
{
    FeelRun *run = m->run;
    if (run->noting) {
        feel_run_note(run, FEEL_NOTE_UNIT, op->b, feel_null());
    }
    FeelValue value =
        feel_run_unit(run, op->b, &m->slots[op->a], (uint32_t)op->c, NULL);
    if (run->noting) {
        feel_run_note(run, FEEL_NOTE_UNIT_END, op->b, value);
    }
    return value;
}

static FeelValue op_builtin(Machine *m, const FeelOp *op)
{
    return feel_builtin_call(m->run, op->b, &m->slots[op->a], (uint32_t)op->c);
}

static FeelValue op_external(Machine *m, const FeelOp *op)
{
    return m->program->externals->call(m->run, op->b, &m->slots[op->a]);
}

static FeelValue op_fail(Machine *m, const FeelOp *op)
{
    Str message = m->program->messages[op->b];
    if (op->flag == FEEL_FAIL_CALL) {
        return feel_run_misused(m->run, "feel.arity", message,
                                m->program->messages[op->b + 1]);
    }
    char text[DIAG_ARG_BYTES];
    size_t bytes =
        message.bytes < sizeof text ? message.bytes : sizeof text - 1;
    memcpy(text, message.at, bytes);
    text[bytes] = '\0';
    return op->flag == FEEL_FAIL_KEY
               ? feel_run_fail(m->run, text, NULL)
               : feel_run_fail(m->run, "feel.fault", text);
}

static FeelValue op_table_open(Machine *m, const FeelOp *op)
{
    m->loops[op->b].base = m->run->pushed_used;
    if (m->run->noting) {
        feel_run_note(m->run, FEEL_NOTE_TABLE, op->c, feel_null());
    }
    return feel_null();
}

/* Several outputs are told as a list. */
static void note_row(Machine *m, const FeelOp *op)
{
    FeelValue value = m->slots[op->a];
    if (op->c > 1) {
        FeelValue *items = feel_run_values(m->run, (size_t)op->c);
        if (items == NULL) return;
        memcpy(items, &m->slots[op->a], (size_t)op->c * sizeof *items);
        value = feel_list(items, (uint32_t)op->c);
    }
    feel_run_note(m->run, FEEL_NOTE_ROW, op->b, value);
}

/* A matched row: its number and outputs wait for the table's end. */
static FeelValue op_row(Machine *m, const FeelOp *op)
{
    bool pushed = feel_run_push(m->run, feel_number(op->b, 0));
    for (int32_t i = 0; pushed && i < op->c; i++) {
        pushed = feel_run_push(m->run, m->slots[op->a + i]);
    }
    if (UNLIKELY(m->run->noting)) note_row(m, op);
    return feel_null();
}

static FeelValue op_table_close(Machine *m, const FeelOp *op)
{
    FeelRun *run = m->run;
    size_t base = m->loops[op->c].base;
    FeelValue value =
        run->full ? feel_null()
                  : feel_table_close(run, op->b, base, *fetch(m, op->a));
    run->pushed_used = base;
    if (run->noting) {
        feel_run_note(run, FEEL_NOTE_TABLE_END, op->b, value);
    }
    return value;
}

static FeelValue op_entry(Machine *m, const FeelOp *op)
{
    if (m->run->noting) {
        feel_fast_note(m->run, FEEL_NOTE_ENTRY, op->b, fetch(m, op->a));
    }
    return feel_null();
}

/* Operations that only give a value; those without result have `to` unused. */
static Handler *const handlers[FEEL_OP_COUNT] = {
    [FEEL_OP_INPUT] = op_input,
    [FEEL_OP_DECISION] = op_decision,
    [FEEL_OP_CLOSURE] = op_closure,
    [FEEL_OP_BUILTIN_VALUE] = op_builtin_value,
    [FEEL_OP_ADD] = op_sum,
    [FEEL_OP_SUBTRACT] = op_sum,
    [FEEL_OP_MULTIPLY] = op_sum,
    [FEEL_OP_DIVIDE] = op_apply,
    [FEEL_OP_POWER] = op_apply,
    [FEEL_OP_NEGATE] = op_unary,
    [FEEL_OP_EQUAL] = op_apply,
    [FEEL_OP_NOT_EQUAL] = op_apply,
    [FEEL_OP_LESS] = op_apply,
    [FEEL_OP_LESS_EQUAL] = op_apply,
    [FEEL_OP_GREATER] = op_apply,
    [FEEL_OP_GREATER_EQUAL] = op_apply,
    [FEEL_OP_AND] = op_apply,
    [FEEL_OP_OR] = op_apply,
    [FEEL_OP_NOT] = op_unary,
    [FEEL_OP_TRUTH] = op_unary,
    [FEEL_OP_BETWEEN] = op_between,
    [FEEL_OP_TEST] = op_apply,
    [FEEL_OP_RANGE] = op_apply,
    [FEEL_OP_LIST] = op_list,
    [FEEL_OP_RECORD] = op_record,
    [FEEL_OP_FIELD] = op_field,
    [FEEL_OP_FIELD_OR] = op_field_or,
    [FEEL_OP_INDEX] = op_index,
    [FEEL_OP_LOOP_OPEN] = op_loop_open,
    [FEEL_OP_LOOP_PARTIAL] = op_loop_partial,
    [FEEL_OP_LOOP_CLOSE] = op_loop_close,
    [FEEL_OP_FILTER_PUSH] = op_filter_push,
    [FEEL_OP_SOME_STEP] = op_quantified,
    [FEEL_OP_EVERY_STEP] = op_quantified,
    [FEEL_OP_INSTANCE] = op_instance,
    [FEEL_OP_COERCE] = op_coerce,
    [FEEL_OP_CALL] = op_call,
    [FEEL_OP_CALL_UNIT] = op_call_unit,
    [FEEL_OP_BUILTIN] = op_builtin,
    [FEEL_OP_EXTERNAL] = op_external,
    [FEEL_OP_FAIL] = op_fail,
    [FEEL_OP_TABLE_OPEN] = op_table_open,
    [FEEL_OP_ROW] = op_row,
    [FEEL_OP_TABLE_CLOSE] = op_table_close,
    [FEEL_OP_ENTRY] = op_entry};

/* Whether an operation without a result slot must not write one. */
static inline bool gives(uint8_t code)
{
    return code != FEEL_OP_LOOP_OPEN && code != FEEL_OP_TABLE_OPEN &&
           code != FEEL_OP_ROW && code != FEEL_OP_ENTRY;
}

/*
 * The field of a record of the declared shape, at the place where lowering
 * found it; else by its name, at the place that is hinted. NULL: neither.
 */
static inline const FeelValue *field_hinted(const Machine *m, const FeelOp *op)
{
    const FeelValue *a = fetch(m, op->a);
    if (UNLIKELY(a->kind != FEEL_CONTEXT)) return NULL;
    const FeelRecord *record = a->as.record;
    uint32_t hint = (uint32_t)op->c;
    if (LIKELY(op->flag > 0 &&
               record->shape == m->program->shapes[op->flag - 1])) {
        return &record->fields[hint];
    }
    if (UNLIKELY(hint >= record->shape->count)) return NULL;
    Str name = m->program->names[op->b];
    return same_name(record->shape->names[hint], name) ? &record->fields[hint]
                                                       : NULL;
}

static inline bool give_field(const Machine *m, const FeelOp *op, FeelValue *to)
{
    const FeelValue *field = field_hinted(m, op);
    if (UNLIKELY(field == NULL)) return false;
    *to = *field;
    return true;
}

/* Whether a decision was decided before, and nobody wants to know. */
static inline bool is_known(const FeelRun *run, const FeelOp *op)
{
    return run->decision_state[op->b] == FEEL_DECISION_DONE && !run->noting;
}

/* Both values of an operation, and the slot of its result. */
#define FETCH_TWO fetch(m, op->a), fetch(m, op->b), &slots[op->to]

static inline bool is_false(const FeelValue *a)
{
    return a->kind == FEEL_BOOLEAN && a->as.whole == 0;
}

/* Keeps or drops the item that a filter looks at; false: what is the test? */
static inline bool filter(Machine *m, const FeelOp *op)
{
    const FeelValue *test = fetch(m, op->a);
    const FeelLoop *loop = &m->loops[op->b];
    if (test->kind != FEEL_BOOLEAN) return false;
    if (test->as.whole == 0) return true;
    feel_fast_push(m->run, &loop->list.as.items[loop->at - 1]);
    return true;
}

/* Does an operation by its handler; the one before the next, NULL: full. */
static const FeelOp *handle(Machine *m, const FeelOp *op)
{
    m->run->op = op;
    m->next = (int32_t)(op - m->ops) + 1;
    FeelValue value = handlers[op->code](m, op);
    if (gives(op->code)) m->slots[op->to] = value;
    return UNLIKELY(m->run->full) ? NULL : m->ops + m->next - 1;
}

/*
 * Every operation without a case here, and every one whose values are not
 * simple, is done by its handler.
 */
static FeelValue execute(Machine *m)
{
    FeelRun *run = m->run;
    FeelValue *slots = m->slots;
    bool more;
    for (const FeelOp *op = m->ops;; op++) {
        switch (op->code) {
        case FEEL_OP_MOVE:
            slots[op->to] = *fetch(m, op->a);
            continue;
        case FEEL_OP_JUMP:
            op = m->ops + op->c - 1;
            continue;
        case FEEL_OP_JUMP_NOT_TRUE:
        case FEEL_OP_JUMP_TRUE:
            more = op->code == FEEL_OP_JUMP_TRUE;
            if (feel_is_true(*fetch(m, op->a)) != more) continue;
            op = m->ops + op->c - 1;
            continue;
        case FEEL_OP_JUMP_FALSE:
            if (is_false(fetch(m, op->a))) op = m->ops + op->c - 1;
            continue;
        case FEEL_OP_LOOP_NEXT:
            more = loop_step(m, &m->loops[op->b],
                             op->c - (int32_t)(op - m->ops), &slots[op->to]);
            if (!more) op = m->ops + op->c - 1;
            if (UNLIKELY(run->full)) return feel_null();
            continue;
        case FEEL_OP_LOOP_PUSH:
            feel_fast_push(run, fetch(m, op->a));
            continue;
        case FEEL_OP_FILTER_PUSH:
            if (!filter(m, op)) break;
            continue;
        case FEEL_OP_DECISION:
            slots[op->to] =
                is_known(run, op) ? run->decisions[op->b] : op_decision(m, op);
            if (UNLIKELY(run->full)) return feel_null();
            continue;
        case FEEL_OP_FIELD:
            if (!give_field(m, op, &slots[op->to])) break;
            continue;
        case FEEL_OP_EQUAL:
        case FEEL_OP_NOT_EQUAL:
        case FEEL_OP_TEST:
            if (!feel_fast_same(op->code, FETCH_TWO)) break;
            continue;
        case FEEL_OP_LESS:
        case FEEL_OP_LESS_EQUAL:
        case FEEL_OP_GREATER:
        case FEEL_OP_GREATER_EQUAL:
            if (!feel_fast_compare(op->code, FETCH_TWO)) break;
            continue;
        case FEEL_OP_AND:
        case FEEL_OP_OR:
            if (!feel_fast_logic(op->code, FETCH_TWO)) break;
            continue;
        case FEEL_OP_ADD:
        case FEEL_OP_SUBTRACT:
            if (!feel_fast_sum(op->code, FETCH_TWO)) break;
            continue;
        case FEEL_OP_MULTIPLY:
            if (!feel_fast_product(FETCH_TWO)) break;
            continue;
        case FEEL_OP_RETURN:
            return *fetch(m, op->a);
        default:
            break;
        }
        op = handle(m, op);
        if (UNLIKELY(op == NULL)) return feel_null();
    }
}

FeelValue feel_run_unit(FeelRun *run, int32_t index, const FeelValue *args,
                        uint32_t count, const FeelValue *captured)
{
    const FeelUnit *unit = &run->program->units[index];
    size_t slots = (size_t)unit->slot_count;
    run->steps_left -= steps_of(unit->op_count);
    if (run->full || run->depth >= FEEL_DEPTH_MAX || run->steps_left < 0 ||
        run->frames_used + slots > run->frames_max ||
        run->loops_used + (size_t)unit->loop_count > run->loops_max) {
        return feel_run_exhausted(run, run->steps_left < 0 ? "steps" : "depth");
    }
    Machine m = {.run = run,
                 .program = run->program,
                 .ops = run->program->ops + unit->op_first,
                 .slots = run->frames + run->frames_used,
                 .loops = run->loops + run->loops_used};
    run->frames_used += slots;
    run->loops_used += (size_t)unit->loop_count;
    run->depth++;
    size_t pushed = run->pushed_used;
    for (uint32_t i = 0; i < (uint32_t)unit->param_count; i++) {
        FeelValue value = i < count ? args[i] : feel_null();
        const FeelType *type = unit->param_types[i];
        m.slots[i] = type->kind == FEEL_ANY && type->constraint < 0
                         ? value
                         : feel_run_coerce(run, value, type);
    }
    for (int32_t i = 0; i < unit->capture_count; i++) {
        m.slots[unit->capture_slots[i]] =
            captured == NULL ? feel_null() : captured[i];
    }
    const FeelOp *caller = run->op;
    FeelValue value = execute(&m);
    run->op = caller;
    run->depth--;
    run->frames_used -= slots;
    run->loops_used -= (size_t)unit->loop_count;
    run->pushed_used = pushed;
    return value;
}

FeelValue feel_run_call(FeelRun *run, FeelValue callee, const FeelValue *args,
                        uint32_t count)
{
    if (callee.kind != FEEL_FUNCTION) {
        return feel_run_blame(run, "feel.not_function", callee, callee);
    }
    const FeelFunction *function = callee.as.function;
    if (function->unit < 0) {
        return feel_builtin_call(run, function->builtin, args, count);
    }
    const FeelUnit *unit = &run->program->units[function->unit];
    if (count != (uint32_t)unit->param_count) {
        char number[16];
        snprintf(number, sizeof number, "%d", unit->param_count);
        return feel_run_fail(run, "feel.parameters", number);
    }
    return feel_run_unit(run, function->unit, args, count, function->captured);
}

FeelValue feel_run_decision(FeelRun *run, int32_t decision)
{
    if (run->decision_state[decision] == FEEL_DECISION_DONE) {
        return run->decisions[decision];
    }
    if (run->decision_state[decision] == FEEL_DECISION_BUSY) {
        return feel_run_fail(run, "dmn.cycle", NULL);
    }
    run->decision_state[decision] = FEEL_DECISION_BUSY;
    if (run->noting) {
        feel_run_note(run, FEEL_NOTE_DECISION, decision, feel_null());
    }
    FeelValue value = feel_run_unit(run, run->program->decision_units[decision],
                                    NULL, 0, NULL);
    run->decisions[decision] = value;
    run->decision_state[decision] = FEEL_DECISION_DONE;
    if (run->noting) {
        feel_fast_note(run, FEEL_NOTE_DECISION_END, decision, &value);
    }
    return value;
}

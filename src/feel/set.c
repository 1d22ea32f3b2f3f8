#include "feel/set.h"

#include "feel/builder_int.h"
#include "feel/builtin.h"
#include "feel/number.h"
#include "feel/run.h"
#include "feel/temporal.h"

enum { SPANS_MAX = 4096, SET_DEPTH_MAX = 40, SCRATCH_BYTES = 256 << 20 };

bool feel_set_order(FeelValue a, FeelValue b, int *ret)
{
    if (a.kind != b.kind) return false;
    switch ((FeelKind)a.kind) {
    case FEEL_NUMBER:
        *ret = feel_number_compare(a, b);
        return true;
    case FEEL_STRING:
        *ret = str_compare(feel_text(a), feel_text(b));
        return true;
    case FEEL_BOOLEAN:
        *ret = (int)(a.as.whole - b.as.whole);
        return true;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
        return feel_temporal_compare(a, b, ret);
    case FEEL_NULL:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return false;
}

static bool span_has(const FeelSpan *span, FeelValue value)
{
    int low = 1, high = -1;
    if (!span->low_open && !feel_set_order(value, span->low, &low)) {
        return false;
    }
    if (!span->high_open && !feel_set_order(value, span->high, &high)) {
        return false;
    }
    return (low > 0 || (low == 0 && span->low_closed)) &&
           (high < 0 || (high == 0 && span->high_closed));
}

bool feel_set_has(const FeelSet *set, FeelValue value)
{
    if (value.kind == FEEL_NULL) return set->null == FEEL_SET_NULL_IN;
    if (set->all) return true;
    for (uint32_t i = 0; i < set->count; i++) {
        if (span_has(&set->spans[i], value)) return true;
    }
    return false;
}

FeelValue feel_set_named(const FeelSet *set, uint32_t at)
{
    const FeelSpan *span = &set->spans[at], *next = span + 1;
    int order;
    if (span->high_open) return feel_null();
    bool point = !span->low_open && span->low_closed && span->high_closed &&
                 feel_set_order(span->low, span->high, &order) && order == 0;
    if (point) return span->high;
    /* Of null, < "a" or > "a" says nothing, and not("a") is true. */
    bool hole = set->null == FEEL_SET_NULL_IN && at + 1 < set->count &&
                !span->high_closed && !next->low_open && !next->low_closed &&
                feel_set_order(span->high, next->low, &order) && order == 0;
    return hole ? span->high : feel_null();
}

/* Days and months are counted: "(d..e)" is "[d+1..e-1]". */
static void close_counted(FeelSpan *span, uint8_t kind)
{
    if (kind != FEEL_DATE && kind != FEEL_MONTHS_DURATION) return;
    if (!span->low_open && !span->low_closed) span->low.as.whole++;
    if (!span->high_open && !span->high_closed) span->high.as.whole--;
    span->low_closed = span->high_closed = true;
}

/* Nothing lies between the ends. */
static bool span_empty(const FeelSpan *span)
{
    int order;
    if (span->low_open || span->high_open) return false;
    if (!feel_set_order(span->low, span->high, &order)) return true;
    return order > 0 ||
           (order == 0 && !(span->low_closed && span->high_closed));
}

/* What a set is read with. */
typedef struct Reader {
    Arena *arena;
    FeelBuilder *builder; /* of a program of its own, for constants */
    const FeelVar *tested;
    const FeelType *input;
    bool full;
} Reader;

static FeelSet unknown(void)
{
    return (FeelSet){.known = false};
}

static FeelSet no_room(Reader *reader)
{
    reader->full = true;
    return unknown();
}

static FeelSet everything(FeelSetNull null)
{
    return (FeelSet){.known = true, .all = true, .null = null};
}

static FeelSet nothing(void)
{
    return (FeelSet){.known = true};
}

static FeelSet of_span(Reader *reader, uint8_t kind, FeelSpan span)
{
    int order;
    FeelValue end = span.low_open ? span.high : span.low;
    if (!feel_set_order(end, end, &order)) return unknown();
    close_counted(&span, kind);
    FeelSet set = {.known = true, .null = FEEL_SET_NULL_NEITHER};
    if (span_empty(&span)) return set;
    FeelSpan *kept = ARENA_TRY_NEW(reader->arena, FeelSpan);
    if (kept == NULL) return no_room(reader);
    *kept = span;
    set.kind = kind;
    set.count = 1;
    set.spans = kept;
    return set;
}

static FeelSet of_point(Reader *reader, FeelValue value)
{
    if (value.kind == FEEL_NULL) {
        return (FeelSet){
            .known = true, .null = FEEL_SET_NULL_IN, .null_told = true};
    }
    FeelSet set = of_span(reader, value.kind,
                          (FeelSpan){.low = value,
                                     .high = value,
                                     .low_closed = true,
                                     .high_closed = true});
    set.null = FEEL_SET_NULL_OUT; /* null = 5 is false, null < 5 is not */
    return set;
}

/* FEEL's `or` and `and`: the greater and the lesser of the three values. */
static FeelSetNull null_or(const FeelSet *a, const FeelSet *b)
{
    return a->null > b->null ? a->null : b->null;
}

static FeelSetNull null_and(const FeelSet *a, const FeelSet *b)
{
    return a->null < b->null ? a->null : b->null;
}

/* Of one kind, or without spans on one side. */
static bool of_one_kind(const FeelSet *a, const FeelSet *b, uint8_t *ret)
{
    *ret = a->count > 0 ? a->kind : b->kind;
    return a->count == 0 || b->count == 0 || a->kind == b->kind;
}

static FeelSet either(Reader *reader, FeelSet a, FeelSet b)
{
    uint8_t kind;
    if (a.known && a.all && a.null == FEEL_SET_NULL_IN) return a;
    if (b.known && b.all && b.null == FEEL_SET_NULL_IN) return b;
    if (!a.known || !b.known) return unknown();
    bool told = a.null_told || b.null_told;
    if (a.all || b.all) {
        FeelSet all = everything(null_or(&a, &b));
        all.null_told = told;
        return all;
    }
    if (!of_one_kind(&a, &b, &kind) || a.count + b.count > SPANS_MAX) {
        return unknown();
    }
    uint32_t count = a.count + b.count;
    FeelSpan *spans = ARENA_TRY_ARRAY(reader->arena, FeelSpan, count + 1);
    if (spans == NULL) return no_room(reader);
    if (a.count > 0) memcpy(spans, a.spans, a.count * sizeof *spans);
    if (b.count > 0) memcpy(spans + a.count, b.spans, b.count * sizeof *spans);
    return (FeelSet){.known = true,
                     .null = null_or(&a, &b),
                     .null_told = told,
                     .kind = kind,
                     .count = count,
                     .spans = spans};
}

/* The later of two lower ends, the earlier of two upper ones. */
static FeelSpan span_both(const FeelSpan *a, const FeelSpan *b)
{
    FeelSpan both = *a;
    int order = 0;
    if (a->low_open ||
        (!b->low_open && feel_set_order(b->low, a->low, &order) &&
         (order > 0 || (order == 0 && !b->low_closed)))) {
        both.low = b->low;
        both.low_closed = b->low_closed;
        both.low_open = b->low_open;
    }
    if (a->high_open ||
        (!b->high_open && feel_set_order(b->high, a->high, &order) &&
         (order < 0 || (order == 0 && !b->high_closed)))) {
        both.high = b->high;
        both.high_closed = b->high_closed;
        both.high_open = b->high_open;
    }
    return both;
}

static FeelSet both(Reader *reader, FeelSet a, FeelSet b)
{
    uint8_t kind;
    if (!a.known || !b.known) return unknown();
    bool told = a.null_told && b.null_told;
    if (a.all || b.all) {
        FeelSet rest = a.all ? b : a;
        rest.null = null_and(&a, &b);
        rest.null_told = told;
        return rest;
    }
    if (!of_one_kind(&a, &b, &kind) || a.count * b.count > SPANS_MAX) {
        return unknown();
    }
    FeelSpan *spans =
        ARENA_TRY_ARRAY(reader->arena, FeelSpan, a.count * b.count + 1);
    if (spans == NULL) return no_room(reader);
    uint32_t count = 0;
    for (uint32_t i = 0; i < a.count * b.count; i++) {
        spans[count] = span_both(&a.spans[i / b.count], &b.spans[i % b.count]);
        if (!span_empty(&spans[count])) count++;
    }
    return (FeelSet){.known = true,
                     .null = null_and(&a, &b),
                     .null_told = told,
                     .kind = kind,
                     .count = count,
                     .spans = spans};
}

Err feel_set_both(Arena *arena, const FeelSet *a, const FeelSet *b,
                  FeelSet *ret)
{
    Reader reader = {.arena = arena};
    *ret = both(&reader, *a, *b);
    return reader.full ? ERR_FULL : OK;
}

/* Everything but one span: what lies below it and what lies above. */
static FeelSet without_span(Reader *reader, uint8_t kind, const FeelSpan *span)
{
    FeelSet below = nothing(), above = nothing();
    if (!span->low_open) {
        below = of_span(reader, kind,
                        (FeelSpan){.low_open = true,
                                   .high = span->low,
                                   .high_closed = !span->low_closed});
    }
    if (!span->high_open) {
        above = of_span(reader, kind,
                        (FeelSpan){.high_open = true,
                                   .low = span->high,
                                   .low_closed = !span->high_closed});
    }
    return either(reader, below, above);
}

static FeelSet complement(Reader *reader, FeelSet a)
{
    if (!a.known) return unknown();
    FeelSet left = a.all ? nothing() : everything(FEEL_SET_NULL_IN);
    for (uint32_t i = 0; i < a.count; i++) {
        left = both(reader, left, without_span(reader, a.kind, &a.spans[i]));
    }
    left.null = (FeelSetNull)(FEEL_SET_NULL_IN - a.null);
    left.null_told = false;
    return left;
}

/* Whether a node's value depends on nothing but its text. */
static bool closed(const FeelNode *node, int depth)
{
    if (node == NULL) return true;
    if (depth > SET_DEPTH_MAX) return false;
    for (uint32_t i = 0; i < node->count; i++) {
        if (!closed(node->items[i], depth + 1)) return false;
    }
    switch (node->kind) {
    case FEEL_NODE_CONSTANT:
    case FEEL_NODE_LIST:
        return true;
    case FEEL_NODE_RANGE:
    case FEEL_NODE_BINARY:
    case FEEL_NODE_NEGATE:
        return closed(node->a, depth + 1) && closed(node->b, depth + 1);
    case FEEL_NODE_CALL:
        return node->a->kind == FEEL_NODE_VARIABLE &&
               node->a->var->kind == FEEL_VAR_BUILTIN;
    case FEEL_NODE_VARIABLE:
    case FEEL_NODE_CONTEXT:
    case FEEL_NODE_FUNCTION:
    case FEEL_NODE_IF:
    case FEEL_NODE_FOR:
    case FEEL_NODE_SOME:
    case FEEL_NODE_EVERY:
    case FEEL_NODE_AND:
    case FEEL_NODE_OR:
    case FEEL_NODE_BETWEEN:
    case FEEL_NODE_IN:
    case FEEL_NODE_TEST:
    case FEEL_NODE_TRUTH:
    case FEEL_NODE_NOT:
    case FEEL_NODE_INSTANCE:
    case FEEL_NODE_PATH:
    case FEEL_NODE_ITEM:
    case FEEL_NODE_FILTER:
    case FEEL_NODE_FAULT:
        break;
    }
    return false;
}

static bool constant(Reader *reader, const FeelNode *node, FeelValue *ret)
{
    if (!closed(node, 0)) return false;
    FeelOperand operand = feel_lower(reader->builder, node);
    if (reader->builder->program->full) {
        reader->full = true;
        return false;
    }
    return feel_operand_constant(reader->builder, operand, ret);
}

static bool is_tested(const Reader *reader, const FeelNode *node)
{
    return node->kind == FEEL_NODE_VARIABLE && node->var == reader->tested;
}

static FeelSet of_range(Reader *reader, const FeelRange *range)
{
    if (range->not_equal) {
        return complement(reader, of_point(reader, range->low));
    }
    bool low_null = !range->low_open && range->low.kind == FEEL_NULL;
    bool high_null = !range->high_open && range->high.kind == FEEL_NULL;
    if (low_null || high_null) return unknown();
    FeelSpan span = {.low = range->low,
                     .high = range->high,
                     .low_closed = range->low_closed,
                     .high_closed = range->high_closed,
                     .low_open = range->low_open,
                     .high_open = range->high_open};
    return of_span(reader, range->low_open ? range->high.kind : range->low.kind,
                   span);
}

/* What the value is compared with: a point, a range, a list of either. */
static FeelSet of_value(Reader *reader, FeelValue value, int depth)
{
    if (value.kind == FEEL_RANGE) return of_range(reader, value.as.range);
    if (value.kind == FEEL_LIST && depth < 2) {
        FeelSet set = nothing();
        for (uint32_t i = 0; i < value.count; i++) {
            set = either(reader, set,
                         of_value(reader, value.as.items[i], depth + 1));
        }
        return set;
    }
    bool answer =
        value.kind == FEEL_BOOLEAN && reader->input->kind != FEEL_BOOLEAN;
    if (answer && reader->input->kind == FEEL_ANY) return unknown();
    if (answer && !value.as.whole) return nothing();
    if (answer) return everything(FEEL_SET_NULL_OUT); /* null = true is false */
    return of_point(reader, value);
}

/* "? < 5", or "5 > ?". */
static FeelSet of_comparison(Reader *reader, const FeelNode *node)
{
    bool left = is_tested(reader, node->a);
    FeelValue end;
    if (!left && !is_tested(reader, node->b)) return unknown();
    if (!constant(reader, left ? node->b : node->a, &end)) return unknown();
    bool less = node->op == FEEL_OP_LESS || node->op == FEEL_OP_LESS_EQUAL;
    bool with =
        node->op == FEEL_OP_LESS_EQUAL || node->op == FEEL_OP_GREATER_EQUAL;
    switch (node->op) {
    case FEEL_OP_EQUAL:
        return of_point(reader, end);
    case FEEL_OP_NOT_EQUAL:
        return complement(reader, of_point(reader, end));
    case FEEL_OP_LESS:
    case FEEL_OP_LESS_EQUAL:
    case FEEL_OP_GREATER:
    case FEEL_OP_GREATER_EQUAL:
        break;
    default:
        return unknown();
    }
    FeelSpan span = {.low = end,
                     .high = end,
                     .low_closed = with,
                     .high_closed = with,
                     .low_open = less == left,
                     .high_open = less != left};
    return of_span(reader, end.kind, span);
}

static FeelSet of_between(Reader *reader, const FeelNode *node)
{
    FeelSpan span = {.low_closed = true, .high_closed = true};
    if (!is_tested(reader, node->a) || !constant(reader, node->b, &span.low) ||
        !constant(reader, node->c, &span.high) ||
        span.low.kind != span.high.kind) {
        return unknown();
    }
    return of_span(reader, span.low.kind, span);
}

static FeelSet of_node(Reader *reader, const FeelNode *node, int depth);

/* Tests of the value, or "? in (...)" of the value itself. */
static FeelSet of_tests(Reader *reader, const FeelNode *node, int depth)
{
    const FeelVar *outer = reader->tested;
    if (node->a != NULL && !is_tested(reader, node->a)) return unknown();
    reader->tested = node->var;
    FeelSet set = nothing();
    for (uint32_t i = 0; i < node->count; i++) {
        set = either(reader, set, of_node(reader, node->items[i], depth + 1));
    }
    reader->tested = outer;
    return set;
}

static bool calls_not(const FeelNode *node)
{
    return node->count == 1 && node->a->kind == FEEL_NODE_VARIABLE &&
           node->a->var->kind == FEEL_VAR_BUILTIN &&
           node->a->var->index == feel_builtin_find(STR("not"));
}

/* "?" of a truth value, which is neither for null. */
static FeelSet of_truth(Reader *reader)
{
    FeelSet set = of_point(reader, feel_boolean(true));
    set.null = FEEL_SET_NULL_NEITHER;
    return set;
}

static FeelSet of_node(Reader *reader, const FeelNode *node, int depth)
{
    FeelValue value;
    if (depth > SET_DEPTH_MAX) return unknown();
    switch (node->kind) {
    case FEEL_NODE_CONSTANT:
        if (node->value.kind != FEEL_BOOLEAN) return unknown();
        return node->value.as.whole ? everything(FEEL_SET_NULL_IN) : nothing();
    case FEEL_NODE_VARIABLE:
        if (!is_tested(reader, node) || reader->input->kind != FEEL_BOOLEAN) {
            return unknown();
        }
        return of_truth(reader);
    case FEEL_NODE_IN:
        return of_tests(reader, node, depth);
    case FEEL_NODE_TEST:
        if (!is_tested(reader, node->a) || !constant(reader, node->b, &value)) {
            return unknown();
        }
        return of_value(reader, value, 0);
    case FEEL_NODE_TRUTH:
        return of_node(reader, node->a, depth + 1);
    case FEEL_NODE_NOT:
        return complement(reader, of_node(reader, node->a, depth + 1));
    case FEEL_NODE_BINARY:
        return of_comparison(reader, node);
    case FEEL_NODE_BETWEEN:
        return of_between(reader, node);
    case FEEL_NODE_AND:
        return both(reader, of_node(reader, node->a, depth + 1),
                    of_node(reader, node->b, depth + 1));
    case FEEL_NODE_OR:
        return either(reader, of_node(reader, node->a, depth + 1),
                      of_node(reader, node->b, depth + 1));
    case FEEL_NODE_CALL:
        if (!calls_not(node)) return unknown();
        return complement(reader, of_node(reader, node->items[0], depth + 1));
    case FEEL_NODE_LIST:
    case FEEL_NODE_CONTEXT:
    case FEEL_NODE_RANGE:
    case FEEL_NODE_FUNCTION:
    case FEEL_NODE_IF:
    case FEEL_NODE_FOR:
    case FEEL_NODE_SOME:
    case FEEL_NODE_EVERY:
    case FEEL_NODE_NEGATE:
    case FEEL_NODE_INSTANCE:
    case FEEL_NODE_PATH:
    case FEEL_NODE_ITEM:
    case FEEL_NODE_FILTER:
    case FEEL_NODE_FAULT:
        break;
    }
    return unknown();
}

static Err read_in(Arena *arena, const FeelScope *scope, FeelSource source,
                   const FeelType *input, FeelSet *ret)
{
    FeelScope inner = {.parent = scope};
    FeelProgram *program = feel_program_make(arena);
    FeelBuilder *builder =
        program == NULL ? NULL
                        : feel_builder_open(arena, program, NULL, STR("set"));
    FeelVar var = {.kind = FEEL_VAR_LOCAL, .name = STR("?"), .type = input};
    FeelVar *tested = feel_scope_add(arena, &inner, var);
    *ret = unknown();
    if (builder == NULL || tested == NULL) return ERR_FULL;
    Diag diag = {.key = ""};
    FeelParser parser = {.arena = arena,
                         .source = source,
                         .at = source.text.at,
                         .end = source.text.at + source.text.bytes,
                         .scope = &inner,
                         .program = program,
                         .diag = &diag};
    const FeelNode *node = feel_parse_tests(&parser, tested);
    if (parser.full) return ERR_FULL;
    if (node == NULL || parser.fault != NULL) return OK;
    Reader reader = {
        .arena = arena, .builder = builder, .tested = tested, .input = input};
    *ret = of_node(&reader, node, 0);
    return reader.full ? ERR_FULL : OK;
}

/* Out of the arena in which it was read, which holds far more. */
static Err keep(Arena *arena, FeelSet *set)
{
    FeelSpan *spans = ARENA_TRY_ARRAY(arena, FeelSpan, (size_t)set->count + 1);
    if (spans == NULL) return ERR_FULL;
    for (uint32_t i = 0; i < set->count; i++) {
        const FeelSpan *span = &set->spans[i];
        spans[i] = *span;
        bool kept =
            (span->low_open || feel_copy(arena, span->low, &spans[i].low)) &&
            (span->high_open || feel_copy(arena, span->high, &spans[i].high));
        if (!kept) return ERR_FULL;
    }
    set->spans = spans;
    return OK;
}

static void scratch_closep(Arena **arena)
{
    arena_close(*arena);
}

Err feel_set_read(Arena *arena, const FeelScope *scope, FeelSource source,
                  const FeelType *input, FeelSet *ret)
{
    Arena *scratch CLEANUP(scratch_closep) = arena_open(SCRATCH_BYTES);
    TRY(read_in(scratch, scope, source, input, ret));
    return keep(arena, ret);
}

/*
 * The types of nodes from the types of their parts. Every type contains null,
 * so "number" means: a number, or null if something went wrong.
 */
#include "feel/builtin.h"
#include "feel/node_int.h"
#include "feel/temporal.h"

static bool is_duration(FeelKind kind)
{
    return kind == FEEL_DAYS_DURATION || kind == FEEL_MONTHS_DURATION;
}

static bool is_point(FeelKind kind)
{
    return kind == FEEL_DATE || kind == FEEL_DATE_TIME || kind == FEEL_TIME;
}

static FeelKind sum_kind(FeelKind a, FeelKind b)
{
    if (a == b && (a == FEEL_NUMBER || a == FEEL_STRING || is_duration(a))) {
        return a;
    }
    if (is_point(a) && is_duration(b)) return a;
    if (is_duration(a) && is_point(b)) return b;
    return FEEL_ANY;
}

static FeelKind difference_kind(FeelKind a, FeelKind b)
{
    if (a == b && (a == FEEL_NUMBER || is_duration(a))) return a;
    if (is_point(a) && is_duration(b)) return a;
    if (is_point(a) && is_point(b)) return FEEL_DAYS_DURATION;
    return FEEL_ANY;
}

static FeelKind product_kind(FeelKind a, FeelKind b)
{
    if (a == FEEL_NUMBER && b == FEEL_NUMBER) return a;
    if (a == FEEL_NUMBER && is_duration(b)) return b;
    if (is_duration(a) && b == FEEL_NUMBER) return a;
    return FEEL_ANY;
}

const FeelType *feel_infer_binary(uint8_t op, const FeelType *a,
                                  const FeelType *b)
{
    switch (op) {
    case FEEL_OP_ADD:
        return feel_type_of(sum_kind(a->kind, b->kind));
    case FEEL_OP_SUBTRACT:
        return feel_type_of(difference_kind(a->kind, b->kind));
    case FEEL_OP_MULTIPLY:
        return feel_type_of(product_kind(a->kind, b->kind));
    case FEEL_OP_DIVIDE:
        if (a->kind == b->kind && is_duration(a->kind)) {
            return feel_type_of(FEEL_NUMBER);
        }
        return feel_type_of(product_kind(a->kind, b->kind));
    case FEEL_OP_POWER:
        return feel_type_of(a->kind == FEEL_NUMBER && b->kind == FEEL_NUMBER
                                ? FEEL_NUMBER
                                : FEEL_ANY);
    default:
        return feel_type_of(FEEL_BOOLEAN);
    }
}

const FeelType *feel_infer_path(Arena *arena, const FeelType *type, Str name)
{
    if (type->kind == FEEL_CONTEXT) return feel_type_field(type, name);
    if (type->kind == FEEL_LIST && type->item != NULL &&
        type->item->kind == FEEL_CONTEXT) {
        return feel_type_list(arena, feel_type_field(type->item, name));
    }
    static const char *const numbers[] = {
        "year", "month", "day",   "weekday", "hour",    "minute", "second",
        "days", "hours", "years", "months",  "minutes", "seconds"};
    bool temporal = is_point(type->kind) || is_duration(type->kind);
    for (size_t i = 0; temporal && i < sizeof numbers / sizeof *numbers; i++) {
        if (str_is(name, numbers[i])) return feel_type_of(FEEL_NUMBER);
    }
    return feel_type_of(FEEL_ANY);
}

/* What goes through a loop over a value of the type. */
const FeelType *feel_infer_item(const FeelType *type)
{
    if ((type->kind == FEEL_LIST || type->kind == FEEL_RANGE)) {
        return type->item != NULL ? type->item : feel_type_of(FEEL_ANY);
    }
    return type->kind == FEEL_NULL ? feel_type_of(FEEL_ANY) : type;
}

const FeelType *feel_infer_filter(const FeelNode *list, const FeelNode *test)
{
    const FeelType *item = feel_infer_item(list->type);
    if (test->type->kind == FEEL_NUMBER) return item;
    if (test->type->kind == FEEL_BOOLEAN && list->type->kind == FEEL_LIST) {
        return list->type;
    }
    return feel_type_of(FEEL_ANY);
}

/* Functions whose result has the type of what they were given. */
static const FeelType *infer_builtin(Arena *arena, const FeelBuiltin *builtin,
                                     const FeelNode *call)
{
    Str name = str_of(builtin->name);
    const FeelType *first =
        call->count > 0 ? call->items[0]->type : feel_type_of(FEEL_ANY);
    bool listed = first->kind == FEEL_LIST;
    if (listed && call->names == NULL) {
        if (str_is(name, "sort") || str_is(name, "reverse") ||
            str_is(name, "sublist") || str_is(name, "distinct values")) {
            return first;
        }
        bool best = str_is(name, "min") || str_is(name, "max");
        if (best && call->count == 1 && first->item != NULL) {
            return first->item;
        }
    }
    bool literal = call->count == 1 &&
                   call->items[0]->kind == FEEL_NODE_CONSTANT &&
                   call->items[0]->value.kind == FEEL_STRING;
    if (literal && str_is(name, "duration")) {
        FeelValue value = feel_duration_read(feel_text(call->items[0]->value));
        if (value.kind != FEEL_NULL) return feel_type_of((FeelKind)value.kind);
    }
    if (str_is(name, "get value")) return feel_type_of(FEEL_ANY);
    if (str_is(name, "split")) {
        return feel_type_list(arena, feel_type_of(FEEL_STRING));
    }
    return feel_type_of((FeelKind)builtin->result);
}

const FeelType *feel_infer_call(Arena *arena, const FeelNode *call)
{
    const FeelNode *a = call->a;
    if (a->kind == FEEL_NODE_VARIABLE && a->var->kind == FEEL_VAR_BUILTIN) {
        return infer_builtin(arena, feel_builtin_at(a->var->index), call);
    }
    if (a->type->kind == FEEL_FUNCTION && a->type->item != NULL) {
        return a->type->item;
    }
    return feel_type_of(FEEL_ANY);
}

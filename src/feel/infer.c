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

/* How the type of a result comes from those of the arguments. */
typedef enum Making {
    MADE_AS_DECLARED, /* builtins.def says all */
    MADE_LIKE_LIST,   /* a list of the first one's items */
    MADE_FLAT,        /* the same, without lists in the list */
    MADE_WITH_ITEMS,  /* the first one's items and the others as they are */
    MADE_OF_LISTS,    /* the items of all */
    MADE_WITH_THIRD,  /* the first one's items and the third argument */
    MADE_LIKE_ONE,    /* one of the arguments, or of the items of one list */
    MADE_LIKE_FIRST,  /* the first argument */
    MADE_NUMBERS,
    MADE_STRINGS,
    MADE_ENTRIES, /* of a context, with keys and values */
    MADE_ANYTHING
} Making;

static Making making_of(const FeelBuiltin *builtin)
{
    static const struct {
        const char *name;
        Making making;
    } makings[] = {{"sort", MADE_LIKE_LIST},
                   {"reverse", MADE_LIKE_LIST},
                   {"sublist", MADE_LIKE_LIST},
                   {"distinct values", MADE_LIKE_LIST},
                   {"remove", MADE_LIKE_LIST},
                   {"flatten", MADE_FLAT},
                   {"append", MADE_WITH_ITEMS},
                   {"concatenate", MADE_OF_LISTS},
                   {"union", MADE_OF_LISTS},
                   {"insert before", MADE_WITH_THIRD},
                   {"list replace", MADE_WITH_THIRD},
                   {"min", MADE_LIKE_ONE},
                   {"max", MADE_LIKE_ONE},
                   {"abs", MADE_LIKE_FIRST},
                   {"index of", MADE_NUMBERS},
                   {"mode", MADE_NUMBERS},
                   {"split", MADE_STRINGS},
                   {"get entries", MADE_ENTRIES},
                   {"get value", MADE_ANYTHING}};
    for (size_t i = 0; i < sizeof makings / sizeof *makings; i++) {
        if (strcmp(builtin->name, makings[i].name) == 0) {
            return makings[i].making;
        }
    }
    return MADE_AS_DECLARED;
}

/* What is in a list; one value in place of a list is its only item. */
static const FeelType *items_of(const FeelType *type)
{
    if (type->kind != FEEL_LIST) return type;
    return type->item != NULL ? type->item : feel_type_of(FEEL_ANY);
}

static const FeelType *flat_items(const FeelType *type)
{
    do type = items_of(type);
    while (type->kind == FEEL_LIST);
    return type;
}

/* What all the arguments, at most `lists` of them as lists, have in common. */
static const FeelType *join_items(const FeelType *const *types, uint32_t count,
                                  uint32_t lists)
{
    const FeelType *all = feel_type_of(FEEL_NULL);
    for (uint32_t i = 0; i < count; i++) {
        all = feel_type_join(all, i < lists ? items_of(types[i]) : types[i]);
    }
    return all;
}

/* The entries of a context, which may have more than its type says: a list of
 * contexts with a key and any value. */
static const FeelType *entries_of(Arena *arena)
{
    static const Str names[] = {{"key", 3}, {"value", 5}};
    static const FeelShape shape = {2, names};
    const FeelType **fields = ARENA_TRY_ARRAY(arena, const FeelType *, 2);
    if (fields == NULL) return NULL;
    fields[0] = feel_type_of(FEEL_STRING);
    fields[1] = feel_type_of(FEEL_ANY);
    const FeelType *entry = feel_type_context(arena, &shape, fields);
    return entry == NULL ? NULL : feel_type_list(arena, entry);
}

static const FeelType *infer_made(Arena *arena, const FeelBuiltin *builtin,
                                  const FeelType *const *types, uint32_t count)
{
    const FeelType *third[] = {types[0], count > 2 ? types[2] : types[0]};
    switch (making_of(builtin)) {
    case MADE_LIKE_LIST:
        return feel_type_list(arena, items_of(types[0]));
    case MADE_FLAT:
        return feel_type_list(arena, flat_items(types[0]));
    case MADE_WITH_ITEMS:
        return feel_type_list(arena, join_items(types, count, 1));
    case MADE_OF_LISTS:
        return feel_type_list(arena, join_items(types, count, count));
    case MADE_WITH_THIRD:
        return feel_type_list(arena, join_items(third, 2, 1));
    case MADE_LIKE_ONE:
        return join_items(types, count, count == 1);
    case MADE_LIKE_FIRST: /* another value, which may not be allowed */
        return feel_type_of(items_of(types[0])->kind);
    case MADE_NUMBERS:
        return feel_type_list(arena, feel_type_of(FEEL_NUMBER));
    case MADE_STRINGS:
        return feel_type_list(arena, feel_type_of(FEEL_STRING));
    case MADE_ENTRIES:
        return entries_of(arena);
    case MADE_ANYTHING:
        return feel_type_of(FEEL_ANY);
    case MADE_AS_DECLARED:
        break;
    }
    return feel_type_of((FeelKind)builtin->result);
}

/* The types of the arguments in the order of the parameters. */
static uint32_t argument_types(const FeelBuiltin *builtin, const FeelNode *call,
                               const FeelType **ret)
{
    int32_t places[FEEL_ARGS_MAX];
    bool named = call->names != NULL;
    if (call->count > FEEL_ARGS_MAX) return 0;
    if (named &&
        !feel_builtin_places(builtin, call->names, call->count, places)) {
        return 0;
    }
    for (uint32_t i = 0; i < FEEL_ARGS_MAX; i++) {
        ret[i] = feel_type_of(FEEL_ANY);
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < call->count; i++) {
        uint32_t at = named ? (uint32_t)places[i] : i;
        if (at >= FEEL_ARGS_MAX) return 0;
        ret[at] = call->items[i]->type;
        if (at >= count) count = at + 1;
    }
    return count;
}

static const FeelType *infer_builtin(Arena *arena, const FeelBuiltin *builtin,
                                     const FeelNode *call)
{
    const FeelType *types[FEEL_ARGS_MAX];
    bool literal = call->count == 1 &&
                   call->items[0]->kind == FEEL_NODE_CONSTANT &&
                   call->items[0]->value.kind == FEEL_STRING;
    if (literal && strcmp(builtin->name, "duration") == 0) {
        FeelValue value = feel_duration_read(feel_text(call->items[0]->value));
        if (value.kind != FEEL_NULL) return feel_type_of((FeelKind)value.kind);
    }
    uint32_t count = argument_types(builtin, call, types);
    if (count == 0) return feel_type_of((FeelKind)builtin->result);
    return infer_made(arena, builtin, types, count);
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

#include "feel/type.h"

#include "base/err.h"

#define SIMPLE(k) [k] = {.kind = (k), .constraint = -1, .open = true}

static const FeelType simple_types[FEEL_KIND_COUNT] = {
    SIMPLE(FEEL_NULL),
    SIMPLE(FEEL_BOOLEAN),
    SIMPLE(FEEL_NUMBER),
    SIMPLE(FEEL_STRING),
    SIMPLE(FEEL_DATE),
    SIMPLE(FEEL_TIME),
    SIMPLE(FEEL_DATE_TIME),
    SIMPLE(FEEL_DAYS_DURATION),
    SIMPLE(FEEL_MONTHS_DURATION),
    SIMPLE(FEEL_LIST),
    SIMPLE(FEEL_CONTEXT),
    SIMPLE(FEEL_RANGE),
    SIMPLE(FEEL_FUNCTION),
    SIMPLE(FEEL_ANY)};

const FeelType *feel_type_of(FeelKind kind)
{
    return &simple_types[kind];
}

const FeelType *feel_type_named(Str name)
{
    static const struct {
        const char *name;
        FeelKind kind;
    } names[] = {{"number", FEEL_NUMBER},
                 {"string", FEEL_STRING},
                 {"boolean", FEEL_BOOLEAN},
                 {"date", FEEL_DATE},
                 {"time", FEEL_TIME},
                 {"date and time", FEEL_DATE_TIME},
                 {"dateTime", FEEL_DATE_TIME},
                 {"days and time duration", FEEL_DAYS_DURATION},
                 {"dayTimeDuration", FEEL_DAYS_DURATION},
                 {"years and months duration", FEEL_MONTHS_DURATION},
                 {"yearMonthDuration", FEEL_MONTHS_DURATION},
                 {"Any", FEEL_ANY},
                 {"Null", FEEL_NULL},
                 {"list", FEEL_LIST},
                 {"context", FEEL_CONTEXT},
                 {"range", FEEL_RANGE},
                 {"function", FEEL_FUNCTION}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_is(name, names[i].name)) return feel_type_of(names[i].kind);
    }
    return NULL;
}

static FeelType *type_make(Arena *arena, FeelKind kind)
{
    FeelType *type = ARENA_TRY_NEW(arena, FeelType);
    if (type == NULL) return NULL;
    type->kind = kind;
    type->constraint = -1;
    return type;
}

const FeelType *feel_type_list(Arena *arena, const FeelType *item)
{
    FeelType *type = type_make(arena, FEEL_LIST);
    if (type == NULL) return NULL;
    type->item = item;
    return type;
}

const FeelType *feel_type_range(Arena *arena, const FeelType *end)
{
    FeelType *type = type_make(arena, FEEL_RANGE);
    if (type == NULL) return NULL;
    type->item = end;
    return type;
}

const FeelType *feel_type_context(Arena *arena, const FeelShape *shape,
                                  const FeelType **fields)
{
    FeelType *type = type_make(arena, FEEL_CONTEXT);
    if (type == NULL) return NULL;
    type->shape = shape;
    type->count = shape->count;
    type->fields = fields;
    return type;
}

const FeelType *feel_type_function(Arena *arena, const FeelType **params,
                                   uint32_t count, const FeelType *result)
{
    FeelType *type = type_make(arena, FEEL_FUNCTION);
    if (type == NULL) return NULL;
    type->fields = params;
    type->count = count;
    type->item = result;
    return type;
}

const FeelType *feel_type_named_function(Arena *arena, const FeelShape *shape,
                                         const FeelType **params,
                                         const FeelType *result)
{
    FeelType *type = type_make(arena, FEEL_FUNCTION);
    if (type == NULL) return NULL;
    type->shape = shape;
    type->fields = params;
    type->count = shape->count;
    type->item = result;
    return type;
}

const FeelType *feel_type_field(const FeelType *type, Str name)
{
    if (type->kind == FEEL_CONTEXT && type->shape != NULL) {
        int32_t index = feel_shape_find(type->shape, name);
        if (index >= 0) return type->fields[index];
    }
    return feel_type_of(FEEL_ANY);
}

/*
 * Types share parts, so that a small model can describe a huge one: what is
 * looked at in one comparison is counted, and "no" is then the safe answer.
 */
enum { CONFORM_PARTS_MAX = 20000 };

static bool conforms(const FeelType *type, const FeelType *target,
                     int32_t *left);

static bool context_conforms(const FeelType *type, const FeelType *target,
                             int32_t *left)
{
    if (target->shape == NULL) return true;
    if (type->shape == NULL) return false;
    if (type->count > 1024 || target->count > 1024) *left -= CONFORM_PARTS_MAX;
    for (uint32_t i = 0; i < target->count; i++) {
        int32_t at = feel_shape_find(type->shape, target->shape->names[i]);
        if (at < 0) return false;
        if (!conforms(type->fields[at], target->fields[i], left)) {
            return false;
        }
    }
    return true;
}

static bool function_conforms(const FeelType *type, const FeelType *target,
                              int32_t *left)
{
    if (target->open) return true;
    if (type->open || type->count != target->count) return false;
    for (uint32_t i = 0; i < target->count; i++) {
        if (!conforms(target->fields[i], type->fields[i], left)) {
            return false;
        }
    }
    return conforms(type->item, target->item, left);
}

static bool conforms(const FeelType *type, const FeelType *target,
                     int32_t *left)
{
    if (--*left < 0) return false;
    if (type == target || target->kind == FEEL_ANY) return true;
    if (type->kind == FEEL_NULL) return true;
    if (type->kind != target->kind) return false;
    switch (target->kind) {
    case FEEL_LIST:
    case FEEL_RANGE:
        if (target->item == NULL) return true;
        return type->item != NULL && conforms(type->item, target->item, left);
    case FEEL_CONTEXT:
        return context_conforms(type, target, left);
    case FEEL_FUNCTION:
        return function_conforms(type, target, left);
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_NUMBER:
    case FEEL_STRING:
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        return true;
    }
    return true;
}

bool feel_type_conforms(const FeelType *type, const FeelType *target)
{
    int32_t left = CONFORM_PARTS_MAX;
    return conforms(type, target, &left);
}

/*
 * Whether both are contexts, or lists of such, and one has more entries: the
 * narrower type would hide them from the names in a filter.
 */
static bool entries_differ(const FeelType *a, const FeelType *b)
{
    while (a->kind == FEEL_LIST && b->kind == FEEL_LIST && a->item != NULL &&
           b->item != NULL) {
        a = a->item;
        b = b->item;
    }
    return a->kind == FEEL_CONTEXT && b->kind == FEEL_CONTEXT &&
           a->shape != NULL && b->shape != NULL &&
           a->shape->count != b->shape->count;
}

/* Whether values of a type, or parts of them, must pass a test. */
static bool is_tested(const FeelType *type, int32_t *left)
{
    if (type == NULL) return false;
    if (--*left < 0 || type->constraint >= 0) return true;
    if (is_tested(type->item, left)) return true;
    for (uint32_t i = 0; type->fields != NULL && i < type->count; i++) {
        if (is_tested(type->fields[i], left)) return true;
    }
    return false;
}

bool feel_type_tested(const FeelType *type)
{
    int32_t left = CONFORM_PARTS_MAX;
    return is_tested(type, &left);
}

/* What is taken for a type passed its tests; what may be another did not. */
static const FeelType *untested(const FeelType *type)
{
    return feel_type_tested(type) ? feel_type_of(type->kind) : type;
}

const FeelType *feel_type_join(const FeelType *a, const FeelType *b)
{
    if (a == b) return a;
    if (a->kind == FEEL_NULL) return b;
    if (b->kind == FEEL_NULL) return a;
    if (entries_differ(a, b)) return feel_type_of(a->kind);
    if (feel_type_conforms(a, b)) return untested(b);
    if (feel_type_conforms(b, a)) return untested(a);
    if (a->kind == b->kind) return feel_type_of(a->kind);
    return feel_type_of(FEEL_ANY);
}

static void write_nested(Buf *buf, const FeelType *type, int depth);

static void write_context(Buf *buf, const FeelType *type, int depth)
{
    buf_text(buf, "context<");
    for (uint32_t i = 0; i < type->count; i++) {
        if (i > 0) buf_text(buf, ", ");
        buf_str(buf, type->shape->names[i]);
        buf_text(buf, ": ");
        write_nested(buf, type->fields[i], depth + 1);
    }
    buf_char(buf, '>');
}

static void write_nested(Buf *buf, const FeelType *type, int depth)
{
    if (depth > 0 && type->name.bytes > 0) {
        buf_str(buf, type->name);
    } else if (depth > 8) {
        buf_text(buf, "...");
    } else if (type->kind == FEEL_CONTEXT && type->shape != NULL) {
        write_context(buf, type, depth);
    } else if (type->kind == FEEL_FUNCTION && !type->open) {
        buf_text(buf, "function<");
        for (uint32_t i = 0; i < type->count; i++) {
            if (i > 0) buf_text(buf, ", ");
            write_nested(buf, type->fields[i], depth + 1);
        }
        buf_text(buf, ">->");
        write_nested(buf, type->item, depth + 1);
    } else {
        buf_text(buf, feel_kind_name(type->kind));
        if (type->item != NULL) {
            buf_char(buf, '<');
            write_nested(buf, type->item, depth + 1);
            buf_char(buf, '>');
        }
    }
}

void feel_type_write(Buf *buf, const FeelType *type)
{
    write_nested(buf, type, 0);
}

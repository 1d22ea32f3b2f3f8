/* Functions of contexts, and the two that look at any value. */
#include "feel/builtin_int.h"

#define FN(id)                                                                 \
    FeelValue feel_fn_##id(FeelRun *run UNUSED, const FeelValue *args UNUSED,  \
                           uint32_t count UNUSED)

enum { PUT_DEPTH_MAX = 64 };

FN(not )
{
    if (args[0].kind == FEEL_NULL) return args[0];
    return args[0].kind == FEEL_BOOLEAN ? feel_boolean(!args[0].as.whole)
                                        : feel_misused(run);
}

/* A context that is being made: names and values, grown by doubling. */
typedef struct Making {
    FeelRun *run;
    Str *names;
    FeelValue *values;
    uint32_t count;
    uint32_t room;
} Making;

static bool making_grow(Making *making)
{
    uint32_t room = making->room == 0 ? 8 : making->room * 2;
    Str *names = arena_try_raw(making->run->arena, room, sizeof *names);
    FeelValue *values = feel_run_values(making->run, room);
    if (names == NULL || values == NULL) return false;
    if (making->count > 0) {
        memcpy(names, making->names, making->count * sizeof *names);
        memcpy(values, making->values, making->count * sizeof *values);
    }
    making->names = names;
    making->values = values;
    making->room = room;
    return true;
}

static int32_t making_find(const Making *making, Str name)
{
    for (uint32_t i = 0; i < making->count; i++) {
        if (str_equal(making->names[i], name)) return (int32_t)i;
    }
    return -1;
}

static bool making_put(Making *making, Str name, FeelValue value)
{
    if (!feel_run_spend(making->run, making->count / 8)) return false;
    int32_t at = making_find(making, name);
    if (at >= 0) {
        making->values[at] = value;
        return true;
    }
    if (making->count == making->room && !making_grow(making)) return false;
    making->names[making->count] = name;
    making->values[making->count++] = value;
    return true;
}

static bool making_put_all(Making *making, const FeelRecord *record)
{
    for (uint32_t i = 0; i < record->shape->count; i++) {
        if (!making_put(making, record->shape->names[i], record->fields[i])) {
            return false;
        }
    }
    return true;
}

static FeelValue making_done(Making *making)
{
    Arena *arena = making->run->arena;
    FeelShape *shape = arena_try_raw(arena, 1, sizeof *shape);
    if (shape == NULL) return feel_null();
    *shape = (FeelShape){making->count, making->names};
    FeelRecord *record = feel_record_try(arena, shape);
    if (record == NULL) return feel_null();
    if (making->count > 0) {
        memcpy(record->fields, making->values,
               making->count * sizeof *record->fields);
    }
    return feel_context(record);
}

static FeelValue field_of(FeelValue context, Str key)
{
    if (context.kind != FEEL_CONTEXT) return feel_null();
    int32_t at = feel_shape_find(context.as.record->shape, key);
    return at < 0 ? feel_null() : context.as.record->fields[at];
}

FN(get_value)
{
    if (args[1].kind == FEEL_STRING) {
        return field_of(args[0], feel_text(args[1]));
    }
    if (args[1].kind != FEEL_LIST || args[1].count == 0) {
        return feel_misused(run);
    }
    FeelValue value = args[0];
    for (uint32_t i = 0; i < args[1].count; i++) {
        if (args[1].as.items[i].kind != FEEL_STRING) return feel_misused(run);
        value = field_of(value, feel_text(args[1].as.items[i]));
    }
    return value;
}

FN(get_entries)
{
    static const Str names[] = {{"key", 3}, {"value", 5}};
    static const FeelShape shape = {2, names};
    const FeelRecord *record = args[0].as.record;
    FeelValue *items = feel_run_values(run, record->shape->count);
    if (items == NULL) return feel_null();
    for (uint32_t i = 0; i < record->shape->count; i++) {
        FeelRecord *entry = feel_record_try(run->arena, &shape);
        if (entry == NULL) return feel_null();
        entry->fields[0] = feel_string(record->shape->names[i]);
        entry->fields[1] = record->fields[i];
        items[i] = feel_context(entry);
    }
    return feel_list(items, record->shape->count);
}

FN(context)
{
    Making making = {.run = run};
    for (uint32_t i = 0; i < args[0].count; i++) {
        FeelValue entry = args[0].as.items[i];
        FeelValue key = field_of(entry, STR("key"));
        if (entry.kind != FEEL_CONTEXT || key.kind != FEEL_STRING ||
            feel_shape_find(entry.as.record->shape, STR("value")) < 0 ||
            making_find(&making, feel_text(key)) >= 0) {
            return feel_misused(run);
        }
        if (!making_put(&making, feel_text(key),
                        field_of(entry, STR("value")))) {
            return feel_null();
        }
    }
    return making_done(&making);
}

static FeelValue put_path(FeelRun *run, FeelValue context,
                          const FeelValue *keys, uint32_t count,
                          FeelValue value)
{
    if (context.kind != FEEL_CONTEXT || keys[0].kind != FEEL_STRING ||
        count > PUT_DEPTH_MAX) {
        return feel_misused(run);
    }
    Making making = {.run = run};
    if (!making_put_all(&making, context.as.record)) return feel_null();
    if (count > 1) {
        FeelValue inner = field_of(context, feel_text(keys[0]));
        value = put_path(run, inner, keys + 1, count - 1, value);
        if (value.kind == FEEL_NULL) return value;
    }
    if (!making_put(&making, feel_text(keys[0]), value)) return feel_null();
    return making_done(&making);
}

FN(context_put)
{
    if (args[1].kind == FEEL_STRING) {
        return put_path(run, args[0], &args[1], 1, args[2]);
    }
    if (args[1].kind != FEEL_LIST || args[1].count == 0) {
        return feel_misused(run);
    }
    return put_path(run, args[0], args[1].as.items, args[1].count, args[2]);
}

FN(context_merge)
{
    Making making = {.run = run};
    for (uint32_t i = 0; i < args[0].count; i++) {
        FeelValue item = args[0].as.items[i];
        if (item.kind != FEEL_CONTEXT) return feel_misused(run);
        if (!making_put_all(&making, item.as.record)) return feel_null();
    }
    return making_done(&making);
}

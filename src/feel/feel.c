#include "feel/feel.h"

#include "feel/builtin.h"
#include "feel/number.h"
#include "feel/run.h"
#include "feel/temporal.h"

enum { STEPS = 10000000, TYPE_DEPTH_MAX = 16 };

bool feel_scope_builtins(Arena *arena, FeelScope *scope)
{
    for (int32_t i = 0; i < feel_builtin_count(); i++) {
        FeelVar var = {.kind = FEEL_VAR_BUILTIN,
                       .name = str_of(feel_builtin_at(i)->name),
                       .type = feel_type_of(FEEL_FUNCTION),
                       .index = i};
        if (feel_scope_add(arena, scope, var) == NULL) return false;
    }
    return true;
}

static const FeelType *type_nested(Arena *arena, FeelValue value, int depth)
{
    if (depth > TYPE_DEPTH_MAX) return feel_type_of(FEEL_ANY);
    if (value.kind == FEEL_LIST) {
        const FeelType *item = feel_type_of(FEEL_NULL);
        for (uint32_t i = 0; i < value.count; i++) {
            const FeelType *one =
                type_nested(arena, value.as.items[i], depth + 1);
            if (one == NULL) return NULL;
            item = feel_type_join(item, one);
        }
        return feel_type_list(arena, item);
    }
    if (value.kind == FEEL_CONTEXT) {
        const FeelRecord *record = value.as.record;
        const FeelType **fields =
            ARENA_TRY_ARRAY(arena, const FeelType *, record->shape->count + 1);
        if (fields == NULL) return NULL;
        for (uint32_t i = 0; i < record->shape->count; i++) {
            fields[i] = type_nested(arena, record->fields[i], depth + 1);
            if (fields[i] == NULL) return NULL;
        }
        return feel_type_context(arena, record->shape, fields);
    }
    return feel_type_of(value.kind == FEEL_NULL ? FEEL_ANY
                                                : (FeelKind)value.kind);
}

const FeelType *feel_type_of_value(Arena *arena, FeelValue value)
{
    return type_nested(arena, value, 0);
}

static Err array_value(Arena *arena, const Json *json, const FeelType *type,
                       FeelValue *ret)
{
    bool listed = type->kind == FEEL_LIST && type->item != NULL;
    const FeelType *item_type = listed ? type->item : feel_type_of(FEEL_ANY);
    FeelValue *items = arena_try(arena, json->count + 1u, sizeof *items);
    if (items == NULL) return ERR_FULL;
    uint32_t count = 0;
    for (const Json *item = json->first; item != NULL; item = item->next) {
        TRY(feel_from_json_as(arena, item, item_type, &items[count++]));
    }
    *ret = feel_list(items, count);
    return OK;
}

static Err object_value(Arena *arena, const Json *json, const FeelType *type,
                        FeelValue *ret)
{
    FeelShape *shape = arena_try(arena, 1, sizeof *shape);
    Str *names = arena_try(arena, json->count + 1u, sizeof *names);
    if (shape == NULL || names == NULL) return ERR_FULL;
    *shape = (FeelShape){json->count, names};
    FeelRecord *record = feel_record_try(arena, shape);
    if (record == NULL) return ERR_FULL;
    uint32_t i = 0;
    for (const Json *item = json->first; item != NULL; item = item->next) {
        names[i] = item->key;
        TRY(feel_from_json_as(arena, item, feel_type_field(type, item->key),
                              &record->fields[i++]));
    }
    *ret = feel_context(record);
    return OK;
}

static FeelValue text_value(Arena *arena, Str text, FeelKind kind)
{
    FeelValue value = feel_null();
    if (kind == FEEL_DATE) value = feel_date_read(text);
    if (kind == FEEL_TIME) value = feel_time_read(arena, text);
    if (kind == FEEL_DATE_TIME) value = feel_date_time_read(arena, text);
    if (kind == FEEL_DAYS_DURATION || kind == FEEL_MONTHS_DURATION) {
        value = feel_duration_read(text);
    }
    return value.kind == FEEL_NULL ? feel_string(text) : value;
}

Err feel_from_json_as(Arena *arena, const Json *json, const FeelType *type,
                      FeelValue *ret)
{
    *ret = feel_null();
    switch (json->kind) {
    case JSON_NULL:
        break;
    case JSON_BOOL:
        *ret = feel_boolean(json->truth);
        break;
    case JSON_NUMBER:
        *ret = feel_number_read(arena, json->text);
        break;
    case JSON_TEXT:
        *ret = text_value(arena, json->text, type->kind);
        break;
    case JSON_ARRAY:
        return array_value(arena, json, type, ret);
    case JSON_OBJECT:
        return object_value(arena, json, type, ret);
    }
    return OK;
}

Err feel_from_json(Arena *arena, const Json *json, FeelValue *ret)
{
    return feel_from_json_as(arena, json, feel_type_of(FEEL_ANY), ret);
}

/* The entries of the context are the parameters of the expression's unit. */
static FeelBuilder *builder_for(Arena *arena, FeelProgram *program,
                                FeelScope *scope, FeelValue context)
{
    FeelBuilder *builder =
        feel_builder_open(arena, program, NULL, STR("expression"));
    if (builder == NULL || context.kind != FEEL_CONTEXT) return builder;
    const FeelType *type = feel_type_of_value(arena, context);
    if (type == NULL) return NULL;
    feel_builder_params(builder, scope, context.as.record->shape, type->fields);
    return builder;
}

static Err no_room(Diag *diag)
{
    diag_set(diag, "feel.exhausted");
    diag_arg_text(diag, "memory");
    return ERR_FULL;
}

Err feel_evaluate(Arena *arena, Str expression, FeelValue context,
                  int64_t now_us, Diag *diag, FeelValue *ret)
{
    *ret = feel_null();
    FeelProgram *program = feel_program_make(arena);
    FeelScope builtins = {0}, scope = {.parent = &builtins};
    if (program == NULL || !feel_scope_builtins(arena, &builtins)) {
        return no_room(diag);
    }
    FeelBuilder *builder = builder_for(arena, program, &scope, context);
    FeelSource source = {.text = expression, .line = 1, .column = 1};
    FeelOperand operand;
    if (builder == NULL) return no_room(diag);
    TRY(feel_compile(builder, &scope, source, diag, &operand));
    int32_t unit = feel_builder_close(builder, operand);
    FeelRun run;
    if (program->full || !feel_run_init(&run, arena, program, 0)) {
        return no_room(diag);
    }
    run.arena = arena;
    run.steps_left = STEPS;
    run.now_us = now_us;
    run.wordy = true;
    bool given = context.kind == FEEL_CONTEXT;
    FeelValue value =
        feel_run_unit(&run, unit, given ? context.as.record->fields : NULL,
                      given ? context.count : 0, NULL);
    if (feel_run_full(&run)) {
        *diag = run.diag;
        return ERR_FULL;
    }
    if (diag->key[0] == '\0') *diag = run.diag;
    *ret = value;
    return OK;
}

/*
 * Values against types: "instance of", and the conversions that FEEL makes by
 * itself where a value meets a declared type.
 */
#include "feel/builtin.h"
#include "feel/run_int.h"
#include "feel/temporal.h"

enum { TYPE_DEPTH_MAX = 64 };

static bool is_instance(FeelRun *run, FeelValue value, const FeelType *type,
                        bool nulls, int depth);

static bool record_instance(FeelRun *run, const FeelRecord *record,
                            const FeelType *type, bool nulls, int depth)
{
    for (uint32_t i = 0; type->shape != NULL && i < type->count; i++) {
        Str name = type->shape->names[i];
        bool there = record->shape == type->shape;
        int32_t at = there ? (int32_t)i : feel_shape_find(record->shape, name);
        if (at < 0) return false;
        if (!is_instance(run, record->fields[at], type->fields[i], nulls,
                         depth + 1)) {
            return false;
        }
    }
    return true;
}

/* Whether a built-in takes the parameters of a function type. */
static bool builtin_instance(const FeelBuiltin *builtin, const FeelType *type)
{
    static const char letters[] = "nsblcrf";
    static const FeelKind kinds[] = {FEEL_NUMBER,  FEEL_STRING,  FEEL_BOOLEAN,
                                     FEEL_LIST,    FEEL_CONTEXT, FEEL_RANGE,
                                     FEEL_FUNCTION};
    if (type->count < builtin->min || type->count > builtin->max) return false;
    const char *wanted = builtin->kinds[0] == '\0' ? "l" : builtin->kinds;
    if (type->count > strlen(wanted)) return false;
    for (uint32_t i = 0; i < type->count; i++) {
        const char *at = strchr(letters, wanted[i] | 0x20);
        if (at != NULL && type->fields[i]->kind != kinds[at - letters]) {
            return false;
        }
    }
    return type->item == NULL || type->item->kind == FEEL_ANY ||
           builtin->result == FEEL_ANY || type->item->kind == builtin->result;
}

static bool function_instance(const FeelRun *run, const FeelFunction *function,
                              const FeelType *type)
{
    if (type->open) return true;
    if (function->unit < 0) {
        return builtin_instance(feel_builtin_at(function->builtin), type);
    }
    const FeelUnit *unit = &run->program->units[function->unit];
    if ((uint32_t)unit->param_count != type->count) return false;
    for (uint32_t i = 0; i < type->count; i++) {
        if (!feel_type_conforms(type->fields[i], unit->param_types[i])) {
            return false;
        }
    }
    return feel_type_conforms(unit->result, type->item);
}

static bool items_instance(FeelRun *run, FeelValue list, const FeelType *type,
                           bool nulls, int depth)
{
    if (type->item == NULL) return true;
    for (uint32_t i = 0; i < list.count; i++) {
        if (!is_instance(run, list.as.items[i], type->item, nulls, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool range_instance(FeelRun *run, const FeelRange *range,
                           const FeelType *type, int depth)
{
    if (type->item == NULL) return true;
    bool low = range->low.kind == FEEL_NULL ||
               is_instance(run, range->low, type->item, true, depth + 1);
    bool high = range->high.kind == FEEL_NULL ||
                is_instance(run, range->high, type->item, true, depth + 1);
    return low && high;
}

static bool constraint_holds(FeelRun *run, FeelValue value,
                             const FeelType *type)
{
    if (type->constraint < 0) return true;
    return feel_is_true(feel_run_unit(run, type->constraint, &value, 1, NULL));
}

static bool is_instance(FeelRun *run, FeelValue value, const FeelType *type,
                        bool nulls, int depth)
{
    if (depth > TYPE_DEPTH_MAX || !feel_run_spend(run, 1)) return false;
    if (value.kind == FEEL_NULL) {
        return nulls || type->kind == FEEL_NULL || type->kind == FEEL_ANY;
    }
    if (type->kind == FEEL_ANY) return constraint_holds(run, value, type);
    if (value.kind != type->kind) return false;
    bool sound = true;
    if (type->kind == FEEL_LIST) {
        sound = items_instance(run, value, type, nulls, depth);
    } else if (type->kind == FEEL_CONTEXT) {
        sound = record_instance(run, value.as.record, type, nulls, depth);
    } else if (type->kind == FEEL_FUNCTION) {
        sound = function_instance(run, value.as.function, type);
    } else if (type->kind == FEEL_RANGE) {
        sound = range_instance(run, value.as.range, type, depth);
    }
    return sound && constraint_holds(run, value, type);
}

bool feel_run_instance(FeelRun *run, FeelValue value, const FeelType *type)
{
    if (value.kind == FEEL_NULL) {
        return type->kind == FEEL_NULL;
    }
    return is_instance(run, value, type, true, 0);
}

FeelValue feel_run_coerce(FeelRun *run, FeelValue value, const FeelType *type)
{
    if (value.kind == FEEL_NULL || is_instance(run, value, type, true, 0)) {
        return value;
    }
    if (value.kind == FEEL_LIST && value.count == 1 &&
        type->kind != FEEL_LIST) {
        FeelValue only = value.as.items[0];
        if (is_instance(run, only, type, true, 0)) return only;
    }
    if (type->kind == FEEL_LIST && value.kind != FEEL_LIST) {
        FeelValue *items = feel_run_values(run, 1);
        if (items == NULL) return feel_null();
        items[0] = value;
        FeelValue list = feel_list(items, 1);
        if (is_instance(run, list, type, true, 0)) return list;
    }
    if (type->kind == FEEL_DATE_TIME && value.kind == FEEL_DATE) {
        FeelMoment midnight = {.day = value.as.whole,
                               .zone_kind = FEEL_ZONE_OFFSET};
        return feel_moment_make(run->arena, FEEL_DATE_TIME, midnight);
    }
    return feel_run_blame_type(run, type, value);
}

#include "dmn/suite.h"

#include "dmn/model_int.h"

#include "feel/number.h"
#include "feel/run.h"
#include "feel/temporal.h"

enum {
    SUITE_ARENA_BYTES = 256 << 20,
    SUITE_STEPS = 20000000,
    SUITE_TEXT_MAX = 4096,
    SUITE_DEPTH_MAX = 60,
    SUITE_INPUTS_MAX = 64,
    SUITE_UNTYPED = 1 /* in FeelValue.spare */
};

Err dmn_suite_load(Arena *arena, const DmnSource *sources, size_t count,
                   Diag *diag, DmnModel **ret)
{
    DmnLoad how = {.strictness = DMN_LENIENT,
                   .externals = dmn_suite_externals()};
    return dmn_load_with(arena, sources, count, &how, diag, ret);
}

Str dmn_suite_model(const XmlNode *cases)
{
    const XmlNode *name = xml_child(cases, "modelName");
    return name == NULL ? (Str){0} : str_trim(name->text);
}

static Str local_name(Str type)
{
    for (size_t i = type.bytes; i-- > 0;) {
        if (type.at[i] == ':') {
            return (Str){type.at + i + 1, type.bytes - i - 1};
        }
    }
    return type;
}

/* A value by its schema type; without one it is a string. */
static FeelValue simple_value(Arena *arena, const XmlNode *node)
{
    Str type = local_name(xml_attribute(node, "type"));
    Str text = node->text;
    if (str_is(xml_attribute(node, "nil"), "true")) return feel_null();
    if (str_is(type, "string")) return feel_string(text);
    if (type.bytes == 0) {
        FeelValue untyped = feel_string(text);
        untyped.spare = SUITE_UNTYPED;
        return untyped;
    }
    text = str_trim(text);
    if (str_is(type, "boolean")) {
        return feel_boolean(str_is(text, "true") || str_is(text, "1"));
    }
    if (str_is(type, "date")) return feel_date_read(text);
    if (str_is(type, "time")) return feel_time_read(arena, text);
    if (str_is(type, "dateTime")) return feel_date_time_read(arena, text);
    if (str_is(type, "duration")) return feel_duration_read(text);
    return feel_number_read(arena, text);
}

/* A text without a type takes the kind of what it is compared with. */
static FeelValue retyped(Arena *arena, FeelValue value, FeelKind kind)
{
    if (value.kind != FEEL_STRING || value.spare != SUITE_UNTYPED) {
        return value;
    }
    Str text = str_trim(feel_text(value));
    if (kind == FEEL_NUMBER) return feel_number_read(arena, text);
    if (kind == FEEL_BOOLEAN) return feel_boolean(str_is(text, "true"));
    if (kind >= FEEL_DATE && kind <= FEEL_MONTHS_DURATION) {
        return feel_temporal_read(arena, text);
    }
    return value;
}

static FeelValue value_of(Arena *arena, const XmlNode *node, int depth);

static FeelValue list_value(Arena *arena, const XmlNode *list, int depth)
{
    uint32_t count = xml_count(list, "item"), i = 0;
    FeelValue *items = ARENA_TRY_ARRAY(arena, FeelValue, (size_t)count + 1);
    if (items == NULL) return feel_null();
    for (const XmlNode *item = xml_child(list, "item"); item != NULL;
         item = xml_next(item)) {
        items[i++] = value_of(arena, item, depth + 1);
    }
    return feel_list(items, count);
}

static FeelValue record_value(Arena *arena, const XmlNode *node, int depth)
{
    uint32_t count = xml_count(node, "component"), i = 0;
    FeelShape *shape = ARENA_TRY_NEW(arena, FeelShape);
    Str *names = ARENA_TRY_ARRAY(arena, Str, (size_t)count + 1);
    if (shape == NULL || names == NULL) return feel_null();
    *shape = (FeelShape){count, names};
    FeelRecord *record = feel_record_try(arena, shape);
    if (record == NULL) return feel_null();
    for (const XmlNode *part = xml_child(node, "component"); part != NULL;
         part = xml_next(part)) {
        names[i] = str_trim(xml_attribute(part, "name"));
        record->fields[i++] = value_of(arena, part, depth + 1);
    }
    return feel_context(record);
}

/* What stands in inputNode, expected, component or item. */
static FeelValue value_of(Arena *arena, const XmlNode *node, int depth)
{
    if (depth > SUITE_DEPTH_MAX) return feel_null();
    const XmlNode *value = xml_child(node, "value");
    const XmlNode *list = xml_child(node, "list");
    if (value != NULL) return simple_value(arena, value);
    if (list != NULL) {
        if (str_is(xml_attribute(list, "nil"), "true")) return feel_null();
        return list_value(arena, list, depth);
    }
    if (xml_child(node, "component") == NULL) return feel_null();
    return record_value(arena, node, depth);
}

static bool alike(Arena *arena, FeelValue expected, FeelValue actual,
                  int depth);

static bool records_alike(Arena *arena, const FeelRecord *expected,
                          const FeelRecord *actual, int depth)
{
    if (expected->shape->count != actual->shape->count) return false;
    for (uint32_t i = 0; i < expected->shape->count; i++) {
        int32_t at = feel_shape_find(actual->shape, expected->shape->names[i]);
        if (at < 0 ||
            !alike(arena, expected->fields[i], actual->fields[at], depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool numbers_alike(Arena *arena, FeelValue a, FeelValue b)
{
    FeelValue off = feel_number_subtract(arena, a, b);
    if (off.kind != FEEL_NUMBER) return false;
    FeelValue bound = feel_number(1, 8);
    FeelValue minus = feel_number(-1, 8);
    return feel_number_compare(off, bound) < 0 &&
           feel_number_compare(off, minus) > 0;
}

static bool alike(Arena *arena, FeelValue expected, FeelValue actual, int depth)
{
    expected = retyped(arena, expected, (FeelKind)actual.kind);
    if (expected.kind != actual.kind || depth > SUITE_DEPTH_MAX) return false;
    if (expected.kind == FEEL_NUMBER) {
        return numbers_alike(arena, expected, actual);
    }
    if (expected.kind == FEEL_LIST) {
        if (expected.count != actual.count) return false;
        for (uint32_t i = 0; i < expected.count; i++) {
            if (!alike(arena, expected.as.items[i], actual.as.items[i],
                       depth + 1)) {
                return false;
            }
        }
        return true;
    }
    if (expected.kind == FEEL_CONTEXT) {
        return records_alike(arena, expected.as.record, actual.as.record,
                             depth);
    }
    return feel_same(expected, actual);
}

/* A run over one file of cases. */
typedef struct Suite {
    const DmnModel *model;
    DmnEval *eval;
    Arena *arena;
    const DmnSuiteReport *report;
    DmnSuiteCount *count;
    bool valued; /* the case expects something else than null */
} Suite;

static Str text_of(Suite *suite, FeelValue value)
{
    Buf buf = buf_make(SUITE_TEXT_MAX);
    feel_write_json(&buf, value);
    Str text = STR("");
    bool kept = str_try(suite->arena, buf_view(&buf), &text);
    buf_free(&buf);
    return kept ? text : STR("...");
}

/* Sets one input, of the type that it has. */
static void set_input(Suite *suite, int32_t input, const XmlNode *node)
{
    Arena *arena = dmn_eval_arena(suite->eval);
    FeelValue value = retyped(arena, value_of(arena, node, 0),
                              dmn_input_type(suite->model, input)->kind);
    (void)dmn_input_check(suite->eval, input, value);
}

/* "Model B" with components inside may be the names of imports. */
static bool set_nested(Suite *suite, Str name, const XmlNode *node, int depth)
{
    bool any = false;
    Arena *arena = dmn_eval_arena(suite->eval);
    for (const XmlNode *part = xml_child(node, "component");
         part != NULL && depth < SUITE_DEPTH_MAX; part = xml_next(part)) {
        Str own = str_trim(xml_attribute(part, "name"));
        char *text = arena_try(arena, name.bytes + own.bytes + 2, 1);
        if (text == NULL) return any;
        memcpy(text, name.at, name.bytes);
        text[name.bytes] = '.';
        if (own.bytes > 0) memcpy(text + name.bytes + 1, own.at, own.bytes);
        Str whole = {text, name.bytes + 1 + own.bytes};
        int32_t input = dmn_input_exact(suite->model, whole);
        if (input >= 0) set_input(suite, input, part);
        any = input >= 0 || set_nested(suite, whole, part, depth + 1) || any;
    }
    return any;
}

/* Inputs of the namespace that is given; every import of it has its own. */
static bool set_in_namespace(Suite *suite, Str name, Str space,
                             const XmlNode *node)
{
    bool any = false;
    for (int32_t i = 0; i < suite->model->input_count; i++) {
        const DmnElement *input = suite->model->inputs[i];
        if (!str_equal(input->own_name, name) ||
            !str_equal(input->file->space, space)) {
            continue;
        }
        set_input(suite, i, node);
        any = true;
    }
    return any;
}

static void set_inputs(Suite *suite, const XmlNode *test)
{
    for (const XmlNode *node = xml_child(test, "inputNode"); node != NULL;
         node = xml_next(node)) {
        Str name = str_trim(xml_attribute(node, "name"));
        Str space = xml_attribute(node, "namespace");
        int32_t input = dmn_input_exact(suite->model, name);
        if (input >= 0) {
            set_input(suite, input, node);
            continue;
        }
        if (set_in_namespace(suite, name, space, node) ||
            set_nested(suite, name, node, 0)) {
            continue;
        }
        input = dmn_input_find(suite->model, name);
        if (input >= 0) set_input(suite, input, node);
    }
}

static FeelValue invoke(Suite *suite, const XmlNode *test, Str function,
                        Str result)
{
    Str names[SUITE_INPUTS_MAX];
    FeelValue values[SUITE_INPUTS_MAX];
    size_t count = 0;
    Arena *arena = dmn_eval_arena(suite->eval);
    for (const XmlNode *node = xml_child(test, "inputNode");
         node != NULL && count < SUITE_INPUTS_MAX; node = xml_next(node)) {
        names[count] = str_trim(xml_attribute(node, "name"));
        values[count++] = value_of(arena, node, 0);
    }
    int32_t index = dmn_function_find(suite->model, function);
    FeelValue value = feel_null();
    if (index < 0) return value;
    if (dmn_invoke(suite->eval, index, names, values, count, &value) != OK) {
        return feel_null();
    }
    if (value.kind != FEEL_CONTEXT) return value;
    int32_t at = feel_shape_find(value.as.record->shape, result);
    return at < 0 ? value : value.as.record->fields[at];
}

static FeelValue actual_value(Suite *suite, const XmlNode *test,
                              const XmlNode *result)
{
    Str name = str_trim(xml_attribute(result, "name"));
    Str function = str_trim(xml_attribute(test, "invocableName"));
    Str type = xml_attribute(test, "type");
    dmn_eval_reset(suite->eval);
    set_inputs(suite, test);
    if (function.bytes > 0 &&
        (str_is(type, "decisionService") || str_is(type, "bkm"))) {
        return invoke(suite, test, function, name);
    }
    FeelValue value;
    int32_t decision = dmn_decision_find(suite->model, name);
    if (decision < 0) {
        int32_t index = dmn_function_find(suite->model, name);
        return index < 0 ? feel_null() : invoke(suite, test, name, name);
    }
    if (dmn_eval(suite->eval, decision, &value) != OK) return feel_null();
    return value;
}

static bool run_result(Suite *suite, const XmlNode *test, const XmlNode *result)
{
    const XmlNode *node = xml_child(result, "expected");
    FeelValue expected =
        node == NULL ? feel_null() : value_of(suite->arena, node, 0);
    FeelValue actual = feel_null();
    if (suite->model != NULL) actual = actual_value(suite, test, result);
    DmnVerdict verdict = {.case_id = xml_attribute(test, "id"),
                          .result = xml_attribute(result, "name"),
                          .passed = suite->model != NULL &&
                                    alike(suite->arena, expected, actual, 0),
                          .line = result->line};
    bool wanted = str_is(xml_attribute(result, "errorResult"), "true");
    const Diag *diag = suite->eval == NULL ? NULL : dmn_eval_diag(suite->eval);
    bool raised = diag != NULL && diag->key[0] != '\0';
    verdict.flag_agrees = wanted == raised;
    verdict.diag = raised ? diag : NULL;
    if (!verdict.passed) {
        verdict.expected = text_of(suite, expected);
        verdict.actual = text_of(suite, actual);
    }
    suite->count->results++;
    if (verdict.flag_agrees) suite->count->flags++;
    if (expected.kind != FEEL_NULL) suite->valued = true;
    suite->report->verdict(suite->report->context, &verdict);
    return verdict.passed;
}

static void arena_shut(Arena **arena)
{
    arena_close(*arena);
}

Err dmn_suite_run(const DmnModel *model, const XmlNode *cases, int64_t now_us,
                  const DmnSuiteReport *report, DmnSuiteCount *count)
{
    if (!xml_is(cases, "testCases")) return ERR_INVALID;
    Arena *arena CLEANUP(arena_shut) = arena_open(SUITE_ARENA_BYTES);
    DmnEval *eval CLEANUP(dmn_eval_closep) = NULL;
    if (arena == NULL) return ERR_FULL;
    if (model != NULL) {
        eval = dmn_eval_open(model, SUITE_ARENA_BYTES, SUITE_STEPS);
        if (eval == NULL) return ERR_FULL;
        dmn_eval_now(eval, now_us);
    }
    Suite suite = {model, eval, arena, report, count, false};
    for (const XmlNode *test = xml_child(cases, "testCase"); test != NULL;
         test = xml_next(test)) {
        bool passed = true;
        suite.valued = false;
        for (const XmlNode *result = xml_child(test, "resultNode");
             result != NULL; result = xml_next(result)) {
            if (!run_result(&suite, test, result)) passed = false;
        }
        count->passed += passed;
        count->failed += !passed;
        count->valued += suite.valued;
        count->valued_passed += suite.valued && passed;
        report->done(report->context, xml_attribute(test, "id"), passed);
        arena_reset(arena);
    }
    return OK;
}

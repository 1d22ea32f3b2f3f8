/*
 * Boxed expressions, lowered to the same operations as FEEL's own.
 */
#include "dmn/check_int.h"

static const char *const expression_names[] = {"literalExpression",
                                               "decisionTable",
                                               "context",
                                               "invocation",
                                               "list",
                                               "relation",
                                               "functionDefinition",
                                               "conditional",
                                               "filter",
                                               "for",
                                               "some",
                                               "every",
                                               "unaryTests"};

const XmlNode *dmn_logic_of(const XmlNode *node)
{
    for (const XmlNode *child = node->first; child != NULL;
         child = child->next) {
        for (size_t i = 0;
             i < sizeof expression_names / sizeof *expression_names; i++) {
            if (xml_is(child, expression_names[i])) return child;
        }
    }
    return NULL;
}

Str dmn_text_of(const XmlNode *node)
{
    const XmlNode *text = node == NULL ? NULL : xml_child(node, "text");
    return text == NULL ? (Str){0} : str_trim(text->text);
}

FeelSource dmn_source_of(const DmnLowering *at, const XmlNode *text)
{
    return (FeelSource){.text = text->text,
                        .file = at->file->index,
                        .line = text->text_line,
                        .column = text->text_column};
}

Err dmn_compile(const DmnLowering *at, const XmlNode *text, FeelOperand *ret)
{
    Diag diag;
    memset(&diag, 0, sizeof diag);
    Err err = feel_compile(at->builder, at->scope, dmn_source_of(at, text),
                           &diag, ret);
    if (err == ERR_FULL) return dmn_full(at->model);
    if (diag.key[0] != '\0') {
        TRY(dmn_fault_diag(at->model, at->file, &diag));
    }
    if (err != OK) {
        *ret = feel_builder_fail_as(at->builder, "feel.faulty");
    }
    return OK;
}

static Err unsupported(const DmnLowering *at, const XmlNode *node,
                       const char *key, Str what, FeelOperand *ret)
{
    TRY(dmn_fault(at->model, at->file, node, key, what));
    *ret = feel_builder_fail(at->builder, what);
    return OK;
}

static bool is_feel(Str language)
{
    if (language.bytes == 0) return true;
    for (size_t i = 0; i + 4 <= language.bytes; i++) {
        if (memcmp(language.at + i, "FEEL", 4) == 0 ||
            memcmp(language.at + i, "feel", 4) == 0) {
            return true;
        }
    }
    return false;
}

static Err lower_literal(const DmnLowering *at, const XmlNode *node,
                         FeelOperand *ret)
{
    const XmlNode *text = xml_child(node, "text");
    Str language = xml_attribute(node, "expressionLanguage");
    if (!is_feel(language)) {
        return unsupported(at, node, "dmn.language", language, ret);
    }
    if (text == NULL || str_trim(text->text).bytes == 0) {
        *ret = feel_builder_fail_as(at->builder, "feel.no_expression");
        return OK;
    }
    return dmn_compile(at, text, ret);
}

/* The expression inside an element, with a scope of its own. */
static Err lower_in(const DmnLowering *at, const FeelScope *scope,
                    const XmlNode *node, FeelOperand *ret)
{
    DmnLowering inner = *at;
    inner.scope = scope;
    inner.depth++;
    const XmlNode *logic = node == NULL ? NULL : dmn_logic_of(node);
    if (logic == NULL) {
        *ret = feel_builder_fail_as(at->builder, "feel.no_expression");
        return OK;
    }
    return dmn_lower_logic(&inner, logic, ret);
}

static Err typed(const DmnLowering *at, const XmlNode *node, FeelOperand *ret)
{
    Str name = node == NULL ? (Str){0} : xml_attribute(node, "typeRef");
    if (name.bytes == 0) return OK;
    const FeelType *type;
    TRY(dmn_type_at(at->model, at->file, node, name, &type));
    *ret = feel_builder_coerce(at->builder, *ret, type);
    return OK;
}

static Err emit_entry(const DmnLowering *at, const XmlNode *entry, Str name,
                      FeelOperand value)
{
    DmnModel *model = at->model;
    DmnEntry *entries = dmn_grow(model->arena, model->entries,
                                 model->entry_count, sizeof *entries);
    if (entries == NULL) return dmn_full(model);
    model->entries = entries;
    const XmlNode *logic = dmn_logic_of(entry);
    entries[model->entry_count] =
        (DmnEntry){name, dmn_text_of(logic), entry->line};
    FeelOp op = {.code = FEEL_OP_ENTRY,
                 .kind = FEEL_ANY,
                 .a = value.at,
                 .b = model->entry_count++};
    feel_builder_emit(at->builder, op);
    return OK;
}

static int32_t take_slots(FeelBuilder *builder, uint32_t count)
{
    int32_t first = feel_builder_mark(builder);
    for (uint32_t i = 0; i < count; i++) (void)feel_builder_slot(builder);
    return first;
}

/* What a boxed context is being made of. */
typedef struct Entries {
    FeelShape *shape;
    Str *names;
    const FeelType **types;
    int32_t first;
} Entries;

static Err emit_record(const DmnLowering *at, const Entries *entries,
                       FeelOperand *ret)
{
    FeelOp op = {.code = FEEL_OP_RECORD,
                 .kind = FEEL_CONTEXT,
                 .to = feel_builder_slot(at->builder),
                 .a = entries->first,
                 .b = feel_program_shape(at->model->program, entries->shape),
                 .c = (int32_t)entries->shape->count};
    feel_builder_emit(at->builder, op);
    ret->at = op.to;
    ret->type =
        feel_type_context(at->model->arena, entries->shape, entries->types);
    return ret->type == NULL ? dmn_full(at->model) : OK;
}

/* Room for `count` entries, none of them there yet. */
static Err entries_make(const DmnLowering *at, uint32_t count, Entries *ret)
{
    TRY(dmn_shape(at->model, count, &ret->shape, &ret->names, &ret->types));
    ret->shape->count = 0;
    ret->first = take_slots(at->builder, count);
    return OK;
}

/* Where the expression in an element stands, or the element. */
static FeelPlace place_in(const DmnLowering *at, const XmlNode *node)
{
    const XmlNode *logic = dmn_logic_of(node);
    if (logic == NULL) logic = node;
    const XmlNode *text = xml_child(logic, "text");
    FeelPlace place = {at->file->index, logic->line, 1};
    if (text == NULL || str_trim(text->text).bytes == 0) return place;
    place.line = text->text_line;
    place.column = text->text_column;
    return place;
}

/* What a branch or a part is, for the check of the declared type. */
static Err note_part(const DmnLowering *at, const XmlNode *node,
                     FeelOperand value, FeelOutcome as,
                     const FeelOutcome **outcomes)
{
    if (at->model->checker == NULL || node == NULL) return OK;
    as.place = place_in(at, node);
    return feel_builder_outcome(at->builder, value, as, outcomes)
               ? OK
               : dmn_full(at->model);
}

static Err lower_context(const DmnLowering *at, const XmlNode *node,
                         FeelOperand *ret)
{
    FeelScope scope = {.parent = at->scope};
    Entries entries;
    const FeelOutcome *parts = NULL;
    TRY(entries_make(at, xml_count(node, "contextEntry"), &entries));
    for (const XmlNode *entry = xml_child(node, "contextEntry"); entry != NULL;
         entry = xml_next(entry)) {
        const XmlNode *variable = xml_child(entry, "variable");
        FeelOperand value;
        TRY(lower_in(at, &scope, entry, &value));
        if (variable == NULL) {
            *ret = value;
            return OK;
        }
        TRY(typed(at, variable, &value));
        uint32_t i = entries.shape->count++;
        Str name = str_trim(xml_attribute(variable, "name"));
        FeelOutcome as = {.field = name};
        TRY(note_part(at, entry, value, as, &parts));
        entries.names[i] = name;
        entries.types[i] = value.type;
        feel_builder_move(at->builder, entries.first + (int32_t)i, value.at);
        value.at = entries.first + (int32_t)i;
        TRY(emit_entry(at, entry, name, value));
        FeelVar var = {.kind = FEEL_VAR_LOCAL,
                       .name = name,
                       .type = value.type,
                       .index = value.at,
                       .builder = at->builder};
        if (feel_scope_add(at->model->scratch, &scope, var) == NULL) {
            return dmn_full(at->model);
        }
    }
    TRY(emit_record(at, &entries, ret));
    feel_builder_outcomes(at->builder, *ret, parts);
    return OK;
}

/* The first `count` slots behind `first` as a list. */
static Err emit_list(const DmnLowering *at, int32_t first, int32_t count,
                     const FeelType *item, FeelOperand *ret)
{
    FeelOp op = {.code = FEEL_OP_LIST,
                 .kind = FEEL_LIST,
                 .to = feel_builder_slot(at->builder),
                 .a = first,
                 .b = first,
                 .c = count};
    feel_builder_emit(at->builder, op);
    ret->at = op.to;
    ret->type = feel_type_list(at->model->arena, item);
    return ret->type == NULL ? dmn_full(at->model) : OK;
}

static Err lower_list(const DmnLowering *at, const XmlNode *node,
                      FeelOperand *ret)
{
    uint32_t count = 0;
    for (const XmlNode *item = node->first; item != NULL; item = item->next) {
        count++;
    }
    int32_t first = take_slots(at->builder, count), i = 0;
    const FeelType *type = feel_type_of(FEEL_NULL);
    const FeelOutcome *parts = NULL;
    for (const XmlNode *item = node->first; item != NULL; item = item->next) {
        FeelOperand value;
        int32_t mark = feel_builder_mark(at->builder);
        DmnLowering inner = *at;
        inner.depth++;
        if (xml_is(item, "description")) continue;
        TRY(dmn_lower_logic(&inner, item, &value));
        FeelOutcome as = {.listed = true, .beside = true};
        TRY(note_part(at, item, value, as, &parts));
        feel_builder_move(at->builder, first + i++, value.at);
        feel_builder_release(at->builder, mark);
        type = feel_type_join(type, value.type);
    }
    TRY(emit_list(at, first, i, type, ret));
    feel_builder_outcomes(at->builder, *ret, parts);
    return OK;
}

static Err lower_row(const DmnLowering *at, const XmlNode *row,
                     const Entries *columns, FeelOperand *ret)
{
    Entries entries = *columns;
    entries.first = take_slots(at->builder, columns->shape->count);
    uint32_t i = 0;
    entries.types = ARENA_TRY_ARRAY(at->model->arena, const FeelType *,
                                    columns->shape->count + 1);
    if (entries.types == NULL) return dmn_full(at->model);
    const FeelOutcome *parts = NULL;
    for (const XmlNode *cell = row->first;
         cell != NULL && i < columns->shape->count; cell = cell->next) {
        FeelOperand value;
        DmnLowering inner = *at;
        inner.depth++;
        TRY(dmn_lower_logic(&inner, cell, &value));
        FeelOutcome as = {.field = entries.names[i]};
        TRY(note_part(at, cell, value, as, &parts));
        entries.types[i] = value.type;
        feel_builder_move(at->builder, entries.first + (int32_t)i, value.at);
        i++;
    }
    for (; i < columns->shape->count; i++) {
        entries.types[i] = feel_type_of(FEEL_NULL);
        feel_builder_move(at->builder, entries.first + (int32_t)i,
                          feel_builder_constant(at->builder, feel_null()));
    }
    TRY(emit_record(at, &entries, ret));
    feel_builder_outcomes(at->builder, *ret, parts);
    return OK;
}

static Err lower_relation(const DmnLowering *at, const XmlNode *node,
                          FeelOperand *ret)
{
    Entries columns;
    TRY(entries_make(at, xml_count(node, "column"), &columns));
    for (const XmlNode *column = xml_child(node, "column"); column != NULL;
         column = xml_next(column)) {
        columns.names[columns.shape->count++] =
            str_trim(xml_attribute(column, "name"));
    }
    uint32_t rows = xml_count(node, "row");
    int32_t first = take_slots(at->builder, rows), i = 0;
    const FeelType *type = feel_type_of(FEEL_NULL);
    const FeelOutcome *parts = NULL;
    for (const XmlNode *row = xml_child(node, "row"); row != NULL;
         row = xml_next(row)) {
        FeelOperand value;
        int32_t mark = feel_builder_mark(at->builder);
        TRY(lower_row(at, row, &columns, &value));
        FeelOutcome as = {.listed = true, .beside = true, .row = i + 1};
        TRY(note_part(at, row, value, as, &parts));
        feel_builder_move(at->builder, first + i++, value.at);
        feel_builder_release(at->builder, mark);
        type = feel_type_join(type, value.type);
    }
    TRY(emit_list(at, first, i, type, ret));
    feel_builder_outcomes(at->builder, *ret, parts);
    return OK;
}

/* Says what will be null: a name or a type that is not the function's. */
static void check_binding(const DmnLowering *at, const XmlNode *binding,
                          const FeelType *callee, Str name, FeelOperand value)
{
    bool told = callee->kind == FEEL_FUNCTION && callee->shape != NULL;
    if (at->model->checker == NULL || !told) return;
    int32_t place = feel_shape_find(callee->shape, name);
    if (place >= 0 && !feel_types_clash(value.type, callee->fields[place])) {
        return;
    }
    DmnFinding *finding = dmn_find(
        at->model, DMN_ERROR, place < 0 ? "feel.no_parameter" : "feel.declared",
        at->file, binding->line);
    if (finding == NULL) return;
    if (place < 0) {
        diag_arg(&finding->diag, name);
        return;
    }
    diag_arg_text(&finding->diag, feel_kind_name(value.type->kind));
    diag_arg_text(&finding->diag, feel_kind_name(callee->fields[place]->kind));
}

/* Says which parameters no binding names. */
static void check_bindings(const DmnLowering *at, const XmlNode *node,
                           const FeelType *callee, const FeelShape *names)
{
    bool told = callee->kind == FEEL_FUNCTION && callee->shape != NULL;
    if (at->model->checker == NULL || !told) return;
    for (uint32_t i = 0; i < callee->shape->count; i++) {
        if (feel_shape_find(names, callee->shape->names[i]) >= 0) continue;
        DmnFinding *finding = dmn_find(at->model, DMN_WARNING, "check.unbound",
                                       at->file, node->line);
        if (finding != NULL) diag_arg(&finding->diag, callee->shape->names[i]);
    }
}

/* Arguments by name; the function may be known now or only when it runs. */
static Err lower_invocation(const DmnLowering *at, const XmlNode *node,
                            FeelOperand *ret)
{
    uint32_t count = xml_count(node, "binding");
    FeelBuilder *builder = at->builder;
    FeelOperand callee;
    TRY(lower_in(at, at->scope, node, &callee));
    Entries bindings;
    TRY(entries_make(at, count, &bindings));
    for (const XmlNode *binding = xml_child(node, "binding"); binding != NULL;
         binding = xml_next(binding)) {
        const XmlNode *parameter = xml_child(binding, "parameter");
        FeelOperand value;
        int32_t mark = feel_builder_mark(builder);
        TRY(lower_in(at, at->scope, binding, &value));
        TRY(typed(at, parameter, &value));
        uint32_t i = bindings.shape->count++;
        bindings.names[i] = parameter == NULL
                                ? (Str){0}
                                : str_trim(xml_attribute(parameter, "name"));
        check_binding(at, binding, callee.type, bindings.names[i], value);
        feel_builder_move(builder, bindings.first + (int32_t)i, value.at);
        feel_builder_release(builder, mark);
    }
    check_bindings(at, node, callee.type, bindings.shape);
    int32_t shape = feel_program_shape(at->model->program, bindings.shape);
    FeelOp op = {.code = FEEL_OP_CALL,
                 .kind = FEEL_ANY,
                 .flag = (uint16_t)(count == 0 ? 0 : shape + 1),
                 .to = feel_builder_slot(builder),
                 .a = callee.at,
                 .b = bindings.first,
                 .c = (int32_t)count};
    feel_builder_emit(builder, op);
    ret->at = op.to;
    ret->type = callee.type->kind == FEEL_FUNCTION && callee.type->item != NULL
                    ? callee.type->item
                    : feel_type_of(FEEL_ANY);
    return OK;
}

/*
 * What is neither true, false nor null decides nothing: the result is null.
 * Gives the jump to the end.
 */
static int32_t emit_truth_check(FeelBuilder *builder, FeelOperand test,
                                int32_t to)
{
    /* What is known of its type has been said already. */
    FeelOperand any = {test.at, feel_type_of(FEEL_ANY)};
    FeelOperand checked =
        feel_builder_coerce(builder, any, feel_type_of(FEEL_BOOLEAN));
    FeelOp same = {.code = FEEL_OP_EQUAL,
                   .kind = FEEL_BOOLEAN,
                   .to = feel_builder_slot(builder),
                   .a = checked.at,
                   .b = test.at};
    feel_builder_emit(builder, same);
    FeelOp sound = {.code = FEEL_OP_JUMP_TRUE, .a = same.to};
    int32_t on = feel_builder_emit(builder, sound);
    feel_builder_move(builder, to, feel_builder_constant(builder, feel_null()));
    FeelOp leave = {.code = FEEL_OP_JUMP};
    int32_t end = feel_builder_emit(builder, leave);
    feel_builder_patch(builder, on);
    return end;
}

/* Says that a condition is neither true nor false, whatever the values. */
static void check_condition(const DmnLowering *at, const XmlNode *node,
                            const FeelType *type, bool or_number)
{
    FeelKind kind = type->kind;
    bool sound = kind == FEEL_BOOLEAN || kind == FEEL_NULL ||
                 kind == FEEL_ANY || (or_number && kind == FEEL_NUMBER);
    if (sound || node == NULL) return;
    FeelPlace place = place_in(at, node);
    DmnFinding *finding = dmn_find(at->model, DMN_ERROR, "feel.not_boolean",
                                   at->file, place.line);
    if (finding == NULL) return;
    finding->diag.column = place.column;
    diag_arg(&finding->diag, node->name);
    diag_arg_text(&finding->diag, feel_kind_name(kind));
}

static Err lower_conditional(const DmnLowering *at, const XmlNode *node,
                             FeelOperand *ret)
{
    FeelBuilder *builder = at->builder;
    int32_t to = feel_builder_slot(builder);
    FeelOperand test, yes, no;
    TRY(lower_in(at, at->scope, xml_child(node, "if"), &test));
    check_condition(at, xml_child(node, "if"), test.type, false);
    FeelOp jump = {.code = FEEL_OP_JUMP_NOT_TRUE, .a = test.at};
    int32_t otherwise = feel_builder_emit(builder, jump);
    TRY(lower_in(at, at->scope, xml_child(node, "then"), &yes));
    const FeelOutcome *outcomes = NULL;
    FeelOutcome as = {.row = 0};
    TRY(note_part(at, xml_child(node, "then"), yes, as, &outcomes));
    feel_builder_move(builder, to, yes.at);
    FeelOp leave = {.code = FEEL_OP_JUMP};
    int32_t end = feel_builder_emit(builder, leave);
    feel_builder_patch(builder, otherwise);
    int32_t wrong = -1;
    if (test.type->kind != FEEL_BOOLEAN) {
        wrong = emit_truth_check(builder, test, to);
    }
    TRY(lower_in(at, at->scope, xml_child(node, "else"), &no));
    TRY(note_part(at, xml_child(node, "else"), no, as, &outcomes));
    feel_builder_move(builder, to, no.at);
    feel_builder_patch(builder, end);
    if (wrong >= 0) feel_builder_patch(builder, wrong);
    *ret = (FeelOperand){to, feel_type_join(yes.type, no.type)};
    feel_builder_outcomes(builder, *ret, outcomes);
    return OK;
}

static const FeelType *item_type(const FeelType *type)
{
    bool many = type->kind == FEEL_LIST || type->kind == FEEL_RANGE;
    if (many) return type->item != NULL ? type->item : feel_type_of(FEEL_ANY);
    return type->kind == FEEL_NULL ? feel_type_of(FEEL_ANY) : type;
}

/* Opens a loop over a value; gives the index of its head. */
static int32_t open_loop(FeelBuilder *builder, FeelOp open, int32_t item)
{
    open.code = FEEL_OP_LOOP_OPEN;
    feel_builder_emit(builder, open);
    FeelOp next = {.code = FEEL_OP_LOOP_NEXT, .to = item, .b = open.b};
    return feel_builder_emit(builder, next);
}

static void close_loop(FeelBuilder *builder, int32_t head)
{
    FeelOp back = {.code = FEEL_OP_JUMP, .c = head};
    feel_builder_emit(builder, back);
    feel_builder_patch(builder, head);
}

static Err lower_filter(const DmnLowering *at, const XmlNode *node,
                        FeelOperand *ret)
{
    FeelBuilder *builder = at->builder;
    int32_t to = feel_builder_slot(builder);
    FeelOperand list, test;
    TRY(lower_in(at, at->scope, xml_child(node, "in"), &list));
    FeelScope scope = {.parent = at->scope};
    FeelVar *item =
        feel_builder_local(builder, &scope, STR("item"), item_type(list.type));
    if (item == NULL) return dmn_full(at->model);
    scope.item = item;
    int32_t loop = feel_builder_loop(builder);
    FeelOp open = {.a = list.at, .b = loop, .c = FEEL_DOMAIN_FILTER};
    int32_t head = open_loop(builder, open, item->index);
    TRY(lower_in(at, &scope, xml_child(node, "match"), &test));
    check_condition(at, xml_child(node, "match"), test.type, true);
    FeelOp push = {.code = FEEL_OP_FILTER_PUSH,
                   .flag = 1,
                   .to = to,
                   .a = test.at,
                   .b = loop};
    int32_t keep = feel_builder_emit(builder, push);
    close_loop(builder, head);
    FeelOp close = {.code = FEEL_OP_LOOP_CLOSE, .to = to, .b = loop};
    feel_builder_emit(builder, close);
    feel_builder_patch(builder, keep);
    feel_builder_loop_done(builder);
    bool filtered = test.type->kind == FEEL_BOOLEAN;
    *ret = (FeelOperand){to, filtered && list.type->kind == FEEL_LIST
                                 ? list.type
                                 : feel_type_of(FEEL_ANY)};
    return OK;
}

static Err lower_iterator(const DmnLowering *at, const XmlNode *node,
                          FeelOperand *ret)
{
    FeelBuilder *builder = at->builder;
    bool loop_for = xml_is(node, "for"), some = xml_is(node, "some");
    int32_t to = feel_builder_slot(builder);
    FeelOperand domain, body;
    TRY(lower_in(at, at->scope, xml_child(node, "in"), &domain));
    if (!loop_for) {
        feel_builder_move(builder, to,
                          feel_builder_constant(builder, feel_boolean(!some)));
    }
    FeelScope scope = {.parent = at->scope};
    Str name = str_trim(xml_attribute(node, "iteratorVariable"));
    FeelVar *item =
        feel_builder_local(builder, &scope, name, item_type(domain.type));
    if (item == NULL) return dmn_full(at->model);
    int32_t loop = feel_builder_loop(builder);
    FeelOp open = {.flag = !loop_for,
                   .to = loop_for ? 0 : to,
                   .a = domain.at,
                   .b = loop,
                   .c = FEEL_DOMAIN_VALUE};
    int32_t head = open_loop(builder, open, item->index);
    if (loop_for) {
        FeelVar *partial = feel_builder_local(builder, &scope, STR("partial"),
                                              feel_type_of(FEEL_LIST));
        if (partial == NULL) return dmn_full(at->model);
        FeelOp so_far = {
            .code = FEEL_OP_LOOP_PARTIAL, .to = partial->index, .b = loop};
        feel_builder_emit(builder, so_far);
    }
    const XmlNode *inside = xml_child(node, loop_for ? "return" : "satisfies");
    const FeelOutcome *parts = NULL;
    TRY(lower_in(at, &scope, inside, &body));
    if (loop_for) {
        FeelOutcome as = {.listed = true};
        TRY(note_part(at, inside, body, as, &parts));
    } else {
        check_condition(at, inside, body.type, false);
    }
    FeelOp step = {.code = loop_for ? FEEL_OP_LOOP_PUSH
                           : some   ? FEEL_OP_SOME_STEP
                                    : FEEL_OP_EVERY_STEP,
                   .flag = 1,
                   .to = to,
                   .a = body.at,
                   .b = loop};
    int32_t stop = feel_builder_emit(builder, step);
    close_loop(builder, head);
    FeelOp close = {.code = FEEL_OP_LOOP_CLOSE, .to = to, .b = loop};
    if (loop_for) {
        feel_builder_emit(builder, close);
    } else {
        feel_builder_patch(builder, stop);
    }
    feel_builder_loop_done(builder);
    *ret =
        (FeelOperand){to, loop_for ? feel_type_list(at->model->arena, body.type)
                                   : feel_type_of(FEEL_BOOLEAN)};
    if (ret->type == NULL) return dmn_full(at->model);
    if (loop_for) feel_builder_outcomes(builder, *ret, parts);
    return OK;
}

/* The string that an entry of a context says, empty when it is none. */
static Err constant_text(const DmnLowering *at, const XmlNode *context,
                         const char *name, Str *ret)
{
    *ret = (Str){0};
    for (const XmlNode *entry = xml_child(context, "contextEntry");
         entry != NULL; entry = xml_next(entry)) {
        const XmlNode *variable = xml_child(entry, "variable");
        const XmlNode *logic = xml_child(entry, "literalExpression");
        if (variable == NULL || logic == NULL ||
            !str_is(str_trim(xml_attribute(variable, "name")), name)) {
            continue;
        }
        DmnLowering own = *at;
        own.builder = feel_builder_open(at->model->scratch, at->model->program,
                                        NULL, STR("external"));
        FeelOperand text;
        FeelValue value;
        if (own.builder == NULL) return dmn_full(at->model);
        TRY(lower_literal(&own, logic, &text));
        if (feel_operand_constant(own.builder, text, &value) &&
            value.kind == FEEL_STRING) {
            *ret = feel_text(value);
        }
        feel_builder_close(own.builder, text);
    }
    return OK;
}

/* A function of Java, which only the conformance suite's runner offers. */
static Err lower_external(const DmnLowering *at, const XmlNode *node, Str kind,
                          FeelOperand *ret)
{
    const XmlNode *context = xml_child(node, "context");
    Str class_name = {0}, signature = {0};
    if (context != NULL && at->model->program->externals != NULL) {
        TRY(constant_text(at, context, "class", &class_name));
        TRY(constant_text(at, context, "method signature", &signature));
        if (feel_builder_external(at->builder, class_name, signature,
                                  xml_count(node, "formalParameter"), ret)) {
            return OK;
        }
    }
    return unsupported(at, node, "dmn.external", kind, ret);
}

Err dmn_lower_function(const DmnLowering *at, const XmlNode *node,
                       FeelBuilder *inner, FeelOperand *ret)
{
    Str kind = xml_attribute(node, "kind");
    DmnLowering body = *at;
    if (inner != NULL) body.builder = inner;
    if (kind.bytes > 0 && !str_is(kind, "FEEL")) {
        return lower_external(&body, node, kind, ret);
    }
    const XmlNode *logic = dmn_logic_of(node);
    if (logic == NULL) {
        *ret = feel_builder_fail_as(body.builder, "feel.no_expression");
        return OK;
    }
    body.depth++;
    return dmn_lower_logic(&body, logic, ret);
}

/* A function as a value, with parameters of its own. */
static Err lower_definition(const DmnLowering *at, const XmlNode *node,
                            FeelOperand *ret)
{
    DmnModel *model = at->model;
    FeelBuilder *inner = feel_builder_open(model->scratch, model->program,
                                           at->builder, STR("function"));
    FeelShape *shape;
    const FeelType **types;
    if (inner == NULL) return dmn_full(model);
    TRY(dmn_parameters(model, at->file, node, &shape, &types));
    FeelScope scope = {.parent = at->scope};
    feel_builder_params(inner, &scope, shape, types);
    DmnLowering body = *at;
    body.builder = inner;
    body.scope = &scope;
    FeelOperand value;
    TRY(dmn_lower_function(&body, node, inner, &value));
    const FeelType *type =
        feel_type_named_function(model->arena, shape, types, value.type);
    if (type == NULL) return dmn_full(model);
    const FeelOutcome *parts = NULL;
    FeelOutcome as = {.returned = true};
    TRY(note_part(&body, node, value, as, &parts));
    *ret = feel_builder_closure(at->builder, inner, value, type);
    feel_builder_outcomes(at->builder, *ret, parts);
    return OK;
}

Err dmn_lower_logic(const DmnLowering *at, const XmlNode *node,
                    FeelOperand *ret)
{
    static const struct {
        const char *name;
        Err (*lower)(const DmnLowering *at, const XmlNode *node,
                     FeelOperand *ret);
    } forms[] = {{"literalExpression", lower_literal},
                 {"decisionTable", dmn_lower_table},
                 {"context", lower_context},
                 {"invocation", lower_invocation},
                 {"list", lower_list},
                 {"relation", lower_relation},
                 {"functionDefinition", lower_definition},
                 {"conditional", lower_conditional},
                 {"filter", lower_filter},
                 {"for", lower_iterator},
                 {"some", lower_iterator},
                 {"every", lower_iterator}};
    if (at->depth > DMN_DEPTH_MAX) {
        return unsupported(at, node, "dmn.too_deep", node->name, ret);
    }
    FeelPlace place = {at->file->index, node->line, 1};
    feel_builder_place(at->builder, place);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!xml_is(node, forms[i].name)) continue;
        TRY(forms[i].lower(at, node, ret));
        return typed(at, node, ret);
    }
    return unsupported(at, node, "dmn.unsupported", node->name, ret);
}

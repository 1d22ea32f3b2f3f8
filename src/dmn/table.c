/*
 * Decision tables: the inputs once, then each rule's tests, a jump away at
 * the first that does not hold, and the outputs of the rules that match.
 */
#include "dmn/check_int.h"

typedef struct Clauses {
    uint32_t input_count;
    uint32_t output_count;
    uint32_t note_count;
    FeelOperand *inputs;
    const FeelType **output_types;
    FeelValue *outputs; /* by rule; NULL unless the table is checked */
    uint8_t *constant;
    const Str *names;            /* of the outputs */
    bool listed;                 /* the table gives a list of its rows */
    bool outcomes_kept;          /* the result is one row, or such a list */
    const FeelOutcome *outcomes; /* of outputs without a declared type */
} Clauses;

/* The place of a word in a list that ends with NULL; -1: not there. */
static int word_at(Str word, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (str_is(word, words[i])) return i;
    }
    return -1;
}

/* The words for FeelHit and for FeelAggregation, in their order. */
static const char *const hit_words[] = {"UNIQUE",       "FIRST",   "PRIORITY",
                                        "ANY",          "COLLECT", "RULE ORDER",
                                        "OUTPUT ORDER", NULL};
static const char *const aggregation_words[] = {"LIST", "SUM", "COUNT",
                                                "MIN",  "MAX", NULL};

/* What an attribute says; the first of its words when it is not there. */
static Err read_word(const DmnLowering *at, const XmlNode *node,
                     const char *attribute, const char *const *words, int *ret)
{
    Str word = str_trim(xml_attribute(node, attribute));
    *ret = word.bytes == 0 ? 0 : word_at(word, words);
    if (*ret >= 0) return OK;
    *ret = 0;
    return dmn_fault(at->model, at->file, node, "dmn.table_word", word);
}

static Err type_of_clause(const DmnLowering *at, const XmlNode *node,
                          const FeelType **ret)
{
    Str name = node == NULL ? (Str){0} : xml_attribute(node, "typeRef");
    return dmn_type_at(at->model, at->file, node, name, ret);
}

/* What is wrong with the text of an input's possible values. */
static Err check_values(const DmnLowering *at, const XmlNode *input,
                        FeelOperand value)
{
    const XmlNode *values = xml_child(input, "inputValues");
    const XmlNode *text = values == NULL ? NULL : xml_child(values, "text");
    if (at->model->checker == NULL || text == NULL ||
        str_trim(text->text).bytes == 0) {
        return OK;
    }
    FeelBuilder *own = feel_builder_open(at->model->scratch, at->model->program,
                                         NULL, STR("input values"));
    FeelOperand test;
    Diag diag;
    diag_set(&diag, "");
    if (own == NULL) return dmn_full(at->model);
    value.at = feel_builder_slot(own);
    Err err = feel_compile_tests(own, at->scope, dmn_source_of(at, text), value,
                                 &diag, &test);
    if (err == ERR_FULL) return dmn_full(at->model);
    if (err != OK) test = feel_builder_fail_as(own, "feel.faulty");
    feel_builder_close(own, test);
    if (diag.key[0] == '\0') return OK;
    return dmn_fault_diag(at->model, at->file, &diag);
}

static Err lower_inputs(const DmnLowering *at, const XmlNode *table,
                        Clauses *clauses)
{
    uint32_t i = 0;
    for (const XmlNode *input = xml_child(table, "input"); input != NULL;
         input = xml_next(input), i++) {
        const XmlNode *expression = xml_child(input, "inputExpression");
        const XmlNode *text =
            expression == NULL ? NULL : xml_child(expression, "text");
        if (text == NULL) {
            clauses->inputs[i] =
                feel_builder_fail_as(at->builder, "feel.no_expression");
            continue;
        }
        FeelOperand value;
        const FeelType *type;
        TRY(dmn_compile(at, text, &value));
        TRY(type_of_clause(at, expression, &type));
        clauses->inputs[i] = feel_builder_coerce(at->builder, value, type);
        TRY(check_values(at, input, clauses->inputs[i]));
    }
    return OK;
}

/* The list of an output's allowed values, as constants; null if not given. */
static Err output_order(const DmnLowering *at, const XmlNode *output,
                        FeelValue *ret)
{
    const XmlNode *values = xml_child(output, "outputValues");
    const XmlNode *text = values == NULL ? NULL : xml_child(values, "text");
    *ret = feel_null();
    if (text == NULL) return OK;
    FeelSource source = dmn_source_of(at, text);
    char *listed = arena_try_raw(at->model->arena, text->text.bytes + 2, 1);
    if (listed == NULL) return dmn_full(at->model);
    listed[0] = '[';
    memcpy(listed + 1, text->text.at, text->text.bytes);
    listed[text->text.bytes + 1] = ']';
    source.text = (Str){listed, text->text.bytes + 2};
    FeelBuilder *own = feel_builder_open(at->model->scratch, at->model->program,
                                         NULL, STR("output values"));
    FeelOperand list;
    Diag diag;
    memset(&diag, 0, sizeof diag);
    if (own == NULL) return dmn_full(at->model);
    Err err = feel_compile(own, at->scope, source, &diag, &list);
    if (err == ERR_FULL) return dmn_full(at->model);
    if (err != OK) return dmn_fault_diag(at->model, at->file, &diag);
    if (!feel_operand_constant(own, list, ret)) *ret = feel_null();
    feel_builder_close(own, list);
    return OK;
}

/* Whether the result is a list of what the matching rows say. */
static bool gives_list(const FeelTable *table)
{
    return table->hit == FEEL_HIT_RULE_ORDER ||
           table->hit == FEEL_HIT_OUTPUT_ORDER ||
           (table->hit == FEEL_HIT_COLLECT &&
            table->aggregation == FEEL_AGGREGATE_LIST);
}

static Err table_of(const DmnLowering *at, const XmlNode *node,
                    Clauses *clauses, FeelTable *ret)
{
    Arena *arena = at->model->arena;
    FeelValue *order = ARENA_TRY_ARRAY(arena, FeelValue, clauses->output_count);
    FeelShape *shape = ARENA_TRY_NEW(arena, FeelShape);
    Str *names = ARENA_TRY_ARRAY(arena, Str, clauses->output_count);
    if (order == NULL || shape == NULL || names == NULL) {
        return dmn_full(at->model);
    }
    int hit, aggregation;
    TRY(read_word(at, node, "hitPolicy", hit_words, &hit));
    TRY(read_word(at, node, "aggregation", aggregation_words, &aggregation));
    *ret = (FeelTable){.hit = (FeelHit)hit,
                       .aggregation = (FeelAggregation)aggregation,
                       .output_count = clauses->output_count,
                       .order = order,
                       .source = at->model->table_count};
    uint32_t i = 0;
    for (const XmlNode *output = xml_child(node, "output"); output != NULL;
         output = xml_next(output), i++) {
        names[i] = str_trim(xml_attribute(output, "name"));
        TRY(output_order(at, output, &order[i]));
        TRY(type_of_clause(at, output, &clauses->output_types[i]));
    }
    *shape = (FeelShape){clauses->output_count, names};
    if (clauses->output_count > 1) ret->shape = shape;
    clauses->names = names;
    clauses->listed = gives_list(ret);
    clauses->outcomes_kept = ret->hit != FEEL_HIT_COLLECT || clauses->listed;
    return OK;
}

/* The texts of a rule's entries, each with the title of its column. */
static Err keep_entries(const DmnLowering *at, const XmlNode *column,
                        const XmlNode *entry, uint32_t count, DmnNote **ret)
{
    DmnNote *notes =
        ARENA_TRY_ARRAY(at->model->arena, DmnNote, (size_t)count + 1);
    if (notes == NULL) return dmn_full(at->model);
    *ret = notes;
    for (uint32_t i = 0; i < count && entry != NULL; i++) {
        notes[i].column =
            xml_is(column, "annotation")
                ? xml_attribute(column, "name")
                : dmn_text_of(xml_child(column, "inputExpression"));
        notes[i].text = dmn_text_of(entry);
        /* Behind the last column stand all rows; they are not gone through. */
        if (i + 1 < count) column = xml_next(column);
        entry = xml_next(entry);
    }
    return OK;
}

/* Notes for the trace: the cells and annotations of all rows as written. */
static Err keep_texts(const DmnLowering *at, const XmlNode *node,
                      const Clauses *clauses)
{
    Arena *arena = at->model->arena;
    DmnModel *model = at->model;
    DmnTable *table = ARENA_TRY_NEW(arena, DmnTable);
    DmnTable **tables = dmn_grow(arena, model->tables, model->table_count,
                                 sizeof *model->tables);
    size_t rows = xml_count(node, "rule");
    DmnRow *row = ARENA_TRY_ARRAY(arena, DmnRow, rows + 1);
    if (table == NULL || tables == NULL || row == NULL) return dmn_full(model);
    *table = (DmnTable){.row_count = (int32_t)rows,
                        .input_count = clauses->input_count,
                        .note_count = clauses->note_count,
                        .rows = row,
                        .node = node,
                        .file = at->file};
    const XmlNode *input = xml_child(node, "input");
    const XmlNode *annotation = xml_child(node, "annotation");
    for (const XmlNode *rule = xml_child(node, "rule"); rule != NULL;
         rule = xml_next(rule), row++) {
        row->line = rule->line;
        TRY(keep_entries(at, input, xml_child(rule, "inputEntry"),
                         clauses->input_count, &row->cells));
        TRY(keep_entries(at, annotation, xml_child(rule, "annotationEntry"),
                         clauses->note_count, &row->notes));
    }
    model->tables = tables;
    tables[model->table_count++] = table;
    return OK;
}

enum { CELLS_MAX = 512 };

/* Emits the tests of a rule; `ret_exits` are jumps to the next rule. */
static Err lower_tests(const DmnLowering *at, const XmlNode *rule,
                       const Clauses *clauses, int32_t *ret_exits,
                       uint32_t *ret_count)
{
    uint32_t i = 0;
    *ret_count = 0;
    for (const XmlNode *cell = xml_child(rule, "inputEntry");
         cell != NULL && i < clauses->input_count; cell = xml_next(cell)) {
        FeelOperand value = clauses->inputs[i++], test;
        const XmlNode *text = xml_child(cell, "text");
        Str written = dmn_text_of(cell);
        if (written.bytes == 0 || str_is(written, "-")) continue;
        Diag diag;
        memset(&diag, 0, sizeof diag);
        Err err =
            feel_compile_tests(at->builder, at->scope, dmn_source_of(at, text),
                               value, &diag, &test);
        if (err == ERR_FULL) return dmn_full(at->model);
        if (diag.key[0] != '\0') {
            TRY(dmn_fault_diag(at->model, at->file, &diag));
        }
        if (err != OK) {
            test = feel_builder_fail_as(at->builder, "feel.faulty");
        }
        FeelOp jump = {.code = FEEL_OP_JUMP_NOT_TRUE, .a = test.at};
        ret_exits[(*ret_count)++] = feel_builder_emit(at->builder, jump);
    }
    return OK;
}

/* What a rule gives where only the table's own type will say what it is. */
static Err note_outcome(const DmnLowering *at, Clauses *clauses, int32_t number,
                        uint32_t output, FeelOperand value, FeelPlace place)
{
    bool declared = clauses->output_types[output]->kind != FEEL_ANY;
    if (declared || !clauses->outcomes_kept) return OK;
    FeelOutcome as = {.place = place, .row = number, .listed = clauses->listed};
    if (clauses->output_count > 1) as.field = clauses->names[output];
    return feel_builder_outcome(at->builder, value, as, &clauses->outcomes)
               ? OK
               : dmn_full(at->model);
}

/* Keeps the constants among a rule's outputs for the check of the table. */
static void note_output(const DmnLowering *at, const Clauses *clauses,
                        int32_t number, uint32_t output, FeelOperand value)
{
    if (clauses->outputs == NULL) return;
    size_t index = (size_t)(number - 1) * clauses->output_count + output;
    clauses->constant[index] =
        feel_operand_constant(at->builder, value, &clauses->outputs[index]);
}

static Err lower_outputs(const DmnLowering *at, const XmlNode *rule,
                         Clauses *clauses, int32_t number, int32_t first,
                         const FeelType **types)
{
    uint32_t i = 0;
    for (const XmlNode *cell = xml_child(rule, "outputEntry");
         cell != NULL && i < clauses->output_count;
         cell = xml_next(cell), i++) {
        FeelOperand value;
        const XmlNode *text = xml_child(cell, "text");
        if (text == NULL || str_trim(text->text).bytes == 0 ||
            str_is(str_trim(text->text), "-")) {
            value.at = feel_builder_constant(at->builder, feel_null());
            value.type = feel_type_of(FEEL_NULL);
        } else {
            FeelPlace place = {at->file->index, text->text_line,
                               text->text_column};
            TRY(dmn_compile(at, text, &value));
            feel_builder_place(at->builder, place);
            value = feel_builder_coerce(at->builder, value,
                                        clauses->output_types[i]);
            TRY(note_outcome(at, clauses, number, i, value, place));
        }
        note_output(at, clauses, number, i, value);
        types[i] = feel_type_join(types[i], value.type);
        feel_builder_move(at->builder, first + (int32_t)i, value.at);
    }
    for (; i < clauses->output_count; i++) {
        feel_builder_move(at->builder, first + (int32_t)i,
                          feel_builder_constant(at->builder, feel_null()));
    }
    return OK;
}

/* One rule; gives the jump to the end of the table for FIRST, else -1. */
static Err lower_rule(const DmnLowering *at, const XmlNode *rule,
                      Clauses *clauses, int32_t number, bool first_only,
                      const FeelType **types, int32_t *ret_leave)
{
    int32_t exits[CELLS_MAX];
    uint32_t count;
    int32_t mark = feel_builder_mark(at->builder);
    FeelPlace place = {at->file->index, rule->line, 1};
    feel_builder_place(at->builder, place);
    TRY(lower_tests(at, rule, clauses, exits, &count));
    int32_t first = feel_builder_mark(at->builder);
    for (uint32_t i = 0; i < clauses->output_count; i++) {
        (void)feel_builder_slot(at->builder);
    }
    TRY(lower_outputs(at, rule, clauses, number, first, types));
    FeelOp row = {.code = FEEL_OP_ROW,
                  .kind = FEEL_ANY,
                  .a = first,
                  .b = number,
                  .c = (int32_t)clauses->output_count};
    feel_builder_emit(at->builder, row);
    *ret_leave = -1;
    if (first_only) {
        FeelOp leave = {.code = FEEL_OP_JUMP};
        *ret_leave = feel_builder_emit(at->builder, leave);
    }
    for (uint32_t i = 0; i < count; i++) {
        feel_builder_patch(at->builder, exits[i]);
    }
    feel_builder_release(at->builder, mark);
    return OK;
}

/* The value when no row matches: the outputs' default entries, if any. */
static Err lower_default(const DmnLowering *at, const XmlNode *node,
                         Clauses *clauses, const FeelTable *table,
                         const FeelType **types, FeelOperand *ret)
{
    FeelBuilder *builder = at->builder;
    int32_t first = feel_builder_mark(builder);
    for (uint32_t i = 0; i < clauses->output_count; i++) {
        (void)feel_builder_slot(builder);
    }
    bool any = false;
    uint32_t i = 0;
    for (const XmlNode *output = xml_child(node, "output"); output != NULL;
         output = xml_next(output), i++) {
        const XmlNode *entry = xml_child(output, "defaultOutputEntry");
        const XmlNode *text = entry == NULL ? NULL : xml_child(entry, "text");
        FeelOperand value = {feel_builder_constant(builder, feel_null()),
                             feel_type_of(FEEL_NULL)};
        if (text != NULL) {
            any = true;
            FeelPlace place = {at->file->index, text->text_line,
                               text->text_column};
            TRY(dmn_compile(at, text, &value));
            feel_builder_place(builder, place);
            value =
                feel_builder_coerce(builder, value, clauses->output_types[i]);
            TRY(note_outcome(at, clauses, 0, i, value, place));
        }
        types[i] = feel_type_join(types[i], value.type);
        feel_builder_move(builder, first + (int32_t)i, value.at);
    }
    *ret = (FeelOperand){first, types[0]};
    if (!any) {
        ret->at = feel_builder_constant(builder, feel_null());
    } else if (table->shape != NULL) {
        FeelOp op = {.code = FEEL_OP_RECORD,
                     .kind = FEEL_CONTEXT,
                     .to = feel_builder_slot(builder),
                     .a = first,
                     .b = feel_program_shape(at->model->program, table->shape),
                     .c = (int32_t)clauses->output_count};
        feel_builder_emit(builder, op);
        ret->at = op.to;
    }
    return OK;
}

static const FeelType *result_type(const DmnLowering *at,
                                   const FeelTable *table,
                                   const FeelType **types)
{
    const FeelType *row =
        table->shape == NULL
            ? types[0]
            : feel_type_context(at->model->arena, table->shape, types);
    if (row == NULL) return NULL;
    if (gives_list(table)) return feel_type_list(at->model->arena, row);
    if (table->hit == FEEL_HIT_COLLECT &&
        table->aggregation == FEEL_AGGREGATE_COUNT) {
        return feel_type_of(FEEL_NUMBER);
    }
    return row;
}

static Err room_for_check(const DmnLowering *at, size_t rules, Clauses *clauses)
{
    if (at->model->checker == NULL) return OK;
    size_t cells = rules * clauses->output_count;
    clauses->outputs = ARENA_TRY_ARRAY(at->model->arena, FeelValue, cells + 1);
    clauses->constant = ARENA_TRY_ARRAY(at->model->arena, uint8_t, cells + 1);
    bool room = clauses->outputs != NULL && clauses->constant != NULL;
    return room ? OK : dmn_full(at->model);
}

static Err check(const DmnLowering *at, const XmlNode *node,
                 const Clauses *clauses, const FeelTable *table)
{
    DmnTableView view = {.at = at,
                         .node = node,
                         .table = table,
                         .input_count = clauses->input_count,
                         .inputs = clauses->inputs,
                         .output_types = clauses->output_types,
                         .row_count = xml_count(node, "rule"),
                         .outputs = clauses->outputs,
                         .constant = clauses->constant};
    for (const XmlNode *output = xml_child(node, "output"); output != NULL;
         output = xml_next(output)) {
        if (xml_child(output, "defaultOutputEntry") != NULL) {
            view.has_default = true;
        }
    }
    Err err = dmn_check_table(&view);
    return err == ERR_FULL ? dmn_full(at->model) : err;
}

Err dmn_lower_table(const DmnLowering *at, const XmlNode *node,
                    FeelOperand *ret)
{
    Arena *arena = at->model->arena;
    Clauses clauses = {.input_count = xml_count(node, "input"),
                       .output_count = xml_count(node, "output"),
                       .note_count = xml_count(node, "annotation")};
    if (clauses.output_count == 0 || clauses.input_count > CELLS_MAX) {
        bool bare = clauses.output_count == 0;
        *ret = feel_builder_fail_as(at->builder, "feel.faulty");
        return dmn_fault(at->model, at->file, node,
                         bare ? "dmn.table" : "dmn.table_wide", STR("512"));
    }
    size_t outputs = clauses.output_count;
    size_t rules = xml_count(node, "rule");
    clauses.inputs =
        ARENA_TRY_ARRAY(arena, FeelOperand, clauses.input_count + 1);
    clauses.output_types = ARENA_TRY_ARRAY(arena, const FeelType *, outputs);
    const FeelType **types = ARENA_TRY_ARRAY(arena, const FeelType *, outputs);
    int32_t *leaves = ARENA_TRY_ARRAY(arena, int32_t, rules + 1), number = 0;
    if (clauses.inputs == NULL || clauses.output_types == NULL ||
        types == NULL || leaves == NULL) {
        return dmn_full(at->model);
    }
    for (size_t i = 0; i < outputs; i++) types[i] = feel_type_of(FEEL_NULL);
    FeelTable table;
    TRY(lower_inputs(at, node, &clauses));
    TRY(table_of(at, node, &clauses, &table));
    TRY(keep_texts(at, node, &clauses));
    TRY(room_for_check(at, rules, &clauses));
    int32_t index = feel_program_table(at->model->program, table);
    int32_t loop = feel_builder_loop(at->builder);
    FeelOp open = {
        .code = FEEL_OP_TABLE_OPEN, .kind = FEEL_ANY, .b = loop, .c = index};
    feel_builder_emit(at->builder, open);
    DmnWhere *where = &at->model->where;
    for (const XmlNode *rule = xml_child(node, "rule"); rule != NULL;
         rule = xml_next(rule)) {
        where->row = number + 1;
        TRY(lower_rule(at, rule, &clauses, number + 1,
                       table.hit == FEEL_HIT_FIRST, types, &leaves[number]));
        number++;
    }
    where->row = 0;
    for (int32_t i = 0; i < number; i++) {
        if (leaves[i] >= 0) feel_builder_patch(at->builder, leaves[i]);
    }
    FeelOperand otherwise;
    TRY(lower_default(at, node, &clauses, &table, types, &otherwise));
    FeelOp close = {.code = FEEL_OP_TABLE_CLOSE,
                    .kind = FEEL_ANY,
                    .to = feel_builder_slot(at->builder),
                    .a = otherwise.at,
                    .b = index,
                    .c = loop};
    ret->type = result_type(at, &table, types);
    if (ret->type == NULL) return dmn_full(at->model);
    close.kind = (uint8_t)ret->type->kind;
    feel_builder_emit(at->builder, close);
    feel_builder_loop_done(at->builder);
    ret->at = close.to;
    feel_builder_outcomes(at->builder, *ret, clauses.outcomes);
    return at->model->checker == NULL ? OK : check(at, node, &clauses, &table);
}

/* Records: of the input, with columns behind their fields, and made ones. */
#include "dmn/column_int.h"

static DmnSchema *new_schema(DmnLow *low, const FeelType *type)
{
    DmnSchema *schema = arena_try(low->arena, 1, sizeof *schema);
    if (schema == NULL) return NULL;
    schema->type = type;
    schema->fields =
        arena_try(low->arena, (size_t)type->count + 1, sizeof *schema->fields);
    return schema->fields == NULL ? NULL : schema;
}

static const Sym *row_of(DmnLow *low, const DmnSchema *schema)
{
    return dmn_sym_make(low, (Sym){.kind = SYM_ROW,
                                   .at = -1,
                                   .null = dmn_never(low),
                                   .schema = schema});
}

/* The rows of a list of records within each row of `over`. */
static const Sym *list_column(DmnLow *low, const DmnSchema *place,
                              const FeelType *type, const DmnField *field)
{
    if (type->item == NULL || type->item->kind != FEEL_CONTEXT ||
        type->item->shape == NULL) {
        return dmn_sym_fail(low, "a list of other than records");
    }
    DmnSchema *items = new_schema(low, type->item);
    const Sym **parts = arena_try(low->arena, 1, sizeof *parts);
    if (items == NULL || parts == NULL) {
        return dmn_sym_fail(low, "the model is too large");
    }
    items->input = place->input;
    items->depth = place->depth;
    memcpy(items->path, place->path, sizeof items->path);
    items->domain = column_domain(low->graph, place->domain, field->rows);
    parts[0] = row_of(low, items);
    if (parts[0] == NULL) return NULL;
    low->list[low->list_count++] = (DmnColumnList){field->tag, items->domain};
    return dmn_sym_make(low, (Sym){.kind = SYM_LIST,
                                   .at = dmn_always(low),
                                   .null = dmn_never(low),
                                   .domain = items->domain,
                                   .over = place->domain,
                                   .parts = parts,
                                   .count = 1});
}

static bool set_kind(DmnLow *low, FeelKind kind, const DmnField *field,
                     Sym *made)
{
    SymTexts *texts;
    switch ((int)kind) {
    case FEEL_BOOLEAN:
        made->kind = SYM_BOOLEAN;
        return true;
    case FEEL_NUMBER:
        made->kind = SYM_NUMBER;
        made->unit = 1;
        for (int8_t i = 0; i < field->scale; i++) made->unit *= 10;
        return true;
    case FEEL_DATE:
        made->kind = SYM_DATE;
        return true;
    case FEEL_STRING:
        made->kind = SYM_STRING;
        texts = arena_try(low->arena, 1, sizeof *texts);
        made->texts = texts;
        if (texts == NULL || field->codes == NULL) return false;
        *texts = (SymTexts){field->codes, field->code_count};
        return true;
    default:
        return false;
    }
}

/* A plain field: a column of values and, if need be, one of nulls. */
static const Sym *value_column(DmnLow *low, const DmnSchema *place,
                               const FeelType *type, const DmnField *field)
{
    Sym made = {.null = dmn_never(low)};
    int32_t number = low->column_count;
    if (number + 2 > COLUMN_INPUTS_MAX) {
        return dmn_sym_fail(low, "too many fields");
    }
    if (!set_kind(low, type->kind, field, &made)) {
        return dmn_sym_fail(low, "a field that is no column");
    }
    DmnColumnInput *column = &low->column[low->column_count];
    *column = (DmnColumnInput){field->tag, place->domain, -1, -1};
    if (field->range.low == field->range.high) {
        made.at = column_constant(low->graph, field->range.low);
    } else {
        column->value = low->inputs_made++;
        made.at =
            column_input(low->graph, place->domain, field->width, field->range);
    }
    if (made.kind == SYM_NUMBER && field->times > 1) {
        made.at = column_two(low->graph, COLUMN_MULTIPLY, made.at,
                             column_constant(low->graph, field->times));
    }
    if (field->nullable) {
        column->null = low->inputs_made++;
        made.null = column_input(low->graph, place->domain, COLUMN_U8,
                                 (ColumnRange){0, 1});
    }
    low->column_count++;
    if (made.kind == SYM_BOOLEAN && field->nullable) {
        made.at =
            column_and(low->graph, made.at, column_not(low->graph, made.null));
    }
    return dmn_sym_make(low, made);
}

/* The columns of a field of the input, asked for when it is first used. */
static const Sym *asked(DmnLow *low, const DmnSchema *place,
                        const FeelType *type)
{
    DmnField field = {0};
    if (!low->field(low->context, place->input, place->path, place->depth, type,
                    &field)) {
        return dmn_sym_fail(low, "a field that is no column");
    }
    return type->kind == FEEL_LIST ? list_column(low, place, type, &field)
                                   : value_column(low, place, type, &field);
}

const Sym *dmn_sym_input(DmnLow *low, int32_t input)
{
    if (low->inputs[input] != NULL) return low->inputs[input];
    const FeelType *type = low->model->inputs[input]->type;
    DmnSchema place = {.type = type, .input = input};
    const Sym *made;
    if (input < 62 && (low->fixed >> input & 1) != 0) {
        made = dmn_sym_constant(low, low->eval->run.inputs[input]);
    } else if (type->kind == FEEL_CONTEXT && type->shape != NULL) {
        DmnSchema *schema = new_schema(low, type);
        if (schema == NULL) return dmn_sym_fail(low, "the model is too large");
        schema->input = input;
        made = row_of(low, schema);
    } else {
        made = asked(low, &place, type);
    }
    low->inputs[input] = made;
    return made;
}

static const Sym *row_field(DmnLow *low, const Sym *row, int32_t at)
{
    const DmnSchema *schema = row->schema;
    const Sym *field = schema->fields[at];
    if (field == NULL) {
        DmnSchema place = *schema;
        if (place.depth == DMN_PATH_MAX) {
            return dmn_sym_fail(low, "too many lists within lists");
        }
        place.path[place.depth++] = schema->type->shape->names[at];
        field = asked(low, &place, schema->type->fields[at]);
        if (field == NULL) return NULL;
        schema->fields[at] = field;
    }
    if (row->at >= 0) {
        field = dmn_sym_gather(low, field, row->at, schema->domain);
    }
    return dmn_sym_with_null(low, field, row->null);
}

static const Sym *whole(DmnLow *low, ColumnRef at, ColumnRef null)
{
    return dmn_sym_make(
        low, (Sym){.kind = SYM_NUMBER, .at = at, .null = null, .unit = 1});
}

/* Divided by a constant, truncated towards zero. */
static ColumnRef truncated(DmnLow *low, ColumnRef at, int64_t by)
{
    ColumnGraph *graph = low->graph;
    ColumnRef divisor = column_constant(graph, by), zero = dmn_never(low);
    ColumnRef down = column_two(graph, COLUMN_DIVIDE, at, divisor);
    if (column_range_of(graph, at).low >= 0) return down;
    ColumnRef up =
        column_two(graph, COLUMN_DIVIDE,
                   column_two(graph, COLUMN_SUBTRACT, zero, at), divisor);
    return column_make(graph, COLUMN_SELECT,
                       column_two(graph, COLUMN_LESS, at, zero),
                       column_two(graph, COLUMN_SUBTRACT, zero, up), down);
}

static const Sym *temporal_field(DmnLow *low, const Sym *sym, Str name)
{
    ColumnGraph *graph = low->graph;
    if (sym->kind == SYM_DATE) {
        ColumnOp op = str_is(name, "year")    ? COLUMN_YEAR
                      : str_is(name, "month") ? COLUMN_MONTH
                      : str_is(name, "day")   ? COLUMN_DAY
                                              : COLUMN_OP_COUNT;
        if (op == COLUMN_OP_COUNT) {
            return dmn_sym_fail(low, "a property of a date");
        }
        return whole(low, column_make(graph, op, sym->at, -1, -1), sym->null);
    }
    bool months = sym->kind == SYM_MONTHS;
    int64_t unit = months ? 12 : 86400;
    ColumnRef many = truncated(low, sym->at, unit);
    if (months ? str_is(name, "years") : str_is(name, "days")) {
        return whole(low, many, sym->null);
    }
    if (!months || !str_is(name, "months")) {
        return dmn_sym_fail(low, "a property of a duration");
    }
    ColumnRef rest = column_two(
        graph, COLUMN_SUBTRACT, sym->at,
        column_two(graph, COLUMN_MULTIPLY, many, column_constant(graph, unit)));
    return whole(low, rest, sym->null);
}

/* The field of every item. */
static const Sym *list_field(DmnLow *low, const Sym *list, Str name)
{
    const Sym *item[1];
    if (list->kind == SYM_OPTIONS) {
        const Sym *parts[DMN_OPTIONS_MAX];
        for (uint32_t i = 0; i < list->count; i++) {
            parts[i] = dmn_sym_field(low, list->parts[i], name);
            if (parts[i] == NULL) return NULL;
        }
        const Sym *made = dmn_sym_options(low, parts, list->masks, list->count);
        return dmn_sym_with_null(low, made, list->null);
    }
    if (dmn_sym_kind(list->parts[0]) == FEEL_LIST) {
        return dmn_sym_fail(low, "a field of lists within a list");
    }
    item[0] = dmn_sym_field(low, list->parts[0], name);
    if (item[0] == NULL) return NULL;
    const Sym **parts = arena_try(low->arena, 1, sizeof *parts);
    if (parts == NULL) return dmn_sym_fail(low, "the model is too large");
    parts[0] = item[0];
    Sym made = *list;
    made.parts = parts;
    return dmn_sym_make(low, made);
}

const Sym *dmn_sym_field(DmnLow *low, const Sym *sym, Str name)
{
    if (sym == NULL) return NULL;
    if (sym->kind == SYM_BROKEN) return dmn_sym_fail(low, sym->why);
    if (sym->kind == SYM_CONSTANT) {
        return dmn_sym_folded(
            low, feel_run_field(&low->eval->run, sym->value, name));
    }
    int32_t at;
    switch (sym->kind) {
    case SYM_ROW:
        at = feel_shape_find(sym->schema->type->shape, name);
        return at < 0 ? dmn_sym_null(low) : row_field(low, sym, at);
    case SYM_RECORD:
        at = feel_shape_find(sym->shape, name);
        if (at < 0) return dmn_sym_null(low);
        return dmn_sym_with_null(low, sym->parts[at], sym->null);
    case SYM_LIST:
    case SYM_OPTIONS:
        return list_field(low, sym, name);
    case SYM_DATE:
    case SYM_MONTHS:
    case SYM_SECONDS:
        return temporal_field(low, sym, name);
    case SYM_BOOLEAN:
    case SYM_NUMBER:
    case SYM_STRING:
        return dmn_sym_null(low);
    case SYM_CONSTANT:
    case SYM_RANGE:
    case SYM_BROKEN:
        break;
    }
    return dmn_sym_fail(low, "a field of a range");
}

/* Whether every value of a symbol is of a type, its constraints aside. */
static bool conforms(const Sym *sym, const FeelType *type, int depth)
{
    FeelKind kind = dmn_sym_kind(sym);
    if (type->kind == FEEL_ANY || kind == FEEL_NULL) return true;
    if (kind != type->kind || depth > DMN_PATH_MAX) return false;
    if (sym->kind == SYM_ROW) {
        const FeelType *own = sym->schema->type;
        return own == type ||
               (feel_type_conforms(own, type) && !feel_type_tested(type));
    }
    if (kind == FEEL_CONTEXT && type->shape != NULL) {
        for (uint32_t i = 0; i < type->count; i++) {
            int32_t at =
                sym->shape == NULL
                    ? -1
                    : feel_shape_find(sym->shape, type->shape->names[i]);
            if (at < 0 || type->fields[i]->constraint >= 0 ||
                !conforms(sym->parts[at], type->fields[i], depth + 1)) {
                return false;
            }
        }
    }
    for (uint32_t i = 0;
         kind == FEEL_LIST && type->item != NULL && i < sym->count; i++) {
        if (!conforms(sym->parts[i], type->item, depth + 1)) return false;
        bool own = sym->parts[i]->kind == SYM_ROW;
        if (type->item->constraint >= 0 && !own) return false;
    }
    return true;
}

/* The value as one of the type: a constraint that fails makes it null. */
const Sym *dmn_sym_coerce(DmnLow *low, const Sym *sym, const FeelType *type)
{
    if (sym == NULL) return NULL;
    if (sym->kind == SYM_BROKEN) return dmn_sym_fail(low, sym->why);
    if (sym->kind == SYM_CONSTANT) {
        return dmn_sym_folded(
            low, feel_run_coerce(&low->eval->run, sym->value, type));
    }
    FeelKind kind = dmn_sym_kind(sym);
    if (!conforms(sym, type, 0)) {
        bool plain = kind != FEEL_LIST && kind != FEEL_CONTEXT &&
                     type->kind != FEEL_LIST && type->kind != FEEL_CONTEXT &&
                     type->kind != FEEL_DATE_TIME;
        if (plain && kind != type->kind) return dmn_sym_null(low);
        return dmn_sym_fail(low, "a value that is made fit for a type");
    }
    bool own = sym->kind == SYM_ROW && sym->schema->type == type;
    if (type->constraint < 0 || own) return sym;
    const Sym *allowed = dmn_sym_unit(low, type->constraint, &sym, 1);
    if (allowed == NULL) return NULL;
    ColumnRef holds, unknown;
    dmn_sym_truth(low, allowed, &holds, &unknown);
    ColumnRef lost = column_and(low->graph, column_not(low->graph, holds),
                                column_not(low->graph, sym->null));
    return dmn_sym_with_null(low, sym, lost);
}

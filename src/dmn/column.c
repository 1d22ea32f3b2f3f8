#include "dmn/column.h"

#include "dmn/column_int.h"
#include "feel/number.h"

enum { LOWERING_BYTES = 256 << 20, LOWERING_STEPS = 1 << 20 };

struct DmnColumns {
    Arena *arena;
    DmnLow *low;
    ColumnProgram *program;
    const DmnWanted *wanted;
    const Sym **answers; /* by what was wanted */
    int32_t wanted_count;
    Str (*codes)[DMN_CODES_MAX]; /* by what was wanted */
    int32_t *code_counts;
    ColumnRef *outputs;
    int32_t output_count;
    int32_t *output_of; /* by node; -1: none */
    int32_t nodes;
};

DmnLow *dmn_lowering(Arena *arena, const DmnModel *model, DmnEval *eval,
                     uint64_t fixed, DmnFieldFn *field, void *context)
{
    DmnLow *low = arena_try(arena, 1, sizeof *low);
    if (low == NULL) return NULL;
    size_t decisions = (size_t)model->decision_count + 1;
    low->model = model;
    low->program = model->program;
    low->eval = eval;
    low->fixed = fixed;
    low->field = field;
    low->context = context;
    low->arena = arena;
    low->graph = column_graph(arena);
    low->steps_left = LOWERING_STEPS;
    low->inputs =
        arena_try(arena, (size_t)model->input_count + 1, sizeof *low->inputs);
    low->decisions = arena_try(arena, decisions, sizeof *low->decisions);
    low->why = arena_try(arena, decisions, sizeof *low->why);
    low->busy = arena_try(arena, decisions, sizeof *low->busy);
    bool one = low->graph != NULL &&
               column_constant(low->graph, 1) == (ColumnRef)DMN_ONE;
    bool room = one && low->inputs != NULL && low->decisions != NULL &&
                low->why != NULL && low->busy != NULL;
    return room ? low : NULL;
}

static bool add_output(DmnColumns *columns, ColumnRef ref)
{
    int32_t *place = &columns->output_of[ref];
    if (*place >= 0) return true;
    if (columns->output_count == COLUMN_OUTPUTS_MAX) return false;
    *place = columns->output_count;
    columns->outputs[columns->output_count++] = ref;
    return true;
}

/* Every node that a value is made of becomes an output. */
static bool add_value(DmnColumns *columns, const Sym *sym, int depth)
{
    if (depth > DMN_PATH_MAX || sym->kind == SYM_ROW ||
        sym->kind == SYM_RANGE || sym->kind == SYM_BROKEN) {
        return false;
    }
    if (sym->kind == SYM_CONSTANT) return true;
    if (!add_output(columns, sym->null)) return false;
    bool plain = sym->kind <= SYM_MONTHS || sym->kind == SYM_LIST;
    if (plain && !add_output(columns, sym->at)) return false;
    if (sym->kind == SYM_NUMBER && !add_output(columns, sym->by)) return false;
    for (uint32_t i = 0; i < sym->count; i++) {
        if (!add_value(columns, sym->parts[i], depth + 1)) return false;
        if (sym->kind == SYM_OPTIONS && !add_output(columns, sym->masks[i])) {
            return false;
        }
    }
    return true;
}

static ColumnRef want_flag(DmnLow *low, const Sym *sym, DmnForm form)
{
    ColumnRef at, null;
    dmn_sym_truth(low, sym, &at, &null);
    if (form == DMN_FLAG) column_give_up(low->graph, null);
    return at;
}

static ColumnRef and_known(DmnLow *low, const Sym *sym, ColumnRef where)
{
    return column_and(low->graph, where, column_not(low->graph, sym->null));
}

/* A number of so many decimals: rounded to them, or it must be so. */
static ColumnRef want_number(DmnLow *low, const Sym *sym, DmnForm form)
{
    ColumnGraph *graph = low->graph;
    bool whole = form == DMN_WHOLE || form == DMN_PLACE;
    ColumnRef otherwise = column_constant(graph, form == DMN_PLACE ? -1 : 0);
    if (dmn_sym_is_null(sym) && form != DMN_MINOR) return otherwise;
    const Sym *exact = dmn_sym_typed(low, sym);
    if (exact == NULL || exact->kind != SYM_NUMBER) {
        dmn_sym_fail(low, "an amount that is no number");
        return -1;
    }
    sym = dmn_sym_round(low, exact, whole ? 0 : 2, FEEL_HALF_UP);
    if (sym == NULL) return -1;
    const Sym *same = whole ? dmn_sym_equal(low, sym, exact) : NULL;
    if (same != NULL) {
        ColumnRef at, null;
        dmn_sym_truth(low, same, &at, &null);
        column_give_up(graph, and_known(low, sym, column_not(graph, at)));
    }
    if (form != DMN_SIGNED) {
        ColumnRef below =
            column_two(graph, COLUMN_LESS, sym->at, dmn_never(low));
        column_give_up(graph, and_known(low, sym, below));
    }
    if (form == DMN_MINOR) {
        column_give_up(graph, sym->null);
        return sym->at;
    }
    return column_make(graph, COLUMN_SELECT, sym->null, otherwise, sym->at);
}

static ColumnRef want_codes(DmnColumns *columns, int32_t wanted, const Sym *sym)
{
    DmnLow *low = columns->low;
    ColumnRef bits = dmn_never(low);
    if (dmn_sym_is_null(sym)) return bits;
    sym = dmn_sym_as_options(low, sym);
    if (sym == NULL) return -1;
    if (sym->count > DMN_CODES_MAX) {
        dmn_sym_fail(low, "a long list");
        return -1;
    }
    for (uint32_t i = 0; i < sym->count; i++) {
        const Sym *item = sym->parts[i];
        if (item->kind != SYM_CONSTANT || item->value.kind != FEEL_STRING) {
            dmn_sym_fail(low, "texts that are computed");
            return -1;
        }
        columns->codes[wanted][i] = feel_text(item->value);
        ColumnRef bit =
            column_two(low->graph, COLUMN_MULTIPLY, sym->masks[i],
                       column_constant(low->graph, INT64_C(1) << i));
        bits = column_two(low->graph, COLUMN_ADD, bits, bit);
    }
    columns->code_counts[wanted] = (int32_t)sym->count;
    return column_make(low->graph, COLUMN_SELECT, sym->null, dmn_never(low),
                       bits);
}

/* The node of what is wanted in a plain form; -1 when there is none. */
static ColumnRef want(DmnColumns *columns, int32_t at)
{
    DmnLow *low = columns->low;
    const DmnWanted *wanted = &columns->wanted[at];
    const Sym *sym = dmn_sym_decision(low, wanted->decision);
    if (sym == NULL) {
        low->reason = low->why[wanted->decision];
        return -1;
    }
    if (wanted->field != NULL) {
        sym = dmn_sym_field(low, sym, str_of(wanted->field));
    }
    if (sym == NULL) return -1;
    columns->answers[at] = sym;
    switch (wanted->form) {
    case DMN_FLAG:
    case DMN_TRUE:
        return want_flag(low, sym, wanted->form);
    case DMN_MINOR:
    case DMN_SIGNED:
    case DMN_WHOLE:
    case DMN_PLACE:
        return want_number(low, sym, wanted->form);
    case DMN_CODES:
        return want_codes(columns, at, sym);
    case DMN_VALUE:
        break;
    }
    return dmn_never(low);
}

/* The outputs in the order of what is wanted, then those of values. */
static Err make_outputs(DmnColumns *columns)
{
    DmnLow *low = columns->low;
    columns->outputs =
        arena_try(columns->arena, COLUMN_OUTPUTS_MAX, sizeof *columns->outputs);
    columns->output_of =
        arena_try(columns->arena, COLUMN_NODES_MAX, sizeof *columns->output_of);
    if (columns->outputs == NULL || columns->output_of == NULL) return ERR_FULL;
    memset(columns->output_of, 0xFF,
           COLUMN_NODES_MAX * sizeof *columns->output_of);
    for (int32_t i = 0; i < columns->wanted_count; i++) {
        ColumnRef ref = want(columns, i);
        if (column_fault(low->graph) != NULL) {
            dmn_sym_fail(low, column_fault(low->graph));
            return ERR_INVALID;
        }
        if (ref < 0) return ERR_INVALID;
        columns->outputs[columns->output_count++] = ref;
    }
    for (int32_t i = 0; i < columns->wanted_count; i++) {
        if (columns->wanted[i].form != DMN_VALUE) continue;
        if (!add_value(columns, columns->answers[i], 0)) {
            dmn_sym_fail(low, "an input record as an answer");
            return ERR_INVALID;
        }
    }
    return OK;
}

static Err lower(DmnColumns *columns, const DmnWanted *wanted, int32_t count)
{
    size_t many = (size_t)count + 1;
    DmnWanted *own = arena_try(columns->arena, many, sizeof *own);
    columns->answers =
        arena_try(columns->arena, many, sizeof *columns->answers);
    columns->codes = arena_try(columns->arena, many, sizeof *columns->codes);
    columns->code_counts =
        arena_try(columns->arena, many, sizeof *columns->code_counts);
    if (own == NULL || columns->answers == NULL || columns->codes == NULL ||
        columns->code_counts == NULL || count > COLUMN_OUTPUTS_MAX) {
        return ERR_FULL;
    }
    memcpy(own, wanted, (size_t)count * sizeof *own);
    columns->wanted = own;
    columns->wanted_count = count;
    TRY(make_outputs(columns));
    return column_program(columns->low->graph, columns->arena, columns->outputs,
                          columns->output_count, &columns->program);
}

Err dmn_columns_open(const DmnModel *model, DmnEval *eval, uint64_t fixed,
                     DmnFieldFn *field, void *context, const DmnWanted *wanted,
                     int32_t count, Buf *why, DmnColumns **ret)
{
    Arena *arena = arena_open(LOWERING_BYTES);
    DmnColumns *columns =
        arena == NULL ? NULL : arena_try(arena, 1, sizeof *columns);
    if (columns == NULL) {
        arena_close(arena);
        return ERR_FULL;
    }
    columns->arena = arena;
    columns->low = dmn_lowering(arena, model, eval, fixed, field, context);
    Err err = columns->low == NULL ? ERR_FULL : lower(columns, wanted, count);
    if (err == OK) {
        *ret = columns;
        return OK;
    }
    if (err == ERR_INVALID) {
        const char *reason = columns->low->reason;
        buf_text(why, reason == NULL ? "not to be lowered" : reason);
    }
    arena_close(arena);
    return err;
}

void dmn_columns_close(DmnColumns *columns)
{
    if (columns != NULL) arena_close(columns->arena);
}

const ColumnProgram *dmn_columns_program(const DmnColumns *columns)
{
    return columns->program;
}

int32_t dmn_columns_input_count(const DmnColumns *columns)
{
    return columns->low->column_count;
}

const DmnColumnInput *dmn_columns_input(const DmnColumns *columns, int32_t at)
{
    return &columns->low->column[at];
}

int32_t dmn_columns_list_count(const DmnColumns *columns)
{
    return columns->low->list_count;
}

const DmnColumnList *dmn_columns_list(const DmnColumns *columns, int32_t at)
{
    return &columns->low->list[at];
}

const Str *dmn_columns_codes(const DmnColumns *columns, int32_t wanted,
                             int32_t *ret_count)
{
    *ret_count = columns->code_counts[wanted];
    return columns->codes[wanted];
}

/* Values of single households, from the outputs of a run. */
typedef struct Reading {
    const DmnColumns *columns;
    const ColumnMachine *machine;
    const ColumnBatch *batch;
    Arena *arena;
    int64_t row[COLUMN_DOMAINS_MAX]; /* where it is read, by domain */
} Reading;

static int64_t node_at(const Reading *r, ColumnRef ref)
{
    int32_t domain = column_domain_of(r->columns->low->graph, ref);
    return column_value(r->machine, r->columns->output_of[ref],
                        domain < 0 ? 0 : r->row[domain]);
}

static Err read_number(const Reading *r, const Sym *sym, int64_t whole,
                       FeelValue *ret)
{
    if (sym->precision == SYM_ROUGH) return ERR_INVALID;
    FeelValue unit = feel_number_multiply(r->arena, feel_number(sym->unit, 0),
                                          feel_number(node_at(r, sym->by), 0));
    *ret = feel_number_divide(r->arena, feel_number(whole, 0), unit);
    return ret->kind == FEEL_NUMBER ? OK : ERR_FULL;
}

static Err read_sym(Reading *r, const Sym *sym, int depth, FeelValue *ret);

static Err read_parts(Reading *r, const Sym *sym, int depth, FeelValue *ret)
{
    FeelValue *items =
        arena_try_raw(r->arena, (size_t)sym->count + 1, sizeof *items);
    uint32_t count = 0;
    if (items == NULL) return ERR_FULL;
    for (uint32_t i = 0; i < sym->count; i++) {
        if (sym->kind == SYM_OPTIONS && !node_at(r, sym->masks[i])) {
            continue;
        }
        TRY(read_sym(r, sym->parts[i], depth + 1, &items[count++]));
    }
    *ret = feel_list(items, count);
    if (sym->kind == SYM_OPTIONS) return OK;
    FeelRecord *record = feel_record_try(r->arena, sym->shape);
    if (record == NULL) return ERR_FULL;
    memcpy(record->fields, items, count * sizeof *items);
    *ret = feel_context(record);
    return OK;
}

/* The rows of a domain below the present row of another. */
static void rows_below(const Reading *r, int32_t domain, int32_t over,
                       int64_t *ret_from, int64_t *ret_to)
{
    int32_t path[COLUMN_DOMAINS_MAX], depth = 0;
    for (; domain != over;
         domain = column_parent(r->columns->low->graph, domain))
        path[depth++] = domain;
    *ret_from = r->row[over];
    *ret_to = *ret_from + 1;
    while (depth-- > 0) {
        const int32_t *offsets = r->batch->offsets[path[depth]];
        *ret_from = offsets[*ret_from] - offsets[0];
        *ret_to = offsets[*ret_to] - offsets[0];
    }
}

/* Takes the domains between a list's rows and its owner along. */
static void go_to_row(Reading *r, const Sym *list, int64_t row)
{
    const ColumnGraph *graph = r->columns->low->graph;
    int32_t domain = list->domain;
    r->row[domain] = row;
    for (; column_parent(graph, domain) != list->over;
         domain = column_parent(graph, domain)) {
        const int32_t *offsets = r->batch->offsets[domain];
        int64_t parent = 0;
        while (offsets[parent + 1] - offsets[0] <= r->row[domain]) parent++;
        r->row[column_parent(graph, domain)] = parent;
    }
}

static Err read_list(Reading *r, const Sym *sym, int depth, FeelValue *ret)
{
    int64_t from, to;
    rows_below(r, sym->domain, sym->over, &from, &to);
    FeelValue *items =
        arena_try_raw(r->arena, (size_t)(to - from) + 1, sizeof *items);
    uint32_t count = 0;
    if (items == NULL) return ERR_FULL;
    for (int64_t i = from; i < to; i++) {
        go_to_row(r, sym, i);
        if (!node_at(r, sym->at)) continue;
        TRY(read_sym(r, sym->parts[0], depth + 1, &items[count++]));
    }
    *ret = feel_list(items, count);
    return OK;
}

static Err read_sym(Reading *r, const Sym *sym, int depth, FeelValue *ret)
{
    if (depth > 2 * DMN_PATH_MAX) return ERR_FULL;
    if (sym->kind == SYM_CONSTANT) {
        *ret = sym->value;
        return OK;
    }
    *ret = feel_null();
    if (node_at(r, sym->null) != 0) return OK;
    if (sym->kind == SYM_LIST) return read_list(r, sym, depth, ret);
    if (sym->kind > SYM_MONTHS) return read_parts(r, sym, depth, ret);
    int64_t whole = node_at(r, sym->at);
    switch ((int)sym->kind) {
    case SYM_BOOLEAN:
        *ret = feel_boolean(whole != 0);
        return OK;
    case SYM_NUMBER:
        return read_number(r, sym, whole, ret);
    case SYM_STRING:
        *ret = feel_string(sym->texts->at[whole]);
        return OK;
    case SYM_DATE:
        *ret = feel_date(whole);
        return OK;
    case SYM_SECONDS:
        *ret = (FeelValue){.kind = FEEL_DAYS_DURATION, .as.whole = whole};
        return OK;
    default:
        *ret = feel_months(whole);
        return OK;
    }
}

Err dmn_columns_value(const DmnColumns *columns, const ColumnMachine *machine,
                      const ColumnBatch *batch, int32_t wanted, int32_t row,
                      Arena *arena, FeelValue *ret)
{
    Reading r = {.columns = columns,
                 .machine = machine,
                 .batch = batch,
                 .arena = arena,
                 .row = {row}};
    return read_sym(&r, columns->answers[wanted], 0, ret);
}

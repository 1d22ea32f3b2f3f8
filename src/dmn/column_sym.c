/* Symbols: made, looked at, chosen between. */
#include "dmn/column_int.h"
#include "feel/number.h"

const Sym *dmn_sym_fail(DmnLow *low, const char *why)
{
    if (low->reason == NULL) low->reason = why;
    return NULL;
}

/* The same with a name behind it. */
const Sym *dmn_sym_fail_of(DmnLow *low, const char *why, Str name)
{
    size_t bytes = strlen(why);
    char *text = arena_try(low->arena, bytes + name.bytes + 4, 1);
    if (text == NULL) return dmn_sym_fail(low, why);
    memcpy(text, why, bytes);
    memcpy(text + bytes, " \"", 2);
    memcpy(text + bytes + 2, name.at, name.bytes);
    text[bytes + 2 + name.bytes] = '"';
    return dmn_sym_fail(low, text);
}

const Sym *dmn_sym_make(DmnLow *low, Sym sym)
{
    const char *fault = column_fault(low->graph);
    if (fault != NULL) return dmn_sym_fail(low, fault);
    Sym *made = arena_try(low->arena, 1, sizeof *made);
    if (made == NULL) return dmn_sym_fail(low, "the model is too large");
    *made = sym;
    return made;
}

ColumnRef dmn_never(DmnLow *low)
{
    return column_constant(low->graph, 0);
}

ColumnRef dmn_always(DmnLow *low)
{
    return column_constant(low->graph, 1);
}

const Sym *dmn_sym_constant(DmnLow *low, FeelValue value)
{
    return dmn_sym_make(
        low, (Sym){.kind = SYM_CONSTANT,
                   .null = column_constant(low->graph, value.kind == FEEL_NULL),
                   .value = value});
}

const Sym *dmn_sym_null(DmnLow *low)
{
    return dmn_sym_constant(low, feel_null());
}

const Sym *dmn_sym_boolean(DmnLow *low, ColumnRef at, ColumnRef null)
{
    return dmn_sym_make(low,
                        (Sym){.kind = SYM_BOOLEAN, .at = at, .null = null});
}

const Sym *dmn_sym_options(DmnLow *low, const Sym *const *parts,
                           const ColumnRef *masks, uint32_t count)
{
    if (count > DMN_OPTIONS_MAX) return dmn_sym_fail(low, "a long list");
    const Sym **own = arena_try(low->arena, count + 1, sizeof *own);
    ColumnRef *own_masks = arena_try(low->arena, count + 1, sizeof *own_masks);
    if (own == NULL || own_masks == NULL) {
        return dmn_sym_fail(low, "the model is too large");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i] == NULL) return NULL;
        own[i] = parts[i];
        own_masks[i] = masks == NULL ? dmn_always(low) : masks[i];
    }
    return dmn_sym_make(low, (Sym){.kind = SYM_OPTIONS,
                                   .null = dmn_never(low),
                                   .parts = own,
                                   .masks = own_masks,
                                   .count = count});
}

bool dmn_sym_is_null(const Sym *sym)
{
    return sym->kind == SYM_CONSTANT && sym->value.kind == FEEL_NULL;
}

bool dmn_ref_is(const DmnLow *low, ColumnRef ref, int64_t value)
{
    int64_t constant;
    return column_is_constant(low->graph, ref, &constant) && constant == value;
}

/* Whether a node says something of rows of a domain, not of those below. */
bool dmn_above(const DmnLow *low, ColumnRef ref, int32_t domain)
{
    return column_below(low->graph, domain, column_domain_of(low->graph, ref));
}

FeelKind dmn_sym_kind(const Sym *sym)
{
    switch (sym->kind) {
    case SYM_CONSTANT:
        return (FeelKind)sym->value.kind;
    case SYM_BOOLEAN:
        return FEEL_BOOLEAN;
    case SYM_NUMBER:
        return FEEL_NUMBER;
    case SYM_STRING:
        return FEEL_STRING;
    case SYM_DATE:
        return FEEL_DATE;
    case SYM_SECONDS:
        return FEEL_DAYS_DURATION;
    case SYM_MONTHS:
        return FEEL_MONTHS_DURATION;
    case SYM_RECORD:
    case SYM_ROW:
        return FEEL_CONTEXT;
    case SYM_LIST:
    case SYM_OPTIONS:
        return FEEL_LIST;
    case SYM_RANGE:
        return FEEL_RANGE;
    case SYM_BROKEN:
        break;
    }
    return FEEL_ANY;
}

static const Sym *typed_whole(DmnLow *low, SymKind kind, int64_t whole)
{
    return dmn_sym_make(low, (Sym){.kind = kind,
                                   .at = column_constant(low->graph, whole),
                                   .null = dmn_never(low)});
}

static const Sym *typed_text(DmnLow *low, FeelValue value)
{
    SymTexts *texts = arena_try(low->arena, 1, sizeof *texts);
    Str *text = arena_try(low->arena, 1, sizeof *text);
    if (texts == NULL || text == NULL) {
        return dmn_sym_fail(low, "the model is too large");
    }
    *text = feel_text(value);
    *texts = (SymTexts){text, 1};
    return dmn_sym_make(low, (Sym){.kind = SYM_STRING,
                                   .at = dmn_never(low),
                                   .null = dmn_never(low),
                                   .texts = texts});
}

static const Sym *typed_list(DmnLow *low, FeelValue list)
{
    const Sym *parts[DMN_OPTIONS_MAX];
    if (list.count > DMN_OPTIONS_MAX) return dmn_sym_fail(low, "a long list");
    for (uint32_t i = 0; i < list.count; i++) {
        parts[i] = dmn_sym_constant(low, list.as.items[i]);
    }
    return dmn_sym_options(low, parts, NULL, list.count);
}

static const Sym *typed_record(DmnLow *low, const FeelRecord *record)
{
    uint32_t count = record->shape->count;
    const Sym **parts = arena_try(low->arena, count + 1, sizeof *parts);
    if (parts == NULL) return dmn_sym_fail(low, "the model is too large");
    for (uint32_t i = 0; i < count; i++) {
        parts[i] = dmn_sym_constant(low, record->fields[i]);
    }
    return dmn_sym_make(low, (Sym){.kind = SYM_RECORD,
                                   .null = dmn_never(low),
                                   .shape = record->shape,
                                   .parts = parts,
                                   .count = count});
}

/* A constant as the symbol that a column of its kind would be. */
const Sym *dmn_sym_typed(DmnLow *low, const Sym *sym)
{
    if (sym == NULL || sym->kind != SYM_CONSTANT) return sym;
    FeelValue value = sym->value;
    switch ((FeelKind)value.kind) {
    case FEEL_BOOLEAN:
        return typed_whole(low, SYM_BOOLEAN, value.as.whole);
    case FEEL_NUMBER:
        return dmn_sym_number(low, value);
    case FEEL_STRING:
        return typed_text(low, value);
    case FEEL_DATE:
        return typed_whole(low, SYM_DATE, value.as.whole);
    case FEEL_MONTHS_DURATION:
        return typed_whole(low, SYM_MONTHS, value.as.whole);
    case FEEL_DAYS_DURATION:
        if (value.count != 0) break; /* not whole seconds */
        return typed_whole(low, SYM_SECONDS, value.as.whole);
    case FEEL_LIST:
        return typed_list(low, value);
    case FEEL_CONTEXT:
        return typed_record(low, value.as.record);
    case FEEL_NULL:
        return sym;
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return dmn_sym_fail(low, "a constant that no column can hold");
}

/* Where it is true and where it is null; what is no boolean is unknown. */
void dmn_sym_truth(DmnLow *low, const Sym *sym, ColumnRef *ret_true,
                   ColumnRef *ret_null)
{
    bool known = dmn_sym_kind(sym) == FEEL_BOOLEAN;
    *ret_true = dmn_never(low);
    *ret_null = column_constant(low->graph, !known);
    if (!known) return;
    if (sym->kind == SYM_CONSTANT) {
        *ret_true = column_constant(low->graph, sym->value.as.whole);
    } else {
        *ret_true = sym->at;
        *ret_null = sym->null;
    }
}

/* The same, but null also where `null` says so. */
const Sym *dmn_sym_with_null(DmnLow *low, const Sym *sym, ColumnRef null)
{
    if (sym == NULL || dmn_ref_is(low, null, 0)) return sym;
    if (dmn_ref_is(low, null, 1)) return dmn_sym_null(low);
    sym = dmn_sym_typed(low, sym);
    if (sym == NULL || dmn_sym_is_null(sym)) return sym;
    if (sym->kind == SYM_LIST && !dmn_above(low, null, sym->over)) {
        return dmn_sym_fail(low, "rows compared with each other");
    }
    Sym made = *sym;
    made.null = column_or(low->graph, sym->null, null);
    if (sym->kind == SYM_BOOLEAN) {
        made.at = column_and(low->graph, sym->at, column_not(low->graph, null));
    }
    return dmn_sym_make(low, made);
}

static ColumnRef choose(DmnLow *low, ColumnRef where, ColumnRef a, ColumnRef b)
{
    return column_make(low->graph, COLUMN_SELECT, where, a, b);
}

static bool room_for(DmnLow *low, uint32_t count, const Sym ***ret_parts,
                     ColumnRef **ret_masks)
{
    *ret_parts = arena_try(low->arena, count + 1, sizeof **ret_parts);
    *ret_masks = arena_try(low->arena, count + 1, sizeof **ret_masks);
    if (*ret_parts != NULL && *ret_masks != NULL) return true;
    dmn_sym_fail(low, "the model is too large");
    return false;
}

static const Sym *select_parts(DmnLow *low, ColumnRef where, const Sym *a,
                               const Sym *b, Sym made)
{
    const Sym **parts;
    ColumnRef *masks;
    if (a->count != b->count) {
        return dmn_sym_fail(low, "records of different fields meet");
    }
    if (!room_for(low, a->count, &parts, &masks)) return NULL;
    for (uint32_t i = 0; i < a->count; i++) {
        bool same = a->shape == b->shape ||
                    str_equal(a->shape->names[i], b->shape->names[i]);
        if (!same) return dmn_sym_fail(low, "records of different fields meet");
        parts[i] = dmn_sym_select(low, where, a->parts[i], b->parts[i]);
        if (parts[i] == NULL) return NULL;
    }
    made.shape = a->shape;
    made.parts = parts;
    made.count = a->count;
    return dmn_sym_make(low, made);
}

/* First those of a where it is taken, then those of b where that one is. */
static const Sym *select_options(DmnLow *low, ColumnRef where, const Sym *a,
                                 const Sym *b, Sym made)
{
    const Sym **parts;
    ColumnRef *masks, not_where = column_not(low->graph, where);
    if (a->count + b->count > DMN_OPTIONS_MAX) {
        return dmn_sym_fail(low, "a long list");
    }
    if (!room_for(low, a->count + b->count, &parts, &masks)) return NULL;
    for (uint32_t i = 0; i < a->count; i++) {
        parts[made.count] = a->parts[i];
        masks[made.count++] = column_and(low->graph, where, a->masks[i]);
    }
    for (uint32_t i = 0; i < b->count; i++) {
        parts[made.count] = b->parts[i];
        masks[made.count++] = column_and(low->graph, not_where, b->masks[i]);
    }
    made.parts = parts;
    made.masks = masks;
    return dmn_sym_make(low, made);
}

static const Sym *select_texts(DmnLow *low, ColumnRef where, const Sym *a,
                               const Sym *b, Sym made)
{
    made.texts = a->texts;
    ColumnRef at = b->at;
    if (a->texts != b->texts) {
        int32_t count = a->texts->count + b->texts->count;
        SymTexts *texts = arena_try(low->arena, 1, sizeof *texts);
        Str *all = arena_try(low->arena, (size_t)count, sizeof *all);
        if (count > DMN_TEXTS_MAX || texts == NULL || all == NULL) {
            return dmn_sym_fail(low, "too many texts meet");
        }
        for (int32_t i = 0; i < count; i++) {
            all[i] = i < a->texts->count ? a->texts->at[i]
                                         : b->texts->at[i - a->texts->count];
        }
        *texts = (SymTexts){all, count};
        made.texts = texts;
        at = column_two(low->graph, COLUMN_ADD, at,
                        column_constant(low->graph, a->texts->count));
    }
    made.at = choose(low, where, a->at, at);
    return dmn_sym_make(low, made);
}

static const Sym *select_numbers(DmnLow *low, ColumnRef where, const Sym *a,
                                 const Sym *b, Sym made)
{
    ColumnRef at[2];
    if (!dmn_sym_align(low, a, b, at, &made)) return NULL;
    made.at = choose(low, where, at[0], at[1]);
    made.precision = a->precision > b->precision ? a->precision : b->precision;
    double error_a = dmn_error_in(low, a, &made);
    double error_b = dmn_error_in(low, b, &made);
    made.error = error_a > error_b ? error_a : error_b;
    return dmn_sym_make(low, made);
}

static const Sym *select_same_kind(DmnLow *low, ColumnRef where, const Sym *a,
                                   const Sym *b)
{
    Sym made = {.kind = a->kind, .null = choose(low, where, a->null, b->null)};
    switch (a->kind) {
    case SYM_BOOLEAN:
    case SYM_DATE:
    case SYM_SECONDS:
    case SYM_MONTHS:
        made.at = choose(low, where, a->at, b->at);
        return dmn_sym_make(low, made);
    case SYM_NUMBER:
        return select_numbers(low, where, a, b, made);
    case SYM_STRING:
        return select_texts(low, where, a, b, made);
    case SYM_RECORD:
        return select_parts(low, where, a, b, made);
    case SYM_OPTIONS:
        return select_options(low, where, a, b, made);
    case SYM_ROW:
        if (a->schema != b->schema || a->at < 0 || b->at < 0) break;
        made.schema = a->schema;
        made.at = choose(low, where, a->at, b->at);
        return dmn_sym_make(low, made);
    case SYM_LIST:
        if (a->domain != b->domain || a->over != b->over ||
            a->parts[0] != b->parts[0]) {
            break;
        }
        if (!dmn_above(low, where, a->over)) {
            return dmn_sym_fail(low, "rows compared with each other");
        }
        made.at = choose(low, where, a->at, b->at);
        made.domain = a->domain;
        made.over = a->over;
        made.parts = a->parts;
        made.count = 1;
        return dmn_sym_make(low, made);
    case SYM_CONSTANT:
    case SYM_RANGE:
    case SYM_BROKEN:
        break;
    }
    return dmn_sym_fail(low, "different lists or records meet");
}

/* `a` where the node is 1, else `b`. */
const Sym *dmn_sym_select(DmnLow *low, ColumnRef where, const Sym *a,
                          const Sym *b)
{
    if (a == NULL || b == NULL) return NULL;
    if (a == b || dmn_ref_is(low, where, 1)) return a;
    if (dmn_ref_is(low, where, 0)) return b;
    if (a->kind == SYM_BROKEN) return dmn_sym_fail(low, a->why);
    if (b->kind == SYM_BROKEN) return dmn_sym_fail(low, b->why);
    if (a->kind == SYM_CONSTANT && b->kind == SYM_CONSTANT &&
        feel_same(a->value, b->value)) {
        return a;
    }
    if (dmn_sym_is_null(a)) return dmn_sym_with_null(low, b, where);
    if (dmn_sym_is_null(b)) {
        return dmn_sym_with_null(low, a, column_not(low->graph, where));
    }
    a = dmn_sym_typed(low, a);
    b = dmn_sym_typed(low, b);
    if (a == NULL || b == NULL) return NULL;
    if (a->kind != b->kind) {
        return dmn_sym_fail(low, "values of different kinds meet");
    }
    return select_same_kind(low, where, a, b);
}

/* The value that `sym` has at the row of `from` that `row` names. */
const Sym *dmn_sym_gather(DmnLow *low, const Sym *sym, ColumnRef row,
                          int32_t from)
{
    if (sym == NULL || sym->kind == SYM_CONSTANT) return sym;
    ColumnGraph *graph = low->graph;
    Sym made = *sym;
    made.null = column_gather(graph, sym->null, row, from);
    if (sym->kind == SYM_ROW) {
        made.at = sym->at < 0 ? row : column_gather(graph, sym->at, row, from);
    } else if (sym->kind <= SYM_MONTHS) {
        made.at = column_gather(graph, sym->at, row, from);
        if (sym->kind == SYM_NUMBER) {
            made.by = column_gather(graph, sym->by, row, from);
        }
    } else if (sym->kind == SYM_RECORD) {
        const Sym **parts;
        ColumnRef *masks;
        if (!room_for(low, sym->count, &parts, &masks)) return NULL;
        for (uint32_t i = 0; i < sym->count; i++) {
            parts[i] = dmn_sym_gather(low, sym->parts[i], row, from);
            if (parts[i] == NULL) return NULL;
        }
        made.parts = parts;
    } else {
        return dmn_sym_fail(low, "a list of an item by its place");
    }
    return dmn_sym_make(low, made);
}

/* A list whose items are known one by one. */
const Sym *dmn_sym_as_options(DmnLow *low, const Sym *sym)
{
    sym = dmn_sym_typed(low, sym);
    if (sym == NULL || sym->kind == SYM_OPTIONS) return sym;
    return dmn_sym_fail(low, "a list of another form");
}

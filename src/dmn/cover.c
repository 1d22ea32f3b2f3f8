/*
 * The geometry of a decision table. Every input column is cut into classes of
 * values that no cell tells apart, one value standing for each. A rule is
 * then a set of classes in each column, and the questions whether two rules
 * overlap, whether a rule is hidden by others, and whether all rules together
 * leave a gap, are searches through the columns, each answered by an example.
 *
 * A cell that depends on more than its text is "perhaps" in all classes and
 * "surely" in none: gaps are looked for with the one reading, overlaps and
 * hiding rows with the other, so that what is found is certain.
 */
#include "dmn/check_int.h"
#include "feel/number.h"

/* EFFORT_MAX is of one table, in words of a set that are looked at. */
enum { SEARCH_STEPS = 400000, EXAMPLE_BYTES = 600 };
enum { ACCEPT_MAX = 40000000, EFFORT_MAX = 1000000000 };

typedef uint64_t Word;

/* An input, or several columns with the same expression. */
typedef struct Column {
    Str text;     /* of the input expression */
    bool decided; /* its classes are known */
    bool whole;   /* it gives numbers without fractions alone */
    FeelSet domain;
    uint32_t class_count;
    uint32_t null_at; /* the last class when decided, else class_count */
    FeelValue *classes;
    Word *surely; /* by class: the rules that accept it */
    Word *perhaps;
} Column;

typedef struct Cover {
    const DmnTableView *view;
    Arena *arena;
    uint32_t rows;
    size_t words;   /* of a set of rules */
    FeelSet *cells; /* rows x inputs */
    Column *columns;
    uint32_t column_count;
    uint32_t *column_of; /* of each input */
    uint32_t *chosen;    /* by column: the class of an example */
    int64_t steps;
    int64_t effort; /* that is left; below 0 the table was too large */
    int32_t found;  /* of one kind; more than a few help nobody */
} Cover;

static const FeelSet everything = {
    .known = true, .all = true, .null = FEEL_SET_NULL_IN};

static FeelSet *cell(const Cover *cover, uint32_t row, uint32_t input)
{
    return &cover->cells[row * cover->view->input_count + input];
}

static bool has(const Word *set, uint32_t row)
{
    return (set[row / 64] >> (row % 64) & 1) != 0;
}

static Word *set_of(const Cover *cover, Word *sets, uint32_t index)
{
    return sets + (size_t)index * cover->words;
}

static Err read_cells(Cover *cover)
{
    const DmnTableView *view = cover->view;
    uint32_t row = 0;
    for (const XmlNode *rule = xml_child(view->node, "rule"); rule != NULL;
         rule = xml_next(rule), row++) {
        const XmlNode *entry = xml_child(rule, "inputEntry");
        for (uint32_t i = 0; i < view->input_count; i++) {
            FeelSet *set = cell(cover, row, i);
            Str text = entry == NULL ? (Str){0} : dmn_text_of(entry);
            *set = everything;
            if (text.bytes > 0 && !str_is(text, "-")) {
                FeelSource source =
                    dmn_source_of(view->at, xml_child(entry, "text"));
                TRY(feel_set_read(cover->arena, view->at->scope, source,
                                  view->inputs[i].type, set));
            }
            if (entry != NULL) entry = xml_next(entry);
        }
    }
    return OK;
}

/* What an input can be: by its expression, its type and its own values. */
static Err domain_of(const Cover *cover, const XmlNode *input, uint32_t index,
                     FeelSet *ret, bool *ret_whole)
{
    *ret = everything;
    const XmlNode *expression =
        xml_child(xml_child(input, "inputExpression"), "text");
    if (expression != NULL) {
        TRY(feel_set_of_result(cover->arena, cover->view->at->scope,
                               dmn_source_of(cover->view->at, expression), ret,
                               ret_whole));
    }
    const DmnTableView *view = cover->view;
    const FeelType *type = view->inputs[index].type;
    const XmlNode *values = xml_child(input, "inputValues");
    const XmlNode *text = values == NULL ? NULL : xml_child(values, "text");
    if (type->allowed != NULL) *ret = *type->allowed;
    if (text == NULL || str_trim(text->text).bytes == 0) return OK;
    FeelSet own;
    TRY(feel_set_read(cover->arena, view->at->scope,
                      dmn_source_of(view->at, text), type, &own));
    if (!own.known) return OK;
    return feel_set_both(cover->arena, ret, &own, ret);
}

/* The kind of a column's values; any when its inputs do not agree. */
static FeelKind kind_of(const Cover *cover, uint32_t column)
{
    FeelKind all = FEEL_ANY;
    for (uint32_t i = 0; i < cover->view->input_count; i++) {
        if (cover->column_of[i] != column) continue;
        FeelKind kind = cover->view->inputs[i].type->kind;
        for (uint32_t r = 0; kind == FEEL_ANY && r < cover->rows; r++) {
            const FeelSet *set = cell(cover, r, i);
            if (set->known && set->count > 0) kind = (FeelKind)set->kind;
        }
        if (kind == FEEL_ANY || kind == all) continue;
        if (all != FEEL_ANY) return FEEL_ANY;
        all = kind;
    }
    return all;
}

/* A type may limit the values by more than the text of its constraint. */
static bool limits_known(const Cover *cover, uint32_t column)
{
    for (uint32_t i = 0; i < cover->view->input_count; i++) {
        const FeelType *type = cover->view->inputs[i].type;
        if (cover->column_of[i] == column && type->constraint >= 0 &&
            type->allowed == NULL) {
            return false;
        }
    }
    return true;
}

/* Sets of another kind, or not known, tell no classes apart. */
static uint32_t sets_of(const Cover *cover, uint32_t column, FeelKind kind,
                        const FeelSet **ret)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < cover->view->input_count; i++) {
        if (cover->column_of[i] != column) continue;
        for (uint32_t r = 0; r < cover->rows; r++) {
            FeelSet *set = cell(cover, r, i);
            if (!set->known || set->count == 0) continue;
            if (set->kind == kind) {
                ret[count++] = set;
            } else {
                set->known = false;
            }
        }
    }
    return count;
}

static bool is_ordered(FeelKind kind)
{
    return kind >= FEEL_BOOLEAN && kind <= FEEL_MONTHS_DURATION;
}

/* The whole number that stands for a class of numbers; null: it has none. */
static FeelValue whole_of(const Cover *cover, const Column *column, uint32_t at)
{
    FeelValue value = column->classes[at];
    if (value.kind != FEEL_NUMBER) return value;
    FeelValue whole = feel_number_round(cover->arena, value, 0, FEEL_FLOOR);
    for (int i = 0; i < 2; i++) {
        int low = 1, high = -1;
        if (whole.kind == FEEL_NULL) return whole;
        if (feel_number_compare(whole, value) == 0) return whole;
        if (at > 0) low = feel_number_compare(whole, column->classes[at - 1]);
        if (at + 1 < column->class_count) {
            high = feel_number_compare(whole, column->classes[at + 1]);
        }
        if (low > 0 && high < 0) return whole;
        whole = feel_number_add(cover->arena, whole, feel_number(1, 0));
    }
    return feel_null();
}

/* Those of the domain, and null: any value may be missing. */
static Err keep_classes(Cover *cover, Column *column, const FeelSet *domain)
{
    FeelValue *kept = ARENA_TRY_ARRAY(cover->arena, FeelValue,
                                      (size_t)column->class_count + 1);
    if (kept == NULL) return ERR_FULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < column->class_count; i++) {
        FeelValue value =
            column->whole ? whole_of(cover, column, i) : column->classes[i];
        if (value.kind == FEEL_NULL) continue;
        if (feel_set_has(domain, value)) kept[count++] = value;
    }
    if (arena_refused(cover->arena)) return ERR_FULL;
    kept[count++] = feel_null();
    column->classes = kept;
    column->class_count = count;
    return OK;
}

static Err classes_of(Cover *cover, uint32_t index, const FeelSet *domain)
{
    Column *column = &cover->columns[index];
    size_t most = (size_t)cover->rows * cover->view->input_count;
    const FeelSet **sets =
        ARENA_TRY_ARRAY(cover->arena, const FeelSet *, most + 1);
    if (sets == NULL) return ERR_FULL;
    FeelKind kind =
        limits_known(cover, index) ? kind_of(cover, index) : FEEL_ANY;
    uint32_t count = sets_of(cover, index, kind, sets);
    bool limited = domain->known && !domain->all;
    if (limited && domain->count > 0 && domain->kind == kind) {
        sets[count++] = domain;
    }
    Err err = is_ordered(kind)
                  ? feel_set_classes(cover->arena, kind, sets, count,
                                     &column->classes, &column->class_count)
                  : ERR_INVALID;
    if (err == ERR_FULL) return err;
    column->decided = err == OK && column->class_count > 0;
    if (err == ERR_INVALID && count > FEEL_SET_ENDS_MAX / 4) {
        cover->effort = -1;
    } else if (column->decided &&
               (int64_t)column->class_count * cover->rows > ACCEPT_MAX) {
        column->decided = false;
        cover->effort = -1;
    }
    if (!column->decided) {
        column->classes = ARENA_TRY_ARRAY(cover->arena, FeelValue, 1);
        column->class_count = 1;
        return column->classes == NULL ? ERR_FULL : OK;
    }
    return keep_classes(cover, column, limited ? domain : &everything);
}

/* Whether a rule accepts a value in all cells of a column: surely, perhaps. */
static bool accepts(const Cover *cover, uint32_t index, uint32_t row,
                    FeelValue value, bool *ret_perhaps)
{
    bool surely = true;
    *ret_perhaps = true;
    for (uint32_t i = 0; i < cover->view->input_count; i++) {
        if (cover->column_of[i] != index) continue;
        const FeelSet *set = cell(cover, row, i);
        bool told = (set->all && set->null == FEEL_SET_NULL_IN) ||
                    (set->known && cover->columns[index].decided);
        bool in = told && feel_set_has(set, value);
        surely = surely && in;
        *ret_perhaps = *ret_perhaps && (in || !told);
    }
    return surely;
}

/* Which rules accept each class; neighbours alike to all rules become one. */
static Err accept(Cover *cover, uint32_t index)
{
    Column *column = &cover->columns[index];
    size_t room = (size_t)column->class_count * cover->words + 1;
    column->surely = ARENA_TRY_ARRAY(cover->arena, Word, room);
    column->perhaps = ARENA_TRY_ARRAY(cover->arena, Word, room);
    if (column->surely == NULL || column->perhaps == NULL) return ERR_FULL;
    uint32_t kept = 0;
    for (uint32_t c = 0; c < column->class_count; c++) {
        Word *surely = set_of(cover, column->surely, kept);
        Word *perhaps = set_of(cover, column->perhaps, kept);
        memset(surely, 0, cover->words * sizeof *surely);
        memset(perhaps, 0, cover->words * sizeof *perhaps);
        for (uint32_t r = 0; r < cover->rows; r++) {
            bool may;
            bool sure = accepts(cover, index, r, column->classes[c], &may);
            if (sure) surely[r / 64] |= (Word)1 << (r % 64);
            if (may) perhaps[r / 64] |= (Word)1 << (r % 64);
        }
        size_t bytes = cover->words * sizeof *surely;
        bool alike = kept > 0 && column->classes[c].kind != FEEL_NULL &&
                     memcmp(surely - cover->words, surely, bytes) == 0 &&
                     memcmp(perhaps - cover->words, perhaps, bytes) == 0;
        if (!alike) column->classes[kept++] = column->classes[c];
    }
    column->class_count = kept;
    column->null_at = column->decided ? kept - 1 : kept;
    return OK;
}

/* Whether a rule speaks of null there itself, not by "-" or not(...). */
static bool tells_null(const Cover *cover, uint32_t index, uint32_t row)
{
    for (uint32_t i = 0; i < cover->view->input_count; i++) {
        if (cover->column_of[i] != index) continue;
        if (cell(cover, row, i)->null_told) return true;
    }
    return false;
}

/* Columns with the same expression are one: their tests hold together. */
static void merge_columns(Cover *cover)
{
    uint32_t i = 0;
    for (const XmlNode *input = xml_child(cover->view->node, "input");
         input != NULL; input = xml_next(input), i++) {
        Str text = dmn_text_of(xml_child(input, "inputExpression"));
        uint32_t at = 0;
        while (at < cover->column_count &&
               !str_equal(cover->columns[at].text, text)) {
            at++;
        }
        cover->column_of[i] = at;
        if (at < cover->column_count) continue;
        cover->columns[cover->column_count++] =
            (Column){.text = text, .domain = everything};
    }
}

static Err cut(Cover *cover)
{
    uint32_t i = 0;
    for (const XmlNode *input = xml_child(cover->view->node, "input");
         input != NULL; input = xml_next(input), i++) {
        Column *column = &cover->columns[cover->column_of[i]];
        FeelSet own;
        TRY(domain_of(cover, input, i, &own, &column->whole));
        if (!own.known) continue;
        TRY(feel_set_both(cover->arena, &column->domain, &own,
                          &column->domain));
    }
    for (uint32_t at = 0; at < cover->column_count; at++) {
        TRY(classes_of(cover, at, &cover->columns[at].domain));
        TRY(accept(cover, at));
    }
    return OK;
}

/* "age = 17, month = 2021-12-31": the classes that were chosen. */
static void write_example(const Cover *cover, Buf *out)
{
    bool first = true;
    for (uint32_t i = 0; i < cover->column_count; i++) {
        const Column *column = &cover->columns[i];
        if (!column->decided) continue;
        if (!first) buf_text(out, ", ");
        first = false;
        buf_str(out, column->text);
        buf_text(out, " = ");
        feel_write_json(out, column->classes[cover->chosen[i]]);
    }
}

static DmnFinding *find(Cover *cover, DmnSeverity severity, const char *key,
                        uint32_t row)
{
    const DmnTableView *view = cover->view;
    if (cover->found++ >= DMN_TABLE_FINDINGS_MAX) return NULL;
    const XmlNode *node = view->node;
    if (row > 0) {
        node = xml_child(node, "rule");
        for (uint32_t i = 1; i < row; i++) node = xml_next(node);
    }
    DmnFinding *finding =
        dmn_find(view->at->model, severity, key, view->at->file, node->line);
    if (finding != NULL) finding->row = (int32_t)row;
    return finding;
}

static void add_example(const Cover *cover, DmnFinding *finding)
{
    Buf text = buf_make(EXAMPLE_BYTES);
    if (finding == NULL) return;
    write_example(cover, &text);
    diag_arg(&finding->diag, buf_view(&text));
    buf_free(&text);
}

/* A rule with a cell that no value of the input can pass. */
static bool never(Cover *cover, uint32_t row)
{
    for (uint32_t i = 0; i < cover->column_count; i++) {
        const Column *column = &cover->columns[i];
        bool some = !column->decided;
        for (uint32_t c = 0; c < column->class_count && !some; c++) {
            some = has(set_of(cover, column->perhaps, c), row);
        }
        if (some) continue;
        DmnFinding *finding =
            find(cover, DMN_ERROR, "check.row_never", row + 1);
        if (finding != NULL) diag_arg(&finding->diag, column->text);
        return true;
    }
    return false;
}

/* The possible values are texts, each told by itself. */
static bool is_enumerated(const FeelSet *domain)
{
    bool texts = domain->known && !domain->all && domain->count > 0 &&
                 domain->kind == FEEL_STRING;
    for (uint32_t i = 0; texts && i < domain->count; i++) {
        texts = domain->spans[i].high_closed &&
                feel_set_named(domain, i).kind != FEEL_NULL;
    }
    return texts;
}

/* Texts in a cell that are none of the possible ones; ends are no values. */
static void check_values(Cover *cover, uint32_t row)
{
    for (uint32_t i = 0; i < cover->view->input_count; i++) {
        const Column *column = &cover->columns[cover->column_of[i]];
        const FeelSet *set = cell(cover, row, i);
        bool texts = column->decided && set->known &&
                     set->kind == FEEL_STRING && is_enumerated(&column->domain);
        for (uint32_t s = 0; texts && s < set->count; s++) {
            FeelValue value = feel_set_named(set, s);
            if (value.kind == FEEL_NULL) continue;
            if (feel_set_has(&column->domain, value)) continue;
            DmnFinding *finding =
                find(cover, DMN_ERROR, "check.cell_value", row + 1);
            if (finding == NULL) return;
            Buf text = buf_make(EXAMPLE_BYTES);
            feel_write_json(&text, value);
            diag_arg(&finding->diag, buf_view(&text));
            diag_arg(&finding->diag, column->text);
            buf_free(&text);
        }
    }
}

/*
 * Whether both rules surely accept some values, which are then chosen: null
 * only where one of them speaks of it.
 */
static bool overlap(Cover *cover, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < cover->column_count; i++) {
        const Column *column = &cover->columns[i];
        uint32_t c = 0;
        while (c < column->class_count) {
            const Word *set = set_of(cover, column->surely, c);
            bool named = c != column->null_at || tells_null(cover, i, a) ||
                         tells_null(cover, i, b);
            if (named && has(set, a) && has(set, b)) break;
            c++;
        }
        if (c == column->class_count) return false;
        cover->chosen[i] = c;
    }
    return true;
}

/* Rules of ANY may overlap when they say the same. */
static bool same_outputs(const Cover *cover, uint32_t a, uint32_t b)
{
    const DmnTableView *view = cover->view;
    uint32_t outputs = view->table->output_count;
    for (uint32_t i = 0; i < outputs; i++) {
        size_t x = (size_t)a * outputs + i, y = (size_t)b * outputs + i;
        if (!view->constant[x] || !view->constant[y]) return true;
        if (!feel_same(view->outputs[x], view->outputs[y])) return false;
    }
    return true;
}

/* The rules that in each column surely share a class with a given one. */
static void meet(Cover *cover, uint32_t row, Word *ret, Word *column_ret)
{
    size_t words = cover->words;
    memset(ret, 0xff, words * sizeof *ret);
    for (uint32_t i = 0; i < cover->column_count && cover->effort >= 0; i++) {
        const Column *column = &cover->columns[i];
        memset(column_ret, 0, words * sizeof *column_ret);
        for (uint32_t c = 0; c < column->class_count; c++) {
            const Word *set = set_of(cover, column->surely, c);
            if (!has(set, row)) continue;
            for (size_t w = 0; w < words; w++) column_ret[w] |= set[w];
            cover->effort -= (int64_t)words;
        }
        for (size_t w = 0; w < words; w++) ret[w] &= column_ret[w];
        cover->effort -= column->class_count;
    }
}

/* Says it of two rules; false: no more is to be said. */
static bool tell_overlap(Cover *cover, bool any, uint32_t a, uint32_t b)
{
    if ((any && same_outputs(cover, a, b)) || !overlap(cover, a, b)) {
        return true;
    }
    DmnFinding *finding = find(
        cover, DMN_ERROR, any ? "check.any_differs" : "check.overlap", b + 1);
    if (finding == NULL) return false;
    finding->other_row = (int32_t)a + 1;
    diag_arg_int(&finding->diag, a + 1);
    add_example(cover, finding);
    return true;
}

static Err check_overlaps(Cover *cover)
{
    cover->found = 0;
    bool any = cover->view->table->hit == FEEL_HIT_ANY;
    Word *met = ARENA_TRY_ARRAY(cover->arena, Word, 2 * cover->words);
    if (met == NULL) return ERR_FULL;
    for (uint32_t b = 1; b < cover->rows && cover->effort >= 0; b++) {
        meet(cover, b, met, met + cover->words);
        for (uint32_t a = 0; a < b && cover->effort >= 0; a++) {
            if (a % 64 == 0) cover->effort--;
            if (met[a / 64] == 0) {
                a |= 63;
                continue;
            }
            if (!has(met, a)) continue;
            cover->effort -= 16;
            if (!tell_overlap(cover, any, a, b)) return OK;
        }
    }
    return OK;
}

/* A search for values that one rule (or all) allows and others do not. */
typedef struct Search {
    Cover *cover;
    bool sure;      /* read the others by `surely`, else by `perhaps` */
    bool nulls;     /* go to null even where the rule does not speak of it */
    int64_t of_row; /* stay where this rule may match; -1: everywhere */
    Word *alive;    /* by depth: the others that have matched so far */
    Word *failed;   /* table of sets that led to nothing, by depth */
    uint8_t *used;
} Search;

enum { FAILED_SLOTS = 512 };

static uint32_t hash_of(const Word *set, size_t words)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < words; i++) {
        hash = (hash ^ set[i]) * 1099511628211u;
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash % FAILED_SLOTS);
}

static bool is_empty(const Word *set, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        if (set[i] != 0) return false;
    }
    return true;
}

/* The first class from `from` on where the search may go; or class_count. */
static uint32_t next_class(const Search *search, uint32_t index, uint32_t from)
{
    const Cover *cover = search->cover;
    const Column *column = &cover->columns[index];
    uint32_t row = (uint32_t)search->of_row;
    if (search->of_row < 0) {
        return from == column->null_at ? column->class_count : from;
    }
    while (from < column->class_count &&
           !has(set_of(cover, column->perhaps, from), row)) {
        from++;
    }
    if (from < column->null_at || search->nulls) return from;
    return tells_null(cover, index, row) ? from : column->class_count;
}

/* Chooses a class for this column and those behind it. */
static bool dig(Search *search, uint32_t depth)
{
    Cover *cover = search->cover;
    const Word *alive = set_of(cover, search->alive, depth);
    if (--cover->steps < 0) return false;
    bool open = is_empty(alive, cover->words);
    if (depth == cover->column_count) return open;
    const Column *column = &cover->columns[depth];
    uint32_t slot =
        depth * FAILED_SLOTS + (open ? 0 : hash_of(alive, cover->words));
    Word *failed = set_of(cover, search->failed, slot);
    size_t bytes = cover->words * sizeof *failed;
    if (search->used[slot] && memcmp(failed, alive, bytes) == 0) return false;
    Word *next = set_of(cover, search->alive, depth + 1);
    for (uint32_t c = next_class(search, depth, 0); c < column->class_count;
         c = next_class(search, depth, c + 1)) {
        const Word *set =
            set_of(cover, search->sure ? column->surely : column->perhaps, c);
        for (size_t w = 0; w < cover->words; w++) next[w] = alive[w] & set[w];
        cover->effort -= (int64_t)cover->words;
        if (cover->effort < 0) cover->steps = -1;
        cover->chosen[depth] = c;
        if (dig(search, depth + 1)) return true;
    }
    memcpy(failed, alive, bytes);
    search->used[slot] = 1;
    return false;
}

static Err search_make(Cover *cover, Search *ret)
{
    size_t slots = ((size_t)cover->column_count + 1) * FAILED_SLOTS;
    ret->cover = cover;
    ret->alive = ARENA_TRY_ARRAY(cover->arena, Word,
                                 (cover->column_count + 2) * cover->words);
    ret->failed = ARENA_TRY_ARRAY(cover->arena, Word, slots * cover->words);
    ret->used = ARENA_TRY_ARRAY(cover->arena, uint8_t, slots);
    bool room = ret->alive != NULL && ret->failed != NULL && ret->used != NULL;
    return room ? OK : ERR_FULL;
}

/* Starts with these rules as the others; they are search->alive[0]. */
static bool search_run(Search *search, bool sure, int64_t of_row)
{
    Cover *cover = search->cover;
    size_t slots = ((size_t)cover->column_count + 1) * FAILED_SLOTS;
    memset(search->used, 0, slots);
    search->sure = sure;
    search->of_row = of_row;
    cover->steps = SEARCH_STEPS;
    return dig(search, 0);
}

/* The place of a rule's outputs in the declared order; false: not constant. */
static bool rank_of(const Cover *cover, uint32_t row, uint32_t output,
                    uint32_t *ret)
{
    const DmnTableView *view = cover->view;
    FeelValue order = view->table->order[output];
    size_t at = (size_t)row * view->table->output_count + output;
    if (!view->constant[at] || order.kind != FEEL_LIST) return false;
    *ret = 0;
    while (*ret < order.count &&
           !feel_same(order.as.items[*ret], view->outputs[at])) {
        ++*ret;
    }
    return true;
}

/* Whether rule `a` wins wherever both match. */
static bool wins(const Cover *cover, uint32_t a, uint32_t b)
{
    if (cover->view->table->hit == FEEL_HIT_FIRST) return a < b;
    for (uint32_t i = 0; i < cover->view->table->output_count; i++) {
        uint32_t x, y;
        if (!rank_of(cover, a, i, &x) || !rank_of(cover, b, i, &y)) {
            return false;
        }
        if (x != y) return x < y;
    }
    return a < b;
}

static void check_hidden(Cover *cover, Search *search)
{
    cover->found = 0;
    for (uint32_t row = 0; row < cover->rows && cover->effort >= 0; row++) {
        memset(search->alive, 0, cover->words * sizeof *search->alive);
        cover->effort -= cover->rows;
        for (uint32_t other = 0; other < cover->rows; other++) {
            if (other == row || !wins(cover, other, row)) continue;
            search->alive[other / 64] |= (Word)1 << (other % 64);
        }
        if (is_empty(search->alive, cover->words)) continue;
        search->nulls = false;
        if (search_run(search, true, row) || cover->steps < 0) continue;
        search->nulls = true;
        bool by_null = search_run(search, true, row);
        if (cover->steps < 0) continue;
        if (by_null) {
            add_example(cover,
                        find(cover, DMN_WARNING, "check.row_null", row + 1));
        } else {
            (void)find(cover, DMN_ERROR, "check.row_hidden", row + 1);
        }
    }
}

/* Of all the texts that no row speaks of one is told, not each hole. */
static bool other_text(Cover *cover)
{
    Column *only = &cover->columns[0];
    FeelValue other = feel_string(STR("(another text)"));
    bool open = only->decided && only->domain.known && only->domain.all &&
                only->classes[0].kind == FEEL_STRING;
    for (uint32_t row = 0; open && row < cover->rows; row++) {
        bool may;
        (void)accepts(cover, 0, row, other, &may);
        open = !may;
    }
    if (!open) return false;
    cover->chosen[0] = 0;
    only->classes[0] = other;
    add_example(cover, find(cover, DMN_WARNING, "check.gap", 0));
    return true;
}

static void check_gaps(Cover *cover, Search *search)
{
    cover->found = 0;
    memset(search->alive, 0, cover->words * sizeof *search->alive);
    for (uint32_t row = 0; row < cover->rows; row++) {
        search->alive[row / 64] |= (Word)1 << (row % 64);
    }
    for (uint32_t i = 0; i < cover->column_count; i++) {
        if (cover->columns[i].null_at == 0) return; /* it has no values */
    }
    if (cover->column_count > 1) {
        if (!search_run(search, false, -1)) return;
        add_example(cover, find(cover, DMN_WARNING, "check.gap", 0));
        return;
    }
    if (other_text(cover)) return;
    /* One column: every hole in it, neighbours of one hole are one class. */
    const Column *only = &cover->columns[0];
    for (uint32_t c = 0; c < only->null_at; c++) {
        if (!is_empty(set_of(cover, only->perhaps, c), cover->words)) continue;
        cover->chosen[0] = c;
        add_example(cover, find(cover, DMN_WARNING, "check.gap", 0));
    }
}

/* Says once that some cells were not looked into. */
static void check_decided(Cover *cover)
{
    cover->found = 0;
    if (cover->effort < 0) {
        cover->view->at->model->checker->sums.undecided++;
        DmnFinding *finding = find(cover, DMN_NOTE, "check.too_large", 0);
        if (finding != NULL) diag_arg_int(&finding->diag, cover->rows);
        return;
    }
    for (uint32_t r = 0; r < cover->rows; r++) {
        for (uint32_t i = 0; i < cover->view->input_count; i++) {
            const FeelSet *set = cell(cover, r, i);
            const Column *column = &cover->columns[cover->column_of[i]];
            if (set->all || (set->known && column->decided)) continue;
            cover->view->at->model->checker->sums.undecided++;
            DmnFinding *finding =
                find(cover, DMN_NOTE, "check.undecided", r + 1);
            if (finding != NULL) diag_arg(&finding->diag, column->text);
            return;
        }
    }
}

static Err make(const DmnTableView *view, Cover *ret)
{
    Arena *arena = view->at->model->checker->arena;
    size_t cells = (size_t)view->row_count * view->input_count;
    *ret = (Cover){.view = view,
                   .arena = arena,
                   .rows = view->row_count,
                   .effort = EFFORT_MAX,
                   .words = view->row_count / 64 + 1};
    ret->cells = ARENA_TRY_ARRAY(arena, FeelSet, cells + 1);
    ret->columns = ARENA_TRY_ARRAY(arena, Column, view->input_count + 1);
    ret->column_of = ARENA_TRY_ARRAY(arena, uint32_t, view->input_count + 1);
    ret->chosen = ARENA_TRY_ARRAY(arena, uint32_t, view->input_count + 1);
    bool room = ret->cells != NULL && ret->columns != NULL &&
                ret->column_of != NULL && ret->chosen != NULL;
    return room ? OK : ERR_FULL;
}

Err dmn_check_cover(const DmnTableView *view)
{
    Cover cover;
    Search search = {0};
    if (view->row_count == 0 || view->input_count == 0) return OK;
    TRY(make(view, &cover));
    TRY(read_cells(&cover));
    merge_columns(&cover);
    TRY(cut(&cover));
    TRY(search_make(&cover, &search));
    bool all_reached = true;
    for (uint32_t row = 0; row < cover.rows; row++) {
        if (never(&cover, row)) {
            all_reached = false;
        } else {
            check_values(&cover, row);
        }
    }
    FeelHit hit = view->table->hit;
    bool apart = hit == FEEL_HIT_UNIQUE || hit == FEEL_HIT_ANY;
    if (apart) TRY(check_overlaps(&cover));
    bool one = hit == FEEL_HIT_FIRST || hit == FEEL_HIT_PRIORITY;
    if (one && all_reached) check_hidden(&cover, &search);
    one = one || hit == FEEL_HIT_UNIQUE || hit == FEEL_HIT_ANY;
    if (one && !view->has_default) check_gaps(&cover, &search);
    check_decided(&cover);
    return OK;
}

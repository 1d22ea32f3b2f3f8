#include "dmn/check.h"

#include "dmn/check_int.h"

DmnFinding *dmn_find(DmnModel *model, DmnSeverity severity, const char *key,
                     const DmnFile *file, int32_t line)
{
    DmnChecker *checker = model->checker;
    if (checker == NULL || checker->count == DMN_FINDINGS_MAX ||
        file->index != 0) {
        return NULL;
    }
    DmnFinding *findings = dmn_grow(checker->arena, checker->findings,
                                    checker->count, sizeof *findings);
    if (findings == NULL) {
        model->program->full = true;
        return NULL;
    }
    checker->findings = findings;
    DmnFinding *finding = &findings[checker->count++];
    *finding = (DmnFinding){.severity = severity,
                            .decision = model->where.owner,
                            .owner = model->where.owner_kind,
                            .row = model->where.row};
    diag_set(&finding->diag, key);
    diag_place(&finding->diag, file->name, line, 1);
    return finding;
}

/* Whether the same was said of the same place: texts are read twice. */
static bool said(const DmnChecker *checker, const Diag *diag)
{
    for (int32_t i = 0; i < checker->count; i++) {
        const Diag *other = &checker->findings[i].diag;
        if (other->line == diag->line && other->column == diag->column &&
            strcmp(other->key, diag->key) == 0) {
            return true;
        }
    }
    return false;
}

static void on_warning(void *context, const Diag *diag, int32_t source,
                       int32_t row)
{
    DmnModel *model = context;
    if (source < 0 || said(model->checker, diag)) return;
    /* Of the outputs of a table check_outputs() says it. */
    if (row < 0 && model->where.row > 0) return;
    DmnSeverity severity =
        strcmp(diag->key, "feel.unbound") == 0 ? DMN_WARNING : DMN_ERROR;
    DmnFinding *finding =
        dmn_find(model, severity, diag->key, &model->files[source], diag->line);
    if (finding == NULL) return;
    const char *file = model->files[source].name;
    if (row > 0) finding->row = row;
    finding->diag = *diag;
    diag_place(&finding->diag, file, diag->line, diag->column);
}

/* The column that says where a rule comes from; the first without one. */
static uint32_t citing_column(const XmlNode *table)
{
    static const char *const words[] = {
        "article", "cit",    "source", "law", "legal",  "reference",
        "basis",   "المادة", "مادة",   "سند", "المرجع", "مصدر"};
    uint32_t i = 0;
    for (const XmlNode *note = xml_child(table, "annotation"); note != NULL;
         note = xml_next(note), i++) {
        char name[64] = "";
        Str title = xml_attribute(note, "name");
        for (size_t k = 0; k < title.bytes && k + 1 < sizeof name; k++) {
            char c = title.at[k];
            name[k] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            if (strstr(name, words[w]) != NULL) return i;
        }
    }
    return 0;
}

static void check_citations(const DmnTableView *view)
{
    DmnModel *model = view->at->model;
    if (xml_count(view->node, "annotation") == 0) {
        dmn_find(model, DMN_WARNING, "check.no_citation", view->at->file,
                 view->node->line);
        return;
    }
    model->checker->cites = true;
    uint32_t column = citing_column(view->node);
    int32_t row = 0, missing = 0;
    for (const XmlNode *rule = xml_child(view->node, "rule"); rule != NULL;
         rule = xml_next(rule)) {
        const XmlNode *note = xml_child(rule, "annotationEntry");
        row++;
        for (uint32_t i = 0; note != NULL && i < column; i++) {
            note = xml_next(note);
        }
        if (note != NULL && dmn_text_of(note).bytes > 0) continue;
        if (++missing > DMN_TABLE_FINDINGS_MAX) return;
        DmnFinding *finding =
            dmn_find(model, DMN_WARNING, "check.row_no_citation",
                     view->at->file, rule->line);
        if (finding != NULL) finding->row = row;
    }
}

/* An input whose cells are all "-" plays no part. */
static void check_columns(const DmnTableView *view)
{
    uint32_t at = 0;
    for (const XmlNode *input = xml_child(view->node, "input"); input != NULL;
         input = xml_next(input), at++) {
        bool used = view->row_count == 0;
        for (const XmlNode *rule = xml_child(view->node, "rule");
             rule != NULL && !used; rule = xml_next(rule)) {
            const XmlNode *entry = xml_child(rule, "inputEntry");
            for (uint32_t i = 0; entry != NULL && i < at; i++) {
                entry = xml_next(entry);
            }
            Str text = entry == NULL ? (Str){0} : dmn_text_of(entry);
            used = text.bytes > 0 && !str_is(text, "-");
        }
        if (used) continue;
        DmnFinding *finding =
            dmn_find(view->at->model, DMN_NOTE, "check.unused_column",
                     view->at->file, input->line);
        if (finding == NULL) continue;
        diag_arg(&finding->diag,
                 dmn_text_of(xml_child(input, "inputExpression")));
    }
}

static bool listed(FeelValue list, FeelValue value)
{
    for (uint32_t i = 0; i < list.count; i++) {
        FeelValue item = list.as.items[i];
        if (item.kind == FEEL_RANGE || feel_same(item, value)) return true;
    }
    return false;
}

/* Outputs that the table, or their type, does not list as possible. */
static void check_outputs(const DmnTableView *view)
{
    const FeelTable *table = view->table;
    for (uint32_t row = 0; row < view->row_count; row++) {
        for (uint32_t i = 0; i < table->output_count; i++) {
            size_t at = (size_t)row * table->output_count + i;
            FeelValue value = view->outputs[at], order = table->order[i];
            const FeelSet *allowed = view->output_types[i]->allowed;
            if (!view->constant[at] || value.kind == FEEL_NULL) continue;
            bool sound = (order.kind != FEEL_LIST || listed(order, value)) &&
                         (allowed == NULL || feel_set_has(allowed, value));
            if (sound) continue;
            const XmlNode *rule = xml_child(view->node, "rule");
            for (uint32_t k = 0; k < row; k++) rule = xml_next(rule);
            DmnFinding *finding =
                dmn_find(view->at->model, DMN_ERROR, "check.output_value",
                         view->at->file, rule->line);
            if (finding == NULL) return;
            finding->row = (int32_t)row + 1;
            Buf text = buf_make(DIAG_ARG_BYTES);
            feel_write_json(&text, value);
            diag_arg(&finding->diag, buf_view(&text));
            buf_free(&text);
        }
    }
}

static void check_order(const DmnTableView *view)
{
    bool ordered = view->table->hit == FEEL_HIT_PRIORITY ||
                   view->table->hit == FEEL_HIT_OUTPUT_ORDER;
    for (uint32_t i = 0; ordered && i < view->table->output_count; i++) {
        if (view->table->order[i].kind == FEEL_LIST) return;
    }
    if (!ordered) return;
    dmn_find(view->at->model, DMN_ERROR, "check.no_order", view->at->file,
             view->node->line);
}

Err dmn_check_table(const DmnTableView *view)
{
    DmnChecker *checker = view->at->model->checker;
    checker->sums.tables++;
    checker->sums.rows += (int32_t)view->row_count;
    if (view->at->file->index != 0) return OK;
    dmn_check_table_form(view);
    check_columns(view);
    check_outputs(view);
    check_order(view);
    check_citations(view);
    return dmn_check_cover(view);
}

/* Whether something is wrong already with what is being lowered. */
static bool is_faulty(const DmnModel *model)
{
    int32_t count = model->fault_count;
    return count > 0 &&
           str_equal(model->faults[count - 1].where.owner, model->where.owner);
}

void dmn_check_scope(DmnModel *model, const DmnElement *element,
                     const FeelScope *scope, const char *key)
{
    bool logic = dmn_logic_of(element->node) != NULL ||
                 xml_child(element->node, "encapsulatedLogic") != NULL;
    /* A name may be used behind the place where an expression broke off. */
    if (model->checker == NULL || !logic || is_faulty(model)) return;
    for (const FeelVar *var = scope->vars; var != NULL; var = var->next) {
        if (var->used) continue;
        DmnFinding *finding = dmn_find(model, DMN_WARNING, key, element->file,
                                       element->node->line);
        if (finding != NULL) diag_arg(&finding->diag, var->name);
    }
}

/* Input data and knowledge models that nothing requires. */
static void check_required(DmnModel *model)
{
    /* A file without decisions is there to be imported. */
    if (xml_child(model->files[0].root, "decision") == NULL) return;
    for (const DmnElement *e = model->elements; e != NULL; e = e->next) {
        if (e->required || e->file->index != 0) continue;
        if (e->kind != DMN_INPUT && e->kind != DMN_KNOWLEDGE) continue;
        DmnFinding *finding =
            dmn_find(model, DMN_WARNING,
                     e->kind == DMN_INPUT ? "check.unused_input"
                                          : "check.unused_knowledge",
                     e->file, e->node->line);
        if (finding != NULL) diag_arg(&finding->diag, e->own_name);
    }
}

/* Faults that a strict load refuses. */
static void add_faults(DmnModel *model)
{
    for (int32_t i = 0; i < model->fault_count; i++) {
        const DmnFault *fault = &model->faults[i];
        if (strcmp(fault->diag.file, model->files[0].name) != 0 ||
            said(model->checker, &fault->diag)) {
            continue;
        }
        model->where = fault->where;
        DmnFinding *finding = dmn_find(model, DMN_ERROR, fault->diag.key,
                                       &model->files[0], fault->diag.line);
        if (finding != NULL) finding->diag = fault->diag;
    }
    model->where = (DmnWhere){0};
}

/* In a model that cites nowhere, one note says so for all its tables. */
static void sum_citations(DmnModel *model)
{
    DmnChecker *checker = model->checker;
    int32_t kept = 0, dropped = 0;
    for (int32_t i = 0; i < checker->count; i++) {
        bool bare =
            strcmp(checker->findings[i].diag.key, "check.no_citation") == 0;
        if (bare && !checker->cites) {
            dropped++;
        } else {
            checker->findings[kept++] = checker->findings[i];
        }
    }
    checker->count = kept;
    if (dropped == 0) return;
    DmnFinding *finding =
        dmn_find(model, DMN_NOTE, "check.cites_nothing", &model->files[0], 1);
    if (finding != NULL) diag_arg_int(&finding->diag, dropped);
}

static int by_place(const void *a, const void *b)
{
    const Diag *x = &((const DmnFinding *)a)->diag;
    const Diag *y = &((const DmnFinding *)b)->diag;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    if (x->column != y->column) return x->column < y->column ? -1 : 1;
    return strcmp(x->key, y->key);
}

Err dmn_check(Arena *arena, const DmnSource *sources, size_t count, Diag *diag,
              DmnCheck *ret)
{
    DmnModel *model;
    return dmn_check_load(arena, sources, count, diag, ret, &model);
}

Err dmn_check_load(Arena *arena, const DmnSource *sources, size_t count,
                   Diag *diag, DmnCheck *ret, DmnModel **ret_model)
{
    DmnChecker checker = {.arena = arena};
    DmnLoad how = {
        .strictness = DMN_LENIENT, .checker = &checker, .warn = on_warning};
    DmnModel *model;
    TRY(dmn_load_with(arena, sources, count, &how, diag, &model));
    dmn_check_form(model);
    check_required(model);
    add_faults(model);
    sum_citations(model);
    if (arena_refused(arena)) {
        diag_set(diag, "dmn.full");
        return ERR_FULL;
    }
    if (checker.count > 0) {
        qsort(checker.findings, (size_t)checker.count, sizeof *checker.findings,
              by_place);
    }
    *ret = checker.sums;
    ret->findings = checker.findings;
    ret->count = (size_t)checker.count;
    ret->decisions = model->decision_count;
    model->checker = NULL; /* it ends here */
    model->strictness = DMN_STRICT;
    *ret_model = model->fault_count == 0 ? model : NULL;
    return OK;
}

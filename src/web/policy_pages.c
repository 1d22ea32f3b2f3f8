#include "web/policy_pages.h"

#include "dmn/trace.h"
#include "text/calendar.h"
#include "web/fill.h"

enum { EVAL_BYTES = 8 << 20, EVAL_STEPS = 1000000 };

/* A page about a model. */
typedef struct Reader {
    Visit *visit;
    const Policy *policy;
    const PolicyModel *model;
    Month month; /* now */
    DmnEval *eval;
} Reader;

static Month month_now(const Visit *visit)
{
    return month_of_day(calendar_civil_day(visit->call.now));
}

/* The model of the address; false with the reply filled when there is none. */
static bool begin(HttpRequest *request, Reader *ret)
{
    Visit *visit = visit_desk(request, VISIT_POLICY);
    if (visit == NULL) return false;
    *ret = (Reader){.visit = visit, .policy = visit->law};
    ret->model = policy_model(ret->policy, request->param[0]);
    ret->month = month_now(visit);
    if (ret->model != NULL) return true;
    visit_fail(visit, ERR_NOT_FOUND);
    return false;
}

static PageFrame frame_of(Visit *visit, const char *title_key)
{
    PageFrame frame = visit_frame(visit, title_key);
    frame.at_models = true;
    return frame;
}

/* The value that a figure has this month, and the row that says so; 0: none.
 */
static FeelValue value_now(Reader *reader, const SheetItem *item,
                           int32_t *ret_row)
{
    const Programme *programme = reader->model->programme;
    FeelValue value = feel_null();
    *ret_row = 0;
    if (reader->eval == NULL) {
        reader->eval = dmn_eval_open(programme->model, EVAL_BYTES, EVAL_STEPS);
        dmn_trace_set(reader->eval, true);
    }
    int32_t decision = dmn_decision_find(programme->model, item->name);
    if (decision < 0) return value;
    dmn_eval_reset(reader->eval);
    dmn_input_set(reader->eval, programme->month_input,
                  feel_date(month_first_day(reader->month)));
    if (dmn_eval(reader->eval, decision, &value) != OK) return feel_null();
    size_t count;
    const DmnStep *steps = dmn_trace(reader->eval, &count);
    for (size_t i = 0; i < count; i++) {
        bool spoke = steps[i].kind == DMN_STEP_ROW && steps[i].chosen;
        if (spoke && *ret_row == 0) *ret_row = steps[i].row;
    }
    return value;
}

/* The value that a figure will have by the law of a coming month. */
static Err value_then(const Reader *reader, const SheetItem *item, Month month,
                      PageComing *page)
{
    int32_t row;
    PolicyLaw law;
    Visit *visit = reader->visit;
    Reader then = {.visit = visit, .month = month};
    if (visit->site->laws == NULL) return OK;
    TRY(policy_shelf_law(visit->site->laws, month, visit->request, &visit->diag,
                         &law));
    then.policy = law.policy;
    then.model =
        policy_model(law.policy, str_of(reader->model->programme->name));
    if (then.model == NULL) return OK;
    FeelValue value = value_now(&then, item, &row);
    page->value = policy_value(visit, then.model, item->name, value);
    dmn_eval_close(then.eval);
    return OK;
}

/*
 * What is published for coming months; of one model where there is one.
 *
 * in     item: of a figure, whose value then is told, too; NULL for none
 */
static Err fill_coming(const Reader *reader, const SheetItem *item,
                       const PageComing **ret, size_t *ret_count)
{
    Visit *visit = reader->visit;
    BackendComing found = {.count = 0};
    *ret_count = 0;
    if (visit->backend->coming == NULL) return OK;
    TRY(visit->backend->coming(visit->backend_self, &visit->call, reader->month,
                               &found, &visit->diag));
    PageComing *all =
        ARENA_ARRAY(visit->request->arena, PageComing, found.count + 1);
    *ret = all;
    for (size_t i = 0; i < found.count; i++) {
        const BackendNext *next = &found.at[i];
        const PolicyModel *model = reader->model;
        if (model != NULL && !str_is(next->path, model->path)) continue;
        PageComing *page = &all[(*ret_count)++];
        *page = (PageComing){.from = fill_month(visit, next->from),
                             .title = next->title,
                             .draft = fill_id(visit, next->draft_id)};
        if (item != NULL) TRY(value_then(reader, item, next->from, page));
    }
    return OK;
}

void policy_models(HttpRequest *request)
{
    Visit *visit = visit_desk(request, VISIT_POLICY);
    if (visit == NULL) return;
    const Policy *policy = visit->law;
    PageModelLine *models =
        ARENA_ARRAY(request->arena, PageModelLine, policy->count + 1);
    for (int32_t i = 0; i < policy->count; i++) {
        models[i] = policy_line(visit, &policy->models[i]);
    }
    char *pack = ARENA_ARRAY(request->arena, char, 65);
    hash_hex(&policy->pack->hash, pack);
    PageModels page = {.frame = frame_of(visit, "policy.models"),
                       .models = models,
                       .models_count = (size_t)policy->count,
                       .pack = str_of(pack)};
    const Reader reader = {.visit = visit, .month = month_now(visit)};
    Err err = fill_coming(&reader, NULL, &page.coming, &page.coming_count);
    if (err != OK) {
        visit_fail(visit, err);
        return;
    }
    Out out = visit_out(visit);
    page_models(&out, &page);
    visit_reply(visit, 200);
}

static PageItem figure_of(Reader *reader, const SheetItem *item)
{
    int32_t row;
    Day from = DAY_OPEN, until;
    const SheetTable *table = policy_table(item);
    PageItem page = {
        .id = item->id,
        .name = item->name,
        .label = policy_label(reader->visit, reader->model, item->name)};
    FeelValue value = value_now(reader, item, &row);
    page.value = policy_value(reader->visit, reader->model, item->name, value);
    if (row == 0) return page;
    int32_t status = policy_note(table, "Status");
    page.doubt = status >= 0 &&
                 !str_is(policy_cell(table, row - 1, status), "confirmed");
    (void)policy_dates(policy_cell(table, row - 1, 0), &from, &until);
    page.since = fill_day_short(reader->visit, from);
    return page;
}

/* The labels of what an item needs, by commas. */
static Str needs_of(const Reader *reader, const SheetItem *item)
{
    Visit *visit = reader->visit;
    Buf *buf = http_scratch(visit->request);
    for (int32_t i = 0; i < item->need_count; i++) {
        const SheetItem *need = &reader->model->sheet.items[item->needs[i]];
        if (i > 0) buf_str(buf, visit_text(visit, "value.comma"));
        buf_str(buf, policy_label(visit, reader->model, need->name));
    }
    return str_copy(visit->request->arena, buf_view(buf));
}

static PageItem item_of(const Reader *reader, int32_t at)
{
    const SheetItem *item = &reader->model->sheet.items[at];
    bool input = item->kind == SHEET_INPUT;
    return (PageItem){
        .id = input ? (Str){"", 0} : item->id,
        .name = item->name,
        .label = policy_label(reader->visit, reader->model, item->name)};
}

static void list_all(Reader *reader, PageModel *page)
{
    const PolicyModel *model = reader->model;
    Arena *arena = reader->visit->request->arena;
    PageItem *figures = ARENA_ARRAY(arena, PageItem, model->sheet.count + 1);
    PageItem *items = ARENA_ARRAY(arena, PageItem, model->sheet.count + 1);
    for (int32_t i = 0; i < model->sheet.count; i++) {
        const SheetItem *item = &model->sheet.items[i];
        if (model->figure[i]) {
            figures[page->figures_count++] = figure_of(reader, item);
        } else {
            items[page->items_count] = item_of(reader, i);
            items[page->items_count++].needs = needs_of(reader, item);
        }
    }
    page->figures = figures;
    page->items = items;
    page->any_figures = page->figures_count > 0;
}

void policy_rules(HttpRequest *request)
{
    Reader reader;
    if (!begin(request, &reader)) return;
    const PolicyModel *model = reader.model;
    PageModel page = {.frame = frame_of(reader.visit, "policy.models"),
                      .model = policy_line(reader.visit, model),
                      .month = fill_month(reader.visit, reader.month)};
    page.frame.title = page.model.title;
    page.whole = str_is(form_find(&request->query, "figures"), "1");
    bool *shown = ARENA_ARRAY(request->arena, bool, model->sheet.count + 1);
    for (int32_t i = 0; i < model->sheet.count; i++) {
        shown[i] = page.whole || !model->figure[i];
    }
    page.diagram = policy_draw(reader.visit, model, shown, -1);
    list_all(&reader, &page);
    dmn_eval_close(reader.eval);
    Err err = fill_coming(&reader, NULL, &page.coming, &page.coming_count);
    if (err != OK) {
        visit_fail(reader.visit, err);
        return;
    }
    Out out = visit_out(reader.visit);
    page_model(&out, &page);
    visit_reply(reader.visit, 200);
}

/* Which rows of a table speak, in words. */
static Str policy_of(const Visit *visit, Str hit_policy)
{
    static const struct {
        const char *name, *key;
    } words[] = {{"UNIQUE", "policy.hit_unique"},
                 {"FIRST", "policy.hit_first"},
                 {"ANY", "policy.hit_any"},
                 {"PRIORITY", "policy.hit_priority"},
                 {"OUTPUT ORDER", "policy.hit_priority"},
                 {"COLLECT", "policy.hit_collect"},
                 {"RULE ORDER", "policy.hit_order"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_is(hit_policy, words[i].name))
            return visit_text(visit, words[i].key);
    }
    return (Str){"", 0};
}

Str policy_form(const Visit *visit, const SheetBlock *block)
{
    static const struct {
        const char *name, *key;
    } words[] = {{"context", "policy.form_context"},
                 {"list", "policy.form_list"},
                 {"invocation", "policy.form_call"},
                 {"functionDefinition", "policy.form_function"}};
    if (block->table != NULL || str_is(block->form, "literalExpression")) {
        return (Str){"", 0};
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_is(block->form, words[i].name))
            return visit_text(visit, words[i].key);
    }
    return visit_text(visit, "policy.form_other");
}

static bool is_law_note(Str column)
{
    return str_is(column, "Article") || str_is(column, "Source") ||
           str_is(column, "Status");
}

/* A day of a cell by month; what is open has its own word. */
static PageCell day_cell(Visit *visit, const char *label, Day day)
{
    return (PageCell){.label = visit_text(visit, label),
                      .words = day == DAY_OPEN
                                   ? visit_text(visit, "policy.open_end")
                                   : fill_day_short(visit, day)};
}

/* The columns that are shown: a figure's month is two, from and until; what
 * says where a row stands is shown at its end. */
static void fill_columns(const Reader *reader, const SheetTable *table,
                         bool figure, PageBlock *page)
{
    Visit *visit = reader->visit;
    PageColumn *columns =
        ARENA_ARRAY(visit->request->arena, PageColumn, table->column_count + 2);
    int32_t first = 0;
    if (figure) {
        columns[page->columns_count++].name = visit_text(visit, "policy.from");
        columns[page->columns_count++].name = visit_text(visit, "policy.until");
        columns[page->columns_count++].name = visit_text(visit, "policy.value");
        first = 2;
    }
    for (int32_t i = first; i < table->column_count; i++) {
        bool note = i >= table->input_count + table->output_count;
        if (note && is_law_note(table->columns[i])) {
            page->cited = true;
            continue;
        }
        columns[page->columns_count++].name =
            policy_label(visit, reader->model, table->columns[i]);
    }
    page->columns = columns;
}

static void fill_cells(const Reader *reader, const SheetItem *item,
                       const SheetTable *table, int32_t row, bool figure,
                       PageTableRow *page)
{
    Visit *visit = reader->visit;
    PageCell *cells =
        ARENA_ARRAY(visit->request->arena, PageCell, table->column_count + 2);
    size_t count = 0;
    int32_t first = 0;
    Day from, until;
    if (figure && policy_dates(policy_cell(table, row, 0), &from, &until)) {
        if (until != DAY_OPEN) until--; /* the last day on which it holds */
        cells[count++] = day_cell(visit, "policy.from", from);
        cells[count++] = day_cell(visit, "policy.until", until);
        first = 1;
    }
    for (int32_t i = first; i < table->column_count; i++) {
        bool note = i >= table->input_count + table->output_count;
        if (note && is_law_note(table->columns[i])) continue;
        PageCell *cell = &cells[count++];
        Str text = policy_cell(table, row, i);
        cell->label =
            figure ? visit_text(visit, "policy.value")
                   : policy_label(visit, reader->model, table->columns[i]);
        cell->any = !note && (text.bytes == 0 || str_is(text, "-"));
        if (note) {
            cell->words = text;
        } else if (cell->any) {
            continue;
        } else if (!policy_cell_words(visit, reader->model, item->name, text,
                                      &cell->words)) {
            cell->code = text;
        }
    }
    page->cells = cells;
    page->cells_count = count;
}

/* Whether the months of all rows can be told as days. */
static bool has_dates(const SheetTable *table)
{
    Day from, until;
    for (int32_t row = 0; row < table->row_count; row++) {
        if (!policy_dates(policy_cell(table, row, 0), &from, &until))
            return false;
    }
    return true;
}

static void fill_table(Reader *reader, int32_t at, const SheetTable *table,
                       PageBlock *page)
{
    Visit *visit = reader->visit;
    const SheetItem *item = &reader->model->sheet.items[at];
    bool figure = reader->model->figure[at] && has_dates(table);
    Day today = month_first_day(reader->month), from, until;
    PageTableRow *rows =
        ARENA_ARRAY(visit->request->arena, PageTableRow, table->row_count + 1);
    page->table = true;
    page->title = policy_label(visit, reader->model, item->name);
    page->policy = policy_of(visit, table->hit_policy);
    fill_columns(reader, table, figure, page);
    for (int32_t row = 0; row < table->row_count; row++) {
        rows[row].number = fill_id(visit, row + 1);
        fill_cells(reader, item, table, row, figure, &rows[row]);
        policy_cite(visit, reader->policy, reader->model, item, table, row,
                    &rows[row]);
        rows[row].cited = page->cited;
        rows[row].now =
            figure && policy_dates(policy_cell(table, row, 0), &from, &until) &&
            (from == DAY_OPEN || from <= today) &&
            (until == DAY_OPEN || today < until);
    }
    page->rows = rows;
    page->rows_count = (size_t)table->row_count;
}

static void fill_blocks(Reader *reader, int32_t at, PageRule *page)
{
    enum { DEEPEST = 4 }; /* that the style sheet indents */
    Visit *visit = reader->visit;
    const SheetItem *item = &reader->model->sheet.items[at];
    PageBlock *blocks =
        ARENA_ARRAY(visit->request->arena, PageBlock, item->block_count + 1);
    for (int32_t i = 0; i < item->block_count; i++) {
        const SheetBlock *block = &item->blocks[i];
        int32_t depth = block->depth < DEEPEST ? block->depth : DEEPEST;
        blocks[i] = (PageBlock){.label = block->label,
                                .depth = fill_id(visit, depth),
                                .form = policy_form(visit, block),
                                .code = block->text};
        if (block->table != NULL) {
            fill_table(reader, at, block->table, &blocks[i]);
        }
    }
    page->blocks = blocks;
    page->blocks_count = (size_t)item->block_count;
}

/* What an item needs and who needs it; both are drawn around it. */
static void fill_around(const Reader *reader, int32_t at, PageRule *page)
{
    const Sheet *sheet = &reader->model->sheet;
    const SheetItem *item = &sheet->items[at];
    Arena *arena = reader->visit->request->arena;
    PageItem *needs = ARENA_ARRAY(arena, PageItem, sheet->count + 1);
    PageItem *users = ARENA_ARRAY(arena, PageItem, sheet->count + 1);
    bool *shown = ARENA_ARRAY(arena, bool, sheet->count + 1);
    shown[at] = true;
    for (int32_t i = 0; i < item->need_count; i++) {
        needs[page->needs_count++] = item_of(reader, item->needs[i]);
        shown[item->needs[i]] = true;
    }
    for (int32_t i = 0; i < sheet->count; i++) {
        for (int32_t n = 0; n < sheet->items[i].need_count; n++) {
            if (sheet->items[i].needs[n] != at) continue;
            users[page->users_count++] = item_of(reader, i);
            shown[i] = true;
        }
    }
    page->needs = needs;
    page->users = users;
    page->any_needs = page->needs_count > 0;
    page->any_users = page->users_count > 0;
    page->diagram = policy_draw(reader->visit, reader->model, shown, at);
}

static bool is_latin(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* A model's description begins in Arabic and goes on in English: the part in
 * the reader's language, or else what there is. */
static void take_text(const Visit *visit, Str text, PageRule *page)
{
    size_t at = 0;
    while (at < text.bytes && !is_latin(text.at[at])) at++;
    Str parts[TEXT_LANGS] = {
        [TEXT_AR] = str_trim((Str){text.at, at}),
        [TEXT_EN] = {text.at + at, text.bytes - at},
    };
    TextLang lang = visit->style.lang;
    if (parts[lang].bytes == 0) lang = lang == TEXT_AR ? TEXT_EN : TEXT_AR;
    page->text = parts[lang];
    page->text_lang = str_of(text_lang_name(lang));
    page->text_dir = str_of(text_lang_dir(lang));
}

void policy_rule(HttpRequest *request)
{
    Reader reader;
    if (!begin(request, &reader)) return;
    Visit *visit = reader.visit;
    int32_t at = sheet_find(&reader.model->sheet, request->param[1]);
    if (at < 0) {
        visit_fail(visit, ERR_NOT_FOUND);
        return;
    }
    const SheetItem *item = &reader.model->sheet.items[at];
    PageRule page = {.frame = frame_of(visit, "policy.decision"),
                     .model = policy_line(visit, reader.model),
                     .label = policy_label(visit, reader.model, item->name),
                     .name = item->name,
                     .month = fill_month(visit, reader.month),
                     .valued = reader.model->figure[at]};
    page.frame.title = page.label;
    take_text(visit, item->text, &page);
    if (page.valued) {
        int32_t row;
        FeelValue value = value_now(&reader, item, &row);
        page.value = policy_value(visit, reader.model, item->name, value);
    }
    fill_blocks(&reader, at, &page);
    fill_around(&reader, at, &page);
    dmn_eval_close(reader.eval);
    Err err = fill_coming(&reader, page.valued ? item : NULL, &page.coming,
                          &page.coming_count);
    if (err != OK) {
        visit_fail(visit, err);
        return;
    }
    Out out = visit_out(visit);
    page_rule(&out, &page);
    visit_reply(visit, 200);
}

/* The text of a key with a finding's arguments. */
static Str finding_text(Visit *visit, const char *key, const Diag *diag)
{
    static const char *const names[DIAG_ARGS_MAX] = {"0", "1", "2", "3"};
    TextArg args[DIAG_ARGS_MAX];
    for (int i = 0; i < diag->arg_count; i++) {
        args[i] = TEXT_STR(names[i], str_of(diag->arg[i]));
    }
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, str_of(key), args, (size_t)diag->arg_count);
    return str_copy(visit->request->arena, buf_view(buf));
}

PageFinding policy_finding(Visit *visit, const PolicyModel *model,
                           const DmnFinding *found)
{
    const Diag *diag = &found->diag;
    const char *fix = arena_format(visit->request->arena, "%s.fix", diag->key);
    if (!text_has(visit->style.texts, str_of(fix))) fix = "check.fix";
    int32_t at = sheet_named(&model->sheet, SHEET_DECISION, found->decision);
    PageFinding page = {.error = found->severity == DMN_ERROR,
                        .warning = found->severity == DMN_WARNING,
                        .decision = policy_label(visit, model, found->decision),
                        .message = finding_text(visit, diag->key, diag),
                        .line = fill_id(visit, diag->line)};
    if (at >= 0) page.id = model->sheet.items[at].id;
    if (found->row > 0) page.row = fill_id(visit, found->row);
    if (found->severity != DMN_NOTE)
        page.remedy = finding_text(visit, fix, diag);
    return page;
}

void policy_findings(HttpRequest *request)
{
    Reader reader;
    if (!begin(request, &reader)) return;
    const DmnCheck *check = &reader.model->check;
    PageFinding *findings =
        ARENA_ARRAY(request->arena, PageFinding, check->count + 1);
    for (size_t i = 0; i < check->count; i++) {
        findings[i] =
            policy_finding(reader.visit, reader.model, &check->findings[i]);
    }
    PageFindings page = {.frame = frame_of(reader.visit, "policy.check"),
                         .model = policy_line(reader.visit, reader.model),
                         .findings = findings,
                         .findings_count = check->count,
                         .any_findings = check->count > 0};
    Out out = visit_out(reader.visit);
    page_findings(&out, &page);
    visit_reply(reader.visit, 200);
}

/*
 * The policy desk's page of a decision of a draft: its rows or its expression
 * as forms, the findings beside them, what was typed kept when it is refused.
 */
#include "codec/arabic.h"
#include "text/number.h"
#include "web/fill.h"
#include "web/policy_drafts.h"
#include "web/policy_pages.h"
#include "web/policy_parts.h"

enum {
    COLUMNS_MAX = 56,
    HIGH_BYTES = 28 /* that a field of one line shows: a span of days is more */
};

/* A decision of a draft. */
typedef struct Rule {
    DraftReader reader;
    const SheetItem *item;
    const SheetTable *table; /* that can be edited here, or NULL */
    bool expression;
    PolicyParts parts; /* of what is neither; none: of those */
} Rule;

/* What was typed, as long as its request. */
typedef struct Typed {
    BackendDraftStep step;
    Str what; /* which button */
    int32_t row;
    int32_t count; /* of cells */
    Str cell[COLUMNS_MAX];
    Edit edit[COLUMNS_MAX + 1]; /* of each cell, and where the row goes */
    bool stale;                 /* somebody saved meanwhile */
    Str said;
    Str field; /* where the mistake is */
} Typed;

static Err open_rule(Visit *visit, Arena *work, Rule *ret)
{
    Sheet sheet;
    *ret = (Rule){.item = NULL};
    TRY(policy_draft_open(visit, work, &ret->reader));
    TRY(sheet_read(work, ret->reader.found.text, &visit->diag, &sheet));
    int32_t at = sheet_find(&sheet, visit->request->param[1]);
    if (at < 0 || sheet.items[at].kind == SHEET_INPUT) return ERR_NOT_FOUND;
    const SheetItem *item = &sheet.items[at];
    const SheetTable *table = policy_table(item);
    bool fits = table != NULL && table->hit_policy.bytes > 0 &&
                table->column_count <= COLUMNS_MAX;
    ret->item = item;
    ret->table = fits ? table : NULL;
    ret->expression = item->block_count == 1 &&
                      str_is(item->blocks[0].form, "literalExpression");
    ret->parts = policy_parts(work, item);
    return OK;
}

/* By line ends as models have them; browsers send others. */
static Str plain_ends(Arena *arena, Str text)
{
    size_t bytes = 0;
    char *copy = arena_alloc(arena, text.bytes + 1, 1);
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] != '\r') copy[bytes++] = text.at[i];
    }
    return str_trim((Str){copy, bytes});
}

/* A text with Latin digits. */
static Str latin(Visit *visit, Str text)
{
    Buf *buf = http_scratch(visit->request);
    arabic_digits(buf, text);
    return str_copy(visit->request->arena, buf_view(buf));
}

/* Whether it is a number as people write it and as no expression does: with
 * Arabic digits, or its thousands apart. In a condition "1,400" says one of
 * two, and stays. */
static bool is_foreign(Str typed, bool condition)
{
    bool foreign = false;
    for (size_t i = 0; i < typed.bytes; i++) {
        unsigned char c = (unsigned char)typed.at[i];
        if (condition && c == ',') return false;
        foreign = foreign || c >= 0x80 || c == ',' || c == ' ';
    }
    return foreign;
}

/* Whether the number that begins here may be part of a name in Arabic. */
static bool in_name(Str text, size_t at)
{
    while (at > 0 && text.at[at - 1] == ' ') at--;
    return at > 0 && (unsigned char)text.at[at - 1] >= 0x80;
}

/* An expression with its Arabic digits as Latin ones; what is quoted, and
 * what may be a name, stays as it was typed. */
static Str plain_digits(Visit *visit, Str typed)
{
    enum { LEAD = 0xD9, ZERO = 0xA0, NINE = 0xA9 }; /* U+0660..0669 */
    bool quoted = false, counts = false;
    Buf *buf = http_scratch(visit->request);
    for (size_t i = 0; i < typed.bytes; i++) {
        unsigned char c = (unsigned char)typed.at[i];
        unsigned char next =
            i + 1 < typed.bytes ? (unsigned char)typed.at[i + 1] : 0;
        bool digit = c == LEAD && next >= ZERO && next <= NINE;
        if (digit && !counts) counts = !quoted && !in_name(typed, i);
        if (c == '"') quoted = !quoted;
        if (c == '\\' && quoted && i + 1 < typed.bytes) { /* it hides one */
            buf_char(buf, (char)c);
            buf_char(buf, typed.at[++i]);
            continue;
        }
        if (digit && counts) {
            buf_char(buf, (char)('0' + next - ZERO));
            i++;
            continue;
        }
        counts = false;
        buf_char(buf, (char)c);
        if (digit) buf_char(buf, typed.at[++i]);
    }
    return str_copy(visit->request->arena, buf_view(buf));
}

/* A cell as the model has it: a lone number or day that is typed in another
 * way is written plainly, as are the digits of an expression. */
static Str plain_cell(Visit *visit, Str typed, bool condition)
{
    Day day;
    Decimal number;
    if (!is_foreign(typed, condition)) return plain_digits(visit, typed);
    Str digits = latin(visit, typed);
    if (day_read(digits, &day)) {
        return str_of(arena_format(visit->request->arena, "date(\"%.*s\")",
                                   STR_ARG(digits)));
    }
    if (!number_read(typed, &number)) return plain_digits(visit, typed);
    Buf *buf = http_scratch(visit->request);
    decimal_write(buf, number);
    return str_copy(visit->request->arena, buf_view(buf));
}

static PageInput input_of(Visit *visit, const PolicyModel *model,
                          const SheetTable *table, int32_t row, int32_t column,
                          Str value)
{
    Arena *arena = visit->request->arena;
    bool note = column >= table->input_count + table->output_count;
    return (PageInput){
        .id = str_of(arena_format(arena, "r%dc%d", row, column + 1)),
        .name = str_of(arena_format(arena, "c%d", column + 1)),
        .label = note ? policy_note_label(visit, table->columns[column])
                      : policy_label(visit, model, table->columns[column]),
        .value = value,
        .note = note,
        .high = value.bytes > HIGH_BYTES ||
                memchr(value.bytes > 0 ? value.at : "", '\n', value.bytes)};
}

static PageInput *row_inputs(const Rule *rule, int32_t row, int32_t first,
                             const Typed *typed)
{
    const DraftReader *reader = &rule->reader;
    const SheetTable *table = rule->table;
    PageInput *inputs =
        ARENA_ARRAY(reader->work, PageInput, table->column_count + 1);
    for (int32_t i = first; i < table->column_count; i++) {
        Str value = typed != NULL ? typed->cell[i]
                    : row > 0     ? policy_cell(table, row - 1, i)
                                  : (Str){"", 0};
        inputs[i - first] =
            input_of(reader->visit, reader->model, table, row, i, value);
    }
    return inputs;
}

/* What the check found in a row of the decision; in none: 0. */
static const PageFinding *findings_of(const Rule *rule, int32_t row,
                                      size_t *ret_count)
{
    const DraftReader *reader = &rule->reader;
    const DmnCheck *check = &reader->check;
    PageFinding *found =
        ARENA_ARRAY(reader->work, PageFinding, check->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < check->count; i++) {
        const DmnFinding *finding = &check->findings[i];
        if (!str_equal(finding->decision, rule->item->name)) continue;
        if (finding->row != row) continue;
        found[count++] = policy_finding(reader->visit, reader->model, finding);
    }
    *ret_count = count;
    return found;
}

/* Whether its rows are told apart by dates alone. */
static bool is_dated(const SheetTable *table)
{
    Day from, until;
    if (table->input_count != 1) return false;
    for (int32_t row = 0; row < table->row_count; row++) {
        if (!policy_dates(policy_cell(table, row, 0), &from, &until)) {
            return false;
        }
    }
    return true;
}

static void fill_rows(const Rule *rule, const Typed *typed, PageDraftRule *page)
{
    const SheetTable *table = rule->table;
    Visit *visit = rule->reader.visit;
    PageInputRow *rows =
        ARENA_ARRAY(rule->reader.work, PageInputRow, table->row_count + 1);
    bool kept = typed != NULL && !typed->stale;
    for (int32_t row = 1; row <= table->row_count; row++) {
        const Typed *own = kept && typed->row == row ? typed : NULL;
        PageInputRow *to = &rows[row - 1];
        *to = (PageInputRow){.number = fill_id(visit, row),
                             .cells = row_inputs(rule, row, 0, own),
                             .cells_count = (size_t)table->column_count,
                             .first = row == 1,
                             .last = row == table->row_count};
        to->findings = findings_of(rule, row, &to->findings_count);
    }
    page->table = true;
    page->rows = rows;
    page->rows_count = (size_t)table->row_count;
    page->dated = is_dated(table);
    bool since = kept && str_is(typed->what, "since");
    page->since_cells =
        row_inputs(rule, 0, table->input_count, since ? typed : NULL);
    page->since_cells_count =
        (size_t)(table->column_count - table->input_count);
    page->since = form_find(&visit->request->field, "since");
}

/* A cell of a part, to be typed. */
static PageInput part_input(const Rule *rule, const PolicyPart *part,
                            int32_t at, Str value)
{
    const DraftReader *reader = &rule->reader;
    Arena *arena = reader->visit->request->arena;
    Str label = policy_part_label(part, at);
    return (PageInput){
        .id = str_of(arena_format(arena, "p%dc%d", part->number, at + 1)),
        .name = str_of(arena_format(arena, "c%d", at + 1)),
        .label = label.bytes > 0
                     ? policy_label(reader->visit, reader->model, label)
                     : visit_text(reader->visit, "drafts.expression"),
        .value = value,
        .high = value.bytes > HIGH_BYTES ||
                memchr(value.bytes > 0 ? value.at : "", '\n', value.bytes)};
}

static PagePart part_of_page(const Rule *rule, const PolicyPart *part,
                             const Typed *typed)
{
    enum { DEEPEST = 4 }; /* that the style sheet indents */
    Visit *visit = rule->reader.visit;
    const SheetBlock *block = part->block;
    bool head = part->number == 0, file = head && block->table != NULL;
    int32_t depth = block->depth < DEEPEST ? block->depth : DEEPEST;
    PageInput *cells =
        ARENA_ARRAY(rule->reader.work, PageInput, part->count + 1);
    for (int32_t i = 0; i < part->count; i++) {
        Str value = typed != NULL ? typed->cell[i] : policy_part_text(part, i);
        cells[i] = part_input(rule, part, i, value);
    }
    PagePart page = {.number = fill_id(visit, part->number),
                     .depth = fill_id(visit, depth),
                     .cells = cells,
                     .cells_count = (size_t)part->count,
                     .typed = !head,
                     .by_file = file && block->part == 0};
    if (head) page.label = block->label;
    if (head) page.form = policy_form(visit, block);
    if (part->row > 0) page.row = fill_id(visit, part->row);
    return page;
}

static void fill_parts(const Rule *rule, const Typed *typed,
                       PageDraftRule *page)
{
    const PolicyParts *parts = &rule->parts;
    PagePart *all = ARENA_ARRAY(rule->reader.work, PagePart, parts->count + 1);
    bool kept = typed != NULL && !typed->stale;
    for (size_t i = 0; i < parts->count; i++) {
        bool own = kept && parts->at[i].number == typed->row &&
                   parts->at[i].number > 0;
        all[i] = part_of_page(rule, &parts->at[i], own ? typed : NULL);
    }
    page->all_parts = all;
    page->all_parts_count = parts->count;
    page->parts = parts->count > 0;
}

/* A cell that stands apart from the rows. */
static PageInput stale_cell(const Rule *rule, const Typed *typed, int32_t at)
{
    Visit *visit = rule->reader.visit;
    const char *name = arena_format(visit->request->arena, "c%d", at + 1);
    PageInput cell = {.name = str_of(name),
                      .label = visit_text(visit, "drafts.expression"),
                      .value = typed->cell[at]};
    const PolicyPart *part = policy_part(&rule->parts, typed->row);
    if (rule->table != NULL) {
        cell = input_of(visit, rule->reader.model, rule->table, 0, at,
                        typed->cell[at]);
    } else if (part != NULL && at < part->count) {
        cell = part_input(rule, part, at, typed->cell[at]);
    }
    cell.id = str_of(arena_format(visit->request->arena, "stale-%d", at + 1));
    return cell;
}

/* What was typed over a text that is no longer the newest. */
static void fill_stale(const Rule *rule, const Typed *typed,
                       PageDraftRule *page)
{
    const SheetTable *table = rule->table;
    int32_t count = table != NULL ? table->column_count : typed->count;
    page->stale = true;
    page->stale_was = typed->what;
    page->stale_row = form_find(&rule->reader.visit->request->field, "row");
    page->stale_since = table != NULL && str_is(typed->what, "since");
    page->stale_by_row = table != NULL && !page->stale_since;
    page->stale_by_part = rule->parts.count > 0;
    PageInput *cells = ARENA_ARRAY(rule->reader.work, PageInput, count + 1);
    for (int32_t i = page->stale_since ? table->input_count : 0; i < count;
         i++) {
        cells[page->stale_cells_count++] = stale_cell(rule, typed, i);
    }
    page->stale_cells = cells;
}

static void fill_rule(const Rule *rule, const Typed *typed, PageDraftRule *page)
{
    const DraftReader *reader = &rule->reader;
    Visit *visit = reader->visit;
    const Draft *draft = &reader->found.draft;
    page->line = policy_draft_line(visit, draft);
    page->save = fill_id(visit, draft->save);
    page->item = rule->item->id;
    page->name = rule->item->name;
    page->label = policy_label(visit, reader->model, rule->item->name);
    page->frame.title = page->label;
    page->open = draft->state == DRAFT_OPEN;
    page->fault = reader->fault;
    page->saved = str_is(form_find(&visit->request->query, "saved"), "1");
    page->findings = findings_of(rule, 0, &page->findings_count);
    if (rule->table != NULL) fill_rows(rule, typed, page);
    if (rule->expression) {
        bool kept = typed != NULL && !typed->stale;
        page->expression = true;
        page->code = kept ? typed->cell[0] : rule->item->blocks[0].text;
    }
    fill_parts(rule, typed, page);
    page->by_file = !page->table && !page->expression && !page->parts;
    if (typed != NULL && typed->stale) fill_stale(rule, typed, page);
}

/* The page of the address, with what was typed when that was refused. */
static void show(Visit *visit, const Typed *typed, int status)
{
    Arena *work CLEANUP(arena_closep) = arena_open(DRAFT_PAGE_BYTES);
    Rule rule;
    HttpRequest *request = visit->request;
    bool wrong = typed != NULL;
    PageMistake mistake = {.field = STR("main")};
    if (wrong) mistake = (PageMistake){typed->field, typed->said};
    PageDraftRule page = {.frame = visit_frame(visit, "drafts.title"),
                          .mistakes = &mistake,
                          .mistakes_count = wrong,
                          .wrong = wrong};
    Err err = open_rule(visit, work, &rule);
    if (err != OK) {
        visit_fail(visit, err);
        return;
    }
    page.frame.at_models = true;
    page.frame.mistaken = wrong;
    fill_rule(&rule, typed, &page);
    if (request->method == HTTP_POST) {
        page.frame.here = str_of(
            arena_format(request->arena, "/p/drafts/%.*s/decisions/%.*s?",
                         STR_ARG(page.line.id), STR_ARG(page.item)));
    }
    Out out = visit_out(visit);
    page_draft_rule(&out, &page);
    visit_reply(visit, status);
}

void policy_draft_rule(HttpRequest *request)
{
    Visit *visit = policy_draft_require(request);
    if (visit != NULL) show(visit, NULL, 200);
}

static bool is_stale(const Typed *typed, const BackendDraft *found)
{
    return typed->step.save != found->draft.save;
}

/* Refuses what was typed, with a sentence. */
static void refuse(Visit *visit, Typed *typed, const char *key, Err err)
{
    typed->said = visit_text(visit, key);
    show(visit, typed, err_http(err));
}

static void edited(Visit *visit)
{
    Typed *typed = visit->state;
    HttpRequest *request = visit->request;
    if (visit->err == OK) {
        const Edit *last = &typed->edit[typed->step.edit_count - 1];
        int32_t row = last->what == EDIT_ROW_MOVE  ? last->to
                      : str_is(typed->what, "add") ? typed->row + 1
                                                   : typed->row;
        char sort = typed->edit[0].what == EDIT_PART ? 'p' : 'r';
        const char *place =
            row > 0 ? arena_format(request->arena, "#%c%d", sort, row) : "";
        http_redirect(request,
                      str_of(arena_format(request->arena,
                                          "/p/drafts/%.*s/decisions/%.*s"
                                          "?saved=1%s",
                                          STR_ARG(request->param[0]),
                                          STR_ARG(request->param[1]), place)));
        return;
    }
    if (!policy_draft_tells(visit)) {
        visit_fail(visit, visit->err);
        return;
    }
    typed->stale = strcmp(visit->diag.key, "draft.newer") == 0;
    if (typed->stale) typed->field = STR("stale");
    const EditPlace nowhere = {.row = 0};
    typed->said = policy_draft_fault(visit, &visit->law->models[0],
                                     &visit->diag, &nowhere);
    show(visit, typed, err_http(visit->err));
}

/* The cells that were sent, and how many there are. */
static void read_cells(const HttpRequest *request, Typed *typed)
{
    for (int32_t i = 0; i < COLUMNS_MAX; i++) {
        const char *name = arena_format(request->arena, "c%d", i + 1);
        Str value = form_find(&request->field, name);
        typed->cell[i] = plain_ends(request->arena, value);
        if (value.at != NULL) typed->count = i + 1;
    }
}

static GridPart part_of(const SheetTable *table, int32_t column,
                        int32_t *ret_number)
{
    int32_t outputs = column - table->input_count;
    int32_t notes = outputs - table->output_count;
    *ret_number = notes >= 0     ? notes + 1
                  : outputs >= 0 ? outputs + 1
                                 : column + 1;
    return notes >= 0 ? GRID_NOTE : outputs >= 0 ? GRID_OUTPUT : GRID_INPUT;
}

/* One edit for each cell that is not as it was. */
static void edit_cells(const SheetTable *table, Str decision, Typed *typed)
{
    for (int32_t i = 0; i < table->column_count; i++) {
        Str old = policy_cell(table, typed->row - 1, i);
        if (str_equal(str_trim(old), typed->cell[i])) continue;
        Edit *edit = &typed->edit[typed->step.edit_count++];
        *edit = (Edit){.what = EDIT_CELL,
                       .decision = decision,
                       .row = typed->row,
                       .cells = &typed->cell[i],
                       .cell_count = 1};
        edit->part = part_of(table, i, &edit->column);
    }
}

/* The edit that a button asks for; false: it is none of ours. */
static bool make_edits(Typed *typed, const SheetTable *table, Str decision)
{
    Edit *edit = &typed->edit[0];
    *edit = (Edit){.decision = decision, .row = typed->row};
    size_t columns = (size_t)table->column_count;
    if (str_is(typed->what, "save")) {
        edit_cells(table, decision, typed);
        return true;
    }
    typed->step.edit_count = 1;
    if (str_is(typed->what, "add")) {
        edit->what = EDIT_ROW_ADD;
        edit->cells = typed->cell;
        edit->cell_count = columns;
        return true;
    }
    if (str_is(typed->what, "remove")) {
        edit->what = EDIT_ROW_REMOVE;
        return true;
    }
    bool up = str_is(typed->what, "up");
    typed->step.edit_count = 0; /* what was typed in it goes with the row */
    if (typed->count > 0) edit_cells(table, decision, typed);
    edit = &typed->edit[typed->step.edit_count++];
    *edit = (Edit){.what = EDIT_ROW_MOVE,
                   .decision = decision,
                   .row = typed->row,
                   .to = typed->row + (up ? -1 : 1)};
    return up || str_is(typed->what, "down");
}

/* A new value from a day on. Gives the key of a mistake, or NULL. */
static const char *make_since(Visit *visit, Typed *typed,
                              const SheetTable *table, Str decision)
{
    const HttpRequest *request = visit->request;
    Day since;
    Str day = str_trim(form_find(&request->field, "since"));
    typed->field = STR("since-day");
    if (!day_read(latin(visit, day), &since)) return "drafts.since_wrong";
    typed->step.edit_count = 1;
    typed->edit[0] = (Edit){
        .what = EDIT_SINCE,
        .decision = decision,
        .since = since,
        .cells = &typed->cell[table->input_count],
        .cell_count = (size_t)(table->column_count - table->input_count)};
    return NULL;
}

/* The cells that count, as the model has them; notes are words. */
static void take_cells(const Rule *rule, Typed *typed)
{
    const SheetTable *table = rule->table;
    int32_t count = table->input_count + table->output_count;
    for (int32_t i = 0; i < count; i++) {
        typed->cell[i] = plain_cell(rule->reader.visit, typed->cell[i],
                                    i < table->input_count);
    }
}

static const char *make_text(const Rule *rule, Typed *typed, Str decision)
{
    typed->field = STR("code");
    typed->step.edit_count = 1;
    typed->cell[0] = plain_cell(rule->reader.visit, typed->cell[0], false);
    typed->edit[0] = (Edit){.what = EDIT_TEXT,
                            .decision = decision,
                            .cells = typed->cell,
                            .cell_count = 1};
    bool good = rule->expression && str_is(typed->what, "text");
    return good ? NULL : "web.error_400_text";
}

/* One edit for each expression of the part that is not as it was. */
static const char *make_part(const Rule *rule, Typed *typed, Str decision)
{
    Visit *visit = rule->reader.visit;
    const PolicyPart *part = policy_part(&rule->parts, typed->row);
    if (!str_is(typed->what, "part")) return "web.error_400_text";
    if (part == NULL) {
        typed->stale = true;
        typed->field = STR("stale-row");
        return "drafts.part_wrong";
    }
    typed->field =
        str_of(arena_format(visit->request->arena, "p%dc1", part->number));
    for (int32_t i = 0; i < part->count; i++) {
        typed->cell[i] = plain_cell(visit, typed->cell[i], false);
        Str old = str_trim(policy_part_text(part, i));
        if (str_equal(old, typed->cell[i])) continue;
        typed->edit[typed->step.edit_count++] = (Edit){.what = EDIT_PART,
                                                       .decision = decision,
                                                       .row = part->number + i,
                                                       .cells = &typed->cell[i],
                                                       .cell_count = 1};
    }
    return typed->step.edit_count > 0 ? NULL : "drafts.unchanged";
}

/* What the form asks for, on the newest text. Gives the key of a mistake. */
static const char *make_step(const Rule *rule, Typed *typed)
{
    HttpRequest *request = rule->reader.visit->request;
    Str decision = str_copy(request->arena, rule->item->name);
    int64_t row;
    if (rule->parts.count > 0) return make_part(rule, typed, decision);
    if (rule->table == NULL) return make_text(rule, typed, decision);
    take_cells(rule, typed);
    if (str_is(typed->what, "since")) {
        return make_since(rule->reader.visit, typed, rule->table, decision);
    }
    bool good = str_to_int(form_find(&request->field, "row"), &row) &&
                row >= 1 && row <= rule->table->row_count;
    if (!good) {
        typed->stale = true; /* what was typed belongs to no row */
        typed->field = STR("stale-row");
        return "drafts.row_wrong";
    }
    typed->row = (int32_t)row;
    typed->field = str_of(arena_format(request->arena, "r%dc1", typed->row));
    if (!make_edits(typed, rule->table, decision)) return "web.error_400_text";
    return typed->step.edit_count > 0 ? NULL : "drafts.unchanged";
}

/* Finds out what is to be done; false: the reply is filled. */
static bool prepare(Visit *visit, Typed *typed)
{
    Arena *work CLEANUP(arena_closep) = arena_open(DRAFT_PAGE_BYTES);
    Rule rule;
    const char *wrong;
    Err err = open_rule(visit, work, &rule);
    if (err != OK) {
        visit_fail(visit, err);
        return false;
    }
    typed->stale = is_stale(typed, &rule.reader.found);
    if (typed->stale) {
        typed->field = STR("stale");
        refuse(visit, typed, "drafts.newer", ERR_CONFLICT);
        return false;
    }
    wrong = make_step(&rule, typed);
    if (wrong != NULL) refuse(visit, typed, wrong, ERR_INVALID);
    return wrong == NULL;
}

void policy_draft_edit(HttpRequest *request)
{
    Visit *visit = policy_draft_require(request);
    if (visit == NULL) return;
    int64_t save, row;
    Typed *typed = ARENA_NEW(request->arena, Typed);
    typed->what = form_find(&request->field, "do");
    bool good = str_to_int(request->param[0], &typed->step.id) &&
                str_to_int(form_find(&request->field, "save"), &save) &&
                save > 0 && save <= INT32_MAX;
    if (!good) {
        visit_fail(visit, ERR_INVALID);
        return;
    }
    typed->step.verb = DRAFT_DO_EDIT;
    typed->step.save = (int32_t)save;
    typed->step.edits = typed->edit;
    read_cells(request, typed);
    bool placed = str_to_int(form_find(&request->field, "row"), &row);
    if (placed && row >= 1 && row <= INT32_MAX) typed->row = (int32_t)row;
    if (!prepare(visit, typed)) return;
    visit->state = typed;
    visit->own_errors = true;
    Err err = visit->backend->draft_step(visit->backend_self, &visit->call,
                                         &typed->step, &visit->diag);
    visit_after(visit, err, edited);
}

#include "web/policy_drafts.h"

#include "programme/diff.h"
#include "web/fill.h"
#include "web/policy_pages.h"

Visit *policy_draft_require(HttpRequest *request)
{
    return visit_desk(request, VISIT_POLICY);
}

bool policy_draft_tells(const Visit *visit)
{
    bool told = visit->err == ERR_INVALID || visit->err == ERR_CONFLICT ||
                visit->err == ERR_DENIED || visit->err == ERR_BUSY;
    return told && visit->diag.key[0] != '\0';
}

static PageFrame frame_of(Visit *visit, const char *here, bool wrong)
{
    PageFrame frame = visit_frame(visit, "drafts.title");
    frame.at_models = true;
    frame.mistaken = wrong;
    if (visit->request->method == HTTP_POST) frame.here = str_of(here);
    return frame;
}

/* The model of the law in force at a path, or NULL. */
static const PolicyModel *model_at(const Visit *visit, Str path)
{
    const Policy *policy = visit->law;
    for (int32_t i = 0; i < policy->count; i++) {
        if (str_is(path, policy->models[i].path)) return &policy->models[i];
    }
    return NULL;
}

static Str word_of(Visit *visit, const char *group, Str word)
{
    const char *key = arena_format(visit->request->arena, "draft.%s.%.*s",
                                   group, STR_ARG(word));
    return visit_text(visit, key);
}

PageDraftLine policy_draft_line(Visit *visit, const Draft *draft)
{
    const PolicyModel *model = model_at(visit, draft->path);
    PageDraftLine line = {
        .id = fill_id(visit, draft->id),
        .title = draft->title,
        .state =
            word_of(visit, "state", str_of(draft_state_name(draft->state))),
        .model = model == NULL ? draft->path : policy_line(visit, model).title,
        .by = draft->last_by,
        .live = draft->state < DRAFT_PUBLISHED};
    if (draft->from != DRAFT_NO_MONTH) {
        line.from = fill_month(visit, draft->from);
    }
    return line;
}

/* The page of all drafts; a mistake in the form keeps what was typed. */
static void show_list(Visit *visit, const PageMistake *mistake, int status)
{
    BackendDrafts found = {.draft_count = 0};
    Err err = visit->backend->drafts(visit->backend_self, &visit->call, &found);
    if (err != OK) {
        visit_fail(visit, err);
        return;
    }
    const FormPairs *typed = &visit->request->field;
    Arena *arena = visit->request->arena;
    const Policy *policy = visit->law;
    Str chosen = form_find(typed, "model");
    PageDraftLine *lines =
        ARENA_ARRAY(arena, PageDraftLine, found.draft_count + 1);
    for (size_t i = 0; i < found.draft_count; i++) {
        lines[i] = policy_draft_line(visit, &found.drafts[i]);
        lines[i].when = fill_instant(visit, found.drafts[i].last_at);
    }
    PageChoice *models = ARENA_ARRAY(arena, PageChoice, policy->count + 1);
    for (int32_t i = 0; i < policy->count; i++) {
        PageModelLine line = policy_line(visit, &policy->models[i]);
        models[i] =
            (PageChoice){line.name, line.title, str_equal(line.name, chosen)};
    }
    bool wrong = mistake != NULL;
    PageDrafts page = {.frame = frame_of(visit, "/p/drafts?", wrong),
                       .mistakes = mistake,
                       .mistakes_count = wrong,
                       .wrong = wrong,
                       .wrong_title = wrong && str_is(mistake->field, "title"),
                       .wrong_month = wrong && str_is(mistake->field, "month"),
                       .drafts = lines,
                       .drafts_count = found.draft_count,
                       .any_drafts = found.draft_count > 0,
                       .models = models,
                       .models_count = (size_t)policy->count,
                       .title = form_find(typed, "title"),
                       .month = form_find(typed, "month")};
    Out out = visit_out(visit);
    page_drafts(&out, &page);
    visit_reply(visit, status);
}

void policy_drafts(HttpRequest *request)
{
    Visit *visit = policy_draft_require(request);
    if (visit != NULL) show_list(visit, NULL, 200);
}

static void go_to(Visit *visit, int64_t id)
{
    http_redirect(visit->request,
                  str_of(arena_format(visit->request->arena, "/p/drafts/%lld",
                                      (long long)id)));
}

static void begun(Visit *visit)
{
    const BackendDraftStep *step = visit->state;
    if (visit->err == OK) {
        go_to(visit, step->id);
    } else if (policy_draft_tells(visit)) {
        const EditPlace nowhere = {.row = 0};
        bool old = strcmp(visit->diag.key, "draft.no_model") == 0;
        PageMistake mistake = {old ? STR("month") : STR("title"),
                               policy_draft_fault(visit, &visit->law->models[0],
                                                  &visit->diag, &nowhere)};
        show_list(visit, &mistake, err_http(visit->err));
    } else {
        visit_fail(visit, visit->err);
    }
}

/* Hands a step to the writer. */
static void submit(Visit *visit, BackendDraftStep *step, VisitStage *stage)
{
    visit->state = step;
    visit->own_errors = true;
    Err err = visit->backend->draft_step(visit->backend_self, &visit->call,
                                         step, &visit->diag);
    visit_after(visit, err, stage);
}

void policy_draft_begin(HttpRequest *request)
{
    Visit *visit = policy_draft_require(request);
    if (visit == NULL) return;
    const PolicyModel *model =
        policy_model(visit->law, form_find(&request->field, "model"));
    if (model == NULL) {
        visit_fail(visit, ERR_NOT_FOUND);
        return;
    }
    BackendDraftStep *step = ARENA_NEW(request->arena, BackendDraftStep);
    *step = (BackendDraftStep){.verb = DRAFT_DO_BEGIN,
                               .path = model->path,
                               .from = DRAFT_NO_MONTH,
                               .text = form_find(&request->field, "title")};
    Str month = str_trim(form_find(&request->field, "month"));
    if (month.bytes > 0 && !visit_month(visit, month, &step->from)) {
        PageMistake mistake = {STR("month"),
                               visit_text(visit, "drafts.month_wrong")};
        show_list(visit, &mistake, 400);
        return;
    }
    submit(visit, step, begun);
}

Str policy_draft_fault(Visit *visit, const PolicyModel *model, const Diag *diag,
                       const EditPlace *place)
{
    bool named = place->decision.bytes > 0;
    Str name =
        named ? policy_label(visit, model, place->decision) : place->decision;
    TextArg args[] = {TEXT_STR("0", name), TEXT_INT("1", place->row),
                      TEXT_STR("2", place->label),
                      TEXT_INT("3", place->column)};
    Diag plain = *diag; /* people look at tables, not at lines of a file */
    plain.file[0] = '\0';
    plain.line = 0;
    TextStyle style = visit->style;
    style.isolate = true; /* months and signs among Arabic words */
    Buf *buf = http_scratch(visit->request);
    if (named) {
        text_write(buf, &style, str_of(edit_place_key(place)), args, 4);
        buf_text(buf, ": ");
    }
    text_write_diag(buf, &style, &plain);
    return str_copy(visit->request->arena, buf_view(buf));
}

static void check(DraftReader *reader)
{
    const BackendDraft *found = &reader->found;
    Diag diag = {.key = ""};
    EditPlace place = {.row = 0};
    Err err = edit_check_in(reader->work, found->base, found->draft.path,
                            found->text, &diag, &reader->check, &place);
    if (err == OK) return;
    reader->fault =
        policy_draft_fault(reader->visit, reader->model, &diag, &place);
}

Err policy_draft_open(Visit *visit, Arena *work, DraftReader *ret)
{
    int64_t id;
    BackendCall call = visit->call;
    if (work == NULL) return ERR_FULL;
    call.arena = work;
    *ret = (DraftReader){.visit = visit, .work = work};
    if (!str_to_int(visit->request->param[0], &id)) return ERR_NOT_FOUND;
    TRY(visit->backend->draft(visit->backend_self, &call, id, &ret->found,
                              &visit->diag));
    ret->model = model_at(visit, ret->found.draft.path);
    if (ret->model == NULL) return ERR_NOT_FOUND;
    check(ret);
    return OK;
}

/* Differences in the reader's words, under the names of what they are in. */
static PageChange *changes_of(DraftReader *reader, const ModelWords *words,
                              const ModelDiff *diff)
{
    Visit *visit = reader->visit;
    TextStyle style = visit->style;
    style.isolate = true; /* days and values among Arabic words */
    PageChange *changes =
        ARENA_ARRAY(reader->work, PageChange, diff->count + 1);
    for (size_t i = 0; i < diff->count; i++) {
        const DiffItem *item = &diff->items[i];
        bool more = i > 0 && str_equal(item->name, diff->items[i - 1].name);
        Buf *buf = http_scratch(visit->request);
        diff_write_item(buf, &style, words, item);
        changes[i].text = str_copy(reader->work, buf_view(buf));
        if (more) continue;
        changes[i].head = words_label(&style, words, item->name);
    }
    return changes;
}

/* What the draft changes in the law from which it was begun. */
static Err fill_changes(DraftReader *reader, PageDraft *page)
{
    const BackendDraft *found = &reader->found;
    ModelDiff diff;
    ModelWords words = words_for(found->base, found->draft.path);
    TRY(model_diff(reader->work, found->base_text, found->text,
                   &reader->visit->diag, &diff));
    page->changes = changes_of(reader, &words, &diff);
    page->changes_count = diff.count;
    page->any_changes = diff.count > 0;
    return OK;
}

static void fill_version(DraftReader *reader, const DraftUndone *undone,
                         PageUndone *page)
{
    Visit *visit = reader->visit;
    size_t count = 0;
    for (size_t i = 0; i < undone->loss_count; i++) {
        count += undone->losses[i].diff.count;
    }
    PageChange *all = ARENA_ARRAY(reader->work, PageChange, count + 1);
    *page = (PageUndone){.version = fill_id(visit, undone->version),
                         .from = fill_month(visit, undone->from),
                         .title = undone->title,
                         .draft = fill_id(visit, undone->draft_id),
                         .changes = all,
                         .any_changes = count > 0};
    for (size_t i = 0; i < undone->loss_count; i++) {
        const DraftLoss *loss = &undone->losses[i];
        ModelWords words = words_for(undone->pack, loss->path);
        const PageChange *changes = changes_of(reader, &words, &loss->diff);
        for (size_t c = 0; c < loss->diff.count; c++) {
            all[page->changes_count++] = changes[c];
        }
    }
}

/* The published versions that it undoes, and what its reason is for. */
static void fill_undone(DraftReader *reader, PageDraft *page)
{
    const DraftUndoings *undone = &reader->found.undone;
    bool covers = page->covers.bytes > 0, undoes = undone->count > 0;
    PageUndone *all = ARENA_ARRAY(reader->work, PageUndone, undone->count + 1);
    for (size_t i = 0; i < undone->count; i++) {
        fill_version(reader, &undone->at[i], &all[i]);
    }
    page->undone = all;
    page->undone_count = undone->count;
    page->any_undone = undoes;
    page->reason_for =
        visit_text(reader->visit, covers && undoes ? "drafts.reason_both"
                                  : covers         ? "drafts.reason_decided"
                                  : undoes         ? "drafts.reason_undone"
                                                   : "drafts.reason_said");
}

static void fill_findings(DraftReader *reader, PageDraft *page)
{
    const DmnCheck *check = &reader->check;
    PageFinding *findings =
        ARENA_ARRAY(reader->work, PageFinding, check->count + 1);
    for (size_t i = 0; i < check->count; i++) {
        findings[i] =
            policy_finding(reader->visit, reader->model, &check->findings[i]);
    }
    page->fault = reader->fault;
    page->findings = findings;
    page->findings_count = check->count;
    page->any_findings = check->count > 0;
}

/* Its decisions and knowledge models, for their pages. */
static Err fill_items(DraftReader *reader, PageDraft *page)
{
    Visit *visit = reader->visit;
    Sheet sheet;
    TRY(sheet_read(reader->work, reader->found.text, &visit->diag, &sheet));
    PageItem *items = ARENA_ARRAY(reader->work, PageItem, sheet.count + 1);
    for (int32_t i = 0; i < sheet.count; i++) {
        const SheetItem *item = &sheet.items[i];
        bool rule =
            item->kind == SHEET_DECISION || item->kind == SHEET_KNOWLEDGE;
        if (!rule || item->id.bytes == 0) continue;
        items[page->items_count++] =
            (PageItem){.id = item->id,
                       .name = item->name,
                       .label = policy_label(visit, reader->model, item->name)};
    }
    page->items = items;
    return OK;
}

static void fill_steps_of(DraftReader *reader, PageDraft *page)
{
    Visit *visit = reader->visit;
    const BackendDraft *found = &reader->found;
    PageDraftStep *steps =
        ARENA_ARRAY(reader->work, PageDraftStep, found->step_count + 1);
    for (size_t i = 0; i < found->step_count; i++) {
        const DraftStep *step = &found->steps[i];
        steps[i] = (PageDraftStep){.when = fill_instant(visit, step->at),
                                   .by = step->actor,
                                   .what = word_of(visit, "step", step->what),
                                   .save = fill_id(visit, step->save),
                                   .text = step->text};
        if (step->from != DRAFT_NO_MONTH && str_is(step->what, "submitted")) {
            steps[i].from = fill_month(visit, step->from);
        }
    }
    page->steps = steps;
    page->steps_count = found->step_count;
}

static Err fill_draft(DraftReader *reader, PageDraft *page)
{
    const Draft *draft = &reader->found.draft;
    page->line = policy_draft_line(reader->visit, draft);
    page->frame.title = page->line.title;
    page->save = fill_id(reader->visit, draft->save);
    page->step = fill_id(reader->visit, draft->step);
    page->reason = draft->reason;
    page->covers = draft->covers;
    page->open = draft->state == DRAFT_OPEN;
    page->review = draft->state == DRAFT_REVIEW;
    page->approved = draft->state == DRAFT_APPROVED;
    if (page->open) page->reason = page->covers = (Str){"", 0};
    fill_undone(reader, page);
    TRY(fill_changes(reader, page));
    fill_findings(reader, page);
    fill_steps_of(reader, page);
    return fill_items(reader, page);
}

/* The page of the address; a mistake keeps what was typed. */
static void show(Visit *visit, const PageMistake *mistake, int status)
{
    Arena *work CLEANUP(arena_closep) = arena_open(DRAFT_PAGE_BYTES);
    DraftReader reader;
    HttpRequest *request = visit->request;
    const FormPairs *typed = &request->field;
    const bool wrong = mistake != NULL;
    const char *here = arena_format(request->arena, "/p/drafts/%.*s?",
                                    STR_ARG(request->param[0]));
    PageDraft page = {.frame = frame_of(visit, here, wrong),
                      .mistakes = mistake,
                      .mistakes_count = wrong,
                      .wrong = wrong,
                      .month = form_find(typed, "month"),
                      .wrong_month = wrong && str_is(mistake->field, "month"),
                      .wrong_why = wrong && str_is(mistake->field, "reason"),
                      .wrong_words = wrong && str_is(mistake->field, "words")};
    bool submits = str_is(form_find(typed, "do"), "submit");
    *(submits ? &page.why : &page.words) = form_find(typed, "text");
    Err err = policy_draft_open(visit, work, &reader);
    if (err == OK) err = fill_draft(&reader, &page);
    if (err != OK) {
        visit_fail(visit, err);
        return;
    }
    Out out = visit_out(visit);
    page_draft(&out, &page);
    visit_reply(visit, status);
}

void policy_draft(HttpRequest *request)
{
    Visit *visit = policy_draft_require(request);
    if (visit != NULL) show(visit, NULL, 200);
}

/* The field, or the part of the page, in which a mistake is mended. */
static Str field_of(BackendDraftVerb verb, const char *key)
{
    static const char *const of_month[] = {"draft.early", "draft.stale"};
    static const char *const of_reason[] = {"draft.closed", "draft.before",
                                            "draft.words", "draft.one_line"};
    if (verb == DRAFT_DO_APPROVE || verb == DRAFT_DO_PUBLISH) {
        return STR("next");
    }
    if (verb != DRAFT_DO_SUBMIT) return STR("words");
    for (size_t i = 0; i < sizeof of_month / sizeof of_month[0]; i++) {
        if (strcmp(key, of_month[i]) == 0) return STR("month");
    }
    for (size_t i = 0; i < sizeof of_reason / sizeof of_reason[0]; i++) {
        if (strcmp(key, of_reason[i]) == 0) return STR("reason");
    }
    return STR("check");
}

static void acted(Visit *visit)
{
    const BackendDraftStep *step = visit->state;
    if (visit->err == OK) {
        go_to(visit, step->id);
        return;
    }
    if (!policy_draft_tells(visit)) {
        visit_fail(visit, visit->err);
        return;
    }
    Str field = field_of(step->verb, visit->diag.key);
    const Policy *policy = visit->law;
    Str said = policy_draft_fault(visit, &policy->models[0], &visit->diag,
                                  &step->place);
    PageMistake mistake = {field, said};
    show(visit, &mistake, err_http(visit->err));
}

/* What the button says; DRAFT_VERBS when it is none of ours. */
static BackendDraftVerb verb_of(Str word)
{
    static const struct {
        const char *word;
        BackendDraftVerb verb;
    } all[] = {{"submit", DRAFT_DO_SUBMIT},   {"comment", DRAFT_DO_COMMENT},
               {"return", DRAFT_DO_RETURN},   {"withdraw", DRAFT_DO_WITHDRAW},
               {"approve", DRAFT_DO_APPROVE}, {"publish", DRAFT_DO_PUBLISH}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (str_is(word, all[i].word)) return all[i].verb;
    }
    return DRAFT_VERBS;
}

/* What is typed in a text area, as one line: its breaks are blanks. */
static Str one_line(Arena *arena, Str typed)
{
    Str said = str_trim(typed);
    char *at = arena_text(arena, said.bytes == 0 ? "" : said.at, said.bytes);
    size_t bytes = 0;
    for (size_t i = 0; i < said.bytes; i++) {
        bool blank = at[i] == '\r' || at[i] == '\n' || at[i] == '\t';
        if (blank && bytes > 0 && at[bytes - 1] == ' ') continue;
        at[bytes++] = blank ? ' ' : at[i];
    }
    return (Str){at, bytes};
}

void policy_draft_act(HttpRequest *request)
{
    Visit *visit = policy_draft_require(request);
    if (visit == NULL) return;
    int64_t save = 0, newest;
    BackendDraftStep *step = ARENA_NEW(request->arena, BackendDraftStep);
    *step = (BackendDraftStep){
        .verb = verb_of(form_find(&request->field, "do")),
        .text = one_line(request->arena, form_find(&request->field, "text"))};
    bool good = step->verb != DRAFT_VERBS &&
                str_to_int(request->param[0], &step->id) &&
                str_to_int(form_find(&request->field, "save"), &save) &&
                save > 0 && save <= INT32_MAX;
    if (!good) {
        visit_fail(visit, ERR_INVALID);
        return;
    }
    step->save = (int32_t)save;
    if (str_to_int(form_find(&request->field, "step"), &newest) && newest > 0 &&
        newest <= INT32_MAX) {
        step->newest = (int32_t)newest;
    }
    Str month = str_trim(form_find(&request->field, "month"));
    if (step->verb == DRAFT_DO_SUBMIT &&
        !visit_month(visit, month, &step->from)) {
        PageMistake mistake = {STR("month"),
                               visit_text(visit, "drafts.month_wrong")};
        show(visit, &mistake, 400);
        return;
    }
    submit(visit, step, acted);
}

#include "web/policy_ask.h"

#include "web/fill.h"

enum { PERCENT = 100 };

/* The pages that ask. */
static const char *const pages[] = {"simulate", "forecast", "sweep"};

Str policy_ask_address(Visit *visit, const char *page, Str query)
{
    return str_of(arena_format(visit->request->arena, "/p/%s?%.*s", page,
                               STR_ARG(query)));
}

Visit *policy_ask_begin(HttpRequest *request, const char *page, PolicyAsk *ask)
{
    Visit *visit = visit_require(request, VISIT_SIMULATES);
    if (visit == NULL) return NULL;
    PolicyLaw law;
    PolicyShelf *laws = visit->site->laws;
    const Lab *lab = visit->site->config->lab;
    Month first = lab == NULL ? FACTS_FIRST_MONTH : lab_first_month(lab);
    policy_form_month(visit, first, &ask->form);
    Err err = laws == NULL ? ERR_NOT_FOUND
                           : policy_shelf_law(laws, ask->form.month, request,
                                              &visit->diag, &law);
    if (err == OK && law.policy->count == 0) err = ERR_NOT_FOUND;
    if (err != OK) {
        visit_fail(visit, err);
        return NULL;
    }
    ask->page = page;
    ask->law = law.lab;
    policy_form_read(visit, &law.policy->models[0], &ask->form);
    ask->address = policy_ask_address(visit, page, ask->form.address);
    return visit;
}

PageFrame policy_ask_frame(Visit *visit, const PolicyAsk *ask,
                           const char *title)
{
    PageFrame frame = visit_frame(visit, title);
    frame.at_simulate = true;
    frame.mistaken = ask->form.mistake_count > 0;
    frame.next = ask->state.next;
    return frame;
}

PageTries policy_ask_tries(Visit *visit, const PolicyAsk *ask)
{
    Str query = ask->form.address;
    return (PageTries){.simulate = policy_ask_address(visit, pages[0], query),
                       .forecast = policy_ask_address(visit, pages[1], query),
                       .sweep = policy_ask_address(visit, pages[2], query),
                       .at_simulate = strcmp(ask->page, pages[0]) == 0,
                       .at_forecast = strcmp(ask->page, pages[1]) == 0,
                       .at_sweep = strcmp(ask->page, pages[2]) == 0};
}

Str policy_ask_name(Visit *visit, int32_t scenario)
{
    /* people call them A, B, C in both languages' addresses and tables */
    TextArg arg = TEXT_STR(
        "0", str_of(arena_format(visit->request->arena, "%c", 'A' + scenario)));
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, STR("policy.scenario"), &arg, 1);
    return str_copy(visit->request->arena, buf_view(buf));
}

const PageSummary *policy_ask_summaries(Visit *visit, const PolicyForm *form)
{
    Arena *arena = visit->request->arena;
    PageSummary *summaries = ARENA_ARRAY(arena, PageSummary, SCENARIOS_MAX);
    for (int32_t s = 0; s < form->scenario_count; s++) {
        Str words[FIGURES_MAX];
        int32_t many = policy_form_words(visit, form, s, words);
        PageWords *changes = ARENA_ARRAY(arena, PageWords, FIGURES_MAX);
        for (int32_t i = 0; i < many; i++) changes[i].text = words[i];
        summaries[s] =
            (PageSummary){.letter = str_of(arena_format(arena, "%c", 'a' + s)),
                          .name = policy_ask_name(visit, s),
                          .changes = changes,
                          .changes_count = (size_t)many,
                          .none = many == 0};
    }
    return summaries;
}

/* The address at which a page looks on. */
static Str look_on(Visit *visit, const PolicyAsk *ask, int64_t job)
{
    return str_of(arena_format(visit->request->arena, "%.*s&job=%lld",
                               STR_ARG(ask->address), (long long)job));
}

static void show(Visit *visit, PolicyAsk *ask, const char *title, Str text,
                 int status)
{
    ask->state.title = visit_text(visit, title);
    ask->state.text = text;
    if (!ask->state.open) ask->state.again = ask->address;
    ask->show(visit, status);
}

Str policy_ask_file(Visit *visit, const PolicyAsk *ask)
{
    Str query = ask->address;
    const char *mark = memchr(query.at, '?', query.bytes);
    query = (Str){mark + 1, (size_t)(query.at + query.bytes - mark - 1)};
    return str_of(arena_format(visit->request->arena, "/p/%s/csv?%.*s",
                               ask->page, STR_ARG(query)));
}

void policy_ask_give(Visit *visit, const PolicyAsk *ask, int status)
{
    HttpRequest *request = visit->request;
    if (ask->state.open) {
        http_redirect(request, ask->state.next);
    } else if (!ask->found) {
        visit_error(visit, status == 200 ? 404 : status);
    } else {
        Str month = fill_month_code(visit, ask->form.month);
        const char *file =
            arena_format(request->arena, "attachment; filename=\"%s-%.*s.csv\"",
                         ask->page, STR_ARG(month));
        http_reply_header(request, "Content-Disposition", str_of(file));
        http_reply(request, 200, "text/csv; charset=utf-8");
    }
}

/* How far a job is. */
static void show_progress(Visit *visit, PolicyAsk *ask, int64_t job,
                          const LabStatus *status)
{
    bool runs = status->state == LAB_RUNS;
    int64_t percent =
        status->all > 0 ? status->done * PERCENT / status->all : 0;
    TextArg ahead = TEXT_INT("0", status->ahead);
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style,
               runs                 ? STR("policy.runs_text")
               : status->ahead == 0 ? STR("policy.waits_now")
                                    : STR("policy.waits_text"),
               &ahead, 1);
    Str text = str_copy(visit->request->arena, buf_view(buf));
    Str query = ask->address;
    const char *mark = memchr(query.at, '?', query.bytes);
    query = (Str){mark + 1, (size_t)(query.at + query.bytes - mark - 1)};
    ask->state.open = true;
    ask->state.page = str_of(ask->page);
    ask->state.query = query;
    ask->state.job = fill_id(visit, job);
    ask->state.next = look_on(visit, ask, job);
    ask->state.percent = fill_id(visit, percent);
    show(visit, ask, runs ? "policy.runs" : "policy.waits", text, 202);
}

/* A month or figures that the model cannot work with are mistakes of the
 * form, and it is kept. */
static void show_failure(Visit *visit, PolicyAsk *ask, const LabStatus *status)
{
    PolicyForm *form = &ask->form;
    visit->diag = status->diag;
    if (status->err == ERR_BUSY) {
        show(visit, ask, "policy.refused", visit_diag(visit), 503);
    } else if (status->err == ERR_INVALID || status->err == ERR_RANGE) {
        form->mistake[form->mistake_count++] =
            (PageMistake){STR("scenarios"), visit_diag(visit)};
        ask->show(visit, 400);
    } else {
        visit_fail(visit, status->err);
    }
}

/* A job that was asked for, however it is. */
static void look(Visit *visit, PolicyAsk *ask, int64_t job)
{
    LabStatus status;
    Lab *lab = visit->site->config->lab;
    lab_status(lab, visit->session.account, job, &status);
    ask->micros = status.micros;
    switch (status.state) {
    case LAB_WAITS:
    case LAB_RUNS:
        show_progress(visit, ask, job, &status);
        break;
    case LAB_FAILED:
        show_failure(visit, ask, &status);
        break;
    case LAB_STOPPED:
        show(visit, ask, "policy.stopped",
             visit_text(visit, "policy.stopped_text"), 200);
        break;
    case LAB_REPLACED:
        show(visit, ask, "policy.replaced",
             visit_text(visit, "policy.replaced_text"), 200);
        break;
    case LAB_DONE: /* so long ago that it is no longer kept */
    case LAB_UNKNOWN:
        http_redirect(visit->request, ask->address);
        break;
    }
}

static bool take_answers(Visit *visit, PolicyAsk *ask)
{
    ask->found = lab_kept(visit->site->config->lab, &ask->law, ask->question,
                          ask->count, visit->request->arena, ask->answer);
    return ask->found;
}

/* The job is over, or a moment has passed. */
static void answered(Visit *visit)
{
    PolicyAsk *ask = visit->state;
    LabStatus status;
    if (visit->err == ERR_BUSY) {
        show(visit, ask, "policy.refused", visit_diag(visit), 503);
    } else if (visit->err != OK) {
        visit_fail(visit, visit->err);
    } else if (take_answers(visit, ask)) {
        lab_status(visit->site->config->lab, visit->session.account, ask->job,
                   &status);
        ask->micros = status.micros;
        ask->show(visit, 200);
    } else {
        look(visit, ask, ask->job);
    }
}

static void ask_lab(Visit *visit, PolicyAsk *ask)
{
    bool waits = false;
    const SiteConfig *config = visit->site->config;
    LabWork work = {.law = &ask->law,
                    .who = visit->session.account,
                    .page = str_of(ask->page),
                    .questions = ask->question,
                    .count = ask->count,
                    .moment_ms = POLICY_MOMENT_MS,
                    .done = visit->call.done,
                    .arg = visit->call.done_arg};
    visit->own_errors = true;
    Err err = lab_ask(config->lab, &work, &visit->diag, &ask->job, &waits);
    visit->call.waiting = waits;
    visit_after(visit, err, answered);
}

void policy_ask(Visit *visit, PolicyAsk *ask)
{
    int64_t job = 0;
    HttpRequest *request = visit->request;
    Str typed = form_find(&request->query, "job");
    bool wrong = ask->form.mistake_count > 0;
    if (visit->site->config->lab == NULL || wrong || ask->count == 0) {
        ask->show(visit, wrong ? 400 : 200);
    } else if (ask->form.needless) {
        http_redirect(request, ask->address);
    } else if (take_answers(visit, ask)) {
        if (typed.at == NULL) {
            ask->show(visit, 200);
        } else {
            http_redirect(request, ask->address);
        }
    } else if (typed.at != NULL) {
        (void)str_to_int(typed, &job);
        look(visit, ask, job);
    } else {
        ask_lab(visit, ask);
    }
}

void policy_stop(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_SIMULATES);
    if (visit == NULL) return;
    int64_t job = 0;
    Lab *lab = visit->site->config->lab;
    Str page = form_find(&request->field, "page");
    Str query = form_find(&request->field, "query");
    const char *path = NULL;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (str_is(page, pages[i])) path = pages[i];
    }
    if (lab == NULL || path == NULL) {
        visit_fail(visit, ERR_NOT_FOUND);
        return;
    }
    (void)str_to_int(form_find(&request->field, "job"), &job);
    lab_cancel(lab, visit->session.account, job);
    http_redirect(request,
                  str_of(arena_format(request->arena, "/p/%s?%.*s&job=%lld",
                                      path, STR_ARG(query), (long long)job)));
}

#include "web/policy_simulate.h"

#include "simulation/report.h"
#include "text/chart.h"
#include "text/html.h"
#include "text/number.h"
#include "web/fill.h"
#include "web/policy_ask.h"
#include "web/policy_bench.h"
#include "web/policy_uncertain.h"

enum { MONTHS = 12, MICROS = 1000, SHARE_PLACES = 4, COLUMNS_MAX = 4 };

/* What is drawn of a group. */
typedef enum Shown {
    SHOW_COST,
    SHOW_COVERED,
    SHOW_WINNERS,
    SHOW_LOSERS,
    SHOW_IN,
    SHOW_OUT,
    SHOWS
} Shown;

static const struct {
    const char *name, *key;
} shows[SHOWS] = {
    {"cost", "policy.show_cost"},       {"covered", "policy.show_covered"},
    {"winners", "policy.show_winners"}, {"losers", "policy.show_losers"},
    {"in", "policy.show_in"},           {"out", "policy.show_out"}};

/* A simulation that is asked for. */
typedef struct Trial {
    PolicyAsk ask; /* a question for each scenario */
    Shown show;
    Str sets[SCENARIOS_MAX][FIGURES_MAX];
    int32_t wanted; /* the scenario of an export */
    PolicyUncertain uncertain;
} Trial;

static const char letters[SCENARIOS_MAX + 1] = "abc";

static Str letter_of(Visit *visit, int32_t scenario)
{
    /* people call them A, B, C in both languages' addresses and tables */
    return str_of(arena_format(visit->request->arena, "%c",
                               letters[scenario] - 'a' + 'A'));
}

static Str keep(Visit *visit, const Buf *buf)
{
    return str_copy(visit->request->arena, buf_view(buf));
}

/* The address of a page about the same, with one more word to its query. */
static Str address_of(Visit *visit, const Trial *trial, const char *path,
                      const char *name, Str value)
{
    Buf *buf = http_scratch(visit->request);
    buf_format(buf, "%s?%.*s", path, STR_ARG(trial->ask.form.address));
    if (value.bytes > 0) {
        buf_format(buf, "&%s=", name);
        form_escape(buf, value);
    }
    if (trial->uncertain.asked) {
        buf_format(buf, "&uncertain=%c", letters[trial->uncertain.scenario]);
    }
    return keep(visit, buf);
}

static Str show_of(const Trial *trial)
{
    if (trial->show == SHOW_COST) return (Str){"", 0};
    return str_of(shows[trial->show].name);
}

static void read_show(Trial *trial)
{
    Str typed = trial->ask.form.show;
    for (int i = 0; i < SHOWS; i++) {
        if (str_is(typed, shows[i].name)) trial->show = (Shown)i;
    }
    bool same = str_equal(typed, show_of(trial));
    if (typed.at != NULL && (!same || typed.bytes == 0)) {
        trial->ask.form.needless = true;
    }
}

static void fill_form(Visit *visit, Trial *trial, PageSimulate *page)
{
    const PolicyForm *form = &trial->ask.form;
    page->bench = policy_bench(visit, form, STR("/p/simulate"));
    page->show = show_of(trial);
    page->mistakes = form->mistake;
    page->mistakes_count = form->mistake_count;
    page->wrong = form->mistake_count > 0;
}

/* A row of the totals: how a figure of a report is written. */
typedef struct Row {
    const char *key;
    enum { ROW_COUNT, ROW_MONEY, ROW_SHARE } kind;
    int64_t before, after;
    bool once;   /* told of the change alone: the law has none of it */
    bool hidden; /* it would tell of few */
} Row;

enum { ROWS = 12 };

static void rows_of(const SimulateReport *report, Row rows[ROWS])
{
    const SimulateCell *all = &report->all;
    const SimulatePoverty *poor = &report->poverty;
    bool few = all->hidden;
    const Row made[ROWS] = {
        {"policy.households", ROW_COUNT, all->eligible_before,
         all->eligible_after, false, few},
        {"policy.cost_month", ROW_MONEY, all->cost_before, all->cost_after,
         false, few},
        {"policy.cost_year", ROW_MONEY, all->cost_before * MONTHS,
         all->cost_after * MONTHS, false, few},
        {"policy.newly_in", ROW_COUNT, 0, all->newly_in, true, few},
        {"policy.newly_out", ROW_COUNT, 0, all->newly_out, true, few},
        {"policy.winners", ROW_COUNT, 0, all->winners, true, few},
        {"policy.gain", ROW_MONEY, 0, all->gain, true, few},
        {"policy.losers", ROW_COUNT, 0, all->losers, true, few},
        {"policy.loss", ROW_MONEY, 0, all->loss, true, few},
        {"policy.poor", ROW_COUNT, poor->before.households,
         poor->after.households, false, poor->hidden},
        {"policy.gap", ROW_MONEY, poor->before.gap, poor->after.gap, false,
         poor->hidden},
        {"policy.gini", ROW_SHARE, report->gini_before, report->gini_after,
         false, few}};
    memcpy(rows, made, sizeof made);
}

/* A number of a row; with its sign when it is a difference. */
static Str row_number(Visit *visit, const Row *row, int64_t value, bool change)
{
    bool below = value < 0;
    int64_t size = below ? -value : value;
    Buf *buf = http_scratch(visit->request);
    if (change) buf_text(buf, below ? "\xE2\x88\x92" : "+");
    if (row->kind == ROW_COUNT) number_write(buf, &visit->style, size);
    if (row->kind == ROW_MONEY) {
        number_write_amount(buf, &visit->style, (Money){size});
    }
    if (row->kind == ROW_SHARE) {
        int64_t rounded = (size + 50) / 100;
        Str text = str_of(arena_format(
            visit->request->arena, "%lld.%0*lld", (long long)(rounded / 10000),
            SHARE_PLACES, (long long)(rounded % 10000)));
        number_write_exact(buf, &visit->style, text);
    }
    return keep(visit, buf);
}

static void fill_totals(Visit *visit, const Trial *trial, PageSimulate *page)
{
    Arena *arena = visit->request->arena;
    PageTotal *totals = ARENA_ARRAY(arena, PageTotal, ROWS);
    PageTotalCell *cells =
        ARENA_ARRAY(arena, PageTotalCell, ROWS * COLUMNS_MAX);
    int32_t count = trial->ask.form.scenario_count;
    Row rows[COLUMNS_MAX][ROWS];
    for (int32_t s = 0; s < count; s++) {
        rows_of(trial->ask.answer[s].report, rows[s]);
    }
    for (int r = 0; r < ROWS; r++, cells += COLUMNS_MAX) {
        for (int32_t s = 0; s < count; s++) {
            const Row *row = &rows[s][r];
            int64_t change = row->after - row->before;
            totals[r].label = visit_text(visit, row->key);
            cells[0] = (PageTotalCell){
                .label = visit_text(visit, "policy.law"),
                .value = row->once ? STR("\xE2\x80\x93")
                                   : row_number(visit, row, row->before, false),
                .hidden = cells[0].hidden || row->hidden};
            cells[s + 1] = (PageTotalCell){
                .label = policy_ask_name(visit, s),
                .value = row_number(visit, row, row->after, false),
                .hidden = row->hidden};
            if (!row->once && change != 0) {
                cells[s + 1].change = row_number(visit, row, change, true);
            }
        }
        totals[r].cells = cells;
        totals[r].cells_count = (size_t)count + 1;
    }
    page->totals = totals;
    page->totals_count = ROWS;
}

enum { ROW_COVERED = 0, ROW_COST = 1 };

static void fill_glances(Visit *visit, const Trial *trial, PageSimulate *page)
{
    PageGlance *glances =
        ARENA_ARRAY(visit->request->arena, PageGlance, SCENARIOS_MAX);
    for (int32_t s = 0; s < trial->ask.form.scenario_count; s++) {
        const PageTotalCell *covered = &page->totals[ROW_COVERED].cells[s + 1];
        const PageTotalCell *cost = &page->totals[ROW_COST].cells[s + 1];
        glances[s] = (PageGlance){.letter = str_of(arena_format(
                                      visit->request->arena, "%c", letters[s])),
                                  .name = policy_ask_name(visit, s),
                                  .cost = cost->value,
                                  .cost_change = cost->change,
                                  .covered = covered->value,
                                  .covered_change = covered->change,
                                  .hidden = cost->hidden};
    }
    page->glances = glances;
    page->glances_count = (size_t)trial->ask.form.scenario_count;
}

static void fill_summaries(Visit *visit, const Trial *trial, PageSimulate *page)
{
    int32_t count = trial->ask.form.scenario_count;
    PageColumn *columns =
        ARENA_ARRAY(visit->request->arena, PageColumn, COLUMNS_MAX);
    columns[0].name = visit_text(visit, "policy.law");
    for (int32_t s = 0; s < count; s++) {
        columns[s + 1].name = policy_ask_name(visit, s);
    }
    page->summaries = policy_ask_summaries(visit, &trial->ask.form);
    page->summaries_count = (size_t)count;
    page->columns = columns;
    page->columns_count = (size_t)count + 1;
}

static void fill_shows(Visit *visit, const Trial *trial, PageSimulate *page)
{
    PageShow *links = ARENA_ARRAY(visit->request->arena, PageShow, SHOWS);
    for (int i = 0; i < SHOWS; i++) {
        Str value = i == SHOW_COST ? (Str){"", 0} : str_of(shows[i].name);
        links[i] = (PageShow){
            .label = visit_text(visit, shows[i].key),
            .address = address_of(visit, trial, "/p/simulate", "show", value),
            .here = trial->show == (Shown)i};
    }
    page->shows = links;
    page->shows_count = SHOWS;
}

/* The line under which somebody is poor, in words. */
static Str line_of(Visit *visit, const SimulatePoverty *poverty)
{
    TextArg arg = TEXT_STR("0", fill_money(visit, (Money){poverty->line}));
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style,
               poverty->assumed ? STR("simulate.line_assumed")
                                : STR("simulate.line"),
               &arg, 1);
    return keep(visit, buf);
}

static void fill_found(Visit *visit, const Trial *trial, PageSimulate *page)
{
    int64_t micros = trial->ask.micros;
    page->found = true;
    page->month_words = fill_month(visit, trial->ask.form.month);
    page->households = trial->ask.answer[0].report->all.households;
    if (micros > 0) page->took = fill_id(visit, (micros + MICROS / 2) / MICROS);
    page->line = line_of(visit, &trial->ask.answer[0].report->poverty);
    fill_summaries(visit, trial, page);
    fill_totals(visit, trial, page);
    fill_glances(visit, trial, page);
    fill_shows(visit, trial, page);
}

/* What a group is called. */
static Str group_label(Visit *visit, const char *dimension, Str label)
{
    const char *key =
        arena_format(visit->request->arena, "%s%s.%.*s",
                     strcmp(dimension, "region") == 0 ? "fact." : "simulate.",
                     dimension, STR_ARG(label));
    if (text_has(visit->style.texts, str_of(key))) {
        return visit_text(visit, key);
    }
    if (label.bytes == 0 || label.at[label.bytes - 1] != '+') return label;
    TextArg from = TEXT_STR("0", ((Str){label.at, label.bytes - 1}));
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, STR("simulate.and_more"), &from, 1);
    return keep(visit, buf);
}

static int64_t value_of(const SimulateCell *cell, Shown show, bool before)
{
    switch (show) {
    case SHOW_COST:
        return before ? cell->cost_before : cell->cost_after;
    case SHOW_COVERED:
        return before ? cell->eligible_before : cell->eligible_after;
    case SHOW_WINNERS:
        return cell->winners;
    case SHOW_LOSERS:
        return cell->losers;
    case SHOW_IN:
        return cell->newly_in;
    case SHOW_OUT:
    case SHOWS:
        break;
    }
    return cell->newly_out;
}

/* The groups of a dimension where somebody is, as a chart wants them. */
typedef struct Groups {
    Str label[SIMULATE_GROUPS_MAX];
    bool hidden[SIMULATE_GROUPS_MAX];
    int64_t value[COLUMNS_MAX][SIMULATE_GROUPS_MAX];
    int32_t count;
} Groups;

static Groups *groups_of(Visit *visit, const Trial *trial, int dimension)
{
    Groups *groups = ARENA_NEW(visit->request->arena, Groups);
    const SimulateDimension *first =
        &trial->ask.answer[0].report->dimension[dimension];
    for (int32_t g = 0; g < first->count; g++) {
        if (first->cell[g].households == 0) continue;
        int32_t at = groups->count++;
        groups->label[at] = group_label(visit, first->name, first->label[g]);
        groups->value[0][at] = value_of(&first->cell[g], trial->show, true);
        for (int32_t s = 0; s < trial->ask.form.scenario_count; s++) {
            const SimulateCell *cell =
                &trial->ask.answer[s].report->dimension[dimension].cell[g];
            groups->value[s + 1][at] = value_of(cell, trial->show, false);
            groups->hidden[at] = groups->hidden[at] || cell->hidden;
        }
    }
    return groups;
}

static void draw(Visit *visit, const Trial *trial, int dimension)
{
    Arena *arena = visit->request->arena;
    const char *name = trial->ask.answer[0].report->dimension[dimension].name;
    const Groups *groups = groups_of(visit, trial, dimension);
    bool both = trial->show == SHOW_COST || trial->show == SHOW_COVERED;
    Chart chart = {.id = arena_format(arena, "chart%d", dimension),
                   .title = visit_text(visit, shows[trial->show].key),
                   .group = visit_text(visit, "simulate.group"),
                   .label = groups->label,
                   .hidden = groups->hidden,
                   .count = groups->count,
                   .unit =
                       trial->show == SHOW_COST ? CHART_MONEY : CHART_COUNT};
    if (groups->count == 0) return;
    if (both) {
        chart.series[chart.series_count++] =
            (ChartSeries){visit_text(visit, "policy.law"), groups->value[0]};
    }
    for (int32_t s = 0; s < trial->ask.form.scenario_count; s++) {
        chart.series[chart.series_count++] =
            (ChartSeries){policy_ask_name(visit, s), groups->value[s + 1]};
    }
    const char *title = arena_format(arena, "simulate.by_%s", name);
    PageSimulateGroup page = {.id = str_of(arena_format(arena, "by-%s", name)),
                              .title = visit_text(visit, title)};
    Out out = visit_out(visit);
    page_simulate_group(&out, &page);
    chart_bars(out.buf, &visit->style, &chart);
    page_simulate_table(&out, &page);
    chart_table(out.buf, &visit->style, &chart);
    buf_text(out.buf, "</div>\n</div>\n</section>\n");
}

/* "Scenario B, CSV". */
static PageExport export_of(Visit *visit, const Trial *trial, const char *path,
                            const char *key, int32_t scenario)
{
    TextArg arg = TEXT_STR("0", letter_of(visit, scenario));
    Str of =
        str_of(arena_format(visit->request->arena, "%c", letters[scenario]));
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, str_of(key), &arg, 1);
    Str label = keep(visit, buf);
    return (PageExport){label, address_of(visit, trial, path, "of", of)};
}

static void fill_exports(Visit *visit, const Trial *trial, PageSimulateEnd *end)
{
    PageExport *links =
        ARENA_ARRAY(visit->request->arena, PageExport, 2 * SCENARIOS_MAX + 1);
    links[end->exports_count++] = (PageExport){
        visit_text(visit, "policy.export_json"),
        address_of(visit, trial, "/p/simulate/json", "", (Str){"", 0})};
    for (int32_t s = 0; s < trial->ask.form.scenario_count; s++) {
        links[end->exports_count++] = export_of(
            visit, trial, "/p/simulate/report", "policy.export_page", s);
        links[end->exports_count++] =
            export_of(visit, trial, "/p/simulate/csv", "policy.export_csv", s);
    }
    end->exports = links;
}

/* For each scenario the way to what it costs by other readings. */
static void fill_readings(Visit *visit, const Trial *trial,
                          PageSimulateEnd *end)
{
    PageExport *links =
        ARENA_ARRAY(visit->request->arena, PageExport, SCENARIOS_MAX);
    for (int32_t s = 0; s < trial->ask.form.scenario_count; s++) {
        if (trial->uncertain.asked && trial->uncertain.scenario == s) continue;
        TextArg arg = TEXT_STR("0", policy_ask_name(visit, s));
        Buf *buf = http_scratch(visit->request);
        text_write(buf, &visit->style, STR("policy.other_readings"), &arg, 1);
        PageExport *link = &links[end->readings_count++];
        link->label = keep(visit, buf);
        buf = http_scratch(visit->request);
        buf_format(buf, "/p/simulate?%.*s", STR_ARG(trial->ask.form.address));
        if (show_of(trial).bytes > 0) {
            buf_format(buf, "&show=%.*s", STR_ARG(show_of(trial)));
        }
        buf_format(buf, "&uncertain=%c#readings", letters[s]);
        link->address = keep(visit, buf);
    }
    end->readings = links;
}

/* What the officer keeps; a list that cannot be read is not shown. */
static void fill_saved(Visit *visit, const Trial *trial, PageSimulateEnd *end)
{
    BackendScenarios kept = {NULL, 0};
    Err err =
        visit->backend->scenarios(visit->backend_self, &visit->call, &kept);
    size_t count = err == OK ? kept.scenario_count : 0;
    PageSaved *saved = ARENA_ARRAY(visit->request->arena, PageSaved, count + 1);
    for (size_t i = 0; i < count; i++) {
        saved[i] = (PageSaved){
            kept.scenarios[i].name,
            str_of(arena_format(visit->request->arena, "/p/simulate?%.*s",
                                STR_ARG(kept.scenarios[i].query)))};
    }
    end->query = trial->ask.form.address;
    end->saved = saved;
    end->saved_count = count;
    end->any_saved = count > 0;
}

static ReformReport report_of(const Trial *trial, int32_t scenario)
{
    const PolicyUncertain *uncertain = &trial->uncertain;
    bool told = uncertain->asked && uncertain->scenario == scenario;
    return (ReformReport){.month = trial->ask.form.month,
                          .change = trial->sets[scenario],
                          .change_count =
                              trial->ask.question[scenario].set_count,
                          .found = trial->ask.answer[scenario].report,
                          .uncertainty = told ? &uncertain->all : NULL,
                          .assumptions = told ? &uncertain->assumptions : NULL};
}

/* What a scenario rests on, and what it costs by other readings. */
static void draw_readings(Visit *visit, Trial *trial, Buf *buf)
{
    PolicyUncertain *uncertain = &trial->uncertain;
    policy_uncertain_tell(visit, &trial->ask, true, uncertain);
    ReformReport report = report_of(trial, uncertain->scenario);
    buf_text(buf, "<div id=\"readings\">\n<p><strong>");
    html_text(buf, policy_ask_name(visit, uncertain->scenario));
    buf_text(buf, "</strong></p>\n");
    report_rests(buf, &visit->style, &report);
    buf_text(buf, "</div>\n");
}

/* The whole page. */
static void show_page(Visit *visit, int status)
{
    Trial *trial = visit->state;
    bool found = trial->ask.found;
    PageSimulate page = {
        .frame = policy_ask_frame(visit, &trial->ask, "policy.simulate"),
        .state = trial->ask.state,
        .empty = visit->site->config->lab == NULL};
    page.tries = policy_ask_tries(visit, &trial->ask);
    fill_form(visit, trial, &page);
    if (found) fill_found(visit, trial, &page);
    Out out = visit_out(visit);
    page_simulate(&out, &page);
    for (int i = 0; found && i < SIMULATE_DIMENSIONS; i++) {
        draw(visit, trial, i);
    }
    if (found && trial->uncertain.asked) draw_readings(visit, trial, out.buf);
    PageSimulateEnd end = {.frame = page.frame,
                           .fewest = fill_id(visit, SIMULATE_SMALL),
                           .found = found};
    fill_readings(visit, trial, &end);
    fill_exports(visit, trial, &end);
    fill_saved(visit, trial, &end);
    page_simulate_end(&out, &end);
    visit_reply(visit, status);
}

/* Notes a question for each scenario. */
static Err fill_questions(Visit *visit, Trial *trial)
{
    PolicyAsk *ask = &trial->ask;
    ask->count = ask->form.scenario_count;
    for (int32_t s = 0; s < ask->count; s++) {
        ask->question[s] =
            (LabQuestion){.month = ask->form.month,
                          .sets = trial->sets[s],
                          .set_count = policy_form_sets(visit, &ask->form, s,
                                                        trial->sets[s])};
    }
    return policy_uncertain_ask(visit, ask, &trial->uncertain);
}

/* Reads what is asked for. False, with the reply filled, when there is nobody
 * to ask or nothing to ask of. */
static bool begin(HttpRequest *request, Visit **ret_visit, Trial **ret)
{
    Trial *trial = ARENA_NEW(request->arena, Trial);
    Visit *visit = policy_ask_begin(request, "simulate", &trial->ask);
    if (visit == NULL) return false;
    read_show(trial);
    policy_uncertain_read(visit, &trial->ask, &trial->uncertain);
    trial->ask.address =
        address_of(visit, trial, "/p/simulate", "show", show_of(trial));
    visit->state = trial;
    if (trial->ask.form.mistake_count == 0) {
        Err err = fill_questions(visit, trial);
        if (err != OK) {
            visit_fail(visit, err);
            return false;
        }
    }
    *ret_visit = visit;
    *ret = trial;
    return true;
}

void policy_simulate(HttpRequest *request)
{
    Visit *visit;
    Trial *trial;
    if (!begin(request, &visit, &trial)) return;
    trial->ask.show = show_page;
    policy_ask(visit, &trial->ask);
}

static void write_json(Visit *visit, const Trial *trial)
{
    JsonOut out = json_out_make(http_body(visit->request));
    json_out_object(&out);
    json_out_key(&out, "scenarios");
    json_out_array(&out);
    for (int32_t s = 0; s < trial->ask.form.scenario_count; s++) {
        ReformReport report = report_of(trial, s);
        json_out_object(&out);
        json_out_key(&out, "set");
        json_out_array(&out);
        for (int32_t i = 0; i < report.change_count; i++) {
            json_out_str(&out, report.change[i]);
        }
        json_out_array_end(&out);
        report_json(&out, &report);
        json_out_object_end(&out);
    }
    json_out_array_end(&out);
    json_out_object_end(&out);
}

/* What can be taken along, by the last part of its address. */
static const struct {
    const char *name, *ending, *type;
} exports[] = {{"json", "json", "application/json"},
               {"csv", "csv", "text/csv; charset=utf-8"},
               {"report", "html", "text/html; charset=utf-8"}};

enum { EXPORT_JSON, EXPORT_CSV, EXPORT_REPORT, EXPORTS };

static int export_named(Str name)
{
    int at = 0;
    while (at < EXPORTS && !str_is(name, exports[at].name)) at++;
    return at;
}

static void give_file(Visit *visit, Trial *trial)
{
    HttpRequest *request = visit->request;
    int kind = export_named(request->param[0]);
    Err err = OK;
    if (trial->uncertain.asked) {
        policy_uncertain_tell(visit, &trial->ask, kind == EXPORT_REPORT,
                              &trial->uncertain);
    }
    ReformReport report = report_of(trial, trial->wanted);
    if (kind == EXPORT_JSON) write_json(visit, trial);
    if (kind == EXPORT_CSV) report_csv(http_body(request), &report);
    if (kind == EXPORT_REPORT) {
        err = report_page(http_body(request), request->arena, &visit->style,
                          &report);
    }
    if (err != OK) {
        visit_fail(visit, err);
        return;
    }
    Str month = fill_month_code(visit, trial->ask.form.month);
    const char *file = arena_format(
        request->arena, "attachment; filename=\"simulation-%.*s.%s\"",
        STR_ARG(month), exports[kind].ending);
    http_reply_header(request, "Content-Disposition", str_of(file));
    http_reply(request, 200, exports[kind].type);
}

/* The file; what is not there within a moment is waited for on the page. */
static void give(Visit *visit, int status)
{
    Trial *trial = visit->state;
    if (trial->ask.found) {
        give_file(visit, trial);
    } else if (trial->ask.state.open) {
        http_redirect(visit->request, trial->ask.state.next);
    } else {
        visit_error(visit, status);
    }
}

void policy_export(HttpRequest *request)
{
    Visit *visit;
    Trial *trial;
    if (!begin(request, &visit, &trial)) return;
    Str of = form_find(&request->query, "of");
    const char *at =
        of.bytes == 1 ? memchr(letters, of.at[0], SCENARIOS_MAX) : letters;
    trial->wanted = at == NULL ? SCENARIOS_MAX : (int32_t)(at - letters);
    bool known = export_named(request->param[0]) < EXPORTS &&
                 trial->wanted < trial->ask.form.scenario_count;
    if (visit->site->config->lab == NULL || !known) {
        visit_fail(visit, ERR_NOT_FOUND);
        return;
    }
    trial->ask.form.needless = false; /* a file has no address to be kept */
    trial->ask.show = give;
    policy_ask(visit, &trial->ask);
}

/* Back to what was kept, or to the empty form. */
static void kept(Visit *visit)
{
    Str query = form_find(&visit->request->field, "query");
    if (visit->err != OK) {
        visit_fail(visit, visit->err);
    } else if (query.bytes == 0) {
        http_redirect(visit->request, STR("/p/simulate#saved"));
    } else {
        http_redirect(
            visit->request,
            str_of(arena_format(visit->request->arena, "/p/simulate?%.*s#saved",
                                STR_ARG(query))));
    }
}

void policy_keep(HttpRequest *request)
{
    Visit *visit = visit_require(request, VISIT_SIMULATES);
    if (visit == NULL) return;
    SavedScenario scenario = {form_find(&request->field, "name"),
                              form_find(&request->field, "query")};
    visit->own_errors = true;
    Err err = visit->backend->scenario_keep(visit->backend_self, &visit->call,
                                            &scenario, &visit->diag);
    visit_after(visit, err, kept);
}

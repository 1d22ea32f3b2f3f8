#include "web/policy_forecast.h"

#include "base/asset.h"
#include "simulation/forecast_report.h"
#include "simulation/rates.h"
#include "text/chart.h"
#include "web/fill.h"
#include "web/policy_ask.h"
#include "web/policy_bench.h"

enum { MONTHS = 36 };

static const char own_rates[] = "models/population-rates.tsv";

/* The law, and the scenarios that change something. */
typedef struct Outlook {
    PolicyAsk ask;
    Str name[LAB_ASKS_MAX];         /* of each question */
    const char *code[LAB_ASKS_MAX]; /* the same in a table: "law", "a" */
    Str sets[SCENARIOS_MAX][FIGURES_MAX];
} Outlook;

static void add_question(Outlook *outlook, Str name, const char *code,
                         const Str *sets, int32_t count)
{
    PolicyAsk *ask = &outlook->ask;
    outlook->name[ask->count] = name;
    outlook->code[ask->count] = code;
    ask->question[ask->count++] = (LabQuestion){.month = ask->form.month,
                                                .months = MONTHS,
                                                .sets = sets,
                                                .set_count = count};
}

static void fill_questions(Visit *visit, Outlook *outlook)
{
    const PolicyForm *form = &outlook->ask.form;
    add_question(outlook, visit_text(visit, "policy.law"), "law", NULL, 0);
    for (int32_t s = 0; s < form->scenario_count; s++) {
        int32_t count = policy_form_sets(visit, form, s, outlook->sets[s]);
        if (count == 0) continue; /* it is as the law */
        const char *code = arena_format(visit->request->arena, "%c", 'a' + s);
        add_question(outlook, policy_ask_name(visit, s), code, outlook->sets[s],
                     count);
    }
}

/* What is drawn of a month, by question. */
typedef struct Months {
    Str label[MONTHS];
    bool hidden[MONTHS];
    int64_t cost[CHART_SERIES_MAX][MONTHS];
    int64_t eligible[CHART_SERIES_MAX][MONTHS];
} Months;

static const Months *months_of(Visit *visit, const PolicyAsk *ask)
{
    Months *months = ARENA_NEW(visit->request->arena, Months);
    for (int32_t m = 0; m < MONTHS; m++) {
        months->label[m] = fill_month_code(visit, ask->form.month + m);
        for (int32_t q = 0; q < ask->count; q++) {
            const ForecastMonth *at = &ask->answer[q].forecast[m];
            months->hidden[m] = months->hidden[m] || at->hidden;
            months->cost[q][m] = at->cost[0];
            months->eligible[q][m] = at->eligible[0];
        }
    }
    return months;
}

static void draw(Visit *visit, Chart *chart, const char *key)
{
    PageSimulateGroup page = {.id = str_of(chart->id),
                              .title = visit_text(visit, key)};
    Out out = visit_out(visit);
    chart->id = arena_format(visit->request->arena, "chart-%s", chart->id);
    chart->title = page.title;
    page_simulate_group(&out, &page);
    chart_lines(out.buf, &visit->style, chart);
    page_simulate_table(&out, &page);
    chart_table(out.buf, &visit->style, chart);
    buf_text(out.buf, "</div>\n</div>\n</section>\n");
}

static void draw_both(Visit *visit, const Outlook *outlook)
{
    const PolicyAsk *ask = &outlook->ask;
    const Months *months = months_of(visit, ask);
    Chart cost = {.id = "cost",
                  .group = visit_text(visit, "forecast.month"),
                  .label = months->label,
                  .hidden = months->hidden,
                  .count = MONTHS,
                  .series_count = ask->count,
                  .unit = CHART_MONEY};
    Chart covered = cost;
    covered.id = "covered";
    covered.unit = CHART_COUNT;
    for (int32_t q = 0; q < ask->count; q++) {
        cost.series[q] = (ChartSeries){outlook->name[q], months->cost[q]};
        covered.series[q] =
            (ChartSeries){outlook->name[q], months->eligible[q]};
    }
    draw(visit, &cost, "policy.cost_month");
    draw(visit, &covered, "policy.households");
}

/* How the people of the forecast grow, beside what is published. */
static Str growth_of(Visit *visit, const PolicyAsk *ask)
{
    Rates rates;
    ForecastGrowth growth;
    Diag diag;
    Str none = {"", 0};
    if (!ask->found ||
        rates_read(visit->request->arena, asset_find(own_rates)->bytes,
                   own_rates, &diag, &rates) != OK) {
        return none;
    }
    if (!forecast_growth(ask->answer[0].forecast, MONTHS, &rates, &growth)) {
        return none;
    }
    Buf *buf = http_scratch(visit->request);
    forecast_growth_words(buf, &visit->style, &growth);
    return str_copy(visit->request->arena, buf_view(buf));
}

static void show(Visit *visit, int status)
{
    const Outlook *outlook = visit->state;
    const PolicyAsk *ask = &outlook->ask;
    TextArg months = TEXT_INT("0", MONTHS);
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, STR("policy.forecast_lead"), &months, 1);
    Str lead = str_copy(visit->request->arena, buf_view(buf));
    PageForecast page = {
        .frame = policy_ask_frame(visit, ask, "policy.forecast"),
        .state = ask->state,
        .tries = policy_ask_tries(visit, ask),
        .mistakes = ask->form.mistake,
        .mistakes_count = ask->form.mistake_count,
        .wrong = ask->form.mistake_count > 0,
        .empty = visit->site->config->lab == NULL,
        .found = ask->found,
        .bench = policy_bench(visit, &ask->form, STR("/p/forecast")),
        .lead = lead,
        .month_words = fill_month(visit, ask->form.month),
        .summaries = policy_ask_summaries(visit, &ask->form),
        .summaries_count = (size_t)ask->form.scenario_count};
    Out out = visit_out(visit);
    page_forecast(&out, &page);
    if (ask->found) draw_both(visit, outlook);
    PageForecastEnd end = {.frame = page.frame,
                           .found = ask->found,
                           .growth = growth_of(visit, ask),
                           .file = policy_ask_file(visit, ask)};
    page_forecast_end(&out, &end);
    visit_reply(visit, status);
}

/* A row for each month of the law and of each scenario. */
static void give(Visit *visit, int status)
{
    const Outlook *outlook = visit->state;
    const PolicyAsk *ask = &outlook->ask;
    Buf *buf = http_body(visit->request);
    if (ask->found) {
        const Months *months = months_of(visit, ask);
        buf_text(buf, "scenario,month,eligible,cost\r\n");
        for (int32_t row = 0; row < ask->count * MONTHS; row++) {
            int32_t q = row / MONTHS, m = row % MONTHS;
            buf_format(buf, "%s,%.*s,", outlook->code[q],
                       STR_ARG(months->label[m]));
            if (!months->hidden[m]) buf_int(buf, months->eligible[q][m]);
            buf_char(buf, ',');
            if (!months->hidden[m]) {
                money_write(buf, (Money){months->cost[q][m]});
            }
            buf_text(buf, "\r\n");
        }
    }
    policy_ask_give(visit, ask, status);
}

static void answer(HttpRequest *request, bool table)
{
    Outlook *outlook = ARENA_NEW(request->arena, Outlook);
    Visit *visit = policy_ask_begin(request, "forecast", &outlook->ask);
    if (visit == NULL) return;
    visit->state = outlook;
    outlook->ask.show = table ? give : show;
    if (table) outlook->ask.form.needless = false; /* nobody keeps it */
    fill_questions(visit, outlook);
    policy_ask(visit, &outlook->ask);
}

void policy_forecast(HttpRequest *request)
{
    answer(request, false);
}

void policy_forecast_csv(HttpRequest *request)
{
    answer(request, true);
}

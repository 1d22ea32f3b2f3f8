/* A simulation for people: figures, charts and tables in their language. */
#include "base/asset.h"
#include "simulation/report.h"
#include "text/calendar.h"
#include "text/chart.h"
#include "text/html.h"
#include "text/number.h"

enum { MONTHS = 12, KEY_BYTES = 64, LABEL_BYTES = 512, PERCENT_PLACES = 4 };

typedef struct Page {
    Buf *buf;
    Arena *arena;
    const TextStyle *style;
    const ReformReport *report;
} Page;

static void say(const Page *p, const char *key)
{
    html_text(p->buf, text_get(p->style, key));
}

/* A text with its arguments, between tags. */
static void sayf(const Page *p, const char *tag, const char *key,
                 const TextArg *args, size_t count)
{
    TextStyle plain = *p->style;
    Buf text = buf_make(REPORT_BYTES_MAX);
    plain.isolate = false;
    text_write(&text, &plain, str_of(key), args, count);
    buf_format(p->buf, "<%s>", tag);
    html_text(p->buf, buf_view(&text));
    buf_format(p->buf, "</%s>\n", tag);
    buf_free(&text);
}

static void begin_number(const Page *p)
{
    buf_text(p->buf, "<td class=\"chart-value\"><bdi dir=\"ltr\">");
}

static void end_number(const Page *p)
{
    buf_text(p->buf, "</bdi></td>");
}

static void count_cell(const Page *p, int64_t value)
{
    begin_number(p);
    number_write(p->buf, p->style, value);
    end_number(p);
}

static void money_cell(const Page *p, int64_t minor)
{
    begin_number(p);
    number_write_amount(p->buf, p->style, (Money){minor});
    end_number(p);
}

/* A share in millionths with four decimals. */
static void share_cell(const Page *p, int64_t share)
{
    char room[32];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    int64_t rounded = (share < 0 ? share - 50 : share + 50) / 100;
    bool below = rounded < 0;
    int64_t size = below ? -rounded : rounded;
    buf_format(&text, "%s%lld.%0*lld", below ? "-" : "",
               (long long)(size / 10000), PERCENT_PLACES,
               (long long)(size % 10000));
    begin_number(p);
    number_write_exact(p->buf, p->style, buf_view(&text));
    end_number(p);
}

typedef void CellFn(const Page *p, int64_t value);

/* A row of before, after, and the change. */
static void figure(const Page *p, const char *key, CellFn *cell, int64_t before,
                   int64_t after)
{
    buf_text(p->buf, "<tr><th scope=\"row\">");
    say(p, key);
    buf_text(p->buf, "</th>");
    cell(p, before);
    cell(p, after);
    cell(p, after - before);
    buf_text(p->buf, "</tr>\n");
}

static void head_row(const Page *p, const char *const *keys, size_t count)
{
    buf_text(p->buf, "<thead><tr>");
    for (size_t i = 0; i < count; i++) {
        buf_text(p->buf, "<th scope=\"col\">");
        if (keys[i] != NULL) say(p, keys[i]);
        buf_text(p->buf, "</th>");
    }
    buf_text(p->buf, "</tr></thead>\n<tbody>\n");
}

static void begin_table(const Page *p, const char *caption)
{
    buf_text(p->buf, "<table class=\"chart-data\"><caption>");
    say(p, caption);
    buf_text(p->buf, "</caption>\n");
}

static void end_table(const Page *p)
{
    buf_text(p->buf, "</tbody></table>\n");
}

static void figures(const Page *p)
{
    static const char *const head[] = {NULL, "simulate.before",
                                       "simulate.after", "simulate.change"};
    const SimulateReport *found = p->report->found;
    const SimulateCell *all = &found->all;
    begin_table(p, "simulate.figures");
    head_row(p, head, sizeof head / sizeof head[0]);
    figure(p, "simulate.eligible", count_cell, all->eligible_before,
           all->eligible_after);
    figure(p, "simulate.cost", money_cell, all->cost_before, all->cost_after);
    figure(p, "simulate.cost_of_a_year", money_cell, all->cost_before * MONTHS,
           all->cost_after * MONTHS);
    if (found->take_up != SIMULATE_ALL) {
        figure(p, "simulate.expected_cost", money_cell,
               simulate_expected(found->take_up, all->cost_before, 0),
               simulate_expected(found->take_up, all->cost_after, 0));
        figure(p, "simulate.expected_cost_of_a_year", money_cell,
               simulate_expected(found->take_up, all->cost_before * MONTHS, 0),
               simulate_expected(found->take_up, all->cost_after * MONTHS, 0));
    }
    figure(p, "simulate.gini", share_cell, found->gini_before,
           found->gini_after);
    end_table(p);
}

static void changes(const Page *p)
{
    static const char *const head[] = {NULL, "simulate.households",
                                       "simulate.riyals_a_month"};
    const SimulateCell *all = &p->report->found->all;
    const struct {
        const char *key;
        int64_t count, minor;
        bool money;
    } rows[] = {{"simulate.winners", all->winners, all->gain, true},
                {"simulate.losers", all->losers, all->loss, true},
                {"simulate.newly_in", all->newly_in, 0, false},
                {"simulate.newly_out", all->newly_out, 0, false}};
    begin_table(p, "simulate.who");
    head_row(p, head, sizeof head / sizeof head[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buf_text(p->buf, "<tr><th scope=\"row\">");
        say(p, rows[i].key);
        buf_text(p->buf, "</th>");
        count_cell(p, rows[i].count);
        if (rows[i].money) money_cell(p, rows[i].minor);
        if (!rows[i].money) buf_text(p->buf, "<td></td>");
        buf_text(p->buf, "</tr>\n");
    }
    end_table(p);
}

static Str amount_text(const Page *p, int64_t minor)
{
    Str kept = {"", 0};
    Buf text = buf_make(LABEL_BYTES);
    number_write_money(&text, p->style, (Money){minor});
    if (!str_try(p->arena, buf_view(&text), &kept)) kept = (Str){"", 0};
    buf_free(&text);
    return kept;
}

static void poverty(const Page *p)
{
    static const char *const head[] = {NULL, "simulate.before",
                                       "simulate.after", "simulate.change"};
    const SimulateReport *found = p->report->found;
    const SimulatePoverty *all = &found->poverty;
    TextArg line = TEXT_STR("0", amount_text(p, all->line));
    buf_text(p->buf, "<h2>");
    say(p, "simulate.poverty");
    buf_text(p->buf, "</h2>\n");
    sayf(p, "p", all->assumed ? "simulate.line_assumed" : "simulate.line",
         &line, 1);
    if (all->hidden) {
        sayf(p, "p", "simulate.hidden_few", NULL, 0);
        return;
    }
    begin_table(p, "simulate.poverty");
    head_row(p, head, sizeof head / sizeof head[0]);
    figure(p, "simulate.poor_households", count_cell, all->before.households,
           all->after.households);
    figure(p, "simulate.poor_persons", count_cell, all->before.persons,
           all->after.persons);
    figure(p, "simulate.gap", money_cell, all->before.gap, all->after.gap);
    if (found->take_up != SIMULATE_ALL) {
        figure(p, "simulate.expected_gap", money_cell,
               simulate_expected(found->take_up, all->before.gap,
                                 all->without.gap),
               simulate_expected(found->take_up, all->after.gap,
                                 all->without.gap));
    }
    figure(p, "simulate.gap_index", share_cell, all->before.index,
           all->after.index);
    end_table(p);
}

/* The name of a group as people say it. */
static Err label_of(const Page *p, const SimulateDimension *dimension,
                    int32_t group, Str *ret)
{
    char key[KEY_BYTES];
    Str label = dimension->label[group];
    snprintf(key, sizeof key, "%s%s.%.*s",
             strcmp(dimension->name, "region") == 0 ? "" : "simulate.",
             dimension->name, STR_ARG(label));
    *ret = label;
    if (text_has(p->style->texts, str_of(key))) {
        *ret = text_get(p->style, key);
        return OK;
    }
    if (label.bytes == 0 || label.at[label.bytes - 1] != '+') return OK;
    Buf text = buf_make(LABEL_BYTES);
    TextArg from = TEXT_STR("0", ((Str){label.at, label.bytes - 1}));
    TextStyle plain = *p->style;
    plain.isolate = false;
    text_write(&text, &plain, STR("simulate.and_more"), &from, 1);
    bool room = str_try(p->arena, buf_view(&text), ret);
    buf_free(&text);
    return room ? OK : ERR_FULL;
}

/* A dimension as the charts want it: groups where somebody is. */
typedef struct Groups {
    Str label[SIMULATE_GROUPS_MAX];
    bool hidden[SIMULATE_GROUPS_MAX];
    int64_t cost[2][SIMULATE_GROUPS_MAX];
    int64_t winners[SIMULATE_GROUPS_MAX], losers[SIMULATE_GROUPS_MAX];
    const SimulateCell *cell[SIMULATE_GROUPS_MAX];
    int32_t count;
} Groups;

static Err gather(const Page *p, const SimulateDimension *dimension,
                  Groups *ret)
{
    ret->count = 0;
    for (int32_t g = 0; g < dimension->count; g++) {
        const SimulateCell *cell = &dimension->cell[g];
        if (cell->households == 0) continue;
        int32_t at = ret->count++;
        TRY(label_of(p, dimension, g, &ret->label[at]));
        ret->cell[at] = cell;
        ret->hidden[at] = cell->hidden;
        ret->cost[0][at] = cell->cost_before;
        ret->cost[1][at] = cell->cost_after;
        ret->winners[at] = cell->winners;
        ret->losers[at] = -cell->losers;
    }
    return OK;
}

static void draw(const Page *p, const Groups *groups, Chart chart)
{
    chart.label = groups->label;
    chart.hidden = groups->hidden;
    chart.count = groups->count;
    chart.series_count = 2;
    buf_text(p->buf, "<figure><figcaption>");
    html_text(p->buf, chart.title);
    buf_text(p->buf, "</figcaption>\n");
    chart_bars(p->buf, p->style, &chart);
    buf_text(p->buf, "</figure>\n");
}

static void group_row(const Page *p, Str label, const SimulateCell *cell)
{
    buf_text(p->buf, "<tr><th scope=\"row\"><bdi>");
    html_text(p->buf, label);
    buf_text(p->buf, "</bdi></th>");
    if (cell->hidden) {
        buf_text(p->buf, "<td class=\"chart-hidden\" colspan=\"9\">");
        say(p, "chart.hidden");
        buf_text(p->buf, "</td></tr>\n");
        return;
    }
    count_cell(p, cell->households);
    count_cell(p, cell->eligible_before);
    count_cell(p, cell->eligible_after);
    money_cell(p, cell->cost_before);
    money_cell(p, cell->cost_after);
    count_cell(p, cell->winners);
    money_cell(p, cell->gain);
    count_cell(p, cell->losers);
    money_cell(p, cell->loss);
    buf_text(p->buf, "</tr>\n");
}

static Err dimension(const Page *p, int number, Groups *groups)
{
    static const struct {
        const char *title, *cost, *who;
    } ids[SIMULATE_DIMENSIONS] = {{"simulate.by_region", "cost1", "who1"},
                                  {"simulate.by_size", "cost2", "who2"},
                                  {"simulate.by_income_tenth", "cost3", "who3"},
                                  {"simulate.by_age", "cost4", "who4"},
                                  {"simulate.by_disability", "cost5", "who5"}};
    static const char *const head[] = {
        "simulate.group",        "simulate.households",
        "simulate.eligible_now", "simulate.eligible_then",
        "simulate.cost_now",     "simulate.cost_then",
        "simulate.winners",      "simulate.gain",
        "simulate.losers",       "simulate.loss"};
    const char *title = ids[number].title;
    TRY(gather(p, &p->report->found->dimension[number], groups));
    if (groups->count == 0) return OK;
    buf_text(p->buf, "<section><h2>");
    say(p, title);
    buf_text(p->buf, "</h2>\n");
    draw(
        p, groups,
        (Chart){
            .id = ids[number].cost,
            .title = text_get(p->style, "simulate.cost"),
            .series = {{text_get(p->style, "simulate.before"), groups->cost[0]},
                       {text_get(p->style, "simulate.after"), groups->cost[1]}},
            .unit = CHART_MONEY});
    draw(p, groups,
         (Chart){
             .id = ids[number].who,
             .title = text_get(p->style, "simulate.who"),
             .series = {{text_get(p->style, "simulate.losers"), groups->losers},
                        {text_get(p->style, "simulate.winners"),
                         groups->winners}},
             .unit = CHART_COUNT});
    buf_text(p->buf, "<div class=\"wide\">");
    begin_table(p, title);
    head_row(p, head, sizeof head / sizeof head[0]);
    for (int32_t g = 0; g < groups->count; g++) {
        group_row(p, groups->label[g], groups->cell[g]);
    }
    end_table(p);
    buf_text(p->buf, "</div></section>\n");
    return OK;
}

static void end_row(const Page *p, Str name, Str value, const UncertainEnd *end)
{
    buf_text(p->buf, "<tr><th scope=\"row\"><bdi>");
    html_text(p->buf, name);
    buf_text(p->buf, value.bytes > 0 ? " = " : "</bdi>: ");
    if (value.bytes > 0) {
        html_text(p->buf, value);
        buf_text(p->buf, "</bdi>");
    } else {
        say(p, "simulate.as_it_is");
    }
    buf_text(p->buf, "</th>");
    if (end->hidden) {
        buf_text(p->buf, "<td class=\"chart-hidden\" colspan=\"3\">");
        say(p, "simulate.hidden_few");
        buf_text(p->buf, "</td></tr>\n");
        return;
    }
    money_cell(p, end->cost_before);
    money_cell(p, end->cost_after);
    money_cell(p, end->cost_after - end->cost_before);
    buf_text(p->buf, "</tr>\n");
}

static void limit_row(const Page *p, const char *key, const UncertainEnd *end,
                      int64_t change)
{
    buf_text(p->buf, "<tr><th scope=\"row\">");
    say(p, key);
    buf_text(p->buf, "</th>");
    money_cell(p, end->cost_before);
    money_cell(p, end->cost_after);
    money_cell(p, change);
    buf_text(p->buf, "</tr>\n");
}

/* The decisions whose other reading the law does not take. */
static void left_out(const Page *p)
{
    const Uncertainty *all = p->report->uncertainty;
    if (all->left_out_count == 0) return;
    sayf(p, "p", "simulate.left_out", NULL, 0);
    buf_text(p->buf, "<ul>\n");
    for (int32_t i = 0; i < all->left_out_count; i++) {
        buf_text(p->buf, "<li><bdi>");
        html_text(p->buf, all->left_out[i]);
        buf_text(p->buf, "</bdi></li>\n");
    }
    buf_text(p->buf, "</ul>\n");
}

static void uncertainty(const Page *p)
{
    static const char *const head[] = {"simulate.assumption", "simulate.before",
                                       "simulate.after", "simulate.change"};
    const Uncertainty *all = p->report->uncertainty;
    if (all == NULL) return;
    buf_text(p->buf, "<section><h2>");
    say(p, "simulate.uncertainty");
    buf_text(p->buf, "</h2>\n");
    sayf(p, "p",
         all->count > 0            ? "simulate.uncertainty_note"
         : all->left_out_count > 0 ? "simulate.no_fitting"
                                   : "simulate.no_readings",
         NULL, 0);
    left_out(p);
    if (all->count == 0) {
        buf_text(p->buf, "</section>\n");
        return;
    }
    begin_table(p, "simulate.cost");
    head_row(p, head, sizeof head / sizeof head[0]);
    for (int32_t i = 0; i < all->count; i++) {
        const Uncertain *of = &all->of[i];
        end_row(p, of->name, of->value[0], &of->end[0]);
        end_row(p, of->name, of->value[1], &of->end[1]);
    }
    if (!all->least.hidden) {
        limit_row(p, "simulate.least", &all->least, all->least_change);
        limit_row(p, "simulate.most", &all->most, all->most_change);
    }
    end_table(p);
    buf_text(p->buf, "</section>\n");
}

/* What the models say of themselves that they rest on. */
static void assumptions(const Page *p)
{
    const Assumptions *all = p->report->assumptions;
    if (all == NULL || all->count == 0) return;
    buf_text(p->buf, "<section><h2>");
    say(p, "simulate.assumptions");
    buf_text(p->buf, "</h2>\n");
    TextArg count = TEXT_INT("0", all->count);
    sayf(p, "p", "simulate.assumptions_note", &count, 1);
    buf_text(p->buf, "<ul>\n");
    for (int32_t i = 0; i < all->count; i++) {
        char key[KEY_BYTES];
        snprintf(key, sizeof key, "status.%.*s", STR_ARG(all->of[i].status));
        bool known = text_has(p->style->texts, str_of(key));
        buf_text(p->buf, "<li><bdi>");
        html_text(p->buf, all->of[i].name);
        buf_text(p->buf, "</bdi>: ");
        html_text(p->buf, known ? text_get(p->style, key) : all->of[i].status);
        buf_text(p->buf, "</li>\n");
    }
    buf_text(p->buf, "</ul></section>\n");
}

static void introduction(const Page *p)
{
    const SimulateReport *found = p->report->found;
    Buf month = buf_make(LABEL_BYTES);
    calendar_write_month(&month, p->style, p->report->month);
    TextArg of[] = {TEXT_STR("0", buf_view(&month)),
                    TEXT_INT("1", found->all.households),
                    TEXT_INT("2", found->persons)};
    sayf(p, "p", "simulate.of", of, 3);
    buf_free(&month);
    if (p->report->change_count > 0) {
        sayf(p, "p", "simulate.reform", NULL, 0);
        buf_text(p->buf, "<ul>\n");
    }
    for (int32_t i = 0; i < p->report->change_count; i++) {
        buf_text(p->buf, "<li><bdi>");
        html_text(p->buf, p->report->change[i]);
        buf_text(p->buf, "</bdi></li>\n");
    }
    if (p->report->change_count > 0) buf_text(p->buf, "</ul>\n");
    if (found->take_up == SIMULATE_ALL) return;
    char room[32];
    snprintf(room, sizeof room, "%lld.%02lld",
             (long long)(found->take_up / 10000),
             (long long)(found->take_up / 100 % 100));
    TextArg share = TEXT_STR("0", str_of(room));
    sayf(p, "p", "simulate.take_up", &share, 1);
}

void report_rests(Buf *buf, const TextStyle *style, const ReformReport *report)
{
    Page p = {buf, NULL, style, report};
    assumptions(&p);
    uncertainty(&p);
}

Err report_body(Buf *buf, Arena *arena, const TextStyle *style,
                const ReformReport *report)
{
    Page p = {buf, arena, style, report};
    Groups *groups = arena_try(arena, 1, sizeof *groups);
    if (groups == NULL) return ERR_FULL;
    introduction(&p);
    if (report->found->all.hidden) {
        sayf(&p, "p", "simulate.hidden", NULL, 0);
    } else {
        figures(&p);
        changes(&p);
    }
    poverty(&p);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        TRY(dimension(&p, i, groups));
    }
    report_rests(buf, style, report);
    TextArg few = TEXT_INT("0", SIMULATE_SMALL);
    sayf(&p, "p", "simulate.few_note", &few, 1);
    if (report->found->rounded) sayf(&p, "p", "simulate.rounded", NULL, 0);
    return OK;
}

void report_page_begin(Buf *buf, const TextStyle *style, const char *title)
{
    const Asset *sheet = asset_find("assets/css/report.css");
    Str heading = text_get(style, title);
    buf_format(buf,
               "<!doctype html>\n<html lang=\"%s\" dir=\"%s\">\n<head>"
               "<meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width\">"
               "<meta http-equiv=\"Content-Security-Policy\" "
               "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
               "<title>",
               text_lang_name(style->lang), text_lang_dir(style->lang));
    html_text(buf, heading);
    buf_text(buf, "</title>\n<style>\n");
    if (sheet != NULL) buf_str(buf, sheet->bytes);
    buf_text(buf, "</style>\n</head>\n<body>\n<main>\n<h1>");
    html_text(buf, heading);
    buf_text(buf, "</h1>\n");
}

void report_page_end(Buf *buf)
{
    buf_text(buf, "</main>\n</body>\n</html>\n");
}

Err report_page(Buf *buf, Arena *arena, const TextStyle *style,
                const ReformReport *report)
{
    report_page_begin(buf, style, "simulate.title");
    TRY(report_body(buf, arena, style, report));
    report_page_end(buf);
    return OK;
}

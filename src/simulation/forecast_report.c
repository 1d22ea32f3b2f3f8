#include "simulation/forecast_report.h"

#include "simulation/report.h"
#include "text/chart.h"
#include "text/html.h"

enum { TEXT_BYTES = 4096, SERIES = 2 };

static const char *const side_names[SERIES] = {"before", "after"};

static void write_month(Buf *buf, Month month)
{
    char room[16];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    month_write(&text, month);
    buf_str(buf, buf_view(&text));
}

static void month_json(JsonOut *out, const ForecastReport *report,
                       const ForecastMonth *at)
{
    char room[16];
    Buf month = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    month_write(&month, at->month);
    json_out_object(out);
    json_put_str(out, "month", buf_view(&month));
    json_put_int(out, "households", at->households);
    json_put_int(out, "persons", at->persons);
    json_put_int(out, "births", at->births);
    json_put_int(out, "deaths", at->deaths);
    json_put_bool(out, "hidden", at->hidden);
    for (int side = 0; side < 1 + report->reform && !at->hidden; side++) {
        json_out_key(out, side_names[side]);
        json_out_object(out);
        json_put_int(out, "eligible", at->eligible[side]);
        json_put_money(out, "cost", (Money){at->cost[side]});
        json_out_object_end(out);
    }
    json_out_object_end(out);
}

/* Of RATE_OF as a percentage with one decimal, halves away from nought. */
static void write_percent(Buf *buf, int64_t rate)
{
    int64_t tenths = simulate_rounded(rate, 100) / 100;
    int64_t size = tenths < 0 ? -tenths : tenths;
    buf_format(buf, "%s%lld.%lld", tenths < 0 ? "-" : "", (long long)size / 10,
               (long long)size % 10);
}

static void growth_json(JsonOut *out, const ForecastGrowth *growth)
{
    char room[2][16];
    Buf text[2];
    for (int i = 0; i < 2; i++) {
        text[i] = (Buf){
            .at = room[i], .room_bytes = sizeof room[i], .limit_bytes = 16};
        write_percent(&text[i], i == 0 ? growth->told : growth->own);
    }
    json_out_key(out, "growth_of_a_year_in_percent");
    json_out_object(out);
    json_put_number(out, growth->assumed ? "assumed" : "published",
                    buf_view(&text[0]));
    json_put_str(out, "source", growth->source);
    json_put_number(out, "forecast", buf_view(&text[1]));
    json_out_object_end(out);
}

void forecast_growth_words(Buf *buf, const TextStyle *style,
                           const ForecastGrowth *growth)
{
    char room[2][16];
    Buf text[2];
    const int64_t rate[] = {growth->own, growth->told};
    for (int i = 0; i < 2; i++) {
        text[i] = (Buf){
            .at = room[i], .room_bytes = sizeof room[i], .limit_bytes = 16};
        write_percent(&text[i], rate[i]);
    }
    TextArg args[] = {TEXT_STR("0", buf_view(&text[0])),
                      TEXT_STR("1", buf_view(&text[1])),
                      TEXT_STR("2", growth->source)};
    text_write(buf, style,
               growth->assumed ? STR("forecast.growth_assumed")
                               : STR("forecast.growth"),
               args, 3);
    if (!growth->rates_assumed) return;
    buf_char(buf, ' ');
    text_write(buf, style, STR("forecast.growth_rates"), NULL, 0);
}

void forecast_json(JsonOut *out, const ForecastReport *report)
{
    json_out_key(out, "forecast");
    json_out_array(out);
    for (int32_t i = 0; i < report->count; i++) {
        month_json(out, report, &report->month[i]);
    }
    json_out_array_end(out);
    json_out_key(out, "rates");
    json_out_object(out);
    json_put_str(out, "file", report->rates);
    json_put_int(out, "rows", report->rate_count);
    json_put_int(out, "assumptions", report->assumed_count);
    json_out_object_end(out);
    if (report->grows) growth_json(out, &report->growth);
    json_out_key(out, "rounded_to");
    json_out_object(out);
    json_put_int(out, "counts", FORECAST_COUNTS);
    json_put_money(out, "costs", (Money){FORECAST_COSTS});
    json_out_object_end(out);
}

void forecast_csv(Buf *buf, const ForecastReport *report)
{
    buf_text(buf, "month,households,persons,births,deaths,hidden,"
                  "eligible_before,cost_before,eligible_after,cost_after\r\n");
    for (int32_t i = 0; i < report->count; i++) {
        const ForecastMonth *at = &report->month[i];
        write_month(buf, at->month);
        buf_format(buf, ",%lld,%lld,%lld,%lld,%d", (long long)at->households,
                   (long long)at->persons, (long long)at->births,
                   (long long)at->deaths, at->hidden);
        for (int side = 0; side < SERIES; side++) {
            if (at->hidden || side > report->reform) {
                buf_text(buf, ",,");
                continue;
            }
            buf_format(buf, ",%lld,", (long long)at->eligible[side]);
            money_write(buf, (Money){at->cost[side]});
        }
        buf_text(buf, "\r\n");
    }
}

/* The months as the charts want them. */
typedef struct Months {
    Str label[FORECAST_MONTHS_MAX];
    bool hidden[FORECAST_MONTHS_MAX];
    int64_t eligible[SERIES][FORECAST_MONTHS_MAX];
    int64_t cost[SERIES][FORECAST_MONTHS_MAX];
    int64_t households[FORECAST_MONTHS_MAX], persons[FORECAST_MONTHS_MAX];
    int64_t births[FORECAST_MONTHS_MAX], deaths[FORECAST_MONTHS_MAX];
} Months;

static Err gather(Arena *arena, const ForecastReport *report, Months *ret)
{
    Buf text = buf_make(TEXT_BYTES);
    bool room = true;
    for (int32_t i = 0; i < report->count && room; i++) {
        const ForecastMonth *at = &report->month[i];
        buf_reset(&text);
        write_month(&text, at->month);
        room = str_try(arena, buf_view(&text), &ret->label[i]);
        ret->hidden[i] = at->hidden;
        for (int side = 0; side < SERIES; side++) {
            ret->eligible[side][i] = at->eligible[side];
            ret->cost[side][i] = at->cost[side];
        }
        ret->households[i] = at->households;
        ret->persons[i] = at->persons;
        ret->births[i] = at->births;
        ret->deaths[i] = at->deaths;
    }
    buf_free(&text);
    return room ? OK : ERR_FULL;
}

static void paragraph(Buf *buf, const TextStyle *style, const char *key,
                      const TextArg *args, size_t count)
{
    TextStyle plain = *style;
    Buf text = buf_make(TEXT_BYTES);
    plain.isolate = false;
    text_write(&text, &plain, str_of(key), args, count);
    buf_text(buf, "<p>");
    html_text(buf, buf_view(&text));
    buf_text(buf, "</p>\n");
    buf_free(&text);
}

static void draw(Buf *buf, const TextStyle *style, const Chart *chart)
{
    buf_text(buf, "<section><h2>");
    html_text(buf, chart->title);
    buf_text(buf, "</h2>\n");
    chart_lines(buf, style, chart);
    chart_table(buf, style, chart);
    buf_text(buf, "</section>\n");
}

static void draw_all(Buf *buf, const TextStyle *style,
                     const ForecastReport *report, const Months *months)
{
    Str before = text_get(style, "simulate.before");
    Str after = text_get(style, "simulate.after");
    Chart chart = {
        .id = "caseload",
        .title = text_get(style, "simulate.eligible"),
        .group = text_get(style, "forecast.month"),
        .label = months->label,
        .hidden = months->hidden,
        .count = report->count,
        .series = {{before, months->eligible[0]}, {after, months->eligible[1]}},
        .series_count = 1 + report->reform};
    draw(buf, style, &chart);
    chart.id = "cost";
    chart.title = text_get(style, "simulate.cost");
    chart.series[0].value = months->cost[0];
    chart.series[1].value = months->cost[1];
    chart.unit = CHART_MONEY;
    draw(buf, style, &chart);
    chart = (Chart){
        .id = "people",
        .title = text_get(style, "forecast.people"),
        .group = chart.group,
        .label = months->label,
        .count = report->count,
        .series = {{text_get(style, "simulate.households"), months->households},
                   {text_get(style, "forecast.persons"), months->persons},
                   {text_get(style, "forecast.births"), months->births},
                   {text_get(style, "forecast.deaths"), months->deaths}},
        .series_count = 4};
    chart_table(buf, style, &chart);
}

static void growth_paragraph(Buf *buf, const TextStyle *style,
                             const ForecastGrowth *growth)
{
    TextStyle plain = *style;
    Buf text = buf_make(TEXT_BYTES);
    plain.isolate = false;
    forecast_growth_words(&text, &plain, growth);
    buf_text(buf, "<p>");
    html_text(buf, buf_view(&text));
    buf_text(buf, "</p>\n");
    buf_free(&text);
}

Err forecast_body(Buf *buf, Arena *arena, const TextStyle *style,
                  const ForecastReport *report)
{
    Months *months = arena_try(arena, 1, sizeof *months);
    if (months == NULL) return ERR_FULL;
    TRY(gather(arena, report, months));
    paragraph(buf, style, "forecast.how", NULL, 0);
    TextArg rates[] = {TEXT_STR("0", report->rates),
                       TEXT_INT("1", report->rate_count),
                       TEXT_INT("2", report->assumed_count)};
    paragraph(buf, style, "forecast.rates", rates, 3);
    if (report->grows) growth_paragraph(buf, style, &report->growth);
    if (report->change_count > 0) {
        paragraph(buf, style, "simulate.reform", NULL, 0);
    }
    for (int32_t i = 0; i < report->change_count; i++) {
        buf_text(buf, "<p><bdi>");
        html_text(buf, report->change[i]);
        buf_text(buf, "</bdi></p>\n");
    }
    draw_all(buf, style, report, months);
    return OK;
}

Err forecast_page(Buf *buf, Arena *arena, const TextStyle *style,
                  const ForecastReport *report)
{
    report_page_begin(buf, style, "forecast.title");
    TRY(forecast_body(buf, arena, style, report));
    report_page_end(buf);
    return OK;
}

#include "simulation/sweep_report.h"

#include "simulation/report.h"
#include "text/calendar.h"
#include "text/html.h"
#include "text/number.h"

enum {
    MILLION = 1000000,
    PLACES = 6,
    SHOWN = 4, /* of the Gini coefficient */
    NUMBER_BYTES = 32,
    TEXT_BYTES = 4096
};

/* What stands in the cells of a table. */
typedef enum Told {
    TOLD_COST,
    TOLD_CHANGE,
    TOLD_ELIGIBLE,
    TOLD_WINNERS,
    TOLD_LOSERS,
    TOLD_GINI,
    TOLDS
} Told;

static const struct {
    const char *name, *key;
} tolds[TOLDS] = {
    {"cost", "simulate.cost"},         {"cost_change", "sweep.change"},
    {"eligible", "simulate.eligible"}, {"winners", "simulate.winners"},
    {"losers", "simulate.losers"},     {"gini", "simulate.gini"}};

int64_t sweep_points(const SweepReport *report)
{
    int64_t points = 1;
    for (int32_t a = 0; a < report->axes; a++) points *= report->axis[a].count;
    return points;
}

int64_t sweep_value(const SweepReport *report, int64_t point, int32_t axis)
{
    const SweepAxis *of = &report->axis[axis];
    bool first = axis == 0 && report->axes == SWEEP_AXES;
    int64_t at = first ? point / report->axis[1].count : point % of->count;
    return of->from + at * of->step;
}

SweepPoint sweep_point(const SimulateReport *report)
{
    const SimulateCell *all = &report->all;
    return (SweepPoint){.hidden = all->hidden,
                        .eligible = all->eligible_after,
                        .cost = all->cost_after,
                        .change = all->cost_after - all->cost_before,
                        .winners = all->winners,
                        .losers = all->losers,
                        .gini = report->gini_after};
}

static int64_t told_of(const SweepPoint *point, Told told)
{
    switch (told) {
    case TOLD_COST:
        return point->cost;
    case TOLD_CHANGE:
        return point->change;
    case TOLD_ELIGIBLE:
        return point->eligible;
    case TOLD_WINNERS:
        return point->winners;
    case TOLD_LOSERS:
        return point->losers;
    case TOLD_GINI:
    case TOLDS:
        break;
    }
    return point->gini;
}

static bool is_money(Told told)
{
    return told == TOLD_COST || told == TOLD_CHANGE;
}

static Buf small_buf(char room[NUMBER_BYTES])
{
    return (Buf){
        .at = room, .room_bytes = NUMBER_BYTES, .limit_bytes = NUMBER_BYTES};
}

/* A number in millionths, with no more places than it needs. */
static void write_decimal(Buf *buf, int64_t value)
{
    int places = PLACES;
    int64_t rest = value % MILLION;
    buf_int(buf, value / MILLION);
    if (rest == 0) return;
    for (; rest % 10 == 0; rest /= 10) places--;
    buf_format(buf, ".%0*lld", places, (long long)rest);
}

/* A share in millionths as four places, halves up. */
static void write_share(Buf *buf, int64_t share)
{
    int64_t rounded = (share + 50) / 100;
    buf_format(buf, "%lld.%0*lld", (long long)(rounded / 10000), SHOWN,
               (long long)(rounded % 10000));
}

static void point_json(JsonOut *out, const SweepReport *report, int64_t at)
{
    const SweepPoint *point = &report->point[at];
    Buf text = buf_make(TEXT_BYTES);
    json_out_object(out);
    json_out_key(out, "set");
    json_out_array(out);
    for (int32_t a = 0; a < report->axes; a++) {
        int64_t value = sweep_value(report, at, a);
        buf_reset(&text);
        buf_format(&text, "%.*s=%lld.%06lld", STR_ARG(report->axis[a].name),
                   (long long)(value / MILLION), (long long)(value % MILLION));
        json_out_str(out, buf_view(&text));
    }
    json_out_array_end(out);
    json_put_bool(out, "hidden", point->hidden);
    if (!point->hidden) {
        json_put_int(out, "eligible", point->eligible);
        json_put_money(out, "cost", (Money){point->cost});
        json_put_int(out, "winners", point->winners);
        json_put_int(out, "losers", point->losers);
        json_out_key(out, "gini");
        json_out_measure(out, (double)point->gini / MILLION, SHOWN);
    }
    json_out_object_end(out);
    buf_free(&text);
}

void sweep_json(JsonOut *out, const SweepReport *report)
{
    const int64_t points = sweep_points(report);
    json_out_key(out, "sweep");
    json_out_array(out);
    for (int64_t p = 0; p < points; p++) point_json(out, report, p);
    json_out_array_end(out);
    json_put_int(out, "counts_rounded_to", SIMULATE_COUNTS);
    json_out_key(out, "amounts_rounded_to");
    json_out_money(out, (Money){SIMULATE_SUMS});
}

/* A field that may hold anything. */
static void csv_text(Buf *buf, Str text)
{
    buf_char(buf, '"');
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] == '"') buf_char(buf, '"');
        buf_char(buf, text.at[i]);
    }
    buf_char(buf, '"');
}

static void csv_told(Buf *buf, const SweepPoint *point, Told told)
{
    int64_t value = told_of(point, told);
    if (point->hidden) return;
    if (is_money(told)) {
        money_write(buf, (Money){value});
    } else if (told == TOLD_GINI) {
        write_share(buf, value);
    } else {
        buf_int(buf, value);
    }
}

void sweep_csv(Buf *buf, const SweepReport *report)
{
    const int64_t points = sweep_points(report);
    for (int32_t a = 0; a < report->axes; a++) {
        csv_text(buf, report->axis[a].name);
        buf_char(buf, ',');
    }
    buf_text(buf, "hidden");
    for (int t = 0; t < TOLDS; t++) buf_format(buf, ",%s", tolds[t].name);
    buf_text(buf, ",counts_rounded_to,amounts_rounded_to\r\n");
    for (int64_t p = 0; p < points; p++) {
        for (int32_t a = 0; a < report->axes; a++) {
            write_decimal(buf, sweep_value(report, p, a));
            buf_char(buf, ',');
        }
        buf_int(buf, report->point[p].hidden);
        for (int t = 0; t < TOLDS; t++) {
            buf_char(buf, ',');
            csv_told(buf, &report->point[p], (Told)t);
        }
        buf_format(buf, ",%d,", SIMULATE_COUNTS);
        money_write(buf, (Money){SIMULATE_SUMS});
        buf_text(buf, "\r\n");
    }
}

typedef struct Page {
    Buf *buf;
    const TextStyle *style;
    const SweepReport *report;
} Page;

/* A text with its arguments, between tags. */
static void sayf(const Page *p, const char *tag, const char *key,
                 const TextArg *args, size_t count)
{
    TextStyle plain = *p->style;
    Buf text = buf_make(TEXT_BYTES);
    plain.isolate = false;
    text_write(&text, &plain, str_of(key), args, count);
    buf_format(p->buf, "<%s>", tag);
    html_text(p->buf, buf_view(&text));
    buf_format(p->buf, "</%s>\n", tag);
    buf_free(&text);
}

/* The value of an axis at a point, as a head of a row or column. */
static void head_cell(const Page *p, const char *scope, int64_t value)
{
    char room[NUMBER_BYTES];
    Buf text = small_buf(room);
    write_decimal(&text, value);
    buf_format(p->buf, "<th scope=\"%s\"><bdi dir=\"ltr\">", scope);
    number_write_exact(p->buf, p->style, buf_view(&text));
    buf_text(p->buf, "</bdi></th>");
}

static void told_cell(const Page *p, const SweepPoint *point, Told told)
{
    char room[NUMBER_BYTES];
    Buf text = small_buf(room);
    int64_t value = told_of(point, told);
    if (point->hidden) {
        buf_text(p->buf, "<td class=\"chart-hidden\">");
        html_text(p->buf, text_get(p->style, "sweep.hidden"));
        buf_text(p->buf, "</td>");
        return;
    }
    buf_text(p->buf, "<td class=\"chart-value\"><bdi dir=\"ltr\">");
    if (is_money(told)) {
        number_write_amount(p->buf, p->style, (Money){value});
    } else if (told == TOLD_GINI) {
        write_share(&text, value);
        number_write_exact(p->buf, p->style, buf_view(&text));
    } else {
        number_write(p->buf, p->style, value);
    }
    buf_text(p->buf, "</bdi></td>");
}

static void begin_table(const Page *p)
{
    buf_text(p->buf, "<div class=\"wide\"><table class=\"chart-data\">");
}

static void end_table(const Page *p)
{
    buf_text(p->buf, "</tbody></table></div>\n");
}

/* One number is moved: all that is told in one table. */
static void one_table(const Page *p)
{
    const SweepReport *report = p->report;
    begin_table(p);
    buf_text(p->buf, "<thead><tr><th scope=\"col\"><bdi>");
    html_text(p->buf, report->axis[0].name);
    buf_text(p->buf, "</bdi></th>");
    for (int t = 0; t < TOLDS; t++) {
        buf_text(p->buf, "<th scope=\"col\">");
        html_text(p->buf, text_get(p->style, tolds[t].key));
        buf_text(p->buf, "</th>");
    }
    buf_text(p->buf, "</tr></thead>\n<tbody>\n");
    for (int64_t i = 0; i < report->axis[0].count; i++) {
        buf_text(p->buf, "<tr>");
        head_cell(p, "row", sweep_value(report, i, 0));
        for (int t = 0; t < TOLDS; t++) {
            told_cell(p, &report->point[i], (Told)t);
        }
        buf_text(p->buf, "</tr>\n");
    }
    end_table(p);
}

/* Two numbers are moved: a table of what is told. */
static void told_table(const Page *p, Told told)
{
    const SweepReport *report = p->report;
    const int64_t columns = report->axis[1].count;
    TextArg names[] = {TEXT_STR("0", text_get(p->style, tolds[told].key)),
                       TEXT_STR("1", report->axis[0].name),
                       TEXT_STR("2", report->axis[1].name)};
    begin_table(p);
    sayf(p, "caption", "sweep.caption", names, 3);
    buf_text(p->buf, "<thead><tr><td></td>");
    for (int64_t c = 0; c < columns; c++) {
        head_cell(p, "col", sweep_value(report, c, 1));
    }
    buf_text(p->buf, "</tr></thead>\n<tbody>\n");
    for (int64_t r = 0; r < report->axis[0].count; r++) {
        buf_text(p->buf, "<tr>");
        head_cell(p, "row", sweep_value(report, r * columns, 0));
        for (int64_t c = 0; c < columns; c++) {
            told_cell(p, &report->point[r * columns + c], told);
        }
        buf_text(p->buf, "</tr>\n");
    }
    end_table(p);
}

static void introduction(const Page *p)
{
    const SweepReport *report = p->report;
    Buf month = buf_make(TEXT_BYTES);
    calendar_write_month(&month, p->style, report->month);
    TextArg of[] = {TEXT_STR("0", buf_view(&month)),
                    TEXT_INT("1", sweep_points(report))};
    sayf(p, "p", "sweep.of", of, 2);
    buf_free(&month);
    if (report->change_count == 0) return;
    sayf(p, "p", "sweep.fixed", NULL, 0);
    buf_text(p->buf, "<ul>\n");
    for (int32_t i = 0; i < report->change_count; i++) {
        buf_text(p->buf, "<li><bdi>");
        html_text(p->buf, report->change[i]);
        buf_text(p->buf, "</bdi></li>\n");
    }
    buf_text(p->buf, "</ul>\n");
}

void sweep_page(Buf *buf, const TextStyle *style, const SweepReport *report)
{
    Page p = {buf, style, report};
    report_page_begin(buf, style, "sweep.title");
    introduction(&p);
    if (report->axes == 1) {
        one_table(&p);
    } else {
        for (int t = 0; t < TOLDS; t++) told_table(&p, (Told)t);
    }
    TextArg few = TEXT_INT("0", SIMULATE_SMALL);
    sayf(&p, "p", "sweep.few", &few, 1);
    sayf(&p, "p", "simulate.rounded", NULL, 0);
    report_page_end(buf);
}

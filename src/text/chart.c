#include "text/chart.h"

#include "text/html.h"
#include "text/number.h"

/* All lengths are units of the viewBox; the picture takes the width that its
 * page gives it. */
enum {
    WIDTH = 720,
    LABEL_WIDTH = 150,  /* before the bars */
    NUMBER_WIDTH = 120, /* behind them */
    BAR = 14,
    BAR_GAP = 2,
    GROUP_GAP = 10,
    TOP = 8,
    KEY_HEIGHT = 24,
    KEY_WIDTH = 170,
    PLOT_HEIGHT = 220,
    PLOT_START = 110, /* of lines: room for the numbers of the axis */
    PLOT_END = 700,
    AXIS_LABELS = 6,
    TICKS = 4,
    HALALAS = 100
};

__extension__ typedef __int128 Wide;

static const char *const colours[CHART_SERIES_MAX] = {"#6c737f", "#1b8354",
                                                      "#b54708", "#1f5199"};

typedef struct Drawing {
    Buf *buf;
    const TextStyle *style;
    const Chart *chart;
    bool mirrored;
    int64_t low, high; /* of all values, 0 among them */
} Drawing;

static int32_t mirrored_x(const Drawing *d, int32_t x)
{
    return d->mirrored ? WIDTH - x : x;
}

static bool is_hidden(const Chart *chart, int32_t group)
{
    return chart->hidden != NULL && chart->hidden[group];
}

static Drawing drawing_of(Buf *buf, const TextStyle *style, const Chart *chart)
{
    Drawing d = {buf, style, chart, style->lang == TEXT_AR, 0, 0};
    CHECK(chart->count <= CHART_GROUPS_MAX);
    CHECK(chart->series_count <= CHART_SERIES_MAX);
    for (int32_t s = 0; s < chart->series_count; s++) {
        for (int32_t g = 0; g < chart->count; g++) {
            if (is_hidden(chart, g)) continue;
            int64_t value = chart->series[s].value[g];
            if (value < d.low) d.low = value;
            if (value > d.high) d.high = value;
        }
    }
    return d;
}

/* A value as a length; all values together take `room`. */
static int32_t scaled(const Drawing *d, int64_t value, int32_t room)
{
    Wide range = (Wide)d->high - d->low;
    if (range == 0) return 0;
    return (int32_t)((Wide)value * room / range);
}

/* A value as it stands in the picture: amounts in whole riyals. */
static void write_short(const Drawing *d, int64_t value)
{
    if (d->chart->unit == CHART_MONEY) {
        int64_t half = value < 0 ? -HALALAS / 2 : HALALAS / 2;
        bool room = value < INT64_MAX - HALALAS && value > HALALAS - INT64_MAX;
        value = (room ? value + half : value) / HALALAS;
    }
    number_write(d->buf, d->style, value);
}

static void begin(const Drawing *d, int32_t height)
{
    buf_format(d->buf,
               "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
               "aria-labelledby=\"%s-title\" direction=\"%s\" "
               "font-size=\"13\"><title id=\"%s-title\">",
               WIDTH, height, d->chart->id, text_lang_dir(d->style->lang),
               d->chart->id);
    html_text(d->buf, d->chart->title);
    buf_text(d->buf, "</title>");
}

static void draw_text(const Drawing *d, const char *of, int32_t x, int32_t y,
                      Str text)
{
    buf_format(d->buf,
               "<text class=\"%s\" x=\"%d\" y=\"%d\" "
               "text-anchor=\"start\">",
               of, mirrored_x(d, x), y);
    html_text(d->buf, text);
    buf_text(d->buf, "</text>");
}

/* A number that begins at x, or ends there: it reads from the left always. */
static void draw_number(const Drawing *d, int32_t x, int32_t y, bool ends,
                        int64_t value)
{
    buf_format(d->buf,
               "<text class=\"chart-number\" x=\"%d\" y=\"%d\" "
               "direction=\"ltr\" text-anchor=\"%s\">",
               mirrored_x(d, x), y, ends != d->mirrored ? "end" : "start");
    write_short(d, value);
    buf_text(d->buf, "</text>");
}

static void draw_bar(const Drawing *d, int32_t series, int32_t x, int32_t y,
                     int32_t width, int32_t height)
{
    buf_format(d->buf,
               "<rect class=\"chart-%d\" x=\"%d\" y=\"%d\" width=\"%d\" "
               "height=\"%d\" fill=\"%s\"/>",
               series + 1, d->mirrored ? WIDTH - x - width : x, y, width,
               height, colours[series]);
}

static void draw_line(const Drawing *d, int32_t x1, int32_t y1, int32_t x2,
                      int32_t y2)
{
    buf_format(d->buf,
               "<line class=\"chart-line\" x1=\"%d\" y1=\"%d\" x2=\"%d\" "
               "y2=\"%d\" stroke=\"#d2d6db\"/>",
               mirrored_x(d, x1), y1, mirrored_x(d, x2), y2);
}

/* What the colours mean; gives the height that it takes. */
static int32_t draw_key(const Drawing *d)
{
    if (d->chart->series_count < 2) return TOP;
    for (int32_t s = 0; s < d->chart->series_count; s++) {
        int32_t x = s * KEY_WIDTH;
        draw_bar(d, s, x, TOP, BAR, BAR);
        draw_text(d, "chart-text", x + BAR + 6, TOP + 12,
                  d->chart->series[s].name);
    }
    return TOP + KEY_HEIGHT;
}

static void draw_group(const Drawing *d, int32_t group, int32_t y, int32_t zero)
{
    const Chart *chart = d->chart;
    const int32_t room = WIDTH - LABEL_WIDTH - 2 * NUMBER_WIDTH;
    int32_t height = chart->series_count * (BAR + BAR_GAP) - BAR_GAP;
    draw_text(d, "chart-text", 0, y + height / 2 + 4, chart->label[group]);
    if (is_hidden(chart, group)) {
        draw_text(d, "chart-hidden", zero + 6, y + height / 2 + 4,
                  text_get(d->style, "chart.hidden"));
        return;
    }
    for (int32_t s = 0; s < chart->series_count; s++) {
        int64_t value = chart->series[s].value[group];
        int32_t length =
            scaled(d, value, room + (d->low < 0 ? 0 : NUMBER_WIDTH));
        int32_t top = y + s * (BAR + BAR_GAP);
        bool below = value < 0;
        draw_bar(d, s, below ? zero + length : zero, top,
                 below ? -length : length, BAR);
        draw_number(d, zero + length + (below ? -6 : 6), top + 11, below,
                    value);
    }
}

void chart_bars(Buf *buf, const TextStyle *style, const Chart *chart)
{
    Drawing d = drawing_of(buf, style, chart);
    const int32_t group =
        chart->series_count * (BAR + BAR_GAP) - BAR_GAP + GROUP_GAP;
    int32_t key = chart->series_count < 2 ? TOP : TOP + KEY_HEIGHT;
    int32_t height = key + chart->count * group;
    int32_t zero = LABEL_WIDTH;
    if (d.low < 0) { /* numbers stand before these bars, too */
        const int32_t room = WIDTH - LABEL_WIDTH - 2 * NUMBER_WIDTH;
        zero += NUMBER_WIDTH - scaled(&d, d.low, room);
    }
    begin(&d, height);
    draw_key(&d);
    draw_line(&d, zero, key - 4, zero, height - 4);
    for (int32_t g = 0; g < chart->count; g++) {
        draw_group(&d, g, key + g * group, zero);
    }
    buf_text(buf, "</svg>\n");
}

/* The least of 1, 2, 5, 10, 20 .. of which TICKS reach over a range. */
static int64_t tick_of(Wide range)
{
    static const int64_t steps[] = {1, 2, 5};
    Wide ten = 1;
    for (;; ten *= 10) {
        for (int i = 0; i < 3; i++) {
            if (steps[i] * ten * TICKS >= range) {
                Wide tick = steps[i] * ten;
                return tick > INT64_MAX ? INT64_MAX : (int64_t)tick;
            }
        }
    }
}

static int32_t y_of(const Drawing *d, int32_t top, int64_t value)
{
    return top + PLOT_HEIGHT + scaled(d, d->low, PLOT_HEIGHT) -
           scaled(d, value, PLOT_HEIGHT);
}

static int32_t x_of(const Chart *chart, int32_t group)
{
    if (chart->count < 2) return PLOT_START;
    return PLOT_START + (PLOT_END - PLOT_START) * group / (chart->count - 1);
}

/* Numbers at the side, and some of the groups' labels below. */
static void draw_axes(Drawing *d, int32_t top)
{
    const Chart *chart = d->chart;
    int64_t tick = tick_of((Wide)d->high - d->low);
    if (chart->unit == CHART_MONEY && tick < HALALAS) tick = HALALAS;
    Wide reached = ((Wide)d->high + tick - 1) / tick * tick;
    if (reached < INT64_MAX) d->high = (int64_t)reached;
    for (Wide at = d->low / tick * tick; at <= d->high; at += tick) {
        int32_t y = y_of(d, top, (int64_t)at);
        draw_line(d, PLOT_START, y, PLOT_END, y);
        draw_number(d, PLOT_START - 8, y + 4, true, (int64_t)at);
    }
    int32_t step = (chart->count + AXIS_LABELS - 1) / AXIS_LABELS;
    for (int32_t g = 0; g < chart->count; g += step) {
        buf_format(d->buf,
                   "<text class=\"chart-text\" x=\"%d\" y=\"%d\" "
                   "text-anchor=\"middle\">",
                   mirrored_x(d, x_of(chart, g)), top + PLOT_HEIGHT + 20);
        html_text(d->buf, chart->label[g]);
        buf_text(d->buf, "</text>");
    }
}

static void draw_series(const Drawing *d, int32_t series, int32_t top)
{
    const Chart *chart = d->chart;
    bool open = false;
    buf_format(d->buf,
               "<path class=\"chart-%d\" fill=\"none\" stroke=\"%s\" "
               "stroke-width=\"2\"%s d=\"",
               series + 1, colours[series],
               series == 0 ? " stroke-dasharray=\"6 4\"" : "");
    for (int32_t g = 0; g < chart->count; g++) {
        if (is_hidden(chart, g)) {
            open = false;
            continue;
        }
        buf_format(d->buf, "%c%d %d", open ? 'L' : 'M',
                   mirrored_x(d, x_of(chart, g)),
                   y_of(d, top, chart->series[series].value[g]));
        open = true;
    }
    buf_text(d->buf, "\"/>");
}

void chart_lines(Buf *buf, const TextStyle *style, const Chart *chart)
{
    Drawing d = drawing_of(buf, style, chart);
    int32_t key = chart->series_count < 2 ? TOP : TOP + KEY_HEIGHT;
    begin(&d, key + PLOT_HEIGHT + 32);
    draw_key(&d);
    draw_axes(&d, key);
    for (int32_t s = 0; s < chart->series_count; s++) draw_series(&d, s, key);
    buf_text(buf, "</svg>\n");
}

static void write_cell(Buf *buf, const TextStyle *style, const Chart *chart,
                       int64_t value)
{
    buf_text(buf, "<td class=\"chart-value\"><bdi dir=\"ltr\">");
    if (chart->unit == CHART_MONEY) {
        number_write_amount(buf, style, (Money){value});
    } else {
        number_write(buf, style, value);
    }
    buf_text(buf, "</bdi></td>");
}

static void write_row(Buf *buf, const TextStyle *style, const Chart *chart,
                      int32_t group)
{
    buf_text(buf, "<tr><th scope=\"row\"><bdi>");
    html_text(buf, chart->label[group]);
    buf_text(buf, "</bdi></th>");
    if (is_hidden(chart, group)) {
        buf_format(buf, "<td class=\"chart-hidden\" colspan=\"%d\">",
                   chart->series_count);
        html_text(buf, text_get(style, "chart.hidden"));
        buf_text(buf, "</td>");
    }
    for (int32_t s = 0; s < chart->series_count; s++) {
        if (is_hidden(chart, group)) break;
        write_cell(buf, style, chart, chart->series[s].value[group]);
    }
    buf_text(buf, "</tr>\n");
}

void chart_table(Buf *buf, const TextStyle *style, const Chart *chart)
{
    buf_text(buf, "<table class=\"chart-data\"><caption>");
    html_text(buf, chart->title);
    buf_text(buf, "</caption>\n<thead><tr><th scope=\"col\">");
    html_text(buf, chart->group);
    buf_text(buf, "</th>");
    for (int32_t s = 0; s < chart->series_count; s++) {
        buf_text(buf, "<th scope=\"col\">");
        html_text(buf, chart->series[s].name);
        buf_text(buf, "</th>");
    }
    buf_text(buf, "</tr></thead>\n<tbody>\n");
    for (int32_t g = 0; g < chart->count; g++) {
        write_row(buf, style, chart, g);
    }
    buf_text(buf, "</tbody></table>\n");
}

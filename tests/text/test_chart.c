/*
 * Charts are well-formed, read in the direction of their language, keep the
 * proportions of their values, and do not tell what is hidden.
 */
#include "text/chart.h"

#include <stdlib.h>

#include "codec/xml.h"
#include "tests/harness.h"
#include "text/html.h"

enum { BYTES = 1 << 20, HIDDEN_VALUE = 77777777 };

typedef struct Fixture {
    Arena *arena;
    TextStyle style[TEXT_LANGS];
    Buf buf;
} Fixture;

static Fixture open_fixture(void)
{
    Fixture f = {.arena = arena_open(BYTES), .buf = buf_make(BYTES)};
    Texts *texts = text_empty(f.arena);
    Err err = text_add(texts, NULL, STR("chart.hidden\tقليل\tfew\n"), NULL);
    ck_assert_int_eq(err, OK);
    for (int i = 0; i < TEXT_LANGS; i++) {
        f.style[i] = (TextStyle){texts, (TextLang)i, false, false};
    }
    return f;
}

static void close_fixture(Fixture *f)
{
    buf_free(&f->buf);
    arena_close(f->arena);
}

/* What was written, as the only thing in an element. */
static const XmlNode *parse(Fixture *f)
{
    const XmlNode *root;
    Diag diag = {.key = ""};
    ck_assert(!buf_full(&f->buf));
    Err err = xml_read(f->arena, buf_view(&f->buf), &diag, &root);
    ck_assert_msg(err == OK, "%s: %.*s", diag.key, STR_ARG(buf_view(&f->buf)));
    return root;
}

static int64_t number_at(const XmlNode *node, const char *name)
{
    int64_t value;
    ck_assert(str_to_int(xml_attribute(node, name), &value));
    return value;
}

static int count_of(const Fixture *f, const char *what)
{
    int count = 0;
    Str text = buf_view(&f->buf);
    size_t bytes = strlen(what);
    for (size_t i = 0; i + bytes <= text.bytes; i++) {
        count += memcmp(text.at + i, what, bytes) == 0;
    }
    return count;
}

static const Str labels[] = {
    {"Riyadh", 6}, {"<Asir> & \"co\"", 13}, {"Bahah", 5}};
static const bool hidden[] = {false, false, true};
static const int64_t before[] = {1000, 500, HIDDEN_VALUE};
static const int64_t after[] = {-250, 0, HIDDEN_VALUE};

static Chart chart_of(int32_t series, ChartUnit unit)
{
    return (Chart){.id = "c1",
                   .title = STR("Cost & change"),
                   .group = STR("Region"),
                   .label = labels,
                   .hidden = hidden,
                   .count = 3,
                   .series = {{STR("before"), before}, {STR("after"), after}},
                   .series_count = series,
                   .unit = unit};
}

/* The x and width of the bars of a series, in order. */
static int32_t bars_of(const XmlNode *svg, const char *series, int64_t *x,
                       int64_t *width)
{
    int32_t count = 0;
    for (const XmlNode *at = svg->first; at != NULL; at = at->next) {
        if (!xml_is(at, "rect")) continue;
        if (!str_is(xml_attribute(at, "class"), series)) continue;
        x[count] = number_at(at, "x");
        width[count++] = number_at(at, "width");
    }
    return count;
}

TEST(bars_have_the_lengths_of_their_values_from_either_side)
{
    Fixture f = open_fixture();
    Chart chart = chart_of(1, CHART_COUNT);
    int64_t x[TEXT_LANGS][4], width[TEXT_LANGS][4];
    for (int lang = 0; lang < TEXT_LANGS; lang++) {
        buf_reset(&f.buf);
        chart_bars(&f.buf, &f.style[lang], &chart);
        const XmlNode *svg = parse(&f);
        EXPECT_STR(xml_attribute(svg, "direction"),
                   lang == TEXT_AR ? "rtl" : "ltr");
        ck_assert_int_eq(bars_of(svg, "chart-1", x[lang], width[lang]), 2);
        ck_assert_int_eq(width[lang][0], 2 * width[lang][1]);
        ck_assert_int_gt(width[lang][1], 100);
        ck_assert_int_eq(count_of(&f, "1,000"), 1);
    }
    /* the same place from the other side */
    ck_assert_int_eq(x[TEXT_EN][0] + x[TEXT_AR][0] + width[TEXT_AR][0], 720);
    ck_assert_int_eq(x[TEXT_EN][0], x[TEXT_EN][1]);
    ck_assert_int_eq(x[TEXT_AR][0] + width[TEXT_AR][0],
                     x[TEXT_AR][1] + width[TEXT_AR][1]);
    close_fixture(&f);
}

TEST(negative_bars_end_where_positive_ones_begin)
{
    Fixture f = open_fixture();
    Chart chart = chart_of(2, CHART_COUNT);
    int64_t x[2][4], width[2][4];
    chart_bars(&f.buf, &f.style[TEXT_EN], &chart);
    const XmlNode *svg = parse(&f);
    ck_assert_int_eq(bars_of(svg, "chart-1", x[0], width[0]), 3); /* a key */
    ck_assert_int_eq(bars_of(svg, "chart-2", x[1], width[1]), 3);
    ck_assert_int_eq(x[1][1] + width[1][1], x[0][1]);
    ck_assert_int_eq(width[0][1], 4 * width[1][1]);
    close_fixture(&f);
}

TEST(what_is_hidden_is_nowhere)
{
    Fixture f = open_fixture();
    Chart chart = chart_of(2, CHART_COUNT);
    for (int lang = 0; lang < TEXT_LANGS; lang++) {
        buf_reset(&f.buf);
        buf_text(&f.buf, "<p>");
        chart_bars(&f.buf, &f.style[lang], &chart);
        chart_lines(&f.buf, &f.style[lang], &chart);
        chart_table(&f.buf, &f.style[lang], &chart);
        buf_text(&f.buf, "</p>");
        parse(&f);
        ck_assert_int_eq(count_of(&f, "77,777"), 0);
        ck_assert_int_eq(count_of(&f, "77777"), 0);
        ck_assert_int_eq(count_of(&f, lang == TEXT_AR ? "قليل" : "few"), 2);
    }
    close_fixture(&f);
}

TEST(tables_have_exact_amounts_and_pictures_whole_riyals)
{
    Fixture f = open_fixture();
    static const int64_t amounts[] = {123456789, 149, -150};
    Chart chart = chart_of(1, CHART_MONEY);
    chart.hidden = NULL;
    chart.series[0].value = amounts;
    chart_table(&f.buf, &f.style[TEXT_AR], &chart);
    parse(&f);
    ck_assert_int_eq(count_of(&f, "1,234,567.89"), 1);
    ck_assert_int_eq(count_of(&f, ">-1.50<"), 1);
    buf_reset(&f.buf);
    chart_bars(&f.buf, &f.style[TEXT_AR], &chart);
    parse(&f);
    ck_assert_int_eq(count_of(&f, ">1,234,568<"), 1);
    ck_assert_int_eq(count_of(&f, ">1<"), 1);
    ck_assert_int_eq(count_of(&f, ">-2<"), 1);
    close_fixture(&f);
}

TEST(lines_stand_any_values)
{
    Fixture f = open_fixture();
    static const int64_t values[][3] = {{0, 0, 0},
                                        {INT64_MIN, INT64_MAX, 0},
                                        {INT64_MAX, 1, 2},
                                        {-1, -2, -3},
                                        {7, 7, 7}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        for (int32_t count = 0; count <= 3; count++) {
            Chart chart = chart_of(1, (ChartUnit)(i & 1));
            chart.hidden = NULL;
            chart.count = count;
            chart.series[0].value = values[i];
            buf_reset(&f.buf);
            chart_lines(&f.buf, &f.style[TEXT_EN], &chart);
            parse(&f);
            buf_reset(&f.buf);
            chart_bars(&f.buf, &f.style[TEXT_EN], &chart);
            parse(&f);
        }
    }
    close_fixture(&f);
}

TEST(html_text_leaves_out_what_steers_direction)
{
    Buf buf = buf_make(256);
    html_text(&buf, STR("a\xE2\x80\xAE<b>\xE2\x81\xA6\"c'&\xD8\x9C"
                        "\xE2\x80\x93\xE2\x80"));
    EXPECT_STR(buf_view(&buf),
               "a&lt;b&gt;&quot;c&#39;&amp;\xE2\x80\x93\xE2\x80");
    buf_free(&buf);
}

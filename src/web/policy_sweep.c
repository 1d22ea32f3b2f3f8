#include "web/policy_sweep.h"

#include "web/fill.h"
#include "web/policy_ask.h"
#include "web/policy_bench.h"

enum {
    AXES = 2,
    POINTS =
        5, /* of an axis; the middle one is the law where nothing is said */
    PLACES = 6,
    HEATS = 7, /* colours above the palest */
    MILLION = 1000000,
    WHOLE = 100,  /* per cent */
    HALALAS = 100 /* of a riyal; amounts are rounded to many riyals */
};

/* What is told of a point. */
typedef enum Told {
    TOLD_COST,
    TOLD_CHANGE,
    TOLD_COVERED,
    TOLD_WINNERS,
    TOLD_LOSERS,
    TOLDS
} Told;

static const struct {
    const char *name, *key;
} tolds[TOLDS] = {{"cost", "policy.cost_month"},
                  {"change", "policy.cost_change"},
                  {"covered", "policy.households"},
                  {"winners", "policy.winners"},
                  {"losers", "policy.losers"}};

/* A figure that is moved. */
typedef struct Axis {
    const char *name; /* "x" */
    const Figure *figure;
    Str end[2]; /* as typed, or as we propose */
    bool wrong;
    Str value[POINTS]; /* plain digits */
} Axis;

typedef struct Sweep {
    PolicyAsk ask;
    Axis axis[AXES];
    Told told;
    Str sets[POINTS * POINTS][FIGURES_MAX + AXES];
    Str fixed[FIGURES_MAX]; /* what scenario A sets */
} Sweep;

static Str parameter(Visit *visit, const char *axis, const char *rest)
{
    const char *name = arena_format(visit->request->arena, "%s%s", axis, rest);
    return str_trim(form_find(&visit->request->query, name));
}

/* Amounts and shares that the law states can be moved. */
static bool moves(const Figure *figure)
{
    return figure->unit != POLICY_PLAIN && figure->law.bytes > 0 &&
           !figure->truth;
}

/* A figure by its id, else the first of that unit that is not `other`. */
static const Figure *figure_of(const PolicyForm *form, Str id, PolicyUnit unit,
                               const Figure *other)
{
    const Figure *first = NULL, *any = NULL;
    for (int32_t i = 0; i < form->figure_count; i++) {
        const Figure *figure = &form->figure[i];
        if (!moves(figure) || figure == other) continue;
        if (str_equal(figure->item->id, id)) return figure;
        if (first == NULL && figure->unit == unit) first = figure;
        if (any == NULL) any = figure;
    }
    return first != NULL ? first : any;
}

/* The two figures that are moved. The same figure twice is a mistake: only
 * one of its two values would hold. */
static void choose_figures(Visit *visit, Sweep *sweep)
{
    const PolicyForm *form = &sweep->ask.form;
    Axis *x = &sweep->axis[0], *y = &sweep->axis[1];
    Str id = parameter(visit, "y", "");
    y->figure = figure_of(form, id, POLICY_SHARE, NULL);
    bool named = y->figure != NULL && str_equal(y->figure->item->id, id);
    Str other = parameter(visit, "x", "");
    bool same = named && str_equal(id, other);
    x->figure =
        figure_of(form, other, POLICY_MONEY, named && !same ? y->figure : NULL);
    if (!named) y->figure = figure_of(form, id, POLICY_SHARE, x->figure);
    if (!same) return;
    TextArg arg = TEXT_STR("0", y->figure->label);
    policy_form_mistake(visit, &sweep->ask.form, STR("y"), "policy.same_figure",
                        &arg, 1);
    y->wrong = true;
}

/* A decimal in millionths. */
static int64_t millionths(Decimal number)
{
    for (; number.scale < PLACES; number.scale++) number.coefficient *= 10;
    return number.coefficient;
}

/* Two eighths below the law and two above, in whole steps; of a share that is
 * nearly all, four below all. */
static void propose(Visit *visit, Axis *axis)
{
    Decimal law = {0, 0};
    (void)number_read(axis->figure->law, &law);
    int64_t at = millionths(law) / MILLION;
    int64_t step = at < 8 ? 1 : at / 8;
    int64_t from = at < 2 * step ? 0 : at - 2 * step;
    bool share = axis->figure->unit == POLICY_SHARE;
    if (share && from + 4 * step > WHOLE) from = WHOLE - 4 * step;
    axis->end[0] = policy_form_digits(visit, (Decimal){from, 0});
    axis->end[1] = policy_form_digits(visit, (Decimal){from + 4 * step, 0});
}

/* Reads an end; false: a mistake was noted. */
static bool read_end(Visit *visit, Sweep *sweep, Axis *axis, int end,
                     int64_t *ret)
{
    Str digits;
    Decimal number;
    const char *key = NULL;
    bool right =
        policy_form_value(visit, axis->figure, axis->end[end], &digits, &key);
    if (right && number_read(digits, &number)) {
        *ret = millionths(number);
        axis->end[end] = digits;
        return true;
    }
    TextArg arg = TEXT_STR("0", axis->figure->label);
    policy_form_mistake(
        visit, &sweep->ask.form,
        str_of(arena_format(visit->request->arena, "%s%s", axis->name,
                            end == 0 ? "from" : "to")),
        key, &arg, 1);
    axis->wrong = true;
    return false;
}

static void read_axis(Visit *visit, Sweep *sweep, int number)
{
    Axis *axis = &sweep->axis[number];
    int64_t end[2];
    propose(visit, axis);
    Str id = parameter(visit, axis->name, "");
    bool same = id.bytes == 0 || str_equal(id, axis->figure->item->id);
    Str from = parameter(visit, axis->name, "from");
    Str to = parameter(visit, axis->name, "to");
    bool of =
        str_equal(parameter(visit, axis->name, "of"), axis->figure->item->id);
    if (same && of && from.bytes > 0) axis->end[0] = from;
    if (same && of && to.bytes > 0) axis->end[1] = to;
    if (!read_end(visit, sweep, axis, 0, &end[0]) ||
        !read_end(visit, sweep, axis, 1, &end[1])) {
        return;
    }
    if (end[0] >= end[1]) {
        TextArg arg = TEXT_STR("0", axis->figure->label);
        policy_form_mistake(
            visit, &sweep->ask.form,
            str_of(arena_format(visit->request->arena, "%sto", axis->name)),
            "policy.bad_ends", &arg, 1);
        axis->wrong = true;
        return;
    }
    for (int i = 0; i < POINTS; i++) {
        int64_t at = end[0] + (end[1] - end[0]) * i / (POINTS - 1);
        axis->value[i] = policy_form_digits(visit, (Decimal){at, PLACES});
    }
}

static void read_told(Visit *visit, Sweep *sweep)
{
    Str typed = form_find(&visit->request->query, "show");
    for (int i = 0; i < TOLDS; i++) {
        if (str_is(typed, tolds[i].name)) sweep->told = (Told)i;
    }
}

/* "NAME=EXPRESSION" of a point's value of an axis. */
static Str set_of(Visit *visit, const Axis *axis, int at)
{
    Str value = policy_form_expression(visit, axis->figure, axis->value[at]);
    return str_of(arena_format(visit->request->arena, "%.*s=%.*s",
                               STR_ARG(axis->figure->item->name),
                               STR_ARG(value)));
}

/* Whether what scenario A sets is of a figure that is moved. */
static bool is_moved(const Sweep *sweep, Str set)
{
    for (int a = 0; a < AXES; a++) {
        Str name = sweep->axis[a].figure->item->name;
        if (set.bytes > name.bytes && set.at[name.bytes] == '=' &&
            memcmp(set.at, name.at, name.bytes) == 0) {
            return true;
        }
    }
    return false;
}

static void fill_questions(Visit *visit, Sweep *sweep)
{
    PolicyAsk *ask = &sweep->ask;
    Str x[POINTS], y[POINTS];
    int32_t many = policy_form_sets(visit, &ask->form, 0, sweep->fixed);
    for (int i = 0; i < POINTS; i++) {
        x[i] = set_of(visit, &sweep->axis[0], i);
        y[i] = set_of(visit, &sweep->axis[1], i);
    }
    for (int32_t p = 0; p < POINTS * POINTS; p++) {
        Str *sets = sweep->sets[p];
        int32_t count = 0;
        for (int32_t i = 0; i < many; i++) {
            if (!is_moved(sweep, sweep->fixed[i])) {
                sets[count++] = sweep->fixed[i];
            }
        }
        sets[count++] = x[p / POINTS];
        sets[count++] = y[p % POINTS];
        ask->question[p] = (LabQuestion){
            .month = ask->form.month, .sets = sets, .set_count = count};
    }
    ask->count = POINTS * POINTS;
}

static void write_address(Visit *visit, Sweep *sweep)
{
    Buf *buf = http_scratch(visit->request);
    buf_str(buf, sweep->ask.address);
    for (int a = 0; a < AXES; a++) {
        const Axis *axis = &sweep->axis[a];
        Str id = axis->figure->item->id;
        buf_format(buf, "&%s=%.*s&%sof=%.*s", axis->name, STR_ARG(id),
                   axis->name, STR_ARG(id));
        for (int e = 0; e < 2; e++) {
            buf_format(buf, "&%s%s=", axis->name, e == 0 ? "from" : "to");
            form_escape(buf, axis->end[e]);
        }
    }
    if (sweep->told != TOLD_COST) {
        buf_format(buf, "&show=%s", tolds[sweep->told].name);
    }
    sweep->ask.address = str_copy(visit->request->arena, buf_view(buf));
}

static int64_t value_of(const SimulateReport *report, Told told)
{
    const SimulateCell *all = &report->all;
    switch (told) {
    case TOLD_COST:
        return all->cost_after;
    case TOLD_CHANGE:
        return all->cost_after - all->cost_before;
    case TOLD_COVERED:
        return all->eligible_after;
    case TOLD_WINNERS:
        return all->winners;
    case TOLD_LOSERS:
    case TOLDS:
        break;
    }
    return all->losers;
}

static Str words_of(Visit *visit, int64_t value, Told told)
{
    bool money = told == TOLD_COST || told == TOLD_CHANGE;
    Buf *buf = http_scratch(visit->request);
    if (told == TOLD_CHANGE && value != 0) {
        buf_text(buf, value < 0 ? "\xE2\x88\x92" : "+");
        value = value < 0 ? -value : value;
    }
    number_write(buf, &visit->style, money ? value / HALALAS : value);
    return str_copy(visit->request->arena, buf_view(buf));
}

static Str axis_words(Visit *visit, const Axis *axis, int at)
{
    return policy_number(
        visit, axis->figure->unit,
        policy_form_expression(visit, axis->figure, axis->value[at]));
}

/* The page on which this point alone is tried. */
static Str point_address(Visit *visit, const Sweep *sweep, int32_t point)
{
    const int at[AXES] = {point / POINTS, point % POINTS};
    Buf *buf = http_scratch(visit->request);
    buf_format(buf, "/p/simulate?%.*s", STR_ARG(sweep->ask.form.address));
    for (int a = 0; a < AXES; a++) {
        const Axis *axis = &sweep->axis[a];
        buf_format(buf, "&a.%.*s=%.*s", STR_ARG(axis->figure->item->id),
                   STR_ARG(axis->value[at[a]]));
    }
    return str_copy(visit->request->arena, buf_view(buf));
}

/* From the least to the most that is shown. */
static void range_of(const Sweep *sweep, int64_t *least, int64_t *most)
{
    bool any = false;
    *least = *most = 0;
    for (int32_t p = 0; p < POINTS * POINTS; p++) {
        const SimulateReport *report = sweep->ask.answer[p].report;
        int64_t value = value_of(report, sweep->told);
        if (report->all.hidden) continue;
        if (!any || value < *least) *least = value;
        if (!any || value > *most) *most = value;
        any = true;
    }
}

static void fill_rows(Visit *visit, const Sweep *sweep, PageSweep *page)
{
    Arena *arena = visit->request->arena;
    PageSweepRow *rows = ARENA_ARRAY(arena, PageSweepRow, POINTS);
    PageSweepCell *cells = ARENA_ARRAY(arena, PageSweepCell, POINTS * POINTS);
    PageColumn *columns = ARENA_ARRAY(arena, PageColumn, POINTS);
    int64_t least, most;
    range_of(sweep, &least, &most);
    for (int32_t p = 0; p < POINTS * POINTS; p++) {
        const SimulateReport *report = sweep->ask.answer[p].report;
        int64_t value = value_of(report, sweep->told);
        int64_t heat =
            most == least ? 0 : (value - least) * HEATS / (most - least);
        bool law = sweep->ask.form.scenario[0].change_count == 0;
        for (int a = 0; a < AXES; a++) {
            int at = a == 0 ? p / POINTS : p % POINTS;
            const Axis *axis = &sweep->axis[a];
            law = law && str_equal(axis->value[at], axis->figure->law);
        }
        cells[p] = (PageSweepCell){.text = words_of(visit, value, sweep->told),
                                   .heat = fill_id(visit, heat),
                                   .address = point_address(visit, sweep, p),
                                   .law = law,
                                   .hidden = report->all.hidden};
    }
    for (int i = 0; i < POINTS; i++) {
        rows[i] = (PageSweepRow){.label = axis_words(visit, &sweep->axis[0], i),
                                 .cells = cells + (ptrdiff_t)i * POINTS,
                                 .cells_count = POINTS};
        columns[i].name = axis_words(visit, &sweep->axis[1], i);
    }
    page->rows = rows;
    page->rows_count = POINTS;
    page->columns = columns;
    page->columns_count = POINTS;
    page->least = words_of(visit, least, sweep->told);
    page->most = words_of(visit, most, sweep->told);
}

static const PageSweepAxis *axes_of(Visit *visit, const Sweep *sweep)
{
    Arena *arena = visit->request->arena;
    const PolicyForm *form = &sweep->ask.form;
    PageSweepAxis *axes = ARENA_ARRAY(arena, PageSweepAxis, AXES);
    for (int a = 0; a < AXES; a++) {
        const Axis *axis = &sweep->axis[a];
        PageChoice *choices = ARENA_ARRAY(arena, PageChoice, FIGURES_MAX);
        size_t count = 0;
        for (int32_t i = 0; i < form->figure_count; i++) {
            const Figure *figure = &form->figure[i];
            if (!moves(figure)) continue;
            choices[count++] = (PageChoice){.name = figure->item->id,
                                            .title = figure->label,
                                            .chosen = figure == axis->figure};
        }
        axes[a] = (PageSweepAxis){
            .name = str_of(axis->name),
            .title = visit_text(visit, a == 0 ? "policy.rows_move"
                                              : "policy.columns_move"),
            .figure = axis->figure->label,
            .of = axis->figure->item->id,
            .law = axis->figure->law_words,
            .money = axis->figure->unit == POLICY_MONEY,
            .from = axis->end[0],
            .to = axis->end[1],
            .wrong = axis->wrong,
            .choices = choices,
            .choices_count = count};
    }
    return axes;
}

/* What scenario A changes besides, for the form to carry along. */
static void fill_carried(Visit *visit, const Sweep *sweep, PageSweep *page)
{
    const PolicyForm *form = &sweep->ask.form;
    const Scenario *a = &form->scenario[0];
    PageCarried *carried =
        ARENA_ARRAY(visit->request->arena, PageCarried, FIGURES_MAX);
    for (int32_t f = 0; f < form->figure_count; f++) {
        if (!a->changed[f]) continue;
        carried[page->carried_count++] = (PageCarried){
            .name = str_of(arena_format(visit->request->arena, "a.%.*s",
                                        STR_ARG(form->figure[f].item->id))),
            .value = a->value[f]};
    }
    page->carried = carried;
    page->summaries = policy_ask_summaries(visit, form);
    page->summaries_count = page->carried_count > 0;
}

static void show(Visit *visit, int status)
{
    const Sweep *sweep = visit->state;
    const PolicyAsk *ask = &sweep->ask;
    PageChoice *shows = ARENA_ARRAY(visit->request->arena, PageChoice, TOLDS);
    for (int i = 0; i < TOLDS; i++) {
        shows[i] = (PageChoice){.name = str_of(tolds[i].name),
                                .title = visit_text(visit, tolds[i].key),
                                .chosen = sweep->told == (Told)i};
    }
    PageSweep page = {.frame = policy_ask_frame(visit, ask, "policy.sweep"),
                      .state = ask->state,
                      .tries = policy_ask_tries(visit, ask),
                      .mistakes = ask->form.mistake,
                      .mistakes_count = ask->form.mistake_count,
                      .wrong = ask->form.mistake_count > 0,
                      .empty = visit->site->config->lab == NULL,
                      .bench = policy_bench(visit, &ask->form, STR("/p/sweep")),
                      .month_words = fill_month(visit, ask->form.month),
                      .told = shows[sweep->told].title,
                      .money = sweep->told == TOLD_COST ||
                               sweep->told == TOLD_CHANGE,
                      .shows = shows,
                      .shows_count = TOLDS,
                      .found = ask->found,
                      .file = policy_ask_file(visit, ask),
                      .movable = sweep->axis[1].figure != NULL};
    if (page.movable) {
        page.axes = axes_of(visit, sweep);
        page.axes_count = AXES;
        page.x = page.axes[0].figure;
        page.y = page.axes[1].figure;
    }
    fill_carried(visit, sweep, &page);
    if (ask->found) fill_rows(visit, sweep, &page);
    Out out = visit_out(visit);
    page_sweep(&out, &page);
    visit_reply(visit, status);
}

/* A row for each point. */
static void give(Visit *visit, int status)
{
    const Sweep *sweep = visit->state;
    Buf *buf = http_body(visit->request);
    if (sweep->ask.found) {
        buf_format(buf, "%.*s,%.*s,", STR_ARG(sweep->axis[0].figure->item->id),
                   STR_ARG(sweep->axis[1].figure->item->id));
        buf_text(buf, "cost,cost_change,eligible,winners,losers\r\n");
    }
    for (int32_t p = 0; sweep->ask.found && p < POINTS * POINTS; p++) {
        const SimulateReport *report = sweep->ask.answer[p].report;
        buf_format(buf, "%.*s,%.*s", STR_ARG(sweep->axis[0].value[p / POINTS]),
                   STR_ARG(sweep->axis[1].value[p % POINTS]));
        for (int told = 0; told < TOLDS; told++) {
            int64_t value = value_of(report, (Told)told);
            bool money = told == TOLD_COST || told == TOLD_CHANGE;
            buf_char(buf, ',');
            if (report->all.hidden) continue;
            if (money) money_write(buf, (Money){value});
            if (!money) buf_int(buf, value);
        }
        buf_text(buf, "\r\n");
    }
    policy_ask_give(visit, &sweep->ask, status);
}

static void answer(HttpRequest *request, bool table)
{
    Sweep *sweep = ARENA_NEW(request->arena, Sweep);
    PolicyAsk *ask = &sweep->ask;
    Visit *visit = policy_ask_begin(request, "sweep", ask);
    if (visit == NULL) return;
    visit->state = sweep;
    ask->show = table ? give : show;
    ask->form.scenario_count = 1;
    sweep->axis[0].name = "x";
    sweep->axis[1].name = "y";
    choose_figures(visit, sweep);
    read_told(visit, sweep);
    if (sweep->axis[1].figure != NULL) {
        for (int a = 0; a < AXES; a++) read_axis(visit, sweep, a);
        write_address(visit, sweep);
        if (ask->form.mistake_count == 0) fill_questions(visit, sweep);
    }
    ask->form.needless = false; /* the form says all of it */
    policy_ask(visit, ask);
}

void policy_sweep(HttpRequest *request)
{
    answer(request, false);
}

void policy_sweep_csv(HttpRequest *request)
{
    answer(request, true);
}

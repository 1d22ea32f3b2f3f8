#include "cli/common.h"
#include "cli/progress.h"
#include "cli/simulate_many.h"
#include "cli/snapshot_open.h"
#include "cli/suite_files.h"
#include "simulation/reform.h"

enum { POINT_BYTES = 512 << 20, PLACES = 6 };

bool simulate_decimal(Str text, int64_t *ret)
{
    int64_t value = 0;
    int places = -1;
    if (text.bytes == 0 || text.bytes > 12) return false;
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];
        if (c == '.' && places < 0) {
            places = 0;
        } else if (c >= '0' && c <= '9' && places < PLACES) {
            value = value * 10 + (c - '0');
            if (places >= 0) places++;
        } else {
            return false;
        }
    }
    for (int i = places < 0 ? 0 : places; i < PLACES; i++) value *= 10;
    *ret = value;
    return true;
}

/* NAME=FROM..TO/STEP; what is wrong with it, or NULL. */
static const char *read_axis(Str text, SweepAxis *ret)
{
    Str name, from, to, step = text;
    int64_t last;
    *ret = (SweepAxis){.name = {NULL, 0}};
    if (!str_split(&step, '=', &name) || !str_split(&step, '/', &to)) {
        return "--sweep is NAME=FROM..TO/STEP";
    }
    from = to;
    for (size_t i = 0; i + 1 < to.bytes; i++) {
        if (to.at[i] != '.' || to.at[i + 1] != '.') continue;
        from.bytes = i;
        to = (Str){to.at + i + 2, to.bytes - i - 2};
        break;
    }
    ret->name = str_trim(name);
    if (ret->name.bytes == 0 || !simulate_decimal(from, &ret->from) ||
        !simulate_decimal(to, &last) || !simulate_decimal(step, &ret->step)) {
        return "--sweep is NAME=FROM..TO/STEP, of numbers from 0";
    }
    if (ret->step == 0) {
        return "the STEP of --sweep NAME=FROM..TO/STEP must be above 0";
    }
    if (last < ret->from) {
        return "in --sweep NAME=FROM..TO/STEP, TO must not be below FROM";
    }
    ret->count = (last - ret->from) / ret->step + 1;
    return ret->count <= SWEEP_POINTS_MAX
               ? NULL
               : "--sweep asks for more than 2500 points; take a larger STEP";
}

static const char *value_text(Arena *arena, Str name, int64_t value)
{
    return arena_format(arena, "%.*s=%lld.%06lld", STR_ARG(name),
                        (long long)(value / 1000000),
                        (long long)(value % 1000000));
}

typedef struct Sweep {
    Cli *cli;
    Simulation *simulation;
    const char *model;
    const char *sets[SIMULATE_SETS_MAX + SWEEP_AXES];
    int32_t fixed; /* of them, the same for all points */
    SweepReport report;
    SweepPoint *point;
    Arena *arena; /* of a point */
} Sweep;

static int run_point(Sweep *s, int64_t point)
{
    PopulationModel model;
    Diag diag = {.key = ""};
    arena_reset(s->arena);
    SimulateReport *found = ARENA_NEW(s->arena, SimulateReport);
    for (int32_t a = 0; a < s->report.axes; a++) {
        s->sets[s->fixed + a] = value_text(s->arena, s->report.axis[a].name,
                                           sweep_value(&s->report, point, a));
    }
    int code = snapshot_model(s->cli, s->arena, s->model, s->sets,
                              s->fixed + s->report.axes, &model);
    if (code != CLI_GO_ON) return code;
    SimulateSide side = {&model.programme, model.measures};
    Err err = simulate_reform(s->simulation, &side, &diag, found);
    if (err != OK) return cli_fail(s->cli, err, &diag);
    simulate_round(found); /* points stand beside each other */
    s->point[point] = sweep_point(found);
    return CLI_GO_ON;
}

/* Whether both axes are one decision, by its name or its id. */
static bool same_figure(Sweep *s)
{
    DmnSource *sources;
    size_t count;
    Diag diag;
    bool same = false;
    Str one = s->report.axis[0].name, other = s->report.axis[1].name;
    Str model, set;
    if (str_equal(one, other)) return true;
    if (suite_files_sources(s->arena, s->model, &diag, &sources, &count) !=
        OK) {
        return false; /* it is told when the model is read */
    }
    /* what is set by the one is the same text when it is set by the other */
    set = str_of(arena_format(s->arena, "%.*s=0", STR_ARG(one)));
    if (reform_set(s->arena, sources[0].bytes, set, &diag, &model) != OK) {
        return false;
    }
    set = str_of(arena_format(s->arena, "%.*s=0", STR_ARG(other)));
    if (reform_set(s->arena, sources[0].bytes, set, &diag, &set) == OK) {
        same = str_equal(model, set);
    }
    return same;
}

static int run_points(Sweep *s)
{
    const int64_t points = sweep_points(&s->report);
    int code = CLI_GO_ON;
    if (points > SWEEP_POINTS_MAX) {
        return cli_usage(s->cli, "--sweep asks for more than 2500 points; "
                                 "take a larger STEP");
    }
    s->point = ARENA_ARRAY(s->cli->arena, SweepPoint, points);
    s->report.point = s->point;
    Progress progress = progress_make(s->cli, "reforms");
    for (int64_t p = 0; p < points && code == CLI_GO_ON; p++) {
        code = run_point(s, p);
        progress_show(&progress, p + 1, points);
    }
    progress_end(&progress);
    return code;
}

/* The files that are asked for, and JSON. */
static int print(Cli *cli, const SweepReport *report)
{
    TextStyle style = simulate_page_style(cli);
    Buf text = buf_make(SWEEP_REPORT_BYTES_MAX);
    Buf html = buf_make(SWEEP_REPORT_BYTES_MAX);
    sweep_csv(&text, report);
    sweep_page(&html, &style, report);
    int code = simulate_files(cli, &text, &html, OK);
    buf_free(&html);
    if (code != CLI_GO_ON) {
        buf_free(&text);
        return code;
    }
    buf_reset(&text);
    JsonOut out = json_out_make(&text);
    json_out_object(&out);
    sweep_json(&out, report);
    json_out_object_end(&out);
    return cli_print(cli, &text);
}

int simulate_sweep(Cli *cli, Simulation *simulation, Month month,
                   const SimulateReform *reform)
{
    Sweep *s = ARENA_NEW(cli->arena, Sweep);
    SweepReport *report = &s->report;
    const char *text;
    s->cli = cli;
    s->simulation = simulation;
    s->model = reform->model;
    s->fixed = reform->set_count;
    report->month = month;
    report->change = simulate_changes(cli, reform, &report->change_count);
    for (int32_t i = 0; i < s->fixed; i++) s->sets[i] = reform->sets[i];
    while ((text = cli_option_at(cli, "--sweep", report->axes)) != NULL) {
        if (report->axes == SWEEP_AXES) {
            return cli_usage(cli, "--sweep may be given twice at most");
        }
        const char *wrong =
            read_axis(str_of(text), &report->axis[report->axes++]);
        if (wrong != NULL) return cli_usage(cli, wrong);
    }
    Arena *arena CLEANUP(arena_closep) = arena_open(POINT_BYTES);
    if (arena == NULL) return cli_usage(cli, "there is no memory");
    s->arena = arena;
    if (report->axes == SWEEP_AXES && same_figure(s)) {
        return cli_usage(cli, "both --sweep move the same figure; name two");
    }
    int code = run_points(s);
    return code == CLI_GO_ON ? print(cli, report) : code;
}

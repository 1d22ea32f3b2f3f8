#include "cli/common.h"
#include "cli/progress.h"
#include "cli/simulate_many.h"
#include "cli/snapshot_open.h"
#include "cli/suite_files.h"
#include "codec/json.h"
#include "simulation/reform.h"

enum { POINT_BYTES = 512 << 20, OUT_BYTES = 1 << 24, PLACES = 6 };

/* A number of --sweep and its values, in millionths. */
typedef struct Axis {
    Str name;
    int64_t from, step;
    int64_t count;
} Axis;

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
static const char *read_axis(Str text, Axis *ret)
{
    Str name, from, to, step = text;
    int64_t last;
    *ret = (Axis){.name = {NULL, 0}};
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

static const char *value_text(Arena *arena, const Axis *axis, int64_t at)
{
    int64_t value = axis->from + at * axis->step;
    return arena_format(arena, "%.*s=%lld.%06lld", STR_ARG(axis->name),
                        (long long)(value / 1000000),
                        (long long)(value % 1000000));
}

static void point_json(JsonOut *out, const char *const *sets, int32_t count,
                       const SimulateReport *report)
{
    const SimulateCell *all = &report->all;
    json_out_object(out);
    json_out_key(out, "set");
    json_out_array(out);
    for (int32_t i = 0; i < count; i++) json_out_text(out, sets[i]);
    json_out_array_end(out);
    json_put_bool(out, "hidden", all->hidden);
    if (!all->hidden) {
        json_put_int(out, "eligible", all->eligible_after);
        json_put_money(out, "cost", (Money){all->cost_after});
        json_put_int(out, "winners", all->winners);
        json_put_int(out, "losers", all->losers);
        json_out_key(out, "gini");
        json_out_measure(out, (double)report->gini_after / 1e6, 4);
    }
    json_out_object_end(out);
}

typedef struct Sweep {
    Cli *cli;
    Simulation *simulation;
    const char *model;
    const char *sets[SIMULATE_SETS_MAX + SWEEP_AXES];
    int32_t fixed; /* of them, the same for all points */
    Axis axis[SWEEP_AXES];
    int32_t axes;
    Arena *arena; /* of a point */
    JsonOut out;
} Sweep;

static int run_point(Sweep *s, int64_t point)
{
    PopulationModel model;
    Diag diag = {.key = ""};
    arena_reset(s->arena);
    SimulateReport *report = ARENA_NEW(s->arena, SimulateReport);
    for (int32_t a = 0; a < s->axes; a++) {
        int64_t at = a == 0 && s->axes == 2 ? point / s->axis[1].count
                                            : point % s->axis[a].count;
        s->sets[s->fixed + a] = value_text(s->arena, &s->axis[a], at);
    }
    int code = snapshot_model(s->cli, s->arena, s->model, s->sets,
                              s->fixed + s->axes, &model);
    if (code != CLI_GO_ON) return code;
    SimulateSide side = {&model.programme, model.measures};
    Err err = simulate_reform(s->simulation, &side, &diag, report);
    if (err != OK) return cli_fail(s->cli, err, &diag);
    point_json(&s->out, s->sets + s->fixed, s->axes, report);
    return CLI_GO_ON;
}

/* Whether both axes are one decision, by its name or its id. */
static bool same_figure(Sweep *s)
{
    DmnSource *sources;
    size_t count;
    Diag diag;
    bool same = false;
    Str one = s->axis[0].name, other = s->axis[1].name, model, set;
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

static int run_points(Sweep *s, Buf *buf)
{
    int64_t points = 1;
    int code = CLI_GO_ON;
    for (int32_t a = 0; a < s->axes; a++) points *= s->axis[a].count;
    if (points > SWEEP_POINTS_MAX) {
        return cli_usage(s->cli, "--sweep asks for more than 2500 points; "
                                 "take a larger STEP");
    }
    Progress progress = progress_make(s->cli, "reforms");
    s->out = json_out_make(buf);
    json_out_object(&s->out);
    json_out_key(&s->out, "sweep");
    json_out_array(&s->out);
    for (int64_t p = 0; p < points && code == CLI_GO_ON; p++) {
        code = run_point(s, p);
        progress_show(&progress, p + 1, points);
    }
    json_out_array_end(&s->out);
    json_out_object_end(&s->out);
    progress_end(&progress);
    return code;
}

int simulate_sweep(Cli *cli, Simulation *simulation,
                   const SimulateReform *reform)
{
    Sweep *s = ARENA_NEW(cli->arena, Sweep);
    const char *text;
    s->cli = cli;
    s->simulation = simulation;
    s->model = reform->model;
    s->fixed = reform->set_count;
    for (int32_t i = 0; i < s->fixed; i++) s->sets[i] = reform->sets[i];
    while ((text = cli_option_at(cli, "--sweep", s->axes)) != NULL) {
        if (s->axes == SWEEP_AXES) {
            return cli_usage(cli, "--sweep may be given twice at most");
        }
        const char *wrong = read_axis(str_of(text), &s->axis[s->axes++]);
        if (wrong != NULL) return cli_usage(cli, wrong);
    }
    Arena *arena CLEANUP(arena_closep) = arena_open(POINT_BYTES);
    if (arena == NULL) return cli_usage(cli, "there is no memory");
    s->arena = arena;
    if (s->axes == SWEEP_AXES && same_figure(s)) {
        return cli_usage(cli, "both --sweep move the same figure; name two");
    }
    Buf buf = buf_make(OUT_BYTES);
    int code = run_points(s, &buf);
    if (code == CLI_GO_ON) return cli_print(cli, &buf);
    buf_free(&buf);
    return code;
}

#include "base/asset.h"
#include "cli/common.h"
#include "cli/progress.h"
#include "cli/simulate_many.h"
#include "cli/snapshot_open.h"

enum { MODEL_BYTES = 512 << 20 };

static const char own_readings[] = "models/readings.tsv";

typedef struct Ends {
    Cli *cli;
    Simulation *simulation;
    const SimulateReform *reform;
    Uncertainty *all;
    const char *sets[UNCERTAIN_MAX][2]; /* "NAME=VALUE" of both ends */
    SimulateReport *report;
    Arena *arena; /* of a model */
} Ends;

/* NAME=LOW..HIGH */
static bool read_uncertain(Cli *cli, Str text, Uncertain *ret,
                           const char *sets[2])
{
    Str rest = text, name;
    if (!str_split(&rest, '=', &name)) return false;
    ret->name = str_trim(name);
    for (size_t i = 0; i + 1 < rest.bytes; i++) {
        if (rest.at[i] != '.' || rest.at[i + 1] != '.') continue;
        ret->value[0] = str_trim((Str){rest.at, i});
        ret->value[1] = str_trim((Str){rest.at + i + 2, rest.bytes - i - 2});
        break;
    }
    for (int end = 0; end < 2; end++) {
        sets[end] = arena_format(cli->arena, "%.*s=%.*s", STR_ARG(ret->name),
                                 STR_ARG(ret->value[end]));
    }
    return ret->name.bytes > 0 && ret->value[0].bytes > 0 &&
           ret->value[1].bytes > 0;
}

/* What a model costs with some assumptions at an end. */
static int run_model(Ends *e, const char *model, const char *const *fixed,
                     int32_t fixed_count, const int32_t *ends, int64_t *cost,
                     bool *hidden)
{
    const char *sets[SIMULATE_SETS_MAX + UNCERTAIN_MAX];
    int32_t count = 0;
    PopulationModel loaded;
    Diag diag = {.key = ""};
    for (int32_t i = 0; i < fixed_count; i++) sets[count++] = fixed[i];
    for (int32_t i = 0; i < e->all->count; i++) {
        const char *set = ends[i] < 0 ? NULL : e->sets[i][ends[i]];
        if (set != NULL) sets[count++] = set;
    }
    arena_reset(e->arena);
    int code = snapshot_model(e->cli, e->arena, model, sets, count, &loaded);
    if (code != CLI_GO_ON) return code;
    SimulateSide side = {&loaded.programme, loaded.measures};
    Err err = simulate_reform(e->simulation, &side, &diag, e->report);
    if (err != OK) return cli_fail(e->cli, err, &diag);
    simulate_round(e->report); /* ends stand beside each other */
    *cost = e->report->all.cost_after;
    *hidden = *hidden || e->report->all.hidden;
    return CLI_GO_ON;
}

/* Both sides; ends[i] is 0 or 1, or -1 for the assumption as it is. */
static int run_end(Ends *e, const int32_t *ends, UncertainEnd *ret)
{
    *ret = (UncertainEnd){0};
    int code = run_model(e, e->reform->base, NULL, 0, ends, &ret->cost_before,
                         &ret->hidden);
    if (code != CLI_GO_ON) return code;
    return run_model(e, e->reform->model, e->reform->sets, e->reform->set_count,
                     ends, &ret->cost_after, &ret->hidden);
}

static int run_ends(Ends *e)
{
    int32_t ends[UNCERTAIN_MAX], count = e->all->count;
    UncertainEnd corner[UNCERTAIN_CORNERS];
    int code = CLI_GO_ON;
    Progress progress = progress_make(e->cli, "ends");
    const int32_t corners = INT32_C(1) << count, runs = 2 * count + corners;
    for (int32_t i = 0; i < 2 * count && code == CLI_GO_ON; i++) {
        for (int32_t k = 0; k < count; k++) ends[k] = k == i / 2 ? i % 2 : -1;
        code = run_end(e, ends, &e->all->of[i / 2].end[i % 2]);
        progress_show(&progress, i + 1, runs);
    }
    for (int32_t c = 0; c < corners && code == CLI_GO_ON; c++) {
        for (int32_t k = 0; k < count; k++) ends[k] = c >> k & 1;
        code = run_end(e, ends, &corner[c]);
        progress_show(&progress, 2 * count + c + 1, runs);
    }
    progress_end(&progress);
    if (code == CLI_GO_ON) uncertainty_range(e->all, corner);
    return code;
}

/* Whether the law and the reform take a reading, as they would take a --set. */
static Err try_reading(void *arg, const Uncertain *of, bool *fits)
{
    const Ends *e = arg;
    const SimulateReform *reform = e->reform;
    const char *sets[SIMULATE_SETS_MAX + 1];
    int32_t count = reform->set_count;
    PopulationModel loaded;
    Diag diag = {.key = ""};
    arena_reset(e->arena);
    memcpy(sets, reform->sets, (size_t)count * sizeof *sets);
    sets[count] = arena_format(e->arena, "%.*s=%.*s", STR_ARG(of->name),
                               STR_ARG(of->value[1]));
    Err err = snapshot_model_try(e->arena, reform->base, &sets[count], 1, &diag,
                                 &loaded);
    if (err == OK) {
        err = snapshot_model_try(e->arena, reform->model, sets, count + 1,
                                 &diag, &loaded);
    }
    *fits = err == OK;
    return err == ERR_FULL ? err : OK;
}

/* The other readings that the country pack knows of what is not confirmed. */
static int take_flagged(Ends *e, const Assumptions *assumptions)
{
    Diag diag = {.key = ""};
    Readings *readings = ARENA_NEW(e->cli->arena, Readings);
    Err err = readings_read(asset_find(own_readings)->bytes, own_readings,
                            &diag, readings);
    if (err == OK) {
        err = readings_take_fitting(readings, assumptions, try_reading, e,
                                    e->all);
        if (err == ERR_FULL) diag_set(&diag, "snapshot.memory");
    }
    if (err != OK) return cli_fail(e->cli, err, &diag);
    for (int32_t i = 0; i < e->all->count; i++) {
        const Uncertain *of = &e->all->of[i];
        e->sets[i][0] = NULL;
        e->sets[i][1] = arena_format(e->cli->arena, "%.*s=%.*s",
                                     STR_ARG(of->name), STR_ARG(of->value[1]));
    }
    return CLI_GO_ON;
}

/* What the options name. */
static int read_options(Ends *e, const Assumptions *assumptions)
{
    const char *text = cli_option_at(e->cli, "--uncertain", 0);
    if (text != NULL && strcmp(text, "flagged") == 0) {
        return cli_option_at(e->cli, "--uncertain", 1) == NULL
                   ? take_flagged(e, assumptions)
                   : cli_usage(e->cli, "--uncertain flagged stands alone");
    }
    for (; text != NULL;
         text = cli_option_at(e->cli, "--uncertain", e->all->count)) {
        int32_t at = e->all->count;
        if (at == UNCERTAIN_MAX) {
            return cli_usage(e->cli, "there are more than five --uncertain");
        }
        e->all->count++;
        if (!read_uncertain(e->cli, str_of(text), &e->all->of[at],
                            e->sets[at])) {
            return cli_usage(e->cli, "--uncertain is NAME=LOW..HIGH");
        }
    }
    return CLI_GO_ON;
}

int simulate_uncertain(Cli *cli, Simulation *simulation,
                       const SimulateReform *reform,
                       const Assumptions *assumptions, const Uncertainty **ret)
{
    Ends e = {.cli = cli,
              .simulation = simulation,
              .reform = reform,
              .all = ARENA_NEW(cli->arena, Uncertainty),
              .report = ARENA_NEW(cli->arena, SimulateReport)};
    *ret = NULL;
    Arena *arena CLEANUP(arena_closep) = arena_open(MODEL_BYTES);
    if (arena == NULL) return cli_usage(cli, "there is no memory");
    e.arena = arena;
    int code = read_options(&e, assumptions);
    if (code != CLI_GO_ON || e.all->count + e.all->left_out_count == 0) {
        return code;
    }
    *ret = e.all;
    if (e.all->count == 0) { /* all were left out: there are no ends */
        uncertainty_range(e.all, NULL);
        return CLI_GO_ON;
    }
    return run_ends(&e);
}

#include "cli/common.h"
#include "cli/progress.h"
#include "cli/simulate_many.h"
#include "cli/snapshot_open.h"

enum { MODEL_BYTES = 512 << 20 };

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
        if (ends[i] >= 0) sets[count++] = e->sets[i][ends[i]];
    }
    arena_reset(e->arena);
    int code = snapshot_model(e->cli, e->arena, model, sets, count, &loaded);
    if (code != CLI_GO_ON) return code;
    SimulateSide side = {&loaded.programme, loaded.measures};
    Err err = simulate_reform(e->simulation, &side, &diag, e->report);
    if (err != OK) return cli_fail(e->cli, err, &diag);
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

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void widen(Uncertainty *all, const UncertainEnd *at, bool first)
{
    int64_t change = at->cost_after - at->cost_before;
    if (first) {
        all->least = all->most = *at;
        all->least_change = all->most_change = change;
        return;
    }
    all->least.hidden = all->least.hidden || at->hidden;
    all->most.hidden = all->least.hidden;
    all->least.cost_before = least_of(all->least.cost_before, at->cost_before);
    all->least.cost_after = least_of(all->least.cost_after, at->cost_after);
    all->most.cost_before = most_of(all->most.cost_before, at->cost_before);
    all->most.cost_after = most_of(all->most.cost_after, at->cost_after);
    all->least_change = least_of(all->least_change, change);
    all->most_change = most_of(all->most_change, change);
}

static int run_ends(Ends *e)
{
    int32_t ends[UNCERTAIN_MAX], count = e->all->count;
    int code = CLI_GO_ON;
    Progress progress = progress_make(e->cli, "ends");
    const int32_t corners = INT32_C(1) << count, runs = 2 * count + corners;
    for (int32_t i = 0; i < 2 * count && code == CLI_GO_ON; i++) {
        for (int32_t k = 0; k < count; k++) ends[k] = k == i / 2 ? i % 2 : -1;
        code = run_end(e, ends, &e->all->of[i / 2].end[i % 2]);
        progress_show(&progress, i + 1, runs);
    }
    for (int32_t c = 0; c < corners && code == CLI_GO_ON; c++) {
        UncertainEnd found;
        for (int32_t k = 0; k < count; k++) ends[k] = c >> k & 1;
        code = run_end(e, ends, &found);
        if (code == CLI_GO_ON) widen(e->all, &found, c == 0);
        progress_show(&progress, 2 * count + c + 1, runs);
    }
    progress_end(&progress);
    return code;
}

int simulate_uncertain(Cli *cli, Simulation *simulation,
                       const SimulateReform *reform, const Uncertainty **ret)
{
    const char *text;
    Ends e = {.cli = cli,
              .simulation = simulation,
              .reform = reform,
              .all = ARENA_NEW(cli->arena, Uncertainty),
              .report = ARENA_NEW(cli->arena, SimulateReport)};
    *ret = NULL;
    while ((text = cli_option_at(cli, "--uncertain", e.all->count)) != NULL) {
        int32_t at = e.all->count;
        if (at == UNCERTAIN_MAX) {
            return cli_usage(cli, "there are more than five --uncertain");
        }
        e.all->count++;
        if (!read_uncertain(cli, str_of(text), &e.all->of[at], e.sets[at])) {
            return cli_usage(cli, "--uncertain is NAME=LOW..HIGH");
        }
    }
    if (e.all->count == 0) return CLI_GO_ON;
    Arena *arena CLEANUP(arena_closep) = arena_open(MODEL_BYTES);
    if (arena == NULL) return cli_usage(cli, "there is no memory");
    e.arena = arena;
    *ret = e.all;
    return run_ends(&e);
}

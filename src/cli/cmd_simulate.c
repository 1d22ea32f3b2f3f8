/*
 * cmd_simulate.c - sanad simulate: a reform against the law in force.
 */
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/simulate_sweep.h"
#include "cli/snapshot_open.h"
#include "codec/json.h"
#include "simulation/simulate.h"
#include "simulation/team.h"

enum { OUT_BYTES = 1 << 24, ARENA_BYTES_GB = 16, MONTHS = 12 };

static const char law_in_force[] = "sanad:models/social-security/pension.dmn";

static void member_int(JsonOut *out, const char *key, int64_t value)
{
    json_out_key(out, key);
    json_out_int(out, value);
}

static void member_money(JsonOut *out, const char *key, int64_t minor)
{
    json_out_key(out, key);
    json_out_money(out, (Money){minor});
}

static void changes_json(JsonOut *out, const SimulateCell *cell)
{
    member_int(out, "newly_in", cell->newly_in);
    member_int(out, "newly_out", cell->newly_out);
    member_int(out, "winners", cell->winners);
    member_money(out, "gain", cell->gain);
    member_int(out, "losers", cell->losers);
    member_money(out, "loss", cell->loss);
}

static void side_json(JsonOut *out, const char *key, int64_t eligible,
                      int64_t cost, int64_t gini)
{
    json_out_key(out, key);
    json_out_object(out);
    member_int(out, "eligible", eligible);
    member_money(out, "cost", cost);
    member_money(out, "cost_of_a_year", cost * MONTHS);
    json_out_key(out, "gini");
    json_out_measure(out, (double)gini / 1e6, 4);
    json_out_object_end(out);
}

static void cell_json(JsonOut *out, Str label, const SimulateCell *cell)
{
    json_out_object(out);
    json_out_key(out, "group");
    json_out_str(out, label);
    json_out_key(out, "hidden");
    json_out_bool(out, cell->hidden);
    if (!cell->hidden) {
        member_int(out, "households", cell->households);
        member_int(out, "eligible_before", cell->eligible_before);
        member_int(out, "eligible_after", cell->eligible_after);
        member_money(out, "cost_before", cell->cost_before);
        member_money(out, "cost_after", cell->cost_after);
        changes_json(out, cell);
    }
    json_out_object_end(out);
}

static void whole_json(JsonOut *out, const SimulateReport *report)
{
    const SimulateCell *all = &report->all;
    member_int(out, "households", all->households);
    member_int(out, "persons", report->persons);
    json_out_key(out, "hidden");
    json_out_bool(out, all->hidden);
    if (all->hidden) return;
    side_json(out, "before", all->eligible_before, all->cost_before,
              report->gini_before);
    side_json(out, "after", all->eligible_after, all->cost_after,
              report->gini_after);
    json_out_key(out, "change");
    json_out_object(out);
    member_int(out, "eligible", all->eligible_after - all->eligible_before);
    member_money(out, "cost", all->cost_after - all->cost_before);
    changes_json(out, all);
    json_out_object_end(out);
}

static int print_json(Cli *cli, const SimulateJob *job,
                      const SimulateReport *report)
{
    char room[16];
    Buf month = {.at = room, .room_bytes = sizeof room, .limit_bytes = 16};
    Buf buf = buf_make(OUT_BYTES);
    JsonOut out = json_out_make(&buf);
    month_write(&month, job->month);
    json_out_object(&out);
    json_out_key(&out, "month");
    json_out_str(&out, buf_view(&month));
    whole_json(&out, report);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        const SimulateDimension *dimension = &report->dimension[i];
        json_out_key(&out, arena_format(cli->arena, "by_%s", dimension->name));
        json_out_array(&out);
        for (int32_t g = 0; g < dimension->count; g++) {
            cell_json(&out, dimension->label[g], &dimension->cell[g]);
        }
        json_out_array_end(&out);
    }
    member_int(&out, "fewest_shown", SIMULATE_SMALL);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static void money_text(Cli *cli, const char *before, int64_t minor)
{
    char room[64];
    Buf text = {.at = room, .room_bytes = sizeof room, .limit_bytes = 64};
    money_write(&text, (Money){minor});
    fprintf(cli->out, "%s%.*s", before, STR_ARG(buf_view(&text)));
}

static int print_text(Cli *cli, const SimulateReport *report)
{
    const SimulateCell *all = &report->all;
    fprintf(cli->out, "%lld households with %lld persons\n",
            (long long)all->households, (long long)report->persons);
    if (all->hidden) {
        fprintf(cli->out, "fewer than %d households would change: not shown\n",
                SIMULATE_SMALL);
        return 0;
    }
    fprintf(cli->out, "eligible %lld, after the reform %lld",
            (long long)all->eligible_before, (long long)all->eligible_after);
    money_text(cli, "\ncost a month ", all->cost_before);
    money_text(cli, ", after the reform ", all->cost_after);
    fprintf(cli->out, "\nwinners %lld", (long long)all->winners);
    money_text(cli, " by ", all->gain);
    fprintf(cli->out, ", losers %lld", (long long)all->losers);
    money_text(cli, " by ", all->loss);
    fputc('\n', cli->out);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        const SimulateDimension *dimension = &report->dimension[i];
        fprintf(cli->out, "%s\n", dimension->name);
        for (int32_t g = 0; g < dimension->count; g++) {
            const SimulateCell *cell = &dimension->cell[g];
            if (cell->households == 0) continue;
            fprintf(cli->out, "  %-6.*s", STR_ARG(dimension->label[g]));
            if (cell->hidden) {
                fprintf(cli->out, " few\n");
                continue;
            }
            fprintf(cli->out, " winners %9lld", (long long)cell->winners);
            fprintf(cli->out, "  losers %9lld", (long long)cell->losers);
            money_text(cli, "  cost ", cell->cost_before);
            money_text(cli, " -> ", cell->cost_after);
            fputc('\n', cli->out);
        }
    }
    return 0;
}

/* What the options say of the reform. */
typedef struct Reform {
    const char *model;
    const char *sets[SIMULATE_SETS_MAX];
    int32_t set_count;
} Reform;

static int run(Cli *cli, SimulateJob *job, const Reform *reform,
               const Population *population)
{
    size_t bytes = (size_t)ARENA_BYTES_GB << 30;
    Simulation *simulation;
    PopulationModel after;
    Diag diag = {.key = ""};
    SimulateReport *report = ARENA_NEW(cli->arena, SimulateReport);
    Arena *arena CLEANUP(arena_closep) = arena_open(bytes);
    job->reader = &population->reader;
    if (arena == NULL) {
        diag_set(&diag, "snapshot.memory");
        return cli_fail(cli, ERR_FULL, &diag);
    }
    int code = snapshot_model(cli, cli->arena, reform->model, reform->sets,
                              reform->set_count, &after);
    if (code != CLI_GO_ON) return code;
    Err err = simulate_open(job, arena, &diag, &simulation);
    if (err == OK && cli_option(cli, "--sweep") != NULL) {
        return simulate_sweep(cli, simulation, reform->model, reform->sets,
                              reform->set_count);
    }
    SimulateSide side = {&after.programme, after.measures};
    if (err == OK) err = simulate_reform(simulation, &side, &diag, report);
    if (err != OK) return cli_fail(cli, err, &diag);
    return cli->json ? print_json(cli, job, report) : print_text(cli, report);
}

/* The reform, or an exit code. */
static int read_reform(Cli *cli, const char *base, Reform *ret)
{
    const char *set;
    ret->model = cli_path(cli, "--model");
    if (ret->model == NULL && cli_option(cli, "--set") == NULL &&
        cli_option(cli, "--sweep") == NULL) {
        return cli_usage(cli, "--set or --model is needed");
    }
    if (ret->model == NULL) ret->model = base;
    while ((set = cli_option_at(cli, "--set", ret->set_count)) != NULL) {
        if (ret->set_count == SIMULATE_SETS_MAX) {
            return cli_usage(cli, "there are too many --set");
        }
        ret->sets[ret->set_count++] = set;
    }
    return CLI_GO_ON;
}

int cmd_simulate(Cli *cli)
{
    const char *path = cli_path(cli, "--snapshot");
    const char *base = cli_path(cli, "--base");
    SimulateJob job = {.threads = 1};
    Reform reform = {.set_count = 0};
    PopulationModel before;
    Population population;
    int64_t threads;
    if (path == NULL) return cli_usage(cli, "--snapshot is needed");
    if (base == NULL) base = law_in_force;
    int code = read_reform(cli, base, &reform);
    if (code == CLI_GO_ON) code = cli_month(cli, &job.month);
    if (code != CLI_GO_ON) return code;
    if (!cli_number(cli, "--threads", 1, TEAM_MAX, team_processors(),
                    &threads)) {
        return 2;
    }
    job.threads = (int32_t)threads;
    code = snapshot_model(cli, cli->arena, base, NULL, 0, &before);
    if (code == CLI_GO_ON) code = snapshot_population(cli, path, &population);
    if (code != CLI_GO_ON) return code;
    job.before = (SimulateSide){&before.programme, before.measures};
    code = run(cli, &job, &reform, &population);
    snapshot_close(population.snapshot);
    return code;
}

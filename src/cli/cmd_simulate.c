/*
 * cmd_simulate.c - sanad simulate: a reform against the law in force.
 */
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/simulate_many.h"
#include "cli/snapshot_open.h"
#include "simulation/report.h"
#include "simulation/team.h"

enum { ARENA_BYTES_GB = 16, MONTHS = 12, LINE_MAX_SAR = 1000000 };

static const char law_in_force[] = "sanad:models/social-security/pension.dmn";

static void money_text(Cli *cli, const char *before, int64_t minor)
{
    char room[64];
    Buf text = {.at = room, .room_bytes = sizeof room, .limit_bytes = 64};
    money_write(&text, (Money){minor});
    fprintf(cli->out, "%s%.*s", before, STR_ARG(buf_view(&text)));
}

/* Expected amounts, where not everybody takes what he may have. */
static void print_expected(Cli *cli, const SimulateReport *report)
{
    const SimulateCell *all = &report->all;
    if (report->take_up == SIMULATE_ALL) return;
    money_text(cli, "expected cost a month ",
               simulate_expected(report->take_up, all->cost_before, 0));
    money_text(cli, ", after the reform ",
               simulate_expected(report->take_up, all->cost_after, 0));
    fputc('\n', cli->out);
}

static void print_poverty(Cli *cli, const SimulatePoverty *poverty)
{
    money_text(cli, "poverty line a head ", poverty->line);
    fputs(poverty->assumed ? " (assumed: half the median income)" : "",
          cli->out);
    if (poverty->hidden) {
        fputs(", few\n", cli->out);
        return;
    }
    fprintf(cli->out, ", poor %lld, after the reform %lld",
            (long long)poverty->before.households,
            (long long)poverty->after.households);
    money_text(cli, "\npoverty gap a month ", poverty->before.gap);
    money_text(cli, ", after the reform ", poverty->after.gap);
    fputc('\n', cli->out);
}

static void print_uncertainty(Cli *cli, const Uncertainty *all)
{
    if (all == NULL) return;
    for (int32_t i = 0; i < all->left_out_count; i++) {
        fprintf(cli->out, "another reading of %.*s does not fit: left out\n",
                STR_ARG(all->left_out[i]));
    }
    if (all->count == 0) {
        fputs("no other reading was tried\n", cli->out);
        return;
    }
    if (all->least.hidden) {
        fputs("with other assumptions few would change: not shown\n", cli->out);
        return;
    }
    money_text(cli, "with other assumptions cost a month ",
               all->least.cost_before);
    money_text(cli, " to ", all->most.cost_before);
    money_text(cli, ", after the reform ", all->least.cost_after);
    money_text(cli, " to ", all->most.cost_after);
    money_text(cli, ", more by ", all->least_change);
    money_text(cli, " to ", all->most_change);
    fputc('\n', cli->out);
}

static void print_groups(Cli *cli, const SimulateDimension *dimension)
{
    fprintf(cli->out, "%s\n", dimension->name);
    for (int32_t g = 0; g < dimension->count; g++) {
        const SimulateCell *cell = &dimension->cell[g];
        if (cell->households == 0) continue;
        fprintf(cli->out, "  %-7.*s", STR_ARG(dimension->label[g]));
        if (cell->hidden) {
            fprintf(cli->out, " not shown\n");
            continue;
        }
        fprintf(cli->out, " winners %9lld", (long long)cell->winners);
        fprintf(cli->out, "  losers %9lld", (long long)cell->losers);
        money_text(cli, "  cost ", cell->cost_before);
        money_text(cli, " -> ", cell->cost_after);
        fputc('\n', cli->out);
    }
}

static int print_text(Cli *cli, const ReformReport *story)
{
    const SimulateReport *report = story->found;
    const SimulateCell *all = &report->all;
    fprintf(cli->out, "%lld households with %lld persons\n",
            (long long)all->households, (long long)report->persons);
    if (all->hidden) {
        fprintf(cli->out, "fewer than %d households would change: not shown\n",
                SIMULATE_SMALL);
        return 0;
    }
    if (report->rounded) {
        money_text(cli,
                   "so that nothing is told of few, amounts are rounded to ",
                   SIMULATE_SUMS);
        fprintf(cli->out, " and counts to %d\n", SIMULATE_COUNTS);
    }
    fprintf(cli->out, "eligible %lld, after the reform %lld",
            (long long)all->eligible_before, (long long)all->eligible_after);
    money_text(cli, "\ncost a month ", all->cost_before);
    money_text(cli, ", after the reform ", all->cost_after);
    money_text(cli, "\ncost a year ", all->cost_before * MONTHS);
    money_text(cli, ", after the reform ", all->cost_after * MONTHS);
    fprintf(cli->out, "\nwinners %lld", (long long)all->winners);
    money_text(cli, " by ", all->gain);
    fprintf(cli->out, ", losers %lld", (long long)all->losers);
    money_text(cli, " by ", all->loss);
    fputc('\n', cli->out);
    print_expected(cli, report);
    print_poverty(cli, &report->poverty);
    if (story->assumptions->count > 0) {
        fprintf(cli->out,
                "%d decisions of the model rest on what is not confirmed\n",
                story->assumptions->count);
    }
    print_uncertainty(cli, story->uncertainty);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        print_groups(cli, &report->dimension[i]);
    }
    return 0;
}

static int print_json(Cli *cli, const ReformReport *report)
{
    Buf buf = buf_make(REPORT_BYTES_MAX);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    report_json(&out, report);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static int write_files(Cli *cli, Arena *arena, const ReformReport *report)
{
    TextStyle style = simulate_page_style(cli);
    Buf csv = buf_make(REPORT_BYTES_MAX), html = buf_make(REPORT_BYTES_MAX);
    report_csv(&csv, report);
    Err err = report_page(&html, arena, &style, report);
    int code = simulate_files(cli, &csv, &html, err);
    buf_free(&csv);
    buf_free(&html);
    return code;
}

static int run(Cli *cli, SimulateJob *job, const SimulateReform *reform,
               const Population *population)
{
    size_t bytes = (size_t)ARENA_BYTES_GB << 30;
    Simulation *simulation;
    PopulationModel after;
    Diag diag = {.key = ""};
    SimulateReport *found = ARENA_NEW(cli->arena, SimulateReport);
    ReformReport report = {.month = job->month, .found = found};
    Arena *arena CLEANUP(arena_closep) = arena_open(bytes);
    job->reader = &population->reader;
    if (arena == NULL) {
        diag_set(&diag, "snapshot.memory");
        return cli_fail(cli, ERR_FULL, &diag);
    }
    int code = snapshot_model(cli, cli->arena, reform->model, reform->sets,
                              reform->set_count, &after);
    if (code != CLI_GO_ON) return code;
    SimulateSide side = {&after.programme, after.measures};
    if (cli_option(cli, "--forecast") != NULL) {
        return simulate_forecast(cli, job, reform, &side);
    }
    Err err = simulate_open(job, arena, &diag, &simulation);
    if (err == OK && cli_option(cli, "--sweep") != NULL) {
        return simulate_sweep(cli, simulation, job->month, reform);
    }
    if (err == OK) err = simulate_reform(simulation, &side, &diag, found);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (cli_flag(cli, "--rounded")) simulate_round(found);
    Assumptions *rests = ARENA_NEW(cli->arena, Assumptions);
    err = assumptions_find(arena, after.bytes, job->month, &diag, rests);
    if (err != OK) return cli_fail(cli, err, &diag);
    report.assumptions = rests;
    report.change = simulate_changes(cli, reform, &report.change_count);
    code =
        simulate_uncertain(cli, simulation, reform, rests, &report.uncertainty);
    if (code == CLI_GO_ON) code = write_files(cli, arena, &report);
    if (code != CLI_GO_ON) return code;
    return cli->json ? print_json(cli, &report) : print_text(cli, &report);
}

/* The reform, or an exit code. */
static int read_reform(Cli *cli, const char *base, SimulateReform *ret)
{
    const char *set;
    ret->base = base;
    ret->model = cli_path(cli, "--model");
    bool alone = cli_option(cli, "--sweep") != NULL ||
                 cli_option(cli, "--forecast") != NULL;
    if (ret->model == NULL && cli_option(cli, "--set") == NULL && !alone) {
        return cli_usage(cli, "--set or --model is needed");
    }
    ret->none = ret->model == NULL && cli_option(cli, "--set") == NULL;
    if (ret->model == NULL) ret->model = base;
    while ((set = cli_option_at(cli, "--set", ret->set_count)) != NULL) {
        if (ret->set_count == SIMULATE_SETS_MAX) {
            return cli_usage(cli, "there are too many --set");
        }
        ret->sets[ret->set_count++] = set;
    }
    return CLI_GO_ON;
}

/* What is asked for together must be what one kind of report can tell. */
static int check_options(Cli *cli)
{
    static const struct {
        const char *option, *other, *problem;
    } never[] = {
        {"--sweep", "--forecast", "--sweep and --forecast are two reports"},
        {"--sweep", "--uncertain", "--sweep has no --uncertain"},
        {"--sweep", "--take-up", "--sweep has no --take-up"},
        {"--sweep", "--line", "--sweep has no --line"},
        {"--forecast", "--uncertain", "--forecast has no --uncertain"},
        {"--forecast", "--take-up", "--forecast has no --take-up"},
        {"--forecast", "--line", "--forecast has no --line"}};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        if (cli_option(cli, never[i].option) != NULL &&
            cli_option(cli, never[i].other) != NULL) {
            return cli_usage(cli, never[i].problem);
        }
    }
    if (cli_option(cli, "--rates") != NULL &&
        cli_option(cli, "--forecast") == NULL) {
        return cli_usage(cli, "--rates is for --forecast");
    }
    return CLI_GO_ON;
}

/* The line of poverty and the take-up that are assumed. */
static int read_assumptions(Cli *cli, SimulateJob *job)
{
    const char *line = cli_option(cli, "--line");
    const char *take_up = cli_option(cli, "--take-up");
    Money money = {0};
    if (line != NULL) {
        if (!money_read(str_of(line), &money) || money.minor <= 0 ||
            money.minor > LINE_MAX_SAR * INT64_C(100)) {
            return cli_usage(cli, "--line is an amount a month per head");
        }
        job->line = money.minor;
    }
    if (take_up != NULL && (!simulate_decimal(str_of(take_up), &job->take_up) ||
                            job->take_up <= 0 || job->take_up > SIMULATE_ALL)) {
        return cli_usage(cli, "--take-up is a share above 0 and at most 1");
    }
    return CLI_GO_ON;
}

int cmd_simulate(Cli *cli)
{
    const char *path = cli_path(cli, "--snapshot");
    const char *base = cli_path(cli, "--base");
    SimulateJob job = {.threads = 1};
    SimulateReform reform = {.set_count = 0};
    PopulationModel before;
    Population population;
    int64_t threads;
    if (path == NULL) return cli_usage(cli, "--snapshot is needed");
    if (base == NULL) base = law_in_force;
    int code = check_options(cli);
    if (code == CLI_GO_ON) code = read_reform(cli, base, &reform);
    if (code == CLI_GO_ON) code = read_assumptions(cli, &job);
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

/*
 * cmd_decide.c - sanad decide: a model on everybody in a snapshot.
 */
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/progress.h"
#include "cli/snapshot_open.h"
#include "simulation/decide.h"
#include "simulation/team.h"

enum { PASSES_MAX = 1200, OUT_BYTES = 1 << 24 };

typedef struct Outcome {
    DecideJob job;
    DecideReport report;
    double load_s;
} Outcome;

static double per_second(const Outcome *outcome)
{
    int64_t all = 0;
    for (int32_t k = 0; k < outcome->job.passes; k++) {
        all += outcome->report.month[k].households;
    }
    double seconds = outcome->report.seconds;
    return seconds > 0 ? (double)all / seconds : 0;
}

static void month_json(JsonOut *out, const Outcome *outcome, int32_t k)
{
    char room[16];
    Buf text = {.at = room, .room_bytes = sizeof room, .limit_bytes = 16};
    month_write(&text, outcome->job.month + k);
    json_out_object(out);
    json_put_str(out, "month", buf_view(&text));
    json_put_int(out, "households", outcome->report.month[k].households);
    json_out_key(out, "checks");
    json_out_object(out);
    measures_json(outcome->job.measures, &outcome->report.month[k].tally, out);
    json_out_object_end(out);
    json_out_object_end(out);
}

static int print_json(Cli *cli, const Outcome *outcome)
{
    const DecideMonth *first = &outcome->report.month[0];
    Buf buf = buf_make(OUT_BYTES);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_int(&out, "households", first->households);
    json_put_int(&out, "persons", first->persons);
    json_out_key(&out, "checks");
    json_out_object(&out);
    measures_json(outcome->job.measures, &first->tally, &out);
    json_out_object_end(&out);
    json_out_key(&out, "households_per_second");
    json_out_measure(&out, per_second(outcome), 0);
    json_out_key(&out, "load_seconds");
    json_out_measure(&out, outcome->load_s, 4);
    json_out_key(&out, "seconds");
    json_out_measure(&out, outcome->report.seconds, 4);
    json_put_int(&out, "decided_one_by_one", first->by_one);
    if (outcome->report.why[0] != '\0') {
        json_put_text(&out, "no_columns", outcome->report.why);
    }
    if (outcome->job.passes > 1) {
        json_out_key(&out, "months");
        json_out_array(&out);
        for (int32_t k = 0; k < outcome->job.passes; k++) {
            month_json(&out, outcome, k);
        }
        json_out_array_end(&out);
    }
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static int print_text(Cli *cli, const Outcome *outcome)
{
    const DecideMonth *first = &outcome->report.month[0];
    Buf buf = buf_make(OUT_BYTES);
    JsonOut out = json_out_make(&buf);
    fprintf(cli->out, "%lld households with %lld persons\n",
            (long long)first->households, (long long)first->persons);
    json_out_object(&out);
    measures_json(outcome->job.measures, &first->tally, &out);
    json_out_object_end(&out);
    cli_print(cli, &buf);
    if (outcome->report.why[0] != '\0') {
        fprintf(cli->out, "one by one: %s\n", outcome->report.why);
    }
    fprintf(cli->out, "%.2f million households a second (%.3f s)\n",
            per_second(outcome) / 1e6, outcome->report.seconds);
    return 0;
}

static int run(Cli *cli, const Population *population, Outcome *outcome)
{
    Diag diag = {.key = ""};
    Progress progress = progress_make(cli, "months");
    outcome->job.reader = &population->reader;
    outcome->job.progress = progress_told;
    outcome->job.arg = &progress;
    Err err =
        decide_population(&outcome->job, cli->arena, &diag, &outcome->report);
    progress_end(&progress);
    if (err != OK) return cli_fail(cli, err, &diag);
    return cli->json ? print_json(cli, outcome) : print_text(cli, outcome);
}

int cmd_decide(Cli *cli)
{
    const char *path = cli_path(cli, "--snapshot");
    const char *model_path = cli_path(cli, "--model");
    Outcome *outcome = ARENA_NEW(cli->arena, Outcome);
    int64_t threads, passes;
    Population population;
    PopulationModel model;
    if (path == NULL) return cli_usage(cli, "--snapshot is needed");
    if (model_path == NULL) return cli_usage(cli, "--model is needed");
    int code = cli_month(cli, &outcome->job.month);
    if (code != CLI_GO_ON) return code;
    if (!cli_number(cli, "--threads", 1, TEAM_MAX, team_processors(),
                    &threads) ||
        !cli_number(cli, "--repeat", 1, PASSES_MAX, 1, &passes)) {
        return 2;
    }
    double began = clock_wall_s();
    code = snapshot_model(cli, cli->arena, model_path, NULL, 0, &model);
    if (code != CLI_GO_ON) return code;
    code = snapshot_population(cli, path, &population);
    if (code != CLI_GO_ON) return code;
    outcome->load_s = clock_wall_s() - began;
    outcome->job.programme = &model.programme;
    outcome->job.measures = model.measures;
    outcome->job.threads = (int32_t)threads;
    outcome->job.passes = (int32_t)passes;
    outcome->job.scalar = cli_flag(cli, "--one-by-one");
    code = run(cli, &population, outcome);
    snapshot_close(population.snapshot);
    return code;
}

/*
 * cmd_snapshot.c - sanad snapshot: makes a snapshot of the population, looks
 * whether one is whole, turns one back into CSV.
 */
#include <errno.h>
#include <sys/stat.h>

#include "base/asset.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/progress.h"
#include "cli/snapshot_open.h"
#include "codec/json.h"
#include "simulation/export.h"
#include "simulation/fill.h"
#include "simulation/team.h"

enum { FOLDER_MODE = 0700 };

static int print_made(Cli *cli, const SnapshotReport *report, double seconds)
{
    if (!cli->json) {
        fprintf(cli->out,
                "%lld households with %lld persons, %lld of them with a "
                "history, %.2f s\n",
                (long long)report->households, (long long)report->persons,
                (long long)report->changing, seconds);
        return 0;
    }
    Buf buf = buf_make(4096);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_int(&out, "households", report->households);
    json_put_int(&out, "persons", report->persons);
    json_put_int(&out, "with_history", report->changing);
    json_out_key(&out, "seconds");
    json_out_measure(&out, seconds, 3);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static int from_csv(Cli *cli, SnapshotJob *job, SnapshotReport *report)
{
    Diag diag = {.key = ""};
    const Formats *formats;
    Err err = snapshot_catalogue_load(cli, &diag, &job->catalogue);
    if (err == OK) err = format_load_embedded(cli->arena, &diag, &formats);
    if (err == OK) {
        err = snapshot_from_csv(job, cli_path(cli, "--csv"),
                                asset_find("models/csv.tsv")->bytes, formats,
                                &diag, report);
    }
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

static int from_store(Cli *cli, SnapshotJob *job, SnapshotReport *report)
{
    Context context;
    Diag diag = {.key = ""}, note;
    int code = cli_open(cli, true, &context);
    if (code != CLI_GO_ON) return code;
    job->catalogue = context.pack->catalogue;
    code = cli_export(cli, context.store, "snapshot", &note);
    Err err = OK;
    if (code == CLI_GO_ON) {
        err = snapshot_from_store(job, context.store, &diag, report);
    }
    context_close(&context);
    if (code != CLI_GO_ON) return code;
    if (err != OK) return cli_fail(cli, err, &diag);
    cli_export_end(cli, &note);
    return CLI_GO_ON;
}

static int make(Cli *cli)
{
    const char *out = cli_path(cli, "--out");
    SnapshotReport report;
    int64_t threads;
    if (out == NULL) return cli_usage(cli, "--out is needed");
    if (!cli_number(cli, "--threads", 1, TEAM_MAX, team_processors(),
                    &threads)) {
        return 2;
    }
    Progress progress = progress_make(cli, "households");
    SnapshotJob job = {.out = out,
                       .threads = (int32_t)threads,
                       .progress = progress_told,
                       .arg = &progress};
    double began = clock_wall_s();
    int code = cli_option(cli, "--csv") != NULL
                   ? from_csv(cli, &job, &report)
                   : from_store(cli, &job, &report);
    progress_end(&progress);
    if (code != CLI_GO_ON) return code;
    return print_made(cli, &report, clock_wall_s() - began);
}

/* What is in a snapshot that was read to its end, with what became of it. */
static int print_read(Cli *cli, const Snapshot *snapshot, const char *what)
{
    long long households = snapshot_rows(snapshot, SNAPSHOT_HOUSEHOLDS);
    long long persons = snapshot_rows(snapshot, SNAPSHOT_PERSONS);
    if (!cli->json) {
        fprintf(cli->out, "%lld households, %lld persons: %s\n", households,
                persons, what);
        return 0;
    }
    Buf buf = buf_make(4096);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_int(&out, "households", households);
    json_put_int(&out, "persons", persons);
    json_put_bool(&out, what, true);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static int check(Cli *cli)
{
    Population population;
    int code = snapshot_population(cli, cli_path(cli, "--check"), &population);
    if (code != CLI_GO_ON) return code;
    code = print_read(cli, population.snapshot, "whole");
    snapshot_close(population.snapshot);
    return code;
}

/* The folder of an export, made where there is none: for its owner alone. */
static Err make_folder(const char *path, Diag *diag)
{
    if (mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST) return OK;
    int reason = errno;
    diag_set(diag, "snapshot.folder");
    diag_arg_text(diag, path);
    diag_arg_text(diag, strerror(reason));
    return ERR_IO;
}

/* Back to files that --csv reads. */
static int export(Cli *cli)
{
    Population population;
    Diag diag = {.key = ""};
    if (cli->arg_count != 1) return cli_usage(cli, "one snapshot is needed");
    int code = cli_export(cli, NULL, "export", &diag);
    if (code == CLI_GO_ON) {
        code = snapshot_population(cli, cli->arg[0], &population);
    }
    if (code != CLI_GO_ON) return code;
    const char *folder = cli_path(cli, "--export");
    Err err = make_folder(folder, &diag);
    if (err == OK) {
        err = export_csv(&population.reader, folder,
                         asset_find("models/csv.tsv")->bytes, &diag);
    }
    code = err == OK ? print_read(cli, population.snapshot, "exported")
                     : cli_fail(cli, err, &diag);
    snapshot_close(population.snapshot);
    return code;
}

int cmd_snapshot(Cli *cli)
{
    if (cli_option(cli, "--export") != NULL) return export(cli);
    return cli_option(cli, "--check") != NULL ? check(cli) : make(cli);
}

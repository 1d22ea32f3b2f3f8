/* sanad rules: tests, plans, checks, traces, edits and compares models. */
#include "cli/commands.h"
#include "cli/rules_check.h"
#include "cli/rules_diff.h"
#include "cli/rules_edit.h"
#include "cli/rules_trace.h"
#include "cli/suite_files.h"
#include "cli/suite_run.h"
#include "dmn/plan.h"

enum { PLAN_BYTES_MAX = 64 << 20 };

static const char which[] = "test, plan, check, trace, edit, diff or export?";

/* The models to look at: those named, else all that the program
 * carries. */
static void find_models(Cli *cli, SuitePaths *paths)
{
    for (int i = 1; i < cli->arg_count; i++) {
        size_t bytes = strlen(cli->arg[i]);
        if (bytes > 4 && strcmp(cli->arg[i] + bytes - 4, ".dmn") == 0) {
            paths->at[paths->count++] =
                arena_text(cli->arena, cli->arg[i], bytes);
        } else {
            suite_files_find(cli->arena, cli->arg[i], ".dmn", paths);
        }
    }
    if (cli->arg_count < 2) {
        suite_files_find(cli->arena,
                         arena_format(cli->arena, "%smodels", suite_files_own),
                         ".dmn", paths);
    }
}

static int print_plan(Cli *cli, const DmnModel *model)
{
    Buf out = buf_make(PLAN_BYTES_MAX);
    if (cli_flag(cli, "--program")) {
        dmn_plan_program(&out, model);
    } else if (cli->json) {
        dmn_plan_json(&out, model);
    } else {
        dmn_plan_text(&out, model);
    }
    fwrite(out.at, 1, out.bytes, cli->out);
    buf_free(&out);
    return 0;
}

static Err load(Cli *cli, const char *path, Diag *diag, DmnModel **ret)
{
    DmnSource *sources;
    size_t count;
    TRY(suite_files_sources(cli->arena, path, diag, &sources, &count));
    return dmn_load(cli->arena, sources, count, DMN_STRICT, diag, ret);
}

static int plan_models(Cli *cli, const SuitePaths *paths)
{
    int code = 0;
    for (size_t i = 0; i < paths->count; i++) {
        DmnModel *model;
        Diag diag = {.key = ""};
        Err err = load(cli, paths->at[i], &diag, &model);
        int failed =
            err == OK ? print_plan(cli, model) : cli_fail(cli, err, &diag);
        if (failed != 0) code = failed;
    }
    return code;
}

int cmd_rules(Cli *cli)
{
    if (cli->arg_count == 0) {
        return cli_usage(cli, which);
    }
    Str verb = str_of(cli->arg[0]);
    if (str_is(verb, "test")) {
        const char *own = arena_format(cli->arena, "%smodels", suite_files_own);
        bool given = cli->arg_count > 1;
        SuiteOptions options = {.kind = SUITE_OF_MODELS};
        return suite_run(cli, given ? &cli->arg[1] : &own,
                         given ? (size_t)cli->arg_count - 1 : 1, &options);
    }
    if (str_is(verb, "trace")) return rules_trace(cli);
    if (str_is(verb, "edit")) return rules_edit(cli);
    if (str_is(verb, "diff")) return rules_diff(cli);
    if (str_is(verb, "export")) return rules_export(cli);
    bool plan = str_is(verb, "plan"), check = str_is(verb, "check");
    if (!plan && !check) return cli_usage(cli, which);
    SuitePaths *paths = ARENA_NEW(cli->arena, SuitePaths);
    find_models(cli, paths);
    if (paths->count == 0) return cli_usage(cli, "no model found");
    return plan ? plan_models(cli, paths) : rules_check(cli, paths);
}

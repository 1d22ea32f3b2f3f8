/* sanad rules: tests, plans and checks the models of the law. */
#include "cli/commands.h"
#include "cli/suite_files.h"
#include "cli/suite_run.h"
#include "dmn/plan.h"

enum { PLAN_BYTES_MAX = 64 << 20 };

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

/* Each fault of a model in one line with its place. */
static int print_faults(Cli *cli, const char *path, const DmnModel *model)
{
    for (size_t i = 0; i < dmn_fault_count(model); i++) {
        (void)cli_fail(cli, ERR_INVALID, dmn_fault_at(model, i));
    }
    if (dmn_fault_count(model) == 0) {
        fprintf(cli->out, "%s: %d decisions, no fault\n", path,
                dmn_decision_count(model));
    }
    return dmn_fault_count(model) == 0 ? 0 : 1;
}

static int each_model(Cli *cli, bool plan)
{
    SuitePaths *paths = ARENA_NEW(cli->arena, SuitePaths);
    find_models(cli, paths);
    if (paths->count == 0) return cli_usage(cli, "no model found");
    int code = 0;
    for (size_t i = 0; i < paths->count; i++) {
        DmnModel *model;
        Diag diag;
        DmnSource *sources;
        size_t count;
        Err err = suite_files_sources(cli->arena, paths->at[i], &diag, &sources,
                                      &count);
        if (err == OK) {
            err = dmn_load(cli->arena, sources, count,
                           plan ? DMN_STRICT : DMN_LENIENT, &diag, &model);
        }
        if (err != OK) {
            code = cli_fail(cli, err, &diag);
            continue;
        }
        int found = plan ? print_plan(cli, model)
                         : print_faults(cli, paths->at[i], model);
        if (found != 0) code = found;
    }
    return code;
}

int cmd_rules(Cli *cli)
{
    if (cli->arg_count == 0) {
        return cli_usage(cli, "test, plan or check?");
    }
    Str verb = str_of(cli->arg[0]);
    if (str_is(verb, "test")) {
        const char *own = arena_format(cli->arena, "%smodels", suite_files_own);
        bool given = cli->arg_count > 1;
        SuiteOptions options = {.kind = SUITE_OF_MODELS};
        return suite_run(cli, given ? &cli->arg[1] : &own,
                         given ? (size_t)cli->arg_count - 1 : 1, &options);
    }
    if (str_is(verb, "plan")) return each_model(cli, true);
    if (str_is(verb, "check")) return each_model(cli, false);
    return cli_usage(cli, "test, plan or check?");
}

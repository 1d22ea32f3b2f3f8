/*
 * cmd_demo.c - sanad demo: a synthetic nation to try everything on.
 */
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/progress.h"
#include "service/demo.h"

static int run(Cli *cli, Context *context, StoreConn *writer,
               DemoOptions *options)
{
    Diag diag = {.key = ""};
    EventTypes types;
    DemoReport done;
    Progress progress = progress_make(cli, "households");
    Err err = event_types_load(
        cli->arena, context->pack->catalogue, context->pack->formats,
        pack_file(context->pack, "models/events.tsv"), &diag, &types);
    if (err == OK) {
        options->tx = writer;
        options->types = &types;
        options->progress = progress_told;
        options->arg = &progress;
        err = demo_make(options, &diag, &done);
    }
    progress_end(&progress);
    if (err != OK) return cli_fail(cli, err, &diag);
    fprintf(cli->out,
            cli->json ? "{\"households\":%lld,\"present\":%lld,"
                        "\"events\":%lld}\n"
                      : "%lld households made, %lld were there, %lld events "
                        "carried out\n",
            (long long)done.households, (long long)done.present,
            (long long)done.events);
    return 0;
}

int cmd_demo(Cli *cli)
{
    DemoOptions options = {0};
    int64_t seed;
    const char *until = cli_option(cli, "--until");
    if (cli_option(cli, "--households") == NULL) {
        return cli_usage(cli, "--households N is needed");
    }
    if (!cli_number(cli, "--households", 1, DEMO_HOUSEHOLDS_MAX, 1,
                    &options.households) ||
        !cli_number(cli, "--seed", 0, INT64_MAX, 1, &seed)) {
        return 2;
    }
    options.seed = (uint64_t)seed;
    if (until != NULL && !month_read(str_of(until), &options.until)) {
        return cli_usage(cli, "--until is a month as YYYY-MM");
    }
    Context context;
    StoreConn *writer;
    int code = cli_open_writer(cli, &context, &writer);
    if (code != CLI_GO_ON) return code;
    code = run(cli, &context, writer, &options);
    store_conn_close(writer);
    context_close(&context);
    return code;
}

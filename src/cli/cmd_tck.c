/* sanad tck: the cases of DMN's conformance suite. */
#include "cli/commands.h"
#include "cli/suite_run.h"

int cmd_tck(Cli *cli)
{
    if (cli->arg_count == 0) return cli_usage(cli, "which folder?");
    const char *path = cli_option(cli, "--csv");
    SuiteOptions options = {.kind = SUITE_CONFORMANCE,
                            .groups = cli_flag(cli, "--groups")};
    options.csv = path == NULL ? NULL : fopen(path, "w");
    if (path != NULL && options.csv == NULL) {
        Diag diag = {.key = ""};
        diag_set(&diag, "file.write");
        diag_arg_text(&diag, path);
        diag_arg_text(&diag, "--csv");
        return cli_fail(cli, ERR_IO, &diag);
    }
    int code = suite_run(cli, cli->arg, (size_t)cli->arg_count, &options);
    if (options.csv != NULL && fclose(options.csv) != 0) code = 1;
    return code;
}

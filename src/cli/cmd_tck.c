/* sanad tck: the cases of DMN's conformance suite. */
#include "cli/commands.h"
#include "cli/suite_files.h"

int cmd_tck(Cli *cli)
{
    if (cli->arg_count == 0) return cli_usage(cli, "which folder?");
    const char *path = cli_option(cli, "--csv");
    FILE *csv = path == NULL ? NULL : fopen(path, "w");
    if (path != NULL && csv == NULL) {
        Diag diag;
        diag_set(&diag, "file.write");
        diag_arg_text(&diag, path);
        diag_arg_text(&diag, "--csv");
        return cli_fail(cli, ERR_IO, &diag);
    }
    int code = suite_files_run(cli, cli->arg, (size_t)cli->arg_count,
                               DMN_LENIENT, csv);
    if (csv != NULL) fclose(csv);
    return code;
}

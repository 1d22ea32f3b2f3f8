#include <stdlib.h>

#include "base/file.h"
#include "cli/common.h"
#include "cli/simulate_many.h"

enum { FILE_MODE = 0644 /* nothing in a report is of anybody */ };

const Str *simulate_changes(Cli *cli, const SimulateReform *reform,
                            int32_t *ret_count)
{
    Str *change = ARENA_ARRAY(cli->arena, Str, reform->set_count + 1);
    const char *model = cli_option(cli, "--model");
    *ret_count = 0;
    if (model != NULL) change[(*ret_count)++] = str_of(model);
    for (int32_t i = 0; i < reform->set_count; i++) {
        change[(*ret_count)++] = str_of(reform->sets[i]);
    }
    return change;
}

TextStyle simulate_page_style(Cli *cli)
{
    TextStyle style = cli_style(cli);
    bool asked =
        cli_option(cli, "--lang") != NULL || getenv("SANAD_LANG") != NULL;
    if (!asked) style.lang = TEXT_AR;
    style.isolate = false;
    return style;
}

int simulate_files(Cli *cli, const Buf *csv, const Buf *html, Err err)
{
    const char *csv_path = cli_path(cli, "--csv");
    const char *html_path = cli_path(cli, "--html");
    Diag diag = {.key = ""};
    if (buf_full(csv) || buf_full(html)) err = ERR_FULL;
    if (err == ERR_FULL) diag_set(&diag, "snapshot.memory");
    if (err == OK && csv_path != NULL) {
        err = file_write(csv_path, buf_view(csv), FILE_MODE, &diag);
    }
    if (err == OK && html_path != NULL) {
        err = file_write(html_path, buf_view(html), FILE_MODE, &diag);
    }
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

/*
 * cmd_base.c - sanad --version, sanad init.
 */
#include "cli/commands.h"
#include "cli/common.h"
#include "codec/json.h"
#include "commit.h" /* generated */
#include "store/schema.h"

#ifndef SANAD_VERSION
#define SANAD_VERSION "0.1.0"
#endif

int cmd_version(Cli *cli)
{
    const char *database = store_library();
    if (!cli->json) {
        fprintf(cli->out, "sanad %s (commit %s), DMN 1.5, %s, schema %d\n",
                SANAD_VERSION, SANAD_COMMIT, database, store_schema_number());
        return 0;
    }
    Buf buf = buf_make(1 << 12);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_text(&out, "version", SANAD_VERSION);
    json_put_text(&out, "commit", SANAD_COMMIT);
    json_put_text(&out, "engine", "DMN 1.5");
    json_put_text(&out, "database", database);
    json_put_int(&out, "schema", store_schema_number());
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

int cmd_init(Cli *cli)
{
    const char *db;
    Diag diag = {.key = ""};
    int code = cli_db(cli, &db);
    if (code != CLI_GO_ON) return code;
    Err err = context_init(db, &diag);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (!cli->json) {
        fprintf(cli->out, "ready: schema and law are in place\n");
        return 0;
    }
    fprintf(cli->out, "{\"ready\":true}\n");
    return 0;
}

#include "cli/common.h"

#include <stdlib.h>
#include <string.h>

#include "access/export.h"

int cli_db(Cli *cli, const char **ret)
{
    *ret = cli_option(cli, "--db");
    if (*ret == NULL) *ret = getenv("SANAD_DB");
    if (*ret == NULL || **ret == '\0') return cli_usage(cli, "--db is needed");
    return CLI_GO_ON;
}

const char *cli_db_file(Cli *cli)
{
    const char *db = cli_option(cli, "--db");
    if (cli->command->place == CLI_HERE) return NULL;
    if (db == NULL) db = getenv("SANAD_DB");
    return db == NULL || strstr(db, "://") != NULL ? NULL : db;
}

int cli_open(Cli *cli, bool law, Context *ret)
{
    if (cli->host != NULL) {
        *ret = context_borrow(cli->host->context);
        store_listen(ret->store, &cli->faults);
        return CLI_GO_ON;
    }
    const char *db;
    Diag diag = {.key = ""};
    int code = cli_db(cli, &db);
    if (code != CLI_GO_ON) return code;
    Err err = context_open(db, law, &diag, ret);
    if (err != OK) return cli_fail(cli, err, &diag);
    store_listen(ret->store, &cli->faults);
    return CLI_GO_ON;
}

static int open_writer(Cli *cli, bool beside, Context *ret,
                       StoreConn **ret_writer)
{
    const char *db;
    Diag diag = {.key = ""};
    int code = cli->host != NULL ? cli_open(cli, true, ret) : cli_db(cli, &db);
    if (code != CLI_GO_ON) return code;
    Err err = cli->host != NULL
                  ? store_writer(ret->store, &diag, ret_writer)
                  : context_open_writer(db, beside, &diag, ret, ret_writer);
    if (err == OK && cli->host == NULL) {
        store_listen(ret->store, &cli->faults);
    }
    if (err == OK) return CLI_GO_ON;
    if (cli->host != NULL) context_close(ret);
    return cli_fail(cli, err, &diag);
}

int cli_open_writer(Cli *cli, Context *ret, StoreConn **ret_writer)
{
    return open_writer(cli, false, ret, ret_writer);
}

int cli_open_beside(Cli *cli, Context *ret, StoreConn **ret_writer)
{
    return open_writer(cli, true, ret, ret_writer);
}

int cli_month(Cli *cli, Month *ret)
{
    const char *text = cli_digits(cli, "--month");
    if (text == NULL) return cli_usage(cli, "--month is needed");
    if (!month_read(str_of(text), ret)) {
        return cli_usage(
            cli, arena_format(cli->arena, "%s is no month as YYYY-MM", text));
    }
    return CLI_GO_ON;
}

int cli_print(Cli *cli, Buf *buf)
{
    fwrite(buf->at, 1, buf->bytes, cli->out);
    fputc('\n', cli->out);
    buf_free(buf);
    return 0;
}

int cli_export(Cli *cli, Store *store, const char *what, Diag *ret_note)
{
    Diag diag = {.key = ""};
    *ret_note = diag;
    Err err = access_may_export(&diag);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (store != NULL && access_export(store, what, &diag) != OK) {
        *ret_note = diag;
    }
    return CLI_GO_ON;
}

void cli_export_end(Cli *cli, const Diag *note)
{
    if (note->key[0] != '\0') (void)cli_fail(cli, ERR_IO, note);
}

Err cli_context(Cli *cli, Diag *diag, const Json **ret)
{
    const char *text = cli_option(cli, "--context");
    *ret = NULL;
    if (text == NULL) return OK;
    TRY(json_read(cli->arena, str_of(text), diag, ret));
    if ((*ret)->kind == JSON_OBJECT) return OK;
    diag_set(diag, "feel.context");
    return ERR_INVALID;
}

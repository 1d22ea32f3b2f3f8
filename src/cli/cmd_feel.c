/* sanad feel: a calculator that speaks FEEL and answers in JSON. */
#include "base/clock.h"
#include "cli/commands.h"
#include "feel/feel.h"

enum { OUTPUT_BYTES_MAX = 64 << 20 };

static Err read_context(Cli *cli, Diag *diag, FeelValue *ret)
{
    const char *text = cli_option(cli, "--context");
    *ret = feel_null();
    if (text == NULL) return OK;
    const Json *json;
    TRY(json_read(cli->arena, str_of(text), diag, &json));
    if (json->kind != JSON_OBJECT) {
        diag_set(diag, "feel.context");
        return ERR_INVALID;
    }
    return feel_from_json(cli->arena, json, ret);
}

int cmd_feel(Cli *cli)
{
    if (cli->arg_count != 1) return cli_usage(cli, "one expression, please");
    Diag diag;
    memset(&diag, 0, sizeof diag);
    FeelValue context, value;
    Err err = read_context(cli, &diag, &context);
    if (err != OK) return cli_fail(cli, err, &diag);
    err = feel_evaluate(cli->arena, str_of(cli->arg[0]), context, clock_now(),
                        &diag, &value);
    if (err != OK) return cli_fail(cli, err, &diag);
    Buf out = buf_make(OUTPUT_BYTES_MAX);
    feel_write_json(&out, value);
    buf_char(&out, '\n');
    fwrite(out.at, 1, out.bytes, cli->out);
    buf_free(&out);
    /* Null is an answer, but why it is null helps whoever asked. */
    if (value.kind == FEEL_NULL && diag.key[0] != '\0' && !cli->json) {
        (void)cli_fail(cli, ERR_INVALID, &diag);
    }
    return 0;
}

#include "cli/rules_trace.h"

#include "base/clock.h"
#include "cli/common.h"
#include "cli/suite_files.h"
#include "codec/json.h"
#include "dmn/trace_write.h"
#include "feel/feel.h"

enum { EVAL_BYTES = 256 << 20, STEPS = 10000000, OUT_BYTES = 64 << 20 };

/* Sets the inputs that the context names; those not named stay null. */
static Err set_inputs(Cli *cli, const DmnModel *model, DmnEval *eval,
                      Diag *diag)
{
    const Json *json;
    TRY(cli_context(cli, diag, &json));
    if (json == NULL) return OK;
    for (const Json *item = json->first; item != NULL; item = item->next) {
        int32_t input = dmn_input_find(model, item->key);
        FeelValue value;
        if (input < 0) {
            diag_set(diag, "rules.no_input");
            diag_arg(diag, item->key);
            return ERR_NOT_FOUND;
        }
        TRY(feel_from_json_as(dmn_eval_arena(eval), item,
                              dmn_input_type(model, input), &value));
        if (dmn_input_check(eval, input, value)) continue;
        diag_set(diag, "rules.input_type");
        diag_arg(diag, item->key);
        return ERR_INVALID;
    }
    return OK;
}

static void print_trace(Cli *cli, DmnEval *eval)
{
    size_t count;
    const DmnStep *steps = dmn_trace(eval, &count);
    Buf out = buf_make(OUT_BYTES);
    TextStyle style = cli_style(cli);
    if (cli->json) {
        dmn_trace_json(&out, steps, count);
    } else if (cli_flag(cli, "--html")) {
        dmn_trace_html(&out, &style, steps, count);
    } else {
        dmn_trace_text(&out, &style, steps, count);
    }
    if (cli->json || cli_flag(cli, "--html")) buf_char(&out, '\n');
    fwrite(out.at, 1, out.bytes, cli->out);
    buf_free(&out);
}

static Err trace(Cli *cli, const DmnModel *model, int32_t decision, Diag *diag)
{
    DmnEval *eval CLEANUP(dmn_eval_closep) =
        dmn_eval_open(model, EVAL_BYTES, STEPS);
    FeelValue value;
    if (eval == NULL) return ERR_FULL;
    dmn_eval_now(eval, clock_now());
    dmn_trace_set(eval, true);
    dmn_eval_reset(eval);
    TRY(set_inputs(cli, model, eval, diag));
    Err err = dmn_eval(eval, decision, &value);
    if (err == OK) {
        print_trace(cli, eval);
    } else {
        *diag = *dmn_eval_diag(eval);
    }
    return err;
}

int rules_trace(Cli *cli)
{
    DmnSource *sources;
    size_t count;
    DmnModel *model;
    Diag diag = {.key = ""};
    if (cli->arg_count != 3) return cli_usage(cli, "which model and decision?");
    Err err =
        suite_files_sources(cli->arena, cli->arg[1], &diag, &sources, &count);
    if (err == OK) {
        err = dmn_load(cli->arena, sources, count, DMN_STRICT, &diag, &model);
    }
    if (err != OK) return cli_fail(cli, err, &diag);
    int32_t decision = dmn_decision_find(model, str_of(cli->arg[2]));
    if (decision < 0) {
        diag_set(&diag, "rules.no_decision");
        diag_arg_text(&diag, cli->arg[2]);
        return cli_fail(cli, ERR_NOT_FOUND, &diag);
    }
    err = trace(cli, model, decision, &diag);
    return err == OK ? 0 : cli_fail(cli, err, &diag);
}

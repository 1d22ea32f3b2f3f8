/*
 * cmd_replay.c - sanad replay: stored decisions, derived again from facts.
 */
#include "cli/commands.h"
#include "cli/common.h"
#include "codec/json.h"
#include "service/replay.h"

static void different(void *arg, int64_t household_id, const char *programme,
                      Month month, const char *what)
{
    Cli *cli = arg;
    char room[16] = "";
    Buf text = {.at = room, .room_bytes = 15, .limit_bytes = 15};
    month_write(&text, month);
    fprintf(cli->err, "sanad: household %lld, %s %s: the %s differs\n",
            (long long)household_id, programme, room, what);
}

int cmd_replay(Cli *cli)
{
    int64_t sample;
    Context context;
    Diag diag = {.key = ""};
    ReplayReport done;
    if (!cli_number(cli, "--sample", 1, INT64_MAX, 0, &sample)) return 2;
    int code = cli_open(cli, true, &context);
    if (code != CLI_GO_ON) return code;
    Err err = replay(&context, sample, different, cli, &diag, &done);
    context_close(&context);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (cli->json) {
        fprintf(cli->out,
                "{\"replayed\":%lld,\"different\":%lld,"
                "\"not_replayable\":%lld}\n",
                (long long)done.replayed, (long long)done.different,
                (long long)done.not_replayable);
    } else {
        fprintf(cli->out,
                "%lld decisions replayed, %lld different, %lld not "
                "replayable\n",
                (long long)done.replayed, (long long)done.different,
                (long long)done.not_replayable);
    }
    return done.different == 0 ? 0 : 1;
}

/*
 * cmd_serve.c - sanad serve: the portal, the consoles and the API.
 */
#include <unistd.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "web/desk.h"
#include "web/http.h"
#include "web/site.h"

enum { READERS = 8 };

static const char default_address[] = "127.0.0.1:8080";

/* Until a provider is configured, codes go to the terminal. */
static void deliver(void *arg, Str national_id, Str code)
{
    Cli *cli = arg;
    fprintf(cli->err, "sign-in code for %.*s: %.*s\n", STR_ARG(national_id),
            STR_ARG(code));
    fflush(cli->err);
}

typedef struct Opened {
    Cli *cli;
    const char *listen;
    bool demo;
} Opened;

static void opened(void *arg, int port)
{
    Opened *at = arg;
    fprintf(at->cli->out, "portal:     http://127.0.0.1:%d/\n", port);
    fprintf(at->cli->out, "caseworker: http://127.0.0.1:%d/w\n", port);
    if (at->demo) {
        fprintf(at->cli->out,
                "sign in:    http://127.0.0.1:%d/signin (demo personas, one "
                "click each)\n",
                port);
    } else {
        fprintf(at->cli->out,
                "sign in:    http://127.0.0.1:%d/signin (staff: sanad user "
                "add; citizens: codes appear here)\n",
                port);
    }
    fflush(at->cli->out);
}

static int serve(Cli *cli, Context *context)
{
    Desk *desk;
    Diag diag = {.key = ""};
    bool demo = cli_flag(cli, "--demo");
    http_signals_block();
    DeskConfig desk_config = {.context = context,
                              .demo = demo,
                              .readers = READERS,
                              .deliver = deliver,
                              .deliver_arg = cli};
    Err err = desk_open(&desk_config, &diag, &desk);
    if (err != OK) return cli_fail(cli, err, &diag);
    const char *address = cli_option(cli, "--listen");
    Opened at = {cli, address == NULL ? default_address : address, demo};
    SiteConfig config = {.listen = at.listen,
                         .behind_proxy = cli_flag(cli, "--behind-proxy"),
                         .demo = demo,
                         .texts = context->texts,
                         .backend = desk_backend(desk),
                         .on_open = opened,
                         .open_arg = &at};
    err = site_serve(&config, &diag);
    desk_close(desk);
    return err == OK ? 0 : cli_fail(cli, err, &diag);
}

int cmd_serve(Cli *cli)
{
    Context context;
    Diag diag = {.key = ""};
    int code = cli_open(cli, true, &context);
    if (code != CLI_GO_ON) return code;
    Err err = context_texts(&context, &diag);
    code = err == OK ? serve(cli, &context) : cli_fail(cli, err, &diag);
    context_close(&context);
    return code;
}

/*
 * cmd_serve.c - sanad serve: the portal, the consoles and the API.
 */
#include <unistd.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/config.h"
#include "cli/handover.h"
#include "cli/mail.h"
#include "text/calendar.h"
#include "web/desk.h"
#include "web/http.h"
#include "web/site.h"

enum { READERS = 8 };

static const char default_mail_program[] = "/usr/sbin/sendmail";

typedef struct Serve {
    Cli *cli;
    Config config;
    Context context;
} Serve;

/* Mails a code to the people who pass codes on, in both languages. */
static void mail_code(const Serve *serve, Str national_id, Str code)
{
    const Config *config = &serve->config;
    FILE *err = serve->cli->err;
    TextStyle style = {.texts = serve->context.texts};
    TextArg args[] = {TEXT_STR("0", national_id), TEXT_STR("1", code)};
    Buf subject = buf_make(MAIL_BYTES_MAX), body = buf_make(MAIL_BYTES_MAX);
    for (int lang = 0; lang < TEXT_LANGS; lang++) {
        style.lang = (TextLang)lang;
        if (lang > 0) buf_text(&subject, " / ");
        buf_str(&subject, text_get(&style, "serve.code_subject"));
        text_write(&body, &style, STR("serve.code_body"), args, 2);
        buf_char(&body, '\n');
    }
    Err sent = mail_send(config->mail_program, config->mail_to,
                         buf_view(&subject), buf_view(&body), err);
    if (sent != OK) {
        fprintf(err, "sanad: %s cannot be started\n", config->mail_program);
    }
    buf_free(&subject);
    buf_free(&body);
}

/* Until a provider is configured, codes go to the terminal or into a mailbox.
 */
static void deliver(void *arg, Str national_id, Str code)
{
    const Serve *serve = arg;
    FILE *err = serve->cli->err;
    if (serve->config.mail_to != NULL) {
        mail_code(serve, national_id, code);
    } else {
        fprintf(err, "sign-in code for %.*s: %.*s\n", STR_ARG(national_id),
                STR_ARG(code));
    }
    fflush(err);
}

static void opened(void *arg, int port)
{
    const Serve *serve = arg;
    FILE *out = serve->cli->out;
    fprintf(out, "portal:     http://127.0.0.1:%d/\n", port);
    fprintf(out, "caseworker: http://127.0.0.1:%d/w\n", port);
    fprintf(out, "sign in:    http://127.0.0.1:%d/signin (%s)\n", port,
            serve->config.demo ? "demo personas, one click each"
            : serve->config.mail_to != NULL
                ? "staff: sanad user add; citizens: codes go by mail"
                : "staff: sanad user add; citizens: codes appear here");
    fflush(out);
}

/* What is stored is whole at any moment. */
static void stuck(void *arg)
{
    const Serve *serve = arg;
    Diag diag = {.key = "serve.stuck"};
    (void)cli_fail(serve->cli, ERR_BUSY, &diag);
    fflush(serve->cli->err);
    _exit(EXIT_FAILURE);
}

/* A page comes with its parts; a branch office has many people behind one
 * address. */
static LimitRates limits_of(const Config *config)
{
    int usual = (int)config->requests_per_second;
    int entry = (int)config->signins_per_minute;
    return (LimitRates){usual, 3 * usual, entry, entry};
}

/* The law that holds this month: what policy officers read and try. */
static Err law_now(Serve *serve, Diag *diag, const Pack **ret)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    Month month = month_of_day(calendar_civil_day(clock_now()));
    TRY(store_reader(serve->context.store, diag, &conn));
    return context_law_at(&serve->context, conn, month, diag, ret);
}

/* The population on which policy officers try changes, if there is one. */
static Err open_lab(const Serve *serve, const Policy *policy, Diag *diag,
                    Lab **ret)
{
    const char *path = serve->config.snapshot;
    if (path == NULL || policy->count == 0) return OK;
    LabConfig config = {
        .law = {.pack = policy->pack, .programme = policy->models[0].programme},
        .snapshot = path,
        .month = month_of_day(calendar_civil_day(clock_now()))};
    return lab_open(&config, diag, ret);
}

static Err serve_desk(Serve *serve, Desk *desk, Diag *diag)
{
    Handover *handover;
    SiteConfig config = {.listen = serve->config.listen,
                         .behind_proxy = serve->config.behind_proxy,
                         .demo = serve->config.demo,
                         .helpline = serve->config.helpline,
                         .limits = limits_of(&serve->config),
                         .log = serve->config.access_log,
                         .texts = serve->context.texts,
                         .backend = desk_backend(desk),
                         .on_open = opened,
                         .on_stuck = stuck,
                         .open_arg = serve};
    const Pack *law;
    TRY(law_now(serve, diag, &law));
    TRY(policy_open(serve->context.arena, law, diag, &config.policy));
    TRY(open_lab(serve, config.policy, diag, &config.lab));
    Err err = handover_open(&serve->context, diag, &handover);
    if (err == OK) {
        err = site_serve(&config, diag);
        handover_close(handover);
    }
    lab_close(config.lab);
    return err;
}

static int run(Serve *serve)
{
    Desk *desk;
    Diag diag = {.key = ""};
    http_signals_block();
    DeskConfig config = {.context = &serve->context,
                         .demo = serve->config.demo,
                         .readers = READERS,
                         .deliver = deliver,
                         .deliver_arg = serve};
    Err err = desk_open(&config, &diag, &desk);
    if (err == OK) {
        err = serve_desk(serve, desk, &diag);
        desk_close(desk);
    }
    return err == OK ? 0 : cli_fail(serve->cli, err, &diag);
}

/* What the file says, and over it what the command line says. */
static int configure(Serve *serve)
{
    Cli *cli = serve->cli;
    Config *config = &serve->config;
    Diag diag = {.key = ""};
    *config = (Config){.listen = "127.0.0.1:8080",
                       .requests_per_second = 40,
                       .signins_per_minute = 30,
                       .mail_program = default_mail_program};
    const char *file = cli_option(cli, "--config");
    if (file != NULL) {
        Err err = config_read(cli->arena, file, &diag, config);
        if (err != OK) return cli_fail(cli, err, &diag);
    }
    const char *address = cli_option(cli, "--listen");
    if (address != NULL) config->listen = address;
    const char *snapshot = cli_path(cli, "--snapshot");
    if (snapshot != NULL) config->snapshot = snapshot;
    config->demo |= cli_flag(cli, "--demo");
    config->behind_proxy |= cli_flag(cli, "--behind-proxy");
    if (cli_option(cli, "--db") == NULL && config->db != NULL) {
        cli->option[cli->option_count++] =
            arena_format(cli->arena, "--db=%s", config->db);
    }
    return CLI_GO_ON;
}

int cmd_serve(Cli *cli)
{
    Serve serve = {.cli = cli};
    Diag diag = {.key = ""};
    int code = configure(&serve);
    if (code == CLI_GO_ON) code = cli_open(cli, true, &serve.context);
    if (code != CLI_GO_ON) return code;
    Err err = context_texts(&serve.context, &diag);
    code = err == OK ? run(&serve) : cli_fail(cli, err, &diag);
    context_close(&serve.context);
    return code;
}

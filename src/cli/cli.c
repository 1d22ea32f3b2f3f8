#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/handover.h"
#include "codec/arabic.h"
#include "text/text.h"

static const CliCommand commands[] = {
#define COMMAND(name, place, args, run, options, usage, does)                  \
    {name, options, usage, does, place, args, run},
#include "cli/commands.def"
#undef COMMAND
};

enum {
    COMMAND_COUNT = sizeof commands / sizeof commands[0],
    ARENA_LIMIT_BYTES = 1 << 30
};

static const char common_options[] = "--help --json --lang=";

/* Whether `list` ("--db= --json") has the option, and if it takes a value. */
static bool option_known(const char *list, Str name, bool *ret_takes_value)
{
    Str rest = str_of(list), part;
    while (str_split(&rest, ' ', &part)) {
        bool takes = part.bytes > 0 && part.at[part.bytes - 1] == '=';
        if (takes) part.bytes--;
        if (!str_equal(part, name)) continue;
        *ret_takes_value = takes;
        return true;
    }
    return false;
}

/* The name of a stored option: what stands before "=". */
static Str option_name(const char *option)
{
    const char *end = strchr(option, '=');
    if (end == NULL) return str_of(option);
    return (Str){option, (size_t)(end - option)};
}

const char *cli_option_at(const Cli *cli, const char *name, int n)
{
    for (int i = 0; i < cli->option_count; i++) {
        Str stored = option_name(cli->option[i]);
        if (!str_is(stored, name) || n-- > 0) continue;
        return cli->option[i][stored.bytes] == '='
                   ? cli->option[i] + stored.bytes + 1
                   : "";
    }
    return NULL;
}

const char *cli_option(const Cli *cli, const char *name)
{
    const char *last = NULL, *value;
    for (int i = 0; (value = cli_option_at(cli, name, i)) != NULL; i++) {
        last = value;
    }
    return last;
}

bool cli_flag(const Cli *cli, const char *name)
{
    return cli_option_at(cli, name, 0) != NULL;
}

const char *cli_path(Cli *cli, const char *name)
{
    const char *path = cli_option(cli, name);
    if (path == NULL || cli->host == NULL || path[0] == '/') return path;
    return arena_format(cli->arena, "%s/%s", cli->host->folder, path);
}

int cli_input(const Cli *cli)
{
    return cli->host == NULL ? STDIN_FILENO : cli->host->input;
}

const char *cli_digits(Cli *cli, const char *name)
{
    const char *text = cli_option(cli, name);
    if (text == NULL) return NULL;
    Buf buf = buf_make(2 * strlen(text) + 1);
    arabic_digits(&buf, str_of(text));
    text = arena_text(cli->arena, buf.at, buf.bytes);
    buf_free(&buf);
    return text;
}

bool cli_number(Cli *cli, const char *name, int64_t min, int64_t max,
                int64_t fallback, int64_t *ret)
{
    const char *text = cli_digits(cli, name);
    if (text == NULL) {
        *ret = fallback;
        return true;
    }
    int64_t value;
    if (!str_to_int(str_of(text), &value) || value < min || value > max) {
        fprintf(cli->err, "sanad: %s takes a whole number from %lld to %lld\n",
                name, (long long)min, (long long)max);
        return false;
    }
    *ret = value;
    return true;
}

int cli_usage(Cli *cli, const char *problem)
{
    fprintf(cli->err, "sanad: %s; usage: sanad %s\n", problem,
            cli->command->usage);
    return 2;
}

TextStyle cli_style(Cli *cli)
{
    Diag diag = {.key = ""};
    TextStyle style = {.isolate = true};
    CHECK(text_lang_read(str_of(cli->lang), &style.lang));
    if (cli->texts == NULL && text_open(cli->arena, &diag, &cli->texts) != OK) {
        fprintf(cli->err, "sanad: texts: %s:%d: %s\n", diag.file, diag.line,
                diag.key);
        cli->texts = text_empty(cli->arena);
    }
    style.texts = cli->texts;
    return style;
}

int cli_fail(Cli *cli, Err err, const Diag *diag)
{
    TextStyle style = cli_style(cli);
    /* the marks stand in the way of who copies a command from a message */
    style.isolate = style.lang == TEXT_AR;
    Buf said = buf_make(1 << 16);
    bool told = diag != NULL && diag->key[0] != '\0';
    Diag heard;
    if (!told && err == ERR_IO && store_heard(&cli->faults, &heard)) {
        diag = &heard;
        told = true;
    }
    if (told && err != ERR_STOPPED) {
        text_write_diag(&said, &style, diag);
    } else {
        buf_str(&said, text_get(&style, arena_format(cli->arena, "err.%s",
                                                     err_name(err))));
    }
    fprintf(cli->err, "sanad: %.*s\n", STR_ARG(buf_view(&said)));
    buf_free(&said);
    return err_exit(err);
}

/* Sorts one command line into options and arguments; 0 or an exit code. */
static int parse(Cli *cli, int argc, char **argv)
{
    bool only_args = false;
    for (int i = 0; i < argc; i++) {
        if (i == CLI_ARGS_MAX) return cli_usage(cli, "too many arguments");
        if (only_args || strncmp(argv[i], "--", 2) != 0) {
            cli->arg[cli->arg_count++] = argv[i];
            continue;
        }
        only_args = argv[i][2] == '\0';
        if (only_args) continue;
        bool takes_value, has_value = strchr(argv[i], '=') != NULL;
        Str name = option_name(argv[i]);
        if (!option_known(cli->command->options, name, &takes_value) &&
            !option_known(common_options, name, &takes_value)) {
            return cli_usage(
                cli, arena_format(cli->arena, "no option %.*s", STR_ARG(name)));
        }
        const char *option = argv[i];
        if (takes_value && !has_value) {
            if (++i == argc) {
                return cli_usage(
                    cli, arena_format(cli->arena, "%s needs a value", option));
            }
            option = arena_format(cli->arena, "%s=%s", option, argv[i]);
        }
        cli->option[cli->option_count++] = option;
    }
    return 0;
}

static int print_commands(FILE *out)
{
    fprintf(out, "usage: sanad COMMAND [OPTIONS]; sanad COMMAND --help\n\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].does);
    }
    return 0;
}

const CliCommand *cli_command(const char *name)
{
    if (strncmp(name, "--", 2) == 0) name += 2; /* --version */
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    }
    return NULL;
}

static int run(Cli *cli, int argc, char **argv)
{
    int wrong = parse(cli, argc, argv);
    if (wrong != 0) return wrong;
    if (cli->arg_count > cli->command->args) {
        return cli_usage(cli, arena_format(cli->arena, "what is %s?",
                                           cli->arg[cli->command->args]));
    }
    const char *lang = cli_option(cli, "--lang");
    if (lang == NULL) lang = getenv("SANAD_LANG");
    if (lang == NULL) lang = "en";
    if (strcmp(lang, "ar") != 0 && strcmp(lang, "en") != 0) {
        return cli_usage(cli, "--lang is ar or en");
    }
    cli->lang = lang;
    cli->json = cli_flag(cli, "--json");
    if (cli_flag(cli, "--help")) {
        fprintf(cli->out, "usage: sanad %s\n%s\n", cli->command->usage,
                cli->command->does);
        return 0;
    }
    const char *db = cli->host == NULL ? cli_db_file(cli) : NULL;
    int code;
    if (db != NULL && handover(cli, db, argc, argv, &code)) return code;
    return cli->command->run(cli);
}

/* A made-up Cli becomes a command that runs. */
static int run_named(Cli *cli, int argc, char **argv)
{
    cli->command = cli_command(argv[0]);
    if (cli->command == NULL) {
        fprintf(cli->err, "sanad: no command %s; sanad --help lists them\n",
                argv[0]);
        return 2;
    }
    cli->arena = arena_open(ARENA_LIMIT_BYTES);
    int code = run(cli, argc - 1, argv + 1);
    if (cli->host != NULL) {
        store_unlisten(cli->host->context->store, &cli->faults);
    }
    if (fflush(cli->out) != 0 && code == 0) {
        fprintf(cli->err, "sanad: the output could not be written\n");
        code = 1;
    }
    arena_close(cli->arena);
    return code;
}

int cli_hosted(const CliHost *host, int argc, char **argv, FILE *out, FILE *err)
{
    Cli cli = {.host = host, .out = out, .err = err};
    return run_named(&cli, argc, argv);
}

int cli_main(int argc, char **argv, FILE *out, FILE *err)
{
    if (argc == 0) {
        print_commands(err);
        return 2;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "help") == 0) {
        return print_commands(out);
    }
    Cli cli = {.out = out, .err = err};
    return run_named(&cli, argc, argv);
}

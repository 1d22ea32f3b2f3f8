/*
 * cli.h - the frame of the commands: options, streams, errors in one line.
 *
 * A command is `int cmd_x(Cli *cli)`, named in commands.def with its usage.
 * It returns 0 done, 1 the check or job failed, 2 wrong use. Results go to
 * `out`; errors to `err`, in one line that says what to do.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "base/diag.h"
#include "base/err.h"
#include "text/text.h"

typedef struct Cli Cli;

enum { CLI_ARGS_MAX = 256 };

typedef struct CliCommand {
    const char *name; /* "determine" */
    const char
        *options;      /* "--db= --month= --threads= --json": = takes a value */
    const char *usage; /* behind "sanad ", for --help */
    const char *does;  /* one sentence */
    int (*run)(Cli *cli);
} CliCommand;

struct Cli {
    const CliCommand *command;
    Arena *arena; /* lives as long as the command */
    FILE *out;
    FILE *err;
    const char *lang; /* "ar" or "en": --lang, else SANAD_LANG, else en */
    Texts *texts;     /* NULL until somebody is told something */
    bool json;        /* --json was given */
    const char *option[CLI_ARGS_MAX]; /* "--name" or "--name=value" */
    int option_count;
    const char *arg[CLI_ARGS_MAX]; /* what is no option, in order */
    int arg_count;
};

/* The value of the last `--name value` or `--name=value`, or NULL. */
const char *cli_option(const Cli *cli, const char *name);

/* The n-th value (from 0) of an option that may be repeated, or NULL. */
const char *cli_option_at(const Cli *cli, const char *name, int n);

/* Whether `--name` was given. */
bool cli_flag(const Cli *cli, const char *name);

/*
 * A whole number from an option, within min..max, or `fallback` when it is
 * not given. Says what is wrong and returns false otherwise.
 */
bool cli_number(Cli *cli, const char *name, int64_t min, int64_t max,
                int64_t fallback, int64_t *ret);

/* Says that the command was wrongly used and how it is used. Returns 2. */
int cli_usage(Cli *cli, const char *problem);

/* For whom the command writes; loads the texts at its first use. */
TextStyle cli_style(Cli *cli);

/* Says in the reader's language what went wrong. Returns the exit code. */
int cli_fail(Cli *cli, Err err, const Diag *diag);

/* Runs a command line without the program's name. Returns the exit code. */
int cli_main(int argc, char **argv, FILE *out, FILE *err);

#endif

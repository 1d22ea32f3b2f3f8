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
#include "store/fault.h"
#include "text/text.h"

typedef struct Cli Cli;

enum { CLI_ARGS_MAX = 256 };

/* Where a command runs when a server holds the database. */
typedef enum CliPlace {
    CLI_HERE, /* in its own process: it does not write, or must be alone */
    CLI_ASK,  /* in the server, at once: a short question or change */
    CLI_JOB   /* in the server, one such job after the other */
} CliPlace;

typedef struct CliCommand {
    const char *name; /* "determine" */
    const char
        *options;      /* "--db= --month= --threads= --json": = takes a value */
    const char *usage; /* behind "sanad ", for --help */
    const char *does;  /* one sentence */
    CliPlace place;
    int args; /* it takes at most so many that are no options */
    int (*run)(Cli *cli);
} CliCommand;

/*
 * A server in whose process a command runs, because that process holds the
 * database; NULL in a Cli that runs in a process of its own.
 */
typedef struct CliHost {
    const struct Context *context; /* the server's: borrowed by the command */
    const char *folder;            /* where the caller stands, absolute */
    int input;                     /* a password of the caller, or nothing */
    /* Passes on how far the work is; false: the caller is gone. */
    bool (*told)(void *arg, const char *unit, int64_t done, int64_t all);
    void *arg;
} CliHost;

struct Cli {
    const CliCommand *command;
    const CliHost *host; /* NULL: this process is the command's own */
    Arena *arena;        /* lives as long as the command */
    FILE *out;
    FILE *err;
    const char *lang; /* "ar" or "en": --lang, else SANAD_LANG, else en */
    Texts *texts;     /* NULL until somebody is told something */
    bool json;        /* --json was given */
    const char *option[CLI_ARGS_MAX + 1]; /* "--name" or "--name=value" */
    int option_count;
    const char *arg[CLI_ARGS_MAX]; /* what is no option, in order */
    int arg_count;
    StoreListener faults; /* of the database that the command opened */
};

/* The value of the last `--name value` or `--name=value`, or NULL. */
const char *cli_option(const Cli *cli, const char *name);

/* The n-th value (from 0) of an option that may be repeated, or NULL. */
const char *cli_option_at(const Cli *cli, const char *name, int n);

/* Whether `--name` was given. */
bool cli_flag(const Cli *cli, const char *name);

/* An option with Latin digits, whichever it was typed with; NULL without. */
const char *cli_digits(Cli *cli, const char *name);

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

/* The value of an option that names a file or folder, as this process can
 * open it; NULL when it is not given. */
const char *cli_path(Cli *cli, const char *name);

/* The file descriptor from which the command reads what is typed or piped. */
int cli_input(const Cli *cli);

/* The command of that name, or NULL. */
const CliCommand *cli_command(const char *name);

/* Runs a command line in a server; `host`, `out` and `err` outlive the call.
 * Returns the exit code. */
int cli_hosted(const CliHost *host, int argc, char **argv, FILE *out,
               FILE *err);

/* Runs a command line without the program's name. Returns the exit code. */
int cli_main(int argc, char **argv, FILE *out, FILE *err);

#endif

/*
 * config.h - the configuration file of a server: `name = value`, one a line,
 * `#` begins a comment. deploy/sanad.conf shows every name. Options of the
 * command line win over the file.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/err.h"

typedef struct Config {
    const char *db;              /* --db; NULL: not given, as the others */
    const char *listen;          /* --listen */
    bool behind_proxy;           /* --behind-proxy */
    bool demo;                   /* --demo */
    const char *mail_to;         /* codes go there; NULL: to the terminal */
    const char *helpline;        /* telephone number on the pages */
    const char *mail_program;    /* reads a message from its standard input */
    const char *access_log;      /* "stderr" or a path; NULL: none */
    const char *snapshot;        /* --snapshot: of the population */
    int64_t requests_per_second; /* of an address; 0: no limit */
    int64_t signins_per_minute;  /* likewise */
} Config;

/*
 * Reads a configuration file into *ret, whose other members stay.
 *
 * out    texts live in `arena`; diag names file and line
 * errs   ERR_INVALID: an unknown name, a name twice, a bad value
 *        ERR_NOT_FOUND, ERR_IO
 */
NODISCARD Err config_read(Arena *arena, const char *path, Diag *diag,
                          Config *ret);

#endif

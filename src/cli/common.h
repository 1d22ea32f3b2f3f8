/*
 * common.h - what many commands do first: find the database, read a month.
 */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include "cli/cli.h"
#include "codec/json.h"
#include "service/context.h"

/* The exit code with which a command goes on. */
enum { CLI_GO_ON = -1 };

/*
 * The database of --db (else SANAD_DB). CLI_GO_ON, or an exit code after the
 * problem was told.
 */
int cli_db(Cli *cli, const char **ret);

/* The file of --db for a command that a server may do, else NULL. */
const char *cli_db_file(Cli *cli);

/* Opens the database of --db, with the law in force when `law`; in a server,
 * the one that is open there. */
int cli_open(Cli *cli, bool law, Context *ret);

/* The month of --month. */
int cli_month(Cli *cli, Month *ret);

/*
 * The object of --context; NULL where none is given.
 *
 * out    ret lives in cli->arena
 * errs   ERR_INVALID: no JSON, or no object (feel.context)
 */
NODISCARD Err cli_context(Cli *cli, Diag *diag, const Json **ret);

/* The same with the law and the connection that writes, closed first. */
int cli_open_writer(Cli *cli, Context *ret, StoreConn **ret_writer);

/* The same for a command that puts no more than the record of a read beside
 * a job that writes. */
int cli_open_beside(Cli *cli, Context *ret, StoreConn **ret_writer);

/* Prints the JSON in a buffer and a line end, and frees the buffer. */
int cli_print(Cli *cli, Buf *buf);

/* Before everybody's data is taken out by the command `what`: whether it may,
 * and the record in the database; NULL: there is no database. One that cannot
 * be written is no reason to refuse: the note for cli_export_end(). CLI_GO_ON,
 * or an exit code after the problem was told. */
int cli_export(Cli *cli, Store *store, const char *what, Diag *ret_note);

/* After it is done: tells that it could not be recorded, if so. */
void cli_export_end(Cli *cli, const Diag *note);

#endif

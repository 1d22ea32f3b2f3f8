/*
 * handover.h - command lines handed to the server that holds the database.
 *
 * One process writes to an SQLite file. While that is a server, it listens on
 * the socket PATH.jobs beside the file (mode 0600, same user or root only),
 * and a command that writes is sent there with the caller's folder and,
 * where it needs one, a password, runs in the server, and sends back what it
 * prints and how far it is. When the caller is stopped, so is the work; what
 * was committed stays, and the same command goes on from there.
 */
#ifndef CLI_HANDOVER_H
#define CLI_HANDOVER_H

#include "cli/cli.h"
#include "service/context.h"

/*
 * Has the server of the database `db` run the command line, which stands in
 * cli and argv (without its name), and passes on what it prints.
 *
 * out    ret_code: the exit code, when true is returned
 *        false: no server has the database; the command runs here
 */
bool handover(Cli *cli, const char *db, int argc, char **argv, int *ret_code);

typedef struct Handover Handover;

/*
 * Takes command lines from now on, each on a thread of its own. Does nothing
 * on PostgreSQL, where every process may write.
 *
 * in     context: with law and texts; outlives the handover
 * errs   ERR_IO: the socket cannot be made
 * owns   the caller, handover_close(), which stops the work and waits for it
 */
NODISCARD Err handover_open(const Context *context, Diag *diag, Handover **ret);
void handover_close(Handover *handover);

#endif

/*
 * prove.h - who acts by a command: --by, with his password and his code.
 */
#ifndef CLI_PROVE_H
#define CLI_PROVE_H

#include "access/signin.h"
#include "cli/password.h"

/* The secrets of a command, one after the other. */
typedef struct Secrets {
    PasswordAsk ask[PASSWORD_ASKS_MAX];
    int count, at;
} Secrets;

/* What the command line reads from its input; nothing is read yet. */
void prove_secrets(const Cli *cli, Secrets *ret);

/* The next of them. CLI_GO_ON, or an exit code after saying what is missing. */
int prove_secret(Cli *cli, Secrets *secrets, char ret[PASSWORD_ROOM]);

/*
 * Who acts: the account of --by, proved by its password and code. A wrong try
 * is counted. CLI_GO_ON, or an exit code.
 *
 * in     writer: without an open transaction
 */
int prove_by(Cli *cli, StoreConn *writer, Secrets *secrets, Actor *ret);

#endif

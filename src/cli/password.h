/*
 * password.h - secrets that are typed without being shown, or piped.
 */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

#include "cli/cli.h"
#include "crypto/secret.h"

/* One byte more than the longest, so that one too long is seen as such. */
enum { PASSWORD_ROOM = SECRET_PASSWORD_BYTES_MAX + 2, PASSWORD_ASKS_MAX = 4 };

/* One line that a command reads: what and whose. */
typedef struct PasswordAsk {
    const char *key; /* of the text that asks for it */
    const char *whose;
} PasswordAsk;

/*
 * What the command line reads from its input, in this order: password and
 * code of --by, who asks or confirms, and a new account's password, unless
 * its holder will enrol himself; of who enrols himself the two halves of his
 * code, and his password twice. Returns how many.
 */
int password_asks(const Cli *cli, PasswordAsk ret[PASSWORD_ASKS_MAX]);

/* Whether --by names the operator of the machine, who has no password. */
bool password_by_operator(const char *by);

/*
 * The next line of the command's input; nothing after it is taken. On a
 * terminal it is asked for. False: there is none, or it is longer than any
 * password. The caller wipes it by explicit_bzero().
 */
bool password_read(Cli *cli, const PasswordAsk *ask, char ret[PASSWORD_ROOM]);

#endif

/*
 * password.h - reading a password: typed without being shown, or piped.
 */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

#include "cli/cli.h"
#include "crypto/secret.h"

/* One byte more than the longest, so that one too long is seen as such. */
enum { PASSWORD_ROOM = SECRET_PASSWORD_BYTES_MAX + 2 };

/*
 * The first line of the command's input; nothing after it is taken. On a
 * terminal it is asked for. False: there is none, or it is longer than any
 * password. The caller wipes it by explicit_bzero().
 */
bool password_read(Cli *cli, char ret[PASSWORD_ROOM]);

#endif

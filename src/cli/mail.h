/*
 * mail.h - hands a message to the mail program of the machine (sendmail(8)).
 */
#ifndef CLI_MAIL_H
#define CLI_MAIL_H

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

enum { MAIL_BYTES_MAX = 4096 };

/*
 * Sends a message without waiting for it: `program -i -- to` reads it from
 * its standard input. That it failed is told on `err`, without its content.
 *
 * in     to: one address that begins with no "-"; head and body together at
 *        most MAIL_BYTES_MAX bytes of UTF-8; `program` and `err` live on
 * errs   ERR_INVALID: too long, or an address with a line end
 *        ERR_IO: the program cannot be started
 */
NODISCARD Err mail_send(const char *program, const char *to, Str subject,
                        Str body, FILE *err);

#endif

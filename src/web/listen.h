/*
 * listen.h - sockets to listen on, inside the machine unless a proxy guards.
 */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "base/diag.h"
#include "base/err.h"

/*
 * Opens a listening socket for "127.0.0.1:8080", "[::1]:8080",
 * "localhost:8080", ":8080" (loopback) or "unix:/path". A stale Unix socket
 * is replaced, one that somebody serves is not.
 *
 * in     outside: whether other addresses than loopback are allowed
 * out    ret_port: 0 for a Unix socket
 * errs   ERR_DENIED: an address outside (web.listen_outside {address})
 *        ERR_INVALID: no address (web.listen_bad {address})
 *        ERR_CONFLICT: another server answers (web.listen_taken {address})
 *        ERR_IO: cannot listen there (web.listen_failed {address, why})
 * owns   the caller, who closes the descriptor
 */
NODISCARD Err listen_open(const char *address, bool outside, Diag *diag,
                          int *ret_fd, int *ret_port);

#endif

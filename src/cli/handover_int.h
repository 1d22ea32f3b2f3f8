/*
 * handover_int.h - what the two ends of a handover share.
 *
 * Messages keep their bounds (SOCK_SEQPACKET). The caller sends one: its
 * folder and the command line, each ended by NUL, with a descriptor of what
 * the command may read. The server answers with messages that begin with a
 * letter.
 */
#ifndef CLI_HANDOVER_INT_H
#define CLI_HANDOVER_INT_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
    HANDOVER_REQUEST_BYTES = 65536,
    HANDOVER_ANSWER_BYTES = 16384,
    HANDOVER_OUT = 'o',      /* bytes for standard output */
    HANDOVER_ERR = 'e',      /* bytes for standard error */
    HANDOVER_PROGRESS = 'p', /* "unit done all" */
    HANDOVER_END = 'x'       /* one byte: the exit code */
};

/*
 * The address of the socket beside a database file. A socket's path holds 107
 * bytes only, so that the folder is named by a descriptor.
 *
 * out    ret_folder: to be closed after the address was used
 *        false: there is no such file, or its name is too long
 */
bool handover_address(const char *db, struct sockaddr_un *ret, int *ret_folder);

#endif

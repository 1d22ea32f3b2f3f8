/*
 * mhd.h - libmicrohttpd, loaded when a server is opened.
 *
 * Linked normally it would draw GnuTLS and ten libraries more into every
 * command, which would start three times as slowly.
 */
#ifndef WEB_MHD_H
#define WEB_MHD_H

#include <microhttpd.h>
#include <stdbool.h>

#define MHD_FUNCTIONS(X)                                                       \
    X(MHD_start_daemon)                                                        \
    X(MHD_quiesce_daemon)                                                      \
    X(MHD_stop_daemon)                                                         \
    X(MHD_run)                                                                 \
    X(MHD_get_timeout)                                                         \
    X(MHD_get_daemon_info)                                                     \
    X(MHD_get_connection_info)                                                 \
    X(MHD_get_connection_values_n)                                             \
    X(MHD_create_response_from_buffer)                                         \
    X(MHD_add_response_header)                                                 \
    X(MHD_queue_response)                                                      \
    X(MHD_destroy_response)

typedef struct Mhd {
    bool whole; /* the library is here, with all of its functions */
#define MHD_MEMBER(function) __typeof__(function) *function;
    MHD_FUNCTIONS(MHD_MEMBER)
#undef MHD_MEMBER
} Mhd;

/* The functions; the first call loads them. Static. */
const Mhd *mhd(void);

#endif

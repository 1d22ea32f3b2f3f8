/*
 * http_int.h - what http.c, which takes requests, and http_reply.c, which
 * makes replies, share.
 */
#ifndef WEB_HTTP_INT_H
#define WEB_HTTP_INT_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "web/http.h"
#include "web/mhd.h"

enum { HTTP_STATUS_CLASSES = 6 };

/* What a connection is doing; each phase has a total deadline, but WORK. */
typedef enum Phase {
    PHASE_IDLE,
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_WORK,
    PHASE_REPLY,
    PHASES
} Phase;

typedef struct Conn {
    int fd;
    char client[INET6_ADDRSTRLEN];
    _Atomic int64_t phase_since; /* milliseconds x PHASES + phase */
    struct Conn *previous;
    struct Conn *next;
} Conn;

enum { PARK_AWAKE, PARK_ASLEEP, PARK_WOKEN };

typedef struct ReplyHeader {
    const char *name;
    const char *value;
} ReplyHeader;

/* A reply in the library's form, held by whoever keeps or sends it. */
struct HttpKept {
    struct MHD_Response *response;
    int status;
    atomic_int holds;
    HttpServer *server;
    HttpKept *next_free;
};

typedef struct Exchange {
    HttpRequest request; /* first: an Exchange is known by its request */
    HttpServer *server;
    struct MHD_Connection *connection;
    Conn *conn;
    Str target;
    int64_t started_ms;
    size_t header_count;
    size_t head_bytes;
    size_t body_bytes_due; /* Content-Length */
    const HttpRoute *route;
    char *upload;
    size_t upload_bytes;
    bool too_long;
    Buf body;
    Buf scratch;
    Str fixed;      /* in place of the body, when `at` is set */
    HttpKept *kept; /* in place of everything, when set */
    size_t reply_header_count;
    HttpHandler *then;
    atomic_int park;
    int refused; /* a status, before any handler */
    bool begun;
    struct Exchange *next_free;
    FormPair header[HTTP_HEADERS_MAX]; /* first of what is not zeroed */
    ReplyHeader reply_header[HTTP_REPLY_HEADERS_MAX + 10];
} Exchange;

struct HttpServer {
    Arena *arena;
    const HttpConfig *config;
    struct MHD_Daemon *daemon;
    int listen_fd;
    int port;
    int64_t limit_ms[PHASES];
    pthread_mutex_t lock; /* of the lists below and the arena */
    Conn *conns;
    Conn *free_conns;
    Exchange *free_exchanges;
    HttpKept *free_kept;
    atomic_long in_flight;
    atomic_long answered[HTTP_STATUS_CLASSES];
    atomic_long answered_ms;
};

/* An exchange begins with its request. */
static inline Exchange *exchange_of(HttpRequest *request)
{
    return (Exchange *)(void *)request;
}

static inline const Exchange *exchange_see(const HttpRequest *request)
{
    return (const Exchange *)(const void *)request;
}

/* Queues the reply of an exchange; one that is not filled becomes a 500. */
enum MHD_Result http_send(Exchange *x);

#endif

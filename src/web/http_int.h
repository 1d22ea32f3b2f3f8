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
#include "web/weblog.h"

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

/* Of a request: not woken yet; woken; its connection is gone, and whoever
 * wakes it clears up. */
enum { PARK_WAITING, PARK_WOKEN, PARK_ORPHAN };

enum { STAGE_SERVING, STAGE_QUIET, STAGE_ENDED };

/* A thread that serves, and its daemon. */
typedef struct HttpLoop {
    HttpServer *server;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    int epoll_fd; /* the library's */
    int bell_fd;  /* rung by those who wake */
    atomic_bool rung;
    int64_t now_ms; /* of this turn; as the next, the thread's own */
    int waiting;    /* requests that wait to be woken */
    Buf lines;      /* of the log, from this turn */
} HttpLoop;

typedef struct ReplyHeader {
    const char *name;
    const char *value;
} ReplyHeader;

/* A reply in the library's form, held by whoever keeps or sends it. */
struct HttpKept {
    struct MHD_Response *response;
    int status;
    size_t bytes; /* of the body */
    atomic_int holds;
    HttpServer *server;
    HttpKept *next_free;
};

typedef struct Exchange {
    HttpRequest request; /* first: an Exchange is known by its request */
    HttpServer *server;
    HttpLoop *loop;
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
    bool waits;  /* is counted in loop->waiting */
    int refused; /* a status, before any handler */
    int wait_s;  /* of 429: when to come again */
    char method[WEBLOG_METHOD_BYTES];
    Str client; /* for the log */
    bool begun;
    struct Exchange *next_free;
    FormPair header[HTTP_HEADERS_MAX]; /* first of what is not zeroed */
    ReplyHeader reply_header[HTTP_REPLY_HEADERS_MAX + 10];
} Exchange;

struct HttpServer {
    Arena *arena;
    const HttpConfig *config;
    HttpLoop *loops;
    int loop_count;
    atomic_int stage;
    atomic_int quiet_loops; /* that take no new connections any more */
    atomic_int ringing;     /* threads inside http_wake() */
    int listen_fd;
    int port;
    int64_t limit_ms[PHASES];
    Limit *limit; /* NULL: none */
    Weblog *log;  /* NULL: none */
    atomic_long limited;
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

/* A daemon of the library for a loop; NULL when it cannot be. */
struct MHD_Daemon *http_daemon(HttpLoop *loop);

/*
 * Starts the threads that serve.
 *
 * errs   ERR_IO
 */
NODISCARD Err http_loops_open(HttpServer *server, int count);
void http_loops_close(HttpServer *server);

/* Tells all loops how far the server's life has come. */
void http_loops_stage(HttpServer *server, int stage);

/* Lets a loop take a turn. From any thread. */
void http_ring(HttpLoop *loop);

/* Milliseconds of a clock that only goes forward. */
int64_t http_clock_ms(void);

/* Queues the reply of an exchange; one that is not filled becomes a 500. */
enum MHD_Result http_send(Exchange *x);

#endif

#include <arpa/inet.h>
#include <signal.h>
#include <stddef.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "web/http_int.h"
#include "web/listen.h"
#include "web/request.h"

enum {
    POOL_BYTES = 12 * 1024, /* zeroed for each request */
    STOP_SECONDS = 30,
    SWEEP_SECONDS = 1,
    REQUEST_BYTES_MAX = 16 * 1024 * 1024,
    SERVER_BYTES_MAX = 256 * 1024 * 1024,
    BODY_KEPT_BYTES = 128 * 1024,
    SCRATCH_BYTES_MAX = 64 * 1024,
    LINES_BYTES = 32 * 1024
};

/* Connections: a record each, in one list, watched by the sweep. */

static Conn *conn_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = mhd()->MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static void enter(Conn *conn, Phase phase, int64_t now_ms)
{
    int64_t word = now_ms * PHASES + (int64_t)phase;
    atomic_store_explicit(&conn->phase_since, word, memory_order_relaxed);
}

/* Writes the address of the other end, or "local" for a Unix socket. */
static void name_client(Conn *conn, struct MHD_Connection *connection)
{
    memcpy(conn->client, "local", sizeof "local");
    const union MHD_ConnectionInfo *info = mhd()->MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL) return;
    const struct sockaddr *from = info->client_addr;
    const void *at = NULL;
    if (from->sa_family == AF_INET)
        at = &((const struct sockaddr_in *)(const void *)from)->sin_addr;
    if (from->sa_family == AF_INET6)
        at = &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    if (at == NULL) return;
    (void)inet_ntop(from->sa_family, at, conn->client, sizeof conn->client);
}

static void conn_started(HttpLoop *loop, struct MHD_Connection *connection,
                         void **context)
{
    HttpServer *server = loop->server;
    (void)pthread_mutex_lock(&server->lock);
    Conn *conn = server->free_conns;
    if (conn == NULL)
        conn = ARENA_NEW(server->arena, Conn);
    else
        server->free_conns = conn->next;
    const union MHD_ConnectionInfo *info = mhd()->MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    conn->fd = info == NULL ? -1 : info->connect_fd;
    enter(conn, PHASE_IDLE, loop->now_ms);
    name_client(conn, connection);
    conn->previous = NULL;
    conn->next = server->conns;
    if (server->conns != NULL) server->conns->previous = conn;
    server->conns = conn;
    (void)pthread_mutex_unlock(&server->lock);
    *context = conn;
}

static void conn_closed(HttpServer *server, Conn *conn)
{
    (void)pthread_mutex_lock(&server->lock);
    if (conn->previous != NULL)
        conn->previous->next = conn->next;
    else
        server->conns = conn->next;
    if (conn->next != NULL) conn->next->previous = conn->previous;
    conn->fd = -1;
    conn->next = server->free_conns;
    server->free_conns = conn;
    (void)pthread_mutex_unlock(&server->lock);
}

static void on_connection(void *cls, struct MHD_Connection *connection,
                          void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    HttpLoop *loop = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        conn_started(loop, connection, context);
    else if (*context != NULL)
        conn_closed(loop->server, *context);
}

/*
 * Ends what is over its deadline. A request that is still being sent gets
 * 408, written past the library, which writes nothing in those phases.
 */
static void sweep_one(const HttpServer *server, Conn *conn, int64_t now_ms)
{
    static const char late[] = "HTTP/1.1 408 Request Timeout\r\n"
                               "Connection: close\r\n"
                               "Content-Length: 0\r\n\r\n";
    int64_t word = atomic_load(&conn->phase_since);
    Phase phase = (Phase)(word % PHASES);
    int64_t limit_ms = server->limit_ms[phase];
    if (limit_ms == 0 || now_ms - word / PHASES < limit_ms) return;
    if (phase == PHASE_HEAD || phase == PHASE_BODY)
        (void)!send(conn->fd, late, sizeof late - 1,
                    MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(conn->fd, SHUT_RDWR);
}

static void sweep(HttpServer *server)
{
    int64_t now_ms = http_clock_ms();
    (void)pthread_mutex_lock(&server->lock);
    for (Conn *conn = server->conns; conn != NULL; conn = conn->next)
        if (conn->fd >= 0) sweep_one(server, conn, now_ms);
    (void)pthread_mutex_unlock(&server->lock);
}

/* Exchanges: a request and its reply, reused with their memory. */

static Exchange *exchange_open(HttpLoop *loop)
{
    HttpServer *server = loop->server;
    (void)pthread_mutex_lock(&server->lock);
    Exchange *x = server->free_exchanges;
    if (x != NULL)
        server->free_exchanges = x->next_free;
    else
        x = ARENA_NEW(server->arena, Exchange);
    (void)pthread_mutex_unlock(&server->lock);
    Arena *arena = x->request.arena;
    Buf body = x->body;
    Buf scratch = x->scratch;
    if (arena == NULL) {
        arena = arena_open(REQUEST_BYTES_MAX);
        body = buf_make(HTTP_REPLY_BYTES_MAX);
        scratch = buf_make(SCRATCH_BYTES_MAX);
    }
    /* the arrays at the end have counts of their own */
    memset(x, 0, offsetof(Exchange, header));
    x->server = server;
    x->loop = loop;
    x->body = body;
    x->scratch = scratch;
    x->request.arena = arena;
    x->request.app = server->config->app;
    atomic_fetch_add(&server->in_flight, 1);
    return x;
}

static void exchange_close(Exchange *x)
{
    HttpServer *server = x->server;
    if (x->kept != NULL) http_kept_drop(x->kept);
    if (x->request.ended != NULL) x->request.ended(x->request.ended_arg);
    arena_reset(x->request.arena);
    if (x->body.room_bytes > BODY_KEPT_BYTES)
        buf_free(&x->body);
    else
        buf_reset(&x->body);
    (void)pthread_mutex_lock(&server->lock);
    x->next_free = server->free_exchanges;
    server->free_exchanges = x;
    (void)pthread_mutex_unlock(&server->lock);
    atomic_fetch_sub(&server->in_flight, 1);
}

/* Adds the request to the log: by its route, never by its address. */
static void note(Exchange *x)
{
    Weblog *log = x->server->log;
    if (log == NULL || !x->begun) return;
    size_t bytes = x->kept != NULL       ? x->kept->bytes
                   : x->fixed.at != NULL ? x->fixed.bytes
                                         : x->body.bytes;
    const WeblogLine line = {
        .at = clock_now(),
        .client = x->client,
        .method = x->method,
        .route = x->route == NULL ? NULL : x->route->pattern,
        .status = x->request.status,
        .bytes = x->request.status == 0 ? 0 : bytes,
        .ms = x->loop->now_ms - x->started_ms,
    };
    weblog_line(log, &x->loop->lines, &line);
    if (x->loop->lines.bytes > LINES_BYTES) weblog_write(log, &x->loop->lines);
}

static void count(const Exchange *x)
{
    HttpServer *server = x->server;
    int class = x->request.status / 100;
    if (class < 0 || class >= HTTP_STATUS_CLASSES) class = 0;
    atomic_fetch_add(&server->answered[class], 1);
    atomic_fetch_add(&server->answered_ms,
                     (long)(x->loop->now_ms - x->started_ms));
}

/* Called with the request line, before the library looks at it. */
static void *on_target(void *cls, const char *target,
                       struct MHD_Connection *connection)
{
    Exchange *x = exchange_open(cls);
    x->connection = connection;
    x->conn = conn_of(connection);
    x->started_ms = x->loop->now_ms;
    x->target = str_copy(x->request.arena, str_of(target));
    enter(x->conn, PHASE_HEAD, x->started_ms);
    return x;
}

/* Ends the wait of a request for its turn. */
static void stop_waiting(Exchange *x)
{
    x->loop->waiting -= x->waits;
    x->waits = false;
}

static void on_completed(void *cls UNUSED, struct MHD_Connection *connection,
                         void **context,
                         enum MHD_RequestTerminationCode code UNUSED)
{
    Exchange *x = *context;
    if (x == NULL) return;
    *context = NULL;
    count(x);
    note(x);
    Conn *conn = conn_of(connection);
    if (conn != NULL) enter(conn, PHASE_IDLE, x->loop->now_ms);
    stop_waiting(x);
    int waiting = PARK_WAITING;
    bool orphan = x->then != NULL && atomic_compare_exchange_strong(
                                         &x->park, &waiting, PARK_ORPHAN);
    if (!orphan) exchange_close(x);
}

static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind UNUSED,
                                  const char *name, size_t name_bytes,
                                  const char *value, size_t value_bytes)
{
    Exchange *x = cls;
    if (x->header_count == HTTP_HEADERS_MAX) {
        x->refused = 431;
        return MHD_NO;
    }
    x->header[x->header_count++] =
        (FormPair){{name, name_bytes}, {value, value_bytes}};
    x->head_bytes += name_bytes + value_bytes + 4;
    return MHD_YES;
}

/* Goes on until there is a reply to send or somebody to be waited for; then
 * the library asks again at the next turn. */
static enum MHD_Result settle(Exchange *x)
{
    while (x->then != NULL) {
        if (atomic_load(&x->park) != PARK_WOKEN) {
            x->loop->waiting += !x->waits;
            x->waits = true;
            return MHD_YES;
        }
        stop_waiting(x);
        HttpHandler *then = x->then;
        x->then = NULL;
        atomic_store(&x->park, PARK_WAITING);
        then(&x->request);
    }
    enter(x->conn, PHASE_REPLY, x->loop->now_ms);
    return http_send(x);
}

/* Whom the proxy names may ask so much; whom it does not name is this machine:
 * the proxy's own questions, and everybody when there is none. */
static bool is_within_limits(Exchange *x)
{
    HttpServer *server = x->server;
    if (server->limit == NULL || !server->config->behind_proxy) return true;
    if (http_header(&x->request, "X-Forwarded-For").bytes == 0) return true;
    LimitKind kind = x->route == NULL ? LIMIT_USUAL : x->route->limit;
    return limit_take(server->limit, http_client(&x->request), kind,
                      x->loop->now_ms, &x->wait_s);
}

static void begin(Exchange *x, const char *method, const char *version)
{
    HttpRequest *request = &x->request;
    request->header = (FormPairs){x->header, x->header_count};
    (void)snprintf(x->method, sizeof x->method, "%s", method);
    if (x->server->log != NULL)
        x->client = str_copy(request->arena, http_client(request));
    RequestHead head = {method, version, x->target,
                        x->head_bytes + x->target.bytes};
    if (x->refused == 0)
        x->refused = request_check(request, &head, &x->body_bytes_due);
    const HttpConfig *config = x->server->config;
    if (x->refused == 0)
        x->refused = request_route(request, config->routes, config->route_count,
                                   &x->route);
    if (!is_within_limits(x)) {
        atomic_fetch_add(&x->server->limited, 1);
        x->refused = 429;
    }
}

static void refuse(Exchange *x)
{
    /* what follows on the connection may be anything: do not read on */
    if (x->refused == 429) {
        const char *wait = arena_format(x->request.arena, "%d", x->wait_s);
        http_reply_header(&x->request, "Retry-After", str_of(wait));
    }
    if (x->refused != 404 && x->refused != 405 && x->refused != 429)
        http_reply_header(&x->request, "Connection", STR("close"));
    if (x->refused == 405)
        http_reply_header(&x->request, "Allow", STR("GET, HEAD, POST"));
    http_error(&x->request, x->refused);
}

static void take_upload(Exchange *x, Str part)
{
    if (x->upload == NULL)
        x->upload = arena_alloc(x->request.arena, x->body_bytes_due + 1, 1);
    x->too_long = x->too_long || part.bytes > x->body_bytes_due ||
                  x->upload_bytes > x->body_bytes_due - part.bytes;
    if (x->too_long) return;
    memcpy(x->upload + x->upload_bytes, part.at, part.bytes);
    x->upload_bytes += part.bytes;
}

static void dispatch(Exchange *x)
{
    HttpRequest *request = &x->request;
    Str form = {x->upload, x->upload_bytes};
    Err err = x->too_long ? ERR_RANGE : OK;
    if (err == OK) err = form_read(request->arena, form, &request->field);
    if (err == OK)
        x->route->handler(request);
    else
        http_error(request, err == ERR_RANGE ? 413 : 400);
}

static enum MHD_Result on_request(void *cls UNUSED,
                                  struct MHD_Connection *connection,
                                  const char *url UNUSED, const char *method,
                                  const char *version, const char *upload,
                                  size_t *upload_bytes, void **context)
{
    Exchange *x = *context;
    if (x->then != NULL) return settle(x);
    if (!x->begun) {
        x->begun = true;
        (void)mhd()->MHD_get_connection_values_n(connection, MHD_HEADER_KIND,
                                                 add_header, x);
        begin(x, method, version);
        if (x->refused != 0) {
            refuse(x);
            return settle(x);
        }
        enter(x->conn, PHASE_BODY, x->loop->now_ms);
        return MHD_YES;
    }
    if (*upload_bytes > 0) {
        take_upload(x, (Str){upload, *upload_bytes});
        *upload_bytes = 0;
        return MHD_YES;
    }
    if (x->request.status != 0) return MHD_YES;
    enter(x->conn, PHASE_WORK, x->loop->now_ms);
    dispatch(x);
    return settle(x);
}

void http_park(HttpRequest *request, HttpHandler *then)
{
    Exchange *x = exchange_of(request);
    CHECK(x->then == NULL && request->status == 0);
    x->then = then;
}

void http_wake(HttpRequest *request, Err err)
{
    Exchange *x = exchange_of(request);
    HttpServer *server = x->server;
    HttpLoop *loop = x->loop;
    atomic_fetch_add(&server->ringing, 1);
    request->woken = err;
    /* from here on the request may go on, and end */
    if (atomic_exchange(&x->park, PARK_WOKEN) == PARK_ORPHAN)
        exchange_close(x);
    else
        http_ring(loop);
    atomic_fetch_sub(&server->ringing, 1);
}

Str http_client(HttpRequest *request)
{
    Exchange *x = exchange_of(request);
    Str said = http_header(request, "X-Forwarded-For");
    if (x->server->config->behind_proxy && said.bytes > 0) {
        Str last = said;
        Str rest = said;
        Str part;
        while (str_split(&rest, ',', &part)) last = part;
        return str_trim(last);
    }
    return str_of(x->conn->client);
}

/* The life of a server. */

void http_signals_block(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

static int or_else(int value, int otherwise)
{
    return value > 0 ? value : otherwise;
}

static int thread_count(const HttpConfig *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int count = or_else(config->threads, cores > 2 ? (int)cores : 2);
    return count < 64 ? count : 64;
}

static size_t keep_escapes(void *cls UNUSED,
                           struct MHD_Connection *connection UNUSED, char *text)
{
    return strlen(text);
}

struct MHD_Daemon *http_daemon(HttpLoop *loop)
{
    HttpServer *server = loop->server;
    const HttpConfig *config = server->config;
    unsigned idle_s = (unsigned)(server->limit_ms[PHASE_IDLE] / 1000 + 1);
    unsigned most = (unsigned)(or_else(config->connections_max, 1024) /
                               thread_count(config));
    return mhd()->MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, on_request, loop,
        MHD_OPTION_LISTEN_SOCKET, server->listen_fd,
        MHD_OPTION_CONNECTION_LIMIT, most > 0 ? most : 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_s, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_URI_LOG_CALLBACK, on_target, loop,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, loop,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, loop, MHD_OPTION_END);
}

Err http_open(const HttpConfig *config, Diag *diag, HttpServer **ret)
{
    int fd = -1;
    int port = 0;
    TRY(listen_open(config->listen, config->behind_proxy, diag, &fd, &port));
    Arena *arena = arena_open(SERVER_BYTES_MAX);
    HttpServer *server = ARENA_NEW(arena, HttpServer);
    Err err = config->log == NULL
                  ? OK
                  : weblog_open(arena, config->log, diag, &server->log);
    if (err != OK) {
        (void)close(fd);
        arena_close(arena);
        return err;
    }
    server->limit = limit_open(arena, &config->limits);
    server->arena = arena;
    server->config = config;
    server->listen_fd = fd;
    server->port = port;
    server->limit_ms[PHASE_IDLE] = or_else(config->idle_ms, 30000);
    server->limit_ms[PHASE_HEAD] = or_else(config->head_ms, 10000);
    server->limit_ms[PHASE_BODY] = or_else(config->body_ms, 20000);
    server->limit_ms[PHASE_REPLY] = or_else(config->reply_ms, 60000);
    (void)pthread_mutex_init(&server->lock, NULL);
    if (!mhd()->whole || http_loops_open(server, thread_count(config)) != OK) {
        diag_set(diag, "web.listen_failed");
        diag_arg_text(diag, config->listen);
        diag_arg_text(diag, "libmicrohttpd");
        (void)close(fd);
        if (server->log != NULL) weblog_close(server->log);
        limit_close(server->limit);
        arena_close(arena);
        return ERR_IO;
    }
    *ret = server;
    return OK;
}

int http_port(const HttpServer *server)
{
    return server->port;
}

/* Who knocks from now on is refused by the system, not left to wait. */
static void stop_listening(HttpServer *server)
{
    if (server->listen_fd >= 0) (void)close(server->listen_fd);
    server->listen_fd = -1;
}

Err http_run(HttpServer *server)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    const struct timespec second = {SWEEP_SECONDS, 0};
    while (sigtimedwait(&set, NULL, &second) < 0) {
        sweep(server);
        if (server->log != NULL) weblog_look(server->log);
    }
    http_loops_stage(server, STAGE_QUIET);
    if (server->config->on_stop != NULL)
        server->config->on_stop(server->config->app);
    const struct timespec moment = {0, 20000000};
    int64_t until_ms = http_clock_ms() + STOP_SECONDS * 1000;
    while (atomic_load(&server->in_flight) > 0 ||
           atomic_load(&server->quiet_loops) < server->loop_count) {
        if (http_clock_ms() > until_ms) return ERR_BUSY;
        if (atomic_load(&server->quiet_loops) == server->loop_count)
            stop_listening(server);
        (void)nanosleep(&moment, NULL);
    }
    stop_listening(server);
    return OK;
}

void http_close(HttpServer *server)
{
    http_loops_close(server);
    stop_listening(server);
    for (Exchange *x = server->free_exchanges; x != NULL; x = x->next_free) {
        buf_free(&x->body);
        buf_free(&x->scratch);
        arena_close(x->request.arena);
    }
    if (server->log != NULL) weblog_close(server->log);
    limit_close(server->limit);
    (void)pthread_mutex_destroy(&server->lock);
    arena_close(server->arena);
}

void http_metrics(const HttpServer *server, Buf *buf)
{
    buf_text(buf, "# TYPE sanad_http_requests_total counter\n");
    for (int class = 2; class < HTTP_STATUS_CLASSES; class ++)
        buf_format(buf, "sanad_http_requests_total{class=\"%dxx\"} %ld\n",
                   class, atomic_load(&server->answered[class]));
    buf_format(buf,
               "sanad_http_requests_total{class=\"none\"} %ld\n"
               "# TYPE sanad_http_request_milliseconds_total counter\n"
               "sanad_http_request_milliseconds_total %ld\n"
               "# TYPE sanad_http_requests_in_flight gauge\n"
               "sanad_http_requests_in_flight %ld\n",
               atomic_load(&server->answered[0]),
               atomic_load(&server->answered_ms),
               atomic_load(&server->in_flight));
    buf_format(buf,
               "# TYPE sanad_http_limited_total counter\n"
               "sanad_http_limited_total %ld\n",
               atomic_load(&server->limited));
    if (server->log == NULL) return;
    buf_format(buf,
               "# TYPE sanad_log_lines_lost_total counter\n"
               "sanad_log_lines_lost_total %ld\n",
               weblog_lost(server->log));
}

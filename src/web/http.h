/*
 * http.h - an HTTP/1.1 server of strict habits, over libmicrohttpd.
 *
 * Requests come to handlers whole: head and form are read, checked and cut
 * into arrays before a handler is called. A handler fills the answer and
 * returns, or parks the request and answers later: a thread of any kind calls
 * http_wake(), and the server goes on in one of its own.
 *
 * Refused before any handler: every Transfer-Encoding (411), a Content-Length
 * that is doubled or no number, names that are no tokens, two Hosts (400),
 * heads over 8 KiB (431), bodies over 64 KiB (413), bodies that are no form
 * (415), more than an address may ask (429). Heads, bodies and replies have
 * total deadlines. What the library does not show (bare line feeds, folded
 * lines, NUL) is left to the proxy in front; therefore only loopback and Unix
 * sockets are listened on without one.
 */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "base/clock.h"
#include "base/diag.h"
#include "web/form.h"
#include "web/limit.h"

enum {
    HTTP_HEAD_BYTES_MAX = 8 * 1024,
    HTTP_HEADERS_MAX = 64,
    HTTP_BODY_BYTES_MAX = 64 * 1024,
    HTTP_REPLY_BYTES_MAX = 8 * 1024 * 1024,
    HTTP_REPLY_HEADERS_MAX = 12,
    HTTP_PARAMS_MAX = 4,
    HTTP_KEPT_BYTES_MAX = 32 * 1024
};

typedef struct HttpServer HttpServer;
typedef struct HttpKept HttpKept; /* a reply to be given again */

typedef enum HttpMethod { HTTP_GET, HTTP_POST } HttpMethod;

/* A request; its memory lives until the reply is sent. */
typedef struct HttpRequest {
    Arena *arena;
    void *app;                  /* HttpConfig.app */
    HttpMethod method;          /* HEAD comes as HTTP_GET */
    Str path;                   /* "/w/households/12", not decoded */
    Str raw_query;              /* behind the question mark, not decoded */
    Str param[HTTP_PARAMS_MAX]; /* what stood for {..}, decoded */
    FormPairs query;
    FormPairs field; /* of a posted form */
    FormPairs cookie;
    FormPairs header;         /* names as they were sent */
    Err woken;                /* what http_wake() was given */
    void *state;              /* the handler's, from one stage to the next */
    int status;               /* of the reply; 0 while there is none */
    void (*ended)(void *arg); /* when the reply is sent; or NULL */
    void *ended_arg;
} HttpRequest;

/* Fills in a reply or parks the request. */
typedef void HttpHandler(HttpRequest *request);

typedef struct HttpRoute {
    HttpMethod method;
    const char *pattern; /* "/w/households/{}": {} is one part */
    HttpHandler *handler;
    LimitKind limit; /* what its requests count as */
} HttpRoute;

typedef struct HttpConfig {
    const char *listen;  /* "127.0.0.1:8080", "[::1]:0", "unix:/run/x.sock" */
    bool behind_proxy;   /* TLS and X-Forwarded-For are the proxy's */
    int threads;         /* 0: one a processor, two at least */
    int connections_max; /* 0: 1024 */
    int idle_ms;         /* 0: 30 s; between requests, whole head included */
    int head_ms;         /* 0: 10 s; from the request line to the body */
    int body_ms;         /* 0: 20 s */
    int reply_ms;        /* 0: 60 s to take the reply */
    LimitRates limits;   /* of an address that the proxy names */
    const char *log;     /* see weblog.h; NULL: none */
    const HttpRoute *routes;
    size_t route_count;
    /* fills the reply of an error status */
    void (*on_error)(HttpRequest *request, int status);
    /* after each turn of a serving thread, from that thread; or NULL */
    void (*on_turn)(void *app);
    void (*on_stop)(void *app); /* before it waits for requests; or NULL */
    void *app;
} HttpConfig;

/*
 * Blocks SIGTERM and SIGINT for this thread and those it starts, so that
 * http_run() receives them. To be called before any thread is started.
 */
void http_signals_block(void);

/*
 * Starts to listen and to serve.
 *
 * in     config: with its routes outlives the server
 * errs   ERR_DENIED: an address outside without a proxy (web.listen_outside)
 *        ERR_INVALID: no address (web.listen_bad)
 *        ERR_IO: cannot listen there (web.listen_failed), or not write the
 *        log (web.log_failed)
 * owns   the caller, who closes it with http_close()
 */
NODISCARD Err http_open(const HttpConfig *config, Diag *diag, HttpServer **ret);

/* The port that is listened on; 0 for a Unix socket. */
int http_port(const HttpServer *server);

/*
 * Watches the deadlines until SIGTERM or SIGINT comes; then takes no new
 * connection and waits until the requests in flight are answered.
 *
 * errs   ERR_BUSY: some were not answered within half a minute; the caller
 *        should leave the process and not close the server
 */
NODISCARD Err http_run(HttpServer *server);

/* Ends connections and threads. No request may be parked. */
void http_close(HttpServer *server);

/* Appends counters in Prometheus' text form. */
void http_metrics(const HttpServer *server, Buf *buf);

/* The server of a request. */
HttpServer *http_server(const HttpRequest *request);

/* A header by its name in any case, or an empty Str. */
Str http_header(const HttpRequest *request, const char *name);

/* The address of the client, as text; behind a proxy what the proxy says. */
Str http_client(HttpRequest *request);

/* Whether people reach us by https. */
bool http_secure(const HttpRequest *request);

/* An empty buffer for making small texts, good until it is asked for again. */
Buf *http_scratch(HttpRequest *request);

/* The body of the reply, to be appended to. */
Buf *http_body(HttpRequest *request);

/* Answers with what is in the body. */
void http_reply(HttpRequest *request, int status, const char *content_type);

/* Answers with bytes that outlive the server; no copy is made. */
void http_reply_bytes(HttpRequest *request, int status,
                      const char *content_type, Str bytes);

/*
 * Makes the reply that was just filled one that can be given again, as it is
 * and with all its headers. NULL when it is too large or sets a cookie.
 *
 * owns   the caller, http_kept_drop() before the server closes
 */
HttpKept *http_keep(HttpRequest *request);

/* One holder more, or less; without any it is gone. */
void http_kept_hold(HttpKept *kept);
void http_kept_drop(HttpKept *kept);

/* Gives a request the kept reply that may become its own, and the caller's
 * hold on it; then answers with it. */
void http_use_kept(HttpRequest *request, HttpKept *kept);
void http_reply_kept(HttpRequest *request);

/* Adds a header to the reply; values with control characters are dropped. */
void http_reply_header(HttpRequest *request, const char *name, Str value);

/*
 * Sets a cookie for the whole site, for this host and not for scripts; 0
 * seconds delete it. By https its name gets the prefix "__Host-".
 */
void http_reply_cookie(HttpRequest *request, const char *name, Str value,
                       int64_t seconds);

/* The value of a cookie set by http_reply_cookie(), or an empty Str. */
Str http_cookie(const HttpRequest *request, const char *name);

/* Answers "see other": the browser gets that page next. */
void http_redirect(HttpRequest *request, Str path);

/* Answers with the error page of a status. */
void http_error(HttpRequest *request, int status);

/*
 * The handler will return without a reply; `then` is called in a thread of
 * the server after http_wake(). The ticket is good for one wake.
 */
void http_park(HttpRequest *request, HttpHandler *then);

/*
 * Lets a parked request go on, with request->woken = err. From any thread.
 *
 * errs   none of its own
 */
void http_wake(HttpRequest *request, Err err);

#endif

#include <string.h>

#include "web/http_int.h"
#include "web/request.h"

/* The headers that every reply has, whoever made it. */
static void add_common(Exchange *x)
{
    static const ReplyHeader common[] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'self'; font-src 'self'; "
         "img-src 'self'; script-src 'self'; connect-src 'self'; "
         "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
    };
    static const ReplyHeader secure = {"Strict-Transport-Security",
                                       "max-age=63072000; includeSubDomains"};
    bool cached = false;
    for (size_t i = 0; i < x->reply_header_count; i++)
        if (strcmp(x->reply_header[i].name, "Cache-Control") == 0)
            cached = true;
    size_t n = x->reply_header_count;
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        x->reply_header[n++] = common[i];
    if (x->server->config->behind_proxy) x->reply_header[n++] = secure;
    if (!cached)
        x->reply_header[n++] = (ReplyHeader){"Cache-Control", "no-store"};
    x->reply_header_count = n;
}

/* The library's form of a reply; NULL when there is no memory. */
static struct MHD_Response *make(const Exchange *x,
                                 enum MHD_ResponseMemoryMode memory)
{
    Str bytes = x->fixed.at != NULL ? x->fixed : buf_view(&x->body);
    __extension__ void *at =
        (void *)(uintptr_t)(bytes.at == NULL ? "" : bytes.at);
    struct MHD_Response *response =
        mhd()->MHD_create_response_from_buffer(bytes.bytes, at, memory);
    if (response == NULL) return NULL;
    bool whole = true;
    for (size_t i = 0; i < x->reply_header_count; i++)
        whole = mhd()->MHD_add_response_header(
                    response, x->reply_header[i].name,
                    x->reply_header[i].value) == MHD_YES &&
                whole;
    if (whole) return response;
    mhd()->MHD_destroy_response(response);
    return NULL;
}

enum MHD_Result http_send(Exchange *x)
{
    if (x->kept != NULL && x->request.status != 0)
        return mhd()->MHD_queue_response(
            x->connection, (unsigned)x->request.status, x->kept->response);
    if (x->request.status == 0 || buf_full(&x->body)) {
        x->reply_header_count = 0;
        http_error(&x->request, 500);
    }
    add_common(x);
    struct MHD_Response *response = make(x, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) return MHD_NO;
    enum MHD_Result result = mhd()->MHD_queue_response(
        x->connection, (unsigned)x->request.status, response);
    mhd()->MHD_destroy_response(response);
    return result;
}

/* Replies that are given again. */

/* A free record, or a new one; records live as long as the server. */
static HttpKept *kept_open(HttpServer *server)
{
    (void)pthread_mutex_lock(&server->lock);
    HttpKept *kept = server->free_kept;
    if (kept != NULL)
        server->free_kept = kept->next_free;
    else
        kept = ARENA_NEW(server->arena, HttpKept);
    (void)pthread_mutex_unlock(&server->lock);
    kept->server = server;
    return kept;
}

HttpKept *http_keep(HttpRequest *request)
{
    Exchange *x = exchange_of(request);
    CHECK(request->status != 0 && x->kept == NULL);
    if (x->body.full || x->body.bytes > HTTP_KEPT_BYTES_MAX) return NULL;
    for (size_t i = 0; i < x->reply_header_count; i++)
        if (strcmp(x->reply_header[i].name, "Set-Cookie") == 0) return NULL;
    add_common(x);
    struct MHD_Response *response = make(x, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) return NULL;
    HttpKept *kept = kept_open(x->server);
    kept->response = response;
    kept->status = request->status;
    kept->bytes = x->body.bytes;
    atomic_store(&kept->holds, 2); /* the caller's and this exchange's */
    x->kept = kept;
    return kept;
}

void http_kept_hold(HttpKept *kept)
{
    atomic_fetch_add(&kept->holds, 1);
}

void http_kept_drop(HttpKept *kept)
{
    if (atomic_fetch_sub(&kept->holds, 1) > 1) return;
    mhd()->MHD_destroy_response(kept->response);
    HttpServer *server = kept->server;
    (void)pthread_mutex_lock(&server->lock);
    kept->next_free = server->free_kept;
    server->free_kept = kept;
    (void)pthread_mutex_unlock(&server->lock);
}

void http_use_kept(HttpRequest *request, HttpKept *kept)
{
    Exchange *x = exchange_of(request);
    CHECK(request->status == 0 && x->kept == NULL);
    x->kept = kept;
}

void http_reply_kept(HttpRequest *request)
{
    Exchange *x = exchange_of(request);
    CHECK(request->status == 0 && x->kept != NULL);
    request->status = x->kept->status;
}

/* What handlers use. */

Str http_header(const HttpRequest *request, const char *name)
{
    const FormPairs *all = &request->header;
    for (size_t i = 0; i < all->count; i++)
        if (request_is_named(all->pairs[i].name, name))
            return all->pairs[i].value;
    return (Str){NULL, 0};
}

HttpServer *http_server(const HttpRequest *request)
{
    return exchange_see(request)->server;
}

bool http_secure(const HttpRequest *request)
{
    return exchange_see(request)->server->config->behind_proxy;
}

Buf *http_scratch(HttpRequest *request)
{
    Buf *scratch = &exchange_of(request)->scratch;
    buf_reset(scratch);
    return scratch;
}

Buf *http_body(HttpRequest *request)
{
    return &exchange_of(request)->body;
}

void http_reply_header(HttpRequest *request, const char *name, Str value)
{
    Exchange *x = exchange_of(request);
    CHECK(x->reply_header_count < HTTP_REPLY_HEADERS_MAX);
    if (!request_is_value(value)) return;
    char *copy = arena_text(request->arena, value.at, value.bytes);
    x->reply_header[x->reply_header_count++] = (ReplyHeader){name, copy};
}

void http_reply(HttpRequest *request, int status, const char *content_type)
{
    Exchange *x = exchange_of(request);
    CHECK(request->status == 0);
    request->status = status;
    if (x->kept != NULL) http_kept_drop(x->kept); /* it was not to be */
    x->kept = NULL;
    http_reply_header(request, "Content-Type", str_of(content_type));
}

void http_reply_bytes(HttpRequest *request, int status,
                      const char *content_type, Str bytes)
{
    exchange_of(request)->fixed = bytes.at == NULL ? STR("") : bytes;
    http_reply(request, status, content_type);
}

static const char *cookie_name(const HttpRequest *request, const char *name)
{
    if (!http_secure(request)) return name;
    return arena_format(request->arena, "__Host-%s", name);
}

void http_reply_cookie(HttpRequest *request, const char *name, Str value,
                       int64_t seconds)
{
    const char *text = arena_format(
        request->arena,
        "%s=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
        cookie_name(request, name), STR_ARG(value), (long long)seconds,
        http_secure(request) ? "; Secure" : "");
    http_reply_header(request, "Set-Cookie", str_of(text));
}

Str http_cookie(const HttpRequest *request, const char *name)
{
    return form_find(&request->cookie, cookie_name(request, name));
}

void http_redirect(HttpRequest *request, Str path)
{
    http_reply_header(request, "Location", path);
    http_reply(request, 303, "text/plain; charset=utf-8");
}

void http_error(HttpRequest *request, int status)
{
    Exchange *x = exchange_of(request);
    buf_reset(&x->body);
    x->fixed = (Str){NULL, 0};
    request->status = 0;
    x->server->config->on_error(request, status);
}

#include "web/request.h"

#include <strings.h>

/* RFC 9110 section 5.6.2. */
static bool is_token(Str name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < name.bytes; i++) {
        char c = name.at[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9');
        if (!alnum && (c == '\0' || strchr(others, c) == NULL)) return false;
    }
    return name.bytes > 0;
}

bool request_is_value(Str value)
{
    for (size_t i = 0; i < value.bytes; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

bool request_is_named(Str name, const char *wanted)
{
    return name.bytes == strlen(wanted) &&
           strncasecmp(name.at, wanted, name.bytes) == 0;
}

static size_t count_of(const HttpRequest *request, const char *name)
{
    const FormPairs *all = &request->header;
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        if (request_is_named(all->pairs[i].name, name)) count++;
    return count;
}

static int check_headers(const HttpRequest *request)
{
    static const char *const once[] = {"Content-Length", "Host", "Content-Type",
                                       "Cookie"};
    const FormPairs *all = &request->header;
    for (size_t i = 0; i < all->count; i++) {
        if (!is_token(all->pairs[i].name)) return 400;
        if (!request_is_value(all->pairs[i].value)) return 400;
    }
    if (count_of(request, "Transfer-Encoding") > 0) return 411;
    for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
        if (count_of(request, once[i]) > 1) return 400;
    return 0;
}

static int check_length(const HttpRequest *request, size_t *ret_bytes)
{
    *ret_bytes = 0;
    Str length = http_header(request, "Content-Length");
    if (length.at == NULL) return 0;
    if (length.bytes == 0) return 400;
    for (size_t i = 0; i < length.bytes; i++)
        if (length.at[i] < '0' || length.at[i] > '9') return 400;
    int64_t bytes = 0;
    if (!str_to_int(length, &bytes) || bytes > HTTP_BODY_BYTES_MAX) return 413;
    *ret_bytes = (size_t)bytes;
    return 0;
}

static bool is_form(Str type)
{
    Str kind;
    Str rest = type;
    if (!str_split(&rest, ';', &kind)) return false;
    return request_is_named(str_trim(kind),
                            "application/x-www-form-urlencoded");
}

static int check_method(HttpRequest *request, const char *method,
                        size_t body_bytes)
{
    bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (!get && strcmp(method, "POST") != 0) return 405;
    request->method = get ? HTTP_GET : HTTP_POST;
    if (get) return body_bytes == 0 ? 0 : 400;
    if (body_bytes == 0) return 0;
    return is_form(http_header(request, "Content-Type")) ? 0 : 415;
}

/* Splits the target into path and query; only the origin form is ours. */
static int check_target(HttpRequest *request, Str target)
{
    if (target.bytes == 0 || target.at[0] != '/') return 400;
    for (size_t i = 0; i < target.bytes; i++) {
        unsigned char c = (unsigned char)target.at[i];
        if (c <= 0x20 || c >= 0x7f || c == '#') return 400;
    }
    Str rest = target;
    (void)str_split(&rest, '?', &request->path);
    request->raw_query = rest;
    if (rest.bytes == 0) return 0;
    Err err = form_read(request->arena, rest, &request->query);
    return err == OK ? 0 : 400;
}

int request_check(HttpRequest *request, const RequestHead *head,
                  size_t *ret_body_bytes)
{
    bool known = strcmp(head->version, "HTTP/1.1") == 0 ||
                 strcmp(head->version, "HTTP/1.0") == 0;
    if (!known) return 505;
    if (head->bytes > HTTP_HEAD_BYTES_MAX) return 431;
    int refused = check_headers(request);
    if (refused == 0) refused = check_target(request, head->target);
    if (refused == 0) refused = check_length(request, ret_body_bytes);
    if (refused == 0)
        refused = check_method(request, head->method, *ret_body_bytes);
    if (refused != 0) return refused;
    Str cookies = http_header(request, "Cookie");
    Err err = form_cookies(request->arena, cookies, &request->cookie);
    return err == OK ? 0 : 431;
}

/* Whether the path is the pattern's; then its parts are in param. */
static bool match(HttpRequest *request, const char *pattern)
{
    Str want = str_of(pattern);
    Str have = request->path;
    if (strchr(pattern, '{') == NULL) return str_equal(want, have);
    Str want_part;
    Str have_part;
    size_t count = 0;
    while (true) {
        bool wanted = want.at != NULL && str_split(&want, '/', &want_part);
        bool there = have.at != NULL && str_split(&have, '/', &have_part);
        if (wanted != there) return false;
        if (!wanted) return true;
        if (!str_is(want_part, "{}")) {
            if (!str_equal(want_part, have_part)) return false;
            continue;
        }
        CHECK(count < HTTP_PARAMS_MAX);
        if (have_part.bytes == 0) return false;
        Str *param = &request->param[count++];
        if (!form_path_part(request->arena, have_part, param)) return false;
    }
}

int request_route(HttpRequest *request, const HttpRoute *routes,
                  size_t route_count, const HttpRoute **ret)
{
    bool other_method = false;
    for (size_t i = 0; i < route_count; i++) {
        if (!match(request, routes[i].pattern)) continue;
        if (routes[i].method == request->method) {
            *ret = &routes[i];
            return 0;
        }
        other_method = true;
    }
    return other_method ? 405 : 404;
}

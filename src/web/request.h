/*
 * request.h - which requests are served at all: the rules, without a socket.
 *
 * Each gives 0, or the HTTP status that refuses the request.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "web/http.h"

/* A head as it came in, its headers in request->header. */
typedef struct RequestHead {
    const char *method;
    const char *version;
    Str target;
    size_t bytes; /* of target and headers together */
} RequestHead;

/*
 * Checks a head, and fills in method, path, query and cookies.
 *
 * out    ret_body_bytes: the length of the body that is due
 */
int request_check(HttpRequest *request, const RequestHead *head,
                  size_t *ret_body_bytes);

/*
 * Finds the route of a checked request and fills in its parameters. 405 when
 * the path exists for another method.
 */
int request_route(HttpRequest *request, const HttpRoute *routes,
                  size_t route_count, const HttpRoute **ret);

/* Whether it can stand in a header: no control characters. */
bool request_is_value(Str value);

/* Whether a header's name is this one, in any case. */
bool request_is_named(Str name, const char *wanted);

#endif

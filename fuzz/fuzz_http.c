/*
 * What browsers send, read by the rules of the server: the first line is the
 * target, the lines to an empty one are headers, the rest is a form.
 */
#include <stdint.h>
#include <stdlib.h>

#include "codec/utf8.h"
#include "web/out.h"
#include "web/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

enum { HEADERS_MAX = 16, ARENA_BYTES = 16 * 1024 * 1024 };

static const HttpRoute routes[] = {
    {HTTP_GET, "/", NULL, LIMIT_USUAL},
    {HTTP_POST, "/signin", NULL, LIMIT_USUAL},
    {HTTP_GET, "/w/households/{}/decision", NULL, LIMIT_USUAL},
    {HTTP_GET, "/a/{}/{}", NULL, LIMIT_USUAL},
};

/* Only the address is used here; the server has the rest. */
Str http_header(const HttpRequest *request, const char *name)
{
    for (size_t i = 0; i < request->header.count; i++)
        if (request_is_named(request->header.pairs[i].name, name))
            return request->header.pairs[i].value;
    return (Str){NULL, 0};
}

static void check_pairs(const FormPairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        CHECK(utf8_valid(pairs->pairs[i].value));
        CHECK(pairs->pairs[i].value.bytes == 0 ||
              memchr(pairs->pairs[i].value.at, '\0',
                     pairs->pairs[i].value.bytes) == NULL);
        for (size_t k = 0; k < i; k++)
            CHECK(!str_equal(pairs->pairs[i].name, pairs->pairs[k].name));
    }
}

/* What is escaped and read again is the same. */
static void check_round(Arena *arena, const FormPairs *pairs)
{
    Buf buf = buf_make(1 << 22);
    for (size_t i = 0; i < pairs->count; i++) {
        form_escape(&buf, pairs->pairs[i].name);
        buf_char(&buf, '=');
        form_escape(&buf, pairs->pairs[i].value);
        buf_char(&buf, '&');
    }
    FormPairs again;
    CHECK(form_read(arena, buf_view(&buf), &again) == OK);
    CHECK(again.count == pairs->count);
    for (size_t i = 0; i < pairs->count; i++)
        CHECK(str_equal(again.pairs[i].value, pairs->pairs[i].value));
    buf_free(&buf);
}

/* Nothing that is written between tags or in a value can end it. */
static void check_escaped(Str text)
{
    Buf buf = buf_make(1 << 24);
    Out out = {.buf = &buf};
    out_value(&out, text);
    out_path(&out, text);
    for (size_t i = 0; i < buf.bytes; i++)
        CHECK(buf.at[i] != '<' && buf.at[i] != '"' && buf.at[i] != '>');
    buf_free(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    FormPair header[HEADERS_MAX];
    Arena *arena = arena_open(ARENA_BYTES);
    Str rest = {(const char *)data, bytes};
    Str line = {NULL, 0};
    HttpRequest request = {.arena = arena};
    RequestHead head = {"POST", "HTTP/1.1", {NULL, 0}, bytes};
    if (bytes > 0 && str_split(&rest, '\n', &head.target) &&
        head.target.bytes > 0 && head.target.at[0] == '/')
        head.method = head.target.bytes % 2 == 0 ? "GET" : "POST";
    size_t count = 0;
    while (rest.at != NULL && str_split(&rest, '\n', &line) && line.bytes > 0) {
        Str value = line;
        Str name = line;
        if (count == HEADERS_MAX || !str_split(&value, ':', &name)) break;
        header[count++] = (FormPair){name, str_trim(value)};
    }
    request.header = (FormPairs){header, count};
    size_t due = 0;
    const HttpRoute *route = NULL;
    int refused = request_check(&request, &head, &due);
    if (refused == 0) {
        CHECK(due <= HTTP_BODY_BYTES_MAX);
        check_pairs(&request.query);
        check_pairs(&request.cookie);
        (void)request_route(&request, routes, 4, &route);
    }
    FormPairs form;
    if (form_read(arena, rest, &form) == OK) {
        check_pairs(&form);
        check_round(arena, &form);
    }
    check_escaped(rest);
    arena_close(arena);
    return 0;
}

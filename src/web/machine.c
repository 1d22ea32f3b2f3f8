#include "web/machine.h"

#include "base/asset.h"

#define PLAIN "text/plain; charset=utf-8"

void machine_health(HttpRequest *request)
{
    http_reply_bytes(request, 200, PLAIN, STR("ok\n"));
}

void machine_ready(HttpRequest *request)
{
    const Site *site = request->app;
    const Backend *backend = site->config->backend;
    Diag diag = {.key = ""};
    Err err = backend->ready(backend->self, &diag);
    Buf *body = http_body(request);
    if (err == OK) {
        buf_text(body, "ready\n");
    } else {
        TextStyle style = {.texts = site->config->texts, .lang = TEXT_EN};
        buf_text(body, err_name(err));
        buf_char(body, ' ');
        text_write_diag(body, &style, &diag);
        buf_char(body, '\n');
    }
    http_reply(request, err == OK ? 200 : 503, PLAIN);
}

void machine_metrics(HttpRequest *request)
{
    const Site *site = request->app;
    const Backend *backend = site->config->backend;
    http_metrics(http_server(request), http_body(request));
    kept_metrics(site->kept, http_body(request));
    if (backend->metrics != NULL)
        backend->metrics(backend->self, http_body(request));
    http_reply(request, 200, "text/plain; version=0.0.4; charset=utf-8");
}

/* Whether the browser already has the content with this tag. */
static bool is_held(const HttpRequest *request, const char *tag)
{
    Str held = http_header(request, "If-None-Match");
    Str quoted = str_of(arena_format(request->arena, "\"%s\"", tag));
    Str part;
    while (held.at != NULL && str_split(&held, ',', &part)) {
        part = str_trim(part);
        if (part.bytes > 2 && memcmp(part.at, "W/", 2) == 0)
            part = (Str){part.at + 2, part.bytes - 2};
        if (str_equal(part, quoted) || str_is(part, "*")) return true;
    }
    return false;
}

static void give(HttpRequest *request, const Asset *asset, const char *type,
                 const char *cache)
{
    const char *tag = arena_format(request->arena, "\"%s\"", asset->tag);
    http_reply_header(request, "ETag", str_of(tag));
    http_reply_header(request, "Cache-Control", str_of(cache));
    if (is_held(request, asset->tag))
        http_reply_bytes(request, 304, type, STR(""));
    else
        http_reply_bytes(request, 200, type, asset->bytes);
}

void machine_openapi(HttpRequest *request)
{
    const Asset *asset = asset_find("assets/openapi.json");
    if (asset == NULL)
        http_error(request, 404);
    else
        give(request, asset, "application/json", "no-cache");
}

void machine_robots(HttpRequest *request)
{
    http_reply_bytes(request, 200, PLAIN,
                     STR("User-agent: *\nDisallow: /\nAllow: /$\n"));
}

static const char *type_of(Str name)
{
    static const struct {
        const char *ending;
        const char *type;
    } types[] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".woff2", "font/woff2"},
        {".png", "image/png"},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        Str ending = str_of(types[i].ending);
        if (name.bytes <= ending.bytes) continue;
        Str tail = {name.at + name.bytes - ending.bytes, ending.bytes};
        if (str_equal(tail, ending)) return types[i].type;
    }
    return NULL;
}

static const Asset *part_named(const HttpRequest *request, Str name)
{
    static const char *const folders[] = {"assets/css/", "assets/img/",
                                          "assets/js/", "web/fonts/", "web/"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        const char *path =
            arena_format(request->arena, "%s%.*s", folders[i], STR_ARG(name));
        const Asset *asset = asset_find(path);
        if (asset != NULL) return asset;
    }
    return NULL;
}

void machine_part(HttpRequest *request)
{
    const Site *site = request->app;
    Str name = request->param[1];
    const char *type = type_of(name);
    const Asset *asset = type == NULL ? NULL : part_named(request, name);
    if (asset == NULL) {
        http_error(request, 404);
        return;
    }
    bool lasting = str_is(request->param[0], site->tag);
    give(request, asset, type,
         lasting ? "public, max-age=31536000, immutable" : "no-cache");
}

#include "web/site.h"

#include "base/asset.h"
#include "crypto/hash.h"
#include "web/api.h"
#include "web/citizen.h"
#include "web/entry.h"
#include "web/machine.h"
#include "web/policy_ask.h"
#include "web/policy_drafts.h"
#include "web/policy_forecast.h"
#include "web/policy_pages.h"
#include "web/policy_simulate.h"
#include "web/policy_sweep.h"
#include "web/purpose.h"
#include "web/staff.h"

enum { SITE_BYTES_MAX = 16 * 1024 * 1024 };

static const HttpRoute routes[] = {
    {HTTP_GET, "/", citizen_start, LIMIT_USUAL},
    {HTTP_GET, "/home", citizen_home, LIMIT_USUAL},
    {HTTP_GET, "/decision", citizen_decision, LIMIT_USUAL},
    {HTTP_GET, "/household", citizen_household, LIMIT_USUAL},
    {HTTP_GET, "/household/looks", citizen_looks, LIMIT_USUAL},
    {HTTP_GET, "/a/{}/{}", machine_part, LIMIT_FREE},
    {HTTP_GET, "/w", staff_search, LIMIT_USUAL},
    {HTTP_GET, "/w/purpose", purpose_page, LIMIT_USUAL},
    {HTTP_POST, "/w/purpose", purpose_choose, LIMIT_USUAL},
    {HTTP_GET, "/w/households/{}", staff_case, LIMIT_USUAL},
    {HTTP_GET, "/w/households/{}/decision", staff_decision, LIMIT_USUAL},
    {HTTP_GET, "/p", policy_models, LIMIT_USUAL},
    {HTTP_GET, "/p/models/{}", policy_rules, LIMIT_USUAL},
    {HTTP_GET, "/p/models/{}/check", policy_findings, LIMIT_USUAL},
    {HTTP_GET, "/p/models/{}/decisions/{}", policy_rule, LIMIT_USUAL},
    {HTTP_GET, "/p/drafts", policy_drafts, LIMIT_USUAL},
    {HTTP_POST, "/p/drafts", policy_draft_begin, LIMIT_USUAL},
    {HTTP_GET, "/p/drafts/{}", policy_draft, LIMIT_USUAL},
    {HTTP_POST, "/p/drafts/{}", policy_draft_act, LIMIT_USUAL},
    {HTTP_GET, "/p/drafts/{}/decisions/{}", policy_draft_rule, LIMIT_USUAL},
    {HTTP_POST, "/p/drafts/{}/decisions/{}", policy_draft_edit, LIMIT_USUAL},
    {HTTP_GET, "/p/simulate", policy_simulate, LIMIT_USUAL},
    {HTTP_GET, "/p/simulate/{}", policy_export, LIMIT_USUAL},
    {HTTP_GET, "/p/forecast", policy_forecast, LIMIT_USUAL},
    {HTTP_GET, "/p/forecast/csv", policy_forecast_csv, LIMIT_USUAL},
    {HTTP_GET, "/p/sweep", policy_sweep, LIMIT_USUAL},
    {HTTP_GET, "/p/sweep/csv", policy_sweep_csv, LIMIT_USUAL},
    {HTTP_POST, "/p/scenarios", policy_keep, LIMIT_USUAL},
    {HTTP_POST, "/p/stop", policy_stop, LIMIT_USUAL},
    {HTTP_GET, "/signin", entry_page, LIMIT_USUAL},
    {HTTP_POST, "/signin", entry_send, LIMIT_ENTRY},
    {HTTP_GET, "/signin/code", entry_again, LIMIT_USUAL},
    {HTTP_POST, "/signin/code", entry_code, LIMIT_ENTRY},
    {HTTP_GET, "/signin/staff", entry_staff_page, LIMIT_USUAL},
    {HTTP_POST, "/signin/staff", entry_staff, LIMIT_ENTRY},
    {HTTP_GET, "/signin/persona", entry_again, LIMIT_USUAL},
    {HTTP_POST, "/signin/persona", entry_persona, LIMIT_ENTRY},
    {HTTP_GET, "/signout", entry_stay, LIMIT_USUAL},
    {HTTP_POST, "/signout", entry_out, LIMIT_USUAL},
    {HTTP_GET, "/api/v1/households/{}", api_household, LIMIT_USUAL},
    {HTTP_GET, "/api/v1/households/{}/decisions/{}", api_decision, LIMIT_USUAL},
    {HTTP_GET, "/healthz", machine_health, LIMIT_USUAL},
    {HTTP_GET, "/readyz", machine_ready, LIMIT_USUAL},
    {HTTP_GET, "/metrics", machine_metrics, LIMIT_USUAL},
    {HTTP_GET, "/openapi.json", machine_openapi, LIMIT_USUAL},
    {HTTP_GET, "/robots.txt", machine_robots, LIMIT_USUAL},
};

void site_error(HttpRequest *request, int status)
{
    visit_error(visit_open(request), status);
}

void site_init(Site *site, Arena *arena, const SiteConfig *config)
{
    *site = (Site){.config = config};
    Hash all = hash_of(STR("parts"));
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        bool part = strncmp(asset->path, "assets/", 7) == 0 ||
                    strncmp(asset->path, "web/", 4) == 0;
        if (part) all = hash_of_two(0, hash_str(&all), str_of(asset->tag));
    }
    char hex[65];
    hash_hex(&all, hex);
    memcpy(site->tag, hex, sizeof site->tag - 1);
    for (TextLang lang = TEXT_AR; lang < TEXT_LANGS; lang++) {
        TextStyle style = {.texts = config->texts, .lang = lang};
        site->ready[lang] =
            out_ready(arena, &style, page_text_key, page_text_count);
    }
    site->kept = kept_open(arena);
    if (config->policy != NULL) {
        site->laws = policy_shelf_open(arena, config->backend, config->policy);
    }
    site->fonts = asset_find("web/fonts/plex-arabic-400.woff2") != NULL;
}

void site_close(Site *site)
{
    lab_settle(site->config->lab);
    kept_close(site->kept);
    policy_shelf_close(site->laws);
}

static void on_turn(void *app)
{
    const Site *site = app;
    const Backend *backend = site->config->backend;
    if (backend->flush != NULL) backend->flush(backend->self);
}

/* What waits for the lab is told so at once. */
static void on_stop(void *app)
{
    const Site *site = app;
    lab_stop(site->config->lab);
}

HttpConfig site_http(Site *site)
{
    return (HttpConfig){
        .listen = site->config->listen,
        .behind_proxy = site->config->behind_proxy,
        .threads = site->config->threads,
        .limits = site->config->limits,
        .log = site->config->log,
        .routes = routes,
        .route_count = sizeof routes / sizeof routes[0],
        .on_error = site_error,
        .on_turn = on_turn,
        .on_stop = on_stop,
        .app = site,
    };
}

Err site_serve(const SiteConfig *config, Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(SITE_BYTES_MAX);
    Site site;
    site_init(&site, arena, config);
    HttpConfig http = site_http(&site);
    HttpServer *server = NULL;
    TRY(http_open(&http, diag, &server));
    if (config->on_open != NULL)
        config->on_open(config->open_arg, http_port(server));
    if (http_run(server) != OK) config->on_stuck(config->open_arg);
    site_close(&site);
    http_close(server);
    return OK;
}

/*
 * site.h - the portal: its routes, and what every page of it needs.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include "simulation/lab.h"
#include "web/backend.h"
#include "web/http.h"
#include "web/kept.h"
#include "web/out.h"
#include "web/policy_shelf.h"

typedef struct SiteConfig {
    const char *listen; /* see http.h */
    bool behind_proxy;
    bool demo;            /* the people are made up, and pages say so */
    const char *helpline; /* telephone number on every page; NULL: none */
    int threads;          /* 0: one a processor */
    LimitRates limits;
    const char *log; /* see weblog.h; NULL: none */
    const Texts *texts;
    const Backend *backend;
    const Policy *policy; /* the law at first; NULL: no policy desk */
    Lab *lab; /* the population to try changes on; NULL: there is none */
    /* Called once when requests are taken; may be NULL. */
    void (*on_open)(void *open_arg, int port);
    /* Ends the process: requests did not end in time after the signal, and
     * their threads use what would be freed. */
    void (*on_stuck)(void *open_arg);
    void *open_arg;
} SiteConfig;

typedef struct Site {
    const SiteConfig *config;
    char tag[17]; /* of all files together: names them for caches */
    bool fonts;   /* the binary carries our fonts */
    OutReady ready[TEXT_LANGS];
    Kept *kept;
    PolicyShelf *laws; /* NULL: no policy desk */
} Site;

/*
 * Serves the portal until SIGTERM or SIGINT. http_signals_block() was called
 * before any thread was started.
 *
 * errs   as http_open() and http_run()
 */
NODISCARD Err site_serve(const SiteConfig *config, Diag *diag);

/* Fills in a site for its requests; the arena outlives it. Ended by
 * site_close(), before the server. */
void site_init(Site *site, Arena *arena, const SiteConfig *config);

/* Ends what the lab works at, and drops what is kept. */
void site_close(Site *site);

/* How such a site is served; the route table is ours. */
HttpConfig site_http(Site *site);

/* Fills the reply with the error page of a status, in both languages. */
void site_error(HttpRequest *request, int status);

#endif

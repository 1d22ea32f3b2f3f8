/*
 * machine.h - what programs ask: health, metrics, the description of the
 * interface, and the parts of pages.
 */
#ifndef WEB_MACHINE_H
#define WEB_MACHINE_H

#include "web/site.h"

/* GET /healthz: the process answers. */
void machine_health(HttpRequest *request);

/* GET /readyz: it can serve, or 503 and what is missing. */
void machine_ready(HttpRequest *request);

/* GET /metrics: Prometheus' text form; no personal data. */
void machine_metrics(HttpRequest *request);

/* GET /openapi.json. */
void machine_openapi(HttpRequest *request);

/* GET /robots.txt. */
void machine_robots(HttpRequest *request);

/*
 * GET /a/{tag}/{file}: style sheet, fonts, images. By the site's own tag they
 * may be kept for a year; by another they are asked for again each time.
 */
void machine_part(HttpRequest *request);

#endif

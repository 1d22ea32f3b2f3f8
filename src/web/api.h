/*
 * api.h - the same answers as the pages', as JSON for programs.
 *
 * A program comes with the cookie of a session, through the same doors: the
 * session, permission, and the record of the read. Errors are problem details
 * (RFC 9457). Money and ids are texts, months YYYY-MM, days YYYY-MM-DD, texts
 * in the language of ?lang=.
 */
#ifndef WEB_API_H
#define WEB_API_H

#include "web/visit.h"

/* GET /api/v1/households/{id}?month=: members, facts, decision, history. */
void api_household(HttpRequest *request);

/* GET /api/v1/households/{id}/decisions/{month}: the explanation. */
void api_decision(HttpRequest *request);

#endif

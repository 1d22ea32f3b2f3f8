/*
 * policy_simulate.h - the policy desk's simulations: changes of the law tried
 * on the whole population.
 */
#ifndef WEB_POLICY_SIMULATE_H
#define WEB_POLICY_SIMULATE_H

#include "web/http.h"

/* GET /p/simulate: the form, and what comes of it. */
void policy_simulate(HttpRequest *request);

/* GET /p/simulate/{json,csv,report}: the same to take along; of=b names the
 * scenario of a table or report. */
void policy_export(HttpRequest *request);

/* POST /p/scenarios: keeps a simulation by a name, or forgets it when the form
 * has no query. */
void policy_keep(HttpRequest *request);

#endif

/*
 * policy_sweep.h - the policy desk's page of two figures moved at once: what
 * the law comes to at each of five values of the one and five of the other.
 */
#ifndef WEB_POLICY_SWEEP_H
#define WEB_POLICY_SWEEP_H

#include "web/http.h"

/*
 * GET /p/sweep: x and y name the figures by the ids of their decisions, xfrom
 * and xto, yfrom and yto where they begin and end; what else scenario A
 * changes holds for all points.
 */
void policy_sweep(HttpRequest *request);

/* GET /p/sweep/csv: the same as a table for spreadsheets. */
void policy_sweep_csv(HttpRequest *request);

#endif

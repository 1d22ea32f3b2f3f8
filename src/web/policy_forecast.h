/*
 * policy_forecast.h - the policy desk's page of caseload and cost in the
 * months to come.
 */
#ifndef WEB_POLICY_FORECAST_H
#define WEB_POLICY_FORECAST_H

#include "web/http.h"

/* GET /p/forecast: the law and each scenario of the form over 36 months. */
void policy_forecast(HttpRequest *request);

/* GET /p/forecast/csv: the same as a table for spreadsheets. */
void policy_forecast_csv(HttpRequest *request);

#endif

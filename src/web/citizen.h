/*
 * citizen.h - the rooms of a beneficiary: status, explanation, household.
 */
#ifndef WEB_CITIZEN_H
#define WEB_CITIZEN_H

#include "web/visit.h"

/* GET /: what this is, and where to begin. */
void citizen_start(HttpRequest *request);

/* GET /home: am I entitled, how much, paid when. */
void citizen_home(HttpRequest *request);

/* GET /decision?month=: why. */
void citizen_decision(HttpRequest *request);

/* GET /household: members, and the facts held about them. */
void citizen_household(HttpRequest *request);

/* GET /household/looks: who looked at our data, and for what. */
void citizen_looks(HttpRequest *request);

/*
 * Reads ?month=; the latest when it is not given. False, with the error page
 * shown, when it is no month.
 */
bool citizen_month(Visit *visit, Month *ret);

/* The stage that shows an explanation held in visit->state. */
void citizen_show_explanation(Visit *visit);

#endif

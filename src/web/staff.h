/*
 * staff.h - the rooms of a caseworker: search, the file of a household.
 */
#ifndef WEB_STAFF_H
#define WEB_STAFF_H

#include "web/visit.h"

/* GET /w?q=: find a household. */
void staff_search(HttpRequest *request);

/* GET /w/households/{id}: all that is known of it, with its history. */
void staff_case(HttpRequest *request);

/* GET /w/households/{id}/decision?month=: why. */
void staff_decision(HttpRequest *request);

#endif

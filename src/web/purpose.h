/*
 * purpose.h - staff say for what they read personal data, before they do.
 */
#ifndef WEB_PURPOSE_H
#define WEB_PURPOSE_H

#include "web/visit.h"

/*
 * As visit_admit() for a page of staff that shows personal data. False also
 * when they have not yet said for what they read: they are sent to the
 * question, and from there to the page that they wanted.
 */
bool purpose_admit(Visit *visit);

/* GET /w/purpose: the question. */
void purpose_page(HttpRequest *request);
/* POST /w/purpose: the answer, which holds for the session from now on. */
void purpose_choose(HttpRequest *request);

#endif

/*
 * entry.h - coming in and going out.
 */
#ifndef WEB_ENTRY_H
#define WEB_ENTRY_H

#include "web/visit.h"

/* GET /signin: a citizen's national ID, and the personas of a demo. */
void entry_page(HttpRequest *request);

/* POST /signin: sends a one-time code, then asks for it. */
void entry_send(HttpRequest *request);

/* POST /signin/code: takes the code. */
void entry_code(HttpRequest *request);

/* GET of what is only posted: back to /signin. */
void entry_again(HttpRequest *request);

/* GET /signin/staff: asks for name, password and code. */
void entry_staff_page(HttpRequest *request);

/* POST /signin/staff: takes them. */
void entry_staff(HttpRequest *request);

/* POST /signin/persona: one click, in a demo. */
void entry_persona(HttpRequest *request);

/* POST /signout: ends the session. */
void entry_out(HttpRequest *request);

/* GET /signout: goes to the start page and changes nothing. */
void entry_stay(HttpRequest *request);

#endif

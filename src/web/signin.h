/*
 * signin.h - coming in and going out.
 */
#ifndef WEB_SIGNIN_H
#define WEB_SIGNIN_H

#include "web/visit.h"

/* GET /signin: a citizen's national ID, and the personas of a demo. */
void signin_page(HttpRequest *request);

/* POST /signin: sends a one-time code, then asks for it. */
void signin_send(HttpRequest *request);

/* POST /signin/code: takes the code. */
void signin_code(HttpRequest *request);

/* GET of what is only posted: back to /signin. */
void signin_again(HttpRequest *request);

/* GET /signin/staff: asks for name, password and code. */
void signin_staff_page(HttpRequest *request);

/* POST /signin/staff: takes them. */
void signin_staff(HttpRequest *request);

/* POST /signin/persona: one click, in a demo. */
void signin_persona(HttpRequest *request);

/* POST /signout: ends the session. */
void signin_out(HttpRequest *request);

/* GET /signout: goes to the start page and changes nothing. */
void signin_stay(HttpRequest *request);

#endif

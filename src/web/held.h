/*
 * held.h - what was typed into a form whose session has ended meanwhile: it
 * is shown again, to be sent once more after signing in.
 */
#ifndef WEB_HELD_H
#define WEB_HELD_H

#include "web/visit.h"

/*
 * Whether the form of the request may be given back: it came from a page of
 * this site, as the browser says, and somebody typed something into it. What
 * another site made up is never shown, for a button here would send it.
 */
bool held_is(const Visit *visit);

/* Shows what was typed, with a button that sends it to where it was meant
 * for; nothing was done. */
void held_show(Visit *visit);

#endif

/*
 * pages_held.h - the page of a form whose session has ended.
 */
#ifndef WEB_PAGES_HELD_H
#define WEB_PAGES_HELD_H

#include "web/parts.h"

/* A field of the form; the id is empty when nobody typed into it. */
typedef struct PageHeldField {
    Str id;
    Str name;
    Str label;
    Str value;
    bool cell; /* of a rule: an expression */
} PageHeldField;

typedef struct PageHeld {
    PageFrame frame;
    Str action; /* where the form was sent to */
    const PageHeldField *fields;
    size_t fields_count;
    bool out; /* nobody is signed in */
} PageHeld;

/* What was typed is shown again, to be sent after signing in. */
void page_held(Out *out, const PageHeld *page);

#endif

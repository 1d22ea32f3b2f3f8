/*
 * kept.h - pages that were made and can be given again, in a table of fixed
 * size.
 *
 * A page is kept for one session and one manner of writing it, with the stamp
 * of the backend's answer that it shows. Whoever finds one has the backend
 * say whether the answer still holds, and record that it was read again; only
 * then is it given. What is pushed out is made anew when somebody asks.
 */
#ifndef WEB_KEPT_H
#define WEB_KEPT_H

#include "web/backend.h"
#include "web/http.h"

typedef struct Kept Kept;

enum { KEPT_PAGES_MAX = 4096 };

/* Whose page, which, and how written. */
typedef struct KeptKey {
    unsigned char session[BACKEND_KEY_BYTES];
    int page;
    unsigned manner; /* language, digits and whatever else changes its bytes */
} KeptKey;

/* An empty table in the arena. */
Kept *kept_open(Arena *arena);

/* Drops all pages. No request may be under way. */
void kept_close(Kept *kept);

/*
 * Finds a page.
 *
 * out    ret_stamp: of the answer that it shows
 * owns   the caller, http_kept_drop() or http_use_kept(); NULL for none
 */
HttpKept *kept_find(Kept *kept, const KeptKey *key, BackendStamp *ret_stamp);

/* Keeps a page in place of the one with its key or of the least used. owns:
 * takes over the caller's hold. */
void kept_put(Kept *kept, const KeptKey *key, const BackendStamp *stamp,
              HttpKept *page);

/* Found and not found since the start, for metrics. */
void kept_metrics(Kept *kept, Buf *buf);

#endif

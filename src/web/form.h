/*
 * form.h - what browsers send: forms, queries, cookies, parts of a path.
 *
 * All of it is hostile until proven text: percent signs must be followed by
 * two hexadecimal digits, the result must be UTF-8 without control characters
 * (but line ends in form fields), and there are limits to count and length.
 */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "base/buf.h"
#include "base/err.h"

enum { FORM_PAIRS_MAX = 64, FORM_NAME_BYTES_MAX = 64, FORM_COOKIES_MAX = 32 };

typedef struct FormPair {
    Str name;
    Str value;
} FormPair;

typedef struct FormPairs {
    const FormPair *pairs;
    size_t count;
} FormPairs;

/*
 * Reads application/x-www-form-urlencoded text: a form's body or a query.
 *
 * errs   ERR_INVALID: a bad percent sign, no UTF-8, a control character, a
 *        name twice
 *        ERR_RANGE: more pairs or longer names than allowed
 */
NODISCARD Err form_read(Arena *arena, Str text, FormPairs *ret);

/*
 * Reads a Cookie header. Cookies that are not ours may look as they like and
 * are passed over; of two with one name the first counts.
 *
 * errs   ERR_RANGE: more cookies than allowed
 */
NODISCARD Err form_cookies(Arena *arena, Str header, FormPairs *ret);

/* The value of a name, or an empty Str with `at` NULL when it is not there. */
Str form_find(const FormPairs *pairs, const char *name);

/*
 * Decodes one part of a path, between slashes. False when it is no text or
 * hides a slash.
 */
bool form_path_part(Arena *arena, Str raw, Str *ret);

/* Appends text with everything but letters, digits and -._~ as %XX. */
void form_escape(Buf *buf, Str text);

#endif

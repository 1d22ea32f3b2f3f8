/*
 * str.h - a borrowed run of bytes, mostly UTF-8 text; not zero-terminated.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

typedef struct Str {
    const char *at; /* may be NULL when bytes is 0 */
    size_t bytes;
} Str;

/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).bytes, (s).at
#define STR(literal) ((Str){(literal), sizeof(literal) - 1})

static inline Str str_of(const char *text)
{
    return (Str){text, text == NULL ? 0 : strlen(text)};
}

static inline bool str_equal(Str a, Str b)
{
    return a.bytes == b.bytes &&
           (a.bytes == 0 || memcmp(a.at, b.at, a.bytes) == 0);
}

static inline bool str_is(Str a, const char *text)
{
    return str_equal(a, str_of(text));
}

/* Byte order: negative, 0 or positive. */
int str_compare(Str a, Str b);

/* Without ASCII white space at both ends. */
Str str_trim(Str s);

/*
 * Splits off what stands before the first `separator` and moves `rest`
 * behind it. False when `rest` is used up (its `at` is then NULL).
 */
bool str_split(Str *rest, char separator, Str *ret_part);

/* How many parts str_split() gives: one more than there are separators. */
size_t str_count(Str text, char separator);

/*
 * Reads a whole decimal number with an optional minus sign, nothing around.
 * False when it is no such number or leaves int64.
 */
bool str_to_int(Str s, int64_t *ret);

/* A copy in the arena, zero-terminated beyond its end. */
Str str_copy(Arena *arena, Str s);

/* The same, or false when the arena is at its limit: for what others sent. */
NODISCARD bool str_try(Arena *arena, Str s, Str *ret);

#endif

/*
 * out.h - where compiled pages write: always escaped for where it stands.
 */
#ifndef WEB_OUT_H
#define WEB_OUT_H

#include "base/buf.h"
#include "text/text.h"

/* Texts of one language, looked up and escaped before, by number. */
typedef struct OutReady {
    const Str *html;
    const Str *value;
} OutReady;

typedef struct Out {
    Buf *buf;
    const TextStyle *style; /* the reader's */
    const OutReady *ready;  /* of his language; NULL: look up each time */
} Out;

/* Looks up and escapes texts for a language. */
OutReady out_ready(Arena *arena, const TextStyle *style,
                   const char *const *keys, size_t count);

/* A literal of the template; only tools/pages writes this. */
#define OUT_RAW(out, literal) buf_add((out)->buf, literal, sizeof(literal) - 1)

/* {{?x}} of a bool or a Str. */
#define PAGE_TRUE(x) _Generic((x), Str : out_is_text, bool : out_is_true)(x)

/* Whether there is any text. */
bool out_is_text(Str text);

/* The truth itself. */
bool out_is_true(bool truth);

/*
 * Appends text between tags. Isolating characters (U+2066..2069) become
 * <bdi>, closed at the end of the text at the latest; other bidi controls,
 * which could make a page read otherwise than it says, are left out.
 */
void out_html(Out *out, Str text);

/* Appends text within a double-quoted value; bidi controls are left out. */
void out_value(Out *out, Str text);

/* Appends a part of an address: all but letters, digits and -._~ as %XX. */
void out_url(Out *out, Str part);

/*
 * Appends a whole address within a value. Only a path of this site passes
 * ("/x", not "//x"); anything else becomes "#".
 */
void out_path(Out *out, Str path);

/* Appends a text, given by number and key, between tags. */
void out_text(Out *out, size_t number, const char *key);

/* The same within a value. */
void out_text_value(Out *out, size_t number, const char *key);

/* A text with arguments {0}, {1} .., each within <bdi>. */
void out_textf(Out *out, const char *key, const TextArg *args, size_t count);

/* The same within a value. */
void out_textf_value(Out *out, const char *key, const TextArg *args,
                     size_t count);

/* An argument: a Str is text, an int64_t is counted (one day, two days). */
#define PAGE_ARG(name, x)                                                      \
    _Generic((x), Str : out_arg_str, int64_t : out_arg_int)(name, x)

/* A text as an argument. */
TextArg out_arg_str(const char *name, Str value);

/* A number to be counted. */
TextArg out_arg_int(const char *name, int64_t value);

#endif

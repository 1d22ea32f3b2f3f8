/*
 * pattern.h - patterns of XPath 2.0 functions, translated for PCRE2.
 *
 * XPath's patterns and Perl's differ where it hurts quietly: "." and line
 * ends, subtraction of classes, names of blocks, what may be escaped. The
 * pattern is therefore read here by XPath's own grammar, and what is not in
 * it is refused.
 */
#ifndef FEEL_PATTERN_H
#define FEEL_PATTERN_H

#include "base/buf.h"

typedef struct FeelPatternFlags {
    bool dot_all;     /* s */
    bool multi_line;  /* m */
    bool ignore_case; /* i */
    bool spaces;      /* x: white space is no part of the pattern */
    bool literal;     /* q: nothing is special */
} FeelPatternFlags;

/* Reads the letters of the flags; false for one that XPath does not have. */
bool feel_pattern_flags(Str text, FeelPatternFlags *ret);

/* Writes the pattern for PCRE2; false when it is none of XPath's. */
bool feel_pattern_translate(Str pattern, FeelPatternFlags flags, Buf *out);

#endif

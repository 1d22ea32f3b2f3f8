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

enum { FEEL_PATTERN_NAME_BYTES = 64 };

/* A name behind \p or \P that stands for nothing; empty if there is none. */
typedef struct FeelPatternFault {
    char name[FEEL_PATTERN_NAME_BYTES];
    bool block; /* of a block of Unicode; else of a category */
} FeelPatternFault;

/*
 * Writes the pattern for PCRE2; false when it is none of XPath's.
 *
 * out    fault: what is unknown in it, where that is the reason
 */
bool feel_pattern_translate(Str pattern, FeelPatternFlags flags, Buf *out,
                            FeelPatternFault *fault);

/*
 * Where a block of Unicode lies, by its name without spaces (pattern_block.c);
 * false when there is none.
 */
bool feel_pattern_block(Str name, uint32_t *ret_low, uint32_t *ret_high);

#endif

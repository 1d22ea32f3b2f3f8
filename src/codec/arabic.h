/*
 * arabic.h - Arabic as people write it, brought to one form for comparing.
 *
 * The folded form is for search and linkage only, never for showing: it has
 * no vowel marks, tatweel or invisible characters, one alef, one ya, one ha,
 * small Latin letters and Latin digits, single spaces.
 */
#ifndef CODEC_ARABIC_H
#define CODEC_ARABIC_H

#include "base/buf.h"

enum { ARABIC_TOKENS_MAX = 16 };

/*
 * Appends the folded form of a text: letters and digits folded, everything
 * else a single space between words.
 *
 * in     text: what is not UTF-8 is taken for a space
 */
void arabic_fold(Buf *buf, Str text);

/*
 * Appends the folded form of a person's name. Besides arabic_fold() it drops
 * "bin", "bint" and "ibn" between names and joins what belongs together:
 * abd, abu, umm, al and their like with the name that follows, so that two
 * spellings of one name fold to the same bytes.
 */
void arabic_fold_name(Buf *buf, Str name);

/*
 * The words of a folded text, at most `room` of them.
 *
 * out    ret: parts of `folded`; the number of them is returned
 */
size_t arabic_tokens(Str folded, Str *ret, size_t room);

/*
 * Appends the text with Arabic-Indic and Persian digits as Latin ones, the
 * Arabic decimal separator as a point and the Arabic thousands separator as a
 * comma; all else as it is.
 */
void arabic_digits(Buf *buf, Str text);

/* The Latin form of one code point, as in arabic_digits(). */
uint32_t arabic_latin(uint32_t code_point);

/* Whether it is a bidi control, a zero-width character or a byte order mark. */
bool arabic_invisible(uint32_t code_point);

#endif

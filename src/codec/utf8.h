/*
 * utf8.h - strict UTF-8: what is not exactly RFC 3629 is not text.
 *
 * Overlong forms, surrogates, code points beyond U+10FFFF and cut sequences
 * are all invalid.
 */
#ifndef CODEC_UTF8_H
#define CODEC_UTF8_H

#include "base/buf.h"

enum { UTF8_BAD = 0x7FFFFFFF, UTF8_REPLACEMENT = 0xFFFD, UTF8_BYTES_MAX = 4 };

/* Whether all of it is UTF-8. */
bool utf8_valid(Str text);

/* The bytes before the first that is not UTF-8; text.bytes when all is. */
size_t utf8_valid_bytes(Str text);

/*
 * Takes the next code point off `rest`. At a byte that begins no valid
 * sequence it takes that byte and gives UTF8_BAD.
 *
 * in     rest: not empty
 */
uint32_t utf8_next(Str *rest);

/*
 * The bytes before the first code point that cannot stand in a line which is
 * shown beside others: control characters, ends of lines and paragraphs, what
 * turns or isolates the direction of what follows, tags and marks of byte
 * order. Arabic marks, joiners (U+200C, U+200D) and marks of direction that
 * turn nothing (U+200E, U+200F, U+061C) can. text.bytes when all is such a
 * line.
 */
size_t utf8_line_bytes(Str text);

/* Appends it as a line: U+FFFD in place of each that cannot stand in one. */
void utf8_write_line(Buf *buf, Str text);

/* The number of code points; a byte that is not UTF-8 counts as one. */
size_t utf8_length(Str text);

/* The first `count` code points at most. */
Str utf8_cut(Str text, size_t count);

/*
 * Writes a code point to `to`, which has room for UTF8_BYTES_MAX, and gives
 * the bytes written; U+FFFD in place of one that cannot be written.
 */
size_t utf8_put(char *to, uint32_t code_point);

/* Appends a code point as utf8_put() does. */
void utf8_write(Buf *buf, uint32_t code_point);

/* Appends the first `count` code points as a line, and "..." as one sign when
 * there are more. */
void utf8_write_excerpt(Buf *buf, Str text, size_t count);

#endif

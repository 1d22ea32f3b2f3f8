/*
 * hex.h - bytes as hexadecimal digits.
 */
#ifndef CODEC_HEX_H
#define CODEC_HEX_H

#include "base/buf.h"

/* Appends two small digits a byte. */
void hex_write(Buf *buf, Str bytes);

/*
 * Appends the bytes of a text of digits, small or capital. False, and nothing
 * appended, for an odd length or a foreign character.
 */
bool hex_read(Buf *buf, Str text);

#endif

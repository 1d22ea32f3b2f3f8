/*
 * base64url.h - bytes as text in addresses and tokens (RFC 4648 section 5).
 */
#ifndef CODEC_BASE64URL_H
#define CODEC_BASE64URL_H

#include "base/buf.h"

/* Appends the text of some bytes, without padding. */
void base64url_write(Buf *buf, Str bytes);

/*
 * Appends the bytes of a text. False, and nothing appended, when it has
 * padding, a foreign character, an impossible length or stray last bits: a
 * run of bytes has exactly one text.
 */
bool base64url_read(Buf *buf, Str text);

#endif

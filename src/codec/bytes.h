/*
 * bytes.h - records as bytes, one way each: what is hashed must not have two
 * spellings.
 *
 * A whole number is a varint of seven bits a byte, low bits first, as short as
 * can be; a signed one is folded first (0, -1, 1, -2 ...). A text is its
 * length and its bytes. The reader never passes the end: what cannot be read
 * is 0 or empty and makes the reader bad for good, so that a caller asks once,
 * with bytes_done() or bytes_good().
 */
#ifndef CODEC_BYTES_H
#define CODEC_BYTES_H

#include "base/buf.h"

/* Append a number, a signed number, eight fixed bytes low first, a text. */
void bytes_put_uint(Buf *buf, uint64_t value);
void bytes_put_int(Buf *buf, int64_t value);
void bytes_put_fixed64(Buf *buf, uint64_t value);
void bytes_put_str(Buf *buf, Str value);

typedef struct BytesReader {
    const unsigned char *at;
    const unsigned char *end;
    bool bad;
} BytesReader;

/* A reader of some bytes, which outlive it. */
BytesReader bytes_reader(Str bytes);

/* The general case of bytes_get_uint(). */
uint64_t bytes_get_long(BytesReader *reader);

/* The next number; most have one byte. */
static inline uint64_t bytes_get_uint(BytesReader *reader)
{
    if (LIKELY(reader->at < reader->end && *reader->at < 0x80)) {
        return *reader->at++;
    }
    return bytes_get_long(reader);
}

/* The next signed number. */
static inline int64_t bytes_get_int(BytesReader *reader)
{
    uint64_t folded = bytes_get_uint(reader);
    return (int64_t)(folded >> 1) ^ -(int64_t)(folded & 1);
}

/* The next eight fixed bytes. */
uint64_t bytes_get_fixed64(BytesReader *reader);

/* The next text, a part of the bytes read. */
Str bytes_get_str(BytesReader *reader);

/*
 * The next number as a count of things that take at least `each_bytes` each,
 * so that a forged count cannot ask for more than the bytes could hold.
 */
size_t bytes_get_count(BytesReader *reader, size_t each_bytes);

/* Whether everything asked for was there. */
static inline bool bytes_good(const BytesReader *reader)
{
    return !reader->bad;
}

/* Whether everything was there and nothing is left over. */
static inline bool bytes_done(const BytesReader *reader)
{
    return !reader->bad && reader->at == reader->end;
}

#endif

/*
 * buf.h - a growing run of bytes with a limit inside.
 *
 * A buffer that has reached its limit or found no memory is "full": further
 * appends do nothing and buf_full() stays true, so that a writer checks once,
 * at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

typedef struct Buf {
    char *at;           /* owned; not zero-terminated */
    size_t bytes;       /* used */
    size_t room_bytes;  /* allocated */
    size_t limit_bytes; /* never grows past this */
    bool full;
} Buf;

/* An empty buffer that may grow to `limit_bytes`. Owned by the caller. */
Buf buf_make(size_t limit_bytes);

/* Frees the bytes; the buffer is empty and usable again. */
void buf_free(Buf *buf);

/* Empties the buffer, keeps its room, forgets that it was full. */
void buf_reset(Buf *buf);

/* Makes room for `bytes` more. False (and full) when that cannot be. */
bool buf_reserve(Buf *buf, size_t bytes);

/* Append bytes, a text, a zero-terminated text, a byte, a formatted text. */
void buf_add(Buf *buf, const void *bytes, size_t count);
void buf_str(Buf *buf, Str s);
void buf_text(Buf *buf, const char *text);
void buf_char(Buf *buf, char c);
void buf_format(Buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* An integer in decimal. */
void buf_int(Buf *buf, int64_t value);

static inline bool buf_full(const Buf *buf)
{
    return buf->full;
}

/* What is in the buffer; borrowed until the next append. */
static inline Str buf_view(const Buf *buf)
{
    return (Str){buf->at, buf->bytes};
}

#endif

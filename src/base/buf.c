#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Buf buf_make(size_t limit_bytes)
{
    return (Buf){.limit_bytes = limit_bytes};
}

void buf_free(Buf *buf)
{
    free(buf->at);
    *buf = buf_make(buf->limit_bytes);
}

void buf_reset(Buf *buf)
{
    buf->bytes = 0;
    buf->full = false;
}

bool buf_reserve(Buf *buf, size_t bytes)
{
    if (buf->full) return false;
    if (bytes <= buf->room_bytes - buf->bytes) return true;
    if (bytes > buf->limit_bytes - buf->bytes) {
        buf->full = true;
        return false;
    }
    size_t room = buf->room_bytes < 256 ? 256 : buf->room_bytes * 2;
    if (room < buf->bytes + bytes) room = buf->bytes + bytes;
    if (room > buf->limit_bytes) room = buf->limit_bytes;
    char *at = realloc(buf->at, room);
    if (at == NULL) {
        buf->full = true;
        return false;
    }
    buf->at = at;
    buf->room_bytes = room;
    return true;
}

void buf_add(Buf *buf, const void *bytes, size_t count)
{
    if (count == 0 || !buf_reserve(buf, count)) return;
    memcpy(buf->at + buf->bytes, bytes, count);
    buf->bytes += count;
}

void buf_str(Buf *buf, Str s)
{
    buf_add(buf, s.at, s.bytes);
}

void buf_text(Buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_char(Buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_format(Buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int bytes = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(bytes >= 0);
    if (buf_reserve(buf, (size_t)bytes + 1)) {
        vsnprintf(buf->at + buf->bytes, (size_t)bytes + 1, format, again);
        buf->bytes += (size_t)bytes;
    }
    va_end(again);
}

void buf_int(Buf *buf, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) digits[--at] = '-';
    buf_add(buf, digits + at, sizeof digits - at);
}

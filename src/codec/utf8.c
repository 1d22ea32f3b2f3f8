#include "codec/utf8.h"

/* The bytes of the sequence at `at`, of which `room` may be read; 0: none. */
static size_t sequence(const unsigned char *at, size_t room)
{
    unsigned char lead = at[0];
    if (lead < 0x80) return 1;
    size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || room < bytes) return 0;
    for (size_t i = 1; i < bytes; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
    }
    if (lead == 0xE0 && at[1] < 0xA0) return 0; /* overlong */
    if (lead == 0xED && at[1] > 0x9F) return 0; /* surrogate */
    if (lead == 0xF0 && at[1] < 0x90) return 0; /* overlong */
    if (lead == 0xF4 && at[1] > 0x8F) return 0; /* beyond U+10FFFF */
    return bytes;
}

/* The length of the ASCII text at the start, eight bytes at a time. */
static size_t ascii_bytes(const unsigned char *at, size_t bytes)
{
    size_t i = 0;
    for (; i + 8 <= bytes; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, 8);
        if ((word & 0x8080808080808080u) != 0) break;
    }
    while (i < bytes && at[i] < 0x80) i++;
    return i;
}

size_t utf8_valid_bytes(Str text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t i = 0;
    while (i < text.bytes) {
        if (at[i] < 0x80) {
            i += ascii_bytes(at + i, text.bytes - i);
            continue;
        }
        size_t bytes = sequence(at + i, text.bytes - i);
        if (bytes == 0) return i;
        i += bytes;
    }
    return i;
}

bool utf8_valid(Str text)
{
    return utf8_valid_bytes(text) == text.bytes;
}

uint32_t utf8_next(Str *rest)
{
    const unsigned char *at = (const unsigned char *)rest->at;
    size_t bytes = sequence(at, rest->bytes);
    size_t taken = bytes == 0 ? 1 : bytes;
    rest->at += taken;
    rest->bytes -= taken;
    if (bytes == 0) return UTF8_BAD;
    if (bytes == 1) return at[0];
    uint32_t code_point = at[0] & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        code_point = code_point << 6 | (at[i] & 0x3F);
    }
    return code_point;
}

static bool fits_line(uint32_t c)
{
    bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool end = c == 0x2028 || c == 0x2029;
    bool turn = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    bool mark = c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
                (c >= 0xE0000 && c <= 0xE007F);
    return c != UTF8_BAD && !control && !end && !turn && !mark;
}

size_t utf8_line_bytes(Str text)
{
    Str rest = text;
    while (rest.bytes > 0) {
        size_t left = rest.bytes;
        if (!fits_line(utf8_next(&rest))) return text.bytes - left;
    }
    return text.bytes;
}

void utf8_write_line(Buf *buf, Str text)
{
    for (Str rest = text; rest.bytes > 0;) {
        uint32_t c = utf8_next(&rest);
        utf8_write(buf, fits_line(c) ? c : UTF8_REPLACEMENT);
    }
}

size_t utf8_length(Str text)
{
    size_t count = 0;
    while (text.bytes > 0) {
        utf8_next(&text);
        count++;
    }
    return count;
}

Str utf8_cut(Str text, size_t count)
{
    Str rest = text;
    while (rest.bytes > 0 && count > 0) {
        utf8_next(&rest);
        count--;
    }
    return (Str){text.at, text.bytes - rest.bytes};
}

size_t utf8_put(char *to, uint32_t code_point)
{
    uint32_t c = code_point;
    if ((c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) c = UTF8_REPLACEMENT;
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    size_t count = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = count; i-- > 1; c >>= 6) to[i] = (char)(0x80 | (c & 63));
    to[0] = (char)((0xF00u >> count & 0xFF) | c);
    return count;
}

void utf8_write(Buf *buf, uint32_t code_point)
{
    char bytes[UTF8_BYTES_MAX];
    buf_add(buf, bytes, utf8_put(bytes, code_point));
}

void utf8_write_excerpt(Buf *buf, Str text, size_t count)
{
    Str begin = utf8_cut(text, count);
    utf8_write_line(buf, begin);
    if (begin.bytes < text.bytes) utf8_write(buf, 0x2026);
}

#include "codec/hex.h"

void hex_write(Buf *buf, Str bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.bytes; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        char two[2] = {digits[byte >> 4], digits[byte & 15]};
        buf_add(buf, two, 2);
    }
}

static int value_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool hex_read(Buf *buf, Str text)
{
    if (text.bytes % 2 != 0) return false;
    for (size_t i = 0; i < text.bytes; i++) {
        if (value_of(text.at[i]) < 0) return false;
    }
    for (size_t i = 0; i < text.bytes; i += 2) {
        int high = value_of(text.at[i]), low = value_of(text.at[i + 1]);
        buf_char(buf, (char)(high << 4 | low));
    }
    return true;
}

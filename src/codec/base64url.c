#include "codec/base64url.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_write(Buf *buf, Str bytes)
{
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < bytes.bytes; i++) {
        bits = bits << 8 | (unsigned char)bytes.at[i];
        for (held += 8; held >= 6; held -= 6) {
            buf_char(buf, letters[bits >> (held - 6) & 63]);
        }
    }
    if (held > 0) buf_char(buf, letters[bits << (6 - held) & 63]);
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-') return 62;
    return c == '_' ? 63 : -1;
}

bool base64url_read(Buf *buf, Str text)
{
    if (text.bytes % 4 == 1) return false;
    for (size_t i = 0; i < text.bytes; i++) {
        if (value_of(text.at[i]) < 0) return false;
    }
    int stray = text.bytes % 4 == 2 ? 15 : text.bytes % 4 == 3 ? 3 : 0;
    if (stray != 0 && (value_of(text.at[text.bytes - 1]) & stray) != 0) {
        return false;
    }
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < text.bytes; i++) {
        bits = bits << 6 | (uint32_t)value_of(text.at[i]);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        buf_char(buf, (char)(bits >> held & 0xFF));
    }
    return true;
}

#include "text/html.h"

/* The bytes of a character that steers direction: U+061C, U+200E, U+200F,
 * U+202A to U+202E, U+2066 to U+2069; 0 for any other. */
static size_t steering_bytes(Str rest)
{
    const unsigned char *at = (const unsigned char *)rest.at;
    if (rest.bytes >= 2 && at[0] == 0xD8 && at[1] == 0x9C) return 2;
    if (rest.bytes < 3 || at[0] != 0xE2) return 0;
    bool general = at[1] == 0x80 && (at[2] == 0x8E || at[2] == 0x8F ||
                                     (at[2] >= 0xAA && at[2] <= 0xAE));
    bool isolate = at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9;
    return general || isolate ? 3 : 0;
}

void html_text(Buf *buf, Str text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        size_t left_out = steering_bytes((Str){text.at + i, text.bytes - i});
        if (left_out > 0) {
            i += left_out - 1;
            continue;
        }
        switch (text.at[i]) {
        case '<':
            buf_text(buf, "&lt;");
            break;
        case '>':
            buf_text(buf, "&gt;");
            break;
        case '&':
            buf_text(buf, "&amp;");
            break;
        case '"':
            buf_text(buf, "&quot;");
            break;
        case '\'':
            buf_text(buf, "&#39;");
            break;
        default:
            buf_char(buf, text.at[i]);
        }
    }
}

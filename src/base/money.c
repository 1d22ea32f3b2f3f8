#include "base/money.h"

enum { WHOLE_DIGITS_MAX = 15 };

bool money_read(Str text, Money *ret)
{
    bool minus = text.bytes > 0 && text.at[0] == '-';
    size_t i = minus ? 1 : 0;
    size_t whole = 0, decimals = 0;
    int64_t minor = 0;
    for (; i < text.bytes && text.at[i] != '.'; i++, whole++) {
        if (text.at[i] < '0' || text.at[i] > '9') return false;
        if (whole == WHOLE_DIGITS_MAX) return false;
        minor = minor * 10 + (text.at[i] - '0');
    }
    if (whole == 0) return false;
    if (i < text.bytes) {
        for (i++; i < text.bytes; i++, decimals++) {
            if (text.at[i] < '0' || text.at[i] > '9') return false;
            if (decimals == 2) return false;
            minor = minor * 10 + (text.at[i] - '0');
        }
        if (decimals == 0) return false;
    }
    for (; decimals < 2; decimals++) minor *= 10;
    ret->minor = minus ? -minor : minor;
    return true;
}

void money_write(Buf *buf, Money money)
{
    int64_t minor = money.minor;
    if (minor < 0) buf_char(buf, '-');
    uint64_t rest = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    buf_int(buf, (int64_t)(rest / 100));
    buf_char(buf, '.');
    buf_char(buf, (char)('0' + rest / 10 % 10));
    buf_char(buf, (char)('0' + rest % 10));
}

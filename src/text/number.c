#include "text/number.h"

#include "codec/arabic.h"
#include "codec/utf8.h"

enum { DIGITS_MAX = 18 };

static bool arabic(const TextStyle *style)
{
    return style->arabic_digits && style->lang == TEXT_AR;
}

void number_write_digits(Buf *buf, const TextStyle *style, Str text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];
        bool digit = c >= '0' && c <= '9';
        if (digit && arabic(style)) {
            utf8_write(buf, 0x0660u + (unsigned char)c - '0');
        } else {
            buf_char(buf, c);
        }
    }
}

/* Writes a run of digits, the whole part of a number, in groups of three. */
static void write_grouped(Buf *buf, const TextStyle *style, Str digits)
{
    for (size_t i = 0; i < digits.bytes; i++) {
        if (i > 0 && (digits.bytes - i) % 3 == 0) {
            buf_text(buf, arabic(style) ? "\xD9\xAC" : ","); /* U+066C */
        }
        number_write_digits(buf, style, (Str){digits.at + i, 1});
    }
}

void number_write_exact(Buf *buf, const TextStyle *style, Str decimal)
{
    if (decimal.bytes > 0 && decimal.at[0] == '-') {
        buf_char(buf, '-');
        decimal = (Str){decimal.at + 1, decimal.bytes - 1};
    }
    Str whole;
    if (decimal.bytes == 0 || !str_split(&decimal, '.', &whole)) return;
    write_grouped(buf, style, whole);
    if (decimal.at == NULL) return;
    buf_text(buf, arabic(style) ? "\xD9\xAB" : "."); /* U+066B */
    number_write_digits(buf, style, decimal);
}

void number_write(Buf *buf, const TextStyle *style, int64_t value)
{
    char room[24];
    Buf digits = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    buf_int(&digits, value);
    number_write_exact(buf, style, buf_view(&digits));
}

void decimal_write(Buf *buf, Decimal value)
{
    uint64_t unit = 1, size = (uint64_t)value.coefficient;
    if (value.coefficient < 0) size = 0 - size;
    for (int32_t i = 0; i < value.scale; i++) unit *= 10;
    if (value.coefficient < 0) buf_char(buf, '-');
    buf_format(buf, "%llu", (unsigned long long)(size / unit));
    uint64_t rest = size % unit;
    if (rest > 0) buf_char(buf, '.');
    while (rest > 0) {
        unit /= 10;
        buf_char(buf, (char)('0' + rest / unit));
        rest %= unit;
    }
}

void number_write_amount(Buf *buf, const TextStyle *style, Money money)
{
    Buf plain = buf_make(64);
    money_write(&plain, money);
    number_write_exact(buf, style, buf_view(&plain));
    buf_free(&plain);
}

void number_write_money(Buf *buf, const TextStyle *style, Money money)
{
    Buf amount = buf_make(128);
    number_write_amount(&amount, style, money);
    TextArg arg = TEXT_STR("0", buf_view(&amount));
    text_write(buf, style, STR("money.amount"), &arg, 1);
    buf_free(&amount);
}

/* Where the reading of a number stands. */
typedef struct Reading {
    int64_t value;
    int32_t digits; /* read so far, without leading zeros */
    int32_t scale;  /* digits after the point */
    int32_t group;  /* digits since the start, a separator or the point */
    bool grouped;   /* a separator was seen */
    bool point;     /* the point was seen */
    bool minus;
} Reading;

static bool add_digit(Reading *r, uint32_t c)
{
    if (r->digits == DIGITS_MAX) return false;
    r->value = r->value * 10 + (int64_t)(c - '0');
    if (r->value > 0) r->digits++;
    if (r->point && ++r->scale > DIGITS_MAX) return false;
    r->group++;
    return true;
}

/* Whether the digits before a separator or the point are a group. */
static bool group_ends(const Reading *r)
{
    return r->grouped ? r->group == 3 : r->group >= 1;
}

static bool is_separator(uint32_t c)
{
    return c == ',' || c == ' ' || c == 0xA0 || c == 0x202F || c == 0x2009;
}

static bool add_sign(Reading *r, uint32_t c)
{
    bool separator = is_separator(c);
    if (r->point || (!separator && c != '.')) return false;
    if (!group_ends(r) || (separator && !r->grouped && r->group > 3)) {
        return false;
    }
    r->grouped = r->grouped || separator;
    r->point = !separator;
    r->group = 0;
    return true;
}

bool number_read(Str text, Decimal *ret)
{
    Reading r = {0};
    bool begun = false;
    text = str_trim(text);
    while (text.bytes > 0) {
        uint32_t c = utf8_next(&text);
        if (arabic_invisible(c)) continue;
        c = arabic_latin(c);
        if (!begun && (c == '-' || c == 0x2212)) {
            begun = r.minus = true;
            continue;
        }
        begun = true;
        bool digit = c >= '0' && c <= '9';
        if (!(digit ? add_digit(&r, c) : add_sign(&r, c))) return false;
    }
    if (r.point ? r.group == 0 : !group_ends(&r)) return false;
    *ret = (Decimal){r.minus ? -r.value : r.value, r.scale};
    return true;
}

bool number_read_money(Str text, Money *ret)
{
    Decimal decimal;
    if (!number_read(text, &decimal) || decimal.scale > 2) return false;
    int64_t minor = decimal.coefficient;
    for (int32_t i = decimal.scale; i < 2; i++) {
        if (__builtin_mul_overflow(minor, 10, &minor)) return false;
    }
    *ret = (Money){minor};
    return true;
}

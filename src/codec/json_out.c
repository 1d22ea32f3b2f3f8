/* The writing half of json.h. */
#include "codec/json.h"
#include "codec/utf8.h"

JsonOut json_out_make(Buf *buf)
{
    return (JsonOut){.buf = buf};
}

/* The bit of the innermost level, which there is. */
static uint64_t level_bit(const JsonOut *out)
{
    return UINT64_C(1) << (out->depth - 1);
}

static bool in_object(const JsonOut *out)
{
    return out->depth > 0 && (out->objects & level_bit(out)) != 0;
}

/* Puts the comma that a value or key needs before it. */
static void separate(JsonOut *out)
{
    if ((out->filled & level_bit(out)) != 0) buf_char(out->buf, ',');
    out->filled |= level_bit(out);
}

/* Before a value: checks that one may stand here. */
static void begin_value(JsonOut *out)
{
    CHECK(out->keyed == in_object(out));
    if (out->depth == 0) {
        CHECK(!out->begun);
        out->begun = true;
    } else if (!out->keyed) {
        separate(out);
    }
    out->keyed = false;
}

static void open_level(JsonOut *out, bool object)
{
    begin_value(out);
    CHECK(out->depth < JSON_DEPTH_MAX);
    out->depth++;
    out->filled &= ~level_bit(out);
    out->objects &= ~level_bit(out);
    if (object) out->objects |= level_bit(out);
    buf_char(out->buf, object ? '{' : '[');
}

static void close_level(JsonOut *out, bool object)
{
    CHECK(out->depth > 0 && !out->keyed && in_object(out) == object);
    out->depth--;
    buf_char(out->buf, object ? '}' : ']');
}

void json_out_object(JsonOut *out)
{
    open_level(out, true);
}

void json_out_object_end(JsonOut *out)
{
    close_level(out, true);
}

void json_out_array(JsonOut *out)
{
    open_level(out, false);
}

void json_out_array_end(JsonOut *out)
{
    close_level(out, false);
}

void json_out_key(JsonOut *out, const char *key)
{
    CHECK(in_object(out) && !out->keyed);
    separate(out);
    json_quote(out->buf, str_of(key));
    buf_char(out->buf, ':');
    out->keyed = true;
}

/* Writes one character below U+0020, a quote or a backslash. */
static void escape(Buf *buf, unsigned char c)
{
    static const char from[] = "\"\\\b\f\n\r\t", into[] = "\"\\bfnrt";
    const char *simple = memchr(from, c, sizeof from - 1);
    if (simple == NULL) {
        buf_format(buf, "\\u%04x", c);
        return;
    }
    buf_char(buf, '\\');
    buf_char(buf, into[simple - from]);
}

/* Writes what is not UTF-8 as U+FFFD, byte by byte. */
static void repaired(Buf *buf, Str text)
{
    while (text.bytes > 0) {
        Str rest = text;
        uint32_t c = utf8_next(&rest);
        if (c == UTF8_BAD)
            utf8_write(buf, UTF8_REPLACEMENT);
        else
            buf_add(buf, text.at, text.bytes - rest.bytes);
        text = rest;
    }
}

void json_quote(Buf *buf, Str value)
{
    bool valid = utf8_valid(value);
    buf_char(buf, '"');
    size_t start = 0;
    for (size_t i = 0; i <= value.bytes; i++) {
        unsigned char c = i < value.bytes ? (unsigned char)value.at[i] : '"';
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        Str run = {value.at + start, i - start};
        if (valid)
            buf_str(buf, run);
        else
            repaired(buf, run);
        if (i < value.bytes) escape(buf, c);
        start = i + 1;
    }
    buf_char(buf, '"');
}

void json_out_str(JsonOut *out, Str value)
{
    begin_value(out);
    json_quote(out->buf, value);
}

void json_out_text(JsonOut *out, const char *value)
{
    json_out_str(out, str_of(value));
}

void json_out_int(JsonOut *out, int64_t value)
{
    begin_value(out);
    buf_int(out->buf, value);
}

void json_out_id(JsonOut *out, int64_t id)
{
    begin_value(out);
    buf_char(out->buf, '"');
    buf_int(out->buf, id);
    buf_char(out->buf, '"');
}

void json_out_bool(JsonOut *out, bool value)
{
    json_out_raw(out, value ? STR("true") : STR("false"));
}

void json_out_null(JsonOut *out)
{
    json_out_raw(out, STR("null"));
}

void json_out_number(JsonOut *out, Str exact)
{
    CHECK(exact.bytes > 0);
    json_out_raw(out, exact);
}

void json_out_money(JsonOut *out, Money money)
{
    begin_value(out);
    buf_char(out->buf, '"');
    money_write(out->buf, money);
    buf_char(out->buf, '"');
}

void json_out_raw(JsonOut *out, Str json)
{
    begin_value(out);
    buf_str(out->buf, json);
}

void json_out_measure(JsonOut *out, double value, int decimals)
{
    begin_value(out);
    buf_format(out->buf, "%.*f", decimals, value);
}

void json_put_str(JsonOut *out, const char *key, Str value)
{
    json_out_key(out, key);
    json_out_str(out, value);
}

void json_put_text(JsonOut *out, const char *key, const char *value)
{
    json_out_key(out, key);
    json_out_text(out, value);
}

void json_put_int(JsonOut *out, const char *key, int64_t value)
{
    json_out_key(out, key);
    json_out_int(out, value);
}

void json_put_id(JsonOut *out, const char *key, int64_t id)
{
    json_out_key(out, key);
    json_out_id(out, id);
}

void json_put_bool(JsonOut *out, const char *key, bool value)
{
    json_out_key(out, key);
    json_out_bool(out, value);
}

void json_put_number(JsonOut *out, const char *key, Str exact)
{
    json_out_key(out, key);
    json_out_number(out, exact);
}

void json_put_money(JsonOut *out, const char *key, Money money)
{
    json_out_key(out, key);
    json_out_money(out, money);
}

void json_put_raw(JsonOut *out, const char *key, Str json)
{
    json_out_key(out, key);
    json_out_raw(out, json);
}

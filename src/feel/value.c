#include "feel/value.h"

#include "base/err.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "feel/number.h"
#include "feel/temporal.h"

enum { VALUE_DEPTH_MAX = 128, VALUE_PARTS_MAX = 4000000 };

FeelRecord *feel_record_try(Arena *arena, const FeelShape *shape)
{
    FeelRecord *record = arena_try(
        arena, 1, sizeof *record + shape->count * sizeof *record->fields);
    if (record != NULL) record->shape = shape;
    return record;
}

int32_t feel_shape_find(const FeelShape *shape, Str name)
{
    if (shape == NULL) return -1; /* a function without parameters */
    for (uint32_t i = 0; i < shape->count; i++) {
        if (str_equal(shape->names[i], name)) return (int32_t)i;
    }
    return -1;
}

FeelValue feel_field(FeelValue context, const char *name)
{
    if (context.kind != FEEL_CONTEXT) return feel_null();
    int32_t i = feel_shape_find(context.as.record->shape, str_of(name));
    return i < 0 ? feel_null() : context.as.record->fields[i];
}

static bool same_nested(FeelValue a, FeelValue b, int depth, int64_t *left);

static bool same_record(const FeelRecord *a, const FeelRecord *b, int depth,
                        int64_t *left)
{
    if (a->shape->count != b->shape->count) return false;
    for (uint32_t i = 0; i < a->shape->count; i++) {
        if (!str_equal(a->shape->names[i], b->shape->names[i]) ||
            !same_nested(a->fields[i], b->fields[i], depth + 1, left)) {
            return false;
        }
    }
    return true;
}

static bool same_range(const FeelRange *a, const FeelRange *b, int depth,
                       int64_t *left)
{
    return a->low_closed == b->low_closed && a->high_closed == b->high_closed &&
           a->low_open == b->low_open && a->high_open == b->high_open &&
           a->not_equal == b->not_equal && a->equal == b->equal &&
           same_nested(a->low, b->low, depth + 1, left) &&
           same_nested(a->high, b->high, depth + 1, left);
}

static bool same_moment(const FeelMoment *a, const FeelMoment *b)
{
    return a->day == b->day && a->nanos == b->nanos &&
           a->offset_s == b->offset_s && a->zone_kind == b->zone_kind &&
           str_equal(a->zone_name, b->zone_name);
}

static bool same_items(FeelValue a, FeelValue b, int depth, int64_t *left)
{
    if (a.count != b.count) return false;
    for (uint32_t i = 0; i < a.count; i++) {
        if (!same_nested(a.as.items[i], b.as.items[i], depth + 1, left)) {
            return false;
        }
    }
    return true;
}

static bool same_nested(FeelValue a, FeelValue b, int depth, int64_t *left)
{
    if (a.kind != b.kind || depth > VALUE_DEPTH_MAX || --*left < 0) {
        return false;
    }
    switch ((FeelKind)a.kind) {
    case FEEL_NULL:
        return true;
    case FEEL_NUMBER:
        return feel_number_compare(a, b) == 0;
    case FEEL_STRING:
        return str_equal(feel_text(a), feel_text(b));
    case FEEL_BOOLEAN:
    case FEEL_DATE:
    case FEEL_MONTHS_DURATION:
        return a.as.whole == b.as.whole;
    case FEEL_DAYS_DURATION:
        return a.as.whole == b.as.whole && a.count == b.count;
    case FEEL_TIME:
    case FEEL_DATE_TIME:
        return same_moment(a.as.moment, b.as.moment);
    case FEEL_LIST:
        return same_items(a, b, depth, left);
    case FEEL_CONTEXT:
        return same_record(a.as.record, b.as.record, depth, left);
    case FEEL_RANGE:
        return same_range(a.as.range, b.as.range, depth, left);
    case FEEL_FUNCTION:
        return a.as.function == b.as.function;
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return false;
}

bool feel_same(FeelValue a, FeelValue b)
{
    int64_t left = VALUE_PARTS_MAX;
    return same_nested(a, b, 0, &left);
}

static bool copy_nested(Arena *arena, FeelValue *value, int depth);

static bool copy_items(Arena *arena, FeelValue *value, int depth)
{
    FeelValue *items = arena_try_raw(arena, value->count, sizeof *items);
    if (items == NULL) return value->count == 0;
    for (uint32_t i = 0; i < value->count; i++) {
        items[i] = value->as.items[i];
        if (!copy_nested(arena, &items[i], depth + 1)) return false;
    }
    value->as.items = items;
    return true;
}

static bool copy_shape(Arena *arena, const FeelShape *shape, FeelShape *ret)
{
    Str *names = arena_try_raw(arena, shape->count + 1, sizeof *names);
    if (names == NULL) return false;
    for (uint32_t i = 0; i < shape->count; i++) {
        size_t bytes = shape->names[i].bytes;
        char *text = arena_try_raw(arena, bytes + 1, 1);
        if (text == NULL) return false;
        memcpy(text, shape->names[i].at, bytes);
        names[i] = (Str){text, bytes};
    }
    *ret = (FeelShape){shape->count, names};
    return true;
}

static bool copy_record(Arena *arena, FeelValue *value, int depth)
{
    FeelShape *shape = arena_try_raw(arena, 1, sizeof *shape);
    if (shape == NULL || !copy_shape(arena, value->as.record->shape, shape)) {
        return false;
    }
    FeelRecord *record = feel_record_try(arena, shape);
    if (record == NULL) return false;
    for (uint32_t i = 0; i < shape->count; i++) {
        record->fields[i] = value->as.record->fields[i];
        if (!copy_nested(arena, &record->fields[i], depth + 1)) return false;
    }
    value->as.record = record;
    return true;
}

static bool copy_moment(Arena *arena, FeelValue *value)
{
    FeelMoment *moment = arena_try_raw(arena, 1, sizeof *moment);
    if (moment == NULL) return false;
    *moment = *value->as.moment;
    char *name = arena_try_raw(arena, moment->zone_name.bytes + 1, 1);
    if (name == NULL) return false;
    if (moment->zone_name.bytes > 0) {
        memcpy(name, moment->zone_name.at, moment->zone_name.bytes);
    }
    moment->zone_name.at = name;
    value->as.moment = moment;
    return true;
}

static bool copy_nested(Arena *arena, FeelValue *value, int depth)
{
    if (depth > VALUE_DEPTH_MAX) return false;
    switch ((FeelKind)value->kind) {
    case FEEL_NUMBER: {
        if (!value->wide) return true;
        FeelDecimal *decimal = arena_try_raw(arena, 1, sizeof *decimal);
        if (decimal == NULL) return false;
        *decimal = *value->as.decimal;
        value->as.decimal = decimal;
        return true;
    }
    case FEEL_STRING: {
        char *text = arena_try_raw(arena, value->count + 1u, 1);
        if (text == NULL) return false;
        if (value->count > 0) memcpy(text, value->as.text, value->count);
        value->as.text = text;
        return true;
    }
    case FEEL_TIME:
    case FEEL_DATE_TIME:
        return copy_moment(arena, value);
    case FEEL_LIST:
        return copy_items(arena, value, depth);
    case FEEL_CONTEXT:
        return copy_record(arena, value, depth);
    case FEEL_RANGE: {
        FeelRange *range = arena_try_raw(arena, 1, sizeof *range);
        if (range == NULL) return false;
        *range = *value->as.range;
        value->as.range = range;
        return copy_nested(arena, &range->low, depth + 1) &&
               copy_nested(arena, &range->high, depth + 1);
    }
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_DATE:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    case FEEL_FUNCTION:
        return false;
    }
    return true;
}

bool feel_copy(Arena *arena, FeelValue value, FeelValue *ret)
{
    if (!copy_nested(arena, &value, 0)) return false;
    *ret = value;
    return true;
}

const char *feel_kind_name(FeelKind kind)
{
    static const char *const names[FEEL_KIND_COUNT] = {
        "Null",
        "boolean",
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
        "function",
        "Any"};
    return names[kind];
}

/* The two text forms differ in quotes and in how far JSON goes. */
typedef struct Writer {
    Buf *buf;
    bool json;
} Writer;

static void write_nested(Writer out, FeelValue value, int depth);

/* A FEEL string literal, or at the top of string() the bare text. */
static void write_string(Writer out, Str text, int depth)
{
    if (out.json) {
        json_quote(out.buf, text);
    } else if (depth == 0) {
        buf_str(out.buf, text);
    } else {
        buf_char(out.buf, '"');
        for (size_t i = 0; i < text.bytes; i++) {
            if (text.at[i] == '"' || text.at[i] == '\\') {
                buf_char(out.buf, '\\');
            }
            buf_char(out.buf, text.at[i]);
        }
        buf_char(out.buf, '"');
    }
}

static void write_range(Writer out, const FeelRange *range, int depth)
{
    if (range->low_open || range->high_open) {
        bool closed = range->low_open ? range->high_closed : range->low_closed;
        buf_char(out.buf, '(');
        buf_text(out.buf, range->low_open ? "<" : ">");
        if (closed) buf_char(out.buf, '=');
        buf_char(out.buf, ' ');
        write_nested(out, range->low_open ? range->high : range->low,
                     depth + 1);
        buf_char(out.buf, ')');
        return;
    }
    buf_char(out.buf, range->low_closed ? '[' : '(');
    write_nested(out, range->low, depth + 1);
    buf_text(out.buf, "..");
    write_nested(out, range->high, depth + 1);
    buf_char(out.buf, range->high_closed ? ']' : ')');
}

/* Whether a character may stand in a name; `first` where one begins. */
static bool is_name_character(char c, bool first)
{
    if (c >= 'a' && c <= 'z') return true;
    if (c >= 'A' && c <= 'Z') return true;
    if ((unsigned char)c >= 0x80 || c == '_' || c == '?') return true;
    return !first &&
           ((c >= '0' && c <= '9') || (c != 0 && strchr(" ./-'+*", c) != NULL));
}

/* A key that is no name is a text in quotes, as in a context's literal. */
static void write_key(Writer out, Str key)
{
    bool name = key.bytes > 0 && !out.json;
    for (size_t i = 0; i < key.bytes && name; i++) {
        name = is_name_character(key.at[i], i == 0);
    }
    if (name) {
        buf_str(out.buf, key);
    } else {
        write_string(out, key, 1);
    }
}

static void write_record(Writer out, const FeelRecord *record, int depth)
{
    buf_char(out.buf, '{');
    for (uint32_t i = 0; i < record->shape->count; i++) {
        if (buf_full(out.buf)) return;
        if (i > 0) buf_text(out.buf, ", ");
        write_key(out, record->shape->names[i]);
        buf_text(out.buf, ": ");
        write_nested(out, record->fields[i], depth + 1);
    }
    buf_char(out.buf, '}');
}

static void write_list(Writer out, FeelValue list, int depth)
{
    buf_char(out.buf, '[');
    for (uint32_t i = 0; i < list.count; i++) {
        if (buf_full(out.buf)) return;
        if (i > 0) buf_text(out.buf, ", ");
        write_nested(out, list.as.items[i], depth + 1);
    }
    buf_char(out.buf, ']');
}

static void write_temporal(Writer out, FeelValue value)
{
    if (out.json) buf_char(out.buf, '"');
    feel_temporal_write(out.buf, value);
    if (out.json) buf_char(out.buf, '"');
}

/* What JSON has no form for is written as a text in FEEL's form. */
static void write_quoted_range(Writer out, const FeelRange *range)
{
    Buf text = buf_make(1 << 16);
    write_range((Writer){&text, false}, range, 1);
    json_quote(out.buf, buf_view(&text));
    buf_free(&text);
}

static void write_nested(Writer out, FeelValue value, int depth)
{
    if (buf_full(out.buf)) return;
    if (depth > VALUE_DEPTH_MAX) {
        buf_text(out.buf, "null");
        return;
    }
    switch ((FeelKind)value.kind) {
    case FEEL_NULL:
        buf_text(out.buf, "null");
        break;
    case FEEL_BOOLEAN:
        buf_text(out.buf, value.as.whole ? "true" : "false");
        break;
    case FEEL_NUMBER:
        feel_number_write(out.buf, value);
        break;
    case FEEL_STRING:
        write_string(out, feel_text(value), depth);
        break;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_DURATION:
    case FEEL_MONTHS_DURATION:
        write_temporal(out, value);
        break;
    case FEEL_LIST:
        write_list(out, value, depth);
        break;
    case FEEL_CONTEXT:
        write_record(out, value.as.record, depth);
        break;
    case FEEL_RANGE:
        if (out.json) {
            write_quoted_range(out, value.as.range);
        } else {
            write_range(out, value.as.range, depth);
        }
        break;
    case FEEL_FUNCTION:
        buf_text(out.buf, out.json ? "\"function\"" : "function");
        break;
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
}

void feel_write_json(Buf *buf, FeelValue value)
{
    write_nested((Writer){buf, true}, value, 0);
}

void feel_write(Buf *buf, FeelValue value)
{
    write_nested((Writer){buf, false}, value, 0);
}

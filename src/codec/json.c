#include "codec/json.h"

#include <stdlib.h>

#include "codec/utf8.h"

/* Objects with more members than this look for doubles by sorting. */
enum { MEMBERS_FEW = 16 };

typedef struct Reader {
    Arena *arena;
    const char *start;
    const char *at;
    const char *end;
    Diag *diag;
    Err err; /* of the first fault */
    Str key; /* of the member whose value comes next */
    Json *root;
    Json *open[JSON_DEPTH_MAX]; /* arrays and objects not yet closed */
    Json *last[JSON_DEPTH_MAX]; /* and the newest child of each */
    uint32_t depth;
} Reader;

/* Line and column, in code points from 1, of a place in the bytes. */
static void place(const char *start, const char *at, Diag *diag)
{
    int32_t line = 1;
    const char *begin = start;
    for (const char *p = start; p < at; p++) {
        if (*p != '\n') continue;
        line++;
        begin = p + 1;
    }
    Str before = {begin, (size_t)(at - begin)};
    diag_place(diag, NULL, line, (int32_t)utf8_length(before) + 1);
}

static bool fail_at(Reader *r, const char *at, const char *key)
{
    diag_set(r->diag, key);
    if (r->diag != NULL) place(r->start, at, r->diag);
    r->err = ERR_INVALID;
    return false;
}

static bool expected(Reader *r, const char *what)
{
    fail_at(r, r->at, "json.syntax");
    diag_arg_text(r->diag, what);
    return false;
}

static bool exhausted(Reader *r)
{
    diag_set(r->diag, "json.large");
    r->err = ERR_FULL;
    return false;
}

static void skip_space(Reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' ||
                              *r->at == '\r' || *r->at == '\t')) {
        r->at++;
    }
}

/* Adds a value where the reading stands: root, item or member. */
static Json *add_value(Reader *r, JsonKind kind)
{
    Json *json = arena_try(r->arena, 1, sizeof *json);
    if (json == NULL) {
        exhausted(r);
        return NULL;
    }
    json->kind = kind;
    json->offset = (size_t)(r->at - r->start);
    json->key = r->key;
    r->key = (Str){NULL, 0};
    if (r->depth == 0) {
        r->root = json;
        return json;
    }
    Json *parent = r->open[r->depth - 1];
    Json *last = r->last[r->depth - 1];
    if (last == NULL)
        parent->first = json;
    else
        last->next = json;
    r->last[r->depth - 1] = json;
    parent->count++;
    return json;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The four digits after \u; -1 when they are not there. */
static int32_t hex_unit(const char *at, const char *end)
{
    if (end - at < 4) return -1;
    int32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* Reads what follows \u; `at` stands behind the u. False after a fault. */
static bool unicode_escape(Reader *r, const char **at, uint32_t *ret)
{
    int32_t high = hex_unit(*at, r->end);
    if (high < 0) return fail_at(r, *at - 2, "json.escape");
    *at += 4;
    *ret = (uint32_t)high;
    if (high < 0xD800 || high > 0xDFFF) return true;
    const char *begin = *at - 6;
    if (high > 0xDBFF) return fail_at(r, begin, "json.surrogate");
    if (r->end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u') {
        return fail_at(r, begin, "json.surrogate");
    }
    int32_t low = hex_unit(*at + 2, r->end);
    if (low < 0xDC00 || low > 0xDFFF) {
        return fail_at(r, begin, "json.surrogate");
    }
    *at += 6;
    *ret =
        0x10000u + (((uint32_t)high - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
    return true;
}

/* Resolves the escapes of a text; `raw` stands between its quotes. */
static bool unescape(Reader *r, Str raw, Str *ret)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    char *text = arena_try_raw(r->arena, raw.bytes + 1, 1);
    if (text == NULL) return exhausted(r);
    const char *at = raw.at, *end = raw.at + raw.bytes;
    size_t bytes = 0;
    while (at < end) {
        if (*at != '\\') {
            text[bytes++] = *at++;
            continue;
        }
        const char *simple = memchr(from, at[1], sizeof from - 1);
        if (simple != NULL) {
            text[bytes++] = into[simple - from];
            at += 2;
            continue;
        }
        if (at[1] != 'u') return fail_at(r, at, "json.escape");
        uint32_t c = 0;
        at += 2;
        if (!unicode_escape(r, &at, &c)) return false;
        bytes += utf8_put(text + bytes, c);
    }
    text[bytes] = '\0';
    *ret = (Str){text, bytes};
    return true;
}

/* Reads a text; `at` stands on its first quote and ends behind the last. */
static bool read_text(Reader *r, Str *ret)
{
    const char *start = ++r->at;
    bool escapes = false, high = false;
    for (;; r->at++) {
        if (r->at == r->end) return expected(r, "\"");
        unsigned char c = (unsigned char)*r->at;
        if (c == '"') break;
        if (c < 0x20) return fail_at(r, r->at, "json.control");
        if (c >= 0x80) high = true;
        if (c != '\\') continue;
        escapes = true;
        if (++r->at == r->end) return expected(r, "\"");
        if ((unsigned char)*r->at < 0x20) {
            return fail_at(r, r->at, "json.control");
        }
        if ((unsigned char)*r->at >= 0x80) {
            return fail_at(r, r->at - 1, "json.escape");
        }
    }
    Str raw = {start, (size_t)(r->at++ - start)};
    size_t valid = high ? utf8_valid_bytes(raw) : raw.bytes;
    if (valid < raw.bytes) return fail_at(r, start + valid, "json.utf8");
    *ret = raw;
    return !escapes || unescape(r, raw, ret);
}

static bool digits(Reader *r)
{
    const char *start = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') r->at++;
    return r->at > start;
}

static bool read_number(Reader *r)
{
    const char *start = r->at;
    if (*r->at == '-') r->at++;
    bool zero = r->at < r->end && *r->at == '0';
    const char *whole = r->at;
    if (!digits(r) || (zero && r->at - whole > 1)) {
        return fail_at(r, start, "json.number");
    }
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        if (!digits(r)) return fail_at(r, start, "json.number");
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        r->at++;
        if (r->at < r->end && (*r->at == '+' || *r->at == '-')) r->at++;
        if (!digits(r)) return fail_at(r, start, "json.number");
    }
    const char *end = r->at;
    r->at = start; /* where the value begins, for add_value() */
    Json *json = add_value(r, JSON_NUMBER);
    if (json == NULL) return false;
    json->text = (Str){start, (size_t)(end - start)};
    r->at = end;
    return true;
}

static bool read_word(Reader *r, const char *word, JsonKind kind, bool truth)
{
    Str w = str_of(word);
    if ((size_t)(r->end - r->at) < w.bytes ||
        memcmp(r->at, w.at, w.bytes) != 0) {
        return expected(r, word);
    }
    Json *json = add_value(r, kind);
    if (json == NULL) return false;
    json->truth = truth;
    json->text = (Str){r->at, w.bytes};
    r->at += w.bytes;
    return true;
}

static bool open_level(Reader *r, JsonKind kind)
{
    if (r->depth == JSON_DEPTH_MAX) return fail_at(r, r->at, "json.deep");
    Json *json = add_value(r, kind);
    if (json == NULL) return false;
    r->at++;
    r->open[r->depth] = json;
    r->last[r->depth] = NULL;
    r->depth++;
    return true;
}

/* Reads a scalar or opens a level. */
static bool read_value(Reader *r)
{
    if (r->at == r->end) return expected(r, "value");
    switch (*r->at) {
    case '{':
        return open_level(r, JSON_OBJECT);
    case '[':
        return open_level(r, JSON_ARRAY);
    case 't':
        return read_word(r, "true", JSON_BOOL, true);
    case 'f':
        return read_word(r, "false", JSON_BOOL, false);
    case 'n':
        return read_word(r, "null", JSON_NULL, false);
    case '"':
        break;
    default:
        if (*r->at == '-' || (*r->at >= '0' && *r->at <= '9')) {
            return read_number(r);
        }
        return expected(r, "value");
    }
    Json *json = add_value(r, JSON_TEXT);
    return json != NULL && read_text(r, &json->text);
}

static bool twice(Reader *r, const Json *member)
{
    fail_at(r, r->start + member->offset, "json.twice");
    diag_arg(r->diag, member->key);
    return false;
}

static int by_key(const void *a, const void *b)
{
    const Json *const *left = a, *const *right = b;
    int order = str_compare((*left)->key, (*right)->key);
    if (order != 0) return order;
    return ((*left)->offset > (*right)->offset) -
           ((*left)->offset < (*right)->offset);
}

/* Whether all keys of a large object differ. */
static bool sorted_distinct(Reader *r, const Json *object)
{
    const Json **all = arena_try_raw(r->arena, object->count, sizeof *all);
    if (all == NULL) return exhausted(r);
    size_t count = 0;
    for (const Json *m = object->first; m != NULL; m = m->next)
        all[count++] = m;
    qsort(all, count, sizeof *all, by_key);
    for (size_t i = 1; i < count; i++) {
        if (str_equal(all[i - 1]->key, all[i]->key)) return twice(r, all[i]);
    }
    return true;
}

static bool distinct(Reader *r, const Json *object)
{
    if (object->count > MEMBERS_FEW) return sorted_distinct(r, object);
    for (const Json *m = object->first; m != NULL; m = m->next) {
        for (const Json *o = object->first; o != m; o = o->next) {
            if (str_equal(o->key, m->key)) return twice(r, m);
        }
    }
    return true;
}

static bool close_level(Reader *r)
{
    Json *json = r->open[r->depth - 1];
    r->at++;
    json->text = (Str){r->start + json->offset,
                       (size_t)(r->at - r->start) - json->offset};
    r->depth--;
    return json->kind == JSON_ARRAY || distinct(r, json);
}

/* Reads `"key" :` and leaves the reader before the value. */
static bool read_key(Reader *r)
{
    skip_space(r);
    if (r->at == r->end || *r->at != '"') return expected(r, "\"");
    if (!read_text(r, &r->key)) return false;
    skip_space(r);
    if (r->at == r->end || *r->at != ':') return expected(r, ":");
    r->at++;
    return true;
}

/*
 * After a level was opened or a value read: closes levels, passes a comma and
 * reads a key, until a value is due. False at the end or after a fault.
 */
static bool next_due(Reader *r)
{
    while (r->depth > 0) {
        const Json *level = r->open[r->depth - 1];
        bool object = level->kind == JSON_OBJECT;
        char close = object ? '}' : ']';
        skip_space(r);
        bool more = r->at < r->end;
        if (more && *r->at == close) {
            if (!close_level(r)) return false;
            continue;
        }
        if (level->count > 0) {
            if (!more || *r->at != ',')
                return expected(r, object ? ", }" : ", ]");
            r->at++;
        }
        return !object || read_key(r);
    }
    return false;
}

Err json_read(Arena *arena, Str bytes, Diag *diag, const Json **ret)
{
    Reader r = {.arena = arena,
                .start = bytes.at,
                .at = bytes.at,
                .end = bytes.at + bytes.bytes,
                .diag = diag};
    if (bytes.bytes == 0) r.start = r.at = r.end = "";
    skip_space(&r);
    if (r.at == r.end) fail_at(&r, r.at, "json.empty");
    if (r.err != OK) return r.err;
    do {
        skip_space(&r);
        if (!read_value(&r)) return r.err;
    } while (next_due(&r));
    if (r.err != OK) return r.err;
    skip_space(&r);
    if (r.at < r.end) fail_at(&r, r.at, "json.trailing");
    if (r.err != OK) return r.err;
    *ret = r.root;
    return OK;
}

void json_place(Str bytes, const Json *json, Diag *diag)
{
    if (diag != NULL) place(bytes.at, bytes.at + json->offset, diag);
}

const Json *json_get(const Json *object, const char *key)
{
    if (object == NULL || object->kind != JSON_OBJECT) return NULL;
    const Json *member = object->first;
    while (member != NULL && !str_is(member->key, key)) member = member->next;
    return member;
}

const Json *json_at(const Json *array, size_t index)
{
    if (array == NULL || array->kind != JSON_ARRAY) return NULL;
    const Json *item = array->first;
    while (item != NULL && index-- > 0) item = item->next;
    return item;
}

bool json_text(const Json *json, Str *ret)
{
    if (json == NULL || json->kind != JSON_TEXT) return false;
    *ret = json->text;
    return true;
}

bool json_int(const Json *json, int64_t *ret)
{
    if (json == NULL || json->kind != JSON_NUMBER) return false;
    return str_to_int(json->text, ret);
}

bool json_number(const Json *json, Str *ret)
{
    if (json == NULL || json->kind != JSON_NUMBER) return false;
    *ret = json->text;
    return true;
}

bool json_bool(const Json *json, bool *ret)
{
    if (json == NULL || json->kind != JSON_BOOL) return false;
    *ret = json->truth;
    return true;
}

bool json_money(const Json *json, Money *ret)
{
    if (json == NULL) return false;
    if (json->kind != JSON_TEXT && json->kind != JSON_NUMBER) return false;
    return money_read(json->text, ret);
}

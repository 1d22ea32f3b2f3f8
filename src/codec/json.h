/*
 * json.h - strict JSON (RFC 8259), read into a tree and written to a buffer.
 *
 * Numbers are kept as their exact text, because money and FEEL may not pass
 * through binary fractions. Refused: a key twice in one object, more than 64
 * levels, anything but UTF-8, and escapes that are half of a surrogate pair.
 */
#ifndef CODEC_JSON_H
#define CODEC_JSON_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/money.h"

enum { JSON_DEPTH_MAX = 64 };

typedef enum JsonKind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_TEXT,
    JSON_ARRAY,
    JSON_OBJECT
} JsonKind;

typedef struct Json {
    JsonKind kind;
    bool truth;               /* of JSON_BOOL */
    uint32_t count;           /* items of an array, members of an object */
    Str key;                  /* of a member of an object */
    Str text;                 /* JSON_TEXT: its value; else as written */
    size_t offset;            /* in the bytes that were read */
    const struct Json *first; /* item or member */
    const struct Json *next;  /* in the same array or object */
} Json;

/*
 * Reads one JSON text.
 *
 * in     bytes: outlive the tree, which points into them
 * out    ret: the tree, in the arena
 * errs   ERR_INVALID: json.syntax {what was expected}, json.utf8, json.number,
 *        json.escape, json.surrogate, json.control, json.twice {key},
 *        json.deep, json.trailing, json.empty; with line and column
 *        ERR_FULL: the arena is exhausted (json.large)
 */
NODISCARD Err json_read(Arena *arena, Str bytes, Diag *diag, const Json **ret);

/* Puts line and column of a value into a message about it. */
void json_place(Str bytes, const Json *json, Diag *diag);

/* The member of that name; NULL without one, or when it is no object. */
const Json *json_get(const Json *object, const char *key);

/* The item at an index from 0; NULL beyond the end or when no array. */
const Json *json_at(const Json *array, size_t index);

/*
 * The value of a text, a whole number within int64, a number as written, a
 * truth value, an amount (a text as json_out_money() writes it, or a number).
 * False, and `ret` untouched, for NULL or another kind.
 */
bool json_text(const Json *json, Str *ret);
bool json_int(const Json *json, int64_t *ret);
bool json_number(const Json *json, Str *ret);
bool json_bool(const Json *json, bool *ret);
bool json_money(const Json *json, Money *ret);

/*
 * A writer. Commas are its own affair; that keys stand only in objects and
 * everything is closed is checked by CHECK(). Whether all of it found room is
 * what buf_full() of the buffer says.
 */
typedef struct JsonOut {
    Buf *buf;
    uint64_t objects; /* bit n: level n + 1 is an object */
    uint64_t filled;  /* bit n: level n + 1 has an item */
    uint32_t depth;
    bool begun; /* the outermost value is there */
    bool keyed; /* a key waits for its value */
} JsonOut;

/* A writer at the end of a buffer. */
JsonOut json_out_make(Buf *buf);

/* Begin and end an object or an array. */
void json_out_object(JsonOut *out);
void json_out_object_end(JsonOut *out);
void json_out_array(JsonOut *out);
void json_out_array_end(JsonOut *out);

/* The key of the member that follows. */
void json_out_key(JsonOut *out, const char *key);

/*
 * Values. What is not UTF-8 in a text becomes U+FFFD. An id is a number as a
 * text, because readers of JSON lose digits beyond 2^53; money is a text
 * "1320.00"; a number is written as it is given and must be a JSON number;
 * raw is any JSON value written elsewhere.
 */
void json_out_str(JsonOut *out, Str value);
void json_out_text(JsonOut *out, const char *value);
void json_out_int(JsonOut *out, int64_t value);
void json_out_id(JsonOut *out, int64_t id);
void json_out_bool(JsonOut *out, bool value);
void json_out_null(JsonOut *out);
void json_out_number(JsonOut *out, Str exact);
void json_out_money(JsonOut *out, Money money);
void json_out_raw(JsonOut *out, Str json);

/* A member whole, its key and its value as above. */
void json_put_str(JsonOut *out, const char *key, Str value);
void json_put_text(JsonOut *out, const char *key, const char *value);
void json_put_int(JsonOut *out, const char *key, int64_t value);
void json_put_id(JsonOut *out, const char *key, int64_t id);
void json_put_bool(JsonOut *out, const char *key, bool value);
void json_put_number(JsonOut *out, const char *key, Str exact);
void json_put_money(JsonOut *out, const char *key, Money money);
void json_put_raw(JsonOut *out, const char *key, Str json);

/* A figure of a measurement, with `decimals` places: never for money. */
void json_out_measure(JsonOut *out, double value, int decimals);

/* Appends a text in quotes, escaped, without a writer. */
void json_quote(Buf *buf, Str value);

#endif

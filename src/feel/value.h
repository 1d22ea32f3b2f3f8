/*
 * value.h - the values of FEEL, sixteen bytes each.
 *
 * A value is passed by copy. What does not fit into it (text, items, fields,
 * a time with its zone) lies in an arena and never changes, so values may be
 * shared freely as long as that arena lives. Null is a value, not an error:
 * why something became null is told by the evaluator (feel/run.h).
 */
#ifndef FEEL_VALUE_H
#define FEEL_VALUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/str.h"

typedef enum FeelKind {
    FEEL_NULL = 0,
    FEEL_BOOLEAN,
    FEEL_NUMBER,
    FEEL_STRING,
    FEEL_DATE,
    FEEL_TIME,
    FEEL_DATE_TIME,
    FEEL_DAYS_DURATION,   /* "days and time duration" */
    FEEL_MONTHS_DURATION, /* "years and months duration" */
    FEEL_LIST,
    FEEL_CONTEXT,
    FEEL_RANGE,
    FEEL_FUNCTION,
    FEEL_ANY, /* of types only: no value has this kind */
    FEEL_KIND_COUNT
} FeelKind;

typedef struct FeelRecord FeelRecord;
typedef struct FeelRange FeelRange;
typedef struct FeelFunction FeelFunction;
typedef struct FeelMoment FeelMoment;
typedef struct FeelDecimal FeelDecimal;

/*
 * One value. Which member of `as` counts follows from `kind`:
 *
 *   boolean     as.whole is 0 or 1
 *   number      as.whole x 10^-scale; or, when `wide`, *as.decimal
 *   string      `count` bytes of UTF-8 at as.text
 *   date        as.whole days since 1970-01-01
 *   time, date and time      *as.moment
 *   days and time duration   as.whole seconds (floor) and `count` nanoseconds
 *   years and months duration  as.whole months
 *   list        `count` items at as.items
 *   context     *as.record
 *   range, function          *as.range, *as.function
 */
typedef struct FeelValue {
    uint8_t kind; /* FeelKind */
    int8_t scale;
    uint8_t wide;
    uint8_t spare;
    uint32_t count;
    union {
        int64_t whole;
        const FeelDecimal *decimal;
        const char *text;
        const struct FeelValue *items;
        const FeelRecord *record;
        const FeelRange *range;
        const FeelFunction *function;
        const FeelMoment *moment;
    } as;
} FeelValue;

/* The names of a context's entries, shared by all contexts of a type. */
typedef struct FeelShape {
    uint32_t count;
    const Str *names;
} FeelShape;

/* A context: shape->count values in the order of the shape's names. */
struct FeelRecord {
    const FeelShape *shape;
    FeelValue fields[];
};

/* A decimal128 in Intel's binary encoding, for feel/number.c alone. */
struct FeelDecimal {
    uint64_t word[2];
};

/* Limits may be null; `open_*` marks an end that was never written. */
struct FeelRange {
    FeelValue low;
    FeelValue high;
    bool low_closed;
    bool high_closed;
    bool low_open, high_open; /* "(<= x)", "(>= x)": no such end at all */
    bool equal;     /* "(= x)": a test, which is not the range [x..x] */
    bool not_equal; /* "(!= x)": everything but low */
};

enum { FEEL_ZONE_LOCAL, FEEL_ZONE_OFFSET, FEEL_ZONE_NAMED };
enum { FEEL_INLINE_SCALE_MAX = 34 };

/* A time of day, with its date when the value is a date and time. */
struct FeelMoment {
    int64_t day;       /* since 1970-01-01; 0 in a time */
    int64_t nanos;     /* since midnight */
    int32_t offset_s;  /* east of UTC; in force at this moment if named */
    uint8_t zone_kind; /* FEEL_ZONE_* */
    Str zone_name;     /* "Asia/Riyadh" when named */
};

/* Values of each kind; texts, items and records are borrowed. */
static inline FeelValue feel_null(void)
{
    return (FeelValue){0};
}

static inline FeelValue feel_boolean(bool truth)
{
    return (FeelValue){.kind = FEEL_BOOLEAN, .as.whole = truth};
}

/* coefficient x 10^-scale, exactly; 0 <= scale <= FEEL_INLINE_SCALE_MAX. */
static inline FeelValue feel_number(int64_t coefficient, int8_t scale)
{
    return (FeelValue){
        .kind = FEEL_NUMBER, .scale = scale, .as.whole = coefficient};
}

static inline FeelValue feel_string(Str text)
{
    return (FeelValue){
        .kind = FEEL_STRING, .count = (uint32_t)text.bytes, .as.text = text.at};
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar. */
static inline FeelValue feel_date(int64_t day)
{
    return (FeelValue){.kind = FEEL_DATE, .as.whole = day};
}

static inline FeelValue feel_list(const FeelValue *items, uint32_t count)
{
    return (FeelValue){.kind = FEEL_LIST, .count = count, .as.items = items};
}

static inline FeelValue feel_context(const FeelRecord *record)
{
    return (FeelValue){.kind = FEEL_CONTEXT,
                       .count = record->shape->count,
                       .as.record = record};
}

static inline FeelValue feel_months(int64_t months)
{
    return (FeelValue){.kind = FEEL_MONTHS_DURATION, .as.whole = months};
}

static inline Str feel_text(FeelValue string)
{
    return (Str){string.as.text, string.count};
}

static inline bool feel_is_true(FeelValue value)
{
    return value.kind == FEEL_BOOLEAN && value.as.whole != 0;
}

/* A record to be filled in, all null; NULL when the arena is exhausted. */
NODISCARD FeelRecord *feel_record_try(Arena *arena, const FeelShape *shape);

/* The index of a name in a shape, or -1. NULL is a shape without names. */
int32_t feel_shape_find(const FeelShape *shape, Str name);

/* The field of that name; null when the value is no context or has none. */
FeelValue feel_field(FeelValue context, const char *name);

/*
 * Whether two values are the same in every part: kind, text, items, zone;
 * numbers by value. For caches, tests and change detection, not FEEL's "=".
 */
bool feel_same(FeelValue a, FeelValue b);

/* A deep copy; false of functions, and when the arena is exhausted. */
bool feel_copy(Arena *arena, FeelValue value, FeelValue *ret);

/* "number", "date and time", "context": the name of a kind in FEEL. */
const char *feel_kind_name(FeelKind kind);

/*
 * Writes a value as JSON: numbers in full and exact, dates, times and
 * durations as strings in their FEEL form, ranges and functions as text.
 */
void feel_write_json(Buf *buf, FeelValue value);

/* Writes a value as FEEL's string() does: strings unquoted at the top. */
void feel_write(Buf *buf, FeelValue value);

#endif

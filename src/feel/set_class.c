/*
 * Of sets over one kind, a value of every class that they tell apart: each
 * end, one value between two neighbours, one below the least, one above.
 */
#include "feel/number.h"
#include "feel/set.h"
#include "feel/temporal.h"

#define NANOS_A_SECOND ((int64_t)1000000000)
#define NANOS_A_DAY (86400 * NANOS_A_SECOND)

typedef struct Classes {
    Arena *arena;
    FeelKind kind;
    FeelValue *items;
    uint32_t count;
} Classes;

static bool strictly_between(FeelValue low, FeelValue value, FeelValue high)
{
    int below, above;
    return value.kind != FEEL_NULL && feel_set_order(low, value, &below) &&
           feel_set_order(value, high, &above) && below < 0 && above < 0;
}

/* Some text behind `low`: one that says what it is, if that lies there. */
static FeelValue text_between(Arena *arena, FeelValue low, FeelValue high)
{
    FeelValue other = feel_string(STR("(another text)"));
    if (strictly_between(low, other, high)) return other;
    char *text = arena_try_raw(arena, (size_t)low.count + 1, 1);
    if (text == NULL) return feel_null();
    if (low.count > 0) memcpy(text, low.as.text, low.count);
    text[low.count] = ' ';
    return feel_string((Str){text, (size_t)low.count + 1});
}

static FeelValue middle(Arena *arena, FeelValue low, FeelValue high)
{
    FeelValue half = feel_number(5, 1);
    switch ((FeelKind)low.kind) {
    case FEEL_NUMBER:
        return feel_number_multiply(arena, feel_number_add(arena, low, high),
                                    half);
    case FEEL_DATE:
        return feel_date(low.as.whole + 1);
    case FEEL_MONTHS_DURATION:
        return feel_months(low.as.whole + 1);
    case FEEL_STRING:
        return text_between(arena, low, high);
    case FEEL_DAYS_DURATION:
        return feel_days_duration(
            (feel_duration_nanos(low) + feel_duration_nanos(high)) / 2);
    case FEEL_TIME:
    case FEEL_DATE_TIME: {
        FeelValue apart = feel_temporal_subtract(arena, high, low);
        if (apart.kind == FEEL_NULL) return apart;
        return feel_temporal_add(
            arena, low, feel_days_duration(feel_duration_nanos(apart) / 2));
    }
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return feel_null();
}

/* A value a little below (-1) or above (1) the least or greatest end. */
static FeelValue beyond(Arena *arena, FeelValue end, int way)
{
    switch ((FeelKind)end.kind) {
    case FEEL_NUMBER:
        return feel_number_add(arena, end, feel_number(way, 0));
    case FEEL_DATE:
        return feel_date(end.as.whole + way);
    case FEEL_MONTHS_DURATION:
        return feel_months(end.as.whole + way);
    case FEEL_DAYS_DURATION:
        return feel_days_duration(feel_duration_nanos(end) +
                                  way * (FeelNanos)NANOS_A_DAY);
    case FEEL_DATE_TIME:
        return feel_temporal_add(
            arena, end, feel_days_duration(way * (FeelNanos)NANOS_A_DAY));
    case FEEL_TIME: {
        FeelMoment moment = *end.as.moment;
        moment.nanos = way < 0 ? 0 : NANOS_A_DAY - NANOS_A_SECOND;
        return feel_moment_make(arena, FEEL_TIME, moment);
    }
    case FEEL_STRING:
        return way < 0 ? feel_string(STR(""))
                       : text_between(arena, end, feel_string(STR("\xff")));
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return feel_null();
}

/* Keeps the ends in order, each once; false when they have none. */
static bool add_end(Classes *ends, FeelValue value)
{
    uint32_t low = 0, high = ends->count;
    int order;
    while (low < high) {
        uint32_t half = (low + high) / 2;
        if (!feel_set_order(ends->items[half], value, &order)) return false;
        if (order == 0) return true;
        if (order < 0) {
            low = half + 1;
        } else {
            high = half;
        }
    }
    memmove(ends->items + low + 1, ends->items + low,
            (ends->count - low) * sizeof *ends->items);
    ends->items[low] = value;
    ends->count++;
    return true;
}

static size_t end_count(const FeelSet *const *sets, size_t count)
{
    size_t ends = 0;
    for (size_t i = 0; i < count; i++) ends += 2 * (size_t)sets[i]->count;
    return ends;
}

static bool add_ends(Classes *ends, const FeelSet *const *sets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (uint32_t s = 0; s < sets[i]->count; s++) {
            const FeelSpan *span = &sets[i]->spans[s];
            if (!span->low_open && !add_end(ends, span->low)) return false;
            if (!span->high_open && !add_end(ends, span->high)) return false;
        }
    }
    return true;
}

/* Without any end one value is as good as another. */
static FeelValue plain(Arena *arena, FeelKind kind)
{
    switch (kind) {
    case FEEL_NUMBER:
        return feel_number(0, 0);
    case FEEL_STRING:
        return feel_string(STR("(any text)"));
    case FEEL_DATE:
        return feel_date(0);
    case FEEL_DAYS_DURATION:
        return feel_days_duration(0);
    case FEEL_MONTHS_DURATION:
        return feel_months(0);
    case FEEL_TIME:
    case FEEL_DATE_TIME:
        return feel_moment_make(arena, kind, (FeelMoment){.nanos = 0});
    case FEEL_NULL:
    case FEEL_BOOLEAN:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_RANGE:
    case FEEL_FUNCTION:
    case FEEL_ANY:
    case FEEL_KIND_COUNT:
        break;
    }
    return feel_null();
}

static void add(Classes *to, FeelValue value)
{
    if (value.kind != FEEL_NULL) to->items[to->count++] = value;
}

/* The least or the greatest end and, below or above it, another value. */
static Err add_beyond(Classes *to, FeelValue end, int way)
{
    int order;
    FeelValue other = beyond(to->arena, end, way);
    bool apart = other.kind != FEEL_NULL &&
                 feel_set_order(other, end, &order) &&
                 (way < 0 ? order < 0 : order > 0);
    if (apart) add(to, other);
    return apart || end.kind != FEEL_NUMBER ? OK : ERR_INVALID;
}

/*
 * Numbers go on beyond any end, but one that is 1 away from 1E34 cannot be
 * written: then what lies there is not known, rather than nothing.
 */
static Err spread(const Classes *ends, Classes *to)
{
    if (ends->count == 0) {
        add(to, plain(to->arena, to->kind));
        return OK;
    }
    TRY(add_beyond(to, ends->items[0], -1));
    for (uint32_t i = 0; i < ends->count; i++) {
        FeelValue end = ends->items[i];
        add(to, end);
        if (i + 1 == ends->count) break;
        FeelValue next = ends->items[i + 1];
        FeelValue other = middle(to->arena, end, next);
        bool apart = strictly_between(end, other, next);
        if (apart) add(to, other);
        if (!apart && end.kind == FEEL_NUMBER) return ERR_INVALID;
    }
    return add_beyond(to, ends->items[ends->count - 1], 1);
}

Err feel_set_classes(Arena *arena, FeelKind kind, const FeelSet *const *sets,
                     size_t count, FeelValue **ret, uint32_t *ret_count)
{
    size_t most = end_count(sets, count);
    if (most > FEEL_SET_ENDS_MAX) return ERR_INVALID;
    Classes ends = {.arena = arena, .kind = kind};
    Classes all = {.arena = arena, .kind = kind};
    ends.items = ARENA_TRY_ARRAY(arena, FeelValue, most + 1);
    all.items = ARENA_TRY_ARRAY(arena, FeelValue, 2 * most + 3);
    if (ends.items == NULL || all.items == NULL) return ERR_FULL;
    Err err = OK;
    if (kind == FEEL_BOOLEAN) {
        add(&all, feel_boolean(false));
        add(&all, feel_boolean(true));
    } else {
        if (!add_ends(&ends, sets, count)) return ERR_INVALID;
        err = spread(&ends, &all);
    }
    *ret = all.items;
    *ret_count = all.count;
    return arena_refused(arena) ? ERR_FULL : err;
}

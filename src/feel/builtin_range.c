/*
 * How points and ranges lie to each other. A point is the range that begins
 * and ends with it.
 */
#include "feel/builtin_int.h"

#define FN(id)                                                                 \
    FeelValue feel_fn_##id(FeelRun *run UNUSED, const FeelValue *args UNUSED,  \
                           uint32_t count UNUSED)

typedef struct Pair {
    FeelRange a;
    FeelRange b;
    bool point_a;
    bool point_b;
    int starts; /* a.low against b.low */
    int ends;   /* a.high against b.high */
    int a_b;    /* a.high against b.low */
    int b_a;    /* b.high against a.low */
} Pair;

static bool span_of(FeelValue value, FeelRange *ret, bool *ret_point)
{
    if (value.kind == FEEL_LIST && value.count == 1) {
        value = value.as.items[0];
    }
    *ret_point = value.kind != FEEL_RANGE;
    if (value.kind == FEEL_NULL) return false;
    if (value.kind == FEEL_RANGE) {
        *ret = *value.as.range;
        return ret->low.kind != FEEL_NULL && ret->high.kind != FEEL_NULL;
    }
    *ret = (FeelRange){
        .low = value, .high = value, .low_closed = true, .high_closed = true};
    return true;
}

/* Which forms a function has besides that of two ranges. */
enum { TWO_POINTS = 1, POINT_RANGE = 2, RANGE_POINT = 4 };

static bool has_form(const Pair *pair, int forms)
{
    if (pair->point_a && pair->point_b) return (forms & TWO_POINTS) != 0;
    if (pair->point_a) return (forms & POINT_RANGE) != 0;
    return !pair->point_b || (forms & RANGE_POINT) != 0;
}

static bool pair_of(FeelRun *run, const FeelValue *args, int forms, Pair *ret)
{
    return span_of(args[0], &ret->a, &ret->point_a) &&
           span_of(args[1], &ret->b, &ret->point_b) && has_form(ret, forms) &&
           feel_order(run, ret->a.low, ret->b.low, &ret->starts) &&
           feel_order(run, ret->a.high, ret->b.high, &ret->ends) &&
           feel_order(run, ret->a.high, ret->b.low, &ret->a_b) &&
           feel_order(run, ret->b.high, ret->a.low, &ret->b_a);
}

#define PAIR(forms)                                                            \
    Pair p;                                                                    \
    if (!pair_of(run, args, forms, &p)) return feel_misused(run)

static bool is_before(int order, bool end_closed, bool start_closed)
{
    return order < 0 || (order == 0 && (!end_closed || !start_closed));
}

FN(before)
{
    PAIR(TWO_POINTS | POINT_RANGE | RANGE_POINT);
    return feel_boolean(is_before(p.a_b, p.a.high_closed, p.b.low_closed));
}

FN(after)
{
    PAIR(TWO_POINTS | POINT_RANGE | RANGE_POINT);
    return feel_boolean(is_before(p.b_a, p.b.high_closed, p.a.low_closed));
}

FN(meets)
{
    PAIR(0);
    return feel_boolean(p.a_b == 0 && p.a.high_closed && p.b.low_closed);
}

FN(met_by)
{
    PAIR(0);
    return feel_boolean(p.b_a == 0 && p.b.high_closed && p.a.low_closed);
}

FN(overlaps)
{
    PAIR(0);
    return feel_boolean(!is_before(p.a_b, p.a.high_closed, p.b.low_closed) &&
                        !is_before(p.b_a, p.b.high_closed, p.a.low_closed));
}

FN(overlaps_before)
{
    PAIR(0);
    bool starts =
        p.starts < 0 || (p.starts == 0 && p.a.low_closed && !p.b.low_closed);
    bool ends =
        p.ends < 0 || (p.ends == 0 && (!p.a.high_closed || p.b.high_closed));
    bool touch = p.a_b > 0 || (p.a_b == 0 && p.a.high_closed && p.b.low_closed);
    return feel_boolean(starts && ends && touch);
}

FN(overlaps_after)
{
    PAIR(0);
    bool starts =
        p.starts > 0 || (p.starts == 0 && p.b.low_closed && !p.a.low_closed);
    bool ends =
        p.ends > 0 || (p.ends == 0 && (!p.b.high_closed || p.a.high_closed));
    bool touch = p.b_a > 0 || (p.b_a == 0 && p.b.high_closed && p.a.low_closed);
    return feel_boolean(starts && ends && touch);
}

/* a ends with b, and begins not before it. */
static FeelValue finishes(const FeelRange *a, const FeelRange *b, bool point,
                          int starts, int ends)
{
    if (point) return feel_boolean(ends == 0 && b->high_closed);
    bool inside =
        starts > 0 || (starts == 0 && (!a->low_closed || b->low_closed));
    return feel_boolean(ends == 0 && a->high_closed == b->high_closed &&
                        inside);
}

FN(finishes)
{
    PAIR(POINT_RANGE);
    return finishes(&p.a, &p.b, p.point_a, p.starts, p.ends);
}

FN(finished_by)
{
    PAIR(RANGE_POINT);
    return finishes(&p.b, &p.a, p.point_b, -p.starts, -p.ends);
}

static FeelValue starts(const FeelRange *a, const FeelRange *b, bool point,
                        int low, int high)
{
    if (point) return feel_boolean(low == 0 && b->low_closed);
    bool inside =
        high < 0 || (high == 0 && (!a->high_closed || b->high_closed));
    return feel_boolean(low == 0 && a->low_closed == b->low_closed && inside);
}

FN(starts)
{
    PAIR(POINT_RANGE);
    return starts(&p.a, &p.b, p.point_a, p.starts, p.ends);
}

FN(started_by)
{
    PAIR(RANGE_POINT);
    return starts(&p.b, &p.a, p.point_b, -p.starts, -p.ends);
}

static FeelValue within(const FeelRange *a, const FeelRange *b, int low,
                        int high)
{
    bool from = low > 0 || (low == 0 && (!a->low_closed || b->low_closed));
    bool to = high < 0 || (high == 0 && (!a->high_closed || b->high_closed));
    return feel_boolean(from && to);
}

FN(during)
{
    PAIR(POINT_RANGE);
    return within(&p.a, &p.b, p.starts, p.ends);
}

FN(includes)
{
    PAIR(RANGE_POINT);
    return within(&p.b, &p.a, -p.starts, -p.ends);
}

FN(coincides)
{
    PAIR(TWO_POINTS);
    return feel_boolean(p.starts == 0 && p.ends == 0 &&
                        p.a.low_closed == p.b.low_closed &&
                        p.a.high_closed == p.b.high_closed);
}

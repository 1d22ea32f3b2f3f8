/*
 * run_fast_int.h - what a household needs a hundred times, short enough to
 * stand in the loop of the machine: values of one simple kind compared, added
 * and joined by "and". Each answers false when it is not for it to say; the
 * handler of the operation then does it in full.
 */
#ifndef FEEL_RUN_FAST_INT_H
#define FEEL_RUN_FAST_INT_H

#include "feel/run_int.h"

enum { FEEL_FAST_TEXT_MAX = 64 }; /* longer texts cost steps to compare */

static inline bool feel_fast_plain(const FeelValue *a, const FeelValue *b)
{
    return a->kind == FEEL_NUMBER && b->kind == FEEL_NUMBER && !a->wide &&
           !b->wide;
}

/* The order of plain numbers of one scale or with a zero, or of dates. */
static inline bool feel_fast_order(const FeelValue *a, const FeelValue *b,
                                   int *ret)
{
    int64_t x = a->as.whole, y = b->as.whole;
    bool numbers =
        feel_fast_plain(a, b) && (a->scale == b->scale || x == 0 || y == 0);
    if (!numbers && (a->kind != FEEL_DATE || b->kind != FEEL_DATE)) {
        return false;
    }
    *ret = (x > y) - (x < y);
    return true;
}

/* Whether two values are equal; null equals null and nothing else. */
static inline bool feel_fast_equal(const FeelValue *a, const FeelValue *b,
                                   bool *ret)
{
    int order;
    if (a->kind == FEEL_NULL || b->kind == FEEL_NULL) {
        *ret = a->kind == b->kind;
        return true;
    }
    if (a->kind == FEEL_STRING && b->kind == FEEL_STRING &&
        a->count < FEEL_FAST_TEXT_MAX) {
        *ret = a->count == b->count &&
               (a->as.text == b->as.text ||
                memcmp(a->as.text, b->as.text, a->count) == 0);
        return true;
    }
    if (a->kind == FEEL_BOOLEAN && b->kind == FEEL_BOOLEAN) {
        *ret = a->as.whole == b->as.whole;
        return true;
    }
    if (!feel_fast_order(a, b, &order)) return false;
    *ret = order == 0;
    return true;
}

static inline bool feel_fast_compare(uint8_t code, const FeelValue *a,
                                     const FeelValue *b, FeelValue *ret)
{
    int order;
    if (!feel_fast_order(a, b, &order)) return false;
    *ret = feel_boolean(code == FEEL_OP_LESS         ? order < 0
                        : code == FEEL_OP_LESS_EQUAL ? order <= 0
                        : code == FEEL_OP_GREATER    ? order > 0
                                                     : order >= 0);
    return true;
}

/* "=" and "!=", and the test of a cell that holds a simple value. */
static inline bool feel_fast_same(uint8_t code, const FeelValue *a,
                                  const FeelValue *b, FeelValue *ret)
{
    bool same;
    if (code == FEEL_OP_TEST && a->kind != b->kind) return false;
    if (!feel_fast_equal(a, b, &same)) return false;
    *ret = feel_boolean(same == (code != FEEL_OP_NOT_EQUAL));
    return true;
}

static inline bool feel_fast_logic(uint8_t code, const FeelValue *a,
                                   const FeelValue *b, FeelValue *ret)
{
    if (a->kind != FEEL_BOOLEAN || b->kind != FEEL_BOOLEAN) return false;
    int64_t x = a->as.whole, y = b->as.whole;
    *ret = feel_boolean((code == FEEL_OP_AND ? x & y : x | y) != 0);
    return true;
}

static inline bool feel_fast_sum(uint8_t code, const FeelValue *a,
                                 const FeelValue *b, FeelValue *ret)
{
    int64_t sum;
    if (!feel_fast_plain(a, b) || a->scale != b->scale) return false;
    bool over = code == FEEL_OP_ADD
                    ? __builtin_add_overflow(a->as.whole, b->as.whole, &sum)
                    : __builtin_sub_overflow(a->as.whole, b->as.whole, &sum);
    if (over) return false;
    *ret = feel_number(sum, a->scale);
    return true;
}

static inline bool feel_fast_product(const FeelValue *a, const FeelValue *b,
                                     FeelValue *ret)
{
    int64_t product;
    int scale = a->scale + b->scale;
    if (!feel_fast_plain(a, b) || scale > FEEL_INLINE_SCALE_MAX ||
        __builtin_mul_overflow(a->as.whole, b->as.whole, &product)) {
        return false;
    }
    *ret = feel_number(product, (int8_t)scale);
    return true;
}

/* An item of an open loop: mostly there is room for it. */
static inline void feel_fast_push(FeelRun *run, const FeelValue *value)
{
    if (UNLIKELY(run->pushed_used == run->pushed_max)) {
        (void)feel_run_push(run, *value);
        return;
    }
    run->pushed[run->pushed_used++] = *value;
}

/* A step of the trace: mostly there is room for it. */
static inline void feel_fast_note(FeelRun *run, FeelNote note, int32_t index,
                                  const FeelValue *value)
{
    if (UNLIKELY(run->noted_used == run->noted_max)) {
        feel_run_note(run, note, index, *value);
        return;
    }
    FeelNoted *noted = &run->noted[run->noted_used++];
    noted->note = (int32_t)note;
    noted->index = index;
    noted->value = *value;
}

#endif

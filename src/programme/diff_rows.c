#include "programme/diff_rows.h"

enum { TABLE_CELLS_MAX = 4 << 20 /* of comparing all with all */ };

static const Str *row_at(const DiffRows *rows, uint32_t row)
{
    return rows->cells + (size_t)row * rows->width;
}

static bool row_equal(const DiffRows *old, uint32_t a, const DiffRows *now,
                      uint32_t b)
{
    const Str *one = row_at(old, a), *other = row_at(now, b);
    for (uint32_t i = 0; i < old->width; i++) {
        if (!str_equal(one[i], other[i])) return false;
    }
    return true;
}

/* How much two rows have in common; empty cells say nothing. */
static uint32_t likeness(const DiffRows *old, uint32_t a, const DiffRows *now,
                         uint32_t b, const uint32_t *weight)
{
    const Str *one = row_at(old, a), *other = row_at(now, b);
    uint32_t sum = 0;
    for (uint32_t i = 0; i < old->width; i++) {
        if (one[i].bytes > 0 && str_equal(one[i], other[i])) sum += weight[i];
    }
    return sum;
}

static void pair(DiffPair *old, DiffPair *now, uint32_t a, uint32_t b,
                 DiffFate fate)
{
    old[a] = (DiffPair){fate, b};
    now[b] = (DiffPair){fate, a};
}

/* The longest run of equal rows in the same order, between two places. */
static Err pair_equal(Arena *arena, const DiffRows *old, const DiffRows *now,
                      uint32_t from, uint32_t old_end, uint32_t now_end,
                      DiffPair *ret_old, DiffPair *ret_now)
{
    size_t high = old_end - from, wide = (size_t)(now_end - from) + 1;
    if (high * wide > TABLE_CELLS_MAX) return OK; /* moved ones come next */
    uint32_t *best = ARENA_TRY_ARRAY(arena, uint32_t, (high + 1) * wide);
    if (best == NULL) return ERR_FULL;
    for (size_t a = high; a-- > 0;) {
        for (size_t b = wide - 1; b-- > 0;) {
            uint32_t *at = &best[a * wide + b];
            if (row_equal(old, from + (uint32_t)a, now, from + (uint32_t)b)) {
                *at = at[wide + 1] + 1;
            } else {
                *at = at[wide] > at[1] ? at[wide] : at[1];
            }
        }
    }
    for (uint32_t a = 0, b = 0; a < high && b + 1 < wide;) {
        const uint32_t *at = &best[a * wide + b];
        if (row_equal(old, from + a, now, from + b)) {
            pair(ret_old, ret_now, from + a++, from + b++, DIFF_FATE_SAME);
        } else if (at[wide] >= at[1]) {
            a++;
        } else {
            b++;
        }
    }
    return OK;
}

/* Equal rows that stand elsewhere. */
static void pair_moved(const DiffRows *old, const DiffRows *now,
                       DiffPair *ret_old, DiffPair *ret_now)
{
    enum { COMPARED_MAX = 1 << 26 };
    uint32_t first = 0;
    if ((uint64_t)old->rows * now->rows > COMPARED_MAX) return;
    for (uint32_t a = 0; a < old->rows; a++) {
        if (ret_old[a].fate != DIFF_FATE_NONE) continue;
        for (uint32_t b = first; b < now->rows; b++) {
            if (ret_now[b].fate != DIFF_FATE_NONE) {
                first += b == first;
            } else if (row_equal(old, a, now, b)) {
                pair(ret_old, ret_now, a, b, DIFF_FATE_MOVED);
                break;
            }
        }
    }
}

/* The row that has most in common with one; of several the nearest. */
static bool nearest(const DiffRows *old, uint32_t a, const DiffRows *now,
                    const uint32_t *weight, const DiffPair *pairs,
                    uint32_t *ret, uint32_t *ret_likeness)
{
    uint32_t far = UINT32_MAX;
    *ret_likeness = 0;
    for (uint32_t b = 0; b < now->rows; b++) {
        if (pairs[b].fate != DIFF_FATE_NONE) continue;
        uint32_t like = likeness(old, a, now, b, weight);
        uint32_t apart = a > b ? a - b : b - a;
        if (like < *ret_likeness || like == 0) continue;
        if (like == *ret_likeness && apart >= far) continue;
        *ret = b;
        *ret_likeness = like;
        far = apart;
    }
    return *ret_likeness > 0;
}

/* Takes the likest pair of all, again and again. */
static void pair_changed(const DiffRows *old, const DiffRows *now,
                         const uint32_t *weight, DiffPair *ret_old,
                         DiffPair *ret_now)
{
    for (;;) {
        uint32_t likest = 0, one = 0, other = 0;
        for (uint32_t a = 0; a < old->rows; a++) {
            uint32_t b = 0, like;
            if (ret_old[a].fate == DIFF_FATE_NONE &&
                nearest(old, a, now, weight, ret_now, &b, &like) &&
                like > likest) {
                likest = like;
                one = a;
                other = b;
            }
        }
        if (likest == 0) return;
        pair(ret_old, ret_now, one, other, DIFF_FATE_CHANGED);
    }
}

/* So many unlike rows that only their order tells which is which. */
static void pair_in_order(const DiffRows *old, const DiffRows *now,
                          DiffPair *ret_old, DiffPair *ret_now)
{
    uint32_t b = 0;
    for (uint32_t a = 0; a < old->rows; a++) {
        if (ret_old[a].fate != DIFF_FATE_NONE) continue;
        while (b < now->rows && ret_now[b].fate != DIFF_FATE_NONE) b++;
        if (b == now->rows) return;
        pair(ret_old, ret_now, a, b, DIFF_FATE_CHANGED);
    }
}

static size_t unpaired(const DiffPair *pairs, uint32_t count)
{
    size_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        found += pairs[i].fate == DIFF_FATE_NONE;
    }
    return found;
}

Err diff_rows(Arena *arena, const DiffRows *old, const DiffRows *now,
              const uint32_t *weight, DiffPair **ret_old, DiffPair **ret_now)
{
    enum { LIKE_MAX = 1000 };
    uint32_t from = 0, old_end = old->rows, now_end = now->rows;
    *ret_old = ARENA_TRY_ARRAY(arena, DiffPair, (size_t)old->rows + 1);
    *ret_now = ARENA_TRY_ARRAY(arena, DiffPair, (size_t)now->rows + 1);
    if (*ret_old == NULL || *ret_now == NULL) return ERR_FULL;
    while (from < old_end && from < now_end &&
           row_equal(old, from, now, from)) {
        pair(*ret_old, *ret_now, from, from, DIFF_FATE_SAME);
        from++;
    }
    while (old_end > from && now_end > from &&
           row_equal(old, old_end - 1, now, now_end - 1)) {
        old_end--;
        now_end--;
        pair(*ret_old, *ret_now, old_end, now_end, DIFF_FATE_SAME);
    }
    TRY(pair_equal(arena, old, now, from, old_end, now_end, *ret_old,
                   *ret_now));
    pair_moved(old, now, *ret_old, *ret_now);
    size_t work = unpaired(*ret_old, old->rows);
    size_t other = unpaired(*ret_now, now->rows);
    if (work < LIKE_MAX && work * work * other <= TABLE_CELLS_MAX) {
        pair_changed(old, now, weight, *ret_old, *ret_now);
    } else {
        pair_in_order(old, now, *ret_old, *ret_now);
    }
    return OK;
}

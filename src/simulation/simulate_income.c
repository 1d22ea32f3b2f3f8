/* Incomes per head in order: how unequal they are, their tenths and median. */
#include "simulation/simulate_int.h"

enum { DIGIT_BITS = 11, HALF = 2 };

__extension__ typedef __int128 Wide;

enum { DIGITS = 1 << DIGIT_BITS, MOST_DIGITS = 6 };

/* How often each digit occurs at each of its places. */
typedef struct Digits {
    int64_t count[MOST_DIGITS][DIGITS];
} Digits;

static int64_t digit_of(int64_t value, int place)
{
    return value >> place * DIGIT_BITS & (DIGITS - 1);
}

/* Sorts numbers from 0 by their digits, from the last to the first. Gives the
 * one of both arrays in which they are in order then. */
static int64_t *sort_numbers(int64_t *values, int64_t *room, int64_t count,
                             int64_t most, Digits *digits)
{
    int places = 0;
    while (places < MOST_DIGITS && most >> places * DIGIT_BITS > 0) places++;
    memset(digits->count, 0, (size_t)places * sizeof digits->count[0]);
    for (int64_t i = 0; i < count; i++) {
        for (int p = 0; p < places; p++) {
            digits->count[p][digit_of(values[i], p)]++;
        }
    }
    for (int p = 0; p < places; p++) {
        int64_t *place = digits->count[p], next = 0;
        for (int64_t d = 0; d < DIGITS; d++) {
            int64_t many = place[d];
            place[d] = next;
            next += many;
        }
        for (int64_t i = 0; i < count; i++) {
            room[place[digit_of(values[i], p)]++] = values[i];
        }
        int64_t *sorted = room;
        room = values;
        values = sorted;
    }
    return values;
}

/* Incomes per head in order, with the amounts of a side unless that is -1. */
static const int64_t *sort_per_head(const Simulation *s, int side,
                                    int64_t *ret_count)
{
    Digits digits;
    int64_t count = 0, most = 0;
    for (int64_t i = 0; i < s->rows; i++) {
        const Household *h = &s->households[i];
        if (h->size == 0) continue;
        int64_t income = h->income + (side < 0 ? 0 : h->amount[side]);
        int64_t per_head = income < 0 ? 0 : income / h->size;
        if (per_head > most) most = per_head;
        s->sorted[count++] = per_head;
    }
    *ret_count = count;
    return sort_numbers(s->sorted, s->room, count, most, &digits);
}

static int64_t gini_of(const int64_t *sorted, int64_t count)
{
    Wide sum = 0, ranked = 0, n = count;
    for (int64_t i = 0; i < count; i++) {
        sum += sorted[i];
        ranked += (Wide)(i + 1) * sorted[i];
    }
    if (sum == 0) return 0;
    return (int64_t)((2 * ranked - (n + 1) * sum) * SIMULATE_ALL / (n * sum));
}

int64_t simulate_gini(const Simulation *s, int side)
{
    int64_t count;
    const int64_t *sorted = sort_per_head(s, side, &count);
    return gini_of(sorted, count);
}

void simulate_tenths(Simulation *s)
{
    int64_t bounds[SIMULATE_TENTHS - 1] = {0}, count;
    const int64_t *sorted = sort_per_head(s, -1, &count);
    for (int32_t k = 1; k < SIMULATE_TENTHS && count > 0; k++) {
        bounds[k - 1] = sorted[count * k / SIMULATE_TENTHS];
    }
    for (int64_t row = 0; row < s->rows; row++) {
        Household *h = &s->households[row];
        int64_t per_head = h->size == 0 ? 0 : h->income / h->size;
        while (h->tenth < SIMULATE_TENTHS - 1 && per_head >= bounds[h->tenth]) {
            h->tenth++; /* equal incomes are in one */
        }
    }
    sorted = sort_per_head(s, 0, &count);
    s->gini = gini_of(sorted, count);
    s->line = s->job.line;
    if (s->line == 0 && count > 0) s->line = sorted[count / 2] / HALF;
}

/* Incomes per head in order: how unequal they are, their tenths and median. */
#include "simulation/simulate_int.h"

enum { DIGIT_BITS = 11, HALF = 2 };

__extension__ typedef __int128 Wide;

/* Sorts numbers from 0, by their digits from the last to the first. */
static void sort_numbers(int64_t *values, int64_t *room, int64_t count)
{
    int64_t most = 0;
    for (int64_t i = 0; i < count; i++) {
        if (values[i] > most) most = values[i];
    }
    for (int shift = 0; shift < 63 && most >> shift > 0; shift += DIGIT_BITS) {
        int64_t place[1 << DIGIT_BITS] = {0}, next = 0;
        const int64_t mask = (1 << DIGIT_BITS) - 1;
        for (int64_t i = 0; i < count; i++) place[values[i] >> shift & mask]++;
        for (int64_t d = 0; d <= mask; d++) {
            int64_t many = place[d];
            place[d] = next;
            next += many;
        }
        for (int64_t i = 0; i < count; i++) {
            room[place[values[i] >> shift & mask]++] = values[i];
        }
        memcpy(values, room, (size_t)count * sizeof *values);
    }
}

/* Sorts incomes per head, with the amounts of a side unless that is -1; gives
 * their number. */
static int64_t sort_per_head(const Simulation *s, int side)
{
    int64_t count = 0;
    for (int64_t i = 0; i < s->rows; i++) {
        const Household *h = &s->households[i];
        if (h->size == 0) continue;
        int64_t income = h->income + (side < 0 ? 0 : h->amount[side]);
        s->sorted[count++] = income < 0 ? 0 : income / h->size;
    }
    sort_numbers(s->sorted, s->room, count);
    return count;
}

int64_t simulate_gini(const Simulation *s, int side)
{
    Wide sum = 0, ranked = 0, n = sort_per_head(s, side);
    for (int64_t i = 0; i < (int64_t)n; i++) {
        sum += s->sorted[i];
        ranked += (Wide)(i + 1) * s->sorted[i];
    }
    if (sum == 0) return 0;
    return (int64_t)((2 * ranked - (n + 1) * sum) * SIMULATE_ALL / (n * sum));
}

void simulate_tenths(Simulation *s)
{
    int64_t bounds[SIMULATE_TENTHS - 1] = {0}, count = sort_per_head(s, -1);
    for (int32_t k = 1; k < SIMULATE_TENTHS && count > 0; k++) {
        bounds[k - 1] = s->sorted[count * k / SIMULATE_TENTHS];
    }
    for (int64_t row = 0; row < s->rows; row++) {
        Household *h = &s->households[row];
        int64_t per_head = h->size == 0 ? 0 : h->income / h->size;
        while (h->tenth < SIMULATE_TENTHS - 1 && per_head >= bounds[h->tenth]) {
            h->tenth++; /* equal incomes are in one */
        }
    }
    s->gini = simulate_gini(s, 0); /* it leaves them in order */
    s->line = s->job.line;
    if (s->line == 0 && count > 0) s->line = s->sorted[count / 2] / HALF;
}

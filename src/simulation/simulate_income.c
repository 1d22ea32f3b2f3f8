/* Incomes per head in order: how unequal they are, their tenths and median. */
#include "simulation/simulate_int.h"
#include "simulation/team.h"

enum { DIGIT_BITS = 11, HALF = 2, ROOM_BYTES = 1 << 16 };

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

/* Two arrays with room for a number of each household. */
typedef struct Rooms {
    int64_t *one, *other;
} Rooms;

/* Incomes per head in order, with the amounts of a side unless that is -1. */
static const int64_t *sort_per_head(const Simulation *s, int side, Rooms rooms,
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
        rooms.one[count++] = per_head;
    }
    *ret_count = count;
    return sort_numbers(rooms.one, rooms.other, count, most, &digits);
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
    const int64_t *sorted =
        sort_per_head(s, side, (Rooms){s->sorted, s->room}, &count);
    return gini_of(sorted, count);
}

/* The work of simulate_tenths(). */
typedef struct Tenths {
    Simulation *simulation;
    Rooms rooms;
    int64_t bounds[SIMULATE_TENTHS - 1];
} Tenths;

static void find_bounds(Tenths *t)
{
    int64_t count;
    const int64_t *sorted = sort_per_head(t->simulation, -1, t->rooms, &count);
    for (int32_t k = 1; k < SIMULATE_TENTHS && count > 0; k++) {
        t->bounds[k - 1] = sorted[count * k / SIMULATE_TENTHS];
    }
}

static void find_line(Simulation *s)
{
    int64_t count;
    const int64_t *sorted =
        sort_per_head(s, 0, (Rooms){s->sorted, s->room}, &count);
    s->gini = gini_of(sorted, count);
    s->line = s->job.line;
    if (s->line == 0 && count > 0) s->line = sorted[count / 2] / HALF;
}

/* Incomes without what the law gives by one thread, with it by another. */
static Err sort_part(void *arg, int32_t number, Diag *diag)
{
    Tenths *t = arg;
    (void)diag;
    bool alone = t->simulation->job.threads == 1;
    if (number == 0) find_bounds(t);
    if (number == 1 || alone) find_line(t->simulation);
    return OK;
}

static Err place_part(void *arg, int32_t number, Diag *diag)
{
    const Tenths *t = arg;
    const Simulation *s = t->simulation;
    (void)diag;
    int64_t row = s->rows * number / s->job.threads;
    int64_t end = s->rows * (number + 1) / s->job.threads;
    for (; row < end; row++) {
        Household *h = &s->households[row];
        int64_t per_head = h->size == 0 ? 0 : h->income / h->size;
        while (h->tenth < SIMULATE_TENTHS - 1 &&
               per_head >= t->bounds[h->tenth]) {
            h->tenth++; /* equal incomes are in one */
        }
    }
    return OK;
}

Err simulate_tenths(Simulation *s, Diag *diag)
{
    size_t rows = (size_t)s->rows + 1;
    Arena *arena CLEANUP(arena_closep) =
        arena_open(2 * rows * sizeof(int64_t) + ROOM_BYTES);
    Tenths t = {.simulation = s};
    if (arena != NULL) {
        t.rooms.one = arena_try_raw(arena, rows, sizeof(int64_t));
        t.rooms.other = arena_try_raw(arena, rows, sizeof(int64_t));
    }
    if (t.rooms.one == NULL || t.rooms.other == NULL) {
        diag_set(diag, "snapshot.memory");
        return ERR_FULL;
    }
    TRY(team_run(s->job.threads > 1 ? 2 : 1, sort_part, &t, diag));
    return team_run(s->job.threads, place_part, &t, diag);
}

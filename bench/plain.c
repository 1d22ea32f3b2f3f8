#include "bench/plain.h"

static const int64_t food_by_size[] = {0,     15000, 22500, 30000, 36000,
                                       42000, 48000, 53000, 58000};

/* What the members of a household have together. */
typedef struct Members {
    int64_t income, pupils, cards;
    int64_t head;
} Members;

static inline Members add_up(const PlainPopulation *p, const PlainMonth *m,
                             int64_t from, int64_t to)
{
    Members all = {.head = from};
    for (int64_t i = from; i < to; i++) {
        int64_t salary = p->salary[i];
        if (salary > 0 && p->person_id[i] % 12 == m->month) salary += 20000;
        int64_t counted = salary > 75000 ? salary - 75000 : 0;
        all.income += counted + p->pension[i] + p->rent[i] + p->business[i];
        if (p->role[i] == 0) all.head = i;
        all.pupils += p->enrolled[i] && p->birth[i] <= m->six &&
                      p->birth[i] > m->nineteen;
        all.cards += p->birth[i] <= m->sixty && p->nationality[i] != 2;
    }
    return all;
}

void plain_decide(const PlainPopulation *p, const PlainMonth *m, int64_t from,
                  int64_t to, PlainSums *sums)
{
    for (int64_t h = from; h < to; h++) {
        int64_t first = p->first[h], end = p->first[h + 1], size = end - first;
        Members all = add_up(p, m, first, end);
        int64_t threshold = m->base + m->per_dependant * (size - 1);
        int reason = p->nationality[all.head] == 2   ? 1
                     : !p->resident[all.head]        ? 2
                     : p->days_abroad[all.head] > 90 ? 3
                     : p->in_shelter[h]              ? 4
                     : all.income >= threshold       ? 5
                                                     : 0;
        sums->refused[reason]++;
        sums->cards += all.cards;
        if (reason != 0) continue;
        int64_t pension = threshold - all.income;
        int64_t bag = 10000 * all.pupils;
        int64_t electricity = size <= 2   ? 4000
                              : size <= 5 ? 7000
                              : size <= 9 ? 10000
                                          : 13000;
        int64_t food = food_by_size[size < 8 ? size : 8];
        sums->pension += pension;
        sums->school_bag += bag;
        sums->electricity += electricity;
        sums->food += food;
        sums->total += pension + bag + electricity + food;
    }
}

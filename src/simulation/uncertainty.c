#include "simulation/uncertainty.h"

enum { CELLS = 3 };

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Whether one of its ends alone would tell of few: then what it adds to the
 * others is not told either. */
static bool tells_few(const Uncertainty *all, int32_t corner)
{
    for (int32_t i = 0; i < all->count; i++) {
        if (all->of[i].end[corner >> i & 1].hidden) return true;
    }
    return false;
}

static void widen(Uncertainty *all, const UncertainEnd *found)
{
    int64_t change = found->cost_after - found->cost_before;
    UncertainEnd *least = &all->least, *most = &all->most;
    if (least->hidden) {
        *least = *most = *found;
        all->least_change = all->most_change = change;
        return;
    }
    least->cost_before = least_of(least->cost_before, found->cost_before);
    least->cost_after = least_of(least->cost_after, found->cost_after);
    most->cost_before = most_of(most->cost_before, found->cost_before);
    most->cost_after = most_of(most->cost_after, found->cost_after);
    all->least_change = least_of(all->least_change, change);
    all->most_change = most_of(all->most_change, change);
}

void uncertainty_range(Uncertainty *all, const UncertainEnd *corner)
{
    all->least = all->most = (UncertainEnd){.hidden = true};
    if (all->count == 0) return; /* nothing was tried */
    for (int32_t c = 0; c < INT32_C(1) << all->count; c++) {
        if (corner[c].hidden || tells_few(all, c)) continue;
        widen(all, &corner[c]);
    }
}

void uncertainty_join(Uncertainty *all, const UncertainEnd *corner)
{
    for (int32_t i = 0; i < all->count; i++) {
        all->of[i].end[0] = corner[0];
        all->of[i].end[1] = corner[INT32_C(1) << i];
    }
    uncertainty_range(all, corner);
}

Err readings_read(Str tsv, const char *file, Diag *diag, Readings *ret)
{
    Str line;
    ret->count = 0;
    for (int32_t number = 1; str_split(&tsv, '\n', &line); number++) {
        Str cell[CELLS];
        int cells = 0;
        if (line.bytes == 0 || line.at[0] == '#') continue;
        while (cells < CELLS && str_split(&line, '\t', &cell[cells])) cells++;
        if (cells < CELLS || line.bytes > 0 || ret->count == READINGS_MAX) {
            diag_set(diag, "readings.line");
            diag_place(diag, file, number, 0);
            return ERR_INVALID;
        }
        ret->of[ret->count++] = (Reading){cell[0], cell[1], cell[2]};
    }
    return OK;
}

static bool rests_on(const Assumptions *assumptions, Str name)
{
    for (int32_t i = 0; i < assumptions->count; i++) {
        if (str_equal(assumptions->of[i].name, name)) return true;
    }
    return false;
}

void readings_take(const Readings *readings, const Assumptions *assumptions,
                   Uncertainty *ret)
{
    *ret = (Uncertainty){.count = 0};
    for (int32_t i = 0; i < readings->count; i++) {
        const Reading *reading = &readings->of[i];
        if (ret->count == UNCERTAIN_MAX) return;
        if (!rests_on(assumptions, reading->name)) continue;
        ret->of[ret->count++] =
            (Uncertain){.name = reading->name, .value[1] = reading->value};
    }
}

/* Takes a reading of a decision out of the table. */
static void drop(Readings *readings, Str name)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < readings->count; i++) {
        if (str_equal(readings->of[i].name, name)) continue;
        readings->of[kept++] = readings->of[i];
    }
    readings->count = kept;
}

Err readings_take_fitting(Readings *readings, const Assumptions *assumptions,
                          ReadingTry *fits, void *arg, Uncertainty *ret)
{
    Str refused[READINGS_MAX];
    int32_t count = 0, before;
    do {
        before = count;
        readings_take(readings, assumptions, ret);
        for (int32_t i = 0; i < ret->count; i++) {
            bool fit = false;
            TRY(fits(arg, &ret->of[i], &fit));
            if (!fit) refused[count++] = ret->of[i].name;
        }
        for (int32_t i = before; i < count; i++) drop(readings, refused[i]);
    } while (count > before);
    memcpy(ret->left_out, refused, (size_t)count * sizeof *refused);
    ret->left_out_count = count;
    return OK;
}

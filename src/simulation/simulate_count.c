/* Counts all households into their groups, and hides what tells of few. */
#include "simulation/simulate_int.h"
#include "simulation/team.h"

__extension__ typedef __int128 Wide;

/* Whether a household gets nothing on either side, as most do. */
static bool is_still(const Household *h)
{
    return !h->eligible[0] && !h->eligible[1] &&
           (h->amount[0] | h->amount[1]) == 0;
}

static void count_in(SimulateCell *cell, const Household *h, bool still)
{
    int64_t more = h->amount[1] - h->amount[0];
    cell->households++;
    if (still) return;
    cell->eligible_before += h->eligible[0];
    cell->eligible_after += h->eligible[1];
    cell->newly_in += !h->eligible[0] && h->eligible[1];
    cell->newly_out += h->eligible[0] && !h->eligible[1];
    cell->cost_before += h->amount[0];
    cell->cost_after += h->amount[1];
    cell->winners += more > 0;
    cell->losers += more < 0;
    if (more > 0) cell->gain += more;
    if (more < 0) cell->loss -= more;
}

/* Adds a cell `times` times: -1 takes it away. */
static void join_cell(SimulateCell *to, const SimulateCell *from, int64_t times)
{
    to->households += times * from->households;
    to->eligible_before += times * from->eligible_before;
    to->eligible_after += times * from->eligible_after;
    to->newly_in += times * from->newly_in;
    to->newly_out += times * from->newly_out;
    to->winners += times * from->winners;
    to->losers += times * from->losers;
    to->cost_before += times * from->cost_before;
    to->cost_after += times * from->cost_after;
    to->gain += times * from->gain;
    to->loss += times * from->loss;
}

static bool count_poor(SimulatePoor *poor, int64_t size, int64_t need,
                       int64_t income)
{
    bool is = income < need;
    poor->households += is;
    poor->persons += is ? size : 0;
    poor->gap += is ? need - income : 0;
    return is;
}

static void count_poverty(SimulatePoverty *poverty, const Household *h)
{
    int64_t need = poverty->line * h->size;
    count_poor(&poverty->without, h->size, need, h->income);
    bool before =
        count_poor(&poverty->before, h->size, need, h->income + h->amount[0]);
    bool after =
        count_poor(&poverty->after, h->size, need, h->income + h->amount[1]);
    poverty->lifted += before && !after;
    poverty->fallen += !before && after;
}

static void count_group(SimulateDimension *dimension, uint8_t group,
                        const Household *h, bool still)
{
    if (group < dimension->count) count_in(&dimension->cell[group], h, still);
}

/* The rows of a part of the households. */
static void count_rows(const Simulation *s, int32_t part, int32_t parts)
{
    SimulateReport *report = &s->partial[part];
    *report = (SimulateReport){.poverty.line = s->line};
    memcpy(report->dimension, s->empty, sizeof s->empty);
    int64_t end = s->rows * (part + 1) / parts;
    for (int64_t row = s->rows * part / parts; row < end; row++) {
        const Household *h = &s->households[row];
        if (h->size == 0) continue;
        int32_t size = h->size < SIMULATE_SIZES ? h->size : SIMULATE_SIZES;
        bool still = is_still(h);
        report->persons += h->size;
        count_in(&report->all, h, still);
        count_group(&report->dimension[0], h->region, h, still);
        count_group(&report->dimension[1], (uint8_t)(size - 1), h, still);
        count_group(&report->dimension[2], h->tenth, h, still);
        count_group(&report->dimension[3], h->age, h, still);
        count_group(&report->dimension[4], h->disability, h, still);
        count_poverty(&report->poverty, h);
    }
}

/* One thread puts incomes in order while the others count. */
static Err count_part(void *arg, int32_t number, Diag *diag)
{
    Simulation *s = arg;
    (void)diag;
    if (number == 0) s->gini_after = simulate_gini(s, 1);
    if (number > 0 || s->job.threads == 1) {
        count_rows(s, number == 0 ? 0 : number - 1, s->parts);
    }
    return OK;
}

static void join_poor(SimulatePoor *to, const SimulatePoor *from)
{
    to->households += from->households;
    to->persons += from->persons;
    to->gap += from->gap;
}

static void join(SimulateReport *to, const SimulateReport *from)
{
    to->persons += from->persons;
    join_cell(&to->all, &from->all, 1);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        for (int32_t g = 0; g < to->dimension[i].count; g++) {
            join_cell(&to->dimension[i].cell[g], &from->dimension[i].cell[g],
                      1);
        }
    }
    join_poor(&to->poverty.without, &from->poverty.without);
    join_poor(&to->poverty.before, &from->poverty.before);
    join_poor(&to->poverty.after, &from->poverty.after);
    to->poverty.lifted += from->poverty.lifted;
    to->poverty.fallen += from->poverty.fallen;
}

static void index_poor(SimulatePoor *poor, const SimulateReport *report)
{
    Wide all = (Wide)report->poverty.line * report->persons;
    poor->index =
        all == 0 ? 0 : (int64_t)((Wide)poor->gap * SIMULATE_ALL / all);
}

/* Whether a cost, and its difference from another, can be told for a year. */
static bool fits_a_year(int64_t cost)
{
    const int64_t most = INT64_MAX / 24;
    return cost <= most && cost >= -most;
}

Err simulate_count(Simulation *s, Diag *diag, SimulateReport *ret)
{
    s->parts = s->job.threads == 1 ? 1 : s->job.threads - 1;
    TRY(team_run(s->job.threads, count_part, s, diag));
    *ret = (SimulateReport){
        .poverty = {.line = s->line, .assumed = s->job.line == 0},
        .take_up = s->job.take_up == 0 ? SIMULATE_ALL : s->job.take_up};
    memcpy(ret->dimension, s->empty, sizeof s->empty);
    for (int32_t i = 0; i < s->parts; i++) join(ret, &s->partial[i]);
    if (!fits_a_year(ret->all.cost_before) ||
        !fits_a_year(ret->all.cost_after)) {
        diag_set(diag, "decide.sum");
        return ERR_RANGE;
    }
    ret->gini_before = s->gini;
    ret->gini_after = s->gini_after;
    index_poor(&ret->poverty.without, ret);
    index_poor(&ret->poverty.before, ret);
    index_poor(&ret->poverty.after, ret);
    return OK;
}

static bool is_small(int64_t count)
{
    return count > 0 && count < SIMULATE_SMALL;
}

/* Whether a group says something of fewer people than may be told of. */
static bool tells_few(const SimulateCell *cell)
{
    return is_small(cell->households) || is_small(cell->eligible_before) ||
           is_small(cell->eligible_after) || is_small(cell->newly_in) ||
           is_small(cell->newly_out) || is_small(cell->winners) ||
           is_small(cell->losers);
}

/* What a row tells by subtraction: who is eligible on both sides, on neither,
 * who gets the same, of all and of the eligible, who gains without being new,
 * who loses without being out. */
enum { DIFFERENCES = 9 };

static void subtract(const SimulateCell *cell, int64_t ret[DIFFERENCES])
{
    int64_t moved = cell->winners + cell->losers;
    ret[0] = cell->eligible_before - cell->newly_out;
    ret[1] = cell->households - cell->eligible_before;
    ret[2] = cell->households - cell->eligible_after;
    ret[3] = cell->households - moved;
    ret[4] = cell->eligible_before + cell->newly_in - moved;
    ret[5] = cell->eligible_after - cell->winners;
    ret[6] = cell->eligible_before - cell->losers;
    ret[7] = cell->winners - cell->newly_in;
    ret[8] = cell->losers - cell->newly_out;
}

/* Whether a difference within a row is of few; one that is of few in the whole
 * as well, which is rounded for it, is not looked at when `whole` is given. */
static bool differs_by_few(const SimulateCell *cell, const SimulateCell *whole)
{
    int64_t mine[DIFFERENCES], all[DIFFERENCES] = {0};
    subtract(cell, mine);
    if (whole != NULL) subtract(whole, all);
    for (int i = 0; i < DIFFERENCES; i++) {
        if (is_small(mine[i]) && !is_small(all[i])) return true;
    }
    return false;
}

/* The smallest group that is shown, or -1. */
static int32_t least_shown(const SimulateDimension *dimension)
{
    int32_t least = -1;
    for (int32_t i = 0; i < dimension->count; i++) {
        const SimulateCell *cell = &dimension->cell[i];
        if (cell->hidden || cell->households == 0) continue;
        if (least < 0 || cell->households < dimension->cell[least].households) {
            least = i;
        }
    }
    return least;
}

/* Hides small groups. What is left of the whole when those that are shown are
 * taken away must not tell of few either, nor be one hidden group alone: the
 * smallest others go with them until it does not. */
static void hide_groups(const SimulateCell *all, SimulateDimension *dimension)
{
    SimulateCell rest = *all;
    int32_t hidden = 0, least;
    for (int32_t i = 0; i < dimension->count; i++) {
        SimulateCell *cell = &dimension->cell[i];
        cell->hidden = tells_few(cell) || differs_by_few(cell, NULL);
        hidden += cell->hidden;
        if (!cell->hidden) join_cell(&rest, cell, -1);
    }
    while ((hidden == 1 || tells_few(&rest) || differs_by_few(&rest, all)) &&
           (least = least_shown(dimension)) >= 0) {
        dimension->cell[least].hidden = true;
        join_cell(&rest, &dimension->cell[least], 1);
        hidden++;
    }
}

/* Whether poverty tells of few, by a count or by the difference of two: who
 * is not poor, whom the law or the reform lifts over the line, who is poor on
 * both sides, who on neither. */
static bool poverty_tells_few(const SimulateReport *report)
{
    const SimulatePoverty *poverty = &report->poverty;
    const int64_t all = report->all.households;
    const int64_t without = poverty->without.households;
    const int64_t before = poverty->before.households;
    const int64_t after = poverty->after.households;
    const int64_t counts[] = {without,
                              before,
                              after,
                              poverty->lifted,
                              poverty->fallen,
                              all - without,
                              all - before,
                              all - after,
                              without - before,
                              without - after,
                              before - without,
                              after - without,
                              before - poverty->lifted,
                              all - before - poverty->fallen};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (is_small(counts[i])) return true;
    }
    return false;
}

/* Whether the whole is not to be told: few live there, few are entitled on a
 * side, or the reform touches few. */
static bool touches_few(const SimulateCell *all)
{
    int64_t moved = all->winners + all->losers;
    int64_t turned = all->newly_in + all->newly_out;
    return is_small(all->households) || is_small(all->eligible_before) ||
           is_small(all->eligible_after) ||
           is_small(moved > turned ? moved : turned);
}

void simulate_hide(SimulateReport *report)
{
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        hide_groups(&report->all, &report->dimension[i]);
    }
    report->all.hidden = touches_few(&report->all);
    report->poverty.hidden = report->all.hidden || poverty_tells_few(report);
    /* among the many whom it touches few may drop out, or lose, or keep what
     * they get: no figure of the whole, and no difference of two, tells how
     * many, nor what they lose */
    if (tells_few(&report->all) || differs_by_few(&report->all, NULL)) {
        simulate_round(report);
    }
}

int64_t simulate_expected(int64_t take_up, int64_t amount, int64_t without)
{
    Wide scaled =
        (Wide)amount * take_up + (Wide)without * (SIMULATE_ALL - take_up);
    Wide half = SIMULATE_ALL / 2;
    Wide whole = (scaled + half) / SIMULATE_ALL;
    if (scaled + half < 0 && (scaled + half) % SIMULATE_ALL != 0) whole--;
    return (int64_t)whole;
}

/* Rounds a report, so that two of them do not tell of few by their difference.
 */
#include "simulation/simulate.h"

enum { SHARE_STEP = 100 }; /* of a million: four decimals are told */

int64_t simulate_rounded(int64_t value, int64_t to)
{
    int64_t half = value < 0 ? -to / 2 : to / 2;
    return (value + half) / to * to;
}

static void round_count(int64_t *count)
{
    *count = simulate_rounded(*count, SIMULATE_COUNTS);
}

static void round_sum(int64_t *sum)
{
    *sum = simulate_rounded(*sum, SIMULATE_SUMS);
}

static void round_share(int64_t *share)
{
    *share = simulate_rounded(*share, SHARE_STEP);
}

static void round_cell(SimulateCell *cell)
{
    round_count(&cell->households);
    round_count(&cell->eligible_before);
    round_count(&cell->eligible_after);
    round_count(&cell->newly_in);
    round_count(&cell->newly_out);
    round_count(&cell->winners);
    round_count(&cell->losers);
    round_sum(&cell->cost_before);
    round_sum(&cell->cost_after);
    round_sum(&cell->gain);
    round_sum(&cell->loss);
}

static void round_poor(SimulatePoor *poor)
{
    round_count(&poor->households);
    round_count(&poor->persons);
    round_sum(&poor->gap);
    round_share(&poor->index);
}

void simulate_round(SimulateReport *report)
{
    SimulatePoverty *poverty = &report->poverty;
    round_count(&report->persons);
    round_cell(&report->all);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        SimulateDimension *dimension = &report->dimension[i];
        for (int32_t g = 0; g < dimension->count; g++) {
            round_cell(&dimension->cell[g]);
        }
    }
    round_share(&report->gini_before);
    round_share(&report->gini_after);
    round_poor(&poverty->without);
    round_poor(&poverty->before);
    round_poor(&poverty->after);
    round_count(&poverty->lifted);
    round_count(&poverty->fallen);
    report->rounded = true;
}

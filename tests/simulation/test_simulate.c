/*
 * What a report shows never tells of few: not by a group, not by what is left
 * when those that are shown are taken from the whole. Expected amounts are
 * exact.
 */
#include <stdlib.h>

#include "base/random.h"
#include "simulation/report.h"
#include "simulation/simulate_int.h"
#include "tests/harness.h"

enum { ROUNDS = 3000, BYTES = 1 << 22 };

static bool is_few(int64_t count)
{
    return count > 0 && count < SIMULATE_SMALL;
}

static bool cell_tells(const SimulateCell *cell)
{
    return is_few(cell->households) || is_few(cell->eligible_before) ||
           is_few(cell->eligible_after) || is_few(cell->newly_in) ||
           is_few(cell->newly_out) || is_few(cell->winners) ||
           is_few(cell->losers);
}

/* Whether two counts of a row differ by few households that are in the one
 * and not in the other. */
static bool cell_differs(const SimulateCell *cell)
{
    int64_t both = cell->eligible_before - cell->newly_out;
    int64_t more = cell->winners - cell->newly_in;
    int64_t less = cell->losers - cell->newly_out;
    return is_few(both) || is_few(more) || is_few(less) ||
           is_few(both - more - less) ||
           is_few(cell->eligible_after - cell->winners) ||
           is_few(cell->eligible_before - cell->losers) ||
           is_few(cell->households - cell->eligible_before) ||
           is_few(cell->households - cell->eligible_after) ||
           is_few(cell->households - cell->winners - cell->losers);
}

static void add(SimulateCell *to, const SimulateCell *from, int64_t times)
{
    to->households += times * from->households;
    to->eligible_before += times * from->eligible_before;
    to->eligible_after += times * from->eligible_after;
    to->newly_in += times * from->newly_in;
    to->newly_out += times * from->newly_out;
    to->winners += times * from->winners;
    to->losers += times * from->losers;
}

/* A count that is often nothing, often small. */
static int64_t pick(Random *random)
{
    static const uint64_t most[] = {1, 4, 12, 60, 1000};
    return (int64_t)random_below(random, most[random_below(random, 5)]);
}

static void pick_cell(Random *random, SimulateCell *cell)
{
    cell->eligible_before = pick(random);
    cell->newly_in = pick(random);
    cell->newly_out = pick(random) % (cell->eligible_before + 1);
    cell->eligible_after =
        cell->eligible_before + cell->newly_in - cell->newly_out;
    int64_t both = cell->eligible_before - cell->newly_out;
    int64_t more = random_below(random, 2) > 0 ? 0 : pick(random) % (both + 1);
    cell->winners = cell->newly_in + more;
    cell->losers = cell->newly_out;
    cell->households = cell->eligible_before + cell->newly_in + pick(random);
}

TEST(nothing_tells_of_few)
{
    Random random = random_make(20261122);
    SimulateReport *report = calloc(1, sizeof *report);
    SimulateDimension *exact = malloc(sizeof *exact);
    int64_t shown = 0, hidden = 0, rounded = 0;
    ck_assert(report != NULL && exact != NULL);
    for (int round = 0; round < ROUNDS; round++) {
        SimulateDimension *of = &report->dimension[round % 5];
        memset(report, 0, sizeof *report);
        of->count = 1 + (int32_t)random_below(&random, 12);
        for (int32_t g = 0; g < of->count; g++) {
            pick_cell(&random, &of->cell[g]);
            add(&report->all, &of->cell[g], 1);
        }
        SimulateCell unknown = {0}; /* in no group */
        if (round % 3 == 0) pick_cell(&random, &unknown);
        add(&report->all, &unknown, 1);
        SimulateCell rest = report->all;
        const bool tells = cell_tells(&rest), differs = cell_differs(&rest);
        *exact = *of;
        simulate_hide(report);
        if (report->all.hidden) continue;
        ck_assert_int_eq(report->rounded, tells || differs);
        if (report->rounded) {
            rounded++;
            for (int32_t g = 0; g < of->count; g++) {
                const SimulateCell *cell = &exact->cell[g];
                if (of->cell[g].hidden || cell->households == 0) continue;
                ck_assert(!tells);
                ck_assert(!cell_tells(cell) && !cell_differs(cell));
            }
            continue;
        }
        int32_t left_out = 0;
        for (int32_t g = 0; g < of->count; g++) {
            const SimulateCell *cell = &of->cell[g];
            left_out += cell->hidden;
            hidden += cell->hidden;
            if (cell->hidden) continue;
            shown += cell->households > 0;
            ck_assert(!cell_tells(cell) && !cell_differs(cell));
            add(&rest, cell, -1);
        }
        ck_assert(!cell_tells(&rest) && !cell_differs(&rest));
        ck_assert(left_out != 1 || rest.households == report->all.households);
    }
    ck_assert_int_gt(shown, ROUNDS / 10); /* it is not all hidden */
    ck_assert_int_gt(hidden, ROUNDS / 10);
    ck_assert_int_gt(rounded, ROUNDS / 10);
    free(exact);
    free(report);
}

TEST(a_row_tells_of_few_by_no_difference)
{
    SimulateReport *report = calloc(1, sizeof *report);
    ck_assert_ptr_nonnull(report);
    SimulateDimension *of = &report->dimension[0];
    of->count = 4;
    for (int32_t g = 0; g < of->count; g++) {
        of->cell[g] = (SimulateCell){.households = 200 + 10 * g,
                                     .eligible_before = 45,
                                     .eligible_after = 45,
                                     .winners = 20};
    }
    of->cell[3].winners = 40; /* five get what they got */
    for (int32_t g = 0; g < of->count; g++) add(&report->all, &of->cell[g], 1);
    simulate_hide(report);
    ck_assert(!report->all.hidden);
    ck_assert(of->cell[3].hidden);
    ck_assert(of->cell[0].hidden); /* else the others tell of it */
    ck_assert(!of->cell[1].hidden && !of->cell[2].hidden);
    /* as many as get nothing at all are too few as well */
    of->cell[3].winners = 20;
    of->cell[1].households = 52;
    report->all.winners -= 20;
    report->all.households -= 210 - 52;
    simulate_hide(report);
    ck_assert(of->cell[1].hidden && !of->cell[3].hidden);
    free(report);
}

TEST(few_among_many_round_the_whole)
{
    SimulateReport *report = calloc(1, sizeof *report);
    ck_assert_ptr_nonnull(report);
    const SimulateCell many = {.households = 20004,
                               .eligible_before = 7543,
                               .eligible_after = 7664,
                               .newly_in = 124,
                               .newly_out = 3,
                               .winners = 7661,
                               .losers = 3,
                               .cost_after = 123456789};
    report->all = many;
    simulate_hide(report);
    ck_assert(!report->all.hidden && report->rounded);
    ck_assert_int_eq(report->all.newly_out, 0);
    ck_assert_int_eq(report->all.winners, 7660);
    ck_assert_int_eq(report->all.cost_after, 123000000);
    /* as it is where nobody is few */
    *report = (SimulateReport){.all = many};
    report->all.newly_out = report->all.losers = 10;
    report->all.winners = 7641;
    simulate_hide(report);
    ck_assert(!report->all.hidden && !report->rounded);
    ck_assert_int_eq(report->all.winners, 7641);
    /* hidden where it touches few, or few are entitled */
    *report = (SimulateReport){.all = many};
    report->all.newly_in = report->all.winners = 6;
    simulate_hide(report);
    ck_assert(report->all.hidden);
    *report = (SimulateReport){.all = many};
    report->all.eligible_before = 9;
    simulate_hide(report);
    ck_assert(report->all.hidden);
    free(report);
}

/* Whether a whole is rounded that is told. */
static bool is_rounded(SimulateReport *report, SimulateCell all)
{
    *report = (SimulateReport){.all = all};
    simulate_hide(report);
    ck_assert(!report->all.hidden);
    return report->rounded;
}

TEST(a_difference_of_few_rounds_the_whole)
{
    SimulateReport *report = calloc(1, sizeof *report);
    ck_assert_ptr_nonnull(report);
    SimulateCell all = {.households = 1000,
                        .eligible_before = 500,
                        .eligible_after = 600,
                        .newly_in = 100,
                        .winners = 103}; /* three gain without being new */
    ck_assert(is_rounded(report, all));
    ck_assert_int_eq(report->all.winners, 100);
    all.winners = 110;
    ck_assert(!is_rounded(report, all));
    all = (SimulateCell){.households = 1000,
                         .eligible_before = 500,
                         .eligible_after = 480,
                         .newly_out = 20,
                         .losers = 497}; /* three keep what they get */
    ck_assert(is_rounded(report, all));
    ck_assert_int_eq(report->all.losers, 500);
    all.losers = 490;
    ck_assert(!is_rounded(report, all));
    ck_assert_int_eq(report->all.losers, 490);
    free(report);
}

TEST(poverty_of_few_is_hidden)
{
    SimulateReport *report = calloc(1, sizeof *report);
    ck_assert_ptr_nonnull(report);
    report->poverty.before.households = 500;
    report->poverty.after.households = 490;
    report->poverty.lifted = 10;
    simulate_hide(report);
    ck_assert(!report->poverty.hidden);
    report->poverty.lifted = 9;
    simulate_hide(report);
    ck_assert(report->poverty.hidden);
    /* nor may a difference tell: the law itself lifts five */
    report->poverty.lifted = 10;
    report->poverty.without.households = 505;
    simulate_hide(report);
    ck_assert(report->poverty.hidden);
    report->poverty.without.households = 510;
    simulate_hide(report);
    ck_assert(!report->poverty.hidden);
    report->all.households = 515; /* five are not poor without it */
    simulate_hide(report);
    ck_assert(report->poverty.hidden);
    /* who is poor on neither side: of twenty who were not, 15 fall */
    *report = (SimulateReport){.all.households = 1000,
                               .poverty = {.without.households = 990,
                                           .before.households = 980,
                                           .after.households = 975,
                                           .lifted = 20,
                                           .fallen = 15}};
    simulate_hide(report);
    ck_assert(report->poverty.hidden);
    report->poverty.fallen = 10;
    report->poverty.after.households = 970;
    simulate_hide(report);
    ck_assert(!report->poverty.hidden);
    free(report);
}

TEST(rounding_goes_to_the_next_multiple)
{
    static const int64_t cases[][3] = {
        {0, 10, 0},    {4, 10, 0},
        {5, 10, 10},   {14, 10, 10},
        {-5, 10, -10}, {-14, 10, -10},
        {-4, 10, 0},   {1499999, 1000000, 1000000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(simulate_rounded(cases[i][0], cases[i][1]),
                         cases[i][2]);
    }
}

/* All that a report counts, and all that it sums, of a group. */
static void expect_rounded(const SimulateCell *cell)
{
    const int64_t counts[] = {cell->households,     cell->eligible_before,
                              cell->eligible_after, cell->newly_in,
                              cell->newly_out,      cell->winners,
                              cell->losers};
    const int64_t sums[] = {cell->cost_before, cell->cost_after, cell->gain,
                            cell->loss};
    for (int i = 0; i < 7; i++) ck_assert_int_eq(counts[i] % 10, 0);
    for (int i = 0; i < 4; i++) ck_assert_int_eq(sums[i] % 1000000, 0);
}

TEST(a_rounded_report_does_not_tell_one_household_more)
{
    SimulateReport *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
    ck_assert(a != NULL && b != NULL);
    Random random = random_make(7);
    a->dimension[0].count = 8;
    for (int32_t g = 0; g < 8; g++) {
        SimulateCell *cell = &a->dimension[0].cell[g];
        pick_cell(&random, cell);
        cell->cost_before = pick(&random) * 132000;
        cell->gain = pick(&random) * 777;
        cell->loss = pick(&random) * 12345;
        cell->cost_after = cell->cost_before + cell->gain - cell->loss;
    }
    a->all = (SimulateCell){.households = 2600,
                            .eligible_after = 711,
                            .winners = 711,
                            .cost_after = 93865033,
                            .gain = 93865033};
    a->gini_after = 345678;
    a->poverty.after = (SimulatePoor){123, 457, 7654321, 98765};
    *b = *a;
    b->all.eligible_after++;
    b->all.winners++;
    b->all.cost_after += 132000;
    b->all.gain += 132000;
    simulate_round(a);
    simulate_round(b);
    ck_assert(memcmp(&a->all, &b->all, sizeof a->all) == 0);
    expect_rounded(&a->all);
    for (int32_t g = 0; g < 8; g++) {
        expect_rounded(&a->dimension[0].cell[g]);
    }
    ck_assert_int_eq(a->gini_after, 345700);
    ck_assert_int_eq(a->poverty.after.households, 120);
    ck_assert_int_eq(a->poverty.after.persons, 460);
    ck_assert_int_eq(a->poverty.after.gap, 8000000);
    ck_assert_int_eq(a->poverty.after.index, 98800);
    ck_assert(a->rounded);
    free(a);
    free(b);
}

TEST(expected_amounts_are_exact)
{
    ck_assert_int_eq(simulate_expected(SIMULATE_ALL, 123, 456), 123);
    ck_assert_int_eq(simulate_expected(850000, 100, 0), 85);
    ck_assert_int_eq(simulate_expected(500000, 1, 0), 1); /* half up */
    ck_assert_int_eq(simulate_expected(499999, 1, 0), 0);
    ck_assert_int_eq(simulate_expected(500000, -1, 0), 0);
    ck_assert_int_eq(simulate_expected(500000, -3, 0), -1);
    ck_assert_int_eq(simulate_expected(600000, -1, 0), -1);
    ck_assert_int_eq(simulate_expected(250000, 100, 200), 175);
    ck_assert_int_eq(simulate_expected(999999, INT64_MAX, INT64_MAX),
                     INT64_MAX);
}

/* The commas of the line that begins there. */
static int commas(Str line)
{
    int count = 0;
    for (size_t i = 0; i < line.bytes; i++) count += line.at[i] == ',';
    return count;
}

TEST(a_report_on_few_has_no_figures)
{
    SimulateReport *found = calloc(1, sizeof *found);
    Arena *arena = arena_open(BYTES);
    Buf buf = buf_make(BYTES);
    ck_assert_ptr_nonnull(found);
    found->all = (SimulateCell){.households = 77001,
                                .eligible_before = 5,
                                .cost_before = 88002,
                                .eligible_after = 77003};
    found->take_up = SIMULATE_ALL;
    found->gini_before = 990044;
    found->dimension[1].name = "size";
    found->dimension[1].count = 2;
    found->dimension[1].label[0] = STR("1");
    found->dimension[1].label[1] = STR("2+");
    found->dimension[1].cell[0] = found->all;
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        if (i != 1) found->dimension[i].name = "none";
    }
    simulate_hide(found);
    ReformReport report = {.month = 672, .found = found};
    TextStyle style = {text_empty(arena), TEXT_EN, false, false};
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    report_json(&out, &report);
    json_out_object_end(&out);
    size_t json_bytes = buf.bytes;
    report_csv(&buf, &report);
    Str rest = {buf.at + json_bytes, buf.bytes - json_bytes}, line;
    int wanted = -1;
    while (str_split(&rest, '\n', &line) && line.bytes > 0) {
        if (wanted < 0) wanted = commas(line);
        ck_assert_int_eq(commas(line), wanted);
    }
    ck_assert_int_eq(report_page(&buf, arena, &style, &report), OK);
    buf_char(&buf, '\0');
    ck_assert(!buf_full(&buf));
    static const char *const secrets[] = {"880.02", "8,800", "77003", "77,003",
                                          "0.9900"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        ck_assert_msg(strstr(buf.at, secrets[i]) == NULL, "%s", secrets[i]);
    }
    buf_free(&buf);
    arena_close(arena);
    free(found);
}

TEST(readings_that_were_all_left_out_have_no_least_and_most)
{
    SimulateReport *found = calloc(1, sizeof *found);
    const UncertainEnd law = {.cost_before = 77001, .cost_after = 88002};
    Uncertainty all = {.left_out = {STR("Class")}, .left_out_count = 1};
    Buf buf = buf_make(BYTES);
    ck_assert_ptr_nonnull(found);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        found->dimension[i].name = "none";
    }
    uncertainty_join(&all, &law);
    ck_assert(all.least.hidden && all.most.hidden);
    ReformReport report = {.month = 672, .found = found, .uncertainty = &all};
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    report_json(&out, &report);
    json_out_object_end(&out);
    report_csv(&buf, &report);
    buf_char(&buf, '\0');
    ck_assert(!buf_full(&buf));
    ck_assert_ptr_nonnull(strstr(buf.at, "\"uncertainty\":{\"tried\":false,"
                                         "\"assumptions\":[],"
                                         "\"left_out\":[\"Class\"]}"));
    ck_assert_ptr_nonnull(strstr(buf.at, "\nuncertain,none tried,0,"));
    ck_assert_ptr_nonnull(strstr(buf.at, "\nleft_out,\"Class\",0,"));
    ck_assert_ptr_null(strstr(buf.at, "least"));
    ck_assert_ptr_null(strstr(buf.at, "770.01"));
    ck_assert_ptr_null(strstr(buf.at, "rounded"));
    buf_free(&buf);
    free(found);
}

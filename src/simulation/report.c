/* A simulation as JSON and CSV. */
#include "simulation/report.h"

enum { MONTHS = 12, PLACES = 6, SHOWN = 4 };

static void member_money(JsonOut *out, const char *key, int64_t minor)
{
    json_put_money(out, key, (Money){minor});
}

/* A share in millionths, with so many places. */
static void write_share(Buf *buf, int64_t share, int places)
{
    int64_t unit = 1;
    for (int i = places; i < PLACES; i++) unit *= 10;
    int64_t ten = SIMULATE_ALL / unit;
    int64_t rounded = (share + unit / 2) / unit;
    buf_format(buf, "%lld.%0*lld", (long long)(rounded / ten), places,
               (long long)(rounded % ten));
}

static void member_share(JsonOut *out, const char *key, int64_t share,
                         int places)
{
    char room[32];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    write_share(&text, share, places);
    json_put_number(out, key, buf_view(&text));
}

static void changes_json(JsonOut *out, const SimulateCell *cell)
{
    json_put_int(out, "newly_in", cell->newly_in);
    json_put_int(out, "newly_out", cell->newly_out);
    json_put_int(out, "winners", cell->winners);
    member_money(out, "gain", cell->gain);
    json_put_int(out, "losers", cell->losers);
    member_money(out, "loss", cell->loss);
}

static void side_json(JsonOut *out, const char *key,
                      const SimulateReport *report, int64_t eligible,
                      int64_t cost, int64_t gini)
{
    json_out_key(out, key);
    json_out_object(out);
    json_put_int(out, "eligible", eligible);
    member_money(out, "cost", cost);
    member_money(out, "cost_of_a_year", cost * MONTHS);
    if (report->take_up != SIMULATE_ALL) {
        int64_t expected = simulate_expected(report->take_up, cost, 0);
        member_money(out, "expected_cost", expected);
        member_money(out, "expected_cost_of_a_year",
                     simulate_expected(report->take_up, cost * MONTHS, 0));
    }
    member_share(out, "gini", gini, SHOWN);
    json_out_object_end(out);
}

static void cell_json(JsonOut *out, Str label, const SimulateReport *report,
                      const SimulateCell *cell)
{
    json_out_object(out);
    json_put_str(out, "group", label);
    json_put_bool(out, "hidden", cell->hidden);
    if (!cell->hidden) {
        json_put_int(out, "households", cell->households);
        json_put_int(out, "eligible_before", cell->eligible_before);
        json_put_int(out, "eligible_after", cell->eligible_after);
        member_money(out, "cost_before", cell->cost_before);
        member_money(out, "cost_after", cell->cost_after);
        if (report->take_up != SIMULATE_ALL) {
            member_money(
                out, "expected_cost_before",
                simulate_expected(report->take_up, cell->cost_before, 0));
            member_money(
                out, "expected_cost_after",
                simulate_expected(report->take_up, cell->cost_after, 0));
        }
        changes_json(out, cell);
    }
    json_out_object_end(out);
}

static void whole_json(JsonOut *out, const SimulateReport *report)
{
    const SimulateCell *all = &report->all;
    json_put_int(out, "households", all->households);
    json_put_int(out, "persons", report->persons);
    json_put_bool(out, "hidden", all->hidden);
    if (all->hidden) return;
    if (report->take_up != SIMULATE_ALL) {
        member_share(out, "take_up", report->take_up, PLACES);
    }
    side_json(out, "before", report, all->eligible_before, all->cost_before,
              report->gini_before);
    side_json(out, "after", report, all->eligible_after, all->cost_after,
              report->gini_after);
    json_out_key(out, "change");
    json_out_object(out);
    json_put_int(out, "eligible", all->eligible_after - all->eligible_before);
    member_money(out, "cost", all->cost_after - all->cost_before);
    member_money(out, "cost_of_a_year",
                 (all->cost_after - all->cost_before) * MONTHS);
    changes_json(out, all);
    json_out_object_end(out);
}

static void poor_json(JsonOut *out, const char *key,
                      const SimulateReport *report, const SimulatePoor *poor)
{
    json_out_key(out, key);
    json_out_object(out);
    json_put_int(out, "households", poor->households);
    json_put_int(out, "persons", poor->persons);
    member_money(out, "gap", poor->gap);
    if (report->take_up != SIMULATE_ALL) {
        member_money(out, "expected_gap",
                     simulate_expected(report->take_up, poor->gap,
                                       report->poverty.without.gap));
    }
    member_share(out, "gap_index", poor->index, SHOWN);
    json_out_object_end(out);
}

static void poverty_json(JsonOut *out, const SimulateReport *report)
{
    const SimulatePoverty *poverty = &report->poverty;
    json_out_key(out, "poverty");
    json_out_object(out);
    member_money(out, "line", poverty->line);
    json_put_text(out, "line_is",
                  poverty->assumed ? "assumed: half the median income "
                                     "per head before the reform"
                                   : "stated");
    json_put_bool(out, "hidden", poverty->hidden);
    if (!poverty->hidden) {
        poor_json(out, "without", report, &poverty->without);
        poor_json(out, "before", report, &poverty->before);
        poor_json(out, "after", report, &poverty->after);
        json_put_int(out, "lifted", poverty->lifted);
        json_put_int(out, "fallen", poverty->fallen);
    }
    json_out_object_end(out);
}

static void end_json(JsonOut *out, const UncertainEnd *end)
{
    json_put_bool(out, "hidden", end->hidden);
    if (end->hidden) return;
    member_money(out, "cost_before", end->cost_before);
    member_money(out, "cost_after", end->cost_after);
    member_money(out, "change", end->cost_after - end->cost_before);
}

static void uncertain_json(JsonOut *out, const Uncertain *of)
{
    json_out_object(out);
    json_put_str(out, "name", of->name);
    json_out_key(out, "ends");
    json_out_array(out);
    for (int i = 0; i < 2; i++) {
        json_out_object(out);
        if (of->value[i].bytes > 0) {
            json_put_str(out, "value", of->value[i]);
        } else {
            json_out_key(out, "value");
            json_out_null(out);
        }
        end_json(out, &of->end[i]);
        json_out_object_end(out);
    }
    json_out_array_end(out);
    json_out_object_end(out);
}

static void range_json(JsonOut *out, const char *key, int64_t least,
                       int64_t most)
{
    json_out_key(out, key);
    json_out_array(out);
    json_out_money(out, (Money){least});
    json_out_money(out, (Money){most});
    json_out_array_end(out);
}

static void tried_json(JsonOut *out, const Uncertainty *all)
{
    json_put_bool(out, "hidden", all->least.hidden);
    if (!all->least.hidden) {
        range_json(out, "cost_before", all->least.cost_before,
                   all->most.cost_before);
        range_json(out, "cost_after", all->least.cost_after,
                   all->most.cost_after);
        range_json(out, "change", all->least_change, all->most_change);
    }
    member_money(out, "amounts_rounded_to", SIMULATE_SUMS);
}

static void uncertainty_json(JsonOut *out, const Uncertainty *all)
{
    json_out_key(out, "uncertainty");
    json_out_object(out);
    json_put_bool(out, "tried", all->count > 0);
    json_out_key(out, "assumptions");
    json_out_array(out);
    for (int32_t i = 0; i < all->count; i++) uncertain_json(out, &all->of[i]);
    json_out_array_end(out);
    if (all->left_out_count > 0) {
        json_out_key(out, "left_out");
        json_out_array(out);
        for (int32_t i = 0; i < all->left_out_count; i++) {
            json_out_str(out, all->left_out[i]);
        }
        json_out_array_end(out);
    }
    if (all->count > 0) tried_json(out, all);
    json_out_object_end(out);
}

static void assumptions_json(JsonOut *out, const Assumptions *all)
{
    json_out_key(out, "assumptions");
    json_out_array(out);
    for (int32_t i = 0; i < all->count; i++) {
        json_out_object(out);
        json_put_str(out, "name", all->of[i].name);
        json_put_str(out, "status", all->of[i].status);
        json_put_int(out, "rows", all->of[i].rows);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

void report_json(JsonOut *out, const ReformReport *report)
{
    char room[16], key[48];
    const SimulateReport *found = report->found;
    Buf month = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    month_write(&month, report->month);
    json_put_str(out, "month", buf_view(&month));
    whole_json(out, found);
    poverty_json(out, found);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        const SimulateDimension *dimension = &found->dimension[i];
        snprintf(key, sizeof key, "by_%s", dimension->name);
        json_out_key(out, key);
        json_out_array(out);
        for (int32_t g = 0; g < dimension->count; g++) {
            cell_json(out, dimension->label[g], found, &dimension->cell[g]);
        }
        json_out_array_end(out);
    }
    if (report->assumptions != NULL) {
        assumptions_json(out, report->assumptions);
    }
    if (report->uncertainty != NULL) {
        uncertainty_json(out, report->uncertainty);
    }
    json_put_int(out, "fewest_shown", SIMULATE_SMALL);
    if (found->rounded) {
        json_put_int(out, "counts_rounded_to", SIMULATE_COUNTS);
        member_money(out, "amounts_rounded_to", SIMULATE_SUMS);
    }
}

static void csv_money(Buf *buf, int64_t minor)
{
    buf_char(buf, ',');
    money_write(buf, (Money){minor});
}

static void csv_int(Buf *buf, int64_t value)
{
    buf_char(buf, ',');
    buf_int(buf, value);
}

static void csv_cell(Buf *buf, int64_t take_up, const SimulateCell *cell)
{
    const int64_t costs[] = {cell->cost_before, cell->cost_after};
    csv_int(buf, cell->households);
    csv_int(buf, cell->eligible_before);
    csv_int(buf, cell->eligible_after);
    csv_int(buf, cell->newly_in);
    csv_int(buf, cell->newly_out);
    csv_int(buf, cell->winners);
    csv_money(buf, cell->gain);
    csv_int(buf, cell->losers);
    csv_money(buf, cell->loss);
    for (int i = 0; i < 2; i++) {
        csv_money(buf, costs[i]);
        csv_money(buf, costs[i] * MONTHS);
        csv_money(buf, simulate_expected(take_up, costs[i], 0));
    }
}

static void csv_share(Buf *buf, int64_t share)
{
    buf_char(buf, ',');
    write_share(buf, share, PLACES);
}

static void csv_poverty(Buf *buf, const SimulatePoverty *poverty)
{
    const SimulatePoor *sides[] = {&poverty->before, &poverty->after};
    csv_money(buf, poverty->line);
    if (poverty->hidden) {
        buf_text(buf, ",,,,,,,,");
        return;
    }
    for (int i = 0; i < 2; i++) {
        csv_int(buf, sides[i]->households);
        csv_int(buf, sides[i]->persons);
        csv_money(buf, sides[i]->gap);
        csv_share(buf, sides[i]->index);
    }
}

static void csv_of_groups(Buf *buf, int64_t take_up,
                          const SimulateDimension *dimension)
{
    for (int32_t g = 0; g < dimension->count; g++) {
        const SimulateCell *cell = &dimension->cell[g];
        buf_format(buf, "%s,%.*s,%d", dimension->name,
                   STR_ARG(dimension->label[g]), cell->hidden);
        if (cell->hidden) {
            buf_text(buf, ",,,,,,,,,,,,,,,");
        } else {
            csv_cell(buf, take_up, cell);
        }
        buf_text(buf, ",,,,,,,,,,,\r\n");
    }
}

/* A field that may hold anything. */
static void csv_field(Buf *buf, Str text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] == '"') buf_char(buf, '"');
        buf_char(buf, text.at[i]);
    }
}

/* A row of what both sides cost, and of nothing else. */
static void csv_costs(Buf *buf, const UncertainEnd *end)
{
    const int64_t costs[] = {end->cost_before, end->cost_after};
    buf_format(buf, ",%d,,,,,,,,,", end->hidden);
    for (int i = 0; i < 2; i++) {
        if (end->hidden) {
            buf_text(buf, ",,,");
            continue;
        }
        csv_money(buf, costs[i]);
        csv_money(buf, costs[i] * MONTHS);
        buf_char(buf, ',');
    }
    buf_text(buf, ",,,,,,,,,,,\r\n");
}

/* The decisions that rest on what is not confirmed; no figures are theirs. */
static void csv_assumptions(Buf *buf, const Assumptions *all)
{
    for (int32_t i = 0; i < all->count; i++) {
        buf_format(buf, "%.*s,\"", STR_ARG(all->of[i].status));
        csv_field(buf, all->of[i].name);
        buf_text(buf, "\",0,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n");
    }
}

/* What assumptions cost at their ends, and the least and most of all. */
static void csv_uncertainty(Buf *buf, const Uncertainty *all)
{
    for (int32_t i = 0; i < 2 * all->count; i++) {
        const Uncertain *of = &all->of[i / 2];
        buf_text(buf, "uncertain,\"");
        csv_field(buf, of->name);
        if (of->value[i % 2].bytes > 0) buf_text(buf, " = ");
        csv_field(buf, of->value[i % 2]);
        buf_char(buf, '"');
        csv_costs(buf, &of->end[i % 2]);
    }
    for (int32_t i = 0; i < all->left_out_count; i++) {
        buf_text(buf, "left_out,\"");
        csv_field(buf, all->left_out[i]);
        buf_text(buf, "\",0,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n");
    }
    if (all->count == 0) {
        buf_text(buf, "uncertain,none tried,0,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n");
        return;
    }
    buf_text(buf, "uncertain,least");
    csv_costs(buf, &all->least);
    buf_text(buf, "uncertain,most");
    csv_costs(buf, &all->most);
    buf_text(buf, "rounded,uncertain costs a month to ");
    money_write(buf, (Money){SIMULATE_SUMS});
    buf_text(buf, ",0,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n");
}

void report_csv(Buf *buf, const ReformReport *report)
{
    const SimulateReport *found = report->found;
    buf_text(buf,
             "by,group,hidden,households,eligible_before,eligible_after,"
             "newly_in,newly_out,winners,gain,losers,loss,"
             "cost_before,cost_of_a_year_before,expected_cost_before,"
             "cost_after,cost_of_a_year_after,expected_cost_after,"
             "gini_before,gini_after,poverty_line,"
             "poor_households_before,poor_persons_before,poverty_gap_before,"
             "poverty_gap_index_before,"
             "poor_households_after,poor_persons_after,poverty_gap_after,"
             "poverty_gap_index_after\r\n");
    buf_format(buf, "all,,%d", found->all.hidden);
    if (found->all.hidden) {
        buf_text(buf, ",,,,,,,,,,,,,,,,,");
    } else {
        csv_cell(buf, found->take_up, &found->all);
        csv_share(buf, found->gini_before);
        csv_share(buf, found->gini_after);
    }
    csv_poverty(buf, &found->poverty);
    buf_text(buf, "\r\n");
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        csv_of_groups(buf, found->take_up, &found->dimension[i]);
    }
    if (found->rounded) {
        buf_format(buf, "rounded,counts to %d and amounts a month to ",
                   SIMULATE_COUNTS);
        money_write(buf, (Money){SIMULATE_SUMS});
        buf_text(buf, ",0,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n");
    }
    if (report->assumptions != NULL) csv_assumptions(buf, report->assumptions);
    if (report->uncertainty != NULL) csv_uncertainty(buf, report->uncertainty);
}

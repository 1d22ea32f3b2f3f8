#include "web/policy_bench.h"

#include "text/number.h"
#include "web/fill.h"

/* The most that a slider reaches, and its step. */
static void fill_range(Visit *visit, const Figure *figure, PageField *field)
{
    Decimal law = {0, 0};
    int64_t unit = 1, most = 100, step = 1;
    bool some = number_read(figure->law, &law) && law.coefficient > 0;
    for (int32_t i = 0; i < law.scale; i++) unit *= 10;
    if (figure->unit != POLICY_SHARE && some) {
        most = law.coefficient / unit * 2 + 2;
    } else if (figure->unit == POLICY_MONEY) {
        most = 10000;
    }
    if (figure->unit == POLICY_MONEY && most > 400) step = 10;
    field->most = fill_id(visit, most / step * step);
    field->step = fill_id(visit, step);
}

static PageField field_of(Visit *visit, const PolicyForm *form,
                          int32_t scenario, int32_t at)
{
    const Figure *figure = &form->figure[at];
    const Scenario *from = &form->scenario[scenario];
    PageField field = {
        .id = str_of(arena_format(visit->request->arena, "%c.%.*s",
                                  'a' + scenario, STR_ARG(figure->item->id))),
        .label = figure->label,
        .law = figure->law_words,
        .value = from->typed[at],
        .money = figure->unit == POLICY_MONEY,
        .share = figure->unit == POLICY_SHARE,
        .truth = figure->truth,
        .yes = str_is(from->typed[at], "yes"),
        .changed = from->changed[at],
        .wrong = from->wrong[at]};
    fill_range(visit, figure, &field);
    return field;
}

static PageScenario scenario_of(Visit *visit, const PolicyForm *form,
                                int32_t at)
{
    Arena *arena = visit->request->arena;
    PageField *main = ARENA_ARRAY(arena, PageField, FIGURES_MAX);
    PageField *more = ARENA_ARRAY(arena, PageField, FIGURES_MAX);
    PageScenario page = {.letter = str_of(arena_format(arena, "%c", 'A' + at)),
                         .main = main,
                         .more = more};
    for (int32_t f = 0; f < form->figure_count; f++) {
        PageField field = field_of(visit, form, at, f);
        if (field.money || field.share) {
            main[page.main_count++] = field;
        } else {
            more[page.more_count++] = field;
            page.unfolded = page.unfolded || field.changed || field.wrong;
        }
    }
    page.any_more = page.more_count > 0;
    return page;
}

PageBench policy_bench(Visit *visit, const PolicyForm *form, Str empty)
{
    PageScenario *scenarios =
        ARENA_ARRAY(visit->request->arena, PageScenario, SCENARIOS_MAX);
    PageBench bench = {.month = form->month_typed,
                       .scenarios = scenarios,
                       .scenarios_count = (size_t)form->scenario_count,
                       .scenario_count = fill_id(visit, form->scenario_count),
                       .empty = empty};
    for (int32_t i = 0; i < form->scenario_count; i++) {
        scenarios[i] = scenario_of(visit, form, i);
    }
    for (size_t i = 0; i < form->mistake_count; i++) {
        if (str_is(form->mistake[i].field, "month")) bench.month_wrong = true;
    }
    if (form->scenario_count < SCENARIOS_MAX) {
        bench.one_more = fill_id(visit, form->scenario_count + 1);
    }
    return bench;
}

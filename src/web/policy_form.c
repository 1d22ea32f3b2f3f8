#include "web/policy_form.h"

#include "feel/number.h"
#include "text/calendar.h"
#include "text/number.h"
#include "web/fill.h"

enum {
    EVAL_BYTES = 8 << 20,
    EVAL_STEPS = 1000000,
    DECIMALS_MAX = 6,
    VALUE_MAX = 1000000,
    COUNT_MAX = 10000,
    PERCENT = 100,
    LATER_MONTHS = 120, /* after this one; facts are taken to stay */
    NAME_BYTES = 64
};

static Str keep(Visit *visit, const Buf *buf)
{
    return str_copy(visit->request->arena, buf_view(buf));
}

Str policy_form_digits(Visit *visit, Decimal value)
{
    Buf *buf = http_scratch(visit->request);
    decimal_write(buf, value);
    return keep(visit, buf);
}

/* A figure in the unit in which it is typed; false when it is no number of a
 * size that a form can hold. */
static bool take_number(Visit *visit, FeelValue value, Figure *figure)
{
    Decimal number;
    Buf *buf = http_scratch(visit->request);
    feel_number_write(buf, value);
    if (!number_read(buf_view(buf), &number) ||
        number.coefficient > INT64_MAX / PERCENT) {
        return false;
    }
    if (figure->unit == POLICY_SHARE) number.coefficient *= PERCENT;
    figure->law = policy_form_digits(visit, number);
    return true;
}

/* Whether a decision can be tried otherwise in a form, and what it is now. */
static bool take_figure(Visit *visit, const PolicyModel *model, DmnEval *eval,
                        const SheetItem *item, Figure *ret)
{
    FeelValue value;
    const DmnModel *dmn = model->programme->model;
    int32_t decision = dmn_decision_find(dmn, item->name);
    if (decision < 0 || dmn_eval(eval, decision, &value) != OK) return false;
    FeelKind kind = dmn_decision_type(dmn, decision)->kind;
    *ret = (Figure){.item = item,
                    .label = policy_label(visit, model, item->name),
                    .unit = policy_unit(visit, model, item->name),
                    .truth = kind == FEEL_BOOLEAN};
    ret->law_words = policy_value(visit, model, item->name, value);
    if (item->id.bytes + 2 > NAME_BYTES) return false;
    if (kind == FEEL_NUMBER) {
        return value.kind == FEEL_NULL || take_number(visit, value, ret);
    }
    if (value.kind != FEEL_BOOLEAN) return false;
    ret->law = value.as.whole != 0 ? STR("yes") : STR("no");
    return true;
}

static bool wanted_unit(const Figure *figure, bool plain_ones)
{
    return (figure->unit == POLICY_PLAIN) == plain_ones;
}

/* The figures on which the programme's decision rests: amounts and shares
 * first, for they are tried most. */
static void find_figures(Visit *visit, PolicyForm *form)
{
    const PolicyModel *model = form->model;
    const Programme *programme = model->programme;
    bool *needed =
        ARENA_ARRAY(visit->request->arena, bool, model->sheet.count + 1);
    int32_t decision =
        sheet_named(&model->sheet, SHEET_DECISION,
                    dmn_decision_name(programme->model, programme->decision));
    if (decision < 0) return;
    sheet_mark(&model->sheet, decision, needed);
    DmnEval *eval = dmn_eval_open(programme->model, EVAL_BYTES, EVAL_STEPS);
    dmn_input_set(eval, programme->month_input,
                  feel_date(month_first_day(form->month)));
    for (int round = 0; round < 2; round++) {
        for (int32_t i = 0; i < model->sheet.count; i++) {
            Figure *figure = &form->figure[form->figure_count];
            bool taken =
                model->figure[i] && needed[i] &&
                form->figure_count < FIGURES_MAX &&
                take_figure(visit, model, eval, &model->sheet.items[i], figure);
            form->figure_count += taken && wanted_unit(figure, round == 1);
        }
    }
    dmn_eval_close(eval);
}

void policy_form_mistake(Visit *visit, PolicyForm *form, Str field,
                         const char *key, const TextArg *args, size_t count)
{
    if (form->mistake_count == MISTAKES_MAX) return;
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, str_of(key), args, count);
    form->mistake[form->mistake_count++] =
        (PageMistake){field, keep(visit, buf)};
}

void policy_form_month(Visit *visit, Month first, PolicyForm *form)
{
    *form = (PolicyForm){.scenario_count = 1};
    Month now = month_of_day(calendar_civil_day(visit->call.now));
    Month month = now;
    Str typed = form_find(&visit->request->query, "month");
    form->month = now;
    form->month_typed = fill_month_code(visit, now);
    if (typed.bytes == 0) return;
    form->month_typed = typed;
    TextArg args[] = {TEXT_STR("0", fill_month(visit, first)),
                      TEXT_STR("1", fill_month(visit, now + LATER_MONTHS))};
    if (!visit_month(visit, typed, &month)) {
        policy_form_mistake(visit, form, STR("month"), "policy.bad_month", args,
                            2);
    } else if (month < first || month > now + LATER_MONTHS) {
        policy_form_mistake(visit, form, STR("month"), "policy.far_month", args,
                            2);
    } else {
        form->month = month;
    }
}

static bool is_whole(Str digits)
{
    return digits.bytes > 0 && memchr(digits.at, '.', digits.bytes) == NULL;
}

/* What is wrong with a number for a figure, as a text's key; NULL: nothing.
 * What the law counts in whole things is counted so here, too. */
static const char *fault_of(const Figure *figure, Decimal number)
{
    bool share = figure->unit == POLICY_SHARE;
    bool counted = figure->unit == POLICY_PLAIN && is_whole(figure->law);
    int64_t unit = 1, most = share ? PERCENT : VALUE_MAX;
    for (int32_t i = 0; i < number.scale; i++) unit *= 10;
    if (counted) most = COUNT_MAX;
    int64_t whole = number.coefficient / unit;
    bool rest = number.coefficient % unit != 0;
    if (number.coefficient < 0 || whole > most || (whole == most && rest)) {
        return share     ? "policy.bad_share"
               : counted ? "policy.bad_count"
                         : "policy.bad_range";
    }
    return counted && rest ? "policy.bad_count" : NULL;
}

bool policy_form_value(Visit *visit, const Figure *figure, Str typed, Str *ret,
                       const char **key)
{
    Decimal number;
    *key = "policy.bad_choice";
    if (figure->truth) {
        *ret = typed;
        return str_is(typed, "yes") || str_is(typed, "no");
    }
    *key = "policy.bad_number";
    if (!number_read(typed, &number)) return false;
    *key = fault_of(figure, number);
    if (*key != NULL) return false;
    *key = "policy.bad_decimals";
    *ret = policy_form_digits(visit, number);
    const char *point = memchr(ret->at, '.', ret->bytes);
    return point == NULL || ret->at + ret->bytes - point - 1 <= DECIMALS_MAX;
}

static const char letters[SCENARIOS_MAX] = {'a', 'b', 'c'};

/* "Scenario B, Earned share", for a mistake. */
static Str place_of(Visit *visit, const Figure *figure, int32_t scenario)
{
    TextArg letter = TEXT_STR(
        "0", str_of(arena_format(visit->request->arena, "%c", 'A' + scenario)));
    Buf *buf = http_scratch(visit->request);
    text_write(buf, &visit->style, STR("policy.scenario"), &letter, 1);
    TextArg args[] = {TEXT_STR("0", keep(visit, buf)),
                      TEXT_STR("1", figure->label)};
    buf = http_scratch(visit->request);
    text_write(buf, &visit->style, STR("policy.figure_in"), args, 2);
    return keep(visit, buf);
}

static void read_figure(Visit *visit, PolicyForm *form, int32_t number,
                        int32_t at)
{
    const char *key;
    const Figure *figure = &form->figure[at];
    Scenario *scenario = &form->scenario[number];
    const char *name = arena_format(visit->request->arena, "%c.%.*s",
                                    letters[number], STR_ARG(figure->item->id));
    Str typed = str_trim(form_find(&visit->request->query, name));
    scenario->typed[at] = figure->law;
    if (form_find(&visit->request->query, name).at == NULL) return;
    form->needless = form->needless || typed.bytes == 0;
    if (typed.bytes == 0) return; /* as the law has it */
    scenario->typed[at] = typed;
    if (str_equal(typed, figure->law)) {
        form->needless = true;
        return;
    }
    if (!policy_form_value(visit, figure, typed, &scenario->value[at], &key)) {
        TextArg arg = TEXT_STR("0", place_of(visit, figure, number));
        scenario->wrong[at] = true;
        policy_form_mistake(visit, form, str_of(name), key, &arg, 1);
        return;
    }
    scenario->changed[at] = !str_equal(scenario->value[at], figure->law);
    scenario->change_count += scenario->changed[at];
    form->needless = form->needless || !scenario->changed[at] ||
                     !str_equal(typed, scenario->value[at]);
}

/* Names with a dot that are no figure of ours. */
static void find_unknown(Visit *visit, PolicyForm *form)
{
    const FormPairs *query = &visit->request->query;
    for (size_t i = 0; i < query->count; i++) {
        Str name = query->pairs[i].name;
        if (name.bytes < 2 || name.at[1] != '.') continue;
        bool known = false;
        Str id = {name.at + 2, name.bytes - 2};
        for (int32_t f = 0; f < form->figure_count; f++) {
            known = known || str_equal(id, form->figure[f].item->id);
        }
        if (known && memchr(letters, name.at[0], SCENARIOS_MAX) != NULL) {
            continue;
        }
        TextArg arg = TEXT_STR("0", name);
        policy_form_mistake(visit, form, STR("scenarios"), "policy.unknown",
                            &arg, 1);
    }
}

/* Whether the query has a figure of a scenario. */
static bool is_sent(const Visit *visit, int32_t scenario)
{
    const FormPairs *query = &visit->request->query;
    for (size_t i = 0; i < query->count; i++) {
        Str name = query->pairs[i].name;
        if (name.bytes > 2 && name.at[0] == letters[scenario] &&
            name.at[1] == '.') {
            return true;
        }
    }
    return false;
}

/* How many scenarios are shown: those with changes, and as many as asked. A
 * form with a mistake comes back with all that were in it. */
static void read_count(Visit *visit, PolicyForm *form)
{
    int64_t asked = 1;
    int32_t used = 1;
    Str typed = form_find(&visit->request->query, "n");
    for (int32_t s = 0; s < SCENARIOS_MAX; s++) {
        bool kept = form->mistake_count > 0 && is_sent(visit, s);
        if (form->scenario[s].change_count > 0 || kept) used = s + 1;
    }
    if (!str_to_int(typed, &asked) || asked < 1) asked = 1;
    if (asked > SCENARIOS_MAX) asked = SCENARIOS_MAX;
    form->needless = form->needless || (typed.at != NULL && asked <= used);
    form->scenario_count = asked > used ? (int32_t)asked : used;
}

static void write_address(Visit *visit, PolicyForm *form)
{
    Buf *buf = http_scratch(visit->request);
    buf_text(buf, "month=");
    month_write(buf, form->month);
    int32_t used = 1;
    for (int32_t s = 0; s < SCENARIOS_MAX; s++) {
        const Scenario *scenario = &form->scenario[s];
        for (int32_t f = 0; f < form->figure_count; f++) {
            if (!scenario->changed[f]) continue;
            used = s + 1;
            buf_format(buf, "&%c.", letters[s]);
            form_escape(buf, form->figure[f].item->id);
            buf_char(buf, '=');
            form_escape(buf, scenario->value[f]);
        }
    }
    if (form->scenario_count > used) {
        buf_format(buf, "&n=%d", form->scenario_count);
    }
    form->address = keep(visit, buf);
}

void policy_form_read(Visit *visit, const PolicyModel *model, PolicyForm *ret)
{
    ret->model = model;
    find_figures(visit, ret);
    for (int32_t s = 0; s < SCENARIOS_MAX; s++) {
        for (int32_t f = 0; f < ret->figure_count; f++) {
            read_figure(visit, ret, s, f);
        }
    }
    find_unknown(visit, ret);
    read_count(visit, ret);
    ret->show = form_find(&visit->request->query, "show");
    write_address(visit, ret);
}

Str policy_form_expression(Visit *visit, const Figure *figure, Str value)
{
    Decimal number;
    if (figure->truth) return str_is(value, "yes") ? STR("true") : STR("false");
    if (figure->unit != POLICY_SHARE || !number_read(value, &number)) {
        return value;
    }
    number.scale += 2;
    return policy_form_digits(visit, number);
}

int32_t policy_form_sets(Visit *visit, const PolicyForm *form, int32_t scenario,
                         Str ret[FIGURES_MAX])
{
    int32_t count = 0;
    const Scenario *from = &form->scenario[scenario];
    for (int32_t f = 0; f < form->figure_count; f++) {
        if (!from->changed[f]) continue;
        Str value =
            policy_form_expression(visit, &form->figure[f], from->value[f]);
        ret[count++] = str_of(arena_format(visit->request->arena, "%.*s=%.*s",
                                           STR_ARG(form->figure[f].item->name),
                                           STR_ARG(value)));
    }
    return count;
}

int32_t policy_form_words(Visit *visit, const PolicyForm *form,
                          int32_t scenario, Str ret[FIGURES_MAX])
{
    int32_t count = 0;
    const Scenario *from = &form->scenario[scenario];
    for (int32_t f = 0; f < form->figure_count; f++) {
        const Figure *figure = &form->figure[f];
        if (!from->changed[f]) continue;
        Str value =
            figure->truth
                ? visit_text(visit, str_is(from->value[f], "yes") ? "value.yes"
                                                                  : "value.no")
                : policy_number(
                      visit, figure->unit,
                      policy_form_expression(visit, figure, from->value[f]));
        ret[count++] =
            str_of(arena_format(visit->request->arena, "%.*s: %.*s",
                                STR_ARG(figure->label), STR_ARG(value)));
    }
    return count;
}

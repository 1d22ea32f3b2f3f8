#include "simulation/rates.h"

enum { CELLS = 8 };

static bool read_age(Str text, int32_t *ret)
{
    int64_t age;
    if (!str_to_int(text, &age) || age < 0 || age > RATE_AGE_MAX) return false;
    *ret = (int32_t)age;
    return true;
}

/* What is wrong with a row; NULL: nothing. Growth has the event RATE_EVENTS,
 * and the sex RATE_SEXES. */
static const char *read_row(const Str *cell, Rate *ret)
{
    static const char *const events[] = {"death", "birth", "growth"};
    static const char *const sexes[] = {"male", "female", "all"};
    int event = 0, sex = 0;
    if (!month_read(cell[0], &ret->from)) return "from";
    while (event <= RATE_EVENTS && !str_is(cell[1], events[event])) event++;
    if (event > RATE_EVENTS) return "event";
    while (sex <= RATE_SEXES && !str_is(cell[2], sexes[sex])) sex++;
    if (sex > RATE_SEXES) return "sex";
    if ((event == RATE_EVENTS) != (sex == RATE_SEXES)) return "sex";
    if (event == RATE_BIRTH && sex == RATE_MALE) return "sex";
    ret->event = (RateEvent)event;
    ret->sex = (RateSex)sex;
    if (!read_age(cell[3], &ret->age_from)) return "age_from";
    if (!read_age(cell[4], &ret->age_to)) return "age_to";
    if (ret->age_to < ret->age_from) return "age_to";
    if (!str_to_int(cell[5], &ret->rate) || ret->rate < 0 ||
        ret->rate > RATE_OF) {
        return "rate";
    }
    bool known = str_is(cell[6], "published") || str_is(cell[6], "assumption");
    return !known ? "status" : cell[7].bytes == 0 ? "source" : NULL;
}

static Err wrong_line(Diag *diag, const char *file, int32_t line,
                      const char *what)
{
    diag_set(diag, "rates.line");
    diag_arg_text(diag, what);
    diag_place(diag, file, line, 0);
    return ERR_INVALID;
}

/* The row that was read last is of growth: of several the latest is told. */
static void take_growth(Rates *rates, Str status, Str source)
{
    const Rate *row = &rates->at[rates->count];
    if (rates->growth.rate != 0 && rates->growth.from > row->from) return;
    rates->growth = *row;
    rates->growth_source = source;
    rates->growth_assumed = str_is(status, "assumption");
}

Err rates_read(Arena *arena, Str tsv, const char *file, Diag *diag, Rates *ret)
{
    Str line;
    *ret = (Rates){.at = arena_try(arena, RATES_MAX, sizeof *ret->at)};
    if (ret->at == NULL) return ERR_FULL;
    for (int32_t number = 1; str_split(&tsv, '\n', &line); number++) {
        Str cell[CELLS];
        if (line.bytes == 0 || line.at[0] == '#') continue;
        if (ret->count == RATES_MAX) return ERR_FULL;
        for (int i = 0; i < CELLS; i++) {
            if (!str_split(&line, '\t', &cell[i])) {
                return wrong_line(diag, file, number, "columns");
            }
        }
        const char *what = read_row(cell, &ret->at[ret->count]);
        if (what != NULL) return wrong_line(diag, file, number, what);
        if (ret->at[ret->count].event == RATE_EVENTS) {
            take_growth(ret, cell[6], cell[7]);
            continue;
        }
        ret->assumed += str_is(cell[6], "assumption");
        ret->count++;
    }
    if (!str_try(arena, ret->growth_source, &ret->growth_source)) {
        return ERR_FULL;
    }
    if (ret->count > 0) return OK;
    diag_set(diag, "rates.none");
    diag_arg_text(diag, file);
    return ERR_INVALID;
}

void rates_of_month(const Rates *rates, Month month, RateTable *ret)
{
    Month from[RATE_EVENTS][RATE_SEXES][RATE_AGE_MAX + 1] = {0};
    *ret = (RateTable){0};
    for (int32_t i = 0; i < rates->count; i++) {
        const Rate *rate = &rates->at[i];
        if (rate->from > month) continue;
        for (int32_t age = rate->age_from; age <= rate->age_to; age++) {
            Month *since = &from[rate->event][rate->sex][age];
            if (*since > rate->from) continue;
            *since = rate->from;
            ret->rate[rate->event][rate->sex][age] = rate->rate;
        }
    }
}

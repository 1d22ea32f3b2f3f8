#include "web/policy_uncertain.h"

#include "base/asset.h"
#include "simulation/reform.h"

enum { MODEL_BYTES = 64 << 20, TRY_BYTES = 512 << 20 };

static const char own_readings[] = "models/readings.tsv";

void policy_uncertain_read(Visit *visit, PolicyAsk *ask, PolicyUncertain *ret)
{
    Str typed = form_find(&visit->request->query, "uncertain");
    if (typed.at == NULL) return;
    ret->scenario = typed.bytes == 1 ? typed.at[0] - 'a' : -1;
    ret->asked = ret->scenario >= 0 && ret->scenario < ask->form.scenario_count;
    if (!ret->asked) ask->form.needless = true;
}

/* Whether one of the changes sets a decision. */
static bool is_set(const LabQuestion *question, Str name)
{
    for (int32_t i = 0; i < question->set_count; i++) {
        Str set = question->sets[i];
        if (set.bytes > name.bytes && set.at[name.bytes] == '=' &&
            memcmp(set.at, name.at, name.bytes) == 0) {
            return true;
        }
    }
    return false;
}

/* What the law rests on and the scenario does not set. */
static Err find_assumptions(Visit *visit, const PolicyAsk *ask,
                            PolicyUncertain *uncertain)
{
    Assumptions *all = &uncertain->assumptions;
    const LabLaw *law = &ask->law;
    Arena *arena CLEANUP(arena_closep) = arena_open(MODEL_BYTES);
    int32_t kept = 0;
    if (arena == NULL) return ERR_FULL;
    TRY(assumptions_find(arena, pack_file(law->pack, law->programme->path),
                         ask->form.month, &visit->diag, all));
    for (int32_t i = 0; i < all->count; i++) {
        Assumption at = all->of[i];
        if (is_set(&ask->question[uncertain->scenario], at.name)) continue;
        at.name = str_copy(visit->request->arena, at.name);
        at.status = str_copy(visit->request->arena, at.status);
        all->of[kept++] = at;
    }
    all->count = kept;
    return OK;
}

/* Whether the law takes a reading, as it would take a change. */
static Err try_reading(void *arg, const Uncertain *of, bool *fits)
{
    const LabLaw *law = arg;
    DmnSource sources[PACK_SOURCES_MAX] = {{NULL, {NULL, 0}}};
    DmnModel *model;
    Diag diag = {.key = ""};
    Arena *arena CLEANUP(arena_closep) = arena_open(TRY_BYTES);
    if (arena == NULL) return ERR_FULL;
    size_t count =
        pack_sources(arena, law->pack, str_of(law->programme->path), sources);
    Str set = str_of(arena_format(arena, "%.*s=%.*s", STR_ARG(of->name),
                                  STR_ARG(of->value[1])));
    Err err = reform_load(arena, sources, count, &set, 1, &diag, &model);
    *fits = err == OK;
    return err == ERR_FULL ? err : OK;
}

/* Asks what some changes give where the readings of a corner hold. */
static void add_question(Visit *visit, PolicyAsk *ask,
                         const PolicyUncertain *uncertain, Str *sets,
                         const LabQuestion *of, int32_t corner)
{
    int32_t count = 0;
    for (int32_t i = 0; i < of->set_count; i++) sets[count++] = of->sets[i];
    for (int32_t i = 0; i < uncertain->all.count; i++) {
        const Uncertain *at = &uncertain->all.of[i];
        if ((corner >> i & 1) == 0) continue;
        sets[count++] =
            str_of(arena_format(visit->request->arena, "%.*s=%.*s",
                                STR_ARG(at->name), STR_ARG(at->value[1])));
    }
    ask->question[ask->count++] = (LabQuestion){
        .month = ask->form.month, .sets = sets, .set_count = count};
}

Err policy_uncertain_ask(Visit *visit, PolicyAsk *ask,
                         PolicyUncertain *uncertain)
{
    Readings readings;
    const LabQuestion law = {.set_count = 0};
    if (!uncertain->asked) return OK;
    TRY(find_assumptions(visit, ask, uncertain));
    TRY(readings_read(asset_find(own_readings)->bytes, own_readings,
                      &visit->diag, &readings));
    TRY(readings_take_fitting(&readings, &uncertain->assumptions, try_reading,
                              &ask->law, &uncertain->all));
    uncertain->first = ask->count;
    for (int32_t c = 1; c < INT32_C(1) << uncertain->all.count; c++) {
        const ptrdiff_t at = (ptrdiff_t)2 * c;
        const LabQuestion *reform = &ask->question[uncertain->scenario];
        add_question(visit, ask, uncertain, uncertain->sets[at], &law, c);
        add_question(visit, ask, uncertain, uncertain->sets[at + 1], reform, c);
    }
    return OK;
}

static UncertainEnd corner_of(const PolicyAsk *ask,
                              const PolicyUncertain *uncertain, int32_t corner)
{
    const SimulateReport *own = ask->answer[uncertain->scenario].report;
    if (corner == 0) {
        return (UncertainEnd){own->all.cost_before, own->all.cost_after,
                              own->all.hidden};
    }
    const LabAnswer *at = &ask->answer[uncertain->first + 2 * (corner - 1)];
    return (UncertainEnd){at[0].report->all.cost_after,
                          at[1].report->all.cost_after,
                          at[0].report->all.hidden || at[1].report->all.hidden};
}

void policy_uncertain_tell(Visit *visit, const PolicyAsk *ask, bool words,
                           PolicyUncertain *uncertain)
{
    UncertainEnd corner[UNCERTAIN_CORNERS];
    Uncertainty *all = &uncertain->all;
    const PolicyModel *model = ask->form.model;
    for (int32_t c = 0; c < INT32_C(1) << all->count; c++) {
        corner[c] = corner_of(ask, uncertain, c);
    }
    uncertainty_join(all, corner);
    for (int32_t i = 0; words && i < all->count; i++) {
        Uncertain *of = &all->of[i];
        (void)policy_cell_words(visit, model, of->name, of->value[1],
                                &of->value[1]);
        of->name = policy_label(visit, model, of->name);
    }
    for (int32_t i = 0; words && i < all->left_out_count; i++) {
        all->left_out[i] = policy_label(visit, model, all->left_out[i]);
    }
    for (int32_t i = 0; words && i < uncertain->assumptions.count; i++) {
        Assumption *at = &uncertain->assumptions.of[i];
        at->name = policy_label(visit, model, at->name);
    }
}

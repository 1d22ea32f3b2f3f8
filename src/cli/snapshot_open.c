#include "cli/snapshot_open.h"

#include "base/asset.h"
#include "cli/common.h"
#include "cli/suite_files.h"
#include "simulation/reform.h"
#include "simulation/team.h"

Err snapshot_catalogue_load(Cli *cli, Diag *diag, const KindCatalogue **ret)
{
    return kind_load(cli->arena, asset_find("models/facts.tsv")->bytes,
                     asset_find("models/asset-classes.tsv")->bytes, diag, ret);
}

typedef struct Verification {
    const Snapshot *snapshot;
    int32_t threads;
} Verification;

static Err verify(void *arg, int32_t number, Diag *diag)
{
    const Verification *all = arg;
    return snapshot_verify(all->snapshot, number, all->threads, diag);
}

int snapshot_population(Cli *cli, const char *path, Population *ret)
{
    Diag diag = {.key = ""};
    const KindCatalogue *catalogue;
    const FactColumns *facts;
    Err err = snapshot_open(path, &diag, &ret->snapshot);
    if (err != OK) return cli_fail(cli, err, &diag);
    Verification all = {ret->snapshot, team_processors()};
    err = snapshot_catalogue_load(cli, &diag, &catalogue);
    if (err == OK) err = facts_make(cli->arena, catalogue, &facts);
    if (err == OK) {
        err = facts_reader(facts, ret->snapshot, path, &diag, &ret->reader);
    }
    if (err == OK) err = team_run(all.threads, verify, &all, &diag);
    if (err == OK) return CLI_GO_ON;
    snapshot_close(ret->snapshot);
    return cli_fail(cli, err, &diag);
}

/* The input of that name, else the only one of that kind; -1 for none. */
static int32_t find_input(const DmnModel *model, Str name, FeelKind kind)
{
    int32_t found = dmn_input_find(model, name), many = 0;
    if (found >= 0) return found;
    for (int32_t i = 0; i < dmn_input_count(model); i++) {
        if (dmn_input_type(model, i)->kind != kind) continue;
        found = i;
        many++;
    }
    return many == 1 ? found : -1;
}

Err snapshot_model_try(Arena *arena, const char *path, const char *const *sets,
                       int32_t set_count, Diag *diag, PopulationModel *ret)
{
    DmnSource *sources;
    DmnModel *model;
    size_t count;
    TRY(suite_files_sources(arena, path, diag, &sources, &count));
    Str *changes = arena_try(arena, (size_t)set_count + 1, sizeof *changes);
    if (changes == NULL) return ERR_FULL;
    for (int32_t i = 0; i < set_count; i++) changes[i] = str_of(sets[i]);
    TRY(reform_load(arena, sources, count, changes, set_count, diag, &model));
    ret->programme = (Programme){
        .name = "model",
        .model = model,
        .month_input = find_input(model, STR("month"), FEEL_DATE),
        .household_input = find_input(model, STR("household"), FEEL_CONTEXT)};
    if (ret->programme.month_input < 0 || ret->programme.household_input < 0) {
        diag_set(diag, "decide.inputs");
        diag_arg_text(diag, path);
        return ERR_INVALID;
    }
    ret->bytes = sources[0].bytes;
    return measures_read(arena, model, ret->bytes, diag, &ret->measures);
}

int snapshot_model(Cli *cli, Arena *arena, const char *path,
                   const char *const *sets, int32_t set_count,
                   PopulationModel *ret)
{
    Diag diag = {.key = ""};
    Err err = snapshot_model_try(arena, path, sets, set_count, &diag, ret);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

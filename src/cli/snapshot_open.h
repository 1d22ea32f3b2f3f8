/*
 * snapshot_open.h - what commands on snapshots do first: open and verify one,
 * load the model that is to run on it.
 */
#ifndef CLI_SNAPSHOT_OPEN_H
#define CLI_SNAPSHOT_OPEN_H

#include "cli/cli.h"
#include "programme/pack.h"
#include "simulation/facts.h"
#include "simulation/measure.h"

typedef struct Population {
    Snapshot *snapshot; /* to be closed by who opened it */
    FactReader reader;
} Population;

/* A model with what is measured of it. */
typedef struct PopulationModel {
    Programme programme;
    const Measures *measures;
    Str bytes; /* the text of it, as it was changed */
} PopulationModel;

/* The catalogue of facts that this program carries, in the command's arena.
 *
 * errs   as kind_load()
 */
NODISCARD Err snapshot_catalogue_load(Cli *cli, Diag *diag,
                                      const KindCatalogue **ret);

/* Opens a snapshot and verifies all of it, on all processors. CLI_GO_ON, or
 * an exit code after the problem was told. */
int snapshot_population(Cli *cli, const char *path, Population *ret);

/* Loads a model that has one input of a date and one of a household, changed
 * by each of `sets` (simulation/reform.h). CLI_GO_ON, or an exit code after
 * the problem was told. */
int snapshot_model(Cli *cli, Arena *arena, const char *path,
                   const char *const *sets, int32_t set_count,
                   PopulationModel *ret);

/* The same without telling a problem.
 *
 * errs   as reform_load(), measures_read() and the reading of files;
 *        ERR_INVALID also: it has not these inputs (decide.inputs {file})
 */
NODISCARD Err snapshot_model_try(Arena *arena, const char *path,
                                 const char *const *sets, int32_t set_count,
                                 Diag *diag, PopulationModel *ret);

#endif

/*
 * snapshot_batch.h - the columns of a snapshot as inputs of a lowered model.
 */
#ifndef SIMULATION_SNAPSHOT_BATCH_H
#define SIMULATION_SNAPSHOT_BATCH_H

#include "dmn/column.h"
#include "simulation/facts.h"

/* How a model's fields are found among the columns; one for all threads. */
typedef struct SnapshotFields {
    const FactReader *reader;
    int32_t household_input;
    const SnapshotColumn *column[COLUMN_INPUTS_MAX]; /* by tag */
    int32_t count;
} SnapshotFields;

/* The tags of lists, which are no columns. */
enum { TAG_PERSONS = -1, TAG_ASSETS = -2 };

/* A DmnFieldFn; `context` is SnapshotFields. */
bool snapshot_field(void *context, int32_t input, const Str *path,
                    int32_t depth, const FeelType *type, DmnField *ret);

/* One thread's machine over a lowered model. */
typedef struct SnapshotBatch {
    const SnapshotFields *fields;
    const DmnColumns *columns;
    ColumnMachine *machine;
    ColumnBatch batch;
    int32_t person_domain, asset_domain; /* 0: not read */
} SnapshotBatch;

/*
 * errs   ERR_FULL: no memory
 * owns   the caller, snapshot_batch_close()
 */
NODISCARD Err snapshot_batch_open(SnapshotBatch *batch,
                                  const SnapshotFields *fields,
                                  const DmnColumns *columns);
void snapshot_batch_close(SnapshotBatch *batch);

/*
 * How many households from `row` on, at most `most`, can be run at once; 0
 * when the first has more rows than a batch can have.
 */
int32_t snapshot_batch_rows(const SnapshotBatch *batch, int64_t row,
                            int32_t most);

/* Runs households from a row on. */
void snapshot_batch_run(SnapshotBatch *batch, int64_t row, int32_t rows);

#endif

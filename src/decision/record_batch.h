/*
 * record_batch.h - input records as columns, a batch of households at a time.
 *
 * It answers the lowering of a model (dmn/column.h) how the fields of records
 * are stored, then takes records until it is full and runs the program:
 *
 *     RecordBatch batch; record_batch_begin(...);
 *     dmn_columns_open(..., record_batch_field, batch, ..., &columns);
 *     record_batch_bind(batch, columns);
 *     if (!record_batch_has_room(batch, record)) record_batch_run(batch);
 *     row = record_batch_put(batch, record);
 */
#ifndef DECISION_RECORD_BATCH_H
#define DECISION_RECORD_BATCH_H

#include "dmn/column.h"
#include "registry/record.h"

typedef struct RecordBatch RecordBatch;

enum { RECORD_BATCH_ROWS = 512 };

/*
 * A batch of records of a catalogue, for a model's input of that number.
 * NULL: the arena is at its limit.
 *
 * in     arena, catalogue: outlive it
 */
RecordBatch *record_batch_begin(Arena *arena, const KindCatalogue *catalogue,
                                int32_t household_input);

/* A DmnFieldFn; `context` is the batch. */
bool record_batch_field(void *context, int32_t input, const Str *path,
                        int32_t depth, const FeelType *type, DmnField *ret);

/*
 * Makes the columns that the program reads, and its machine.
 *
 * in     columns: lowered with this batch's fields; outlives it
 * errs   ERR_FULL: memory
 */
NODISCARD Err record_batch_bind(RecordBatch *batch, const DmnColumns *columns);

/* Frees the machine. NULL is allowed. */
void record_batch_end(RecordBatch *batch);

/* Whether columns can hold the record at all, and whether it fits now. */
bool record_batch_takes(const RecordBatch *batch, const InputRecord *record);
bool record_batch_has_room(const RecordBatch *batch, const InputRecord *record);

/* Adds a record that there is room for; gives its row. */
int32_t record_batch_put(RecordBatch *batch, const InputRecord *record);

/* Computes the rows that were put, and how many there are. */
void record_batch_run(RecordBatch *batch);
int32_t record_batch_rows(const RecordBatch *batch);

/* Whether a row could not be computed by the last run. */
bool record_batch_stray(const RecordBatch *batch, int32_t row);

/* The machine, for its outputs. */
const ColumnMachine *record_batch_machine(const RecordBatch *batch);
const ColumnBatch *record_batch_columns(const RecordBatch *batch);

/* Forgets the rows. */
void record_batch_reset(RecordBatch *batch);

#endif

/*
 * snapshot_write.h - makes a snapshot (column/snapshot.h) from rows.
 *
 * Threads fill blocks of households, each with a SnapshotFill of its own and
 * in any order; the writer then puts them into one file, each column as
 * narrow as its values allow:
 *
 *     snapshot_fill_household(fill, settled, history);
 *     snapshot_fill_set(fill, column, value, null);   for its columns
 *     snapshot_fill_person(fill);   and its columns, for each person
 *     snapshot_fill_asset(fill);    and its columns, for each of his assets
 *     snapshot_fill_block(fill, number);    after SNAPSHOT_BLOCK households
 *
 * Columns that are not set have the value 0. Within a block households come
 * in the order of the months in which they settle.
 */
#ifndef COLUMN_SNAPSHOT_WRITE_H
#define COLUMN_SNAPSHOT_WRITE_H

#include "column/snapshot.h"

typedef struct SnapshotWriter SnapshotWriter;
typedef struct SnapshotFill SnapshotFill;

/*
 * A writer of columns, known from now on by their places in `kinds`.
 *
 * in     kinds: copied, their texts outlive the writer; catalogue: its name,
 *        SNAPSHOT_CATALOGUE_BYTES
 * errs   ERR_FULL: no memory, or too many columns
 * owns   the caller, snapshot_writer_close()
 */
NODISCARD Err snapshot_writer_open(const SnapshotKind *kinds, int32_t count,
                                   int32_t first_month,
                                   const uint8_t *catalogue,
                                   SnapshotWriter **ret);
void snapshot_writer_close(SnapshotWriter *writer);

/* A block being filled; closed with its writer. NULL without memory. */
SnapshotFill *snapshot_fill_open(SnapshotWriter *writer);

/* Begin a row; the history is copied and empty when the columns of the
 * household are true in every month. */
void snapshot_fill_household(SnapshotFill *fill, int32_t settled, Str history);
void snapshot_fill_person(SnapshotFill *fill);
void snapshot_fill_asset(SnapshotFill *fill);

/* Sets a column of the last row of its table. */
void snapshot_fill_set(SnapshotFill *fill, int32_t column, int64_t value,
                       bool null);

/*
 * Ends a block, which is the number-th of the file, from 0.
 *
 * errs   ERR_FULL: no memory, or more rows than a snapshot may have
 */
NODISCARD Err snapshot_fill_block(SnapshotFill *fill, int32_t number);

/*
 * Writes all blocks as a file of mode 0600 that is there as a whole or not.
 *
 * errs   ERR_IO: file.write {name} {reason}
 *        ERR_FULL: no memory, or more rows than a snapshot may have
 */
NODISCARD Err snapshot_writer_file(SnapshotWriter *writer, const char *path,
                                   Diag *diag);

/*
 * The same bytes in memory but for the checksums of rows, which are zero: for
 * snapshot_within(), not to be verified or kept.
 *
 * errs   ERR_FULL: no memory, or more rows than a snapshot may have
 */
NODISCARD Err snapshot_writer_memory(SnapshotWriter *writer, Arena *arena,
                                     Str *ret);

#endif

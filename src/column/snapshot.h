/*
 * snapshot.h - a population as columns, in one file that is mapped.
 *
 * A snapshot has households, the persons of each and the assets of each
 * person, as columns of whole numbers (docs/snapshot.md, byte by byte). A
 * column says what is true of its row from some month on for ever; what was
 * otherwise before stands as a history beside it, for the few that have one.
 * Households stand in blocks, and within a block by the month from which
 * their columns are true, so that those of a month are the first of a block.
 *
 * An opened snapshot never changes and may be shared by threads.
 */
#ifndef COLUMN_SNAPSHOT_H
#define COLUMN_SNAPSHOT_H

#include "base/diag.h"
#include "column/column.h"

typedef struct Snapshot Snapshot;

enum {
    SNAPSHOT_FORMAT = 1,
    SNAPSHOT_BLOCK = 8192,      /* households of every block but the last */
    SNAPSHOT_COLUMNS_MAX = 192, /* of all tables */
    SNAPSHOT_CODES_MAX = 64,
    SNAPSHOT_NAME_BYTES = 40,
    SNAPSHOT_CATALOGUE_BYTES = 32,
    SNAPSHOT_TABLES = 3,
    SNAPSHOT_MEMBERS_MAX = 200 /* of one household */
};

typedef enum SnapshotTable {
    SNAPSHOT_HOUSEHOLDS,
    SNAPSHOT_PERSONS,
    SNAPSHOT_ASSETS
} SnapshotTable;

typedef enum SnapshotType {
    SNAPSHOT_ID,
    SNAPSHOT_COUNT,
    SNAPSHOT_MONEY, /* minor units */
    SNAPSHOT_DATE,  /* days since 1970-01-01 */
    SNAPSHOT_FLAG,  /* 0 or 1 */
    SNAPSHOT_CODE,  /* the place in `codes` */
    SNAPSHOT_TYPES
} SnapshotType;

/* What a column is, apart from its rows. */
typedef struct SnapshotKind {
    char name[SNAPSHOT_NAME_BYTES];
    SnapshotTable table;
    SnapshotType type;
    int32_t times; /* a decision sees so many times the value: months */
    Str codes[SNAPSHOT_CODES_MAX];
    int32_t code_count;
} SnapshotKind;

typedef struct SnapshotColumn {
    SnapshotKind kind;
    ColumnWidth width;
    ColumnRange range;
    const void *values;   /* NULL: every row has the value range.low */
    const uint8_t *nulls; /* 1 where nothing is known; NULL: all is known */
} SnapshotColumn;

/*
 * Maps a snapshot and looks whether its frame is sound: the header, the table
 * of columns, and that every part lies within the file.
 *
 * errs   ERR_NOT_FOUND, ERR_IO: as file_map()
 *        ERR_INVALID: no snapshot (snapshot.other), of another format
 *        (snapshot.format {file}), cut short or damaged (snapshot.damaged)
 * owns   the caller, snapshot_close()
 * cost   the number of rows does not matter
 */
NODISCARD Err snapshot_open(const char *path, Diag *diag, Snapshot **ret);

/* As snapshot_open(), of bytes in memory at a multiple of 64, which outlive
 * it; the path is only for messages. */
NODISCARD Err snapshot_over(Str bytes, const char *path, Diag *diag,
                            Snapshot **ret);
void snapshot_close(Snapshot *snapshot);

/* As snapshot_over(), but it lives in `arena` and is not closed. */
NODISCARD Err snapshot_within(Arena *arena, Str bytes, const char *path,
                              Diag *diag, Snapshot **ret);

/*
 * Looks whether the rows are what was written: their checksums, and that
 * runs and codes are within their limits. Due once before rows are used.
 *
 * in     part, parts: the share of this caller, 0 <= part < parts
 * errs   ERR_INVALID: snapshot.damaged {file}
 * cost   reads the file
 */
NODISCARD Err snapshot_verify(const Snapshot *snapshot, int32_t part,
                              int32_t parts, Diag *diag);

/* The rows of a table. */
int64_t snapshot_rows(const Snapshot *snapshot, SnapshotTable table);

/* Months before this one are not in it (months since 1970-01). */
int32_t snapshot_first_month(const Snapshot *snapshot);

/* What names the catalogue of facts that it was made by. */
const uint8_t *snapshot_catalogue(const Snapshot *snapshot);

/* Its columns, by place. */
int32_t snapshot_column_count(const Snapshot *snapshot);
const SnapshotColumn *snapshot_column(const Snapshot *snapshot, int32_t at);

/* A column by table and name, or NULL. */
const SnapshotColumn *snapshot_find(const Snapshot *snapshot,
                                    SnapshotTable table, Str name);

/* A row of a column; *ret_null may be NULL. */
int64_t snapshot_value(const SnapshotColumn *column, int64_t row,
                       bool *ret_null);

/* Places where the persons of each household begin, or the assets of each
 * person: one more than there are rows above. NULL: there are no assets. */
const int32_t *snapshot_runs(const Snapshot *snapshot, SnapshotTable table);

/* The least and the greatest number of rows that belong to one row above. */
ColumnRange snapshot_run_range(const Snapshot *snapshot, SnapshotTable table);

/* Blocks of households. */
int32_t snapshot_block_count(const Snapshot *snapshot);

/*
 * The households of a block: first row, how many, and how many of them, from
 * the first on, have columns that are true in a month.
 */
int64_t snapshot_block(const Snapshot *snapshot, int32_t block, int32_t month,
                       int32_t *ret_rows, int32_t *ret_settled);

/* The history of a household; empty when it has none. */
Str snapshot_history(const Snapshot *snapshot, int64_t row);

#endif

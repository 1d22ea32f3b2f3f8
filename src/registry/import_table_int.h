/*
 * import_table_int.h - one of the two files of an import, what its columns
 * mean, and where in it a row is wrong.
 */
#ifndef REGISTRY_IMPORT_TABLE_INT_H
#define REGISTRY_IMPORT_TABLE_INT_H

#include "base/file.h"
#include "codec/csv.h"
#include "registry/import_csv.h"

/* One of the two files with what its columns mean. */
typedef struct ImportTable {
    FileMap map;
    Csv csv;
    const char *name;                  /* "persons.csv" */
    const Kind *kind[CSV_COLUMNS_MAX]; /* of each column; NULL: a key */
    Str words[CSV_COLUMNS_MAX];        /* that stand for its codes */
    bool optional[CSV_COLUMNS_MAX];    /* an empty cell says nothing */
    bool known[CSV_COLUMNS_MAX];       /* has a line in models/csv.tsv */
    int32_t household_column;
    int32_t person_column;
} ImportTable;

/*
 * Opens a file of the job's folder and reads its header by models/csv.tsv.
 * Columns that it does not know are told as rejects and counted; nothing of
 * them is read.
 *
 * in     file: "households" or "persons"
 * owns   the caller, who ends with import_table_close(), also after an error
 * errs   ERR_NOT_FOUND, ERR_IO: the file; ERR_INVALID: csv.*
 */
NODISCARD Err import_table_open(ImportTable *table, const ImportCsv *job,
                                const char *file, ImportCsvReport *report,
                                Diag *diag);

void import_table_close(ImportTable *table);

/* Reads the id >= 0 in a column of the row just read; false: it is none. */
bool import_table_id(const ImportTable *table, int32_t column, int64_t *ret);

/*
 * Says where a row just read is broken as a row of CSV.
 *
 * in     why: as csv_next() filled it
 * out    ret_column: the name of the column, or its number when the header has
 *        none; ret_value: what stands there, or how the row begins where it
 *        cannot be told; empty when nothing does. Both borrowed, or in `room`
 */
void import_table_fault(const ImportTable *table, const Diag *why, Buf *room,
                        Str *ret_column, Str *ret_value);

#endif

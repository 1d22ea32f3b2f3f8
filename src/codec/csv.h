/*
 * csv.h - rows of a CSV file that is in memory, with nothing copied.
 *
 * RFC 4180 with a header line: columns are found by name, in any order; lines
 * end with LF or CRLF; a UTF-8 byte order mark and empty lines are skipped.
 * A quote may only stand around a whole field. A faulty row is told and
 * passed over, and reading goes on with the next one.
 *
 * The bytes may be a mapped file of any size. Several readers may share them,
 * each with its part (csv_part) on its own thread.
 */
#ifndef CODEC_CSV_H
#define CODEC_CSV_H

#include "base/buf.h"
#include "base/diag.h"

enum {
    CSV_COLUMNS_MAX = 256,
    CSV_FIELD_BYTES_MAX = 64 * 1024,
    CSV_ROW_BYTES_MAX = 1024 * 1024,
    CSV_NO_COLUMN = -1
};

typedef struct Csv {
    Str bytes;          /* all of the file; offsets count from here */
    size_t offset;      /* of the next row */
    size_t end;         /* rows that begin here or later are not ours */
    int64_t line;       /* of the next row, from 1 */
    int64_t row_line;   /* of the row just read */
    size_t row_offset;  /* of the row just read */
    size_t row_bytes;   /* of the row just read, without its line end */
    size_t field_count; /* of the row just read */
    Str field[CSV_COLUMNS_MAX];
    size_t column_count; /* of the header */
    Str column[CSV_COLUMNS_MAX];
    const char *file; /* for messages; may be NULL */
    Buf unquoted;     /* fields in which a quote was doubled */
} Csv;

/* One run of whole rows. */
typedef struct CsvPart {
    size_t offset; /* of its first row */
    size_t end;    /* of its last row's line end */
    int64_t line;  /* of its first row */
} CsvPart;

/*
 * Begins reading and reads the header.
 *
 * in     bytes, file: outlive the reader
 * errs   ERR_INVALID: no header (csv.empty), a name twice (csv.twice {name}),
 *        missing (csv.unnamed {number}) or with a quote (csv.quoted_name), or
 *        one of the faults of csv_next()
 * owns   the caller, who ends with csv_close(), also after an error
 */
NODISCARD Err csv_open(Csv *csv, Str bytes, const char *file, Diag *diag);

/* Frees what the reader has copied. */
void csv_close(Csv *csv);

/* The index of a column, or CSV_NO_COLUMN. */
int32_t csv_column(const Csv *csv, const char *name);

/*
 * Finds the columns that a reader of this file knows.
 *
 * in     names: `count` of them, the first `required` must be there
 * out    ret: the index of each or CSV_NO_COLUMN
 * errs   ERR_INVALID: a required column is missing (csv.missing {name}), or
 *        the header has one that nobody knows (csv.unknown {name})
 */
NODISCARD Err csv_bind(const Csv *csv, const char *const *names, size_t count,
                       size_t required, int32_t *ret, Diag *diag);

/*
 * Reads the next row into csv->field; the fields are valid until the next
 * call and have no quotes around them.
 *
 * errs   ERR_NOT_FOUND: there are no more rows
 *        ERR_INVALID: this row is refused and passed over: csv.fields
 *        {found} {expected}, csv.quote {column}, csv.utf8 {column}, csv.nul
 *        {column}, csv.long_field {column}, csv.long_row, csv.many_fields;
 *        the next call reads the next row
 *        ERR_FULL: no memory
 * cost   about 0.2 us for a row of 12 fields (bench/bench_codec.c)
 */
NODISCARD Err csv_next(Csv *csv, Diag *diag);

/* The field of a column of the row just read; empty for CSV_NO_COLUMN. */
static inline Str csv_field(const Csv *csv, int32_t column)
{
    if (column < 0) return (Str){"", 0};
    return csv->field[column];
}

/*
 * Divides the rows after the header into at most `count` runs of about equal
 * bytes that begin and end with whole rows, quoted line ends included.
 *
 * in     csv: just opened; count: at least 1
 * out    ret: the runs in order; their number is returned, 0 without rows
 * cost   one pass, 15 ns a row
 */
size_t csv_parts(const Csv *csv, size_t count, CsvPart *ret);

/*
 * Makes a reader of one run with the header of another reader, which must
 * outlive it.
 *
 * in     part: from csv_parts(), or the offset and line of a row's start
 *        that an earlier reading reported (csv->offset, csv->line)
 * owns   the caller, who ends with csv_close()
 */
Csv csv_part(const Csv *header, CsvPart part);

#endif

#include "codec/csv.h"

#include <stdlib.h>

#include "codec/utf8.h"

/* What went wrong in a row; each has a text key in row_keys. */
typedef enum Fault {
    FAULT_NONE,
    FAULT_QUOTE,
    FAULT_LONG_FIELD,
    FAULT_LONG_ROW,
    FAULT_MANY_FIELDS,
    FAULT_UTF8,
    FAULT_NUL,
    FAULT_FIELDS,
    FAULT_MEMORY,
    FAULT_COUNT
} Fault;

static const char *const row_keys[FAULT_COUNT] = {
    [FAULT_QUOTE] = "csv.quote",       [FAULT_LONG_FIELD] = "csv.long_field",
    [FAULT_LONG_ROW] = "csv.long_row", [FAULT_MANY_FIELDS] = "csv.many_fields",
    [FAULT_UTF8] = "csv.utf8",         [FAULT_NUL] = "csv.nul",
    [FAULT_FIELDS] = "csv.fields",     [FAULT_MEMORY] = "csv.memory",
};

/* Where the reading of one row stands. */
typedef struct Scan {
    const char *at;
    const char *end;   /* no byte of this row is here or later */
    const char *limit; /* where the row is too long; at most `end` */
    int64_t breaks;    /* line feeds inside quotes */
} Scan;

/* Bytes that end an unquoted field or are not allowed in one. */
static const unsigned char stops[256] = {
    [','] = 1, ['\n'] = 1, ['"'] = 1, ['\0'] = 1};

static const char *line_feed(const char *at, const char *end)
{
    const char *found = memchr(at, '\n', (size_t)(end - at));
    return found == NULL ? end : found;
}

/* The text up to a comma or a line feed, without the CR of CRLF. */
static Fault unquoted_field(Scan *scan, Str *ret)
{
    const char *start = scan->at, *at = start, *limit = scan->limit;
    while (at < limit && !stops[(unsigned char)*at]) at++;
    scan->at = at;
    const char *end = at;
    if (at < limit && *at == '"') return FAULT_QUOTE;
    if (at < limit && *at == '\0') return FAULT_NUL;
    if (at == limit && limit < scan->end) return FAULT_LONG_ROW;
    bool last = at == scan->end || *at == '\n';
    if (last && end > start && end[-1] == '\r') end--;
    *ret = (Str){start, (size_t)(end - start)};
    return FAULT_NONE;
}

/* Copies a quoted field in which quotes are doubled. */
static Fault undouble(Csv *csv, Str *field)
{
    Buf *to = &csv->unquoted;
    if (to->room_bytes == 0 && !buf_reserve(to, CSV_ROW_BYTES_MAX)) {
        return FAULT_MEMORY;
    }
    char *start = to->at + to->bytes;
    for (size_t i = 0; i < field->bytes; i++) {
        to->at[to->bytes++] = field->at[i];
        if (field->at[i] == '"') i++;
    }
    *field = (Str){start, (size_t)(to->at + to->bytes - start)};
    return FAULT_NONE;
}

/* The text between quotes; leaves `at` behind the closing one. */
static Fault quoted_field(Csv *csv, Scan *scan, Str *ret)
{
    const char *start = ++scan->at;
    bool doubled = false;
    for (;; scan->at++) {
        if (scan->at == scan->end) return FAULT_QUOTE;
        if (scan->at == scan->limit) return FAULT_LONG_ROW;
        if (scan->at - start > CSV_FIELD_BYTES_MAX) return FAULT_LONG_FIELD;
        if (*scan->at == '\0') return FAULT_NUL;
        if (*scan->at == '\n') scan->breaks++;
        if (*scan->at != '"') continue;
        if (scan->at + 1 == scan->end || scan->at[1] != '"') break;
        doubled = true;
        scan->at++;
    }
    *ret = (Str){start, (size_t)(scan->at++ - start)};
    if (doubled) return undouble(csv, ret);
    return FAULT_NONE;
}

/* What may follow a quoted field: comma, line end or the end of the file. */
static Fault after_quote(Scan *scan)
{
    if (scan->at + 1 < scan->end && scan->at[0] == '\r' &&
        scan->at[1] == '\n') {
        scan->at++;
    }
    if (scan->at == scan->end) return FAULT_NONE;
    return *scan->at == ',' || *scan->at == '\n' ? FAULT_NONE : FAULT_QUOTE;
}

/* Cuts one row into fields; `at` is left at its line feed or at the end. */
static Fault scan_row(Csv *csv, Scan *scan)
{
    csv->field_count = 0;
    csv->unquoted.bytes = 0;
    for (;;) {
        if (csv->field_count == CSV_COLUMNS_MAX) return FAULT_MANY_FIELDS;
        Str *field = &csv->field[csv->field_count];
        Fault fault = FAULT_NONE;
        if (scan->at < scan->end && *scan->at == '"') {
            fault = quoted_field(csv, scan, field);
            if (fault == FAULT_NONE) fault = after_quote(scan);
        } else {
            fault = unquoted_field(scan, field);
        }
        if (fault != FAULT_NONE) return fault;
        csv->field_count++;
        if (field->bytes > CSV_FIELD_BYTES_MAX) return FAULT_LONG_FIELD;
        if (scan->at == scan->end || *scan->at == '\n') return FAULT_NONE;
        scan->at++; /* the comma */
    }
}

/* Moves the reader behind the row that `scan` has read, or past a bad one. */
static void pass_row(Csv *csv, const Scan *scan, Fault fault)
{
    const char *base = csv->bytes.at;
    const char *stop = scan->at;
    csv->line += scan->breaks;
    if (fault != FAULT_NONE) {
        /* the row's true end cannot be known: go on after its first line */
        stop = line_feed(base + csv->row_offset, scan->end);
        csv->line = csv->row_line;
    }
    csv->row_bytes = (size_t)(stop - base) - csv->row_offset;
    if (csv->row_bytes > 0 && stop[-1] == '\r') csv->row_bytes--;
    bool feed = stop < scan->end;
    csv->offset = (size_t)(stop - base) + (feed ? 1 : 0);
    csv->line += feed ? 1 : 0;
}

/* Skips empty lines. False at the end of the rows. */
static bool find_row(Csv *csv)
{
    while (csv->offset < csv->end) {
        const char *at = csv->bytes.at + csv->offset;
        size_t left = csv->bytes.bytes - csv->offset;
        size_t skip = at[0] == '\n'                                ? 1
                      : left > 1 && at[0] == '\r' && at[1] == '\n' ? 2
                                                                   : 0;
        if (skip == 0) return true;
        csv->offset += skip;
        csv->line++;
    }
    return false;
}

/* Names the column of the last field scanned, by its header or number. */
static void tell(const Csv *csv, Fault fault, size_t index, Diag *diag)
{
    diag_set(diag, row_keys[fault]);
    diag_place(diag, csv->file, (int32_t)csv->row_line, 0);
    if (fault == FAULT_FIELDS) {
        diag_arg_int(diag, (int64_t)csv->field_count);
        diag_arg_int(diag, (int64_t)csv->column_count);
    } else if (index < csv->column_count) {
        diag_arg(diag, csv->column[index]);
    } else {
        diag_arg_int(diag, (int64_t)index + 1);
    }
}

/* The first field that is not UTF-8, or field_count. */
static size_t bad_text(const Csv *csv)
{
    Str row = {csv->bytes.at + csv->row_offset, csv->row_bytes};
    if (utf8_valid(row)) return csv->field_count;
    for (size_t i = 0; i < csv->field_count; i++) {
        if (!utf8_valid(csv->field[i])) return i;
    }
    return 0;
}

static Err read_row(Csv *csv, Diag *diag)
{
    if (!find_row(csv)) return ERR_NOT_FOUND;
    const char *at = csv->bytes.at + csv->offset;
    const char *end = csv->bytes.at + csv->bytes.bytes;
    Scan scan = {at, end, end, 0};
    if (end - at > CSV_ROW_BYTES_MAX) scan.limit = at + CSV_ROW_BYTES_MAX;
    csv->row_line = csv->line;
    csv->row_offset = csv->offset;
    Fault fault = scan_row(csv, &scan);
    size_t index = csv->field_count;
    if (fault == FAULT_LONG_FIELD && index > 0 &&
        csv->field[index - 1].bytes > CSV_FIELD_BYTES_MAX) {
        index--;
    }
    pass_row(csv, &scan, fault);
    if (fault == FAULT_NONE) {
        index = bad_text(csv);
        if (index < csv->field_count) fault = FAULT_UTF8;
    }
    if (fault == FAULT_NONE && csv->column_count > 0 &&
        csv->field_count != csv->column_count) {
        fault = FAULT_FIELDS;
    }
    if (fault == FAULT_NONE) return OK;
    tell(csv, fault, index, diag);
    return fault == FAULT_MEMORY ? ERR_FULL : ERR_INVALID;
}

Err csv_next(Csv *csv, Diag *diag)
{
    return read_row(csv, diag);
}

static Err header_fault(const Csv *csv, const char *key, Str name, Diag *diag)
{
    diag_set(diag, key);
    diag_place(diag, csv->file, (int32_t)csv->row_line, 0);
    if (name.at != NULL) diag_arg(diag, name);
    return ERR_INVALID;
}

/* Takes the first row as the names, which may have no quotes in them. */
static Err read_header(Csv *csv, Diag *diag)
{
    Err err = read_row(csv, diag);
    if (err == ERR_NOT_FOUND) {
        return header_fault(csv, "csv.empty", (Str){NULL, 0}, diag);
    }
    TRY(err);
    if (csv->unquoted.bytes > 0) {
        return header_fault(csv, "csv.quoted_name", (Str){NULL, 0}, diag);
    }
    for (size_t i = 0; i < csv->field_count; i++) {
        Str name = str_trim(csv->field[i]);
        if (name.bytes == 0) {
            diag_set(diag, "csv.unnamed");
            diag_place(diag, csv->file, (int32_t)csv->row_line, 0);
            diag_arg_int(diag, (int64_t)i + 1);
            return ERR_INVALID;
        }
        for (size_t j = 0; j < i; j++) {
            if (str_equal(csv->column[j], name)) {
                return header_fault(csv, "csv.twice", name, diag);
            }
        }
        csv->column[i] = name;
    }
    csv->column_count = csv->field_count;
    return OK;
}

Err csv_open(Csv *csv, Str bytes, const char *file, Diag *diag)
{
    /* not memset: the arrays are large and are written before they are read */
    csv->bytes = bytes;
    csv->offset = 0;
    csv->end = bytes.bytes;
    csv->line = 1;
    csv->row_line = 1;
    csv->row_offset = 0;
    csv->row_bytes = 0;
    csv->field_count = 0;
    csv->column_count = 0;
    csv->file = file;
    csv->unquoted = buf_make(CSV_ROW_BYTES_MAX);
    if (bytes.bytes >= 3 && memcmp(bytes.at, "\xEF\xBB\xBF", 3) == 0) {
        csv->offset = 3;
    }
    return read_header(csv, diag);
}

void csv_close(Csv *csv)
{
    buf_free(&csv->unquoted);
}

int32_t csv_column(const Csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->column_count; i++) {
        if (str_is(csv->column[i], name)) return (int32_t)i;
    }
    return CSV_NO_COLUMN;
}

static bool is_known(Str column, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(column, names[i])) return true;
    }
    return false;
}

Err csv_bind(const Csv *csv, const char *const *names, size_t count,
             size_t required, int32_t *ret, Diag *diag)
{
    for (size_t i = 0; i < required; i++) {
        if (csv_column(csv, names[i]) == CSV_NO_COLUMN) {
            return header_fault(csv, "csv.missing", str_of(names[i]), diag);
        }
    }
    for (size_t i = 0; i < csv->column_count; i++) {
        if (!is_known(csv->column[i], names, count)) {
            return header_fault(csv, "csv.unknown", csv->column[i], diag);
        }
    }
    for (size_t i = 0; i < count; i++) ret[i] = csv_column(csv, names[i]);
    return OK;
}

/* Passes one row as read_row() would, but only counts; without memory for it
 * all that follows is taken as one row, whose reader will say so. */
static void skip_row(Csv *csv)
{
    const char *at = csv->bytes.at + csv->offset;
    const char *end = csv->bytes.at + csv->bytes.bytes;
    const char *feed = line_feed(at, end);
    if (memchr(at, '"', (size_t)(feed - at)) != NULL) {
        /* a faulty row is told by the reader of its part */
        if (read_row(csv, NULL) == ERR_FULL) csv->offset = csv->end;
        return;
    }
    csv->offset = (size_t)(feed - csv->bytes.at) + (feed < end ? 1 : 0);
    csv->line += feed < end ? 1 : 0;
}

Csv csv_part(const Csv *header, CsvPart part)
{
    Csv csv = *header;
    csv.offset = part.offset;
    csv.end = part.end;
    csv.line = part.line;
    csv.field_count = 0;
    csv.unquoted = buf_make(CSV_ROW_BYTES_MAX);
    return csv;
}

size_t csv_parts(const Csv *csv, size_t count, CsvPart *ret)
{
    CHECK(count > 0);
    CsvPart all = {csv->offset, csv->end, csv->line};
    Csv walk = csv_part(csv, all);
    size_t each = (all.end - all.offset) / count + 1, made = 0;
    while (walk.offset < walk.end) {
        size_t start = walk.offset;
        int64_t line = walk.line;
        size_t target = made + 1 == count ? walk.end : start + each;
        if (made + 1 == count) walk.offset = walk.end;
        while (walk.offset < target && walk.offset < walk.end) skip_row(&walk);
        ret[made++] = (CsvPart){start, walk.offset, line};
    }
    csv_close(&walk);
    return made;
}

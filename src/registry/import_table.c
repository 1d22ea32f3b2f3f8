#include "registry/import_table_int.h"

#include <stdio.h>

#include "codec/arabic.h"
#include "codec/utf8.h"

enum { EXCERPT_CHARS = 40 }; /* of what is no single value */

/* Reads models/csv.tsv for one file: which columns there are, what they are. */
static Err bind_columns(ImportTable *table, const ImportCsv *job,
                        const char *file, Diag *diag)
{
    Str rest = job->columns, line;
    while (str_split(&rest, '\n', &line)) {
        Str cell[5] = {{NULL, 0}};
        if (line.bytes == 0 || line.at[0] == '#') continue;
        for (int i = 0; i < 5; i++) str_split(&line, '\t', &cell[i]);
        if (!str_is(cell[0], file)) continue;
        char column[64] = "";
        CHECK(cell[1].bytes < sizeof column);
        memcpy(column, cell[1].at, cell[1].bytes);
        int32_t at = csv_column(&table->csv, column);
        if (at < 0 && str_is(cell[3], "yes")) {
            diag_set(diag, "csv.missing");
            diag_place(diag, table->name, 1, 0);
            diag_arg(diag, cell[1]);
            return ERR_INVALID;
        }
        if (at < 0) continue;
        table->known[at] = true;
        table->words[at] = cell[4];
        table->optional[at] = !str_is(cell[3], "yes");
        if (str_is(cell[2], "key")) {
            bool person = str_is(cell[1], "person_id");
            *(person ? &table->person_column : &table->household_column) = at;
        } else {
            table->kind[at] = kind_find(job->catalogue, cell[2]);
            CHECK(table->kind[at] != NULL);
        }
    }
    return OK;
}

/* A slip in the name of a column that may be missing would lose all of it. */
static void tell_unknown(const ImportTable *table, const ImportCsv *job,
                         ImportCsvReport *report)
{
    for (int32_t i = 0; i < (int32_t)table->csv.column_count; i++) {
        if (table->known[i]) continue;
        Diag why = {.key = ""};
        diag_set(&why, "import.unknown_column");
        report->columns_unknown++;
        if (job->reject == NULL) continue;
        job->reject(job->arg, table->name, 1, table->csv.column[i],
                    table->csv.column[i], &why, false);
    }
}

Err import_table_open(ImportTable *table, const ImportCsv *job,
                      const char *file, ImportCsvReport *report, Diag *diag)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.csv", job->folder, file);
    table->name = file[0] == 'h' ? "households.csv" : "persons.csv";
    TRY(file_read(path, diag, &table->map));
    TRY(csv_open(&table->csv, table->map.bytes, table->name, diag));
    TRY(bind_columns(table, job, file, diag));
    tell_unknown(table, job, report);
    return OK;
}

void import_table_close(ImportTable *table)
{
    csv_close(&table->csv);
    file_unmap(&table->map);
}

/* Reads an id that is written in Arabic-Indic digits. */
static bool read_folded(Str text, int64_t *ret)
{
    enum { ID_BYTES_MAX = 64 };
    char room[ID_BYTES_MAX];
    Buf plain = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    if (text.bytes > sizeof room) return false;
    arabic_digits(&plain, text);
    return !buf_full(&plain) && str_to_int(buf_view(&plain), ret);
}

bool import_table_id(const ImportTable *table, int32_t column, int64_t *ret)
{
    Str text = csv_field(&table->csv, column);
    if (!str_to_int(text, ret) && !read_folded(text, ret)) return false;
    return *ret >= 0 && *ret <= REGISTRY_ID_MAX;
}

/* A row of another length: the first field too many, or the first missing. */
static void other_length(const Csv *csv, Buf *room, Str *ret_column,
                         Str *ret_value)
{
    size_t first = csv->column_count;
    if (csv->field_count < first) {
        *ret_column = csv->column[csv->field_count];
        *ret_value = (Str){"", 0};
        return;
    }
    buf_int(room, (int64_t)first + 1);
    *ret_column = buf_view(room);
    *ret_value = csv->field[first];
}

void import_table_fault(const ImportTable *table, const Diag *why, Buf *room,
                        Str *ret_column, Str *ret_value)
{
    const Csv *csv = &table->csv;
    if (str_is(STR("csv.fields"), why->key)) {
        other_length(csv, room, ret_column, ret_value);
        return;
    }
    int32_t column = csv_column(csv, why->arg[0]);
    bool read = column >= 0 && (size_t)column < csv->field_count;
    Str row = {csv->bytes.at + csv->row_offset, csv->row_bytes};
    utf8_write_excerpt(room, read ? csv->field[column] : row, EXCERPT_CHARS);
    *ret_column = str_of(why->arg[0]);
    *ret_value = buf_view(room);
}

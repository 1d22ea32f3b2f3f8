/*
 * fuzz_csv - any bytes are read to their end, and in parts they say what they
 * say as a whole.
 */
#include "codec/csv.h"

enum { PARTS = 3 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

/* One number for all that a reader says of its rows; adds to `hash`. */
static uint64_t digest(Csv *csv, uint64_t hash)
{
    for (;;) {
        Diag diag = {0};
        size_t before = csv->offset;
        Err err = csv_next(csv, &diag);
        if (err == ERR_NOT_FOUND) return hash;
        CHECK(csv->offset > before && csv->offset <= csv->bytes.bytes);
        CHECK(err == OK || diag.key[0] != '\0');
        hash = (hash ^ (uint64_t)csv->row_line) * 1099511628211u;
        hash = (hash ^ (uint64_t)err) * 1099511628211u;
        for (size_t i = 0; err == OK && i < csv->field_count; i++) {
            Str field = csv->field[i];
            for (size_t j = 0; j < field.bytes; j++) {
                hash = (hash ^ (unsigned char)field.at[j]) * 1099511628211u;
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    Csv csv;
    Diag diag = {0};
    if (csv_open(&csv, (Str){(const char *)data, bytes}, "f", &diag) == OK) {
        CsvPart parts[PARTS];
        size_t count = csv_parts(&csv, PARTS, parts);
        uint64_t pieces = 1;
        for (size_t i = 0; i < count; i++) {
            Csv part = csv_part(&csv, parts[i]);
            pieces = digest(&part, pieces);
            csv_close(&part);
        }
        CHECK(digest(&csv, 1) == pieces);
    } else {
        CHECK(diag.key[0] != '\0');
    }
    csv_close(&csv);
    return 0;
}

#include "codec/csv.h"

#include <stdlib.h>

#include "tests/harness.h"

/* Reads a row that must be good and compares its fields, joined by '|'. */
#define EXPECT_ROW(csv, expected)                                              \
    do {                                                                       \
        Diag diag_ = {0};                                                      \
        Err err_ = csv_next((csv), &diag_);                                    \
        ck_assert_msg(err_ == OK, "%s %s", err_name(err_), diag_.key);         \
        EXPECT_STR(joined(csv), expected);                                     \
    } while (0)

/* Reads a row that must be refused with that key at that line. */
#define EXPECT_BAD(csv, expected_key, expected_line, first_arg)                \
    do {                                                                       \
        Diag diag_ = {0};                                                      \
        ck_assert_int_eq(csv_next((csv), &diag_), ERR_INVALID);                \
        ck_assert_str_eq(diag_.key, (expected_key));                           \
        ck_assert_int_eq(diag_.line, (expected_line));                         \
        ck_assert_str_eq(diag_.arg[0], (first_arg));                           \
        ck_assert_str_eq(diag_.file, "f.csv");                                 \
    } while (0)

static Str joined(const Csv *csv)
{
    static char text[1 << 21];
    size_t used = 0;
    for (size_t i = 0; i < csv->field_count; i++) {
        if (i > 0) text[used++] = '|';
        if (csv->field[i].bytes == 0) continue;
        memcpy(text + used, csv->field[i].at, csv->field[i].bytes);
        used += csv->field[i].bytes;
    }
    return (Str){text, used};
}

static void open_good(Csv *csv, Str bytes)
{
    Diag diag = {0};
    Err err = csv_open(csv, bytes, "f.csv", &diag);
    ck_assert_msg(err == OK, "%s %s", err_name(err), diag.key);
}

static void expect_end(Csv *csv)
{
    ck_assert_int_eq(csv_next(csv, NULL), ERR_NOT_FOUND);
    ck_assert_int_eq(csv_next(csv, NULL), ERR_NOT_FOUND);
}

TEST(rows_are_read_with_lf_and_with_crlf_and_without_a_last_line_end)
{
    static const char *const files[] = {"a,b\n1,2\n,\n", "a,b\r\n1,2\r\n,\r\n",
                                        "a,b\n1,2\n,",
                                        ("\xEF\xBB\xBF"
                                         "a,b\n1,2\n,\n"),
                                        "\n\r\na,b\n\n1,2\r\n\r\n,\n\n"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        Csv csv;
        open_good(&csv, str_of(files[i]));
        ck_assert_int_eq(csv_column(&csv, "a"), 0);
        ck_assert_int_eq(csv_column(&csv, "b"), 1);
        ck_assert_int_eq(csv_column(&csv, "c"), CSV_NO_COLUMN);
        EXPECT_ROW(&csv, "1|2");
        EXPECT_ROW(&csv, "|");
        expect_end(&csv);
        csv_close(&csv);
    }
}

TEST(quotes_keep_commas_line_ends_and_doubled_quotes)
{
    Csv csv;
    open_good(&csv, STR("a,b,c\n\"x,y\",\"\",\"say \"\"no\"\"\"\n"
                        "\"1\n2\",\"\"\"\",3\r\n4,5,\"6\""));
    EXPECT_ROW(&csv, "x,y||say \"no\"");
    ck_assert_int_eq(csv.row_line, 2);
    EXPECT_ROW(&csv, "1\n2|\"|3");
    ck_assert_int_eq(csv.row_line, 3);
    EXPECT_ROW(&csv, "4|5|6");
    ck_assert_int_eq(csv.row_line, 5);
    expect_end(&csv);
    csv_close(&csv);
}

TEST(unquoted_fields_point_into_the_file)
{
    Str file = STR("a,b\none,\"two\"\n");
    Csv csv;
    open_good(&csv, file);
    EXPECT_ROW(&csv, "one|two");
    ck_assert_ptr_eq(csv.field[0].at, file.at + 4);
    ck_assert_ptr_eq(csv.field[1].at, file.at + 9);
    csv_close(&csv);
}

TEST(a_faulty_row_is_told_and_the_next_is_read)
{
    Csv csv;
    open_good(&csv, STR("id,name\n1,a\n2\n3,b,c\n4,\"x\"y\n5,p\"q\n"
                        "6,\xFF\n7,\"open\n8,g\n9,\"\xC0\x80\nx\"\n10,h\n"));
    EXPECT_ROW(&csv, "1|a");
    EXPECT_BAD(&csv, "csv.fields", 3, "1");
    EXPECT_BAD(&csv, "csv.fields", 4, "3");
    EXPECT_BAD(&csv, "csv.quote", 5, "name");
    EXPECT_BAD(&csv, "csv.quote", 6, "name");
    EXPECT_BAD(&csv, "csv.utf8", 7, "name");
    EXPECT_BAD(&csv, "csv.quote", 8, "name");
    EXPECT_ROW(&csv, "8|g");
    EXPECT_BAD(&csv, "csv.utf8", 10, "name");
    EXPECT_ROW(&csv, "10|h");
    ck_assert_int_eq(csv.row_line, 12);
    expect_end(&csv);
    csv_close(&csv);
}

TEST(a_zero_byte_is_refused_quoted_or_not)
{
    Csv csv;
    open_good(&csv, STR("id,name\n1,a\0b\n2,\"a\0b\"\n3,c\n"));
    EXPECT_BAD(&csv, "csv.nul", 2, "name");
    EXPECT_BAD(&csv, "csv.nul", 3, "name");
    EXPECT_ROW(&csv, "3|c");
    csv_close(&csv);
}

TEST(an_unclosed_quote_at_the_end_is_a_fault_of_its_row)
{
    Csv csv;
    open_good(&csv, STR("id\n1\n\"2"));
    EXPECT_ROW(&csv, "1");
    EXPECT_BAD(&csv, "csv.quote", 3, "id");
    expect_end(&csv);
    csv_close(&csv);
}

/*
 * A file of exactly its bytes, so that one read too far is seen. It lasts as
 * long as the test.
 */
static Str file_of(const char *before, char fill, size_t count,
                   const char *after)
{
    size_t begin = strlen(before), rest = strlen(after);
    static char *kept[8];
    static size_t files;
    char *text = kept[files++] = malloc(begin + count + rest);
    ck_assert_ptr_nonnull(text);
    memcpy(text, before, begin);
    memset(text + begin, fill, count);
    memcpy(text + begin + count, after, rest);
    return (Str){text, begin + count + rest};
}

TEST(a_field_may_have_64_kib_and_not_a_byte_more)
{
    static const char *const quotes[] = {"", "\""};
    for (size_t i = 0; i < 2; i++) {
        char before[16] = "id,name\n1,", after[16] = "";
        strncat(before, quotes[i], 2);
        strncat(after, quotes[i], 2);
        strncat(after, "\n2,b\n", 8);
        Csv csv;
        open_good(&csv, file_of(before, 'x', CSV_FIELD_BYTES_MAX, after));
        ck_assert_int_eq(csv_next(&csv, NULL), OK);
        ck_assert_uint_eq(csv.field[1].bytes, CSV_FIELD_BYTES_MAX);
        EXPECT_ROW(&csv, "2|b");
        csv_close(&csv);
        open_good(&csv, file_of(before, 'x', CSV_FIELD_BYTES_MAX + 1, after));
        EXPECT_BAD(&csv, "csv.long_field", 2, "name");
        EXPECT_ROW(&csv, "2|b");
        csv_close(&csv);
    }
}

TEST(a_row_beyond_a_mebibyte_is_refused_and_passed_over)
{
    Csv csv;
    open_good(&csv, file_of("id\n", 'x', CSV_ROW_BYTES_MAX + 1, "\n2\n"));
    EXPECT_BAD(&csv, "csv.long_row", 2, "id");
    EXPECT_ROW(&csv, "2");
    expect_end(&csv);
    csv_close(&csv);
}

TEST(quoted_fields_that_are_too_long_together_are_refused)
{
    static char text[2 * CSV_ROW_BYTES_MAX];
    size_t used = 0;
    memcpy(text, "id\n", 3);
    used = 3;
    while (used < CSV_ROW_BYTES_MAX + 5000) {
        text[used++] = '"';
        memset(text + used, 'x', 40000);
        used += 40000;
        memcpy(text + used, "\",", 2);
        used += 2;
    }
    memcpy(text + used, "\n2\n", 3);
    Csv csv;
    open_good(&csv, (Str){text, used + 3});
    EXPECT_BAD(&csv, "csv.long_row", 2, "27");
    EXPECT_ROW(&csv, "2");
    csv_close(&csv);
}

TEST(a_file_of_a_million_columns_is_refused_at_once)
{
    Csv csv;
    Diag diag = {0};
    Str file = file_of("a", ',', 1000000, "\n1\n");
    ck_assert_int_eq(csv_open(&csv, file, "f.csv", &diag), ERR_INVALID);
    ck_assert_str_eq(diag.key, "csv.many_fields");
    csv_close(&csv);
}

TEST(a_header_that_cannot_be_used_is_refused)
{
    static const struct {
        const char *file, *key, *arg;
    } cases[] = {
        {"", "csv.empty", ""},
        {"\n\n", "csv.empty", ""},
        {"\xEF\xBB\xBF", "csv.empty", ""},
        {"a,b,a\n", "csv.twice", "a"},
        {"a, a\n", "csv.twice", "a"},
        {"a,,b\n", "csv.unnamed", "2"},
        {"a,\"x\"\"y\"\n", "csv.quoted_name", ""},
        {"a,\xFF\n", "csv.utf8", "2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Csv csv;
        Diag diag = {0};
        Err err = csv_open(&csv, str_of(cases[i].file), NULL, &diag);
        ck_assert_int_eq(err, ERR_INVALID);
        ck_assert_str_eq(diag.key, cases[i].key);
        ck_assert_str_eq(diag.arg[0], cases[i].arg);
        csv_close(&csv);
    }
}

TEST(columns_are_bound_by_name_in_any_order)
{
    static const char *const names[] = {"id", "name", "note"};
    int32_t at[3];
    Diag diag = {0};
    Csv csv;
    open_good(&csv, STR("name,id\nx,7\n"));
    ck_assert_int_eq(csv_bind(&csv, names, 3, 2, at, &diag), OK);
    EXPECT_ROW(&csv, "x|7");
    EXPECT_STR(csv_field(&csv, at[0]), "7");
    EXPECT_STR(csv_field(&csv, at[1]), "x");
    EXPECT_STR(csv_field(&csv, at[2]), "");
    ck_assert_int_eq(csv_bind(&csv, names, 3, 3, at, &diag), ERR_INVALID);
    ck_assert_str_eq(diag.key, "csv.missing");
    ck_assert_str_eq(diag.arg[0], "note");
    ck_assert_int_eq(csv_bind(&csv, names, 1, 1, at, &diag), ERR_INVALID);
    ck_assert_str_eq(diag.key, "csv.unknown");
    ck_assert_str_eq(diag.arg[0], "name");
    csv_close(&csv);
}

/* What a reader says of the rest of its rows, line by line. */
static void tell_all(Csv *csv, Buf *out)
{
    for (;;) {
        Diag diag = {0};
        Err err = csv_next(csv, &diag);
        if (err == ERR_NOT_FOUND) return;
        buf_format(out, "%d %s ", (int)csv->row_line, diag.key);
        if (err == OK) buf_str(out, joined(csv));
        buf_char(out, '\n');
    }
}

TEST(the_parts_of_a_file_say_what_the_whole_says)
{
    static const char *const files[] = {
        "a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11,12",
        "a,b\n\n1,\"x\n\ny\"\n\n2,\"\"\"\"\n3,\"\n\n\n\n\n\n\n\n\n\"\n4,5\r\n",
        "a,b\n1\n2,\"x\ny\n3,\"a\nb\n4,\"c\n5,6\n\"7\"8,\n9,\"\n\",10\n11,2\n",
        "a,b\n", "a,b"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        Csv csv;
        open_good(&csv, str_of(files[i]));
        for (size_t count = 1; count < 12; count++) {
            CsvPart parts[12];
            size_t made = csv_parts(&csv, count, parts);
            ck_assert_uint_le(made, count);
            Buf whole = buf_make(4096), pieces = buf_make(4096);
            Csv all = csv_part(&csv, (CsvPart){csv.offset, csv.end, csv.line});
            tell_all(&all, &whole);
            csv_close(&all);
            for (size_t p = 0; p < made; p++) {
                Csv part = csv_part(&csv, parts[p]);
                tell_all(&part, &pieces);
                csv_close(&part);
            }
            buf_char(&whole, '\0');
            buf_char(&pieces, '\0');
            ck_assert_str_eq(pieces.at, whole.at);
            buf_free(&whole);
            buf_free(&pieces);
        }
        csv_close(&csv);
    }
}

TEST(reading_goes_on_from_a_reported_offset)
{
    Csv csv;
    open_good(&csv, STR("a\n1\n2\n3\n"));
    EXPECT_ROW(&csv, "1");
    CsvPart rest = {csv.offset, csv.end, csv.line};
    Csv resumed = csv_part(&csv, rest);
    EXPECT_ROW(&resumed, "2");
    ck_assert_int_eq(resumed.row_line, 3);
    csv_close(&resumed);
    csv_close(&csv);
}

#include "codec/check.h"
#include "codec/format.h"
#include "tests/harness.h"

TEST(luhn_is_as_for_national_numbers)
{
    ck_assert(check_luhn(STR("1000000008")));
    ck_assert(!check_luhn(STR("1000000000")));
    ck_assert(check_luhn(STR("2000000006")));
    ck_assert(check_luhn(STR("2000000014")));
    ck_assert(check_luhn(STR("79927398713")));
    ck_assert(!check_luhn(STR("7992739871a")));
    ck_assert(!check_luhn(STR("")));
}

TEST(luhn_finds_every_single_wrong_digit)
{
    for (int at = 0; at < 10; at++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            char number[] = "1000000008";
            bool same = number[at] == digit;
            number[at] = digit;
            ck_assert(check_luhn(str_of(number)) == same);
        }
    }
}

TEST(iban_is_mod_97)
{
    ck_assert(check_iban(STR("SA0380000000608010167519")));
    ck_assert(!check_iban(STR("SA0380000000608010167518")));
    ck_assert(check_iban(STR("GB82WEST12345698765432")));
    ck_assert(!check_iban(STR("gb82WEST12345698765432")));
    ck_assert(!check_iban(STR("SA03")));
}

static const Formats *load(void)
{
    static const Formats *formats;
    static Arena *arena;
    Diag diag = {0};
    if (formats != NULL) return formats;
    arena = arena_open(1 << 24);
    Err err =
        format_load(arena, harness_read(harness_path("../models/formats.tsv")),
                    &diag, &formats);
    ck_assert_msg(err == OK, "%s %s line %d", diag.key, diag.arg[0], diag.line);
    return formats;
}

static void expect(const char *name, const char *input, const char *stored)
{
    const Format *format = format_find(load(), str_of(name));
    ck_assert_ptr_nonnull(format);
    ck_assert_str_eq(format_name(format), name);
    Buf buf = buf_make(4096);
    buf_text(&buf, "<");
    Diag diag = {0};
    Err err = format_read(format, str_of(input), &buf, &diag);
    if (stored == NULL) {
        ck_assert_msg(err == ERR_INVALID, "%s was accepted", input);
        ck_assert_uint_eq(buf.bytes, 1);
        char key[64] = "format.";
        strncat(key, name, 32);
        ck_assert_str_eq(diag.key, key);
    } else {
        ck_assert_msg(err == OK, "%s was refused", input);
        Str text = {buf.at + 1, buf.bytes - 1};
        EXPECT_STR(text, stored);
    }
    buf_free(&buf);
}

TEST(a_national_number_is_stored_in_latin_digits_alone)
{
    expect("national_id", "1000000008", "1000000008");
    expect("national_id", "١٠٠٠٠٠٠٠٠٨", "1000000008");
    expect("national_id", " 1000-0000 08\xE2\x80\x8E", "1000000008");
    expect("national_id", "1000000000", NULL);
    expect("national_id", "3000000004", NULL);
    expect("national_id", "100000000", NULL);
    expect("national_id", "10000000081", NULL);
    expect("national_id", "", NULL);
    expect("national_id", "\xFF", NULL);
}

TEST(an_iban_is_stored_without_spaces_in_capitals)
{
    expect("iban", "SA03 8000 0000 6080 1016 7519", "SA0380000000608010167519");
    expect("iban", "sa0380000000608010167519", "SA0380000000608010167519");
    expect("iban", "SA0380000000608010167518", NULL);
    expect("iban", "GB82WEST12345698765432", NULL);
}

TEST(every_way_to_write_a_mobile_number_is_stored_as_one)
{
    static const char *const ways[] = {"0512345678",     "512345678",
                                       "+966512345678",  "966512345678",
                                       "00966512345678", "+966 51 234 5678",
                                       "+9660512345678", "009660512345678",
                                       "٠٥١٢٣٤٥٦٧٨",     "05-1234-5678"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        expect("mobile", ways[i], "+966512345678");
    }
    expect("mobile", "0412345678", NULL);
    expect("mobile", "051234567", NULL);
    expect("mobile", "+15551234567", NULL);
}

TEST(short_addresses_and_establishments_have_their_shape)
{
    expect("short_address", "rrrd 2929", "RRRD2929");
    expect("short_address", "RRR2929", NULL);
    expect("establishment_id", "7001234567", "7001234567");
    expect("establishment_id", "1001234567", NULL);
}

TEST(a_name_has_letters_and_single_spaces)
{
    expect("name", "  عبدالله   بن  سعد ", "عبدالله بن سعد");
    expect("name", "Sa'ad Al-Harbi Jr.", "Sa'ad Al-Harbi Jr.");
    expect("name", "عائشة", "عائشة");
    expect("name", "R2D2", NULL);
    expect("name", "<b>", NULL);
    expect("name", " ", NULL);
    char text[200];
    memset(text, 'a', sizeof text);
    text[120] = '\0';
    expect("name", text, text);
    text[120] = 'a';
    text[121] = '\0';
    expect("name", text, NULL);
}

TEST(an_input_of_any_length_is_answered)
{
    char text[5000];
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    expect("national_id", text, NULL);
    memset(text, ' ', sizeof text - 1);
    expect("mobile", text, NULL);
}

TEST(every_format_that_a_fact_names_is_in_the_table)
{
    const Formats *formats;
    Arena *arena = arena_open(1 << 24);
    ck_assert_int_eq(format_load_embedded(arena, NULL, &formats), OK);
    Str facts = harness_read(harness_path("../models/facts.tsv")), line, column;
    int seen = 0;
    while (str_split(&facts, '\n', &line)) {
        while (line.bytes > 0 && str_split(&line, '\t', &column)) {
            if (column.bytes < 6 || memcmp(column.at, "text:", 5) != 0)
                continue;
            Str name = {column.at + 5, column.bytes - 5};
            if (name.at[0] == '<') continue; /* the comment that explains it */
            ck_assert_msg(format_find(formats, name) != NULL, "%.*s",
                          STR_ARG(name));
            seen++;
        }
    }
    ck_assert_int_ge(seen, 5);
    arena_close(arena);
}

TEST(a_full_buffer_is_an_answer)
{
    Buf small = buf_make(8);
    const Format *format = format_find(load(), STR("national_id"));
    Err err = format_read(format, STR("1000000008"), &small, NULL);
    ck_assert_int_eq(err, ERR_FULL);
    buf_free(&small);
}

TEST(a_faulty_table_is_told_by_line_and_column)
{
    static const struct {
        const char *line, *what;
    } cases[] = {{"a\tx\t-\t-\t-", "columns"},
                 {"a\tx\t-\t-\t-\t-\tz", "columns"},
                 {"a\t\t-\t-\t-\t-", "pattern"},
                 {"a\t[x\t-\t-\t-\t-", "pattern"},
                 {"a\tx{2\t-\t-\t-\t-", "pattern"},
                 {"a\tx{3,2}\t-\t-\t-\t-", "pattern"},
                 {"a\t[z-a]\t-\t-\t-\t-", "pattern"},
                 {"a\tx\\\t-\t-\t-\t-", "pattern"},
                 {"a\tx\tcrc\t-\t-\t-", "check"},
                 {"a\tx\t-\twash\t-\t-", "clean"},
                 {"a\tx\t-\t-\tab\t-", "rewrite"},
                 {"n\tx\t-\t-\t-\t-", "name"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char table[200] = "# c\nn\tx\t-\t-\t-\t-\n";
        strncat(table, cases[i].line, 100);
        Arena *arena = arena_open(1 << 24);
        Diag diag = {0};
        const Formats *formats = NULL;
        Err err = format_load(arena, str_of(table), &diag, &formats);
        ck_assert_int_eq(err, ERR_INVALID);
        ck_assert_str_eq(diag.arg[0], cases[i].what);
        ck_assert_int_eq(diag.line, 3);
        arena_close(arena);
    }
}

#include "registry/value.h"

#include "base/asset.h"
#include "tests/harness.h"

static Arena *arena;
static const KindCatalogue *catalogue;
static const Formats *formats;

static void begin(void)
{
    Diag diag;
    arena = arena_open(16 << 20);
    ck_assert_int_eq(kind_load(arena, asset_find("models/facts.tsv")->bytes,
                               asset_find("models/asset-classes.tsv")->bytes,
                               &diag, &catalogue),
                     OK);
    ck_assert_int_eq(format_load_embedded(arena, &diag, &formats), OK);
}

static Err read(const char *kind, const char *text, Diag *diag, Attribute *ret)
{
    const Kind *of = kind_find(catalogue, str_of(kind));
    ck_assert_ptr_nonnull(of);
    *diag = (Diag){0};
    return value_read(arena, formats, of, str_of(text), diag, ret);
}

TEST(values_are_read_by_their_kind)
{
    static const struct {
        const char *kind, *text;
        int64_t value;
    } good[] = {{"birth_date", "1970-01-02", 1},
                {"resident", "1", 1},
                {"resident", "true", 1},
                {"resident", "0", 0},
                {"resident", "false", 0},
                {"days_abroad", "366", 366},
                {"days_abroad", "0", 0},
                {"wage", "1234.5", 123450},
                {"wage", "0", 0},
                {"nationality", "exempt", 1},
                {"nationality", "other", 2},
                {"region", "13", 12}, /* its name, not its index */
                {"region", "1", 0},
                {"wage", "\xD9\xA1\xD9\xA2.\xD9\xA5\xD9\xA0", 1250},
                {"days_abroad", "\xD9\xA9\xD9\xA0", 90},
                {"birth_date",
                 "\xD9\xA1\xD9\xA9\xD9\xA7\xD9\xA0-\xD9\xA0\xD9\xA1-"
                 "\xD9\xA0\xD9\xA2",
                 1},
                {"days_abroad", "\xDB\xB9\xDB\xB0", 90}}; /* Persian 90 */
    begin();
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Attribute is;
        Diag diag;
        Err err = read(good[i].kind, good[i].text, &diag, &is);
        ck_assert_msg(err == OK, "%s %s: %s", good[i].kind, good[i].text,
                      diag.key);
        ck_assert_msg(is.value == good[i].value, "%s %s is %lld", good[i].kind,
                      good[i].text, (long long)is.value);
        ck_assert_int_eq(is.kind,
                         kind_find(catalogue, str_of(good[i].kind))->id);
    }
    arena_close(arena);
}

TEST(each_rule_that_a_value_breaks_is_named)
{
    static const struct {
        const char *kind, *text, *key;
    } bad[] = {{"birth_date", "01/02/1970", "value.date"},
               {"birth_date", "", "value.date"},
               {"birth_date", "2023-02-29", "value.date"},
               {"birth_date", "1700-02-29", "value.date"},
               {"birth_date", "1700-01-01", "value.day"},
               {"birth_date", "1849-12-31", "value.day"},
               {"birth_date", "2200-01-01", "value.day"},
               {"birth_date", "1700-01-01-", "value.date"},
               {"birth_date", "1700-+1-01", "value.date"},
               {"resident", "2", "value.flag"},
               {"resident", "", "value.flag"},
               {"resident", "TRUE", "value.flag"},
               {"days_abroad", "-1", "value.negative"},
               {"days_abroad", "1.5", "value.count"},
               {"days_abroad", "367", "value.count"}, /* no year has them */
               {"wage", "-0.01", "value.negative"},
               {"wage", "-1", "value.negative"},
               {"wage", "abc", "value.money"},
               {"wage", "1.234", "value.money"},
               {"wage", "1000000000000.01", "value.money"},
               {"wage", "", "value.money"},
               {"nationality", "2", "value.code"},
               {"nationality", "-1", "value.code"},
               {"nationality", "martian", "value.code"},
               {"nationality", "", "value.code"},
               {"region", "14", "value.code"},
               {"asset", "-5", "value.negative"}};
    begin();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Attribute is;
        Diag diag;
        Err err = read(bad[i].kind, bad[i].text, &diag, &is);
        ck_assert_msg(err == ERR_INVALID, "%s %s", bad[i].kind, bad[i].text);
        ck_assert_msg(strcmp(diag.key, bad[i].key) == 0, "%s %s: %s",
                      bad[i].kind, bad[i].text, diag.key);
        ck_assert_str_eq(diag.arg[0], bad[i].text);
    }
    arena_close(arena);
}

TEST(a_column_takes_the_words_that_it_names)
{
    static const char words[] = "0=head|1=spouse|2=child";
    static const struct {
        const char *words, *text;
        int64_t value; /* -1: refused */
    } cases[] = {{words, "0", 0},         {words, "2", 2},
                 {words, "spouse", 1},    {words, "3", -1},
                 {words, "left", -1},     {words, "", -1},
                 {words, "1=spouse", -1}, {"", "left", 4},
                 {"", "4", -1},           {"child|head", "child", 2},
                 {"child|head", "0", -1}, {words, "\xD9\xA1", 1}};
    begin();
    const Kind *member = kind_find(catalogue, STR("member"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Attribute is;
        Diag diag;
        Err err =
            value_read_cell(arena, formats, member, str_of(cases[i].words),
                            str_of(cases[i].text), &diag, &is);
        ck_assert_msg((err == OK) == (cases[i].value >= 0) &&
                          (err != OK || is.value == cases[i].value),
                      "%s of %s", cases[i].text, cases[i].words);
        if (err == OK) continue;
        ck_assert_str_eq(diag.key, "value.code");
        ck_assert_str_eq(diag.arg[0], cases[i].text);
        if (cases[i].words == words)
            ck_assert_str_eq(diag.arg[1], "0 head, 1 spouse, 2 child");
    }
    Buf out = buf_make(64);
    value_write_code(&out, member, str_of(words), 1);
    value_write_code(&out, member, str_of(words), 4);
    value_write_code(&out, member, STR("child|head"), 2);
    EXPECT_STR(buf_view(&out), "1leftchild");
    buf_free(&out);
    arena_close(arena);
}

/* A code must not mean another than its name says: region 0 has no name. */
TEST(a_number_that_is_no_code_is_not_taken_for_a_place_in_the_list)
{
    Attribute is;
    Diag diag;
    begin();
    ck_assert_int_eq(read("region", "0", &diag, &is), ERR_INVALID);
    arena_close(arena);
}

TEST(texts_are_normalised_by_their_format)
{
    Attribute is;
    Diag diag;
    begin();
    ck_assert_int_eq(read("national_id", "1000000008", &diag, &is), OK);
    EXPECT_STR(is.text, "1000000008");
    ck_assert_int_eq(
        read("national_id",
             "\xD9\xA1\xD9\xA0\xD9\xA0\xD9\xA0\xD9\xA0\xD9\xA0\xD9\xA0\xD9\xA0"
             "\xD9\xA0\xD9\xA8",
             &diag, &is),
        OK);
    EXPECT_STR(is.text, "1000000008");
    ck_assert_int_eq(read("national_id", "1000000009", &diag, &is),
                     ERR_INVALID);
    ck_assert_int_eq(strncmp(diag.key, "format.", 7), 0);
    ck_assert_int_eq(read("iban", "SA00 0000", &diag, &is), ERR_INVALID);
    arena_close(arena);
}

#include "text/text.h"

#include "tests/harness.h"

/* For everything that lasts as long as the test. */
static Arena *arena(void)
{
    static Arena *opened;
    if (opened == NULL) opened = arena_open(64 << 20);
    return opened;
}

static Buf long_tsv; /* lasts as long as the test */

static TextStyle style_of(TextLang lang, const char *tsv)
{
    Texts *texts = text_empty(arena());
    Diag diag = {0};
    Err err = text_add(texts, "t.tsv", str_of(tsv), &diag);
    ck_assert_msg(err == OK, "%s line %d", diag.key, diag.line);
    return (TextStyle){.texts = texts, .lang = lang};
}

/* Writes a text with arguments and compares. */
static void expect(const TextStyle *style, const char *key, const TextArg *args,
                   size_t count, const char *expected)
{
    Buf buf = buf_make(4096);
    text_write(&buf, style, str_of(key), args, count);
    EXPECT_STR(buf_view(&buf), expected);
    buf_free(&buf);
}

TEST(a_text_is_found_in_both_languages)
{
    TextStyle style = style_of(TEXT_AR, "# c\n\na.b\tسند\tSanad\r\n");
    EXPECT_STR(text_get(&style, "a.b"), "سند");
    style.lang = TEXT_EN;
    EXPECT_STR(text_get(&style, "a.b"), "Sanad");
    ck_assert(text_has(style.texts, STR("a.b")));
    ck_assert_uint_eq(text_count(style.texts), 1);
    EXPECT_STR(text_key_at(style.texts, 0), "a.b");
}

TEST(a_key_that_is_missing_is_shown_as_itself)
{
    TextStyle style = style_of(TEXT_EN, "");
    EXPECT_STR(text_get(&style, "no.such"), "no.such");
    ck_assert(!text_has(style.texts, STR("no.such")));
    expect(&style, "no.such", NULL, 0, "no.such");
}

TEST(a_pack_replaces_a_text_and_adds_others)
{
    TextStyle style = style_of(TEXT_EN, "a\tا\tA\nb\tب\tB\na\tا\tA2\n");
    EXPECT_STR(text_get(&style, "a"), "A2");
    EXPECT_STR(text_get(&style, "b"), "B");
    ck_assert_uint_eq(text_count(style.texts), 2);
}

TEST(thousands_of_texts_are_all_found)
{
    long_tsv = buf_make(1 << 20);
    for (int i = 0; i < 5000; i++) {
        buf_format(&long_tsv, "key.%d\tع%d\te%d\n", i, i, i);
    }
    buf_char(&long_tsv, '\0');
    TextStyle style = style_of(TEXT_EN, long_tsv.at);
    for (int i = 0; i < 5000; i++) {
        char key[32], text[32];
        snprintf(key, sizeof key, "key.%d", i);
        snprintf(text, sizeof text, "e%d", i);
        EXPECT_STR(text_get(&style, key), text);
    }
    ck_assert_uint_eq(text_count(style.texts), 5000);
}

TEST(a_line_without_three_columns_is_told)
{
    static const char *const bad[] = {"k\tx\n", "k\n", "k\ta\tb\tc\n",
                                      "\ta\tb\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Texts *texts = text_empty(arena());
        char tsv[64] = "ok\tا\ta\n";
        strncat(tsv, bad[i], 32);
        Diag diag = {0};
        Err err = text_add(texts, "f.tsv", str_of(tsv), &diag);
        ck_assert_int_eq(err, ERR_INVALID);
        ck_assert_str_eq(diag.key, "text.columns");
        ck_assert_str_eq(diag.file, "f.tsv");
        ck_assert_int_eq(diag.line, 2);
    }
}

TEST(placeholders_are_filled_by_name_in_any_order)
{
    TextStyle style = style_of(TEXT_EN, "a\t{1} ثم {0}\t{0}, {who}, {0}\n"
                                        "b\tx\t{} { {x {0\n"
                                        "c\tx\tone\\ntwo\\\\\n");
    TextArg args[] = {TEXT_STR("0", STR("x")), TEXT_STR("1", STR("y")),
                      TEXT_STR("who", STR("z"))};
    expect(&style, "a", args, 3, "x, z, x");
    expect(&style, "b", args, 3, "{} { {x {0");
    expect(&style, "c", args, 3, "one\ntwo\\");
    expect(&style, "a", args, 2, "x, {who}, x");
    style.lang = TEXT_AR;
    expect(&style, "a", args, 3, "y ثم x");
}

TEST(arguments_are_isolated_where_there_is_no_markup)
{
    TextStyle style = style_of(TEXT_AR, "a\tرقم {0}\tNo. {0}\n");
    TextArg arg = TEXT_STR("0", STR("SA03"));
    style.isolate = true;
    expect(&style, "a", &arg, 1, "رقم \xE2\x81\xA8SA03\xE2\x81\xA9");
    style.isolate = false;
    expect(&style, "a", &arg, 1, "رقم SA03");
}

TEST(arabic_counts_have_six_forms)
{
    static const struct {
        int64_t number;
        TextPlural plural;
    } cases[] = {{0, TEXT_ZERO},    {1, TEXT_ONE},      {2, TEXT_TWO},
                 {3, TEXT_FEW},     {10, TEXT_FEW},     {11, TEXT_MANY},
                 {99, TEXT_MANY},   {100, TEXT_OTHER},  {101, TEXT_OTHER},
                 {102, TEXT_OTHER}, {103, TEXT_FEW},    {110, TEXT_FEW},
                 {111, TEXT_MANY},  {1000, TEXT_OTHER}, {1003, TEXT_FEW},
                 {-3, TEXT_FEW}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(text_plural(TEXT_AR, cases[i].number),
                         cases[i].plural);
    }
    ck_assert_int_eq(text_plural(TEXT_EN, 1), TEXT_ONE);
    ck_assert_int_eq(text_plural(TEXT_EN, 0), TEXT_OTHER);
}

TEST(counted_things_take_the_form_of_their_number)
{
    TextStyle style = style_of(
        TEXT_AR,
        "m\tفي الأسرة {0|zero:لا أحد|one:فرد واحد|two:فردان|few:# أفراد|"
        "many:# فردا|other:# فرد}.\t{0|one:# person|other:# persons} left\n");
    static const struct {
        int64_t number;
        const char *arabic, *english;
    } cases[] = {{0, "في الأسرة لا أحد.", "0 persons left"},
                 {1, "في الأسرة فرد واحد.", "1 person left"},
                 {2, "في الأسرة فردان.", "2 persons left"},
                 {5, "في الأسرة 5 أفراد.", "5 persons left"},
                 {11, "في الأسرة 11 فردا.", "11 persons left"},
                 {1200, "في الأسرة 1,200 فرد.", "1,200 persons left"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TextArg arg = TEXT_INT("0", cases[i].number);
        style.lang = TEXT_AR;
        expect(&style, "m", &arg, 1, cases[i].arabic);
        style.lang = TEXT_EN;
        expect(&style, "m", &arg, 1, cases[i].english);
    }
    TextArg text = TEXT_STR("0", STR("7"));
    expect(&style, "m", &text, 1, "7 persons left");
    TextArg word = TEXT_STR("0", STR("x"));
    expect(&style, "m", &word, 1, "{0|one:# person|other:# persons} left");
}

TEST(a_message_says_where_and_what)
{
    TextStyle style = style_of(
        TEXT_EN, "bad\tالقيمة {0} خطأ\tThe value {0} is wrong\n"
                 "diag.file\t{file}:\t{file}:\n"
                 "diag.line\tالسطر {line}:\tLine {line}:\n"
                 "diag.file_line\t{file}، السطر {line}:\t{file}, line "
                 "{line}:\n"
                 "diag.file_column\t{file}، {line}، {column}:\t{file}, line "
                 "{line}, column {column}:\n");
    Diag diag = {0};
    Buf buf = buf_make(4096);
    diag_set(&diag, "bad");
    diag_arg_text(&diag, "7");
    text_write_diag(&buf, &style, &diag);
    EXPECT_STR(buf_view(&buf), "The value 7 is wrong");
    buf_reset(&buf);
    diag_place(&diag, "a.csv", 12, 0);
    text_write_diag(&buf, &style, &diag);
    EXPECT_STR(buf_view(&buf), "a.csv, line 12: The value 7 is wrong");
    buf_reset(&buf);
    diag_place(&diag, NULL, 12, 3);
    style.lang = TEXT_AR;
    text_write_diag(&buf, &style, &diag);
    EXPECT_STR(buf_view(&buf), "a.csv، 12، 3: القيمة 7 خطأ");
    buf_free(&buf);
}

TEST(languages_have_names_and_directions)
{
    TextLang lang = TEXT_EN;
    ck_assert(text_lang_read(STR("ar"), &lang) && lang == TEXT_AR);
    ck_assert(text_lang_read(STR("en"), &lang) && lang == TEXT_EN);
    ck_assert(!text_lang_read(STR("EN"), &lang));
    ck_assert_str_eq(text_lang_name(TEXT_AR), "ar");
    ck_assert_str_eq(text_lang_dir(TEXT_AR), "rtl");
    ck_assert_str_eq(text_lang_dir(TEXT_EN), "ltr");
}

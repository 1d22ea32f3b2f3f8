#include "programme/citation.h"
#include "programme/pack.h"
#include "tests/harness.h"

static const char good[] = "# a comment\n"
                           "Law Article 1\tlaw\t1\t-\tالمادة الأولى\tArticle "
                           "1\n"
                           "Rules\tregulations\t?\t2021-06-25\tاللائحة\tRules\n"
                           "None\t-\t-\t-\tلا نص\tNo text\n";
static const char sources[] = "P1\tpress\t2023-10\tخبر\treport\tp1.example\n"
                              "T2\tcalculator\t2022\tحاسبة\tcalculator\t-\r\n";

static Arena *arena(void)
{
    return arena_open(1 << 24);
}

static Citations load(Arena *at)
{
    Diag diag = {.key = ""};
    Citations all;
    Err err = citation_load(at, STR(good), STR(sources), &diag, &all);
    ck_assert_msg(err == OK, "%s line %d", diag.key, diag.line);
    return all;
}

static TextStyle style(Arena *at, TextLang lang)
{
    Diag diag = {.key = ""};
    Texts *texts;
    ck_assert_int_eq(text_open(at, &diag, &texts), OK);
    return (TextStyle){.texts = texts, .lang = lang};
}

TEST(provisions_and_sources_are_found_by_key)
{
    Arena *at = arena();
    Citations all = load(at);
    ck_assert_int_eq((int)all.count, 3);
    ck_assert_int_eq((int)all.source_count, 2);
    const Citation *law = citation_find(&all, STR("Law Article 1"));
    ck_assert_ptr_nonnull(law);
    EXPECT_STR(law->document, "law");
    EXPECT_STR(law->article, "1");
    EXPECT_STR(law->date, "");
    EXPECT_STR(law->title[TEXT_EN], "Article 1");
    ck_assert_ptr_null(citation_find(&all, STR("Law Article 2")));
    arena_close(at);
}

TEST(an_annotation_names_sources_by_commas)
{
    Arena *at = arena();
    Citations all = load(at);
    const CitationSource *found[CITATION_SOURCES_MAX];
    ck_assert_int_eq((int)citation_sources(&all, STR("T2, P1"), found), 2);
    EXPECT_STR(found[0]->id, "T2");
    EXPECT_STR(found[0]->address, "");
    EXPECT_STR(found[1]->address, "p1.example");
    ck_assert_int_eq((int)citation_sources(&all, STR("P1,X9"), found), 1);
    ck_assert_int_eq((int)citation_sources(&all, STR(""), found), 0);
    ck_assert(citation_sources_known(&all, STR("P1, T2")));
    ck_assert(!citation_sources_known(&all, STR("P1, X9")));
    arena_close(at);
}

static void expect_words(TextLang lang, const char *key, const char *words)
{
    Arena *at = arena();
    Citations all = load(at);
    TextStyle reader = style(at, lang);
    Buf buf = buf_make(4096);
    citation_write(&buf, &reader, citation_find(&all, str_of(key)));
    EXPECT_STR(buf_view(&buf), words);
    buf_free(&buf);
    arena_close(at);
}

TEST(a_provision_is_written_with_its_date)
{
    expect_words(TEXT_EN, "Law Article 1", "Article 1");
    expect_words(TEXT_EN, "Rules",
                 "Rules, 25 June 2021 (15 Dhu al-Qadah 1442 AH) "
                 "(the source names no article)");
    expect_words(TEXT_AR, "Rules",
                 "اللائحة، 25 يونيو 2021م (15 ذو القعدة 1442هـ) "
                 "(لم يذكر المصدر رقم المادة)");
}

TEST(a_source_is_written_as_exactly_as_its_date_is_known)
{
    static const char *const words[] = {"report, October 2023",
                                        "calculator, 2022"};
    Arena *at = arena();
    Citations all = load(at);
    TextStyle reader = style(at, TEXT_EN);
    for (size_t i = 0; i < 2; i++) {
        Buf buf = buf_make(4096);
        citation_write_source(&buf, &reader, &all.sources[i]);
        EXPECT_STR(buf_view(&buf), words[i]);
        buf_free(&buf);
    }
    arena_close(at);
}

TEST(digits_are_those_of_the_reader)
{
    Arena *at = arena();
    Citations all = load(at);
    TextStyle reader = style(at, TEXT_AR);
    reader.arabic_digits = true;
    Buf buf = buf_make(4096);
    citation_write_source(&buf, &reader, &all.sources[1]);
    EXPECT_STR(buf_view(&buf), "حاسبة، ٢٠٢٢م");
    buf_free(&buf);
    arena_close(at);
}

static void expect_refused(const char *citations, const char *from,
                           const char *key, int32_t line)
{
    Arena *at = arena();
    Diag diag = {.key = ""};
    Citations all;
    ck_assert_int_eq(
        citation_load(at, str_of(citations), str_of(from), &diag, &all),
        ERR_INVALID);
    ck_assert_str_eq(diag.key, key);
    ck_assert_int_eq(diag.line, line);
    arena_close(at);
}

TEST(faulty_catalogues_are_refused_with_the_line)
{
    expect_refused("A\tlaw\t1\t-\tنص\n", "", "citation.columns", 1);
    expect_refused("#\nA\tlaw\t1\t-\t-\tno Arabic\n", "", "citation.columns",
                   2);
    expect_refused("A\tlaw\t1\t-\tنص\ttext\tmore\n", "", "citation.columns", 1);
    expect_refused("A\tlaw\t1\t-\tنص\ttext\nA\tlaw\t1\t-\tنص\ttext\n", "",
                   "citation.twice", 2);
    expect_refused("A\tlaw\t1\t2021-13\tنص\ttext\n", "", "citation.date", 1);
    expect_refused("A\tlaw\t1\t21\tنص\ttext\n", "", "citation.date", 1);
    expect_refused("", "P1\tpress\t-\tنص\ttext\n", "citation.columns", 1);
    expect_refused("", "P1\tpress\t-\tنص\tt\t-\nP1\tpress\t-\tنص\tt\t-\n",
                   "citation.twice", 2);
    expect_refused("", "P1\tpress\t2023-1-1\tنص\tt\t-\n", "citation.date", 1);
}

TEST(the_pack_carries_the_catalogues)
{
    Arena *at = arena();
    Diag diag = {.key = ""};
    const Pack *pack;
    ck_assert_int_eq(pack_embedded(at, &diag, &pack), OK);
    const Citation *law =
        citation_find(&pack->citations, STR("Law Article 17"));
    ck_assert_ptr_nonnull(law);
    EXPECT_STR(law->article, "17");
    arena_close(at);
}

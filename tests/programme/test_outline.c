#include "programme/outline.h"
#include "tests/harness.h"

static const char model_text[] =
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\""
    " name=\"m\" namespace=\"urn:m\">"
    "<decision name=\"Limit\"><variable name=\"Limit\" typeRef=\"number\"/>"
    "<literalExpression><text>10</text></literalExpression></decision>"
    "<decision name=\"Half of it\">"
    "<variable name=\"Half of it\" typeRef=\"number\"/>"
    "<literalExpression><text>0.5</text></literalExpression></decision>"
    "</definitions>";

static Err load(const char *tsv, Diag *diag, Outline *ret)
{
    static Arena *arena;
    if (arena == NULL) arena = arena_open(1 << 26);
    DmnModel *model;
    DmnSource source = {"m.dmn", STR(model_text)};
    ck_assert_int_eq(dmn_load(arena, &source, 1, DMN_STRICT, diag, &model), OK);
    return outline_load(arena, model, STR("x/explanation.tsv"), str_of(tsv),
                        diag, ret);
}

TEST(lines_name_decisions_of_the_model)
{
    Diag diag = {.key = ""};
    Outline outline;
    ck_assert_int_eq(load("# a comment\n"
                          "step\tLimit\n"
                          "+\tLimit\tHalf of it\n"
                          "parts\tLimit\twage,rent\tHalf of it\n"
                          "=\tLimit\t-\teligible\n"
                          "\n"
                          "check\tHalf of it\tmember,region\tfailed\n"
                          "remedy\tobjection\tLimit; Half of it\tincome\r\n",
                          &diag, &outline),
                     OK);
    ck_assert_int_eq((int)outline.count, 6);
    const OutlineItem *item = outline.items;
    ck_assert_int_eq(item[0].what, OUTLINE_STEP);
    ck_assert_int_eq(item[0].decision, 0);
    ck_assert_int_eq(item[0].times, OUTLINE_NONE);
    ck_assert_int_eq(item[1].what, OUTLINE_PLUS);
    ck_assert_int_eq(item[1].times, 1);
    ck_assert_int_eq(item[2].times, OUTLINE_NONE);
    EXPECT_STR(item[2].more, "wage,rent");
    ck_assert_int_eq(item[2].when_value, 1);
    EXPECT_STR(item[3].when, "eligible");
    ck_assert_int_eq(item[3].when_value, OUTLINE_NONE);
    EXPECT_STR(item[3].more, "");
    ck_assert_int_eq(item[4].times, OUTLINE_NONE);
    EXPECT_STR(item[4].more, "member,region");
    ck_assert_int_eq(item[5].decision, OUTLINE_NONE);
    EXPECT_STR(item[5].name, "objection");
    EXPECT_STR(item[5].when, "income");
}

TEST(nothing_is_an_outline_of_nothing)
{
    Diag diag = {.key = ""};
    Outline outline;
    ck_assert_int_eq(load("", &diag, &outline), OK);
    ck_assert_int_eq((int)outline.count, 0);
}

TEST(faults_are_refused_with_file_and_line)
{
    static const struct {
        const char *tsv, *key;
        int32_t line;
    } faults[] = {
        {"step\n", "outline.columns", 1},
        {"step\tLimit\t-\t-\tmore\n", "outline.columns", 1},
        {"#\nleap\tLimit\n", "outline.what", 2},
        {"step\tSky\n", "outline.decision", 1},
        {"step\tLimit\n+\tLimit\tSky\n", "outline.decision", 2},
        {"remedy\tobjection\tLimit;Sky\n", "outline.decision", 1},
        {"+\tLimit\n", "outline.place", 1},
        {"check\tLimit\n=\tLimit\n", "outline.place", 2},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        Diag diag = {.key = ""};
        Outline outline;
        ck_assert_int_eq(load(faults[i].tsv, &diag, &outline), ERR_INVALID);
        ck_assert_str_eq(diag.key, faults[i].key);
        ck_assert_str_eq(diag.file, "x/explanation.tsv");
        ck_assert_int_eq(diag.line, faults[i].line);
    }
}

TEST(an_outline_has_an_end)
{
    enum { LINES = OUTLINE_ITEMS_MAX + 1 };
    char tsv[LINES * 16] = "";
    Diag diag = {.key = ""};
    Outline outline;
    for (size_t i = 0, at = 0; i < LINES; i++) {
        memcpy(tsv + at, "step\tLimit\n", 12);
        at += 11;
    }
    ck_assert_int_eq(load(tsv, &diag, &outline), ERR_FULL);
    ck_assert_str_eq(diag.key, "outline.long");
}

#include "programme/portable.h"

#include "programme/diff.h"
#include "tests/harness.h"

TEST(only_the_names_of_the_standard_change)
{
    static const char before[] =
        "<!-- https://www.omg.org/spec/DMN/20230324/ -->\n"
        "<d:definitions xmlns:d=\"https://www.omg.org/spec/DMN/20230324/MODEL/"
        "\"\n xmlns:i='https://www.omg.org/spec/DMN/20230324/DMNDI/'>"
        "<d:import importType='https://www.omg.org/spec/DMN/20211108/MODEL/'/>"
        "<d:text>https://www.omg.org/spec/DMN/20230324/</d:text>"
        "</d:definitions>\n";
    static const char after[] =
        "<!-- https://www.omg.org/spec/DMN/20230324/ -->\n"
        "<d:definitions xmlns:d=\"https://www.omg.org/spec/DMN/20191111/MODEL/"
        "\"\n xmlns:i='https://www.omg.org/spec/DMN/20191111/DMNDI/'>"
        "<d:import importType='https://www.omg.org/spec/DMN/20191111/MODEL/'/>"
        "<d:text>https://www.omg.org/spec/DMN/20230324/</d:text>"
        "</d:definitions>\n";
    Arena *arena = arena_open(1 << 24);
    Diag diag = {.key = ""};
    Str made, again;
    ck_assert_int_eq(portable_model(arena, STR(before), &diag, &made), OK);
    EXPECT_STR(made, after);
    ck_assert_int_eq(portable_model(arena, made, &diag, &again), OK);
    EXPECT_STR(again, after);
    arena_close(arena);
}

TEST(what_came_later_is_refused)
{
    Arena *arena = arena_open(1 << 24);
    Diag diag = {.key = ""};
    Str made;
    ck_assert_int_eq(portable_model(arena,
                                    STR("<definitions>\n<conditional/>"
                                        "</definitions>"),
                                    &diag, &made),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "portable.newer");
    ck_assert_int_eq(diag.line, 2);
    ck_assert_int_eq(portable_model(arena, STR("<a/>"), &diag, &made),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "dmn.not_dmn");
    arena_close(arena);
}

TEST(the_models_that_are_shipped_go_there_and_say_the_same)
{
    Arena *arena = arena_open((size_t)1 << 30);
    Diag diag = {.key = ""};
    ModelDiff diff;
    Str made,
        model =
            harness_read(harness_path("../models/social-security/pension.dmn"));
    ck_assert_int_eq(portable_model(arena, model, &diag, &made), OK);
    ck_assert_int_eq(model_diff(arena, model, made, &diag, &diff), OK);
    ck_assert(!diff.same_bytes);
    ck_assert_uint_eq(diff.count, 0);
    arena_close(arena);
}

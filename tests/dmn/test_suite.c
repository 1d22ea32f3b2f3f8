/*
 * External functions: twelve of Java in the runner of the conformance suite,
 * none anywhere else.
 */
#include "dmn/suite.h"

#include "feel/number.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 16 << 20, STEPS = 100000 };

#define MODEL(expression)                                                      \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"m\" namespace=\"urn:m\"><decision name=\"d\" id=\"d\">"            \
    "<literalExpression><text>" expression                                     \
    "</text></literalExpression></decision></definitions>"
#define JAVA(parameters, class_name, signature, call)                          \
    MODEL("{f: function(" parameters ") external {java: {class: \"" class_name \
          "\", method signature: \"" signature "\"}}, r: " call "}.r")

typedef struct Case {
    const char *model;
    const char *expected;
} Case;

static void expect(const Case *one)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource source = {"m.dmn", str_of(one->model)};
    DmnModel *model;
    Diag diag;
    FeelValue value;
    ck_assert_msg(dmn_suite_load(arena, &source, 1, &diag, &model) == OK, "%s",
                  diag.key);
    DmnEval *eval = dmn_eval_open(model, ARENA_BYTES, STEPS);
    dmn_eval_reset(eval);
    ck_assert_int_eq(dmn_eval(eval, 0, &value), OK);
    Buf text = buf_make(1 << 16);
    feel_write_json(&text, value);
    EXPECT_STR(buf_view(&text), one->expected);
    buf_free(&text);
    dmn_eval_close(eval);
    arena_close(arena);
}

TEST(the_suites_functions_of_java_are_answered)
{
    static const Case cases[] = {
        {JAVA("a, b", "java.lang.Math", "max(double, double)", "f(1.5, 2.25)"),
         "2.25"},
        {JAVA("a, b", "java.lang.Math", "max(double,double)", "f(0.1, -1e30)"),
         "0.1"},
        {JAVA("a, b", "java.lang.Math", "max(float,float)", "f(456.78, 1)"),
         "456.78"},
        {JAVA("a, b", "java.lang.Math", "max(int,int)", "f(3, -4)"), "3"},
        {JAVA("a, b", "java.lang.Math", "max(int,int)", "f(3000000000, 4)"),
         "null"},
        {JAVA("a, b", "java.lang.Math", "max(long,long)", "f(3000000000, 4)"),
         "3000000000"},
        {JAVA("a", "java.lang.Math", "cos(double)", "round half up(f(1), 6)"),
         "0.540302"},
        {JAVA("a", "java.lang.Short", "valueOf(short)", "f(32768)"), "null"},
        {JAVA("a", "java.lang.Byte", "valueOf(byte)", "f(-128)"), "-128"},
        {JAVA("a", "java.lang.String", "valueOf(char)", "f(\"x\")"), "\"x\""},
        {JAVA("a", "java.lang.String", "valueOf(char)", "f(\"xy\")"), "null"},
        {JAVA("a", "java.lang.Integer", "valueOf(java.lang.String)",
              "f(\"-12\")"),
         "-12"},
        {JAVA("a", "java.lang.Integer", "valueOf(java.lang.String)",
              "f(\"1.5\")"),
         "null"},
        {JAVA("a", "java.lang.Float", "valueOf(java.lang.String)",
              "f(\"1234.56\")"),
         "1234.56"},
        {JAVA("a", "java.lang.Double", "valueOf(java.lang.String)",
              "f(\"1e3\")"),
         "1000"},
        {JAVA("a, b", "java.lang.String",
              "format(java.lang.String, [Ljava.lang.Object;)",
              "f(\"%s is 5%%\", 5)"),
         "\"5 is 5%\""},
        {JAVA("a, b", "java.lang.String",
              "format(java.lang.String, [Ljava.lang.Object;)",
              "f(\"%s and %s\", 5)"),
         "null"},
        {JAVA("a", "java.lang.Math", "sin(double)", "f(1)"), "null"},
        {JAVA("a", "java.lang.Math", "max(double,double)", "f(1)"), "null"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) expect(&cases[i]);
}

TEST(elsewhere_an_external_function_is_a_fault_of_the_model)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource source = {
        "m.dmn", STR(JAVA("a", "java.lang.Math", "cos(double)", "f(1)"))};
    DmnModel *model;
    Diag diag;
    ck_assert_int_eq(dmn_load(arena, &source, 1, DMN_STRICT, &diag, &model),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "feel.external");
    ck_assert_str_eq(diag.arg[0], "java.lang.Math");
    arena_close(arena);
}

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

/*
 * Greeting (A) is imported by B and by C, which are imported by the model:
 * its input is there twice, and each way to it has its own value.
 */
#define DMN_HEAD(name)                                                         \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"" name "\" namespace=\"urn:" name "\">"
#define DMN_IMPORT(name, space)                                                \
    "<import name=\"" name "\" namespace=\"urn:" space "\" importType="        \
    "\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>"
#define NEEDS(href)                                                            \
    "<informationRequirement><requiredDecision href=\"" href "\"/>"            \
    "</informationRequirement>"
#define LITERAL(text)                                                          \
    "<literalExpression><text>" text "</text></literalExpression>"
#define GREETING                                                               \
    DMN_HEAD("a")                                                              \
    "<inputData name=\"Person name\" id=\"p\"><variable name=\"Person name\" " \
    "typeRef=\"string\"/></inputData>"                                         \
    "<decision name=\"Greet\" id=\"g\"><informationRequirement>"               \
    "<requiredInput href=\"#p\"/></informationRequirement>" LITERAL(           \
        "\"Hello, \" + Person name") "</decision></definitions>"
#define MIDDLE(name)                                                           \
    DMN_HEAD(name)                                                             \
    DMN_IMPORT("modelA", "a")                                                  \
    "<decision name=\"Say\" id=\"s\">" NEEDS("urn:a#g")                        \
        LITERAL("\"" name ": \" + modelA.Greet") "</decision></definitions>"
#define OUTER                                                                  \
    DMN_HEAD("m")                                                              \
    DMN_IMPORT("Model B", "b")                                                 \
    DMN_IMPORT("Model C", "c")                                                 \
    "<decision name=\"Both\" id=\"d\">" NEEDS("urn:b#s") NEEDS("urn:c#s")      \
        LITERAL(                                                               \
            "Model B.Say + \"; \" + Model C.Say") "</decision>"                \
                                                  "<decision name=\"Far\" "    \
                                                  "id=\"f\">" NEEDS("urn:b#s") \
                                                      LITERAL(                 \
                                                          "Model B.Say") "</"  \
                                                                         "dec" \
                                                                         "isi" \
                                                                         "on>" \
                                                                         "</"  \
                                                                         "def" \
                                                                         "ini" \
                                                                         "tio" \
                                                                         "ns>"
#define VALUE(text) "<value xsi:type=\"xsd:string\">" text "</value>"
#define NESTED(model, person)                                                  \
    "<inputNode name=\"" model "\"><component name=\"modelA\">"                \
    "<component name=\"Person name\">" VALUE(                                  \
        person) "</component>"                                                 \
                "</component></inputNode>"
#define EXPECT(inputs, expected)                                               \
    "<testCase id=\"1\">" inputs "<resultNode name=\"Both\"><expected>" VALUE( \
        expected) "</expected></resultNode></testCase>"

static void verdict_of(void *context, const DmnVerdict *verdict)
{
    (void)context;
    ck_assert_msg(verdict->passed, "%.*s instead of %.*s",
                  (int)verdict->actual.bytes, verdict->actual.at,
                  (int)verdict->expected.bytes, verdict->expected.at);
}

static void case_done(void *context, Str id, bool passed)
{
    (void)id;
    *(int *)context += passed;
}

static const char nested_cases[] =
    "<testCases xmlns=\"http://www.omg.org/spec/DMN/20160719/testcase\" "
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">" EXPECT(
        NESTED("Model B", "Ali") NESTED("Model C", "Mona"),
        "b: Hello, Ali; c: Hello, Mona")
        EXPECT("<inputNode name=\"Model B.modelA.Person name\">" VALUE(
                   "Ali") "</inputNode><inputNode name=\"Model C.modelA.Person "
                          "name\">" VALUE("Mona") "</inputNode>",
               "b: Hello, Ali; c: Hello, Mona")
            EXPECT("<inputNode name=\"Person name\" namespace=\"urn:a\">" VALUE(
                       "Ali") "</inputNode>",
                   "b: Hello, Ali; c: Hello, Ali") "</testCases>";

TEST(each_way_to_an_imported_file_has_inputs_of_its_own)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource sources[] = {{"m.dmn", STR(OUTER)},
                           {"b.dmn", STR(MIDDLE("b"))},
                           {"c.dmn", STR(MIDDLE("c"))},
                           {"a.dmn", STR(GREETING)}};
    DmnModel *model;
    Diag diag;
    ck_assert_msg(dmn_suite_load(arena, sources, 4, &diag, &model) == OK,
                  "%s %s", diag.key, diag.arg[0]);
    ck_assert_int_eq((int)dmn_fault_count(model), 0);
    ck_assert_int_eq(dmn_input_count(model), 2);
    EXPECT_STR(dmn_input_name(model, 0), "Model B.modelA.Person name");
    EXPECT_STR(dmn_input_name(model, 1), "Model C.modelA.Person name");
    const XmlNode *cases;
    ck_assert_int_eq(xml_read(arena, STR(nested_cases), &diag, &cases), OK);
    int passed = 0;
    DmnSuiteReport report = {
        .context = &passed, .verdict = verdict_of, .done = case_done};
    DmnSuiteCount count = {0};
    ck_assert_int_eq(dmn_suite_run(model, cases, 0, &report, &count), OK);
    ck_assert_int_eq(passed, 3);
    arena_close(arena);
}

TEST(files_that_import_each_other_end)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource sources[] = {
        {"b.dmn", STR(DMN_HEAD("b") DMN_IMPORT("x", "c") "</definitions>")},
        {"c.dmn", STR(DMN_HEAD("c") DMN_IMPORT("x", "b") "</definitions>")}};
    DmnModel *model;
    Diag diag;
    ck_assert_int_eq(dmn_suite_load(arena, sources, 2, &diag, &model), OK);
    arena_close(arena);
}

TEST(only_models_of_dmn_are_imported)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource source = {
        "b.dmn", STR(DMN_HEAD("b") "<import name=\"p\" namespace=\"urn:p\" "
                                   "importType=\"http://www.dmg.org/PMML-4_1\""
                                   "/></definitions>")};
    DmnModel *model;
    Diag diag;
    ck_assert_int_eq(dmn_load(arena, &source, 1, DMN_STRICT, &diag, &model),
                     ERR_INVALID);
    ck_assert_str_eq(diag.key, "dmn.import_type");
    arena_close(arena);
}

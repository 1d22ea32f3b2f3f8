#include "dmn/dmn.h"

#include "dmn/trace.h"
#include "feel/number.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 256 << 20, STEPS = 1000000 };

#define HEAD                                                                   \
    "<?xml version=\"1.0\"?>\n"                                                \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"m\" namespace=\"urn:m\">\n"
#define INPUT                                                                  \
    "<inputData name=\"age\" id=\"age\">"                                      \
    "<variable name=\"age\" typeRef=\"number\"/></inputData>\n"
#define NEEDS_AGE                                                              \
    "<informationRequirement><requiredInput href=\"#age\"/>"                   \
    "</informationRequirement>\n"

typedef struct Fixture {
    Arena *arena;
    DmnModel *model;
    DmnEval *eval;
    Diag diag;
    Err err;
} Fixture;

static Fixture load(const char *text, DmnStrictness strictness)
{
    Fixture f = {.arena = arena_open(ARENA_BYTES)};
    DmnSource source = {"m.dmn", str_of(text)};
    f.err = dmn_load(f.arena, &source, 1, strictness, &f.diag, &f.model);
    if (f.err == OK) f.eval = dmn_eval_open(f.model, ARENA_BYTES, STEPS);
    return f;
}

static void drop(Fixture *f)
{
    dmn_eval_close(f->eval);
    arena_close(f->arena);
}

/* The value of decision "d" for an age, as JSON. */
static void expect_d(Fixture *f, int64_t age, const char *json)
{
    FeelValue value;
    dmn_eval_reset(f->eval);
    if (dmn_input_count(f->model) > 0) {
        dmn_input_set(f->eval, 0, feel_number(age, 0));
    }
    int32_t d = dmn_decision_find(f->model, STR("d"));
    ck_assert_int_ge(d, 0);
    ck_assert_int_eq(dmn_eval(f->eval, d, &value), OK);
    Buf text = buf_make(1 << 16);
    feel_write_json(&text, value);
    EXPECT_STR(buf_view(&text), json);
    buf_free(&text);
}

#define RULE(test, output, note)                                               \
    "<rule><inputEntry><text>" test "</text></inputEntry>"                     \
    "<outputEntry><text>" output "</text></outputEntry>"                       \
    "<annotationEntry><text>" note "</text></annotationEntry></rule>\n"
#define TABLE(attributes)                                                      \
    HEAD INPUT                                                                 \
        "<decision name=\"d\" id=\"d\">" NEEDS_AGE                             \
        "<decisionTable " attributes "><input>"                                \
        "<inputExpression><text>age</text></inputExpression></input>"          \
        "<output><outputValues><text>\"high\",\"middle\",\"low\""              \
        "</text></outputValues></output>"                                      \
        "<annotation name=\"Article\"/>" RULE("&gt;= 18", "\"low\"", "Art. 1") \
            RULE("&gt;= 60", "\"high\"", "Art. 2")                             \
                RULE("[30..70]", "\"middle\"",                                 \
                     "Art. 3") "</decisionTable></decision></definitions>"

TEST(each_hit_policy_chooses_its_rows)
{
    static const struct {
        const char *model;
        const char *at_65, *at_20, *at_5;
    } cases[] = {
        {TABLE("hitPolicy=\"UNIQUE\""), "null", "\"low\"", "null"},
        {TABLE("hitPolicy=\"FIRST\""), "\"low\"", "\"low\"", "null"},
        {TABLE("hitPolicy=\"ANY\""), "null", "\"low\"", "null"},
        {TABLE("hitPolicy=\"PRIORITY\""), "\"high\"", "\"low\"", "null"},
        {TABLE("hitPolicy=\"RULE ORDER\""), "[\"low\", \"high\", \"middle\"]",
         "[\"low\"]", "[]"},
        {TABLE("hitPolicy=\"OUTPUT ORDER\""), "[\"high\", \"middle\", \"low\"]",
         "[\"low\"]", "[]"},
        {TABLE("hitPolicy=\"COLLECT\" aggregation=\"COUNT\""), "3", "1", "0"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f = load(cases[i].model, DMN_STRICT);
        ck_assert_msg(f.err == OK, "%s line %d", f.diag.key, f.diag.line);
        expect_d(&f, 65, cases[i].at_65);
        expect_d(&f, 20, cases[i].at_20);
        expect_d(&f, 5, cases[i].at_5);
        drop(&f);
    }
}

#define LIMITED(expression)                                                    \
    HEAD "<itemDefinition name=\"tSmall\"><typeRef>number</typeRef>"           \
         "<allowedValues><text>[0..10]</text></allowedValues>"                 \
         "</itemDefinition><inputData name=\"age\" id=\"age\">"                \
         "<variable name=\"age\" typeRef=\"tSmall\"/></inputData>"             \
         "<decision name=\"d\" id=\"d\"><variable name=\"d\" "                 \
         "typeRef=\"tSmall\"/>" NEEDS_AGE                                      \
         "<literalExpression><text>" expression                                \
         "</text></literalExpression></decision></definitions>"

TEST(a_value_made_of_an_allowed_one_must_be_allowed_itself)
{
    static const char *const models[] = {
        LIMITED("max(1000, age)"), LIMITED("if age = 5 then 1000 else age"),
        LIMITED("append([1000], age)[1]"), LIMITED("abs(-1000 - age)"),
        LIMITED("concatenate([1000], [age])[1]")};
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        Fixture f = load(models[i], DMN_STRICT);
        ck_assert_msg(f.err == OK, "%s line %d", f.diag.key, f.diag.line);
        expect_d(&f, 5, "null");
        drop(&f);
    }
    Fixture f = load(LIMITED("max(7, age)"), DMN_STRICT);
    expect_d(&f, 5, "7");
    drop(&f);
}

TEST(a_matched_row_brings_its_annotations_into_the_trace)
{
    Fixture f = load(TABLE("hitPolicy=\"PRIORITY\""), DMN_STRICT);
    dmn_trace_set(f.eval, true);
    expect_d(&f, 65, "\"high\"");
    size_t count;
    const DmnStep *steps = dmn_trace(f.eval, &count);
    ck_assert_uint_eq(count, 5);
    ck_assert_int_eq(steps[0].kind, DMN_STEP_DECISION);
    EXPECT_STR(steps[0].name, "d");
    ck_assert_int_eq(steps[0].end, 5);
    ck_assert_int_eq(steps[1].kind, DMN_STEP_USES);
    EXPECT_STR(steps[1].name, "age");
    for (int row = 1; row <= 3; row++) {
        ck_assert_int_eq(steps[1 + row].kind, DMN_STEP_ROW);
        ck_assert_int_eq(steps[1 + row].row, row);
        ck_assert_int_eq(steps[1 + row].depth, 1);
    }
    EXPECT_STR(steps[3].notes[0].column, "Article");
    EXPECT_STR(steps[3].notes[0].text, "Art. 2");
    EXPECT_STR(steps[3].cells[0].text, ">= 60");
    ck_assert(steps[3].chosen && !steps[2].chosen && !steps[4].chosen);
    dmn_trace_set(f.eval, false);
    expect_d(&f, 65, "\"high\"");
    (void)dmn_trace(f.eval, &count);
    ck_assert_uint_eq(count, 0);
    drop(&f);
}

#define LITERAL(text)                                                          \
    HEAD INPUT "<decision name=\"d\" id=\"d\">" NEEDS_AGE                      \
               "<literalExpression>\n  <text>" text                            \
               "</text></literalExpression></decision></definitions>"

TEST(a_fault_names_file_line_and_column)
{
    Fixture f = load(LITERAL("age + salary"), DMN_STRICT);
    ck_assert_int_eq(f.err, ERR_INVALID);
    ck_assert_str_eq(f.diag.key, "feel.name_unknown");
    ck_assert_str_eq(f.diag.file, "m.dmn");
    ck_assert_int_eq(f.diag.line, 6);
    ck_assert_int_eq(f.diag.column, 15);
    drop(&f);
    f = load(LITERAL("age +"), DMN_LENIENT);
    ck_assert_int_eq(f.err, OK);
    ck_assert_uint_eq(dmn_fault_count(f.model), 1);
    expect_d(&f, 1, "null");
    drop(&f);
}

TEST(what_is_not_supported_is_said_with_its_line)
{
    Fixture f = load(HEAD "<decision name=\"d\" id=\"d\">\n<hologram/>"
                          "<functionDefinition kind=\"Java\"/>"
                          "</decision></definitions>",
                     DMN_STRICT);
    ck_assert_int_eq(f.err, ERR_INVALID);
    ck_assert_str_eq(f.diag.key, "dmn.external");
    ck_assert_int_eq(f.diag.line, 4);
    drop(&f);
}

TEST(an_endless_evaluation_ends_at_its_budget)
{
    Fixture f =
        load(LITERAL("count(for i in 1..1000000000 return i)"), DMN_STRICT);
    FeelValue value;
    dmn_eval_reset(f.eval);
    ck_assert_int_eq(dmn_eval(f.eval, 0, &value), ERR_FULL);
    ck_assert_int_eq(value.kind, FEEL_NULL);
    ck_assert_str_eq(dmn_eval_diag(f.eval)->key, "feel.exhausted");
    drop(&f);
    f = load(LITERAL("1 + 1"), DMN_STRICT);
    expect_d(&f, 0, "2");
    drop(&f);
}

TEST(memory_ends_at_the_arena)
{
    Fixture f =
        load(LITERAL("for i in 1..900000 return [i, i, i, i]"), DMN_STRICT);
    dmn_eval_close(f.eval);
    f.eval = dmn_eval_open(f.model, 1 << 20, STEPS);
    FeelValue value;
    dmn_eval_reset(f.eval);
    ck_assert_int_eq(dmn_eval(f.eval, 0, &value), ERR_FULL);
    drop(&f);
}

#define KEPT                                                                   \
    HEAD "<inputData name=\"month\" id=\"month\">"                             \
         "<variable name=\"month\" typeRef=\"date\"/></inputData>" INPUT       \
         "<decision name=\"rate\" id=\"rate\"><informationRequirement>"        \
         "<requiredInput href=\"#month\"/></informationRequirement>"           \
         "<literalExpression><text>month.year * 10</text></literalExpression>" \
         "</decision><decision name=\"d\" id=\"d\"><informationRequirement>"   \
         "<requiredDecision "                                                  \
         "href=\"#rate\"/></informationRequirement>" NEEDS_AGE                 \
         "<literalExpression><text>rate + age</text></literalExpression>"      \
         "</decision></definitions>"

TEST(what_depends_on_the_month_alone_is_kept_until_it_changes)
{
    Fixture f = load(KEPT, DMN_STRICT);
    ck_assert_msg(f.err == OK, "%s", f.diag.key);
    int32_t month = dmn_input_find(f.model, STR("month"));
    int32_t age = dmn_input_find(f.model, STR("age"));
    int32_t d = dmn_decision_find(f.model, STR("d"));
    dmn_eval_keep(f.eval, month);
    for (int i = 0; i < 100; i++) {
        int64_t year = i % 20 < 10 ? 2026 : 2025;
        int64_t day = year == 2026 ? 20454 : 20089;
        FeelValue value;
        int64_t whole;
        dmn_eval_reset(f.eval);
        dmn_input_set(f.eval, month, feel_date(day));
        dmn_input_set(f.eval, age, feel_number(i, 0));
        ck_assert_int_eq(dmn_eval(f.eval, d, &value), OK);
        ck_assert(feel_number_int(value, &whole));
        ck_assert_int_eq(whole, year * 10 + i);
        dmn_trace_set(f.eval, i % 7 == 0);
    }
    drop(&f);
}

#define SHARED                                                                 \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"s\" namespace=\"urn:s\"><itemDefinition name=\"tAmount\">"         \
    "<typeRef>number</typeRef></itemDefinition>"                               \
    "<businessKnowledgeModel name=\"twice\" id=\"twice\"><encapsulatedLogic>"  \
    "<formalParameter name=\"x\" typeRef=\"tAmount\"/><literalExpression>"     \
    "<text>x * 2</text></literalExpression></encapsulatedLogic>"               \
    "</businessKnowledgeModel></definitions>"
#define IMPORTING                                                              \
    HEAD "<import name=\"shared\" namespace=\"urn:s\" "                        \
         "importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>" INPUT \
         "<decision name=\"d\" id=\"d\"><variable name=\"d\" "                 \
         "typeRef=\"shared.tAmount\"/>" NEEDS_AGE                              \
         "<knowledgeRequirement><requiredKnowledge href=\"urn:s#twice\"/>"     \
         "</knowledgeRequirement><literalExpression>"                          \
         "<text>shared.twice(age)</text></literalExpression></decision>"       \
         "</definitions>"

TEST(an_imported_model_is_called_by_its_prefix)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource sources[] = {{"m.dmn", STR(IMPORTING)}, {"s.dmn", STR(SHARED)}};
    Fixture f = {.arena = arena};
    f.err = dmn_load(arena, sources, 2, DMN_STRICT, &f.diag, &f.model);
    ck_assert_msg(f.err == OK, "%s %s", f.diag.key, f.diag.arg[0]);
    f.eval = dmn_eval_open(f.model, ARENA_BYTES, STEPS);
    expect_d(&f, 21, "42");
    dmn_eval_close(f.eval);
    f.err = dmn_load(arena, sources, 1, DMN_STRICT, &f.diag, &f.model);
    ck_assert_int_eq(f.err, ERR_NOT_FOUND);
    ck_assert_str_eq(f.diag.key, "dmn.import_missing");
    arena_close(arena);
}

TEST(a_call_by_name_of_what_has_no_parameters_is_null)
{
    static const char text[] =
        HEAD "<businessKnowledgeModel name=\"f\" id=\"f\"/>\n"
             "<decision name=\"d\" id=\"d\"><knowledgeRequirement>"
             "<requiredKnowledge href=\"#f\"/></knowledgeRequirement>"
             "<invocation><literalExpression><text>f</text>"
             "</literalExpression><binding><parameter name=\"x\"/>"
             "<literalExpression><text>1</text></literalExpression></binding>"
             "</invocation></decision></definitions>";
    Fixture f = load(text, DMN_LENIENT);
    expect_d(&f, 0, "null");
    drop(&f);
}

#define SAYS(name, says)                                                       \
    "<decision name=\"" name "\" id=\"" name "\">" says "</decision>\n"
#define TEXT(text)                                                             \
    "<literalExpression><text>" text "</text></literalExpression>"
#define NEEDS_BASE                                                             \
    "<informationRequirement><requiredDecision href=\"#base\"/>"               \
    "</informationRequirement>\n"
#define NEEDS_S                                                                \
    "<knowledgeRequirement><requiredKnowledge href=\"#s\"/>"                   \
    "</knowledgeRequirement>\n"
#define SERVICE_S                                                              \
    "<decisionService name=\"s\" id=\"s\"><outputDecision href=\"#sum\"/>"     \
    "<inputDecision href=\"#base\"/><inputData href=\"#age\"/>"                \
    "</decisionService>\n"

#define TYPES                                                                  \
    "<itemDefinition name=\"tAge\"><typeRef>number</typeRef><allowedValues>"   \
    "<text>[0..120]</text></allowedValues></itemDefinition>"                   \
    "<itemDefinition name=\"tShort\"><typeRef>string</typeRef>"                \
    "<typeConstraint><text>string length(?) &lt; 4</text></typeConstraint>"    \
    "</itemDefinition>"
#define TABLE_OF(input, values, output, allowed)                               \
    HEAD TYPES INPUT                                                           \
        "<decision name=\"d\" id=\"d\">" NEEDS_AGE                             \
        "<decisionTable><input><inputExpression" input                         \
        "><text>age</text></inputExpression>" values "</input><output" output  \
        ">" allowed "</output><rule><inputEntry><text>null</text>"             \
        "</inputEntry><outputEntry><text>\"none\"</text></outputEntry></rule>" \
        "<rule><inputEntry><text>not(null)</text></inputEntry><outputEntry>"   \
        "<text>if age &gt; 99 then \"old\" else \"other\"</text>"              \
        "</outputEntry></rule></decisionTable></decision></definitions>"

/* inputValues and outputValues say what is expected; types are enforced. */
TEST(allowed_values_hold_by_type_and_those_of_a_table_change_no_value)
{
    static const struct {
        const char *model;
        const char *at_100, *at_130, *at_5;
    } cases[] = {
        {TABLE_OF("", "", "", ""), "\"old\"", "\"old\"", "\"other\""},
        {TABLE_OF("", "<inputValues><text>[0..120]</text></inputValues>", "",
                  "<outputValues><text>\"young\"</text></outputValues>"),
         "\"old\"", "\"old\"", "\"other\""},
        {TABLE_OF(" typeRef=\"tAge\"", "", "", ""), "\"old\"", "\"none\"",
         "\"other\""},
        {TABLE_OF(" typeRef=\"tAge\"", "", " typeRef=\"tShort\"", ""),
         "\"old\"", "null", "null"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f = load(cases[i].model, DMN_STRICT);
        ck_assert_msg(f.err == OK, "%s line %d", f.diag.key, f.diag.line);
        expect_d(&f, 100, cases[i].at_100);
        expect_d(&f, 130, cases[i].at_130);
        expect_d(&f, 5, cases[i].at_5);
        drop(&f);
    }
}

#define CALLED                                                                 \
    HEAD INPUT                                                                 \
        "<businessKnowledgeModel name=\"m\" id=\"m\"><encapsulatedLogic>"      \
        "<formalParameter name=\"a\" typeRef=\"string\"/><literalExpression>"  \
        "<text>if a = null then \"none\" else a</text></literalExpression>"    \
        "</encapsulatedLogic></businessKnowledgeModel>"                        \
        "<decision name=\"d\" id=\"d\">" NEEDS_AGE                             \
        "<knowledgeRequirement><requiredKnowledge href=\"#m\"/>"               \
        "</knowledgeRequirement>"

TEST(an_argument_of_another_type_is_null_inside_the_knowledge_model)
{
    static const char *const models[] = {
        CALLED "<literalExpression><text>m(if age &gt; 10 then age else [\"x\"]"
               ")</text></literalExpression></decision></definitions>",
        CALLED "<invocation><literalExpression><text>m</text>"
               "</literalExpression><binding><parameter name=\"a\"/>"
               "<literalExpression><text>if age &gt; 10 then age else [\"x\"]"
               "</text></literalExpression></binding></invocation></decision>"
               "</definitions>"};
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        Fixture f = load(models[i], DMN_LENIENT);
        ck_assert_msg(f.err == OK, "%s line %d", f.diag.key, f.diag.line);
        expect_d(&f, 20, "\"none\"");
        expect_d(&f, 5, "\"x\"");
        drop(&f);
    }
}

TEST(a_service_takes_input_data_before_input_decisions)
{
    static const char model[] = HEAD INPUT SERVICE_S SAYS("base", TEXT("1"))
        SAYS("sum", NEEDS_AGE NEEDS_BASE TEXT("age * 10 + base"))
            SAYS("d", NEEDS_S TEXT(
                          "[s(2, 3), s(base: 2, age: 3)]")) "</definitions>";
    Fixture f = load(model, DMN_STRICT);
    ck_assert_msg(f.err == OK, "%s line %d", f.diag.key, f.diag.line);
    expect_d(&f, 0, "[23, 32]");
    drop(&f);
}

TEST(a_decision_that_requires_itself_is_refused)
{
    Fixture f = load(HEAD "<decision name=\"d\" id=\"d\">"
                          "<informationRequirement>"
                          "<requiredDecision href=\"#d\"/>"
                          "</informationRequirement><literalExpression>"
                          "<text>d</text></literalExpression></decision>"
                          "</definitions>",
                     DMN_STRICT);
    ck_assert_int_eq(f.err, ERR_INVALID);
    ck_assert_str_eq(f.diag.key, "dmn.cycle");
    drop(&f);
}

TEST(a_file_that_is_no_model_is_refused)
{
    static const struct {
        const char *text, *key;
    } cases[] = {{"", "xml.empty"},
                 {"<definitions/>", "dmn.not_dmn"},
                 {"<a><b></a>", "xml.syntax"},
                 {"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "xml.doctype"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f = load(cases[i].text, DMN_STRICT);
        ck_assert_int_eq(f.err, ERR_INVALID);
        ck_assert_str_eq(f.diag.key, cases[i].key);
        drop(&f);
    }
}

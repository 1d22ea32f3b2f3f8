/*
 * What a check of models finds: planted faults each in a model of its own,
 * sound models in which nothing is found, and random tables whose overlaps,
 * gaps and hidden rows are counted by deciding every case.
 */
#include "dmn/check.h"

#include "base/random.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 64 << 20, STEPS = 1000000 };

#define HEAD                                                                   \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"m\" namespace=\"urn:m\">\n"                                        \
    "<itemDefinition name=\"tRole\"><typeRef>string</typeRef>"                 \
    "<allowedValues><text>\"head\",\"spouse\",\"child\"</text>"                \
    "</allowedValues></itemDefinition>"                                        \
    "<itemDefinition name=\"tAge\"><typeRef>number</typeRef>"                  \
    "<allowedValues><text>[0..150]</text></allowedValues></itemDefinition>"    \
    "<itemDefinition name=\"tNumbers\" isCollection=\"true\"><typeRef>"        \
    "number</typeRef></itemDefinition>"                                        \
    "<itemDefinition name=\"tPerson\"><itemComponent name=\"age\">"            \
    "<typeRef>tAge</typeRef></itemComponent><itemComponent name=\"role\">"     \
    "<typeRef>tRole</typeRef></itemComponent></itemDefinition>\n"              \
    "<inputData name=\"age\" id=\"age\"><variable name=\"age\" "               \
    "typeRef=\"tAge\"/></inputData>"                                           \
    "<inputData name=\"role\" id=\"role\"><variable name=\"role\" "            \
    "typeRef=\"tRole\"/></inputData>"                                          \
    "<inputData name=\"born\" id=\"born\"><variable name=\"born\" "            \
    "typeRef=\"date\"/></inputData>"                                           \
    "<inputData name=\"wage\" id=\"wage\"><variable name=\"wage\" "            \
    "typeRef=\"number\"/></inputData>"                                         \
    "<inputData name=\"p\" id=\"p\"><variable name=\"p\" "                     \
    "typeRef=\"tPerson\"/></inputData>\n"                                      \
    "<decision name=\"all\" id=\"all\">" NEEDS "<literalExpression><text>"     \
    "[age, role, born, wage, p]</text></literalExpression></decision>\n"
#define NEED(name)                                                             \
    "<informationRequirement><requiredInput href=\"#" name "\"/>"              \
    "</informationRequirement>"
#define NEEDS NEED("age") NEED("role") NEED("born") NEED("wage") NEED("p")
#define TAIL "</definitions>"
#define LITERAL(text)                                                          \
    HEAD "<decision name=\"d\" id=\"d\">" NEED("age") NEED("role")             \
        NEED("born") NEED("wage")                                              \
            NEED("p") "<literalExpression><text>if [age,role,born,wage,p] = "  \
                      "null then null else " text                              \
                      "</text></literalExpression></decision>" TAIL
#define TABLE(policy, input, rules)                                            \
    HEAD "<decision name=\"d\" id=\"d\">" NEED(                                \
        input) "<decisionTable hitPolicy=\"" policy                            \
               "\"><input><inputExpression>"                                   \
               "<text>" input "</text></inputExpression></input><output/>"     \
               "<annotation name=\"Article\"/>" rules                          \
               "</decisionTable></decision>" TAIL
#define COMPUTED(need, input, rules)                                           \
    HEAD "<decision name=\"d\" id=\"d\">" NEED(                                \
        need) "<decisionTable>"                                                \
              "<input><inputExpression><text>" input                           \
              "</text></inputExpression>"                                      \
              "</input><output/><annotation name=\"Article\"/>" rules          \
              "</decisionTable></decision>" TAIL
#define CITED(test, output, article)                                           \
    "<rule><inputEntry><text>" test                                            \
    "</text></inputEntry><outputEntry><text>" output                           \
    "</text></outputEntry><annotationEntry><text>" article                     \
    "</text></annotationEntry></rule>"
#define RULE(test, output) CITED(test, output, "Art. 1")

/* A table of two columns over the role, each with its own values. */
#define ROLE(values)                                                           \
    "<input><inputExpression><text>role</text></inputExpression>"              \
    "<inputValues><text>" values "</text></inputValues></input>"
#define TWICE(values, others, rules)                                           \
    HEAD "<decision name=\"d\" id=\"d\">" NEED("role") "<decisionTable>" ROLE( \
        values) ROLE(others) "<output/><annotation name=\"Article\"/>" rules   \
                             "</decisionTable></decision>" TAIL
#define BESIDE "</text></inputEntry><inputEntry><text>"

/* A decision d of a declared type. */
#define TYPED(type, logic)                                                     \
    HEAD "<decision name=\"d\" id=\"d\"><variable name=\"d\" typeRef=\"" type  \
         "\"/>" logic "</decision>" TAIL
#define BOXED(text)                                                            \
    "<literalExpression><text>" text "</text></literalExpression>"
#define BRANCHES(yes, no)                                                      \
    NEED("wage")                                                               \
    NEED("born")                                                               \
    BOXED("if wage = 1 and born != null then " yes " else " no)
#define ROWS(policy, outputs, rules)                                           \
    NEED("wage")                                                               \
    NEED("born")                                                               \
    "<decisionTable hitPolicy=\"" policy                                       \
    "\"><input><inputExpression><text>if "                                     \
    "born = null then 0 else wage</text></inputExpression></input>" outputs    \
    "<annotation name=\"Article\"/>" rules "</decisionTable>"
#define PAIR "<output name=\"age\"/><output name=\"role\"/>"
#define NEXT "</text></outputEntry><outputEntry><text>"

typedef struct Planted {
    const char *key; /* NULL: nothing is found */
    const char *model;
    int32_t row, other_row;
    const char *example; /* the last argument, or NULL */
} Planted;

#define PLAIN(key, model)                                                      \
    {                                                                          \
        key, model, 0, 0, NULL                                                 \
    }

static const Planted planted[] = {
    PLAIN(NULL, LITERAL("age + wage")),
    PLAIN(NULL,
          TABLE("UNIQUE", "age", RULE("&lt; 18", "1") RULE("&gt;= 18", "2"))),
    PLAIN(NULL, TABLE("UNIQUE", "role",
                      RULE("\"head\"", "1") RULE("not(\"head\")", "2"))),
    PLAIN(NULL, TABLE("UNIQUE", "born",
                      RULE("&lt; date(\"2000-01-01\")", "1")
                          RULE("[date(\"2000-01-01\")..date(\"2010-06-30\")]",
                               "2") RULE("&gt;= date(\"2010-07-01\")", "3"))),
    PLAIN(NULL, TABLE("FIRST", "wage", RULE("&lt; 10", "1") RULE("-", "2"))),
    PLAIN(NULL,
          TABLE("COLLECT", "wage", RULE("&lt; 10", "1") RULE("&lt; 5", "2"))),
    PLAIN(NULL, TABLE("ANY", "wage", RULE("&lt; 10", "1") RULE("-", "1"))),
    /* Names and types. */
    PLAIN("feel.name_near", LITERAL("agee + 1")),
    PLAIN("feel.name_unknown", LITERAL("somebody + 1")),
    PLAIN("feel.clash", LITERAL("age + role")),
    PLAIN("feel.clash", LITERAL("born &lt; wage")),
    PLAIN("feel.clash", LITERAL("role = wage")),
    PLAIN("feel.clash", LITERAL("wage in [\"a\"..\"b\"]")),
    PLAIN("feel.not_boolean", LITERAL("if age then 1 else 2")),
    PLAIN("feel.not_boolean", LITERAL("wage &gt; 1 or role")),
    PLAIN("feel.argument", LITERAL("upper case(age)")),
    PLAIN("feel.arity", LITERAL("substring(role)")),
    PLAIN("feel.no_such_field", LITERAL("p.ages")),
    PLAIN("feel.no_such_field", LITERAL("born.hour")),
    PLAIN("feel.called", LITERAL("age(1)")),
    PLAIN("feel.ends_value", LITERAL("age +")),
    {"feel.clash", TABLE("UNIQUE", "age", RULE("\"old\"", "1")), 1, 0, NULL},
    PLAIN("feel.declared",
          HEAD "<decision name=\"d\" id=\"d\"><variable name=\"d\" "
               "typeRef=\"number\"/><literalExpression><text>\"ten\"</text>"
               "</literalExpression></decision>" TAIL),
    /* A declared type that one branch, row or item never has. */
    {"feel.declared", TYPED("number", BRANCHES("1", "\"b\"")), 0, 0, "number"},
    {"feel.declared", TYPED("number", BRANCHES("\"b\"", "1")), 0, 0, "number"},
    {"feel.declared",
     TYPED("number", BRANCHES("1", "if wage = 2 then 2 else born")), 0, 0,
     "number"},
    PLAIN(NULL, TYPED("number", BRANCHES("1", "null"))),
    PLAIN(NULL, TYPED("string", BRANCHES("\"a\"", "string(wage)"))),
    PLAIN(NULL, TYPED("Any", BRANCHES("1", "\"b\""))),
    {"feel.declared",
     TYPED(
         "number",
         NEED("wage") "<conditional><if>" BOXED("wage = 1") "</if><then>" BOXED(
             "1") "</then><else>" BOXED("\"b\"") "</else></conditional>"),
     0, 0, "number"},
    {"feel.declared",
     TYPED("number", ROWS("FIRST", "<output/>",
                          RULE("&lt; 5", "1") RULE("-", "\"bad\""))),
     2, 0, "number"},
    {"feel.declared",
     TYPED("number",
           ROWS("FIRST", "<output/>",
                RULE("&lt; 5", "date(\"2026-01-31\")") RULE("-", "1"))),
     1, 0, "number"},
    {"feel.declared",
     TYPED("number",
           ROWS("FIRST", "<output/>",
                RULE("&lt; 5", "1") RULE("-", "if wage = 7 then 2 else born"))),
     2, 0, "number"},
    {"feel.declared",
     TYPED("number", ROWS("FIRST", "<output typeRef=\"number\"/>",
                          RULE("&lt; 5", "1") RULE("-", "\"bad\""))),
     2, 0, "number"},
    {"feel.declared",
     TYPED("tNumbers", ROWS("COLLECT", "<output/>",
                            RULE("&lt; 5", "1") RULE("-", "\"bad\""))),
     2, 0, "number"},
    {"feel.declared",
     TYPED("tPerson", ROWS("FIRST", PAIR,
                           RULE("&lt; 5", "1" NEXT "\"head\"")
                               RULE("-", "\"bad\"" NEXT "\"head\""))),
     2, 0, "number"},
    PLAIN(NULL, TYPED("number", ROWS("FIRST", "<output/>",
                                     RULE("&lt; 5", "1") RULE("-", "null")))),
    PLAIN(NULL, TYPED("tNumbers", ROWS("COLLECT", "<output/>",
                                       RULE("&lt; 5", "1") RULE("-", "2")))),
    PLAIN(NULL, TYPED("tNumbers", ROWS("FIRST", "<output/>",
                                       RULE("&lt; 5", "[1]") RULE("-", "2")))),
    PLAIN(NULL,
          TYPED("number", ROWS("COLLECT\" aggregation=\"COUNT", "<output/>",
                               RULE("&lt; 5", "\"a\"") RULE("-", "born")))),
    PLAIN("dmn.type_unknown",
          HEAD "<decision name=\"d\" id=\"d\"><variable name=\"d\" "
               "typeRef=\"tNobody\"/><literalExpression><text>1</text>"
               "</literalExpression></decision>" TAIL),
    PLAIN("dmn.href",
          HEAD "<decision name=\"d\" id=\"d\">" NEED(
              "nobody") "<literalExpression><text>1</text></literalExpression>"
                        "</decision>" TAIL),
    /* Rows. */
    {"check.overlap",
     TABLE("UNIQUE", "age", RULE("&lt;= 18", "1") RULE("&gt;= 18", "2")), 2, 1,
     "age = 18"},
    {"check.overlap",
     TABLE("UNIQUE", "role",
           RULE("\"head\",\"child\"", "1") RULE("not(\"head\")", "2")),
     2, 1, "role = \"child\""},
    {"check.any_differs",
     TABLE("ANY", "wage", RULE("&lt; 10", "1") RULE("-", "2")), 2, 1,
     "wage = 9"},
    {"check.row_hidden",
     TABLE("FIRST", "age",
           RULE("&lt; 60", "1") RULE("&gt;= 50", "2") RULE("[55..70]", "3")),
     3, 0, NULL},
    {"check.row_never",
     TABLE("UNIQUE", "role",
           RULE("\"hed\"", "1") RULE("\"head\",\"spouse\",\"child\"", "2")),
     1, 0, "role"},
    {"check.row_never",
     TABLE("UNIQUE", "age", RULE("&gt; 200", "1") RULE("&lt;= 200", "2")), 1, 0,
     "age"},
    {"check.row_never",
     TABLE("FIRST", "wage", RULE("(5..5)", "1") RULE("-", "2")), 1, 0, "wage"},
    /* Null: a row that it alone reaches, rows that speak of it. */
    {"check.row_null",
     TABLE("FIRST", "wage",
           RULE("&lt; 18", "1") RULE("&gt;= 18", "2") RULE("-", "3")),
     3, 0, "wage = null"},
    {"check.row_null",
     TABLE("FIRST", "role",
           RULE("\"head\",\"spouse\"", "1") RULE("\"child\"", "2")
               RULE("-", "3")),
     3, 0, "role = null"},
    {"check.row_null",
     TABLE("FIRST", "wage", RULE("not(null)", "1") RULE("-", "2")), 2, 0,
     "wage = null"},
    {"check.overlap", TABLE("UNIQUE", "wage", RULE("null", "1") RULE("-", "2")),
     2, 1, "wage = null"},
    {"check.overlap",
     TABLE("UNIQUE", "wage",
           RULE("&lt; 5, null", "1") RULE("not(&lt; 5)", "2")
               RULE("? = null", "3")),
     3, 1, "wage = null"},
    {"check.row_hidden",
     TABLE("FIRST", "wage", RULE("-", "1") RULE("null", "2")), 2, 0, NULL},
    {"check.row_hidden",
     TABLE("FIRST", "wage", RULE("not(5)", "1") RULE("5", "2") RULE("-", "3")),
     3, 0, NULL},
    PLAIN(NULL,
          TABLE("FIRST", "wage", RULE("not(null)", "1") RULE("null", "2"))),
    PLAIN(NULL,
          TABLE("FIRST", "wage",
                RULE("&lt; 1", "1") RULE("&gt;= 1", "2") RULE("null", "3"))),
    PLAIN(NULL,
          TABLE("UNIQUE", "wage", RULE("? != null", "1") RULE("null", "2"))),
    PLAIN(NULL, TABLE("UNIQUE", "role",
                      RULE("not(\"head\")", "1")
                          RULE("not(\"spouse\",\"child\")", "2"))),
    /* Gaps. */
    {"check.gap",
     TABLE("UNIQUE", "age", RULE("&lt; 18", "1") RULE("&gt; 18", "2")), 0, 0,
     "age = 18"},
    {"check.gap",
     TABLE("UNIQUE", "wage", RULE("&lt;= 17", "1") RULE("&gt;= 18", "2")), 0, 0,
     "wage = 17.5"},
    {"check.gap",
     TABLE("UNIQUE", "born",
           RULE("&lt; date(\"2000-01-01\")", "1")
               RULE("&gt; date(\"2000-01-01\")", "2")),
     0, 0, "born = \"2000-01-01\""},
    {"check.gap",
     TABLE("FIRST", "role", RULE("\"head\"", "1") RULE("\"child\"", "2")), 0, 0,
     "role = \"spouse\""},
    /* What an expression can give: whole numbers, twelve months. */
    PLAIN(NULL, COMPUTED("born", "born.month",
                         RULE("[1..6]", "1") RULE("[7..12]", "2"))),
    PLAIN(NULL, COMPUTED("role", "string length(role)",
                         RULE("&lt;= 4", "1") RULE("&gt;= 5", "2"))),
    PLAIN(NULL, COMPUTED("wage", "floor(wage / 2)",
                         RULE("&lt;= 4", "1") RULE("&gt;= 5", "2"))),
    {"check.gap",
     COMPUTED("wage", "wage / 2", RULE("&lt;= 4", "1") RULE("&gt;= 5", "2")), 0,
     0, "wage / 2 = 4.5"},
    {"check.gap",
     COMPUTED("role", "string length(role)",
              RULE("&lt; 3", "1") RULE("&gt; 3.5", "2")),
     0, 0, "string length(role) = 3"},
    {"check.gap",
     COMPUTED("wage", "string(wage)", RULE("\"1\"", "1") RULE("\"2\"", "2")), 0,
     0, "string(wage) = \"(another text)\""},
    {"check.row_never",
     COMPUTED("born", "born.month", RULE("13", "1") RULE("&lt;= 12", "2")), 1,
     0, "born.month"},
    /* Values, columns, what is not used, what is not cited. */
    {"check.cell_value",
     TABLE("FIRST", "role", RULE("\"head\",\"hed\"", "1") RULE("-", "2")), 1, 0,
     "role"},
    {"check.cell_value",
     TABLE("FIRST", "role", RULE("\"head\"", "1") RULE("not(\"chid\")", "2")),
     2, 0, "role"},
    /* Ends of ranges are no values of the cell. */
    PLAIN(NULL, TABLE("UNIQUE", "role",
                      RULE("&lt; \"d\"", "1") RULE("&gt;= \"d\"", "2"))),
    PLAIN(NULL, TABLE("UNIQUE", "role",
                      RULE("&lt;= \"d\"", "1") RULE("&gt; \"d\"", "2"))),
    PLAIN(NULL, TABLE("UNIQUE", "role",
                      RULE("[\"child\"..\"d\"]", "1")
                          RULE("\"head\",\"spouse\"", "2"))),
    PLAIN(NULL,
          TABLE("UNIQUE", "role",
                RULE("not([\"d\"..\"i\"])", "1") RULE("[\"d\"..\"i\"]", "2"))),
    PLAIN(NULL, TABLE("UNIQUE", "role", RULE("&lt; \"d\", &gt; \"d\"", "1"))),
    {"check.cell_value",
     TABLE("FIRST", "role",
           RULE("&lt; \"d\"", "1") RULE("not(\"head\",\"hed\")", "2")
               RULE("-", "3")),
     2, 0, "role"},
    /* Of one expression in two columns the values of both hold. */
    PLAIN(NULL, TWICE("\"head\",\"child\"", "\"head\",\"child\",\"spouse\"",
                      RULE("\"head\"" BESIDE "not(\"child\")", "1")
                          RULE("\"child\"" BESIDE "\"child\"", "2"))),
    PLAIN(NULL, TWICE("\"head\",\"child\",\"spouse\"", "\"head\",\"child\"",
                      RULE("\"head\"" BESIDE "not(\"child\")", "1")
                          RULE("\"child\"" BESIDE "\"child\"", "2"))),
    /* Beside such numbers there is no other to stand for what is beyond. */
    PLAIN(NULL, TABLE("UNIQUE", "wage",
                      RULE("&lt; 1e35", "1") RULE("[1e35..2e35]", "2")
                          RULE("&gt; 2e35", "3"))),
    {"check.row_no_citation",
     TABLE("FIRST", "wage", RULE("&lt; 1", "1") CITED("-", "2", "")), 2, 0,
     NULL},
    {"check.unused_column", TABLE("FIRST", "wage", RULE("-", "1")), 0, 0,
     "wage"},
    {"check.unused_requirement",
     HEAD "<decision name=\"d\" id=\"d\">" NEED(
         "age") "<literalExpression><text>1</text></literalExpression></"
                "decision>" TAIL,
     0, 0, "age"},
    {"check.unused_input",
     HEAD
     "<inputData name=\"x\" id=\"x\"><variable name=\"x\"/></inputData>" TAIL,
     0, 0, "x"},
    {"check.unused_knowledge",
     HEAD "<businessKnowledgeModel name=\"k\" id=\"k\"><encapsulatedLogic>"
          "<literalExpression><text>1</text></literalExpression>"
          "</encapsulatedLogic></businessKnowledgeModel>" TAIL,
     0, 0, "k"},
    {"check.output_value",
     HEAD "<decision name=\"d\" id=\"d\">" NEED(
         "age") "<decisionTable "
                "hitPolicy=\"FIRST\"><input><inputExpression><text>age"
                "</text></inputExpression></"
                "input><output><outputValues><text>\"yes\","
                "\"no\"</text></outputValues></output><annotation "
                "name=\"Article\"/>" RULE("&lt; 5", "\"yes\"")
                    RULE("-", "\"nein\"") "</decisionTable></decision>" TAIL,
     2, 0, "\"nein\""},
    {"check.no_order",
     TABLE("PRIORITY", "wage", RULE("&lt; 5", "1") RULE("-", "2")), 0, 0,
     NULL}};

static DmnCheck check(Arena *arena, Str text)
{
    DmnSource source = {"m.dmn", text};
    Diag diag;
    DmnCheck found;
    Err err = dmn_check(arena, &source, 1, &diag, &found);
    ck_assert_msg(err == OK, "%s line %d", diag.key, diag.line);
    return found;
}

static void expect_finding(const Planted *one)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnCheck found = check(arena, str_of(one->model));
    const DmnFinding *finding = NULL;
    size_t count = 0;
    for (size_t i = 0; i < found.count; i++) {
        const char *key = found.findings[i].diag.key;
        if (strcmp(key, "check.undecided") == 0) continue;
        if (count++ == 0) finding = &found.findings[i];
    }
    ck_assert_msg(count == (one->key != NULL), "%s: %zu found, %s",
                  one->key == NULL ? one->model : one->key, count,
                  finding == NULL ? "" : finding->diag.key);
    if (finding != NULL) {
        const Diag *diag = &finding->diag;
        ck_assert_str_eq(diag->key, one->key);
        ck_assert_str_eq(diag->file, "m.dmn");
        ck_assert_msg(diag->line > 0, "%s", diag->key);
        ck_assert_msg(finding->row == one->row, "%s: row %d", diag->key,
                      finding->row);
        ck_assert_int_eq(finding->other_row, one->other_row);
        if (one->example != NULL) {
            ck_assert_str_eq(diag->arg[diag->arg_count - 1], one->example);
        }
    }
    arena_close(arena);
}

TEST(every_planted_fault_is_found_and_nothing_else)
{
    for (size_t i = 0; i < sizeof planted / sizeof *planted; i++) {
        expect_finding(&planted[i]);
    }
}

/* What the first decision of a text says, by a strict load or by its check;
 * false: it is refused. */
static bool answer_of(Arena *arena, Str text, bool checked, Buf *ret)
{
    DmnSource source = {"m.dmn", text};
    Diag diag;
    DmnCheck found;
    DmnModel *model = NULL;
    FeelValue value;
    Err err = checked ? dmn_check_load(arena, &source, 1, &diag, &found, &model)
                      : dmn_load(arena, &source, 1, DMN_STRICT, &diag, &model);
    ck_assert(!checked || err == OK);
    if (err != OK || model == NULL) return false;
    DmnEval *eval = dmn_eval_open(model, ARENA_BYTES, 10000);
    ck_assert_ptr_nonnull(eval);
    dmn_input_set(eval, 0, feel_number(3, 0));
    ck_assert_int_eq(dmn_eval(eval, 0, &value), OK);
    buf_reset(ret);
    feel_write_json(ret, value);
    dmn_eval_close(eval);
    return true;
}

TEST(a_check_gives_the_model_that_a_strict_load_gives)
{
    int loaded = 0, refused = 0;
    Buf one = buf_make(ARENA_BYTES), other = buf_make(ARENA_BYTES);
    for (size_t i = 0; i < sizeof planted / sizeof planted[0]; i++) {
        Arena *arena = arena_open(ARENA_BYTES);
        Str text = str_of(planted[i].model);
        bool strict = answer_of(arena, text, false, &one);
        bool checked = answer_of(arena, text, true, &other);
        ck_assert_msg(strict == checked, "%s", planted[i].model);
        loaded += strict;
        refused += !strict;
        if (strict) ck_assert(str_equal(buf_view(&one), buf_view(&other)));
        arena_close(arena);
    }
    ck_assert_int_gt(loaded, 5);
    ck_assert_int_gt(refused, 1);
    buf_free(&one);
    buf_free(&other);
}

TEST(a_finding_names_the_decision)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnCheck found = check(arena, STR(LITERAL("age + role")));
    EXPECT_STR(found.findings[0].decision, "d");
    ck_assert_int_eq(found.findings[0].severity, DMN_ERROR);
    arena_close(arena);
}

/* Random tables of a number and a text. */

enum { ROWS_MAX = 5, NUMBERS = 11, TEXTS = 3 };

static void add_number_cell(Random *random, Buf *out)
{
    int a = (int)random_below(random, 5), b = (int)random_below(random, 5);
    int low = a < b ? a : b, high = a < b ? b : a;
    switch (random_below(random, 9)) {
    case 0:
        buf_text(out, "-");
        break;
    case 1:
        buf_format(out, "&lt; %d", a);
        break;
    case 2:
        buf_format(out, "&gt;= %d", a);
        break;
    case 3:
        buf_format(out, "[%d..%d]", low, high);
        break;
    case 4:
        buf_format(out, "(%d..%d]", low, high);
        break;
    case 5:
        buf_format(out, "not(%d)", a);
        break;
    case 6:
        buf_format(out, "%d, &gt; %d", a, b);
        break;
    case 7:
        buf_format(out, "? &gt; %d and ? &lt;= %d", low, high);
        break;
    default:
        buf_format(out, "not([%d..%d))", low, high);
        break;
    }
}

static void add_text_cell(Random *random, Buf *out)
{
    static const char *const cells[] = {"-",
                                        "\"x\"",
                                        "\"y\"",
                                        "\"z\"",
                                        "\"x\",\"z\"",
                                        "not(\"x\")",
                                        "not(\"y\",\"z\")",
                                        "-",
                                        "null",
                                        "not(null)",
                                        "\"x\",null",
                                        "? != null and ? &gt; \"x\""};
    buf_text(out, cells[random_below(random, 12)]);
}

/* The rules are the same in both; the second lists the rows that match. */
static void random_table(Random *random, const char *policy, Buf *cells,
                         Buf *checked, Buf *listed, int *ret_rows)
{
    static const char head[] =
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
        "name=\"m\" namespace=\"urn:m\"><itemDefinition "
        "name=\"tText\"><typeRef>"
        "string</typeRef><allowedValues><text>\"x\",\"y\",\"z\"</text>"
        "</allowedValues></itemDefinition><inputData name=\"n\" id=\"n\">"
        "<variable name=\"n\" typeRef=\"number\"/></inputData><inputData "
        "name=\"t\" id=\"t\"><variable name=\"t\" typeRef=\"tText\"/>"
        "</inputData><decision name=\"d\" id=\"d\">" NEED("n")
            NEED("t") "<decisionTable "
                      "hitPolicy=\"%s\"><input><inputExpression><text>n"
                      "</text></inputExpression></"
                      "input><input><inputExpression><text>t"
                      "</text></inputExpression></input><output/><annotation "
                      "name=\"Law\"/>";
    *ret_rows = 1 + (int)random_below(random, ROWS_MAX);
    for (int row = 1; row <= *ret_rows; row++) {
        buf_text(cells, "<rule><inputEntry><text>");
        add_number_cell(random, cells);
        buf_text(cells, "</text></inputEntry><inputEntry><text>");
        add_text_cell(random, cells);
        buf_format(cells,
                   "</text></inputEntry><outputEntry><text>%d</text>"
                   "</outputEntry><annotationEntry><text>1</text>"
                   "</annotationEntry></rule>",
                   row);
    }
    buf_text(cells, "</decisionTable></decision></definitions>");
    Buf *both[] = {checked, listed};
    const char *policies[] = {policy, "RULE ORDER"};
    for (int i = 0; i < 2; i++) {
        const char *at = strstr(head, "%s");
        buf_add(both[i], head, (size_t)(at - head));
        buf_text(both[i], policies[i]);
        buf_text(both[i], at + 2);
        buf_str(both[i], buf_view(cells));
    }
}

/* What deciding every case says of a table. */
typedef struct Truth {
    bool overlap, gap;
    bool matched[ROWS_MAX + 1];
    bool first[ROWS_MAX + 1];
} Truth;

static void count_rows(FeelValue rows, Truth *ret)
{
    if (rows.count == 0) ret->gap = true;
    if (rows.count > 1) ret->overlap = true;
    for (uint32_t k = 0; k < rows.count; k++) {
        ret->matched[rows.as.items[k].as.whole] = true;
        if (k == 0) ret->first[rows.as.items[k].as.whole] = true;
    }
}

/* Every case, and apart from them those in which a value is missing. */
static Truth decide_all(Arena *arena, Str text, Truth *ret_missing)
{
    static const char *const texts[TEXTS] = {"x", "y", "z"};
    Truth truth = {0};
    memset(ret_missing, 0, sizeof *ret_missing);
    DmnSource source = {"m.dmn", text};
    DmnModel *model;
    Diag diag;
    ck_assert_int_eq(dmn_load(arena, &source, 1, DMN_STRICT, &diag, &model),
                     OK);
    DmnEval *eval = dmn_eval_open(model, 1 << 20, STEPS);
    for (int i = 0; i < (NUMBERS + 1) * (TEXTS + 1); i++) {
        FeelValue value;
        int number = i / (TEXTS + 1), letter = i % (TEXTS + 1);
        bool missing = number == NUMBERS || letter == TEXTS;
        dmn_eval_reset(eval);
        dmn_input_set(eval, 0,
                      number < NUMBERS ? feel_number(number * 5 - 5, 1)
                                       : feel_null());
        dmn_input_set(eval, 1,
                      letter < TEXTS ? feel_string(str_of(texts[letter]))
                                     : feel_null());
        ck_assert_int_eq(dmn_eval(eval, 0, &value), OK);
        ck_assert_int_eq(value.kind, FEEL_LIST);
        count_rows(value, missing ? ret_missing : &truth);
    }
    dmn_eval_close(eval);
    return truth;
}

static bool finds(const DmnCheck *found, const char *key, int row)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->findings[i].diag.key, key) == 0 &&
            (row == 0 || found->findings[i].row == row)) {
            return true;
        }
    }
    return false;
}

TEST(random_tables_overlap_and_gap_as_deciding_every_case_says)
{
    Random random = random_make(20260101);
    Buf cells = buf_make(1 << 16), checked = buf_make(1 << 16),
        listed = buf_make(1 << 16);
    int overlaps = 0, gaps = 0, hidden = 0, by_null = 0;
    for (int i = 0; i < 3000; i++) {
        Arena *arena = arena_open(ARENA_BYTES);
        int rows;
        bool first = i % 2 == 1;
        buf_reset(&cells);
        buf_reset(&checked);
        buf_reset(&listed);
        random_table(&random, first ? "FIRST" : "UNIQUE", &cells, &checked,
                     &listed, &rows);
        Truth missing, truth = decide_all(arena, buf_view(&listed), &missing);
        DmnCheck found = check(arena, buf_view(&checked));
        Str shown = buf_view(&cells);
        ck_assert_msg(finds(&found, "check.gap", 0) == truth.gap, "gap: %.*s",
                      STR_ARG(shown));
        bool both = finds(&found, "check.overlap", 0);
        ck_assert_msg(
            first || (both ? truth.overlap || missing.overlap : !truth.overlap),
            "overlap: %.*s", STR_ARG(shown));
        bool all = true;
        for (int row = 1; row <= rows; row++) {
            bool some = truth.matched[row] || missing.matched[row];
            ck_assert_msg(finds(&found, "check.row_never", row) != some,
                          "never %d: %.*s", row, STR_ARG(shown));
            all = all && some;
        }
        for (int row = 1; first && all && row <= rows; row++) {
            bool some = truth.first[row] || missing.first[row];
            ck_assert_msg(finds(&found, "check.row_hidden", row) != some,
                          "hidden %d: %.*s", row, STR_ARG(shown));
            ck_assert_msg(!finds(&found, "check.row_null", row) ||
                              (!truth.first[row] && missing.first[row]),
                          "null %d: %.*s", row, STR_ARG(shown));
            hidden += !some;
            by_null += finds(&found, "check.row_null", row);
        }
        overlaps += truth.overlap;
        gaps += truth.gap;
        arena_close(arena);
    }
    ck_assert_int_gt(overlaps, 500);
    ck_assert_int_gt(gaps, 500);
    ck_assert_int_gt(hidden, 100);
    ck_assert_int_gt(by_null, 20);
    buf_free(&cells);
    buf_free(&checked);
    buf_free(&listed);
}

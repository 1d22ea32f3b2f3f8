/*
 * The form of models: each planted fault is found once, where it stands, and
 * nothing else; the sound model around it has none.
 */
#include "dmn/check.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 64 << 20 };

#define HEAD                                                                   \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"m\" namespace=\"urn:m\">\n"                                        \
    "<inputData id=\"a\" name=\"a\">"                                          \
    "<variable name=\"a\" typeRef=\"number\"/></inputData>\n"                  \
    "<inputData id=\"w\" name=\"w\">"                                          \
    "<variable name=\"w\" typeRef=\"string\"/></inputData>\n"                  \
    "<businessKnowledgeModel id=\"k\" name=\"k\"><encapsulatedLogic>"          \
    "<formalParameter name=\"x\" typeRef=\"number\"/>"                         \
    "<formalParameter name=\"y\" typeRef=\"number\"/>"                         \
    "<literalExpression><text>x + y</text></literalExpression>"                \
    "</encapsulatedLogic></businessKnowledgeModel>\n"
#define NEEDS                                                                  \
    "<informationRequirement><requiredInput href=\"#a\"/>"                     \
    "</informationRequirement><informationRequirement>"                        \
    "<requiredInput href=\"#w\"/></informationRequirement>"                    \
    "<knowledgeRequirement><requiredKnowledge href=\"#k\"/>"                   \
    "</knowledgeRequirement>"
#define LITERAL(text)                                                          \
    "<literalExpression><text>" text "</text></literalExpression>"
#define USE                                                                    \
    "<decision id=\"u\" name=\"u\">" NEEDS LITERAL(                            \
        "[k(a, 1), w]") "</decision>\n"
#define MODEL(rest) HEAD USE rest "</definitions>"
#define DECIDE(logic)                                                          \
    MODEL("<decision id=\"d\" name=\"d\">" NEEDS                               \
          "<context><contextEntry><variable name=\"used\"/>" LITERAL(          \
              "[k(a, 1), w]") "</contextEntry>\n<contextEntry>"                \
                              "<variable name=\"it\"/>" logic                  \
                              "</contextEntry></context></decision>")
#define BIND(name, text)                                                       \
    "<binding><parameter name=\"" name "\"/>" LITERAL(text) "</binding>"
#define CALL(bindings)                                                         \
    DECIDE("<invocation>" LITERAL("k") bindings "</invocation>")
#define ROW(in, out)                                                           \
    "<rule>" in out                                                            \
    "<annotationEntry><text>Art. 1</text></annotationEntry></rule>\n"
#define IN(text) "<inputEntry><text>" text "</text></inputEntry>"
#define OUT(text) "<outputEntry><text>" text "</text></outputEntry>"
#define TABLE(attributes, outputs, rows)                                       \
    DECIDE("<decisionTable " attributes                                        \
           "><input><inputExpression typeRef=\"number\"><text>a</text>"        \
           "</inputExpression></input>" outputs                                \
           "<annotation name=\"Article\"/>\n" rows "</decisionTable>")
#define LOW ROW(IN("&lt; 5"), OUT("1"))
#define HIGH ROW(IN("&gt;= 5"), OUT("2"))

typedef struct Planted {
    const char *key; /* NULL: nothing is found */
    const char *model;
    int32_t line, row;
} Planted;

static const Planted planted[] = {
    {NULL, DECIDE(LITERAL("1")), 0, 0},
    {NULL, CALL(BIND("x", "a") BIND("y", "2")), 0, 0},
    {NULL, TABLE("hitPolicy=\"UNIQUE\"", "<output/>", LOW HIGH), 0, 0},
    {NULL,
     TABLE("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", "<output/>", LOW HIGH),
     0, 0},
    {NULL, DECIDE(LITERAL("k(y: 1, x: 2)")), 0, 0},
    /* Names and ids. */
    {"check.id_twice",
     MODEL("<decision id=\"u\" name=\"d\">" LITERAL("1") "</decision>"), 6, 0},
    {"check.name_twice",
     MODEL("<decision id=\"v\" name=\"u\">" LITERAL("1") "</decision>"), 6, 0},
    {"check.no_name", MODEL("<decision id=\"d\">" LITERAL("1") "</decision>"),
     6, 0},
    {"check.variable_name",
     MODEL("<decision id=\"d\" name=\"d\"><variable name=\"dd\"/>" LITERAL(
         "1") "</decision>"),
     6, 0},
    {"check.entry_twice",
     DECIDE(LITERAL("1") "</contextEntry><contextEntry>"
                         "<variable name=\"used\"/>" LITERAL("2")),
     7, 0},
    {"check.unknown_part", MODEL("<decison id=\"d\" name=\"d\"/>"), 6, 0},
    /* What is not there. */
    {"check.no_logic", MODEL("<decision id=\"d\" name=\"d\"/>"), 6, 0},
    {"check.no_text", DECIDE(LITERAL(" ")), 7, 0},
    {"check.relation_cells",
     DECIDE("<relation><column name=\"p\"/><column name=\"q\"/>\n<row>" LITERAL(
         "1") "</row></relation>"),
     8, 0},
    {"check.href_kind",
     MODEL("<decision id=\"d\" name=\"d\"><informationRequirement>"
           "<requiredDecision href=\"#a\"/></informationRequirement>" LITERAL(
               "a") "</decision>"),
     6, 0},
    {"check.empty_requirement",
     MODEL("<decision id=\"d\" name=\"d\">\n<informationRequirement/>" LITERAL(
         "1") "</decision>"),
     7, 0},
    {"dmn.href",
     MODEL("<decisionService id=\"s\" name=\"s\">"
           "<outputDecision href=\"#nobody\"/></decisionService>"),
     6, 0},
    {"check.service_input",
     MODEL("<decisionService id=\"s\" name=\"s\">"
           "<outputDecision href=\"#u\"/><inputData href=\"#a\"/>"
           "</decisionService>"),
     5, 0},
    /* A decision in a service is told of once. */
    {"feel.clash",
     MODEL("<decision id=\"d\" name=\"d\">" LITERAL(
         "1 + true") "</decision><decisionService id=\"s\" name=\"s\">"
                     "<outputDecision href=\"#d\"/></decisionService>"),
     6, 0},
    {"feel.name_unknown",
     MODEL("<decision id=\"d\" name=\"d\">" LITERAL(
         "xyzzy") "</decision><decisionService id=\"s\" name=\"s\">"
                  "<outputDecision href=\"#d\"/></decisionService>"),
     6, 0},
    {"check.no_output", MODEL("<decisionService id=\"s\" name=\"s\"/>"), 6, 0},
    /* Calls. */
    {"feel.no_parameter", CALL(BIND("x", "a") BIND("y", "2") BIND("z", "3")), 7,
     0},
    {"feel.declared", CALL(BIND("x", "a") BIND("y", "w")), 7, 0},
    {"check.unbound", CALL(BIND("x", "a")), 7, 0},
    {"feel.no_parameter", DECIDE(LITERAL("k(x: 1, z: 2)")), 7, 0},
    {"feel.unbound", DECIDE(LITERAL("k(x: 1)")), 7, 0},
    {"feel.declared", DECIDE(LITERAL("k(x: w, y: 1)")), 7, 0},
    {"feel.parameters", DECIDE(LITERAL("k(1)")), 7, 0},
    {"feel.null_call", DECIDE(LITERAL("date(\"2026-02-30\")")), 7, 0},
    {"feel.by_zero", DECIDE(LITERAL("a / 0")), 7, 0},
    {"feel.clash", DECIDE(LITERAL("duration(\"P1D\") + a")), 7, 0},
    {"feel.argument", DECIDE(LITERAL("sum([\"a\", \"b\"])")), 7, 0},
    /* Tables. */
    {"check.row_inputs",
     TABLE("", "<output/>", LOW ROW(IN("&gt;= 5") IN("-"), OUT("2"))), 9, 2},
    {"check.row_outputs", TABLE("", "<output/>", LOW ROW(IN("&gt;= 5"), "")), 9,
     2},
    {"check.aggregation_alone",
     TABLE("aggregation=\"SUM\"", "<output/>", LOW HIGH), 7, 0},
    {"check.aggregation_wide",
     TABLE("hitPolicy=\"COLLECT\" aggregation=\"MAX\"",
           "<output name=\"p\"/><output name=\"q\"/>",
           ROW(IN("&lt; 5"), OUT("1") OUT("2"))),
     7, 0},
    {"check.not_aggregated",
     TABLE("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", "<output/>",
           LOW ROW(IN("&gt;= 5"), OUT("\"two\""))),
     7, 2},
    {"check.output_name",
     TABLE("", "<output name=\"p\"/><output/>",
           ROW(IN("-"), OUT("1") OUT("2"))),
     7, 0},
    {"check.no_rows", TABLE("", "<output/>", ""), 7, 0},
    {"feel.declared",
     TABLE("",
           "<output typeRef=\"string\"><defaultOutputEntry>\n<text>1"
           "</text></defaultOutputEntry></output>",
           ROW(IN("&lt; 5"), OUT("\"one\""))),
     8, 0}};

static void expect_finding(const Planted *one)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource source = {"m.dmn", str_of(one->model)};
    Diag diag;
    DmnCheck found;
    const char *key = one->key == NULL ? "sound" : one->key;
    Err err = dmn_check(arena, &source, 1, &diag, &found);
    ck_assert_msg(err == OK, "%s: %s line %d", key, diag.key, diag.line);
    const DmnFinding *finding = NULL;
    size_t count = 0;
    for (size_t i = 0; i < found.count; i++) {
        if (strcmp(found.findings[i].diag.key, "check.unused_column") == 0) {
            continue;
        }
        if (count++ == 0) finding = &found.findings[i];
    }
    ck_assert_msg(count == (one->key != NULL), "%s: %zu found, %s", key, count,
                  finding == NULL ? "" : finding->diag.key);
    if (finding != NULL) {
        ck_assert_str_eq(finding->diag.key, key);
        ck_assert_msg(finding->diag.line == one->line, "%s: line %d", key,
                      finding->diag.line);
        ck_assert_msg(finding->row == one->row, "%s: row %d", key,
                      finding->row);
    }
    arena_close(arena);
}

TEST(every_fault_of_form_is_found_and_nothing_else)
{
    for (size_t i = 0; i < sizeof planted / sizeof *planted; i++) {
        expect_finding(&planted[i]);
    }
}

/* Names are compared in time that does not grow as their square. */
TEST(very_many_elements_are_checked_in_time)
{
    enum { ELEMENTS = 30000, TEXT_BYTES = 8 << 20 };
    Arena *arena = arena_open(1u << 30);
    Buf text = buf_make(TEXT_BYTES);
    buf_text(&text, HEAD USE);
    for (int i = 0; i < ELEMENTS; i++) {
        buf_format(&text,
                   "<textAnnotation id=\"t%d\"><text>t</text>"
                   "</textAnnotation>",
                   i);
    }
    buf_text(&text, "</definitions>");
    DmnSource source = {"m.dmn", buf_view(&text)};
    Diag diag;
    DmnCheck found;
    ck_assert_int_eq(dmn_check(arena, &source, 1, &diag, &found), OK);
    ck_assert_uint_eq(found.count, 0);
    buf_free(&text);
    arena_close(arena);
}

/* A row in 2,950 that meets its neighbour is found, and in time. */
TEST(an_overlap_in_a_long_table_is_found)
{
    enum { ROWS = 2950, WIDE = 2940, TEXT_BYTES = 4 << 20 };
    Arena *arena = arena_open(1u << 30);
    Buf text = buf_make(TEXT_BYTES);
    buf_text(&text, HEAD "<decision id=\"d\" name=\"d\">" NEEDS
                         "<decisionTable><input><inputExpression "
                         "typeRef=\"number\"><text>a</text></inputExpression>"
                         "</input><output/><annotation name=\"Article\"/>");
    for (int i = 1; i <= ROWS; i++) {
        buf_format(&text,
                   ROW("<inputEntry><text>[%d..%d)</text></inputEntry>",
                       "<outputEntry><text>1</text></outputEntry>"),
                   i, i == WIDE ? i + 2 : i + 1);
    }
    buf_text(&text, "</decisionTable></decision></definitions>");
    DmnSource source = {"m.dmn", buf_view(&text)};
    Diag diag;
    DmnCheck found;
    ck_assert_int_eq(dmn_check(arena, &source, 1, &diag, &found), OK);
    int overlaps = 0;
    for (size_t i = 0; i < found.count; i++) {
        const DmnFinding *finding = &found.findings[i];
        if (strcmp(finding->diag.key, "check.overlap") != 0) continue;
        overlaps++;
        ck_assert_int_eq(finding->row, WIDE + 1);
        ck_assert_int_eq(finding->other_row, WIDE);
        ck_assert_str_eq(finding->diag.arg[1], "a = 2941");
    }
    ck_assert_int_eq(overlaps, 1);
    buf_free(&text);
    arena_close(arena);
}

/* Which kind of element a finding is in, as it is named to the reader. */
TEST(a_finding_names_what_it_is_in)
{
    static const struct {
        const char *model;
        DmnOwner owner;
    } cases[] = {
        {DECIDE(LITERAL("a +")), DMN_IN_DECISION},
        {MODEL("<itemDefinition name=\"t\"><typeRef>string</typeRef>"
               "<allowedValues><text>1 +</text></allowedValues>"
               "</itemDefinition>"),
         DMN_IN_TYPE},
        {MODEL("<decisionService id=\"s\" name=\"s\"/>"), DMN_IN_SERVICE},
        {MODEL("<inputData id=\"i\" name=\"i\"><variable name=\"j\"/>"
               "</inputData>"),
         DMN_IN_INPUT},
        {MODEL("<businessKnowledgeModel id=\"q\" name=\"q\"/>"),
         DMN_IN_KNOWLEDGE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_open(ARENA_BYTES);
        DmnSource source = {"m.dmn", str_of(cases[i].model)};
        Diag diag;
        DmnCheck found;
        ck_assert_int_eq(dmn_check(arena, &source, 1, &diag, &found), OK);
        bool named = false;
        for (size_t k = 0; k < found.count; k++) {
            const DmnFinding *finding = &found.findings[k];
            if (finding->decision.bytes == 0) continue;
            named = true;
            ck_assert_int_eq(finding->owner, cases[i].owner);
        }
        ck_assert_msg(named, "case %zu", i);
        arena_close(arena);
    }
}

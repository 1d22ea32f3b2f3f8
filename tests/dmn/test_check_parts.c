/*
 * Declared types against the parts of a value: items of lists, entries of
 * contexts, cells of relations, bodies of loops and functions, conditions of
 * boxed expressions. Each planted fault is told at its own line and column,
 * and sound models of the same forms have none.
 */
#include "dmn/check.h"

#include "tests/harness.h"

enum { ARENA_BYTES = 16 << 20 };

#define HEAD                                                                   \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"m\" namespace=\"urn:m\">"                                          \
    "<itemDefinition name=\"tNumbers\" isCollection=\"true\"><typeRef>"        \
    "number</typeRef></itemDefinition>"                                        \
    "<itemDefinition name=\"tMoments\" isCollection=\"true\"><typeRef>"        \
    "date and time</typeRef></itemDefinition>"                                 \
    "<itemDefinition name=\"tPerson\"><itemComponent name=\"age\">"            \
    "<typeRef>number</typeRef></itemComponent><itemComponent name=\"names\" "  \
    "isCollection=\"true\"><typeRef>string</typeRef></itemComponent>"          \
    "</itemDefinition>"                                                        \
    "<itemDefinition name=\"tPeople\" isCollection=\"true\"><typeRef>tPerson"  \
    "</typeRef></itemDefinition>"                                              \
    "<itemDefinition name=\"tTwice\"><functionItem outputTypeRef=\"number\">"  \
    "<parameters name=\"x\" typeRef=\"number\"/></functionItem>"               \
    "</itemDefinition>"                                                        \
    "<itemDefinition name=\"tRisk\"><typeRef>string</typeRef><allowedValues>"  \
    "<text>\"high\", \"low\"</text></allowedValues></itemDefinition>"          \
    "<itemDefinition name=\"tRisks\" isCollection=\"true\"><typeRef>tRisk"     \
    "</typeRef></itemDefinition>"                                              \
    "<inputData name=\"w\" id=\"w\"><variable name=\"w\" typeRef=\"number\"/>" \
    "</inputData>"
#define NEED                                                                   \
    "<informationRequirement><requiredInput href=\"#w\"/>"                     \
    "</informationRequirement>"
/* The logic begins on line 2. */
#define MODEL(type, logic)                                                     \
    HEAD "<decision name=\"d\" id=\"d\"><variable name=\"d\" typeRef=\"" type  \
         "\"/>" NEED "\n" logic "</decision></definitions>"
#define BOX(text) "<literalExpression><text>" text "</text></literalExpression>"
#define TEXT(type, text) MODEL(type, BOX(text))
#define ENTRY(name, text)                                                      \
    "<contextEntry><variable name=\"" name "\"/>" BOX(text) "</contextEntry>"
#define FOR(text)                                                              \
    "<for iteratorVariable=\"x\"><in>" BOX("[1, 2, w]") "</in>\n<return>" BOX( \
        text) "</return></for>"
#define SOME(text)                                                             \
    "<some iteratorVariable=\"x\"><in>" BOX(                                   \
        "[1, 2, w]") "</in>\n<satisfies>" BOX(text) "</satisfies></some>"
#define FILTER(text)                                                           \
    "<filter><in>" BOX("[1, 2, w]") "</in>\n<match>" BOX(                      \
        text) "</match></filter>"
#define TABLE(columns, rows) "<relation>" columns rows "</relation>"
#define TWO "<column name=\"age\"/><column name=\"names\"/>"
#define ROW(a, b) "\n<row>" BOX(a) "\n" BOX(b) "</row>"
#define FUNCTION(text)                                                         \
    "<functionDefinition><formalParameter name=\"x\" "                         \
    "typeRef=\"number\"/>\n" BOX(text) "</functionDefinition>"

typedef struct Case {
    const char *model;
    const char *key; /* NULL: nothing is found */
    const char *at;  /* what stands where it is told */
    int32_t row;
    const char *is, *declared;
} Case;

#define PART "feel.declared_part"
#define SOUND(model)                                                           \
    {                                                                          \
        model, NULL, NULL, 0, NULL, NULL                                       \
    }

static const Case cases[] = {
    /* Items. */
    SOUND(TEXT("tNumbers", "[w, null, 3]")),
    SOUND(TEXT("tNumbers", "[]")),
    SOUND(TEXT("tNumbers", "w")),
    SOUND(TEXT("number", "[w]")),
    SOUND(TEXT("Any", "[w, \"b\"]")),
    {TEXT("tNumbers", "[w, \"b\", 3]"), PART, "\"b\"", 0, "string", "number"},
    {TEXT("tNumbers", "[1, \"b\", 3, w]"), PART, "\"b\"", 0, "string",
     "number"},
    {TEXT("tNumbers", "[1, 2, [w]]"), PART, "[w]", 0, "list<number>", "number"},
    {TEXT("tNumbers", "if w = 1 then [w] else [2, \"b\"]"), PART, "\"b\"", 0,
     "string", "number"},
    {TEXT("tNumbers", "[1, if w = 1 then 2 else \"b\"]"), PART, "\"b\"", 0,
     "string", "number"},
    {TEXT("number", "[w, 2]"), "feel.declared", "<literalExpression>", 0,
     "list<number>", "number"},
    {TEXT("number", "[string(w)]"), PART, "string(w)", 0, "string", "number"},
    {TEXT("tMoments", "[@\"2026-01-31\", now()]"), PART, "@", 0, "date",
     "date and time"},
    {MODEL("tNumbers", "<list>" BOX("w") "\n" BOX("string(w)") "</list>"), PART,
     "string(w)", 0, "string", "number"},
    SOUND(MODEL("tNumbers", "<list>" BOX("w") "\n" BOX("null") "</list>")),
    /* Entries. */
    SOUND(TEXT("tPerson", "{age: w, names: [\"a\"], more: 1}")),
    SOUND(TEXT("tPerson", "{age: null, names: []}")),
    {TEXT("tPerson", "{age: \"a\", names: [string(w)]}"), PART, "\"a\"", 0,
     "string", "number"},
    {TEXT("tPerson", "{age: 1, names: [\"a\", w]}"), PART, "w]", 0, "number",
     "string"},
    {TEXT("tPerson", "{age: w, names: \"a\"}"), PART, "\"a\"", 0, "string",
     "list<string>"},
    {TEXT("tPerson", "{age: w}"), "feel.lacks_entry", "<literalExpression>", 0,
     "names", "context<age: number, names: list<string>>"},
    {TEXT("tPeople", "[{age: w, names: []}, {age: w, name: 1}]"),
     "feel.lacks_entry", "{age: w, name", 0, "names", NULL},
    SOUND(MODEL("tPerson", "<context>" ENTRY("age", "w")
                               ENTRY("names", "[\"a\"]") "</context>")),
    {MODEL("tPerson", "<context>" ENTRY("age", "w") "\n" ENTRY(
                          "names", "[\"a\", w]") "</context>"),
     PART, "w]", 0, "number", "string"},
    {MODEL("tPerson", "<context>" ENTRY("age", "string(w)") "\n" ENTRY(
                          "names", "[]") "</context>"),
     PART, "string(w)", 0, "string", "number"},
    /* Cells of a relation. */
    SOUND(MODEL("tPeople", TABLE(TWO, ROW("1", "[\"a\"]") ROW("w", "[]")))),
    {MODEL("tPeople",
           TABLE(TWO, ROW("1", "[\"a\"]") ROW("\"x\"", "[string(w)]"))),
     PART, "\"x\"", 2, "string", "number"},
    {MODEL("tPeople", TABLE(TWO, ROW("1", "[\"a\"]") ROW("w", "\"b\""))), PART,
     "\"b\"", 2, "string", "list<string>"},
    /* Allowed values. */
    SOUND(TEXT("tRisk", "if w = 1 then \"high\" else \"low\"")),
    SOUND(TEXT("tRisk", "if w = 1 then null else string(w)")),
    SOUND(TEXT("tRisks", "[\"high\", \"low\", null]")),
    {TEXT("tRisk", "\"hihg\""), "feel.not_allowed", "<literalExpression>", 0,
     "tRisk", "\"hihg\""},
    {TEXT("tRisk", "if w = 1 then \"hihg\" else \"low\""), "feel.not_allowed",
     "\"hihg\"", 0, "tRisk", "\"hihg\""},
    {TEXT("tRisks", "[\"high\", \"low\", \"lo\"]"), "feel.part_not_allowed",
     "\"lo\"]", 0, "tRisk", "\"lo\""},
    /* Bodies of loops and functions. */
    SOUND(TEXT("tNumbers", "for x in 1..w return x + 1")),
    {TEXT("tNumbers", "for x in 1..w return string(x)"), PART, "string(x)", 0,
     "string", "number"},
    {TEXT("tNumbers", "for x in 1..w return if x = 2 then x else \"b\""), PART,
     "\"b\"", 0, "string", "number"},
    SOUND(MODEL("tNumbers", FOR("x"))),
    {MODEL("tNumbers", FOR("string(x)")), PART, "string(x)", 0, "string",
     "number"},
    SOUND(TEXT("tTwice", "function(x: number) x * w")),
    {TEXT("tTwice", "function(x: number) string(x * w)"), PART, "string(x * w)",
     0, "string", "number"},
    {TEXT("tTwice", "function(x: number, y: number) x * y * w"),
     "feel.declared", "<literalExpression>", 0,
     "function<number, number>->number", "function<number>->number"},
    SOUND(MODEL("tTwice", FUNCTION("x * w"))),
    {MODEL("tTwice", FUNCTION("string(x * w)")), PART, "string(x * w)", 0,
     "string", "number"},
    /* Conditions. */
    SOUND(MODEL("boolean", SOME("x = w"))),
    {MODEL("boolean", SOME("x + w")), "feel.not_boolean", "x + w", 0,
     "satisfies", "number"},
    SOUND(MODEL("tNumbers", FILTER("item = w"))),
    SOUND(MODEL("number", FILTER("w - w + 1"))),
    {MODEL("tNumbers", FILTER("string(item)")), "feel.not_boolean",
     "string(item)", 0, "match", "string"},
    {MODEL("number", "<conditional><if>" BOX("w + 1") "</if><then>" BOX(
                         "1") "</then><else>" BOX("2") "</else></conditional>"),
     "feel.not_boolean", "w + 1", 0, "if", "number"}};

/* The text at a line and column, which are plain ASCII here. */
static const char *text_at(const char *text, int32_t line, int32_t column)
{
    for (; line > 1 && text != NULL; line--) {
        text = strchr(text, '\n');
        if (text != NULL) text++;
    }
    return text == NULL || column > (int32_t)strlen(text) ? ""
                                                          : text + column - 1;
}

/* The finding that is not about an input that nothing uses. */
static const DmnFinding *only(const DmnCheck *found, const char *model,
                              size_t wanted)
{
    const DmnFinding *one = NULL;
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++) {
        const char *key = found->findings[i].diag.key;
        if (strcmp(key, "check.unused_requirement") == 0) continue;
        if (count++ == 0) one = &found->findings[i];
    }
    ck_assert_msg(count == wanted, "%zu found (%s) in %s", count,
                  one == NULL ? "" : one->diag.key, model);
    return one;
}

static void expect(const Case *one)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource source = {"m.dmn", str_of(one->model)};
    Diag diag;
    DmnCheck found;
    Err err = dmn_check(arena, &source, 1, &diag, &found);
    ck_assert_msg(err == OK, "%s line %d", diag.key, diag.line);
    const char *model = strchr(one->model, '\n');
    const DmnFinding *finding = only(&found, model, one->key != NULL);
    if (finding != NULL) {
        const Diag *told = &finding->diag;
        ck_assert_msg(strcmp(told->key, one->key) == 0, "%s: %s", told->key,
                      model);
        const char *at = text_at(one->model, told->line, told->column);
        ck_assert_msg(strncmp(at, one->at, strlen(one->at)) == 0,
                      "%d:%d is not at %s in %s", told->line, told->column,
                      one->at, model);
        ck_assert_msg(finding->row == one->row, "row %d: %s", finding->row,
                      model);
        ck_assert_str_eq(told->arg[0], one->is);
        if (one->declared != NULL) {
            ck_assert_str_eq(told->arg[1], one->declared);
        }
        ck_assert_int_eq(finding->severity, DMN_ERROR);
        EXPECT_STR(finding->decision, "d");
    }
    arena_close(arena);
}

TEST(each_part_that_is_never_of_its_type_is_told_at_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(&cases[i]);
    }
}

/* Lists of thousands of equal faults are told once, nothing is exhausted. */
TEST(a_long_list_is_told_once)
{
    Arena *arena = arena_open(ARENA_BYTES);
    Buf text = buf_make(1 << 16);
    buf_text(&text,
             HEAD "<decision name=\"d\" id=\"d\"><variable name=\"d\" "
                  "typeRef=\"tNumbers\"/>" NEED "<literalExpression><text>[w");
    for (int i = 0; i < 4000; i++) buf_text(&text, ", \"a\"");
    buf_text(&text, "]</text></literalExpression></decision></definitions>");
    DmnSource source = {"m.dmn", buf_view(&text)};
    Diag diag;
    DmnCheck found;
    ck_assert_int_eq(dmn_check(arena, &source, 1, &diag, &found), OK);
    ck_assert_int_eq((int)found.count, 1);
    ck_assert_str_eq(found.findings[0].diag.key, PART);
    buf_free(&text);
    arena_close(arena);
}

/*
 * Built-in functions in a check: what their results are made of, so that a
 * name which no item has is told behind them too, and what they can take.
 */
#include "dmn/check.h"

#include "tests/harness.h"

enum { ARENA_BYTES = 16 << 20, MODEL_BYTES = 1 << 16 };

/* n number, s string, d date, b boolean; x contexts with z and a list as. */
static const char head[] =
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
    "name=\"m\" namespace=\"urn:m\">"
    "<itemDefinition name=\"tPart\" isCollection=\"true\"><itemComponent "
    "name=\"z\"><typeRef>number</typeRef></itemComponent></itemDefinition>"
    "<itemDefinition name=\"tItem\" isCollection=\"true\"><itemComponent "
    "name=\"z\"><typeRef>number</typeRef></itemComponent><itemComponent "
    "name=\"as\"><typeRef>tPart</typeRef></itemComponent></itemDefinition>"
    "<inputData name=\"n\" id=\"n\"><variable name=\"n\" typeRef=\"number\"/>"
    "</inputData><inputData name=\"s\" id=\"s\"><variable name=\"s\" "
    "typeRef=\"string\"/></inputData><inputData name=\"d\" id=\"d\"><variable "
    "name=\"d\" typeRef=\"date\"/></inputData><inputData name=\"b\" id=\"b\">"
    "<variable name=\"b\" typeRef=\"boolean\"/></inputData><inputData "
    "name=\"x\" id=\"x\"><variable name=\"x\" typeRef=\"tItem\"/></inputData>"
    "<decision name=\"r\" id=\"r\">";
static const char tail[] = "}</text></literalExpression></decision>"
                           "</definitions>";

/* A model of one expression that has used all the inputs before. */
static DmnCheck check(Arena *arena, const char *expression)
{
    static const char *const inputs[] = {"n", "s", "d", "b", "x"};
    Buf text = buf_make(MODEL_BYTES);
    buf_text(&text, head);
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        buf_format(&text,
                   "<informationRequirement><requiredInput href=\"#%s\"/>"
                   "</informationRequirement>",
                   inputs[i]);
    }
    buf_text(&text, "<literalExpression><text>{used: [n, s, d, b, x], made: ");
    for (const char *at = expression; *at != '\0'; at++) {
        if (*at == '<') {
            buf_text(&text, "&lt;");
        } else {
            buf_char(&text, *at);
        }
    }
    buf_text(&text, tail);
    DmnSource source = {"m.dmn", buf_view(&text)};
    Diag diag;
    DmnCheck found;
    Err err = dmn_check(arena, &source, 1, &diag, &found);
    ck_assert_msg(err == OK, "%s: %s", expression, diag.key);
    buf_free(&text);
    return found;
}

/* Of each expression one thing is told, with that key, or nothing. */
static void expect(const char *expression, const char *key)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnCheck found = check(arena, expression);
    size_t wanted = key != NULL;
    ck_assert_msg(found.count == wanted, "%s: %zu told, %s", expression,
                  found.count,
                  found.count == 0 ? "" : found.findings[0].diag.key);
    if (key != NULL) {
        ck_assert_msg(strcmp(found.findings[0].diag.key, key) == 0, "%s: %s",
                      expression, found.findings[0].diag.key);
    }
    arena_close(arena);
}

TEST(names_are_told_behind_functions_that_make_lists)
{
    static const char *const unknown[] = {
        "count(flatten(x.as)[zz > 1])",
        "append(x, x[1])[zz = 1]",
        "append(list: x, item: x[1])[zz = 1]",
        "concatenate(x, x)[zz = 1]",
        "union(x, x[1])[zz = 1]",
        "remove(x, 1)[zz = 1]",
        "insert before(x, 1, x[1])[zz = 1]",
        "list replace(x, 1, x[1])[zz = 1]",
        "reverse(x[1])[zz = 1]",
        "sublist(list: x, start position: 1)[zz = 1]",
        "distinct values(flatten(x.as))[zz = 1]",
        "get entries({a: 1})[zz = 1]"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        expect(unknown[i], "feel.name_unknown");
    }
    static const char *const fields[] = {
        "flatten(x.as)[item.zz > 1]", "for i in flatten(x.as) return i.zz",
        "some i in flatten(x.as) satisfies i.zz = 1",
        "concatenate(x, reverse(x)).zz", "max(1, 2).zz"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        expect(fields[i], "feel.no_such_field");
    }
    expect("index of(x, x[1])[1] + s", "feel.clash");
    expect("abs(n) + s", "feel.clash");
    expect("min(n, 2) + s", "feel.clash");
    expect("get entries({a: 1})[1].value + s", "feel.clash");
}

/* What is not known to be missing is not blamed. */
TEST(names_of_items_that_may_have_them_are_not_told)
{
    static const char *const sound[] = {
        "count(flatten(x.as)[z > 1])",
        "append(x, {zz: 1})[zz = 1]",
        "concatenate(x, [{zz: 1}])[zz = 1]",
        "union(x, [{zz: 1}])[zz = 1]",
        "insert before(x, 1, {zz: 1})[zz = 1]",
        "list replace(x, 1, {zz: 1})[zz = 1]",
        "flatten([x, {zz: 1}])[zz = 1]",
        "remove(x, 1)[z = 1]",
        "get entries({a: 1, b: s})[value = n]",
        "for i in concatenate([n], [s]) return i + d",
        "min(n, null) + 1",
        "max([n, 2]) + 1"};
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
        expect(sound[i], NULL);
    }
}

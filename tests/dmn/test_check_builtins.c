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

/* What no value of those types can give, whatever it is. */
TEST(calls_that_are_always_null_are_told)
{
    static const char *const arguments[] = {"sum(s)",
                                            "sum([s, s])",
                                            "mean(s)",
                                            "median(s)",
                                            "stddev(s)",
                                            "product(1, s)",
                                            "mode(d)",
                                            "abs(s)",
                                            "not(n)",
                                            "not(s)",
                                            "all(n)",
                                            "any(s)",
                                            "all([n])",
                                            "date(n)",
                                            "date(n, n, s)",
                                            "date(from: n)",
                                            "time(n)",
                                            "time(n, n, s)",
                                            "date and time(n)",
                                            "date and time(d, d)",
                                            "context merge(n)",
                                            "context merge([n])",
                                            "context(n)",
                                            "string join(n)",
                                            "string join([n])",
                                            "string join([s], n)",
                                            "max(b)",
                                            "min(x)",
                                            "during(n, n)",
                                            "coincides(n, [1..2])",
                                            "meets([1..2], n)",
                                            "get value({a: n}, n)",
                                            "context put({}, n, n)",
                                            "list replace([n], s, n)",
                                            "upper case([n])",
                                            "upper case([[s]])",
                                            "sum([[n], [n]])",
                                            "max([[n]])",
                                            "contains([[s]], s)",
                                            "context merge([[{a: n}]])"};
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
        expect(arguments[i], "feel.argument");
    }
    expect("date(n, n)", "feel.arity");
    expect("time(hour: n, minute: n)", "feel.arity");
    static const char *const clashes[] = {
        "max(n, s)",
        "min(d, n)",
        "min([n], s)",
        "before(n, d)",
        "before(n, s)",
        "before(s, [1..2])",
        "overlaps([1..2], [s..s])",
        "for i in n..s return i",
        "for i in s..s return i",
        "[n..s]",
        "[n, s][item = d]",
        "for i in [n, s] return i + d",
        "(if b then n else s) + d",
        "d < (if b then n else if n = 1 then s else b)"};
    for (size_t i = 0; i < sizeof clashes / sizeof *clashes; i++) {
        expect(clashes[i], "feel.clash");
    }
}

/* Lists of one are items, items are lists of one, and null goes anywhere. */
TEST(calls_that_can_have_a_value_are_not_told)
{
    static const char *const sound[] = {
        "sum(n)",
        "sum([n])",
        "sum(n, 1)",
        "sum(x.z)",
        "sum(x.as.z)",
        "sum(flatten([[n]]))",
        "sum(concatenate([n], [n]))",
        "sum([[n]][1])",
        "count([[n]])",
        "sum(for i in [[n]] return i[1])",
        "sum(reverse([n]))",
        "all(for i in x return [b])",
        "any(for i in x return [b])",
        "string join(for i in x return [s])",
        "mode(for i in x return [n])",
        "sum([null, n])",
        "mean([n, s])",
        "abs(duration(s))",
        "abs([n])",
        "not(b)",
        "not(null)",
        "not([b])",
        "all(b, b)",
        "all([b])",
        "any(b)",
        "any(b, n)",
        "get entries(x)[value = s]",
        "date(s)",
        "date(d)",
        "date([d])",
        "date(n, n, n)",
        "date(date and time(s))",
        "date and time(d)",
        "date and time(d, time(s))",
        "time(s)",
        "time(d)",
        "time(n, n, n, duration(s))",
        "context merge({a: n})",
        "context merge([{a: n}, {b: n}])",
        "context put({}, s, n)",
        "context put({}, [s], n)",
        "get value({a: n}, s)",
        "string join(s)",
        "string join([s], null)",
        "string join(split(s, s))",
        "max([n])",
        "max(s, s)",
        "max([d, d])",
        "min(n, null)",
        "before(n, [1..n])",
        "before([1..n], n)",
        "before(s, s)",
        "during(d, [d..d])",
        "includes([n..n], n)",
        "list replace([n], 1, n)",
        "list replace([n], function(a, c) a = c, s)",
        "for i in n..n return i",
        "for i in d..d return i",
        "[n, s][item = n]",
        "[n, {item: d}][item = d]",
        "[n, [d]][item = d]",
        "for i in [n, d] return i - d",
        "(if b then n else s) + n",
        "(if b then n else s) = s",
        "(if b then d else s) + duration(s)"};
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
        expect(sound[i], NULL);
    }
}

/* Lists of lists' names: as many ways as there are, none of them looked at
 * for ever. */
TEST(operands_of_many_ways_are_looked_at_in_bounds)
{
    Buf text = buf_make(1 << 16);
    buf_text(&text, "for a in []");
    for (char name = 'b'; name <= 'h'; name++) {
        buf_format(&text, ", %c in [", name);
        for (int i = 0; i < 40; i++) {
            buf_format(&text, "%s%c", i > 0 ? "," : "", name - 1);
        }
        buf_char(&text, ']');
    }
    buf_text(&text, " return h = 1");
    buf_char(&text, '\0');
    expect(text.at, NULL);
    buf_free(&text);
}

/*
 * The cases of tests/rules: three lines each, an expression, a context in
 * JSON (or -) and the result in JSON; "error" when it must not compile, and
 * behind it, where given, the key of the message with line and column. Behind
 * "null" stand the same of why it is null, and what the message names.
 */
#include "feel/feel.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 64 << 20 };

/* The next line that is neither empty nor a comment; its number counts up. */
static bool next_line(Str *rest, int *line, Str *ret)
{
    while (str_split(rest, '\n', ret)) {
        ++*line;
        if (ret->bytes > 0 && ret->at[0] != '#') return true;
    }
    return false;
}

static void add_reason(Buf *out, const Diag *diag)
{
    buf_format(out, " %s %d:%d", diag->key, diag->line, diag->column);
    for (int32_t i = 0; i < diag->arg_count; i++) {
        buf_format(out, " | %s", diag->arg[i]);
    }
}

static void run_case(const char *file, int line, Str expression, Str context,
                     Str expected)
{
    Arena *arena = arena_open(ARENA_BYTES);
    Diag diag;
    FeelValue given = feel_null(), value;
    const Json *json;
    memset(&diag, 0, sizeof diag);
    if (!str_is(context, "-")) {
        ck_assert_int_eq(json_read(arena, context, &diag, &json), OK);
        ck_assert_int_eq(feel_from_json(arena, json, &given), OK);
    }
    Err err = feel_evaluate(arena, expression, given, 1, &diag, &value);
    Buf actual = buf_make(1 << 20);
    if (err == OK) {
        feel_write_json(&actual, value);
        if (expected.bytes > 4 && value.kind == FEEL_NULL) {
            add_reason(&actual, &diag);
        }
    } else {
        buf_text(&actual, "error");
        if (expected.bytes > 5) {
            buf_format(&actual, " %s %d:%d", diag.key, diag.line, diag.column);
        }
    }
    ck_assert_msg(str_equal(buf_view(&actual), expected),
                  "%s:%d: %.*s is %.*s, expected %.*s (%s)", file, line,
                  STR_ARG(expression), STR_ARG(buf_view(&actual)),
                  STR_ARG(expected), diag.key);
    buf_free(&actual);
    arena_close(arena);
}

static void run_file(const char *file, int at_least)
{
    Str rest = harness_read(harness_path(file));
    Str expression, context, expected;
    int line = 0, cases = 0;
    while (next_line(&rest, &line, &expression)) {
        int first = line;
        ck_assert_msg(next_line(&rest, &line, &context) &&
                          next_line(&rest, &line, &expected),
                      "%s:%d: a case has three lines", file, first);
        run_case(file, first, expression, context, expected);
        cases++;
    }
    ck_assert_int_ge(cases, at_least);
}

TEST(arithmetic_is_as_its_cases_say)
{
    run_file("rules/arithmetic.test", 55);
}

TEST(the_language_is_as_its_cases_say)
{
    run_file("rules/language.test", 60);
}

TEST(functions_are_as_their_cases_say)
{
    run_file("rules/functions.test", 55);
}

TEST(dates_and_times_are_as_their_cases_say)
{
    run_file("rules/temporal.test", 35);
}

TEST(null_says_what_stood_there)
{
    run_file("rules/reasons.test", 55);
}

TEST(errors_say_what_was_expected_and_where)
{
    run_file("rules/errors.test", 35);
}

/* What a comment to the end of its line holds is no name of an argument. */
TEST(comments_to_the_end_of_a_line_may_hold_colons)
{
    static const struct {
        const char *expression, *value;
    } cases[] = {
        {"count([1, 2] // names: all\n)", "2"},
        {"{s: [1, 2], r: count(s // names: all\n)}.r", "2"},
        {"{a: 1, r: max(a // first: the wage\n, 2)}.r", "2"},
        {"{a: 1, r: abs(a // \u0627\u0644\u0623\u062c\u0631: 5\n)}.r", "1"},
        {"{f: function(Pre-X // a: b\n: number) Pre-X,"
         " r: f(Pre-X // c: d\n: 4)}.r",
         "4"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_case("test_rules.c", (int)i, str_of(cases[i].expression), STR("-"),
                 str_of(cases[i].value));
    }
}

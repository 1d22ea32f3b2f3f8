/*
 * No text stops the process: whatever memory an expression is given, it has
 * its value or ERR_FULL; and texts made to be costly end within their limits.
 */
#include "base/clock.h"
#include "feel/feel.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 256 << 20, TEXT_BYTES = 4 << 20, RUN_BYTES = 1 << 20 };

static const char *const expressions[] = {
    "1 + 2 * a - 4 ** 2",
    "{x: 1, y: x + a, \"z z\": [x, y, 3][item > 1]}",
    "for i in 1..3, j in [10, 20] return i * j + count(partial)",
    "some i in [1, 2, a] satisfies i > 2 and every j in [i] satisfies j < 9",
    ("if a instance of list<number> then \"yes\" else @\"2026-01-01\" + "
     "@\"P1D\""),
    "sort([3, 1, 2, a], function(p, q) p < q)[-1]",
    "(function(x: number, y) x + y + a)(y: 1, x: 2)",
    "a in ([1..5], > 7, (2..3]) or a between 1 and 9",
    "context put({a: {b: 1}}, [\"a\", \"b\"], split(\"x;y\", \";\"))",
    "{f: function(n) if n < 2 then 1 else n * g(n), g: function(n) n}.f(3)",
    "replace(\"abc\", \"[a-c]+?\", \"$0$0\") + string([1.50, @\"PT1H\"])",
    "[{name: \"x\", n: 1}, {name: \"y\", n: 2}][n = 2].name",
    "range(\"[1..2]\") = [1..2] and 1.23456789012345678901234567890123 > 1",
    "string join(for s in [\"a\", \"b\"] return upper case(s), \"-\")"};

/* The value, as JSON, of one in an arena of that size; NULL when it is full. */
static char *outcome(const char *text, size_t limit, size_t *ret_taken)
{
    Arena *given = arena_open(1 << 20), *arena = arena_open(limit);
    Diag diag;
    const Json *json;
    FeelValue context, value;
    memset(&diag, 0, sizeof diag);
    ck_assert_int_eq(json_read(given, STR("{\"a\": 5}"), &diag, &json), OK);
    ck_assert_int_eq(feel_from_json(given, json, &context), OK);
    Err err = feel_evaluate(arena, str_of(text), context, 1, &diag, &value);
    char *shown = NULL;
    if (err == OK) {
        Buf out = buf_make(1 << 20);
        feel_write_json(&out, value);
        shown = strndup(out.at, out.bytes);
        buf_free(&out);
    } else {
        ck_assert_msg(err == ERR_FULL, "%s: %s", text, diag.key);
        ck_assert_str_eq(diag.key, "feel.exhausted");
    }
    *ret_taken = arena_taken_bytes(arena);
    arena_close(arena);
    arena_close(given);
    return shown;
}

static void expect_same_or_full(const char *text, size_t limit,
                                const char *expected)
{
    size_t taken;
    char *shown = outcome(text, limit, &taken);
    if (shown != NULL) ck_assert_str_eq(shown, expected);
    free(shown);
}

TEST(an_expression_in_too_small_an_arena_is_full_and_never_wrong)
{
    for (size_t e = 0; e < sizeof expressions / sizeof *expressions; e++) {
        size_t need, taken;
        char *expected = outcome(expressions[e], ARENA_BYTES, &need);
        ck_assert_ptr_nonnull(expected);
        /* While it compiles, and again while it runs. */
        for (size_t limit = 16; limit < 40000; limit += 16) {
            char *shown = outcome(expressions[e], limit, &taken);
            ck_assert_ptr_null(shown);
        }
        for (size_t limit = need - 4096; limit <= need; limit += 16) {
            expect_same_or_full(expressions[e], limit, expected);
        }
        free(expected);
    }
}

#ifdef SANAD_TORTURE
TEST(an_expression_whose_nth_block_is_refused_is_full_and_never_wrong)
{
    for (size_t e = 0; e < sizeof expressions / sizeof *expressions; e++) {
        size_t taken;
        char *expected = outcome(expressions[e], ARENA_BYTES, &taken);
        for (long nth = 2; nth < 40; nth++) {
            arena_fail_at(nth);
            expect_same_or_full(expressions[e], ARENA_BYTES, expected);
            arena_fail_at(0);
        }
        free(expected);
    }
}
#endif

/* `head`, then `many` times `part`, then `tail`. */
static Str repeated(Buf *text, const char *head, const char *part, int many,
                    const char *tail)
{
    buf_reset(text);
    buf_text(text, head);
    for (int i = 0; i < many; i++) buf_text(text, part);
    buf_text(text, tail);
    ck_assert(!buf_full(text));
    return buf_view(text);
}

/* Ends within seconds, even under sanitizers, as a value or a refusal. */
static void expect_soon(Str text)
{
    Arena *arena = arena_open(ARENA_BYTES);
    Diag diag;
    FeelValue value;
    memset(&diag, 0, sizeof diag);
    double start = clock_cpu_s();
    Err err = feel_evaluate(arena, text, feel_null(), 1, &diag, &value);
    double seconds = clock_cpu_s() - start;
    ck_assert_msg(err == OK || diag.key[0] != '\0', "%.*s...", 40, text.at);
    ck_assert_msg(seconds < 30, "%.*s...: %g s", 40, text.at, seconds);
    arena_close(arena);
}

TEST(texts_made_to_be_costly_end_soon)
{
    static const struct {
        const char *head, *part;
        int many;
        const char *tail;
    } cases[] = {{"1", " + 1", 900000, ""},
                 {"", "-", 2000000, "1"},
                 {"", "(", 1000000, "1"},
                 {"", "[", 1000000, ""},
                 {"", "1 in (", 40, "1"},
                 {"x", ".y", 500000, ""},
                 {"", "a b c ", 300000, ""},
                 {"[", "aa,", 4000, "1]"},
                 {"{", "", 0, ""},
                 {"f(", "x:1,", 5000, ")"},
                 {"\"", "\\u0041", 200000, "\""},
                 {"if true then ", "if true then ", 100000, "1"},
                 {"1", " or true", 200000, ""},
                 {"1 instance of ", "list<", 100000, "number"},
                 {"function(a) ", "function(a) ", 100000, "a"},
                 {"", "for i in [1,2] return ", 100, "1"},
                 {"", "not(", 100000, "true"},
                 {"/*", "/*", 1000000, ""},
                 {"1", "\n", 2000000, "+"},
                 {"", "\n1+", 500000, "1"},
                 {"", "@\"2026-01-01\"=", 100000, "1"}};
    Buf text = buf_make(TEXT_BYTES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_soon(repeated(&text, cases[i].head, cases[i].part, cases[i].many,
                             cases[i].tail));
    }
    /* Closed again, in case only the whole of it is costly. */
    buf_reset(&text);
    for (int i = 0; i < 100; i++) buf_text(&text, "1 in (");
    buf_text(&text, "1");
    for (int i = 0; i < 100; i++) buf_text(&text, "..2)");
    expect_soon(buf_view(&text));
    buf_free(&text);
}

TEST(evaluations_made_to_be_costly_end_soon)
{
    static const char *const texts[] = {
        "for i in 1..1000000 return for j in 1..1000000 return i",
        "{a: for i in 1..1000000 return i, b: for k in 1..9000000 return "
        "a = a}",
        "{a: for i in 1..1000000 return i, b: for k in 1..900000 return "
        "sum(a)}",
        "{a: for i in 1..1000000 return i, b: for k in 1..900000 return "
        "list contains(a, k)}",
        "{a: for i in 1..1000000 return i, b: for k in 1..900000 return "
        "k in a}",
        "{a: for i in 1..1000000 return i, b: for k in 1..900000 return "
        "count(a[item = k])}",
        "{a: for i in 1..900000 return \"k\", b: string join(a), c: for i in "
        "1..900000 return b = b + \"\"}",
        "{a: for i in 1..900000 return \"k\", b: string join(a), c: for i in "
        "1..900000 return b < b}",
        "{a: for i in 1..900000 return \"k\", b: string join(a), c: for i in "
        "1..900000 return string length(b)}",
        "{a: for i in 1..900000 return \"k\", b: string join(a), c: for i in "
        "1..900000 return substring(b, -2)}",
        "{a: for i in 1..900000 return \"k\", b: string join(a), c: for i in "
        "1..900000 return starts with(b, b)}",
        "for i in 1..1000000 return matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
        " \"^(a|a|aa)+$!\")",
        "for i in 1..1000000 return matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\","
        " \"^(a+)+$\")",
        "context(for i in 1..900000 return {key: string(i), value: i})",
        "context merge(for i in 1..90000 return context([{key: string(i), "
        "value: 1}]))",
        "distinct values(for i in 1..900000 return i)",
        "{a: [1], b: for i in 1..60 return concatenate(a, a), c: b}",
        "{f: function(n) f(n) + f(n), g: f(1)}",
        "{f: function(f, n) f(f, n) + f(f, n), g: f(f, 1)}",
        "{a: for i in 1..500000 return {x: i}, b: for i in 1..500000 return "
        "a.x}",
        "{a: for i in 1..1000000 return i, b: for k in 1..900000 return "
        "a instance of list<number>}",
        "{a: for i in 1..1000000 return i, b: sort(a, function(x, y) a = a)}",
        "{a: for i in 1..1000000 return i, b: for k in 1..900000 return "
        "index of(a, a)}",
        "9 ** 99999999999999999999",
        "exp(99999999999) + 10 ** 6144 ** 2",
        "round up(5.5, 6176) + decimal(1/3, 6000)",
        "for i in @\"2000-01-01\"..@\"999999999-01-01\" return i"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expect_soon(str_of(texts[i]));
    }
}

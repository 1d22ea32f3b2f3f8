/*
 * No model stops the process: whatever memory it is given to be loaded or
 * decided in, it has its values or ERR_FULL; and what is deep, long or wide
 * on purpose ends within its limits.
 */
#include "base/clock.h"
#include "dmn/dmn.h"
#include "dmn/trace.h"
#include "tests/harness.h"

enum {
    ARENA_BYTES = 256 << 20,
    EVAL_BYTES = 16 << 20,
    STEPS = 1000000,
    TEXT_BYTES = 32 << 20
};

static Str model_text(const char *name)
{
    bool ours = strcmp(name, "pension.dmn") == 0;
    char path[256];
    snprintf(path, sizeof path, "../%s/%s",
             ours ? "models/social-security" : "fuzz/corpus/dmn", name);
    return harness_read(harness_path(path));
}

/* All decisions of a model with plain inputs, as one text. */
static void decide_all(const DmnModel *model, size_t bytes, bool trace,
                       Buf *out)
{
    DmnEval *eval = dmn_eval_open(model, bytes, STEPS);
    if (eval == NULL) {
        buf_text(out, "full");
        return;
    }
    dmn_trace_set(eval, trace);
    dmn_eval_reset(eval);
    for (int32_t i = 0; i < dmn_input_count(model); i++) {
        (void)dmn_input_check(eval, i, feel_number(10, 0));
    }
    for (int32_t i = 0; i < dmn_decision_count(model); i++) {
        FeelValue value;
        Err err = dmn_eval(eval, i, &value);
        ck_assert(err == OK || err == ERR_FULL);
        if (err == ERR_FULL) {
            ck_assert_str_eq(dmn_eval_diag(eval)->key, "feel.exhausted");
            buf_text(out, "full");
            break;
        }
        feel_write_json(out, value);
        buf_char(out, '\n');
    }
    dmn_eval_close(eval);
}

/* Loads in an arena of that size; gives what it took, 0 when it is full. */
static size_t load_in(Str text, size_t limit, DmnStrictness strictness,
                      Buf *out)
{
    Arena *arena = arena_open(limit);
    DmnModel *model;
    Diag diag;
    DmnSource source = {"m.dmn", text};
    Err err = dmn_load(arena, &source, 1, strictness, &diag, &model);
    size_t taken = arena_taken_bytes(arena);
    ck_assert_msg(err == OK || err == ERR_FULL, "%s line %d", diag.key,
                  diag.line);
    if (err == ERR_FULL) {
        ck_assert_str_ne(diag.key, "");
        taken = 0;
    } else if (out != NULL) {
        decide_all(model, EVAL_BYTES, false, out);
    }
    arena_close(arena);
    return taken;
}

TEST(a_model_in_too_small_an_arena_is_full_and_never_wrong)
{
    static const char *const names[] = {"boxed.dmn", "table.dmn"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str text = model_text(names[i]);
        Buf expected = buf_make(1 << 20), actual = buf_make(1 << 20);
        size_t need = load_in(text, ARENA_BYTES, DMN_LENIENT, &expected);
        ck_assert_uint_gt(need, 0);
        for (size_t limit = 16; limit < need; limit += 80) {
            ck_assert_uint_eq(load_in(text, limit, DMN_LENIENT, NULL), 0);
        }
        ck_assert_uint_eq(load_in(text, need, DMN_LENIENT, &actual), need);
        ck_assert(str_equal(buf_view(&actual), buf_view(&expected)));
        buf_free(&expected);
        buf_free(&actual);
    }
}

TEST(the_law_in_too_small_an_arena_is_full_and_never_wrong)
{
    Str text = model_text("pension.dmn");
    size_t need = load_in(text, ARENA_BYTES, DMN_STRICT, NULL);
    ck_assert_uint_gt(need, 0);
    for (size_t limit = 16; limit < need; limit += need / 151) {
        ck_assert_uint_eq(load_in(text, limit, DMN_STRICT, NULL), 0);
    }
}

TEST(a_decision_in_too_small_an_arena_is_full_and_never_wrong)
{
    Str text = model_text("boxed.dmn");
    Arena *arena = arena_open(ARENA_BYTES);
    DmnModel *model;
    Diag diag;
    DmnSource source = {"m.dmn", text};
    Buf expected = buf_make(1 << 20), actual = buf_make(1 << 20);
    ck_assert_int_eq(dmn_load(arena, &source, 1, DMN_LENIENT, &diag, &model),
                     OK);
    decide_all(model, EVAL_BYTES, false, &expected);
    int sound = 0;
    for (size_t bytes = 16; bytes < 20000; bytes += 16) {
        buf_reset(&actual);
        decide_all(model, bytes, bytes % 32 == 0, &actual);
        /* What could be said before it was full is as it should be. */
        Str said = buf_view(&actual);
        bool full =
            said.bytes >= 4 && memcmp(said.at + said.bytes - 4, "full", 4) == 0;
        if (full) said.bytes -= 4;
        ck_assert(said.bytes <= expected.bytes);
        ck_assert(said.bytes == 0 ||
                  memcmp(said.at, expected.at, said.bytes) == 0);
        if (!full) sound++;
    }
    ck_assert_int_gt(sound, 0);
    buf_free(&expected);
    buf_free(&actual);
    arena_close(arena);
}

#ifdef SANAD_TORTURE
TEST(a_model_whose_nth_block_is_refused_is_full)
{
    Str text = model_text("pension.dmn");
    int full = 0;
    for (long nth = 1; nth < 60; nth++) {
        arena_fail_at(nth);
        if (load_in(text, ARENA_BYTES, DMN_STRICT, NULL) == 0) full++;
        arena_fail_at(0);
    }
    ck_assert_int_gt(full, 5);
}
#endif

#define HEAD                                                                   \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "     \
    "name=\"m\" namespace=\"urn:m\">\n"

/* Ends within seconds, even under sanitizers, as a model or a refusal. */
static void expect_soon(Buf *text, const char *what)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnModel *model;
    Diag diag;
    ck_assert(!buf_full(text));
    DmnSource source = {"m.dmn", buf_view(text)};
    double start = clock_cpu_s();
    Err err = dmn_load(arena, &source, 1, DMN_LENIENT, &diag, &model);
    if (err == OK) {
        Buf out = buf_make(1 << 20);
        decide_all(model, EVAL_BYTES, false, &out);
        buf_free(&out);
    }
    double seconds = clock_cpu_s() - start;
    ck_assert_msg(err == OK || diag.key[0] != '\0', "%s", what);
    ck_assert_msg(seconds < 40, "%s: %g s", what, seconds);
    arena_close(arena);
}

TEST(chains_and_webs_of_types_end_soon)
{
    Buf text = buf_make(TEXT_BYTES);
    buf_text(&text, HEAD);
    for (int i = 0; i < 20000; i++) {
        buf_format(&text,
                   "<itemDefinition name=\"t%d\"><typeRef>t%d</typeRef>"
                   "</itemDefinition>",
                   i, i + 1);
    }
    buf_text(&text, "</definitions>");
    expect_soon(&text, "a chain of types");
    buf_reset(&text);
    /* Two webs of the same form: each type has two parts of the next. */
    buf_text(&text, HEAD);
    for (int web = 0; web < 2; web++) {
        for (int i = 0; i < 55; i++) {
            buf_format(&text,
                       "<itemDefinition name=\"%c%d\"><itemComponent "
                       "name=\"x\"><typeRef>%c%d</typeRef></itemComponent>"
                       "<itemComponent name=\"y\"><typeRef>%c%d</typeRef>"
                       "</itemComponent></itemDefinition>",
                       'a' + web, i, 'a' + web, i + 1, 'a' + web, i + 1);
        }
        buf_format(&text,
                   "<itemDefinition name=\"%c55\"><typeRef>number</typeRef>"
                   "</itemDefinition>",
                   'a' + web);
    }
    buf_text(&text,
             "<inputData name=\"i\" id=\"i\"><variable name=\"i\" "
             "typeRef=\"a0\"/></inputData><decision name=\"d\" id=\"d\">"
             "<variable name=\"d\" typeRef=\"b0\"/><informationRequirement>"
             "<requiredInput href=\"#i\"/></informationRequirement>"
             "<literalExpression><text>if i = null then i else [i, i][1]"
             "</text></literalExpression></decision></definitions>");
    expect_soon(&text, "a web of types");
    buf_free(&text);
}

TEST(many_elements_names_and_faults_end_soon)
{
    Buf text = buf_make(TEXT_BYTES);
    buf_text(&text, HEAD);
    for (int i = 0; i < 20000; i++) {
        buf_format(&text,
                   "<decision name=\"d%d\" id=\"d%d\"><informationRequirement>"
                   "<requiredDecision href=\"#d%d\"/></informationRequirement>"
                   "<literalExpression><text>d%d + nothing%d.field%d</text>"
                   "</literalExpression></decision>",
                   i, i, i + 1, i + 1, i, i);
    }
    buf_text(&text, "</definitions>");
    expect_soon(&text, "a chain of decisions");
    buf_reset(&text);
    buf_text(&text, HEAD "<decision name=\"d\" id=\"d\"><context>");
    for (int i = 0; i < 40000; i++) {
        buf_format(&text,
                   "<contextEntry><variable name=\"e%d\"/><literalExpression>"
                   "<text>{x%d: 1}.y%d</text></literalExpression>"
                   "</contextEntry>",
                   i, i, i);
    }
    buf_text(&text, "</context></decision></definitions>");
    expect_soon(&text, "a wide context");
    buf_free(&text);
}

/* What a long file in its natural order holds is all of it read. */
TEST(a_chain_of_fifty_thousand_decisions_is_loaded)
{
    Buf text = buf_make(TEXT_BYTES);
    buf_text(&text, HEAD "<decision name=\"d0\" id=\"d0\"><literalExpression>"
                         "<text>1</text></literalExpression></decision>");
    for (int i = 1; i < 50000; i++) {
        buf_format(&text,
                   "<decision name=\"d%d\" id=\"d%d\"><informationRequirement>"
                   "<requiredDecision href=\"#d%d\"/></informationRequirement>"
                   "<literalExpression><text>d%d + 1</text>"
                   "</literalExpression></decision>",
                   i, i, i - 1, i - 1);
    }
    buf_text(&text, "</definitions>");
    expect_soon(&text, "a chain of decisions in order");
    Arena *arena = arena_open(ARENA_BYTES);
    DmnModel *model;
    Diag diag;
    FeelValue value;
    DmnSource source = {"m.dmn", buf_view(&text)};
    ck_assert_int_eq(dmn_load(arena, &source, 1, DMN_STRICT, &diag, &model),
                     OK);
    DmnEval *eval = dmn_eval_open(model, EVAL_BYTES, STEPS);
    dmn_eval_reset(eval);
    ck_assert_int_eq(dmn_eval(eval, 99, &value), OK);
    ck_assert_int_eq(value.as.whole, 100);
    ck_assert_int_eq(dmn_eval(eval, 49999, &value), ERR_FULL);
    ck_assert_str_eq(dmn_eval_diag(eval)->key, "feel.exhausted");
    dmn_eval_close(eval);
    arena_close(arena);
    buf_free(&text);
}

TEST(long_lines_and_pieces_of_text_end_soon)
{
    Buf text = buf_make(TEXT_BYTES);
    buf_text(&text, HEAD);
    for (int i = 0; i < 300000; i++) buf_text(&text, "<a b=\"c\"/>");
    buf_text(&text, "</definitions>");
    for (size_t i = 0; i < text.bytes; i++) {
        if (text.at[i] == '\n') text.at[i] = ' ';
    }
    expect_soon(&text, "one line");
    buf_reset(&text);
    buf_text(&text, HEAD "<decision name=\"d\"><literalExpression><text>1");
    for (int i = 0; i < 100000; i++) buf_text(&text, "+1<!-- -->");
    buf_text(&text, "</text></literalExpression></decision></definitions>");
    expect_soon(&text, "a text in pieces");
    buf_free(&text);
}

/*
 * A trace as text, HTML and JSON: the same steps, in both languages; what
 * comes from a model cannot break out of the page.
 */
#include "dmn/trace_write.h"

#include "codec/json.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 16 << 20, STEPS = 100000, OUT_BYTES = 1 << 20 };

static const char model_text[] =
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
    "name=\"m\" namespace=\"urn:m\">"
    "<inputData name=\"age\" id=\"age\"><variable name=\"age\" "
    "typeRef=\"number\"/></inputData>"
    "<businessKnowledgeModel name=\"twice\" id=\"twice\"><encapsulatedLogic>"
    "<formalParameter name=\"x\"/><literalExpression><text>x * 2</text>"
    "</literalExpression></encapsulatedLogic></businessKnowledgeModel>"
    "<decision name=\"&lt;class&gt;\" id=\"class\"><informationRequirement>"
    "<requiredInput href=\"#age\"/></informationRequirement>"
    "<decisionTable hitPolicy=\"PRIORITY\"><input><inputExpression><text>age"
    "</text></inputExpression></input>"
    "<output name=\"name\"><outputValues><text>\"old\",\"any\"</text>"
    "</outputValues></output><output name=\"share\"/>"
    "<annotation name=\"Law\"/>"
    "<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>\"any\""
    "</text></outputEntry><outputEntry><text>1</text></outputEntry>"
    "<annotationEntry><text>Art. 1</text></annotationEntry></rule>"
    "<rule><inputEntry><text>&gt;= 60</text></inputEntry><outputEntry><text>"
    "\"old\"</text></outputEntry><outputEntry><text>2</text></outputEntry>"
    "<annotationEntry><text>Art. 2 &lt;b&gt;</text></annotationEntry></rule>"
    "</decisionTable></decision>"
    "<decision name=\"d\" id=\"d\"><informationRequirement>"
    "<requiredDecision href=\"#class\"/></informationRequirement>"
    "<knowledgeRequirement><requiredKnowledge href=\"#twice\"/>"
    "</knowledgeRequirement><context><contextEntry><variable name=\"a\"/>"
    "<literalExpression><text>twice(21)</text></literalExpression>"
    "</contextEntry><contextEntry><literalExpression><text>a</text>"
    "</literalExpression></contextEntry></context></decision></definitions>";

typedef struct Fixture {
    Arena *arena;
    DmnModel *model;
    DmnEval *eval;
    Texts *texts;
    const DmnStep *steps;
    size_t count;
    Buf out;
} Fixture;

static Fixture traced(const char *decision)
{
    Fixture f = {.arena = arena_open(ARENA_BYTES), .out = buf_make(OUT_BYTES)};
    DmnSource source = {"m.dmn", STR(model_text)};
    Diag diag;
    FeelValue value;
    ck_assert_msg(dmn_load(f.arena, &source, 1, DMN_STRICT, &diag, &f.model) ==
                      OK,
                  "%s", diag.key);
    ck_assert_int_eq(text_open(f.arena, &diag, &f.texts), OK);
    f.eval = dmn_eval_open(f.model, ARENA_BYTES, STEPS);
    dmn_trace_set(f.eval, true);
    dmn_eval_reset(f.eval);
    dmn_input_set(f.eval, 0, feel_number(70, 0));
    int32_t index = dmn_decision_find(f.model, str_of(decision));
    ck_assert_int_ge(index, 0);
    ck_assert_int_eq(dmn_eval(f.eval, index, &value), OK);
    f.steps = dmn_trace(f.eval, &f.count);
    return f;
}

static void drop(Fixture *f)
{
    buf_free(&f->out);
    dmn_eval_close(f->eval);
    arena_close(f->arena);
}

TEST(a_trace_is_read_as_indented_lines)
{
    Fixture f = traced("<class>");
    TextStyle style = {.texts = f.texts, .lang = TEXT_EN};
    dmn_trace_text(&f.out, &style, f.steps, f.count);
    EXPECT_STR(
        buf_view(&f.out),
        "decision <class> = {\"name\": \"old\", \"share\": 2}\n"
        "  uses age = 70\n"
        "  row 1 matches too and is not taken: = {\"name\": \"any\", "
        "\"share\": 1} | Law: Art. 1\n"
        "  row 2 matches: age: >= 60 = {\"name\": \"old\", \"share\": 2} | "
        "Law: Art. 2 <b>\n");
    drop(&f);
}

TEST(entries_and_calls_are_steps_too)
{
    Fixture f = traced("d");
    TextStyle style = {.texts = f.texts, .lang = TEXT_EN};
    dmn_trace_text(&f.out, &style, f.steps, f.count);
    EXPECT_STR(buf_view(&f.out), "decision d = 42\n"
                                 "  knowledge model twice = 42\n"
                                 "  entry a = 42\n");
    drop(&f);
}

static bool contains(const Buf *buf, const char *text)
{
    size_t bytes = strlen(text);
    for (size_t i = 0; i + bytes <= buf->bytes; i++) {
        if (memcmp(buf->at + i, text, bytes) == 0) return true;
    }
    return false;
}

static int count_of(const Buf *buf, const char *text)
{
    int count = 0;
    size_t bytes = strlen(text);
    for (size_t i = 0; i + bytes <= buf->bytes; i++) {
        count += memcmp(buf->at + i, text, bytes) == 0;
    }
    return count;
}

TEST(a_page_gets_lists_in_which_nothing_of_the_model_is_markup)
{
    Fixture f = traced("<class>");
    TextStyle style = {.texts = f.texts, .lang = TEXT_AR};
    dmn_trace_html(&f.out, &style, f.steps, f.count);
    ck_assert(contains(&f.out, "<ul class=\"trace\" dir=\"rtl\">"));
    ck_assert(contains(&f.out, "القرار <bdi>&lt;class&gt;</bdi>"));
    ck_assert(contains(&f.out, "<bdi>Art. 2 &lt;b&gt;</bdi>"));
    ck_assert(!contains(&f.out, "<class>") && !contains(&f.out, "<b>"));
    ck_assert_int_eq(count_of(&f.out, "<ul"), count_of(&f.out, "</ul>"));
    ck_assert_int_eq(count_of(&f.out, "<li>"), count_of(&f.out, "</li>"));
    ck_assert_int_eq(count_of(&f.out, "<li>"), 4);
    drop(&f);
}

TEST(a_program_gets_every_step_whole)
{
    Fixture f = traced("<class>");
    dmn_trace_json(&f.out, f.steps, f.count);
    const Json *json;
    Diag diag;
    ck_assert_int_eq(json_read(f.arena, buf_view(&f.out), &diag, &json), OK);
    ck_assert_uint_eq(json->count, f.count);
    const Json *row = json_at(json, 3);
    Str kind, law;
    int64_t number;
    bool chosen;
    ck_assert(json_text(json_get(row, "kind"), &kind));
    EXPECT_STR(kind, "row");
    ck_assert(json_int(json_get(row, "row"), &number));
    ck_assert_int_eq(number, 2);
    ck_assert(json_bool(json_get(row, "chosen"), &chosen));
    ck_assert(chosen);
    ck_assert(
        json_text(json_get(json_at(json_get(row, "notes"), 0), "text"), &law));
    EXPECT_STR(law, "Art. 2 <b>");
    ck_assert(json_int(json_get(json_get(row, "value"), "share"), &number));
    ck_assert_int_eq(number, 2);
    drop(&f);
}

/*
 * What needs the month alone is decided once: here a table, what is made of
 * it, a function as a value and what calls that. Which of them a household
 * asks for first depends on its age.
 */
#define NEEDS_INPUT(name)                                                      \
    "<informationRequirement><requiredInput href=\"#" name "\"/>"              \
    "</informationRequirement>"
#define NEEDS(name)                                                            \
    "<informationRequirement><requiredDecision href=\"#" name "\"/>"           \
    "</informationRequirement>"
#define LITERAL(name, needs, text)                                             \
    "<decision name=\"" name "\" id=\"" name "\">" needs                       \
    "<literalExpression><text>" text "</text></literalExpression></decision>"
static const char monthly_text[] =
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
    "name=\"m\" namespace=\"urn:m\">"
    "<inputData name=\"month\" id=\"month\"><variable name=\"month\" "
    "typeRef=\"number\"/></inputData>"
    "<inputData name=\"age\" id=\"age\"><variable name=\"age\" "
    "typeRef=\"number\"/></inputData>"
    "<decision name=\"base\" id=\"base\">" NEEDS_INPUT(
        "month") "<decisionTable><input><inputExpression><text>month</text>"
                 "</inputExpression></input><output/><annotation name=\"Law\"/>"
                 "<rule><inputEntry><text>&lt; "
                 "5</text></inputEntry><outputEntry><text>10"
                 "</text></outputEntry><annotationEntry><text>Art. 1</text>"
                 "</annotationEntry></rule>"
                 "<rule><inputEntry><text>&gt;= "
                 "5</text></inputEntry><outputEntry><text>20"
                 "</text></outputEntry><annotationEntry><text>Art. 2</text>"
                 "</annotationEntry></rule></decisionTable></decision>" LITERAL(
                     "twice", NEEDS("base"), "base * 2")
                     LITERAL("f", NEEDS_INPUT("month"), "function(x) x + month")
                         LITERAL("called", NEEDS("f"), "f(1)") LITERAL(
                             "d",
                             NEEDS("base") NEEDS("twice") NEEDS("called")
                                 NEEDS_INPUT("age"),
                             "if age &gt; 50 then twice + base + called else "
                             "base + twice") "</definitions>";

/* The text of the trace of "d" in an evaluator that is used already. */
static void trace_d(Fixture *f, int64_t month, int64_t age, Buf *ret)
{
    TextStyle style = {.texts = f->texts, .lang = TEXT_EN};
    FeelValue value;
    size_t count;
    dmn_eval_reset(f->eval);
    dmn_input_set(f->eval, 0, feel_number(month, 0));
    dmn_input_set(f->eval, 1, feel_number(age, 0));
    int32_t d = dmn_decision_find(f->model, STR("d"));
    ck_assert_int_eq(dmn_eval(f->eval, d, &value), OK);
    ck_assert_int_eq(
        dmn_eval(f->eval, dmn_decision_find(f->model, STR("twice")), &value),
        OK);
    const DmnStep *steps = dmn_trace(f->eval, &count);
    dmn_trace_text(ret, &style, steps, count);
}

TEST(what_is_kept_is_told_as_if_it_were_decided_anew)
{
    static const int64_t households[][2] = {{1, 60}, {1, 60}, {1, 20}, {1, 60},
                                            {7, 20}, {7, 60}, {7, 20}, {1, 20}};
    Fixture f = {.arena = arena_open(ARENA_BYTES)};
    DmnSource source = {"m.dmn", STR(monthly_text)};
    Diag diag;
    ck_assert_int_eq(dmn_load(f.arena, &source, 1, DMN_STRICT, &diag, &f.model),
                     OK);
    ck_assert_int_eq(text_open(f.arena, &diag, &f.texts), OK);
    f.eval = dmn_eval_open(f.model, ARENA_BYTES, STEPS);
    dmn_eval_keep(f.eval, 0);
    dmn_trace_set(f.eval, true);
    for (size_t i = 0; i < sizeof households / sizeof *households; i++) {
        Fixture anew = f;
        anew.eval = dmn_eval_open(f.model, ARENA_BYTES, STEPS);
        dmn_trace_set(anew.eval, true);
        Buf kept = buf_make(OUT_BYTES), whole = buf_make(OUT_BYTES);
        trace_d(&f, households[i][0], households[i][1], &kept);
        trace_d(&anew, households[i][0], households[i][1], &whole);
        ck_assert_uint_gt(kept.bytes, 100);
        ck_assert_msg(str_equal(buf_view(&kept), buf_view(&whole)),
                      "%zu:\n%.*s\ninstead of\n%.*s", i, (int)kept.bytes,
                      kept.at, (int)whole.bytes, whole.at);
        buf_free(&kept);
        buf_free(&whole);
        dmn_eval_close(anew.eval);
    }
    drop(&f);
}

/* Rows of a table over `age`: condition, output, and whether it is taken. */
typedef struct TakenRow {
    const char *when, *gives;
    bool taken;
} TakenRow;

typedef struct TakenCase {
    const char *hit;
    TakenRow rows[3];
} TakenCase;

/* What each hit policy takes, where rows give null or the same twice. */
static const TakenCase taken_cases[] = {
    {"hitPolicy=\"UNIQUE\"", {{"&gt; 1", "null", true}, {"1", "5", false}}},
    {"hitPolicy=\"FIRST\"", {{"-", "null", true}, {"-", "5", false}}},
    {"hitPolicy=\"ANY\"", {{"-", "null", true}, {"-", "null", false}}},
    {"hitPolicy=\"ANY\"", {{"-", "null", false}, {"-", "5", false}}},
    {"hitPolicy=\"ANY\"", {{"-", "5", true}, {"-", "5", false}}},
    {"hitPolicy=\"UNIQUE\"", {{"-", "null", false}, {"-", "5", false}}},
    {"hitPolicy=\"PRIORITY\"",
     {{"-", "7", false}, {"-", "null", true}, {"-", "null", false}}},
    {"hitPolicy=\"PRIORITY\"", {{"-", "7", false}, {"-", "5", true}}},
    {"hitPolicy=\"COLLECT\"", {{"-", "null", true}, {"-", "5", true}}},
    {"hitPolicy=\"COLLECT\" aggregation=\"SUM\"", {{"-", "null", true}}},
    {"hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
     {{"-", "null", false}, {"-", "5", false}}},
    {"hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
     {{"-", "2", true}, {"-", "5", true}}},
    {"hitPolicy=\"RULE ORDER\"", {{"-", "null", true}, {"-", "5", true}}},
};

static Str model_of(Arena *arena, const TakenCase *of)
{
    bool ranks = strstr(of->hit, "PRIORITY") != NULL;
    const char *rows = "";
    for (size_t i = 0; i < 3 && of->rows[i].when != NULL; i++) {
        rows = arena_format(arena,
                            "%s<rule><inputEntry><text>%s</text></inputEntry>"
                            "<outputEntry><text>%s</text></outputEntry></rule>",
                            rows, of->rows[i].when, of->rows[i].gives);
    }
    return str_of(arena_format(
        arena,
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
        "name=\"m\" namespace=\"urn:m\"><inputData name=\"age\" id=\"age\">"
        "<variable name=\"age\" typeRef=\"number\"/></inputData>"
        "<decision name=\"d\" id=\"d\">" NEEDS_INPUT(
            "age") "<decisionTable "
                   "%s><input><inputExpression><text>age</text></"
                   "inputExpression></input>"
                   "<output>%s</output>%s</decisionTable></decision></"
                   "definitions>",
        of->hit,
        ranks ? "<outputValues><text>null,5,7</text></outputValues>" : "",
        rows));
}

static void check_taken(size_t number, const TakenCase *of)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DmnSource source = {"m.dmn", model_of(arena, of)};
    DmnModel *model;
    Diag diag;
    FeelValue value;
    size_t count, row = 0;
    ck_assert_msg(dmn_load(arena, &source, 1, DMN_LENIENT, &diag, &model) == OK,
                  "%zu: %s", number, diag.key);
    DmnEval *eval = dmn_eval_open(model, ARENA_BYTES, STEPS);
    dmn_trace_set(eval, true);
    dmn_eval_reset(eval);
    dmn_input_set(eval, 0, feel_number(70, 0));
    (void)!dmn_eval(eval, 0, &value);
    const DmnStep *steps = dmn_trace(eval, &count);
    for (size_t i = 0; i < count; i++) {
        if (steps[i].kind != DMN_STEP_ROW) continue;
        row = (size_t)steps[i].row;
        ck_assert_msg(steps[i].chosen == of->rows[row - 1].taken,
                      "%zu, %s: row %zu", number, of->hit, row);
    }
    ck_assert_msg(row > 0, "%zu: no row was told", number);
    dmn_eval_close(eval);
    arena_close(arena);
}

TEST(a_row_is_taken_by_the_hit_policy_and_not_by_its_value)
{
    for (size_t i = 0; i < sizeof taken_cases / sizeof *taken_cases; i++) {
        check_taken(i, &taken_cases[i]);
    }
}

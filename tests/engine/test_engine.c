/* The engine's own door: what a program of others can do and not do. */
#include "engine/sanad-engine.h"

#include <pthread.h>
#include <stdio.h>

#include "base/buf.h"
#include "tests/harness.h"

static const char model_text[] =
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
    "name=\"m\" namespace=\"urn:m\"><inputData name=\"day\" id=\"day\">"
    "<variable name=\"day\" typeRef=\"date\"/></inputData>"
    "<decision name=\"year of\" id=\"y\"><informationRequirement>"
    "<requiredInput href=\"#day\"/></informationRequirement>"
    "<literalExpression><text>day.year + 0.10</text></literalExpression>"
    "</decision></definitions>";

static SanadModel *load(const char *text)
{
    SanadModel *model;
    SanadError error;
    SanadFile file = {"m.dmn", text, strlen(text)};
    ck_assert_msg(sanad_model_load(&file, 1, &model, &error) == SANAD_OK, "%s",
                  error.english);
    return model;
}

TEST(a_model_tells_what_it_decides_of_what)
{
    SanadModel *model = load(model_text);
    ck_assert_uint_eq(sanad_model_decision_count(model), 1);
    ck_assert_str_eq(sanad_model_decision_name(model, 0), "year of");
    ck_assert_str_eq(sanad_model_decision_type(model, 0), "number");
    ck_assert_uint_eq(sanad_model_input_count(model), 1);
    ck_assert_str_eq(sanad_model_input_name(model, 0), "day");
    ck_assert_str_eq(sanad_model_input_type(model, 0), "date");
    sanad_model_free(model);
}

TEST(faults_have_places_and_two_languages)
{
    SanadModel *model;
    SanadError error;
    const char *text = "<definitions xmlns=\"https://www.omg.org/spec/DMN/"
                       "20230324/MODEL/\" namespace=\"u\">\n<decision "
                       "name=\"d\"><literalExpression><text>1 + * 2</text>"
                       "</literalExpression></decision></definitions>";
    SanadFile file = {"m.dmn", text, strlen(text)};
    ck_assert_int_eq(sanad_model_load(&file, 1, &model, &error), SANAD_INVALID);
    ck_assert_ptr_null(model);
    ck_assert_str_eq(error.key, "feel.expected_value");
    ck_assert_str_eq(error.file, "m.dmn");
    ck_assert_int_eq(error.line, 2);
    ck_assert_ptr_nonnull(strstr(error.english, "expected"));
    ck_assert(error.arabic[0] != '\0');
    ck_assert_int_eq(sanad_model_load(&file, 0, &model, &error), SANAD_FULL);
}

TEST(a_decision_that_is_null_says_why_with_what_stood_there)
{
    SanadError error;
    const char *json;
    SanadModel *model =
        load("<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/"
             "MODEL/\" name=\"m\" namespace=\"u\"><inputData name=\"a\" "
             "id=\"a\"/><decision name=\"d\"><informationRequirement>"
             "<requiredInput href=\"#a\"/></informationRequirement>"
             "<literalExpression><text>a &lt; 5</text></literalExpression>"
             "</decision></definitions>");
    SanadSession *session = sanad_session_open(model);
    ck_assert_int_eq(sanad_session_set(session, "a", "\"x\"", &error),
                     SANAD_OK);
    ck_assert_int_eq(sanad_session_decide(session, "d", &json, &error),
                     SANAD_OK);
    ck_assert_str_eq(json, "null");
    ck_assert_ptr_nonnull(strstr(error.english, "x"));
    ck_assert_ptr_null(strstr(error.english, "{"));
    ck_assert_ptr_null(strstr(error.arabic, "{"));
    sanad_session_close(session);
    sanad_model_free(model);
}

static void *decide_many(void *context)
{
    const char *json;
    SanadError error;
    SanadSession *session = sanad_session_open(context);
    for (int i = 0; i < 200; i++) {
        char day[32], expected[32];
        snprintf(day, sizeof day, "\"%d-03-01\"", 1900 + i);
        snprintf(expected, sizeof expected, "%d.1", 1900 + i);
        sanad_session_reset(session, i % 2, 0);
        ck_assert(sanad_session_set(session, "day", day, &error) == SANAD_OK);
        ck_assert(sanad_session_decide(session, "year of", &json, &error) ==
                  SANAD_OK);
        ck_assert_str_eq(json, expected);
        const char *trace = sanad_session_trace(session);
        ck_assert(i % 2 == 0 ? strcmp(trace, "[]") == 0
                             : strstr(trace, "year of") != NULL);
    }
    sanad_session_close(session);
    return NULL;
}

TEST(threads_share_a_model_and_have_sessions_of_their_own)
{
    SanadModel *model = load(model_text);
    pthread_t other;
    ck_assert_int_eq(pthread_create(&other, NULL, decide_many, model), 0);
    decide_many(model);
    pthread_join(other, NULL);
    sanad_model_free(model);
}

TEST(a_null_says_why)
{
    SanadModel *model = load(model_text);
    SanadSession *session = sanad_session_open(model);
    SanadError error;
    const char *json;
    ck_assert_int_eq(sanad_session_decide(session, "year of", &json, &error),
                     SANAD_OK);
    ck_assert_str_eq(json, "null");
    ck_assert(error.key[0] != '\0');
    ck_assert_int_eq(sanad_session_set(session, "day", "5", &error),
                     SANAD_INVALID);
    ck_assert_int_eq(sanad_session_set(session, "week", "5", &error),
                     SANAD_NOT_FOUND);
    ck_assert_int_eq(sanad_session_decide(session, "x", &json, NULL),
                     SANAD_NOT_FOUND);
    sanad_session_close(session);
    sanad_model_free(model);
}

static const char doubled_text[] =
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" "
    "name=\"m\" namespace=\"urn:m\"><inputData name=\"x\" id=\"x\">"
    "<variable name=\"x\" typeRef=\"number\"/></inputData>"
    "<decision name=\"twice\" id=\"t\"><informationRequirement>"
    "<requiredInput href=\"#x\"/></informationRequirement>"
    "<literalExpression><text>x * 2</text></literalExpression></decision>"
    "<decision name=\"more\" id=\"u\"><informationRequirement>"
    "<requiredDecision href=\"#t\"/></informationRequirement>"
    "<literalExpression><text>twice + 1</text></literalExpression></decision>"
    "</definitions>";

static void expect_decided(SanadSession *session, const char *decision,
                           const char *expected)
{
    const char *json;
    ck_assert_int_eq(sanad_session_decide(session, decision, &json, NULL),
                     SANAD_OK);
    ck_assert_str_eq(json, expected);
}

TEST(an_input_that_changes_takes_the_decisions_along)
{
    SanadModel *model = load(doubled_text);
    SanadSession *session = sanad_session_open(model);
    for (int trace = 0; trace < 2; trace++) {
        sanad_session_reset(session, trace, 0);
        for (int x = 1; x < 500; x += 4) {
            char json[16], two[16], three[16];
            snprintf(json, sizeof json, "%d", x);
            snprintf(two, sizeof two, "%d", 2 * x);
            snprintf(three, sizeof three, "%d", 2 * x + 1);
            ck_assert(sanad_session_set(session, "x", json, NULL) == SANAD_OK);
            ck_assert_str_eq(sanad_session_trace(session), "[]");
            expect_decided(session, "more", three);
            expect_decided(session, "twice", two);
            const char *way = sanad_session_trace(session);
            ck_assert(trace ? strstr(way, three) != NULL
                            : strcmp(way, "[]") == 0);
        }
    }
    sanad_session_close(session);
    sanad_model_free(model);
}

TEST(a_refused_value_leaves_nothing_of_the_old_one)
{
    static const char *const refused[] = {"\"abc\"", "{", "[1, 2]", ""};
    SanadModel *model = load(doubled_text);
    SanadSession *session = sanad_session_open(model);
    SanadError error;
    const char *json;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        ck_assert(sanad_session_set(session, "x", "4", &error) == SANAD_OK);
        expect_decided(session, "more", "9");
        ck_assert_int_eq(sanad_session_set(session, "x", refused[i], &error),
                         SANAD_INVALID);
        ck_assert_int_eq(sanad_session_decide(session, "more", &json, &error),
                         SANAD_OK);
        ck_assert_str_eq(json, "null");
        ck_assert_str_ne(error.key, "");
        ck_assert(sanad_session_set(session, "x", "5", &error) == SANAD_OK);
        ck_assert_int_eq(sanad_session_decide(session, "more", &json, &error),
                         SANAD_OK);
        ck_assert_str_eq(json, "11");
        ck_assert_str_eq(error.key, "");
    }
    /* what is not an input changes nothing */
    ck_assert_int_eq(sanad_session_set(session, "y", "1", &error),
                     SANAD_NOT_FOUND);
    expect_decided(session, "more", "11");
    sanad_session_close(session);
    sanad_model_free(model);
}

TEST(values_without_end_and_without_a_reset_are_full_and_never_wrong)
{
    SanadModel *model = load(doubled_text);
    SanadSession *session = sanad_session_open(model);
    Buf large = buf_make(32 << 20);
    const char *json;
    for (int i = 0; i < 4 << 20; i++) buf_char(&large, ' ');
    buf_text(&large, "7");
    buf_char(&large, '\0');
    SanadResult last = SANAD_OK;
    for (int i = 0; i < 40 && last == SANAD_OK; i++) {
        last = sanad_session_set(session, "x", large.at, NULL);
        if (last == SANAD_OK) expect_decided(session, "more", "15");
    }
    ck_assert_int_eq(last, SANAD_FULL);
    ck_assert_int_eq(sanad_session_decide(session, "more", &json, NULL),
                     SANAD_FULL);
    ck_assert_str_eq(json, "null");
    sanad_session_reset(session, 0, 0);
    ck_assert(sanad_session_set(session, "x", "1", NULL) == SANAD_OK);
    expect_decided(session, "more", "3");
    buf_free(&large);
    sanad_session_close(session);
    sanad_model_free(model);
}

/* Decisions of a type of many components, or each of a type of its own. */
static void put_wide(Buf *text, int components, int decisions, bool shared)
{
    buf_text(text, "<definitions xmlns=\"https://www.omg.org/spec/DMN/"
                   "20230324/MODEL/\" name=\"m\" namespace=\"urn:m\">");
    for (int d = 0; d < (shared ? 1 : decisions); d++) {
        buf_format(text, "<itemDefinition name=\"wide%d\">", d);
        for (int i = 0; i < components; i++) {
            buf_format(text,
                       "<itemComponent name=\"a component with a name %04d\">"
                       "<typeRef>number</typeRef></itemComponent>",
                       i);
        }
        buf_text(text, "</itemDefinition>");
    }
    for (int d = 0; d < decisions; d++) {
        buf_format(text,
                   "<decision name=\"decision %d\" id=\"d%d\">"
                   "<variable name=\"decision %d\" typeRef=\"wide%d\"/>"
                   "<literalExpression><text>null</text></literalExpression>"
                   "</decision>",
                   d, d, d, shared ? 0 : d);
    }
    buf_text(text, "</definitions>");
}

static SanadResult load_wide(int components, int decisions, bool shared,
                             SanadModel **ret, SanadError *error)
{
    Buf text = buf_make(64 << 20);
    put_wide(&text, components, decisions, shared);
    SanadFile file = {"wide.dmn", text.at, text.bytes};
    SanadResult result = sanad_model_load(&file, 1, ret, error);
    buf_free(&text);
    return result;
}

TEST(many_decisions_of_a_wide_type_share_its_text)
{
    SanadModel *model;
    SanadError error;
    ck_assert_msg(load_wide(900, 6000, true, &model, &error) == SANAD_OK, "%s",
                  error.english);
    const char *type = sanad_model_decision_type(model, 0);
    ck_assert_ptr_nonnull(strstr(type, "a component with a name 0899: "));
    ck_assert_ptr_eq(sanad_model_decision_type(model, 5999), type);
    ck_assert_str_eq(sanad_model_decision_name(model, 5999), "decision 5999");
    sanad_model_free(model);
    ck_assert(load_wide(5000, 1, true, &model, &error) == SANAD_OK);
    type = sanad_model_decision_type(model, 0);
    ck_assert_str_eq(type + strlen(type) - 3, "...");
    sanad_model_free(model);
}

/* Each decision has a list of its own, of a type with a very long name. */
static void put_long_named(Buf *text, int bytes, int decisions)
{
    Buf name = buf_make(1 << 20);
    for (int i = 0; i < bytes; i++) buf_char(&name, 'n');
    Str long_name = buf_view(&name);
    buf_text(text, "<definitions xmlns=\"https://www.omg.org/spec/DMN/"
                   "20230324/MODEL/\" name=\"m\" namespace=\"urn:m\">"
                   "<itemDefinition name=\"");
    buf_str(text, long_name);
    buf_text(text, "\"><itemComponent name=\"a\"><typeRef>number</typeRef>"
                   "</itemComponent></itemDefinition><inputData name=\"x\" "
                   "id=\"x\"><variable name=\"x\" typeRef=\"");
    buf_str(text, long_name);
    buf_text(text, "\"/></inputData>");
    for (int d = 0; d < decisions; d++) {
        buf_format(text,
                   "<decision name=\"d%d\" id=\"d%d\"><informationRequirement>"
                   "<requiredInput href=\"#x\"/></informationRequirement>"
                   "<literalExpression><text>[x]</text></literalExpression>"
                   "</decision>",
                   d, d);
    }
    buf_text(text, "</definitions>");
    buf_free(&name);
}

TEST(types_without_end_are_full_and_stop_no_process)
{
    SanadModel *model;
    SanadError error;
    for (int decisions = 5; decisions <= 6000; decisions += 5995) {
        Buf text = buf_make(64 << 20);
        put_long_named(&text, 60000, decisions);
        SanadFile file = {"long.dmn", text.at, text.bytes};
        SanadResult result = sanad_model_load(&file, 1, &model, &error);
        ck_assert_msg(result == (decisions == 5 ? SANAD_OK : SANAD_FULL),
                      "%d %s", result, error.english);
        ck_assert_str_eq(error.key, decisions == 5 ? "" : "dmn.full");
        if (decisions == 5) {
            const char *type = sanad_model_decision_type(model, 4);
            ck_assert_uint_eq(strlen(type), 60000 + strlen("list<>"));
        }
        sanad_model_free(model);
        buf_free(&text);
    }
}

TEST(an_expression_needs_no_model)
{
    char *json;
    SanadError error;
    ck_assert_int_eq(
        sanad_feel("a * 2 + 0.1", "{\"a\": 1e20}", 0, &json, &error), SANAD_OK);
    ck_assert_str_eq(json, "200000000000000000000.1");
    sanad_free(json);
    ck_assert_int_eq(sanad_feel("1 +", NULL, 0, &json, &error), SANAD_INVALID);
    ck_assert_ptr_null(json);
    ck_assert_int_eq(sanad_feel("1", "{", 0, &json, &error), SANAD_INVALID);
    ck_assert_int_eq(
        sanad_feel("for i in 1..100000000 return i", NULL, 0, &json, NULL),
        SANAD_FULL);
}

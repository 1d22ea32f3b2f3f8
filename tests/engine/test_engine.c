/* The engine's own door: what a program of others can do and not do. */
#include "engine/sanad-engine.h"

#include <pthread.h>
#include <stdio.h>

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

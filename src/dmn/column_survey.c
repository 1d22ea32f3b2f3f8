/*
 * Which decisions of a model can be columns, for fields as they mostly are:
 * money of two decimals, any of which may be unknown, and every text that the
 * model itself names.
 */
#include "dmn/column_int.h"
#include "feel/temporal.h"

enum {
    FIRST_YEAR = 2022,
    MONTHS = 72,
    LOWERING_BYTES = 256 << 20,
    EVAL_BYTES = 64 << 20,
    EVAL_STEPS = 1000000,
    TEXTS_MAX = 200
};

typedef struct Survey {
    const DmnModel *model;
    Str texts[TEXTS_MAX];
    int32_t text_count;
} Survey;

static void collect_texts(Survey *survey)
{
    const FeelProgram *program = survey->model->program;
    for (int32_t i = 0; i < program->constant_count; i++) {
        FeelValue value = program->constants[i];
        if (value.kind != FEEL_STRING) continue;
        if (survey->text_count == TEXTS_MAX) return;
        survey->texts[survey->text_count++] = feel_text(value);
    }
}

static bool usual_field(void *context, int32_t input, const Str *path,
                        int32_t depth, const FeelType *type, DmnField *ret)
{
    (void)input;
    (void)path;
    (void)depth;
    const Survey *survey = context;
    *ret = (DmnField){.width = COLUMN_I64,
                      .scale = 2,
                      .range = {-INT64_C(1000000000000), 1000000000000},
                      .nullable = true,
                      .codes = survey->texts,
                      .code_count = survey->text_count,
                      .rows = {0, 200}};
    if (type->kind == FEEL_BOOLEAN) ret->range = (ColumnRange){0, 1};
    if (type->kind == FEEL_DATE) ret->range = (ColumnRange){-100000, 100000};
    if (type->kind == FEEL_STRING) {
        ret->range = (ColumnRange){0, survey->text_count};
    }
    return true;
}

/* What is a date by itself is taken for the month, the same for all. */
static uint64_t months_of(const DmnModel *model)
{
    uint64_t fixed = 0;
    for (int32_t i = 0; i < model->input_count && i < 62; i++) {
        bool date = model->inputs[i]->type->kind == FEEL_DATE;
        fixed |= (uint64_t)date << i;
    }
    return fixed;
}

/* Adds the decisions that cannot be columns in one month. */
static Err survey_month(Survey *survey, DmnEval *eval, Arena *scratch,
                        Arena *arena, const char **ret_why)
{
    const DmnModel *model = survey->model;
    DmnLow *low = dmn_lowering(scratch, model, eval, months_of(model),
                               usual_field, survey);
    if (low == NULL) return ERR_FULL;
    for (int32_t i = 0; i < model->decision_count; i++) {
        if (ret_why[i] != NULL || dmn_sym_decision(low, i) != NULL) {
            low->reason = NULL;
            continue;
        }
        low->reason = NULL;
        const char *why = low->why[i] == NULL ? "no reason" : low->why[i];
        char *text = arena_try(arena, strlen(why) + 1, 1);
        if (text == NULL) return ERR_FULL;
        memcpy(text, why, strlen(why));
        ret_why[i] = text;
    }
    return OK;
}

static Err survey_months(Survey *survey, DmnEval *eval, Arena *scratch,
                         Arena *arena, const char **ret_why)
{
    const DmnModel *model = survey->model;
    uint64_t fixed = months_of(model);
    for (int32_t month = 0; month < MONTHS; month++) {
        FeelValue day =
            feel_date_make(FIRST_YEAR + month / 12, month % 12 + 1, 1);
        arena_reset(scratch);
        dmn_eval_reset(eval);
        for (int32_t i = 0; i < model->input_count && i < 62; i++) {
            if ((fixed >> i & 1) != 0) dmn_input_set(eval, i, day);
        }
        TRY(survey_month(survey, eval, scratch, arena, ret_why));
        if (fixed == 0) break;
    }
    return OK;
}

Err dmn_columns_survey(const DmnModel *model, Arena *arena,
                       const char **ret_why)
{
    Arena *scratch CLEANUP(arena_closep) = arena_open(LOWERING_BYTES);
    DmnEval *eval CLEANUP(dmn_eval_closep) =
        dmn_eval_open(model, EVAL_BYTES, EVAL_STEPS);
    Survey survey = {.model = model};
    if (scratch == NULL || eval == NULL) return ERR_FULL;
    collect_texts(&survey);
    for (int32_t i = 0; i < model->decision_count; i++) ret_why[i] = NULL;
    return survey_months(&survey, eval, scratch, arena, ret_why);
}

/*
 * fuzz_dmn - any bytes are a model or are refused with a reason; all of its
 * decisions end within their limits, traced and untraced alike.
 */
#include "dmn/dmn.h"
#include "dmn/trace.h"

enum { ARENA_BYTES = 256 << 20, EVAL_BYTES = 16 << 20, STEPS = 200000 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes);

static void evaluate_all(const DmnModel *model, bool trace)
{
    DmnEval *eval = dmn_eval_open(model, EVAL_BYTES, STEPS);
    CHECK(eval != NULL);
    dmn_trace_set(eval, trace);
    for (int32_t i = 0; i < dmn_decision_count(model) && i < 50; i++) {
        FeelValue value;
        dmn_eval_reset(eval);
        for (int32_t k = 0; k < dmn_input_count(model); k++) {
            (void)dmn_input_check(eval, k, feel_number(k * 10, 0));
        }
        Err err = dmn_eval(eval, i, &value);
        CHECK(err == OK || (err == ERR_FULL && value.kind == FEEL_NULL));
    }
    dmn_eval_close(eval);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t bytes)
{
    if (bytes > 32768) return 0;
    Arena *arena = arena_open(ARENA_BYTES);
    Diag diag = {0};
    DmnModel *model;
    DmnSource source = {"fuzz.dmn", {(const char *)data, bytes}};
    Err err = dmn_load(arena, &source, 1, DMN_LENIENT, &diag, &model);
    CHECK(err == OK || diag.key[0] != '\0');
    if (err == OK) {
        evaluate_all(model, false);
        evaluate_all(model, true);
    }
    arena_close(arena);
    return 0;
}

/*
 * eval_int.h - an evaluator: its machine, what it keeps, its trace.
 */
#ifndef DMN_EVAL_INT_H
#define DMN_EVAL_INT_H

#include "dmn/model_int.h"

enum { DMN_STEPS_MAX = 1 << 16, DMN_NESTING_MAX = 512 };

/* What was noted while a decision was decided that is kept. */
typedef struct DmnKeptTrace {
    FeelNoted *noted;
    size_t count;
} DmnKeptTrace;

struct DmnEval {
    const DmnModel *model;
    Arena *home; /* lives as long as the evaluator */
    Arena *kept; /* values of decisions that are kept between evaluations */
    int64_t steps;
    FeelRun run;
    uint8_t *keepable; /* of decisions: need only inputs that are kept */
    uint8_t *is_kept;
    uint8_t *kept_state; /* what a reset makes of the states of decisions */
    uint8_t *wanted;     /* FEEL_DECISION_DONE: to be kept once it is done */
    size_t state_bytes;  /* of each of the two */
    uint8_t *keep_input;
    FeelValue *kept_value;    /* of inputs, for which decisions are kept */
    DmnKeptTrace *kept_trace; /* of decisions, when they were traced */
    uint64_t keep_mask;
    bool tracing;
    bool traced;
    bool trace_cut;      /* a step found no room */
    size_t trace_of;     /* how many notes the steps were made of */
    uint8_t *trace_told; /* of kept decisions: their steps are there */
    DmnStep *trace_steps;
    size_t trace_count, trace_room;
    int32_t open[DMN_NESTING_MAX]; /* steps that have not ended */
    int32_t open_count;
};

/* trace.c */
void dmn_trace_reset(DmnEval *eval);

/* Keeps what was noted of a decision; false when that cannot be done. */
bool dmn_trace_keep(DmnEval *eval, int32_t decision);

#endif

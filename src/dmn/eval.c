/*
 * Evaluates decisions of a loaded model, and keeps the trace when asked.
 */
#include "dmn/eval_int.h"

enum { KEEP_BYTES = 64 << 20, HOME_BYTES = 64 << 20 };
enum { KEPT = 1, FRESH = 2 }; /* is_kept; fresh: while more is being kept */

DmnEval *dmn_eval_open(const DmnModel *model, size_t arena_bytes, int64_t steps)
{
    Arena *home = arena_open(HOME_BYTES);
    Arena *arena = arena_open(arena_bytes);
    Arena *kept = arena_open(KEEP_BYTES);
    DmnEval *eval = home == NULL ? NULL : arena_try(home, 1, sizeof *eval);
    if (eval == NULL || arena == NULL || kept == NULL ||
        !feel_run_init(&eval->run, home, model->program, model->input_count)) {
        arena_close(home);
        arena_close(arena);
        arena_close(kept);
        return NULL;
    }
    size_t decisions = (size_t)model->decision_count + 1;
    size_t inputs = (size_t)model->input_count + 1;
    eval->keepable = arena_try(home, decisions, 1);
    eval->is_kept = arena_try(home, decisions, 1);
    eval->state_bytes = feel_run_state_bytes(model->decision_count);
    eval->kept_state = arena_try(home, eval->state_bytes, 1);
    eval->wanted = arena_try(home, eval->state_bytes, 1);
    eval->trace_told = arena_try(home, decisions, 1);
    eval->kept_trace = arena_try(home, decisions, sizeof *eval->kept_trace);
    eval->keep_input = arena_try(home, inputs, 1);
    eval->kept_value = arena_try(home, inputs, sizeof *eval->kept_value);
    if (arena_refused(home)) {
        arena_close(home);
        arena_close(arena);
        arena_close(kept);
        return NULL;
    }
    eval->model = model;
    eval->home = home;
    eval->kept = kept;
    eval->steps = steps;
    eval->run.arena = arena;
    eval->run.steps_left = steps;
    eval->run.wordy = true;
    return eval;
}

void dmn_eval_close(DmnEval *eval)
{
    if (eval == NULL) return;
    arena_close(eval->run.arena);
    arena_close(eval->kept);
    Arena *home = eval->home;
    arena_close(home);
}

void dmn_eval_closep(DmnEval **eval)
{
    dmn_eval_close(*eval);
}

void dmn_eval_keep(DmnEval *eval, int32_t input)
{
    if (input < 0 || input >= eval->model->input_count || input > 61) return;
    eval->keep_input[input] = 1;
    eval->keep_mask |= (uint64_t)1 << input;
    for (int32_t i = 0; i < eval->model->decision_count; i++) {
        uint64_t inputs = eval->model->decisions[i]->inputs;
        eval->keepable[i] = (inputs & ~eval->keep_mask) == 0;
        eval->wanted[i] = eval->keepable[i] && !eval->is_kept[i]
                              ? FEEL_DECISION_DONE
                              : FEEL_DECISION_NEW;
    }
}

/* What a reset makes of the states, and which of them would be news. */
static void know_kept(DmnEval *eval)
{
    for (int32_t i = 0; i < eval->model->decision_count; i++) {
        bool kept = eval->is_kept[i] != 0;
        eval->kept_state[i] = kept ? FEEL_DECISION_DONE : FEEL_DECISION_NEW;
        eval->wanted[i] = eval->keepable[i] && !kept ? FEEL_DECISION_DONE : 0;
    }
}

static void drop_kept(DmnEval *eval)
{
    size_t decisions = (size_t)eval->model->decision_count;
    memset(eval->is_kept, 0, decisions);
    know_kept(eval);
    memset(eval->run.decision_state, FEEL_DECISION_NEW, decisions);
    memset(eval->kept_trace, 0, decisions * sizeof *eval->kept_trace);
    arena_reset(eval->kept);
    memset(eval->kept_value, 0,
           (size_t)eval->model->input_count * sizeof *eval->kept_value);
}

static bool keep_value(DmnEval *eval, int32_t index)
{
    FeelRun *run = &eval->run;
    FeelValue *value = &run->decisions[index];
    return run->decision_state[index] == FEEL_DECISION_DONE &&
           eval->keepable[index] && !run->full &&
           feel_copy(eval->kept, *value, value);
}

/*
 * What is traced is kept only together with its trace, which leaves out what
 * other kept decisions tell: one that cannot be kept takes along those that
 * asked for it. False when one was taken out, to be called again.
 */
static bool keep_traces(DmnEval *eval)
{
    int32_t count = eval->model->decision_count;
    for (int32_t i = 0; i < count; i++) {
        if (eval->is_kept[i] != FRESH || dmn_trace_keep(eval, i)) continue;
        eval->is_kept[i] = 0;
        return false;
    }
    return true;
}

/*
 * Whether a decision was made that may be kept and is not: eight at a time,
 * since this is asked after each evaluation.
 */
static bool is_news(const DmnEval *eval)
{
    uint64_t news = 0;
    for (size_t i = 0; i < eval->state_bytes; i += sizeof news) {
        uint64_t state, wanted;
        memcpy(&state, eval->run.decision_state + i, sizeof state);
        memcpy(&wanted, eval->wanted + i, sizeof wanted);
        news |= state & wanted;
    }
    return news != 0;
}

/* Moves what may be kept out of the arena that is about to be emptied. */
static void keep_decisions(DmnEval *eval)
{
    int32_t count = eval->model->decision_count;
    for (int32_t i = 0; i < count; i++) {
        if (eval->is_kept[i] || !keep_value(eval, i)) continue;
        eval->is_kept[i] = FRESH;
    }
    while (eval->traced && !keep_traces(eval)) continue;
    for (int32_t i = 0; i < count; i++) {
        if (eval->is_kept[i]) eval->is_kept[i] = KEPT;
    }
    know_kept(eval);
}

void dmn_eval_reset(DmnEval *eval)
{
    FeelRun *run = &eval->run;
    if (eval->keep_mask == 0) {
        drop_kept(eval);
    } else if (UNLIKELY(is_news(eval))) {
        keep_decisions(eval);
    }
    memcpy(run->decision_state, eval->kept_state, eval->state_bytes);
    if (eval->tracing != eval->traced) drop_kept(eval);
    eval->traced = eval->tracing;
    arena_reset(run->arena);
    feel_run_reset(run);
    run->steps_left = eval->steps;
    memset(run->inputs, 0,
           (size_t)eval->model->input_count * sizeof *run->inputs);
    dmn_trace_reset(eval);
}

void dmn_eval_forget(DmnEval *eval)
{
    FeelRun *run = &eval->run;
    memcpy(run->decision_state, eval->kept_state, eval->state_bytes);
    feel_run_reset(run);
    run->steps_left = eval->steps;
    dmn_trace_reset(eval);
    run->noting = eval->traced; /* another wish counts from the next reset */
}

Arena *dmn_eval_arena(DmnEval *eval)
{
    return eval->run.arena;
}

void dmn_input_set(DmnEval *eval, int32_t input, FeelValue value)
{
    eval->run.inputs[input] = value;
    if (!eval->keep_input[input]) return;
    if (feel_same(value, eval->kept_value[input])) return;
    drop_kept(eval);
    if (!feel_copy(eval->kept, value, &eval->kept_value[input])) {
        eval->kept_value[input] = feel_null();
    }
}

bool dmn_input_check(DmnEval *eval, int32_t input, FeelValue value)
{
    const FeelType *type = eval->model->inputs[input]->type;
    FeelValue checked = feel_run_coerce(&eval->run, value, type);
    dmn_input_set(eval, input, checked);
    return checked.kind != FEEL_NULL || value.kind == FEEL_NULL;
}

Err dmn_eval(DmnEval *eval, int32_t decision, FeelValue *ret)
{
    if (eval->traced && eval->is_kept[decision]) {
        feel_run_note(&eval->run, FEEL_NOTE_KEPT, decision, feel_null());
    }
    FeelValue value = feel_run_decision(&eval->run, decision);
    bool full = feel_run_full(&eval->run);
    *ret = full ? feel_null() : value;
    return full ? ERR_FULL : OK;
}

Err dmn_invoke(DmnEval *eval, int32_t function, const Str *names,
               const FeelValue *arguments, size_t count, FeelValue *ret)
{
    int32_t index = eval->model->functions[function]->unit;
    const FeelUnit *unit = &eval->model->program->units[index];
    size_t params = (size_t)unit->param_count;
    FeelValue *args = feel_run_values(&eval->run, params + 1);
    *ret = feel_null();
    if (args == NULL) return ERR_FULL;
    for (size_t i = 0; i < params; i++) args[i] = feel_null();
    for (size_t i = 0; i < count; i++) {
        int32_t at = feel_shape_find(unit->params, names[i]);
        if (at >= 0) args[at] = arguments[i];
    }
    *ret = feel_run_unit(&eval->run, index, args, (uint32_t)params, NULL);
    if (!feel_run_full(&eval->run)) return OK;
    *ret = feel_null();
    return ERR_FULL;
}

const Diag *dmn_eval_diag(const DmnEval *eval)
{
    return &eval->run.diag;
}

void dmn_eval_brief(DmnEval *eval)
{
    eval->run.wordy = false;
}

void dmn_eval_now(DmnEval *eval, int64_t now_us)
{
    eval->run.now_us = now_us;
}

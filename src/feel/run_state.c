/*
 * What a machine has beside its program: slots, open loops, items waiting,
 * notes of the trace, the budget, and why it stopped.
 */
#include "feel/run_int.h"

enum {
    LOOPS_MAX = 4096,
    PUSHED_FIRST = 4096,
    PUSHED_LIMIT = 1 << 22,
    NOTED_FIRST = 256,
    NOTED_LIMIT = 1 << 17
};

size_t feel_run_state_bytes(int32_t decision_count)
{
    size_t word = sizeof(uint64_t);
    return ((size_t)decision_count + word) / word * word;
}

bool feel_run_init(FeelRun *run, Arena *keep, const FeelProgram *program,
                   int32_t input_count)
{
    *run = (FeelRun){.program = program, .home = keep};
    run->frames_max = FEEL_FRAMES_MAX;
    run->loops_max = LOOPS_MAX;
    run->pushed_max = PUSHED_FIRST;
    run->frames = arena_try_raw(keep, run->frames_max, sizeof *run->frames);
    run->loops = arena_try_raw(keep, run->loops_max, sizeof *run->loops);
    run->pushed = arena_try_raw(keep, run->pushed_max, sizeof *run->pushed);
    run->inputs = arena_try(keep, (size_t)input_count + 1, sizeof *run->inputs);
    size_t decisions = (size_t)program->decision_count + 1;
    run->decisions = arena_try(keep, decisions, sizeof *run->decisions);
    run->decision_state =
        arena_try(keep, feel_run_state_bytes(program->decision_count), 1);
    run->pushed_home = run->pushed;
    return run->frames != NULL && run->loops != NULL && run->pushed != NULL &&
           run->inputs != NULL && run->decisions != NULL &&
           run->decision_state != NULL;
}

void feel_run_reset(FeelRun *run)
{
    run->pushed = run->pushed_home;
    run->pushed_max = PUSHED_FIRST;
    run->pushed_used = 0;
    run->frames_used = 0;
    run->loops_used = 0;
    run->depth = 0;
    run->full = false;
    run->noted_used = 0;
    run->noted_cut = false;
    run->diag.key[0] = '\0';
}

static void noted_grow(FeelRun *run)
{
    size_t room = run->noted_max == 0 ? NOTED_FIRST : run->noted_max * 2;
    FeelNoted *wider = room > NOTED_LIMIT
                           ? NULL
                           : arena_try_raw(run->home, room, sizeof *wider);
    if (wider == NULL) return;
    if (run->noted_used > 0) {
        memcpy(wider, run->noted, run->noted_used * sizeof *wider);
    }
    run->noted = wider;
    run->noted_max = room;
}

void feel_run_note(FeelRun *run, FeelNote note, int32_t index, FeelValue value)
{
    if (UNLIKELY(run->noted_used == run->noted_max)) {
        noted_grow(run);
        run->noted_cut = run->noted_cut || run->noted_used == run->noted_max;
        if (run->noted_cut) return;
    }
    run->noted[run->noted_used++] = (FeelNoted){(int32_t)note, index, value};
}

FeelValue feel_run_fail(FeelRun *run, const char *key, const char *detail)
{
    if (run->diag.key[0] != '\0') return feel_null();
    diag_set(&run->diag, key);
    if (detail != NULL) diag_arg_text(&run->diag, detail);
    if (run->op != NULL) {
        const FeelPlace *place = &run->program->places[run->op->place];
        diag_place(&run->diag, NULL, place->line, place->column);
        run->diag_source = place->source;
    }
    return feel_null();
}

FeelValue feel_run_misused(FeelRun *run, const char *key, Str function,
                           Str parameters)
{
    if (run->diag.key[0] != '\0') return feel_null();
    (void)feel_run_fail(run, key, NULL);
    diag_arg(&run->diag, function);
    diag_arg(&run->diag, parameters.bytes == 0 ? STR("()") : parameters);
    return feel_null();
}

FeelValue feel_run_exhausted(FeelRun *run, const char *what)
{
    run->full = true;
    return feel_run_fail(run, "feel.exhausted", what);
}

bool feel_run_full(FeelRun *run)
{
    if (!run->full && arena_refused(run->arena))
        feel_run_exhausted(run, "memory");
    if (run->full && strcmp(run->diag.key, "feel.exhausted") != 0) {
        diag_set(&run->diag, "");
        feel_run_exhausted(run, run->steps_left < 0 ? "steps" : "memory");
    }
    return run->full;
}

bool feel_run_spend(FeelRun *run, int64_t steps)
{
    run->steps_left -= steps;
    if (LIKELY(run->steps_left >= 0)) return true;
    feel_run_exhausted(run, "steps");
    return false;
}

FeelValue *feel_run_values(FeelRun *run, size_t count)
{
    FeelValue *values =
        arena_try_raw(run->arena, count == 0 ? 1 : count, sizeof *values);
    if (values == NULL) feel_run_exhausted(run, "memory");
    return values;
}

bool feel_run_push(FeelRun *run, FeelValue value)
{
    if (UNLIKELY(run->pushed_used == run->pushed_max)) {
        size_t room = run->pushed_max == 0 ? 64 : run->pushed_max * 2;
        FeelValue *wider = room > PUSHED_LIMIT
                               ? NULL
                               : arena_try_raw(run->arena, room, sizeof *wider);
        if (wider == NULL) {
            feel_run_exhausted(run, "memory");
            return false;
        }
        if (run->pushed_used > 0) {
            memcpy(wider, run->pushed, run->pushed_used * sizeof *wider);
        }
        run->pushed = wider;
        run->pushed_max = room;
    }
    run->pushed[run->pushed_used++] = value;
    return true;
}

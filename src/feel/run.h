/*
 * run.h - evaluates a unit of a program, one operation after the other.
 *
 * A FeelRun is a machine for one thread. It has an arena that may be
 * exhausted, a budget of steps and a limit of nesting; each of them ends an
 * evaluation with null and `full`. Errors of FEEL are null as well; the first
 * is kept in `diag`.
 */
#ifndef FEEL_RUN_H
#define FEEL_RUN_H

#include "base/diag.h"
#include "feel/program.h"

typedef enum FeelNote {
    FEEL_NOTE_DECISION,      /* index: a decision begins */
    FEEL_NOTE_DECISION_END,  /* value: its result */
    FEEL_NOTE_UNIT,          /* index: a unit is called by name */
    FEEL_NOTE_UNIT_END,      /* value: its result */
    FEEL_NOTE_USES_INPUT,    /* index, value */
    FEEL_NOTE_USES_DECISION, /* index, value */
    FEEL_NOTE_TABLE,         /* index: a table begins */
    FEEL_NOTE_ROW,           /* index: row; value: its output */
    FEEL_NOTE_TABLE_END,     /* index: table; value: what it gives */
    FEEL_NOTE_ENTRY,         /* index: as compiled; value */
    FEEL_NOTE_KEPT           /* index: a decision that was asked and known */
} FeelNote;

typedef struct FeelRun FeelRun;

/*
 * One step of the trace, as the machine leaves it: which node of the program
 * and the value there. Whoever wants to read it makes texts of it later.
 */
typedef struct FeelNoted {
    int32_t note; /* FeelNote */
    int32_t index;
    FeelValue value;
} FeelNoted;

enum { FEEL_DECISION_NEW, FEEL_DECISION_BUSY, FEEL_DECISION_DONE };

struct FeelRun {
    const FeelProgram *program;
    Arena *arena;
    int64_t steps_left;
    int32_t depth;     /* of calls */
    bool full;         /* arena, steps or depth are exhausted */
    FeelValue *frames; /* slots of all active units */
    size_t frames_used, frames_max;
    FeelValue *pushed;      /* items of open loops and tables */
    FeelValue *pushed_home; /* the block that stays */
    size_t pushed_used, pushed_max;
    const FeelOp *op;       /* being done, for places of errors */
    struct FeelLoop *loops; /* states of open loops */
    size_t loops_used, loops_max;
    FeelValue *inputs;
    FeelValue *decisions;
    uint8_t *decision_state; /* FEEL_DECISION_* */
    bool noting;             /* whether it is traced */
    bool wordy;              /* messages tell the values that stood there */
    bool noted_cut;          /* more was to be noted than there is room for */
    FeelNoted *noted;        /* since the reset */
    size_t noted_used, noted_max;
    Arena *home;    /* where what outlives an evaluation grows */
    int64_t now_us; /* what now() and today() say; 0: null */
    Diag diag;
    const char *builtin; /* the function that is running, for messages */
    int32_t diag_source; /* FeelPlace.source of the diagnostic */
};

enum { FEEL_DEPTH_MAX = 256, FEEL_FRAMES_MAX = 1 << 16 };

/* Bytes of decision_state: those of the decisions, filled up to words. */
size_t feel_run_state_bytes(int32_t decision_count);

/* The memory that a run needs beside its arena, from another arena. */
bool feel_run_init(FeelRun *run, Arena *keep, const FeelProgram *program,
                   int32_t input_count);

/* Forgets the state of an evaluation; inputs and decisions are the owner's. */
void feel_run_reset(FeelRun *run);

/* Calls a unit with arguments (missing ones are null). */
FeelValue feel_run_unit(FeelRun *run, int32_t unit, const FeelValue *args,
                        uint32_t count, const FeelValue *captured);

/* Calls a function value with positional arguments. */
FeelValue feel_run_call(FeelRun *run, FeelValue function, const FeelValue *args,
                        uint32_t count);

/* The value of a decision, computed at most once. */
FeelValue feel_run_decision(FeelRun *run, int32_t decision);

/*
 * The value as one of the type: itself if it conforms; a list's only item,
 * a list of the one item, a date's midnight where the type asks for it; else
 * null.
 */
FeelValue feel_run_coerce(FeelRun *run, FeelValue value, const FeelType *type);

/* Whether a value is of a type; null is of no type but Null. */
bool feel_run_instance(FeelRun *run, FeelValue value, const FeelType *type);

/* Adds a step to the trace; only when `noting`. */
void feel_run_note(FeelRun *run, FeelNote note, int32_t index, FeelValue value);

/* Notes why something became null, if nothing was noted yet; gives null. */
FeelValue feel_run_fail(FeelRun *run, const char *key, const char *detail);

/*
 * Whether memory, steps or depth were used up: then no value of the run is an
 * answer, and the diagnostic says which.
 */
bool feel_run_full(FeelRun *run);

/* Takes steps off the budget; false, and `full` is set, when it is used up. */
bool feel_run_spend(FeelRun *run, int64_t steps);

/* Memory for `count` values; NULL, and `full` is set, when there is none. */
FeelValue *feel_run_values(FeelRun *run, size_t count);

/*
 * Applies one operation of one or two values (arithmetic, comparison, logic,
 * tests, ranges) to operands already fetched.
 */
FeelValue feel_run_apply(FeelRun *run, const FeelOp *op, FeelValue a,
                         FeelValue b);

/* A value's field of that name, and a list's item at a place from 1. */
FeelValue feel_run_field(FeelRun *run, FeelValue value, Str name);
FeelValue feel_run_index(FeelRun *run, FeelValue list, FeelValue index);

/* FEEL's "=": true, false, or null when the two cannot be compared. */
FeelValue feel_equal(FeelRun *run, FeelValue a, FeelValue b);

/* Orders two values; false when FEEL has no order for them. */
bool feel_order(FeelRun *run, FeelValue a, FeelValue b, int *ret);

/* Whether a range contains a value; null when that cannot be said. */
FeelValue feel_range_contains(FeelRun *run, const FeelRange *range,
                              FeelValue value);

#endif

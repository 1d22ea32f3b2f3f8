/*
 * run_int.h - what the files of the evaluator share.
 */
#ifndef FEEL_RUN_INT_H
#define FEEL_RUN_INT_H

#include "feel/run.h"

enum { FEEL_LOOP_LIST, FEEL_LOOP_NUMBERS, FEEL_LOOP_DATES, FEEL_LOOP_NULL };

/* An open loop: over a list, or over whole numbers or days. */
typedef struct FeelLoop {
    FeelValue list;
    FeelValue single; /* the item of what is no list */
    int64_t at;
    int64_t end; /* the last, included; of a list: the count */
    size_t base; /* in run->pushed */
    uint8_t mode;
    int8_t step;
} FeelLoop;

enum {
    FEEL_ZONE_STEPS = 100,     /* what reading a zone's file costs */
    FEEL_TEXT_MAX = 256 << 20, /* bytes of one string */
};

/* Whether it is a time or a date and time in a named zone. */
static inline bool feel_in_zone(FeelValue value)
{
    return (value.kind == FEEL_TIME || value.kind == FEEL_DATE_TIME) &&
           value.as.moment->zone_kind == FEEL_ZONE_NAMED;
}

/* run_state.c: says what is used up; gives null. */
FeelValue feel_run_exhausted(FeelRun *run, const char *what);

/* run_state.c: a function is used wrongly, and this is what it takes; null. */
FeelValue feel_run_misused(FeelRun *run, const char *key, Str function,
                           Str parameters);

/*
 * blame.c: why something is null, with the values that stood there, unless a
 * reason is kept already; each gives null. A key with two values; one with a
 * name and a value; a value that is not of a declared type; one without a
 * field.
 */
FeelValue feel_run_blame(FeelRun *run, const char *key, FeelValue a,
                         FeelValue b);
FeelValue feel_run_blame_one(FeelRun *run, const char *key, Str name,
                             FeelValue value);
FeelValue feel_run_blame_type(FeelRun *run, const FeelType *type,
                              FeelValue value);
FeelValue feel_run_blame_field(FeelRun *run, FeelValue value, Str name);

/* blame.c: adds the arguments of a call to a reason just kept. */
void feel_run_blame_arguments(FeelRun *run, const FeelValue *args,
                              uint32_t count);

/* run_value.c */
FeelValue feel_run_range(FeelRun *run, FeelValue low, FeelValue high,
                         uint16_t flag);

/* run_state.c: the items that loops and tables have made and not yet given. */
bool feel_run_push(FeelRun *run, FeelValue value);

/* table.c: closes a table whose matched rows lie at run->pushed[base]. */
FeelValue feel_table_close(FeelRun *run, int32_t table, size_t base,
                           FeelValue otherwise);

#endif

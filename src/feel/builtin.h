/*
 * builtin.h - the functions that FEEL brings along.
 *
 * Each has one or more forms of parameters, by which named arguments find
 * their places. Arguments are brought to the wanted kinds before the function
 * runs: a list of one item becomes the item, an item a list of one.
 */
#ifndef FEEL_BUILTIN_H
#define FEEL_BUILTIN_H

#include "feel/run.h"

enum { FEEL_ARGS_MAX = 255 };

typedef FeelValue FeelBuiltinFn(FeelRun *run, const FeelValue *args,
                                uint32_t count);

typedef struct FeelBuiltin {
    const char *name;
    /* Forms by ";", names by ",": "list;c1...". "..." takes all that follow. */
    const char *params;
    /*
     * One letter for each parameter of the first form: n number, s string,
     * b boolean, l list, c context, f function, r range, t any temporal, d
     * date or date and time, u duration, * anything. A capital letter also
     * takes null. "" leaves all checks to the function.
     */
    const char *kinds;
    uint8_t min;
    uint8_t max;
    uint8_t result; /* FeelKind */
    FeelBuiltinFn *run;
} FeelBuiltin;

/* All of them, 0 <= index < count. */
int32_t feel_builtin_count(void);
const FeelBuiltin *feel_builtin_at(int32_t index);

/* The built-in of that name, or -1. */
int32_t feel_builtin_find(Str name);

/*
 * Where an argument of that name goes, in a form that has all `count` names,
 * in their order if there is one (before(point, range), before(range, point));
 * false when there is none. `ret_places` gets one index for each name.
 */
bool feel_builtin_places(const FeelBuiltin *builtin, const Str *names,
                         uint32_t count, int32_t *ret_places);

/* Runs one on arguments as given; null with a diagnostic on misuse. */
FeelValue feel_builtin_call(FeelRun *run, int32_t index, const FeelValue *args,
                            uint32_t count);

#endif

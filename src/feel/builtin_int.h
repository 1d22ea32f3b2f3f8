/*
 * builtin_int.h - the functions behind the names, and what they share.
 */
#ifndef FEEL_BUILTIN_INT_H
#define FEEL_BUILTIN_INT_H

#include "feel/builtin.h"
#include "feel/run_int.h"

#define BUILTIN(id, name, params, kinds, min, max, result)                     \
    FeelValue feel_fn_##id(FeelRun *run, const FeelValue *args, uint32_t count);
#include "feel/builtins.def"
#undef BUILTIN

/*
 * The items that a function of many things was given: those of its only
 * argument if that is a list, else the arguments. False for null.
 */
bool feel_given(const FeelValue *args, uint32_t count, FeelValue *ret_list);

/* A text made in a buffer, kept in the arena of the run. Frees the buffer. */
FeelValue feel_kept_text(FeelRun *run, Buf *text);

/* As "wrong argument": null. */
FeelValue feel_misused(FeelRun *run);

/* A number for a position or scale, its fraction cut off; false: not one. */
bool feel_cut_to_int(FeelRun *run, FeelValue value, int64_t *ret);

/* regex.c: XPath patterns. */
FeelValue feel_regex_matches(FeelRun *run, Str input, Str pattern, Str flags);
FeelValue feel_regex_replace(FeelRun *run, Str input, Str pattern,
                             Str replacement, Str flags);
FeelValue feel_regex_split(FeelRun *run, Str input, Str pattern);

#endif

/*
 * outline.h - in what order a decision is explained to a person.
 *
 * A model is written for those who must get it right; a person wants the
 * result, an arithmetic that he can follow with a pencil, the conditions and
 * what he can do. A programme's explanation.tsv names, line by line, which
 * decisions of the model tell this. It computes nothing: every number shown
 * is the value that a decision had, and tests prove that the lines add up.
 *
 *     what       name               more                   when
 *     step       its result         -                      -
 *     +  -  /    a decision         a decision to multiply by
 *     cap        no more than this decision
 *     round      its result         decimals
 *     least      its result         nothing below this
 *     =          what the lines give so far
 *     note       a decision that does not enter the sum
 *     parts      a list of {person, kind, amount, note}: what the line above
 *                is made of      kinds, by commas, or *
 *     check      a condition: a decision that refuses when true
 *                                   kinds of facts it stands on, by commas
 *     remedy     a text             decisions of law, by semicolons
 *     order      of the reasons: a decision cited where several hold
 *
 * `when` is eligible, refused, failed (of a check), a code of refusal or a
 * decision, whose value must then be something: not null, 0, false or empty.
 * Lines of +, - and note that are nothing are left out.
 */
#ifndef PROGRAMME_OUTLINE_H
#define PROGRAMME_OUTLINE_H

#include "base/err.h"
#include "dmn/dmn.h"

enum { OUTLINE_ITEMS_MAX = 256, OUTLINE_NONE = -1 };

typedef enum OutlineWhat {
    OUTLINE_STEP,
    OUTLINE_PLUS,
    OUTLINE_MINUS,
    OUTLINE_DIVIDE,
    OUTLINE_CAP,
    OUTLINE_ROUND,
    OUTLINE_LEAST,
    OUTLINE_EQUALS,
    OUTLINE_NOTE,
    OUTLINE_PARTS,
    OUTLINE_CHECK,
    OUTLINE_REMEDY,
    OUTLINE_ORDER
} OutlineWhat;

typedef struct OutlineItem {
    OutlineWhat what;
    Str name;           /* of the decision, or of a remedy */
    int32_t decision;   /* in the model; OUTLINE_NONE of a remedy */
    int32_t times;      /* a second decision, or OUTLINE_NONE */
    Str more;           /* kinds of parts or facts, a remedy's decisions */
    Str when;           /* empty: always */
    int32_t when_value; /* the decision that `when` names, or OUTLINE_NONE */
} OutlineItem;

typedef struct Outline {
    const OutlineItem *items;
    size_t count;
} Outline;

/*
 * Reads an outline; an empty text is an outline of nothing.
 *
 * in     tsv: outlives the outline; file: for messages
 * errs   ERR_INVALID: outline.columns, outline.what, outline.decision or
 *        outline.place (a line before its step), with file and line
 *        ERR_FULL: outline.long
 */
NODISCARD Err outline_load(Arena *arena, const DmnModel *model, Str file,
                           Str tsv, Diag *diag, Outline *ret);

#endif

/*
 * explain_int.h - what the files of the explanation share.
 */
#ifndef SERVICE_EXPLAIN_INT_H
#define SERVICE_EXPLAIN_INT_H

#include "dmn/trace.h"
#include "service/explain.h"

/* What is being explained, and to whom. */
typedef struct Explainer {
    Arena *arena;
    const TextStyle *style;
    const Programme *programme;
    const Citations *citations;
    const Book *book;          /* for the names of persons */
    const InputRecord *record; /* its members, as the model counts them */
    Month month;
    const Verdict *verdict;
    const DmnModel *model;
    const DmnStep *trace;
    size_t trace_count;
    const int32_t *step; /* by decision: index into `trace`, or -1 */
    TextArg *args;       /* the value of every decision, by its name */
    size_t arg_count;
    DmnEval *before; /* the month before, for what the law said then */
} Explainer;

/* explain_words.c */

/* The step in which a decision was decided, or NULL. */
const DmnStep *explain_step_of(const Explainer *at, int32_t decision);

/* The value that a decision had; null when it was not needed. */
FeelValue explain_value_of(const Explainer *at, int32_t decision);

/* Whether a value is something: not null, 0, false or empty. */
bool explain_is_something(FeelValue value);

/* Whether a decision's value is an amount. */
bool explain_is_money(const Explainer *at, Str name);

/* A value for people; the name of its decision tells its unit. */
Str explain_value_words(const Explainer *at, Str name, FeelValue value);

/* Fills Explainer.args; before anything that writes texts. */
void explain_collect_values(Explainer *at);

/*
 * The text "<group>.<programme>.<name>" with the values of decisions in it;
 * at NULL when there is no such text.
 */
Str explain_text(const Explainer *at, const char *group, Str name);

/* The same with one more argument before the others. */
Str explain_text_with(const Explainer *at, const char *group, Str name,
                      TextArg arg);

/* The label of a decision; its name when there is no text. */
Str explain_label(const Explainer *at, Str name);

/* The name of a person on the month's first day, "Person 7" without one. */
Str explain_person(Arena *arena, const TextStyle *style, const Book *book,
                   int64_t person_id, Month month);

/*
 * Whether somebody stated a fact of one of these kinds, by commas, of the
 * household or its head on the month's first day; true without a kind. What
 * nobody stated a decision sees as something that does not refuse, and an
 * explanation must not tell that as a fact.
 */
bool explain_is_stated(const Explainer *at, Str kinds);

/* explain_law.c */

/* What a row of some decisions cites: one list for a step or condition. */
typedef struct RowList {
    ExplainRow *row;
    size_t count, room;
    bool *seen; /* by decision */
} RowList;

RowList explain_rows_make(const Explainer *at);

/*
 * Adds the rows of law that a decision rests on: its own, if it is a table,
 * otherwise those of the tables that it used, by itself or through decisions
 * that are no step of the outline and had an effect.
 */
void explain_rows_add(const Explainer *at, int32_t decision, RowList *rows);

/* Whether the outline has a step of its own for a decision. */
bool explain_has_step(const Explainer *at, int32_t decision);

/* Whether some row is not confirmed. */
bool explain_rows_doubt(ExplainRows rows);

/* The provision of the row that gave a code, or NULL; and its words. */
const Citation *explain_code_citation(const Explainer *at, Str code);
Str explain_citation_words(const Explainer *at, const Citation *citation);

/* explain_steps.c */

/* Steps, conditions and remedies, in the order of the outline. */
void explain_collect_steps(Explainer *at, Explanation *ret);

/* explain_past.c */

/* The decision on the same month before the one in force. */
NODISCARD Err explain_find_replaced(StoreConn *conn, Arena *arena,
                                    const char *programme, Explanation *ret);

#endif

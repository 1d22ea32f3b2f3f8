/*
 * policy_words.h - a model in the reader's words: what decisions are called,
 * figures with their units, cells, provisions.
 */
#ifndef WEB_POLICY_WORDS_H
#define WEB_POLICY_WORDS_H

#include "web/pages_policy.h"
#include "web/policy.h"
#include "web/visit.h"

/* What figures of a decision are. */
typedef enum PolicyUnit {
    POLICY_PLAIN,
    POLICY_MONEY, /* riyals */
    POLICY_SHARE  /* a part of one, shown as a percentage */
} PolicyUnit;

/* What a decision or an input is called; its name in the model without. */
Str policy_label(const Visit *visit, const PolicyModel *model, Str name);

/* The name of an annotation column for readers, where it is one of those that
 * say where a row stands; else as it is. */
Str policy_note_label(const Visit *visit, Str name);

/* The unit of a decision's figures. */
PolicyUnit policy_unit(const Visit *visit, const PolicyModel *model, Str name);

/* An exact number, "1320", as people write it: "1,320.00 SAR", "50 %". */
Str policy_number(Visit *visit, PolicyUnit unit, Str digits);

/* A value of a decision. */
Str policy_value(Visit *visit, const PolicyModel *model, Str name,
                 FeelValue value);

/*
 * A cell of a table in words: numbers with the unit of the decision, codes by
 * what they are called. False, and nothing filled, when it is no literal, or
 * more than one.
 */
bool policy_cell_words(Visit *visit, const PolicyModel *model, Str name,
                       Str cell, Str *ret);

/* Where a row stands and how well it is known, from its annotations. */
void policy_cite(Visit *visit, const Policy *policy, const PolicyModel *model,
                 const SheetItem *item, const SheetTable *table, int32_t row,
                 PageTableRow *ret);

/* A model for the head of a page. */
PageModelLine policy_line(Visit *visit, const PolicyModel *model);

#endif

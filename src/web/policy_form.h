/*
 * policy_form.h - the form of a simulation: a month, and up to three
 * scenarios, each of figures of the law that are to be otherwise.
 *
 * All of it stands in the address, so that a simulation can be kept as a
 * bookmark and handed on: month=2026-12, a.basic_minimum_head=1500, and b.
 * and c. for the second and the third scenario. What is as the law has it is
 * left out.
 */
#ifndef WEB_POLICY_FORM_H
#define WEB_POLICY_FORM_H

#include "text/number.h"
#include "web/policy_words.h"

enum {
    SCENARIOS_MAX = 3,
    FIGURES_MAX = 20, /* three of each fit into a form */
    MISTAKES_MAX = 12
};

/* A figure of the law that may be tried otherwise. */
typedef struct Figure {
    const SheetItem *item;
    Str label;
    PolicyUnit unit;
    bool truth;    /* yes or no, in place of a number */
    Str law;       /* in force: "1320", of a share "50"; empty: none */
    Str law_words; /* "1,320.00 SAR" */
} Figure;

/* What a scenario has otherwise, by figure. */
typedef struct Scenario {
    Str typed[FIGURES_MAX]; /* as it was, or the law's */
    bool changed[FIGURES_MAX];
    bool wrong[FIGURES_MAX];
    Str value[FIGURES_MAX]; /* of what is changed: plain digits */
    int32_t change_count;
} Scenario;

typedef struct PolicyForm {
    const PolicyModel *model;
    Month month;
    Str month_typed;
    Figure figure[FIGURES_MAX];
    int32_t figure_count;
    Scenario scenario[SCENARIOS_MAX];
    int32_t scenario_count; /* shown, 1 at least */
    Str show;               /* which of the results are drawn */
    PageMistake mistake[MISTAKES_MAX];
    size_t mistake_count;
    Str address;   /* the query that says the same and no more */
    bool needless; /* the query that came said more */
} PolicyForm;

/*
 * Reads the form of a request's query; mistakes are in it, in the reader's
 * language. A figure is offered when the decision of the programme needs it
 * and it is a number, or yes or no, in the month.
 *
 * in     model: of the law of the form's month
 * out    ret: with its month
 */
void policy_form_read(Visit *visit, const PolicyModel *model, PolicyForm *ret);

/* Reads the month of a request's query into an empty form: the law of that
 * month is then what the rest is read by. in: first: months before it are not
 * known */
void policy_form_month(Visit *visit, Month first, PolicyForm *ret);

/* What a scenario sets, as reform_set() wants it; gives their number. */
int32_t policy_form_sets(Visit *visit, const PolicyForm *form, int32_t scenario,
                         Str ret[FIGURES_MAX]);

/* The same in words: "Basic minimum for the head: 1,500.00 SAR". */
int32_t policy_form_words(Visit *visit, const PolicyForm *form,
                          int32_t scenario, Str ret[FIGURES_MAX]);

/* A decimal without needless zeros: "1320", "0.5". */
Str policy_form_digits(Visit *visit, Decimal value);

/* What was typed for a figure, as plain digits. False: it is wrong, and `key`
 * is that of the text that says how. */
bool policy_form_value(Visit *visit, const Figure *figure, Str typed, Str *ret,
                       const char **key);

/* A value as an expression: shares are parts of one in the model. */
Str policy_form_expression(Visit *visit, const Figure *figure, Str value);

/* Adds a mistake of a field, with its text. */
void policy_form_mistake(Visit *visit, PolicyForm *form, Str field,
                         const char *key, const TextArg *args, size_t count);

#endif

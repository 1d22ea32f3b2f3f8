/*
 * policy_ask.h - pages of the policy desk that ask the lab: what is answered
 * within a moment is shown at once, of all else how far it is, with a button
 * that cancels it.
 *
 * The address of a page says what is asked; with a job's number behind it
 * ("&job=7") the page looks on and asks nothing, so that a page that reloads
 * itself starts nothing anew.
 */
#ifndef WEB_POLICY_ASK_H
#define WEB_POLICY_ASK_H

#include "simulation/lab.h"
#include "web/policy_form.h"

enum { POLICY_MOMENT_MS = 1000 };

/* What a page asks; the first part of its own state. */
typedef struct PolicyAsk {
    const char *page; /* the last part of its path: "simulate" */
    PolicyForm form;
    Str address; /* that says the same and no more */
    LabLaw law;
    LabQuestion question[LAB_ASKS_MAX];
    int32_t count;
    bool found; /* there are answers: */
    LabAnswer answer[LAB_ASKS_MAX];
    int64_t job;
    int64_t micros;  /* they took; 0: they were kept */
    PageState state; /* shown in their place */
    /* Shows the page with what there is. */
    void (*show)(Visit *visit, int status);
} PolicyAsk;

/*
 * Begins a page: who comes, and what the form of its address says.
 *
 * in     page: a constant
 * out    ask: without questions; its address is of the form alone.
 *        NULL, with the reply filled, when there is nobody to ask
 */
Visit *policy_ask_begin(HttpRequest *request, const char *page, PolicyAsk *ask);

/* The address of a page of the desk, with its query. */
Str policy_ask_address(Visit *visit, const char *page, Str query);

/* What stands around the page of a question. */
PageFrame policy_ask_frame(Visit *visit, const PolicyAsk *ask,
                           const char *title);

/* The same question in the desk's other pages. */
PageTries policy_ask_tries(Visit *visit, const PolicyAsk *ask);

/* "Scenario B", and what the scenarios of a form change, in words. */
Str policy_ask_name(Visit *visit, int32_t scenario);
const PageSummary *policy_ask_summaries(Visit *visit, const PolicyForm *form);

/* Answers a request by its question; visit->state is the page's. */
void policy_ask(Visit *visit, PolicyAsk *ask);

/* The address of the answers as a table for spreadsheets. */
Str policy_ask_file(Visit *visit, const PolicyAsk *ask);

/* Gives the table that is in the body; what is not there within a moment is
 * waited for on the page. */
void policy_ask_give(Visit *visit, const PolicyAsk *ask, int status);

/* POST /p/stop: cancels a job, and goes back to its page. */
void policy_stop(HttpRequest *request);

#endif

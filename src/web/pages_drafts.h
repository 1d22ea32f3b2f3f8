/*
 * pages_drafts.h - the pages of a draft's life at the policy desk.
 */
#ifndef WEB_PAGES_DRAFTS_H
#define WEB_PAGES_DRAFTS_H

#include "web/pages_policy.h"

typedef struct PageDraftLine {
    Str id;
    Str title;
    Str state;
    Str model;
    Str by;
    Str when;
    Str from; /* empty: not asked for yet */
    bool live;
} PageDraftLine;

/* A model from which a draft may be begun. */
typedef struct PageChoice {
    Str name;
    Str title;
    bool chosen;
} PageChoice;

typedef struct PageDrafts {
    PageFrame frame;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    const PageDraftLine *drafts;
    size_t drafts_count;
    bool any_drafts;
    const PageChoice *models;
    size_t models_count;
    Str title; /* as typed */
    Str month;
    bool wrong_title, wrong_month;
} PageDrafts;

/* A difference; its head is empty when it is of the element before. */
typedef struct PageChange {
    Str head;
    Str text;
} PageChange;

/* A published version that holds no more behind the draft's month. */
typedef struct PageUndone {
    Str version;
    Str from;
    Str title;
    Str draft; /* its id */
    const PageChange *changes;
    size_t changes_count;
    bool any_changes;
} PageUndone;

typedef struct PageDraftStep {
    Str when;
    Str by;
    Str what;
    Str save;
    Str from;
    Str text;
} PageDraftStep;

typedef struct PageDraft {
    PageFrame frame;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    PageDraftLine line;
    Str save;
    Str step;   /* what an approval names as read */
    Str reason; /* that was given when it was submitted */
    Str reason_for;
    Str covers; /* months that are decided; empty: none */
    const PageUndone *undone;
    size_t undone_count;
    bool any_undone;
    bool open, review, approved;
    const PageChange *changes;
    size_t changes_count;
    bool any_changes;
    Str fault; /* for which it cannot be submitted; empty: none */
    const PageFinding *findings;
    size_t findings_count;
    bool any_findings;
    const PageItem *items;
    size_t items_count;
    const PageDraftStep *steps;
    size_t steps_count;
    Str month; /* as typed */
    Str why;
    Str words;
    bool wrong_month, wrong_why, wrong_words;
} PageDraft;

/* A cell to be typed. */
typedef struct PageInput {
    Str id;
    Str name;
    Str label;
    Str value;
    bool note; /* words for people; anything else is an expression */
    bool high; /* more than a line */
} PageInput;

typedef struct PageInputRow {
    Str number;
    const PageInput *cells;
    size_t cells_count;
    const PageFinding *findings;
    size_t findings_count;
    bool first, last;
} PageInputRow;

/* A part of a boxed expression; what cannot be typed is the head of others. */
typedef struct PagePart {
    Str number;
    Str label; /* of an entry or a parameter; may be empty */
    Str depth; /* "0", "1" .., for its class */
    Str form;  /* what it is, for people; empty: nothing to say */
    const PageInput *cells;
    size_t cells_count;
    Str row;      /* of a relation; empty: it is none */
    bool typed;   /* it has cells */
    bool by_file; /* it cannot be edited here */
} PagePart;

typedef struct PageDraftRule {
    PageFrame frame;
    const PageMistake *mistakes;
    size_t mistakes_count;
    bool wrong;
    PageDraftLine line;
    Str save;
    Str item; /* its id */
    Str label;
    Str name;
    bool saved; /* just now */
    bool open;
    Str fault;
    const PageFinding *findings; /* not in a row */
    size_t findings_count;
    bool any_findings;
    bool table;
    const PageInputRow *rows;
    size_t rows_count;
    bool dated;
    Str since;
    const PageInput *since_cells;
    size_t since_cells_count;
    bool parts;
    const PagePart *all_parts;
    size_t all_parts_count;
    bool expression;
    Str code;
    bool by_file; /* it cannot be edited here */
    bool stale;   /* what was typed stands apart */
    bool stale_by_row, stale_by_part, stale_since;
    Str stale_row;
    Str stale_was;
    const PageInput *stale_cells;
    size_t stale_cells_count;
} PageDraftRule;

/* All drafts, and the form that begins one. */
void page_drafts(Out *out, const PageDrafts *page);
/* A draft: its state, what it changes, its check, its history. */
void page_draft(Out *out, const PageDraft *page);
/* A decision of a draft, to be edited. */
void page_draft_rule(Out *out, const PageDraftRule *page);

#endif

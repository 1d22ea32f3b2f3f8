/*
 * policy_drafts.h - the policy desk's pages of drafts: their list, the life of
 * one, and its decisions to be edited.
 */
#ifndef WEB_POLICY_DRAFTS_H
#define WEB_POLICY_DRAFTS_H

#include "web/policy_words.h"

enum { DRAFT_PAGE_BYTES = 512 << 20 };

/* A draft as a page is made of it, in an arena of its own: models and their
 * check need more room than a request has. */
typedef struct DraftReader {
    Visit *visit;
    Arena *work;
    const PolicyModel *model; /* in force, by which decisions are called */
    BackendDraft found;
    DmnCheck check;
    Str fault; /* the first error, with its place; empty: none */
} DraftReader;

/* GET and POST /p/drafts: all of them; begins one. */
void policy_drafts(HttpRequest *request);
void policy_draft_begin(HttpRequest *request);

/* GET and POST /p/drafts/{number}: one; what somebody does to it. */
void policy_draft(HttpRequest *request);
void policy_draft_act(HttpRequest *request);

/* GET and POST /p/drafts/{number}/decisions/{id}: a decision of it; edits. */
void policy_draft_rule(HttpRequest *request);
void policy_draft_edit(HttpRequest *request);

/*
 * Reads the draft of the address and checks it.
 *
 * in     work: outlives what is read
 * errs   ERR_NOT_FOUND, and as desk_draft_read(); visit->diag says why
 */
NODISCARD Err policy_draft_open(Visit *visit, Arena *work, DraftReader *ret);

/* Its head: title, state. */
PageDraftLine policy_draft_line(Visit *visit, const Draft *draft);

/* What visit->diag says, with the place of the fault before it. */
Str policy_draft_fault(Visit *visit, const PolicyModel *model, const Diag *diag,
                       const EditPlace *place);

/* Who may come to the drafts, or NULL with the reply filled. */
Visit *policy_draft_require(HttpRequest *request);

/* Whether an outcome is to be told within the page, its form kept. */
bool policy_draft_tells(const Visit *visit);

#endif

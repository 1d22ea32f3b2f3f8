/*
 * drafts.h - drafts of the law for the policy desk: what is read of them and
 * what is done to them, over service/draft.h.
 */
#ifndef WEB_DRAFTS_H
#define WEB_DRAFTS_H

#include "service/draft.h"
#include "service/draft_undo.h"

/* What somebody does to a draft. */
typedef enum BackendDraftVerb {
    DRAFT_DO_BEGIN,
    DRAFT_DO_EDIT,
    DRAFT_DO_SUBMIT,
    DRAFT_DO_COMMENT,
    DRAFT_DO_RETURN,
    DRAFT_DO_WITHDRAW,
    DRAFT_DO_APPROVE,
    DRAFT_DO_PUBLISH,
    DRAFT_VERBS
} BackendDraftVerb;

typedef struct BackendDraftStep {
    BackendDraftVerb verb;
    int64_t id;       /* of DRAFT_DO_BEGIN: of the new draft */
    const char *path; /* of DRAFT_DO_BEGIN */
    Str text;         /* what he says; the title of a new one */
    /* Of DRAFT_DO_SUBMIT; of DRAFT_DO_BEGIN: the month whose law is changed,
     * DRAFT_NO_MONTH for the newest. */
    Month from;
    /* The newest text that he had before him; of a comment it is no matter. */
    int32_t save;
    int32_t newest;    /* of DRAFT_DO_APPROVE: the newest step before him */
    const Edit *edits; /* of DRAFT_DO_EDIT, one behind the other */
    size_t edit_count;
    EditPlace place;          /* given back: of the fault that refuses it */
    DraftPublished published; /* given back */
} BackendDraftStep;

typedef struct BackendDrafts {
    const Draft *drafts; /* the latest first */
    size_t draft_count;
} BackendDrafts;

typedef struct BackendDraft {
    Draft draft;
    const DraftStep *steps;
    size_t step_count;
    Str text;         /* the newest */
    Str base_text;    /* of the law from which it was begun */
    const Pack *base; /* that law */
    DraftUndoings undone;
} BackendDraft;

/*
 * A draft with its newest text and its history.
 *
 * in     law: that the program carries
 * errs   as draft_get(), draft_text(), draft_steps(), pack_find(),
 *        draft_undone()
 */
NODISCARD Err desk_draft_read(StoreConn *conn, Arena *arena, const Pack *law,
                              int64_t id, Diag *diag, BackendDraft *ret);

/* A published version that will hold from a coming month. */
typedef struct BackendNext {
    Month from;
    int64_t draft_id; /* of which it was made */
    Str title;
    Str path; /* of the model that it changes */
} BackendNext;

typedef struct BackendComing {
    const BackendNext *at; /* by version */
    size_t count;
} BackendComing;

/*
 * The versions that begin behind a month, but for those that another takes
 * the place of before they do.
 *
 * errs   as law_versions(), draft_get()
 */
NODISCARD Err desk_law_read(StoreConn *conn, Arena *arena, Month month,
                            Diag *diag, BackendComing *ret);

/* A step at work. */
typedef struct DraftWork {
    Arena *arena; /* whole laws are read and checked: more than a request has */
    const Pack *law; /* that the program carries */
    const Actor *by;
    Instant now;
    BackendDraftStep *step;
    DraftText checked;
} DraftWork;

/*
 * Does what of a step can be done without a turn: the text is read that is to
 * be submitted or published; then the one is checked and the other made.
 *
 * in     conn: a reader; arena: for what is given back
 * errs   as the functions of draft.h
 *        ERR_CONFLICT (draft.newer): there is a newer text than he saw
 */
NODISCARD Err desk_draft_text(StoreConn *conn, DraftWork *work, Diag *diag);
NODISCARD Err desk_draft_check(DraftWork *work, Arena *arena, Diag *diag);

/*
 * Does the step, in the open transaction.
 *
 * errs   as the functions of draft.h and edit_apply(), and draft.newer
 */
NODISCARD Err desk_draft_do(StoreConn *tx, DraftWork *work, Diag *diag);

#endif

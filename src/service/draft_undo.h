/*
 * draft_undo.h - which published versions a draft undoes: from their months
 * on its text would hold, or holds since it was published, in place of theirs.
 *
 * A draft begins from the text of its own first month, so it has nothing of
 * what a version changes that begins later. Whoever submits, approves or
 * publishes it is told each of these versions with what changes against it.
 */
#ifndef SERVICE_DRAFT_UNDO_H
#define SERVICE_DRAFT_UNDO_H

#include "programme/diff.h"
#include "service/draft_read.h"

/* A model that would say something else from the version's month on. */
typedef struct DraftLoss {
    Str path;
    ModelDiff diff; /* old: the version; now: the draft, or its base */
} DraftLoss;

typedef struct DraftUndone {
    int64_t version;
    Month from;
    int64_t draft_id; /* of which the version was made */
    Str title;
    const Pack *pack;        /* its law, without models */
    const DraftLoss *losses; /* none: the draft says all of it, too */
    size_t loss_count;
} DraftUndone;

typedef struct DraftUndoings {
    const DraftUndone *at; /* by version */
    size_t count;
} DraftUndoings;

/*
 * The versions that hold behind the draft's month and would hold no more; of
 * a published draft those that held until then. None before a month is asked
 * for, and none of one that was withdrawn.
 *
 * in     carried: the law where no version is published
 * out    ret: in the arena
 * errs   as draft_text(), pack_names() and model_diff()
 */
NODISCARD Err draft_undone(StoreConn *conn, Arena *arena, const Pack *carried,
                           const Draft *draft, Diag *diag, DraftUndoings *ret);

#endif

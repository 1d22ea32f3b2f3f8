/*
 * draft_read.h - what is stored of drafts: their state, their texts, and every
 * step with who did it and when (draft.h does them).
 */
#ifndef SERVICE_DRAFT_READ_H
#define SERVICE_DRAFT_READ_H

#include "access/access.h"
#include "programme/law.h"

enum { DRAFTS_MAX = 10000, DRAFT_NO_MONTH = INT32_MIN };

typedef enum DraftState {
    DRAFT_OPEN,
    DRAFT_REVIEW,
    DRAFT_APPROVED,
    DRAFT_PUBLISHED,
    DRAFT_WITHDRAWN,
    DRAFT_STATES
} DraftState;

/* "draft", "review" .. as in the table; their texts are draft.state.WORD. */
const char *draft_state_name(DraftState state);

typedef struct Draft {
    int64_t id;
    Str path; /* of the model in its pack */
    Str title;
    int64_t base_pack;
    DraftState state;
    int32_t save; /* the newest text, from 1 */
    int32_t step; /* the newest step, from 1 */
    Month from;   /* DRAFT_NO_MONTH: not asked for yet */
    Str reason;   /* why months that are decided change; empty: none do */
    /* What it was submitted over: the months from its own on that were decided
     * then, "2026-01 2026-02", and the newest version of the law. Its reason
     * speaks of these and of nothing that came later. */
    Str covers;
    int64_t newest;
    Str last_by; /* who did the newest step, and when; of draft_list() */
    Instant last_at;
} Draft;

typedef struct DraftStep {
    int32_t step;
    Str what; /* "created", "saved" ..; their texts are draft.step.WORD */
    int32_t save;
    int64_t actor_id;
    Str actor;
    Instant at;
    Str text; /* what he said */
    Month from;
    Hash hash; /* of the newest text then */
} DraftStep;

/*
 * Read: one draft, one of its texts, all drafts, the steps of one.
 *
 * out    in the arena
 * errs   ERR_NOT_FOUND (draft.none, draft.no_save); ERR_CONFLICT: a text does
 *        not have its hash (draft.damaged); ERR_FULL, ERR_IO, ERR_BUSY
 */
NODISCARD Err draft_get(StoreConn *conn, Arena *arena, int64_t id, Diag *diag,
                        Draft *ret);
NODISCARD Err draft_text(StoreConn *conn, Arena *arena, int64_t id,
                         int32_t save, Diag *diag, Str *ret);
NODISCARD Err draft_list(StoreConn *conn, Arena *arena, Draft **ret,
                         size_t *ret_count);
NODISCARD Err draft_steps(StoreConn *conn, Arena *arena, int64_t id,
                          DraftStep **ret, size_t *ret_count);

/*
 * The pack of the newest version, else `base`: what drafts are begun from.
 *
 * errs   as pack_find()
 */
NODISCARD Err draft_head(StoreConn *conn, Arena *arena, const Pack *base,
                         Diag *diag, const Pack **ret);

#endif

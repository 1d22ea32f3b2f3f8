/*
 * draft.h - a new text of a model on its way into force.
 *
 * A draft begins as the text of a model in the newest law, or in that of a
 * month before it, and holds from a month in which that law does. Officers
 * save new texts of it, each of which is kept; one submits it with the month
 * from which it shall hold; another person, who wrote no word of it, approves
 * it; then it is published: a new version of the law (programme/law.h), which
 * decides the months from then on. A published draft is never edited or taken
 * back: the next one takes its place.
 *
 *     draft -> review -> approved -> published
 *       ^________/___________/            any but the last -> withdrawn
 *
 * Every step is checked by permissions.def, kept with who, when and what he
 * said, and leaves an audit leaf, all in the caller's transaction. Steps on
 * drafts take turns; who comes second finds another state, or another newest
 * text than the one that he had before him, and is refused.
 */
#ifndef SERVICE_DRAFT_H
#define SERVICE_DRAFT_H

#include "decision/decide.h"
#include "programme/edit.h"
#include "service/draft_read.h"

enum { DRAFT_BYTES_MAX = 16 << 20, DRAFT_WORDS_MAX = 4000 };

/* Who does something to a draft. */
typedef struct DraftAct {
    StoreConn *tx;
    Arena *arena;
    const Pack *base; /* the law where no version is published */
    int64_t draft_id;
    const Actor *by; /* has proved who he is */
    Str text;        /* what he says; empty: nothing */
    Instant now;
    Diag *diag;
} DraftAct;

/*
 * The newest text of a draft, checked before a turn is taken for it: a large
 * model takes seconds, in which others shall not wait.
 */
typedef struct DraftText {
    int32_t save;
    Str path, text;
    const Pack *base;
    const Pack *pack; /* with the text in it; NULL: not checked */
    DmnCheck found;   /* by draft_check() */
} DraftText;

/* What became of a published draft. */
typedef struct DraftPublished {
    int64_t version;
    int64_t pack_id;
    Month from;
    /* Months that are decided by an earlier version until they are determined
     * again; DRAFT_NO_MONTH: none. */
    Month again_from, again_until;
} DraftPublished;

/*
 * Begins a draft of the model at `path`; act->draft_id is its new id,
 * act->text its title.
 *
 * in     month: whose law is changed; DRAFT_NO_MONTH: the newest law
 * errs   ERR_DENIED, ERR_INVALID (draft.words, draft.one_line)
 *        ERR_NOT_FOUND: no such model (draft.no_model)
 *        ERR_IO, ERR_BUSY, ERR_FULL
 * tables writes draft, draft_save, draft_step, audit_pending
 */
NODISCARD Err draft_begin(const DraftAct *act, const char *path, Month month);

/*
 * Keeps a new text.
 *
 * in     expected: the newest text that the author had before him
 * errs   ERR_DENIED, ERR_NOT_FOUND
 *        ERR_CONFLICT: it is no draft any more (draft.state), or somebody
 *        saved meanwhile (draft.newer)
 *        ERR_INVALID: it is no model (xml.*, dmn.not_dmn), or too long, or
 *        says what is there already (draft.same)
 *        ERR_IO, ERR_BUSY, ERR_FULL
 * tables as draft_begin()
 */
NODISCARD Err draft_save(const DraftAct *act, int32_t expected, Str model);

/*
 * Reads the newest text of a draft to be submitted or to be published; then
 * checks it to be submitted, or makes the law of it that is published. Neither
 * needs a turn, and the latter two no connection.
 *
 * in     act->tx: any connection
 * out    ret_place: the cell of the fault that refuses it
 * errs   as draft_save(); ERR_INVALID also: the model is at fault or the law
 *        would not load with it, or draft.no_change
 */
NODISCARD Err draft_read_text(const DraftAct *act, DraftState state,
                              DraftText *ret);
NODISCARD Err draft_check(const DraftAct *act, DraftText *text,
                          EditPlace *ret_place);
NODISCARD Err draft_make(const DraftAct *act, DraftText *text);

/*
 * Submits it for review, to hold from a month on.
 *
 * in     act->text: the reason, where months change that are decided or that
 *        a newer version begins behind; checked: by draft_check()
 * errs   as draft_save(); ERR_CONFLICT also: the text is another by now
 *        (draft.newer), another law holds in that month than the one with
 *        which it began (draft.early, draft.stale), draft.closed, draft.before
 */
NODISCARD Err draft_submit(const DraftAct *act, Month from,
                           const DraftText *checked);

/*
 * Says something about it, in any state but the last two; gives it back to
 * its authors; gives it up: each with words.
 *
 * errs   as draft_save(); ERR_INVALID draft.words: without words;
 * draft.one_line
 */
NODISCARD Err draft_comment(const DraftAct *act);
NODISCARD Err draft_return(const DraftAct *act);
NODISCARD Err draft_withdraw(const DraftAct *act);

/*
 * Approves it as it was submitted.
 *
 * in     expected: the newest step that he had before him; behind another one
 *        the text, the month or the reason may be one that he never read
 * errs   ERR_DENIED: he may not, or created, wrote or submitted it
 *        (access.second)
 *        ERR_CONFLICT: something was done to it meanwhile (draft.newer), or
 *        draft.stale, draft.grew, draft.later as draft_publish(); else as
 *        draft_save()
 */
NODISCARD Err draft_approve(const DraftAct *act, int32_t expected);

/*
 * Puts an approved draft into force.
 *
 * in     made: by draft_make()
 * errs   ERR_CONFLICT: another law holds in its month than the one with which
 *        it began (draft.stale), it is not approved, or since it was submitted
 *        a month behind its own was decided or a version published, of which
 *        its reason does not speak (draft.grew, draft.later)
 *        ERR_BUSY: a determination is not at its end (draft.running)
 *        ERR_DENIED, ERR_NOT_FOUND, ERR_IO, ERR_FULL
 * tables as draft_begin(); writes law, pack
 */
NODISCARD Err draft_publish(const DraftAct *act, const DraftText *made,
                            DraftPublished *ret);

#endif

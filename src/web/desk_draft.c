/*
 * desk_draft.c - drafts of the law for policy officers.
 */
#include "web/desk_int.h"
#include "web/drafts.h"

enum { STEP_BYTES = 512 << 20 };

Err desk_draft_read(StoreConn *conn, Arena *arena, const Pack *law, int64_t id,
                    Diag *diag, BackendDraft *ret)
{
    DraftStep *steps;
    *ret = (BackendDraft){.base = law};
    TRY(draft_get(conn, arena, id, diag, &ret->draft));
    TRY(draft_steps(conn, arena, id, &steps, &ret->step_count));
    ret->steps = steps;
    const Draft *draft = &ret->draft;
    TRY(draft_text(conn, arena, id, draft->save, diag, &ret->text));
    if (draft->base_pack != law->id) {
        TRY(pack_find(conn, arena, draft->base_pack, diag, &ret->base));
    }
    const char *path = arena_text(arena, draft->path.at, draft->path.bytes);
    ret->base_text = pack_file(ret->base, path);
    if (ret->base_text.at != NULL) return OK;
    diag_set(diag, "draft.no_model");
    diag_arg_int(diag, id);
    diag_arg(diag, draft->path);
    return ERR_NOT_FOUND;
}

/* Changes cells and rows of the newest text, all of them or none. */
static Err edit(const DraftAct *act, const BackendDraftStep *step)
{
    Str text;
    TRY(draft_text(act->tx, act->arena, step->id, step->save, act->diag,
                   &text));
    for (size_t i = 0; i < step->edit_count; i++) {
        TRY(edit_apply(act->arena, text, &step->edits[i], act->diag, &text));
    }
    return draft_save(act, step->save, text);
}

/* Nobody decides about another text than the one that he read. */
static Err need_newest(const DraftAct *act, const BackendDraftStep *step)
{
    Draft draft;
    TRY(law_turn(act->tx));
    TRY(draft_get(act->tx, act->arena, step->id, act->diag, &draft));
    if (draft.save == step->save) return OK;
    diag_set(act->diag, "draft.newer");
    diag_arg_int(act->diag, step->id);
    return ERR_CONFLICT;
}

static Err act_on(const DraftAct *act, BackendDraftStep *step)
{
    switch (step->verb) {
    case DRAFT_DO_BEGIN:
        return draft_begin(act, step->path, step->from);
    case DRAFT_DO_EDIT:
        return edit(act, step);
    case DRAFT_DO_SUBMIT:
        return draft_submit(act, step->from, &step->place);
    case DRAFT_DO_COMMENT:
        return draft_comment(act);
    case DRAFT_DO_RETURN:
        return draft_return(act);
    case DRAFT_DO_WITHDRAW:
        return draft_withdraw(act);
    case DRAFT_DO_APPROVE:
        return draft_approve(act, step->newest);
    case DRAFT_DO_PUBLISH:
        return draft_publish(act, &step->published);
    case DRAFT_VERBS:
        break;
    }
    return ERR_INVALID;
}

Err desk_draft_do(StoreConn *tx, Arena *arena, const Pack *law, const Actor *by,
                  Instant now, BackendDraftStep *step, Diag *diag)
{
    /* Whole laws are read and checked: more than a request has room for. */
    Arena *work CLEANUP(arena_closep) = arena_open(STEP_BYTES);
    if (work == NULL) return ERR_FULL;
    DraftAct act = {.tx = tx,
                    .arena = work,
                    .base = law,
                    .draft_id = step->id,
                    .by = by,
                    .text = step->text,
                    .now = now,
                    .diag = diag};
    bool blind = step->verb == DRAFT_DO_BEGIN || step->verb == DRAFT_DO_COMMENT;
    if (!blind) TRY(need_newest(&act, step));
    Err err = act_on(&act, step);
    step->place.decision = str_copy(arena, step->place.decision);
    step->place.label = str_copy(arena, step->place.label);
    return err;
}

/* Who is signed in, if he may read models; what he may do to them each step
 * asks. */
static const DeskOwner *officer(const BackendCall *call)
{
    bool may = call->session != NULL && call->session->policy;
    return may ? call->session->own : NULL;
}

Err desk_drafts(void *self, BackendCall *call, BackendDrafts *ret)
{
    Desk *desk = self;
    Draft *drafts;
    if (officer(call) == NULL) return ERR_DENIED;
    StoreConn *conn = desk_reader_take(desk);
    Err err = draft_list(conn, call->arena, &drafts, &ret->draft_count);
    desk_reader_give(desk, conn);
    if (err == OK) ret->drafts = drafts;
    return err;
}

Err desk_draft(void *self, BackendCall *call, int64_t id, BackendDraft *ret,
               Diag *diag)
{
    Desk *desk = self;
    if (officer(call) == NULL) return ERR_DENIED;
    StoreConn *conn = desk_reader_take(desk);
    Err err = desk_draft_read(conn, call->arena, desk->config.context->pack, id,
                              diag, ret);
    desk_reader_give(desk, conn);
    return err;
}

typedef struct Stepping {
    Desk *desk;
    BackendCall *call;
    const DeskOwner *owner;
    BackendDraftStep *step;
    Diag *diag;
} Stepping;

static Err step_change(StoreConn *tx, void *arg, Diag *diag)
{
    const Stepping *stepping = arg;
    const BackendCall *call = stepping->call;
    return desk_draft_do(tx, call->arena, stepping->desk->config.context->pack,
                         &stepping->owner->actor, call->now, stepping->step,
                         diag);
}

static void step_done(void *arg, Err err, const Diag *diag)
{
    const Stepping *stepping = arg;
    if (err != OK) *stepping->diag = *diag;
    stepping->call->done(stepping->call->done_arg, err);
}

Err desk_draft_step(void *self, BackendCall *call, BackendDraftStep *step,
                    Diag *diag)
{
    Desk *desk = self;
    const DeskOwner *owner = officer(call);
    if (owner == NULL) return ERR_DENIED;
    if (step->verb == DRAFT_DO_BEGIN) {
        step->id = store_new_id(desk->config.context->store);
    }
    Stepping *stepping = ARENA_NEW(call->arena, Stepping);
    *stepping = (Stepping){desk, call, owner, step, diag};
    call->waiting = true;
    Err err = writer_submit(desk->writer, step_change, step_done, stepping);
    if (err == OK) return OK;
    call->waiting = false;
    diag_set(diag, "writer.full");
    return err;
}

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
    TRY(draft_undone(conn, arena, law, draft, diag, &ret->undone));
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
    TRY(draft_get(act->tx, act->arena, step->id, act->diag, &draft));
    if (draft.save == step->save) return OK;
    diag_set(act->diag, "draft.newer");
    diag_arg_int(act->diag, step->id);
    return ERR_CONFLICT;
}

static Err act_on(const DraftAct *act, DraftWork *work)
{
    BackendDraftStep *step = work->step;
    switch (step->verb) {
    case DRAFT_DO_BEGIN:
        return draft_begin(act, step->path, step->from);
    case DRAFT_DO_EDIT:
        return edit(act, step);
    case DRAFT_DO_SUBMIT:
        return draft_submit(act, step->from, &work->checked);
    case DRAFT_DO_COMMENT:
        return draft_comment(act);
    case DRAFT_DO_RETURN:
        return draft_return(act);
    case DRAFT_DO_WITHDRAW:
        return draft_withdraw(act);
    case DRAFT_DO_APPROVE:
        return draft_approve(act, step->newest);
    case DRAFT_DO_PUBLISH:
        return draft_publish(act, &work->checked, &step->published);
    case DRAFT_VERBS:
        break;
    }
    return ERR_INVALID;
}

static DraftAct act_of(const DraftWork *work, StoreConn *conn, Diag *diag)
{
    return (DraftAct){.tx = conn,
                      .arena = work->arena,
                      .base = work->law,
                      .draft_id = work->step->id,
                      .by = work->by,
                      .text = work->step->text,
                      .now = work->now,
                      .diag = diag};
}

Err desk_draft_text(StoreConn *conn, DraftWork *work, Diag *diag)
{
    DraftAct act = act_of(work, conn, diag);
    bool publish = work->step->verb == DRAFT_DO_PUBLISH;
    if (!publish && work->step->verb != DRAFT_DO_SUBMIT) return OK;
    TRY(need_newest(&act, work->step));
    return draft_read_text(&act, publish ? DRAFT_APPROVED : DRAFT_OPEN,
                           &work->checked);
}

Err desk_draft_check(DraftWork *work, Arena *arena, Diag *diag)
{
    BackendDraftStep *step = work->step;
    DraftAct act = act_of(work, NULL, diag);
    if (step->verb == DRAFT_DO_PUBLISH) return draft_make(&act, &work->checked);
    if (step->verb != DRAFT_DO_SUBMIT) return OK;
    Err err = draft_check(&act, &work->checked, &step->place);
    step->place.decision = str_copy(arena, step->place.decision);
    step->place.label = str_copy(arena, step->place.label);
    return err;
}

Err desk_draft_do(StoreConn *tx, DraftWork *work, Diag *diag)
{
    BackendDraftStep *step = work->step;
    DraftAct act = act_of(work, tx, diag);
    bool blind = step->verb == DRAFT_DO_BEGIN || step->verb == DRAFT_DO_COMMENT;
    if (!blind) {
        TRY(law_turn(tx));
        TRY(need_newest(&act, step));
    }
    return act_on(&act, work);
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
    DraftWork work;
    BackendCall *call;
    Diag *diag;
} Stepping;

static Err step_change(StoreConn *tx, void *arg, Diag *diag)
{
    Stepping *stepping = arg;
    return desk_draft_do(tx, &stepping->work, diag);
}

static void step_done(void *arg, Err err, const Diag *diag)
{
    const Stepping *stepping = arg;
    if (err != OK) *stepping->diag = *diag;
    arena_close(stepping->work.arena);
    stepping->call->done(stepping->call->done_arg, err);
}

static Err check_step(Desk *desk, Stepping *stepping)
{
    StoreConn *conn = desk_reader_take(desk);
    Err err = desk_draft_text(conn, &stepping->work, stepping->diag);
    desk_reader_give(desk, conn);
    if (err != OK) return err;
    return desk_draft_check(&stepping->work, stepping->call->arena,
                            stepping->diag);
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
    *stepping = (Stepping){.work = {.arena = arena_open(STEP_BYTES),
                                    .law = desk->config.context->pack,
                                    .by = &owner->actor,
                                    .now = call->now,
                                    .step = step},
                           .call = call,
                           .diag = diag};
    if (stepping->work.arena == NULL) return ERR_FULL;
    Err err = check_step(desk, stepping);
    if (err == OK) {
        call->waiting = true;
        err = writer_submit(desk->writer, step_change, step_done, stepping);
        if (err == OK) return OK;
        call->waiting = false;
        diag_set(diag, "writer.full");
    }
    arena_close(stepping->work.arena);
    return err;
}

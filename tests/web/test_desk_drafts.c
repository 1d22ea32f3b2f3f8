/*
 * Drafts through the real desk: what its write queue makes of each step, who
 * may, and what is told of a refusal.
 */
#include "desk_world.c"

static Err step(Caller *caller, BackendDraftStep *what, Diag *diag)
{
    const Backend *backend = caller->world->backend;
    return outcome(
        caller, backend->draft_step(backend->self, &caller->call, what, diag));
}

static Err read_draft(Caller *caller, int64_t id, BackendDraft *ret)
{
    Diag diag = {.key = ""};
    const Backend *backend = caller->world->backend;
    return backend->draft(backend->self, &caller->call, id, ret, &diag);
}

static int64_t begin_draft(Caller *caller)
{
    Diag diag = {.key = ""};
    const Pack *pack = caller->world->context.pack;
    BackendDraftStep begin = {.verb = DRAFT_DO_BEGIN,
                              .path = pack->programmes[0].path,
                              .from = DRAFT_NO_MONTH,
                              .text = STR("Raise it")};
    expect(step(caller, &begin, &diag), OK, &diag);
    return begin.id;
}

static Err set_amount(Caller *caller, int64_t id, int32_t save,
                      const char *amount, Diag *diag)
{
    Str cell = str_of(amount);
    Edit edit = {.what = EDIT_CELL,
                 .decision = STR("Basic minimum head"),
                 .row = 2,
                 .part = GRID_OUTPUT,
                 .column = 1,
                 .cells = &cell,
                 .cell_count = 1};
    BackendDraftStep saving = {.verb = DRAFT_DO_EDIT,
                               .id = id,
                               .save = save,
                               .edits = &edit,
                               .edit_count = 1};
    return step(caller, &saving, diag);
}

TEST(a_draft_is_kept_by_the_write_queue_and_read_again)
{
    Diag diag = {.key = ""};
    BackendDraft found;
    World *world = world_begin();
    Caller *reem = caller_open(world);
    ck_assert_int_eq(come(reem, sign_in(reem, "policy")), OK);
    int64_t id = begin_draft(reem);
    expect(set_amount(reem, id, 1, "1400", &diag), OK, &diag);
    ck_assert_int_eq(read_draft(reem, id, &found), OK);
    ck_assert_int_eq(found.draft.save, 2);
    ck_assert(found.step_count == 2);
    ck_assert(!str_equal(found.text, found.base_text));
    BackendDrafts all = {.draft_count = 0};
    const Backend *backend = world->backend;
    ck_assert_int_eq(backend->drafts(backend->self, &reem->call, &all), OK);
    ck_assert(all.draft_count == 1);
    ck_assert(all.drafts[0].id == id);
    caller_close(reem);
    world_end(world);
}

TEST(who_saves_over_an_older_text_or_approves_his_own_is_refused)
{
    Diag diag = {.key = ""};
    BackendDraft found;
    World *world = world_begin();
    Caller *reem = caller_open(world);
    ck_assert_int_eq(come(reem, sign_in(reem, "policy")), OK);
    int64_t id = begin_draft(reem);
    expect(set_amount(reem, id, 1, "1400", &diag), OK, &diag);
    expect(set_amount(reem, id, 1, "1555", &diag), ERR_CONFLICT, &diag);
    ck_assert_str_eq(diag.key, "draft.newer");
    BackendDraftStep going = {
        .verb = DRAFT_DO_SUBMIT, .id = id, .save = 2, .from = month(2027, 1)};
    expect(step(reem, &going, &diag), OK, &diag);
    going.verb = DRAFT_DO_APPROVE;
    going.save = 1;
    going.newest = 3;
    expect(step(reem, &going, &diag), ERR_CONFLICT, &diag);
    going.save = 2;
    going.newest = 2;
    expect(step(reem, &going, &diag), ERR_CONFLICT, &diag);
    going.newest = 3;
    expect(step(reem, &going, &diag), ERR_DENIED, &diag);
    ck_assert_str_eq(diag.key, "access.second");
    ck_assert_int_eq(read_draft(reem, id, &found), OK);
    ck_assert_int_eq(found.draft.state, DRAFT_REVIEW);
    ck_assert_int_eq(found.draft.save, 2);
    caller_close(reem);
    world_end(world);
}

TEST(the_place_of_a_fault_outlives_the_step)
{
    Diag diag = {.key = ""};
    World *world = world_begin();
    Caller *reem = caller_open(world);
    ck_assert_int_eq(come(reem, sign_in(reem, "policy")), OK);
    int64_t id = begin_draft(reem);
    expect(set_amount(reem, id, 1, "1 +", &diag), OK, &diag);
    BackendDraftStep going = {
        .verb = DRAFT_DO_SUBMIT, .id = id, .save = 2, .from = month(2027, 1)};
    expect(step(reem, &going, &diag), ERR_INVALID, &diag);
    ck_assert(str_is(going.place.decision, "Basic minimum head"));
    ck_assert_int_eq(going.place.row, 2);
    caller_close(reem);
    world_end(world);
}

/* Others write on while a large model is checked. */
TEST(a_model_is_checked_before_its_turn_in_the_write_queue)
{
    Diag diag = {.key = ""};
    StoreConn *other = NULL;
    World *world = world_begin();
    Caller *reem = caller_open(world);
    ck_assert_int_eq(come(reem, sign_in(reem, "policy")), OK);
    int64_t id = begin_draft(reem);
    expect(set_amount(reem, id, 1, "1 +", &diag), OK, &diag);
    expect(store_writer(world->context.store, &diag, &other), OK, &diag);
    expect(store_begin(other), OK, &diag);
    BackendDraftStep going = {
        .verb = DRAFT_DO_SUBMIT, .id = id, .save = 2, .from = month(2027, 1)};
    expect(step(reem, &going, &diag), ERR_INVALID, &diag);
    ck_assert_int_eq(going.place.row, 2);
    store_rollback(other);
    store_conn_close(other);
    expect(set_amount(reem, id, 2, "1400", &diag), OK, &diag);
    caller_close(reem);
    world_end(world);
}

TEST(who_reads_no_models_comes_to_no_draft)
{
    Diag diag = {.key = ""};
    BackendDraft found;
    BackendDrafts all;
    World *world = world_begin();
    const Backend *backend = world->backend;
    Caller *reem = caller_open(world), *huda = caller_open(world);
    ck_assert_int_eq(come(reem, sign_in(reem, "policy")), OK);
    ck_assert_int_eq(come(huda, sign_in(huda, "caseworker")), OK);
    int64_t id = begin_draft(reem);
    ck_assert_int_eq(read_draft(huda, id, &found), ERR_DENIED);
    ck_assert_int_eq(backend->drafts(backend->self, &huda->call, &all),
                     ERR_DENIED);
    expect(set_amount(huda, id, 1, "9999", &diag), ERR_DENIED, &diag);
    ck_assert_int_eq(read_draft(reem, id, &found), OK);
    ck_assert_int_eq(found.draft.save, 1);
    caller_close(huda);
    caller_close(reem);
    world_end(world);
}

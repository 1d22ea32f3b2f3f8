/*
 * desk_scenario.c - the simulations that a policy officer keeps.
 */
#include "web/desk_int.h"

/* Who is signed in, if he may try changes. */
static const DeskOwner *officer(const BackendCall *call)
{
    bool may = call->session != NULL && call->session->simulates;
    return may ? call->session->own : NULL;
}

Err desk_scenarios(void *self, BackendCall *call, BackendScenarios *ret)
{
    Desk *desk = self;
    const DeskOwner *owner = officer(call);
    if (owner == NULL) return ERR_DENIED;
    int32_t count = 0;
    SavedScenario *all =
        ARENA_ARRAY(call->arena, SavedScenario, SCENARIOS_KEPT_MAX);
    StoreConn *conn = desk_reader_take(desk);
    Err err = scenario_list(conn, call->arena, owner->actor.id, all, &count);
    desk_reader_give(desk, conn);
    *ret = (BackendScenarios){all, (size_t)count};
    return err;
}

typedef struct Keeping {
    BackendCall *call;
    int64_t actor_id;
    SavedScenario scenario;
    Diag *diag;
} Keeping;

static Err keep_change(StoreConn *tx, void *arg, Diag *diag)
{
    const Keeping *keeping = arg;
    const SavedScenario *scenario = &keeping->scenario;
    if (scenario->query.bytes == 0) {
        return scenario_drop(tx, keeping->actor_id, scenario->name);
    }
    return scenario_save(tx, keeping->actor_id, scenario, keeping->call->now,
                         diag);
}

static void keep_done(void *arg, Err err, const Diag *diag)
{
    const Keeping *keeping = arg;
    if (err != OK) *keeping->diag = *diag;
    keeping->call->done(keeping->call->done_arg, err);
}

Err desk_scenario_keep(void *self, BackendCall *call,
                       const SavedScenario *scenario, Diag *diag)
{
    Desk *desk = self;
    const DeskOwner *owner = officer(call);
    if (owner == NULL) return ERR_DENIED;
    Keeping *keeping = ARENA_NEW(call->arena, Keeping);
    *keeping = (Keeping){call, owner->actor.id, *scenario, diag};
    call->waiting = true;
    Err err = writer_submit(desk->writer, keep_change, keep_done, keeping);
    if (err == OK) return OK;
    call->waiting = false;
    diag_set(diag, "writer.full");
    return err;
}

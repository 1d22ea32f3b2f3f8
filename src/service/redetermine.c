#include "service/redetermine.h"

#include "base/clock.h"

static Err is_due(StoreConn *tx, void *arg, bool *ret)
{
    (void)arg;
    StoreStmt *stmt = store_query(tx, Q_RUN_ANY);
    TRY(store_step(stmt, ret));
    store_reset(stmt);
    return OK;
}

static Err decide_again(StoreConn *tx, void *arg, int64_t household_id,
                        Day since, Diag *diag, int32_t *ret_changed)
{
    const Redetermine *all = arg;
    *ret_changed = 0;
    for (int32_t i = 0; i < all->count; i++) {
        int32_t changed;
        TRY(decision_redetermine(tx, all->store, all->decider[i], household_id,
                                 since, clock_now(), diag, &changed));
        *ret_changed += changed;
    }
    return OK;
}

Err redetermine_open(const Context *context, Diag *diag, Redetermine *ret)
{
    const Pack *pack = context->pack;
    *ret = (Redetermine){.store = context->store,
                         .follow = {is_due, decide_again, ret}};
    for (int32_t i = 0; i < pack->programme_count; i++) {
        TRY(decider_open(pack, &pack->programmes[i], diag, &ret->decider[i]));
        ret->count++;
    }
    return OK;
}

void redetermine_close(Redetermine *all)
{
    for (int32_t i = 0; i < all->count; i++) decider_close(all->decider[i]);
    all->count = 0;
}

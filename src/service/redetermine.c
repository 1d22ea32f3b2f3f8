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
    for (int32_t i = 0; i < all->pack->programme_count; i++) {
        int32_t changed;
        TRY(decision_redetermine(tx, all->store, all->deciders,
                                 all->pack->programmes[i].name, household_id,
                                 since, clock_now(), diag, &changed));
        *ret_changed += changed;
    }
    return OK;
}

Err redetermine_open(const Context *context, Diag *diag, Redetermine *ret)
{
    *ret = (Redetermine){.store = context->store,
                         .pack = context->pack,
                         .follow = {is_due, decide_again, ret}};
    return deciders_open(context->pack, diag, &ret->deciders);
}

void redetermine_close(Redetermine *all)
{
    deciders_close(all->deciders);
    all->deciders = NULL;
}

#include "service/guard.h"

#include "service/homes.h"
#include "service/kin.h"

Err guard_subject(StoreConn *conn, const GuardAsk *ask, Subject *ret)
{
    int64_t person_id;
    const Actor *actor = ask->actor;
    const unsigned staff = 1u << ROLE_CASEWORKER | 1u << ROLE_AUDITOR;
    *ret = (Subject){.object = ask->object, .household_id = ask->household_id};
    TRY(access_person(conn, actor, &person_id));
    if (person_id >= 0) {
        Homes homes;
        TRY(homes_in(conn, ask->arena, ask->catalogue, person_id,
                     ask->household_id, &homes));
        ret->own = homes_at(&homes, ask->day) != NULL;
    }
    if ((actor->roles & staff) == 0) return OK; /* nobody asks for his kin */
    return kin_lives_in(conn, ask->arena, ask->catalogue, actor, person_id,
                        ask->household_id, &ret->kin);
}

Err guard_household(StoreConn *conn, const GuardAsk *ask, Diag *diag,
                    Subject *ret_subject, Role *ret_role)
{
    TRY(guard_subject(conn, ask, ret_subject));
    return access_check(ask->actor, ask->action, ret_subject, diag, ret_role);
}

Err guard_record(StoreConn *tx, void *guard_read, Diag *diag)
{
    const GuardRead *read = guard_read;
    (void)diag;
    AccessRead entry = {.actor = &read->actor,
                        .role = read->role,
                        .purpose = read->purpose,
                        .what = read->what,
                        .at = read->at};
    for (int32_t i = 0; i < read->also_count; i++) {
        entry.id = store_new_id(read->store);
        entry.household_id = read->also[i].household_id;
        entry.refused = read->also[i].refused;
        TRY(access_read(tx, &entry));
    }
    entry.id = store_new_id(read->store);
    entry.household_id = read->subject.household_id;
    entry.refused = read->refused;
    return access_read(tx, &entry);
}

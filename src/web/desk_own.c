/*
 * desk_own.c - what a citizen may see of households: of each, the time in
 * which he was a member of it.
 */
#include "web/desk_int.h"

Err desk_homes(Desk *desk, BackendCall *call, StoreConn *conn,
               const Homes **ret)
{
    *ret = NULL;
    if (call->session == NULL || call->session->own == NULL) return OK;
    const DeskOwner *owner = call->session->own;
    if (owner->actor.roles != 1u << ROLE_CITIZEN) return OK;
    Homes *homes = ARENA_NEW(call->arena, Homes);
    *ret = homes;
    if (owner->actor.person_id < 0) return OK;
    return homes_of(conn, call->arena, desk->config.context->pack->catalogue,
                    owner->actor.person_id, homes);
}

bool desk_fact_shown(const BackendCall *call, const Homes *homes,
                     int64_t household_id, ExplainFact *fact)
{
    if (homes == NULL) return true;
    const DeskOwner *owner = call->session->own;
    if (fact->person_id == owner->actor.person_id) return true;
    Day from = DAY_OPEN, to = DAY_MIN;
    for (int32_t i = 0; i < homes->count; i++) {
        const HomeSpell *spell = &homes->spell[i];
        if (spell->household_id != household_id || spell->to <= fact->from ||
            fact->to <= spell->from) {
            continue;
        }
        if (spell->from < from) from = spell->from;
        if (spell->to > to) to = spell->to;
    }
    if (from == DAY_OPEN) return false;
    if (fact->from < from) fact->from = from;
    if (fact->to > to) fact->to = DAY_OPEN; /* what came then he never saw */
    return true;
}

bool desk_also(DeskRead *read, int64_t household_id)
{
    GuardRead *record = &read->record;
    if (household_id == record->subject.household_id) return true;
    for (int32_t i = 0; i < record->also_count; i++) {
        if (read->also[i].household_id == household_id) return true;
    }
    if (record->also_count == DESK_ALSO_MAX) return false;
    record->also = read->also;
    read->also[record->also_count++] = (GuardAlso){household_id, false};
    return true;
}

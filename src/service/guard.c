#include "service/guard.h"

#include "service/homes.h"

enum { CLOSE_MAX = 512 };

/* Ids without repetition; when full, whoever asks is refused. */
typedef struct Ids {
    int64_t id[CLOSE_MAX];
    int count;
    bool full;
} Ids;

static void add(Ids *ids, int64_t id)
{
    for (int i = 0; i < ids->count; i++) {
        if (ids->id[i] == id) return;
    }
    ids->full = ids->full || ids->count == CLOSE_MAX;
    if (!ids->full) ids->id[ids->count++] = id;
}

static bool has(const Ids *ids, int64_t id)
{
    for (int i = 0; i < ids->count; i++) {
        if (ids->id[i] == id) return true;
    }
    return ids->full;
}

/* Households in which the person lives or lived. */
static Err households_of(StoreConn *conn, int64_t person_id, Ids *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_PERSON_GET);
    store_bind_int(stmt, 1, person_id);
    TRY(store_step(stmt, &row));
    if (row) add(ret, store_int(stmt, 0));
    store_reset(stmt);
    stmt = store_query(conn, Q_STAY_LIST);
    store_bind_int(stmt, 1, person_id);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        add(ret, store_int(stmt, 0));
    }
}

/* Everybody who lives or lived in the household. */
static Err persons_of(StoreConn *conn, int64_t household_id, Ids *ret)
{
    static const Query queries[] = {Q_PERSON_LIST, Q_STAY_PERSONS};
    for (int i = 0; i < 2; i++) {
        bool row;
        StoreStmt *stmt = store_query(conn, queries[i]);
        store_bind_int(stmt, 1, household_id);
        for (;;) {
            TRY(store_step(stmt, &row));
            if (!row) break;
            add(ret, store_int(stmt, 0));
        }
    }
    return OK;
}

Err guard_person(StoreConn *conn, const Actor *actor, int64_t *ret)
{
    *ret = actor->person_id;
    if (*ret >= 0 || actor->national_id.at == NULL) return OK;
    bool row;
    StoreStmt *stmt = store_query(conn, Q_PERSON_BY_NATIONAL);
    store_bind_text(stmt, 1, actor->national_id);
    TRY(store_step(stmt, &row));
    if (row) *ret = store_int(stmt, 0);
    store_reset(stmt);
    return OK;
}

Err guard_subject(StoreConn *conn, const GuardAsk *ask, Subject *ret)
{
    int64_t person_id, household_id = ask->household_id;
    *ret = (Subject){.object = ask->object, .household_id = household_id};
    TRY(guard_person(conn, ask->actor, &person_id));
    if (person_id < 0) return OK;
    Ids own = {.count = 0}, close = {.count = 0}, homes = {.count = 0};
    TRY(households_of(conn, person_id, &own));
    if (has(&own, household_id)) {
        Homes spells;
        TRY(homes_in(conn, ask->arena, ask->catalogue, person_id, household_id,
                     &spells));
        ret->own = homes_at(&spells, ask->day) != NULL;
    }
    for (int i = 0; i < own.count; i++) {
        TRY(persons_of(conn, own.id[i], &close));
    }
    for (int i = 0; i < close.count; i++) {
        TRY(households_of(conn, close.id[i], &homes));
    }
    ret->kin =
        has(&own, household_id) || has(&homes, household_id) || close.full;
    return OK;
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
    Subject also = read->subject;
    for (int32_t i = 0; i < read->also_count; i++) {
        also.household_id = read->also[i];
        TRY(access_read(tx, store_new_id(read->store), &read->actor, read->role,
                        &also, read->purpose, read->what, read->at));
    }
    return access_read(tx, store_new_id(read->store), &read->actor, read->role,
                       &read->subject, read->purpose, read->what, read->at);
}

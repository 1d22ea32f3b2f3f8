/*
 * desk_session.c - whose session a cookie is; the answer is kept while
 * nothing that it rests on changes.
 */
#include <string.h>

#include "web/desk_int.h"

static const char *role_key(unsigned roles)
{
    if ((roles >> ROLE_CASEWORKER & 1) != 0) return "role.caseworker";
    if ((roles >> ROLE_AUDITOR & 1) != 0) return "role.auditor";
    if ((roles >> ROLE_ADMIN & 1) != 0) return "role.admin";
    return "role.citizen";
}

static bool is_staff(unsigned roles)
{
    return (roles & ~(1u << ROLE_CITIZEN)) != 0;
}

Err desk_home(StoreConn *conn, int64_t person_id, int64_t *ret)
{
    bool row;
    *ret = -1;
    if (person_id < 0) return OK;
    StoreStmt *stmt = store_query(conn, Q_PERSON_GET);
    store_bind_int(stmt, 1, person_id);
    TRY(store_step(stmt, &row));
    if (row) *ret = store_int(stmt, 0);
    store_reset(stmt);
    return OK;
}

/* Hashes are even in all their bits: any will do to choose a set. */
static unsigned set_of(const Hash *key)
{
    unsigned first;
    memcpy(&first, key->byte, sizeof first);
    return first % DESK_SESSION_SETS;
}

/* Lets the actor's texts point into the session's own room. */
static void settle(DeskSession *session)
{
    Actor *actor = &session->owner.actor;
    actor->name.at = session->text;
    actor->label.at = session->text + actor->name.bytes;
    if (actor->national_id.at != NULL) {
        actor->national_id.at = actor->label.at + actor->label.bytes;
    }
}

/* The kept session of this key, copied to the call's arena; NULL for none. */
static DeskSession *find(Desk *desk, BackendCall *call, const Hash *key)
{
    unsigned set = set_of(key);
    pthread_mutex_t *lock = &desk->session_lock[set % DESK_SESSION_LOCKS];
    DeskSession *copy = NULL;
    pthread_mutex_lock(lock);
    for (int i = 0; i < DESK_SESSION_WAYS && copy == NULL; i++) {
        DeskSession *session = &desk->session[set][i];
        if (session->used == 0 || !hash_equal(&session->key, key)) continue;
        session->used = atomic_fetch_add(&desk->session_tick, 1) + 1;
        copy = arena_try_raw(call->arena, 1, sizeof *copy);
        if (copy != NULL) *copy = *session;
    }
    pthread_mutex_unlock(lock);
    if (copy == NULL || copy->until <= call->now ||
        !watch_holds(&copy->watch, desk->config.context->store)) {
        return NULL;
    }
    settle(copy);
    return copy;
}

/* Keeps a session in place of its older self or of the least used. */
static void keep(Desk *desk, const DeskSession *session)
{
    unsigned set = set_of(&session->key);
    pthread_mutex_t *lock = &desk->session_lock[set % DESK_SESSION_LOCKS];
    pthread_mutex_lock(lock);
    DeskSession *place = &desk->session[set][0];
    for (int i = 0; i < DESK_SESSION_WAYS; i++) {
        DeskSession *other = &desk->session[set][i];
        bool same = other->used != 0 && hash_equal(&other->key, &session->key);
        if (same || other->used < place->used) place = other;
        if (same) break;
    }
    *place = *session;
    place->used = atomic_fetch_add(&desk->session_tick, 1) + 1;
    pthread_mutex_unlock(lock);
}

static Err look_up(StoreConn *conn, BackendCall *call, Str token,
                   DeskSession *session)
{
    Actor *actor = &session->owner.actor;
    TRY(signin_session(conn, call->arena, token, call->now, actor,
                       &session->until));
    TRY(desk_home(conn, actor->person_id, &session->owner.household_id));
    signin_csrf(token, session->csrf);
    return OK;
}

/* Reads a session from the database, and keeps it if it may be kept. */
static Err fetch(Desk *desk, BackendCall *call, Str token, const Hash *key,
                 DeskSession *session)
{
    const Store *store = desk->config.context->store;
    session->key = *key;
    session->watch = watch_begin(store);
    watch_kind(&session->watch, store, WATCH_ACTORS);
    watch_kind(&session->watch, store, WATCH_HOMES);
    watch_bytes(&session->watch, store, WATCH_SESSION, hash_str(key));
    StoreConn *conn = desk_reader_take(desk);
    Err err = store_begin(conn);
    if (err == OK) {
        err = look_up(conn, call, token, session);
        store_rollback(conn);
    }
    desk_reader_give(desk, conn);
    const Actor *actor = &session->owner.actor;
    if (err != OK || !desk->watches ||
        actor->name.bytes + actor->label.bytes + actor->national_id.bytes >
            sizeof session->text) {
        return err;
    }
    Buf text = {.at = session->text,
                .room_bytes = sizeof session->text,
                .limit_bytes = sizeof session->text};
    buf_str(&text, actor->name);
    buf_str(&text, actor->label);
    buf_str(&text, actor->national_id);
    settle(session);
    keep(desk, session);
    return OK;
}

Err desk_session(void *self, BackendCall *call, Str token, BackendSession *ret)
{
    Desk *desk = self;
    Hash key = hash_of(token);
    DeskSession *session = desk->watches ? find(desk, call, &key) : NULL;
    if (session == NULL) {
        session = ARENA_NEW(call->arena, DeskSession);
        TRY(fetch(desk, call, token, &key, session));
    }
    const Actor *actor = &session->owner.actor;
    *ret = (BackendSession){
        .name = actor->label,
        .role = text_get(call->style, role_key(actor->roles)),
        .staff = is_staff(actor->roles),
        .demo =
            actor->name.bytes > 5 && memcmp(actor->name.at, "demo-", 5) == 0,
        .household_id = session->owner.household_id,
        .csrf = str_of(session->csrf),
        .key = desk->watches ? hash_str(&session->key) : (Str){NULL, 0},
        .own = &session->owner};
    return OK;
}

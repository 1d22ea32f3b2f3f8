/*
 * desk_session.c - whose session a cookie is; the answer is kept while
 * nothing that it rests on changes.
 */
#include <string.h>

#include "text/calendar.h"
#include "web/desk_int.h"

static const char *role_key(unsigned roles)
{
    if ((roles >> ROLE_CASEWORKER & 1) != 0) return "role.caseworker";
    if ((roles >> ROLE_AUDITOR & 1) != 0) return "role.auditor";
    if ((roles >> ROLE_POLICY & 1) != 0) return "role.policy";
    if ((roles >> ROLE_ADMIN & 1) != 0) return "role.admin";
    return "role.citizen";
}

/* Who has these alone opens no files of households. */
static const unsigned beside_files = 1u << ROLE_CITIZEN | 1u << ROLE_POLICY;

/* What somebody may do with models of the law. */
static bool may(const Actor *actor, Action action)
{
    Diag diag = {.key = ""};
    Subject models = {.object = OBJECT_MODEL, .household_id = -1};
    return access_check(actor, action, &models, &diag, NULL) == OK;
}

static bool is_demo(Str name)
{
    return name.bytes > 5 && memcmp(name.at, "demo-", 5) == 0;
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

enum { TEXTS = 6 };

/* The texts of a session that are kept with it. */
static void texts_of(DeskSession *session, Str *ret[TEXTS])
{
    DeskOwner *owner = &session->owner;
    Str *const texts[TEXTS] = {&owner->actor.name,        &owner->actor.label,
                               &owner->actor.national_id, &owner->purpose,
                               &owner->label[0],          &owner->label[1]};
    memcpy(ret, texts, sizeof texts);
}

/* Lets the texts point into the session's own room. */
static void settle(DeskSession *session)
{
    Str *texts[TEXTS];
    const char *at = session->text;
    texts_of(session, texts);
    for (int i = 0; i < TEXTS; i++) {
        if (texts[i]->at != NULL) texts[i]->at = at;
        at += texts[i]->bytes;
    }
}

/* Moves the texts into the session's own room, if they fit. */
static bool pack_texts(DeskSession *session)
{
    Str *texts[TEXTS];
    size_t bytes = 0;
    texts_of(session, texts);
    for (int i = 0; i < TEXTS; i++) bytes += texts[i]->bytes;
    if (bytes > sizeof session->text) return false;
    Buf text = {.at = session->text,
                .room_bytes = sizeof session->text,
                .limit_bytes = sizeof session->text};
    for (int i = 0; i < TEXTS; i++) buf_str(&text, *texts[i]);
    settle(session);
    return true;
}

/* Whether it is time to note that staff are still there. */
static bool due(const DeskSession *session, Instant now)
{
    return signin_is_staff(session->owner.actor.roles) &&
           session->seen_at + DESK_SEEN_SECONDS * INT64_C(1000000) <= now;
}

static Err seen_change(StoreConn *tx, void *arg, Diag *diag)
{
    const DeskSeen *seen = arg;
    (void)diag;
    return signin_seen(tx, &seen->session, seen->at);
}

static void seen_done(void *arg, Err err, const Diag *diag)
{
    DeskSeen *seen = arg;
    (void)err;
    (void)diag;
    atomic_flag_clear(&seen->taken);
}

/* Has it noted that a session was used; when many are, a later use will. */
static void note_seen(Desk *desk, const Hash *key, Instant now)
{
    for (int i = 0; i < DESK_SEEN_MAX; i++) {
        DeskSeen *seen = &desk->seen[i];
        if (atomic_flag_test_and_set(&seen->taken)) continue;
        seen->session = *key;
        seen->at = now;
        if (writer_submit(desk->writer, seen_change, seen_done, seen) != OK) {
            atomic_flag_clear(&seen->taken);
        }
        return;
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
        unsigned roles = session->owner.actor.roles;
        bool alive = !signin_idle(roles, session->seen_at, call->now);
        if (alive && due(session, call->now)) session->seen_at = call->now;
    }
    pthread_mutex_unlock(lock);
    if (copy == NULL || copy->until <= call->now ||
        signin_idle(copy->owner.actor.roles, copy->seen_at, call->now) ||
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
    SigninHeld held;
    TRY(signin_session(conn, call->arena, token, call->now, &held));
    session->owner.actor = held.actor;
    session->owner.purpose = held.purpose;
    session->until = held.until;
    session->seen_at = held.seen_at;
    TRY(desk_home(conn, held.actor.person_id, &session->owner.household_id));
    signin_csrf(token, session->csrf);
    return OK;
}

/* How a citizen is called now, in each language: by his household's book. */
static Err look_up_labels(Desk *desk, StoreConn *conn, BackendCall *call,
                          DeskOwner *owner)
{
    Str bytes;
    Book book;
    int64_t version;
    TRY(registry_book(conn, call->arena, owner->household_id, &version,
                      &bytes));
    TRY(book_read(call->arena, desk->config.context->pack->catalogue, bytes,
                  &book));
    for (int lang = 0; lang < TEXT_LANGS; lang++) {
        TextStyle style = {.lang = (TextLang)lang};
        Str name = desk_name(&style, &book, owner->actor.person_id,
                             calendar_civil_day(call->now));
        owner->label[lang] = str_copy(call->arena, name);
    }
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
    int64_t home = session->owner.household_id;
    if (err == OK && home >= 0) {
        watch_number(&session->watch, store, WATCH_HOUSEHOLD, home);
        err = look_up_labels(desk, conn, call, &session->owner);
    }
    desk_reader_give(desk, conn);
    if (err != OK) return err;
    if (due(session, call->now)) {
        note_seen(desk, key, call->now);
        session->seen_at = call->now;
    }
    if (desk->watches && pack_texts(session)) keep(desk, session);
    return OK;
}

/* How the holder is called in the reader's language. */
static Str label_of(const BackendCall *call, const DeskOwner *owner)
{
    Str label = owner->label[call->style->lang];
    if (label.bytes > 0) return label;
    bool role_alone =
        is_demo(owner->actor.name) && signin_is_staff(owner->actor.roles);
    return role_alone ? text_get(call->style, role_key(owner->actor.roles))
                      : owner->actor.label;
}

Err desk_session(void *self, BackendCall *call, Str token, BackendSession *ret)
{
    Desk *desk = self;
    Hash key = hash_of(token);
    DeskSession *session = desk->watches ? find(desk, call, &key) : NULL;
    if (session != NULL && due(session, call->now)) {
        note_seen(desk, &key, call->now);
    }
    if (session == NULL) {
        session = ARENA_NEW(call->arena, DeskSession);
        TRY(fetch(desk, call, token, &key, session));
    }
    const Actor *actor = &session->owner.actor;
    bool demo = is_demo(actor->name);
    /* made-up people open real files nowhere */
    if (demo && !desk->config.demo) return ERR_NOT_FOUND;
    *ret = (BackendSession){
        .name = label_of(call, &session->owner),
        .role = text_get(call->style, role_key(actor->roles)),
        .account = actor->name,
        .staff = (actor->roles & ~beside_files) != 0,
        .policy = may(actor, ACTION_READ),
        .simulates = may(actor, ACTION_SIMULATE),
        .demo = demo,
        .household_id = session->owner.household_id,
        .csrf = str_of(session->csrf),
        .purpose = session->owner.purpose,
        .key = desk->watches ? hash_str(&session->key) : (Str){NULL, 0},
        .own = &session->owner};
    return OK;
}

#include "access/enrol.h"

#include <string.h>

#include "access/signin_int.h"

enum { ENROL_ARENA_BYTES = 1 << 16 };

static const int64_t second_us = 1000000;

/* A new half, and the hash that is kept of it. */
static Hash make_half(char ret_half[ENROL_HALF_ROOM])
{
    unsigned char key[SECRET_KEY_BYTES];
    char text[33];
    secret_random(key, sizeof key);
    secret_key_text(key, text);
    memcpy(ret_half, text, ENROL_HALF_ROOM - 1);
    ret_half[ENROL_HALF_ROOM - 1] = '\0';
    explicit_bzero(key, sizeof key);
    explicit_bzero(text, sizeof text);
    return hash_of(str_of(ret_half));
}

Err enrol_begin(StoreConn *tx, int64_t actor_id, char ret_half[ENROL_HALF_ROOM])
{
    Hash hash = make_half(ret_half);
    StoreStmt *stmt = store_query(tx, Q_ENROL_INSERT);
    store_bind_int(stmt, 1, actor_id);
    store_bind_bytes(stmt, 2, hash_str(&hash));
    return store_exec(stmt, NULL);
}

Err enrol_confirm(StoreConn *tx, int64_t actor_id, Instant now,
                  char ret_half[ENROL_HALF_ROOM])
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_ENROL_GET);
    store_bind_int(stmt, 1, actor_id);
    TRY(store_step(stmt, &row));
    store_reset(stmt);
    if (!row) return ERR_NOT_FOUND;
    Hash hash = make_half(ret_half);
    stmt = store_query(tx, Q_ENROL_CONFIRM);
    store_bind_int(stmt, 1, actor_id);
    store_bind_bytes(stmt, 2, hash_str(&hash));
    store_bind_int(stmt, 3, now + ENROL_SECONDS * second_us);
    return store_exec(stmt, NULL);
}

/* Whether a half is the one whose hash is kept; both are hashes of 80 random
 * bits, so that the time of comparing tells nothing. */
static bool is_half(Str kept, Str half)
{
    Hash hash = hash_of(str_trim(half));
    return str_equal(kept, hash_str(&hash));
}

/* Whether the halves let him in; a try is counted either way. */
static Err halves_fit(StoreConn *tx, int64_t id, const EnrolAsk *ask, bool *ret)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_ENROL_GET);
    store_bind_int(stmt, 1, id);
    TRY(store_step(stmt, &row));
    *ret = row && !store_is_null(stmt, 1) && store_int(stmt, 2) > ask->now &&
           store_int(stmt, 3) < ENROL_TRIES &&
           is_half(store_bytes(stmt, 0), ask->asked) &&
           is_half(store_bytes(stmt, 1), ask->confirmed);
    store_reset(stmt);
    if (!row) return OK;
    stmt = store_query(tx, Q_ENROL_TRY);
    store_bind_int(stmt, 1, id);
    return store_exec(stmt, NULL);
}

static Err put_in_force(StoreConn *tx, int64_t id, const EnrolAsk *ask,
                        const char *encoded)
{
    StoreStmt *stmt = store_query(tx, Q_ACTOR_ENROL);
    store_bind_int(stmt, 1, id);
    store_bind_text(stmt, 2, str_of(encoded));
    store_bind_bytes(stmt, 3,
                     (Str){(const char *)ask->code_key, SECRET_KEY_BYTES});
    TRY(store_exec(stmt, NULL));
    stmt = store_query(tx, Q_ENROL_DELETE);
    store_bind_int(stmt, 1, id);
    TRY(store_exec(stmt, NULL));
    return signin_leaf(tx, STR("enrolled"), ask->name);
}

Err enrol_finish(StoreConn *tx, const EnrolAsk *ask, Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ENROL_ARENA_BYTES);
    char encoded[SECRET_ENCODED_BYTES];
    ActorRow row;
    bool fits = false;
    TRY(signin_turn(tx));
    Err err = signin_row(tx, arena, ask->name, &row);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    if (err == OK) TRY(halves_fit(tx, row.actor.id, ask, &fits));
    if (!fits || row.waiting || row.disabled) {
        diag_set(diag, "actor.not_enrolled");
        diag_arg(diag, ask->name);
        return ERR_DENIED;
    }
    err = secret_password_hash(ask->password, encoded);
    if (err == ERR_RANGE) diag_set(diag, "actor.password");
    return err == OK ? put_in_force(tx, row.actor.id, ask, encoded) : err;
}

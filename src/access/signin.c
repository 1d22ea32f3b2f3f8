#include "access/signin.h"

#include <string.h>

#include "access/signin_int.h"
#include "access/tally.h"
#include "audit/audit.h"
#include "codec/base64url.h"
#include "codec/bytes.h"
#include "crypto/hash.h"

enum {
    TOKEN_RAW_BYTES = 32,
    STAFF_SECONDS = 8 * 3600,
    CITIZEN_SECONDS = 3600,
    LOCK_SECONDS = 900
};

static const int64_t second_us = 1000000;
static const unsigned citizen = 1u << ROLE_CITIZEN;

/* Wrong tries of staff, by the name that was typed, whoever has it. */
static const Tally staff_wrong = {"wrong staff", SIGNIN_FAILURES_MAX,
                                  LOCK_SECONDS};

Err signin_leaf_by(StoreConn *tx, Str what, Str name, Str by)
{
    Buf record = buf_make(4096);
    bytes_put_str(&record, what);
    bytes_put_str(&record, name);
    if (by.bytes > 0) bytes_put_str(&record, by);
    Err err = audit_leaf(tx, AUDIT_NO_HOUSEHOLD, "actor", buf_view(&record));
    buf_free(&record);
    return err;
}

Err signin_leaf(StoreConn *tx, Str what, Str name)
{
    return signin_leaf_by(tx, what, name, STR(""));
}

Err signin_turn(StoreConn *tx)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_ACCOUNT_TURN);
    TRY(store_step(stmt, &row));
    CHECK(row);
    store_reset(stmt);
    return OK;
}

Str signin_text(Arena *arena, StoreStmt *stmt, int column)
{
    if (store_is_null(stmt, column)) return (Str){NULL, 0};
    return str_copy(arena, store_text(stmt, column));
}

Err signin_row(StoreConn *conn, Arena *arena, Str name, ActorRow *ret)
{
    bool row;
    StoreStmt *stmt = store_query(conn, Q_ACTOR_BY_NAME);
    store_bind_text(stmt, 1, name);
    TRY(store_step(stmt, &row));
    if (!row) return ERR_NOT_FOUND;
    *ret = (ActorRow){
        .actor = {.id = store_int(stmt, 0),
                  .name = str_copy(arena, name),
                  .label = str_copy(arena, store_text(stmt, 1)),
                  .roles = access_roles_read(store_text(stmt, 3)),
                  .person_id = store_is_null(stmt, 2) ? -1 : store_int(stmt, 2),
                  .national_id = signin_text(arena, stmt, 8)},
        .password = str_copy(arena, store_text(stmt, 4)),
        .code_step = store_int(stmt, 6),
        .disabled = store_int(stmt, 7) != 0,
        .waiting = store_int(stmt, 9) != 0,
        .asked_by = store_int(stmt, 10)};
    Str key = store_bytes(stmt, 5);
    ret->has_code_key = key.bytes == SECRET_KEY_BYTES;
    if (ret->has_code_key) memcpy(ret->code_key, key.at, SECRET_KEY_BYTES);
    store_reset(stmt);
    return OK;
}

Err signin_actor_find(StoreConn *conn, Arena *arena, Str name, Actor *ret)
{
    ActorRow row;
    TRY(signin_row(conn, arena, name, &row));
    *ret = row.actor;
    return OK;
}

static Err forget_old(StoreConn *tx, Instant now)
{
    static const Query queries[] = {Q_SESSION_EXPIRE, Q_CODE_EXPIRE,
                                    Q_LIMIT_EXPIRE};
    for (int i = 0; i < 3; i++) {
        StoreStmt *stmt = store_query(tx, queries[i]);
        store_bind_int(stmt, 1, now);
        TRY(store_exec(stmt, NULL));
    }
    return OK;
}

Err signin_open(StoreConn *tx, int64_t actor_id, bool staff,
                const SigninAsk *ask, SigninSession *ret)
{
    unsigned char raw[TOKEN_RAW_BYTES];
    secret_random(raw, sizeof raw);
    Buf text = {.at = ret->token,
                .room_bytes = SIGNIN_TOKEN_BYTES,
                .limit_bytes = SIGNIN_TOKEN_BYTES};
    base64url_write(&text, (Str){(const char *)raw, sizeof raw});
    CHECK(text.bytes == SIGNIN_TOKEN_BYTES - 1);
    ret->token[text.bytes] = '\0';
    ret->seconds = staff ? STAFF_SECONDS : CITIZEN_SECONDS;
    TRY(forget_old(tx, ask->now));
    if (ask->older.bytes > 0) TRY(signin_close(tx, ask->older));
    Hash hash = hash_of(str_of(ret->token));
    StoreStmt *stmt = store_query(tx, Q_SESSION_INSERT);
    store_bind_bytes(stmt, 1, hash_str(&hash));
    store_bind_int(stmt, 2, actor_id);
    store_bind_text(stmt, 3, ask->lang);
    store_bind_int(stmt, 4, ask->now);
    store_bind_int(stmt, 5, ask->now + ret->seconds * second_us);
    TRY(store_exec(stmt, NULL));
    return signin_leaf(tx, STR("signed in"), ask->name);
}

Err signin_locked(StoreConn *conn, Str name, Instant now, bool *ret_locked)
{
    Instant until;
    TRY(tally_until(conn, &staff_wrong, name, now, &until));
    *ret_locked = until > 0;
    return OK;
}

Err signin_password(StoreConn *conn, Arena *arena, Str name, Str *ret)
{
    ActorRow row;
    Err err = signin_row(conn, arena, name, &row);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    *ret = err == OK ? row.password : STR("");
    return OK;
}

bool signin_password_right(Str encoded, Str password)
{
    /* a hash of nothing, so that an unknown name takes as long as a wrong
       password */
    static const char nobody[] =
        "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    bool known = encoded.bytes > 0;
    bool right = secret_password_check(password, known ? encoded.at : nobody);
    return known && right;
}

static Err count_wrong(StoreConn *tx, const SigninAsk *ask)
{
    Instant until;
    TRY(tally_count(tx, &staff_wrong, ask->name, ask->now, &until));
    if (until > 0) TRY(signin_leaf(tx, STR("locked"), ask->name));
    return ERR_DENIED;
}

Err signin_prove(StoreConn *tx, Arena *arena, const SigninAsk *ask,
                 bool password_right, int code, Actor *ret)
{
    ActorRow row;
    bool locked;
    TRY(signin_locked(tx, ask->name, ask->now, &locked));
    if (locked) return ERR_DENIED;
    Err err = signin_row(tx, arena, ask->name, &row);
    if (err == ERR_NOT_FOUND) return count_wrong(tx, ask);
    if (err != OK) return err;
    int64_t step = row.code_step;
    bool right = row.has_code_key && !row.disabled && !row.waiting &&
                 password_right &&
                 secret_code_check(row.code_key, ask->now, code, &step) &&
                 step > row.code_step; /* a code is good once */
    if (!right) return count_wrong(tx, ask);
    StoreStmt *stmt = store_query(tx, Q_ACTOR_CODE_STEP);
    store_bind_int(stmt, 1, row.actor.id);
    store_bind_int(stmt, 2, step);
    TRY(store_exec(stmt, NULL));
    *ret = row.actor;
    return tally_clear(tx, &staff_wrong, ask->name);
}

Err signin_staff(StoreConn *tx, Arena *arena, const SigninAsk *ask,
                 bool password_right, int code, SigninSession *ret)
{
    Actor actor;
    TRY(signin_prove(tx, arena, ask, password_right, code, &actor));
    return signin_open(tx, actor.id, true, ask, ret);
}

bool signin_is_staff(unsigned roles)
{
    return (roles & ~citizen) != 0;
}

bool signin_idle(unsigned roles, Instant seen_at, Instant now)
{
    return signin_is_staff(roles) &&
           seen_at + SIGNIN_IDLE_SECONDS * second_us <= now;
}

Err signin_session(StoreConn *conn, Arena *arena, Str token, Instant now,
                   SigninHeld *ret)
{
    bool row;
    Hash hash = hash_of(token);
    StoreStmt *stmt = store_query(conn, Q_SESSION_GET);
    store_bind_bytes(stmt, 1, hash_str(&hash));
    TRY(store_step(stmt, &row));
    if (!row) return ERR_NOT_FOUND;
    *ret = (SigninHeld){
        .actor = {.id = store_int(stmt, 0),
                  .name = str_copy(arena, store_text(stmt, 2)),
                  .label = str_copy(arena, store_text(stmt, 3)),
                  .person_id = store_is_null(stmt, 4) ? -1 : store_int(stmt, 4),
                  .national_id = signin_text(arena, stmt, 6),
                  .roles = access_roles_read(store_text(stmt, 5))},
        .until = store_int(stmt, 1),
        .seen_at = store_int(stmt, 7),
        .purpose = str_copy(arena, store_text(stmt, 8))};
    store_reset(stmt);
    bool over =
        ret->until <= now || signin_idle(ret->actor.roles, ret->seen_at, now);
    return over ? ERR_NOT_FOUND : OK;
}

Err signin_seen(StoreConn *tx, const Hash *session, Instant now)
{
    StoreStmt *stmt = store_query(tx, Q_SESSION_SEEN);
    store_bind_bytes(stmt, 1, hash_str(session));
    store_bind_int(stmt, 2, now);
    return store_exec(stmt, NULL);
}

Err signin_purpose(StoreConn *tx, const Hash *session, Str purpose)
{
    StoreStmt *stmt = store_query(tx, Q_SESSION_PURPOSE_SET);
    store_bind_bytes(stmt, 1, hash_str(session));
    store_bind_text(stmt, 2, purpose);
    return store_exec(stmt, NULL);
}

Err signin_close(StoreConn *tx, Str token)
{
    bool row;
    char room[256];
    Buf name = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    Hash hash = hash_of(token);
    StoreStmt *stmt = store_query(tx, Q_SESSION_GET);
    store_bind_bytes(stmt, 1, hash_str(&hash));
    TRY(store_step(stmt, &row));
    if (row) buf_str(&name, store_text(stmt, 2));
    store_reset(stmt);
    if (!row) return OK;
    stmt = store_query(tx, Q_SESSION_DELETE);
    store_bind_bytes(stmt, 1, hash_str(&hash));
    TRY(store_exec(stmt, NULL));
    return signin_leaf(tx, STR("signed out"), buf_view(&name));
}

void signin_csrf(Str token, char ret_text[SIGNIN_TOKEN_BYTES])
{
    Hash hash = hash_of_two(3, STR("form"), token);
    Buf text = {.at = ret_text,
                .room_bytes = SIGNIN_TOKEN_BYTES,
                .limit_bytes = SIGNIN_TOKEN_BYTES};
    base64url_write(&text, hash_str(&hash));
    ret_text[text.bytes] = '\0';
}

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

static unsigned read_roles(Str text)
{
    unsigned roles = 0;
    Str name;
    while (str_split(&text, ' ', &name)) {
        Role role = role_find(name);
        if (role != ROLE_COUNT) roles |= 1u << role;
    }
    return roles;
}

static void write_roles(unsigned roles, Buf *buf)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if ((roles >> i & 1) == 0) continue;
        if (buf->bytes > 0) buf_char(buf, ' ');
        buf_text(buf, role_name((Role)i));
    }
}

Err signin_leaf(StoreConn *tx, Str what, Str name)
{
    Buf record = buf_make(4096);
    bytes_put_str(&record, what);
    bytes_put_str(&record, name);
    Err err = audit_leaf(tx, AUDIT_NO_HOUSEHOLD, "actor", buf_view(&record));
    buf_free(&record);
    return err;
}

/* A text of a row in the arena; at NULL where the row has none. */
static Str text_or_none(Arena *arena, StoreStmt *stmt, int column)
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
                  .roles = read_roles(store_text(stmt, 3)),
                  .person_id = store_is_null(stmt, 2) ? -1 : store_int(stmt, 2),
                  .national_id = text_or_none(arena, stmt, 8)},
        .password = str_copy(arena, store_text(stmt, 4)),
        .code_step = store_int(stmt, 6),
        .disabled = store_int(stmt, 7) != 0};
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

static Err name_is_free(StoreConn *tx, Str name, Diag *diag)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_ACTOR_BY_NAME);
    store_bind_text(stmt, 1, name);
    TRY(store_step(stmt, &row));
    store_reset(stmt);
    if (!row) return OK;
    diag_set(diag, "actor.name_taken");
    diag_arg(diag, name);
    return ERR_CONFLICT;
}

/* Citizens are named by their national ID; staff never by digits alone, so
 * that a citizen's code opens no desk. */
static Err name_fits(const NewActor *actor, Diag *diag)
{
    bool digits = true;
    for (size_t i = 0; i < actor->name.bytes; i++) {
        char c = actor->name.at[i];
        digits = digits && c >= '0' && c <= '9';
    }
    if (!digits || actor->roles == citizen) return OK;
    diag_set(diag, "actor.name_digits");
    diag_arg(diag, actor->name);
    return ERR_INVALID;
}

Err signin_actor_add(StoreConn *tx, const NewActor *actor, Diag *diag)
{
    char encoded[SECRET_ENCODED_BYTES] = "";
    TRY(name_fits(actor, diag));
    TRY(name_is_free(tx, actor->name, diag));
    if (actor->password.at != NULL) {
        Err err = secret_password_hash(actor->password, encoded);
        if (err == ERR_RANGE) diag_set(diag, "actor.password");
        if (err != OK) return err;
    }
    char room[128];
    Buf roles = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    write_roles(actor->roles, &roles);
    StoreStmt *stmt = store_query(tx, Q_ACTOR_INSERT);
    store_bind_int(stmt, 1, actor->id);
    store_bind_text(stmt, 2, actor->name);
    store_bind_text(stmt, 3, actor->label);
    if (actor->person_id >= 0) {
        store_bind_int(stmt, 4, actor->person_id);
    } else {
        store_bind_null(stmt, 4);
    }
    store_bind_text(stmt, 5, buf_view(&roles));
    if (actor->password.at != NULL) {
        store_bind_text(stmt, 6, str_of(encoded));
    } else {
        store_bind_null(stmt, 6);
    }
    if (actor->code_key != NULL) {
        store_bind_bytes(
            stmt, 7, (Str){(const char *)actor->code_key, SECRET_KEY_BYTES});
    } else {
        store_bind_null(stmt, 7);
    }
    if (actor->national_id.at != NULL) {
        store_bind_text(stmt, 8, actor->national_id);
    } else {
        store_bind_null(stmt, 8);
    }
    TRY(store_exec(stmt, NULL));
    for (int32_t i = 0; i < actor->kin_count; i++) {
        stmt = store_query(tx, Q_KIN_INSERT);
        store_bind_int(stmt, 1, actor->id);
        store_bind_text(stmt, 2, actor->kin[i]);
        TRY(store_exec(stmt, NULL));
    }
    return signin_leaf(tx, STR("added"), actor->name);
}

Err signin_actor_disable(StoreConn *tx, Str name, Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(1 << 16);
    ActorRow row;
    Err err = signin_row(tx, arena, name, &row);
    if (err == ERR_NOT_FOUND) {
        diag_set(diag, "actor.unknown");
        diag_arg(diag, name);
    }
    if (err != OK) return err;
    StoreStmt *stmt = store_query(tx, Q_ACTOR_DISABLE);
    store_bind_int(stmt, 1, row.actor.id);
    TRY(store_exec(stmt, NULL));
    stmt = store_query(tx, Q_SESSION_DELETE_OF);
    store_bind_int(stmt, 1, row.actor.id);
    TRY(store_exec(stmt, NULL));
    return signin_leaf(tx, STR("disabled"), name);
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

Err signin_staff(StoreConn *tx, Arena *arena, const SigninAsk *ask,
                 bool password_right, int code, SigninSession *ret)
{
    ActorRow row;
    bool locked;
    TRY(signin_locked(tx, ask->name, ask->now, &locked));
    if (locked) return ERR_DENIED;
    Err err = signin_row(tx, arena, ask->name, &row);
    if (err == ERR_NOT_FOUND) return count_wrong(tx, ask);
    if (err != OK) return err;
    int64_t step = row.code_step;
    bool right = row.has_code_key && !row.disabled && password_right &&
                 secret_code_check(row.code_key, ask->now, code, &step) &&
                 step > row.code_step; /* a code is good once */
    if (!right) return count_wrong(tx, ask);
    StoreStmt *stmt = store_query(tx, Q_ACTOR_CODE_STEP);
    store_bind_int(stmt, 1, row.actor.id);
    store_bind_int(stmt, 2, step);
    TRY(store_exec(stmt, NULL));
    TRY(tally_clear(tx, &staff_wrong, ask->name));
    return signin_open(tx, row.actor.id, true, ask, ret);
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
                  .national_id = text_or_none(arena, stmt, 6),
                  .roles = read_roles(store_text(stmt, 5))},
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

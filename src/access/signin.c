#include "access/signin.h"

#include <string.h>

#include "audit/audit.h"
#include "codec/base64url.h"
#include "codec/bytes.h"
#include "crypto/hash.h"

enum {
    TOKEN_RAW_BYTES = 32,
    STAFF_SECONDS = 8 * 3600,
    CITIZEN_SECONDS = 3600,
    CODE_SECONDS = 600,
    LOCK_SECONDS = 900,
    HOUR_SECONDS = 3600,
    ENCODED_MAX = 512
};

static const int64_t second_us = 1000000;
static const unsigned citizen = 1u << ROLE_CITIZEN;

typedef struct ActorRow {
    Actor actor;
    Str password;
    unsigned char code_key[SECRET_KEY_BYTES];
    bool has_code_key;
    int64_t code_step;
    int64_t failures;
    Instant locked_until;
    bool disabled;
} ActorRow;

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

static Err leaf(StoreConn *tx, Str what, Str name)
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

static Err row_find(StoreConn *conn, Arena *arena, Str name, ActorRow *ret)
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
                  .national_id = text_or_none(arena, stmt, 10)},
        .password = str_copy(arena, store_text(stmt, 4)),
        .code_step = store_int(stmt, 6),
        .failures = store_int(stmt, 7),
        .locked_until = store_int(stmt, 8),
        .disabled = store_int(stmt, 9) != 0};
    Str key = store_bytes(stmt, 5);
    ret->has_code_key = key.bytes == SECRET_KEY_BYTES;
    if (ret->has_code_key) memcpy(ret->code_key, key.at, SECRET_KEY_BYTES);
    store_reset(stmt);
    return OK;
}

Err signin_actor_find(StoreConn *conn, Arena *arena, Str name, Actor *ret)
{
    ActorRow row;
    TRY(row_find(conn, arena, name, &row));
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
    return leaf(tx, STR("added"), actor->name);
}

Err signin_actor_disable(StoreConn *tx, Str name, Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(1 << 16);
    ActorRow row;
    Err err = row_find(tx, arena, name, &row);
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
    return leaf(tx, STR("disabled"), name);
}

/* Keeps how a try went: the count of failures and when they lock. */
static Err note_try(StoreConn *tx, const ActorRow *row, bool right,
                    int64_t step, Instant now)
{
    int64_t failures = right ? 0 : row->failures + 1;
    bool locks = failures >= SIGNIN_FAILURES_MAX;
    StoreStmt *stmt = store_query(tx, Q_ACTOR_TRIED);
    store_bind_int(stmt, 1, row->actor.id);
    store_bind_int(stmt, 2, locks ? 0 : failures);
    store_bind_int(stmt, 3, locks ? now + LOCK_SECONDS * second_us : 0);
    store_bind_int(stmt, 4, step);
    return store_exec(stmt, NULL);
}

Err signin_open(StoreConn *tx, int64_t actor_id, bool staff, Str lang,
                Instant now, SigninSession *ret)
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
    StoreStmt *stmt = store_query(tx, Q_SESSION_EXPIRE);
    store_bind_int(stmt, 1, now);
    TRY(store_exec(stmt, NULL));
    Hash hash = hash_of(str_of(ret->token));
    stmt = store_query(tx, Q_SESSION_INSERT);
    store_bind_bytes(stmt, 1, hash_str(&hash));
    store_bind_int(stmt, 2, actor_id);
    store_bind_text(stmt, 3, lang);
    store_bind_int(stmt, 4, now);
    store_bind_int(stmt, 5, now + ret->seconds * second_us);
    return store_exec(stmt, NULL);
}

Err signin_password_right(StoreConn *conn, Arena *arena, Str name, Str password,
                          bool *ret_right)
{
    /* a hash of nothing, so that an unknown name takes as long as a wrong
       password */
    static const char nobody[] =
        "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    ActorRow row;
    Err err = row_find(conn, arena, name, &row);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    bool known = err == OK && row.password.bytes > 0;
    bool right =
        secret_password_check(password, known ? row.password.at : nobody);
    *ret_right = known && right;
    return OK;
}

Err signin_staff(StoreConn *tx, Arena *arena, Str name, bool password_right,
                 int code, Str lang, Instant now, SigninSession *ret)
{
    ActorRow row;
    Err err = row_find(tx, arena, name, &row);
    if (err == ERR_NOT_FOUND) return ERR_DENIED;
    if (err != OK) return err;
    if (!row.has_code_key || row.disabled || row.locked_until > now) {
        return ERR_DENIED;
    }
    int64_t step = row.code_step;
    bool right = secret_code_check(row.code_key, now, code, &step);
    right = right && step > row.code_step; /* a code is good once */
    right = right && password_right;
    TRY(note_try(tx, &row, right, right ? step : row.code_step, now));
    if (!right) return ERR_DENIED;
    return signin_open(tx, row.actor.id, true, lang, now, ret);
}

static Hash code_hash(int64_t actor_id, Str code)
{
    char room[64];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    buf_int(&text, actor_id);
    return hash_of_two(2, buf_view(&text), code);
}

/* What is kept of the code that a citizen was sent last. */
typedef struct CodeRow {
    Hash hash;
    Instant expires_at;
    int64_t tries;
    int64_t sent; /* codes since sent_since */
    Instant sent_since;
} CodeRow;

static Err code_find(StoreConn *tx, int64_t actor_id, CodeRow *ret)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_CODE_GET);
    store_bind_int(stmt, 1, actor_id);
    TRY(store_step(stmt, &row));
    *ret = (CodeRow){.sent = 0};
    if (!row) return OK;
    Str kept = store_bytes(stmt, 0);
    if (kept.bytes == HASH_BYTES) memcpy(ret->hash.byte, kept.at, HASH_BYTES);
    ret->expires_at = store_int(stmt, 1);
    ret->tries = store_int(stmt, 2);
    ret->sent = store_int(stmt, 3);
    ret->sent_since = store_int(stmt, 4);
    store_reset(stmt);
    return OK;
}

/* Whether this actor signs in by codes, and may now. */
static bool takes_codes(const ActorRow *row, Instant now)
{
    return row->actor.roles == citizen && !row->disabled &&
           row->locked_until <= now;
}

Err signin_code_make(StoreConn *tx, Arena *arena, Str name, Instant now,
                     char ret_code[7])
{
    uint64_t number;
    ActorRow actor;
    CodeRow last;
    ret_code[0] = '\0';
    TRY(row_find(tx, arena, name, &actor));
    TRY(code_find(tx, actor.actor.id, &last));
    bool new_hour = last.sent_since + HOUR_SECONDS * second_us <= now;
    if (new_hour) last.sent = 0;
    if (!takes_codes(&actor, now) || last.sent >= SIGNIN_CODES_AN_HOUR) {
        return OK;
    }
    secret_random(&number, sizeof number);
    snprintf(ret_code, 7, "%06u", (unsigned)(number % 1000000));
    Hash hash = code_hash(actor.actor.id, str_of(ret_code));
    StoreStmt *stmt = store_query(tx, Q_CODE_SET);
    store_bind_int(stmt, 1, actor.actor.id);
    store_bind_bytes(stmt, 2, hash_str(&hash));
    store_bind_int(stmt, 3, now + CODE_SECONDS * second_us);
    store_bind_int(stmt, 4, last.sent + 1);
    store_bind_int(stmt, 5, new_hour ? now : last.sent_since);
    return store_exec(stmt, NULL);
}

Err signin_citizen(StoreConn *tx, Arena *arena, Str name, Str code, Str lang,
                   Instant now, SigninSession *ret)
{
    ActorRow actor;
    CodeRow last;
    Err err = row_find(tx, arena, name, &actor);
    if (err == ERR_NOT_FOUND) return ERR_DENIED;
    if (err != OK) return err;
    if (!takes_codes(&actor, now)) return ERR_DENIED;
    TRY(code_find(tx, actor.actor.id, &last));
    Hash hash = code_hash(actor.actor.id, code);
    bool good = last.expires_at > now && last.tries < SIGNIN_CODE_TRIES &&
                hash_equal(&hash, &last.hash);
    StoreStmt *stmt = store_query(tx, good ? Q_CODE_USED : Q_CODE_TRY);
    store_bind_int(stmt, 1, actor.actor.id);
    TRY(store_exec(stmt, NULL));
    TRY(note_try(tx, &actor, good, actor.code_step, now));
    if (!good) return ERR_DENIED;
    return signin_open(tx, actor.actor.id, false, lang, now, ret);
}

Err signin_session(StoreConn *conn, Arena *arena, Str token, Instant now,
                   Actor *ret, Instant *ret_until)
{
    bool row;
    Hash hash = hash_of(token);
    StoreStmt *stmt = store_query(conn, Q_SESSION_GET);
    store_bind_bytes(stmt, 1, hash_str(&hash));
    TRY(store_step(stmt, &row));
    if (!row) return ERR_NOT_FOUND;
    *ret_until = store_int(stmt, 1);
    *ret =
        (Actor){.id = store_int(stmt, 0),
                .name = str_copy(arena, store_text(stmt, 2)),
                .label = str_copy(arena, store_text(stmt, 3)),
                .person_id = store_is_null(stmt, 4) ? -1 : store_int(stmt, 4),
                .national_id = text_or_none(arena, stmt, 6),
                .roles = read_roles(store_text(stmt, 5))};
    store_reset(stmt);
    return *ret_until <= now ? ERR_NOT_FOUND : OK;
}

Err signin_close(StoreConn *tx, Str token)
{
    Hash hash = hash_of(token);
    StoreStmt *stmt = store_query(tx, Q_SESSION_DELETE);
    store_bind_bytes(stmt, 1, hash_str(&hash));
    return store_exec(stmt, NULL);
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

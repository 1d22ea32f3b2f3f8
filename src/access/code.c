#include "access/code.h"

#include <string.h>

#include "access/signin_int.h"
#include "access/tally.h"
#include "codec/bytes.h"
#include "crypto/hash.h"

enum { CODE_SECONDS = 600, QUARTER = 900, HOUR = 3600, DAY_LONG = 86400 };

static const unsigned citizen = 1u << ROLE_CITIZEN;

/* To whom tries are counted: all of it, or parts that are left out. */
typedef struct Count {
    Tally tally;
    bool browser, address, name;
} Count;

enum { COUNTS = 4 };

static const Count wrong_tries[COUNTS] = {
    {{"wrong pair", CODE_WRONG_PAIR, QUARTER}, true, false, true},
    {{"wrong near", CODE_WRONG_NEAR, HOUR}, false, true, true},
    {{"wrong host", CODE_WRONG_HOST, HOUR}, false, true, false},
    {{"wrong person", CODE_WRONG_PERSON, DAY_LONG}, false, false, true},
};

static const Count codes_sent[COUNTS] = {
    {{"sent pair", CODE_SENT_PAIR, HOUR}, true, false, true},
    {{"sent near", CODE_SENT_NEAR, HOUR}, false, true, true},
    {{"sent host", CODE_SENT_HOST, HOUR}, false, true, false},
    {{"sent person", CODE_SENT_PERSON, HOUR}, false, false, true},
};

static Str who_of(Arena *arena, const Count *count, const SigninAsk *ask)
{
    static const Str none = {"", 0};
    Buf buf = buf_make(4096);
    bytes_put_str(&buf, count->browser ? ask->browser : none);
    bytes_put_str(&buf, count->address ? ask->address : none);
    bytes_put_str(&buf, count->name ? ask->name : none);
    Str who = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return who;
}

/* Behind a socket without a proxy's word nobody has an address. */
static bool applies(const Count *count, const SigninAsk *ask)
{
    return !count->address || ask->address.bytes > 0;
}

/* The latest time that one of the counts says to wait for. */
static Err wait_for(StoreConn *conn, Arena *arena, const Count counts[COUNTS],
                    const SigninAsk *ask, Instant *ret)
{
    for (int i = 0; i < COUNTS; i++) {
        Instant until;
        if (!applies(&counts[i], ask)) continue;
        TRY(tally_until(conn, &counts[i].tally, who_of(arena, &counts[i], ask),
                        ask->now, &until));
        if (until > *ret) *ret = until;
    }
    return OK;
}

static Err count_all(StoreConn *tx, Arena *arena, const Count counts[COUNTS],
                     const SigninAsk *ask, Instant *ret)
{
    for (int i = 0; i < COUNTS; i++) {
        Instant until;
        if (!applies(&counts[i], ask)) continue;
        TRY(tally_count(tx, &counts[i].tally, who_of(arena, &counts[i], ask),
                        ask->now, &until));
        if (until > *ret) *ret = until;
    }
    return OK;
}

static Hash code_hash(int64_t actor_id, Str code)
{
    char room[64];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    buf_int(&text, actor_id);
    return hash_of_two(2, buf_view(&text), code);
}

static Hash browser_hash(const SigninAsk *ask)
{
    return hash_of_two(5, STR("browser"), ask->browser);
}

/*
 * The actor who signs in by codes under this name.
 *
 * out    ret_takes: whether there is such a one; staff never are
 */
static Err find_citizen(StoreConn *tx, Arena *arena, const SigninAsk *ask,
                        ActorRow *ret, bool *ret_takes)
{
    Err err = signin_row(tx, arena, ask->name, ret);
    *ret_takes = err == OK && ret->actor.roles == citizen && !ret->disabled;
    return err == ERR_NOT_FOUND ? OK : err;
}

Err code_make(StoreConn *tx, Arena *arena, const SigninAsk *ask,
              char ret_code[7], Instant *ret_wait)
{
    bool takes;
    uint64_t number;
    ActorRow actor;
    ret_code[0] = '\0';
    *ret_wait = 0;
    TRY(wait_for(tx, arena, wrong_tries, ask, ret_wait));
    TRY(wait_for(tx, arena, codes_sent, ask, ret_wait));
    if (*ret_wait > 0) return OK;
    Instant later = 0; /* this one is still sent */
    TRY(count_all(tx, arena, codes_sent, ask, &later));
    TRY(find_citizen(tx, arena, ask, &actor, &takes));
    if (!takes) return OK;
    secret_random(&number, sizeof number);
    snprintf(ret_code, 7, "%06u", (unsigned)(number % 1000000));
    Hash hash = code_hash(actor.actor.id, str_of(ret_code));
    Hash browser = browser_hash(ask);
    StoreStmt *stmt = store_query(tx, Q_CODE_SET);
    store_bind_int(stmt, 1, actor.actor.id);
    store_bind_bytes(stmt, 2, hash_str(&browser));
    store_bind_bytes(stmt, 3, hash_str(&hash));
    store_bind_int(stmt, 4, ask->now + CODE_SECONDS * INT64_C(1000000));
    TRY(store_exec(stmt, NULL));
    return signin_leaf(tx, STR("code sent"), ask->name);
}

/* Whether it is the code; it is used by that, or a try of it is. */
static Err take_code(StoreConn *tx, int64_t actor_id, const SigninAsk *ask,
                     Str code, bool *ret_good)
{
    bool row;
    Hash hash = code_hash(actor_id, code), browser = browser_hash(ask), kept;
    StoreStmt *stmt = store_query(tx, Q_CODE_GET);
    store_bind_int(stmt, 1, actor_id);
    store_bind_bytes(stmt, 2, hash_str(&browser));
    TRY(store_step(stmt, &row));
    *ret_good = false;
    if (!row) return OK;
    Str bytes = store_bytes(stmt, 0);
    if (bytes.bytes == HASH_BYTES) {
        memcpy(kept.byte, bytes.at, HASH_BYTES);
        *ret_good = store_int(stmt, 1) > ask->now &&
                    store_int(stmt, 2) < CODE_TRIES && hash_equal(&hash, &kept);
    }
    store_reset(stmt);
    stmt = store_query(tx, *ret_good ? Q_CODE_USED : Q_CODE_TRY);
    store_bind_int(stmt, 1, actor_id);
    store_bind_bytes(stmt, 2, hash_str(&browser));
    return store_exec(stmt, NULL);
}

/* A right code forgives its browser and address, never the ceilings. */
static Err forgive(StoreConn *tx, Arena *arena, const SigninAsk *ask)
{
    for (int i = 0; i < 2; i++) {
        TRY(tally_clear(tx, &wrong_tries[i].tally,
                        who_of(arena, &wrong_tries[i], ask)));
        TRY(tally_clear(tx, &codes_sent[i].tally,
                        who_of(arena, &codes_sent[i], ask)));
    }
    return OK;
}

Err code_signin(StoreConn *tx, Arena *arena, const SigninAsk *ask, Str code,
                SigninSession *ret, Instant *ret_wait)
{
    bool takes, good = false;
    ActorRow actor;
    *ret_wait = 0;
    TRY(wait_for(tx, arena, wrong_tries, ask, ret_wait));
    if (*ret_wait > 0) return ERR_DENIED;
    TRY(find_citizen(tx, arena, ask, &actor, &takes));
    if (takes) TRY(take_code(tx, actor.actor.id, ask, code, &good));
    if (good) {
        TRY(forgive(tx, arena, ask));
        return signin_open(tx, actor.actor.id, false, ask, ret);
    }
    TRY(count_all(tx, arena, wrong_tries, ask, ret_wait));
    if (*ret_wait > 0) TRY(signin_leaf(tx, STR("locked"), ask->name));
    return ERR_DENIED;
}

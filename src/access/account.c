#include "access/account.h"

#include "access/check.h"
#include "access/signin_int.h"

enum { ACTOR_ARENA_BYTES = 1 << 16 };

static const unsigned citizen = 1u << ROLE_CITIZEN;
static const unsigned admin = 1u << ROLE_ADMIN;
static const unsigned readers = 1u << ROLE_CASEWORKER | 1u << ROLE_AUDITOR;
static const unsigned power =
    1u << ROLE_AUDITOR | 1u << ROLE_POLICY | 1u << ROLE_ADMIN;

bool account_roles_fit(unsigned roles)
{
    return (roles & admin) == 0 || (roles & readers) == 0;
}

static Err name_is_free(StoreConn *tx, Str name, Diag *diag)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_ACTOR_BY_NAME);
    store_bind_text(stmt, 1, name);
    TRY(store_step(stmt, &row));
    store_reset(stmt);
    if (!row && !str_equal(name, access_operator().name)) return OK;
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

/* A person of the registry has the national ID that is said of him. */
static Err person_fits(StoreConn *tx, const NewActor *actor, Diag *diag)
{
    bool row, fits = true;
    if (actor->person_id < 0 || actor->national_id.at == NULL) return OK;
    StoreStmt *stmt = store_query(tx, Q_PERSON_GET);
    store_bind_int(stmt, 1, actor->person_id);
    TRY(store_step(stmt, &row));
    if (row && !store_is_null(stmt, 1)) {
        fits = str_equal(store_text(stmt, 1), actor->national_id);
    }
    store_reset(stmt);
    if (row && fits) return OK;
    diag_set(diag, row ? "actor.other_person" : "actor.no_person");
    diag_arg_int(diag, actor->person_id);
    return row ? ERR_INVALID : ERR_NOT_FOUND;
}

/* Looks whether each account that a statement lists goes with these roles. */
static Err accounts_fit(StoreStmt *stmt, unsigned roles, Diag *diag)
{
    for (bool row;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        if (account_roles_fit(roles | access_roles_read(store_text(stmt, 1)))) {
            continue;
        }
        diag_set(diag, "actor.two_roles");
        diag_arg(diag, store_text(stmt, 0));
        store_reset(stmt);
        return ERR_CONFLICT;
    }
}

/* Nobody has by two accounts what he may not have by one. */
static Err roles_fit(StoreConn *tx, const NewActor *actor, Diag *diag)
{
    int64_t person_id;
    Actor as_person = {.person_id = actor->person_id,
                       .national_id = actor->national_id};
    if ((actor->roles & (admin | readers)) == 0) return OK;
    if (!account_roles_fit(actor->roles)) {
        diag_set(diag, "actor.two_roles");
        diag_arg(diag, actor->name);
        return ERR_CONFLICT;
    }
    if (actor->national_id.at != NULL) {
        StoreStmt *stmt = store_query(tx, Q_ACTOR_OF_NATIONAL);
        store_bind_text(stmt, 1, actor->national_id);
        TRY(accounts_fit(stmt, actor->roles, diag));
    }
    TRY(access_person(tx, &as_person, &person_id));
    if (person_id < 0) return OK;
    StoreStmt *stmt = store_query(tx, Q_ACTOR_OF_PERSON);
    store_bind_int(stmt, 1, person_id);
    return accounts_fit(stmt, actor->roles, diag);
}

/* Administrators without one: who were ever in force, and who are. */
static Err count_admins(StoreConn *tx, int64_t without, int64_t *ret_ever,
                        int64_t *ret_now)
{
    bool row;
    StoreStmt *stmt = store_query(tx, Q_ADMIN_COUNT);
    store_bind_int(stmt, 1, without);
    TRY(store_step(stmt, &row));
    CHECK(row);
    *ret_ever = store_int(stmt, 0);
    *ret_now = store_int(stmt, 1);
    store_reset(stmt);
    return OK;
}

/* Whether the account waits. Who has power is somebody, an administrator asks
 * for him, and nobody else types his password; the first administrator is
 * made without, and the operator asks for the second, whom nobody else could
 * ask for and another confirm. */
static Err must_wait(StoreConn *tx, const NewActor *actor, Diag *diag,
                     bool *ret)
{
    int64_t ever, now;
    *ret = (actor->roles & power) != 0 && !actor->persona;
    if (!*ret) return OK;
    if (actor->person_id < 0 && actor->national_id.at == NULL) {
        diag_set(diag, "actor.nobody");
        return ERR_INVALID;
    }
    bool typed = actor->password.at != NULL;
    bool founds = (actor->roles & admin) != 0;
    TRY(count_admins(tx, actor->id, &ever, &now));
    *ret = ever > 0 || !founds || !typed;
    founds = founds && ever < ACCOUNT_FOUNDERS;
    if (!*ret || (!typed && (founds || actor->asked_by != 0))) return OK;
    diag_set(diag, "actor.asker_needed");
    return ERR_DENIED;
}

/* The password as it is kept; at NULL: none. */
static Err encode(const NewActor *actor, bool waits,
                  char room[SECRET_ENCODED_BYTES], Str *ret, Diag *diag)
{
    *ret = (Str){NULL, 0};
    if (waits || actor->password.at == NULL) return OK;
    Err err = secret_password_hash(actor->password, room);
    if (err == ERR_RANGE) diag_set(diag, "actor.password");
    if (err == OK) *ret = str_of(room);
    return err;
}

static void bind_text(StoreStmt *stmt, int at, Str text)
{
    if (text.at != NULL) {
        store_bind_text(stmt, at, text);
    } else {
        store_bind_null(stmt, at);
    }
}

static Err insert(StoreConn *tx, const NewActor *actor, Str password,
                  bool waits)
{
    char room[128];
    Buf roles = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    access_roles_write(actor->roles, &roles);
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
    bind_text(stmt, 6, password);
    if (actor->code_key != NULL && !waits) {
        store_bind_bytes(
            stmt, 7, (Str){(const char *)actor->code_key, SECRET_KEY_BYTES});
    } else {
        store_bind_null(stmt, 7);
    }
    bind_text(stmt, 8, actor->national_id);
    store_bind_int(stmt, 9, waits);
    store_bind_int(stmt, 10, actor->asked_by);
    TRY(store_exec(stmt, NULL));
    for (int32_t i = 0; i < actor->kin_count; i++) {
        stmt = store_query(tx, Q_KIN_INSERT);
        store_bind_int(stmt, 1, actor->id);
        store_bind_text(stmt, 2, actor->kin[i]);
        TRY(store_exec(stmt, NULL));
    }
    return OK;
}

Err account_actor(StoreConn *conn, Arena *arena, int64_t id, Actor *ret)
{
    bool row;
    *ret = access_operator();
    if (id == 0) return OK;
    StoreStmt *stmt = store_query(conn, Q_ACTOR_GET);
    store_bind_int(stmt, 1, id);
    TRY(store_step(stmt, &row));
    if (!row) return ERR_NOT_FOUND;
    *ret =
        (Actor){.id = id,
                .name = str_copy(arena, store_text(stmt, 0)),
                .label = str_copy(arena, store_text(stmt, 1)),
                .person_id = store_is_null(stmt, 2) ? -1 : store_int(stmt, 2),
                .roles = access_roles_read(store_text(stmt, 3)),
                .national_id = signin_text(arena, stmt, 4)};
    store_reset(stmt);
    return access_person(conn, ret, &ret->person_id);
}

static Err tell_added(StoreConn *tx, const NewActor *actor, bool waits)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ACTOR_ARENA_BYTES);
    Actor first;
    if (!waits) return signin_leaf(tx, STR("added"), actor->name);
    TRY(account_actor(tx, arena, actor->asked_by, &first));
    return signin_leaf_by(tx, STR("asked for"), actor->name, first.name);
}

Err account_add(StoreConn *tx, const NewActor *actor, Diag *diag,
                char ret_half[ENROL_HALF_ROOM])
{
    char room[SECRET_ENCODED_BYTES] = "";
    Str password;
    bool waits;
    /* of a citizen nothing is checked that another could change */
    if (actor->roles != citizen) TRY(signin_turn(tx));
    TRY(name_fits(actor, diag));
    TRY(name_is_free(tx, actor->name, diag));
    TRY(person_fits(tx, actor, diag));
    TRY(roles_fit(tx, actor, diag));
    TRY(must_wait(tx, actor, diag, &waits));
    TRY(encode(actor, waits, room, &password, diag));
    TRY(insert(tx, actor, password, waits));
    TRY(account_leaf(tx, actor->id));
    if (ret_half != NULL) ret_half[0] = '\0';
    if (waits) {
        CHECK(ret_half != NULL);
        TRY(enrol_begin(tx, actor->id, ret_half));
    }
    return tell_added(tx, actor, waits);
}

/* The row of a name that must be there. */
static Err find_row(StoreConn *tx, Arena *arena, Str name, ActorRow *ret,
                    Diag *diag)
{
    Err err = signin_row(tx, arena, name, ret);
    if (err == ERR_NOT_FOUND) {
        diag_set(diag, "actor.unknown");
        diag_arg(diag, name);
    }
    return err;
}

static Err is_closed(Str name, bool disabled, Diag *diag)
{
    diag_set(diag, disabled ? "actor.disabled" : "actor.not_waiting");
    diag_arg(diag, name);
    return ERR_CONFLICT;
}

Err account_approve(StoreConn *tx, Str name, const Actor *by, Instant now,
                    char ret_half[ENROL_HALF_ROOM], Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ACTOR_ARENA_BYTES);
    ActorRow row;
    Actor first, second = *by;
    TRY(signin_turn(tx));
    TRY(find_row(tx, arena, name, &row, diag));
    bool fresh = row.password.bytes == 0 && (row.actor.roles & power) != 0;
    if (!fresh || row.disabled) return is_closed(name, fresh, diag);
    TRY(account_actor(tx, arena, row.asked_by, &first));
    TRY(access_person(tx, &row.actor, &row.actor.person_id));
    TRY(access_person(tx, &second, &second.person_id));
    Subject subject = {.object = OBJECT_ACCOUNT,
                       .household_id = -1,
                       .first = &first,
                       .favours = &row.actor};
    TRY(access_check(&second, ACTION_APPROVE, &subject, diag, NULL));
    Err err = enrol_confirm(tx, row.actor.id, now, ret_half);
    if (err == ERR_NOT_FOUND) return is_closed(name, false, diag);
    if (err != OK) return err;
    StoreStmt *stmt = store_query(tx, Q_ACTOR_APPROVE);
    store_bind_int(stmt, 1, row.actor.id);
    store_bind_int(stmt, 2, second.id);
    TRY(store_exec(stmt, NULL));
    return signin_leaf_by(tx, STR("confirmed"), name, second.name);
}

/* Without any administrator nobody could confirm one. */
static Err another_is_in_force(StoreConn *tx, const ActorRow *row, Diag *diag)
{
    int64_t ever, now;
    bool in_force = !row->waiting && !row->disabled && row->password.bytes > 0;
    if ((row->actor.roles & admin) == 0 || !in_force) return OK;
    TRY(count_admins(tx, row->actor.id, &ever, &now));
    if (now > 0) return OK;
    diag_set(diag, "actor.last_admin");
    diag_arg(diag, row->actor.name);
    return ERR_CONFLICT;
}

Err account_disable(StoreConn *tx, Str name, Diag *diag)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ACTOR_ARENA_BYTES);
    ActorRow row;
    TRY(signin_turn(tx));
    TRY(find_row(tx, arena, name, &row, diag));
    TRY(another_is_in_force(tx, &row, diag));
    StoreStmt *stmt = store_query(tx, Q_ACTOR_DISABLE);
    store_bind_int(stmt, 1, row.actor.id);
    TRY(store_exec(stmt, NULL));
    stmt = store_query(tx, Q_SESSION_DELETE_OF);
    store_bind_int(stmt, 1, row.actor.id);
    TRY(store_exec(stmt, NULL));
    return signin_leaf(tx, STR("disabled"), name);
}

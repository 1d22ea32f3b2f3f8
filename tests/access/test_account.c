#include "access/account.h"

#include "codec/bytes.h"
#include "tests/scratch.h"

enum {
    CASEWORKER = 1u << ROLE_CASEWORKER,
    AUDITOR = 1u << ROLE_AUDITOR,
    ADMIN = 1u << ROLE_ADMIN
};

static const Instant begin = 29000000 * 60 * INT64_C(1000000);

typedef struct Office {
    Scratch scratch;
    StoreConn *tx;
    Arena *arena;
    unsigned char key[SECRET_KEY_BYTES];
    int64_t last_id;
    bool waits; /* the last that was added */
    char half[ENROL_HALF_ROOM], other[ENROL_HALF_ROOM]; /* of his code */
    Diag diag;
} Office;

static Office open_office(void)
{
    Office office = {.scratch = scratch_open(), .arena = arena_open(1 << 22)};
    office.tx = scratch_writer(&office.scratch);
    memcpy(office.key, "12345678901234567890", SECRET_KEY_BYTES);
    return office;
}

static void close_office(Office *office)
{
    store_conn_close(office->tx);
    arena_close(office->arena);
    scratch_close(&office->scratch);
}

static Err end(Office *office, Err err)
{
    if (err == OK) err = store_commit(office->tx);
    if (err != OK) store_rollback(office->tx);
    return err;
}

static Err add_with(Office *office, NewActor actor, const char *name,
                    unsigned roles, const char *national)
{
    actor.id = ++office->last_id;
    actor.name = actor.label = str_of(name);
    actor.roles = roles;
    if (national != NULL) actor.national_id = str_of(national);
    actor.code_key = office->key;
    char half[ENROL_HALF_ROOM] = "";
    office->diag = (Diag){.key = ""};
    ck_assert_int_eq(store_begin(office->tx), OK);
    Err err = end(office, account_add(office->tx, &actor, &office->diag, half));
    office->waits = err == OK && half[0] != '\0';
    if (office->waits) memcpy(office->half, half, sizeof half);
    return err;
}

static Err add(Office *office, const char *name, unsigned roles,
               const char *national)
{
    NewActor actor = {.person_id = -1, .password = STR("a long password")};
    return add_with(office, actor, name, roles, national);
}

/* The id of an actor; 0 for the operator. */
static int64_t id_of(Office *office, const char *name)
{
    Actor found;
    if (strcmp(name, "operator") == 0) return 0;
    ck_assert_int_eq(
        signin_actor_find(office->tx, office->arena, str_of(name), &found), OK);
    return found.id;
}

/* An account for which somebody asks, without a password. */
static Err ask(Office *office, const char *name, unsigned roles,
               const char *national, const char *by)
{
    NewActor actor = {.person_id = -1, .asked_by = id_of(office, by)};
    return add_with(office, actor, name, roles, national);
}

static Err approve(Office *office, const char *name, const char *by)
{
    Actor second;
    office->diag = (Diag){.key = ""};
    ck_assert_int_eq(
        signin_actor_find(office->tx, office->arena, str_of(by), &second), OK);
    ck_assert_int_eq(store_begin(office->tx), OK);
    return end(office, account_approve(office->tx, str_of(name), &second, begin,
                                       office->other, &office->diag));
}

/* The holder with these halves; as the command does, a wrong try is kept. */
static Err enrol_with(Office *office, const char *name, const char *half,
                      const char *other, Instant now)
{
    EnrolAsk holder = {.name = str_of(name),
                       .asked = str_of(half),
                       .confirmed = str_of(other),
                       .password = STR("a long password"),
                       .code_key = office->key,
                       .now = now};
    office->diag = (Diag){.key = ""};
    ck_assert_int_eq(store_begin(office->tx), OK);
    Err err = enrol_finish(office->tx, &holder, &office->diag);
    ck_assert_int_eq(store_commit(office->tx), OK);
    return err;
}

static Err enrol(Office *office, const char *name)
{
    return enrol_with(office, name, office->half, office->other, begin);
}

/* An account with power, asked for, confirmed and enrolled. */
static void take_on(Office *office, const char *name, unsigned roles,
                    const char *national, const char *by, const char *second)
{
    ck_assert_int_eq(ask(office, name, roles, national, by), OK);
    ck_assert(office->waits);
    ck_assert_int_eq(approve(office, name, second), OK);
    ck_assert_int_eq(enrol(office, name), OK);
}

/* A database with its two first administrators, amal and badr. */
static Office found_office(void)
{
    Office office = open_office();
    NewActor first = {.person_id = -1, .password = STR("a long password")};
    ck_assert_int_eq(add_with(&office, first, "amal", ADMIN, "1000000016"), OK);
    ck_assert(!office.waits);
    take_on(&office, "badr", ADMIN, "1000000024", "operator", "amal");
    return office;
}

static Err disable(Office *office, const char *name)
{
    office->diag = (Diag){.key = ""};
    ck_assert_int_eq(store_begin(office->tx), OK);
    return end(office,
               account_disable(office->tx, str_of(name), &office->diag));
}

/* Whether who knows password and code is let in. */
static Err sign_in(Office *office, const char *name, Instant now)
{
    SigninSession session;
    SigninHeld held;
    SigninAsk ask = {.name = str_of(name),
                     .browser = STR("one"),
                     .address = STR("192.0.2.1"),
                     .older = STR(""),
                     .lang = STR("ar"),
                     .now = now};
    int code = secret_code(office->key, now);
    ck_assert_int_eq(store_begin(office->tx), OK);
    Err err =
        signin_staff(office->tx, office->arena, &ask, true, code, &session);
    ck_assert_int_eq(store_commit(office->tx), OK);
    if (err == OK) {
        ck_assert_int_eq(signin_session(office->tx, office->arena,
                                        str_of(session.token), now, &held),
                         OK);
    }
    return err;
}

/* Audit leaves of accounts with this record. */
static int leaves(Office *office, const char *what, const char *name,
                  const char *by)
{
    Buf record = buf_make(4096);
    bytes_put_str(&record, str_of(what));
    bytes_put_str(&record, str_of(name));
    if (by != NULL) bytes_put_str(&record, str_of(by));
    int count = 0;
    bool row;
    StoreStmt *stmt = store_query(office->tx, Q_AUDIT_PAGE);
    store_bind_int(stmt, 1, INT64_MIN);
    store_bind_int(stmt, 2, INT64_MIN);
    store_bind_int(stmt, 3, 10000);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        count += str_equal(store_bytes(stmt, 5), buf_view(&record));
    }
    buf_free(&record);
    return count;
}

TEST(caseworkers_and_the_first_administrator_are_in_force_at_once)
{
    Office office = open_office();
    ck_assert_int_eq(add(&office, "c", CASEWORKER, "1000000008"), OK);
    ck_assert(!office.waits);
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert(!office.waits);
    ck_assert_int_eq(sign_in(&office, "c", begin), OK);
    ck_assert_int_eq(sign_in(&office, "amal", begin), OK);
    ck_assert_int_eq(leaves(&office, "added", "amal", NULL), 1);
    close_office(&office);
}

TEST(an_account_with_power_waits_for_an_administrator)
{
    static const unsigned roles[] = {ADMIN, AUDITOR, AUDITOR | CASEWORKER};
    for (int i = 0; i < 3; i++) {
        Office office = found_office();
        ck_assert_int_eq(ask(&office, "dana", roles[i], "1000000032", "amal"),
                         OK);
        ck_assert(office.waits);
        ck_assert_int_eq(sign_in(&office, "dana", begin), ERR_DENIED);
        ck_assert_int_eq(leaves(&office, "asked for", "dana", "amal"), 1);
        ck_assert_int_eq(approve(&office, "dana", "badr"), OK);
        ck_assert_int_eq(leaves(&office, "confirmed", "dana", "badr"), 1);
        ck_assert_int_eq(sign_in(&office, "dana", begin), ERR_DENIED);
        ck_assert_int_eq(enrol(&office, "dana"), OK);
        ck_assert_int_eq(leaves(&office, "enrolled", "dana", NULL), 1);
        ck_assert_int_eq(sign_in(&office, "dana", begin), OK);
        ck_assert_int_eq(approve(&office, "dana", "badr"), ERR_CONFLICT);
        ck_assert_str_eq(office.diag.key, "actor.not_waiting");
        close_office(&office);
    }
}

TEST(an_administrator_asks_for_who_has_power)
{
    Office office = open_office();
    ck_assert_int_eq(ask(&office, "d", AUDITOR, "1000000032", "operator"),
                     ERR_DENIED);
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    /* the second is asked for by the operator, without a password of his */
    ck_assert_int_eq(add(&office, "badr", ADMIN, "1000000024"), ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "actor.asker_needed");
    take_on(&office, "badr", ADMIN, "1000000024", "operator", "amal");
    ck_assert_int_eq(ask(&office, "ghost", ADMIN, "1000000032", "operator"),
                     ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "actor.asker_needed");
    ck_assert_int_eq(ask(&office, "ghost", AUDITOR, "1000000032", "operator"),
                     ERR_DENIED);
    /* also when one of the two has left */
    ck_assert_int_eq(disable(&office, "badr"), OK);
    ck_assert_int_eq(ask(&office, "ghost", ADMIN, "1000000032", "operator"),
                     ERR_DENIED);
    ck_assert_int_eq(add(&office, "ghost", ADMIN, "1000000032"), ERR_DENIED);
    ck_assert_int_eq(add(&office, "c", CASEWORKER, "1000000032"), OK);
    ck_assert_int_eq(add(&office, "operator", CASEWORKER, "1000000040"),
                     ERR_CONFLICT);
    close_office(&office);
}

TEST(who_has_power_is_somebody)
{
    Office office = found_office();
    ck_assert_int_eq(ask(&office, "dana", AUDITOR, NULL, "amal"), ERR_INVALID);
    ck_assert_str_eq(office.diag.key, "actor.nobody");
    NewActor known = {.person_id = 7, .asked_by = id_of(&office, "amal")};
    ck_assert_int_eq(add_with(&office, known, "dana", AUDITOR, NULL), OK);
    ck_assert_int_eq(add(&office, "c", CASEWORKER, NULL), OK);
    close_office(&office);
}

TEST(only_both_halves_together_enrol)
{
    Office office = found_office();
    char asked[ENROL_HALF_ROOM];
    ck_assert_int_eq(ask(&office, "dana", AUDITOR, "1000000032", "amal"), OK);
    memcpy(asked, office.half, sizeof asked);
    ck_assert_int_eq(enrol_with(&office, "dana", asked, "", begin), ERR_DENIED);
    ck_assert_int_eq(approve(&office, "dana", "badr"), OK);
    ck_assert_str_ne(asked, office.other);
    ck_assert_int_eq(enrol_with(&office, "dana", asked, asked, begin),
                     ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "actor.not_enrolled");
    ck_assert_int_eq(
        enrol_with(&office, "dana", office.other, office.other, begin),
        ERR_DENIED);
    ck_assert_int_eq(enrol_with(&office, "dana", office.other, asked, begin),
                     ERR_DENIED);
    ck_assert_int_eq(enrol(&office, "nobody"), ERR_DENIED);
    ck_assert_int_eq(enrol(&office, "amal"), ERR_DENIED);
    ck_assert_int_eq(sign_in(&office, "dana", begin), ERR_DENIED);
    ck_assert_int_eq(enrol(&office, "dana"), OK);
    ck_assert_int_eq(enrol(&office, "dana"), ERR_DENIED); /* good once */
    close_office(&office);
}

TEST(a_code_ends_by_time_and_by_tries_and_is_made_anew)
{
    Office office = found_office();
    char stale[ENROL_HALF_ROOM];
    Instant late = begin + ENROL_SECONDS * INT64_C(1000000);
    ck_assert_int_eq(ask(&office, "dana", AUDITOR, "1000000032", "amal"), OK);
    ck_assert_int_eq(approve(&office, "dana", "badr"), OK);
    ck_assert_int_eq(
        enrol_with(&office, "dana", office.half, office.other, late),
        ERR_DENIED);
    for (int i = 1; i < ENROL_TRIES; i++) {
        ck_assert_int_eq(enrol_with(&office, "dana", "A", "B", begin),
                         ERR_DENIED);
    }
    ck_assert_int_eq(enrol(&office, "dana"), ERR_DENIED);
    memcpy(stale, office.other, sizeof stale);
    ck_assert_int_eq(approve(&office, "dana", "amal"), ERR_DENIED);
    ck_assert_int_eq(approve(&office, "dana", "badr"), OK);
    ck_assert_int_eq(enrol_with(&office, "dana", office.half, stale, begin),
                     ERR_DENIED);
    ck_assert_int_eq(
        enrol_with(&office, "dana", office.half, office.other, late - 1), OK);
    close_office(&office);
}

TEST(who_is_switched_off_enrols_no_more)
{
    Office office = found_office();
    ck_assert_int_eq(ask(&office, "dana", AUDITOR, "1000000032", "amal"), OK);
    ck_assert_int_eq(approve(&office, "dana", "badr"), OK);
    ck_assert_int_eq(disable(&office, "dana"), OK);
    ck_assert_int_eq(enrol(&office, "dana"), ERR_DENIED);
    close_office(&office);
}

TEST(nobody_confirms_what_he_asked_for_nor_himself)
{
    Office office = found_office();
    ck_assert_int_eq(ask(&office, "dana", AUDITOR, "1000000032", "amal"), OK);
    ck_assert_int_eq(approve(&office, "dana", "amal"), ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "access.second");
    ck_assert_int_eq(approve(&office, "dana", "dana"), ERR_DENIED);
    ck_assert_int_eq(approve(&office, "dana", "badr"), OK);
    /* by a second account of his he is still himself */
    ck_assert_int_eq(ask(&office, "badr2", ADMIN, "1000000024", "amal"), OK);
    ck_assert_int_eq(approve(&office, "badr2", "badr"), ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "access.second");
    take_on(&office, "hind", ADMIN, "1000000040", "amal", "badr");
    ck_assert_int_eq(approve(&office, "badr2", "hind"), OK);
    close_office(&office);
}

TEST(only_administrators_confirm)
{
    Office office = found_office();
    ck_assert_int_eq(add(&office, "c", CASEWORKER, "1000000008"), OK);
    ck_assert_int_eq(ask(&office, "dana", AUDITOR, "1000000032", "amal"), OK);
    ck_assert_int_eq(approve(&office, "dana", "c"), ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "access.denied");
    ck_assert_int_eq(approve(&office, "nobody", "badr"), ERR_NOT_FOUND);
    ck_assert_str_eq(office.diag.key, "actor.unknown");
    ck_assert_int_eq(disable(&office, "dana"), OK);
    ck_assert_int_eq(approve(&office, "dana", "badr"), ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.disabled");
    close_office(&office);
}

TEST(who_waits_proves_nothing_and_so_confirms_nobody)
{
    Office office = found_office();
    Actor found;
    SigninAsk proof = {.name = STR("dana"), .now = begin};
    ck_assert_int_eq(ask(&office, "dana", ADMIN, "1000000032", "amal"), OK);
    int code = secret_code(office.key, begin);
    ck_assert_int_eq(store_begin(office.tx), OK);
    ck_assert_int_eq(
        signin_prove(office.tx, office.arena, &proof, true, code, &found),
        ERR_DENIED);
    proof.name = STR("amal");
    ck_assert_int_eq(
        signin_prove(office.tx, office.arena, &proof, true, code, &found), OK);
    ck_assert_int_eq(found.id, 1);
    ck_assert_int_eq(store_commit(office.tx), OK);
    close_office(&office);
}

TEST(the_last_administrator_stays_and_the_first_is_made_once)
{
    Office office = open_office();
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert_int_eq(ask(&office, "badr", ADMIN, "1000000024", "operator"), OK);
    ck_assert_int_eq(approve(&office, "badr", "amal"), OK);
    ck_assert_int_eq(disable(&office, "amal"), ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.last_admin");
    ck_assert_int_eq(enrol(&office, "badr"), OK);
    ck_assert_int_eq(disable(&office, "amal"), OK);
    ck_assert_int_eq(disable(&office, "badr"), ERR_CONFLICT);
    ck_assert_int_eq(ask(&office, "dana", ADMIN, "1000000032", "badr"), OK);
    ck_assert_int_eq(disable(&office, "dana"), OK); /* was never in force */
    close_office(&office);
}

TEST(nobody_has_by_two_accounts_what_he_may_not_have_by_one)
{
    Office office = found_office();
    ck_assert_int_eq(
        ask(&office, "both", ADMIN | CASEWORKER, "1000000008", "amal"),
        ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.two_roles");
    ck_assert_int_eq(add(&office, "c", CASEWORKER, "1000000008"), OK);
    ck_assert_int_eq(ask(&office, "a", ADMIN, "1000000008", "amal"),
                     ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.two_roles");
    ck_assert_str_eq(office.diag.arg[0], "c");
    ck_assert_int_eq(ask(&office, "b", AUDITOR, "1000000016", "badr"),
                     ERR_CONFLICT);
    ck_assert_int_eq(ask(&office, "d", AUDITOR, "1000000008", "amal"), OK);
    /* who has left the one desk may take the other */
    ck_assert_int_eq(disable(&office, "c"), OK);
    ck_assert_int_eq(disable(&office, "d"), OK);
    ck_assert_int_eq(ask(&office, "a2", ADMIN, "1000000008", "amal"), OK);
    close_office(&office);
}

static void make_person(Office *office, int64_t id, const char *national)
{
    StoreStmt *stmt = store_query(office->tx, Q_PERSON_INSERT);
    store_bind_int(stmt, 1, id);
    store_bind_int(stmt, 2, 70);
    if (national == NULL) {
        store_bind_null(stmt, 3);
    } else {
        store_bind_text(stmt, 3, str_of(national));
    }
    ck_assert_int_eq(store_begin(office->tx), OK);
    ck_assert_int_eq(store_exec(stmt, NULL), OK);
    ck_assert_int_eq(store_commit(office->tx), OK);
}

TEST(a_person_of_the_registry_is_one_under_number_and_id)
{
    Office office = open_office();
    NewActor of_5 = {.person_id = 5, .password = STR("a long password")};
    make_person(&office, 5, "1000000008");
    ck_assert_int_eq(add_with(&office, of_5, "x", CASEWORKER, "1000000016"),
                     ERR_INVALID);
    ck_assert_str_eq(office.diag.key, "actor.other_person");
    ck_assert_int_eq(add_with(&office, of_5, "x", CASEWORKER, "1000000008"),
                     OK);
    ck_assert_int_eq(add(&office, "y", ADMIN, "1000000008"), ERR_CONFLICT);
    NewActor of_6 = of_5;
    of_6.person_id = 6;
    ck_assert_int_eq(add_with(&office, of_6, "z", CASEWORKER, "1000000016"),
                     ERR_NOT_FOUND);
    ck_assert_str_eq(office.diag.key, "actor.no_person");
    make_person(&office, 6, NULL);
    ck_assert_int_eq(add_with(&office, of_6, "z", ADMIN, "1000000016"), OK);
    ck_assert_int_eq(add_with(&office, of_6, "w", CASEWORKER, "1000000024"),
                     ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.two_roles");
    close_office(&office);
}

TEST(personas_without_a_password_do_not_wait)
{
    Office office = open_office();
    NewActor persona = {.person_id = -1, .persona = true};
    ck_assert_int_eq(add_with(&office, persona, "demo-auditor", AUDITOR, NULL),
                     OK);
    ck_assert(!office.waits);
    ck_assert_int_eq(add_with(&office, persona, "demo-admin", ADMIN, NULL), OK);
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert(!office.waits); /* the persona was no first administrator */
    close_office(&office);
}

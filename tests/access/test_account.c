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
    office->diag = (Diag){.key = ""};
    office->waits = false;
    ck_assert_int_eq(store_begin(office->tx), OK);
    return end(office,
               account_add(office->tx, &actor, &office->diag, &office->waits));
}

static Err add(Office *office, const char *name, unsigned roles,
               const char *national)
{
    NewActor actor = {.person_id = -1, .password = STR("a long password")};
    return add_with(office, actor, name, roles, national);
}

static Err approve(Office *office, const char *name, const char *by)
{
    Actor second;
    office->diag = (Diag){.key = ""};
    ck_assert_int_eq(
        signin_actor_find(office->tx, office->arena, str_of(by), &second), OK);
    ck_assert_int_eq(store_begin(office->tx), OK);
    return end(office, account_approve(office->tx, str_of(name), &second,
                                       &office->diag));
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
        Office office = open_office();
        ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
        ck_assert_int_eq(add(&office, "badr", roles[i], "1000000024"), OK);
        ck_assert(office.waits);
        ck_assert_int_eq(sign_in(&office, "badr", begin), ERR_DENIED);
        ck_assert_int_eq(leaves(&office, "asked for", "badr", "operator"), 1);
        ck_assert_int_eq(approve(&office, "badr", "amal"), OK);
        ck_assert_int_eq(leaves(&office, "confirmed", "badr", "amal"), 1);
        ck_assert_int_eq(sign_in(&office, "badr", begin), OK);
        ck_assert_int_eq(approve(&office, "badr", "amal"), ERR_CONFLICT);
        ck_assert_str_eq(office.diag.key, "actor.not_waiting");
        close_office(&office);
    }
}

TEST(an_auditor_waits_also_while_there_is_no_administrator)
{
    Office office = open_office();
    ck_assert_int_eq(add(&office, "badr", AUDITOR, "1000000024"), OK);
    ck_assert(office.waits);
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert(!office.waits);
    close_office(&office);
}

TEST(nobody_confirms_what_he_asked_for_nor_himself)
{
    Office office = open_office();
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert_int_eq(add(&office, "badr", ADMIN, "1000000024"), OK);
    ck_assert_int_eq(approve(&office, "badr", "amal"), OK);
    NewActor asked = {
        .person_id = -1, .password = STR("a long password"), .asked_by = 1};
    ck_assert_int_eq(add_with(&office, asked, "dana", AUDITOR, "1000000032"),
                     OK);
    ck_assert_int_eq(leaves(&office, "asked for", "dana", "amal"), 1);
    ck_assert_int_eq(approve(&office, "dana", "amal"), ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "access.second");
    ck_assert_int_eq(approve(&office, "dana", "dana"), ERR_DENIED);
    ck_assert_int_eq(approve(&office, "dana", "badr"), OK);
    /* by a second account of his he is still himself */
    ck_assert_int_eq(add(&office, "badr2", ADMIN, "1000000024"), OK);
    ck_assert_int_eq(approve(&office, "badr2", "badr"), ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "access.second");
    ck_assert_int_eq(approve(&office, "badr2", "amal"), OK);
    close_office(&office);
}

TEST(only_administrators_confirm)
{
    Office office = open_office();
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert_int_eq(add(&office, "c", CASEWORKER, "1000000008"), OK);
    ck_assert_int_eq(add(&office, "badr", AUDITOR, "1000000024"), OK);
    ck_assert_int_eq(approve(&office, "badr", "c"), ERR_DENIED);
    ck_assert_str_eq(office.diag.key, "access.denied");
    ck_assert_int_eq(approve(&office, "nobody", "amal"), ERR_NOT_FOUND);
    ck_assert_str_eq(office.diag.key, "actor.unknown");
    ck_assert_int_eq(disable(&office, "badr"), OK);
    ck_assert_int_eq(approve(&office, "badr", "amal"), ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.disabled");
    close_office(&office);
}

TEST(who_waits_proves_nothing_and_so_confirms_nobody)
{
    Office office = open_office();
    Actor found;
    SigninAsk ask = {.name = STR("badr"), .now = begin};
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert_int_eq(add(&office, "badr", ADMIN, "1000000024"), OK);
    int code = secret_code(office.key, begin);
    ck_assert_int_eq(store_begin(office.tx), OK);
    ck_assert_int_eq(
        signin_prove(office.tx, office.arena, &ask, true, code, &found),
        ERR_DENIED);
    ask.name = STR("amal");
    ck_assert_int_eq(
        signin_prove(office.tx, office.arena, &ask, true, code, &found), OK);
    ck_assert_int_eq(found.id, 1);
    ck_assert_int_eq(store_commit(office.tx), OK);
    close_office(&office);
}

TEST(the_last_administrator_stays_and_the_first_is_made_once)
{
    Office office = open_office();
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert_int_eq(add(&office, "badr", ADMIN, "1000000024"), OK);
    ck_assert_int_eq(disable(&office, "amal"), ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.last_admin");
    ck_assert_int_eq(approve(&office, "badr", "amal"), OK);
    ck_assert_int_eq(disable(&office, "amal"), OK);
    ck_assert_int_eq(disable(&office, "badr"), ERR_CONFLICT);
    ck_assert_int_eq(add(&office, "dana", ADMIN, "1000000032"), OK);
    ck_assert(office.waits);
    ck_assert_int_eq(disable(&office, "dana"), OK); /* was never in force */
    close_office(&office);
}

TEST(nobody_has_by_two_accounts_what_he_may_not_have_by_one)
{
    Office office = open_office();
    ck_assert_int_eq(add(&office, "both", ADMIN | CASEWORKER, "1000000008"),
                     ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.two_roles");
    ck_assert_int_eq(add(&office, "c", CASEWORKER, "1000000008"), OK);
    ck_assert_int_eq(add(&office, "a", ADMIN, "1000000008"), ERR_CONFLICT);
    ck_assert_str_eq(office.diag.key, "actor.two_roles");
    ck_assert_str_eq(office.diag.arg[0], "c");
    ck_assert_int_eq(add(&office, "a", ADMIN, "1000000016"), OK);
    ck_assert_int_eq(add(&office, "b", AUDITOR, "1000000016"), ERR_CONFLICT);
    ck_assert_int_eq(add(&office, "d", AUDITOR, "1000000008"), OK);
    /* who has left the one desk may take the other */
    ck_assert_int_eq(disable(&office, "c"), OK);
    ck_assert_int_eq(disable(&office, "d"), OK);
    ck_assert_int_eq(add(&office, "a2", ADMIN, "1000000008"), OK);
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
    NewActor persona = {.person_id = -1};
    ck_assert_int_eq(add_with(&office, persona, "demo-auditor", AUDITOR, NULL),
                     OK);
    ck_assert(!office.waits);
    ck_assert_int_eq(add_with(&office, persona, "demo-admin", ADMIN, NULL), OK);
    ck_assert_int_eq(add(&office, "amal", ADMIN, "1000000016"), OK);
    ck_assert(!office.waits); /* the persona was no first administrator */
    close_office(&office);
}

#include "access/access.h"

#include "tests/scratch.h"

typedef struct Row {
    const char *role, *action, *object, *condition;
} Row;

static const Row rows[] = {
#define PERMIT(role, action, object, condition)                                \
    {#role, #action, #object, #condition},
#include "access/permissions.def"
#undef PERMIT
};

static const char *const actions[ACTION_COUNT] = {
    "read", "search", "explain", "import", "determine", "administer", "verify"};
static const char *const objects[OBJECT_COUNT] = {"household", "decision",
                                                  "registry", "system"};

/* What the table says, read as a list of words. */
static bool allowed(Role role, int action, int object, bool own, bool kin)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Row *row = &rows[i];
        if (strcmp(row->role, role_name(role)) != 0 ||
            strcmp(row->action, actions[action]) != 0 ||
            strcmp(row->object, objects[object]) != 0) {
            continue;
        }
        if (strcmp(row->condition, "always") == 0) return true;
        if (strcmp(row->condition, "own") == 0 && own) return true;
        if (strcmp(row->condition, "not_kin") == 0 && !own && !kin) return true;
    }
    return false;
}

static Actor actor_of(unsigned roles)
{
    return (Actor){.id = 1,
                   .name = STR("x"),
                   .label = STR("X"),
                   .roles = roles,
                   .person_id = 5};
}

TEST(what_the_table_lists_is_allowed_and_everything_else_refused)
{
    int granted = 0;
    for (int role = 0; role < ROLE_COUNT; role++) {
        for (int all = 0; all < ACTION_COUNT * OBJECT_COUNT * 4; all++) {
            int action = all / 4 / OBJECT_COUNT,
                object = all / 4 % OBJECT_COUNT;
            bool own = (all & 1) != 0, kin = (all & 2) != 0;
            Actor actor = actor_of(1u << role);
            Subject subject = {(Object)object, 7, own, kin};
            Diag diag = {.key = ""};
            Role by = ROLE_COUNT;
            Err err =
                access_check(&actor, (Action)action, &subject, &diag, &by);
            bool should = allowed((Role)role, action, object, own, kin);
            ck_assert_msg((err == OK) == should, "%s %s %s own=%d kin=%d: %s",
                          role_name((Role)role), actions[action],
                          objects[object], own, kin, err_name(err));
            ck_assert(err == OK || err == ERR_DENIED);
            ck_assert_int_eq(by, should ? role : ROLE_COUNT);
            ck_assert_int_eq(diag.key[0] != '\0', !should);
            granted += should;
        }
    }
    ck_assert_int_gt(granted, 20);
}

/* Rules of the law, written out so that a slip in the table shows. */
TEST(nobody_reads_his_own_or_his_kin_s_household_as_staff)
{
    static const Role staff[] = {ROLE_CASEWORKER, ROLE_AUDITOR};
    for (int i = 0; i < 2; i++) {
        for (int which = 1; which < 4; which++) {
            Actor actor = actor_of(1u << staff[i]);
            Subject subject = {OBJECT_HOUSEHOLD, 7, (which & 1) != 0,
                               (which & 2) != 0};
            Diag diag = {.key = ""};
            ck_assert_int_eq(
                access_check(&actor, ACTION_READ, &subject, &diag, NULL),
                ERR_DENIED);
            ck_assert_str_eq(diag.key, "access.kin");
            subject.object = OBJECT_DECISION;
            ck_assert_int_eq(
                access_check(&actor, ACTION_EXPLAIN, &subject, &diag, NULL),
                ERR_DENIED);
        }
    }
}

TEST(a_citizen_reads_his_own_household_and_no_other)
{
    Actor actor = actor_of(1u << ROLE_CITIZEN);
    Subject own = {OBJECT_HOUSEHOLD, 7, true, true};
    Subject cousin = {OBJECT_HOUSEHOLD, 8, false, true};
    Diag diag;
    ck_assert_int_eq(access_check(&actor, ACTION_READ, &own, &diag, NULL), OK);
    ck_assert_int_eq(access_check(&actor, ACTION_READ, &cousin, &diag, NULL),
                     ERR_DENIED);
    ck_assert_str_eq(diag.key, "access.denied");
    ck_assert_int_eq(access_check(&actor, ACTION_SEARCH, &own, &diag, NULL),
                     ERR_DENIED);
}

TEST(an_administrator_reads_nobody_s_data)
{
    Actor actor = actor_of(1u << ROLE_ADMIN);
    Subject subject = {OBJECT_HOUSEHOLD, 7, false, false};
    Diag diag;
    ck_assert_int_eq(access_check(&actor, ACTION_READ, &subject, &diag, NULL),
                     ERR_DENIED);
    subject.object = OBJECT_REGISTRY;
    ck_assert_int_eq(access_check(&actor, ACTION_SEARCH, &subject, &diag, NULL),
                     ERR_DENIED);
}

TEST(of_several_roles_one_that_allows_is_enough_and_is_the_one_recorded)
{
    Actor actor = actor_of(1u << ROLE_CITIZEN | 1u << ROLE_CASEWORKER);
    Subject other = {OBJECT_HOUSEHOLD, 7, false, false};
    Subject own = {OBJECT_HOUSEHOLD, 8, true, false};
    Role by;
    Diag diag;
    ck_assert_int_eq(access_check(&actor, ACTION_READ, &other, &diag, &by), OK);
    ck_assert_int_eq(by, ROLE_CASEWORKER);
    ck_assert_int_eq(access_check(&actor, ACTION_READ, &own, &diag, &by), OK);
    ck_assert_int_eq(by, ROLE_CITIZEN);
    actor.roles = 0;
    ck_assert_int_eq(access_check(&actor, ACTION_READ, &own, &diag, &by),
                     ERR_DENIED);
}

TEST(roles_have_names_and_the_operator_is_nobody_in_particular)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        ck_assert_int_eq(role_find(str_of(role_name((Role)i))), i);
    }
    ck_assert_int_eq(role_find(STR("")), ROLE_COUNT);
    ck_assert_int_eq(role_find(STR("Citizen")), ROLE_COUNT);
    Actor operator= access_operator();
    ck_assert_int_eq(operator.id, 0);
    ck_assert_int_eq(operator.person_id, -1);
    ck_assert_uint_eq(operator.roles, 1u << ROLE_OPERATOR);
}

TEST(a_read_is_recorded_with_actor_role_and_purpose)
{
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    Actor actor = actor_of(1u << ROLE_CASEWORKER);
    AccessRead read = {.id = 11,
                       .household_id = 7,
                       .actor = &actor,
                       .role = ROLE_CASEWORKER,
                       .purpose = STR("objection"),
                       .what = STR("household"),
                       .at = 99};
    bool row;
    ck_assert_int_eq(store_begin(tx), OK);
    ck_assert_int_eq(access_read(tx, &read), OK);
    read.id = 10;
    read.refused = true;
    ck_assert_int_eq(access_read(tx, &read), OK);
    ck_assert_int_eq(store_commit(tx), OK);
    StoreStmt *stmt = store_query(tx, Q_READ_LIST);
    store_bind_int(stmt, 1, 7);
    store_bind_int(stmt, 2, 10);
    ck_assert_int_eq(store_step(stmt, &row), OK);
    ck_assert(row);
    ck_assert_int_eq(store_int(stmt, 1), 1);
    EXPECT_STR(store_text(stmt, 2), "x");
    EXPECT_STR(store_text(stmt, 3), "caseworker");
    EXPECT_STR(store_text(stmt, 4), "objection");
    EXPECT_STR(store_text(stmt, 5), "household");
    ck_assert_int_eq(store_int(stmt, 6), 99);
    ck_assert_int_eq(store_int(stmt, 7), 0);
    ck_assert_int_eq(store_step(stmt, &row), OK);
    ck_assert(row);
    ck_assert_int_eq(store_int(stmt, 0), 10);
    ck_assert_int_eq(store_int(stmt, 7), 1);
    ck_assert_int_eq(store_step(stmt, &row), OK);
    ck_assert(!row);
    store_conn_close(tx);
    scratch_close(&scratch);
}

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
    "read",    "search", "explain", "import",   "determine", "administer",
    "approve", "verify", "export",  "simulate", "draft",     "publish"};
static const char *const objects[OBJECT_COUNT] = {
    "household", "decision", "registry", "system", "account", "model"};

/* What the table says, read as a list of words. */
static bool allowed(Role role, int action, int object, bool own, bool kin,
                    bool second)
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
        if (strcmp(row->condition, "second") == 0 && second) return true;
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
    Actor other = {.id = 2, .person_id = 6};
    for (int role = 0; role < ROLE_COUNT; role++) {
        for (int all = 0; all < ACTION_COUNT * OBJECT_COUNT * 8; all++) {
            int action = all / 8 / OBJECT_COUNT,
                object = all / 8 % OBJECT_COUNT;
            bool own = (all & 1) != 0, kin = (all & 2) != 0;
            bool second = (all & 4) != 0;
            Actor actor = actor_of(1u << role);
            Subject subject = {.object = (Object)object,
                               .household_id = 7,
                               .own = own,
                               .kin = kin,
                               .first = second ? &other : NULL};
            Diag diag = {.key = ""};
            Role by = ROLE_COUNT;
            Err err =
                access_check(&actor, (Action)action, &subject, &diag, &by);
            bool should = allowed((Role)role, action, object, own, kin, second);
            ck_assert_msg((err == OK) == should, "%s %s %s %d: %s",
                          role_name((Role)role), actions[action],
                          objects[object], all & 7, err_name(err));
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
            Subject subject = {.object = OBJECT_HOUSEHOLD,
                               .household_id = 7,
                               .own = (which & 1) != 0,
                               .kin = (which & 2) != 0};
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
    Subject own = {.object = OBJECT_HOUSEHOLD,
                   .household_id = 7,
                   .own = true,
                   .kin = true};
    Subject cousin = {.object = OBJECT_HOUSEHOLD,
                      .household_id = 8,
                      .own = false,
                      .kin = true};
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
    Subject subject = {.object = OBJECT_HOUSEHOLD,
                       .household_id = 7,
                       .own = false,
                       .kin = false};
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
    Subject other = {.object = OBJECT_HOUSEHOLD,
                     .household_id = 7,
                     .own = false,
                     .kin = false};
    Subject own = {.object = OBJECT_HOUSEHOLD,
                   .household_id = 8,
                   .own = true,
                   .kin = false};
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

/* Two accounts, and whether they are two people as far as is known. */
static bool distinct(int64_t id, int64_t person, const char *national)
{
    Actor salim = {.id = 1, .person_id = 5, .national_id = STR("1000000008")};
    Actor other = {.id = id, .person_id = person};
    if (national != NULL) other.national_id = str_of(national);
    bool found = access_distinct(&salim, &other);
    ck_assert(access_distinct(&other, &salim) == found);
    return found;
}

TEST(two_people_are_two_accounts_and_two_persons)
{
    ck_assert(distinct(2, 6, "1000000016"));
    ck_assert(distinct(2, -1, NULL)); /* nothing known against it */
    ck_assert(!distinct(1, 6, "1000000016"));
    ck_assert(!distinct(2, 5, "1000000016"));
    ck_assert(!distinct(2, 5, NULL));
    ck_assert(!distinct(2, -1, "1000000008"));
    ck_assert(!distinct(2, 6, "1000000008"));
    Actor nobody = access_operator(), stranger = {.id = 3, .person_id = -1};
    ck_assert(access_distinct(&nobody, &stranger));
}

static Err confirm(const Actor *by, const Actor *first, const Actor *favours,
                   const char **ret_key)
{
    static Diag diag;
    Subject subject = {.object = OBJECT_ACCOUNT,
                       .household_id = -1,
                       .first = first,
                       .favours = favours};
    diag = (Diag){.key = ""};
    Err err = access_check(by, ACTION_APPROVE, &subject, &diag, NULL);
    *ret_key = diag.key;
    return err;
}

TEST(the_second_half_of_an_act_is_another_person_s)
{
    const char *key;
    Actor amal = {.id = 1, .roles = 1u << ROLE_ADMIN, .person_id = 5};
    Actor badr = {.id = 2, .roles = 1u << ROLE_ADMIN, .person_id = 6};
    Actor again = {.id = 3, .roles = 1u << ROLE_ADMIN, .person_id = 5};
    Actor operator= access_operator();
    ck_assert_int_eq(confirm(&amal, &badr, NULL, &key), OK);
    ck_assert_int_eq(confirm(&amal, &operator, & badr, &key), OK);
    ck_assert_int_eq(confirm(&amal, &amal, &badr, &key), ERR_DENIED);
    ck_assert_str_eq(key, "access.second");
    ck_assert_int_eq(confirm(&amal, &again, &badr, &key), ERR_DENIED);
    ck_assert_int_eq(confirm(&amal, &badr, &again, &key), ERR_DENIED);
    ck_assert_int_eq(confirm(&amal, NULL, &badr, &key), ERR_DENIED);
    ck_assert_str_eq(key, "access.second");
    ck_assert_int_eq(confirm(&operator, & badr, &again, &key), ERR_DENIED);
    ck_assert_str_eq(key, "access.denied");
}

TEST(roles_are_written_and_read_as_words)
{
    Buf buf = buf_make(64);
    access_roles_write(1u << ROLE_AUDITOR | 1u << ROLE_CASEWORKER, &buf);
    EXPECT_STR(buf_view(&buf), "caseworker auditor");
    ck_assert_uint_eq(access_roles_read(buf_view(&buf)),
                      1u << ROLE_AUDITOR | 1u << ROLE_CASEWORKER);
    ck_assert_uint_eq(access_roles_read(STR("")), 0);
    ck_assert_uint_eq(access_roles_read(STR("king admin")), 1u << ROLE_ADMIN);
    buf_free(&buf);
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

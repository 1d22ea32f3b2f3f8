/*
 * Signing in over a real database, and how long it lasts.
 */
#include "tests/web/desk_world.c"

TEST(passwords_are_compared_a_few_at_a_time_and_the_rest_told_to_come_later)
{
    enum { FLOOD = 3 * DESK_PASSWORDS_MAX };
    World *world = world_begin();
    const Backend *backend = world->backend;
    Caller *one[FLOOD];
    BackendSignin signin;
    Err err[FLOOD];
    Diag diag[FLOOD];
    int refused = 0;
    for (int i = 0; i < FLOOD; i++) {
        diag[i] = (Diag){.key = ""};
        char name[32];
        snprintf(name, sizeof name, "nobody%d", i);
        one[i] = caller_open(world);
        err[i] = backend->signin_staff(backend->self, &one[i]->call,
                                       str_of(name), STR("no password at all"),
                                       STR("123456"), &signin, &diag[i]);
        if (err[i] == OK) ck_assert(one[i]->call.waiting);
        if (err[i] != OK) ck_assert_str_eq(diag[i].key, "signin.busy");
        refused += err[i] == ERR_FULL;
    }
    ck_assert_int_gt(refused, 0);
    for (int i = 0; i < FLOOD; i++) {
        if (err[i] == OK) ck_assert_int_eq(outcome(one[i], err[i]), ERR_DENIED);
        caller_close(one[i]);
    }
    world_end(world);
}

TEST(for_the_locked_no_password_is_compared)
{
    World *world = world_begin();
    const Backend *backend = world->backend;
    Caller *caller = caller_open(world);
    BackendSignin signin;
    Diag diag = {.key = ""};
    for (int i = 0; i <= SIGNIN_FAILURES_MAX; i++) {
        Err err = backend->signin_staff(
            backend->self, &caller->call, STR("nobody"),
            STR("no password at all"), STR("123456"), &signin, &diag);
        ck_assert(caller->call.waiting == (i < SIGNIN_FAILURES_MAX));
        ck_assert_int_eq(outcome(caller, err), ERR_DENIED);
        ck_assert_str_eq(diag.key, "");
    }
    caller_close(caller);
    world_end(world);
}

TEST(made_up_people_are_nobody_where_the_demo_is_over)
{
    World *world = world_begin();
    Caller *huda = caller_open(world);
    Str token = sign_in(huda, "caseworker");
    ck_assert_int_eq(come(huda, token), OK);
    world->desk->config.demo = false;
    ck_assert_int_eq(come(huda, token), ERR_NOT_FOUND);
    caller_close(huda);
    world_end(world);
}

TEST(a_policy_officer_comes_to_the_models_and_opens_no_file)
{
    World *world = world_begin();
    const Backend *backend = world->backend;
    Caller *noura = caller_open(world);
    ck_assert_int_eq(come(noura, sign_in(noura, "family")), OK);
    int64_t family = noura->session.household_id;
    caller_close(noura);
    Caller *reem = caller_open(world);
    Str token = sign_in(reem, "policy");
    ck_assert_int_eq(come(reem, token), OK);
    ck_assert(reem->session.policy && reem->session.simulates);
    ck_assert(!reem->session.staff);
    BackendHousehold household;
    Diag diag = {.key = ""};
    Err err = backend->household(backend->self, &reem->call, family,
                                 month(2026, 11), &household, &diag);
    ck_assert_int_eq(outcome(reem, err), ERR_DENIED);
    BackendHits hits;
    err = backend->search(backend->self, &reem->call, STR("a"), &hits, &diag);
    ck_assert_int_eq(outcome(reem, err), ERR_DENIED);
    SavedScenario scenario = {STR("higher"), STR("month=2026-12")};
    BackendScenarios kept;
    err = backend->scenario_keep(backend->self, &reem->call, &scenario, &diag);
    ck_assert_int_eq(outcome(reem, err), OK);
    ck_assert_int_eq(backend->scenarios(backend->self, &reem->call, &kept), OK);
    ck_assert_uint_eq(kept.scenario_count, 1);
    EXPECT_STR(kept.scenarios[0].name, "higher");
    scenario.query = (Str){"", 0};
    err = backend->scenario_keep(backend->self, &reem->call, &scenario, &diag);
    ck_assert_int_eq(outcome(reem, err), OK);
    ck_assert_int_eq(backend->scenarios(backend->self, &reem->call, &kept), OK);
    ck_assert_uint_eq(kept.scenario_count, 0);
    caller_close(reem);
    Caller *huda = caller_open(world);
    token = sign_in(huda, "caseworker");
    ck_assert_int_eq(come(huda, token), OK);
    ck_assert(huda->session.staff && !huda->session.policy);
    ck_assert_int_eq(backend->scenarios(backend->self, &huda->call, &kept),
                     ERR_DENIED);
    caller_close(huda);
    world_end(world);
}

static bool is_latin(Str text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        if ((unsigned char)text.at[i] >= 0x80) return false;
    }
    return text.bytes > 0;
}

TEST(people_are_greeted_in_the_language_that_they_read)
{
    static const char *const personas[] = {"family", "caseworker"};
    World *world = world_begin();
    for (int i = 0; i < 2; i++) {
        Caller *caller = caller_open(world);
        caller->style.lang = TEXT_AR;
        Str token = sign_in(caller, personas[i]);
        ck_assert_int_eq(come(caller, token), OK);
        ck_assert(!is_latin(caller->session.name));
        caller->style.lang = TEXT_EN;
        ck_assert_int_eq(come(caller, token), OK);
        ck_assert(is_latin(caller->session.name));
        caller_close(caller);
    }
    world_end(world);
}

TEST(staff_who_read_on_stay_and_who_leave_are_out)
{
    const Instant minute = INT64_C(60) * 1000000;
    World *world = world_begin();
    Caller *huda = caller_open(world);
    Str token = sign_in(huda, "caseworker");
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(come(huda, token), OK);
        huda->call.now += 20 * minute;
    }
    huda->call.now += 15 * minute;
    ck_assert_int_eq(come(huda, token), ERR_NOT_FOUND);
    caller_close(huda);
    world_end(world);
}

TEST(a_sign_in_ends_the_session_that_the_browser_had)
{
    World *world = world_begin();
    Caller *huda = caller_open(world);
    Str older = sign_in(huda, "caseworker");
    huda->call.token = older;
    Str newer = sign_in(huda, "caseworker");
    ck_assert_int_eq(come(huda, older), ERR_NOT_FOUND);
    ck_assert_int_eq(come(huda, newer), OK);
    caller_close(huda);
    world_end(world);
}

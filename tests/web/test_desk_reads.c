/*
 * Who read what and who was refused, by the record, over a real database.
 */
#include "access/signin.h"
#include "tests/web/desk_world.c"

/* Somebody who is taken on as a caseworker and signs in. */
typedef struct Hired {
    NewActor actor;
    SigninSession session;
} Hired;

static Err hire_change(StoreConn *tx, void *arg, Diag *diag)
{
    Hired *hired = arg;
    SigninAsk ask = {
        .name = hired->actor.name, .lang = STR("ar"), .now = clock_now()};
    TRY(signin_actor_add(tx, &hired->actor, diag));
    return signin_open(tx, hired->actor.id, true, &ask, &hired->session);
}

/* A caseworker who is this person, at work for an objection. */
static void come_as(Caller *caller, int64_t person_id)
{
    Diag diag = {.key = ""};
    World *world = caller->world;
    Hired hired = {.actor = {.id = store_new_id(world->context.store),
                             .name = STR("amal"),
                             .label = STR("Amal"),
                             .roles = 1u << ROLE_CASEWORKER,
                             .person_id = person_id}};
    expect(writer_run(world->desk->writer, hire_change, &hired, &diag), OK,
           &diag);
    Str token = str_copy(caller->arena, str_of(hired.session.token));
    ck_assert_int_eq(come(caller, token), OK);
    ck_assert_int_eq(choose(caller, token, "objection"), OK);
}

TEST(who_is_kin_is_refused_and_on_record)
{
    World *world = world_begin();
    Caller *amal = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    BackendExplanation why;
    const Backend *backend = world->backend;
    Diag diag = {.key = ""};
    char who[96];
    come_as(amal, FAMILY_HEAD);
    amal->session.household_id = FAMILY;
    ck_assert_int_eq(look(amal, &held), ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, FAMILY, who), 1);
    ck_assert_str_eq(who, "amal caseworker objection");
    ck_assert_int_eq(
        outcome(amal, backend->explain(backend->self, &amal->call, FAMILY,
                                       month(2026, 11), &why, &diag)),
        ERR_DENIED);
    ck_assert_str_eq(diag.key, "access.kin");
    ck_assert_int_eq(refusals_of(world, FAMILY, who), 2);
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), 0);
    amal->session.household_id = 2;
    ck_assert_int_eq(look(amal, &held), OK);
    ck_assert_int_eq(refusals_of(world, 2, who), 0);
    ck_assert_int_eq(reads_of(world, 2, NULL), 1);
    caller_close(amal);
    world_end(world);
}

TEST(who_is_refused_at_a_household_is_on_record_there)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    const Backend *backend = world->backend;
    BackendHousehold held = {.household_id = 0};
    Diag diag = {.key = ""};
    char who[96];
    ck_assert_int_eq(come(salem, sign_in(salem, "family")), OK);
    salem->session.household_id = 2; /* his neighbours' */
    ck_assert_int_eq(look(salem, &held), ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 2, who), 1);
    ck_assert_str_eq(who, "demo-family citizen own");
    /* at a door of staff, and as a program */
    ck_assert_int_eq(
        outcome(salem, backend->refused(backend->self, &salem->call, 3, &diag)),
        ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 3, who), 1);
    ck_assert_int_eq(
        outcome(salem, backend->household(backend->self, &salem->call, 3,
                                          BACKEND_MONTH_LATEST, &held, &diag)),
        ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 3, who), 2);
    ck_assert_int_eq(reads_of(world, 2, NULL), 0);
    ck_assert_int_eq(reads_of(world, 3, NULL), 0);
    ck_assert_int_eq(refusals_of(world, FAMILY, who), 0);
    caller_close(salem);
    world_end(world);
}

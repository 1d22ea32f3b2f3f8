/*
 * Who read what and who was refused, by the record, over a real database.
 */
#include "access/account.h"
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
    TRY(account_add(tx, &hired->actor, diag, NULL));
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

/* Notes the remarks of a list of rows; one that was noted already fails. */
static int note_remarks(const BackendRow *rows, size_t count, Str *told,
                        int told_count)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].remark.bytes == 0) continue;
        ck_assert_int_ne(rows[i].status, BACKEND_CONFIRMED);
        for (int t = 0; t < told_count; t++) {
            ck_assert_msg(!str_equal(told[t], rows[i].remark),
                          "told twice: %.*s", STR_ARG(told[t]));
        }
        told[told_count++] = rows[i].remark;
    }
    return told_count;
}

TEST(a_remark_on_the_law_is_told_once_in_an_explanation)
{
    World *world = world_begin();
    Caller *amal = caller_open(world);
    BackendExplanation why;
    Diag diag = {.key = ""};
    const Backend *backend = world->backend;
    Str told[100];
    int count = 0, checks = 0;
    come_as(amal, -1);
    amal->session.household_id = 2;
    ck_assert_int_eq(
        outcome(amal, backend->explain(backend->self, &amal->call, 2,
                                       month(2026, 11), &why, &diag)),
        OK);
    for (size_t i = 0; i < why.step_count; i++) {
        const BackendStep *step = &why.steps[i];
        count = note_remarks(step->rows, step->row_count, told, count);
    }
    for (size_t i = 0; i < why.check_count; i++) {
        const BackendCheck *check = &why.checks[i];
        for (size_t r = 0; r < check->row_count; r++)
            checks += check->rows[r].status == BACKEND_ASSUMPTION;
        count = note_remarks(check->rows, check->row_count, told, count);
    }
    for (size_t i = 0; i < why.remedy_count; i++) {
        const BackendRemedy *remedy = &why.remedies[i];
        count = note_remarks(remedy->rows, remedy->row_count, told, count);
    }
    ck_assert_int_ge(count, 3);
    ck_assert_int_ge(checks, 2); /* conditions with the same assumption */
    caller_close(amal);
    world_end(world);
}

static Err find(Caller *caller, const char *words, BackendHits *ret)
{
    Diag diag = {.key = ""};
    const Backend *backend = caller->world->backend;
    return outcome(caller, backend->search(backend->self, &caller->call,
                                           str_of(words), ret, &diag));
}

/* How many of the hits are in a household. */
static int hits_in(const BackendHits *found, int64_t household)
{
    int count = 0;
    for (size_t i = 0; i < found->hit_count; i++)
        count += found->hits[i].household_id == household;
    return count;
}

/* A part of the name that the head of a household has in Arabic. */
static const char *name_of(Caller *caller, int64_t household)
{
    BackendHits found;
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)household);
    caller->style.lang = TEXT_AR;
    ck_assert_int_eq(find(caller, number, &found), OK);
    ck_assert_uint_eq(found.hit_count, 1);
    Str rest = found.hits[0].name, first;
    ck_assert(str_split(&rest, ' ', &first));
    return arena_text(caller->arena, first.at, first.bytes);
}

TEST(a_search_is_on_record_in_every_household_that_it_shows)
{
    World *world = world_begin();
    Caller *amal = caller_open(world);
    BackendHits found;
    int before[HOUSEHOLDS + 1], more = 0;
    come_as(amal, -1);
    const char *name = name_of(amal, 2);
    ck_assert_int_eq(reads_of(world, 2, NULL), 1);
    ck_assert_int_eq(find(amal, "no such name", &found), OK);
    ck_assert_uint_eq(found.hit_count, 0);
    ck_assert_int_eq(reads_of(world, -1, NULL), 1);
    for (int i = 1; i <= HOUSEHOLDS; i++) before[i] = reads_of(world, i, NULL);
    ck_assert_int_eq(find(amal, name, &found), OK);
    ck_assert_int_eq(found.withheld, 0);
    for (int i = 1; i <= HOUSEHOLDS; i++) {
        bool shown = hits_in(&found, i) > 0;
        ck_assert_int_eq(reads_of(world, i, NULL), before[i] + shown);
        more += shown;
    }
    ck_assert_int_gt(more, 1); /* a common name */
    ck_assert_int_eq(reads_of(world, -1, NULL), 1);
    caller_close(amal);
    world_end(world);
}

TEST(a_search_does_not_show_who_is_close)
{
    World *world = world_begin();
    Caller *amal = caller_open(world);
    Caller *huda = caller_open(world);
    BackendHits found, all;
    char who[96];
    Str token = sign_in(huda, "caseworker");
    ck_assert_int_eq(come(huda, token), OK);
    ck_assert_int_eq(choose(huda, token, "review"), OK);
    const char *name = name_of(huda, FAMILY);
    ck_assert_int_eq(find(huda, name, &all), OK);
    ck_assert_int_gt(hits_in(&all, FAMILY), 0);
    int before = reads_of(world, FAMILY, NULL);
    come_as(amal, FAMILY_HEAD);
    static const char *const ways[] = {"1", "101", NULL};
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(find(amal, ways[i] == NULL ? name : ways[i], &found),
                         OK);
        ck_assert_int_eq(hits_in(&found, FAMILY), 0);
        ck_assert_int_gt(found.withheld, 0);
        ck_assert_int_eq(refusals_of(world, FAMILY, who), i + 1);
        ck_assert_str_eq(who, "amal caseworker objection");
    }
    ck_assert_uint_eq(found.hit_count + (size_t)found.withheld, all.hit_count);
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), before);
    caller_close(huda);
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
    salem->call.token = sign_in(salem, "family");
    ck_assert_int_eq(come(salem, salem->call.token), OK);
    salem->session.household_id = 2; /* his neighbours' */
    ck_assert_int_eq(look(salem, &held), ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 2, who), 1);
    ck_assert_str_eq(who, "demo-family citizen own");
    /* why they get what they get: not told either, nor why he does himself */
    BackendExplanation why;
    ck_assert_int_eq(
        outcome(salem, backend->explain(backend->self, &salem->call, 4,
                                        BACKEND_MONTH_LATEST, &why, &diag)),
        ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 4, who), 1);
    /* at a door of staff, and as a program */
    ck_assert_int_eq(
        outcome(salem, backend->refused(backend->self, &salem->call, 3, &diag)),
        ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 3, who), 1);
    ck_assert_int_eq(
        outcome(salem, backend->household(backend->self, &salem->call, 3,
                                          BACKEND_MONTH_LATEST, &held, &diag)),
        ERR_DENIED);
    /* once in a minute, and only at a household that is there */
    ck_assert_int_eq(refusals_of(world, 3, who), 1);
    ck_assert_int_eq(
        outcome(salem, backend->refused(backend->self, &salem->call, 987654321,
                                        &diag)),
        ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 987654321, who), 0);
    salem->call.now += 61 * INT64_C(1000000);
    ck_assert_int_eq(
        outcome(salem, backend->refused(backend->self, &salem->call, 3, &diag)),
        ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 3, who), 2);
    ck_assert_int_eq(reads_of(world, 2, NULL), 0);
    ck_assert_int_eq(reads_of(world, 3, NULL), 0);
    ck_assert_int_eq(refusals_of(world, FAMILY, who), 0);
    caller_close(salem);
    world_end(world);
}

static Err looks(Caller *caller, BackendLooks *ret)
{
    Diag diag = {.key = ""};
    const Backend *backend = caller->world->backend;
    return outcome(caller,
                   backend->looks(backend->self, &caller->call, ret, &diag));
}

TEST(who_has_no_purpose_is_on_record_where_he_tried)
{
    World *world = world_begin();
    Caller *amal = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    char who[96] = "";
    ck_assert_int_eq(come(amal, sign_in(amal, "caseworker")), OK);
    amal->session.household_id = 2;
    for (int i = 0; i < 2; i++) { /* the second within the minute */
        ck_assert_int_eq(look(amal, &held), ERR_DENIED);
        ck_assert_int_eq(refusals_of(world, 2, who), 1);
    }
    ck_assert_str_eq(who, "demo-caseworker caseworker ");
    amal->session.household_id = 987654321;
    ck_assert_int_eq(look(amal, &held), ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, 987654321, who), 0);
    caller_close(amal);
    world_end(world);
}

TEST(a_citizen_sees_who_looked_and_who_was_refused)
{
    World *world = world_begin();
    Caller *salem = caller_open(world), *neighbour = caller_open(world);
    Caller *amal = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    BackendLooks found;
    ck_assert_int_eq(come(salem, sign_in(salem, "family")), OK);
    ck_assert_int_eq(look(salem, &held), OK);
    ck_assert_int_eq(looks(salem, &found), OK);
    ck_assert_uint_eq(found.look_count, 0);
    come_as(amal, -1);
    amal->session.household_id = FAMILY;
    ck_assert_int_eq(look(amal, &held), OK);
    ck_assert_int_eq(come(neighbour, sign_in(neighbour, "job_lost")), OK);
    neighbour->session.household_id = FAMILY;
    ck_assert_int_eq(look(neighbour, &held), ERR_DENIED);
    ck_assert_int_eq(looks(salem, &found), OK);
    ck_assert_uint_eq(found.look_count, 2);
    EXPECT_STR(found.looks[0].role, "Beneficiary");
    EXPECT_STR(found.looks[0].purpose, "For himself");
    ck_assert(found.looks[0].refused);
    EXPECT_STR(found.looks[1].role, "Caseworker");
    EXPECT_STR(found.looks[1].purpose, "Objection to a decision");
    EXPECT_STR(found.looks[1].what, "The household's file");
    ck_assert(!found.looks[1].refused);
    ck_assert(!found.more);
    /* to ask that is a read of one's own too, and nobody asks of others */
    char last[64];
    reads_of(world, FAMILY, last);
    ck_assert_str_eq(last, "demo-family");
    ck_assert_int_eq(looks(neighbour, &found), ERR_DENIED);
    ck_assert_int_eq(looks(amal, &found), ERR_DENIED);
    for (int i = 0; i < BACKEND_LOOKS_MAX; i++) {
        ck_assert_int_eq(look(amal, &held), OK);
    }
    ck_assert_int_eq(looks(salem, &found), OK);
    ck_assert_uint_eq(found.look_count, BACKEND_LOOKS_MAX);
    ck_assert(found.more);
    caller_close(amal);
    caller_close(neighbour);
    caller_close(salem);
    world_end(world);
}

/* Amal looks at a household on a day. */
static void look_on(Caller *amal, int64_t household, const char *on)
{
    BackendHousehold held = {.household_id = 0};
    Day day;
    ck_assert(day_read(str_of(on), &day));
    amal->call.now = (Instant)day * 86400 * 1000000;
    amal->session.household_id = household;
    ck_assert_int_eq(look(amal, &held), OK);
}

TEST(who_joins_is_told_of_looks_since_he_was_there)
{
    World *world = world_begin();
    Caller *salem = caller_open(world), *amal = caller_open(world);
    BackendLooks found;
    Str token = sign_in(salem, "family");
    come_as(amal, -1);
    send(world, "household.joined",
         "{\"person\":\"101\",\"household\":\"2\",\"from\":\"2026-09-15\"}");
    look_on(amal, FAMILY, "2026-09-14");
    look_on(amal, FAMILY, "2026-09-16"); /* after him */
    look_on(amal, 2, "2026-09-13");      /* before him */
    look_on(amal, 2, "2026-09-17");
    ck_assert_int_eq(come(salem, token), OK);
    ck_assert_int_eq(salem->session.household_id, 2);
    int before = reads_of(world, FAMILY, NULL);
    ck_assert_int_eq(looks(salem, &found), OK);
    ck_assert_uint_eq(found.look_count, 2);
    ck_assert_int_eq(instant_day(found.looks[0].at, 0) -
                         instant_day(found.looks[1].at, 0),
                     3);
    /* both households were spoken of */
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), before + 1);
    caller_close(amal);
    caller_close(salem);
    world_end(world);
}

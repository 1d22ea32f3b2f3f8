/*
 * The desk over a real database: what is kept in memory never shows more, or
 * longer, than the database would.
 */
#include "access/account.h"
#include "tests/web/desk_world.c"

TEST(every_read_is_on_record_also_of_a_kept_answer)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    char who[64];
    ck_assert_int_eq(come(salem, sign_in(salem, "family")), OK);
    ck_assert_int_eq(look(salem, &held), OK);
    ck_assert(held.stamp.given);
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), 1);
    for (int i = 2; i < 7; i++) {
        ck_assert_int_eq(look_again(salem, &held.stamp), OK);
        ck_assert_int_eq(reads_of(world, FAMILY, who), i);
        ck_assert_str_eq(who, "demo-family");
    }
    caller_close(salem);
    world_end(world);
}

TEST(a_new_fact_ends_what_was_kept_at_once_and_unrecorded)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    ck_assert_int_eq(come(salem, sign_in(salem, "family")), OK);
    ck_assert_int_eq(look(salem, &held), OK);
    int64_t version = held.version;
    Money before = held.decision->amount;
    send_wage(world, 201, "3100.00");
    ck_assert_int_eq(look_again(salem, &held.stamp), OK);
    send_wage(world, FAMILY_HEAD, "4400.00");
    ck_assert_int_eq(look_again(salem, &held.stamp), ERR_CONFLICT);
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), 2);
    ck_assert_int_eq(look(salem, &held), OK);
    ck_assert_int_gt(held.version, version);
    ck_assert_int_ne(held.decision->amount.minor, before.minor);
    ck_assert_int_eq(look_again(salem, &held.stamp), OK);
    caller_close(salem);
    world_end(world);
}

static Err next_month(StoreConn *tx, void *arg, Diag *diag)
{
    StoreStmt *stmt = store_query(tx, Q_RUN_CLOSE);
    int64_t *run = arg;
    (void)diag;
    store_bind_int(stmt, 1, *run);
    for (int i = 2; i <= 6; i++) store_bind_int(stmt, i, 1);
    store_bind_text(stmt, 7, STR("{}"));
    store_bind_int(stmt, 8, 0);
    store_bind_bytes(stmt, 9, STR("root"));
    return store_exec(stmt, NULL);
}

TEST(a_month_that_is_determined_ends_what_was_kept_of_the_latest)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    Diag diag = {.key = ""};
    int64_t run = 1;
    ck_assert_int_eq(come(salem, sign_in(salem, "family")), OK);
    ck_assert_int_eq(look(salem, &held), OK);
    expect(writer_run(world->desk->writer, next_month, &run, &diag), OK, &diag);
    ck_assert_int_eq(look_again(salem, &held.stamp), ERR_CONFLICT);
    caller_close(salem);
    world_end(world);
}

TEST(signing_out_ends_a_session_that_was_kept)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    Str token = sign_in(salem, "family");
    Str other = sign_in(salem, "family");
    for (int i = 0; i < 3; i++) ck_assert_int_eq(come(salem, token), OK);
    ck_assert_int_eq(come(salem, other), OK);
    const Backend *backend = world->backend;
    ck_assert_int_eq(
        outcome(salem, backend->signout(backend->self, &salem->call, token)),
        OK);
    ck_assert_int_eq(come(salem, token), ERR_NOT_FOUND);
    ck_assert_int_eq(come(salem, other), OK);
    caller_close(salem);
    world_end(world);
}

TEST(a_session_that_was_kept_ends_at_its_hour)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    Str token = sign_in(salem, "family");
    ck_assert_int_eq(come(salem, token), OK);
    salem->call.now += INT64_C(3599) * 1000000;
    ck_assert_int_eq(come(salem, token), OK);
    salem->call.now += INT64_C(2) * 1000000;
    ck_assert_int_eq(come(salem, token), ERR_NOT_FOUND);
    caller_close(salem);
    world_end(world);
}

/* The purpose of the last read of a household that is on record. */
static void last_purpose(World *world, int64_t household, const char *expected)
{
    bool row;
    StoreConn *conn = desk_reader_take(world->desk);
    StoreStmt *stmt = store_query(conn, Q_READ_LIST);
    store_bind_int(stmt, 1, household);
    store_bind_int(stmt, 2, 1);
    ck_assert_int_eq(store_step(stmt, &row), OK);
    ck_assert(row);
    EXPECT_STR(store_text(stmt, 4), expected);
    store_reset(stmt);
    desk_reader_give(world->desk, conn);
}

TEST(staff_read_nothing_before_they_say_for_what)
{
    World *world = world_begin();
    Caller *huda = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    Str token = sign_in(huda, "caseworker");
    ck_assert_int_eq(come(huda, token), OK);
    EXPECT_STR(huda->session.purpose, "");
    huda->session.household_id = 2;
    ck_assert_int_eq(look(huda, &held), ERR_DENIED);
    ck_assert_int_eq(reads_of(world, 2, NULL), 0);
    ck_assert_int_eq(choose(huda, token, "fun"), ERR_INVALID);
    ck_assert_int_eq(choose(huda, token, "own"), ERR_INVALID);
    ck_assert_int_eq(choose(huda, token, "objection"), OK);
    EXPECT_STR(huda->session.purpose, "objection");
    huda->session.household_id = 2;
    ck_assert_int_eq(look(huda, &held), OK);
    last_purpose(world, 2, "objection");
    huda->call.purpose = STR("audit"); /* for one call alone */
    ck_assert_int_eq(look(huda, &held), OK);
    last_purpose(world, 2, "audit");
    huda->call.purpose = STR("own");
    ck_assert_int_eq(look(huda, &held), ERR_DENIED);
    huda->call.purpose = (Str){NULL, 0};
    ck_assert_int_eq(choose(huda, token, "call"), OK);
    huda->session.household_id = 2;
    ck_assert_int_eq(look(huda, &held), OK);
    last_purpose(world, 2, "call");
    ck_assert_int_eq(reads_of(world, 2, NULL), 3);
    caller_close(huda);
    world_end(world);
}

TEST(who_is_no_staff_reads_for_himself_whatever_he_says)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    Str token = sign_in(salem, "family");
    ck_assert_int_eq(come(salem, token), OK);
    ck_assert_int_eq(choose(salem, token, "audit"), ERR_DENIED);
    salem->call.purpose = STR("audit");
    ck_assert_int_eq(look(salem, &held), OK);
    last_purpose(world, FAMILY, "own");
    caller_close(salem);
    world_end(world);
}

static Err switch_off(StoreConn *tx, void *arg, Diag *diag)
{
    return account_disable(tx, str_of(arg), diag);
}

TEST(an_actor_who_is_switched_off_is_out_at_once)
{
    World *world = world_begin();
    Caller *huda = caller_open(world);
    Diag diag = {.key = ""};
    char name[] = "demo-caseworker";
    Str token = sign_in(huda, "caseworker");
    ck_assert_int_eq(come(huda, token), OK);
    ck_assert(huda->session.staff);
    expect(writer_run(world->desk->writer, switch_off, name, &diag), OK, &diag);
    ck_assert_int_eq(come(huda, token), ERR_NOT_FOUND);
    caller_close(huda);
    world_end(world);
}

TEST(who_moves_out_sees_no_more_of_the_old_household)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    Str token = sign_in(salem, "family");
    ck_assert_int_eq(come(salem, token), OK);
    ck_assert_int_eq(salem->session.household_id, FAMILY);
    ck_assert_int_eq(look(salem, &held), OK);
    BackendStamp old = held.stamp;
    send(world, "household.left",
         "{\"person\":\"101\",\"from\":\"2026-10-01\"}");
    ck_assert_int_eq(look_again(salem, &old), ERR_CONFLICT);
    ck_assert_int_eq(come(salem, token), OK);
    ck_assert_int_ne(salem->session.household_id, FAMILY);
    salem->session.household_id = FAMILY;
    ck_assert_int_eq(look(salem, &held), ERR_DENIED);
    caller_close(salem);
    world_end(world);
}

TEST(a_change_where_one_lived_ends_what_was_kept_too)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    Str token = sign_in(salem, "family");
    send(world, "household.left",
         "{\"person\":\"101\",\"from\":\"2026-10-01\"}");
    ck_assert_int_eq(come(salem, token), OK);
    ck_assert_int_ne(salem->session.household_id, FAMILY);
    ck_assert_int_eq(look(salem, &held), OK);
    ck_assert(held.stamp.given);
    send_wage(world, 201, "3100.00");
    ck_assert_int_eq(look_again(salem, &held.stamp), OK);
    send_wage(world, 102, "900.00"); /* who still lives in FAMILY */
    ck_assert_int_eq(look_again(salem, &held.stamp), ERR_CONFLICT);
    caller_close(salem);
    world_end(world);
}

static Err ask_why(Caller *caller, Month which, BackendExplanation *ret)
{
    Diag diag = {.key = ""};
    const Backend *backend = caller->world->backend;
    return outcome(caller, backend->explain(backend->self, &caller->call,
                                            caller->session.household_id, which,
                                            ret, &diag));
}

static Day day(const char *text)
{
    Day read;
    ck_assert(day_read(str_of(text), &read));
    return read;
}

/* What is told of others one by one: since when at the earliest, and how
 * often there is something of the amount 777. */
static Day others_since(const BackendFact *facts, size_t count, int64_t self,
                        int *ret_777)
{
    Day first = DAY_OPEN;
    *ret_777 = 0;
    for (size_t i = 0; i < count; i++) {
        if (facts[i].person_id == self) continue;
        if (facts[i].true_from < first) first = facts[i].true_from;
        for (size_t at = 0; at + 3 <= facts[i].value.bytes; at++) {
            *ret_777 += memcmp(facts[i].value.at + at, "777", 3) == 0;
        }
    }
    return first;
}

TEST(who_joins_a_household_does_not_read_its_past)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    BackendExplanation why;
    BackendHousehold held = {.household_id = 0};
    int told;
    Str token = sign_in(salem, "family");
    send(world, "fact.wage",
         "{\"person\":\"201\",\"from\":\"2026-03-01\",\"to\":\"2026-05-01\","
         "\"value\":\"777.00\"}");
    send(world, "household.joined",
         "{\"person\":\"101\",\"household\":\"2\",\"from\":\"2026-09-15\"}");
    ck_assert_int_eq(come(salem, token), OK);
    ck_assert_int_eq(salem->session.household_id, 2);
    salem->call.brief = false;
    /* a month of before: his own decision, in the household of that time */
    ck_assert_int_eq(ask_why(salem, month(2026, 6), &why), OK);
    ck_assert_int_eq(why.household_id, FAMILY);
    for (size_t i = 0; i < why.member_count; i++) {
        ck_assert_int_ne(why.members[i].person_id, 201);
    }
    /* a month of now: the sums, and nothing of the others from before */
    ck_assert_int_eq(ask_why(salem, month(2026, 11), &why), OK);
    ck_assert_int_eq(why.household_id, 2);
    ck_assert_uint_gt(why.fact_count, 0);
    ck_assert_int_ge(others_since(why.facts, why.fact_count, 101, &told),
                     day("2026-09-15"));
    ck_assert_int_eq(told, 0);
    ck_assert_int_eq(look(salem, &held), OK);
    ck_assert_int_eq(held.household_id, 2);
    ck_assert_int_ge(others_since(held.facts, held.fact_count, 101, &told),
                     day("2026-09-15"));
    ck_assert_int_eq(told, 0);
    /* no month of the others' past is offered to him */
    ck_assert_uint_gt(held.history_count, 0);
    bool former = false;
    for (size_t i = 0; i < held.history_count; i++) {
        ck_assert_int_eq(ask_why(salem, held.history[i].month, &why), OK);
        former |= why.household_id == FAMILY;
        ck_assert_int_eq(why.decision->amount.minor,
                         held.history[i].amount.minor);
    }
    ck_assert(former);
    ck_assert_int_gt(reads_of(world, 2, NULL), 0);
    caller_close(salem);
    world_end(world);
}

TEST(a_caseworker_is_shown_what_a_newcomer_is_not)
{
    World *world = world_begin();
    Caller *huda = caller_open(world);
    BackendExplanation why;
    int told;
    send(world, "fact.wage",
         "{\"person\":\"201\",\"from\":\"2026-03-01\",\"to\":\"2026-05-01\","
         "\"value\":\"777.00\"}");
    Str token = sign_in(huda, "caseworker");
    ck_assert_int_eq(come(huda, token), OK);
    ck_assert_int_eq(choose(huda, token, "objection"), OK);
    huda->session.household_id = 2;
    ck_assert_int_eq(ask_why(huda, month(2026, 11), &why), OK);
    ck_assert_int_lt(others_since(why.facts, why.fact_count, 101, &told),
                     day("2026-05-01"));
    ck_assert_int_gt(told, 0);
    caller_close(huda);
    world_end(world);
}

TEST(who_moves_within_the_month_sees_its_decision_of_where_he_was)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    BackendExplanation why;
    Str token = sign_in(salem, "family");
    ck_assert_int_eq(come(salem, token), OK);
    ck_assert_int_eq(look(salem, &held), OK);
    ck_assert(held.stamp.given);
    send(world, "household.joined",
         "{\"person\":\"101\",\"household\":\"2\",\"from\":\"2026-11-10\"}");
    ck_assert_int_eq(come(salem, token), OK);
    int before = reads_of(world, FAMILY, NULL);
    ck_assert_int_eq(look(salem, &held), OK);
    ck_assert_int_eq(held.household_id, 2);
    bool there = false;
    for (size_t i = 0; i < held.member_count; i++) {
        there |= held.members[i].person_id == 101;
    }
    ck_assert(there);
    ck_assert_ptr_nonnull(held.decision);
    /* it rests on two households: not kept, and a read of both */
    ck_assert(!held.stamp.given);
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), before + 1);
    ck_assert_int_eq(reads_of(world, 2, NULL), 1);
    ck_assert_int_eq(ask_why(salem, month(2026, 11), &why), OK);
    ck_assert_int_eq(why.household_id, FAMILY);
    ck_assert_int_eq(why.decision->amount.minor, held.decision->amount.minor);
    caller_close(salem);
    world_end(world);
}

TEST(permission_is_asked_for_a_kept_answer_too)
{
    World *world = world_begin();
    Caller *salem = caller_open(world);
    Caller *huda = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    ck_assert_int_eq(come(salem, sign_in(salem, "family")), OK);
    ck_assert_int_eq(look(salem, &held), OK);
    char who[96];
    /* the citizen's stamp says "his own": no caseworker may use that */
    Str token = sign_in(huda, "caseworker");
    ck_assert_int_eq(come(huda, token), OK);
    ck_assert_int_eq(choose(huda, token, "objection"), OK);
    ck_assert_int_eq(look_again(huda, &held.stamp), ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, FAMILY, who), 1);
    ck_assert_str_eq(who, "demo-caseworker caseworker objection");
    BackendStamp kin = held.stamp;
    kin.subject.own = false;
    kin.subject.kin = true;
    ck_assert_int_eq(look_again(huda, &kin), ERR_DENIED);
    ck_assert_int_eq(look_again(salem, &kin), ERR_DENIED);
    ck_assert_int_eq(refusals_of(world, FAMILY, who), 3);
    ck_assert_str_eq(who, "demo-family citizen own");
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), 1);
    huda->call.session = NULL;
    ck_assert_int_eq(look_again(huda, &held.stamp), ERR_NOT_FOUND);
    caller_close(huda);
    caller_close(salem);
    world_end(world);
}

/* Holds the writer until the gate opens, then makes its next statements fail
 * so that what comes in the same batch is in trouble. */
typedef struct Gate {
    pthread_mutex_t lock;
    long fail_at;
} Gate;

static Err gate_change(StoreConn *tx, void *arg, Diag *diag)
{
    Gate *gate = arg;
    (void)tx;
    (void)diag;
    pthread_mutex_lock(&gate->lock);
    store_fail_at(gate->fail_at);
    pthread_mutex_unlock(&gate->lock);
    return OK;
}

static void gate_done(void *arg, Err err, const Diag *diag)
{
    (void)arg;
    (void)err;
    (void)diag;
}

enum { CROWD = 20 };

/* A crowd whose records go in one group, of which a statement fails. */
static void crowd_with_fault(long fail_at)
{
    World *world = world_begin();
    Caller *one[CROWD];
    BackendHousehold held = {.household_id = 0};
    Gate gate = {.fail_at = fail_at};
    for (int i = 0; i < CROWD; i++) {
        one[i] = caller_open(world);
        ck_assert_int_eq(come(one[i], sign_in(one[i], "family")), OK);
    }
    ck_assert_int_eq(look(one[0], &held), OK);
    pthread_mutex_init(&gate.lock, NULL);
    pthread_mutex_lock(&gate.lock);
    ck_assert_int_eq(
        writer_submit(world->desk->writer, gate_change, gate_done, &gate), OK);
    const Backend *backend = world->backend;
    Diag diag = {.key = ""};
    for (int i = 0; i < CROWD; i++) {
        expect(backend->household_again(backend->self, &one[i]->call,
                                        &held.stamp, &diag),
               OK, &diag);
        ck_assert(one[i]->call.waiting);
    }
    pthread_mutex_unlock(&gate.lock);
    for (int i = 0; i < CROWD; i++) {
        ck_assert_int_eq(outcome(one[i], OK), OK);
        caller_close(one[i]);
    }
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), CROWD + 1);
    world_end(world);
}

TEST(reads_that_come_together_are_each_recorded_once)
{
    crowd_with_fault(0);
}

TEST(a_group_that_fails_is_recorded_each_by_itself_and_once)
{
    for (long nth = 1; nth < 40; nth += 5) crowd_with_fault(nth);
}

/* Many look while one changes. */
typedef struct Looker {
    World *world;
    pthread_t thread;
    atomic_int *stop;
    atomic_llong *told; /* the version that everybody may know by now */
    int reads;
} Looker;

static void *keep_looking(void *arg)
{
    Looker *looker = arg;
    Caller *caller = caller_open(looker->world);
    Str token = sign_in(caller, "family");
    BackendHousehold held = {.household_id = 0};
    while (atomic_load(looker->stop) == 0) {
        long long told = atomic_load(looker->told);
        ck_assert_int_eq(come(caller, token), OK);
        Err err =
            held.stamp.given ? look_again(caller, &held.stamp) : ERR_CONFLICT;
        if (err == ERR_CONFLICT) err = look(caller, &held);
        ck_assert_int_eq(err, OK);
        ck_assert_int_ge(held.version, told);
        looker->reads++;
    }
    caller_close(caller);
    return NULL;
}

TEST(nobody_is_shown_less_than_was_known_when_he_asked)
{
    enum { LOOKERS = 6, CHANGES = 60 };
    World *world = world_begin();
    Looker looker[LOOKERS];
    atomic_int stop = 0;
    atomic_llong told = 0;
    for (int i = 0; i < LOOKERS; i++) {
        looker[i] = (Looker){.world = world, .stop = &stop, .told = &told};
        ck_assert_int_eq(
            pthread_create(&looker[i].thread, NULL, keep_looking, &looker[i]),
            0);
    }
    Caller *salem = caller_open(world);
    BackendHousehold held = {.household_id = 0};
    int reads = CHANGES;
    ck_assert_int_eq(come(salem, sign_in(salem, "family")), OK);
    for (int i = 0; i < CHANGES; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d.00", 4000 + i);
        send_wage(world, i % 2 == 0 ? FAMILY_HEAD : 201, value);
        ck_assert_int_eq(look(salem, &held), OK);
        atomic_store(&told, held.version);
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < LOOKERS; i++) {
        pthread_join(looker[i].thread, NULL);
        reads += looker[i].reads;
    }
    ck_assert_int_eq(reads_of(world, FAMILY, NULL), reads);
    caller_close(salem);
    world_end(world);
}

#include "store/watch.h"

#include "tests/store/world.c"

enum { HERE = 17, THERE = 18 };

/* A watch on household HERE. */
static Watch here(const World *world)
{
    Watch watch = watch_begin(world->store);
    watch_number(&watch, world->store, WATCH_HOUSEHOLD, HERE);
    return watch;
}

static void insert(World *world, int query, int64_t household, int64_t id)
{
    EXPECT_ERR(world, OK, store_begin(world->writer));
    EXPECT_ERR(world, OK, world_insert(world->writer, query, household, id));
    EXPECT_ERR(world, OK, store_commit(world->writer));
}

/* Most tests ask for the counts, which PostgreSQL has not. */
#define NEED_WATCH(world)                                                      \
    if (!watch_works((world)->store)) {                                        \
        ck_assert(world_is_postgres());                                        \
        world_close(world);                                                    \
        return;                                                                \
    }

TEST(only_the_one_writer_can_watch)
{
    World world = world_open();
    ck_assert(watch_works(world.store) == !world_is_postgres());
    Store *other;
    EXPECT_ERR(&world, OK,
               store_open_with(world.target, false, NULL, 0, world_schema(),
                               WORLD_SCHEMA_COUNT, &world.diag, &other));
    ck_assert(!watch_works(other));
    store_close(other);
    world_close(&world);
}

TEST(a_change_ends_what_was_kept_of_its_household_alone)
{
    World world = world_open();
    NEED_WATCH(&world)
    Watch watch = here(&world);
    ck_assert(watch_holds(&watch, world.store));
    insert(&world, T_INSERT, THERE, 1);
    ck_assert(watch_holds(&watch, world.store));
    insert(&world, T_INSERT, HERE, 1);
    ck_assert(!watch_holds(&watch, world.store));
    world_close(&world);
}

TEST(a_change_is_told_when_it_is_committed_and_not_before)
{
    World world = world_open();
    NEED_WATCH(&world)
    Watch watch = here(&world);
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, HERE, 1));
    ck_assert(watch_holds(&watch, world.store));
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert(!watch_holds(&watch, world.store));
    world_close(&world);
}

TEST(a_change_outside_a_transaction_is_told_at_once)
{
    World world = world_open();
    NEED_WATCH(&world)
    Watch watch = here(&world);
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, HERE, 1));
    ck_assert(!watch_holds(&watch, world.store));
    world_close(&world);
}

TEST(what_touches_nothing_ends_nothing)
{
    World world = world_open();
    NEED_WATCH(&world)
    Watch watch = here(&world);
    insert(&world, T_BULK, HERE, 1);
    ck_assert(watch_holds(&watch, world.store));
    world_close(&world);
}

TEST(what_does_not_say_what_it_touches_ends_everything)
{
    World world = world_open();
    NEED_WATCH(&world)
    Watch watch = watch_begin(world.store);
    StoreStmt *stmt = store_query(world.writer, (Query)T_DELETE);
    store_bind_int(stmt, 1, THERE);
    EXPECT_ERR(&world, OK, store_exec(stmt, NULL));
    ck_assert(!watch_holds(&watch, world.store));
    watch = watch_begin(world.store);
    EXPECT_ERR(&world, OK, store_script(world.writer, "DELETE FROM sample"));
    ck_assert(!watch_holds(&watch, world.store));
    world_close(&world);
}

TEST(a_kind_without_an_id_is_one_thing)
{
    World world = world_open();
    NEED_WATCH(&world)
    Watch runs = watch_begin(world.store);
    watch_kind(&runs, world.store, WATCH_RUNS);
    Watch others = here(&world);
    watch_kind(&others, world.store, WATCH_HOMES);
    watch_bytes(&others, world.store, WATCH_SESSION, STR("token"));
    StoreStmt *stmt = store_query(world.writer, (Query)T_UPDATE);
    store_bind_int(stmt, 1, HERE);
    store_bind_int(stmt, 2, 3);
    EXPECT_ERR(&world, OK, store_exec(stmt, NULL));
    ck_assert(!watch_holds(&runs, world.store));
    ck_assert(watch_holds(&others, world.store));
    world_close(&world);
}

TEST(what_is_learnt_later_counts_from_the_beginning)
{
    World world = world_open();
    NEED_WATCH(&world)
    Watch quiet = watch_begin(world.store);
    watch_learnt(&quiet, world.store, WATCH_HOUSEHOLD, HERE);
    ck_assert(watch_holds(&quiet, world.store));
    Watch busy = watch_begin(world.store);
    insert(&world, T_INSERT, THERE, 1);
    ck_assert(watch_holds(&quiet, world.store));
    watch_learnt(&busy, world.store, WATCH_HOUSEHOLD, HERE);
    ck_assert(!watch_holds(&busy, world.store));
    insert(&world, T_INSERT, HERE, 1);
    ck_assert(!watch_holds(&quiet, world.store));
    Watch full = watch_begin(world.store);
    for (int i = 1; i < WATCH_NOTES_MAX; i++)
        watch_learnt(&full, world.store, WATCH_HOUSEHOLD, i);
    ck_assert(watch_holds(&full, world.store));
    watch_learnt(&full, world.store, WATCH_HOUSEHOLD, HERE);
    ck_assert(!watch_holds(&full, world.store));
    world_close(&world);
}

TEST(nothing_noted_never_holds)
{
    World world = world_open();
    Watch none = {.count = 0};
    ck_assert(!watch_holds(&none, world.store));
    world_close(&world);
}

TEST(a_change_that_was_taken_back_may_end_but_never_hide)
{
    World world = world_open();
    NEED_WATCH(&world)
    EXPECT_ERR(&world, OK, store_begin(world.writer));
    EXPECT_ERR(&world, OK, store_savepoint(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, HERE, 1));
    EXPECT_ERR(&world, OK, store_rollback_to(world.writer));
    EXPECT_ERR(&world, OK, world_insert(world.writer, T_INSERT, THERE, 1));
    Watch watch = watch_begin(world.store);
    watch_number(&watch, world.store, WATCH_HOUSEHOLD, THERE);
    EXPECT_ERR(&world, OK, store_commit(world.writer));
    ck_assert(!watch_holds(&watch, world.store));
    world_close(&world);
}

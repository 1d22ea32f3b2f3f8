/*
 * The laws of the policy desk: each is read once while it is used, and gives
 * way to others when nobody uses it.
 */
#include "tests/harness.h"
#include "web/policy_shelf.h"

enum { BYTES = 512 << 20, FIRST = 100 };

/* A backend with another law in each month, and how often one was read. */
typedef struct World {
    Backend backend;
    Arena *arena;
    const Pack *pack;
    PolicyShelf *shelf;
    int reads;
    Err err; /* of reading */
} World;

static Err law_of_month(void *self, Month month, int64_t *ret)
{
    const World *world = self;
    *ret = month == FIRST ? world->pack->id : month;
    return OK;
}

static Err read_law(void *self, Arena *arena UNUSED, int64_t id UNUSED,
                    Diag *diag, const Pack **ret)
{
    World *world = self;
    world->reads++;
    if (world->err != OK) diag_set(diag, "snapshot.memory");
    *ret = world->pack;
    return world->err;
}

static void world_begin(World *world)
{
    Diag diag = {.key = ""};
    const Policy *first;
    *world = (World){.arena = arena_open(BYTES)};
    world->backend =
        (Backend){.self = world, .law = law_of_month, .law_pack = read_law};
    ck_assert_int_eq(pack_embedded(world->arena, &diag, &world->pack), OK);
    ck_assert_int_eq(policy_open(world->arena, world->pack, &diag, &first), OK);
    world->shelf = policy_shelf_open(world->arena, &world->backend, first);
}

static void world_end(World *world)
{
    policy_shelf_close(world->shelf);
    arena_close(world->arena);
}

/* A request that asks for a month's law, and is over unless `law` is kept by
 * somebody else. */
static void ask(World *world, Month month, PolicyLaw *ret)
{
    Diag diag = {.key = ""};
    HttpRequest request = {.arena = world->arena};
    ck_assert_int_eq(
        policy_shelf_law(world->shelf, month, &request, &diag, ret), OK);
    ck_assert_ptr_nonnull(ret->lab.programme);
    ret->lab.hold(ret->lab.arg, 1);
    request.ended(request.ended_arg);
}

static void let_go(const PolicyLaw *law)
{
    law->lab.hold(law->lab.arg, -1);
}

TEST(a_law_is_read_once_and_the_first_never)
{
    World world;
    PolicyLaw law, again;
    world_begin(&world);
    ask(&world, FIRST, &law);
    ck_assert_int_eq(world.reads, 0);
    let_go(&law);
    ask(&world, 1, &law);
    ask(&world, 1, &again);
    ck_assert_int_eq(world.reads, 1);
    ck_assert_ptr_eq(law.policy, again.policy);
    let_go(&law);
    let_go(&again);
    world_end(&world);
}

TEST(laws_give_way_when_nobody_uses_them)
{
    World world;
    PolicyLaw held, law;
    world_begin(&world);
    ask(&world, 1, &held);
    for (Month month = 2; month <= 5; month++) {
        ask(&world, month, &law);
        let_go(&law);
    }
    ck_assert_int_eq(world.reads, 5);
    ask(&world, 1, &law);
    ck_assert_int_eq(world.reads, 5);
    ck_assert_ptr_eq(law.policy, held.policy);
    let_go(&law);
    ask(&world, 2, &law);
    ck_assert_int_eq(world.reads, 6);
    let_go(&law);
    let_go(&held);
    world_end(&world);
}

TEST(a_law_that_cannot_be_read_is_told_of_and_tried_again)
{
    World world;
    PolicyLaw law;
    Diag diag = {.key = ""};
    world_begin(&world);
    HttpRequest request = {.arena = world.arena};
    world.err = ERR_IO;
    ck_assert_int_eq(policy_shelf_law(world.shelf, 1, &request, &diag, &law),
                     ERR_IO);
    ck_assert_ptr_null(request.ended_arg);
    world.err = OK;
    ask(&world, 1, &law);
    ck_assert_int_eq(world.reads, 2);
    let_go(&law);
    world_end(&world);
}

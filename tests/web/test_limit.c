#include "web/limit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "tests/harness.h"

static const LimitRates rates = {.usual_per_s = 10,
                                 .usual_at_once = 20,
                                 .entry_per_min = 6,
                                 .entry_at_once = 3};

/* How many of `tries` requests at one moment are let through. */
static int through(Limit *limit, const char *client, LimitKind kind,
                   int64_t now_ms, int tries)
{
    int wait_s, count = 0;
    for (int i = 0; i < tries; i++)
        count += limit_take(limit, str_of(client), kind, now_ms, &wait_s);
    return count;
}

static Limit *begin(Arena **arena)
{
    *arena = arena_open((size_t)8 << 20);
    return limit_open(*arena, &rates);
}

static void end(Limit *limit, Arena *arena)
{
    limit_close(limit);
    arena_close(arena);
}

TEST(a_bucket_is_emptied_at_once_and_refilled_evenly)
{
    Arena *arena;
    Limit *limit = begin(&arena);
    int wait_s = 0;
    int64_t now_ms = 1000000;
    const char *one = "192.0.2.1";
    ck_assert_int_eq(through(limit, one, LIMIT_USUAL, now_ms, 100), 20);
    ck_assert(!limit_take(limit, str_of(one), LIMIT_USUAL, now_ms, &wait_s));
    ck_assert_int_eq(wait_s, 1);
    ck_assert_int_eq(through(limit, one, LIMIT_USUAL, now_ms + 99, 5), 0);
    ck_assert_int_eq(through(limit, one, LIMIT_USUAL, now_ms + 100, 5), 1);
    ck_assert_int_eq(through(limit, one, LIMIT_USUAL, now_ms + 600, 50), 5);
    ck_assert_int_eq(through(limit, one, LIMIT_USUAL, now_ms + 60000, 50), 20);
    end(limit, arena);
}

TEST(signing_in_has_a_bucket_of_its_own)
{
    Arena *arena;
    Limit *limit = begin(&arena);
    int wait_s = 0;
    const char *one = "192.0.2.1";
    ck_assert_int_eq(through(limit, one, LIMIT_ENTRY, 5000, 9), 3);
    ck_assert(!limit_take(limit, str_of(one), LIMIT_ENTRY, 5000, &wait_s));
    ck_assert_int_ge(wait_s, 10);
    ck_assert_int_le(wait_s, 11);
    ck_assert_int_eq(through(limit, one, LIMIT_USUAL, 5000, 100), 20);
    ck_assert_int_eq(through(limit, one, LIMIT_ENTRY, 15000, 9), 1);
    ck_assert_int_eq(through(limit, one, LIMIT_FREE, 15000, 999), 999);
    end(limit, arena);
}

TEST(an_address_counts_by_itself_and_a_network_of_ipv6_as_one)
{
    Arena *arena;
    Limit *limit = begin(&arena);
    ck_assert_int_eq(through(limit, "192.0.2.1", LIMIT_USUAL, 0, 50), 20);
    ck_assert_int_eq(through(limit, "192.0.2.2", LIMIT_USUAL, 0, 50), 20);
    ck_assert_int_eq(through(limit, "2001:db8:1::1", LIMIT_USUAL, 0, 50), 20);
    ck_assert_int_eq(through(limit, "2001:db8:1:0:9::2", LIMIT_USUAL, 0, 9), 0);
    ck_assert_int_eq(through(limit, "2001:db8:1:1::1", LIMIT_USUAL, 0, 50), 20);
    ck_assert_int_eq(through(limit, "unknown", LIMIT_USUAL, 0, 50), 20);
    ck_assert_int_eq(through(limit, "unknown", LIMIT_USUAL, 0, 50), 0);
    ck_assert_int_eq(through(limit, "", LIMIT_USUAL, 0, 50), 20);
    end(limit, arena);
}

TEST(no_rate_is_no_limit)
{
    Arena *arena = arena_open((size_t)8 << 20);
    LimitRates none = {.usual_per_s = 0};
    Limit *limit = limit_open(arena, &none);
    ck_assert_int_eq(through(limit, "192.0.2.1", LIMIT_USUAL, 0, 5000), 5000);
    ck_assert_int_eq(through(limit, "192.0.2.1", LIMIT_ENTRY, 0, 5000), 5000);
    end(limit, arena);
}

TEST(a_flood_of_addresses_pushes_out_those_who_ask_little)
{
    Arena *arena;
    Limit *limit = begin(&arena);
    char client[32];
    ck_assert_int_eq(through(limit, "192.0.2.1", LIMIT_USUAL, 0, 50), 20);
    /* one request each: all of them are nearer to full than the greedy one */
    for (int i = 0; i < 20 * LIMIT_ADDRESSES; i++) {
        (void)snprintf(client, sizeof client, "10.%d.%d.%d", i >> 16 & 255,
                       i >> 8 & 255, i & 255);
        ck_assert_int_eq(through(limit, client, LIMIT_USUAL, 1, 1), 1);
    }
    ck_assert_int_eq(through(limit, "192.0.2.1", LIMIT_USUAL, 2, 50), 0);
    end(limit, arena);
}

typedef struct Asker {
    Limit *limit;
    pthread_t thread;
    int through;
} Asker;

static void *ask(void *arg)
{
    Asker *asker = arg;
    asker->through =
        through(asker->limit, "192.0.2.9", LIMIT_USUAL, 1000, 1000);
    return NULL;
}

TEST(threads_share_one_bucket)
{
    Arena *arena;
    Asker asker[4] = {0};
    Limit *limit = begin(&arena);
    int sum = 0;
    for (int i = 0; i < 4; i++) {
        asker[i].limit = limit;
        ck_assert_int_eq(pthread_create(&asker[i].thread, NULL, ask, &asker[i]),
                         0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(asker[i].thread, NULL);
        sum += asker[i].through;
    }
    ck_assert_int_eq(sum, 20);
    end(limit, arena);
}

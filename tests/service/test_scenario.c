/*
 * Scenarios that officers keep: each his own, by name, as many as there may
 * be, and nothing that is no simulation.
 */
#include "service/scenario.h"

#include "tests/scratch.h"

enum { ARENA_BYTES = 1 << 20, FIRST = 7, SECOND = 8 };

static Err save(StoreConn *tx, int64_t actor, const char *name,
                const char *query, Instant at, Diag *diag)
{
    SavedScenario scenario = {str_of(name), str_of(query)};
    return scenario_save(tx, actor, &scenario, at, diag);
}

static int32_t count_of(StoreConn *tx, int64_t actor, SavedScenario *ret)
{
    int32_t count;
    Arena *arena = arena_open(ARENA_BYTES);
    ck_assert_int_eq(scenario_list(tx, arena, actor, ret, &count), OK);
    arena_close(arena);
    return count;
}

TEST(each_officer_keeps_his_own_by_name)
{
    int32_t count;
    Diag diag = {.key = ""};
    SavedScenario list[SCENARIOS_KEPT_MAX];
    Arena *arena = arena_open(ARENA_BYTES);
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    ck_assert_int_eq(save(tx, FIRST, "old", "month=2026-11", 1, &diag), OK);
    ck_assert_int_eq(save(tx, FIRST, " أعلى ", "month=2026-12&a.x=1", 2, &diag),
                     OK);
    ck_assert_int_eq(save(tx, SECOND, "old", "month=2025-01", 3, &diag), OK);
    ck_assert_int_eq(save(tx, FIRST, "old", "month=2027-01", 4, &diag), OK);
    ck_assert_int_eq(scenario_list(tx, arena, FIRST, list, &count), OK);
    ck_assert_int_eq(count, 2);
    EXPECT_STR(list[0].name, "old");
    EXPECT_STR(list[0].query, "month=2027-01");
    EXPECT_STR(list[1].name, "أعلى");
    ck_assert_int_eq(scenario_drop(tx, FIRST, STR("old")), OK);
    ck_assert_int_eq(scenario_drop(tx, FIRST, STR("never")), OK);
    ck_assert_int_eq(count_of(tx, FIRST, list), 1);
    ck_assert_int_eq(count_of(tx, SECOND, list), 1);
    store_conn_close(tx);
    scratch_close(&scratch);
    arena_close(arena);
}

TEST(what_is_no_simulation_or_has_no_name_is_not_kept)
{
    static const struct {
        const char *name, *query, *key;
    } cases[] = {{"", "month=2026-12", "scenario.name"},
                 {"   ", "month=2026-12", "scenario.name"},
                 {"a", "", "scenario.query"},
                 {"a", "month=", "scenario.query"},
                 {"a", "show=cost&month=2026-12", "scenario.query"},
                 {"a", "month=2026-12\r\nX: y", "scenario.query"},
                 {"a", "month=2026-12\"><script>", "scenario.query"}};
    SavedScenario list[SCENARIOS_KEPT_MAX];
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Diag diag = {.key = ""};
        ck_assert_int_eq(
            save(tx, FIRST, cases[i].name, cases[i].query, 1, &diag),
            ERR_INVALID);
        ck_assert_str_eq(diag.key, cases[i].key);
    }
    ck_assert_int_eq(count_of(tx, FIRST, list), 0);
    store_conn_close(tx);
    scratch_close(&scratch);
}

TEST(there_is_a_limit_and_a_name_that_is_kept_may_change)
{
    Diag diag = {.key = ""};
    SavedScenario list[SCENARIOS_KEPT_MAX];
    Scratch scratch = scratch_open();
    StoreConn *tx = scratch_writer(&scratch);
    for (int i = 0; i < SCENARIOS_KEPT_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%d", i);
        ck_assert_int_eq(save(tx, FIRST, name, "month=2026-12", i, &diag), OK);
    }
    ck_assert_int_eq(save(tx, FIRST, "more", "month=2026-12", 99, &diag),
                     ERR_FULL);
    ck_assert_str_eq(diag.key, "scenario.many");
    ck_assert_int_eq(save(tx, FIRST, "s3", "month=2027-12", 99, &diag), OK);
    ck_assert_int_eq(count_of(tx, FIRST, list), SCENARIOS_KEPT_MAX);
    store_conn_close(tx);
    scratch_close(&scratch);
}

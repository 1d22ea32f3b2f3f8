#include "registry/move.h"
#include "registry/name_search.h"

#include "tests/harness.h"
#include "tests/registry/nation.c"

/* Household 10: 1 head, 2 and 5 spouses, 3 and 4 children; 20: 6 head. */
static Nation *family(void)
{
    Nation *nation = nation_open();
    nation_send(nation, "absher", "household.formed",
                "{\"household\":10,\"from\":\"2021-01-01\",\"members\":["
                "{\"person\":1,\"role\":\"head\",\"facts\":{\"birth_date\":"
                "\"1970-03-01\"}},"
                "{\"person\":2,\"role\":\"spouse\",\"facts\":{\"birth_date\":"
                "\"1980-06-01\",\"name_ar\":\"نورة خالد\"}},"
                "{\"person\":5,\"role\":\"spouse\",\"facts\":{\"birth_date\":"
                "\"1978-06-01\"}},"
                "{\"person\":3,\"role\":\"child\",\"facts\":{\"birth_date\":"
                "\"2003-06-01\"}},"
                "{\"person\":4,\"role\":\"child\",\"facts\":{\"birth_date\":"
                "\"2012-06-01\"}}]}");
    nation_send(nation, "absher", "household.formed",
                "{\"household\":20,\"from\":\"2021-01-01\",\"members\":["
                "{\"person\":6,\"role\":\"head\",\"facts\":{\"birth_date\":"
                "\"1960-02-01\"}}]}");
    return nation;
}

static void wage(Nation *nation, const char *data)
{
    nation_send(nation, "gosi", "fact.wage", data);
}

static const Origin *origin_of_wage(Nation *nation, const Book *book,
                                    const char *day, const Segment **ret)
{
    const Kind *kind = kind_find(nation->catalogue, STR("wage"));
    *ret = book_find(book, 3, kind->id, 0, nation_day(day));
    ck_assert_ptr_nonnull(*ret);
    return &book->origins[(*ret)->origin];
}

TEST(who_moves_takes_open_and_lookback_facts_with_their_origin)
{
    Nation *nation = family();
    const Segment *segment;
    ck_assert(instant_read(STR("2025-02-03T08:00:00Z"), &nation->now));
    wage(nation, "{\"person\":3,\"month\":\"2022-01\",\"value\":\"100\"}");
    wage(nation, "{\"person\":3,\"month\":\"2024-05\",\"value\":\"200\"}");
    wage(nation, "{\"person\":3,\"from\":\"2025-01-01\",\"value\":\"300\"}");
    ck_assert(instant_read(STR("2026-01-15T08:00:00Z"), &nation->now));
    nation_send(nation, "absher", "household.joined",
                "{\"person\":3,\"household\":20,\"from\":\"2025-06-10\"}");
    Book book = nation_book(nation, 20);
    const Kind *kind = kind_find(nation->catalogue, STR("wage"));
    const Origin *origin =
        origin_of_wage(nation, &book, "2025-03-01", &segment);
    EXPECT_STR(origin->source, "gosi");
    ck_assert_int_eq(origin->received, nation_day("2025-02-03"));
    ck_assert_int_eq(segment->from, nation_day("2025-01-01"));
    origin = origin_of_wage(nation, &book, "2024-05-10", &segment);
    ck_assert_int_eq(segment->is.value, 20000);
    ck_assert_ptr_null(
        book_find(&book, 3, kind->id, 0, nation_day("2022-01-10")));
    ck_assert_str_eq(nation_role(nation, 20, 3, "2025-06-09"), "-");
    ck_assert_str_eq(nation_role(nation, 20, 3, "2025-06-10"), "other");
    ck_assert_str_eq(nation_role(nation, 10, 3, "2025-06-09"), "child");
    ck_assert_str_eq(nation_role(nation, 10, 3, "2025-06-10"), "-");
    ck_assert_int_eq(nation_home(nation, 3), 20);
    ck_assert_int_eq(nation->outcome.touched_count, 2);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(nation->outcome.touched[i].household_id, i * 10 + 10);
        ck_assert_int_eq(nation->outcome.touched[i].since,
                         nation_day("2025-06-10"));
    }
    nation_close(nation);
}

TEST(income_before_the_move_counts_in_the_new_household)
{
    Nation *nation = family();
    wage(nation, "{\"person\":3,\"from\":\"2025-01-01\",\"value\":\"300\"}");
    nation_send(nation, "absher", "household.joined",
                "{\"person\":3,\"household\":20,\"from\":\"2025-06-10\"}");
    ck_assert_int_eq(nation_value(nation, 20, 3, "wage", "2025-07"), 180000);
    ck_assert_int_eq(nation_value(nation, 10, 3, "wage", "2025-06"), 150000);
    ck_assert_int_eq(nation_value(nation, 10, 3, "wage", "2025-07"), -1);
    nation_close(nation);
}

TEST(a_late_fact_reaches_every_household_that_it_concerns)
{
    Nation *nation = family();
    nation_send(nation, "absher", "household.joined",
                "{\"person\":3,\"household\":20,\"from\":\"2025-06-10\"}");
    wage(nation, "{\"person\":3,\"month\":\"2025-03\",\"value\":\"700\"}");
    ck_assert_int_eq(nation->outcome.touched_count, 2);
    ck_assert_int_eq(nation_value(nation, 10, 3, "wage", "2025-04"), 70000);
    ck_assert_int_eq(nation_value(nation, 20, 3, "wage", "2025-07"), 70000);
    wage(nation, "{\"person\":3,\"month\":\"2025-07\",\"value\":\"900\"}");
    ck_assert_int_eq(nation->outcome.touched_count, 1);
    ck_assert_int_eq(nation->outcome.touched[0].household_id, 20);
    nation_close(nation);
}

TEST(who_moves_back_finds_what_he_left_and_what_came_since)
{
    Nation *nation = family();
    wage(nation, "{\"person\":3,\"from\":\"2025-01-01\",\"value\":\"300\"}");
    nation_send(nation, "absher", "household.joined",
                "{\"person\":3,\"household\":20,\"from\":\"2025-03-01\"}");
    wage(nation, "{\"person\":3,\"from\":\"2025-04-01\",\"value\":\"500\"}");
    nation_send(nation, "absher", "household.joined",
                "{\"person\":3,\"household\":10,\"role\":\"child\","
                "\"from\":\"2025-06-01\"}");
    ck_assert_int_eq(nation_value(nation, 10, 3, "wage", "2025-07"), 240000);
    ck_assert_str_eq(nation_role(nation, 10, 3, "2025-04-01"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 3, "2025-06-01"), "child");
    nation_close(nation);
}

TEST(nobody_moves_before_his_last_move)
{
    Nation *nation = family();
    nation_send(nation, "absher", "household.joined",
                "{\"person\":3,\"household\":20,\"from\":\"2025-06-10\"}");
    nation_refuse(nation, "household.left",
                  "{\"person\":3,\"from\":\"2025-06-09\"}",
                  "event.moved_later");
    nation_send(nation, "absher", "household.left",
                "{\"person\":3,\"from\":\"2025-06-10\"}");
    ck_assert_str_eq(nation_role(nation, 20, 3, "2025-06-10"), "-");
    nation_close(nation);
}

TEST(who_leaves_has_a_household_of_his_own_with_the_same_id_each_time)
{
    int64_t home[2];
    for (int i = 0; i < 2; i++) {
        Nation *nation = family();
        static const char left[] =
            "{\"specversion\":\"1.0\",\"source\":\"absher\",\"id\":\"l\","
            "\"type\":\"sa.gov.sanad.household.left.v1\",\"data\":{"
            "\"person\":3,\"from\":\"2025-06-10\"}}";
        ck_assert_int_eq(nation_try(nation, str_of(left)), OK);
        home[i] = nation_home(nation, 3);
        ck_assert_str_eq(nation_role(nation, home[i], 3, "2025-06-10"), "head");
        nation_close(nation);
    }
    ck_assert_int_ne(home[0], 10);
    ck_assert_int_eq(home[0], home[1]);
}

TEST(the_eldest_spouse_succeeds_then_the_eldest_adult_then_the_eldest)
{
    Nation *nation = family();
    static const struct {
        int64_t dies, leads;
        const char *day;
    } steps[] = {{1, 5, "2024-01-01"},
                 {5, 2, "2024-02-01"},
                 {2, 3, "2024-03-01"},
                 {3, 4, "2024-04-01"}};
    for (int i = 0; i < 4; i++) {
        nation_send(nation, "absher", "death",
                    arena_format(nation->arena,
                                 "{\"person\":%lld,\"from\":\"%s\"}",
                                 (long long)steps[i].dies, steps[i].day));
        ck_assert_str_eq(nation_role(nation, 10, steps[i].leads, steps[i].day),
                         "head");
    }
    nation_close(nation);
}

TEST(a_death_told_late_gives_the_lead_only_while_the_heir_is_there)
{
    Nation *nation = family();
    nation_send(nation, "absher", "household.left",
                "{\"person\":5,\"from\":\"2025-06-01\"}");
    nation_send(nation, "absher", "death",
                "{\"person\":1,\"from\":\"2025-03-01\"}");
    ck_assert_str_eq(nation_role(nation, 10, 5, "2025-03-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 5, "2025-06-01"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2025-05-31"), "spouse");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2025-06-01"), "head");
    nation_close(nation);
}

TEST(a_widow_who_has_moved_is_widowed_where_she_lives_now)
{
    Nation *nation = family();
    const Kind *marital = kind_find(nation->catalogue, STR("marital"));
    nation_send(nation, "absher", "household.joined",
                "{\"person\":5,\"household\":20,\"from\":\"2025-06-01\"}");
    nation_send(nation, "absher", "death",
                "{\"person\":1,\"from\":\"2025-03-01\"}");
    ck_assert_int_eq(nation_value(nation, 20, 5, "marital", "2025-07"),
                     kind_code(marital, STR("widowed")));
    nation_close(nation);
}

TEST(a_head_who_moves_out_leaves_the_lead_to_the_others)
{
    Nation *nation = family();
    nation_send(nation, "absher", "household.left",
                "{\"person\":1,\"from\":\"2025-06-01\"}");
    ck_assert_str_eq(nation_role(nation, 10, 5, "2025-06-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2025-06-01"), "-");
    ck_assert_str_eq(
        nation_role(nation, nation_home(nation, 1), 1, "2025-06-01"), "head");
    nation_close(nation);
}

TEST(names_are_found_in_the_new_household)
{
    Nation *nation = family();
    nation_send(nation, "absher", "household.joined",
                "{\"person\":2,\"household\":20,\"from\":\"2025-06-01\"}");
    NameSearch search;
    NameHit hit;
    bool found;
    ck_assert_int_eq(
        name_search_open(nation->tx, nation->arena, STR("خالد"), &search), OK);
    ck_assert_int_eq(name_search_next(&search, &hit, &found), OK);
    ck_assert(found);
    ck_assert_int_eq(hit.person_id, 2);
    ck_assert_int_eq(hit.household_id, 20);
    nation_close(nation);
}

TEST(a_book_after_moves_is_what_its_facts_rebuild)
{
    Nation *nation = family();
    wage(nation, "{\"person\":3,\"from\":\"2025-01-01\",\"value\":\"300\"}");
    wage(nation, "{\"person\":3,\"month\":\"2025-02\",\"value\":\"800\"}");
    nation_send(nation, "absher", "household.joined",
                "{\"person\":3,\"household\":20,\"from\":\"2025-06-10\"}");
    nation_send(nation, "absher", "death",
                "{\"person\":6,\"from\":\"2025-08-01\"}");
    for (int64_t id = 10; id <= 20; id += 10) {
        int64_t version;
        Str bytes, again;
        ck_assert_int_eq(
            registry_book(nation->tx, nation->arena, id, &version, &bytes), OK);
        ck_assert_int_eq(registry_rebuild(nation->tx, nation->arena,
                                          nation->catalogue, id, version,
                                          &again),
                         OK);
        ck_assert(str_equal(bytes, again));
    }
    ck_assert_str_eq(nation_role(nation, 20, 3, "2025-08-01"), "head");
    nation_close(nation);
}

/* Gives a household wages from so many agencies, each of a month of its own. */
static void many_agencies(Nation *nation, int64_t person, int count,
                          const char *name)
{
    for (int i = 0; i < count; i++) {
        nation_send(nation, arena_format(nation->arena, "%s-%d", name, i),
                    "fact.wage",
                    arena_format(nation->arena,
                                 "{\"person\":%lld,\"from\":\"%d-%02d-01\","
                                 "\"to\":\"%d-%02d-28\",\"value\":\"%d\"}",
                                 (long long)person, 2004 + i / 12, 1 + i % 12,
                                 2004 + i / 12, 1 + i % 12, i));
    }
}

TEST(a_book_stands_on_so_many_agencies_and_no_more)
{
    Nation *nation = family();
    many_agencies(nation, 6, BOOK_SOURCES_MAX - 1, "a");
    nation_refuse(nation, "fact.wage",
                  "{\"person\":6,\"month\":\"2026-01\",\"value\":\"1\"}",
                  "household.full");
    ck_assert_str_eq(nation->diag.arg[0], "20");
    nation_send(nation, "a-7", "fact.wage",
                "{\"person\":6,\"month\":\"2026-01\",\"value\":\"1\"}");
    nation_close(nation);
}

TEST(who_brings_too_many_agencies_along_does_not_move)
{
    Nation *nation = family();
    many_agencies(nation, 6, 200, "a");
    ck_assert(instant_read(STR("2026-01-16T08:00:00Z"), &nation->now));
    /* open ones, so that they are taken along */
    for (int i = 0; i < 100; i++) {
        nation_send(nation, arena_format(nation->arena, "b-%d", i),
                    "asset.held",
                    arena_format(nation->arena,
                                 "{\"person\":3,\"from\":\"2020-01-01\","
                                 "\"key\":\"k%d\",\"class\":\"buildings\","
                                 "\"value\":\"5\"}",
                                 i));
    }
    nation_refuse(nation, "household.joined",
                  "{\"person\":3,\"household\":20,\"from\":\"2025-06-10\"}",
                  "household.full");
    ck_assert_int_eq(nation_home(nation, 3), 10);
    nation_close(nation);
}

/* Says so many wages of one month after each other, 500 in a version. */
static void contradict(Nation *nation, int count)
{
    const Kind *wage_kind = kind_find(nation->catalogue, STR("wage"));
    for (int said = 0; said < count;) {
        Arena *arena = arena_open(16 << 20);
        RegistryChange change;
        ck_assert_int_eq(store_begin(nation->tx), OK);
        ck_assert_int_eq(registry_begin(nation->tx, arena, nation->catalogue,
                                        10, nation->now, &nation->diag,
                                        &change),
                         OK);
        for (int i = 0; i < 500; i++, said++) {
            Attribute is = {.kind = wage_kind->id, .value = said};
            Statement statement = {3, nation_day("2025-01-01"),
                                   nation_day("2025-02-01"), &is, 1};
            ck_assert_int_eq(
                registry_say(&change, &statement, STR("gosi"), STR("x")), OK);
        }
        ck_assert_int_eq(registry_end(&change, &nation->diag), OK);
        ck_assert_int_eq(store_commit(nation->tx), OK);
        arena_close(arena);
    }
}

TEST(a_book_is_rebuilt_from_more_evidence_than_a_book_could_hold)
{
    Nation *nation = family();
    contradict(nation, BOOK_SEGMENTS_MAX + 5000);
    Arena *arena = arena_open(1 << 20); /* as of one request */
    int64_t version;
    Str bytes, rebuilt;
    ck_assert_int_eq(registry_book(nation->tx, arena, 10, &version, &bytes),
                     OK);
    ck_assert_int_eq(registry_rebuild(nation->tx, arena, nation->catalogue, 10,
                                      version, &rebuilt),
                     OK);
    ck_assert(str_equal(bytes, rebuilt));
    arena_close(arena);
    nation_close(nation);
}

TEST(a_household_too_large_for_its_arena_is_an_error_and_no_end)
{
    Nation *nation = family();
    many_agencies(nation, 3, 240, "a");
    Event *event = ARENA_NEW(nation->arena, Event);
    Str text = STR("{\"specversion\":\"1.0\",\"source\":\"x\",\"id\":\"1\","
                   "\"type\":\"sa.gov.sanad.household.joined.v1\",\"data\":{"
                   "\"person\":3,\"household\":20,\"from\":\"2025-06-10\"}}");
    ck_assert_int_eq(
        event_read(nation->arena, &nation->types, text, &nation->diag, event),
        OK);
    int failed = 0;
    for (size_t kib = 32; kib < 1024; kib += 8) {
        Arena *arena = arena_open(kib << 10);
        nation->diag = (Diag){.key = ""};
        ck_assert_int_eq(store_begin(nation->tx), OK);
        Err err = event_apply(nation->tx, arena, &nation->types, event,
                              nation->now, &nation->diag, &nation->outcome);
        store_rollback(nation->tx);
        ck_assert_msg(err == OK || err == ERR_FULL, "%s", err_name(err));
        if (err == ERR_FULL) {
            ck_assert_str_eq(nation->diag.key, "household.full");
        }
        failed += err != OK;
        arena_close(arena);
    }
    ck_assert_int_gt(failed, 3);
    ck_assert_int_lt(failed, 120);
    nation_close(nation);
}

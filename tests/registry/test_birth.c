#include "registry/event.h"

#include <stdio.h>

#include "tests/harness.h"
#include "tests/registry/nation.c"

TEST(a_birth_that_is_corrected_holds_for_the_whole_life)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "birth",
                "{\"person\":50,\"parent\":2,\"from\":\"2024-03-10\"}");
    nation_send(nation, "gosi", "fact.rent_income",
                "{\"person\":50,\"from\":\"2024-03-15\",\"value\":\"10\"}");
    nation_send(nation, "sfd", "asset.held",
                "{\"person\":50,\"from\":\"2024-04-01\",\"key\":\"k\","
                "\"class\":\"buildings\",\"value\":\"900\"}");
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":50,\"from\":\"2025-01-01\","
                "\"value\":\"2024-06-20\"}");
    ck_assert_int_eq(nation->outcome.touched[0].since,
                     nation_day("2024-03-01"));
    ck_assert_str_eq(nation_role(nation, 10, 50, "2024-06-19"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2024-06-20"), "child");
    /* income of June, as all income, counts from the month on it began */
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2024-08"),
                     1000);
    ck_assert_int_eq(nation_value(nation, 10, 50, "birth_date", "2024-08"),
                     nation_day("2024-06-20"));
    const Kind *asset = kind_find(nation->catalogue, STR("asset"));
    Book book = nation_book(nation, 10);
    for (int32_t i = 0; i < book.segment_count; i++) {
        const Segment *segment = &book.segments[i];
        bool early = segment->subject == 50 && segment->is.kind == asset->id &&
                     segment->from < nation_day("2024-06-20");
        if (early) ck_assert_int_eq(segment->is.value, 0);
    }
    nation_refuse(nation, "fact.wage",
                  "{\"person\":50,\"from\":\"2024-04-01\",\"value\":\"1\"}",
                  "person.unborn");
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":50,\"from\":\"2025-01-01\","
                "\"value\":\"2024-02-01\"}");
    ck_assert_int_eq(nation_value(nation, 10, 50, "birth_date", "2024-08"),
                     nation_day("2024-02-01"));
    /* what the former correction took away is back, and he with it */
    ck_assert_str_eq(nation_role(nation, 10, 50, "2024-01-31"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2024-02-01"), "child");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2024-04-01"), "child");
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2024-08"),
                     5000);
    nation_close(nation);
}

TEST(a_birth_is_corrected_in_every_household_of_the_person)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "birth",
                "{\"person\":50,\"parent\":2,\"from\":\"2024-03-10\"}");
    nation_send(nation, "absher", "household.joined",
                "{\"person\":50,\"household\":20,\"role\":\"child\","
                "\"from\":\"2024-09-01\"}");
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":50,\"from\":\"2024-11-01\","
                "\"value\":\"2024-06-20\"}");
    ck_assert_int_eq(nation->outcome.touched_count, 2);
    ck_assert_str_eq(nation_role(nation, 10, 50, "2024-06-19"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2024-06-20"), "child");
    ck_assert_str_eq(nation_role(nation, 20, 50, "2024-10-20"), "child");
    nation_close(nation);
}

static void corrected(Nation *nation, int person, const char *day)
{
    char data[160];
    snprintf(data, sizeof data,
             "{\"person\":%d,\"from\":\"2025-01-01\",\"value\":\"%s\"}", person,
             day);
    nation_send(nation, "absher", "fact.birth_date", data);
}

static Nation *with_child_of_february(void)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "birth",
                "{\"person\":50,\"parent\":2,\"from\":\"2024-02-01\"}");
    return nation;
}

TEST(a_day_more_of_life_brings_nobody_back_to_a_home_that_he_left)
{
    Nation *nation = with_child_of_february();
    corrected(nation, 50, "2000-01-02");
    nation_send(nation, "absher", "household.joined",
                "{\"person\":50,\"household\":20,\"role\":\"child\","
                "\"from\":\"2023-01-01\"}");
    corrected(nation, 50, "2000-01-01");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2022-12-31"), "child");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2023-06-01"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2024-03-01"), "-");
    ck_assert_str_eq(nation_role(nation, 20, 50, "2023-06-01"), "child");
    nation_close(nation);
}

TEST(a_home_that_he_left_has_him_back_after_a_wrong_birth)
{
    Nation *nation = with_child_of_february();
    corrected(nation, 50, "2000-01-02");
    nation_send(nation, "absher", "household.joined",
                "{\"person\":50,\"household\":20,\"role\":\"child\","
                "\"from\":\"2023-06-01\"}");
    corrected(nation, 50, "2024-03-01");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2023-03-01"), "-");
    corrected(nation, 50, "2000-01-05");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2023-03-01"), "child");
    ck_assert_str_eq(nation_role(nation, 10, 50, "2023-07-01"), "-");
    ck_assert_str_eq(nation_role(nation, 20, 50, "2023-07-01"), "child");
    nation_close(nation);
}

TEST(what_is_told_between_two_births_stays)
{
    Nation *nation = with_child_of_february();
    corrected(nation, 50, "2000-01-02");
    nation_send(nation, "gosi", "fact.rent_income",
                "{\"person\":50,\"from\":\"2021-01-01\",\"value\":\"90\"}");
    corrected(nation, 50, "2000-01-10");
    nation_send(nation, "gosi", "fact.rent_income",
                "{\"person\":50,\"from\":\"2022-01-01\",\"value\":\"10\"}");
    nation_send(nation, "gosi", "fact.rent_income",
                "{\"person\":50,\"from\":\"2023-01-01\",\"value\":\"0\"}");
    corrected(nation, 50, "2024-02-01");
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2023-01"),
                     -1);
    corrected(nation, 50, "2000-01-05");
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2022-01"),
                     12 * 9000);
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2023-01"),
                     12 * 1000);
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2024-01"), 0);
    nation_close(nation);
}

TEST(two_wrong_births_give_way_at_once)
{
    Nation *nation = with_child_of_february();
    corrected(nation, 50, "2000-01-02");
    nation_send(nation, "gosi", "fact.rent_income",
                "{\"person\":50,\"from\":\"2020-01-01\",\"value\":\"90\"}");
    corrected(nation, 50, "2021-05-01");
    nation_send(nation, "gosi", "fact.rent_income",
                "{\"person\":50,\"from\":\"2022-01-01\",\"value\":\"0\"}");
    corrected(nation, 50, "2022-05-01");
    corrected(nation, 50, "2000-01-05");
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2021-01"),
                     12 * 9000);
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2022-01"),
                     12 * 9000);
    ck_assert_int_eq(nation_value(nation, 10, 50, "rent_income", "2023-01"), 0);
    nation_close(nation);
}

TEST(a_head_who_is_said_to_be_born_later_leaves_the_lead_till_then)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":1,\"from\":\"2021-01-01\","
                "\"value\":\"2022-05-01\"}");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2022-04-30"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2022-04-30"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2022-05-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2022-05-01"), "spouse");
    /* and has led all the time when that was wrong, however often it was */
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":1,\"from\":\"2021-01-01\","
                "\"value\":\"2021-05-01\"}");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2021-04-30"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2021-04-30"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2021-05-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2021-05-01"), "spouse");
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":1,\"from\":\"2021-01-01\","
                "\"value\":\"1975-03-02\"}");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2021-01-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2021-01-01"), "spouse");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2020-12-31"), "-");
    nation_close(nation);
}

TEST(a_birth_does_not_contradict_marriages_parents_and_children)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "birth",
                "{\"person\":50,\"parent\":2,\"from\":\"2024-03-10\"}");
    nation_send(nation, "absher", "marriage",
                "{\"person\":3,\"spouse\":4,\"from\":\"2025-01-01\"}");
    nation_refuse(nation, "fact.birth_date",
                  "{\"person\":2,\"from\":\"2021-01-01\","
                  "\"value\":\"2024-03-10\"}",
                  "person.born_after_child");
    EXPECT_STR(nation->path, "data.value");
    nation_refuse(nation, "fact.birth_date",
                  "{\"person\":50,\"from\":\"2021-01-01\","
                  "\"value\":\"1980-05-31\"}",
                  "person.born_before_parent");
    nation_refuse(nation, "fact.birth_date",
                  "{\"person\":4,\"from\":\"2021-01-01\","
                  "\"value\":\"2025-01-02\"}",
                  "person.born_after_marriage");
    /* a child's own correction is what its parent's is compared with */
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":50,\"from\":\"2021-01-01\","
                "\"value\":\"2024-06-10\"}");
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":2,\"from\":\"2021-01-01\","
                "\"value\":\"1981-03-10\"}");
    nation_close(nation);
}

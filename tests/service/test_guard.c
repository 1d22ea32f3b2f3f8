#include "service/guard.h"

#include "access/account.h"
#include "registry/relation.h"
#include "registry/relation_fill.h"
#include "service/homes.h"

#include "tests/harness.h"
#include "tests/registry/nation.c"

/*
 * Runs on SQLite; under tests/pg-server on PostgreSQL too.
 *
 * Household 10: Salim (1), Amal (2), their son Fahd (3), who later moves to
 * 20, where Nora (4) lives. Household 30: Omar (5), who once lived in 20, and
 * 40: Huda (6), whom nobody of them ever lived with.
 */
static Nation *kinship(void)
{
    Nation *nation = nation_open();
    static const char *const formed[] = {
        "{\"household\":\"10\",\"from\":\"2021-01-01\",\"members\":["
        "{\"person\":\"1\",\"role\":\"head\",\"facts\":{\"birth_date\":\"1970-"
        "01-01\"}},{\"person\":\"2\",\"role\":\"spouse\",\"facts\":{\"birth_"
        "date\":\"1972-01-01\"}},{\"person\":\"3\",\"role\":\"child\",\"facts\""
        ":{\"birth_date\":\"2000-01-01\"}}]}",
        "{\"household\":\"20\",\"from\":\"2021-01-01\",\"members\":["
        "{\"person\":\"4\",\"role\":\"head\",\"facts\":{\"birth_date\":\"1980-"
        "01-01\"}},{\"person\":\"5\",\"role\":\"other\",\"facts\":{\"birth_"
        "date\":\"1990-01-01\"}}]}",
        "{\"household\":\"40\",\"from\":\"2021-01-01\",\"members\":["
        "{\"person\":\"6\",\"role\":\"head\",\"facts\":{\"birth_date\":\"1980-"
        "01-01\"}}]}"};
    for (int i = 0; i < 3; i++) {
        nation_send(nation, "absher", "household.formed", formed[i]);
    }
    nation_send(nation, "absher", "household.left",
                "{\"person\":\"5\",\"from\":\"2022-01-01\"}");
    nation_send(nation, "absher", "household.joined",
                "{\"person\":\"3\",\"household\":\"20\",\"from\":\"2023-01-01\""
                "}");
    return nation;
}

static GuardAsk ask_for(Nation *nation, const Actor *actor, int64_t household,
                        const char *day)
{
    return (GuardAsk){.arena = nation->arena,
                      .catalogue = nation->catalogue,
                      .actor = actor,
                      .action = ACTION_READ,
                      .object = OBJECT_HOUSEHOLD,
                      .household_id = household,
                      .day = nation_day(day)};
}

static Subject subject_on(Nation *nation, int64_t person, int64_t household,
                          const char *day)
{
    Actor actor = {.id = 7,
                   .label = STR("x"),
                   .person_id = person,
                   .roles = 1u << ROLE_CASEWORKER};
    Subject found;
    GuardAsk ask = ask_for(nation, &actor, household, day);
    ck_assert_int_eq(guard_subject(nation->tx, &ask, &found), OK);
    ck_assert_int_eq(found.household_id, household);
    return found;
}

static Subject subject(Nation *nation, int64_t person, int64_t household)
{
    return subject_on(nation, person, household, "2025-01-01");
}

TEST(own_is_where_one_lives_now)
{
    Nation *nation = kinship();
    ck_assert(subject(nation, 1, 10).own);
    ck_assert(!subject(nation, 3, 10).own);
    ck_assert(subject(nation, 3, 20).own);
    ck_assert(!subject(nation, 6, 10).own);
    nation_close(nation);
}

TEST(own_is_where_one_lived_on_the_day_that_is_asked)
{
    Nation *nation = kinship();
    ck_assert(subject_on(nation, 3, 10, "2022-12-31").own);
    ck_assert(!subject_on(nation, 3, 10, "2023-01-01").own);
    ck_assert(!subject_on(nation, 3, 20, "2022-12-31").own);
    ck_assert(subject_on(nation, 3, 20, "2023-01-01").own);
    ck_assert(!subject_on(nation, 1, 10, "2020-12-31").own);
    nation_send(nation, "absher", "household.joined",
                "{\"person\":\"3\",\"household\":\"10\",\"from\":\"2024-01-01\""
                "}");
    ck_assert(subject_on(nation, 3, 10, "2022-12-31").own);
    ck_assert(!subject_on(nation, 3, 10, "2023-12-31").own);
    ck_assert(subject_on(nation, 3, 10, "2024-01-01").own);
    ck_assert(!subject_on(nation, 3, 20, "2024-01-01").own);
    nation_close(nation);
}

TEST(homes_are_told_in_order_and_by_the_first_of_the_month)
{
    Nation *nation = kinship();
    Homes homes;
    nation_send(nation, "absher", "household.joined",
                "{\"person\":\"3\",\"household\":\"40\",\"from\":\"2024-05-09\""
                "}");
    ck_assert_int_eq(
        homes_of(nation->tx, nation->arena, nation->catalogue, 3, &homes), OK);
    static const int64_t expected[] = {10, 20, 40};
    ck_assert_int_eq(homes.count, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(homes.spell[i].household_id, expected[i]);
    }
    ck_assert_int_eq(homes.spell[2].to, DAY_OPEN);
    ck_assert_int_eq(homes_at(&homes, nation_day("2024-05-08"))->household_id,
                     20);
    ck_assert_int_eq(homes_at(&homes, nation_day("2024-05-09"))->household_id,
                     40);
    ck_assert_ptr_null(homes_at(&homes, nation_day("2020-12-31")));
    Month may = month_of_day(nation_day("2024-05-01"));
    ck_assert_int_eq(homes_month(&homes, 40, may), may + 1);
    ck_assert_int_eq(homes_month(&homes, 40, may + 7), may + 7);
    ck_assert_int_eq(homes_month(&homes, 20, may), may);
    ck_assert_int_eq(homes_month(&homes, 20, may + 1), MONTH_NEVER);
    ck_assert_int_eq(homes_month(&homes, 99, may), MONTH_NEVER);
    nation_close(nation);
}

TEST(kin_are_those_who_ever_shared_a_household_and_theirs)
{
    Nation *nation = kinship();
    int64_t alone = nation_home(nation, 5);
    ck_assert_int_ne(alone, 20);
    ck_assert(subject(nation, 3, 10).kin); /* where he grew up */
    ck_assert(subject(nation, 1, 20).kin); /* where his son lives */
    ck_assert(subject(nation, 4, 10).kin); /* her housemate came from there */
    ck_assert(subject(nation, 5, 20).kin); /* where he used to live */
    ck_assert(subject(nation, 4, alone).kin);
    ck_assert(!subject(nation, 6, 10).kin);
    ck_assert(!subject(nation, 6, 20).kin);
    ck_assert(!subject(nation, 1, 40).kin);
    nation_close(nation);
}

TEST(a_national_id_finds_the_person_as_soon_as_he_is_known)
{
    Nation *nation = kinship();
    Actor actor = {.id = 7,
                   .label = STR("x"),
                   .person_id = -1,
                   .roles = 1u << ROLE_CASEWORKER,
                   .national_id = STR("1000000008")};
    Subject found;
    GuardAsk ask = ask_for(nation, &actor, 10, "2025-01-01");
    ck_assert_int_eq(guard_subject(nation->tx, &ask, &found), OK);
    ck_assert(!found.own);
    nation_send(nation, "absher", "household.formed",
                "{\"household\":\"70\",\"from\":\"2021-01-01\",\"members\":[{"
                "\"person\":\"8\",\"national_id\":\"1000000008\",\"role\":"
                "\"head\",\"facts\":{\"birth_date\":\"1980-01-01\"}}]}");
    ask.household_id = 70;
    ck_assert_int_eq(guard_subject(nation->tx, &ask, &found), OK);
    ck_assert(found.own && found.kin);
    nation_close(nation);
}

TEST(an_actor_who_is_no_known_person_is_nobody_s_kin)
{
    Nation *nation = kinship();
    Subject found = subject(nation, -1, 10);
    ck_assert(!found.own && !found.kin);
    found = subject(nation, 999, 10);
    ck_assert(!found.own && !found.kin);
    nation_close(nation);
}

TEST(a_caseworker_is_kept_from_his_kin_and_let_to_others)
{
    Nation *nation = kinship();
    Actor salim = {.id = 7,
                   .label = STR("Salim"),
                   .person_id = 1,
                   .roles = 1u << ROLE_CASEWORKER};
    static const struct {
        int64_t household;
        Err err;
    } tries[] = {{10, ERR_DENIED}, {20, ERR_DENIED}, {40, OK}};
    for (int i = 0; i < 3; i++) {
        Subject about;
        Role role;
        Diag diag = {.key = ""};
        GuardAsk ask =
            ask_for(nation, &salim, tries[i].household, "2025-01-01");
        Err err = guard_household(nation->tx, &ask, &diag, &about, &role);
        ck_assert_int_eq(err, tries[i].err);
        ck_assert_str_eq(diag.key, err == OK ? "" : "access.kin");
    }
    nation_close(nation);
}

/* A household of one or more, the first its head; of a few words each. */
static void form(Nation *nation, int household, const char *members)
{
    nation_send(nation, "absher", "household.formed",
                arena_format(nation->arena,
                             "{\"household\":\"%d\",\"from\":\"2021-01-01\","
                             "\"members\":[%s]}",
                             household, members));
}

static const char *member(Nation *nation, int person, const char *role)
{
    return arena_format(nation->arena,
                        "{\"person\":\"%d\",\"role\":\"%s\",\"facts\":{"
                        "\"birth_date\":\"1980-01-01\"}}",
                        person, role);
}

static void form_single(Nation *nation, int household, int person)
{
    form(nation, household, member(nation, person, "head"));
}

static void marry(Nation *nation, int person, int spouse)
{
    nation_send(nation, "moj", "marriage",
                arena_format(nation->arena,
                             "{\"person\":\"%d\",\"spouse\":\"%d\","
                             "\"from\":\"2022-03-01\"}",
                             person, spouse));
}

static void bear(Nation *nation, int child, int parent, int year)
{
    nation_send(nation, "moi", "birth",
                arena_format(nation->arena,
                             "{\"person\":\"%d\",\"parent\":\"%d\","
                             "\"from\":\"%d-05-01\"}",
                             child, parent, year));
}

static void expect_well(Nation *nation, int64_t relations)
{
    int64_t count;
    bool well;
    ck_assert_int_eq(relation_check(nation->tx, &count, &well), OK);
    ck_assert_int_eq(count, relations);
    ck_assert(well);
}

TEST(a_marriage_makes_kin_though_nobody_moves_and_a_divorce_keeps_them)
{
    Nation *nation = nation_open();
    for (int i = 1; i <= 3; i++) form_single(nation, i * 10, i);
    ck_assert(!subject(nation, 1, 20).kin);
    marry(nation, 1, 2);
    ck_assert(subject(nation, 1, 20).kin);
    ck_assert(subject(nation, 2, 10).kin);
    ck_assert(!subject(nation, 3, 20).kin);
    expect_well(nation, 1);
    nation_send(nation, "moj", "divorce",
                "{\"person\":\"1\",\"spouse\":\"2\",\"from\":\"2023-01-01\"}");
    ck_assert(subject(nation, 1, 20).kin);
    nation_send(nation, "moj", "divorce",
                "{\"person\":\"3\",\"spouse\":\"2\",\"from\":\"2023-01-01\"}");
    ck_assert(subject(nation, 3, 20).kin);
    expect_well(nation, 2);
    nation_close(nation);
}

/* Moves a person to a household of his own. */
static void move_out(Nation *nation, int person, int year)
{
    nation_send(nation, "moi", "household.left",
                arena_format(nation->arena,
                             "{\"person\":\"%d\",\"from\":\"%d-02-01\"}",
                             person, year));
}

/*
 * 1 (with 2, his wife) has the daughter 3 by the roles of their household;
 * 3 moved out, is the wife of 4 and the mother of 5 by events; 5 moved out
 * and is the mother of 6, who did too. 7 is a stranger.
 */
static Nation *clan(void)
{
    Nation *nation = nation_open();
    form(nation, 10,
         arena_format(nation->arena, "%s,%s,%s", member(nation, 1, "head"),
                      member(nation, 2, "spouse"), member(nation, 3, "child")));
    form_single(nation, 40, 4);
    form_single(nation, 70, 7);
    move_out(nation, 3, 2021);
    marry(nation, 3, 4);
    bear(nation, 5, 3, 2021);
    move_out(nation, 5, 2022);
    bear(nation, 6, 5, 2023);
    move_out(nation, 6, 2024);
    return nation;
}

static bool is_kin(Nation *nation, int64_t person, int64_t other)
{
    return subject(nation, person, nation_home(nation, other)).kin;
}

TEST(kin_are_known_two_degrees_far_over_events_and_roles)
{
    Nation *nation = clan();
    static const struct {
        int64_t person, other;
        bool kin;
    } tries[] = {
        {1, 3, true},  /* his daughter, who moved out */
        {1, 4, true},  /* her husband */
        {4, 1, true},  /* his father-in-law */
        {1, 5, true},  /* his granddaughter, who never lived with him */
        {5, 1, true},  /* her grandfather */
        {2, 5, true},  /* his wife's too */
        {4, 5, true},  /* the child of his wife */
        {1, 6, false}, /* three degrees */
        {6, 1, true},  /* his household was her grandmother's too */
        {6, 3, true},  /* her grandmother */
        {6, 4, true},  {1, 7, false}, {7, 1, false}, {7, 4, false},
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        ck_assert_msg(is_kin(nation, tries[i].person, tries[i].other) ==
                          tries[i].kin,
                      "%d and %d", (int)tries[i].person, (int)tries[i].other);
    }
    expect_well(nation, 3);
    nation_close(nation);
}

TEST(siblings_by_events_alone_are_kin)
{
    Nation *nation = nation_open();
    form_single(nation, 10, 1);
    bear(nation, 2, 1, 2021);
    move_out(nation, 2, 2022);
    bear(nation, 3, 1, 2021);
    move_out(nation, 3, 2022);
    form_single(nation, 40, 4);
    marry(nation, 3, 4);
    ck_assert(is_kin(nation, 2, 3));
    ck_assert(is_kin(nation, 4, 2)); /* the sister of his wife */
    nation_close(nation);
}

TEST(kin_that_staff_declare_are_kin)
{
    Nation *nation = clan();
    const Str kin[] = {STR("1000000008")};
    Diag diag = {.key = ""};
    NewActor made = {.id = 7,
                     .name = STR("sami"),
                     .label = STR("sami"),
                     .roles = 1u << ROLE_CASEWORKER,
                     .person_id = -1,
                     .kin = kin,
                     .kin_count = 1};
    ck_assert_int_eq(account_add(nation->tx, &made, &diag, NULL), OK);
    ck_assert(!subject(nation, -1, 80).kin);
    nation_send(nation, "absher", "household.formed",
                "{\"household\":\"80\",\"from\":\"2021-01-01\",\"members\":[{"
                "\"person\":\"8\",\"national_id\":\"1000000008\",\"role\":"
                "\"head\",\"facts\":{\"birth_date\":\"1980-01-01\"}}]}");
    ck_assert(subject(nation, -1, 80).kin);
    ck_assert(subject(nation, 7, 80).kin);
    ck_assert(!subject(nation, -1, 10).kin);
    marry(nation, 8, 7);
    ck_assert(subject(nation, -1, 70).kin);
    nation_close(nation);
}

TEST(a_relation_that_was_taken_out_or_changed_is_found)
{
    static const char *const changes[] = {
        "DELETE FROM person_relation WHERE person_id = 3 AND kind = 0",
        "DELETE FROM person_relation",
        "UPDATE person_relation SET other_id = 7 WHERE other_id = 4",
        "UPDATE person_relation SET true_from = true_from + 1"};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        Nation *nation = clan();
        int64_t count;
        bool well;
        ck_assert_int_eq(store_script(nation->tx, changes[i]), OK);
        ck_assert_int_eq(relation_check(nation->tx, &count, &well), OK);
        ck_assert(!well);
        nation_close(nation);
    }
}

/* All relations, to be compared. */
static Str relations(Nation *nation)
{
    bool row;
    Buf buf = buf_make(1 << 16);
    StoreStmt *stmt = store_query(nation->tx, Q_RELATION_PAGE);
    store_bind_int(stmt, 1, INT64_MIN);
    store_bind_int(stmt, 2, 0);
    store_bind_int(stmt, 3, 0);
    store_bind_int(stmt, 4, 1000);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        buf_text(
            &buf,
            arena_format(
                nation->arena, "%lld %lld %lld %lld %.*s %.*s %lld\n",
                (long long)store_int(stmt, 0), (long long)store_int(stmt, 1),
                (long long)store_int(stmt, 2), (long long)store_int(stmt, 3),
                STR_ARG(store_text(stmt, 4)), STR_ARG(store_text(stmt, 5)),
                (long long)store_int(stmt, 6)));
    }
    Str all = str_copy(nation->arena, buf_view(&buf));
    buf_free(&buf);
    return all;
}

static int64_t fill(Nation *nation)
{
    int64_t count;
    ck_assert_int_eq(relation_fill(nation->tx, &nation->types, &count), OK);
    return count;
}

/* As it was before relations were kept: only facts are there. */
static void forget_relations(Nation *nation)
{
    ck_assert_int_eq(store_script(nation->tx, "DELETE FROM person_relation"),
                     OK);
    ck_assert_int_eq(
        store_script(nation->tx,
                     "DELETE FROM audit_pending WHERE type = 'relation'"),
        OK);
}

TEST(marriages_told_before_relations_were_kept_are_filled_once)
{
    Nation *nation = nation_open();
    for (int i = 1; i < 6; i++) form_single(nation, 10 * i, i);
    marry(nation, 1, 2);
    marry(nation, 3, 4);
    nation_send(nation, "absher", "fact.marital",
                "{\"person\":\"5\",\"from\":\"2022-05-01\",\"value\":"
                "\"married\"}");
    nation_send(nation, "absher", "household.left",
                "{\"person\":\"2\",\"from\":\"2023-06-01\"}");
    nation_send(nation, "absher", "divorce",
                "{\"person\":\"4\",\"spouse\":\"3\",\"from\":\"2024-01-01\"}");
    nation_send(nation, "absher", "death",
                "{\"person\":\"1\",\"from\":\"2025-01-01\"}");
    Str before = relations(nation);
    ck_assert_uint_gt(before.bytes, 0);
    forget_relations(nation);
    ck_assert_uint_eq(relations(nation).bytes, 0);
    ck_assert_int_eq(fill(nation), 3); /* the divorce tells of the same two */
    EXPECT_STR(relations(nation),
               arena_format(nation->arena, "%.*s", STR_ARG(before)));
    expect_well(nation, 2);
    ck_assert_int_eq(fill(nation), 0); /* never again */
    nation_close(nation);
}

TEST(what_is_known_of_relations_is_not_filled_twice)
{
    Nation *nation = clan();
    Str before = relations(nation);
    ck_assert_int_gt(fill(nation), 0);
    EXPECT_STR(relations(nation),
               arena_format(nation->arena, "%.*s", STR_ARG(before)));
    expect_well(nation, 3);
    nation_close(nation);
}

#include "registry/event.h"

#include "tests/harness.h"
#include "tests/registry/nation.c"

static const char two_friends[] =
    "{\"household\":\"30\",\"from\":\"2021-01-01\",\"members\":["
    "{\"person\":\"5\",\"role\":\"head\",\"facts\":{"
    "\"birth_date\":\"1975-03-01\"}},"
    "{\"person\":\"6\",\"role\":\"other\",\"facts\":{"
    "\"birth_date\":\"1977-03-01\"}}]}";

/* The next ```json block; false after the last. */
static bool next_example(Str *rest, Str *ret)
{
    static const char open[] = "```json\n";
    while (rest->bytes > sizeof open) {
        if (memcmp(rest->at, open, sizeof open - 1) == 0) {
            const char *begin = rest->at + sizeof open - 1;
            const char *end = memchr(begin, '\n', rest->bytes - sizeof open);
            ck_assert_ptr_nonnull(end);
            *ret = (Str){begin, (size_t)(end - begin)};
            rest->bytes -= (size_t)(end - rest->at);
            rest->at = end;
            return true;
        }
        rest->at++;
        rest->bytes--;
    }
    return false;
}

TEST(every_example_of_the_manual_is_carried_out_and_once_only)
{
    Nation *nation = nation_of_two();
    Str manual = harness_read(harness_path("../docs/events.md"));
    Str rest = manual, example;
    int count = 0;
    while (next_example(&rest, &example)) {
        count++;
        Err err = nation_try(nation, example);
        ck_assert_msg(err == OK, "example %.*s: %s %s", STR_ARG(example),
                      nation->diag.key, nation->diag.arg[0]);
        ck_assert(nation->outcome.is_new);
        ck_assert_int_gt(nation->outcome.touched_count, 0);
        ck_assert_int_eq(nation_try(nation, example), OK);
        ck_assert(!nation->outcome.is_new);
        ck_assert_int_eq(nation->outcome.touched_count, 0);
    }
    ck_assert_int_ge(count, 20);
    ck_assert_str_eq(nation_role(nation, 20, 4, "2025-06-14"), "-");
    ck_assert_str_eq(nation_role(nation, 20, 4, "2025-06-15"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2025-08-02"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 5, "2025-08-02"), "child");
    ck_assert_str_eq(nation_role(nation, 30, 6, "2025-07-10"), "head");
    nation_close(nation);
}

static bool contains(Str text, Str part)
{
    for (size_t i = 0; i + part.bytes <= text.bytes; i++) {
        if (memcmp(text.at + i, part.at, part.bytes) == 0) return true;
    }
    return false;
}

TEST(every_type_of_the_table_has_an_example_in_the_manual)
{
    Nation *nation = nation_open();
    Str manual = harness_read(harness_path("../docs/events.md"));
    for (int32_t i = 0; i < nation->types.rule_count; i++) {
        const char *type = nation->types.rules[i].type;
        size_t stem = strcspn(type, "*");
        const char *want = arena_format(
            nation->arena, "\"type\":\"sa.gov.sanad.%.*s", (int)stem, type);
        ck_assert_msg(contains(manual, str_of(want)),
                      "docs/events.md has no example of %s", type);
    }
    nation_close(nation);
}

TEST(the_same_id_with_other_content_is_refused)
{
    Nation *nation = nation_of_two();
    static const char first[] =
        "{\"specversion\":\"1.0\",\"source\":\"gosi\",\"id\":\"7\",\"type\":"
        "\"sa.gov.sanad.fact.wage.v1\",\"data\":{\"person\":1,\"month\":"
        "\"2025-01\",\"value\":\"1000\"}}";
    static const char other[] =
        "{\"specversion\":\"1.0\",\"source\":\"gosi\",\"id\":\"7\",\"type\":"
        "\"sa.gov.sanad.fact.wage.v1\",\"data\":{\"person\":1,\"month\":"
        "\"2025-01\",\"value\":\"1001\"}}";
    ck_assert_int_eq(nation_try(nation, str_of(first)), OK);
    ck_assert_int_eq(nation_try(nation, str_of(other)), ERR_CONFLICT);
    ck_assert_str_eq(nation->diag.key, "command.other_content");
    Str path, value;
    event_place(nation->arena, str_of(other), &nation->diag, &path, &value);
    ck_assert(str_is(path, "id") && str_is(value, "7"));
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2025-06"), 100000);
    nation_close(nation);
}

TEST(what_breaks_a_rule_is_refused_and_changes_nothing)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "death",
                "{\"person\":4,\"from\":\"2024-01-01\"}");
    nation_send(nation, "absher", "household.formed", two_friends);
    nation_send(nation, "absher", "household.left",
                "{\"person\":6,\"from\":\"2025-06-01\"}");
    Str cases = harness_read(harness_path("registry/event-rejects.tsv"));
    Str line, key, type, path, value;
    int count = 0;
    while (str_split(&cases, '\n', &line)) {
        if (line.bytes == 0 || line.at[0] == '#') continue;
        Str rest = line;
        ck_assert(
            str_split(&rest, '\t', &key) && str_split(&rest, '\t', &type) &&
            str_split(&rest, '\t', &path) && str_split(&rest, '\t', &value));
        nation_refuse(nation, arena_text(nation->arena, type.at, type.bytes),
                      arena_text(nation->arena, rest.at, rest.bytes),
                      arena_text(nation->arena, key.at, key.bytes));
        ck_assert_msg(str_equal(nation->path, path) &&
                          str_equal(nation->value, value),
                      "%.*s: at %.*s: %.*s", STR_ARG(line),
                      STR_ARG(nation->path), STR_ARG(nation->value));
        count++;
    }
    ck_assert_int_ge(count, 50);
    nation_close(nation);
}

TEST(a_broken_envelope_is_refused_with_its_place)
{
    static const char *const cases[][2] = {
        {"", "json.empty"},
        {"[]", "event.no_object"},
        {"{\"specversion\":\"1.0\"", "json.syntax"},
        {"{}", "event.missing"},
        {"{\"specversion\":\"0.3\",\"source\":\"a\",\"id\":\"1\"}",
         "event.version"},
        {"{\"specversion\":\"1.0\",\"source\":\"a b\",\"id\":\"1\"}",
         "event.bad_name"},
        {"{\"specversion\":\"1.0\",\"source\":\"a\",\"id\":\"\"}",
         "event.bad_name"},
        {"{\"specversion\":\"1.0\",\"source\":\"a\",\"id\":1}",
         "event.bad_name"},
        {"{\"specversion\":\"1.0\",\"source\":\"a\",\"id\":\"1\",\"type\":"
         "\"com.example.wage.v1\",\"data\":{}}",
         "event.type_unknown"},
        {"{\"specversion\":\"1.0\",\"source\":\"a\",\"id\":\"1\",\"type\":"
         "\"sa.gov.sanad.fact.nothing.v1\",\"data\":{}}",
         "event.type_unknown"},
        {"{\"specversion\":\"1.0\",\"source\":\"a\",\"id\":\"1\",\"type\":"
         "\"sa.gov.sanad.birth.v1\"}",
         "event.missing"},
        {"{\"specversion\":\"1.0\",\"source\":\"a\",\"id\":\"1\",\"time\":"
         "\"yesterday\",\"type\":\"sa.gov.sanad.birth.v1\",\"data\":{}}",
         "event.bad_time"},
    };
    Nation *nation = nation_open();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Err err = nation_try(nation, str_of(cases[i][0]));
        ck_assert_msg(err == ERR_INVALID, "%s", cases[i][0]);
        ck_assert_msg(strcmp(nation->diag.key, cases[i][1]) == 0,
                      "%s: %s, expected %s", cases[i][0], nation->diag.key,
                      cases[i][1]);
        ck_assert_int_gt(nation->diag.line, 0);
        ck_assert_int_gt(nation->diag.column, 0);
    }
    nation_close(nation);
}

TEST(a_message_beyond_the_limit_is_refused)
{
    Nation *nation = nation_open();
    size_t bytes = EVENT_BYTES_MAX + 1;
    char *text = arena_alloc(nation->arena, bytes, 1);
    memset(text, ' ', bytes);
    ck_assert_int_eq(nation_try(nation, (Str){text, bytes}), ERR_FULL);
    ck_assert_str_eq(nation->diag.key, "event.too_long");
    nation_close(nation);
}

TEST(what_follows_from_a_message_is_refused_at_whom_it_is_about)
{
    static const char *const cases[][3] = {
        {"{\"id\":\"7\",\"data\":{\"person\":1,\"household\":10}}",
         "data.household", "10"},
        {"{\"id\":\"7\",\"data\":{\"person\":1}}", "data.person", "1"},
        {"{\"id\":\"7\",\"data\":{\"members\":[{\"person\":1}, {}]}}",
         "data.members", "[{\"person\":1}, {}]"},
        {"{\"id\":\"7\",\"data\":{}}", "id", "7"},
        {"[ \"]\\\"\"] ", "1", "[ \"]\\\"\"]"},
        {"{\"id\"", "1", "{\"id\""},
    };
    Nation *nation = nation_open();
    Diag why = {.key = "decide.full"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str path, value;
        event_place(nation->arena, str_of(cases[i][0]), &why, &path, &value);
        ck_assert_msg(str_is(path, cases[i][1]) && str_is(value, cases[i][2]),
                      "%s: %.*s %.*s", cases[i][0], STR_ARG(path),
                      STR_ARG(value));
    }
    nation_close(nation);
}

TEST(a_wage_of_one_month_counts_for_that_month_only)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "gosi", "fact.wage",
                "{\"person\":1,\"month\":\"2025-03\",\"value\":\"9000\"}");
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2025-03"), 0);
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2025-04"), 900000);
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2026-03"), 900000);
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2026-04"), 0);
    nation_close(nation);
}

TEST(amounts_count_for_whole_months_from_the_first_to_the_last_touched)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "gosi", "fact.wage",
                "{\"person\":1,\"from\":\"2025-03-20\",\"to\":\"2025-05-02\","
                "\"value\":\"1000\"}");
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2025-04"), 100000);
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2026-01"), 300000);
    nation_close(nation);
}

TEST(the_end_of_an_income_within_a_month_leaves_that_month)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "gosi", "fact.wage",
                "{\"person\":1,\"from\":\"2025-01-01\",\"value\":\"1000\"}");
    nation_send(nation, "gosi", "fact.wage",
                "{\"person\":1,\"from\":\"2025-03-20\",\"value\":\"0\"}");
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2026-01"), 300000);
    nation_send(nation, "gosi", "fact.wage",
                "{\"person\":1,\"from\":\"2025-03-01\",\"value\":\"0\"}");
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2026-01"), 200000);
    nation_close(nation);
}

TEST(a_late_correction_changes_the_months_that_it_speaks_of)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "gosi", "fact.wage",
                "{\"person\":1,\"from\":\"2024-01-01\",\"value\":\"1000\"}");
    nation_send(nation, "gosi", "fact.wage",
                "{\"person\":1,\"month\":\"2024-06\",\"value\":\"4000\"}");
    ck_assert_int_eq(nation->outcome.touched_count, 1);
    ck_assert_int_eq(nation->outcome.touched[0].household_id, 10);
    ck_assert_int_eq(nation->outcome.touched[0].since,
                     nation_day("2024-06-01"));
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2024-06"), 500000);
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2024-07"), 900000);
    nation_close(nation);
}

TEST(lump_sums_with_keys_of_their_own_add_up_and_are_corrected_by_key)
{
    Nation *nation = nation_of_two();
    static const char *const sums[] = {
        "{\"person\":1,\"from\":\"2025-02-10\",\"value\":\"100\"}",
        "{\"person\":1,\"from\":\"2025-02-10\",\"value\":\"200\"}",
        "{\"person\":1,\"from\":\"2025-02-10\",\"key\":\"x\",\"value\":300}",
        "{\"person\":1,\"from\":\"2025-02-10\",\"key\":\"x\",\"value\":1000}"};
    for (int i = 0; i < 4; i++) {
        nation_send(nation, "gosi", "fact.lump_sum", sums[i]);
    }
    ck_assert_int_eq(nation_value(nation, 10, 1, "lump_sum", "2025-03"),
                     130000);
    nation_send(nation, "gosi", "fact.lump_sum", sums[2]);
    ck_assert_int_eq(nation_value(nation, 10, 1, "lump_sum", "2025-03"), 60000);
    ck_assert_int_eq(nation_value(nation, 10, 1, "lump_sum", "2026-03"), 0);
    nation_close(nation);
}

TEST(keys_of_two_agencies_never_meet)
{
    Nation *nation = nation_of_two();
    static const char asset_7[] =
        "{\"person\":1,\"from\":\"2020-01-01\",\"key\":\"7\",\"class\":"
        "\"land\",\"value\":\"5000\"}";
    nation_send(nation, "najiz", "asset.held", asset_7);
    nation_send(nation, "balady", "asset.held", asset_7);
    Book book = nation_book(nation, 10);
    const Kind *kind = kind_find(nation->catalogue, STR("asset"));
    int assets = 0;
    for (int32_t i = 0; i < book.segment_count; i++) {
        assets += book.segments[i].is.kind == kind->id;
    }
    ck_assert_int_eq(assets, 2);
    nation_close(nation);
}

TEST(a_national_id_may_stand_for_the_person_and_digits_may_be_arabic)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "gosi", "fact.wage",
                "{\"national_id\":\"١٠٠٠٠٠٠٠٠٨\",\"month\":\"٢٠٢٥-٠١\","
                "\"value\":\"٤١٠٠\"}");
    ck_assert_int_eq(nation_value(nation, 10, 1, "wage", "2025-02"), 410000);
    nation_close(nation);
}

TEST(a_new_national_id_finds_the_person_from_then_on)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "fact.national_id",
                "{\"person\":2,\"from\":\"2025-01-01\",\"value\":"
                "\"1000000016\"}");
    nation_send(nation, "gosi", "fact.wage",
                "{\"national_id\":\"1000000016\",\"month\":\"2025-01\","
                "\"value\":1}");
    ck_assert_int_eq(nation_value(nation, 10, 2, "wage", "2025-02"), 100);
    nation_refuse(nation, "fact.national_id",
                  "{\"person\":3,\"from\":\"2025-01-01\",\"value\":"
                  "\"1000000016\"}",
                  "person.id_taken");
    nation_close(nation);
}

TEST(a_birth_enlarges_the_household_from_that_day)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "birth",
                "{\"person\":9,\"household\":10,\"from\":\"2025-04-02\"}");
    ck_assert_str_eq(nation_role(nation, 10, 9, "2025-04-01"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 9, "2025-04-02"), "child");
    ck_assert_int_eq(nation_value(nation, 10, 9, "birth_date", "2025-05"),
                     nation_day("2025-04-02"));
    ck_assert_int_eq(nation_home(nation, 9), 10);
    nation_close(nation);
}

TEST(a_death_gives_the_household_to_the_spouse_who_is_widowed)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "death",
                "{\"person\":1,\"from\":\"2025-04-02\"}");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2025-04-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2025-04-02"), "-");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2025-04-01"), "spouse");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2025-04-02"), "head");
    const Kind *marital = kind_find(nation->catalogue, STR("marital"));
    ck_assert_int_eq(nation_value(nation, 10, 2, "marital", "2025-05"),
                     kind_code(marital, STR("widowed")));
    nation_close(nation);
}

TEST(a_death_that_is_taken_back_gives_everybody_his_place_again)
{
    Nation *nation = nation_of_two();
    const Kind *marital = kind_find(nation->catalogue, STR("marital"));
    nation_send(nation, "absher", "marriage",
                "{\"person\":1,\"spouse\":2,\"from\":\"2021-01-01\"}");
    nation_send(nation, "absher", "fact.dead",
                "{\"person\":1,\"from\":\"2025-04-02\",\"value\":true}");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2025-06-01"), "head");
    ck_assert_int_eq(nation_value(nation, 10, 2, "marital", "2025-06"),
                     kind_code(marital, STR("widowed")));
    nation_send(nation, "absher", "fact.dead",
                "{\"person\":1,\"from\":\"2025-04-02\",\"value\":false}");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2025-06-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2025-06-01"), "spouse");
    ck_assert_int_eq(nation_value(nation, 10, 2, "marital", "2025-06"),
                     kind_code(marital, STR("married")));
    nation_close(nation);
}

TEST(a_role_may_change_within_the_household)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "fact.member",
                "{\"person\":3,\"from\":\"2025-02-01\",\"value\":\"other\"}");
    ck_assert_str_eq(nation_role(nation, 10, 3, "2025-01-31"), "child");
    ck_assert_str_eq(nation_role(nation, 10, 3, "2025-02-01"), "other");
    nation_close(nation);
}

/* Who leads instead is told, not guessed in the name of an agency. */
TEST(a_head_who_is_told_another_role_leaves_nobody_headless)
{
    static const char *const alone[] = {
        "{\"person\":1,\"from\":\"2025-03-01\",\"value\":\"other\"}",
        "{\"person\":4,\"from\":\"2025-03-01\",\"value\":\"child\"}",
        ("{\"person\":4,\"from\":\"2025-03-01\",\"to\":\"2025-04-01\","
         "\"value\":\"child\"}")};
    static const char *const key[] = {"household.no_head", "household.no_head",
                                      "event.no_end"};
    Nation *nation = nation_of_two();
    for (int i = 0; i < 3; i++) {
        nation_refuse(nation, "fact.member", alone[i], key[i]);
    }
    nation_refuse(nation, "household.joined",
                  "{\"person\":1,\"household\":10,\"role\":\"other\","
                  "\"from\":\"2025-03-01\"}",
                  "household.no_head");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2025-03-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 2, "2025-03-01"), "spouse");
    ck_assert_str_eq(nation_role(nation, 20, 4, "2025-03-01"), "head");
    nation_send(nation, "absher", "fact.member",
                "{\"person\":1,\"from\":\"2025-03-01\",\"value\":\"head\"}");
    nation_close(nation);
}

/* Another head is told with the whole household. */
TEST(a_household_is_formed_anew_under_another_head)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "household.formed",
                "{\"household\":30,\"from\":\"2025-03-01\",\"members\":["
                "{\"person\":2,\"role\":\"head\"},"
                "{\"person\":1,\"role\":\"other\"},"
                "{\"person\":3,\"role\":\"child\"}]}");
    ck_assert_str_eq(nation_role(nation, 30, 2, "2025-03-01"), "head");
    ck_assert_str_eq(nation_role(nation, 30, 1, "2025-03-01"), "other");
    ck_assert_str_eq(nation_role(nation, 10, 1, "2025-02-28"), "head");
    nation_close(nation);
}

TEST(who_marries_into_a_household_stands_beside_its_head)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "marriage",
                "{\"person\":3,\"spouse\":4,\"from\":\"2025-05-01\","
                "\"household\":20}");
    ck_assert_str_eq(nation_role(nation, 20, 3, "2025-05-01"), "spouse");
    ck_assert_str_eq(nation_role(nation, 20, 4, "2025-05-01"), "head");
    ck_assert_str_eq(nation_role(nation, 10, 3, "2025-05-01"), "-");
    nation_close(nation);
}

TEST(who_marries_into_the_household_of_parents_is_another_member)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "marriage",
                "{\"person\":3,\"spouse\":4,\"from\":\"2025-05-01\","
                "\"household\":10}");
    ck_assert_str_eq(nation_role(nation, 10, 4, "2025-05-01"), "other");
    ck_assert_str_eq(nation_role(nation, 20, 4, "2025-05-01"), "-");
    nation_close(nation);
}

TEST(a_birth_told_late_goes_to_where_the_parent_lived_then)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "household.left",
                "{\"person\":2,\"from\":\"2025-06-01\"}");
    nation_send(nation, "absher", "birth",
                "{\"person\":9,\"parent\":2,\"from\":\"2025-04-02\"}");
    ck_assert_int_eq(nation_home(nation, 9), 10);
    nation_close(nation);
}

TEST(ids_that_are_not_given_follow_from_the_message)
{
    int64_t child[2];
    for (int i = 0; i < 2; i++) {
        Nation *nation = nation_of_two();
        nation_send(nation, "absher", "birth",
                    "{\"national_id\":\"1000000024\",\"parent\":2,"
                    "\"from\":\"2025-04-02\"}");
        bool row;
        StoreStmt *stmt = store_query(nation->tx, Q_PERSON_BY_NATIONAL);
        store_bind_text(stmt, 1, STR("1000000024"));
        ck_assert_int_eq(store_step(stmt, &row), OK);
        ck_assert(row);
        child[i] = store_int(stmt, 0);
        store_reset(stmt);
        nation_close(nation);
    }
    ck_assert_int_eq(child[0], child[1]);
}

/* A clock that was ahead once, of a synthetic nation or another machine. */
TEST(a_birth_that_became_known_on_a_later_clock_stops_nothing)
{
    Nation *nation = nation_of_two();
    ck_assert(instant_read(STR("2026-12-24T08:00:00Z"), &nation->now));
    nation_send(nation, "absher", "birth",
                "{\"person\":50,\"parent\":2,\"from\":\"2026-12-20\"}");
    ck_assert(instant_read(STR("2026-11-22T08:00:00Z"), &nation->now));
    nation_send(nation, "gosi", "wage.reported",
                "{\"person\":1,\"from\":\"2026-10-01\",\"value\":\"77\"}");
    nation_refuse(nation, "fact.birth_date",
                  "{\"person\":3,\"from\":\"2021-01-01\","
                  "\"value\":\"2026-12-01\"}",
                  "household.born_later");
    /* and what was wrong may be put right: nothing of it remains */
    nation_send(nation, "absher", "fact.birth_date",
                "{\"person\":50,\"from\":\"2021-01-01\","
                "\"value\":\"2026-11-20\"}");
    nation_close(nation);
}

TEST(an_amount_counts_from_the_same_month_whichever_way_it_is_told)
{
    static const char *const births[] = {
        "{\"person\":50,\"parent\":2,\"from\":\"2025-04-20\"}",
        ("{\"person\":51,\"parent\":2,\"from\":\"2025-04-20\",\"facts\":{"
         "\"rent_income\":\"100.00\",\"wage\":\"0\"}}")};
    Nation *nation = nation_of_two();
    for (int i = 0; i < 2; i++) {
        nation_send(nation, "absher", "birth", births[i]);
    }
    nation_send(nation, "ejar", "income.reported",
                "{\"person\":50,\"kind\":\"rent_income\","
                "\"from\":\"2025-04-20\",\"value\":\"100.00\"}");
    for (int64_t child = 50; child <= 51; child++) {
        ck_assert_int_eq(
            nation_value(nation, 10, child, "rent_income", "2025-11"), 70000);
        ck_assert_str_eq(nation_role(nation, 10, child, "2025-04-19"), "-");
    }
    nation_close(nation);
}

TEST(an_amount_may_begin_with_the_month_of_a_birth)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "gosi", "fact.wage",
                "{\"person\":3,\"month\":\"2003-06\",\"value\":\"1\"}");
    nation_close(nation);
}

TEST(who_comes_later_into_a_household_that_is_formed_comes_with_his_birth)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "household.formed",
                "{\"household\":30,\"from\":\"2021-01-01\",\"members\":["
                "{\"person\":31,\"role\":\"head\",\"facts\":{\"birth_date\":"
                "\"1990-01-01\"}},{\"person\":32,\"role\":\"child\","
                "\"facts\":{\"birth_date\":\"2023-04-05\"}}]}");
    ck_assert_str_eq(nation_role(nation, 30, 32, "2023-04-04"), "-");
    ck_assert_str_eq(nation_role(nation, 30, 32, "2023-04-05"), "child");
    nation_close(nation);
}

TEST(the_dead_keep_their_national_id)
{
    Nation *nation = nation_of_two();
    nation_send(nation, "absher", "death",
                "{\"person\":1,\"from\":\"2024-01-01\"}");
    nation_refuse(nation, "birth",
                  "{\"household\":20,\"national_id\":\"1000000008\","
                  "\"from\":\"2025-01-01\"}",
                  "person.elsewhere");
    nation_refuse(nation, "birth",
                  "{\"household\":20,\"person\":60,\"from\":\"2025-01-01\","
                  "\"facts\":{\"national_id\":\"1000000008\"}}",
                  "person.id_taken");
    nation_refuse(nation, "fact.national_id",
                  "{\"person\":2,\"from\":\"2025-01-01\","
                  "\"value\":\"1000000008\"}",
                  "person.id_taken");
    /* a number that was written to the wrong person is free again */
    nation_send(nation, "absher", "fact.national_id",
                "{\"person\":1,\"from\":\"2021-01-01\","
                "\"value\":\"1000000016\"}");
    nation_send(nation, "absher", "fact.national_id",
                "{\"person\":2,\"from\":\"2021-01-01\","
                "\"value\":\"1000000008\"}");
    nation_close(nation);
}

TEST(a_refusal_names_the_member_and_what_stands_there)
{
    static const struct {
        const char *data, *path, *value;
    } cases[] = {
        {"\"fact.wage.v1\",\"data\":{\"person\":1,\"from\":\"2025-01-01\","
         "\"value\":\"-5\"}}",
         "data.value", "-5"},
        {"\"fact.wage.v1\",\"data\":{\"person\":1,\"from\":\"2025-02-30\","
         "\"value\":1}}",
         "data.from", "2025-02-30"},
        {"\"fact.wage.v1\",\"data\":{\"person\":1,\"value\":1}}", "data.from",
         ""},
        {"\"fact.wage.v1\",\"data\":{\"person\":1,\"form\":3,\"value\":1}}",
         "data.form", "3"},
        {"\"household.formed.v1\",\"data\":{\"from\":\"2025-01-01\","
         "\"members\":[{\"person\":1,\"role\":\"head\"},{\"person\":2,"
         "\"facts\":{\"name_ar\":\"\u0646\u0648\u0631\u0629\","
         "\"sex\":\"1\"},\"role\":\"child\"}]}}",
         "data.members[1].facts.sex", "1"},
        {"\"household.formed.v1\",\"data\":{\"from\":\"2025-01-01\","
         "\"members\":[{\"person\":3}]}}",
         "data.members[0].role", ""},
        {"\"nothing.v1\",\"data\":{}}", "type", "sa.gov.sanad.nothing.v1"},
        {"\"birth.v1\"}", "data", ""},
        {"\"fact.wage.v1\",\"data\":{\"person\":1,,}}", "98", ",}}"},
    };
    Nation *nation = nation_open();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Event *event = ARENA_NEW(nation->arena, Event);
        Str path, value,
            bytes = str_of(arena_format(
                nation->arena,
                "{\"specversion\":\"1.0\",\"source\":\"a\",\"id\":\"1\","
                "\"type\":\"sa.gov.sanad.%s",
                cases[i].data + 1));
        Diag why = {.key = ""};
        ck_assert_int_eq(
            event_read(nation->arena, &nation->types, bytes, &why, event),
            ERR_INVALID);
        event_place(nation->arena, bytes, &why, &path, &value);
        ck_assert_msg(str_is(path, cases[i].path) &&
                          str_is(value, cases[i].value),
                      "%s: %s: %.*s %.*s", cases[i].data, why.key,
                      STR_ARG(path), STR_ARG(value));
    }
    nation_close(nation);
}

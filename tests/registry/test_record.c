#include "registry/record.h"

#include "base/random.h"
#include "tests/registry/kinds.h"

static Arena *arena;
static const KindCatalogue *catalogue;
static Book book;

static void begin(void)
{
    arena = arena_open(256 << 20);
    catalogue = test_kinds(arena);
    book = book_make(arena, catalogue);
    test_say(&book, 5, "2021-01-01", "open", (Attribute){.kind = K_MEMBER});
}

static Str bytes(void)
{
    Buf buf = buf_make(1 << 20);
    ck_assert_int_eq(book_write(&book, &buf), OK);
    Str copy = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return copy;
}

static InputRecord project(const char *month_text)
{
    Month month;
    InputRecord record;
    ck_assert(month_read(str_of(month_text), &month));
    ck_assert_int_eq(
        record_project(arena, catalogue, 1, bytes(), month, &record), OK);
    return record;
}

/* The value of a person's field; -1: null, -2: he is not there. */
static int64_t value(const char *month, int64_t person, int32_t kind)
{
    InputRecord record = project(month);
    int32_t field = catalogue->by_id[kind]->field;
    for (int32_t i = 0; i < record.member_count; i++) {
        const RecordMember *member = &record.members[i];
        if (member->person_id != person) continue;
        return (member->known >> field & 1) == 0 ? -1 : member->value[field];
    }
    return -2;
}

static void say(const char *from, const char *to, int32_t kind, int64_t what)
{
    test_say(&book, 5, from, to, (Attribute){.kind = kind, .value = what});
}

TEST(a_state_holds_from_its_first_day_to_the_day_before_its_end)
{
    begin();
    say("2024-03-01", "2024-05-01", K_LEVEL, 8);
    ck_assert_int_eq(value("2024-02", 5, K_LEVEL), 3); /* stands in */
    ck_assert_int_eq(value("2024-03", 5, K_LEVEL), 8);
    ck_assert_int_eq(value("2024-04", 5, K_LEVEL), 8);
    ck_assert_int_eq(value("2024-05", 5, K_LEVEL), 3);
    say("2024-03-02", "2024-04-01", K_LEVEL, 9); /* not on any first day */
    ck_assert_int_eq(value("2024-03", 5, K_LEVEL), 8);
    ck_assert_int_eq(value("2024-04", 5, K_LEVEL), 8);
    arena_close(arena);
}

TEST(what_is_unknown_is_null_unless_a_value_stands_in)
{
    begin();
    InputRecord record = project("2024-01");
    int32_t region = catalogue->by_id[K_REGION]->field;
    int32_t plain = catalogue->by_id[K_PLAIN]->field;
    ck_assert_uint_eq(record.known >> region & 1, 0);
    ck_assert_uint_eq(record.known >> plain & 1, 1);
    ck_assert_int_eq(record.value[plain], 1);
    ck_assert_int_eq(value("2024-01", 5, K_BIRTH), -1);
    ck_assert_int_eq(value("2024-01", 5, K_LEVEL), 3);
    ck_assert_int_eq(value("2024-01", 5, K_DEAD), 0);
    ck_assert_int_eq(value("2024-01", 5, K_WAGE), 0);
    arena_close(arena);
}

TEST(a_sum_counts_the_amount_in_force_at_the_start_of_twelve_months)
{
    begin();
    say("2023-06-01", "2023-09-01", K_WAGE, 100);
    ck_assert_int_eq(value("2023-06", 5, K_WAGE), 0);
    ck_assert_int_eq(value("2023-07", 5, K_WAGE), 100);
    ck_assert_int_eq(value("2023-08", 5, K_WAGE), 200);
    ck_assert_int_eq(value("2023-09", 5, K_WAGE), 300);
    ck_assert_int_eq(value("2024-06", 5, K_WAGE), 300);
    ck_assert_int_eq(value("2024-07", 5, K_WAGE), 200);
    ck_assert_int_eq(value("2024-08", 5, K_WAGE), 100);
    ck_assert_int_eq(value("2024-09", 5, K_WAGE), 0);
    arena_close(arena);
}

TEST(a_sum_follows_each_change_of_the_amount)
{
    begin();
    say("2021-01-01", "open", K_WAGE, 1000);
    say("2023-12-01", "open", K_WAGE, 10);
    say("2023-11-15", "2023-11-20", K_WAGE, 7); /* begins no month */
    ck_assert_int_eq(value("2023-12", 5, K_WAGE), 12000);
    ck_assert_int_eq(value("2024-01", 5, K_WAGE), 11010);
    ck_assert_int_eq(value("2024-12", 5, K_WAGE), 120);
    arena_close(arena);
}

TEST(a_lump_sum_counts_in_the_twelve_months_after_its_day)
{
    begin();
    test_say(&book, 5, "2023-03-01", "2023-03-02",
             (Attribute){.kind = K_LUMP, .key = 1, .value = 500});
    test_say(&book, 5, "2023-02-28", "2023-03-01",
             (Attribute){.kind = K_LUMP, .key = 2, .value = 40});
    test_say(&book, 5, "2023-02-28", "2023-03-01",
             (Attribute){.kind = K_LUMP, .key = 3, .value = 1});
    ck_assert_int_eq(value("2023-02", 5, K_LUMP), 0);
    ck_assert_int_eq(value("2023-03", 5, K_LUMP), 41);
    ck_assert_int_eq(value("2023-04", 5, K_LUMP), 541);
    ck_assert_int_eq(value("2024-02", 5, K_LUMP), 541);
    ck_assert_int_eq(value("2024-03", 5, K_LUMP), 500);
    ck_assert_int_eq(value("2024-04", 5, K_LUMP), 0);
    arena_close(arena);
}

TEST(days_are_counted_within_the_365_before_the_month)
{
    begin();
    say("2024-01-10", "2024-01-20", K_AWAY, 1);
    ck_assert_int_eq(value("2024-01", 5, K_AWAY), 0);
    ck_assert_int_eq(value("2024-02", 5, K_AWAY), 10);
    ck_assert_int_eq(value("2025-01", 5, K_AWAY), 10);
    /* 365 days before 2025-02-01 is 2024-02-02: a leap day lies between */
    ck_assert_int_eq(value("2025-02", 5, K_AWAY), 0);
    say("2023-01-01", "open", K_AWAY, 1);
    ck_assert_int_eq(value("2025-06", 5, K_AWAY), 365);
    say("2025-05-30", "2025-06-02", K_AWAY, 0); /* back for three days */
    ck_assert_int_eq(value("2025-06", 5, K_AWAY), 363);
    ck_assert_int_eq(value("2025-07", 5, K_AWAY), 362);
    arena_close(arena);
}

TEST(assets_held_on_the_first_day_are_listed_and_others_not)
{
    begin();
    Attribute land = {
        .kind = K_ASSET, .key = 3, .value = 700, .flags = ASSET_LIVED_IN};
    Attribute car = {.kind = K_ASSET, .key = 4, .asset_class = 1, .value = 20};
    test_say(&book, 5, "2024-01-01", "open", land);
    test_say(&book, 5, "2024-01-02", "2024-03-01", car);
    car.key = 5;
    car.value = 0; /* worth nothing: not there */
    test_say(&book, 5, "2024-01-01", "open", car);
    ck_assert_int_eq(project("2024-01").members[0].asset_count, 1);
    InputRecord record = project("2024-02");
    ck_assert_int_eq(record.members[0].asset_count, 2);
    ck_assert_int_eq(record.members[0].assets[0].value, 700);
    ck_assert_int_eq(record.members[0].assets[0].flags, ASSET_LIVED_IN);
    ck_assert_int_eq(record.members[0].assets[1].asset_class, 1);
    ck_assert_int_eq(project("2024-03").members[0].asset_count, 1);
    arena_close(arena);
}

TEST(the_head_stands_first_and_the_others_by_person_id)
{
    begin();
    for (int64_t person = 1; person < 10; person++) {
        if (person == 5) continue;
        test_say(&book, person, "2021-01-01", "open",
                 (Attribute){.kind = K_MEMBER, .value = 2});
    }
    static const int64_t order[] = {5, 1, 2, 3, 4, 6, 7, 8, 9};
    InputRecord record = project("2024-01");
    ck_assert_int_eq(record.member_count, 9);
    for (int i = 0; i < 9; i++) {
        ck_assert_int_eq(record.members[i].person_id, order[i]);
    }
    arena_close(arena);
}

TEST(who_has_left_or_died_is_no_member)
{
    begin();
    test_say(&book, 6, "2021-01-01", "open",
             (Attribute){.kind = K_MEMBER, .value = 2});
    test_say(&book, 7, "2021-01-01", "open",
             (Attribute){.kind = K_MEMBER, .value = 3});
    test_say(&book, 6, "2024-02-01", "open",
             (Attribute){.kind = K_MEMBER, .value = 4});
    test_say(&book, 7, "2024-03-01", "open",
             (Attribute){.kind = K_DEAD, .value = 1});
    ck_assert_int_eq(project("2024-01").member_count, 3);
    ck_assert_int_eq(project("2024-02").member_count, 2);
    ck_assert_int_eq(project("2024-03").member_count, 1);
    ck_assert_int_eq(project("2020-12").member_count, 0);
    arena_close(arena);
}

TEST(amounts_that_leave_int64_are_refused)
{
    begin();
    InputRecord record;
    say("2021-01-01", "open", K_WAGE, INT64_MAX / 2);
    ck_assert_int_eq(record_project(arena, catalogue, 1, bytes(), 650, &record),
                     ERR_INVALID);
    arena_close(arena);
}

static Str rich_record(void)
{
    begin();
    say("2021-01-01", "open", K_WAGE, 123456);
    say("2021-01-01", "open", K_BIRTH, -3000);
    test_say(&book, 6, "2021-01-01", "open",
             (Attribute){.kind = K_MEMBER, .value = 2});
    Attribute car = {.kind = K_ASSET,
                     .key = 4,
                     .asset_class = 1,
                     .flags = ASSET_EXEMPT,
                     .value = 2000};
    test_say(&book, 6, "2021-01-01", "open", car);
    test_say(&book, BOOK_HOUSEHOLD, "2021-01-01", "open",
             (Attribute){.kind = K_REGION, .value = 1});
    InputRecord record = project("2024-01");
    Buf buf = buf_make(1 << 16);
    record_write(catalogue, &record, &buf);
    Str written = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return written;
}

TEST(a_record_makes_the_round_through_its_canonical_bytes)
{
    Str written = rich_record();
    InputRecord back, first = project("2024-01");
    ck_assert_int_eq(record_read(arena, catalogue, written, &back), OK);
    ck_assert_int_eq(back.household_id, 1);
    ck_assert_int_eq(back.member_count, 2);
    ck_assert_uint_eq(back.known, first.known);
    for (int m = 0; m < 2; m++) {
        ck_assert_int_eq(back.members[m].person_id, first.members[m].person_id);
        ck_assert_uint_eq(back.members[m].known, first.members[m].known);
        ck_assert_int_eq(
            memcmp(back.members[m].value, first.members[m].value,
                   (size_t)catalogue->person_field_count * sizeof(int64_t)),
            0);
    }
    ck_assert_int_eq(back.members[1].assets[0].value, 2000);
    ck_assert_int_eq(back.members[1].assets[0].flags, ASSET_EXEMPT);
    Buf buf = buf_make(1 << 16);
    record_write(catalogue, &back, &buf);
    ck_assert(str_equal(buf_view(&buf), written));
    buf_free(&buf);
    arena_close(arena);
}

TEST(a_value_that_stands_in_and_one_that_is_stated_have_the_same_bytes)
{
    Str written = rich_record();
    say("2021-01-01", "open", K_LEVEL, 3);
    say("2021-01-01", "open", K_DEAD, 0);
    InputRecord record = project("2024-01");
    Buf buf = buf_make(1 << 16);
    record_write(catalogue, &record, &buf);
    ck_assert(str_equal(buf_view(&buf), written));
    buf_free(&buf);
    arena_close(arena);
}

TEST(a_record_cut_short_or_made_longer_is_refused)
{
    Str written = rich_record();
    InputRecord record;
    char longer[4096];
    for (size_t cut = 0; cut < written.bytes; cut++) {
        ck_assert_int_eq(
            record_read(arena, catalogue, (Str){written.at, cut}, &record),
            ERR_INVALID);
    }
    memcpy(longer, written.at, written.bytes);
    longer[written.bytes] = 0;
    ck_assert_int_eq(record_read(arena, catalogue,
                                 (Str){longer, written.bytes + 1}, &record),
                     ERR_INVALID);
    arena_close(arena);
}

TEST(a_damaged_record_is_refused_or_is_a_sound_one)
{
    Str written = rich_record();
    static char copy[4096];
    Random random = random_make(13);
    for (int i = 0; i < 30000; i++) {
        memcpy(copy, written.at, written.bytes);
        copy[random_below(&random, written.bytes)] =
            (char)random_below(&random, 256);
        copy[random_below(&random, written.bytes)] =
            (char)random_below(&random, 256);
        Arena *room = arena_open(16 << 20);
        InputRecord record;
        Err err =
            record_read(room, catalogue, (Str){copy, written.bytes}, &record);
        ck_assert(err == OK || err == ERR_INVALID || err == ERR_FULL);
        for (int32_t m = 0; err == OK && m < record.member_count; m++) {
            for (int32_t a = 0; a < record.members[m].asset_count; a++) {
                int32_t class = record.members[m].assets[a].asset_class;
                ck_assert_int_ge(class, 0);
                ck_assert_int_lt(class, catalogue->asset_class_count);
            }
        }
        arena_close(room);
    }
    arena_close(arena);
}

/* Months and days counted one by one, against the windows by intervals. */
TEST(windows_equal_a_count_of_single_months_and_days)
{
    Random random = random_make(17);
    Day first = test_day("2022-01-01");
    for (int round = 0; round < 300; round++) {
        begin();
        Day from = first + (Day)random_below(&random, 900);
        Day to = from + 1 + (Day)random_below(&random, 900);
        Attribute said[] = {{.kind = K_AWAY, .value = 1},
                            {.kind = K_WAGE, .value = 10}};
        Statement statement = {5, from, to, said, 2};
        Origin origin = {.version = 9, .source = STR("x")};
        ck_assert_int_eq(book_apply(&book, &statement, &origin), OK);
        Month month = month_of_day(first) + (Month)random_below(&random, 48);
        InputRecord record;
        ck_assert_int_eq(
            record_project(arena, catalogue, 1, bytes(), month, &record), OK);
        int64_t sum = 0, days = 0;
        for (Month m = month - 12; m < month; m++) {
            Day at = month_first_day(m);
            if (from <= at && at < to) sum += 10;
        }
        for (Day d = month_first_day(month) - 365; d < month_first_day(month);
             d++) {
            days += from <= d && d < to;
        }
        const int64_t *value = record.members[0].value;
        ck_assert_int_eq(value[catalogue->by_id[K_WAGE]->field], sum);
        ck_assert_int_eq(value[catalogue->by_id[K_AWAY]->field], days);
        arena_close(arena);
    }
}

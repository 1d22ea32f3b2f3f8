#include "service/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "codec/check.h"
#include "job/setting.h"
#include "tests/harness.h"
#include "tests/registry/nation.c"

enum { MARGIN_HOUSEHOLDS = 20000, SMALL = 300, PEOPLE_MAX = 200000 };

static DemoReport make(Nation *nation, int64_t households, uint64_t seed,
                       const char *until, int32_t slice)
{
    DemoReport report;
    DemoOptions options = {.tx = nation->tx,
                           .types = &nation->types,
                           .households = households,
                           .seed = seed,
                           .slice = slice};
    if (until != NULL) ck_assert(month_read(str_of(until), &options.until));
    Err err = demo_make(&options, &nation->diag, &report);
    ck_assert_msg(err == OK, "%s %s (%s) %s:%d", err_name(err),
                  nation->diag.key, nation->diag.arg[0], nation->diag.file,
                  nation->diag.line);
    return report;
}

/* Everything that is believed, in one hash. */
static Hash fingerprint(Nation *nation)
{
    Buf all = buf_make((size_t)1 << 30);
    bool row;
    StoreStmt *stmt = store_query(nation->tx, Q_BOOK_PAGE);
    store_bind_int(stmt, 1, -1);
    store_bind_int(stmt, 2, 1000000);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        buf_format(&all, "%lld %lld ", (long long)store_int(stmt, 0),
                   (long long)store_int(stmt, 1));
        buf_str(&all, store_bytes(stmt, 2));
    }
    Hash hash = hash_of(buf_view(&all));
    buf_free(&all);
    return hash;
}

TEST(the_same_seed_and_number_give_the_same_nation_whatever_the_slices)
{
    Hash hash[3];
    static const int32_t slices[] = {1000, 7, 1000};
    for (int i = 0; i < 3; i++) {
        Nation *nation = nation_open();
        DemoReport report =
            make(nation, SMALL, i == 2 ? 2 : 1, NULL, slices[i]);
        ck_assert_int_eq(report.households, SMALL);
        hash[i] = fingerprint(nation);
        nation_close(nation);
    }
    ck_assert(hash_equal(&hash[0], &hash[1]));
    ck_assert(!hash_equal(&hash[0], &hash[2]));
}

TEST(a_repeat_changes_nothing_and_another_nation_is_refused)
{
    Nation *nation = nation_open();
    make(nation, SMALL, 1, NULL, 0);
    Hash before = fingerprint(nation);
    DemoReport again = make(nation, SMALL, 1, NULL, 0);
    ck_assert_int_eq(again.households, 0);
    ck_assert_int_eq(again.present, SMALL);
    Hash after = fingerprint(nation);
    ck_assert(hash_equal(&before, &after));
    DemoOptions other = {.tx = nation->tx,
                         .types = &nation->types,
                         .households = SMALL,
                         .seed = 2};
    ck_assert_int_eq(demo_make(&other, &nation->diag, &again), ERR_CONFLICT);
    ck_assert_str_eq(nation->diag.key, "demo.other");
    nation_close(nation);
}

TEST(other_households_in_the_database_are_not_mixed_with_the_demo)
{
    Nation *nation = nation_open();
    nation_send(nation, "absher", "household.formed",
                "{\"household\":7,\"from\":\"2021-01-01\",\"members\":[{"
                "\"person\":1,\"role\":\"head\",\"facts\":{\"birth_date\":"
                "\"1970-01-01\"}}]}");
    DemoReport report;
    DemoOptions options = {
        .tx = nation->tx, .types = &nation->types, .households = SMALL};
    ck_assert_int_eq(demo_make(&options, &nation->diag, &report), ERR_CONFLICT);
    ck_assert_str_eq(nation->diag.key, "demo.not_empty");
    nation_close(nation);
}

typedef struct Stop {
    Nation *nation;
    int slices;
} Stop;

static bool stop_after(void *arg, int64_t done UNUSED, int64_t all UNUSED)
{
    Stop *stop = arg;
    if (--stop->slices == 0) {
        /* What a kill leaves: slices that were committed, nothing else. */
        store_conn_close(stop->nation->tx);
        store_close(stop->nation->store);
        _exit(0);
    }
    return true;
}

TEST(a_nation_that_was_interrupted_is_completed_to_the_same_nation)
{
    Nation *whole = nation_open();
    make(whole, SMALL, 1, NULL, 0);
    Hash expected = fingerprint(whole);
    nation_close(whole);

    Nation *nation = nation_open();
    DemoReport report;
    DemoOptions options = {.tx = nation->tx,
                           .types = &nation->types,
                           .households = SMALL,
                           .seed = 1,
                           .slice = 20};
    Stop stop = {nation, 4};
    options.progress = stop_after;
    options.arg = &stop;
    const char *path =
        arena_format(nation->arena, "%s", store_name(nation->store));
    store_conn_close(nation->tx);
    store_close(nation->store);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    ck_assert_int_eq(store_open(path, false, &nation->diag, &nation->store),
                     OK);
    if (child == 0) {
        ck_assert_int_eq(
            store_writer(nation->store, &nation->diag, &nation->tx), OK);
        options.tx = nation->tx;
        ck_assert_int_eq(demo_make(&options, &nation->diag, &report), OK);
        _exit(1);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(store_writer(nation->store, &nation->diag, &nation->tx),
                     OK);
    report = make(nation, SMALL, 1, NULL, 0);
    ck_assert_int_gt(report.present, 0);
    ck_assert_int_lt(report.present, SMALL);
    Hash hash = fingerprint(nation);
    ck_assert(hash_equal(&hash, &expected));
    nation_close(nation);
}

TEST(personas_are_found_with_their_names_and_numbers)
{
    Nation *nation = nation_open();
    DemoPersona persona[DEMO_PERSONAS_MAX];
    int32_t count;
    ck_assert_int_eq(demo_personas(nation->tx, nation->arena, nation->catalogue,
                                   &nation->diag, persona, &count),
                     OK);
    ck_assert_int_eq(count, 0);
    make(nation, 30, 1, NULL, 0);
    ck_assert_int_eq(demo_personas(nation->tx, nation->arena, nation->catalogue,
                                   &nation->diag, persona, &count),
                     OK);
    ck_assert_int_eq(count, 10);
    for (int32_t i = 0; i < count; i++) {
        ck_assert_uint_eq(persona[i].national_id.bytes, 10);
        ck_assert(check_luhn(persona[i].national_id));
        ck_assert_uint_gt(persona[i].name.bytes, 10);
        ck_assert_uint_gt(persona[i].name_latin.bytes, 5);
        ck_assert_int_gt(persona[i].household_id, 0);
    }
    ck_assert_str_eq(nation_role(nation, 4, 402, "2025-06-13"), "spouse");
    ck_assert_str_eq(nation_role(nation, 4, 402, "2025-06-14"), "head");
    ck_assert_str_eq(nation_role(nation, 8, 803, "2026-08-23"), "child");
    nation_close(nation);
}

TEST(every_household_of_the_nation_has_its_place_and_numbers_are_valid)
{
    Nation *nation = nation_open();
    make(nation, SMALL, 5, NULL, 0);
    const Kind *iban = kind_find(nation->catalogue, STR("iban"));
    const Kind *number = kind_find(nation->catalogue, STR("national_id"));
    int64_t households = 0, numbers = 0, ibans = 0;
    for (int64_t id = 1; id <= SMALL; id++, households++) {
        Book book = nation_book(nation, id);
        for (int32_t i = 0; i < book.segment_count; i++) {
            const Attribute *is = &book.segments[i].is;
            if (is->kind == iban->id) ck_assert(check_iban(is->text));
            if (is->kind == number->id) ck_assert(check_luhn(is->text));
            ibans += is->kind == iban->id;
            numbers += is->kind == number->id;
        }
    }
    ck_assert_int_eq(households, SMALL);
    ck_assert_int_gt(ibans, SMALL * 9 / 10);
    ck_assert_int_gt(numbers, SMALL * 4);
    nation_close(nation);
}

/* What is counted of the nation as it stood on 2025-01-01. */
typedef struct Census {
    double households, persons, size[11], region[13], female_heads;
    double men, women, over60, disabled, disabled_men, disabled_women,
        disabled_over60, foreign;
    double wage, workers, income, near;
    int32_t *age;
} Census;

static double amount_on(const Book *book, int64_t person, const char *kind,
                        Day day)
{
    const Kind *of = kind_find(book->catalogue, str_of(kind));
    const Segment *is = book_find(book, person, of->id, 0, day);
    return is == NULL ? 0 : (double)is->is.value / 100;
}

static int64_t state_on(const Book *book, int64_t person, const char *kind,
                        Day day)
{
    const Kind *of = kind_find(book->catalogue, str_of(kind));
    const Segment *is = book_find(book, person, of->id, 0, day);
    return is == NULL ? 0 : is->is.value;
}

/* One member; returns what counts of his income against the limit. */
static double count_person(Census *census, const Book *book, int64_t person,
                           int32_t role)
{
    Day day = nation_day("2025-01-01"), before = day - 10;
    Day born = (Day)state_on(book, person, "birth_date", day);
    bool woman = state_on(book, person, "sex", day) == 1;
    bool disabled = state_on(book, person, "disability", day) > 0;
    int32_t age = (int32_t)((day - born) / 365.25);
    double wage = amount_on(book, person, "wage", before);
    double other = amount_on(book, person, "pension_income", before) +
                   amount_on(book, person, "rent_income", before);
    double business = amount_on(book, person, "business_income", before);
    census->age[(int)census->persons] = age;
    census->persons++;
    census->women += woman;
    census->men += !woman;
    census->over60 += age >= 60;
    census->disabled += disabled;
    census->disabled_men += disabled && !woman;
    census->disabled_women += disabled && woman;
    census->disabled_over60 += disabled && age >= 60;
    census->foreign += state_on(book, person, "nationality", day) != 0;
    census->workers += wage > 0;
    census->wage += wage;
    census->income += wage + other + business;
    census->female_heads += role == 0 && woman;
    return (wage + business) / 2 + other;
}

static void count_household(Census *census, const Book *book)
{
    Day day = nation_day("2025-01-01");
    int size = 0;
    double counted = 0;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        if (segment->is.kind != book->catalogue->member->id ||
            segment->from > day || segment->to <= day) {
            continue;
        }
        int32_t role = move_role(book, segment->subject, day);
        if (role < 0) continue;
        size++;
        counted += count_person(census, book, segment->subject, role);
    }
    if (size == 0) return; /* formed later */
    double limit = 1320 + 660.0 * (size - 1);
    census->households++;
    census->size[size > 10 ? 10 : size]++;
    census->region[state_on(book, BOOK_HOUSEHOLD, "region", day)]++;
    census->near += counted > limit * 0.9 && counted < limit * 1.1;
}

static int by_value(const void *left, const void *right)
{
    return *(const int32_t *)left - *(const int32_t *)right;
}

static int wrong;

/* Prints a figure beside the published one and notes whether it is too far. */
static void compare_with(const char *what, double made, double published,
                         double tolerance)
{
    bool far = made < published - tolerance || made > published + tolerance;
    printf("%-34s %10.2f  published %10.2f  tolerance %8.2f%s\n", what, made,
           published, tolerance, far ? "  WRONG" : "");
    wrong += far;
}

static Census take_census(Nation *nation)
{
    Census census = {.age = ARENA_ARRAY(nation->arena, int32_t, PEOPLE_MAX)};
    bool row;
    Arena *arena = arena_open((size_t)64 << 20);
    StoreStmt *stmt = store_query(nation->tx, Q_BOOK_PAGE);
    store_bind_int(stmt, 1, -1);
    store_bind_int(stmt, 2, MARGIN_HOUSEHOLDS);
    for (;;) {
        ck_assert_int_eq(store_step(stmt, &row), OK);
        if (!row) break;
        Book book;
        arena_reset(arena);
        ck_assert_int_eq(
            book_read(arena, nation->catalogue, store_bytes(stmt, 2), &book),
            OK);
        count_household(&census, &book);
    }
    arena_close(arena);
    qsort(census.age, (size_t)census.persons, sizeof *census.age, by_value);
    return census;
}

static void compare_ages(const Census *census)
{
    double sum = 0, under15 = 0, under30 = 0, under35 = 0;
    int people = (int)census->persons;
    for (int i = 0; i < people; i++) {
        sum += census->age[i] + 0.5;
        under15 += census->age[i] < 15;
        under30 += census->age[i] < 30;
        under35 += census->age[i] < 35;
    }
    double all = 100 / census->persons;
    compare_with("mean age of Saudis", sum / people, 26.6, 2);
    compare_with("median age", census->age[people / 2] + 0.5, 23.5, 2.5);
    compare_with("under 30, %", under30 * all, 63, 4);
    compare_with("under 35, %", under35 * all, 71, 4);
    compare_with("60 and older, %", census->over60 * all, 6.0, 1.2);
    printf("%-34s %10.2f\n", "under 15, %", under15 * all);
}

TEST(the_nation_has_the_margins_that_are_published)
{
    static const double regions[] = {
        8591748, 8021463, 2137983, 1336179, 5125254, 2024285, 886036,
        746406,  373577,  1404997, 592300,  339174,  595822};
    static const double sizes[] = {14.0, 9.0,  10.4, 12.8, 12.8,
                                   13.5, 10.5, 7.5,  4.5,  5.0};
    Nation *nation = nation_open();
    make(nation, MARGIN_HOUSEHOLDS, 1, "2025-02", 0);
    Census census = take_census(nation);
    double homes = 100 / census.households;
    compare_with("persons a household", census.persons / census.households, 4.8,
                 0.15);
    for (int i = 0; i < 10; i++) {
        compare_with(arena_format(nation->arena, "households of %d%s, %%",
                                  i + 1, i == 9 ? "+" : ""),
                     census.size[i + 1] * homes, sizes[i], 1.0);
    }
    for (int i = 0; i < 13; i++) {
        compare_with(arena_format(nation->arena, "region %d, %%", i + 1),
                     census.region[i] * homes, regions[i] / 321752.24, 1.0);
    }
    compare_with("female heads, %", census.female_heads * homes, 16.9, 1.2);
    compare_ages(&census);
    compare_with("disabled, %", census.disabled / census.persons * 100, 3.3,
                 0.3);
    compare_with("disabled men, %", census.disabled_men / census.men * 100, 3.8,
                 0.4);
    compare_with("disabled women, %",
                 census.disabled_women / census.women * 100, 2.8, 0.4);
    compare_with("disabled of 60 and older, %",
                 census.disabled_over60 / census.over60 * 100, 11.0, 1.2);
    compare_with("mean wage, SAR", census.wage / census.workers, 10159, 500);
    compare_with("mean income of households, SAR",
                 census.income / census.households, 14823, 1500);
    printf("%-34s %10.2f\n", "not citizens, %",
           census.foreign / census.persons * 100);
    printf("%-34s %10.2f\n", "within 10 % of the limit, %",
           census.near * homes);
    nation_close(nation);
    fflush(stdout);
    ck_assert_int_eq(wrong, 0);
}

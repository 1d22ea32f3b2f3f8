#include "registry/book.h"

#include "base/random.h"
#include "codec/bytes.h"
#include "tests/registry/kinds.h"

static Arena *arena;
static const KindCatalogue *catalogue;

static Book fresh(void)
{
    arena = arena_open(256 << 20);
    catalogue = test_kinds(arena);
    return book_make(arena, catalogue);
}

static Attribute of(int32_t kind, int64_t value)
{
    return (Attribute){.kind = kind, .value = value};
}

static Str written(Book *book)
{
    Buf buf = buf_make(16 << 20);
    ck_assert_int_eq(book_write(book, &buf), OK);
    Str bytes = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return bytes;
}

static int64_t level(const Book *book, const char *day)
{
    const Segment *segment = book_find(book, 1, K_LEVEL, 0, test_day(day));
    return segment == NULL ? -1 : segment->is.value;
}

TEST(a_later_statement_wins_where_both_speak_and_nowhere_else)
{
    Book book = fresh();
    test_say(&book, 1, "2024-01-01", "2024-12-31", of(K_LEVEL, 5));
    test_say(&book, 1, "2024-03-01", "2024-06-01", of(K_LEVEL, 7));
    ck_assert_int_eq(level(&book, "2023-12-31"), -1);
    ck_assert_int_eq(level(&book, "2024-01-01"), 5);
    ck_assert_int_eq(level(&book, "2024-02-29"), 5);
    ck_assert_int_eq(level(&book, "2024-03-01"), 7);
    ck_assert_int_eq(level(&book, "2024-05-31"), 7);
    ck_assert_int_eq(level(&book, "2024-06-01"), 5);
    ck_assert_int_eq(level(&book, "2024-12-30"), 5);
    ck_assert_int_eq(level(&book, "2024-12-31"), -1);
    arena_close(arena);
}

TEST(what_is_known_later_about_an_earlier_time_leaves_the_newer_alone)
{
    Book book = fresh();
    test_say(&book, 1, "2024-06-01", "open", of(K_LEVEL, 6));
    test_say(&book, 1, "2024-01-01", "2024-06-01", of(K_LEVEL, 1));
    ck_assert_int_eq(level(&book, "2024-05-31"), 1);
    ck_assert_int_eq(level(&book, "2024-06-01"), 6);
    ck_assert_int_eq(level(&book, "2190-01-01"), 6);
    arena_close(arena);
}

TEST(a_statement_that_covers_all_replaces_all)
{
    Book book = fresh();
    test_say(&book, 1, "2024-02-01", "2024-03-01", of(K_LEVEL, 2));
    test_say(&book, 1, "2024-05-01", "2024-06-01", of(K_LEVEL, 5));
    test_say(&book, 1, "2024-01-01", "open", of(K_LEVEL, 9));
    Str bytes = written(&book);
    ck_assert_int_eq(book.segment_count, 1);
    ck_assert_int_eq(book.origin_count, 1);
    ck_assert_int_eq(level(&book, "2024-02-10"), 9);
    ck_assert_uint_gt(bytes.bytes, 0);
    arena_close(arena);
}

TEST(other_subjects_and_other_kinds_are_not_touched)
{
    Book book = fresh();
    test_say(&book, 1, "2024-01-01", "open", of(K_LEVEL, 1));
    test_say(&book, 2, "2024-01-01", "open", of(K_LEVEL, 2));
    test_say(&book, BOOK_HOUSEHOLD, "2024-01-01", "open", of(K_REGION, 1));
    test_say(&book, 2, "2024-01-01", "open", of(K_WAGE, 100));
    test_say(&book, 1, "2024-01-01", "open", of(K_LEVEL, 4));
    Day day = test_day("2024-05-05");
    ck_assert_int_eq(book_find(&book, 1, K_LEVEL, 0, day)->is.value, 4);
    ck_assert_int_eq(book_find(&book, 2, K_LEVEL, 0, day)->is.value, 2);
    ck_assert_int_eq(book_find(&book, 2, K_WAGE, 0, day)->is.value, 100);
    ck_assert_int_eq(
        book_find(&book, BOOK_HOUSEHOLD, K_REGION, 0, day)->is.value, 1);
    ck_assert_ptr_null(book_find(&book, 3, K_LEVEL, 0, day));
    arena_close(arena);
}

TEST(assets_and_lump_sums_of_other_keys_stand_side_by_side)
{
    Book book = fresh();
    Attribute land = {.kind = K_ASSET, .key = 1, .value = 1000};
    Attribute car = {.kind = K_ASSET, .key = 2, .asset_class = 1, .value = 50};
    test_say(&book, 1, "2024-01-01", "open", land);
    test_say(&book, 1, "2024-01-01", "open", car);
    car.value = 0; /* sold */
    test_say(&book, 1, "2024-07-01", "open", car);
    Day before = test_day("2024-06-30"), after = test_day("2024-07-01");
    ck_assert_int_eq(book_find(&book, 1, K_ASSET, 1, after)->is.value, 1000);
    ck_assert_int_eq(book_find(&book, 1, K_ASSET, 2, before)->is.value, 50);
    ck_assert_int_eq(book_find(&book, 1, K_ASSET, 2, after)->is.value, 0);
    ck_assert_ptr_null(book_find(&book, 1, K_ASSET, 3, after));
    arena_close(arena);
}

TEST(the_same_belief_has_the_same_bytes_in_whatever_order_it_is_read)
{
    Book book = fresh();
    test_say(&book, 9, "2024-01-01", "open", of(K_LEVEL, 1));
    test_say(&book, 4, "2024-01-01", "2024-02-01", of(K_WAGE, 5));
    test_say(&book, BOOK_HOUSEHOLD, "2024-01-01", "open", of(K_REGION, 0));
    Attribute name = {.kind = K_NAME, .text = STR("\xD8\xB3\xD8\xA7")};
    test_say(&book, 4, "2024-01-01", "open", name);
    Str once = written(&book);
    Str twice = written(&book);
    ck_assert(str_equal(once, twice));
    Book again;
    ck_assert_int_eq(book_read(arena, catalogue, once, &again), OK);
    ck_assert(str_equal(once, written(&again)));
    ck_assert_int_eq(again.segment_count, 4);
    EXPECT_STR(book_find(&again, 4, K_NAME, 0, test_day("2024-01-05"))->is.text,
               "\xD8\xB3\xD8\xA7");
    EXPECT_STR(again.origins[0].source, "test");
    ck_assert_int_eq(again.origins[0].received, test_day("2026-01-01"));
    arena_close(arena);
}

static Str rich_book(void)
{
    Book book = fresh();
    test_say(&book, 1, "2024-01-01", "open", of(K_MEMBER, 0));
    test_say(&book, 1, "2024-01-01", "2024-09-01", of(K_WAGE, 123456));
    test_say(&book, 2, "2024-01-01", "open", of(K_MEMBER, 2));
    test_say(&book, 2, "2010-05-05", "open", of(K_BIRTH, 14734));
    Attribute name = {.kind = K_NAME, .text = STR("Abdullah")};
    test_say(&book, 2, "2010-05-05", "open", name);
    Attribute car = {.kind = K_ASSET,
                     .key = 77,
                     .asset_class = 1,
                     .flags = ASSET_EXEMPT,
                     .value = 5000000};
    test_say(&book, 1, "2023-01-01", "2025-01-01", car);
    test_say(&book, BOOK_HOUSEHOLD, "2021-01-01", "open", of(K_REGION, 1));
    return written(&book);
}

TEST(a_book_cut_short_anywhere_is_refused)
{
    Str bytes = rich_book();
    Book book;
    InputRecord record;
    ck_assert_int_eq(book_read(arena, catalogue, bytes, &book), OK);
    for (size_t cut = 0; cut < bytes.bytes; cut++) {
        Str part = {bytes.at, cut};
        ck_assert_msg(book_read(arena, catalogue, part, &book) == ERR_INVALID,
                      "%zu of %zu bytes", cut, bytes.bytes);
        ck_assert_msg(record_project(arena, catalogue, 1, part, 650, &record) ==
                          ERR_INVALID,
                      "%zu of %zu bytes", cut, bytes.bytes);
    }
    char longer[4096];
    memcpy(longer, bytes.at, bytes.bytes);
    longer[bytes.bytes] = 0;
    Str more = {longer, bytes.bytes + 1};
    ck_assert_int_eq(book_read(arena, catalogue, more, &book), ERR_INVALID);
    ck_assert_int_eq(record_project(arena, catalogue, 1, more, 650, &record),
                     ERR_INVALID);
    arena_close(arena);
}

/* A damaged book is refused or is a book: it never leads anywhere else. */
TEST(damaged_bytes_are_refused_or_are_another_sound_book)
{
    Str bytes = rich_book();
    static char copy[4096];
    Random random = random_make(11);
    int refused = 0;
    for (int i = 0; i < 30000; i++) {
        memcpy(copy, bytes.at, bytes.bytes);
        uint64_t flips = 1 + random_below(&random, 3);
        for (uint64_t f = 0; f < flips; f++) {
            copy[random_below(&random, bytes.bytes)] =
                (char)random_below(&random, 256);
        }
        Arena *room = arena_open(16 << 20);
        Book book;
        InputRecord record;
        Str damaged = {copy, bytes.bytes};
        Err err = book_read(room, catalogue, damaged, &book);
        ck_assert(err == OK || err == ERR_INVALID);
        refused += err != OK;
        if (err == OK) {
            Buf buf = buf_make(1 << 20);
            Book again;
            ck_assert_int_eq(book_write(&book, &buf), OK);
            ck_assert_int_eq(book_read(room, catalogue, buf_view(&buf), &again),
                             OK);
            buf_free(&buf);
        }
        err = record_project(room, catalogue, 1, damaged, 650, &record);
        ck_assert(err == OK || err == ERR_INVALID || err == ERR_FULL);
        arena_close(room);
    }
    ck_assert_int_gt(refused, 15000);
    arena_close(arena);
}

TEST(days_beyond_every_life_are_refused)
{
    static const uint64_t wrong[] = {DAY_MAX - DAY_MIN + 3, UINT32_MAX,
                                     INT64_MAX, (uint64_t)INT64_MAX + 1,
                                     UINT64_MAX};
    fresh();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        for (int which = 0; which < 2; which++) {
            Book book;
            InputRecord record;
            Buf origins = buf_make(1000), buf = buf_make(1000);
            bytes_put_uint(&origins, 1);
            bytes_put_str(&origins, STR("a"));
            bytes_put_uint(&origins, 1);
            for (int zero = 0; zero < 4; zero++) bytes_put_uint(&origins, 0);
            bytes_put_uint(&buf, BOOK_FORMAT);
            bytes_put_str(&buf, buf_view(&origins));
            bytes_put_uint(&buf, 1);
            bytes_put_int(&buf, 1);
            bytes_put_uint(&buf, 1);
            bytes_put_uint(&buf, which == 0 ? wrong[i] : 0);
            bytes_put_uint(&buf, which == 1 ? wrong[i] : 0);
            bytes_put_uint(&buf, 0);
            bytes_put_uint(&buf, 1);
            bytes_put_uint(&buf, K_LEVEL);
            bytes_put_int(&buf, 1);
            ck_assert_int_eq(book_read(arena, catalogue, buf_view(&buf), &book),
                             ERR_INVALID);
            ck_assert_int_eq(record_project(arena, catalogue, 1, buf_view(&buf),
                                            650, &record),
                             ERR_INVALID);
            buf_free(&buf);
            buf_free(&origins);
        }
    }
    arena_close(arena);
}

TEST(a_newer_format_is_refused)
{
    Str bytes = rich_book();
    char copy[4096];
    Book book;
    memcpy(copy, bytes.at, bytes.bytes);
    copy[0] = BOOK_FORMAT + 1;
    ck_assert_int_eq(
        book_read(arena, catalogue, (Str){copy, bytes.bytes}, &book),
        ERR_INVALID);
    arena_close(arena);
}

TEST(a_book_may_not_grow_without_end)
{
    Book book = fresh();
    static Attribute many[BOOK_ATTRIBUTES_MAX];
    for (int i = 0; i < BOOK_ATTRIBUTES_MAX; i++) {
        many[i] = (Attribute){.kind = K_ASSET, .value = 1};
    }
    Err err = OK;
    int64_t said = 0;
    Origin origin = {.source = STR("test"), .received = 0};
    while (err == OK && said <= BOOK_SEGMENTS_MAX) {
        for (int i = 0; i < BOOK_ATTRIBUTES_MAX; i++) many[i].key = said + i;
        Statement statement = {said, 0, DAY_OPEN, many, BOOK_ATTRIBUTES_MAX};
        err = book_apply(&book, &statement, &origin);
        if (err == OK) said += BOOK_ATTRIBUTES_MAX;
    }
    ck_assert_int_eq(err, ERR_FULL);
    ck_assert_int_le(said, BOOK_SEGMENTS_MAX);
    arena_close(arena);
}

TEST(a_book_of_more_sources_than_it_may_have_is_not_written)
{
    Book book = fresh();
    char names[BOOK_SOURCES_MAX + 1][16];
    Attribute is = {.kind = K_WAGE, .value = 1};
    for (int i = 0; i <= BOOK_SOURCES_MAX; i++) {
        snprintf(names[i], sizeof names[i], "s%d", i);
        Origin origin = {.source = str_of(names[i]), .received = 0};
        Statement statement = {1, 10 * i, 10 * i + 5, &is, 1};
        ck_assert_int_eq(book_apply(&book, &statement, &origin), OK);
        Buf buf = buf_make(1 << 20);
        ck_assert_int_eq(book_write(&book, &buf),
                         i < BOOK_SOURCES_MAX ? OK : ERR_FULL);
        buf_free(&buf);
    }
    arena_close(arena);
}

TEST(codes_and_classes_that_nobody_knows_are_refused)
{
    Attribute wrong[] = {{.kind = K_REGION, .value = 2},
                         {.kind = K_REGION, .value = -1},
                         {.kind = K_ASSET, .asset_class = 99, .value = 1}};
    for (int i = 0; i < 3; i++) {
        Book book = fresh(), again;
        Origin origin = {.source = STR("test"), .received = 0};
        Statement statement = {0, 0, DAY_OPEN, &wrong[i], 1};
        Buf buf = buf_make(1 << 20);
        ck_assert_int_eq(book_apply(&book, &statement, &origin), OK);
        ck_assert_int_eq(book_write(&book, &buf), OK);
        ck_assert_int_eq(book_read(arena, catalogue, buf_view(&buf), &again),
                         ERR_INVALID);
        buf_free(&buf);
        arena_close(arena);
    }
}

TEST(the_attributes_of_a_fact_row_make_the_round)
{
    fresh();
    Attribute said[] = {
        {.kind = K_LEVEL, .value = 4},
        {.kind = K_WAGE, .value = 999999},
        {.kind = K_LUMP, .key = 55, .value = 12},
        {.kind = K_ASSET, .key = 9, .asset_class = 1, .flags = 3, .value = 77},
        {.kind = K_NAME, .text = STR("x")}};
    const Attribute *back;
    int32_t count;
    Buf buf = buf_make(1000);
    book_attributes_write(catalogue, said, 5, &buf);
    ck_assert_int_eq(
        book_attributes_read(arena, catalogue, buf_view(&buf), &back, &count),
        OK);
    ck_assert_int_eq(count, 5);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(back[i].kind, said[i].kind);
        ck_assert_int_eq(back[i].key, said[i].key);
        ck_assert_int_eq(back[i].value, said[i].value);
        ck_assert_int_eq(back[i].asset_class, said[i].asset_class);
        ck_assert_int_eq(back[i].flags, said[i].flags);
        ck_assert(str_equal(back[i].text, said[i].text));
    }
    for (size_t cut = 0; cut < buf.bytes; cut++) {
        ck_assert_int_eq(book_attributes_read(arena, catalogue,
                                              (Str){buf.at, cut}, &back,
                                              &count),
                         ERR_INVALID);
    }
    buf_free(&buf);
    arena_close(arena);
}

/* The naive model: one cell for each subject, kind, key and day. */
enum { DAYS = 120, SUBJECTS = 3, KEYS = 2 };

typedef struct Cell {
    int64_t value; /* -1: nothing is believed */
    int32_t version;
} Cell;

static Cell model[SUBJECTS][2][KEYS][DAYS];

static void say_both(Book *book, Random *random, Day first, int32_t version)
{
    int64_t subject = (int64_t)random_below(random, SUBJECTS);
    int which = (int)random_below(random, 2);
    int64_t key = which == 0 ? 0 : (int64_t)random_below(random, KEYS);
    int32_t from = (int32_t)random_below(random, DAYS);
    int32_t to = from + 1 + (int32_t)random_below(random, (uint64_t)DAYS);
    bool open = to >= DAYS;
    Attribute is = {.kind = which == 0 ? K_LEVEL : K_ASSET,
                    .key = key,
                    .value = (int64_t)random_below(random, 1000)};
    Statement statement = {subject, first + from, open ? DAY_OPEN : first + to,
                           &is, 1};
    Origin origin = {.version = version, .source = STR("a")};
    ck_assert_int_eq(book_apply(book, &statement, &origin), OK);
    for (int32_t day = from; day < (open ? DAYS : to); day++) {
        model[subject][which][key][day] = (Cell){is.value, version};
    }
}

static void compare_both(const Book *book, Day first)
{
    for (int64_t subject = 0; subject < SUBJECTS; subject++) {
        for (int which = 0; which < 2; which++) {
            for (int64_t key = 0; key < KEYS; key++) {
                for (int32_t day = 0; day < DAYS; day++) {
                    Cell cell = model[subject][which][key][day];
                    const Segment *found =
                        book_find(book, subject, which == 0 ? K_LEVEL : K_ASSET,
                                  key, first + day);
                    ck_assert_int_eq(found == NULL ? -1 : found->is.value,
                                     cell.value);
                    if (found == NULL) continue;
                    ck_assert_int_eq(book->origins[found->origin].version,
                                     cell.version);
                }
            }
        }
    }
}

TEST(laying_statements_over_each_other_equals_a_model_of_single_days)
{
    Day first = test_day("2024-01-01");
    for (uint64_t seed = 1; seed <= 40; seed++) {
        Random random = random_make(seed);
        Book book = fresh();
        memset(model, 0, sizeof model);
        for (Cell *cell = &model[0][0][0][0];
             cell < &model[0][0][0][0] + sizeof model / sizeof(Cell); cell++) {
            cell->value = -1;
        }
        for (int32_t version = 1; version <= 60; version++) {
            say_both(&book, &random, first, version);
            if (version % 7 != 0) continue;
            /* now and then by way of its bytes, as in service */
            Str bytes = written(&book);
            ck_assert_int_eq(book_read(arena, catalogue, bytes, &book), OK);
        }
        compare_both(&book, first);
        written(&book);
        compare_both(&book, first);
        arena_close(arena);
    }
}

/*
 * From its settled month on a household has one record; before it, its
 * history gives the records that its book gives. For random books.
 */
#define _GNU_SOURCE /* memmem() */
#include "registry/settle.h"

#include "base/random.h"
#include "tests/registry/kinds.h"

enum {
    TRIALS = 150,
    STATEMENTS = 14,
    FIRST = (2022 - 1970) * 12,
    LAST = (2031 - 1970) * 12
};

typedef struct Trial {
    Arena *arena;
    Random random;
    const KindCatalogue *catalogue;
    Book book;
} Trial;

static int64_t below(Trial *t, int64_t n)
{
    return (int64_t)random_below(&t->random, (uint64_t)n);
}

static Attribute random_attribute(Trial *t, bool of_person)
{
    static const int32_t kinds[] = {K_MEMBER, K_BIRTH, K_AWAY,  K_LEVEL, K_DEAD,
                                    K_WAGE,   K_LUMP,  K_ASSET, K_NAME};
    if (!of_person) {
        int32_t kind = below(t, 2) == 0 ? K_REGION : K_PLAIN;
        return (Attribute){.kind = kind, .value = below(t, 2)};
    }
    Attribute is = {.kind = kinds[below(t, 9)], .value = below(t, 2)};
    if (is.kind == K_MEMBER) is.value = below(t, 5);
    if (is.kind == K_BIRTH) is.value = 10000 + below(t, 9000);
    if (is.kind == K_WAGE) is.value = below(t, 3) * 100000;
    if (is.kind == K_NAME) is.text = STR("Sara");
    if (is.kind == K_LUMP || is.kind == K_ASSET) is.key = below(t, 3);
    if (is.kind == K_LUMP || is.kind == K_ASSET) is.value = below(t, 900000);
    return is;
}

static Str random_book(Trial *t)
{
    t->book = book_make(t->arena, t->catalogue);
    test_say(&t->book, 5, "2021-01-01", "open", (Attribute){.kind = K_MEMBER});
    for (int64_t i = below(t, STATEMENTS); i > 0; i--) {
        bool of_person = below(t, 5) > 0;
        Day from = 18000 + (Day)below(t, 2400);
        Attribute is = random_attribute(t, of_person);
        Statement statement = {
            .subject = of_person ? 5 + below(t, 3) : BOOK_HOUSEHOLD,
            .from = from,
            .to = below(t, 2) == 0 ? DAY_OPEN : from + 1 + (Day)below(t, 900),
            .attributes = &is,
            .attribute_count = 1};
        Origin origin = {.version = (int32_t)i, .source = STR("gosi")};
        ck_assert_int_eq(book_apply(&t->book, &statement, &origin), OK);
    }
    Buf buf = buf_make(1 << 20);
    ck_assert_int_eq(book_write(&t->book, &buf), OK);
    Str bytes = str_copy(t->arena, buf_view(&buf));
    buf_free(&buf);
    return bytes;
}

/* The canonical bytes of a month's record. */
static Str record_of(Trial *t, Str book, Month month)
{
    InputRecord record;
    Buf buf = buf_make(1 << 20);
    ck_assert_int_eq(
        record_project(t->arena, t->catalogue, 1, book, month, &record), OK);
    record_write(t->catalogue, &record, &buf);
    Str bytes = str_copy(t->arena, buf_view(&buf));
    buf_free(&buf);
    return bytes;
}

static void try_book(Trial *t)
{
    Str book = random_book(t);
    Month settled;
    Buf history = buf_make(1 << 20);
    ck_assert_int_eq(book_settled(t->catalogue, book, FIRST, &settled), OK);
    ck_assert_int_eq(book_history(t->catalogue, book, &history), OK);
    ck_assert(settled >= FIRST && settled < LAST);
    Str view = buf_view(&history);
    ck_assert_ptr_null(memmem(view.at, view.bytes, "Sara", 4));
    ck_assert_ptr_null(memmem(view.at, view.bytes, "gosi", 4));
    Str last = record_of(t, book, settled);
    for (Month month = FIRST; month < LAST; month++) {
        Str record = record_of(t, book, month);
        ck_assert(str_equal(record, record_of(t, view, month)));
        if (month >= settled) ck_assert(str_equal(record, last));
    }
    buf_free(&history);
}

TEST(a_settled_household_has_one_record_and_its_history_gives_the_others)
{
    Trial t = {.arena = arena_open(512 << 20), .random = random_make(77)};
    for (int i = 0; i < TRIALS; i++) {
        t.catalogue = test_kinds(t.arena);
        try_book(&t);
        arena_reset(t.arena);
    }
    arena_close(t.arena);
}

TEST(a_damaged_book_has_no_settled_month)
{
    Trial t = {.arena = arena_open(64 << 20), .random = random_make(5)};
    t.catalogue = test_kinds(t.arena);
    Str book = random_book(&t);
    Month settled;
    Buf history = buf_make(1 << 20);
    for (size_t cut = 0; cut < book.bytes; cut++) {
        Str part = {book.at, cut};
        ck_assert_int_eq(book_settled(t.catalogue, part, FIRST, &settled),
                         ERR_INVALID);
        buf_reset(&history);
        ck_assert_int_eq(book_history(t.catalogue, part, &history),
                         ERR_INVALID);
    }
    buf_free(&history);
    arena_close(t.arena);
}

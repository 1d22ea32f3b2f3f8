/* A population as it stands in a month has the same records as its histories
 * give for that month, whoever reads it. */
#include <stdlib.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/random.h"
#include "registry/book.h"
#include "simulation/still.h"
#include "simulation/team.h"
#include "tests/harness.h"

enum {
    HOUSEHOLDS = SNAPSHOT_BLOCK + 700,
    BYTES = 1 << 30,
    RECORD_MAX = 1 << 20,
    SPAN = 900 /* days in which something changes */
};

typedef struct World {
    Arena *arena, *scratch;
    const KindCatalogue *catalogue;
    const FactColumns *facts;
    Random random;
    Month month;
    char path[64];
    Snapshot *snapshot;
    FactReader reader;
    Diag diag;
} World;

static int64_t below(World *w, uint64_t n)
{
    return (int64_t)random_below(&w->random, n);
}

/* One thing said of somebody, from some day on. */
static void say(World *w, Book *book, int64_t subject, const char *name,
                int64_t value, bool always)
{
    const Kind *kind = kind_find(w->catalogue, str_of(name));
    ck_assert_msg(kind != NULL, "%s", name);
    Attribute is = {.kind = kind->id, .value = value};
    Day first = month_first_day(w->month) - SPAN;
    Day from = always ? first - 1 : first + (Day)below(w, SPAN + 400);
    Statement statement = {
        subject, from,
        below(w, 3) == 0 ? from + 1 + (Day)below(w, 300) : DAY_OPEN, &is, 1};
    if (always) statement.to = DAY_OPEN;
    Origin origin = {.version = 1, .source = STR("a")};
    ck_assert_int_eq(book_apply(book, &statement, &origin), OK);
}

static void say_person(World *w, Book *book, int64_t person, int role)
{
    static const char *const money[] = {"wage", "pension_income",
                                        "business_income"};
    say(w, book, person, "member", role, below(w, 9) > 0);
    say(w, book, person, "birth_date", below(w, 18000), true);
    if (below(w, 2)) say(w, book, person, "disability", below(w, 4), false);
    if (below(w, 4) == 0) say(w, book, person, "abroad", 1, false);
    for (int i = 0; i < 3; i++) {
        for (int64_t n = below(w, 3); n > 0; n--) {
            say(w, book, person, money[i], below(w, 900000), n == 2);
        }
    }
}

static void put_household(World *w, SnapshotFill *fill, int64_t id, Buf *text)
{
    arena_reset(w->scratch);
    Book book = book_make(w->scratch, w->catalogue);
    InputRecord record;
    int64_t size = below(w, 12) == 0 ? 0 : 1 + below(w, 5);
    say(w, &book, BOOK_HOUSEHOLD, "region", below(w, 13), true);
    for (int64_t i = 0; i < size; i++) {
        say_person(w, &book, id * 10 + i, i == 0 ? 0 : 2);
    }
    buf_reset(text);
    ck_assert_int_eq(book_write(&book, text), OK);
    ck_assert_int_eq(record_project(w->scratch, w->catalogue, id,
                                    buf_view(text), w->month, &record),
                     OK);
    facts_put(w->facts, fill, &record, FACTS_NEVER, buf_view(text));
}

static void open_world(World *w)
{
    SnapshotWriter *writer;
    Buf text = buf_make(RECORD_MAX);
    *w = (World){.arena = arena_open(BYTES),
                 .scratch = arena_open(BYTES),
                 .random = random_make(7),
                 .month = (2026 - 1970) * 12 + 4};
    Err err = kind_load(w->arena, asset_find("models/facts.tsv")->bytes,
                        asset_find("models/asset-classes.tsv")->bytes, &w->diag,
                        &w->catalogue);
    ck_assert_msg(err == OK, "%s", w->diag.key);
    ck_assert_int_eq(facts_make(w->arena, w->catalogue, &w->facts), OK);
    ck_assert_int_eq(snapshot_writer_open(w->facts->kind, w->facts->count,
                                          FACTS_FIRST_MONTH, w->facts->name,
                                          &writer),
                     OK);
    SnapshotFill *fill = snapshot_fill_open(writer);
    for (int64_t id = 0; id < HOUSEHOLDS; id++) {
        put_household(w, fill, id, &text);
        if (id % SNAPSHOT_BLOCK == SNAPSHOT_BLOCK - 1 || id == HOUSEHOLDS - 1) {
            ck_assert_int_eq(
                snapshot_fill_block(fill, (int32_t)(id / SNAPSHOT_BLOCK)), OK);
        }
    }
    snprintf(w->path, sizeof w->path, "/tmp/sanad-still-XXXXXX");
    int fd = mkstemp(w->path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_int_eq(snapshot_writer_file(writer, w->path, &w->diag), OK);
    snapshot_writer_close(writer);
    buf_free(&text);
    ck_assert_int_eq(snapshot_open(w->path, &w->diag, &w->snapshot), OK);
    ck_assert_int_eq(
        facts_reader(w->facts, w->snapshot, w->path, &w->diag, &w->reader), OK);
}

static void close_world(World *w)
{
    snapshot_close(w->snapshot);
    unlink(w->path);
    arena_close(w->scratch);
    arena_close(w->arena);
}

/* The canonical bytes of all records, by household. */
static void read_all(World *w, const FactReader *reader, Month month, Str *ret)
{
    Buf text = buf_make(RECORD_MAX);
    const Snapshot *snapshot = reader->snapshot;
    for (int32_t b = 0; b < snapshot_block_count(snapshot); b++) {
        int32_t rows, settled;
        int64_t first = snapshot_block(snapshot, b, month, &rows, &settled);
        for (int32_t i = 0; i < rows; i++) {
            InputRecord record;
            arena_reset(w->scratch);
            ck_assert_int_eq(facts_record(reader, w->scratch, first + i,
                                          i < settled, month, &record),
                             OK);
            buf_reset(&text);
            record_write(w->catalogue, &record, &text);
            Str *at = &ret[record.household_id];
            ck_assert_ptr_null(at->at);
            *at = str_copy(w->arena, buf_view(&text));
        }
    }
    buf_free(&text);
}

static void check_month(World *w, Month month, int32_t threads)
{
    FactReader still;
    Str *expected = ARENA_ARRAY(w->arena, Str, HOUSEHOLDS);
    Str *found = ARENA_ARRAY(w->arena, Str, HOUSEHOLDS);
    int32_t settled = 0, empty = 0;
    ck_assert(still_moves(w->snapshot, month));
    ck_assert_int_eq(still_open(w->arena, &w->reader, month, threads, NULL,
                                &w->diag, &still),
                     OK);
    for (int32_t b = 0; b < snapshot_block_count(still.snapshot); b++) {
        int32_t rows, those;
        snapshot_block(still.snapshot, b, month, &rows, &those);
        settled += those;
        empty += rows - those;
    }
    ck_assert_int_eq(settled + empty, HOUSEHOLDS);
    ck_assert_int_gt(empty, HOUSEHOLDS / 20);
    ck_assert_int_lt(empty, HOUSEHOLDS / 3);
    read_all(w, &w->reader, month, expected);
    read_all(w, &still, month, found);
    for (int32_t i = 0; i < HOUSEHOLDS; i++) {
        ck_assert_msg(str_equal(expected[i], found[i]), "household %d", i);
    }
}

TEST(a_month_has_the_records_that_its_histories_give)
{
    World w;
    open_world(&w);
    check_month(&w, w.month, 1);
    check_month(&w, w.month - 7, 2);
    check_month(&w, w.month + 9, 3);
    close_world(&w);
}

TEST(who_wants_it_no_more_stops_it)
{
    World w;
    FactReader still;
    Lookout lookout = {.stop = true};
    open_world(&w);
    ck_assert_int_eq(
        still_open(w.arena, &w.reader, w.month, 2, &lookout, &w.diag, &still),
        ERR_STOPPED);
    close_world(&w);
}

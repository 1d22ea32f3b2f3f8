/*
 * A model on a snapshot gives by columns what the evaluator for one gives:
 * for random populations, and for households at the threshold and a halala
 * to its sides. A damaged snapshot is refused.
 */
#include "simulation/decide.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/file.h"
#include "base/random.h"
#include "programme/pack.h"
#include "simulation/fill.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 512 << 20, CSV_BYTES = 256 << 20, ROUNDS = 12 };

typedef struct Fixture {
    Arena *arena;
    const Pack *pack;
    const FactColumns *facts;
    Programme reference;
    Str reference_file;
    char folder[64];
    char snapshot[96];
    Random random;
    Diag diag;
} Fixture;

static Fixture open_fixture(void)
{
    static const char file[] = "bench/reference.dmn";
    Fixture f = {.arena = arena_open(ARENA_BYTES),
                 .folder = "/tmp/sanad-test-XXXXXX",
                 .random = random_make(20260101)};
    DmnSource source = {file, harness_read(harness_path("../bench/"
                                                        "reference.dmn"))};
    DmnModel *model;
    ck_assert_ptr_nonnull(mkdtemp(f.folder));
    snprintf(f.snapshot, sizeof f.snapshot, "%s/s", f.folder);
    ck_assert_int_eq(pack_embedded(f.arena, &f.diag, &f.pack), OK);
    ck_assert_int_eq(facts_make(f.arena, f.pack->catalogue, &f.facts), OK);
    ck_assert_int_eq(dmn_load(f.arena, &source, 1, DMN_STRICT, &f.diag, &model),
                     OK);
    f.reference_file = source.bytes;
    f.reference =
        (Programme){.model = model,
                    .month_input = dmn_input_find(model, STR("month")),
                    .household_input = dmn_input_find(model, STR("household"))};
    return f;
}

static void close_fixture(Fixture *f)
{
    char path[128];
    static const char *const files[] = {"s", "households.csv", "persons.csv"};
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", f->folder, files[i]);
        unlink(path);
    }
    rmdir(f->folder);
    arena_close(f->arena);
}

static int64_t pick(Fixture *f, uint64_t below)
{
    return (int64_t)random_below(&f->random, below);
}

static int64_t amount(Fixture *f)
{
    static const int64_t edges[] = {1,      75000,  74999,  75001,
                                    132000, 131999, 132001, 999999999};
    int64_t way = pick(f, 12);
    if (way < 6) return 0;
    return way < 8 ? edges[pick(f, 8)] : pick(f, 900000);
}

static void write_money(Buf *buf, int64_t minor)
{
    buf_format(buf, ",%lld.%02lld", (long long)(minor / 100),
               (long long)(minor % 100));
}

static void write_person(Fixture *f, Buf *buf, int64_t person,
                         int64_t household, bool head)
{
    buf_format(buf, "%lld,%lld,%lld,", (long long)person, (long long)household,
               head ? 0LL : 1 + (long long)pick(f, 3));
    day_write(buf, (Day)(20454 - pick(f, 30000) - (head ? 7000 : 0)));
    buf_format(buf, ",%lld,%d,%lld,%lld",
               pick(f, 5) == 0 ? (long long)pick(f, 3) : 0LL, pick(f, 9) != 0,
               (long long)pick(f, 120), (long long)pick(f, 2));
    for (int i = 0; i < 4; i++) write_money(buf, amount(f));
    buf_char(buf, '\n');
}

static void write_file(const Fixture *f, const char *name, Buf *buf)
{
    char path[128];
    Diag diag = {.key = ""};
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    ck_assert(!buf_full(buf));
    ck_assert_int_eq(file_write(path, buf_view(buf), 0600, &diag), OK);
    buf_free(buf);
}

static const char households_head[] = "household_id,region,in_shelter\n";
static const char persons_head[] =
    "person_id,household_id,role,birth_date,nationality,resident,days_abroad,"
    "enrolled,salary,pension_income,rent_income,business_income\n";

/* A population whose columns are sometimes all the same. */
static void write_random(Fixture *f, int64_t count)
{
    Buf households = buf_make(CSV_BYTES), persons = buf_make(CSV_BYTES);
    int64_t person = pick(f, 1000);
    buf_text(&households, households_head);
    buf_text(&persons, persons_head);
    for (int64_t h = 0; h < count; h++) {
        buf_format(&households, "%lld,%lld,%d\n", (long long)h * 3,
                   1 + (long long)pick(f, 13), pick(f, 30) == 0);
        int64_t members = 1 + pick(f, pick(f, 9) == 0 ? 30 : 6);
        for (int64_t i = 0; i < members; i++) {
            write_person(f, &persons, person++, h * 3, i == 0);
        }
    }
    write_file(f, "households.csv", &households);
    write_file(f, "persons.csv", &persons);
}

static SnapshotReport make_snapshot(Fixture *f, int32_t threads)
{
    SnapshotJob job = {.catalogue = f->pack->catalogue,
                       .out = f->snapshot,
                       .threads = threads};
    SnapshotReport report;
    Err err =
        snapshot_from_csv(&job, f->folder, pack_file(f->pack, "models/csv.tsv"),
                          f->pack->formats, &f->diag, &report);
    ck_assert_msg(err == OK, "%s %s", f->diag.key, f->diag.arg[0]);
    return report;
}

static void run(Fixture *f, const Snapshot *snapshot,
                const Programme *programme, const Measures *measures,
                bool scalar, DecideReport *ret)
{
    FactReader *reader = ARENA_NEW(f->arena, FactReader);
    ck_assert_int_eq(
        facts_reader(f->facts, snapshot, f->snapshot, &f->diag, reader), OK);
    DecideJob job = {.reader = reader,
                     .programme = programme,
                     .measures = measures,
                     .month = (2025 - 1970) * 12 + 6,
                     .passes = 8,
                     .threads = scalar ? 1 : 2,
                     .scalar = scalar};
    Err err = decide_population(&job, f->arena, &f->diag, ret);
    ck_assert_msg(err == OK, "%s %s", f->diag.key, f->diag.arg[0]);
}

/* Both ways give the same bytes, and columns do nearly all of it. */
static void compare(Fixture *f, const Snapshot *snapshot,
                    const Programme *programme, Str file)
{
    const Measures *measures;
    DecideReport columns, one;
    Err err =
        measures_read(f->arena, programme->model, file, &f->diag, &measures);
    ck_assert_msg(err == OK, "%s", f->diag.key);
    run(f, snapshot, programme, measures, false, &columns);
    run(f, snapshot, programme, measures, true, &one);
    EXPECT_STR(str_of(columns.why), "");
    for (int k = 0; k < 8; k++) {
        Buf a = buf_make(1 << 20), b = buf_make(1 << 20);
        JsonOut out_a = json_out_make(&a), out_b = json_out_make(&b);
        json_out_object(&out_a);
        json_out_object(&out_b);
        measures_json(measures, &columns.month[k].tally, &out_a);
        measures_json(measures, &one.month[k].tally, &out_b);
        json_out_object_end(&out_a);
        json_out_object_end(&out_b);
        ck_assert_msg(str_equal(buf_view(&a), buf_view(&b)),
                      "pass %d:\n%.*s\n%.*s", k, STR_ARG(buf_view(&a)),
                      STR_ARG(buf_view(&b)));
        ck_assert_int_eq(columns.month[k].households, one.month[k].households);
        ck_assert_int_eq(columns.month[k].persons, one.month[k].persons);
        ck_assert(columns.month[k].by_one * 2 <= one.month[k].by_one);
        buf_free(&a);
        buf_free(&b);
    }
}

static void compare_all(Fixture *f)
{
    Snapshot *snapshot;
    Diag diag;
    ck_assert_int_eq(snapshot_open(f->snapshot, &diag, &snapshot), OK);
    ck_assert_int_eq(snapshot_verify(snapshot, 0, 1, &diag), OK);
    compare(f, snapshot, &f->reference, f->reference_file);
    for (int32_t i = 0; i < f->pack->programme_count; i++) {
        compare(f, snapshot, &f->pack->programmes[i],
                pack_file(f->pack, "models/social-security/pension.dmn"));
    }
    snapshot_close(snapshot);
}

TEST(columns_answer_what_the_evaluator_for_one_answers)
{
    Fixture f = open_fixture();
    for (int i = 0; i < ROUNDS; i++) {
        write_random(&f, 1 + pick(&f, i % 8 == 0 ? 600 : 40));
        make_snapshot(&f, 1 + i % 2);
        compare_all(&f);
    }
    close_fixture(&f);
}

TEST(a_snapshot_is_the_same_by_any_number_of_threads)
{
    Fixture f = open_fixture();
    FileMap one, three;
    Diag diag;
    write_random(&f, 9000);
    SnapshotReport report = make_snapshot(&f, 1);
    ck_assert_int_eq(report.households, 9000);
    ck_assert_int_eq(file_map(f.snapshot, &diag, &one), OK);
    make_snapshot(&f, 3);
    ck_assert_int_eq(file_map(f.snapshot, &diag, &three), OK);
    ck_assert(str_equal(one.bytes, three.bytes));
    file_unmap(&one);
    file_unmap(&three);
    close_fixture(&f);
}

/* One person a household: its income is all that decides. */
static void write_at_threshold(Fixture *f, int64_t count, int64_t away)
{
    Buf households = buf_make(CSV_BYTES), persons = buf_make(CSV_BYTES);
    buf_text(&households, households_head);
    buf_text(&persons, persons_head);
    for (int64_t h = 0; h < count; h++) {
        int64_t wage = pick(f, 132000), bonus = h % 12 == 0 ? 20000 : 0;
        int64_t counted = wage > 0 ? wage + bonus - 75000 : 0;
        if (counted < 0) counted = 0;
        if (counted > 132000) counted = wage = 0;
        buf_format(&households, "%lld,1,0\n", (long long)h);
        buf_format(&persons, "%lld,%lld,0,1980-05-05,0,1,0,0", (long long)h,
                   (long long)h);
        write_money(&persons, wage);
        write_money(&persons, 0);
        write_money(&persons, 132000 - counted + away);
        write_money(&persons, 0);
        buf_char(&persons, '\n');
    }
    write_file(f, "households.csv", &households);
    write_file(f, "persons.csv", &persons);
}

TEST(a_halala_decides_at_the_threshold)
{
    Fixture f = open_fixture();
    const Measures *measures;
    enum { COUNT = 4000 };
    ck_assert_int_eq(measures_read(f.arena, f.reference.model, f.reference_file,
                                   &f.diag, &measures),
                     OK);
    for (int64_t away = -1; away <= 1; away++) {
        Snapshot *snapshot;
        FactReader reader;
        DecideReport report;
        write_at_threshold(&f, COUNT, away);
        make_snapshot(&f, 2);
        ck_assert_int_eq(snapshot_open(f.snapshot, &f.diag, &snapshot), OK);
        ck_assert_int_eq(facts_reader(f.facts, snapshot, "", &f.diag, &reader),
                         OK);
        DecideJob job = {.reader = &reader,
                         .programme = &f.reference,
                         .measures = measures,
                         .month = (2026 - 1970) * 12,
                         .passes = 1,
                         .threads = 2};
        ck_assert_int_eq(decide_population(&job, f.arena, &f.diag, &report),
                         OK);
        const int64_t *slot = report.month[0].tally.slot;
        ck_assert_int_eq(slot[0], away < 0 ? COUNT : 0);     /* eligible */
        ck_assert_int_eq(slot[7], away < 0 ? COUNT : 0);     /* pension */
        ck_assert_int_eq(slot[1 + 5], away < 0 ? 0 : COUNT); /* income */
        ck_assert_int_eq(report.month[0].by_one, 0);
        snapshot_close(snapshot);
    }
    close_fixture(&f);
}

/* Whether a file is taken for a good snapshot. */
static bool is_good(const Fixture *f)
{
    Snapshot *snapshot;
    Diag diag = {.key = ""};
    if (snapshot_open(f->snapshot, &diag, &snapshot) != OK) {
        ck_assert_msg(strncmp(diag.key, "snapshot.", 9) == 0, "%s", diag.key);
        return false;
    }
    bool good = snapshot_verify(snapshot, 0, 1, &diag) == OK;
    snapshot_close(snapshot);
    return good;
}

TEST(a_damaged_or_cut_snapshot_is_refused)
{
    Fixture f = open_fixture();
    FileMap map;
    Diag diag;
    write_random(&f, 300);
    make_snapshot(&f, 1);
    ck_assert(is_good(&f));
    ck_assert_int_eq(file_map(f.snapshot, &diag, &map), OK);
    Str whole = str_copy(f.arena, map.bytes);
    file_unmap(&map);
    char *bytes = arena_text(f.arena, whole.at, whole.bytes);
    int32_t passed = 0;
    for (int i = 0; i < 400; i++) {
        size_t at = i < 160 ? (size_t)i : (size_t)pick(&f, whole.bytes);
        bytes[at] = (char)(bytes[at] ^ (1 << (i % 8)));
        ck_assert_int_eq(
            file_write(f.snapshot, (Str){bytes, whole.bytes}, 0600, &diag), OK);
        passed += is_good(&f); /* not even in a gap between its parts */
        bytes[at] = whole.at[at];
    }
    ck_assert_int_eq(passed, 0);
    for (int i = 0; i < 40; i++) {
        size_t cut = (size_t)pick(&f, whole.bytes);
        ck_assert_int_eq(file_write(f.snapshot, (Str){bytes, cut}, 0600, &diag),
                         OK);
        ck_assert(!is_good(&f));
    }
    close_fixture(&f);
}

/*
 * bench_column.c - a model on everybody by columns, against plain C of the
 * same rules, numpy's best way, and SQL in SQLite and PostgreSQL.
 *
 * One core each, CPU seconds (of PostgreSQL the time that it reports, with one
 * worker), in rounds that take turns, so that what else the machine does is
 * the same for all; medians and spreads of the rounds' ratios. All must find
 * the same. Fails when a ratio is below its bound. numpy and PostgreSQL are
 * left out where they are not installed.
 *
 *   bench_column [HOUSEHOLDS [HOUSEHOLDS_OF_SQL]]
 */
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/clock.h"
#include "base/file.h"
#include "bench/nation.h"
#include "simulation/decide.h"
#include "simulation/fill.h"

enum { ROUNDS = 9, SQL_ROUNDS = 3, PASSES = 4, ARENA_BYTES = 256 << 20 };

static const double C_MIN = 0.5, NUMPY_MIN = 9, POSTGRES_MIN = 60,
                    RATE_MIN = 20e6, THREADS_MIN = 1.7, BYTES_MAX = 250;

typedef struct Found {
    int64_t eligible, total, cards;
} Found;

typedef struct Bench {
    Arena *arena;
    char folder[64];
    PlainPopulation people;
    Snapshot *snapshot;
    FactReader reader;
    Programme programme;
    const Measures *measures;
    Found found;
} Bench;

static const PlainMonth january = {0, 18262, 13514, -1461, 132000, 66000};

static void stop(const char *why)
{
    fprintf(stderr, "bench_column: %s\n", why);
    exit(1);
}

static const char *path_of(const Bench *b, const char *name)
{
    static char text[4][128];
    static int at;
    at = (at + 1) % 4;
    snprintf(text[at], sizeof text[at], "%s/%s", b->folder, name);
    return text[at];
}

static FILE *begin_file(const Bench *b, const char *name)
{
    FILE *to = fopen(path_of(b, name), "w");
    if (to == NULL) stop("cannot write its files");
    return to;
}

static void end_file(FILE *to)
{
    if (fclose(to) != 0) stop("the disk is full");
}

/* The population in all the forms in which it is read. */

/* A column as numpy keeps it on disk. */
static void write_npy(const Bench *b, const char *name, const char *type,
                      const void *values, size_t bytes, int64_t count)
{
    char head[128], file[64];
    snprintf(file, sizeof file, "%s.npy", name);
    FILE *to = begin_file(b, file);
    memset(head, ' ', sizeof head);
    memcpy(head, "\x93NUMPY\x01\x00\x76\x00", 10);
    int length = snprintf(head + 10, sizeof head - 10,
                          "{'descr': '%s', 'fortran_order': False, "
                          "'shape': (%lld,), }",
                          type, (long long)count);
    head[10 + length] = ' ';
    head[127] = '\n';
    fwrite(head, 1, sizeof head, to);
    fwrite(values, bytes, (size_t)count, to);
    end_file(to);
}

static void write_numpy(const Bench *b)
{
    const PlainPopulation *p = &b->people;
    int64_t n = p->persons;
    write_npy(b, "first", "<i4", p->first, 4, p->households + 1);
    write_npy(b, "in_shelter", "|u1", p->in_shelter, 1, p->households);
    write_npy(b, "person_id", "<i8", p->person_id, 8, n);
    write_npy(b, "birth", "<i4", p->birth, 4, n);
    write_npy(b, "nationality", "|u1", p->nationality, 1, n);
    write_npy(b, "resident", "|u1", p->resident, 1, n);
    write_npy(b, "enrolled", "|u1", p->enrolled, 1, n);
    write_npy(b, "days_abroad", "<i2", p->days_abroad, 2, n);
    write_npy(b, "salary", "<i8", p->salary, 8, n);
    write_npy(b, "pension", "<i8", p->pension, 8, n);
    write_npy(b, "rent", "<i8", p->rent, 8, n);
    write_npy(b, "business", "<i8", p->business, 8, n);
}

static void write_tables(const Bench *b)
{
    const PlainPopulation *p = &b->people;
    FILE *households = begin_file(b, "household.tsv");
    FILE *persons = begin_file(b, "person.tsv");
    for (int64_t h = 0; h < p->households; h++) {
        fprintf(households, "%lld\t%d\n", (long long)h, p->in_shelter[h]);
        for (int64_t i = p->first[h]; i < p->first[h + 1]; i++) {
            fprintf(persons,
                    "%lld\t%lld\t%d\t%d\t%d\t%d\t%d\t%d\t%lld\t%lld\t%lld\t"
                    "%lld\n",
                    (long long)h, (long long)i, p->role[i], p->birth[i],
                    p->nationality[i], p->resident[i], p->days_abroad[i],
                    p->enrolled[i], (long long)p->salary[i],
                    (long long)p->pension[i], (long long)p->rent[i],
                    (long long)p->business[i]);
        }
    }
    end_file(households);
    end_file(persons);
}

/* What is compared. Each gives CPU seconds for one month. */

static double by_plain_c(Bench *b, Found *found)
{
    PlainSums sums = {{0}, 0, 0, 0, 0, 0, 0};
    double began = clock_cpu_s();
    plain_decide(&b->people, &january, 0, b->people.households, &sums);
    double seconds = clock_cpu_s() - began;
    *found = (Found){sums.refused[0], sums.total, sums.cards};
    return seconds;
}

static const int64_t *slot_of(const Bench *b, const Tally *tally,
                              const char *key)
{
    for (int32_t i = 0; i < b->measures->count; i++) {
        const Measure *measure = &b->measures->at[i];
        if (strcmp(measure->key, key) == 0) return &tally->slot[measure->slot];
    }
    stop("the model lacks a measure");
    return NULL;
}

static double by_columns(Bench *b, Found *found)
{
    DecideReport *report = ARENA_NEW(b->arena, DecideReport);
    Diag diag;
    DecideJob job = {.reader = &b->reader,
                     .programme = &b->programme,
                     .measures = b->measures,
                     .month = (2026 - 1970) * 12,
                     .passes = PASSES,
                     .threads = 1};
    double began = clock_cpu_s();
    if (decide_population(&job, b->arena, &diag, report) != OK) stop(diag.key);
    double seconds = clock_cpu_s() - began;
    const Tally *tally = &report->month[0].tally;
    *found = (Found){*slot_of(b, tally, "eligible"),
                     *slot_of(b, tally, "total"), *slot_of(b, tally, "cards")};
    return seconds / PASSES;
}

/* Runs a command that prints "seconds S" and "result A B C". */
static bool by_command(const char *command, double *ret_seconds, Found *found)
{
    char line[256];
    double seconds, least = 1e9;
    bool done = false;
    long long a, t, c;
    FILE *from = popen(command, "r");
    if (from == NULL) return false;
    while (fgets(line, sizeof line, from) != NULL) {
        if (sscanf(line, "seconds %lf", &seconds) == 1) {
            if (seconds < least) least = seconds;
        }
        if (sscanf(line, "result %lld %lld %lld", &a, &t, &c) == 3) {
            *found = (Found){a, t, c};
            done = true;
        }
    }
    *ret_seconds = least;
    return pclose(from) == 0 && done;
}

static bool by_numpy(Bench *b, double *ret_seconds, Found *found)
{
    char command[256];
    snprintf(command, sizeof command,
             "/usr/bin/python3 bench/reference.py %s 2", b->folder);
    return by_command(command, ret_seconds, found);
}

static char *reference_sql(void)
{
    static char text[8192];
    FILE *from = fopen("bench/reference.sql", "r");
    size_t bytes = from == NULL ? 0 : fread(text, 1, sizeof text - 1, from);
    if (from != NULL) fclose(from);
    if (bytes == 0) stop("bench/reference.sql is not there");
    return text;
}

static void run_sqlite(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        stop(sqlite3_errmsg(db));
    }
}

static void load_person(sqlite3_stmt *stmt, const PlainPopulation *p, int64_t h,
                        int64_t i)
{
    const int64_t values[12] = {h,
                                i,
                                p->role[i],
                                p->birth[i],
                                p->nationality[i],
                                p->resident[i],
                                p->days_abroad[i],
                                p->enrolled[i],
                                p->salary[i],
                                p->pension[i],
                                p->rent[i],
                                p->business[i]};
    for (int v = 0; v < 12; v++) sqlite3_bind_int64(stmt, v + 1, values[v]);
    if (sqlite3_step(stmt) != SQLITE_DONE) stop("SQLite refused a person");
    sqlite3_reset(stmt);
}

static const char household_table[] =
    "CREATE TABLE household (household_id INTEGER PRIMARY KEY, in_shelter "
    "INTEGER NOT NULL)";
#define PERSON_COLUMNS                                                         \
    "household_id %s NOT NULL, person_id %s NOT NULL, role %s NOT NULL, "      \
    "birth %s NOT NULL, nationality %s NOT NULL, resident %s NOT NULL, "       \
    "days_abroad %s NOT NULL, enrolled %s NOT NULL, salary %s NOT NULL, "      \
    "pension %s NOT NULL, rent %s NOT NULL, business %s NOT NULL"

static sqlite3 *open_sqlite(const PlainPopulation *p)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    char sql[1024];
    const char *i = "INTEGER";
    if (sqlite3_open(":memory:", &db) != SQLITE_OK) stop("no SQLite");
    run_sqlite(db, household_table);
    snprintf(sql, sizeof sql,
             "CREATE TABLE person (" PERSON_COLUMNS
             ", PRIMARY KEY (household_id, person_id)) WITHOUT ROWID",
             i, i, i, i, i, i, i, i, i, i, i, i);
    run_sqlite(db, sql);
    run_sqlite(db, "BEGIN");
    sqlite3_prepare_v2(db, "INSERT INTO household VALUES (?, ?)", -1, &stmt,
                       NULL);
    for (int64_t h = 0; h < p->households; h++) {
        sqlite3_bind_int64(stmt, 1, h);
        sqlite3_bind_int64(stmt, 2, p->in_shelter[h]);
        sqlite3_step(stmt);
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
    sqlite3_prepare_v2(
        db, "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        -1, &stmt, NULL);
    for (int64_t h = 0; h < p->households; h++) {
        for (int64_t at = p->first[h]; at < p->first[h + 1]; at++) {
            load_person(stmt, p, h, at);
        }
    }
    sqlite3_finalize(stmt);
    run_sqlite(db, "COMMIT");
    run_sqlite(db, "ANALYZE");
    return db;
}

static double by_sqlite(sqlite3 *db, Found *found)
{
    sqlite3_stmt *stmt;
    double began = clock_cpu_s();
    if (sqlite3_prepare_v2(db, reference_sql(), -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW) {
        stop(sqlite3_errmsg(db));
    }
    *found =
        (Found){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
                sqlite3_column_int64(stmt, 2)};
    sqlite3_finalize(stmt);
    return clock_cpu_s() - began;
}

/* A server of its own for all rounds; false without one. */
static bool by_postgres(Bench *b, double *ret_seconds, Found *found)
{
    char command[512], create[1024];
    const char *i = "integer", *l = "bigint";
    FILE *sql = begin_file(b, "load.sql");
    snprintf(create, sizeof create, PERSON_COLUMNS, l, l, i, i, i, i, i, i, l,
             l, l, l);
    fprintf(sql,
            "\\set QUIET on\nSET max_parallel_workers_per_gather = 0;\n"
            "SET work_mem = '256MB';\n%s;\nCREATE TABLE person (%s, PRIMARY "
            "KEY (household_id, person_id));\n"
            "\\copy household FROM '%s'\n\\copy person FROM '%s'\n"
            "VACUUM ANALYZE household; VACUUM ANALYZE person;\n"
            "\\pset tuples_only on\n\\pset format unaligned\n"
            "\\pset fieldsep ' '\n\\timing on\n",
            household_table, create, path_of(b, "household.tsv"),
            path_of(b, "person.tsv"));
    for (int round = 0; round < SQL_ROUNDS; round++) {
        fprintf(sql, "%s\n", reference_sql());
    }
    end_file(sql);
    snprintf(command, sizeof command,
             "sh tests/pg-server sh -c 'psql -X -f %s \"$SANAD_TEST_PG\"' "
             "2>&1 | awk '/^Time:/ { print \"seconds\", $2 / 1000 } "
             "/^[0-9]+ [0-9]+ [0-9]+$/ { print \"result\", $0 }'",
             path_of(b, "load.sql"));
    return by_command(command, ret_seconds, found);
}

/* Results. */

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static bool tell(const char *name, const char *unit, double *ratios, int count,
                 double bound)
{
    qsort(ratios, (size_t)count, sizeof *ratios, by_value);
    double median = ratios[count / 2];
    bool held = median >= bound;
    printf("%-22s %8.2f %s, spread %.2f to %.2f", name, median, unit, ratios[0],
           ratios[count - 1]);
    if (bound > 0) printf(", at least %g: %s", bound, held ? "ok" : "MISSED");
    putchar('\n');
    return held;
}

static void check(const Bench *b, const char *name, Found found)
{
    if (memcmp(&found, &b->found, sizeof found) == 0) return;
    printf("%s finds %lld eligible, %lld, %lld cards; columns %lld, %lld, "
           "%lld\n",
           name, (long long)found.eligible, (long long)found.total,
           (long long)found.cards, (long long)b->found.eligible,
           (long long)b->found.total, (long long)b->found.cards);
    stop("results differ");
}

static void open_population(Bench *b, int64_t households)
{
    Diag diag = {.key = ""};
    const KindCatalogue *catalogue;
    const FactColumns *facts;
    const Formats *formats;
    SnapshotReport made;
    b->people = nation_make(households, 20260101);
    nation_write_csv(&b->people, b->folder);
    Err err = kind_load(b->arena, asset_find("models/facts.tsv")->bytes,
                        asset_find("models/asset-classes.tsv")->bytes, &diag,
                        &catalogue);
    if (err == OK) err = format_load_embedded(b->arena, &diag, &formats);
    if (err == OK) err = facts_make(b->arena, catalogue, &facts);
    SnapshotJob job = {
        .catalogue = catalogue, .out = path_of(b, "snapshot"), .threads = 2};
    if (err == OK) {
        err = snapshot_from_csv(&job, b->folder,
                                asset_find("models/csv.tsv")->bytes, formats,
                                &diag, &made);
    }
    if (err == OK) err = snapshot_open(job.out, &diag, &b->snapshot);
    if (err == OK) {
        err = facts_reader(facts, b->snapshot, "", &diag, &b->reader);
    }
    if (err != OK) stop(diag.key);
}

static void open_model(Bench *b)
{
    FileMap map;
    Diag diag = {.key = ""};
    DmnModel *model;
    if (file_map("bench/reference.dmn", &diag, &map) != OK) stop(diag.key);
    DmnSource source = {"reference.dmn", map.bytes};
    Err err = dmn_load(b->arena, &source, 1, DMN_STRICT, &diag, &model);
    if (err == OK) {
        err = measures_read(b->arena, model, map.bytes, &diag, &b->measures);
    }
    if (err != OK) stop(diag.key);
    b->programme =
        (Programme){.model = model,
                    .month_input = dmn_input_find(model, STR("month")),
                    .household_input = dmn_input_find(model, STR("household"))};
}

static Bench open_bench(int64_t households)
{
    Bench b = {.arena = arena_open(ARENA_BYTES),
               .folder = "/tmp/sanad-bench-XXXXXX"};
    if (b.arena == NULL || mkdtemp(b.folder) == NULL) stop("no folder");
    chmod(b.folder, 0755); /* a database server reads its files */
    open_population(&b, households);
    open_model(&b);
    return b;
}

static void close_bench(Bench *b)
{
    char command[128];
    snapshot_close(b->snapshot);
    nation_free(&b->people);
    arena_close(b->arena);
    snprintf(command, sizeof command, "rm -rf %s", b->folder);
    if (system(command) != 0) stop("cannot clean up");
}

/* Two threads on the clock of the wall against one; others on the machine
 * make this a measure of them, so that it is then only shown. */
static bool race_threads(Bench *b)
{
    double times[ROUNDS], load = 0;
    bool quiet = getloadavg(&load, 1) == 1 && load < 1.5;
    for (int i = 0; i < ROUNDS; i++) {
        double seconds[2];
        for (int32_t t = 0; t < 2; t++) {
            DecideReport *report = ARENA_NEW(b->arena, DecideReport);
            Diag diag;
            DecideJob job = {.reader = &b->reader,
                             .programme = &b->programme,
                             .measures = b->measures,
                             .month = (2026 - 1970) * 12,
                             .passes = 2 * PASSES,
                             .threads = t + 1};
            if (decide_population(&job, b->arena, &diag, report) != OK) {
                stop(diag.key);
            }
            seconds[t] = report->seconds;
        }
        times[i] = seconds[0] / seconds[1];
    }
    return tell("two threads", "times one", times, ROUNDS,
                quiet ? THREADS_MIN : 0);
}

/* How long it takes until a snapshot can be used, and how large it is. */
static bool race_opening(const Bench *b)
{
    double ms[ROUNDS];
    struct stat about;
    for (int i = 0; i < ROUNDS; i++) {
        Snapshot *snapshot;
        Diag diag;
        double began = clock_cpu_s();
        if (snapshot_open(path_of(b, "snapshot"), &diag, &snapshot) != OK ||
            snapshot_verify(snapshot, 0, 1, &diag) != OK) {
            stop(diag.key);
        }
        ms[i] = 1000 * (clock_cpu_s() - began);
        snapshot_close(snapshot);
    }
    qsort(ms, ROUNDS, sizeof *ms, by_value);
    if (stat(path_of(b, "snapshot"), &about) != 0) stop("no snapshot");
    double bytes = (double)about.st_size / (double)b->people.households;
    bool held = bytes <= BYTES_MAX;
    printf("snapshot of %.0f bytes a household, at most %g: %s; opened and "
           "verified in %.1f ms of CPU\n",
           bytes, BYTES_MAX, held ? "ok" : "MISSED", ms[ROUNDS / 2]);
    return held;
}

static bool race_code(int64_t households)
{
    Bench b = open_bench(households);
    Found found;
    double c[ROUNDS], numpy[ROUNDS], rate[ROUNDS], seconds;
    bool held, has_numpy;
    write_numpy(&b);
    by_columns(&b, &b.found);
    has_numpy = by_numpy(&b, &seconds, &found);
    for (int i = 0; i < ROUNDS; i++) {
        double plain = by_plain_c(&b, &found);
        check(&b, "plain C", found);
        double columns = by_columns(&b, &found);
        rate[i] = (double)households / columns;
        c[i] = plain / columns;
        if (!has_numpy || !by_numpy(&b, &seconds, &found)) continue;
        check(&b, "numpy", found);
        numpy[i] = seconds / columns;
    }
    printf("%lld households, %lld persons\n", (long long)households,
           (long long)b.people.persons);
    for (int i = 0; i < ROUNDS; i++) rate[i] /= 1e6;
    held = tell("household-months", "million/s", rate, ROUNDS, RATE_MIN / 1e6);
    held &= tell("as fast as plain C", "times", c, ROUNDS, C_MIN);
    if (has_numpy) {
        held &= tell("as fast as numpy", "times", numpy, ROUNDS, NUMPY_MIN);
    } else {
        printf("numpy is not installed: left out\n");
    }
    held &= race_threads(&b);
    held &= race_opening(&b);
    close_bench(&b);
    return held;
}

static bool race_sql(int64_t households)
{
    Bench b = open_bench(households);
    Found found;
    double lite[SQL_ROUNDS], server, columns[SQL_ROUNDS];
    bool held;
    sqlite3 *db = open_sqlite(&b.people);
    by_columns(&b, &b.found);
    for (int i = 0; i < SQL_ROUNDS; i++) {
        double seconds = by_sqlite(db, &found);
        check(&b, "SQLite", found);
        columns[i] = by_columns(&b, &found);
        lite[i] = seconds / columns[i];
    }
    sqlite3_close(db);
    printf("%lld households in SQL\n", (long long)households);
    held = tell("as fast as SQLite", "times", lite, SQL_ROUNDS, 0);
    write_tables(&b);
    if (by_postgres(&b, &server, &found)) {
        check(&b, "PostgreSQL", found);
        for (int i = 0; i < SQL_ROUNDS; i++) lite[i] = server / columns[i];
        held &= tell("as fast as PostgreSQL", "times", lite, SQL_ROUNDS,
                     POSTGRES_MIN);
    } else {
        printf("PostgreSQL is not installed: left out\n");
    }
    close_bench(&b);
    return held;
}

int main(int count, char **arguments)
{
    int64_t households = 1000000, of_sql = 200000;
    if (count > 1) (void)str_to_int(str_of(arguments[1]), &households);
    if (count > 2) (void)str_to_int(str_of(arguments[2]), &of_sql);
    if (households < 100 || of_sql < 100) return 2;
    bool held = race_code(households);
    held &= race_sql(of_sql);
    return held ? 0 : 1;
}

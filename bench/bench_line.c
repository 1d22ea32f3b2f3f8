/*
 * bench_line.c - what the main line costs over the bare database: a file of
 * households imported, and a first month determined, each against prepared
 * inserts of the very rows that it writes, into a database of the same schema
 * and durability. CPU time of whole processes, nine alternating rounds; fails
 * when a median ratio falls below its bound, or a command starts too slowly.
 *
 *   bench_line [HOUSEHOLDS [SANAD]]
 */
#include <fcntl.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/random.h"
#include "bench/bare.h"

enum {
    ROUNDS = 9,
    STARTS = 21,
    HOUSEHOLDS = 100000,
    ROWS_A_COMMIT = 20000, /* about what a slice of 50 ms holds */
    COLUMNS_MAX = 16,
    TABLES_MAX = 8,
    TEXT_BYTES = 256
};

static const double IMPORT_MIN = 0.5, DETERMINE_MIN = 0.5;
static const double START_MAX_MS = 10;

typedef struct Bench {
    char folder[64];
    const char *sanad;
    int64_t households;
    int64_t persons;
} Bench;

typedef struct Spent {
    double cpu_s;
    double wall_s;
} Spent;

static void stop(const char *why)
{
    fprintf(stderr, "bench_line: %s\n", why);
    exit(1);
}

static const char *path_of(const Bench *bench, const char *name)
{
    static char text[4][TEXT_BYTES];
    static int at;
    at = (at + 1) % 4;
    snprintf(text[at], TEXT_BYTES, "%s/%s", bench->folder, name);
    return text[at];
}

/* The population: sizes, ages and incomes of no real people. */

static void write_person(FILE *to, Random *random, int64_t id,
                         int64_t household, int place)
{
    int role = place == 0 ? 0 : place == 1 ? 1 : 2;
    int64_t years = role < 2 ? 25 + (int64_t)random_below(random, 60)
                             : (int64_t)random_below(random, 24);
    int64_t birth = 20400 - years * 365 - (int64_t)random_below(random, 365);
    char room[16];
    Buf day = {.at = room, .room_bytes = 16, .limit_bytes = 16};
    day_write(&day, (Day)birth);
    bool works = role < 2 && random_below(random, 3) > 0;
    bool retired = years > 60 && random_below(random, 2) > 0;
    fprintf(to, "%lld,%lld,%d,%.*s,%d,%d,%d,%d,%lld.%02d,%lld.00,%d.00,0.00\n",
            (long long)id, (long long)household, role, (int)day.bytes, day.at,
            random_below(random, 40) == 0 ? 2 : 0, random_below(random, 50) > 0,
            (int)random_below(random, 60), role == 2 && years > 5,
            works ? 1000 + (long long)random_below(random, 12000) : 0LL,
            works ? (int)random_below(random, 100) : 0,
            retired ? 1500 + (long long)random_below(random, 4000) : 0LL,
            random_below(random, 30) == 0 ? 900 : 0);
}

static void write_population(Bench *bench)
{
    Random random = random_make(7);
    FILE *households = fopen(path_of(bench, "households.csv"), "w");
    FILE *persons = fopen(path_of(bench, "persons.csv"), "w");
    if (households == NULL || persons == NULL) stop("cannot write its files");
    fprintf(households, "household_id,region,in_shelter\n");
    fprintf(persons, "person_id,household_id,role,birth_date,nationality,"
                     "resident,days_abroad,enrolled,salary,pension_income,"
                     "rent_income,business_income\n");
    for (int64_t id = 0; id < bench->households; id++) {
        fprintf(households, "%lld,%d,%d\n", (long long)id,
                1 + (int)random_below(&random, 13),
                random_below(&random, 170) == 0);
        int count =
            1 + (int)random_below(&random, 4) + (int)random_below(&random, 4);
        for (int place = 0; place < count; place++) {
            write_person(persons, &random, bench->persons++, id, place);
        }
    }
    if (fclose(households) != 0 || fclose(persons) != 0) stop("disk full");
}

/* Processes and what they cost. */

static Spent wait_for(pid_t child, double began_s)
{
    int status;
    struct rusage used;
    if (wait4(child, &status, 0, &used) != child || status != 0) {
        stop("a measured process failed");
    }
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    return (Spent){cpu, clock_wall_s() - began_s};
}

/* Runs sanad with up to eight words, its output away. */
static Spent run(const Bench *bench, const char *const *words)
{
    char *arguments[10] = {NULL};
    double began_s = clock_wall_s();
    memcpy(arguments, words, 9 * sizeof *arguments);
    posix_spawn_file_actions_t away;
    pid_t child;
    posix_spawn_file_actions_init(&away);
    posix_spawn_file_actions_addopen(&away, 1, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&child, bench->sanad, &away, NULL, arguments, NULL) != 0) {
        stop("cannot run sanad");
    }
    posix_spawn_file_actions_destroy(&away);
    return wait_for(child, began_s);
}

static void forget(const Bench *bench, const char *name)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char file[TEXT_BYTES];
    for (int i = 0; i < 4; i++) {
        snprintf(file, sizeof file, "%s/%s%s", bench->folder, name, ends[i]);
        unlink(file);
    }
}

static void copy(const Bench *bench, const char *from, const char *to)
{
    static char room[1 << 20];
    forget(bench, to);
    FILE *in = fopen(path_of(bench, from), "rb");
    FILE *out = fopen(path_of(bench, to), "wb");
    size_t got;
    if (in == NULL || out == NULL) stop("cannot copy a database");
    while ((got = fread(room, 1, sizeof room, in)) > 0) {
        if (fwrite(room, 1, got, out) != got) stop("disk full");
    }
    fclose(in);
    if (fclose(out) != 0) stop("disk full");
}

static void sanad_init(const Bench *bench, const char *name)
{
    forget(bench, name);
    const char *words[9] = {"sanad", "init", "--db", path_of(bench, name)};
    run(bench, words);
}

static Spent sanad_import(const Bench *bench, const char *name)
{
    const char *words[9] = {"sanad", "import",     "--db", path_of(bench, name),
                            "--csv", bench->folder};
    return run(bench, words);
}

static Spent sanad_determine(const Bench *bench, const char *name)
{
    const char *words[9] = {"sanad",   "determine",
                            "--db",    path_of(bench, name),
                            "--month", "2026-01"};
    return run(bench, words);
}

/* The bare database. */

typedef struct Table {
    const char *name;
    const char *which; /* WHERE, or "" */
    const char *order; /* by household, as far as the table knows it */
    int columns;
    int64_t rows;
    sqlite3_value **cells;
} Table;

#define ROWS_OF(table, where, by)                                              \
    {                                                                          \
        .name = table, .which = where, .order = by                             \
    }

static void need(int rc, sqlite3 *lite)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW) return;
    stop(sqlite3_errmsg(lite));
}

static sqlite3 *lite_open(const Bench *bench, const char *name)
{
    sqlite3 *lite = NULL;
    need(sqlite3_open_v2(path_of(bench, name), &lite,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
         lite);
    return lite;
}

/* Takes the rows of a table into memory. */
static void take(sqlite3 *lite, Table *table)
{
    char sql[TEXT_BYTES];
    sqlite3_stmt *stmt;
    int64_t room = 0;
    snprintf(sql, sizeof sql, "SELECT * FROM %s %s ORDER BY %s", table->name,
             table->which, table->order);
    need(sqlite3_prepare_v2(lite, sql, -1, &stmt, NULL), lite);
    table->columns = sqlite3_column_count(stmt);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        if (table->rows == room) {
            room = room == 0 ? 4096 : 2 * room;
            table->cells =
                realloc(table->cells,
                        (size_t)(room * table->columns) * sizeof *table->cells);
            if (table->cells == NULL) stop("no memory");
        }
        for (int i = 0; i < table->columns; i++) {
            table->cells[table->rows * table->columns + i] =
                sqlite3_value_dup(sqlite3_column_value(stmt, i));
        }
        table->rows++;
    }
    sqlite3_finalize(stmt);
}

static sqlite3_stmt *prepare_insert(sqlite3 *lite, const Table *table)
{
    char sql[TEXT_BYTES];
    sqlite3_stmt *stmt;
    int end =
        snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table->name);
    for (int i = 1; i < table->columns; i++) {
        end += snprintf(sql + end, sizeof sql - (size_t)end, ",?");
    }
    snprintf(sql + end, sizeof sql - (size_t)end, ")");
    need(sqlite3_prepare_v3(lite, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt,
                            NULL),
         lite);
    return stmt;
}

static void put_row(sqlite3 *lite, sqlite3_stmt *stmt, const Table *table,
                    int64_t row)
{
    for (int i = 0; i < table->columns; i++) {
        sqlite3_bind_value(stmt, i + 1, table->cells[row * table->columns + i]);
    }
    need(sqlite3_step(stmt), lite);
    sqlite3_reset(stmt);
}

/* Household after household, the tables beside each other, as the commands
 * write them: tables are sorted by household, so that equal shares go along. */
static void put_rows(sqlite3 *lite, const Table *tables, int count)
{
    sqlite3_stmt *stmt[TABLES_MAX];
    int64_t done[TABLES_MAX] = {0}, most = 0, all = 0;
    for (int t = 0; t < count; t++) {
        stmt[t] = prepare_insert(lite, &tables[t]);
        if (tables[t].rows > most) most = tables[t].rows;
    }
    for (int64_t step = 1; step <= most; step++) {
        for (int t = 0; t < count; t++) {
            int64_t until = tables[t].rows * step / most;
            for (; done[t] < until; done[t]++, all++) {
                put_row(lite, stmt[t], &tables[t], done[t]);
            }
        }
        if (all < ROWS_A_COMMIT) continue;
        need(sqlite3_exec(lite, "COMMIT", NULL, NULL, NULL), lite);
        need(sqlite3_exec(lite, "BEGIN IMMEDIATE", NULL, NULL, NULL), lite);
        all = 0;
    }
    for (int t = 0; t < count; t++) sqlite3_finalize(stmt[t]);
}

/* All rows, in a process of its own, which is measured from its first
 * statement on: what the fork copies is not the database's. */
static Spent put(const Bench *bench, const char *name, const Table *tables,
                 int count)
{
    Spent spent;
    int ends[2];
    fflush(NULL);
    if (pipe(ends) != 0) stop("no pipe");
    pid_t child = fork();
    if (child != 0) {
        if (read(ends[0], &spent, sizeof spent) != sizeof spent) {
            stop("the bare inserts failed");
        }
        close(ends[0]);
        close(ends[1]);
        wait_for(child, 0);
        return spent;
    }
    spent = (Spent){clock_cpu_s(), clock_wall_s()};
    sqlite3 *lite = lite_open(bench, name);
    need(bare_settings(lite), lite);
    need(sqlite3_exec(lite, "BEGIN IMMEDIATE", NULL, NULL, NULL), lite);
    put_rows(lite, tables, count);
    need(sqlite3_exec(lite, "COMMIT", NULL, NULL, NULL), lite);
    sqlite3_close(lite);
    spent = (Spent){clock_cpu_s() - spent.cpu_s, clock_wall_s() - spent.wall_s};
    _exit(write(ends[1], &spent, sizeof spent) == sizeof spent ? 0 : 1);
}

typedef Spent Command(const Bench *bench, const char *name);

typedef struct Race {
    const char *name;
    const char *before; /* the database that both begin with */
    Command *command;
    Table *tables;
    int count;
    int64_t units; /* of which the command does so many */
    const char *unit;
    double ratio_min;
} Race;

/* Nine rounds of ours and bare; true when the bound holds. */
static bool race(const Bench *bench, const Race *race)
{
    double ratio[ROUNDS], rate[ROUNDS], wall[ROUNDS];
    int64_t rows = 0;
    for (int i = 0; i < race->count; i++) rows += race->tables[i].rows;
    for (int round = 0; round < ROUNDS; round++) {
        Spent spent[2] = {{0, 0}, {0, 0}};
        for (int turn = 0; turn < 2; turn++) {
            bool ours = (round + turn) % 2 == 1;
            copy(bench, race->before, "work.db");
            spent[ours] =
                ours ? race->command(bench, "work.db")
                     : put(bench, "work.db", race->tables, race->count);
        }
        ratio[round] = spent[0].cpu_s / spent[1].cpu_s;
        rate[round] = (double)race->units / spent[1].cpu_s;
        wall[round] = (double)race->units / spent[1].wall_s;
    }
    qsort(ratio, ROUNDS, sizeof *ratio, bare_by_value);
    qsort(rate, ROUNDS, sizeof *rate, bare_by_value);
    qsort(wall, ROUNDS, sizeof *wall, bare_by_value);
    bool held = ratio[ROUNDS / 2] >= race->ratio_min;
    printf("%-10s %9.0f %s/s of CPU, %.0f/s by the clock; %lld rows\n",
           race->name, rate[ROUNDS / 2], race->unit, wall[ROUNDS / 2],
           (long long)rows);
    printf("  to bare inserts  median %.2f, spread %.2f to %.2f, at least "
           "%.2f: %s\n",
           ratio[ROUNDS / 2], ratio[0], ratio[ROUNDS - 1], race->ratio_min,
           held ? "ok" : "MISSED");
    return held;
}

static bool start_up(const Bench *bench, const char *name,
                     const char *const *words)
{
    double ms[STARTS];
    for (int i = 0; i < STARTS; i++) ms[i] = 1000 * run(bench, words).cpu_s;
    qsort(ms, STARTS, sizeof *ms, bare_by_value);
    bool held = ms[STARTS / 2] < START_MAX_MS;
    printf("%-10s median %.1f ms of CPU, spread %.1f to %.1f, under %.0f: %s\n",
           name, ms[STARTS / 2], ms[0], ms[STARTS - 1], START_MAX_MS,
           held ? "ok" : "MISSED");
    return held;
}

static bool race_all(const Bench *bench)
{
    Table imported[] = {ROWS_OF("household_book", "", "household_id"),
                        ROWS_OF("fact", "", "household_id"),
                        ROWS_OF("person_key", "", "household_id"),
                        ROWS_OF("person_stay", "", "household_id"),
                        ROWS_OF("person_name", "", "person_id"),
                        ROWS_OF("command", "", "source, command_id"),
                        ROWS_OF("audit_pending",
                                "WHERE type NOT IN ('decision', 'run', 'pack')",
                                "household_id")};
    Table decided[] = {
        ROWS_OF("input_record", "", "household_id"),
        ROWS_OF("decision", "", "household_id"), ROWS_OF("run", "", "run_id"),
        ROWS_OF("audit_pending", "WHERE type IN ('decision', 'run')",
                "household_id")};
    sanad_init(bench, "empty.db");
    copy(bench, "empty.db", "full.db");
    sanad_import(bench, "full.db");
    copy(bench, "full.db", "decided.db");
    sanad_determine(bench, "decided.db");
    sqlite3 *lite = lite_open(bench, "decided.db");
    for (int i = 0; i < 7; i++) take(lite, &imported[i]);
    for (int i = 0; i < 4; i++) take(lite, &decided[i]);
    sqlite3_close(lite);
    const Race import = {"import", "empty.db",     sanad_import, imported,
                         7,        bench->persons, "persons",    IMPORT_MIN};
    const Race determine = {
        "determine", "full.db",         sanad_determine, decided,
        4,           bench->households, "households",    DETERMINE_MIN};
    bool held = race(bench, &import);
    held &= race(bench, &determine);
    const char *version[9] = {"sanad", "--version"};
    const char *explain[9] = {
        "sanad",       "explain", "--db",    path_of(bench, "decided.db"),
        "--household", "17",      "--month", "2026-01"};
    held &= start_up(bench, "--version", version);
    held &= start_up(bench, "explain", explain);
    return held;
}

int main(int count, char **arguments)
{
    Bench bench = {.folder = "/tmp/sanad-bench-XXXXXX",
                   .sanad = count > 2 ? arguments[2] : "build/sanad",
                   .households = HOUSEHOLDS};
    if (count > 1) (void)str_to_int(str_of(arguments[1]), &bench.households);
    if (bench.households < 100 || mkdtemp(bench.folder) == NULL) return 2;
    write_population(&bench);
    printf("SQLite %s; %lld households, %lld persons; journal_mode=WAL "
           "synchronous=FULL secure_delete=FAST checkpoint=%d pages\n",
           sqlite3_libversion(), (long long)bench.households,
           (long long)bench.persons, BARE_CHECKPOINT_PAGES);
    bool held = race_all(&bench);
    static const char *const files[] = {"empty.db",       "full.db",
                                        "decided.db",     "work.db",
                                        "households.csv", "persons.csv"};
    for (int i = 0; i < 6; i++) forget(&bench, files[i]);
    rmdir(bench.folder);
    return held ? 0 : 1;
}

/*
 * bench_month.c - a month of a nation, from the database to the policy desk:
 * households imported, the first month determined, another one in which few
 * answers change, a snapshot of everybody, and a reform simulated on it as
 * often as a slider is moved. Fails when a bound for so many households is
 * missed, or that of memory.
 *
 * The least of the rounds counts, because what else the machine does only
 * adds. A bound holds when wall time is below it, or when the CPU seconds of
 * all threads together are: then one core that does nothing else would do.
 *
 *   bench_month [HOUSEHOLDS [HOUSEHOLDS_OF_THE_DATABASE [SANAD]]]
 */
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/clock.h"
#include "base/file.h"
#include "bench/nation.h"
#include "simulation/reform.h"
#include "simulation/simulate.h"

enum {
    ROUNDS = 15,
    RUNS = 3, /* of a command */
    THREADS = 2,
    WORDS = 10,
    ARENA_BYTES = 1 << 28
};

static const double ARENA_BYTES_ALL = 8e9;

/* For one million households, on two cores. */
static const double SLIDER_MAX_S = .1375, SLIDER_LOAD_S = .0125,
                    FIRST_MAX_S = 20, SECOND_MAX_S = 5, SNAPSHOT_MAX_S = 5,
                    MEMORY_MAX_MB = 1500;

typedef struct Bench {
    Arena *arena;
    char folder[64], db[96], from_db[96], from_csv[96];
    const char *sanad;
    int64_t households;
} Bench;

typedef struct Spent {
    double wall, cpu, memory_mb;
} Spent;

static void stop(const char *why)
{
    fprintf(stderr, "bench_month: %s\n", why);
    exit(1);
}

/* Runs sanad with these words, its output away. */
static Spent run(const Bench *b, const char *const *words)
{
    char *arguments[WORDS + 1] = {NULL};
    int status;
    struct rusage used;
    pid_t child;
    posix_spawn_file_actions_t away;
    memcpy(arguments, words, WORDS * sizeof *arguments);
    posix_spawn_file_actions_init(&away);
    posix_spawn_file_actions_addopen(&away, 1, "/dev/null", O_WRONLY, 0);
    double began_s = clock_wall_s();
    if (posix_spawn(&child, b->sanad, &away, NULL, arguments, NULL) != 0 ||
        wait4(child, &status, 0, &used) != child || status != 0) {
        stop("a command failed");
    }
    posix_spawn_file_actions_destroy(&away);
    return (Spent){
        clock_wall_s() - began_s,
        (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
            1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec),
        (double)used.ru_maxrss / 1024};
}

static Spent least(Spent a, Spent b)
{
    return (Spent){a.wall < b.wall ? a.wall : b.wall,
                   a.cpu < b.cpu ? a.cpu : b.cpu,
                   a.memory_mb > b.memory_mb ? a.memory_mb : b.memory_mb};
}

/* Prints a line; whether it is within its bound. */
static bool tell(const char *what, Spent spent, double bound_s)
{
    double seconds = spent.wall < spent.cpu ? spent.wall : spent.cpu;
    bool held = seconds <= bound_s && spent.memory_mb <= MEMORY_MAX_MB;
    printf("%-30s %8.3f s (at most %.3f)  %8.3f s of CPU  %6.0f MB%s\n", what,
           spent.wall, bound_s, spent.cpu, spent.memory_mb,
           held ? "" : "  MISSED");
    fflush(stdout);
    return held;
}

static Spent determine(const Bench *b, const char *month)
{
    const char *words[WORDS] = {"sanad", "determine", "--db",
                                b->db,   "--month",   month};
    return run(b, words);
}

static bool race_database(const Bench *b)
{
    static const char *const months[RUNS] = {"2026-02", "2026-03", "2026-04"};
    const double scale = (double)b->households / 1e6;
    const char *init[WORDS] = {"sanad", "init", "--db", b->db};
    const char *import[WORDS] = {"sanad", "import", "--db",
                                 b->db,   "--csv",  b->folder};
    const char *snapshot[WORDS] = {"sanad", "snapshot", "--db",
                                   b->db,   "--out",    b->from_db};
    run(b, init);
    Spent spent = run(b, import);
    printf("%-30s %8.3f s                   %8.3f s of CPU  %6.0f MB\n",
           "import", spent.wall, spent.cpu, spent.memory_mb);
    bool held =
        tell("first month", determine(b, "2026-01"), FIRST_MAX_S * scale);
    spent = determine(b, months[0]);
    for (int i = 1; i < RUNS; i++)
        spent = least(spent, determine(b, months[i]));
    held &= tell("a month after", spent, SECOND_MAX_S * scale);
    spent = run(b, snapshot);
    for (int i = 1; i < RUNS; i++) spent = least(spent, run(b, snapshot));
    return held &
           tell("snapshot from the database", spent, SNAPSHOT_MAX_S * scale);
}

/* The reference model with a decision of another value. */
static SimulateSide model_of(Arena *arena, Str bytes)
{
    Diag diag = {.key = ""};
    DmnModel *model;
    const Measures *measures = NULL;
    DmnSource source = {"reference.dmn", bytes};
    Err err = dmn_load(arena, &source, 1, DMN_STRICT, &diag, &model);
    if (err == OK) err = measures_read(arena, model, bytes, &diag, &measures);
    if (err != OK) stop(diag.key);
    Programme *programme = ARENA_NEW(arena, Programme);
    programme->model = model;
    programme->month_input = dmn_input_find(model, STR("month"));
    programme->household_input = dmn_input_find(model, STR("household"));
    return (SimulateSide){programme, measures};
}

static FactReader read_snapshot(const Bench *b, Snapshot **ret)
{
    FactReader reader = {.facts = NULL};
    const KindCatalogue *catalogue;
    const FactColumns *facts;
    Diag diag = {.key = ""};
    Err err = kind_load(b->arena, asset_find("models/facts.tsv")->bytes,
                        asset_find("models/asset-classes.tsv")->bytes, &diag,
                        &catalogue);
    if (err == OK) err = facts_make(b->arena, catalogue, &facts);
    if (err == OK) err = snapshot_open(b->from_csv, &diag, ret);
    if (err == OK) err = facts_reader(facts, *ret, "snapshot", &diag, &reader);
    if (err != OK) stop(diag.key);
    return reader;
}

/* What a slider asks each time: the model changed, loaded, run, compared. */
static Spent move_slider(const Bench *b, Simulation *simulation, Str model,
                         int position)
{
    char set[32];
    Str changed;
    Diag diag = {.key = ""};
    SimulateReport *report = ARENA_NEW(b->arena, SimulateReport);
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    if (arena == NULL) stop("no memory");
    double began_s = clock_wall_s(), cpu_s = clock_cpu_s();
    snprintf(set, sizeof set, "Base=%d", 1300 + 10 * position);
    if (reform_set(arena, model, str_of(set), &diag, &changed) != OK) {
        stop(diag.key);
    }
    SimulateSide side = model_of(arena, changed);
    if (simulate_reform(simulation, &side, &diag, report) != OK) {
        stop(diag.key);
    }
    if (report->all.eligible_after == 0) stop("nobody is eligible");
    return (Spent){clock_wall_s() - began_s, clock_cpu_s() - cpu_s, 0};
}

static bool race_slider(const Bench *b)
{
    FileMap map;
    Snapshot *snapshot;
    Simulation *simulation;
    Diag diag = {.key = ""};
    const char *words[WORDS] = {"sanad",   "snapshot", "--csv",
                                b->folder, "--out",    b->from_csv};
    run(b, words);
    if (file_map("bench/reference.dmn", &diag, &map) != OK) stop(diag.key);
    FactReader reader = read_snapshot(b, &snapshot);
    SimulateJob job = {.reader = &reader,
                       .before = model_of(b->arena, map.bytes),
                       .month = (2026 - 1970) * 12,
                       .threads = THREADS};
    Arena *arena = arena_open((size_t)ARENA_BYTES_ALL);
    if (arena == NULL) stop("no memory");
    if (simulate_open(&job, arena, &diag, &simulation) != OK) stop(diag.key);
    Spent spent = move_slider(b, simulation, map.bytes, 0);
    for (int i = 1; i < ROUNDS; i++) {
        spent = least(spent, move_slider(b, simulation, map.bytes, i));
    }
    arena_close(arena);
    snapshot_close(snapshot);
    file_unmap(&map);
    return tell("a reform, one month", spent,
                SLIDER_LOAD_S + SLIDER_MAX_S * (double)b->households / 1e6);
}

static void make_population(const Bench *b)
{
    PlainPopulation people = nation_make(b->households, 20260101);
    nation_write_csv(&people, b->folder);
    nation_free(&people);
}

int main(int count, char **arguments)
{
    int64_t households = 1000000, of_database = 1000000;
    Bench b = {.sanad = count > 3 ? arguments[3] : "build/sanad"};
    if (count > 1) (void)str_to_int(str_of(arguments[1]), &households);
    if (count > 2) (void)str_to_int(str_of(arguments[2]), &of_database);
    if (households < 1000) return 2;
    b.arena = arena_open(ARENA_BYTES);
    snprintf(b.folder, sizeof b.folder, "/tmp/sanad-bench-XXXXXX");
    if (b.arena == NULL || mkdtemp(b.folder) == NULL) stop("no room");
    snprintf(b.db, sizeof b.db, "%s/db", b.folder);
    snprintf(b.from_db, sizeof b.from_db, "%s/from-db", b.folder);
    snprintf(b.from_csv, sizeof b.from_csv, "%s/snapshot", b.folder);
    b.households = households;
    make_population(&b);
    bool held = race_slider(&b);
    if (of_database > 0) {
        b.households = of_database;
        if (of_database != households) make_population(&b);
        held &= race_database(&b);
    }
    static const char *const files[] = {
        "households.csv", "persons.csv", "snapshot", "from-db", "db",
        "db-wal",         "db-shm",      "db.lock"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", b.folder, files[i]);
        unlink(path);
    }
    rmdir(b.folder);
    arena_close(b.arena);
    return held ? 0 : 1;
}

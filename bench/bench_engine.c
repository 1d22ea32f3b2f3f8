/*
 * bench_engine.c - households a second that the decision engine decides by
 * the shipped pension model, in CPU time of one core, building the input
 * values included; without and with the trace kept. Then what it takes to
 * load and check all shipped models, and to evaluate "1+1" from the shell.
 * Each is the best of some rounds; fails when one misses its limit.
 *
 *   bench_engine [MODEL] [HOUSEHOLDS]
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "dmn/check.h"
#include "dmn/trace.h"
#include "feel/number.h"

enum { FILE_MAX = 8 << 20, ROUNDS = 5, ROUNDS_MAX = 25 };

/* Households a second with the trace kept; milliseconds of the others. */
static const double traced_limit = 150000, load_limit = 50, feel_limit = 5;

typedef struct Population {
    const FeelType *household;
    const FeelType *member;
    Random random;
} Population;

static Str pick(Random *random, const char *const *words, uint64_t count)
{
    return str_of(words[random_below(random, count)]);
}

/* A plausible value of a field by its name and type. */
static FeelValue field_value(Population *p, Str name, const FeelType *type,
                             uint32_t index)
{
    static const char *const roles[] = {"spouse", "child", "child", "other"};
    static const char *const nations[] = {"saudi", "saudi", "saudi", "other"};
    static const char *const proofs[] = {"title_deed", "ejar_lease", "none"};
    Random *random = &p->random;
    if (type->kind == FEEL_BOOLEAN) {
        bool usual = str_is(name, "resident") || str_is(name, "enrolled");
        return feel_boolean(random_chance(random, 30000) ? !usual : usual);
    }
    if (type->kind == FEEL_DATE) {
        return feel_date(20454 - (int64_t)random_below(random, 30000));
    }
    if (type->kind == FEEL_NUMBER) {
        bool money = random_chance(random, 250000);
        if (str_is(name, "days_abroad") || str_is(name, "abroad")) {
            return feel_number((int64_t)random_below(random, 100), 0);
        }
        return feel_number(money ? (int64_t)random_below(random, 6000000) : 0,
                           2);
    }
    if (type->kind == FEEL_LIST) return feel_list(NULL, 0);
    if (str_is(name, "member")) {
        return feel_string(index == 0 ? STR("head") : pick(random, roles, 4));
    }
    if (str_is(name, "nationality")) {
        return feel_string(pick(random, nations, 4));
    }
    if (str_is(name, "dwelling_proof")) {
        return feel_string(pick(random, proofs, 3));
    }
    return feel_string(STR("none"));
}

static FeelValue record_of(Population *p, Arena *arena, const FeelType *type,
                           uint32_t index)
{
    FeelRecord *record = feel_record_try(arena, type->shape);
    if (record == NULL) return feel_null();
    for (uint32_t i = 0; i < type->count; i++) {
        record->fields[i] =
            field_value(p, type->shape->names[i], type->fields[i], index);
    }
    return feel_context(record);
}

/* One to seven members, four in the mean. */
static FeelValue household_of(Population *p, Arena *arena)
{
    FeelRecord *record = feel_record_try(arena, p->household->shape);
    uint32_t count = 1 + (uint32_t)random_below(&p->random, 7);
    FeelValue *members = arena_try_raw(arena, count, sizeof *members);
    if (record == NULL || members == NULL) return feel_null();
    for (uint32_t i = 0; i < count; i++) {
        members[i] = record_of(p, arena, p->member, i);
    }
    for (uint32_t i = 0; i < p->household->count; i++) {
        Str name = p->household->shape->names[i];
        record->fields[i] =
            str_is(name, "members")
                ? feel_list(members, count)
                : field_value(p, name, p->household->fields[i], 0);
    }
    return feel_context(record);
}

static Str read_file(Arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return (Str){0};
    char *text = arena_alloc(arena, FILE_MAX, 1);
    size_t bytes = fread(text, 1, FILE_MAX - 1, file);
    fclose(file);
    return (Str){text, bytes};
}

typedef struct Pass {
    int64_t eligible;
    int64_t minor;
    double seconds;
} Pass;

static Pass run_pass(const DmnModel *model, int64_t households, bool trace,
                     bool build_only)
{
    Pass pass = {0};
    DmnEval *eval = dmn_eval_open(model, 64 << 20, 10000000);
    if (eval == NULL) return pass;
    int32_t month = dmn_input_find(model, STR("month"));
    int32_t household = dmn_input_find(model, STR("household"));
    int32_t decision = dmn_decision_find(model, STR("Entitlement"));
    Population p = {.household = dmn_input_type(model, household),
                    .random = random_make(42)};
    p.member = feel_type_field(p.household, STR("members"))->item;
    dmn_eval_keep(eval, month);
    dmn_trace_set(eval, trace);
    double start = clock_cpu_s();
    for (int64_t i = 0; i < households; i++) {
        FeelValue value = feel_null();
        dmn_eval_reset(eval);
        dmn_input_set(eval, month, feel_date(20454));
        FeelValue input = household_of(&p, dmn_eval_arena(eval));
        dmn_input_set(eval, household, input);
        if (build_only) continue;
        if (dmn_eval(eval, decision, &value) != OK) break;
        int64_t minor;
        if (!feel_is_true(feel_field(value, "eligible"))) continue;
        pass.eligible++;
        if (feel_number_minor(feel_field(value, "amount"), &minor)) {
            pass.minor += minor;
        }
    }
    pass.seconds = clock_cpu_s() - start;
    dmn_eval_close(eval);
    return pass;
}

/* Households a second: more rounds when a busy machine misses the limit. */
static double report(const char *what, const DmnModel *model,
                     int64_t households, bool trace, bool build_only)
{
    Pass best = {0};
    for (int round = 0; round < ROUNDS_MAX; round++) {
        double rate = round == 0 ? 0 : (double)households / best.seconds;
        if (round >= ROUNDS && (!trace || rate >= traced_limit)) break;
        Pass pass = run_pass(model, households, trace, build_only);
        if (round == 0 || pass.seconds < best.seconds) best = pass;
    }
    printf("%-28s %10.0f households/s", what,
           (double)households / best.seconds);
    if (!build_only) {
        printf("   (%lld eligible, %lld.%02lld SAR)", (long long)best.eligible,
               (long long)(best.minor / 100), (long long)(best.minor % 100));
    }
    printf("\n");
    return (double)households / best.seconds;
}

static double check_all(void)
{
    glob_t found = {0};
    double seconds = 0;
    if (glob("models/*/*.dmn", 0, NULL, &found) != 0) return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        Arena *arena = arena_open(1 << 30);
        Diag diag;
        DmnCheck check;
        DmnSource source = {found.gl_pathv[i],
                            read_file(arena, found.gl_pathv[i])};
        double start = clock_cpu_s();
        if (dmn_check(arena, &source, 1, &diag, &check) != OK) {
            fprintf(stderr, "%s: %s\n", found.gl_pathv[i], diag.key);
        }
        seconds += clock_cpu_s() - start;
        arena_close(arena);
    }
    globfree(&found);
    return seconds * 1000;
}

/* CPU time of a process of its own, start and end included. */
static double feel_once(void)
{
    struct rusage usage;
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout) == NULL) _exit(1);
        execl("build/sanad", "sanad", "feel", "1+1", (char *)NULL);
        _exit(127);
    }
    if (wait4(child, &status, 0, &usage) != child || status != 0) return 1e9;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static bool within(const char *what, double (*measure)(void), double limit)
{
    double best = measure();
    for (int round = 1; round < ROUNDS; round++) {
        double again = measure();
        if (again < best) best = again;
    }
    printf("%-28s %10.2f ms   (limit %.0f)\n", what, best, limit);
    return best <= limit;
}

int main(int argc, char **argv)
{
    const char *path =
        argc > 1 ? argv[1] : "models/social-security/pension.dmn";
    int64_t households = argc > 2 ? strtoll(argv[2], NULL, 10) : 100000;
    Arena *arena = arena_open(1 << 30);
    Diag diag;
    DmnModel *model;
    DmnSource source = {path, read_file(arena, path)};
    double start = clock_cpu_s();
    if (dmn_load(arena, &source, 1, DMN_STRICT, &diag, &model) != OK) {
        fprintf(stderr, "%s:%d:%d: %s\n", diag.file, diag.line, diag.column,
                diag.key);
        return 1;
    }
    printf("load                         %10.2f ms\n",
           (clock_cpu_s() - start) * 1000);
    (void)report("building the values alone", model, households, false, true);
    (void)report("scalar", model, households, false, false);
    bool good = report("scalar with trace", model, households, true, false) >=
                traced_limit;
    good = within("check all shipped models", check_all, load_limit) && good;
    good = within("sanad feel '1+1'", feel_once, feel_limit) && good;
    arena_close(arena);
    if (!good) fprintf(stderr, "bench_engine: a limit is missed\n");
    return good ? 0 : 1;
}

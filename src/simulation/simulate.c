#include "simulation/simulate_int.h"
#include "simulation/team.h"

enum { RUN_BYTES = 4 << 20 };

/* Where the answers of one side go. */
typedef struct Side {
    Household *households;
    int side; /* 0 before, 1 after */
    const Measure *eligible, *amount;
} Side;

static Err no_memory(Diag *diag)
{
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}

static void keep(const Side *side, int64_t row, int64_t eligible,
                 int64_t amount)
{
    side->households[row].eligible[side->side] = eligible != 0;
    side->households[row].amount[side->side] = amount;
}

static void take_run(void *arg, const ColumnMachine *machine, int32_t rows,
                     const uint8_t *left_out, int64_t first,
                     const int64_t *row_of)
{
    const Side *side = arg;
    for (int32_t i = 0; i < rows; i++) {
        if (left_out != NULL && left_out[i]) continue;
        keep(side, row_of == NULL ? first + i : row_of[i],
             measure_output(side->eligible, machine, i),
             measure_output(side->amount, machine, i));
    }
}

static void take_one(void *arg, int64_t row, const FeelValue *answers)
{
    const Side *side = arg;
    int64_t eligible, amount;
    measure_value(side->eligible, answers[side->eligible->wanted], &eligible);
    measure_value(side->amount, answers[side->amount->wanted], &amount);
    keep(side, row, eligible, amount);
}

static bool is_money(const Measure *measure)
{
    return measure->kind == MEASURE_MINOR || measure->kind == MEASURE_AMOUNT;
}

const Measure *simulate_amount(const Measures *measures)
{
    static const char *const names[] = {"total", "amount", NULL};
    for (int n = 0; n < 3; n++) {
        for (int32_t i = 0; i < measures->count; i++) {
            const Measure *measure = &measures->at[i];
            bool named =
                names[n] == NULL || strcmp(measure->key, names[n]) == 0;
            if (named && is_money(measure)) return measure;
        }
    }
    return NULL;
}

const Measure *simulate_coverage(const Measures *measures)
{
    for (int32_t i = 0; i < measures->count; i++) {
        MeasureKind kind = measures->at[i].kind;
        if (kind == MEASURE_TRUE || kind == MEASURE_COUNT) {
            return &measures->at[i];
        }
    }
    return NULL;
}

/* Of a model's measures the one, so that what is not asked for need not be
 * worked out. */
static const Measure *ask(const Measures *all, const Measure *measure,
                          Measures *asked)
{
    Measure *kept = &asked->at[asked->count++];
    *kept = *measure;
    kept->wanted = asked->wanted_count;
    asked->wanted[asked->wanted_count++] = all->wanted[measure->wanted];
    return kept;
}

static Err run_side(Simulation *s, int number, const SimulateSide *of,
                    Diag *diag)
{
    const SimulateJob *job = &s->job;
    const Measure *eligible = simulate_coverage(of->measures);
    const Measure *amount = simulate_amount(of->measures);
    Side side = {.households = s->households, .side = number};
    DecideSink sink = {take_run, take_one, &side};
    Arena *own CLEANUP(arena_closep) = arena_open(RUN_BYTES);
    if (own == NULL) return no_memory(diag);
    DecideReport *report = arena_try(own, 1, sizeof *report);
    Measures *asked = arena_try(own, 1, sizeof *asked);
    if (report == NULL || asked == NULL) return no_memory(diag);
    if (eligible == NULL || amount == NULL) {
        diag_set(diag, "simulate.measures");
        return ERR_INVALID;
    }
    asked->slot_count = of->measures->slot_count;
    side.eligible = ask(of->measures, eligible, asked);
    side.amount = ask(of->measures, amount, asked);
    DecideJob decide = {.reader = job->reader,
                        .programme = of->programme,
                        .measures = asked,
                        .month = job->month,
                        .passes = 1,
                        .threads = job->threads,
                        .sink = &sink,
                        .lookout = job->lookout};
    return decide_population(&decide, own, diag, report);
}

Err simulate_open(const SimulateJob *job, Arena *arena, Diag *diag,
                  Simulation **ret)
{
    Simulation *s = arena_try(arena, 1, sizeof *s);
    if (s == NULL) return no_memory(diag);
    s->job = *job;
    s->arena = arena;
    s->rows = snapshot_rows(job->reader->snapshot, SNAPSHOT_HOUSEHOLDS);
    size_t rows = (size_t)s->rows + 1;
    s->households = arena_try(arena, rows, sizeof *s->households);
    s->sorted = arena_try_raw(arena, rows, sizeof *s->sorted);
    s->room = arena_try_raw(arena, rows, sizeof *s->room);
    s->partial = arena_try(arena, (size_t)job->threads, sizeof *s->partial);
    if (s->households == NULL || s->sorted == NULL || s->room == NULL ||
        s->partial == NULL) {
        return no_memory(diag);
    }
    const Snapshot *snapshot = job->reader->snapshot;
    if (job->month >= snapshot_first_month(snapshot) &&
        still_moves(snapshot, job->month)) {
        TRY(still_open(arena, job->reader, job->month, job->threads,
                       job->lookout, diag, &s->still));
        s->job.reader = &s->still;
    }
    simulate_columns(s);
    simulate_groups(s);
    TRY(run_side(s, 0, &job->before, diag));
    TRY(team_run(job->threads, simulate_look, s, diag));
    TRY(simulate_tenths(s, diag));
    *ret = s;
    return OK;
}

Err simulate_reform(Simulation *s, const SimulateSide *after, Diag *diag,
                    SimulateReport *ret)
{
    TRY(run_side(s, 1, after, diag));
    TRY(simulate_count(s, diag, ret));
    simulate_hide(ret);
    return OK;
}

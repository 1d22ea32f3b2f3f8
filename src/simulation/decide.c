#include "simulation/decide.h"

#include "base/clock.h"
#include "decision/record_batch.h"
#include "simulation/snapshot_batch.h"
#include "simulation/still.h"
#include "simulation/team.h"

enum {
    BLOCKS_AT_ONCE = 2,
    RECORD_BYTES = 64 << 20,
    BATCH_BYTES = 64 << 20,
    WHY_BYTES = 200
};

/* All passes; shared by the threads. */
typedef struct Run {
    const DecideJob *job;
    Pack pack; /* as far as a Decider needs one */
    Month month;
    bool changing; /* somebody's facts are not yet those of the columns */
    SnapshotFields fields;
    DmnColumns *columns; /* over the snapshot; NULL: not to be lowered */
    atomic_int next_block;
    DecideMonth *result;
    struct Thread *thread;
    char *why;
} Run;

/* What a thread works with, from pass to pass. */
typedef struct Thread {
    Run *run;
    Decider *decider;
    Arena *records; /* of one household */
    Arena *lost;    /* of one that columns lost */
    Arena *arena;   /* of a pass */
    SnapshotBatch batch;
    RecordBatch *changed; /* of households with a history; NULL: none */
    DmnColumns *columns;  /* of those */
    int64_t row_of[RECORD_BATCH_ROWS];
    bool settled[RECORD_BATCH_ROWS];
    uint8_t left_out[RECORD_BATCH_ROWS];
    uint8_t skipped[SNAPSHOT_BLOCK]; /* strays, and who is altered */
    DecideMonth found;
    Diag *diag;
} Thread;

static Err no_memory(Diag *diag)
{
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}

/* Lowers the model for the month of the pass. */
static Err lower(const Run *run, Thread *thread, DmnFieldFn *field,
                 void *context, Buf *why, DmnColumns **ret)
{
    const DecideJob *job = run->job;
    DmnEval *eval = decider_eval(thread->decider);
    dmn_eval_reset(eval);
    dmn_input_set(eval, job->programme->month_input,
                  feel_date(month_first_day(run->month)));
    *ret = NULL;
    Err err = dmn_columns_open(job->programme->model, eval,
                               UINT64_C(1) << job->programme->month_input,
                               field, context, job->measures->wanted,
                               job->measures->wanted_count, why, ret);
    return err == ERR_INVALID ? OK : err;
}

/* Decides one household by the evaluator for one. */
static Err decide_one(Thread *t, int64_t row, const InputRecord *record)
{
    const Run *run = t->run;
    const Measures *measures = run->job->measures;
    FeelValue answers[MEASURES_MAX];
    TRY(decider_set(t->decider, record, run->month, t->diag));
    DmnEval *eval = decider_eval(t->decider);
    for (int32_t i = 0; i < measures->wanted_count; i++) {
        const DmnWanted *wanted = &measures->wanted[i];
        if (dmn_eval(eval, wanted->decision, &answers[i]) != OK) {
            diag_set(t->diag, "decide.full");
            diag_arg_int(t->diag, record->household_id);
            return ERR_FULL;
        }
        if (wanted->field != NULL) {
            answers[i] = feel_field(answers[i], wanted->field);
        }
    }
    measures_add_one(measures, answers, &t->found.tally);
    const DecideSink *sink = run->job->sink;
    if (sink != NULL) sink->one(sink->arg, row, answers);
    t->found.by_one++;
    return OK;
}

static bool is_altered(const Run *run, int64_t row)
{
    const DecideAlter *alter = run->job->alter;
    return alter != NULL && alter->rows[row] != 0;
}

/* The record of a row, altered where it is to be. */
static Err record_of(Thread *t, Arena *arena, int64_t row, bool settled,
                     InputRecord *ret)
{
    const Run *run = t->run;
    arena_reset(arena);
    Err err =
        facts_record(run->job->reader, arena, row, settled, run->month, ret);
    if (err == OK && is_altered(run, row)) {
        const DecideAlter *alter = run->job->alter;
        err = alter->record(alter->arg, arena, row, run->month, ret);
    }
    if (err == OK) return OK;
    if (err == ERR_FULL) return no_memory(t->diag);
    diag_set(t->diag, "snapshot.book");
    diag_arg_int(t->diag, ret->household_id);
    return err;
}

static Err decide_row(Thread *t, int64_t row, bool settled)
{
    InputRecord record;
    TRY(record_of(t, t->lost, row, settled, &record));
    return record.member_count == 0 ? OK : decide_one(t, row, &record);
}

/* Households that columns lost, one by one. */
static Err decide_lost(Thread *t, int64_t first, int32_t rows,
                       const uint8_t *lost)
{
    for (int32_t i = 0; i < rows; i++) {
        if (lost[i] && !is_altered(t->run, first + i)) {
            TRY(decide_row(t, first + i, true));
        }
    }
    return OK;
}

/* What a run answered, to the sums and to who wants it. */
static void take_run(Thread *t, const DmnColumns *columns,
                     const ColumnMachine *machine, int32_t rows,
                     const uint8_t *left_out, int64_t first,
                     const int64_t *row_of)
{
    const DecideSink *sink = t->run->job->sink;
    measures_add_run(t->run->job->measures, columns, machine, rows, left_out,
                     &t->found.tally);
    if (sink == NULL) return;
    sink->run(sink->arg, machine, rows, left_out, first, row_of);
}

static Err run_changed(Thread *t)
{
    int32_t rows = record_batch_rows(t->changed);
    bool any = false;
    record_batch_run(t->changed);
    for (int32_t i = 0; i < rows; i++) {
        t->left_out[i] = record_batch_stray(t->changed, i);
        any = any || t->left_out[i] != 0;
    }
    take_run(t, t->columns, record_batch_machine(t->changed), rows,
             any ? t->left_out : NULL, 0, t->row_of);
    for (int32_t i = 0; i < rows && any; i++) {
        if (t->left_out[i]) {
            TRY(decide_row(t, t->row_of[i], t->settled[i]));
        }
    }
    record_batch_reset(t->changed);
    return OK;
}

/* A household by its record: as its history says, or altered. */
static Err decide_changing(Thread *t, int64_t row, bool settled)
{
    InputRecord record;
    TRY(record_of(t, t->records, row, settled, &record));
    if (record.member_count == 0) return OK;
    t->found.households++;
    t->found.persons += record.member_count;
    if (t->changed == NULL || !record_batch_takes(t->changed, &record)) {
        return decide_one(t, row, &record);
    }
    if (!record_batch_has_room(t->changed, &record)) TRY(run_changed(t));
    int32_t at = record_batch_put(t->changed, &record);
    t->row_of[at] = row;
    t->settled[at] = settled;
    return OK;
}

/* Who a run of columns does not answer for: whom it lost, and who is another
 * than the columns say. NULL: nobody. */
static const uint8_t *skip(Thread *t, int64_t row, int32_t rows)
{
    const DecideAlter *alter = t->run->job->alter;
    const uint8_t *stray = column_stray(t->batch.machine);
    bool any_stray = column_any_stray(t->batch.machine);
    if (alter == NULL) return any_stray ? stray : NULL;
    bool any = false;
    for (int32_t i = 0; i < rows; i++) {
        t->skipped[i] = alter->rows[row + i] || (any_stray && stray[i]);
        any = any || t->skipped[i];
    }
    return any ? t->skipped : NULL;
}

/* Households whose facts are those of the columns. */
static Err decide_settled(Thread *t, int64_t row, int32_t rows)
{
    const ColumnMachine *machine = t->batch.machine;
    for (int64_t end = row + rows; row < end;) {
        int32_t most = (int32_t)(end - row);
        int32_t count =
            machine == NULL ? 0 : snapshot_batch_rows(&t->batch, row, most);
        if (count == 0) {
            if (!is_altered(t->run, row)) TRY(decide_row(t, row, true));
            row++;
            continue;
        }
        snapshot_batch_run(&t->batch, row, count);
        const uint8_t *skipped = skip(t, row, count);
        take_run(t, t->batch.columns, machine, count, skipped, row, NULL);
        if (skipped != NULL) TRY(decide_lost(t, row, count, skipped));
        row += count;
    }
    return OK;
}

/* Settled households that are altered: they counted as the columns say. */
static Err decide_altered(Thread *t, int64_t row, int32_t rows)
{
    const Snapshot *snapshot = t->run->job->reader->snapshot;
    const int32_t *persons = snapshot_runs(snapshot, SNAPSHOT_PERSONS);
    if (t->run->job->alter == NULL) return OK;
    for (int64_t end = row + rows; row < end; row++) {
        if (!is_altered(t->run, row)) continue;
        t->found.households--;
        t->found.persons -= persons[row + 1] - persons[row];
        TRY(decide_changing(t, row, true));
    }
    return OK;
}

static Err decide_block(Thread *t, int32_t block)
{
    const Run *run = t->run;
    if (lookout_stops(run->job->lookout)) return ERR_STOPPED;
    const Snapshot *snapshot = run->job->reader->snapshot;
    const int32_t *persons = snapshot_runs(snapshot, SNAPSHOT_PERSONS);
    int32_t rows, settled;
    int64_t row = snapshot_block(snapshot, block, run->month, &rows, &settled);
    t->found.households += settled;
    t->found.persons += persons[row + settled] - persons[row];
    TRY(decide_settled(t, row, settled));
    TRY(decide_altered(t, row, settled));
    for (int32_t i = settled; i < rows; i++) {
        TRY(decide_changing(t, row + i, false));
    }
    lookout_count(run->job->lookout);
    return OK;
}

/* Machines of a pass; the model is lowered once more for what changes, as
 * records are columns of another kind. */
static Err begin_pass(Thread *t)
{
    Run *run = t->run;
    arena_reset(t->arena);
    t->batch.machine = NULL;
    t->changed = NULL;
    t->columns = NULL;
    t->found = (DecideMonth){0};
    if (run->columns != NULL) {
        TRY(snapshot_batch_open(&t->batch, &run->fields, run->columns));
    }
    if (!run->changing || run->job->scalar) return OK;
    char room[WHY_BYTES];
    Buf why = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    t->changed = record_batch_begin(t->arena, run->pack.catalogue,
                                    run->job->programme->household_input);
    if (t->changed == NULL) return ERR_FULL;
    TRY(lower(run, t, record_batch_field, t->changed, &why, &t->columns));
    if (t->columns != NULL) return record_batch_bind(t->changed, t->columns);
    t->changed = NULL;
    return OK;
}

static void end_pass(Thread *t)
{
    snapshot_batch_close(&t->batch);
    record_batch_end(t->changed);
    dmn_columns_close(t->columns);
    t->changed = NULL;
    t->columns = NULL;
}

static Err work(void *arg, int32_t number, Diag *diag)
{
    Run *run = arg;
    Thread *t = &run->thread[number];
    int32_t blocks = snapshot_block_count(run->job->reader->snapshot);
    t->diag = diag;
    Err err = begin_pass(t);
    while (err == OK) {
        int32_t block = atomic_fetch_add(&run->next_block, BLOCKS_AT_ONCE);
        if (block >= blocks) break;
        for (int32_t i = block;
             i < block + BLOCKS_AT_ONCE && i < blocks && err == OK; i++) {
            err = decide_block(t, i);
        }
    }
    if (err == OK && t->changed != NULL) err = run_changed(t);
    if (err != OK) run->next_block = blocks;
    if (err == ERR_FULL && diag->key[0] == '\0') err = no_memory(diag);
    end_pass(t);
    return err;
}

static Err one_pass(Run *run, Diag *diag)
{
    const DecideJob *job = run->job;
    Buf why = {
        .at = run->why, .room_bytes = WHY_BYTES, .limit_bytes = WHY_BYTES};
    run->fields =
        (SnapshotFields){.reader = job->reader,
                         .household_input = job->programme->household_input};
    run->next_block = 0;
    run->changing =
        job->alter != NULL || still_moves(job->reader->snapshot, run->month);
    run->columns = NULL;
    if (!job->scalar && lower(run, &run->thread[0], snapshot_field,
                              &run->fields, &why, &run->columns) != OK) {
        return no_memory(diag);
    }
    Err err = team_run(job->threads, work, run, diag);
    dmn_columns_close(run->columns);
    if (err != OK) return err;
    for (int32_t i = 0; i < job->threads; i++) {
        const DecideMonth *found = &run->thread[i].found;
        run->result->households += found->households;
        run->result->persons += found->persons;
        run->result->by_one += found->by_one;
        measures_join(job->measures, &found->tally, &run->result->tally);
    }
    if (!run->result->tally.over) return OK;
    diag_set(diag, "decide.sum");
    return ERR_RANGE;
}

static Err open_threads(Run *run, Arena *arena, Diag *diag)
{
    const DecideJob *job = run->job;
    run->thread = arena_try(arena, (size_t)job->threads, sizeof *run->thread);
    if (run->thread == NULL) return no_memory(diag);
    for (int32_t i = 0; i < job->threads; i++) {
        Thread *t = &run->thread[i];
        t->run = run;
        t->records = arena_open(RECORD_BYTES);
        t->lost = arena_open(RECORD_BYTES);
        t->arena = arena_open(BATCH_BYTES);
        if (t->records == NULL || t->lost == NULL || t->arena == NULL) {
            return no_memory(diag);
        }
        TRY(decider_open(&run->pack, job->programme, diag, &t->decider));
    }
    return OK;
}

static void close_threads(Run *run)
{
    for (int32_t i = 0; run->thread != NULL && i < run->job->threads; i++) {
        decider_close(run->thread[i].decider);
        arena_close(run->thread[i].records);
        arena_close(run->thread[i].lost);
        arena_close(run->thread[i].arena);
    }
}

static Err check_month(const DecideJob *job, Diag *diag)
{
    char room[16];
    Month first = snapshot_first_month(job->reader->snapshot);
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    if (job->month >= first) return OK;
    month_write(&text, first);
    diag_set(diag, "decide.month");
    diag_arg(diag, buf_view(&text));
    return ERR_INVALID;
}

Err decide_population(const DecideJob *job, Arena *arena, Diag *diag,
                      DecideReport *ret)
{
    Run run = {.job = job,
               .pack = {.catalogue = job->reader->facts->catalogue},
               .why = ret->why};
    memset(ret, 0, sizeof *ret);
    TRY(check_month(job, diag));
    ret->month = arena_try(arena, (size_t)job->passes, sizeof *ret->month);
    if (ret->month == NULL) return no_memory(diag);
    Err err = open_threads(&run, arena, diag);
    double began = clock_wall_s();
    for (int32_t k = 0; err == OK && k < job->passes; k++) {
        memset(ret->why, 0, sizeof ret->why);
        run.month = job->month + k;
        run.result = &ret->month[k];
        err = one_pass(&run, diag);
        if (err == OK && job->progress != NULL &&
            !job->progress(job->arg, k + 1, job->passes)) {
            err = ERR_STOPPED;
        }
    }
    ret->seconds = clock_wall_s() - began;
    close_threads(&run);
    return err;
}

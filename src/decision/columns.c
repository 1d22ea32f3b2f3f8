#include "decision/columns_int.h"

#include "decision/record_batch.h"

enum { ARENA_BYTES = 64 << 20, KNOWN_MASKS = 64 };

/* A set of reasons that has come up, and how it is written. */
typedef struct Reasons {
    int64_t bits;
    char text[REASONS_BYTES_MAX];
    bool fits;
} Reasons;

struct DecisionColumns {
    Arena *arena;
    const Programme *programme;
    DmnColumns *columns;
    RecordBatch *batch;
    ColumnLane *lane[RECORD_BATCH_ROWS]; /* by row */
    Reasons seen[KNOWN_MASKS];
    int32_t seen_count;
};

static Err lower(DecisionColumns *c, Decider *decider, Month month, Buf *why)
{
    const Programme *programme = c->programme;
    DmnEval *eval = decider_eval(decider);
    const DmnWanted wanted[] = {{programme->decision, "eligible", DMN_FLAG},
                                {programme->decision, "amount", DMN_MINOR},
                                {programme->decision, "reasons", DMN_CODES}};
    dmn_eval_reset(eval);
    dmn_input_set(eval, programme->month_input,
                  feel_date(month_first_day(month)));
    TRY(dmn_columns_open(
        programme->model, eval, UINT64_C(1) << programme->month_input,
        record_batch_field, c->batch, wanted, 3, why, &c->columns));
    return record_batch_bind(c->batch, c->columns);
}

Err decision_columns_open(Decider *decider, Month month, Buf *why,
                          DecisionColumns **ret)
{
    Arena *arena = arena_open(ARENA_BYTES);
    DecisionColumns *c = arena == NULL ? NULL : arena_try(arena, 1, sizeof *c);
    *ret = NULL;
    if (c == NULL) {
        arena_close(arena);
        return ERR_FULL;
    }
    c->arena = arena;
    c->programme = decider_programme(decider);
    c->batch = record_batch_begin(arena, decider_pack(decider)->catalogue,
                                  c->programme->household_input);
    Err err = c->batch == NULL ? ERR_FULL : lower(c, decider, month, why);
    if (err == OK) {
        *ret = c;
        return OK;
    }
    decision_columns_close(c);
    return err == ERR_INVALID ? OK : err;
}

void decision_columns_close(DecisionColumns *c)
{
    if (c == NULL) return;
    record_batch_end(c->batch);
    dmn_columns_close(c->columns);
    arena_close(c->arena);
}

/* The text of a set of reasons; it is made once. */
static const Reasons *reasons_of(DecisionColumns *c, int64_t bits, Reasons *own)
{
    for (int32_t i = 0; i < c->seen_count; i++) {
        if (c->seen[i].bits == bits) return &c->seen[i];
    }
    bool room = c->seen_count < KNOWN_MASKS;
    Reasons *made = room ? &c->seen[c->seen_count++] : own;
    int32_t count;
    size_t used = 0;
    const Str *codes = dmn_columns_codes(c->columns, 2, &count);
    *made = (Reasons){.bits = bits, .fits = true};
    for (int32_t i = 0; i < count; i++) {
        if ((bits >> i & 1) == 0) continue;
        if (used + codes[i].bytes + 2 > REASONS_BYTES_MAX) {
            made->fits = false;
            break;
        }
        if (used > 0) made->text[used++] = ' ';
        memcpy(made->text + used, codes[i].at, codes[i].bytes);
        used += codes[i].bytes;
    }
    made->text[used] = '\0';
    return made;
}

static void take_verdict(DecisionColumns *c, int32_t row)
{
    ColumnLane *lane = c->lane[row];
    const ColumnMachine *machine = record_batch_machine(c->batch);
    Reasons own;
    if (record_batch_stray(c->batch, row)) return;
    const Reasons *reasons = reasons_of(c, column_value(machine, 2, row), &own);
    if (!reasons->fits) return;
    lane->verdict->eligible = column_value(machine, 0, row) != 0;
    lane->verdict->amount_minor = column_value(machine, 1, row);
    memcpy(lane->verdict->reasons, reasons->text, sizeof reasons->text);
    lane->decided = true;
}

static void run(DecisionColumns *c)
{
    int32_t rows = record_batch_rows(c->batch);
    record_batch_run(c->batch);
    for (int32_t i = 0; i < rows; i++) take_verdict(c, i);
    record_batch_reset(c->batch);
}

void decision_columns_decide(DecisionColumns *c, ColumnLane *lanes,
                             int32_t count)
{
    record_batch_reset(c->batch);
    for (int32_t i = 0; i < count; i++) {
        ColumnLane *lane = &lanes[i];
        lane->decided = false;
        if (!record_batch_takes(c->batch, lane->record)) continue;
        if (!record_batch_has_room(c->batch, lane->record)) run(c);
        c->lane[record_batch_put(c->batch, lane->record)] = lane;
    }
    run(c);
}

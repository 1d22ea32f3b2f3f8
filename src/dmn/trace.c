/*
 * While it evaluates, the machine leaves notes: nodes of the program and
 * values. Steps are made of them when somebody asks. What was noted of a
 * decision that is kept is kept with it, once, and told where it is used
 * first.
 */
#include "dmn/trace.h"

#include "dmn/eval_int.h"

static DmnStep *step_add(DmnEval *eval, DmnStepKind kind)
{
    if (eval->trace_count == eval->trace_room) {
        size_t room = eval->trace_room == 0 ? 64 : 2 * eval->trace_room;
        DmnStep *wider = room > DMN_STEPS_MAX
                             ? NULL
                             : arena_try_raw(eval->home, room, sizeof *wider);
        if (wider == NULL) {
            eval->trace_cut = true;
            return NULL;
        }
        if (eval->trace_count > 0) {
            memcpy(wider, eval->trace_steps, eval->trace_count * sizeof *wider);
        }
        eval->trace_steps = wider;
        eval->trace_room = room;
    }
    DmnStep *step = &eval->trace_steps[eval->trace_count++];
    *step = (DmnStep){.kind = kind,
                      .depth = eval->open_count,
                      .decision = -1,
                      .input = -1,
                      .end = (int32_t)eval->trace_count};
    return step;
}

static void step_open(DmnEval *eval, DmnStep *step)
{
    if (eval->open_count >= DMN_NESTING_MAX) return;
    int32_t index = step == NULL ? -1 : (int32_t)(step - eval->trace_steps);
    eval->open[eval->open_count++] = index;
}

static DmnStep *step_close(DmnEval *eval)
{
    if (eval->open_count == 0) return NULL;
    int32_t index = eval->open[--eval->open_count];
    if (index < 0) return NULL;
    DmnStep *step = &eval->trace_steps[index];
    step->end = (int32_t)eval->trace_count;
    return step;
}

static const DmnElement *function_of(const DmnModel *model, int32_t unit)
{
    for (int32_t i = 0; i < model->function_count; i++) {
        if (model->functions[i]->unit == unit) return model->functions[i];
    }
    return NULL;
}

static void note_decision(DmnEval *eval, int32_t index)
{
    const DmnElement *element = eval->model->decisions[index];
    DmnStep *step = step_add(eval, DMN_STEP_DECISION);
    if (step != NULL) {
        step->decision = index;
        step->name = element->name;
        step->line = element->node->line;
        step->text = element->text;
    }
    step_open(eval, step);
}

static void note_unit(DmnEval *eval, int32_t unit)
{
    DmnStep *step = step_add(eval, DMN_STEP_CALL);
    if (step != NULL) {
        const DmnElement *element = function_of(eval->model, unit);
        step->name = eval->model->program->units[unit].name;
        if (element != NULL) step->line = element->node->line;
    }
    step_open(eval, step);
}

static void note_uses(DmnEval *eval, int32_t decision, int32_t input,
                      FeelValue value)
{
    DmnStep *step = step_add(eval, DMN_STEP_USES);
    if (step == NULL) return;
    const DmnModel *model = eval->model;
    step->decision = decision;
    step->input = input;
    step->name = input >= 0 ? model->inputs[input]->name
                            : model->decisions[decision]->name;
    step->value = value;
}

/* The rows of the innermost table lie behind its mark, an open step. */
static void note_row(DmnEval *eval, int32_t row, FeelValue value)
{
    DmnStep *step = step_add(eval, DMN_STEP_ROW);
    if (step == NULL) return;
    step->row = row;
    step->value = value;
    /* Which table it is in, the table's end will say. */
}

/* The rows of one table that matched, and what the table gave. */
typedef struct Matched {
    const FeelTable *table;
    FeelValue result;
    size_t count, chosen;
    bool all_same; /* every row gives the result */
} Matched;

/*
 * Whether the hit policy took the row: a row that gives null is taken like
 * any other. A table whose rows contradict each other took none.
 */
static bool is_chosen(const Matched *rows, const DmnStep *step)
{
    bool failed = rows->result.kind == FEEL_NULL;
    switch (rows->table->hit) {
    case FEEL_HIT_UNIQUE:
        return rows->count == 1;
    case FEEL_HIT_FIRST:
        return rows->chosen == 0;
    case FEEL_HIT_PRIORITY:
        return rows->chosen == 0 && feel_same(step->value, rows->result);
    case FEEL_HIT_ANY:
        return rows->chosen == 0 && (!failed || rows->all_same);
    case FEEL_HIT_COLLECT:
        /* Only a single row can give null to a sum, least or most. */
        return !failed || (rows->count == 1 && rows->all_same);
    case FEEL_HIT_RULE_ORDER:
    case FEEL_HIT_OUTPUT_ORDER:
        break;
    }
    return !failed;
}

/* Several outputs of a row, by the names of their columns. */
static FeelValue named_outputs(DmnEval *eval, const FeelTable *table,
                               FeelValue outputs)
{
    if (table->shape == NULL || outputs.kind != FEEL_LIST) return outputs;
    FeelRecord *record = feel_record_try(eval->run.arena, table->shape);
    if (record == NULL) return outputs;
    for (uint32_t i = 0; i < table->output_count && i < outputs.count; i++) {
        record->fields[i] = outputs.as.items[i];
    }
    return feel_context(record);
}

/* A row of the table that ends: those of tables inside are complete. */
static bool is_open_row(const DmnStep *step, const DmnTable *texts)
{
    return step->kind == DMN_STEP_ROW && step->notes == NULL &&
           step->row >= 1 && step->row <= texts->row_count && step->line == 0;
}

static void complete_row(DmnEval *eval, const FeelTable *table, DmnStep *step)
{
    const DmnTable *texts = eval->model->tables[table->source];
    const DmnRow *row = &texts->rows[step->row - 1];
    step->depth = eval->open_count;
    step->line = row->line;
    step->notes = row->notes;
    step->note_count = texts->note_count;
    step->cells = row->cells;
    step->cell_count = texts->input_count;
}

/* Completes the rows that were noted since the table began. */
static void note_table_end(DmnEval *eval, int32_t index, FeelValue result)
{
    const FeelTable *table = &eval->model->program->tables[index];
    const DmnTable *texts = eval->model->tables[table->source];
    int32_t from = eval->open_count > 0 ? eval->open[eval->open_count - 1] : 0;
    if (eval->open_count > 0) eval->open_count--;
    Matched rows = {.table = table, .result = result, .all_same = true};
    for (size_t i = (size_t)from; i < eval->trace_count; i++) {
        DmnStep *step = &eval->trace_steps[i];
        if (!is_open_row(step, texts)) continue;
        step->value = named_outputs(eval, table, step->value);
        rows.count++;
        rows.all_same = rows.all_same && feel_same(step->value, result);
    }
    for (size_t i = (size_t)from; i < eval->trace_count; i++) {
        DmnStep *step = &eval->trace_steps[i];
        if (!is_open_row(step, texts)) continue;
        step->chosen = is_chosen(&rows, step);
        rows.chosen += step->chosen;
        complete_row(eval, table, step);
    }
}

static void note_entry(DmnEval *eval, int32_t index, FeelValue value)
{
    DmnStep *step = step_add(eval, DMN_STEP_ENTRY);
    if (step == NULL) return;
    const DmnEntry *entry = &eval->model->entries[index];
    step->name = entry->name;
    step->text = entry->text;
    step->line = entry->line;
    step->value = value;
}

static void tell(DmnEval *eval, const FeelNoted *noted)
{
    DmnStep *step;
    switch ((FeelNote)noted->note) {
    case FEEL_NOTE_DECISION:
        note_decision(eval, noted->index);
        break;
    case FEEL_NOTE_UNIT:
        note_unit(eval, noted->index);
        break;
    case FEEL_NOTE_DECISION_END:
    case FEEL_NOTE_UNIT_END:
        step = step_close(eval);
        if (step != NULL) step->value = noted->value;
        break;
    case FEEL_NOTE_USES_INPUT:
        note_uses(eval, -1, noted->index, noted->value);
        break;
    case FEEL_NOTE_USES_DECISION:
        note_uses(eval, noted->index, -1, noted->value);
        break;
    case FEEL_NOTE_TABLE:
        if (eval->open_count < DMN_NESTING_MAX) {
            eval->open[eval->open_count++] = (int32_t)eval->trace_count;
        }
        break;
    case FEEL_NOTE_ROW:
        note_row(eval, noted->index, noted->value);
        break;
    case FEEL_NOTE_TABLE_END:
        note_table_end(eval, noted->index, noted->value);
        break;
    case FEEL_NOTE_ENTRY:
        note_entry(eval, noted->index, noted->value);
        break;
    case FEEL_NOTE_KEPT:
        break;
    }
}

/* Tells what was noted; kept decisions lead to each other by a chain. */
static void tell_all(DmnEval *eval, const FeelNoted *noted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int32_t index = noted[i].index;
        bool asks = noted[i].note == FEEL_NOTE_USES_DECISION ||
                    noted[i].note == FEEL_NOTE_KEPT;
        const DmnKeptTrace *kept = asks ? &eval->kept_trace[index] : NULL;
        if (asks && kept->noted != NULL && !eval->trace_told[index]) {
            eval->trace_told[index] = 1;
            tell_all(eval, kept->noted, kept->count);
        }
        tell(eval, &noted[i]);
    }
}

bool dmn_trace_keep(DmnEval *eval, int32_t decision)
{
    const FeelRun *run = &eval->run;
    if (run->noted_cut) return false;
    size_t from = 0, depth = 0, count = 0;
    while (from < run->noted_used &&
           (run->noted[from].note != FEEL_NOTE_DECISION ||
            run->noted[from].index != decision)) {
        from++;
    }
    FeelNoted *kept =
        arena_try_raw(eval->kept, run->noted_used - from, sizeof *kept);
    if (kept == NULL || from == run->noted_used) return false;
    /* Decisions inside have a trace of their own, told where they are used. */
    for (size_t i = from; i < run->noted_used; i++) {
        FeelNoted noted = run->noted[i];
        bool ends = noted.note == FEEL_NOTE_DECISION_END;
        if (noted.note == FEEL_NOTE_DECISION) {
            if (!eval->is_kept[noted.index]) return false;
            depth++;
        }
        if (depth == 1) {
            if (!feel_copy(eval->kept, noted.value, &noted.value)) return false;
            kept[count++] = noted;
        }
        depth -= ends;
        if (depth == 0) break;
    }
    eval->kept_trace[decision] = (DmnKeptTrace){kept, count};
    return true;
}

void dmn_trace_reset(DmnEval *eval)
{
    eval->trace_count = 0;
    eval->trace_of = 0;
    eval->open_count = 0;
    eval->trace_cut = false;
    eval->run.noting = eval->tracing;
}

void dmn_trace_set(DmnEval *eval, bool on)
{
    eval->tracing = on;
}

const DmnStep *dmn_trace(DmnEval *eval, size_t *ret_count)
{
    const FeelRun *run = &eval->run;
    if (eval->trace_of != run->noted_used) {
        dmn_trace_reset(eval);
        memset(eval->trace_told, 0, (size_t)eval->model->decision_count);
        tell_all(eval, run->noted, run->noted_used);
        eval->trace_of = run->noted_used;
    }
    *ret_count = eval->trace_count;
    return eval->trace_steps;
}

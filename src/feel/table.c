/*
 * From the matched rows of a decision table to its result. Each row lies on
 * run->pushed as its number followed by its outputs.
 */
#include "feel/number.h"
#include "feel/run_int.h"

typedef struct Rows {
    FeelRun *run;
    const FeelTable *table;
    const FeelValue *at;
    uint32_t count;
    uint32_t width; /* of one row: number and outputs */
} Rows;

static FeelValue row_value(const Rows *rows, uint32_t index)
{
    const FeelValue *outputs = rows->at + index * rows->width + 1;
    if (rows->table->shape == NULL) return outputs[0];
    FeelRecord *record = feel_record_try(rows->run->arena, rows->table->shape);
    if (record == NULL) {
        rows->run->full = true;
        return feel_null();
    }
    for (uint32_t i = 0; i < rows->table->output_count; i++) {
        record->fields[i] = outputs[i];
    }
    return feel_context(record);
}

static FeelValue all_rows(const Rows *rows)
{
    FeelValue *items = feel_run_values(rows->run, rows->count);
    if (items == NULL) return feel_null();
    for (uint32_t i = 0; i < rows->count; i++) items[i] = row_value(rows, i);
    return feel_list(items, rows->count);
}

static bool same_outputs(const Rows *rows, uint32_t a, uint32_t b)
{
    for (uint32_t i = 1; i < rows->width; i++) {
        if (!feel_is_true(feel_equal(rows->run, rows->at[a * rows->width + i],
                                     rows->at[b * rows->width + i]))) {
            return false;
        }
    }
    return true;
}

/* The place of a value in the declared order of its output; last if absent. */
static uint32_t rank(FeelRun *run, FeelValue order, FeelValue value)
{
    if (order.kind != FEEL_LIST) return 0;
    for (uint32_t i = 0; i < order.count; i++) {
        if (feel_is_true(feel_equal(run, order.as.items[i], value))) return i;
    }
    return order.count;
}

static bool before(const Rows *rows, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < rows->table->output_count; i++) {
        FeelValue order = rows->table->order[i];
        uint32_t x = rank(rows->run, order, rows->at[a * rows->width + 1 + i]);
        uint32_t y = rank(rows->run, order, rows->at[b * rows->width + 1 + i]);
        if (x != y) return x < y;
    }
    return false;
}

static FeelValue best_row(const Rows *rows)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < rows->count; i++) {
        if (before(rows, i, best)) best = i;
    }
    return row_value(rows, best);
}

/* By the declared order; equal rows stay as they stand in the table. */
static FeelValue ordered_rows(const Rows *rows)
{
    FeelValue *items = feel_run_values(rows->run, rows->count);
    uint32_t *places =
        arena_try_raw(rows->run->arena, rows->count, sizeof *places);
    if (items == NULL || places == NULL) return feel_null();
    for (uint32_t i = 0; i < rows->count; i++) {
        uint32_t at = i;
        while (at > 0 && before(rows, i, places[at - 1])) {
            places[at] = places[at - 1];
            at--;
            if (!feel_run_spend(rows->run, 1)) return feel_null();
        }
        places[at] = i;
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        items[i] = row_value(rows, places[i]);
    }
    return feel_list(items, rows->count);
}

static FeelValue combined(const Rows *rows, uint32_t output)
{
    FeelAggregation aggregation = rows->table->aggregation;
    FeelValue total = rows->at[1 + output];
    for (uint32_t i = 1; i < rows->count; i++) {
        FeelValue next = rows->at[i * rows->width + 1 + output];
        int order;
        if (!feel_order(rows->run, total, next, &order)) {
            return feel_run_blame(rows->run, "feel.aggregate", total, next);
        }
        if (aggregation == FEEL_AGGREGATE_SUM) {
            if (total.kind != FEEL_NUMBER) {
                return feel_run_blame(rows->run, "feel.aggregate", total, next);
            }
            total = feel_number_add(rows->run->arena, total, next);
        } else if ((aggregation == FEEL_AGGREGATE_MIN) == (order > 0)) {
            total = next;
        }
    }
    return total;
}

static FeelValue aggregate(const Rows *rows)
{
    if (rows->table->aggregation == FEEL_AGGREGATE_COUNT) {
        return feel_number(rows->count, 0);
    }
    if (rows->table->shape == NULL) return combined(rows, 0);
    FeelRecord *record = feel_record_try(rows->run->arena, rows->table->shape);
    if (record == NULL) return feel_run_exhausted(rows->run, "memory");
    for (uint32_t i = 0; i < rows->table->output_count; i++) {
        record->fields[i] = combined(rows, i);
    }
    return feel_context(record);
}

/* Says which rows must not match together. */
static FeelValue both(const Rows *rows, const char *key, uint32_t other)
{
    FeelRun *run = rows->run;
    int64_t first = 0, second = 0;
    if (run->diag.key[0] != '\0') return feel_null();
    (void)feel_number_int(rows->at[0], &first);
    (void)feel_number_int(rows->at[other * rows->width], &second);
    (void)feel_run_fail(run, key, NULL);
    diag_arg_int(&run->diag, first);
    diag_arg_int(&run->diag, second);
    return feel_null();
}

static FeelValue no_row(const Rows *rows, FeelValue otherwise)
{
    if (otherwise.kind != FEEL_NULL) return otherwise;
    FeelHit hit = rows->table->hit;
    if (hit == FEEL_HIT_COLLECT &&
        rows->table->aggregation == FEEL_AGGREGATE_COUNT) {
        return feel_number(0, 0);
    }
    bool lists = hit == FEEL_HIT_RULE_ORDER || hit == FEEL_HIT_OUTPUT_ORDER ||
                 (hit == FEEL_HIT_COLLECT &&
                  rows->table->aggregation == FEEL_AGGREGATE_LIST);
    return lists ? feel_list(NULL, 0) : feel_null();
}

FeelValue feel_table_close(FeelRun *run, int32_t index, size_t base,
                           FeelValue otherwise)
{
    const FeelTable *table = &run->program->tables[index];
    Rows rows = {.run = run,
                 .table = table,
                 .at = run->pushed + base,
                 .width = table->output_count + 1};
    rows.count = (uint32_t)(run->pushed_used - base) / rows.width;
    if (rows.count == 0) return no_row(&rows, otherwise);
    switch (table->hit) {
    case FEEL_HIT_UNIQUE:
        if (rows.count > 1) return both(&rows, "feel.not_unique", 1);
        return row_value(&rows, 0);
    case FEEL_HIT_FIRST:
        return row_value(&rows, 0);
    case FEEL_HIT_ANY:
        for (uint32_t i = 1; i < rows.count; i++) {
            if (!same_outputs(&rows, 0, i)) {
                return both(&rows, "feel.not_any", i);
            }
        }
        return row_value(&rows, 0);
    case FEEL_HIT_PRIORITY:
        return best_row(&rows);
    case FEEL_HIT_OUTPUT_ORDER:
        return ordered_rows(&rows);
    case FEEL_HIT_RULE_ORDER:
        return all_rows(&rows);
    case FEEL_HIT_COLLECT:
        break;
    }
    return table->aggregation == FEEL_AGGREGATE_LIST ? all_rows(&rows)
                                                     : aggregate(&rows);
}

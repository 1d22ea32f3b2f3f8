#include "simulation/snapshot_batch.h"

enum {
    LANES = 2048, /* what is worked on stays in the second cache */
    PERSONS = 8 * LANES,
    ASSETS = 8 * LANES
};

_Static_assert((int)PERSONS >= (int)SNAPSHOT_MEMBERS_MAX, "one must fit");

static FeelKind feel_kind_of(SnapshotType type)
{
    switch (type) {
    case SNAPSHOT_ID:
    case SNAPSHOT_COUNT:
    case SNAPSHOT_MONEY:
        return FEEL_NUMBER;
    case SNAPSHOT_DATE:
        return FEEL_DATE;
    case SNAPSHOT_FLAG:
        return FEEL_BOOLEAN;
    case SNAPSHOT_CODE:
        return FEEL_STRING;
    case SNAPSHOT_TYPES:
        break;
    }
    return FEEL_NULL;
}

static bool plain_field(SnapshotFields *fields, SnapshotTable table, Str name,
                        const FeelType *type, DmnField *ret)
{
    const SnapshotColumn *column =
        snapshot_find(fields->reader->snapshot, table, name);
    if (column == NULL || fields->count == COLUMN_INPUTS_MAX) return false;
    if (type->kind != FEEL_ANY &&
        type->kind != feel_kind_of(column->kind.type)) {
        return false;
    }
    *ret = (DmnField){.width = column->width,
                      .scale = column->kind.type == SNAPSHOT_MONEY ? 2 : 0,
                      .range = column->range,
                      .times = column->kind.times,
                      .nullable = column->nulls != NULL,
                      .codes = column->kind.codes,
                      .code_count = column->kind.code_count,
                      .tag = fields->count};
    fields->column[fields->count++] = column;
    return true;
}

static bool list_field(const SnapshotFields *fields, SnapshotTable table,
                       int32_t tag, DmnField *ret)
{
    const Snapshot *snapshot = fields->reader->snapshot;
    ColumnRange rows = snapshot_run_range(snapshot, table);
    if (table == SNAPSHOT_PERSONS && rows.low < 1) rows.low = 1;
    if (table == SNAPSHOT_ASSETS) { /* of a whole household */
        rows.high *= snapshot_run_range(snapshot, SNAPSHOT_PERSONS).high;
    }
    *ret = (DmnField){.rows = rows, .tag = tag};
    return true;
}

bool snapshot_field(void *context, int32_t input, const Str *path,
                    int32_t depth, const FeelType *type, DmnField *ret)
{
    SnapshotFields *fields = context;
    if (input != fields->household_input || depth < 1 || depth > 3) {
        return false;
    }
    Str name = path[depth - 1];
    if (type->kind != FEEL_LIST) {
        return plain_field(fields, (SnapshotTable)(depth - 1), name, type, ret);
    }
    if (depth == 1 && str_is(name, "members")) {
        return list_field(fields, SNAPSHOT_PERSONS, TAG_PERSONS, ret);
    }
    const Kind *kind = kind_find(fields->reader->facts->catalogue, name);
    if (depth != 2 || kind == NULL || kind->type != KIND_ASSET) return false;
    return list_field(fields, SNAPSHOT_ASSETS, TAG_ASSETS, ret);
}

Err snapshot_batch_open(SnapshotBatch *b, const SnapshotFields *fields,
                        const DmnColumns *columns)
{
    int32_t rows[COLUMN_DOMAINS_MAX] = {LANES};
    *b = (SnapshotBatch){.fields = fields, .columns = columns};
    for (int32_t i = 0; i < dmn_columns_list_count(columns); i++) {
        const DmnColumnList *list = dmn_columns_list(columns, i);
        bool persons = list->tag == TAG_PERSONS;
        *(persons ? &b->person_domain : &b->asset_domain) = list->domain;
        rows[list->domain] = persons ? PERSONS : ASSETS;
    }
    return column_machine_open(dmn_columns_program(columns), rows, &b->machine);
}

void snapshot_batch_close(SnapshotBatch *batch)
{
    column_machine_close(batch->machine);
    batch->machine = NULL;
}

static bool fits(const SnapshotBatch *b, int64_t row, int32_t rows)
{
    const Snapshot *snapshot = b->fields->reader->snapshot;
    const int32_t *persons = snapshot_runs(snapshot, SNAPSHOT_PERSONS);
    if (persons[row + rows] - persons[row] > PERSONS) return false;
    const int32_t *assets = snapshot_runs(snapshot, SNAPSHOT_ASSETS);
    if (b->asset_domain == 0 || assets == NULL) return true;
    return assets[persons[row + rows]] - assets[persons[row]] <= ASSETS;
}

int32_t snapshot_batch_rows(const SnapshotBatch *b, int64_t row, int32_t most)
{
    int32_t rows = most < LANES ? most : LANES;
    while (rows > 0 && !fits(b, row, rows)) rows /= 2;
    return rows;
}

/* Where nobody has an asset: that each person has none. */
static const int32_t no_assets[PERSONS + 1];

static const void *at_row(const void *values, ColumnWidth width, int64_t row)
{
    size_t bytes = width == COLUMN_U8 ? 1 : width == COLUMN_I32 ? 4 : 8;
    return (const char *)values + (size_t)row * bytes;
}

void snapshot_batch_run(SnapshotBatch *b, int64_t row, int32_t rows)
{
    const Snapshot *snapshot = b->fields->reader->snapshot;
    const int32_t *persons = snapshot_runs(snapshot, SNAPSHOT_PERSONS);
    const int32_t *assets = snapshot_runs(snapshot, SNAPSHOT_ASSETS);
    int64_t first[SNAPSHOT_TABLES] = {row, persons[row], 0};
    ColumnBatch *batch = &b->batch;
    batch->rows[0] = rows;
    if (b->person_domain > 0) {
        batch->offsets[b->person_domain] = persons + row;
        batch->rows[b->person_domain] = persons[row + rows] - persons[row];
    }
    if (b->asset_domain > 0 && assets == NULL) {
        batch->offsets[b->asset_domain] = no_assets;
    } else if (b->asset_domain > 0) {
        first[SNAPSHOT_ASSETS] = assets[persons[row]];
        batch->offsets[b->asset_domain] = assets + persons[row];
        batch->rows[b->asset_domain] =
            assets[persons[row + rows]] - assets[persons[row]];
    }
    for (int32_t i = 0; i < dmn_columns_input_count(b->columns); i++) {
        const DmnColumnInput *input = dmn_columns_input(b->columns, i);
        const SnapshotColumn *column = b->fields->column[input->tag];
        int64_t from = first[column->kind.table];
        if (input->value >= 0) {
            batch->input[input->value] =
                at_row(column->values, column->width, from);
        }
        if (input->null >= 0) {
            batch->input[input->null] = at_row(column->nulls, COLUMN_U8, from);
        }
    }
    column_run(b->machine, batch);
}

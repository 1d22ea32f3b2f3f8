#include "decision/record_batch.h"

enum {
    MEMBERS = 16 * RECORD_BATCH_ROWS,
    ASSETS = 8 * RECORD_BATCH_ROWS,
    ASSETS_MAX = 1000, /* of a household; more are for the scalar evaluator */
    FIELDS_MAX = KIND_FIELDS_MAX + 8,
    DOMAINS = 3
};

/* Amounts beyond this are for the scalar evaluator: 10 billion SAR a year. */
static const int64_t money_max = INT64_C(1000000000000);
static const int64_t count_max = 1000000;

/* Where the values of a column come from. */
typedef enum ColumnFrom {
    FROM_FIELD,   /* a field of the record of a household or member */
    FROM_ID,      /* its id */
    FROM_MEMBERS, /* the list of members */
    FROM_ASSETS,  /* the list of assets */
    FROM_CLASS,   /* of an asset */
    FROM_VALUE,
    FROM_LIVED_IN,
    FROM_EXEMPT
} ColumnFrom;

/* A field that the program may read, and its columns. */
typedef struct FieldColumn {
    ColumnFrom from;
    const Kind *kind;
    ColumnWidth width;
    ColumnRange range;
    bool nullable;
    int32_t domain;
    void *values;
    uint8_t *nulls;
    int32_t value_input, null_input;
} FieldColumn;

struct RecordBatch {
    Arena *arena;
    const KindCatalogue *catalogue;
    int32_t household_input;
    const DmnColumns *columns;
    ColumnMachine *machine;
    ColumnBatch batch;
    FieldColumn field[FIELDS_MAX];
    int32_t field_count;
    FieldColumn *by_domain[DOMAINS][FIELDS_MAX]; /* those that are read */
    int32_t by_domain_count[DOMAINS];
    uint64_t needed[2]; /* bits of fields that must be known, by domain */
    int32_t member_domain, asset_domain; /* of the program; 0: none */
    int32_t *member_offsets, *asset_offsets;
    bool astray[RECORD_BATCH_ROWS]; /* a value is out of its column's range */
};

static const Str *code_texts(Arena *arena, const char *const *codes,
                             int32_t count)
{
    Str *texts = arena_try(arena, (size_t)count + 1, sizeof *texts);
    for (int32_t i = 0; texts != NULL && i < count; i++)
        texts[i] = str_of(codes[i]);
    return texts;
}

static bool describe_kind(RecordBatch *c, const Kind *kind, DmnField *ret)
{
    ret->nullable = !kind->has_unknown;
    if (kind->project == PROJECT_DAYS) {
        ret->width = COLUMN_I32;
        ret->range = (ColumnRange){0, count_max};
        return true;
    }
    switch (kind->type) {
    case KIND_DATE:
        ret->width = COLUMN_I32;
        ret->range = (ColumnRange){DAY_MIN, DAY_MAX};
        return true;
    case KIND_FLAG:
        ret->width = COLUMN_U8;
        ret->range = (ColumnRange){0, 1};
        return true;
    case KIND_COUNT:
        ret->width = COLUMN_I32;
        ret->range = (ColumnRange){0, count_max};
        return true;
    case KIND_MONEY:
        ret->width = COLUMN_I64;
        ret->scale = 2;
        ret->range = (ColumnRange){0, money_max};
        return true;
    case KIND_CODE:
        ret->width = COLUMN_U8;
        ret->range = (ColumnRange){0, kind->code_count - 1};
        ret->codes = code_texts(c->arena, kind->codes, kind->code_count);
        ret->code_count = kind->code_count;
        return true;
    case KIND_TEXT:
    case KIND_ASSET:
        break;
    }
    return false;
}

static bool describe_asset(RecordBatch *c, Str name, FieldColumn *column,
                           DmnField *ret)
{
    ret->width = COLUMN_U8;
    ret->range = (ColumnRange){0, 1};
    if (str_is(name, "class")) {
        column->from = FROM_CLASS;
        ret->range.high = c->catalogue->asset_class_count - 1;
        ret->codes = code_texts(c->arena, c->catalogue->asset_classes,
                                c->catalogue->asset_class_count);
        ret->code_count = c->catalogue->asset_class_count;
    } else if (str_is(name, "value")) {
        column->from = FROM_VALUE;
        ret->width = COLUMN_I64;
        ret->scale = 2;
        ret->range = (ColumnRange){0, money_max};
    } else if (str_is(name, "lived_in")) {
        column->from = FROM_LIVED_IN;
    } else if (str_is(name, "exempt")) {
        column->from = FROM_EXEMPT;
    } else {
        return false;
    }
    return true;
}

/* A field of a household or a member, by its name in the catalogue. */
static bool describe(RecordBatch *c, bool of_person, Str name,
                     FieldColumn *column, DmnField *ret)
{
    if (str_is(name, of_person ? "person_id" : "household_id")) {
        column->from = FROM_ID;
        ret->width = COLUMN_I64;
        ret->range = (ColumnRange){0, INT64_MAX / 4};
        return true;
    }
    const Kind *kind = kind_find(c->catalogue, name);
    if (kind == NULL || kind->field < 0 || kind->of_person != of_person) {
        return false;
    }
    column->kind = kind;
    column->from = kind->type == KIND_ASSET ? FROM_ASSETS : FROM_FIELD;
    if (kind->type != KIND_ASSET) return describe_kind(c, kind, ret);
    ret->rows = (ColumnRange){0, ASSETS_MAX};
    return of_person; /* a household itself has none */
}

bool record_batch_field(void *context, int32_t input, const Str *path,
                        int32_t depth, const FeelType *type, DmnField *ret)
{
    (void)type; /* the owner has compared it with the catalogue */
    RecordBatch *c = context;
    FieldColumn column = {.value_input = -1, .null_input = -1};
    bool known = false;
    if (input != c->household_input || c->field_count == FIELDS_MAX)
        return false;
    Str name = depth == 0 ? STR("") : path[depth - 1];
    if (depth == 1 && str_is(name, "members")) {
        column.from = FROM_MEMBERS;
        ret->rows = (ColumnRange){1, BOOK_MEMBERS_MAX};
        known = true;
    } else if (depth == 1) {
        known = describe(c, false, name, &column, ret);
    } else if (depth == 2) {
        known = describe(c, true, name, &column, ret);
    } else if (depth == 3) {
        known = describe_asset(c, name, &column, ret);
    }
    column.domain = depth - 1;
    column.width = ret->width;
    column.range = ret->range;
    column.nullable = ret->nullable;
    ret->tag = c->field_count;
    c->field[c->field_count++] = column;
    return known;
}

static void *column_room(Arena *arena, int32_t domain, ColumnWidth width)
{
    size_t rows = domain == 0   ? RECORD_BATCH_ROWS
                  : domain == 1 ? MEMBERS
                                : ASSETS;
    size_t bytes = width == COLUMN_U8 ? 1 : width == COLUMN_I32 ? 4 : 8;
    return arena_try_raw(arena, rows * bytes + 64, 1);
}

/* Room for each column that the program reads. */
static Err make_columns(RecordBatch *c)
{
    const ColumnProgram *program = dmn_columns_program(c->columns);
    for (int32_t i = 0; i < dmn_columns_input_count(c->columns); i++) {
        const DmnColumnInput *input = dmn_columns_input(c->columns, i);
        FieldColumn *field = &c->field[input->tag];
        bool value = input->value >= 0 && column_reads(program, input->value);
        bool null = input->null >= 0 && column_reads(program, input->null);
        /* also where it is not read: 0 x what is unknown is unknown */
        if (field->from == FROM_FIELD && !field->nullable) {
            c->needed[field->domain] |= UINT64_C(1) << field->kind->field;
        }
        if (!value && !null) continue;
        field->values = column_room(c->arena, field->domain, field->width);
        field->nulls = column_room(c->arena, field->domain, COLUMN_U8);
        if (field->values == NULL || field->nulls == NULL) return ERR_FULL;
        if (input->value >= 0) c->batch.input[input->value] = field->values;
        if (input->null >= 0) c->batch.input[input->null] = field->nulls;
        int32_t *count = &c->by_domain_count[field->domain];
        c->by_domain[field->domain][(*count)++] = field;
    }
    c->member_offsets =
        arena_try(c->arena, RECORD_BATCH_ROWS + 1, sizeof(int32_t));
    c->asset_offsets = arena_try(c->arena, MEMBERS + 1, sizeof(int32_t));
    if (c->member_offsets == NULL || c->asset_offsets == NULL) return ERR_FULL;
    for (int32_t i = 0; i < dmn_columns_list_count(c->columns); i++) {
        const DmnColumnList *list = dmn_columns_list(c->columns, i);
        bool members = c->field[list->tag].from == FROM_MEMBERS;
        if (members) c->member_domain = list->domain;
        if (!members) c->asset_domain = list->domain;
        c->batch.offsets[list->domain] =
            members ? c->member_offsets : c->asset_offsets;
    }
    return OK;
}

static Err make_machine(RecordBatch *c)
{
    int32_t rows[COLUMN_DOMAINS_MAX] = {RECORD_BATCH_ROWS};
    if (c->member_domain > 0) rows[c->member_domain] = MEMBERS;
    if (c->asset_domain > 0) rows[c->asset_domain] = ASSETS;
    return column_machine_open(dmn_columns_program(c->columns), rows,
                               &c->machine);
}

RecordBatch *record_batch_begin(Arena *arena, const KindCatalogue *catalogue,
                                int32_t household_input)
{
    RecordBatch *c = arena_try(arena, 1, sizeof *c);
    if (c == NULL) return NULL;
    c->arena = arena;
    c->catalogue = catalogue;
    c->household_input = household_input;
    return c;
}

Err record_batch_bind(RecordBatch *c, const DmnColumns *columns)
{
    c->columns = columns;
    TRY(make_columns(c));
    return make_machine(c);
}

void record_batch_end(RecordBatch *c)
{
    if (c != NULL) column_machine_close(c->machine);
}

static inline void put(const FieldColumn *column, int32_t row, int64_t value,
                       bool null, bool *astray)
{
    if (UNLIKELY(value < column->range.low || value > column->range.high)) {
        *astray = *astray || !null;
        value = column->range.low;
    }
    if (column->width == COLUMN_U8) {
        ((uint8_t *)column->values)[row] = (uint8_t)value;
    } else if (column->width == COLUMN_I32) {
        ((int32_t *)column->values)[row] = (int32_t)value;
    } else {
        ((int64_t *)column->values)[row] = value;
    }
    if (column->nullable) column->nulls[row] = null;
}

/* The fields of a household or a member. */
static void put_subject(const RecordBatch *c, int32_t domain, int32_t row,
                        int64_t id, const int64_t *value, uint64_t known,
                        bool *astray)
{
    if ((known & c->needed[domain]) != c->needed[domain]) *astray = true;
    for (int32_t i = 0; i < c->by_domain_count[domain]; i++) {
        const FieldColumn *column = c->by_domain[domain][i];
        if (UNLIKELY(column->from == FROM_ID)) {
            put(column, row, id, false, astray);
            continue;
        }
        int32_t field = column->kind->field;
        bool null = (known >> field & 1) == 0;
        put(column, row, value[field], null, astray);
    }
}

static void put_asset(const RecordBatch *c, int32_t row,
                      const RecordAsset *asset, bool *astray)
{
    for (int32_t i = 0; i < c->by_domain_count[2]; i++) {
        const FieldColumn *column = c->by_domain[2][i];
        int64_t value = column->from == FROM_CLASS   ? asset->asset_class
                        : column->from == FROM_VALUE ? asset->value
                        : column->from == FROM_EXEMPT
                            ? (asset->flags & ASSET_EXEMPT) != 0
                            : (asset->flags & ASSET_LIVED_IN) != 0;
        put(column, row, value, false, astray);
    }
}

static int32_t asset_count(const InputRecord *record)
{
    int32_t count = 0;
    for (int32_t i = 0; i < record->member_count; i++) {
        count += record->members[i].asset_count;
    }
    return count;
}

int32_t record_batch_put(RecordBatch *c, const InputRecord *record)
{
    int32_t row = c->batch.rows[0]++;
    bool *astray = &c->astray[row];
    *astray = false;
    put_subject(c, 0, row, record->household_id, record->value, record->known,
                astray);
    if (c->member_domain == 0) return row;
    int32_t *members = &c->batch.rows[c->member_domain];
    for (int32_t i = 0; i < record->member_count; i++) {
        const RecordMember *member = &record->members[i];
        put_subject(c, 1, *members, member->person_id, member->value,
                    member->known, astray);
        ++*members;
        if (c->asset_domain == 0) continue;
        int32_t *assets = &c->batch.rows[c->asset_domain];
        for (int32_t a = 0; a < member->asset_count; a++) {
            put_asset(c, (*assets)++, &member->assets[a], astray);
        }
        c->asset_offsets[*members] = *assets;
    }
    c->member_offsets[row + 1] = *members;
    return row;
}

bool record_batch_takes(const RecordBatch *c, const InputRecord *record)
{
    (void)c;
    return record->member_count > 0 && asset_count(record) <= ASSETS_MAX;
}

bool record_batch_has_room(const RecordBatch *c, const InputRecord *record)
{
    const int32_t *rows = c->batch.rows;
    int32_t m = c->member_domain, a = c->asset_domain;
    return rows[0] < RECORD_BATCH_ROWS &&
           (m == 0 || rows[m] + record->member_count <= MEMBERS) &&
           (a == 0 || rows[a] + asset_count(record) <= ASSETS);
}

void record_batch_run(RecordBatch *c)
{
    if (c->batch.rows[0] > 0) column_run(c->machine, &c->batch);
}

int32_t record_batch_rows(const RecordBatch *c)
{
    return c->batch.rows[0];
}

bool record_batch_stray(const RecordBatch *c, int32_t row)
{
    return c->astray[row] || column_stray(c->machine)[row];
}

const ColumnMachine *record_batch_machine(const RecordBatch *c)
{
    return c->machine;
}

const ColumnBatch *record_batch_columns(const RecordBatch *c)
{
    return &c->batch;
}

void record_batch_reset(RecordBatch *c)
{
    memset(c->batch.rows, 0, sizeof c->batch.rows);
}

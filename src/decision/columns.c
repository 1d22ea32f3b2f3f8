#include "decision/columns_int.h"

#include "dmn/column.h"

enum {
    LANES = 512, /* as a page has rows */
    MEMBERS = 16 * LANES,
    ASSETS = 8 * LANES,
    ASSETS_MAX = 1000, /* of a household; more are for the scalar evaluator */
    FIELDS_MAX = KIND_FIELDS_MAX + 8,
    DOMAINS = 3,
    ARENA_BYTES = 64 << 20,
    KNOWN_MASKS = 64
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

/* A set of reasons that has come up, and how it is written. */
typedef struct Reasons {
    int64_t bits;
    char text[REASONS_BYTES_MAX];
    bool fits;
} Reasons;

struct DecisionColumns {
    Arena *arena;
    const KindCatalogue *catalogue;
    const Programme *programme;
    DmnColumns *columns;
    ColumnMachine *machine;
    ColumnBatch batch;
    FieldColumn field[FIELDS_MAX];
    int32_t field_count;
    FieldColumn *by_domain[DOMAINS][FIELDS_MAX]; /* those that are read */
    int32_t by_domain_count[DOMAINS];
    uint64_t needed[2]; /* bits of fields that must be known, by domain */
    int32_t member_domain, asset_domain; /* of the program; 0: none */
    int32_t *member_offsets, *asset_offsets;
    ColumnLane *lane[LANES];
    bool astray[LANES]; /* a value is out of the range of its column */
    Reasons seen[KNOWN_MASKS];
    int32_t seen_count;
};

static const Str *code_texts(Arena *arena, const char *const *codes,
                             int32_t count)
{
    Str *texts = arena_try(arena, (size_t)count + 1, sizeof *texts);
    for (int32_t i = 0; texts != NULL && i < count; i++)
        texts[i] = str_of(codes[i]);
    return texts;
}

static bool describe_kind(DecisionColumns *c, const Kind *kind, DmnField *ret)
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

static bool describe_asset(DecisionColumns *c, Str name, FieldColumn *column,
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
static bool describe(DecisionColumns *c, bool of_person, Str name,
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

static bool field_of(void *context, int32_t input, const Str *path,
                     int32_t depth, const FeelType *type, DmnField *ret)
{
    (void)type; /* decider_open() has compared it with the catalogue */
    DecisionColumns *c = context;
    FieldColumn column = {.value_input = -1, .null_input = -1};
    bool known = false;
    if (input != c->programme->household_input || c->field_count == FIELDS_MAX)
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
    size_t rows = domain == 0 ? LANES : domain == 1 ? MEMBERS : ASSETS;
    size_t bytes = width == COLUMN_U8 ? 1 : width == COLUMN_I32 ? 4 : 8;
    return arena_try_raw(arena, rows * bytes + 64, 1);
}

/* Room for each column that the program reads. */
static Err make_columns(DecisionColumns *c)
{
    const ColumnProgram *program = dmn_columns_program(c->columns);
    for (int32_t i = 0; i < dmn_columns_input_count(c->columns); i++) {
        const DmnColumnInput *input = dmn_columns_input(c->columns, i);
        FieldColumn *field = &c->field[input->tag];
        bool value = column_reads(program, input->value);
        bool null = input->null >= 0 && column_reads(program, input->null);
        if (!value && !null) continue;
        field->values = column_room(c->arena, field->domain, field->width);
        field->nulls = column_room(c->arena, field->domain, COLUMN_U8);
        if (field->values == NULL || field->nulls == NULL) return ERR_FULL;
        c->batch.input[input->value] = field->values;
        if (input->null >= 0) c->batch.input[input->null] = field->nulls;
        int32_t *count = &c->by_domain_count[field->domain];
        c->by_domain[field->domain][(*count)++] = field;
        if (field->from == FROM_FIELD && !field->nullable) {
            c->needed[field->domain] |= UINT64_C(1) << field->kind->field;
        }
    }
    c->member_offsets = arena_try(c->arena, LANES + 1, sizeof(int32_t));
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

static Err make_machine(DecisionColumns *c)
{
    int32_t rows[COLUMN_DOMAINS_MAX] = {LANES};
    if (c->member_domain > 0) rows[c->member_domain] = MEMBERS;
    if (c->asset_domain > 0) rows[c->asset_domain] = ASSETS;
    return column_machine_open(dmn_columns_program(c->columns), rows,
                               &c->machine);
}

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
    TRY(dmn_columns_open(programme->model, eval,
                         UINT64_C(1) << programme->month_input, field_of, c,
                         wanted, 3, why, &c->columns));
    TRY(make_columns(c));
    return make_machine(c);
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
    c->catalogue = decider_pack(decider)->catalogue;
    c->programme = decider_programme(decider);
    Err err = lower(c, decider, month, why);
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
    column_machine_close(c->machine);
    dmn_columns_close(c->columns);
    arena_close(c->arena);
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
static void put_subject(const DecisionColumns *c, int32_t domain, int32_t row,
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

static void put_asset(const DecisionColumns *c, int32_t row,
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

/* Adds a household to the batch. */
static void put_record(DecisionColumns *c, ColumnLane *lane)
{
    const InputRecord *record = lane->record;
    int32_t row = c->batch.rows[0]++;
    bool *astray = &c->astray[row];
    *astray = false;
    c->lane[row] = lane;
    put_subject(c, 0, row, record->household_id, record->value, record->known,
                astray);
    if (c->member_domain == 0) return;
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
    Reasons own;
    if (c->astray[row] || column_stray(c->machine)[row]) return;
    const Reasons *reasons =
        reasons_of(c, column_value(c->machine, 2, row), &own);
    if (!reasons->fits) return;
    lane->verdict->eligible = column_value(c->machine, 0, row) != 0;
    lane->verdict->amount_minor = column_value(c->machine, 1, row);
    memcpy(lane->verdict->reasons, reasons->text, sizeof reasons->text);
    lane->decided = true;
}

static void run(DecisionColumns *c)
{
    if (c->batch.rows[0] == 0) return;
    column_run(c->machine, &c->batch);
    for (int32_t i = 0; i < c->batch.rows[0]; i++) take_verdict(c, i);
    memset(c->batch.rows, 0, sizeof c->batch.rows);
}

static bool has_room(const DecisionColumns *c, int32_t members, int32_t assets)
{
    const int32_t *rows = c->batch.rows;
    int32_t m = c->member_domain, a = c->asset_domain;
    return rows[0] < LANES && (m == 0 || rows[m] + members <= MEMBERS) &&
           (a == 0 || rows[a] + assets <= ASSETS);
}

void decision_columns_decide(DecisionColumns *c, ColumnLane *lanes,
                             int32_t count)
{
    memset(c->batch.rows, 0, sizeof c->batch.rows);
    for (int32_t i = 0; i < count; i++) {
        ColumnLane *lane = &lanes[i];
        lane->decided = false;
        int32_t assets = asset_count(lane->record);
        if (lane->record->member_count == 0 || assets > ASSETS_MAX) continue;
        if (!has_room(c, lane->record->member_count, assets)) run(c);
        put_record(c, lane);
    }
    run(c);
}

/* Who lives in each household, and on what. */
#include "simulation/simulate_int.h"

enum { RECORD_BYTES = 64 << 20, MONTHS = 12 };

/* The first year of age of each group of heads but the first. */
static const int32_t ages[] = {18, 25, 35, 45, 55, 65};

enum { AGES = sizeof ages / sizeof ages[0] };

_Static_assert((int)AGES == (int)SIMULATE_AGES, "each has its cut-off");

int32_t simulate_age(Day birth, Month month)
{
    Ymd born = day_ymd(birth), today = day_ymd(month_first_day(month));
    bool before = today.month < born.month ||
                  (today.month == born.month && today.day < born.day);
    return today.year - born.year - before;
}

/* The last birth dates of those who are so old on the month's first day. */
static void find_births(Simulation *s)
{
    for (int32_t i = 0; i < AGES; i++) {
        s->births[i] = month_first_day(s->job.month - MONTHS * ages[i]);
    }
}

static uint8_t age_group(const Simulation *s, Day birth)
{
    uint8_t group = 0;
    while (group < AGES && birth <= s->births[group]) group++;
    return group;
}

static void name_ages(Simulation *s, SimulateDimension *age)
{
    age->name = "age";
    age->count = AGES + 1;
    for (int32_t i = 0; i <= AGES; i++) {
        const char *text =
            i == 0 ? arena_format(s->arena, "0-%d", ages[0] - 1)
            : i == AGES
                ? arena_format(s->arena, "%d+", ages[i - 1])
                : arena_format(s->arena, "%d-%d", ages[i - 1], ages[i] - 1);
        age->label[i] = str_of(text);
    }
}

void simulate_groups(Simulation *s)
{
    SimulateDimension *region = &s->empty[0], *size = &s->empty[1];
    SimulateDimension *tenth = &s->empty[2], *disability = &s->empty[4];
    region->name = "region";
    size->name = "size";
    tenth->name = "income_tenth";
    name_ages(s, &s->empty[3]);
    find_births(s);
    disability->name = "disability";
    if (s->region != NULL) {
        region->count = s->region->kind.code_count;
        memcpy(region->label, s->region->kind.codes,
               (size_t)region->count * sizeof(Str));
    }
    if (s->disability != NULL) {
        disability->count = 2;
        disability->label[0] = STR("without");
        disability->label[1] = STR("with");
    }
    size->count = SIMULATE_SIZES;
    tenth->count = SIMULATE_TENTHS;
    for (int32_t i = 0; i < SIMULATE_SIZES; i++) {
        size->label[i] = str_of(arena_format(
            s->arena, i + 1 < SIMULATE_SIZES ? "%d" : "%d+", i + 1));
        tenth->label[i] = str_of(arena_format(s->arena, "%d", i + 1));
    }
}

void simulate_columns(Simulation *s)
{
    const Snapshot *snapshot = s->job.reader->snapshot;
    const KindCatalogue *catalogue = s->job.reader->facts->catalogue;
    const Kind *disability = kind_find(catalogue, STR("disability"));
    s->region = snapshot_find(snapshot, SNAPSHOT_HOUSEHOLDS, STR("region"));
    s->member = snapshot_find(snapshot, SNAPSHOT_PERSONS,
                              str_of(catalogue->member->name));
    s->head = kind_code(catalogue->member, STR("head"));
    if (catalogue->birth != NULL) {
        s->birth = snapshot_find(snapshot, SNAPSHOT_PERSONS,
                                 str_of(catalogue->birth->name));
    }
    if (disability != NULL && disability->type == KIND_CODE) {
        s->disability =
            snapshot_find(snapshot, SNAPSHOT_PERSONS, STR("disability"));
        s->able = kind_code(disability, STR("none"));
    }
    for (int32_t i = 0; i < snapshot_column_count(snapshot); i++) {
        const SnapshotColumn *column = snapshot_column(snapshot, i);
        const Kind *kind = kind_find(catalogue, str_of(column->kind.name));
        bool income = column->kind.table == SNAPSHOT_PERSONS &&
                      column->kind.type == SNAPSHOT_MONEY && kind != NULL &&
                      kind->project == PROJECT_SUM;
        bool any = column->range.low != 0 || column->range.high != 0;
        if (income && any) s->incomes[s->income_count++] = column;
    }
}

/* Of households in their columns. */
static void look_settled(const Simulation *s, int64_t row)
{
    const int32_t *runs =
        snapshot_runs(s->job.reader->snapshot, SNAPSHOT_PERSONS);
    const int32_t first = runs[row], end = runs[row + 1];
    Household *household = &s->households[row];
    bool null = true;
    household->size = (uint16_t)(end - first);
    int64_t region =
        s->region == NULL ? 0 : snapshot_value(s->region, row, &null);
    household->region = null ? UNKNOWN_GROUP : (uint8_t)region;
    household->age = UNKNOWN_GROUP;
    if (first < end && s->birth != NULL && s->member != NULL &&
        snapshot_value(s->member, first, NULL) == s->head) {
        int64_t birth = snapshot_value(s->birth, first, &null);
        if (!null) household->age = age_group(s, (Day)birth);
    }
    household->disability = s->disability == NULL ? UNKNOWN_GROUP : 0;
}

/* Adds what the members have in a year in a column, which is 0 where nothing is
 * known. */
#define ADD_MEMBERS(T)                                                         \
    static void add_members_##T(const T *values, int64_t times,                \
                                const int32_t *runs, Household *household,     \
                                int32_t rows)                                  \
    {                                                                          \
        for (int32_t i = 0; i < rows; i++) {                                   \
            int64_t sum = 0;                                                   \
            for (int32_t j = runs[i]; j < runs[i + 1]; j++) sum += values[j];  \
            household[i].income += sum * times;                                \
        }                                                                      \
    }

ADD_MEMBERS(uint8_t)
ADD_MEMBERS(int32_t)
ADD_MEMBERS(int64_t)

static void add_income(const Simulation *s, const SnapshotColumn *column,
                       int64_t first, int32_t rows)
{
    const int32_t *runs =
        snapshot_runs(s->job.reader->snapshot, SNAPSHOT_PERSONS) + first;
    Household *household = &s->households[first];
    const int64_t times = column->kind.times;
    if (column->values == NULL) {
        for (int32_t i = 0; i < rows; i++) {
            household[i].income +=
                column->range.low * times * household[i].size;
        }
        return;
    }
    switch (column->width) {
    case COLUMN_U8:
        add_members_uint8_t(column->values, times, runs, household, rows);
        break;
    case COLUMN_I32:
        add_members_int32_t(column->values, times, runs, household, rows);
        break;
    case COLUMN_I64:
    case COLUMN_WIDTHS:
        add_members_int64_t(column->values, times, runs, household, rows);
    }
}

/* Whether somebody is known not to be able. */
static void find_disabled(const Simulation *s, int64_t first, int32_t rows)
{
    const SnapshotColumn *column = s->disability;
    const int32_t *runs =
        snapshot_runs(s->job.reader->snapshot, SNAPSHOT_PERSONS) + first;
    Household *household = &s->households[first];
    bool all_able = column->values == NULL && column->range.low == s->able;
    for (int32_t i = 0; i < rows && !all_able; i++) {
        for (int32_t j = runs[i]; j < runs[i + 1]; j++) {
            bool null;
            int64_t kind = snapshot_value(column, j, &null);
            if (!null && kind != s->able) household[i].disability = 1;
        }
    }
}

/* Column by column, so that how each is stored is asked once. */
static void look_settled_rows(const Simulation *s, int64_t first, int32_t rows)
{
    for (int32_t i = 0; i < rows; i++) look_settled(s, first + i);
    if (s->disability != NULL) find_disabled(s, first, rows);
    for (int32_t c = 0; c < s->income_count; c++) {
        add_income(s, s->incomes[c], first, rows);
    }
    for (int32_t i = 0; i < rows; i++) {
        s->households[first + i].income /= MONTHS;
    }
}

/* A value of a member, when it is known. */
static bool member_value(const RecordMember *member, const Kind *kind,
                         int64_t *ret)
{
    if (kind == NULL || kind->field < 0) return false;
    *ret = member->value[kind->field];
    return (member->known >> kind->field & 1) != 0;
}

static void look_record(const Simulation *s, const InputRecord *record,
                        Household *household)
{
    const KindCatalogue *catalogue = s->job.reader->facts->catalogue;
    const Kind *region = kind_find(catalogue, STR("region"));
    const Kind *disability = kind_find(catalogue, STR("disability"));
    int64_t value, year = 0;
    household->size = (uint16_t)record->member_count;
    household->region = UNKNOWN_GROUP;
    if (region != NULL && (record->known >> region->field & 1) != 0) {
        household->region = (uint8_t)record->value[region->field];
    }
    household->age = UNKNOWN_GROUP;
    household->disability = s->disability == NULL ? UNKNOWN_GROUP : 0;
    for (int32_t i = 0; i < record->member_count; i++) {
        const RecordMember *member = &record->members[i];
        if (i == 0 && member_value(member, catalogue->member, &value) &&
            value == s->head &&
            member_value(member, catalogue->birth, &value)) {
            household->age = age_group(s, (Day)value);
        }
        if (s->disability != NULL && member_value(member, disability, &value) &&
            value != s->able) {
            household->disability = 1;
        }
        for (int32_t f = 0; f < catalogue->person_field_count; f++) {
            if (catalogue->person_field[f]->project != PROJECT_SUM) continue;
            year += member->value[f];
        }
    }
    household->income = year / MONTHS;
}

static Err look_changing(const Simulation *s, int64_t row, Arena *arena,
                         Diag *diag)
{
    InputRecord record;
    arena_reset(arena);
    Err err =
        facts_record(s->job.reader, arena, row, false, s->job.month, &record);
    if (err != OK) {
        diag_set(diag, "snapshot.book");
        diag_arg_int(diag, record.household_id);
        return err;
    }
    look_record(s, &record, &s->households[row]);
    return OK;
}

Err simulate_look(void *arg, int32_t number, Diag *diag)
{
    const Simulation *s = arg;
    const Snapshot *snapshot = s->job.reader->snapshot;
    Arena *arena CLEANUP(arena_closep) = arena_open(RECORD_BYTES);
    if (arena == NULL) {
        diag_set(diag, "snapshot.memory");
        return ERR_FULL;
    }
    for (int32_t b = number; b < snapshot_block_count(snapshot);
         b += s->job.threads) {
        int32_t rows, settled;
        if (lookout_stops(s->job.lookout)) return ERR_STOPPED;
        int64_t first =
            snapshot_block(snapshot, b, s->job.month, &rows, &settled);
        look_settled_rows(s, first, settled);
        for (int32_t i = settled; i < rows; i++) {
            TRY(look_changing(s, first + i, arena, diag));
        }
    }
    return OK;
}

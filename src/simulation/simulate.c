#include "simulation/simulate.h"

#include "simulation/team.h"

enum {
    RECORD_BYTES = 64 << 20,
    RUN_BYTES = 4 << 20,
    DIGIT_BITS = 11,
    LABEL_BYTES = 16
};

__extension__ typedef __int128 Wide;

/* What is known of a household and of both sides' answers. */
typedef struct Household {
    int64_t amount[2];
    int64_t income; /* a month, of all members together */
    int32_t size;   /* 0: nobody lives there */
    uint8_t region; /* place of the code; 255: unknown */
    uint8_t tenth;  /* of income per head */
    bool eligible[2];
} Household;

/* Where the answers of one side go. */
typedef struct Side {
    Household *households;
    int side; /* 0 before, 1 after */
    const Measure *eligible, *amount;
} Side;

struct Simulation {
    SimulateJob job;
    Arena *arena;
    Household *households; /* by row */
    int64_t rows;
    const SnapshotColumn *region; /* or NULL */
    const SnapshotColumn *incomes[SNAPSHOT_COLUMNS_MAX];
    int32_t income_count;
    int64_t *sorted, *room; /* incomes per head */
    int64_t gini;           /* before */
    SimulateDimension empty[SIMULATE_DIMENSIONS];
};

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

static const Measure *amount_of(const Measures *measures)
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

static const Measure *coverage_of(const Measures *measures)
{
    for (int32_t i = 0; i < measures->count; i++) {
        MeasureKind kind = measures->at[i].kind;
        if (kind == MEASURE_TRUE || kind == MEASURE_COUNT) {
            return &measures->at[i];
        }
    }
    return NULL;
}

static Err run_side(Simulation *s, int number, const SimulateSide *of,
                    Diag *diag)
{
    const SimulateJob *job = &s->job;
    Side side = {.households = s->households,
                 .side = number,
                 .eligible = coverage_of(of->measures),
                 .amount = amount_of(of->measures)};
    DecideSink sink = {take_run, take_one, &side};
    Arena *own CLEANUP(arena_closep) = arena_open(RUN_BYTES);
    DecideReport *report =
        own == NULL ? NULL : arena_try(own, 1, sizeof *report);
    if (report == NULL) return no_memory(diag);
    if (side.eligible == NULL || side.amount == NULL) {
        diag_set(diag, "simulate.measures");
        return ERR_INVALID;
    }
    DecideJob decide = {.reader = job->reader,
                        .programme = of->programme,
                        .measures = of->measures,
                        .month = job->month,
                        .passes = 1,
                        .threads = job->threads,
                        .sink = &sink};
    return decide_population(&decide, own, diag, report);
}

/* Who lives there, and on what, of households in their columns. */
static void look_settled(const Simulation *s, int64_t row)
{
    const int32_t *runs =
        snapshot_runs(s->job.reader->snapshot, SNAPSHOT_PERSONS);
    Household *household = &s->households[row];
    bool null = true;
    household->size = runs[row + 1] - runs[row];
    int64_t region =
        s->region == NULL ? 0 : snapshot_value(s->region, row, &null);
    household->region = null ? UINT8_MAX : (uint8_t)region;
    for (int32_t c = 0; c < s->income_count; c++) {
        const SnapshotColumn *column = s->incomes[c];
        for (int32_t i = runs[row]; i < runs[row + 1]; i++) {
            household->income += snapshot_value(column, i, NULL);
        }
    }
}

static Err look_changing(const Simulation *s, int64_t row, Arena *arena,
                         Diag *diag)
{
    const FactReader *reader = s->job.reader;
    const KindCatalogue *catalogue = reader->facts->catalogue;
    Household *household = &s->households[row];
    InputRecord record;
    arena_reset(arena);
    Err err = facts_record(reader, arena, row, false, s->job.month, &record);
    if (err != OK) {
        diag_set(diag, "snapshot.book");
        diag_arg_int(diag, record.household_id);
        return err;
    }
    household->size = record.member_count;
    household->region = UINT8_MAX;
    const Kind *region = kind_find(catalogue, STR("region"));
    if (region != NULL && (record.known >> region->field & 1) != 0) {
        household->region = (uint8_t)record.value[region->field];
    }
    int64_t year = 0;
    for (int32_t i = 0; i < record.member_count; i++) {
        for (int32_t f = 0; f < catalogue->person_field_count; f++) {
            if (catalogue->person_field[f]->project != PROJECT_SUM) continue;
            year += record.members[i].value[f];
        }
    }
    household->income = year / 12;
    return OK;
}

static Err look(void *arg, int32_t number, Diag *diag)
{
    const Simulation *s = arg;
    const Snapshot *snapshot = s->job.reader->snapshot;
    Arena *arena CLEANUP(arena_closep) = arena_open(RECORD_BYTES);
    if (arena == NULL) return no_memory(diag);
    for (int32_t b = number; b < snapshot_block_count(snapshot);
         b += s->job.threads) {
        int32_t rows, settled;
        int64_t first =
            snapshot_block(snapshot, b, s->job.month, &rows, &settled);
        for (int32_t i = 0; i < settled; i++) look_settled(s, first + i);
        for (int32_t i = settled; i < rows; i++) {
            TRY(look_changing(s, first + i, arena, diag));
        }
    }
    return OK;
}

/* Sorts numbers from 0, by their digits from the last to the first. */
static void sort_numbers(int64_t *values, int64_t *room, int64_t count)
{
    int64_t most = 0;
    for (int64_t i = 0; i < count; i++) {
        if (values[i] > most) most = values[i];
    }
    for (int shift = 0; shift < 63 && most >> shift > 0; shift += DIGIT_BITS) {
        int64_t place[1 << DIGIT_BITS] = {0}, next = 0;
        const int64_t mask = (1 << DIGIT_BITS) - 1;
        for (int64_t i = 0; i < count; i++) place[values[i] >> shift & mask]++;
        for (int64_t d = 0; d <= mask; d++) {
            int64_t many = place[d];
            place[d] = next;
            next += many;
        }
        for (int64_t i = 0; i < count; i++) {
            room[place[values[i] >> shift & mask]++] = values[i];
        }
        memcpy(values, room, (size_t)count * sizeof *values);
    }
}

/* Sorts incomes per head, with the amounts of a side unless that is -1; gives
 * their number. */
static int64_t sort_per_head(const Simulation *s, int side)
{
    int64_t count = 0;
    for (int64_t i = 0; i < s->rows; i++) {
        const Household *h = &s->households[i];
        if (h->size == 0) continue;
        int64_t income = h->income + (side < 0 ? 0 : h->amount[side]);
        s->sorted[count++] = income < 0 ? 0 : income / h->size;
    }
    sort_numbers(s->sorted, s->room, count);
    return count;
}

/* How unequal incomes are, from 0 to a million. */
static int64_t gini(const Simulation *s, int side)
{
    Wide sum = 0, ranked = 0, n = sort_per_head(s, side);
    for (int64_t i = 0; i < (int64_t)n; i++) {
        sum += s->sorted[i];
        ranked += (Wide)(i + 1) * s->sorted[i];
    }
    if (sum == 0) return 0;
    return (int64_t)((2 * ranked - (n + 1) * sum) * 1000000 / (n * sum));
}

static void count_in(SimulateCell *cell, const Household *h)
{
    int64_t more = h->amount[1] - h->amount[0];
    cell->households++;
    cell->eligible_before += h->eligible[0];
    cell->eligible_after += h->eligible[1];
    cell->newly_in += !h->eligible[0] && h->eligible[1];
    cell->newly_out += h->eligible[0] && !h->eligible[1];
    cell->cost_before += h->amount[0];
    cell->cost_after += h->amount[1];
    cell->winners += more > 0;
    cell->losers += more < 0;
    if (more > 0) cell->gain += more;
    if (more < 0) cell->loss -= more;
}

static bool is_small(int64_t count)
{
    return count > 0 && count < SIMULATE_SMALL;
}

/* Whether a group says something of fewer people than may be told of. */
static bool tells_few(const SimulateCell *cell)
{
    return is_small(cell->households) || is_small(cell->eligible_before) ||
           is_small(cell->eligible_after) || is_small(cell->newly_in) ||
           is_small(cell->newly_out) || is_small(cell->winners) ||
           is_small(cell->losers);
}

/* Hides small groups; one alone would be known from the others, so that the
 * smallest other goes with it. */
static void hide_small(SimulateDimension *dimension)
{
    int32_t hidden = 0, least = -1;
    for (int32_t i = 0; i < dimension->count; i++) {
        SimulateCell *cell = &dimension->cell[i];
        cell->hidden = tells_few(cell);
        hidden += cell->hidden;
        if (cell->hidden || cell->households == 0) continue;
        if (least < 0 || cell->households < dimension->cell[least].households) {
            least = i;
        }
    }
    if (hidden == 1 && least >= 0) dimension->cell[least].hidden = true;
}

static void name_groups(Simulation *s)
{
    SimulateDimension *region = &s->empty[0];
    SimulateDimension *size = &s->empty[1];
    SimulateDimension *tenth = &s->empty[2];
    region->name = "region";
    size->name = "size";
    tenth->name = "income_tenth";
    if (s->region != NULL) {
        region->count = s->region->kind.code_count;
        memcpy(region->label, s->region->kind.codes,
               (size_t)region->count * sizeof(Str));
    }
    size->count = SIMULATE_SIZES;
    tenth->count = SIMULATE_TENTHS;
    for (int32_t i = 0; i < SIMULATE_SIZES; i++) {
        size->label[i] = str_of(arena_format(
            s->arena, i + 1 < SIMULATE_SIZES ? "%d" : "%d+", i + 1));
        tenth->label[i] = str_of(arena_format(s->arena, "%d", i + 1));
    }
}

static void count_all(const Simulation *s, SimulateReport *report)
{
    for (int64_t row = 0; row < s->rows; row++) {
        const Household *h = &s->households[row];
        if (h->size == 0) continue;
        int32_t size = h->size < SIMULATE_SIZES ? h->size : SIMULATE_SIZES;
        report->persons += h->size;
        count_in(&report->all, h);
        if (h->region < report->dimension[0].count) {
            count_in(&report->dimension[0].cell[h->region], h);
        }
        count_in(&report->dimension[1].cell[size - 1], h);
        count_in(&report->dimension[2].cell[h->tenth], h);
    }
}

/* Tenths of households by income per head: equal incomes are in one. */
static void find_tenths(Simulation *s)
{
    int64_t bounds[SIMULATE_TENTHS - 1] = {0}, count = sort_per_head(s, -1);
    for (int32_t k = 1; k < SIMULATE_TENTHS && count > 0; k++) {
        bounds[k - 1] = s->sorted[count * k / SIMULATE_TENTHS];
    }
    for (int64_t row = 0; row < s->rows; row++) {
        Household *h = &s->households[row];
        int64_t per_head = h->size == 0 ? 0 : h->income / h->size;
        while (h->tenth < SIMULATE_TENTHS - 1 && per_head >= bounds[h->tenth]) {
            h->tenth++;
        }
    }
}

static void find_columns(Simulation *s)
{
    const Snapshot *snapshot = s->job.reader->snapshot;
    s->region = snapshot_find(snapshot, SNAPSHOT_HOUSEHOLDS, STR("region"));
    for (int32_t i = 0; i < snapshot_column_count(snapshot); i++) {
        const SnapshotColumn *column = snapshot_column(snapshot, i);
        bool income = column->kind.table == SNAPSHOT_PERSONS &&
                      column->kind.type == SNAPSHOT_MONEY &&
                      column->kind.times > 1;
        bool any = column->range.low != 0 || column->range.high != 0;
        if (income && any) s->incomes[s->income_count++] = column;
    }
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
    if (s->households == NULL || s->sorted == NULL || s->room == NULL) {
        return no_memory(diag);
    }
    find_columns(s);
    name_groups(s);
    TRY(run_side(s, 0, &job->before, diag));
    TRY(team_run(job->threads, look, s, diag));
    find_tenths(s);
    s->gini = gini(s, 0);
    *ret = s;
    return OK;
}

Err simulate_reform(Simulation *s, const SimulateSide *after, Diag *diag,
                    SimulateReport *ret)
{
    TRY(run_side(s, 1, after, diag));
    memset(ret, 0, sizeof *ret);
    memcpy(ret->dimension, s->empty, sizeof s->empty);
    count_all(s, ret);
    for (int i = 0; i < SIMULATE_DIMENSIONS; i++) {
        hide_small(&ret->dimension[i]);
    }
    ret->all.hidden = tells_few(&ret->all);
    ret->gini_before = s->gini;
    ret->gini_after = gini(s, 1);
    return OK;
}

/*
 * Everything that every shipped model answers, and models in the manner of
 * other tools (models/), household by household and to the byte: by columns
 * over a snapshot and over records, what the evaluator for one answers.
 * Populations are made anew for each of many small
 * snapshots, since ranges, widths and nulls of columns make other programs.
 *
 *   SAME_HOUSEHOLDS  how many in all; each is compared for each model
 *   SAME_SEED        of the first population
 *   SAME_CHUNK       households of a snapshot, at most
 *   SAME_TELL        1: says what was compared
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/file.h"
#include "bench/nation.h"
#include "decision/record_batch.h"
#include "feel/number.h"
#include "programme/pack.h"
#include "simulation/decide.h"
#include "simulation/fill.h"
#include "simulation/reform.h"
#include "simulation/snapshot_batch.h"
#include "tests/harness.h"
#include "tests/simulation/people.h"

enum {
    ARENA_BYTES = 1 << 30,
    TALLY_BYTES = 1 << 16,
    DECISIONS_MAX = 128,
    MODELS_MAX = PROGRAMMES_MAX + 8,
    BATCH_MAX = 512
};

/* A model with what is compared of it: the answers that `decide` counts, then
 * every decision that can be read from columns. */
typedef struct Model {
    Programme programme;
    const Measures *measures;
    DmnWanted wanted[MEASURES_MAX + DECISIONS_MAX];
    int32_t count;
    int32_t limit;      /* the decision of the limit of income, halalas: */
    int32_t limit_part; /* its hundredths divided by this are a month's */
    int32_t income;     /* the decision that is compared with it */
    bool limited;       /* it has both */
    int32_t flag;       /* the measure of who is eligible */
} Model;

typedef struct Told {
    int64_t households, values, strays, nulls, eligible, refused;
    int64_t by_one, by_one_of, exact;
} Told;

typedef struct Trial {
    Arena *lasting, *arena;
    Random random;
    const Pack *pack;
    const FactColumns *facts;
    Model model[MODELS_MAX];
    int32_t model_count;
    char folder[64];
    char path[96];
    Diag diag;
    Told told[MODELS_MAX][PEOPLE_STYLES];
    /* of the snapshot and model at hand */
    uint64_t seed;
    PeopleStyle style;
    Month month;
    FactReader reader;
    Decider *decider;
    const Model *at;
    int64_t rows;
    FeelValue (*answers)[MEASURES_MAX]; /* by row, of the evaluator for one */
    bool *lives;                        /* by row: somebody lives there */
    Tally tally;
    const char *way;
    const DmnColumns *codes; /* lowered as the way that is looked at is */
} Trial;

static int64_t below(Trial *t, int64_t n)
{
    return (int64_t)random_below(&t->random, (uint64_t)n);
}

static int64_t asked(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoll(text, NULL, 10);
}

/* Check writes of each assertion to a pipe, which millions of rows would wait
 * for: what must hold is only told when it does not. */
static void well(const Trial *t, Err err)
{
    if (err == OK) return;
    ck_abort_msg("seed %llu style %d: %s %s", (unsigned long long)t->seed,
                 (int)t->style, t->diag.key, t->diag.arg[0]);
}

/* ---- models ---- */

static int32_t decision_of(const DmnModel *model, const char *name)
{
    return dmn_decision_find(model, str_of(name));
}

static void bind_model(Trial *t, const Programme *programme, Str file)
{
    Model *m = &t->model[t->model_count++];
    m->programme = *programme;
    well(t, measures_read(t->lasting, programme->model, file, &t->diag,
                          &m->measures));
    m->limit = decision_of(programme->model, "Threshold");
    m->income = decision_of(programme->model, "Counted income");
    m->limit_part = 1;
    if (m->limit < 0) {
        m->limit = decision_of(programme->model, "Threshold of the year");
        m->income = decision_of(programme->model, "Income of the year");
        m->limit_part = 12;
    }
    m->limited = m->limit >= 0 && m->income >= 0;
    for (int32_t i = m->measures->count - 1; i >= 0; i--) {
        MeasureKind kind = m->measures->at[i].kind;
        if (kind == MEASURE_TRUE || kind == MEASURE_COUNT) m->flag = i;
    }
}

static void load_model(Trial *t, const char *file)
{
    DmnSource source = {file, harness_read(harness_path(file))};
    DmnModel *model;
    well(t, dmn_load(t->lasting, &source, 1, DMN_STRICT, &t->diag, &model));
    Programme programme = {.name = strrchr(file, '/') + 1,
                           .model = model,
                           .month_input = dmn_input_find(model, STR("month")),
                           .household_input =
                               dmn_input_find(model, STR("household"))};
    bind_model(t, &programme, source.bytes);
}

/* A programme with figures that are divided by set to zero. */
static void load_reform(Trial *t, const Programme *programme)
{
    static const char *const sets[] = {"lookback_months=0", "wealth_divisor=0"};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        DmnSource sources[PACK_SOURCES_MAX] = {{NULL, {NULL, 0}}};
        Programme changed = *programme;
        DmnModel *model;
        size_t count =
            pack_sources(t->lasting, t->pack, str_of(programme->path), sources);
        well(t, reform_set(t->lasting, sources[0].bytes, str_of(sets[i]),
                           &t->diag, &sources[0].bytes));
        well(t, dmn_load(t->lasting, sources, count, DMN_STRICT, &t->diag,
                         &model));
        changed.model = model;
        changed.name = sets[i];
        bind_model(t, &changed, sources[0].bytes);
        t->model[t->model_count - 1].limited = false;
    }
}

static void open_trial(Trial *t)
{
    static const char *const files[] = {
        "../bench/reference.dmn",          "simulation/models/camunda.dmn",
        "simulation/models/trisotech.dmn", "simulation/models/drools.dmn",
        "simulation/models/signavio.dmn",  "simulation/models/boxed.dmn"};
    snprintf(t->folder, sizeof t->folder, "/tmp/sanad-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(t->folder));
    snprintf(t->path, sizeof t->path, "%s/s", t->folder);
    t->lasting = arena_open(ARENA_BYTES);
    t->arena = arena_open(ARENA_BYTES);
    well(t, pack_embedded(t->lasting, &t->diag, &t->pack));
    well(t, facts_make(t->lasting, t->pack->catalogue, &t->facts));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        load_model(t, files[i]);
    }
    load_reform(t, &t->pack->programmes[0]);
    for (int32_t i = 0; i < t->pack->programme_count; i++) {
        const Programme *one = &t->pack->programmes[i];
        bind_model(t, one, pack_file(t->pack, one->path));
    }
}

static void close_trial(Trial *t)
{
    static const char *const files[] = {"s", "households.csv", "persons.csv"};
    char path[128];
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", t->folder, files[i]);
        unlink(path);
    }
    rmdir(t->folder);
    arena_close(t->arena);
    arena_close(t->lasting);
}

/* ---- populations ---- */

static void from_nation(Trial *t, int64_t households)
{
    PlainPopulation people = nation_make(households, t->seed);
    SnapshotJob job = {
        .catalogue = t->pack->catalogue, .out = t->path, .threads = 1};
    SnapshotReport report;
    nation_write_csv(&people, t->folder);
    nation_free(&people);
    well(t, snapshot_from_csv(&job, t->folder,
                              pack_file(t->pack, "models/csv.tsv"),
                              t->pack->formats, &t->diag, &report));
}

/* The limit of income of a household, in halalas a month. */
static int64_t limit_of(Trial *t, const Model *m, const InputRecord *record)
{
    FeelValue limit;
    int64_t minor;
    well(t, decider_set(t->decider, record, t->month, &t->diag));
    well(t, dmn_eval(decider_eval(t->decider), m->limit, &limit));
    if (!feel_number_minor(limit, &minor)) return -1;
    return minor / m->limit_part;
}

static InputRecord next_household(Trial *t, People *people, const Model *m,
                                  int64_t id)
{
    InputRecord record = people_household(people, id);
    if (t->style != PEOPLE_THRESHOLD) return record;
    people_clear(people, &record);
    int64_t limit = limit_of(t, m, &record);
    if (limit > 2000) {
        people_at_limit(people, &record, limit, m->limit_part == 1);
    }
    return record;
}

/* Rows where nobody ever lives come last in a block. */
static void from_people(Trial *t, int64_t households)
{
    SnapshotWriter *writer;
    People people =
        people_make(t->seed, t->style, t->pack->catalogue, t->month, t->arena);
    const Model *m = &t->model[below(t, 2) ? 0 : t->model_count - 1];
    well(t, decider_open(t->pack, &m->programme, &t->diag, &t->decider));
    well(t, snapshot_writer_open(t->facts->kind, t->facts->count,
                                 FACTS_FIRST_MONTH, t->facts->name, &writer));
    SnapshotFill *fill = snapshot_fill_open(writer);
    ck_assert_ptr_nonnull(fill);
    Book nothing = book_make(t->arena, t->pack->catalogue);
    Buf history = buf_make(TALLY_BYTES);
    well(t, book_write(&nothing, &history));
    int64_t row = 0, id = below(t, 1000);
    for (int32_t block = 0; row < households; block++) {
        int64_t end = row + SNAPSHOT_BLOCK;
        if (end > households) end = households;
        int64_t empty = below(t, 4) == 0 ? below(t, 5) : 0;
        for (; row < end; row++) {
            bool nobody = row + empty >= end && row > 0;
            InputRecord record = next_household(t, &people, m, id++);
            facts_put(t->facts, fill, &record,
                      nobody ? FACTS_NEVER : FACTS_FIRST_MONTH,
                      nobody ? buf_view(&history) : STR(""));
        }
        well(t, snapshot_fill_block(fill, block));
    }
    well(t, snapshot_writer_file(writer, t->path, &t->diag));
    snapshot_writer_close(writer);
    buf_free(&history);
    decider_close(t->decider);
}

/* ---- both ways ---- */

static void say(const Trial *t, int64_t row, const char *what, FeelValue one,
                FeelValue column)
{
    Buf text = buf_make(1 << 20);
    buf_format(&text,
               "seed %llu style %d month %d, model %s, %s, row %lld of %lld: "
               "%s is ",
               (unsigned long long)t->seed, (int)t->style, (int)t->month,
               t->at->programme.name, t->way, (long long)row,
               (long long)t->rows, what);
    feel_write_json(&text, one);
    buf_text(&text, ", by columns ");
    feel_write_json(&text, column);
    ck_abort_msg("%.*s", STR_ARG(buf_view(&text)));
}

static Told *told(Trial *t)
{
    return &t->told[t->at - t->model][t->style];
}

/* Sets a row for the evaluator for one. */
static void set_row(Trial *t, Arena *arena, int64_t row)
{
    InputRecord record;
    arena_reset(arena);
    well(t, facts_record(&t->reader, arena, row, true, t->month, &record));
    well(t, decider_set(t->decider, &record, t->month, &t->diag));
}

static FeelValue one_of(Trial *t, const DmnWanted *wanted)
{
    FeelValue value;
    well(t, dmn_eval(decider_eval(t->decider), wanted->decision, &value));
    if (wanted->field == NULL) return value;
    return feel_field(value, wanted->field);
}

/* What the evaluator for one says of a row, to look other ways up by. */
static void keep_answers(Trial *t, int64_t row)
{
    const Measures *measures = t->at->measures;
    for (int32_t i = 0; i < measures->wanted_count; i++) {
        FeelValue one = one_of(t, &measures->wanted[i]);
        bool copied = feel_copy(t->arena, one, &t->answers[row][i]);
        well(t, copied ? OK : ERR_FULL);
    }
    t->lives[row] = true;
    measures_add_one(measures, t->answers[row], &t->tally);
    const Measure *flag = &measures->at[t->at->flag];
    int64_t eligible;
    measure_value(flag, t->answers[row][flag->wanted], &eligible);
    told(t)->eligible += eligible != 0;
    told(t)->refused += eligible == 0;
    if (t->style != PEOPLE_THRESHOLD || !t->at->limited) return;
    DmnWanted income = {t->at->income, NULL, DMN_VALUE};
    DmnWanted limit = {t->at->limit, NULL, DMN_VALUE};
    told(t)->exact += feel_same(one_of(t, &income), one_of(t, &limit));
}

/*
 * Whether two values are the same; of numbers that no decimals end, which the
 * evaluator for one rounds at every step, all but the last of 34 digits.
 * Nothing that is told of a household is such a number.
 */
static bool same(Arena *arena, FeelValue a, FeelValue b)
{
    if (feel_same(a, b)) return true;
    if (a.kind != b.kind) return false;
    if (a.kind == FEEL_NUMBER && a.wide && b.wide) {
        FeelValue off = feel_number_subtract(arena, a, b);
        FeelValue least = feel_number(1, 18);
        return feel_number_compare(off, least) < 0 &&
               feel_number_compare(feel_number_negate(arena, off), least) < 0;
    }
    if (a.kind == FEEL_LIST) {
        bool all = a.count == b.count;
        for (uint32_t i = 0; i < a.count && all; i++) {
            all = same(arena, a.as.items[i], b.as.items[i]);
        }
        return all;
    }
    if (a.kind != FEEL_CONTEXT) return false;
    const FeelShape *shape = a.as.record->shape;
    bool all = shape->count == b.as.record->shape->count;
    for (uint32_t i = 0; i < shape->count && all; i++) {
        all = str_equal(shape->names[i], b.as.record->shape->names[i]) &&
              same(arena, a.as.record->fields[i], b.as.record->fields[i]);
    }
    return all;
}

/* All decisions of the rows of one run. */
static void compare_values(Trial *t, const SnapshotBatch *batch, int64_t first,
                           int32_t rows, Arena *scratch, Arena *values)
{
    const Model *m = t->at;
    for (int32_t i = 0; i < rows; i++) {
        bool stray = column_stray(batch->machine)[i];
        set_row(t, scratch, first + i);
        keep_answers(t, first + i);
        arena_reset(values);
        told(t)->households++;
        told(t)->strays += stray;
        if (stray) continue;
        for (int32_t w = 0; w < m->count; w++) {
            FeelValue one = one_of(t, &m->wanted[w]), column;
            Err err = dmn_columns_value(batch->columns, batch->machine,
                                        &batch->batch, w, i, values, &column);
            if (err == ERR_INVALID) continue; /* rounded more than once */
            well(t, err);
            told(t)->values++;
            told(t)->nulls += one.kind == FEEL_NULL;
            if (same(values, one, column)) continue;
            int32_t decision = m->wanted[w].decision;
            char name[32];
            snprintf(name, sizeof name, "decision %d", (int)decision);
            say(t, first + i, name, one, column);
        }
    }
}

/* Lowers what is wanted for the snapshot; NULL when it is no columns. */
static DmnColumns *lower(Trial *t, DmnFieldFn *field, void *context,
                         const DmnWanted *wanted, int32_t count)
{
    const Programme *programme = &t->at->programme;
    char room[200];
    Buf why = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    DmnEval *eval = decider_eval(t->decider);
    DmnColumns *columns = NULL;
    dmn_eval_reset(eval);
    dmn_input_set(eval, programme->month_input,
                  feel_date(month_first_day(t->month)));
    Err err = dmn_columns_open(programme->model, eval,
                               UINT64_C(1) << programme->month_input, field,
                               context, wanted, count, &why, &columns);
    if (err == ERR_INVALID) return NULL;
    ck_assert_int_eq(err, OK);
    return columns;
}

/* Which decisions can be read from columns of this snapshot. */
static void find_wanted(Trial *t, Model *m)
{
    m->count = 0;
    for (int32_t d = 0; d < dmn_decision_count(m->programme.model); d++) {
        SnapshotFields fields = {.reader = &t->reader,
                                 .household_input =
                                     m->programme.household_input};
        DmnWanted wanted = {d, NULL, DMN_VALUE};
        DmnColumns *columns = lower(t, snapshot_field, &fields, &wanted, 1);
        if (columns == NULL) continue;
        dmn_columns_close(columns);
        ck_assert_int_lt(m->count, DECISIONS_MAX);
        m->wanted[m->count++] = wanted;
    }
}

/* Every decision by columns and by the evaluator for one. */
static void compare_decisions(Trial *t, Model *m)
{
    SnapshotFields fields = {.reader = &t->reader,
                             .household_input = m->programme.household_input};
    SnapshotBatch batch;
    Arena *scratch = arena_open(ARENA_BYTES), *values = arena_open(ARENA_BYTES);
    const Snapshot *snapshot = t->reader.snapshot;
    t->way = "decisions";
    find_wanted(t, m);
    DmnColumns *columns =
        lower(t, snapshot_field, &fields, m->wanted, m->count);
    ck_assert_ptr_nonnull(columns);
    well(t, snapshot_batch_open(&batch, &fields, columns));
    for (int32_t b = 0; b < snapshot_block_count(snapshot); b++) {
        int32_t rows, settled;
        int64_t row = snapshot_block(snapshot, b, t->month, &rows, &settled);
        for (int64_t end = row + settled; row < end;) {
            int64_t most = 1 + below(t, BATCH_MAX);
            if (most > end - row) most = end - row;
            int32_t count = snapshot_batch_rows(&batch, row, (int32_t)most);
            ck_assert_int_gt(count, 0);
            snapshot_batch_run(&batch, row, count);
            compare_values(t, &batch, row, count, scratch, values);
            row += count;
        }
    }
    snapshot_batch_close(&batch);
    dmn_columns_close(columns);
    arena_close(scratch);
    arena_close(values);
}

/* A text that stands for a bit of an output. */
static FeelValue listed(Trial *t, int32_t wanted, int64_t bits)
{
    int32_t count;
    const Str *texts = dmn_columns_codes(t->codes, wanted, &count);
    FeelValue *items = ARENA_ARRAY(t->arena, FeelValue, count + 1);
    uint32_t found = 0;
    for (int32_t i = 0; i < count; i++) {
        if (bits >> i & 1) items[found++] = feel_string(texts[i]);
    }
    return feel_list(items, found);
}

/* One output of `decide` of a row. */
static void compare_output(Trial *t, const Measure *measure,
                           const ColumnMachine *machine, int32_t at,
                           int64_t row)
{
    FeelValue one = t->answers[row][measure->wanted];
    int64_t found = measure_output(measure, machine, at), value;
    if (measure->kind == MEASURE_FIRST) {
        FeelValue list = listed(t, measure->wanted, found);
        if (one.kind == FEEL_NULL && found == 0) return;
        if (!feel_same(one, list)) say(t, row, measure->key, one, list);
        return;
    }
    bool known = measure_value(measure, one, &value);
    if (!known && measure->kind == MEASURE_HISTOGRAM) value = -1;
    if (value != found) {
        say(t, row, measure->key, feel_number(value, 0), feel_number(found, 0));
    }
}

static void take_run(void *arg, const ColumnMachine *machine, int32_t rows,
                     const uint8_t *left_out, int64_t first,
                     const int64_t *row_of)
{
    Trial *t = arg;
    const Measures *measures = t->at->measures;
    for (int32_t i = 0; i < rows; i++) {
        int64_t row = row_of == NULL ? first + i : row_of[i];
        if (!t->lives[row]) ck_abort_msg("nobody lives there");
        if (left_out != NULL && left_out[i]) continue;
        for (int32_t m = 0; m < measures->count; m++) {
            compare_output(t, &measures->at[m], machine, i, row);
        }
        if (row_of == NULL) told(t)->by_one--;
    }
}

static void take_one(void *arg, int64_t row, const FeelValue *answers)
{
    Trial *t = arg;
    (void)answers; /* from the very evaluator that it would be compared with */
    ck_assert(t->lives[row]);
}

static Err same_record(void *arg, Arena *arena, int64_t row, Month month,
                       InputRecord *record)
{
    (void)arg;
    (void)arena;
    (void)row;
    (void)month;
    (void)record;
    return OK;
}

static Str tally_text(Trial *t, const Tally *tally)
{
    Buf buf = buf_make(TALLY_BYTES);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    measures_json(t->at->measures, tally, &out);
    json_out_object_end(&out);
    Str text = str_copy(t->arena, buf_view(&buf));
    buf_free(&buf);
    return text;
}

/* As `decide` has it: each household's outputs, and the sums. */
static void compare_decide(Trial *t, const DecideAlter *alter)
{
    DecideSink sink = {take_run, take_one, t};
    DecideReport report;
    int64_t lives = 0;
    DecideJob job = {.reader = &t->reader,
                     .programme = &t->at->programme,
                     .measures = t->at->measures,
                     .month = t->month,
                     .passes = 1,
                     .threads = 1,
                     .sink = &sink,
                     .alter = alter};
    for (int64_t i = 0; i < t->rows; i++) lives += t->lives[i];
    told(t)->by_one += alter == NULL ? lives : 0;
    told(t)->by_one_of += alter == NULL ? lives : 0;
    Err err = decide_population(&job, t->arena, &t->diag, &report);
    if (err != ERR_RANGE || !t->tally.over) well(t, err);
    ck_assert_int_eq(err == ERR_RANGE, t->tally.over); /* a sum of all */
    ck_assert_msg(report.why[0] == '\0', "seed %llu, %s: no columns: %s",
                  (unsigned long long)t->seed, t->way, report.why);
    ck_assert_int_eq(report.month[0].households, lives);
    if (err == ERR_RANGE) return;
    Str want = tally_text(t, &t->tally);
    Str found = tally_text(t, &report.month[0].tally);
    ck_assert_msg(str_equal(want, found), "seed %llu, %s:\n%.*s\n%.*s",
                  (unsigned long long)t->seed, t->way, STR_ARG(want),
                  STR_ARG(found));
}

static void compare_snapshot_way(Trial *t)
{
    const Measures *measures = t->at->measures;
    SnapshotFields fields = {.reader = &t->reader,
                             .household_input =
                                 t->at->programme.household_input};
    DmnColumns *codes = lower(t, snapshot_field, &fields, measures->wanted,
                              measures->wanted_count);
    t->way = "decide";
    t->codes = codes;
    compare_decide(t, NULL);
    dmn_columns_close(codes);
}

/* The same records, one after the other as the database gives them. */
static void compare_record_way(Trial *t)
{
    const Measures *measures = t->at->measures;
    uint8_t *all = ARENA_ARRAY(t->arena, uint8_t, t->rows);
    DecideAlter alter = {.rows = all, .record = same_record};
    memset(all, 1, (size_t)t->rows);
    RecordBatch *batch = record_batch_begin(t->arena, t->pack->catalogue,
                                            t->at->programme.household_input);
    DmnColumns *codes = lower(t, record_batch_field, batch, measures->wanted,
                              measures->wanted_count);
    t->way = "records";
    t->codes = codes;
    compare_decide(t, &alter);
    dmn_columns_close(codes);
}

static void compare_model(Trial *t, Model *m)
{
    t->at = m;
    memset(&t->tally, 0, sizeof t->tally);
    memset(t->lives, 0, (size_t)t->rows);
    well(t, decider_open(t->pack, &m->programme, &t->diag, &t->decider));
    compare_decisions(t, m);
    compare_snapshot_way(t);
    compare_record_way(t);
    decider_close(t->decider);
}

/* A population and all that is said of it; gives its households. */
static int64_t compare_population(Trial *t, uint64_t seed, int64_t most)
{
    Snapshot *snapshot;
    arena_reset(t->arena);
    t->random = random_make(seed);
    t->seed = seed;
    t->style = (PeopleStyle)(seed % PEOPLE_STYLES);
    t->month = FACTS_FIRST_MONTH + (Month)below(t, 72);
    int64_t households = below(t, 5) == 0 ? 1 + below(t, most) : most;
    if (t->style == PEOPLE_NATION) from_nation(t, households);
    if (t->style != PEOPLE_NATION) from_people(t, households);
    well(t, snapshot_open(t->path, &t->diag, &snapshot));
    well(t, snapshot_verify(snapshot, 0, 1, &t->diag));
    well(t, facts_reader(t->facts, snapshot, t->path, &t->diag, &t->reader));
    t->rows = snapshot_rows(snapshot, SNAPSHOT_HOUSEHOLDS);
    ck_assert_int_eq(t->rows, households);
    t->answers = arena_alloc(t->arena, (size_t)t->rows, sizeof *t->answers);
    t->lives = ARENA_ARRAY(t->arena, bool, t->rows);
    for (int32_t i = 0; i < t->model_count; i++) compare_model(t, &t->model[i]);
    snapshot_close(snapshot);
    return households;
}

static void tell(const Trial *t)
{
    static const char *const names[] = {"nation",  "usual", "wild",
                                        "unknown", "alike", "threshold"};
    for (int32_t m = 0; m < t->model_count; m++) {
        for (int s = 0; s < PEOPLE_STYLES; s++) {
            const Told *told = &t->told[m][s];
            printf("%-10s %-10s %9lld households, %11lld values (%lld null), "
                   "%lld by one, of decide %lld of %lld, "
                   "%lld eligible, %lld not, %lld at the limit\n",
                   t->model[m].programme.name, names[s],
                   (long long)told->households, (long long)told->values,
                   (long long)told->nulls, (long long)told->strays,
                   (long long)told->by_one, (long long)told->by_one_of,
                   (long long)told->eligible, (long long)told->refused,
                   (long long)told->exact);
        }
    }
}

/* That it could have found something in a model of the law. */
static void check_told(const Trial *t, const Model *m)
{
    for (int s = 0; s < PEOPLE_STYLES; s++) {
        const Told *zero = &t->told[m - t->model][s];
        bool reform = strchr(m->programme.name, '=') != NULL;
        if (reform) ck_assert_int_eq(zero->eligible, 0);
        if (reform && s != PEOPLE_WILD) ck_assert_int_eq(zero->by_one, 0);
    }
    for (int s = 0; s < PEOPLE_STYLES && m->limited; s++) {
        const Told *told = &t->told[m - t->model][s];
        if (told->households == 0) continue;
        int64_t times = s == PEOPLE_WILD ? 2 : 100;
        ck_assert_int_gt(told->refused, 0);
        ck_assert_int_lt(told->strays * times, told->households);
        ck_assert_int_lt(told->by_one * times, told->by_one_of);
        if (s != PEOPLE_UNKNOWN) ck_assert_int_gt(told->eligible, 0);
        if (s == PEOPLE_THRESHOLD) ck_assert_int_gt(told->exact, 0);
    }
}

TEST(all_answers_of_shipped_models_are_the_same_by_columns)
{
    int64_t left = asked("SAME_HOUSEHOLDS", 2400);
    int64_t chunk = asked("SAME_CHUNK", 200);
    uint64_t seed = (uint64_t)asked("SAME_SEED", 1);
    Trial *t = calloc(1, sizeof *t);
    ck_assert_ptr_nonnull(t);
    open_trial(t);
    while (left > 0) {
        left -= compare_population(t, seed++, left < chunk ? left : chunk);
    }
    if (asked("SAME_TELL", 0) != 0) {
        tell(t);
        fflush(stdout);
    }
    for (int32_t i = 0; i < t->model_count; i++) check_told(t, &t->model[i]);
    close_trial(t);
    free(t);
}

/*
 * Random graphs over three domains against a plain evaluation of the same
 * operations, row by row: whatever is simplified, narrowed, shared, placed in
 * buffers used again and done by vector instructions must not change a value.
 */
#include "column/column_int.h"

#include "base/random.h"
#include "tests/harness.h"

enum {
    ARENA_BYTES = 256 << 20,
    DOMAINS = 3,
    NODES_MAX = 120,
    ROWS_MAX = 700,
    LANES = 30
};

/* What was asked of the graph, as it was asked. */
typedef struct Asked {
    ColumnOp op;
    int32_t a, b, c; /* other questions; -1: none */
    int32_t from;    /* of what is gathered: domain of the rows */
    int32_t domain;
    int64_t value; /* of a constant; number of an input */
    ColumnRef ref;
    int64_t *rows; /* the right answers */
    bool flag;     /* 0 or 1 */
    bool day;      /* within the days that parts are known of */
} Asked;

typedef struct Trial {
    Random random;
    Arena *arena;
    ColumnGraph *graph;
    Asked asked[NODES_MAX];
    int32_t count;
    int32_t rows[COLUMN_DOMAINS_MAX];
    int32_t *offsets[DOMAINS];
    int32_t *above[DOMAINS];
    ColumnBatch batch;
    uint8_t *stray; /* by household, as the plain evaluation finds */
} Trial;

static int64_t below(Trial *t, int64_t n)
{
    return (int64_t)random_below(&t->random, (uint64_t)n);
}

/* Runs of rows below each row: some empty, some long. */
static void make_rows(Trial *t)
{
    t->rows[0] = 1 + (int32_t)below(t, LANES);
    for (int d = 1; d < DOMAINS; d++) {
        int32_t parents = t->rows[d - 1];
        t->offsets[d] = ARENA_ARRAY(t->arena, int32_t, parents + 1);
        t->above[d] = ARENA_ARRAY(t->arena, int32_t, ROWS_MAX);
        t->offsets[d][0] = (int32_t)below(t, 3); /* a batch in the middle */
        int32_t rows = 0;
        for (int32_t i = 0; i < parents; i++) {
            int32_t many = (int32_t)below(t, 6);
            if (below(t, 30) == 0) many = (int32_t)below(t, 90);
            if (rows + many > ROWS_MAX) many = 0;
            for (int32_t j = 0; j < many; j++) t->above[d][rows + j] = i;
            rows += many;
            t->offsets[d][i + 1] = t->offsets[d][0] + rows;
        }
        t->rows[d] = rows;
        t->batch.offsets[d] = t->offsets[d];
    }
    memcpy(t->batch.rows, t->rows, sizeof t->rows);
}

static int64_t *new_rows(Trial *t)
{
    return ARENA_ARRAY(t->arena, int64_t, ROWS_MAX + 1);
}

static int32_t add(Trial *t, Asked asked)
{
    asked.rows = new_rows(t);
    t->asked[t->count] = asked;
    return t->count++;
}

static int32_t add_constant(Trial *t, int64_t value)
{
    int32_t at = add(t, (Asked){.op = COLUMN_CONSTANT,
                                .a = -1,
                                .b = -1,
                                .c = -1,
                                .domain = COLUMN_ANYWHERE,
                                .value = value,
                                .flag = value == 0 || value == 1,
                                .day = value > -90000 && value < 90000});
    t->asked[at].ref = column_constant(t->graph, value);
    for (int32_t i = 0; i <= ROWS_MAX; i++) t->asked[at].rows[i] = value;
    return at;
}

static void add_input(Trial *t, int32_t number)
{
    static const ColumnRange ranges[] = {{0, 1},
                                         {0, 255},
                                         {-3, 3},
                                         {-80000, 80000},
                                         {0, 1 << 30},
                                         {-1000000000, 5},
                                         {0, INT64_C(1) << 40},
                                         {INT64_MIN / 2, INT64_MAX / 2}};
    ColumnRange range = ranges[below(t, sizeof ranges / sizeof *ranges)];
    int32_t domain = (int32_t)below(t, DOMAINS);
    ColumnWidth width = column_width_for(range.low, range.high);
    if (below(t, 3) == 0) width = COLUMN_I64;
    int32_t at =
        add(t, (Asked){.op = COLUMN_INPUT,
                       .a = -1,
                       .b = -1,
                       .c = -1,
                       .domain = domain,
                       .value = number,
                       .flag = range.high == 1 && range.low == 0,
                       .day = range.high <= 80000 && range.low >= -80000});
    t->asked[at].ref = column_input(t->graph, domain, width, range);
    void *values = ARENA_ARRAY(t->arena, int64_t, ROWS_MAX);
    for (int32_t i = 0; i < t->rows[domain]; i++) {
        int64_t value =
            range.low +
            (int64_t)random_below(&t->random, (uint64_t)range.high -
                                                  (uint64_t)range.low + 1);
        if (below(t, 10) == 0) value = below(t, 2) ? range.low : range.high;
        t->asked[at].rows[i] = value;
        if (width == COLUMN_U8) ((uint8_t *)values)[i] = (uint8_t)value;
        if (width == COLUMN_I32) ((int32_t *)values)[i] = (int32_t)value;
        if (width == COLUMN_I64) ((int64_t *)values)[i] = value;
    }
    t->batch.input[number] = values;
}

/* A question of which `wanted` holds, or -1. */
static int32_t pick(Trial *t, bool (*wanted)(const Asked *asked))
{
    for (int tries = 0; tries < 20; tries++) {
        int32_t at = (int32_t)below(t, t->count);
        if (wanted(&t->asked[at])) return at;
    }
    return -1;
}

static bool any(const Asked *asked)
{
    return asked->op != COLUMN_FIRST;
}

static bool is_flag(const Asked *asked)
{
    return asked->flag;
}

static bool is_day(const Asked *asked)
{
    return asked->day && asked->domain >= 0;
}

static bool is_positive(const Asked *asked)
{
    return asked->op == COLUMN_CONSTANT && asked->value > 0;
}

static int64_t row_above(const Trial *t, int32_t domain, int64_t row,
                         int32_t upper)
{
    if (upper < 0) return 0;
    for (; domain > upper; domain--) row = t->above[domain][row];
    return row;
}

static int64_t value_at(const Trial *t, int32_t at, int32_t domain, int64_t row)
{
    const Asked *asked = &t->asked[at];
    return asked->rows[row_above(t, domain, row, asked->domain)];
}

/* A plain operation, row by row; overflow makes the household stray. */
static void answer_rows(Trial *t, Asked *asked)
{
    int32_t rows = asked->domain < 0 ? 1 : t->rows[asked->domain];
    for (int32_t i = 0; i < rows; i++) {
        int64_t b = asked->b < 0 ? 0 : value_at(t, asked->b, asked->domain, i);
        int64_t c = asked->c < 0 ? 0 : value_at(t, asked->c, asked->domain, i);
        int64_t a = value_at(t, asked->a, asked->domain, i);
        if (column_compute(asked->op, a, b, c, &asked->rows[i])) continue;
        asked->rows[i] = 0;
        t->stray[row_above(t, asked->domain, i, 0)] = 1;
    }
}

/* A column that is at least 1; -1: none. */
static int32_t add_divisor(Trial *t)
{
    int32_t a = pick(t, any), b = add_constant(t, 1 + below(t, 40));
    if (a < 0 || t->asked[a].domain < 0 || t->count >= NODES_MAX - 2) return -1;
    int32_t at = add(t, (Asked){.op = COLUMN_GREATEST,
                                .a = a,
                                .b = b,
                                .c = -1,
                                .domain = t->asked[a].domain});
    t->asked[at].ref = column_make(t->graph, COLUMN_GREATEST, t->asked[a].ref,
                                   t->asked[b].ref, -1);
    answer_rows(t, &t->asked[at]);
    return at;
}

static void add_plain(Trial *t)
{
    ColumnOp op = (ColumnOp)(COLUMN_ADD + below(t, COLUMN_EXPAND - COLUMN_ADD));
    bool logic = op == COLUMN_AND || op == COLUMN_OR || op == COLUMN_NOT;
    bool dates = op >= COLUMN_MONTHS && op <= COLUMN_DAY;
    bool divides = op == COLUMN_DIVIDE || op == COLUMN_MODULO;
    bool single = op == COLUMN_NOT || op == COLUMN_YEAR || op == COLUMN_MONTH ||
                  op == COLUMN_DAY;
    bool choice = op == COLUMN_SELECT;
    int32_t a = pick(t, logic || choice ? is_flag : dates ? is_day : any);
    int32_t b = single ? -1
                       : pick(t, logic     ? is_flag
                                 : dates   ? is_day
                                 : divides ? is_positive
                                           : any);
    if (op == COLUMN_QUOTIENT) b = add_divisor(t);
    int32_t c = choice ? pick(t, any) : -1;
    if (a < 0 || (!single && b < 0) || (choice && c < 0)) return;
    int32_t domain = t->asked[a].domain;
    if (b >= 0 && t->asked[b].domain > domain) domain = t->asked[b].domain;
    if (c >= 0 && t->asked[c].domain > domain) domain = t->asked[c].domain;
    if (domain < 0) return; /* constants alone may leave 64 bits */
    int32_t at =
        add(t, (Asked){.op = op,
                       .a = a,
                       .b = b,
                       .c = c,
                       .domain = domain,
                       .flag = (op >= COLUMN_EQUAL && op <= COLUMN_NOT)});
    t->asked[at].ref =
        column_make(t->graph, op, t->asked[a].ref, b < 0 ? -1 : t->asked[b].ref,
                    c < 0 ? -1 : t->asked[c].ref);
    answer_rows(t, &t->asked[at]);
}

/* What is gathered of the rows from..to-1 of a domain. */
static int64_t gathered(const Trial *t, const Asked *asked, int64_t from,
                        int64_t to)
{
    int64_t found = asked->op == COLUMN_FIRST ? -1
                    : asked->b >= 0           ? t->asked[asked->b].value
                                              : 0;
    for (int64_t i = from; i < to; i++) {
        int64_t value = value_at(t, asked->a, asked->from, i);
        switch ((int)asked->op) {
        case COLUMN_SUM:
            found += value;
            break;
        case COLUMN_ANY:
            found |= value;
            break;
        case COLUMN_MINIMUM:
            found = value < found ? value : found;
            break;
        case COLUMN_MAXIMUM:
            found = value > found ? value : found;
            break;
        default:
            found = found < 0 && value != 0 ? i : found;
            break;
        }
    }
    return found;
}

static void first_below(const Trial *t, int32_t from, int32_t to, int64_t row,
                        int64_t *ret_from, int64_t *ret_to)
{
    *ret_from = row;
    *ret_to = row + 1;
    for (int32_t d = to + 1; d <= from; d++) {
        *ret_from = t->offsets[d][*ret_from] - t->offsets[d][0];
        *ret_to = t->offsets[d][*ret_to] - t->offsets[d][0];
    }
}

static void add_gathered(Trial *t)
{
    static const ColumnOp ops[] = {COLUMN_SUM, COLUMN_ANY, COLUMN_MINIMUM,
                                   COLUMN_MAXIMUM, COLUMN_FIRST};
    ColumnOp op = ops[below(t, 5)];
    bool flags = op == COLUMN_ANY || op == COLUMN_FIRST;
    int32_t a = pick(t, flags ? is_flag : any);
    int32_t from = 1 + (int32_t)below(t, DOMAINS - 1);
    int32_t to = op == COLUMN_FIRST ? from - 1 : (int32_t)below(t, from);
    if (a < 0 || t->asked[a].domain > from) return;
    ColumnRange range = column_range_of(t->graph, t->asked[a].ref);
    if (op == COLUMN_SUM &&
        (range.low < -(INT64_C(1) << 45) || range.high > INT64_C(1) << 45)) {
        return;
    }
    bool extreme = op == COLUMN_MINIMUM || op == COLUMN_MAXIMUM;
    int32_t b = -1;
    if (extreme) {
        b = add_constant(t, op == COLUMN_MINIMUM ? range.high : range.low);
    }
    int32_t at = add(t, (Asked){.op = op,
                                .a = a,
                                .b = b,
                                .c = -1,
                                .from = from,
                                .domain = to,
                                .flag = op == COLUMN_ANY});
    Asked *asked = &t->asked[at];
    asked->ref = column_gathered(t->graph, op, t->asked[a].ref,
                                 b < 0 ? -1 : t->asked[b].ref, from, to);
    for (int32_t i = 0; i < t->rows[to]; i++) {
        int64_t first, end;
        first_below(t, from, to, i, &first, &end);
        asked->rows[i] = gathered(t, asked, first, end);
    }
}

/* A column at the first row that a question has found. */
static void add_gather(Trial *t)
{
    int32_t row = (int32_t)below(t, t->count);
    int32_t a = pick(t, any);
    if (t->asked[row].op != COLUMN_FIRST || a < 0) return;
    int32_t from = t->asked[row].from, to = t->asked[row].domain;
    if (t->asked[a].domain > from) return;
    /* at no row anything goes, so ask only where it is known what */
    if (column_domain_of(t->graph, t->asked[a].ref) != t->asked[a].domain) {
        return;
    }
    int32_t at = add(t, (Asked){.op = COLUMN_GATHER,
                                .a = a,
                                .b = row,
                                .c = -1,
                                .from = from,
                                .domain = to,
                                .flag = t->asked[a].flag});
    Asked *asked = &t->asked[at];
    ColumnRange range = column_range_of(t->graph, t->asked[a].ref);
    bool above = t->asked[a].domain <= to;
    asked->ref =
        column_gather(t->graph, t->asked[a].ref, t->asked[row].ref, from);
    for (int32_t i = 0; i < t->rows[to]; i++) {
        int64_t found = t->asked[row].rows[i];
        asked->rows[i] = above       ? value_at(t, a, to, i)
                         : found < 0 ? range.low
                                     : value_at(t, a, from, found);
    }
}

static void make_trial(Trial *t, uint64_t seed)
{
    static const int64_t constants[] = {0, 1,   -1,   2,     3,      12,
                                        7, 100, 1000, 20454, -80000, INT64_MAX};
    t->random = random_make(seed);
    t->graph = column_graph(t->arena);
    t->stray = ARENA_ARRAY(t->arena, uint8_t, ROWS_MAX);
    column_domain(t->graph, 0, (ColumnRange){0, 1000});
    column_domain(t->graph, 1, (ColumnRange){0, 4000});
    make_rows(t);
    for (int i = 0; i < 12; i++) add_constant(t, constants[i]);
    for (int i = 0; i < 8; i++) add_input(t, i);
    while (t->count < NODES_MAX - 2 && below(t, 200) > 0) {
        int64_t die = below(t, 10);
        if (die < 7) {
            add_plain(t);
        } else if (die < 9) {
            add_gathered(t);
        } else {
            add_gather(t);
        }
        /* what cannot be made is dropped, as a lowering does */
        if (column_fault(t->graph) == NULL) continue;
        column_drop_fault(t->graph);
        t->count--;
    }
}

static void check_output(const Trial *t, const ColumnMachine *machine,
                         int32_t output, int32_t at)
{
    const Asked *asked = &t->asked[at];
    ColumnRange range = column_range_of(t->graph, asked->ref);
    int32_t rows = asked->domain < 0 ? 1 : t->rows[asked->domain];
    for (int32_t i = 0; i < rows; i++) {
        int64_t household = row_above(t, asked->domain, i, 0);
        int32_t placed = column_domain_of(t->graph, asked->ref);
        int64_t row = row_above(t, asked->domain, i, placed);
        int64_t found = column_value(machine, output, row);
        ck_assert(found >= range.low && found <= range.high);
        if (asked->domain >= 0 && t->stray[household]) continue;
        ck_assert_msg(found == asked->rows[i],
                      "op %d at %d row %d: %lld, expected %lld", asked->op, at,
                      i, (long long)found, (long long)asked->rows[i]);
    }
}

static void run_trial(uint64_t seed, const ColumnKernels *kernels,
                      int64_t *checked, int64_t *strays)
{
    Trial t = {.arena = arena_open(ARENA_BYTES)};
    int32_t rows_max[COLUMN_DOMAINS_MAX] = {LANES, ROWS_MAX, ROWS_MAX};
    ColumnRef outputs[NODES_MAX];
    ColumnProgram *program;
    ColumnMachine *machine;
    make_trial(&t, seed);
    ck_assert_msg(column_fault(t.graph) == NULL, "%s", column_fault(t.graph));
    /* the last ones alone, so that buffers are used again */
    int32_t first = t.count > 60 && seed % 3 > 0 ? t.count - 20 : 0;
    for (int32_t i = first; i < t.count; i++) {
        outputs[i - first] = t.asked[i].ref;
    }
    ck_assert_int_eq(
        column_program(t.graph, t.arena, outputs, t.count - first, &program),
        OK);
    ck_assert_int_eq(column_machine_with(program, rows_max, kernels, &machine),
                     OK);
    for (int twice = 0; twice < 2; twice++) {
        column_run(machine, &t.batch);
        const uint8_t *stray = column_stray(machine);
        for (int32_t i = 0; i < t.rows[0]; i++) {
            *strays += stray[i];
            *checked += 1;
            /* what overflows in vain may be left out, but not the reverse;
               where there are no rows, nothing was asked for them */
            int64_t begin, end;
            first_below(&t, DOMAINS - 1, 0, i, &begin, &end);
            ck_assert(!stray[i] || t.stray[i] || begin == end);
        }
        for (int32_t i = first; i < t.count; i++) {
            check_output(&t, machine, i - first, i);
        }
    }
    column_machine_close(machine);
    arena_close(t.arena);
}

static void run_trials(uint64_t from, uint64_t count,
                       const ColumnKernels *kernels)
{
    int64_t checked = 0, strays = 0;
    for (uint64_t i = 0; i < count; i++) {
        run_trial(from + i, kernels, &checked, &strays);
    }
    ck_assert_int_gt(strays, 0);
    ck_assert_int_gt(checked, strays);
}

TEST(random_graphs_by_the_kernels_of_this_processor)
{
    run_trials(1, 150, column_best_kernels());
}

TEST(random_graphs_by_the_kernels_for_any_processor)
{
    run_trials(10001, 40, &column_kernels_plain);
}

#if defined(__x86_64__)
TEST(random_graphs_by_the_kernels_for_avx2)
{
    if (!__builtin_cpu_supports("avx2")) return;
    run_trials(20001, 40, &column_kernels_v3);
}
#endif

TEST(columns_of_lists_beside_each_other_have_no_common_rows)
{
    Arena *arena = arena_open(ARENA_BYTES);
    ColumnGraph *graph = column_graph(arena);
    int32_t one = column_domain(graph, 0, (ColumnRange){0, 9});
    int32_t other = column_domain(graph, 0, (ColumnRange){0, 9});
    ColumnRange range = {0, 9};
    ColumnRef a = column_input(graph, one, COLUMN_U8, range);
    ColumnRef b = column_input(graph, other, COLUMN_U8, range);
    column_two(graph, COLUMN_ADD, a, b);
    ck_assert_ptr_nonnull(column_fault(graph));
    column_drop_fault(graph);
    ColumnRef sums = column_two(
        graph, COLUMN_ADD, column_gathered(graph, COLUMN_SUM, a, -1, one, 0),
        column_gathered(graph, COLUMN_SUM, b, -1, other, 0));
    ck_assert_ptr_null(column_fault(graph));
    ck_assert_int_eq(column_range_of(graph, sums).high, 162);
    arena_close(arena);
}

TEST(a_monotone_step_before_a_comparison_becomes_a_cut_off)
{
    Arena *arena = arena_open(ARENA_BYTES);
    ColumnGraph *graph = column_graph(arena);
    ColumnProgram *program;
    ColumnRef birth =
        column_input(graph, 0, COLUMN_I32, (ColumnRange){-40000, 40000});
    ColumnRef day = column_constant(graph, 20454); /* 2026-01-01 */
    ColumnRef age = column_two(graph, COLUMN_DIVIDE,
                               column_two(graph, COLUMN_MONTHS, birth, day),
                               column_constant(graph, 12));
    ColumnRef old = column_two(graph, COLUMN_GREATER_EQUAL, age,
                               column_constant(graph, 60));
    ck_assert_int_eq(column_program(graph, arena, &old, 1, &program), OK);
    ck_assert_int_eq(program->step_count, 1);
    ck_assert_int_eq(program->steps[0].op, COLUMN_LESS);
    ck_assert_int_eq(program->steps[0].x, -1460); /* 1966-01-02 */
    arena_close(arena);
}

/* The number of steps of a program, and whether one is of an operation. */
static int32_t steps_of(ColumnGraph *graph, Arena *arena, ColumnRef ref,
                        ColumnOp op, bool *ret_has)
{
    ColumnProgram *program;
    ck_assert_int_eq(column_program(graph, arena, &ref, 1, &program), OK);
    *ret_has = false;
    for (int32_t i = 0; i < program->step_count; i++) {
        bool is = !program->steps[i].convert && program->steps[i].op == op;
        *ret_has = *ret_has || is;
    }
    return program->step_count;
}

TEST(a_factor_that_all_share_is_taken_out)
{
    Arena *arena = arena_open(ARENA_BYTES);
    ColumnGraph *graph = column_graph(arena);
    ColumnRange range = {0, 10000000};
    int32_t rows = column_domain(graph, 0, (ColumnRange){1, 15});
    ColumnRef twelve = column_constant(graph, 12), sum = -1;
    for (int i = 0; i < 2; i++) { /* sum of max(0, 12 x - 900000) + 12 y */
        ColumnRef x = column_input(graph, rows, COLUMN_I32, range);
        x = column_two(graph, COLUMN_MULTIPLY, x, twelve);
        if (i == 0) {
            x = column_two(graph, COLUMN_SUBTRACT, x,
                           column_constant(graph, 900000));
            x = column_two(graph, COLUMN_GREATEST, column_constant(graph, 0),
                           x);
        }
        sum = i == 0 ? x : column_two(graph, COLUMN_ADD, sum, x);
    }
    sum = column_gathered(graph, COLUMN_SUM, sum, -1, rows, 0);
    ColumnRef left = column_two(graph, COLUMN_SUBTRACT,
                                column_constant(graph, 1584000), sum);
    ColumnRef month = column_two(graph, COLUMN_DIVIDE, left, twelve);
    bool has;
    ck_assert_int_eq(steps_of(graph, arena, month, COLUMN_DIVIDE, &has), 5);
    ck_assert(!has);
    steps_of(graph, arena, month, COLUMN_MULTIPLY, &has);
    ck_assert(!has);
    ColumnRef least = column_two(graph, COLUMN_GREATER_EQUAL, sum,
                                 column_constant(graph, 1584000));
    ck_assert_int_eq(steps_of(graph, arena, least, COLUMN_MULTIPLY, &has), 5);
    ck_assert(!has);
    arena_close(arena);
}

TEST(ranges_that_exclude_each_other_or_leave_nothing_are_known)
{
    Arena *arena = arena_open(ARENA_BYTES);
    ColumnGraph *graph = column_graph(arena);
    ColumnRef x = column_input(graph, 0, COLUMN_U8, (ColumnRange){1, 15});
    static const int64_t ends[] = {0, 2, 5, 9, 15};
    ColumnRef any = column_constant(graph, 0), none = column_constant(graph, 1);
    int64_t value;
    for (int i = 0; i < 4; i++) { /* (0..2], (2..5], (5..9], (9..15] */
        ColumnRef from = column_two(graph, COLUMN_GREATER, x,
                                    column_constant(graph, ends[i]));
        ColumnRef to = column_two(graph, COLUMN_LESS_EQUAL, x,
                                  column_constant(graph, ends[i + 1]));
        ColumnRef row = column_and(graph, from, to);
        ColumnRef twice = column_and(graph, any, row);
        ck_assert(column_is_constant(graph, twice, &value));
        ck_assert_int_eq(value, 0);
        any = column_or(graph, any, row);
        none = column_and(graph, none, column_not(graph, row));
    }
    ck_assert(column_is_constant(graph, any, &value));
    ck_assert_int_eq(value, 1);
    ck_assert(column_is_constant(graph, none, &value));
    ck_assert_int_eq(value, 0);
    arena_close(arena);
}

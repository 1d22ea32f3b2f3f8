#include "column/column_int.h"

#include <string.h>

enum { ALIGN_BYTES = 64, PADDING_ROWS = 64 };

struct ColumnMachine {
    Arena *arena;
    const ColumnProgram *program;
    const ColumnKernels *all;
    ColumnKernel **kernels;             /* by step */
    ColumnCall *calls;                  /* by step, but for the batch */
    bool *patched;                      /* it reads what the batch gives */
    size_t rows;                        /* of domain 0 in the last run */
    void **values;                      /* inputs, then buffers */
    void **constants;                   /* by output that is one */
    int32_t *above[COLUMN_DOMAINS_MAX]; /* by row: its row in the parent */
    uint8_t *stray[COLUMN_DOMAINS_MAX];
    void *scratch;
    int32_t rows_max[COLUMN_DOMAINS_MAX];
};

const ColumnKernels *column_best_kernels(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2")) {
        return &column_kernels_v4;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("fma")) {
        return &column_kernels_v3;
    }
#endif
    return &column_kernels_plain;
}

static ColumnKernel *kernel_of(const ColumnKernels *kernels,
                               const ColumnStep *step)
{
    if (step->convert) return kernels->convert[step->width][step->result];
    if (step->checked) return kernels->checked[step->op][step->variant];
    if (step->flags) return kernels->sum_flags;
    if (step->op == COLUMN_SUM) {
        return kernels->sum[step->width][step->result];
    }
    return kernels->by_op[step->op][step->width][step->variant];
}

/* Memory on a cache line, with room to write a little beyond its end. */
static void *aligned(Arena *arena, size_t rows, size_t item_bytes)
{
    char *room = arena_try_raw(
        arena, (rows + PADDING_ROWS) * item_bytes + ALIGN_BYTES, 1);
    if (room == NULL) return NULL;
    uintptr_t past = (uintptr_t)room % ALIGN_BYTES;
    return past == 0 ? room : room + (ALIGN_BYTES - past);
}

static size_t width_bytes(uint8_t width)
{
    return width == COLUMN_U8 ? 1 : width == COLUMN_I32 ? 4 : 8;
}

static void fill(void *to, uint8_t width, size_t rows, int64_t value)
{
    for (size_t i = 0; i < rows; i++) {
        if (width == COLUMN_U8) ((uint8_t *)to)[i] = (uint8_t)value;
        if (width == COLUMN_I32) ((int32_t *)to)[i] = (int32_t)value;
        if (width == COLUMN_I64) ((int64_t *)to)[i] = value;
    }
}

static bool make_outputs(ColumnMachine *m)
{
    const ColumnProgram *program = m->program;
    size_t rows = (size_t)m->rows_max[0];
    m->constants = arena_try(m->arena, (size_t)program->output_count + 1,
                             sizeof *m->constants);
    if (m->constants == NULL) return false;
    for (int32_t i = 0; i < program->output_count; i++) {
        const ColumnResult *output = &program->outputs[i];
        if (output->at >= 0) continue;
        m->constants[i] = aligned(m->arena, rows, width_bytes(output->width));
        if (m->constants[i] == NULL) return false;
        fill(m->constants[i], output->width, rows, output->value);
    }
    return true;
}

static bool make_buffers(ColumnMachine *m)
{
    const ColumnProgram *program = m->program;
    size_t values = (size_t)program->buffer_count + COLUMN_INPUTS_MAX;
    m->values = arena_try(m->arena, values, sizeof *m->values);
    if (m->values == NULL) return false;
    for (int32_t i = 0; i < program->buffer_count; i++) {
        const ColumnBuffer *buffer = &program->buffers[i];
        size_t rows = (size_t)m->rows_max[(int)buffer->domain];
        void *room = aligned(m->arena, rows, width_bytes(buffer->width));
        if (room == NULL) return false;
        m->values[COLUMN_INPUTS_MAX + i] = room;
    }
    int32_t most = 0;
    for (int32_t d = 0; d < program->domain_count; d++) {
        size_t rows = (size_t)m->rows_max[d];
        if (m->rows_max[d] > most) most = m->rows_max[d];
        m->stray[d] = aligned(m->arena, rows, 1);
        m->above[d] = aligned(m->arena, rows, sizeof(int32_t));
        if (m->stray[d] == NULL || m->above[d] == NULL) return false;
    }
    m->scratch = aligned(m->arena, (size_t)most + 1, sizeof(int64_t));
    return m->scratch != NULL;
}

static void *value_at(const ColumnMachine *m, int32_t value)
{
    return value < 0 ? NULL : m->values[value];
}

static bool is_input(int32_t value)
{
    return value >= 0 && value < COLUMN_INPUTS_MAX;
}

/* What is the same in every batch. */
static bool make_calls(ColumnMachine *m)
{
    size_t count = (size_t)m->program->step_count;
    m->calls = arena_try(m->arena, count + 1, sizeof *m->calls);
    m->patched = arena_try(m->arena, count + 1, sizeof *m->patched);
    if (m->calls == NULL || m->patched == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        const ColumnStep *step = &m->program->steps[i];
        m->calls[i] = (ColumnCall){.to = m->values[step->to],
                                   .a = value_at(m, step->a),
                                   .b = value_at(m, step->b),
                                   .c = value_at(m, step->c),
                                   .x = step->x,
                                   .y = step->y,
                                   .scratch = m->scratch,
                                   .stray = m->stray[(int)step->domain]};
        if (step->op == COLUMN_EXPAND && !step->convert) {
            m->calls[i].b = m->above[(int)step->below];
        }
        m->patched[i] = is_input(step->a) || is_input(step->b) ||
                        is_input(step->c) || step->below > 0;
    }
    return true;
}

Err column_machine_open(const ColumnProgram *program, const int32_t *rows_max,
                        ColumnMachine **ret)
{
    return column_machine_with(program, rows_max, column_best_kernels(), ret);
}

Err column_machine_with(const ColumnProgram *program, const int32_t *rows_max,
                        const ColumnKernels *kernels, ColumnMachine **ret)
{
    size_t bytes = 1 << 20, rows = 0;
    for (int32_t d = 0; d < program->domain_count; d++) {
        rows += (size_t)rows_max[d] + PADDING_ROWS;
    }
    bytes +=
        ((size_t)program->buffer_count + (size_t)program->output_count + 4) *
        (rows + PADDING_ROWS) * sizeof(int64_t);
    bytes += (size_t)program->step_count *
             (sizeof(void *) + sizeof(ColumnCall) + sizeof(bool));
    Arena *arena = arena_open(bytes);
    ColumnMachine *m = arena == NULL ? NULL : arena_try(arena, 1, sizeof *m);
    if (m == NULL) {
        arena_close(arena);
        return ERR_FULL;
    }
    m->arena = arena;
    m->program = program;
    m->all = kernels;
    memcpy(m->rows_max, rows_max,
           (size_t)program->domain_count * sizeof *rows_max);
    m->kernels =
        arena_try(arena, (size_t)program->step_count + 1, sizeof *m->kernels);
    if (m->kernels == NULL || !make_buffers(m) || !make_outputs(m) ||
        !make_calls(m)) {
        arena_close(arena);
        return ERR_FULL;
    }
    for (int32_t i = 0; i < program->step_count; i++) {
        m->kernels[i] = kernel_of(kernels, &program->steps[i]);
        CHECK(m->kernels[i] != NULL);
    }
    *ret = m;
    return OK;
}

void column_machine_close(ColumnMachine *machine)
{
    if (machine != NULL) arena_close(machine->arena);
}

/* For each row below, the row that it belongs to; short runs at one go. */
static void find_above(int32_t *above, const int32_t *offsets, int32_t rows)
{
    enum { AT_ONCE = 8 };
    for (int32_t row = 0; row < rows; row++) {
        int32_t *to = above + (offsets[row] - offsets[0]);
        int32_t count = offsets[row + 1] - offsets[row];
        for (int32_t i = 0; i < AT_ONCE; i++) to[i] = row;
        for (int32_t i = AT_ONCE; i < count; i++) to[i] = row;
    }
}

static void begin(ColumnMachine *m, const ColumnBatch *batch)
{
    const ColumnProgram *program = m->program;
    for (int32_t d = 0; d < program->domain_count; d++) {
        CHECK(batch->rows[d] >= 0 && batch->rows[d] <= m->rows_max[d]);
        if (program->checks[d] || d == 0) {
            memset(m->stray[d], 0, (size_t)batch->rows[d]);
        }
        if (program->expands[d]) {
            find_above(m->above[d], batch->offsets[d],
                       batch->rows[program->domain[d].parent]);
        }
    }
    for (int32_t i = 0; i < COLUMN_INPUTS_MAX; i++) {
        if (!program->reads[i]) continue;
        /* only ever read; the array holds buffers as well */
        memcpy(&m->values[i], &batch->input[i], sizeof m->values[i]);
    }
}

static void gather_stray(const ColumnMachine *m, const ColumnBatch *batch,
                         int32_t domain, const uint8_t *below)
{
    int32_t parent = m->program->domain[domain].parent;
    const int32_t *offsets = batch->offsets[domain];
    for (int32_t row = 0; row < batch->rows[parent]; row++) {
        int32_t end = offsets[row + 1] - offsets[0];
        for (int32_t i = offsets[row] - offsets[0]; i < end; i++) {
            m->stray[parent][row] |= below[i];
        }
    }
}

/* Marks of every domain, carried up to the households. */
static void end(const ColumnMachine *m, const ColumnBatch *batch)
{
    const ColumnProgram *program = m->program;
    bool marked[COLUMN_DOMAINS_MAX];
    memcpy(marked, program->checks, sizeof marked);
    for (int32_t i = 0; i < program->give_up_count; i++) {
        const ColumnResult *mark = &program->give_up[i];
        const uint8_t *flag = m->values[mark->at];
        int32_t domain = mark->domain;
        size_t rows = (size_t)batch->rows[domain];
        if (!marked[domain] && domain > 0) memset(m->stray[domain], 0, rows);
        marked[domain] = true;
        ColumnCall call = {
            .rows = rows, .to = m->scratch, .a = m->stray[domain], .b = flag};
        m->all->by_op[COLUMN_OR][COLUMN_U8][0](&call);
        memcpy(m->stray[domain], m->scratch, rows);
    }
    for (int32_t d = program->domain_count; d-- > 1;) {
        int32_t parent = program->domain[d].parent;
        if (!marked[d]) continue;
        if (!marked[parent] && parent > 0) {
            memset(m->stray[parent], 0, (size_t)batch->rows[parent]);
        }
        marked[parent] = true;
        gather_stray(m, batch, d, m->stray[d]);
    }
}

/* Puts in what the batch gives. */
static void patch(const ColumnMachine *m, const ColumnBatch *batch,
                  const ColumnStep *step, ColumnCall *call)
{
    if (is_input(step->a)) call->a = m->values[step->a];
    if (is_input(step->b)) call->b = m->values[step->b];
    if (is_input(step->c)) call->c = m->values[step->c];
    if (step->below > 0) call->offsets = batch->offsets[(int)step->below];
}

void column_run(ColumnMachine *m, const ColumnBatch *batch)
{
    const ColumnProgram *program = m->program;
    m->rows = (size_t)batch->rows[0];
    begin(m, batch);
    for (int32_t i = 0; i < program->step_count; i++) {
        const ColumnStep *step = &program->steps[i];
        ColumnCall *call = &m->calls[i];
        call->rows = (size_t)batch->rows[(int)step->domain];
        if (m->patched[i]) patch(m, batch, step, call);
        m->kernels[i](call);
    }
    end(m, batch);
}

const void *column_output(const ColumnMachine *m, int32_t output)
{
    int32_t at = m->program->outputs[output].at;
    return at < 0 ? m->constants[output] : m->values[at];
}

int64_t column_value(const ColumnMachine *m, int32_t output, int64_t row)
{
    const ColumnResult *result = &m->program->outputs[output];
    if (result->at < 0) return result->value;
    const void *values = m->values[result->at];
    switch ((ColumnWidth)result->width) {
    case COLUMN_U8:
        return ((const uint8_t *)values)[row];
    case COLUMN_I32:
        return ((const int32_t *)values)[row];
    case COLUMN_I64:
    case COLUMN_WIDTHS:
        break;
    }
    return ((const int64_t *)values)[row];
}

const uint8_t *column_stray(const ColumnMachine *m)
{
    return m->stray[0];
}

int64_t column_total(const ColumnMachine *m, int32_t output)
{
    const ColumnResult *result = &m->program->outputs[output];
    CHECK(result->domain <= 0);
    if (result->at < 0) return result->value * (int64_t)m->rows;
    return m->all->total[result->width](m->values[result->at], m->rows);
}

int64_t column_count(const ColumnMachine *m, int32_t output, int64_t value)
{
    const ColumnResult *result = &m->program->outputs[output];
    CHECK(result->domain <= 0);
    if (result->at < 0) return result->value == value ? (int64_t)m->rows : 0;
    return m->all->count[result->width](m->values[result->at], m->rows, value);
}

bool column_any_stray(const ColumnMachine *m)
{
    return memchr(m->stray[0], 1, m->rows) != NULL;
}

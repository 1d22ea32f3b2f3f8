/*
 * column_int.h - graphs, programs and kernels from inside.
 */
#ifndef COLUMN_COLUMN_INT_H
#define COLUMN_COLUMN_INT_H

#include "column/column.h"

typedef struct ColumnNode {
    uint8_t op;    /* ColumnOp */
    uint8_t width; /* of an INPUT: as it is stored; else the least */
    int8_t domain; /* COLUMN_ANYWHERE of constants */
    bool checked;  /* the exact result may leave 64 bits */
    ColumnRef a, b, c;
    int64_t value; /* of CONSTANT; number of INPUT; domain below of SIZE */
    int64_t low, high;
} ColumnNode;

typedef struct ColumnDomain {
    int32_t parent;
    ColumnRange rows; /* of one row of the parent, of one household */
} ColumnDomain;

struct ColumnGraph {
    Arena *arena;
    ColumnNode *nodes;
    int32_t count, room;
    int32_t *table; /* of nodes by content, open addressing; -1 empty */
    int32_t table_room;
    ColumnDomain domain[COLUMN_DOMAINS_MAX];
    int32_t domain_count;
    int32_t input_count;
    ColumnRef *give_up;
    int32_t give_up_count, give_up_room;
    const char *fault;
};

/* graph.c */
ColumnRef column_intern(ColumnGraph *graph, ColumnNode node);
ColumnRef column_expand(ColumnGraph *graph, ColumnRef a, int32_t domain);
ColumnWidth column_width_for(int64_t low, int64_t high);

/* simplify.c: another node with the same values, or -1; may turn operands. */
ColumnRef column_simpler(ColumnGraph *graph, ColumnNode *node);

/* interval.c: what AND or OR of two conditions on one column comes to;
 * factor.c: the same with a shared factor taken out, and x of k x. Or -1. */
ColumnRef column_interval(ColumnGraph *graph, const ColumnNode *node);
ColumnRef column_factored(ColumnGraph *graph, const ColumnNode *node);
ColumnRef column_without_factor(const ColumnGraph *graph, ColumnRef a,
                                int64_t *ret_factor);

/* range.c: of ADD to DAY; false when the result leaves 64 bits. */
void column_bound(ColumnGraph *graph, ColumnNode *node);
bool column_compute(ColumnOp op, int64_t a, int64_t b, int64_t c, int64_t *ret);

/*
 * What a kernel works on. A constant operand is in `x`; of a choice between
 * two constants the second is in `y`. Where a checked operation overflows, it
 * gives `y`; a gathering at -1 and an extreme of nothing give `x`.
 */
typedef struct ColumnCall {
    size_t rows;
    void *to;
    const void *a, *b, *c;
    int64_t x, y;
    const int32_t *offsets; /* runs of the rows below */
    void *scratch;          /* 8 bytes for each row below and one more */
    uint8_t *stray;         /* by row, of checked operations */
} ColumnCall;

typedef void ColumnKernel(const ColumnCall *call);

/*
 * The kernels for one kind of processor. `by_op` has one for each operation,
 * width of its operands and variant: 0 nothing is constant, 1 b is, 2 a is;
 * of SELECT 1 b is, 2 c is, 3 both are.
 */
typedef struct ColumnKernels {
    ColumnKernel *by_op[COLUMN_OP_COUNT][COLUMN_WIDTHS][4];
    ColumnKernel *checked[COLUMN_OP_COUNT][3];
    ColumnKernel *convert[COLUMN_WIDTHS][COLUMN_WIDTHS];
    ColumnKernel *sum[COLUMN_WIDTHS][COLUMN_WIDTHS]; /* from, to */
    ColumnKernel *sum_flags;                         /* of 0 and 1 */
    int64_t (*total[COLUMN_WIDTHS])(const void *values, size_t rows);
    int64_t (*count[COLUMN_WIDTHS])(const void *values, size_t rows,
                                    int64_t value);
    bool (*within[COLUMN_WIDTHS])(const void *values, size_t rows, int64_t low,
                                  int64_t high);
} ColumnKernels;

extern const ColumnKernels column_kernels_plain, column_kernels_v3,
    column_kernels_v4;

/*
 * One step of a program: an operation, or a change of width. Values are named
 * by number: inputs first, COLUMN_INPUTS_MAX of them, then buffers; -1: none.
 */
typedef struct ColumnStep {
    uint8_t op;
    uint8_t width;  /* of the operands that are calculated with */
    uint8_t result; /* width of the result */
    uint8_t variant;
    bool convert; /* only from `width` to `result` */
    bool checked;
    bool flags;    /* a sum of 0 and 1 */
    int8_t domain; /* whose rows the result has */
    int8_t below;  /* domain of the runs that are expanded or gathered */
    int32_t to, a, b, c;
    int64_t x, y;
} ColumnStep;

typedef struct ColumnBuffer {
    int8_t domain;
    uint8_t width;
} ColumnBuffer;

typedef struct ColumnResult {
    int32_t at; /* -1: the constant */
    int64_t value;
    uint8_t width;
    int8_t domain;
} ColumnResult;

struct ColumnProgram {
    ColumnStep *steps;
    int32_t step_count, step_room;
    ColumnBuffer *buffers;
    int32_t buffer_count, buffer_room;
    ColumnResult *outputs;
    int32_t output_count;
    ColumnResult *give_up; /* bytes that are 1 where a household is stray */
    int32_t give_up_count;
    ColumnDomain domain[COLUMN_DOMAINS_MAX];
    int32_t domain_count;
    bool checks[COLUMN_DOMAINS_MAX];  /* some step of the domain is checked */
    bool expands[COLUMN_DOMAINS_MAX]; /* rows are brought to this domain */
    bool reads[COLUMN_INPUTS_MAX];
    uint8_t input_width[COLUMN_INPUTS_MAX];
};

/*
 * machine.c: the kernels for this processor, and a machine that uses those
 * that are given.
 */
const ColumnKernels *column_best_kernels(void);
Err column_machine_with(const ColumnProgram *program, const int32_t *rows_max,
                        const ColumnKernels *kernels, ColumnMachine **ret);

#endif

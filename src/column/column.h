/*
 * column.h - arithmetic on whole columns of households and what is in them.
 *
 * A graph is a set of operations on columns of whole numbers: amounts at a
 * scale that the owner knows, days, codes, and 0 or 1 for what is true. Each
 * column lies in a domain. Domain 0 has a row a household; every other has a
 * parent, and its rows stand in runs, one for each row of the parent.
 *
 * Each node knows the least and greatest value that it can have. Where a
 * result may leave 64 bits, the operation is checked and the household that
 * it happens in is marked as stray: its values mean nothing, and the owner
 * computes it otherwise. Equal nodes are made once, constants are computed
 * when a node is made, and what no output needs is left out of the program.
 *
 *     graph -> column_program() -> ColumnProgram, shared by threads
 *     column_machine_open() -> ColumnMachine, of one thread
 *     column_run(machine, batch), column_output(machine, n), column_stray()
 *
 * A fault (no common domain, too many nodes) sticks to the graph, so that it
 * is looked at once at the end: column_fault().
 */
#ifndef COLUMN_COLUMN_H
#define COLUMN_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef struct ColumnGraph ColumnGraph;
typedef struct ColumnProgram ColumnProgram;
typedef struct ColumnMachine ColumnMachine;
typedef int32_t ColumnRef; /* a node of a graph */

enum {
    COLUMN_NODES_MAX = 1 << 16,
    COLUMN_DOMAINS_MAX = 8,
    COLUMN_INPUTS_MAX = 256,
    COLUMN_OUTPUTS_MAX = 1024,
    COLUMN_ANYWHERE = -1,    /* the domain of constants */
    COLUMN_DAY_MAX = 5000000 /* days about 1970 that parts of dates know */
};

typedef enum ColumnOp {
#define OP(code, name, operands) COLUMN_##code,
#include "column/ops.def"
#undef OP
    COLUMN_OP_COUNT
} ColumnOp;

/* How the values of a column are stored. */
typedef enum ColumnWidth {
    COLUMN_U8, /* 0..255 */
    COLUMN_I32,
    COLUMN_I64,
    COLUMN_WIDTHS
} ColumnWidth;

typedef struct ColumnRange {
    int64_t low, high;
} ColumnRange;

/* The households of one run; every array is borrowed. */
typedef struct ColumnBatch {
    int32_t rows[COLUMN_DOMAINS_MAX];
    /* Of domain d > 0: rows[parent] + 1 places where the runs begin; the
       first is the place of the batch's first row and may be above 0. */
    const int32_t *offsets[COLUMN_DOMAINS_MAX];
    /* By input: its first value of this batch. Only used inputs are read. */
    const void *input[COLUMN_INPUTS_MAX];
} ColumnBatch;

/* An empty graph with its domain 0; NULL without memory. */
ColumnGraph *column_graph(Arena *arena);

/*
 * A domain below another one, with its number of rows: at least so many for
 * each row of the parent, at most so many for one household.
 */
int32_t column_domain(ColumnGraph *graph, int32_t parent, ColumnRange rows);

/* A number that is the same everywhere. */
ColumnRef column_constant(ColumnGraph *graph, int64_t value);

/* An input column; all its values are in the range. */
ColumnRef column_input(ColumnGraph *graph, int32_t domain, ColumnWidth width,
                       ColumnRange range);

/*
 * An operation on columns of one domain or of domains above each other, or
 * another node that has the same values. For what computes row by row, from
 * ADD to DAY.
 */
ColumnRef column_make(ColumnGraph *graph, ColumnOp op, ColumnRef a, ColumnRef b,
                      ColumnRef c);

/* A column of domain `from` at the rows that `row` names, -1 for anything. */
ColumnRef column_gather(ColumnGraph *graph, ColumnRef a, ColumnRef row,
                        int32_t from);

/*
 * SUM, ANY, MINIMUM, MAXIMUM or FIRST over the rows of domain `from` that
 * belong to a row of `to`, which is above it; FIRST only to its parent.
 */
ColumnRef column_gathered(ColumnGraph *graph, ColumnOp op, ColumnRef a,
                          ColumnRef b, int32_t from, int32_t to);

/* What is known of a node. */
int32_t column_domain_of(const ColumnGraph *graph, ColumnRef ref);
ColumnRange column_range_of(const ColumnGraph *graph, ColumnRef ref);
bool column_is_constant(const ColumnGraph *graph, ColumnRef ref,
                        int64_t *ret_value);
int32_t column_parent(const ColumnGraph *graph, int32_t domain);
ColumnRange column_domain_rows(const ColumnGraph *graph, int32_t domain);

/* Whether one domain is the other or below it. */
bool column_below(const ColumnGraph *graph, int32_t domain, int32_t upper);

/* Marks as stray every household with a row where the node is 1. */
void column_give_up(ColumnGraph *graph, ColumnRef where);

/* Why the graph cannot be used, or NULL; the first fault stays. */
const char *column_fault(const ColumnGraph *graph);
void column_set_fault(ColumnGraph *graph, const char *why);

/* Forgets the fault together with whatever was made since it came. */
void column_drop_fault(ColumnGraph *graph);

/* Shorter spellings of column_make(). */
static inline ColumnRef column_two(ColumnGraph *graph, ColumnOp op, ColumnRef a,
                                   ColumnRef b)
{
    return column_make(graph, op, a, b, -1);
}
static inline ColumnRef column_and(ColumnGraph *graph, ColumnRef a, ColumnRef b)
{
    return column_make(graph, COLUMN_AND, a, b, -1);
}
static inline ColumnRef column_or(ColumnGraph *graph, ColumnRef a, ColumnRef b)
{
    return column_make(graph, COLUMN_OR, a, b, -1);
}
static inline ColumnRef column_not(ColumnGraph *graph, ColumnRef a)
{
    return column_make(graph, COLUMN_NOT, a, -1, -1);
}
/*
 * The program that computes the outputs.
 *
 * in     arena: for as long as the program is used
 * errs   ERR_INVALID: the graph has a fault
 *        ERR_FULL: the arena is at its limit, or too many outputs
 */
NODISCARD Err column_program(ColumnGraph *graph, Arena *arena,
                             const ColumnRef *outputs, int32_t count,
                             ColumnProgram **ret);

/* Whether the program reads an input. */
bool column_reads(const ColumnProgram *program, int32_t input);

/* The width in which an output is given. */
ColumnWidth column_output_width(const ColumnProgram *program, int32_t output);

/* One line a step. */
void column_write(const ColumnProgram *program, Buf *buf);

/*
 * A machine for batches of at most so many rows in each domain.
 *
 * errs   ERR_FULL: no memory
 * owns   the caller, column_machine_close()
 */
NODISCARD Err column_machine_open(const ColumnProgram *program,
                                  const int32_t *rows_max, ColumnMachine **ret);
void column_machine_close(ColumnMachine *machine);

/* Computes the outputs of a batch. */
void column_run(ColumnMachine *machine, const ColumnBatch *batch);

/* An output of the last run, in the width that column_output_width() says. */
const void *column_output(const ColumnMachine *machine, int32_t output);

/* A row of an output of the last run. */
int64_t column_value(const ColumnMachine *machine, int32_t output, int64_t row);

/* By household: whether the last run could not compute it. */
const uint8_t *column_stray(const ColumnMachine *machine);

/* Whether any is. */
bool column_any_stray(const ColumnMachine *machine);

/* Over the households of the last run, strays as well: the sum of an output,
 * and how many have a value. */
int64_t column_total(const ColumnMachine *machine, int32_t output);
int64_t column_count(const ColumnMachine *machine, int32_t output,
                     int64_t value);

#endif

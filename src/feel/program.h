/*
 * program.h - the intermediate program that every expression becomes.
 *
 * A program is a list of units: a decision, a knowledge model, a decision
 * service, a function literal, a constraint of a type. A unit is a run of
 * operations on numbered slots. Operands below zero are constants: ~operand
 * is their index. The evaluator (run.h), the trace and the plan read the same
 * operations; nothing walks a tree when a model is evaluated.
 */
#ifndef FEEL_PROGRAM_H
#define FEEL_PROGRAM_H

#include "base/diag.h"
#include "feel/type.h"
#include "feel/value.h"

/* OP(CODE, "name", operands): see feel_program_write() for their meaning. */
typedef enum FeelOpCode {
#define OP(code, name, operands) FEEL_OP_##code,
#include "feel/ops.def"
#undef OP
    FEEL_OP_COUNT
} FeelOpCode;

typedef struct FeelOp {
    uint8_t code;
    uint8_t kind;  /* FeelKind of the result as inferred; FEEL_ANY: dynamic */
    uint16_t flag; /* closed ends of a range, a typed operation */
    int32_t to;    /* slot of the result */
    int32_t a, b, c;
    int32_t place; /* index into places */
} FeelOp;

/* What a loop is told of its domain, in the third operand. */
enum { FEEL_DOMAIN_VALUE, FEEL_DOMAIN_FILTER, FEEL_DOMAIN_RANGE };

/* The flag of a range: which ends it has and whether they belong to it. */
enum {
    FEEL_RANGE_LOW_CLOSED = 1,
    FEEL_RANGE_HIGH_CLOSED = 2,
    FEEL_RANGE_LOW_OPEN = 4,
    FEEL_RANGE_HIGH_OPEN = 8,
    FEEL_RANGE_NOT_EQUAL = 16,
    FEEL_RANGE_EQUAL = 32
};

/* Where in the model's text an operation comes from. */
typedef struct FeelPlace {
    int32_t source; /* index of the file, as the compiler was told */
    int32_t line;
    int32_t column;
} FeelPlace;

typedef struct FeelUnit {
    Str name;
    int32_t op_first;
    int32_t op_count;
    int32_t slot_count;
    int32_t loop_count;
    int32_t param_count;
    const FeelShape *params;      /* parameter names */
    const FeelType **param_types; /* each checked when it is called */
    const FeelType *result;
    int32_t capture_count;
    const int32_t *capture_slots; /* where captured values go in the frame */
} FeelUnit;

typedef enum FeelHit {
    FEEL_HIT_UNIQUE,
    FEEL_HIT_FIRST,
    FEEL_HIT_PRIORITY,
    FEEL_HIT_ANY,
    FEEL_HIT_COLLECT,
    FEEL_HIT_RULE_ORDER,
    FEEL_HIT_OUTPUT_ORDER
} FeelHit;

typedef enum FeelAggregation {
    FEEL_AGGREGATE_LIST,
    FEEL_AGGREGATE_SUM,
    FEEL_AGGREGATE_COUNT,
    FEEL_AGGREGATE_MIN,
    FEEL_AGGREGATE_MAX
} FeelAggregation;

/* What closes a decision table: how matched rows become one result. */
typedef struct FeelTable {
    FeelHit hit;
    FeelAggregation aggregation;
    const FeelShape *shape; /* of several outputs; NULL for one */
    uint32_t output_count;
    const FeelValue *order; /* a list of output values for each output */
    int32_t source;         /* index the owner of the table gave it */
} FeelTable;

struct FeelFunction {
    int32_t unit;    /* -1 for a built-in */
    int32_t builtin; /* index in feel/builtin.h */
    const FeelValue *captured;
};

struct FeelExternals; /* feel/external.h */

/*
 * Is told of types that cannot agree, with the place; `source` as compiled;
 * `row` of a table, or -1: all of a value that its type does not allow.
 */
typedef void FeelWarnFn(void *context, const Diag *diag, int32_t source,
                        int32_t row);

typedef struct FeelProgram {
    Arena *arena;
    const struct FeelExternals *externals; /* NULL: there are none */
    FeelOp *ops;
    FeelValue *constants;
    FeelPlace *places;
    FeelUnit *units;
    const FeelType **types;
    FeelTable *tables;
    const FeelShape **shapes;
    Str *names;
    Str *messages;
    int32_t op_count, constant_count, place_count, unit_count, type_count,
        table_count, shape_count, name_count, message_count;
    const int32_t *decision_units; /* unit of each decision */
    int32_t decision_count;
    FeelWarnFn *warn; /* while a model is checked, else NULL */
    void *warn_context;
    int32_t outcomes;    /* kept for such warnings so far */
    bool full;           /* memory or effort was used up: not to be run */
    int64_t effort_left; /* of the compiler: names compared, operations made */
} FeelProgram;

/* What the message of FEEL_OP_FAIL is, if not what is at fault. */
enum {
    FEEL_FAIL_CALL = 1, /* a function's name; the next one its parameters */
    FEEL_FAIL_KEY = 2   /* the key of a diagnostic */
};

/* An empty program in an arena; NULL when that is exhausted. */
FeelProgram *feel_program_make(Arena *arena);

/*
 * Takes from the effort that compiling one program may cost. A text of some
 * megabytes could otherwise keep a compiler busy for hours. Sets `full` when
 * it is used up.
 */
void feel_program_spend(FeelProgram *program, int64_t effort);

/*
 * Each adds one entry and gives its index; equal names share one. When there
 * is no memory the program becomes `full` and the index is 0.
 */
int32_t feel_program_constant(FeelProgram *program, FeelValue value);
int32_t feel_program_place(FeelProgram *program, FeelPlace place);
int32_t feel_program_unit(FeelProgram *program, FeelUnit unit);
int32_t feel_program_type(FeelProgram *program, const FeelType *type);
int32_t feel_program_table(FeelProgram *program, FeelTable table);
int32_t feel_program_shape(FeelProgram *program, const FeelShape *shape);
int32_t feel_program_name(FeelProgram *program, Str name);
int32_t feel_program_message(FeelProgram *program, Str message);
int32_t feel_program_ops(FeelProgram *program, const FeelOp *ops,
                         int32_t count);

/* What a program's inputs and decisions are called, by index. */
typedef struct FeelProgramNames {
    const void *context;
    Str (*input)(const void *context, int32_t index);
    Str (*decision)(const void *context, int32_t index);
} FeelProgramNames;

/*
 * Writes a unit, one operation a line, for `rules plan --program`: its place
 * among the operations, the slot of its result, its code with the type of the
 * result (? when only running tells), its operands, and line and column in
 * the model. `names` may be NULL.
 */
void feel_program_write(Buf *buf, const FeelProgram *program, int32_t unit,
                        const FeelProgramNames *names);

#endif

/*
 * column_int.h - values as the lowering to columns knows them.
 *
 * A program is gone through once, with symbols in place of values: for every
 * household what is a number is the node of a graph; what is a list is a
 * domain with a mask; what is a record is a bundle of symbols. Both sides of
 * a branch are gone through, and where they meet each slot becomes a choice.
 */
#ifndef DMN_COLUMN_LOWERING_INT_H
#define DMN_COLUMN_LOWERING_INT_H

#include "dmn/column.h"
#include "dmn/eval_int.h"
#include "feel/number.h"

typedef enum SymKind {
    SYM_CONSTANT, /* the same for everybody: `value` */
    SYM_BOOLEAN,  /* `at` is 1 where it is true, so 0 where it is null */
    SYM_NUMBER,   /* `at` / (`unit` x `by`) */
    SYM_STRING,   /* `at` is the place in `texts` */
    SYM_DATE,     /* days since 1970-01-01 */
    SYM_SECONDS,  /* a days and time duration of whole seconds */
    SYM_MONTHS,   /* a years and months duration */
    SYM_RECORD,   /* `shape` and `parts` */
    SYM_ROW,      /* a record of the input: `schema`, at row `at` or this one */
    SYM_LIST,     /* the rows of `domain` where `at` is 1, each `parts[0]` */
    SYM_OPTIONS,  /* those of `parts` where `masks` is 1, in this order */
    SYM_RANGE,    /* from parts[0] to parts[1], `flags` as in FEEL_OP_RANGE */
    SYM_BROKEN    /* may not be used, because of `why` */
} SymKind;

/*
 * How a number of the scalar evaluator stands to that fraction. It is equal
 * to it; or differs by less than `error`, but is equal wherever the fraction
 * is a finite decimal; or just differs by less than `error`.
 */
typedef enum SymPrecision { SYM_EXACT, SYM_CLEAN, SYM_ROUGH } SymPrecision;

typedef struct SymTexts {
    const Str *at;
    int32_t count;
} SymTexts;

/* A type of input records with the columns behind its fields. */
typedef struct DmnSchema DmnSchema;

typedef struct Sym {
    SymKind kind;
    ColumnRef at;
    ColumnRef null; /* 1 where it is null */
    FeelValue value;
    int64_t unit;
    ColumnRef by; /* at least 1; DMN_ONE: by `unit` alone */
    SymPrecision precision;
    double error; /* times `by` */
    const SymTexts *texts;
    const FeelShape *shape;
    const struct Sym *const *parts;
    const ColumnRef *masks;
    uint32_t count; /* of parts */
    int32_t domain; /* of a list: of its items */
    int32_t over;   /* of a list: of the rows that have one */
    const DmnSchema *schema;
    uint16_t flags;
    const char *why;
} Sym;

struct DmnSchema {
    const FeelType *type;
    int32_t input; /* of the model */
    int32_t domain;
    Str path[DMN_PATH_MAX];
    int32_t depth;
    const Sym **fields; /* NULL: not asked for yet */
};

typedef struct DmnLow {
    const DmnModel *model;
    const FeelProgram *program;
    DmnEval *eval;
    uint64_t fixed;
    DmnFieldFn *field;
    void *context;
    Arena *arena;
    ColumnGraph *graph;
    const Sym **inputs;    /* of the model */
    const Sym **decisions; /* NULL: not lowered yet */
    const char **why;      /* of decisions that cannot be lowered */
    bool *busy;            /* decisions that are being lowered */
    const char *reason;    /* why the last thing failed; NULL: nothing did */
    int32_t depth;         /* of units */
    int32_t open[COLUMN_DOMAINS_MAX]; /* domains that are gone through */
    int32_t open_count;
    int64_t steps_left;
    DmnColumnInput column[COLUMN_INPUTS_MAX];
    int32_t column_count;
    int32_t inputs_made; /* of the graph */
    DmnColumnList list[COLUMN_DOMAINS_MAX];
    int32_t list_count;
} DmnLow;

enum { DMN_OPTIONS_MAX = 512, DMN_TEXTS_MAX = 256 };

/* The first node of every lowering's graph is the constant 1. */
enum { DMN_ONE = 0 };

/*
 * Every function that gives a symbol gives NULL when there is none, with a
 * reason; a NULL operand gives NULL.
 */

/* column.c: a lowering of nothing yet; NULL when there is no memory. */
DmnLow *dmn_lowering(Arena *arena, const DmnModel *model, DmnEval *eval,
                     uint64_t fixed, DmnFieldFn *field, void *context);

/* column_sym.c */
const Sym *dmn_sym_fail(DmnLow *low, const char *why);
const Sym *dmn_sym_fail_of(DmnLow *low, const char *why, Str name);
const Sym *dmn_sym_make(DmnLow *low, Sym sym);
const Sym *dmn_sym_constant(DmnLow *low, FeelValue value);
const Sym *dmn_sym_null(DmnLow *low);
const Sym *dmn_sym_boolean(DmnLow *low, ColumnRef at, ColumnRef null);
const Sym *dmn_sym_options(DmnLow *low, const Sym *const *parts,
                           const ColumnRef *masks, uint32_t count);
ColumnRef dmn_never(DmnLow *low);
ColumnRef dmn_always(DmnLow *low);
bool dmn_sym_is_null(const Sym *sym);
bool dmn_ref_is(const DmnLow *low, ColumnRef ref, int64_t value);
FeelKind dmn_sym_kind(const Sym *sym);
const Sym *dmn_sym_typed(DmnLow *low, const Sym *sym);
void dmn_sym_truth(DmnLow *low, const Sym *sym, ColumnRef *ret_true,
                   ColumnRef *ret_null);
const Sym *dmn_sym_with_null(DmnLow *low, const Sym *sym, ColumnRef null);
const Sym *dmn_sym_select(DmnLow *low, ColumnRef where, const Sym *a,
                          const Sym *b);
const Sym *dmn_sym_gather(DmnLow *low, const Sym *sym, ColumnRef row,
                          int32_t from);
bool dmn_above(const DmnLow *low, ColumnRef ref, int32_t domain);
const Sym *dmn_sym_as_options(DmnLow *low, const Sym *sym);

/* column_number.c */
const Sym *dmn_sym_number(DmnLow *low, FeelValue number);
bool dmn_sym_align(DmnLow *low, const Sym *a, const Sym *b, ColumnRef ret[2],
                   Sym *made);
const Sym *dmn_sym_arithmetic(DmnLow *low, FeelOpCode op, const Sym *a,
                              const Sym *b);
const Sym *dmn_sym_round(DmnLow *low, const Sym *a, int64_t scale,
                         FeelRounding rounding);
const Sym *dmn_sym_modulo(DmnLow *low, const Sym *a, const Sym *b);
const Sym *dmn_sym_extreme(DmnLow *low, const Sym *a, const Sym *b, bool least);
ColumnRef dmn_sym_order(DmnLow *low, ColumnOp op, const Sym *a, const Sym *b);
SymPrecision dmn_precision_of_two(const Sym *a, const Sym *b);
double dmn_error_in(const DmnLow *low, const Sym *sym, const Sym *both);

/* column_value.c */
const Sym *dmn_sym_equal(DmnLow *low, const Sym *a, const Sym *b);
const Sym *dmn_sym_compare(DmnLow *low, ColumnOp op, const Sym *a,
                           const Sym *b);
const Sym *dmn_sym_apply(DmnLow *low, const FeelOp *op, const Sym *a,
                         const Sym *b);
const Sym *dmn_sym_contains(DmnLow *low, const Sym *range, const Sym *value);
const Sym *dmn_sym_folded(DmnLow *low, FeelValue value);

/* column_record.c */
const Sym *dmn_sym_input(DmnLow *low, int32_t input);
const Sym *dmn_sym_field(DmnLow *low, const Sym *sym, Str name);
const Sym *dmn_sym_coerce(DmnLow *low, const Sym *sym, const FeelType *type);

/* column_list.c */
const Sym *dmn_sym_index(DmnLow *low, const Sym *list, const Sym *index);
const Sym *dmn_sym_count(DmnLow *low, const Sym *list);
const Sym *dmn_sym_sum(DmnLow *low, const Sym *list);
const Sym *dmn_sym_best(DmnLow *low, const Sym *list, bool least);
const Sym *dmn_sym_joined(DmnLow *low, const Sym *list, bool any);
const Sym *dmn_sym_holds(DmnLow *low, const Sym *list, const Sym *item);
const Sym *dmn_sym_flatten(DmnLow *low, const Sym *list);

/* column_call.c */
const Sym *dmn_sym_builtin(DmnLow *low, int32_t builtin, const Sym *const *args,
                           uint32_t count);

/* column_table.c */
typedef struct DmnMatched {
    const Sym *const *outputs;
    ColumnRef mask;
} DmnMatched;

const Sym *dmn_sym_table(DmnLow *low, const FeelTable *table,
                         const DmnMatched *rows, uint32_t count,
                         const Sym *otherwise);

/* column_unit.c */
const Sym *dmn_sym_unit(DmnLow *low, int32_t unit, const Sym *const *args,
                        uint32_t count);
const Sym *dmn_sym_decision(DmnLow *low, int32_t decision);

#endif

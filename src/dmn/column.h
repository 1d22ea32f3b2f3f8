/*
 * column.h - the decisions of a model for many households at once.
 *
 * The owner of the facts says how each field of the input records is stored
 * as columns; the typed program of the model is then lowered to a program
 * over columns (column/column.h) for inputs that are the same for everybody,
 * the month. What it answers is what the evaluator for one (dmn.h) answers,
 * null for null; a household for which it cannot know that is marked as stray
 * and is the owner's to evaluate.
 */
#ifndef DMN_COLUMN_H
#define DMN_COLUMN_H

#include "column/column.h"
#include "dmn/dmn.h"

typedef struct DmnColumns DmnColumns;

enum { DMN_PATH_MAX = 4, DMN_CODES_MAX = 63 };

/* How a field of an input record is stored. */
typedef struct DmnField {
    ColumnWidth width;
    int8_t scale;      /* of a number: stored x 10^-scale */
    ColumnRange range; /* of what is stored, also where it is null; a single
                          value is not read but known */
    int32_t times;     /* of a number: it is so many times that; 0 is 1 */
    bool nullable;     /* a second column says where it is null */
    const Str *codes;  /* of a string: the text of each code */
    int32_t code_count;
    ColumnRange rows; /* of a list: see column_domain() */
    int32_t tag;      /* the owner's, to know it again */
} DmnField;

/*
 * Says how a field is stored; false when it is not. The path are the names
 * of fields from the input on, through lists: "members", "asset", "value".
 * A list of records is asked for before its fields.
 */
typedef bool DmnFieldFn(void *context, int32_t input, const Str *path,
                        int32_t depth, const FeelType *type, DmnField *ret);

/* An input of the columns that came of it. */
typedef struct DmnColumnInput {
    int32_t tag;
    int32_t domain;
    int32_t value; /* input of the column program; -1: known */
    int32_t null;  /* likewise: 1 where the field is null; -1: nowhere */
} DmnColumnInput;

/* A list of records: its rows are a domain. */
typedef struct DmnColumnList {
    int32_t tag;
    int32_t domain;
} DmnColumnList;

/* In which form a decision, or a field of it, is wanted. */
typedef enum DmnForm {
    DMN_FLAG,   /* a boolean: 0 or 1; stray where null */
    DMN_MINOR,  /* a number rounded half up to two decimals, from 0; likewise */
    DMN_TRUE,   /* 1 where it is true, 0 also where it is null */
    DMN_SIGNED, /* rounded half up to two decimals; 0 where null */
    DMN_WHOLE,  /* a whole number from 0; 0 where null */
    DMN_PLACE,  /* a whole number from 0; -1 where null */
    DMN_CODES,  /* a list of texts: one bit each; none where null */
    DMN_VALUE   /* anything: dmn_columns_value() */
} DmnForm;

typedef struct DmnWanted {
    int32_t decision;
    const char *field; /* NULL: the whole of it */
    DmnForm form;
} DmnWanted;

/*
 * Lowers decisions to columns.
 *
 * in     eval: an evaluator of the model whose inputs with a bit in `fixed`
 *        are set; all others are columns
 *        why: where it is written what cannot be a column
 * errs   ERR_INVALID: not to be lowered, `why` says why
 *        ERR_FULL: memory
 * owns   the caller, dmn_columns_close(); the model must outlive it. May be
 *        shared by threads, each with a machine of its own.
 */
NODISCARD Err dmn_columns_open(const DmnModel *model, DmnEval *eval,
                               uint64_t fixed, DmnFieldFn *field, void *context,
                               const DmnWanted *wanted, int32_t count, Buf *why,
                               DmnColumns **ret);
void dmn_columns_close(DmnColumns *columns);

/* The program; output n of it is what was wanted in the n-th place. */
const ColumnProgram *dmn_columns_program(const DmnColumns *columns);

/* The inputs and lists of records that it knows of. */
int32_t dmn_columns_input_count(const DmnColumns *columns);
const DmnColumnInput *dmn_columns_input(const DmnColumns *columns, int32_t at);
int32_t dmn_columns_list_count(const DmnColumns *columns);
const DmnColumnList *dmn_columns_list(const DmnColumns *columns, int32_t at);

/*
 * The texts of what was wanted as codes, in the order in which they stand in
 * the list: bit n is text n. Equal texts may have several bits.
 */
const Str *dmn_columns_codes(const DmnColumns *columns, int32_t wanted,
                             int32_t *ret_count);

/*
 * A household's value after a run: of what was wanted as a value.
 *
 * errs   ERR_INVALID: it is an input record, or rounded more than once
 *        ERR_FULL: memory
 */
NODISCARD Err dmn_columns_value(const DmnColumns *columns,
                                const ColumnMachine *machine,
                                const ColumnBatch *batch, int32_t wanted,
                                int32_t row, Arena *arena, FeelValue *ret);

/*
 * Which decisions of a model are columns in every month from 2022 to 2027,
 * for fields as they mostly are: numbers of two decimals, any of which may be
 * unknown, and every text that the model names. To show, not to run.
 *
 * out    ret_why: by decision; NULL: it is a column, else why not; the texts
 *        live in `arena`
 * errs   ERR_FULL: memory
 */
NODISCARD Err dmn_columns_survey(const DmnModel *model, Arena *arena,
                                 const char **ret_why);

#endif

/*
 * dmn.h - decide by models of the law, and say why.
 *
 * A model is a DMN file (1.1 to 1.5) with the files that it imports. Loading
 * checks all of it and lowers it to one program; a loaded model never changes
 * and may be shared by threads. Each thread opens a DmnEval and uses it for
 * one evaluation after the other:
 *
 *     dmn_eval_reset(eval);
 *     dmn_input_set(eval, month_input, feel_date(day));
 *     dmn_input_set(eval, household_input, household);
 *     dmn_eval(eval, decision, &value);
 *
 * Evaluation is pure: no clock, file, random number or lasting memory.
 */
#ifndef DMN_DMN_H
#define DMN_DMN_H

#include "base/diag.h"
#include "base/err.h"
#include "feel/type.h"
#include "feel/value.h"

typedef struct DmnModel DmnModel;
typedef struct DmnEval DmnEval;

/* A model's file: what to call it in messages, and its bytes. */
typedef struct DmnSource {
    const char *name;
    Str bytes;
} DmnSource;

typedef enum DmnStrictness {
    DMN_STRICT, /* the first fault of an expression refuses the model */
    DMN_LENIENT /* a faulty expression is null; faults: dmn_fault_at() */
} DmnStrictness;

/*
 * Loads sources[0] together with what it imports, found among the others by
 * namespace.
 *
 * in     the sources' bytes are borrowed as long as the model lives
 * errs   ERR_INVALID: not DMN, or at fault; `diag` names file, line, column
 *        ERR_NOT_FOUND: an imported namespace is not among the sources
 *        ERR_FULL: the model is beyond the limits of size or depth
 */
NODISCARD Err dmn_load(Arena *arena, const DmnSource *sources, size_t count,
                       DmnStrictness strictness, Diag *diag, DmnModel **ret);

/* The model's name and namespace. */
Str dmn_name(const DmnModel *model);
Str dmn_namespace(const DmnModel *model);

/* The faults that a lenient load passed over. */
size_t dmn_fault_count(const DmnModel *model);
const Diag *dmn_fault_at(const DmnModel *model, size_t index);

/*
 * Decisions and input data by index, 0 <= index < count; those of imported
 * models follow the model's own. Find gives -1 when there is none; of an
 * imported one the name is "prefix.name".
 */
int32_t dmn_decision_count(const DmnModel *model);
int32_t dmn_decision_find(const DmnModel *model, Str name);
Str dmn_decision_name(const DmnModel *model, int32_t decision);
const FeelType *dmn_decision_type(const DmnModel *model, int32_t decision);
int32_t dmn_input_count(const DmnModel *model);
int32_t dmn_input_find(const DmnModel *model, Str name);
Str dmn_input_name(const DmnModel *model, int32_t input);

/*
 * The declared type of an input; of a context type, type->shape gives the
 * shape to build records in and type->fields their types.
 */
const FeelType *dmn_input_type(const DmnModel *model, int32_t input);

/* Decision services and knowledge models, to be called by dmn_invoke(). */
int32_t dmn_function_find(const DmnModel *model, Str name);

/*
 * Opens an evaluator whose values may take `arena_bytes` and whose
 * evaluations may take `steps` operations each.
 *
 * owns   the caller, who closes it; the model must outlive it
 */
NODISCARD DmnEval *dmn_eval_open(const DmnModel *model, size_t arena_bytes,
                                 int64_t steps);
void dmn_eval_close(DmnEval *eval);

/* For CLEANUP(). */
void dmn_eval_closep(DmnEval **eval);

/*
 * Says that this input mostly stays the same from one evaluation to the next
 * (the month): decisions that need only such inputs are then kept. Only for
 * inputs of simple types (dates, numbers, strings, booleans).
 */
void dmn_eval_keep(DmnEval *eval, int32_t input);

/* Forgets inputs, values and trace; what was kept stays. */
void dmn_eval_reset(DmnEval *eval);

/*
 * Forgets values and trace, but not the inputs; steps count anew. For who
 * changes an input after a decision; memory comes back with a reset alone.
 */
void dmn_eval_forget(DmnEval *eval);

/* The arena of the evaluation: build inputs here; emptied by a reset. */
Arena *dmn_eval_arena(DmnEval *eval);

/* Messages name what is wrong, without the values that stood there: where
 * millions are decided and few read. */
void dmn_eval_brief(DmnEval *eval);

/* What now() and today() say in evaluations; unset they are null. */
void dmn_eval_now(DmnEval *eval, int64_t now_us);

/* Sets an input to a value that is known to be of the declared type. */
void dmn_input_set(DmnEval *eval, int32_t input, FeelValue value);

/*
 * Sets an input to any value after checking it against the declared type;
 * one that does not conform becomes null, and false is returned.
 */
bool dmn_input_check(DmnEval *eval, int32_t input, FeelValue value);

/*
 * Evaluates a decision and what it requires, once each since the reset.
 *
 * out    ret: lives until the next reset (or in the model)
 * errs   ERR_FULL: the arena or the step budget is exhausted; ret is null
 */
NODISCARD Err dmn_eval(DmnEval *eval, int32_t decision, FeelValue *ret);

/*
 * Calls a decision service or knowledge model with arguments by name; null
 * for those not given.
 *
 * errs   as dmn_eval()
 */
NODISCARD Err dmn_invoke(DmnEval *eval, int32_t function, const Str *names,
                         const FeelValue *arguments, size_t count,
                         FeelValue *ret);

/*
 * Why something became null in this evaluation, the first cause; a Diag with
 * an empty key when nothing did.
 */
const Diag *dmn_eval_diag(const DmnEval *eval);

#endif

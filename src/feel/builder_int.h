/*
 * builder_int.h - a builder from the inside, and the lowering of nodes into
 * it.
 */
#ifndef FEEL_BUILDER_INT_H
#define FEEL_BUILDER_INT_H

#include "feel/node_int.h"

struct FeelBuilder {
    Arena *arena;
    FeelProgram *program;
    FeelBuilder *outer;
    int32_t unit;
    FeelOp *ops;
    int32_t op_count, op_max;
    int32_t slot_next, slot_max;
    int32_t loop_next, loop_max;
    FeelUnit made;
    int32_t place;
    int32_t simple_end; /* the last operation alone makes the last value */
    const FeelVar *captured[64]; /* variables of outer builders */
    int32_t capture_from[64];    /* their slots there */
    int32_t capture_slot[64];    /* their slots here */
    int32_t capture_count;
    const FeelOutcome *outcomes; /* of the value that was made last */
    int32_t outcomes_of;         /* its slot */
    int32_t outcomes_end;        /* the operations when it was done */
    int32_t depth; /* of nodes being lowered, those of outer units included */
    bool deep;     /* beyond FEEL_LOWER_DEPTH_MAX */
    FeelPlace deep_place;
};

FeelOperand feel_builder_variable(FeelBuilder *builder, const FeelVar *var);
FeelOp feel_op(FeelOpCode code, int32_t to, int32_t a, int32_t b, int32_t c);

/* Emits an operation whose result nothing but the next one uses. */
FeelOperand feel_emit_value(FeelBuilder *builder, FeelOp op,
                            const FeelType *type);

/* Its value if all operands are constant and it is not null. */
bool feel_fold(FeelBuilder *builder, const FeelOp *op, FeelValue *ret);
bool feel_fold_builtin(FeelBuilder *builder, int32_t builtin,
                       const FeelOperand *args, uint32_t count, FeelValue *ret);

/* outcome.c: says which outcomes of a value never have a declared type. */
void feel_warn_declared(FeelBuilder *builder, FeelOperand value,
                        const FeelType *declared);

/* lower.c */
FeelOperand feel_lower(FeelBuilder *builder, const FeelNode *node);
FeelOperand feel_lower_node(FeelBuilder *builder, const FeelNode *node);

/* lower_form.c: nodes that need loops, calls or units of their own. */
FeelOperand feel_lower_for(FeelBuilder *builder, const FeelNode *node);
FeelOperand feel_lower_quantified(FeelBuilder *builder, const FeelNode *node);
FeelOperand feel_lower_filter(FeelBuilder *builder, const FeelNode *node);
FeelOperand feel_lower_function(FeelBuilder *builder, const FeelNode *node);
FeelOperand feel_lower_call(FeelBuilder *builder, const FeelNode *node);
FeelOperand feel_lower_context(FeelBuilder *builder, const FeelNode *node);
FeelOperand feel_lower_list(FeelBuilder *builder, const FeelNode *node);

#endif

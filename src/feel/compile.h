/*
 * compile.h - from the text of an expression to operations.
 *
 * The names that an expression may use are given by scopes, because in FEEL
 * names may have spaces and only the scope says where one ends. A builder
 * collects the operations of one unit; expressions and what surrounds them
 * (tables, boxed contexts) are written into it one after the other.
 */
#ifndef FEEL_COMPILE_H
#define FEEL_COMPILE_H

#include "base/diag.h"
#include "base/err.h"
#include "feel/program.h"

typedef struct FeelBuilder FeelBuilder;

typedef enum FeelVarKind {
    FEEL_VAR_LOCAL,    /* a slot of the unit that declares it */
    FEEL_VAR_INPUT,    /* an input of the evaluation, by index */
    FEEL_VAR_DECISION, /* a decision, by index */
    FEEL_VAR_UNIT,     /* a function of the program, by unit */
    FEEL_VAR_BUILTIN   /* a built-in function, by index */
} FeelVarKind;

typedef struct FeelVar {
    FeelVarKind kind;
    Str name;
    const FeelType *type;
    int32_t index;
    FeelBuilder *builder;         /* of a local: whose slot it is */
    struct FeelVar *next;         /* in its scope */
    bool used;                    /* an expression has named it */
    const struct FeelNode *among; /* the list written, whose items it is */
} FeelVar;

typedef struct FeelScope {
    const struct FeelScope *parent;
    FeelVar *vars;
    FeelVar *item; /* a filter: names are first fields of this */
    const FeelType *(*type_named)(void *context, Str name);
    void *type_context; /* for names of types; inherited when NULL */
} FeelScope;

/* The text of an expression and where it stands. */
typedef struct FeelSource {
    Str text;
    int32_t file; /* index as in FeelPlace.source */
    int32_t line; /* of the text's first character */
    int32_t column;
} FeelSource;

/* A value that a builder has made: a slot or, below zero, a constant. */
typedef struct FeelOperand {
    int32_t at;
    const FeelType *type;
} FeelOperand;

/* Adds a variable to a scope; NULL when the arena is exhausted. */
FeelVar *feel_scope_add(Arena *arena, FeelScope *scope, FeelVar var);

/*
 * A builder of a new unit; `outer` when it may capture that one's slots. NULL
 * when memory is used up. What a builder cannot keep later makes its program
 * `full`, which whoever loads a program asks once, at the end.
 */
FeelBuilder *feel_builder_open(Arena *arena, FeelProgram *program,
                               FeelBuilder *outer, Str name);

/*
 * A new local variable with a slot of its own, added to the scope; NULL when
 * memory is used up.
 */
FeelVar *feel_builder_local(FeelBuilder *builder, FeelScope *scope, Str name,
                            const FeelType *type);

/* Declares the parameters; to be called first, their slots are 0, 1, ... */
void feel_builder_params(FeelBuilder *builder, FeelScope *scope,
                         const FeelShape *names, const FeelType **types);

/* The unit that the builder makes; known before it is closed. */
int32_t feel_builder_unit(const FeelBuilder *builder);

/* The operation that comes next, as the target of a backward jump. */
int32_t feel_builder_here(const FeelBuilder *builder);

/* Slots: a fresh one; all after a mark are free again. */
int32_t feel_builder_slot(FeelBuilder *builder);
int32_t feel_builder_mark(const FeelBuilder *builder);
void feel_builder_release(FeelBuilder *builder, int32_t mark);

/* Appends an operation and gives its index, for patching. */
int32_t feel_builder_emit(FeelBuilder *builder, FeelOp op);

/* Lets the jump at that index go to the operation that comes next. */
void feel_builder_patch(FeelBuilder *builder, int32_t jump);

/* A loop state of the unit, to be given back in reverse order. */
int32_t feel_builder_loop(FeelBuilder *builder);
void feel_builder_loop_done(FeelBuilder *builder);

/*
 * Closes `inner`, a function inside `builder`, and makes its value there with
 * what it captures.
 */
FeelOperand feel_builder_closure(FeelBuilder *builder, FeelBuilder *inner,
                                 FeelOperand result, const FeelType *type);

/* The place that the following operations come from. */
void feel_builder_place(FeelBuilder *builder, FeelPlace place);

/* An operand for a constant; the slot of an operand, moved if need be. */
int32_t feel_builder_constant(FeelBuilder *builder, FeelValue value);
void feel_builder_move(FeelBuilder *builder, int32_t to, int32_t from);

/*
 * Ends the unit with `result` and adds it to the program.
 *
 * out    its index
 */
int32_t feel_builder_close(FeelBuilder *builder, FeelOperand result);

/*
 * Compiles an expression.
 *
 * errs   ERR_INVALID: feel.expected and others, with line and column; nothing
 *        was emitted
 *        ERR_FULL: memory or effort is used up; the program is not to be run
 * out    diag: on OK it may hold feel.name_unknown or feel.at_literal, which
 *        then stands for null
 */
NODISCARD Err feel_compile(FeelBuilder *builder, const FeelScope *scope,
                           FeelSource source, Diag *diag, FeelOperand *ret);

/*
 * Compiles unary tests (a cell of a table) on a value: true, false or null.
 *
 * errs   as feel_compile()
 */
NODISCARD Err feel_compile_tests(FeelBuilder *builder, const FeelScope *scope,
                                 FeelSource source, FeelOperand value,
                                 Diag *diag, FeelOperand *ret);

/* The value of an operand that is constant; false when it is not. */
bool feel_operand_constant(const FeelBuilder *builder, FeelOperand operand,
                           FeelValue *ret);

/*
 * Makes the operation of a unit whose parameters are those of an external
 * function; false when nobody offers one of that name.
 */
bool feel_builder_external(FeelBuilder *builder, Str class_name, Str signature,
                           uint32_t count, FeelOperand *ret);

/* Gives null with a message when it is run: for what is at fault. */
FeelOperand feel_builder_fail(FeelBuilder *builder, Str message);

/* The same with a key of its own, which takes no arguments. */
FeelOperand feel_builder_fail_as(FeelBuilder *builder, const char *key);

/*
 * One of the values that an expression can give, or one of the parts that its
 * value is made of, while a model is checked.
 */
typedef struct FeelOutcome {
    const FeelType *type;
    FeelPlace place;
    int32_t row;   /* of a table or relation, from 1, or 0 */
    Str field;     /* the entry of a context that it becomes, or empty */
    bool listed;   /* it becomes an item of a list */
    bool beside;   /* of a list in which it stands beside the others */
    bool returned; /* it is what a function gives */
    bool constant; /* it is always `value` */
    FeelValue value;
    uint32_t times;                  /* how many such items follow each other */
    const struct FeelOutcome *parts; /* what it can be itself */
    const struct FeelOutcome *next;
} FeelOutcome;

/*
 * Puts a value just made in front of `outcomes`, with what it can be itself
 * and what `as` says of it. False without memory. Nothing is kept unless a
 * model is checked.
 */
NODISCARD bool feel_builder_outcome(FeelBuilder *builder, FeelOperand value,
                                    FeelOutcome as,
                                    const FeelOutcome **outcomes);

/* Says what a value just made can be, until something else is made. */
void feel_builder_outcomes(FeelBuilder *builder, FeelOperand value,
                           const FeelOutcome *outcomes);

/* Checks a value against a type unless inference has already proved it. */
FeelOperand feel_builder_coerce(FeelBuilder *builder, FeelOperand value,
                                const FeelType *type);

#endif

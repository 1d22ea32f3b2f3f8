/*
 * type.h - what is known of a value before it is computed.
 *
 * Types are made when a model loads and never change. Every type contains
 * null. A named type of a model may carry a constraint, which the evaluator
 * checks where a value is declared to be of that type.
 */
#ifndef FEEL_TYPE_H
#define FEEL_TYPE_H

#include "feel/value.h"

typedef struct FeelType FeelType;

struct FeelType {
    FeelKind kind;           /* FEEL_ANY: nothing is known */
    Str name;                /* of a named type, else empty */
    const FeelType *item;    /* of a list's items, a range's ends, a result */
    const FeelShape *shape;  /* names of entries, or of parameters if known */
    const FeelType **fields; /* types of a context's entries or parameters */
    uint32_t count;          /* entries or parameters */
    int32_t constraint;      /* program unit that tests a value; -1: none */
    const struct FeelSet *allowed; /* what the constraint says, if it can be
                                      told from its text; else NULL */
    bool open; /* a function or range about which more is unknown */
};

/* The type of a kind about which nothing more is known. */
const FeelType *feel_type_of(FeelKind kind);

/* "number", "string"...: the kind's type by its FEEL name, or NULL. */
const FeelType *feel_type_named(Str name);

/* Types made of others, in an arena; NULL when that is exhausted. */
const FeelType *feel_type_list(Arena *arena, const FeelType *item);
const FeelType *feel_type_range(Arena *arena, const FeelType *end);
const FeelType *feel_type_context(Arena *arena, const FeelShape *shape,
                                  const FeelType **fields);
const FeelType *feel_type_function(Arena *arena, const FeelType **params,
                                   uint32_t count, const FeelType *result);
/* The same with names of the parameters; what they are is no part of it. */
const FeelType *feel_type_named_function(Arena *arena, const FeelShape *shape,
                                         const FeelType **params,
                                         const FeelType *result);

/* The type of an entry of a context type; any when unknown. */
const FeelType *feel_type_field(const FeelType *type, Str name);

/* Whether every value of `type` is one of `target`, constraints aside. */
bool feel_type_conforms(const FeelType *type, const FeelType *target);

/* Whether values of a type, or parts of them, must pass a test (allowed
 * values). */
bool feel_type_tested(const FeelType *type);

/* Whether no value of `type` can be, or become, one of `target`. */
bool feel_types_clash(const FeelType *type, const FeelType *target);

/*
 * The same of an item, an entry or a result, where nothing is converted: a
 * single value does not become a list, nor a date a date and time.
 */
bool feel_types_clash_inside(const FeelType *type, const FeelType *target);

/* The narrowest type that we express for values of either type. */
const FeelType *feel_type_join(const FeelType *a, const FeelType *b);

/* Writes as in FEEL: "list<context<a: number>>". */
void feel_type_write(Buf *buf, const FeelType *type);

#endif

/*
 * node_int.h - the syntax tree between the parser and the lowering.
 *
 * It lives only while one expression is compiled. Every node carries the
 * type that was inferred when it was made, and its place.
 */
#ifndef FEEL_NODE_INT_H
#define FEEL_NODE_INT_H

#include "feel/compile.h"

enum {
    FEEL_PARSE_DEPTH_MAX = 150,
    FEEL_LOWER_DEPTH_MAX = 1200, /* "a + b + c" nests to the left */
    FEEL_ITEMS_MAX = 4096
};

typedef enum FeelNodeKind {
    FEEL_NODE_CONSTANT, /* value */
    FEEL_NODE_VARIABLE, /* var */
    FEEL_NODE_LIST,     /* items */
    FEEL_NODE_CONTEXT,  /* items with names and vars */
    FEEL_NODE_RANGE,    /* a, b; flag */
    FEEL_NODE_FUNCTION, /* vars are parameters, a the body */
    FEEL_NODE_IF,       /* a, b, c */
    FEEL_NODE_FOR,      /* items are domains of vars, a the body */
    FEEL_NODE_SOME,     /* the same */
    FEEL_NODE_EVERY,
    FEEL_NODE_AND,      /* a, b */
    FEEL_NODE_OR,       /* a, b */
    FEEL_NODE_BINARY,   /* op, a, b */
    FEEL_NODE_NEGATE,   /* a */
    FEEL_NODE_BETWEEN,  /* a, b, c */
    FEEL_NODE_IN,       /* a is bound to var; items are tests of it */
    FEEL_NODE_TEST,     /* a value, b what it is tested against */
    FEEL_NODE_TRUTH,    /* a: whether it is true */
    FEEL_NODE_NOT,      /* a */
    FEEL_NODE_INSTANCE, /* a, named */
    FEEL_NODE_PATH,     /* a, text */
    FEEL_NODE_ITEM,     /* var: text is its field if it has one, else a */
    FEEL_NODE_FILTER,   /* a, b; var is the item */
    FEEL_NODE_CALL,     /* a is called with items, by names if any */
    FEEL_NODE_FAULT     /* text: a name or literal that stands for nothing */
} FeelNodeKind;

enum {
    FEEL_FUNCTION_EXTERNAL = 64 /* text is its class, value its signature */
};

typedef struct FeelNode {
    FeelNodeKind kind;
    uint8_t op;    /* FeelOpCode of FEEL_NODE_BINARY */
    uint16_t flag; /* FEEL_RANGE_*; 1: a domain is a range "a..b" */
    FeelPlace place;
    const FeelType *type;
    const FeelType *named;
    struct FeelNode *a, *b, *c;
    struct FeelNode **items;
    FeelVar **vars;
    Str *names;
    uint32_t count;
    FeelVar *var;
    FeelVar *partial; /* of FEEL_NODE_FOR */
    Str text;
    FeelValue value;
} FeelNode;

typedef struct FeelParser {
    Arena *arena;
    FeelSource source;
    const char *at;
    const char *end;
    const FeelScope *scope;
    Diag *diag;
    const FeelVar *tested; /* "?" of unary tests, or NULL */
    bool used_tested;
    bool in_range; /* "[" ends a range here and begins no filter */
    bool full;     /* memory or effort is used up */
    int32_t depth;
    FeelNode *fault;       /* the first of its kind, */
    const char *fault_key; /* and what is wrong with it */
    Str fault_near;        /* a known name that is nearly this one */
    FeelProgram *program;  /* whose effort is spent */
    const char *seen;      /* where place was last asked for, and the answer */
    FeelPlace seen_place;
} FeelParser;

/*
 * Everything that parses gives NULL when the text is wrong or memory is used
 * up, with the reason in the diagnostic.
 */

/* parse.c: a whole expression; unary tests of the variable "?". */
FeelNode *feel_parse(FeelParser *parser);
FeelNode *feel_parse_tests(FeelParser *parser, FeelVar *value);

/* parse.c: one expression; from the level of sums down. */
FeelNode *feel_parse_expression(FeelParser *parser);
FeelNode *feel_parse_sum(FeelParser *parser);
FeelNode *feel_parse_tests_list(FeelParser *parser, FeelVar *value);

/* parse_form.c: if, for, some, every, function, list, context, range. */
FeelNode *feel_parse_if(FeelParser *parser, FeelPlace place);
FeelNode *feel_parse_for(FeelParser *parser, FeelNodeKind kind,
                         FeelPlace place);
FeelNode *feel_parse_function(FeelParser *parser);
FeelNode *feel_parse_list(FeelParser *parser);
FeelNode *feel_parse_context(FeelParser *parser);
FeelNode *feel_parse_paren(FeelParser *parser);
FeelNode *feel_parse_open_range(FeelParser *parser);
FeelNode *feel_parse_range_rest(FeelParser *parser, FeelNode *low,
                                uint16_t flag, FeelPlace place);

/* parse_text.c: spaces, names, literals, types, errors. */
void feel_skip(FeelParser *parser);
bool feel_peek(FeelParser *parser, const char *symbol);
bool feel_accept(FeelParser *parser, const char *symbol);
bool feel_accept_word(FeelParser *parser, const char *word);
bool feel_expect(FeelParser *parser, const char *symbol);
bool feel_expect_word(FeelParser *parser, const char *word);
FeelPlace feel_place(FeelParser *parser);
const char *feel_match_name(const FeelParser *parser, Str name);
bool feel_is_keyword(Str word);
Str feel_free_name(FeelParser *parser);
/*
 * A name that is made here, which may hold keywords and signs ("Age of x",
 * "Pre-Bureau a/b") as far as one of `signs`; empty: there is none.
 */
Str feel_new_name(FeelParser *parser, const char *signs);
FeelNode *feel_parse_number(FeelParser *parser);
FeelNode *feel_parse_string(FeelParser *parser);
FeelNode *feel_parse_at(FeelParser *parser);
FeelNode *feel_parse_variable(FeelParser *parser);
const FeelType *feel_parse_type(FeelParser *parser);
FeelNode *feel_node(FeelParser *parser, FeelNodeKind kind, FeelPlace place);
/* A node with its type; NULL when the type could not be made. */
FeelNode *feel_typed_node(FeelParser *parser, FeelNodeKind kind,
                          FeelPlace place, const FeelType *type);
FeelNode *feel_constant_node(FeelParser *parser, FeelPlace place,
                             FeelValue value);
FeelNode *feel_fault_node(FeelParser *parser, FeelPlace place, const char *key,
                          Str text);
FeelNode *feel_variable_node(FeelParser *parser, FeelPlace place, FeelVar *var);
Str feel_clean_name(FeelParser *parser, Str text);
FeelVar *feel_declare(FeelParser *parser, FeelScope *scope, FeelVar var);
/* Room for one more item behind `count`; doubles, copies what is there. */
void *feel_grow(FeelParser *parser, void *items, uint32_t count,
                size_t item_bytes);
bool feel_add_item(FeelParser *parser, FeelNode *node, FeelNode *item);
bool feel_is_digit(const FeelParser *parser, size_t ahead);

/* agree.c: types that cannot agree; the known name that is nearly this one. */
void feel_agree(FeelParser *parser, const FeelNode *node);
Str feel_near_name(const FeelParser *parser, Str name);

/* parse_error.c: each gives NULL; the first message is the one that stays. */
void *feel_wrong(FeelParser *parser, const char *key, Str what);
void *feel_wrong_at(FeelParser *parser, FeelPlace place, const char *key,
                    Str what);
void *feel_no_room(FeelParser *parser);

/* infer.c: the types of nodes; NULL when memory is used up. */
const FeelType *feel_infer_binary(uint8_t op, const FeelType *a,
                                  const FeelType *b);
const FeelType *feel_infer_path(Arena *arena, const FeelType *type, Str name);
const FeelType *feel_infer_item(const FeelType *type);
const FeelType *feel_infer_filter(const FeelNode *list, const FeelNode *test);
const FeelType *feel_infer_call(Arena *arena, const FeelNode *call);

#endif

/*
 * model_int.h - a loaded model: its files, elements, types and program.
 */
#ifndef DMN_MODEL_INT_H
#define DMN_MODEL_INT_H

#include "codec/xml.h"
#include "dmn/check.h"
#include "dmn/index.h"
#include "dmn/trace.h"
#include "feel/compile.h"
#include "feel/external.h"
#include "feel/run.h"

enum {
    DMN_FILES_MAX = 64,
    DMN_DEPTH_MAX = 60,    /* of logic, of parts of a type, of types */
    DMN_CHAIN_MAX = 150,   /* of requirements */
    DMN_FAULTS_MAX = 1000, /* more are not kept */
};

/* A file as it was imported; one imported on two ways is two, with inputs. */
typedef struct DmnFile {
    const char *name; /* as the source was named */
    int32_t index;    /* 0: the model itself */
    const XmlNode *root;
    Str space;                 /* its namespace */
    Str path;                  /* names of the imports that lead here, by "." */
    struct DmnFile *importer;  /* NULL of the model itself */
    struct DmnImport *imports; /* in the order of the text */
    uint32_t import_count;
    FeelScope scope; /* built-ins and this file's types */
    DmnModel *model;
} DmnFile;

typedef struct DmnImport {
    const XmlNode *node;
    Str name, space;
    DmnFile *file; /* NULL: not of a kind that is read */
} DmnImport;

typedef enum DmnState { DMN_NEW, DMN_BUSY, DMN_DONE } DmnState;

typedef enum DmnElementKind {
    DMN_INPUT,
    DMN_DECISION,
    DMN_KNOWLEDGE, /* business knowledge model */
    DMN_SERVICE    /* decision service */
} DmnElementKind;

/* An element of the requirements graph. */
typedef struct DmnElement {
    DmnElementKind kind;
    Str name; /* as seen from the model: "prefix.name" if imported */
    Str own_name, id;
    DmnFile *file;
    const XmlNode *node;
    int32_t index, unit;  /* services count with knowledge models */
    Str text;             /* of a literal expression, else empty */
    const FeelType *type; /* of its variable; of functions: a function type */
    DmnState state;
    uint64_t inputs; /* bits of the inputs that it depends on, below 63 */
    FeelBuilder *builder;
    FeelScope params; /* of a knowledge model */
    bool required;    /* another element needs it */
    struct DmnElement *next;
} DmnElement;

typedef struct DmnTypeDefinition {
    DmnFile *file;
    const XmlNode *node;
    Str name;
    FeelType *type;
    DmnState state;
    struct DmnTypeDefinition *next;
} DmnTypeDefinition;

/* What the trace shows of a table: column names, cells, annotations. */
typedef struct DmnRow {
    DmnNote *cells;
    DmnNote *notes;
    int32_t line;
} DmnRow;

typedef struct DmnTable {
    int32_t row_count;
    uint32_t input_count, note_count;
    DmnRow *rows;
    const XmlNode *node;
    const DmnFile *file;
} DmnTable;

typedef struct DmnWhere { /* what is being lowered */
    Str owner;            /* the element or type */
    int32_t row;          /* of a table, from 1; 0: none */
    DmnOwner owner_kind;  /* which of these it is */
} DmnWhere;

typedef struct DmnFault {
    Diag diag;
    DmnWhere where;
} DmnFault;

typedef struct DmnChecker DmnChecker; /* dmn/check_int.h */

/* How a model is loaded. */
typedef struct DmnLoad {
    DmnStrictness strictness;
    const FeelExternals *externals; /* functions of Java, or NULL */
    DmnChecker *checker;            /* NULL: only what a load must know */
    FeelWarnFn *warn;
} DmnLoad;

typedef struct DmnEntry {
    Str name, text;
    int32_t line;
} DmnEntry;
struct DmnModel {
    Arena *arena;
    Arena *scratch; /* of the compiler; types made there outlive it */
    DmnStrictness strictness;
    DmnFile files[DMN_FILES_MAX];
    size_t file_count;
    DmnElement *elements, **inputs, **decisions, **functions;
    int32_t input_count, decision_count, function_count, *decision_units;
    DmnTypeDefinition *types;
    DmnIndex by_id, types_by_name; /* elements; DmnTypeDefinition */
    FeelProgram *program;
    DmnTable **tables;
    DmnEntry *entries;
    int32_t table_count, entry_count;
    int32_t type_depth; /* of definitions being made, one inside another */
    DmnFault *faults;
    int32_t fault_count;
    DmnWhere where;
    DmnChecker *checker;
    Diag *diag; /* of dmn_load() */
};

/* Where logic is lowered: its model, file, unit, names. */
typedef struct DmnLowering {
    DmnModel *model;
    DmnFile *file;
    FeelBuilder *builder;
    const FeelScope *scope;
    int32_t depth;
} DmnLowering;

/* load.c. dmn_load() with functions of other languages. */
NODISCARD Err dmn_load_with(Arena *arena, const DmnSource *sources,
                            size_t count, const DmnLoad *how, Diag *diag,
                            DmnModel **ret);

/* dmn_full() gives ERR_FULL; dmn_grow() NULL without memory. */
Err dmn_full(DmnModel *model);
Err dmn_fault(DmnModel *model, const DmnFile *file, const XmlNode *node,
              const char *key, Str what);
Err dmn_fault_diag(DmnModel *model, const DmnFile *file, const Diag *diag);
void *dmn_grow(Arena *arena, void *items, int32_t count, size_t item_bytes);
DmnElement *dmn_element_by_href(DmnModel *model, const DmnFile *file, Str href);
/* The input of exactly that name, "prefix.name" if imported; or -1. */
int32_t dmn_input_exact(const DmnModel *model, Str name);
/* The name by which a file's expressions know an element. */
Err dmn_name_in(DmnModel *model, const DmnFile *file, const DmnElement *element,
                Str *ret);
/* "prefix.name", or the name alone without a prefix. */
Err dmn_prefixed(DmnModel *model, Str prefix, Str name, Str *ret);
/* A shape with room for `count` names. */
Err dmn_shape(DmnModel *model, uint32_t count, FeelShape **ret, Str **ret_names,
              const FeelType ***ret_types);

/* types.c: NULL without a type of that name, or without memory. */
const FeelType *dmn_type(DmnModel *model, DmnFile *file, Str reference);
/* The type of that name; any, and a fault, without one. */
Err dmn_type_at(DmnModel *model, DmnFile *file, const XmlNode *node, Str name,
                const FeelType **ret);
Err dmn_types_load(DmnModel *model);
const FeelType *dmn_type_named(void *file, Str name);

/* graph.c: requirements, decisions, knowledge models, services. */
Err dmn_lower_all(DmnModel *model);
Err dmn_parameters(DmnModel *model, DmnFile *file, const XmlNode *logic,
                   FeelShape **ret_shape, const FeelType ***ret_types);
Err dmn_lower_element(DmnModel *model, DmnElement *element, int32_t depth);

/* logic.c, table.c: boxed expressions. */
Err dmn_lower_logic(const DmnLowering *at, const XmlNode *node,
                    FeelOperand *ret);
Err dmn_lower_table(const DmnLowering *at, const XmlNode *node,
                    FeelOperand *ret);
Err dmn_lower_text(const DmnLowering *at, const XmlNode *node,
                   FeelOperand *ret);
Err dmn_lower_function(const DmnLowering *at, const XmlNode *node,
                       FeelBuilder *inner, FeelOperand *ret);
const XmlNode *dmn_logic_of(const XmlNode *node);
Str dmn_text_of(const XmlNode *node);
FeelSource dmn_source_of(const DmnLowering *at, const XmlNode *text);
Err dmn_compile(const DmnLowering *at, const XmlNode *text, FeelOperand *ret);

#endif

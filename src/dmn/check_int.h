/*
 * check_int.h - a model that is being checked while it is lowered.
 */
#ifndef DMN_CHECK_INT_H
#define DMN_CHECK_INT_H

#include "dmn/check.h"
#include "dmn/model_int.h"
#include "feel/set.h"

enum { DMN_FINDINGS_MAX = 1000, DMN_TABLE_FINDINGS_MAX = 8 };

struct DmnChecker {
    Arena *arena;
    DmnFinding *findings;
    int32_t count;
    bool cites; /* some table of the model has annotations */
    DmnCheck sums;
};

/* A table as the check sees it. */
typedef struct DmnTableView {
    const DmnLowering *at;
    const XmlNode *node;
    const FeelTable *table;
    uint32_t input_count;
    const FeelOperand *inputs;
    const FeelType *const *output_types;
    bool has_default; /* an output has an entry for when no row matches */
    uint32_t row_count;
    const FeelValue *outputs; /* by row: constants, where `constant` says so */
    const uint8_t *constant;
} DmnTableView;

/* Adds a finding at the place where the model is; the caller adds arguments. */
DmnFinding *dmn_find(DmnModel *model, DmnSeverity severity, const char *key,
                     const DmnFile *file, int32_t line);

/* cover.c: rows, gaps and cells of a table. */
Err dmn_check_cover(const DmnTableView *view);

/* check_form.c: names, ids, missing logic and cells. */
void dmn_check_form(DmnModel *model);
void dmn_check_table_form(const DmnTableView *view);

/* check.c: citations, columns nobody uses, output values. */
Err dmn_check_table(const DmnTableView *view);
void dmn_check_scope(DmnModel *model, const DmnElement *element,
                     const FeelScope *scope, const char *key);

#endif

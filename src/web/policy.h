/*
 * policy.h - what the policy desk knows: the models of the law in force, read
 * and checked once when the server starts.
 */
#ifndef WEB_POLICY_H
#define WEB_POLICY_H

#include "dmn/check.h"
#include "dmn/sheet.h"
#include "programme/pack.h"

/* A model of the pack. */
typedef struct PolicyModel {
    const Programme *programme;
    const char *path; /* in the pack */
    Str bytes;
    Sheet sheet;
    const bool *figure; /* by item: a table of figures by month alone */
    DmnCheck check;
    int64_t found[3]; /* findings by DmnSeverity */
    int64_t decisions, tables, rows;
    int64_t cases;
    int64_t sources;     /* that its rows name, each once */
    int64_t unconfirmed; /* rows whose status is not "confirmed" */
    Day first, last;     /* from which its rows hold; DAY_OPEN: no dates */
} PolicyModel;

typedef struct Policy {
    const Pack *pack;
    const PolicyModel *models;
    int32_t count;
} Policy;

/*
 * Reads the models of a pack.
 *
 * in     pack: outlives what is made, as the arena does
 * errs   ERR_INVALID, ERR_FULL: as sheet_read() and dmn_check()
 */
NODISCARD Err policy_open(Arena *arena, const Pack *pack, Diag *diag,
                          const Policy **ret);

/* The model of a programme's name, or NULL. */
const PolicyModel *policy_model(const Policy *policy, Str name);

/*
 * The days between which a cell of a table by month holds, as it is written:
 * ">= date("2023-11-01")", "[date("2022-01-01")..date("2023-11-01"))".
 *
 * out    ret_from, ret_until: DAY_OPEN where the cell names no end; until is
 *        the first day on which it no longer holds
 */
bool policy_dates(Str cell, Day *ret_from, Day *ret_until);

/* The place of an annotation of that name among a table's columns, or -1. */
int32_t policy_note(const SheetTable *table, const char *name);

/* A cell by row and column. */
Str policy_cell(const SheetTable *table, int32_t row, int32_t column);

/* The one table of an item, or NULL when it is something else. */
const SheetTable *policy_table(const SheetItem *item);

#endif

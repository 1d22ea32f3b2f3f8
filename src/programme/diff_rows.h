/*
 * diff_rows.h - which row of a table is which of the other.
 */
#ifndef PROGRAMME_DIFF_ROWS_H
#define PROGRAMME_DIFF_ROWS_H

#include "programme/diff.h"

/* Rows of cells, all equally wide. */
typedef struct DiffRows {
    const Str *cells; /* row by row */
    uint32_t rows, width;
} DiffRows;

typedef enum DiffFate {
    DIFF_FATE_NONE,
    DIFF_FATE_SAME,
    DIFF_FATE_MOVED,
    DIFF_FATE_CHANGED
} DiffFate;

/* What became of a row: its partner on the other side, from 0. */
typedef struct DiffPair {
    DiffFate fate;
    uint32_t other;
} DiffPair;

/*
 * Finds for each row of both sides what it is on the other: equal rows in the
 * same order first, then equal ones that moved, then those that have most in
 * common.
 *
 * in     weight: of each column, how much equal cells in it say
 * out    ret_old, ret_now: in the arena, a pair for each row
 * errs   ERR_FULL: no memory
 */
NODISCARD Err diff_rows(Arena *arena, const DiffRows *old, const DiffRows *now,
                        const uint32_t *weight, DiffPair **ret_old,
                        DiffPair **ret_now);

#endif

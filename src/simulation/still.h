/*
 * still.h - a population as it stands in one month: a snapshot in memory
 * without histories, for whoever asks about that month again and again. To
 * read a history takes ten times as long as to decide by columns.
 */
#ifndef SIMULATION_STILL_H
#define SIMULATION_STILL_H

#include "simulation/facts.h"
#include "simulation/lookout.h"

/* Whether there is somebody whose columns are not yet true in a month. */
bool still_moves(const Snapshot *snapshot, Month month);

/*
 * Reads each history once. Households keep their blocks, not their places;
 * where nobody lives in the month the history is kept.
 *
 * in     lookout: or NULL; a block is counted when it is done
 * out    ret, with its snapshot and columns, lives in `arena`
 * errs   ERR_INVALID: a history is damaged (snapshot.book)
 *        ERR_FULL: no memory (snapshot.memory); ERR_STOPPED
 */
NODISCARD Err still_open(Arena *arena, const FactReader *reader, Month month,
                         int32_t threads, Lookout *lookout, Diag *diag,
                         FactReader *ret);

#endif

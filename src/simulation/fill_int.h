/*
 * fill_int.h - what both ways of making a snapshot share.
 */
#ifndef SIMULATION_FILL_INT_H
#define SIMULATION_FILL_INT_H

#include <stdatomic.h>

#include "simulation/fill.h"
#include "simulation/team.h"

/* The making of a snapshot by several threads. */
typedef struct Filling {
    const SnapshotJob *job;
    Arena *arena;
    const FactColumns *facts;
    SnapshotWriter *writer;
    atomic_long done; /* households */
    int64_t all;      /* as far as it is known */
    atomic_long persons, changing;
    atomic_bool stopped; /* somebody failed, or nobody wants it any more */
} Filling;

/*
 * errs   ERR_FULL
 * owns   the caller, filling_close()
 */
NODISCARD Err filling_open(Filling *f, const SnapshotJob *job, Diag *diag);
void filling_close(Filling *f);

/* Counts households that are done; ERR_STOPPED when it is to stop. Only
 * thread 0 tells the job. */
NODISCARD Err filling_count(Filling *f, int32_t thread, int32_t households);

/* Writes the file when all blocks are filled. */
NODISCARD Err filling_end(Filling *f, Diag *diag, SnapshotReport *ret);

/* ERR_FULL with its text. */
NODISCARD Err filling_full(Diag *diag);

#endif

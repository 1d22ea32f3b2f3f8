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

/* A row of assets.csv, and whether its person was found. */
typedef struct FillAsset {
    int64_t person_id;
    int64_t line;
    RecordAsset is;
    bool taken;
} FillAsset;

typedef struct FillAssets {
    FillAsset *at; /* by person, then as a record has them */
    size_t count, room;
} FillAssets;

/*
 * Reads assets.csv; none where the folder has no such file.
 *
 * errs   ERR_INVALID: a row or header is at fault; ERR_IO: file.read
 *        ERR_FULL: the arena is at its limit
 */
NODISCARD Err fill_assets_read(Arena *arena, const KindCatalogue *catalogue,
                               const char *folder, Diag *diag, FillAssets *ret);

/* Gives a person what is his; each person is asked about by one thread.
 * ERR_FULL when the arena is at its limit. */
NODISCARD Err fill_assets_of(const FillAssets *all, Arena *arena,
                             RecordMember *member);

/* ERR_INVALID when a row is of a person who stands nowhere
 * (snapshot.no_person {id}). */
NODISCARD Err fill_assets_taken(const FillAssets *all, Diag *diag);

#endif

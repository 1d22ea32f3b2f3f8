/*
 * fill.h - makes a snapshot of the whole population.
 *
 * From a database, in one reading transaction: everybody as in every month
 * from 2022-01 on, with a history where something changed since. From the CSV
 * files of a source system: at their word, as the same in every month. No
 * names, national ids, accounts or telephone numbers go in.
 */
#ifndef SIMULATION_FILL_H
#define SIMULATION_FILL_H

#include "codec/format.h"
#include "simulation/facts.h"
#include "store/store.h"

typedef struct SnapshotJob {
    const KindCatalogue *catalogue;
    const char *out; /* the file to be made */
    int32_t threads;
    /* Told how far it is, in households; false stops it. May be NULL. */
    bool (*progress)(void *arg, int64_t done, int64_t all);
    void *arg;
} SnapshotJob;

typedef struct SnapshotReport {
    int64_t households, persons;
    int64_t changing; /* households with a history */
} SnapshotReport;

/*
 * Makes a snapshot from a database.
 *
 * errs   ERR_IO, ERR_BUSY: the database, or file.write
 *        ERR_INVALID: a book is damaged (snapshot.book {household})
 *        ERR_NOT_FOUND: nobody is registered (snapshot.nobody)
 *        ERR_FULL: no memory (snapshot.memory)
 *        ERR_STOPPED
 */
NODISCARD Err snapshot_from_store(const SnapshotJob *job, Store *store,
                                  Diag *diag, SnapshotReport *ret);

/*
 * Makes a snapshot from households.csv, persons.csv and, where it is there,
 * assets.csv in a folder.
 *
 * in     columns: models/csv.tsv, what their columns mean; a column that it
 *        does not name is what the kind of that name says, else not read
 * errs   ERR_INVALID: a row or header is at fault, a household has not one
 *        head, or somebody owns who is not there; diag names file, line and
 *        reason
 *        ERR_NOT_FOUND: a file is not there, or has no rows
 *        ERR_IO: file.read, file.write; ERR_FULL: no memory (snapshot.memory)
 *        ERR_STOPPED
 */
NODISCARD Err snapshot_from_csv(const SnapshotJob *job, const char *folder,
                                Str columns, const Formats *formats, Diag *diag,
                                SnapshotReport *ret);

#endif

/*
 * export.h - a snapshot as CSV files that `sanad snapshot --csv` reads again.
 */
#ifndef SIMULATION_EXPORT_H
#define SIMULATION_EXPORT_H

#include "simulation/facts.h"

/*
 * Writes households.csv, persons.csv and assets.csv: what is true from the
 * last change on, in the columns of models/csv.tsv and then all others by the
 * names of their kinds. Households where nobody lives are left out.
 *
 * in     columns: models/csv.tsv; folder: exists
 * errs   ERR_IO: file.write {name} {reason}
 *        ERR_INVALID: a history is damaged (snapshot.book {household})
 *        ERR_FULL: no memory (snapshot.memory)
 */
NODISCARD Err export_csv(const FactReader *reader, const char *folder,
                         Str columns, Diag *diag);

#endif

/*
 * import_csv.h - households and persons from two files of a source system.
 *
 * The columns and what they mean are data (models/csv.tsv). Each row is one
 * statement, true from 2021-01-01 until something newer is known. A bad row
 * is reported and passed over, the others go in. A row that was stated before
 * is passed over too, so that repeating or resuming an import changes nothing
 * and loses nothing. A household that says something new is decided again in
 * its own transaction, as after an event, so that no determined month is out
 * of date for a moment. Households are committed in slices.
 */
#ifndef REGISTRY_IMPORT_CSV_H
#define REGISTRY_IMPORT_CSV_H

#include "codec/format.h"
#include "registry/registry.h"
#include "registry/value.h"

typedef struct ImportCsv {
    StoreConn *tx; /* a writer without an open transaction */
    const KindCatalogue *catalogue;
    const Formats *formats;
    Str columns;                  /* models/csv.tsv */
    const char *folder;           /* where the two files are */
    Instant now;                  /* when all of it became known */
    const RegistryFollow *follow; /* NULL: nothing follows from a change */
    /* Told of a row that is refused; column and value may be empty. `taken`:
     * the row went in all the same, without this value. */
    void (*reject)(void *arg, const char *file, int64_t line, Str column,
                   Str value, const Diag *why, bool taken);
    /* Told now and then how far it is, in rows of persons; false stops it.
     * May be NULL. */
    bool (*progress)(void *arg, int64_t done, int64_t all);
    void *arg;
} ImportCsv;

typedef struct ImportCsvReport {
    int64_t households_new;
    int64_t households_changed;
    int64_t households_same;
    int64_t persons; /* rows that were good */
    int64_t rejected;
    int64_t names_left_out; /* of rows that were went in without a name */
    int64_t columns_unknown;
    int64_t decisions; /* changed by what was new */
} ImportCsvReport;

/*
 * Reads both files into the registry.
 *
 * errs   ERR_NOT_FOUND: a file is missing; ERR_INVALID: a file has no usable
 *        header; ERR_IO, ERR_BUSY: the database failed; ERR_CONFLICT:
 *        another wrote to it meanwhile (import.beside); what was committed
 *        stays and the import can be repeated
 * tables writes household_book, fact, person_key, person_name, audit_pending,
 *        and what `follow` writes
 */
NODISCARD Err import_csv(const ImportCsv *job, Diag *diag,
                         ImportCsvReport *ret);

/*
 * Says why an import stopped, when that is not said yet: what became of the
 * database, and what to do.
 *
 * in     tx: the connection that the import wrote on, as it left it
 */
void import_failed(const StoreConn *tx, Err err, Diag *diag);

#endif

/*
 * backup.h - copies of a live database in one file, and back.
 *
 * Of SQLite the copy is a database itself. Of PostgreSQL it is an archive of
 * pg_dump, which reads one snapshot; who keeps backups of PostgreSQL knows it
 * and its tools. They take the connection of the store from their
 * environment: no password stands on a command line.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

/*
 * A copy of a live database into a file, while it is being used. The file
 * appears when it is whole, with mode 0600; an archive has been read again.
 *
 * errs   ERR_CONFLICT: the file exists
 *        ERR_INVALID: PostgreSQL's program is missing or older than the server
 *        ERR_IO
 */
NODISCARD Err store_backup(Store *store, const char *file, Diag *diag);

/* Whether a file begins as an archive of a PostgreSQL database does. */
bool store_is_archive(Str bytes);

/*
 * Fills an empty PostgreSQL database from an archive, wholly or not at all.
 *
 * errs   ERR_CONFLICT: the database is not empty
 *        ERR_INVALID: it is no archive or damaged; as store_backup()
 *        ERR_IO
 */
NODISCARD Err store_restore(Store *store, const char *file, Diag *diag);

#endif

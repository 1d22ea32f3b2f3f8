/*
 * restore.h - a backup becomes a database again, and is examined.
 */
#ifndef SERVICE_RESTORE_H
#define SERVICE_RESTORE_H

#include "service/context.h"

/*
 * Makes a database of a backup: a file that does not exist, or an empty
 * database of PostgreSQL. Notes in it that it was restored, and examines it
 * as doctor() does.
 *
 * errs   ERR_CONFLICT: there is a database already, or what was restored does
 *        not agree with its evidence (restore.not_well): it is there, to be
 *        looked at
 *        ERR_NOT_FOUND: no such backup; ERR_INVALID: it is of another kind or
 *        damaged; ERR_IO
 */
NODISCARD Err restore_backup(const char *backup, const char *db, Diag *diag);

#endif

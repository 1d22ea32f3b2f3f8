/*
 * doctor.h - is everything as it should be? And copies that are known good.
 */
#ifndef SERVICE_DOCTOR_H
#define SERVICE_DOCTOR_H

#include "service/context.h"

/* One thing that was looked at. */
typedef struct DoctorFinding {
    const char *what; /* text key doctor.<what> */
    bool well;
    int64_t number; /* of what was looked at, or of what is wrong */
} DoctorFinding;

enum { DOCTOR_FINDINGS_MAX = 16 };

typedef struct DoctorReport {
    DoctorFinding finding[DOCTOR_FINDINGS_MAX];
    int32_t count;
} DoctorReport;

/*
 * Looks at the database for damage, rebuilds what is derived (books) and
 * compares, checks leaves against their records, the pack against its hash,
 * the disk for room, the clock against the newest record.
 *
 * errs   ERR_IO, ERR_BUSY: it could not look; findings are no errors
 */
NODISCARD Err doctor(Context *context, const char *db, Diag *diag,
                     DoctorReport *ret);

/*
 * Puts a backup in place of a database that does not exist, after checking
 * it, and notes in it that it was restored.
 *
 * errs   ERR_CONFLICT: the database exists; ERR_NOT_FOUND: no such backup
 *        ERR_INVALID: the backup is damaged, or the target is no file
 *        ERR_IO
 */
NODISCARD Err doctor_restore(const char *backup, const char *db, Diag *diag);

#endif

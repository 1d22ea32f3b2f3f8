/*
 * doctor.h - is everything as it should be?
 */
#ifndef SERVICE_DOCTOR_H
#define SERVICE_DOCTOR_H

#include "access/check.h"
#include "audit/audit.h"
#include "service/context.h"

/* One thing that was looked at. */
typedef struct DoctorFinding {
    const char *what; /* text key doctor.<what> */
    bool well;
    int64_t number; /* of what was looked at, or of what is wrong */
    int64_t household[AUDIT_NAMED_MAX]; /* the first ones that are wrong */
    int32_t named;
    bool more;                         /* there are others that are not named */
    AuditLoose loose[AUDIT_NAMED_MAX]; /* leaves of no household */
    int64_t loose_count;               /* all of them; the first are named */
    char account[ACCOUNTS_NAMED_MAX][ACCOUNT_NAME_ROOM]; /* of accounts */
} DoctorFinding;

enum { DOCTOR_FINDINGS_MAX = 16 };

typedef struct DoctorReport {
    DoctorFinding finding[DOCTOR_FINDINGS_MAX];
    int32_t count;
} DoctorReport;

/*
 * Looks at the database for damage, rebuilds what is derived and compares
 * from both sides, checks leaves against their records, the pack against its
 * hash, the disk for room, the clock against the newest record.
 *
 * errs   ERR_IO, ERR_BUSY: it could not look; findings are no errors
 */
NODISCARD Err doctor(Context *context, const char *db, Diag *diag,
                     DoctorReport *ret);

#endif

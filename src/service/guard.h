/*
 * guard.h - the door to a household's data: permission, then the record.
 */
#ifndef SERVICE_GUARD_H
#define SERVICE_GUARD_H

#include "access/access.h"

/*
 * The facts about a household that permissions ask for: whether the actor
 * lives in it, and whether anybody in it is close to him, that is, ever
 * shared a household with somebody who ever shared one with him.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err guard_subject(StoreConn *conn, const Actor *actor, Object object,
                            int64_t household_id, Subject *ret);

/*
 * Asks whether the actor may do this with the household.
 *
 * out    ret_subject and ret_role: for guard_record()
 * errs   ERR_DENIED: diag says why; ERR_IO, ERR_BUSY
 */
NODISCARD Err guard_household(StoreConn *conn, const Actor *actor,
                              Action action, Object object,
                              int64_t household_id, Diag *diag,
                              Subject *ret_subject, Role *ret_role);

/* One read that is to be recorded, with copies of its texts. */
typedef struct GuardRead {
    Store *store;
    Actor actor; /* texts borrowed as long as the record is under way */
    Subject subject;
    Role role;
    Str purpose;
    Str what;
    Instant at;
} GuardRead;

/*
 * Writes the record; a WriterChange whose argument is a GuardRead.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err guard_record(StoreConn *tx, void *guard_read, Diag *diag);

#endif

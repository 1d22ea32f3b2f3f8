/*
 * guard.h - the door to a household's data: permission, then the record.
 */
#ifndef SERVICE_GUARD_H
#define SERVICE_GUARD_H

#include "access/access.h"
#include "registry/kind.h"

/* Who wants to do what with which household, as it was on which day. */
typedef struct GuardAsk {
    Arena *arena; /* for what is read to answer */
    const KindCatalogue *catalogue;
    const Actor *actor;
    Action action;
    Object object;
    int64_t household_id;
    Day day; /* what he wants to see was so on it */
} GuardAsk;

/*
 * The facts about a household that permissions ask for: whether the actor
 * was a member of it on that day, and whether anybody who lives or lived in
 * it is close to him. Close are all who ever shared a household with him,
 * whom he declared as kin, and his kin within two degrees: parents, children,
 * siblings, grandparents and grandchildren, and the spouses of each and of
 * himself with theirs. Who was married once stays close. When there are more
 * than can be looked at, he is refused.
 *
 * errs   ERR_IO, ERR_BUSY; ERR_INVALID, ERR_FULL: as homes_in()
 */
NODISCARD Err guard_subject(StoreConn *conn, const GuardAsk *ask, Subject *ret);

/*
 * Asks whether the actor may do this with the household.
 *
 * out    ret_subject and ret_role: for guard_record()
 * errs   ERR_DENIED: diag says why; as guard_subject()
 */
NODISCARD Err guard_household(StoreConn *conn, const GuardAsk *ask, Diag *diag,
                              Subject *ret_subject, Role *ret_role);

/* A household that is spoken of in a read, or that was kept from it. */
typedef struct GuardAlso {
    int64_t household_id;
    bool refused;
} GuardAlso;

/* One read that is to be recorded: in every household it concerns. All that
 * is pointed to is borrowed as long as the record is under way. */
typedef struct GuardRead {
    Store *store;
    Actor actor;
    Subject subject;
    bool refused;          /* he was not let in */
    const GuardAlso *also; /* further households */
    int32_t also_count;
    Role role;
    Str purpose;
    Str what;
    Instant at;
} GuardRead;

/*
 * Writes the record, a row for each household; a WriterChange whose argument is
 * a GuardRead.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err guard_record(StoreConn *tx, void *guard_read, Diag *diag);

#endif

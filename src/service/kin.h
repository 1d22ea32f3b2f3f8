/*
 * kin.h - whose households are close to somebody.
 *
 * Walks from a person over what agencies said (marriages, births), over the
 * roles in the books of the households that it meets (head, spouse, child),
 * and over what staff declared, two degrees far. A step to a parent or child
 * is one degree; one to a spouse is none. Every step is bounded.
 */
#ifndef SERVICE_KIN_H
#define SERVICE_KIN_H

#include "access/access.h"
#include "registry/kind.h"

/*
 * Whether anybody who lives or lived in the household is close to the actor.
 *
 * in     person_id: the actor as a person, or -1 when he is not known; then
 *        only whom he declared counts
 * out    ret: also true when his kin are too many to look at
 * errs   ERR_IO, ERR_BUSY, ERR_FULL: no memory
 */
NODISCARD Err kin_lives_in(StoreConn *conn, Arena *arena,
                           const KindCatalogue *catalogue, const Actor *actor,
                           int64_t person_id, int64_t household_id, bool *ret);

#endif

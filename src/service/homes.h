/*
 * homes.h - when a person was a member of which household.
 *
 * Read from the books of the households where he lives or lived, which are
 * what decisions see: whoever is a member on the first day of a month is
 * spoken of by that month's decision.
 */
#ifndef SERVICE_HOMES_H
#define SERVICE_HOMES_H

#include "registry/book.h"
#include "store/store.h"

/* From `from` until the day before `to`, DAY_OPEN: still. */
typedef struct HomeSpell {
    int64_t household_id;
    Day from;
    Day to;
} HomeSpell;

typedef struct Homes {
    const HomeSpell *spell; /* by `from` */
    int32_t count;
    const int64_t *household; /* whose books say so, also where he has none */
    int32_t household_count;
} Homes;

/*
 * When a person was a member of one household.
 *
 * out    ret in `arena`; empty: never, or there is no such household
 * errs   ERR_IO, ERR_BUSY; ERR_INVALID: its book is damaged (`doctor`)
 *        ERR_FULL: the arena is at its limit
 */
NODISCARD Err homes_in(StoreConn *conn, Arena *arena,
                       const KindCatalogue *catalogue, int64_t person_id,
                       int64_t household_id, Homes *ret);

/*
 * When a person was a member of any household.
 *
 * errs   as homes_in(); ERR_FULL: he lived in more households than anybody
 */
NODISCARD Err homes_of(StoreConn *conn, Arena *arena,
                       const KindCatalogue *catalogue, int64_t person_id,
                       Homes *ret);

/* The spell on a day, or NULL. */
const HomeSpell *homes_at(const Homes *homes, Day day);

enum { MONTH_NEVER = INT32_MAX };

/* The first month from `month` on, on whose first day he is a member of the
 * household; MONTH_NEVER: none. */
Month homes_month(const Homes *homes, int64_t household_id, Month month);

#endif

/*
 * tally.h - how often somebody may do something within a time.
 *
 * Counts are kept by what and who, whether he is known here or not, so that
 * the answer "too often" tells nobody who is.
 */
#ifndef ACCESS_TALLY_H
#define ACCESS_TALLY_H

#include "base/clock.h"
#include "base/err.h"
#include "store/store.h"

typedef struct Tally {
    const char *what;
    int max;         /* so often, then not until the time is over */
    int64_t seconds; /* from the first; anew from the one that reaches max */
} Tally;

/*
 * When it may be done again.
 *
 * out    ret_until: 0 for now
 * errs   ERR_IO, ERR_BUSY
 * tables reads signin_limit
 */
NODISCARD Err tally_until(StoreConn *conn, const Tally *tally, Str who,
                          Instant now, Instant *ret_until);

/*
 * Counts one.
 *
 * out    ret_until: 0, or when it may be done again since this reached max
 * errs   ERR_IO, ERR_BUSY
 * tables writes signin_limit
 */
NODISCARD Err tally_count(StoreConn *tx, const Tally *tally, Str who,
                          Instant now, Instant *ret_until);

/*
 * Forgets what was counted.
 *
 * errs   ERR_IO, ERR_BUSY
 * tables writes signin_limit
 */
NODISCARD Err tally_clear(StoreConn *tx, const Tally *tally, Str who);

#endif

/*
 * replay.h - prove that stored decisions follow from stored facts and law.
 */
#ifndef SERVICE_REPLAY_H
#define SERVICE_REPLAY_H

#include "decision/decision.h"
#include "service/context.h"

typedef struct ReplayReport {
    int64_t replayed;
    int64_t different;      /* input or verdict are not as stored */
    int64_t not_replayable; /* facts or pack are gone, by retention */
} ReplayReport;

/* A decision that did not come out as stored: "input" or "verdict". */
typedef void ReplayDifferent(void *arg, int64_t household_id,
                             const char *programme, Month month,
                             const char *what);

/*
 * Rebuilds the input of each decision from the facts as known at its version,
 * compares it byte for byte with the stored one, decides again by the stored
 * pack and compares the verdict.
 *
 * in     sample: how many decisions, spread evenly; 0: all of them
 * errs   ERR_IO, ERR_BUSY, ERR_FULL; ERR_INVALID: a pack cannot be loaded
 */
NODISCARD Err replay(Context *context, int64_t sample,
                     ReplayDifferent *different, void *arg, Diag *diag,
                     ReplayReport *ret);

#endif

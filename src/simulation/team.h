/*
 * team.h - a piece of work by several threads at once.
 */
#ifndef SIMULATION_TEAM_H
#define SIMULATION_TEAM_H

#include "base/diag.h"
#include "base/err.h"

enum { TEAM_MAX = 64 };

/*
 * Runs `work` on so many threads, one of them the caller's, and waits for all.
 *
 * in     work: gets its number from 0, and a Diag of its own
 * errs   the error of the first, by number, that failed, with its diag;
 *        ERR_FULL: a thread could not be started
 */
NODISCARD Err team_run(int32_t threads,
                       Err (*work)(void *arg, int32_t number, Diag *diag),
                       void *arg, Diag *diag);

/* How many threads there are processors for, at most TEAM_MAX. */
int32_t team_processors(void);

#endif

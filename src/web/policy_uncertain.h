/*
 * policy_uncertain.h - what a scenario costs by other readings of what the law
 * rests on unconfirmed, for the page of a simulation. It takes two questions
 * for each combination of readings, so it is asked for by a link
 * ("uncertain=a") and not whenever a figure moves.
 */
#ifndef WEB_POLICY_UNCERTAIN_H
#define WEB_POLICY_UNCERTAIN_H

#include "simulation/uncertainty.h"
#include "web/policy_ask.h"

typedef struct PolicyUncertain {
    bool asked;
    int32_t scenario;
    int32_t first; /* of its questions */
    Assumptions assumptions;
    Uncertainty all;
    Str sets[2 * UNCERTAIN_CORNERS][FIGURES_MAX + UNCERTAIN_MAX];
} PolicyUncertain;

/* Reads which scenario is asked about, if any; what names none is needless. */
void policy_uncertain_read(Visit *visit, PolicyAsk *ask, PolicyUncertain *ret);

/*
 * Adds its questions to those of the scenarios.
 *
 * errs   ERR_INVALID, ERR_FULL: as assumptions_find(), readings_read()
 */
NODISCARD Err policy_uncertain_ask(Visit *visit, PolicyAsk *ask,
                                   PolicyUncertain *uncertain);

/* Tells it from the answers; by what decisions and values are called when
 * `words`, else by their names in the model. */
void policy_uncertain_tell(Visit *visit, const PolicyAsk *ask, bool words,
                           PolicyUncertain *uncertain);

#endif

/*
 * policy_shelf.h - the laws that the policy desk shows: for each month the one
 * that is published for it, read when somebody first asks and given back when
 * nobody has asked for long. What is published while the server runs is so
 * found at the next request.
 */
#ifndef WEB_POLICY_SHELF_H
#define WEB_POLICY_SHELF_H

#include "simulation/lab.h"
#include "web/backend.h"
#include "web/http.h"
#include "web/policy.h"

typedef struct PolicyShelf PolicyShelf;

/* A law, in both forms in which it is asked about. */
typedef struct PolicyLaw {
    const Policy *policy;
    LabLaw lab; /* its first programme */
} PolicyLaw;

/*
 * A shelf with a first law, which outlives it.
 *
 * in     backend: without law(), the first is the only one
 * owns   the caller, policy_shelf_close() when no request is under way and
 *        the lab is closed
 */
PolicyShelf *policy_shelf_open(Arena *arena, const Backend *backend,
                               const Policy *first);
void policy_shelf_close(PolicyShelf *shelf);

/*
 * The law that holds in a month, until the request has ended.
 *
 * errs   as Backend.law() and law_pack(), policy_open(); ERR_BUSY: too many
 *        laws are in use (policy.laws)
 */
NODISCARD Err policy_shelf_law(PolicyShelf *shelf, Month month,
                               HttpRequest *request, Diag *diag,
                               PolicyLaw *ret);

#endif

/*
 * household.h - the rules that a household obeys on every day: while anybody
 * lives in it one of them leads it, and so many people may live in it.
 */
#ifndef REGISTRY_HOUSEHOLD_H
#define REGISTRY_HOUSEHOLD_H

#include "registry/book.h"

/*
 * Checks every day from `since` on.
 *
 * out    ret_rule: the key of the rule that is broken (household.no_head,
 *        household.two_heads, household.too_many)
 * errs   ERR_INVALID: a rule is broken; ERR_FULL: no memory
 * cost   as sorting the segments of members and of the dead
 */
NODISCARD Err household_check(const Book *book, Day since,
                              const char **ret_rule);

#endif

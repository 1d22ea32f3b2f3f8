/*
 * life.h - between birth and death: what can be said of a person, and when.
 *
 * Nobody lives in a household, earns or marries before he is born. A message
 * that says so is refused by the name of the rule. A birth that is corrected
 * to a later day is taken, since registers do correct themselves; what was
 * said of the days before it no longer counts.
 */
#ifndef REGISTRY_LIFE_H
#define REGISTRY_LIFE_H

#include "registry/registry.h"

/* The day on which a person was born, as believed; DAY_MIN: unknown. */
Day life_birth(const Book *book, int64_t person_id);

/* The day on which he died, as believed on a day; DAY_OPEN: he lives. */
Day life_death(const Book *book, int64_t person_id, Day day);

/*
 * Refuses a day before a person's birth.
 *
 * in     born: from life_birth(), or as a message itself says
 * errs   ERR_INVALID: person.unborn {person} {birth}
 */
NODISCARD Err life_check(int64_t person_id, Day born, Day day, Diag *diag);

/*
 * Lets nothing count that was said of a person for days before `born`: he has
 * not come yet, has no income and holds nothing; his birth is that day.
 *
 * errs   ERR_INVALID: he died before (person.born_after_death {person}
 *        {death}); ERR_FULL, ERR_IO, ERR_BUSY, ERR_CONFLICT
 * tables writes fact
 */
NODISCARD Err life_begin(RegistryChange *change, int64_t person_id, Day born,
                         Str source, Str message_id, Diag *diag);

/* What comes back when a birth is corrected to an earlier day. */
typedef struct LifeRestore LifeRestore;

/*
 * Before a birth is corrected to the earlier day `born`: finds what was not
 * counted because of the later one, and what began with his life.
 *
 * out    ret: in the arena of the change, until its next one; NULL: nothing
 * errs   ERR_FULL, ERR_IO, ERR_BUSY, ERR_CONFLICT, ERR_INVALID: a fact row is
 *        damaged
 * tables reads fact
 */
NODISCARD Err life_restore(RegistryChange *change, int64_t person_id, Day born,
                           LifeRestore **ret);

/*
 * Says it again, each with the message that it came in.
 *
 * in     NULL: says nothing
 * errs   ERR_FULL, ERR_IO, ERR_BUSY, ERR_CONFLICT
 * tables writes fact
 */
NODISCARD Err life_restore_say(LifeRestore *restore);

#endif

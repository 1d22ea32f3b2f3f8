/*
 * move.h - people who move between households, and who leads one.
 *
 * A person who moves takes along what is known about him: every statement
 * that is still open or ended within MOVE_LOOKBACK_MONTHS before the move is
 * restated in the new household as it stands, with its own source, message
 * and day of receipt. In the old household he has "left" from that day.
 */
#ifndef REGISTRY_MOVE_H
#define REGISTRY_MOVE_H

#include "registry/registry.h"

enum { MOVE_LOOKBACK_MONTHS = 24, MOVE_ADULT_YEARS = 18 };

typedef struct Move {
    int64_t person_id;
    int32_t role; /* in the new household: code of the member kind */
    Day day;      /* the first one in the new household */
    Str source;   /* the message that says so */
    Str message_id;
} Move;

/*
 * Moves a person from one open change to another. Whether the old household
 * needs a new head is settled by move_succession() once all have moved.
 *
 * in     the person lives in `from` and not in `to`; both changes are open
 * errs   ERR_INVALID: he moved on a later day already (event.moved_later
 *        {person} {day}), or is dead (event.dead {person})
 *        ERR_FULL, ERR_IO, ERR_BUSY, ERR_CONFLICT
 * tables writes fact, person_key, person_stay, person_name
 */
NODISCARD Err move_person(RegistryChange *from, RegistryChange *to,
                          const Move *move, Diag *diag);

/*
 * Gives a household a head for every day from `day` on, on which people live
 * in it and nobody leads it: the eldest spouse, else the eldest adult, else
 * the eldest; of equals the one with the smallest id. Nobody else's role
 * changes.
 *
 * out    ret_head: the first who became head, or -1
 * errs   ERR_FULL, ERR_IO, ERR_BUSY, ERR_CONFLICT
 */
NODISCARD Err move_succession(RegistryChange *change, Day day, Str source,
                              Str message_id, int64_t *ret_head);

/* Orders segments as they became known; those of one message by interval. */
int move_by_origin(const void *left, const void *right);

/*
 * Says segments that came in one message for one interval again, as that
 * message: as known when it was. Decisions of `to` do not ask for it.
 *
 * in     segments: of the book of `from`, of one subject
 * errs   ERR_FULL, ERR_IO, ERR_BUSY, ERR_CONFLICT
 * tables writes fact
 */
NODISCARD Err move_restate(RegistryChange *from, RegistryChange *to,
                           const Segment *segments, int32_t count);

/*
 * Makes a person findable by the names that are known now.
 *
 * errs   ERR_IO, ERR_BUSY, ERR_CONFLICT
 */
NODISCARD Err move_names(RegistryChange *change, int64_t person_id);

/* Whether a person is present (a member, alive) on a day; his role or -1. */
int32_t move_role(const Book *book, int64_t person_id, Day day);

#endif

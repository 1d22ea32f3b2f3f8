/*
 * event_int.h - the two halves of an event: reading it, carrying it out.
 */
#ifndef REGISTRY_EVENT_INT_H
#define REGISTRY_EVENT_INT_H

#include "registry/event.h"

/* The whole of event_read(), behind the limit on bytes. */
NODISCARD Err event_read_message(Arena *arena, const EventTypes *types,
                                 Str bytes, Diag *diag, Event *ret);

enum { EVENT_ABOUT_PARENT = -1 }; /* not a member: the parent of one born */

/* A message that is being carried out. */
typedef struct EventWork {
    StoreConn *tx;
    Arena *arena;
    const EventTypes *types;
    const Event *event;
    Instant now;
    Diag *diag;
    /* of each member of the event: who he is and where he lives now */
    int64_t person[EVENT_MEMBERS_MAX];
    int64_t lives_in[EVENT_MEMBERS_MAX]; /* EVENT_NONE: a new person */
    int32_t about; /* the member that is looked at, or EVENT_ABOUT_PARENT */
    int64_t survivor[EVENT_MEMBERS_MAX]; /* whom a death leaves behind */
    int32_t survivor_count;
    int64_t parent; /* of a birth, when one is named; else EVENT_NONE */
    int64_t target; /* the household that somebody comes to, or EVENT_NONE */
    bool target_new;
    int64_t household[EVENT_TOUCHED_MAX]; /* all concerned, ascending */
    int32_t household_count;
    RegistryChange change[EVENT_TOUCHED_MAX]; /* of each, once open */
    int32_t open_count;
} EventWork;

/* Sets the message of a refusal. The result is `err`. */
Err event_refuse(const EventWork *work, Err err, const char *key, int64_t id);

/* Puts the place of what is refused into the diag of the work, if it has none:
 * the member of the message that the rule is about. */
void event_blame(const EventWork *work);

/* Finds the persons and households that the event speaks of. Writes nothing. */
NODISCARD Err event_plan_households(EventWork *work);

/* Says what the event says in the changes that are open. */
NODISCARD Err event_work_say(EventWork *work);

/* The open change of a household, or NULL when it was not planned. */
RegistryChange *event_work_change(EventWork *work, int64_t household_id);

#endif

/*
 * registry.h - change a household: lock it, say something new, close it.
 *
 * The household with its version is the unit of locking. A change locks the
 * household's one row, raises the version by one, keeps each statement as a
 * fact row, lays it over the book and at the end checks the household as a
 * whole, writes the book and one audit leaf. All of it belongs to the
 * caller's transaction; after an error the caller rolls back.
 */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "registry/book.h"
#include "store/store.h"

typedef struct RegistryChange {
    StoreConn *tx;
    Arena *arena; /* as long as the change */
    int64_t household_id;
    int64_t version; /* the one that this change makes */
    bool is_new;
    Book book;
    int32_t ordinal; /* of the next statement */
    bool full;       /* the book took no more */
    bool structural; /* it says who lives here, or who lives */
    Instant at;      /* when it became known */
    Day since;       /* the first day of which something new was said */
    Buf leaf;        /* what the audit leaf will commit to */
} RegistryChange;

/*
 * What follows from a changed household, as a module above says it: that it
 * is decided again at once, in the transaction of the change.
 */
typedef struct RegistryFollow {
    /* Whether anything can follow; else `household` need not be called. */
    Err (*due)(StoreConn *tx, void *arg, bool *ret);
    /* out: decisions that changed. ERR_IO and ERR_BUSY are the database's,
     * any other error refuses the change, and diag says why. */
    Err (*household)(StoreConn *tx, void *arg, int64_t household_id, Day since,
                     Diag *diag, int32_t *ret_changed);
    void *arg;
} RegistryFollow;

/*
 * Begins a change of a household, or of a new one when there is none with
 * that id.
 *
 * owns   the caller, who ends with registry_end() or, after an error,
 *        registry_abandon()
 * errs   ERR_IO, ERR_BUSY; ERR_INVALID: its book is damaged (`doctor`)
 *        ERR_FULL: the arena is at its limit (household.full)
 */
NODISCARD Err registry_begin(StoreConn *tx, Arena *arena,
                             const KindCatalogue *catalogue,
                             int64_t household_id, Instant at, Diag *diag,
                             RegistryChange *ret);

/* As registry_begin() for a household that is known not to exist. */
void registry_begin_new(StoreConn *tx, Arena *arena,
                        const KindCatalogue *catalogue, int64_t household_id,
                        Instant at, RegistryChange *ret);

/*
 * Says something: keeps the statement as a fact row and lays it over the
 * book. `message_id` is the origin's own, unique within `source`.
 *
 * errs   ERR_FULL: the book is full; ERR_IO, ERR_BUSY, ERR_CONFLICT
 */
NODISCARD Err registry_say(RegistryChange *change, const Statement *statement,
                           Str source, Str message_id);

/*
 * Ends the change: checks the household, writes its book and its leaf.
 *
 * errs   ERR_INVALID: the household would be impossible: diag names the rule
 *        (household.no_head, household.two_heads, household.too_many,
 *        household.born_later)
 *        ERR_FULL: its book is full (household.full)
 *        ERR_CONFLICT: somebody else changed it; ERR_IO, ERR_BUSY
 */
NODISCARD Err registry_end(RegistryChange *change, Diag *diag);

/* Frees what a change holds when it is given up. */
void registry_abandon(RegistryChange *change);

/*
 * Rebuilds the book of a household from its facts as they were known at a
 * version.
 *
 * out    ret_bytes in `arena`; at NULL when there were no facts
 * errs   ERR_IO, ERR_BUSY, ERR_INVALID: a fact row is damaged, ERR_FULL
 */
NODISCARD Err registry_rebuild(StoreConn *conn, Arena *arena,
                               const KindCatalogue *catalogue,
                               int64_t household_id, int64_t version,
                               Str *ret_bytes);

/*
 * The book of a household as it is now.
 *
 * out    bytes in `arena`
 * errs   ERR_NOT_FOUND: no such household; ERR_IO, ERR_BUSY
 *        ERR_FULL: the arena is at its limit
 */
NODISCARD Err registry_book(StoreConn *conn, Arena *arena, int64_t household_id,
                            int64_t *ret_version, Str *ret_bytes);

/*
 * Whether a person may be in this household: nobody lives in two, and a
 * national id has one owner.
 *
 * out    ret_known: the person is in this household already
 * errs   ERR_INVALID: person.elsewhere {person} {household}, person.id_taken
 *        {national id}; ERR_IO, ERR_BUSY
 */
NODISCARD Err registry_person_check(StoreConn *conn, int64_t household_id,
                                    int64_t person_id, Str national_id,
                                    Diag *diag, bool *ret_known);

/*
 * Notes that a new person, checked before, belongs to a household.
 *
 * errs   ERR_CONFLICT: he does already; ERR_IO, ERR_BUSY
 */
NODISCARD Err registry_person_add(RegistryChange *change, int64_t person_id,
                                  Str national_id);

/* Makes a person findable by the parts of a name in any language.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err registry_person_name(RegistryChange *change, int64_t person_id,
                                   Str name);

#endif

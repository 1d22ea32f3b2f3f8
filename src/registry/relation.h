/*
 * relation.h - who is married to whom and whose child, as agencies said.
 *
 * Marriages, divorces and births name pairs of persons. A pair stays known
 * for ever: permissions ask for it, and who was married once is not a
 * stranger. Roles within one household (head, spouse, child) are not repeated
 * here; they are read from its book.
 */
#ifndef REGISTRY_RELATION_H
#define REGISTRY_RELATION_H

#include "base/clock.h"
#include "base/date.h"
#include "base/diag.h"
#include "store/store.h"

/* What the other is to the person. */
typedef enum RelationKind {
    RELATION_SPOUSE,
    RELATION_PARENT,
    RELATION_CHILD
} RelationKind;

typedef struct Relation {
    int64_t person_id;
    int64_t other_id;
    RelationKind kind;
    Day from;
    Str source, message_id;
    Instant received_at;
} Relation;

/*
 * Keeps a relation, from both sides and with an audit leaf, unless it is
 * known already.
 *
 * errs   ERR_IO, ERR_BUSY, ERR_CONFLICT as store_exec()
 * tables writes person_relation, audit_pending
 */
NODISCARD Err relation_keep(StoreConn *tx, const Relation *relation);

/*
 * Compares all rows with each other and with the records of their leaves.
 *
 * out    how many relations there are, and whether all is well
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err relation_check(StoreConn *conn, int64_t *ret_count,
                             bool *ret_well);

#endif

/*
 * audit.h - evidence that something was changed, in the change's transaction.
 *
 * Every change of state writes one pending leaf. The sequencer gives leaves
 * their place in the append-only log later; until then they are unordered.
 */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "base/err.h"
#include "store/store.h"

enum {
    AUDIT_NO_HOUSEHOLD = -1, /* for changes that concern no household */
    AUDIT_SALT_BYTES = 16
};

/*
 * Writes the pending leaf of a change: SHA-256 of 0x00, a new random salt and
 * the record (RFC 9162's leaf hash over the salted record).
 *
 * in     type: "household", "decision", "run", "actor" ...; record: the
 *        change in canonical bytes, at most 60,000
 * errs   ERR_IO, ERR_BUSY, ERR_CONFLICT as store_exec()
 * tables writes audit_pending
 */
NODISCARD Err audit_leaf(StoreConn *tx, int64_t household_id, const char *type,
                         Str record);

/* A leaf as it is kept; texts until the visitor returns. */
typedef struct AuditLeaf {
    int64_t household_id;
    Str type;
    Str record;
} AuditLeaf;

typedef Err AuditVisitor(void *arg, const AuditLeaf *leaf);

/*
 * Shows every pending leaf of the households `first` to `last`, household by
 * household.
 *
 * errs   ERR_IO, ERR_BUSY; what the visitor returns ends it
 */
NODISCARD Err audit_walk(StoreConn *conn, int64_t first, int64_t last,
                         AuditVisitor *visit, void *arg);

enum { AUDIT_NAMED_MAX = 5, AUDIT_TYPE_ROOM = 16 };

/* A leaf that concerns no household, by what identifies it. */
typedef struct AuditLoose {
    int64_t id;
    char type[AUDIT_TYPE_ROOM]; /* cut when longer */
} AuditLoose;

/* What a comparison found: how much it looked at, how often something was
 * wrong, and the first households, or leaves of none, of which that is. */
typedef struct AuditTally {
    int64_t seen, wrong;
    int64_t household[AUDIT_NAMED_MAX];
    int32_t named;
    bool more; /* households are wrong that are not named */
    AuditLoose loose[AUDIT_NAMED_MAX];
    int64_t loose_count; /* all of them; the first are named */
} AuditTally;

/* Counts something that is wrong, of a household or of AUDIT_NO_HOUSEHOLD. */
void audit_tally_wrong(AuditTally *tally, int64_t household_id);

/*
 * Counts the households that a statement finds wrong: it takes the household
 * after which it begins and how many rows it may give, in their order.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err audit_tally_query(StoreConn *conn, Query query,
                                AuditTally *tally);

/*
 * Checks every pending leaf against its record and salt.
 *
 * out    ret: leaves looked at, and those that do not match
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err audit_check(StoreConn *conn, AuditTally *ret);

#endif

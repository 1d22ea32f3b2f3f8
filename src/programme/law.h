/*
 * law.h - which pack of law holds in which month.
 *
 * A published version holds from its month on, until a newer version whose
 * month has come; where none is published, the pack that the program carries
 * holds. Versions are added and never changed, so that what was law in a
 * month can always be said.
 */
#ifndef PROGRAMME_LAW_H
#define PROGRAMME_LAW_H

#include "programme/pack.h"

enum { LAW_VERSIONS_MAX = 10000 };

typedef struct LawVersion {
    int64_t version; /* from 1 */
    Month from;
    int64_t pack_id;
    int64_t base_pack; /* that it was made of */
    int64_t draft_id;  /* service/draft.h */
    Instant published_at;
} LawVersion;

typedef struct LawVersions {
    const LawVersion *at; /* by version */
    size_t count;
} LawVersions;

/*
 * All versions.
 *
 * errs   ERR_FULL: no memory; ERR_IO, ERR_BUSY
 */
NODISCARD Err law_versions(StoreConn *conn, Arena *arena, LawVersions *ret);

/*
 * The number of the newest version, 0 without one: to see whether the law is
 * what it was.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err law_newest(StoreConn *conn, int64_t *ret);

/* The version that holds in a month, or NULL. */
const LawVersion *law_of(const LawVersions *all, Month month);

/*
 * The pack of the version that holds in a month; 0: none is published for it.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err law_at(StoreConn *conn, Month month, int64_t *ret_pack);

/*
 * Waits until nobody else changes the law, then keeps others waiting until
 * the end of the transaction.
 *
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err law_turn(StoreConn *tx);

/*
 * Adds a version, with its pack and an audit leaf; its number is the next.
 * Whoever calls it has the turn.
 *
 * errs   ERR_IO, ERR_BUSY, ERR_CONFLICT
 * tables writes law, pack, audit_pending
 */
NODISCARD Err law_put(StoreConn *tx, const Pack *pack, LawVersion *version);

/*
 * Compares the versions with their audit leaves, and their packs with the
 * hashes that name them.
 *
 * out    ret_count: versions; ret_wrong: those that differ or lack a pack,
 *        and leaves of which there is no version
 * errs   ERR_IO, ERR_BUSY, ERR_FULL
 */
NODISCARD Err law_check(StoreConn *conn, StoreConn *leaves, Arena *arena,
                        int64_t *ret_count, int64_t *ret_wrong);

#endif

/*
 * check.h - are accounts what their audit leaves say?
 */
#ifndef ACCESS_CHECK_H
#define ACCESS_CHECK_H

#include "base/err.h"
#include "store/store.h"

enum { ACCOUNTS_NAMED_MAX = 5, ACCOUNT_NAME_ROOM = 64 };

/* How many accounts were looked at, how many are wrong, and the names of the
 * first of those. */
typedef struct AccountTally {
    int64_t seen, wrong;
    char name[ACCOUNTS_NAMED_MAX][ACCOUNT_NAME_ROOM]; /* cut when longer */
    int32_t named;
} AccountTally;

/*
 * Writes the leaf of a new account: who it is, as which person, with which
 * roles and kin, and who asked for it. None of that changes later.
 *
 * errs   ERR_IO, ERR_BUSY, ERR_NOT_FOUND: there is no such account
 * tables reads actor, actor_kin; writes audit_pending
 */
NODISCARD Err account_leaf(StoreConn *tx, int64_t actor_id);

/*
 * Compares all accounts with their leaves, both ways: roles, person and kin
 * with the leaf of the new account (accounts of releases that wrote none have
 * only to have been added), whether it waits or is off with what was done to
 * it. Passwords and code keys are in no leaf.
 *
 * in     conn: a reader without a transaction; others may write meanwhile
 * errs   ERR_IO, ERR_BUSY; ERR_FULL: the memory is at its limit
 */
NODISCARD Err account_check(StoreConn *conn, AccountTally *ret);

#endif

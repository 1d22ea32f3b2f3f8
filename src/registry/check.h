/*
 * check.h - does what is derived from facts say what the facts say?
 */
#ifndef REGISTRY_CHECK_H
#define REGISTRY_CHECK_H

#include "audit/audit.h"
#include "registry/registry.h"

/*
 * Compares households from both sides: each that has facts, a book or a leaf
 * has all three, the book is what its facts give, and its version is the
 * number of its changes.
 *
 * in     conn: a reader without a transaction; others may write meanwhile
 * out    ret: households looked at, and those that are wrong
 * errs   ERR_IO, ERR_BUSY; ERR_FULL: the memory is at its limit
 */
NODISCARD Err registry_check_books(StoreConn *conn,
                                   const KindCatalogue *catalogue,
                                   AuditTally *ret);

/*
 * Compares the indexes by which people are found (person_key, person_stay,
 * person_name) with the books, both ways: who lives where and with which
 * number, where he lived before, and the parts of his names.
 *
 * in     conn: a reader without a transaction; others may write meanwhile
 * out    ret: rows of indexes looked at, and the households that are wrong
 * errs   ERR_IO, ERR_BUSY; ERR_FULL: the memory is at its limit
 */
NODISCARD Err registry_check_persons(StoreConn *conn,
                                     const KindCatalogue *catalogue,
                                     AuditTally *ret);

/*
 * Looks whether the command of each fact that an event said is there, with
 * the time at which it was carried out. Facts of a CSV import and the ones
 * with which a demo nation starts come from no command.
 *
 * in     conn: a reader without a transaction; others may write meanwhile
 * out    ret: commands, and the households that a command is missing of
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err registry_check_commands(StoreConn *conn, AuditTally *ret);

#endif

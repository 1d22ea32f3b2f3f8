/*
 * check.h - do decisions say what their audit leaves say?
 */
#ifndef DECISION_CHECK_H
#define DECISION_CHECK_H

#include "audit/audit.h"
#include "decision/decision.h"

enum { DECISION_RECORD_BYTES = 512 /* more than any record has */ };

/* Appends what the leaf of a decision commits to. */
void decision_record_write(const char *programme, const Decision *decision,
                           Buf *buf);

/*
 * Compares all decisions with the records of their leaves, and with the runs
 * that they name: one that was changed, added or taken out beside the program
 * is found. When it was decided is in no leaf: one of a run must lie within it,
 * by the clocks of machines.
 *
 * in     conn: a reader without a transaction; others may write meanwhile
 * out    ret: decisions looked at, and households whose decisions differ from
 *        their leaves, name no run or were decided at another time
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err decision_check(StoreConn *conn, AuditTally *ret);

/*
 * Looks whether the input that each decision names is there, and has the hash
 * by which it is named.
 *
 * in     conn: a reader without a transaction; others may write meanwhile
 * out    ret: inputs looked at, and the households of those that are wrong
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err decision_check_inputs(StoreConn *conn, AuditTally *ret);

/*
 * Compares all closed runs with their leaves, and counts them once more from
 * the decisions that were in force when they closed: sums, reasons of refusal
 * and root. The persons of a run are not counted. Was a household decided by
 * an event while a run was under way, only the leaf of that run is compared:
 * nobody knows which of the two decisions it saw.
 *
 * in     conn: a reader without a transaction; others may write meanwhile
 * out    ret: runs looked at; it names the runs that are wrong, by their ids
 * errs   ERR_IO, ERR_BUSY; ERR_FULL: more reasons of refusal than a run has
 */
NODISCARD Err decision_check_runs(StoreConn *conn, AuditTally *ret);

#endif

/*
 * check.h - do decisions say what their audit leaves say?
 */
#ifndef DECISION_CHECK_H
#define DECISION_CHECK_H

#include "decision/decision.h"

enum { DECISION_RECORD_BYTES = 512 /* more than any record has */ };

/* Appends what the leaf of a decision commits to. */
void decision_record_write(const char *programme, const Decision *decision,
                           Buf *buf);

/*
 * Compares all decisions with the records of their leaves, and with the runs
 * that they name: one that was changed, added or taken out beside the program
 * is found.
 *
 * in     conn: a reader without a transaction; others may write meanwhile
 * out    ret_count: decisions looked at; ret_wrong: households whose
 *        decisions and leaves differ, and decisions of no run
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err decision_check(StoreConn *conn, int64_t *ret_count,
                             int64_t *ret_wrong);

#endif

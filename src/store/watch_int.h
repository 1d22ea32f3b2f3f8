/*
 * watch_int.h - how the store notes what its statements touch; see watch.h.
 */
#ifndef STORE_WATCH_INT_H
#define STORE_WATCH_INT_H

#include "store/store_int.h"

/* Notes what the parameter $touch_parameter of a statement is bound to. */
void watch_bound_number(StoreStmt *stmt, int64_t id);
void watch_bound_bytes(StoreStmt *stmt, Str id);

/* Notes what the statement that was run touches, or everything. */
void watch_mark(StoreStmt *stmt);
void watch_mark_all(StoreConn *conn);

/* Raises the counts of what was touched: after the commit. */
void watch_raise(StoreConn *conn);

#endif

/*
 * relation_fill.h - relations of marriages that were told before relations
 * were kept (sql/schema/0009), from the facts that they left.
 *
 * A marriage or divorce says one thing of both spouses under one message id;
 * that pairs them. A birth left no fact about its parent, so that nothing can
 * be filled there; parents and children of one household are known by its
 * book.
 */
#ifndef REGISTRY_RELATION_FILL_H
#define REGISTRY_RELATION_FILL_H

#include "registry/event.h"

/*
 * Keeps the relations that are missing; those that are there stay. Done once:
 * a setting of the installation says that it was.
 *
 * in     tx: no transaction is open
 * out    ret_count: how many were looked at; 0 when it was done before
 * errs   ERR_FULL: more marriages than memory; ERR_INVALID: a damaged fact
 *        ERR_IO, ERR_BUSY
 * tables writes person_relation, audit_pending, setting
 */
NODISCARD Err relation_fill(StoreConn *tx, const EventTypes *types,
                            int64_t *ret_count);

#endif

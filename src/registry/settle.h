/*
 * settle.h - from which month on nothing changes any more in a household.
 *
 * From its settled month on, every projection of a book (record.h) gives the
 * same record. For the months before, the book without what no decision sees
 * (names, identifiers, sources) is its history, and is projected in the same
 * way.
 */
#ifndef REGISTRY_SETTLE_H
#define REGISTRY_SETTLE_H

#include "registry/book.h"

/*
 * in     book_bytes as book_write() gave them
 * out    ret: `first` or a later month
 * errs   ERR_INVALID: the bytes are no book
 */
NODISCARD Err book_settled(const KindCatalogue *catalogue, Str book_bytes,
                           Month first, Month *ret);

/*
 * Appends the book without sources and without what no decision sees.
 *
 * errs   ERR_INVALID: the bytes are no book
 */
NODISCARD Err book_history(const KindCatalogue *catalogue, Str book_bytes,
                           Buf *buf);

#endif

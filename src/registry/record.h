/*
 * record.h - the facts of a household as they count in one month.
 *
 * An InputRecord is what a decision sees: the fields of the household and of
 * each member, in the order of the catalogue. It is made from the book by one
 * pure function and has one canonical form in bytes, whose SHA-256 names it.
 */
#ifndef REGISTRY_RECORD_H
#define REGISTRY_RECORD_H

#include "registry/book.h"

enum { RECORD_LOOKBACK_DAYS = 365 }; /* before a month, that it counts */

typedef struct RecordAsset {
    int32_t asset_class;
    int32_t flags; /* ASSET_LIVED_IN, ASSET_EXEMPT */
    int64_t value; /* minor units */
} RecordAsset;

/* Values in field order; a bit of `known` says that the value is not null. */
typedef struct RecordMember {
    int64_t person_id;
    uint64_t known;
    int64_t *value;
    RecordAsset *assets; /* by class, flags and value */
    int32_t asset_count;
} RecordMember;

typedef struct InputRecord {
    int64_t household_id;
    uint64_t known;
    int64_t *value;
    RecordMember *members; /* the head first, the others by person id */
    int32_t member_count;  /* 0: nobody lives here in that month */
} InputRecord;

/*
 * Projects a book to a month: state kinds as true on its first day, sums and
 * lump sums of the twelve months before it, days of the 365 days before it.
 *
 * in     household_id goes into the record; book_bytes as book_write() gave
 * out    ret lives in `arena`
 * errs   ERR_INVALID: the bytes are no book
 *        ERR_FULL: the arena is at its limit, or too many members
 * cost   one pass over the bytes
 */
NODISCARD Err record_project(Arena *arena, const KindCatalogue *catalogue,
                             int64_t household_id, Str book_bytes, Month month,
                             InputRecord *ret);

/* Appends the canonical bytes. */
void record_write(const KindCatalogue *catalogue, const InputRecord *record,
                  Buf *buf);

/*
 * Reads them back.
 *
 * errs   ERR_INVALID: damaged, or of a newer format
 *        ERR_FULL: the arena is at its limit
 */
NODISCARD Err record_read(Arena *arena, const KindCatalogue *catalogue,
                          Str bytes, InputRecord *ret);

#endif

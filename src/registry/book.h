/*
 * book.h - all that is believed about one household, on one page of bytes.
 *
 * A *statement* is what one message says of one subject for one true
 * interval; it is evidence and becomes a `fact` row. The *book* is derived:
 * the statements laid over each other in the order in which they became
 * known, cut into segments that do not overlap, so that each kind has at most
 * one value a day. It is rewritten in the transaction of every statement and
 * is the only thing that decisions read.
 *
 * Kinds that may have many values a day (lump sums, assets) carry a key that
 * tells them apart; all others have key 0.
 */
#ifndef REGISTRY_BOOK_H
#define REGISTRY_BOOK_H

#include "base/clock.h"
#include "registry/kind.h"

enum {
    BOOK_FORMAT = 1,
    BOOK_HOUSEHOLD = -1, /* the subject that is the household itself */
    BOOK_MEMBERS_MAX = 200,
    BOOK_SEGMENTS_MAX = 50000,
    BOOK_SOURCES_MAX = 255, /* agencies that it stands on */
    BOOK_BYTES_MAX = 8 << 20,
    BOOK_ATTRIBUTES_MAX = 64, /* of one statement */
    ASSET_LIVED_IN = 1,       /* flags of an asset */
    ASSET_EXEMPT = 2
};

/* One thing said of a subject. */
typedef struct Attribute {
    int32_t kind;  /* its id */
    int32_t flags; /* of an asset */
    int32_t asset_class;
    int64_t key;   /* of lump sums and assets, >= 0; else 0 */
    int64_t value; /* day, 0/1, count, code index, minor units */
    Str text;      /* of KIND_TEXT */
} Attribute;

/* What one message says of one subject, as true in [from, to). */
typedef struct Statement {
    int64_t subject; /* person id >= 0, or BOOK_HOUSEHOLD */
    Day from;
    Day to;                      /* DAY_OPEN: until something newer is known */
    const Attribute *attributes; /* ordered by kind, then key */
    int32_t attribute_count;
} Statement;

/* Where a segment comes from: the fact row (version, ordinal) and its source.
 */
typedef struct Origin {
    int32_t version;
    int32_t ordinal;
    Str source;   /* agency, "gosi" */
    Day received; /* the day on which it became known */
} Origin;

typedef struct Segment {
    int64_t subject;
    Day from;
    Day to;
    int32_t origin; /* index into Book.origins */
    Attribute is;
} Segment;

typedef struct Book {
    Arena *arena;
    const KindCatalogue *catalogue;
    Segment *segments;
    int32_t segment_count, segment_room;
    Origin *origins;
    int32_t origin_count, origin_room;
    bool full; /* the arena was at its limit */
} Book;

/* An empty book whose parts live in `arena`. */
Book book_make(Arena *arena, const KindCatalogue *catalogue);

/*
 * Reads a book from its bytes; texts are borrowed from them.
 *
 * errs   ERR_INVALID: damaged, or of a newer format
 *        ERR_FULL: the arena is at its limit
 */
NODISCARD Err book_read(Arena *arena, const KindCatalogue *catalogue, Str bytes,
                        Book *ret);

/*
 * Lays a statement over what was believed: where it speaks of the same
 * subject, kind and key it wins, elsewhere the old remains.
 *
 * in     the statement's texts outlive the book
 * errs   ERR_FULL: more than BOOK_SEGMENTS_MAX segments, or the arena is at
 *        its limit
 */
NODISCARD Err book_apply(Book *book, const Statement *statement,
                         const Origin *origin);

/*
 * Appends the one canonical form of the book.
 *
 * errs   ERR_FULL: more than BOOK_SOURCES_MAX sources or BOOK_BYTES_MAX
 *        bytes, or no memory
 */
NODISCARD Err book_write(Book *book, Buf *buf);

/*
 * The segment that holds for a subject, kind and key on a day, or NULL.
 */
const Segment *book_find(const Book *book, int64_t subject, int32_t kind,
                         int64_t key, Day day);

/* Orders segments for qsort(): by interval, then kind and key, the order in
 * which a statement needs them. */
int book_by_interval(const void *left, const void *right);

/* Writes and reads the attributes of a statement, as kept in a fact row. */
void book_attributes_write(const KindCatalogue *catalogue,
                           const Attribute *attributes, int32_t count,
                           Buf *buf);

/*
 * out    ret_attributes live in `arena`, texts are borrowed from `bytes`
 * errs   ERR_INVALID: damaged
 *        ERR_FULL: the arena is at its limit
 */
NODISCARD Err book_attributes_read(Arena *arena, const KindCatalogue *catalogue,
                                   Str bytes, const Attribute **ret_attributes,
                                   int32_t *ret_count);

#endif

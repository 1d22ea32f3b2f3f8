/*
 * book_int.h - how one attribute stands in bytes: shared by the book, the
 * fact row and the projection.
 */
#ifndef REGISTRY_BOOK_INT_H
#define REGISTRY_BOOK_INT_H

#include "codec/bytes.h"
#include "registry/book.h"

static inline bool book_keyed(const Kind *kind)
{
    return kind->project == PROJECT_LUMP || kind->project == PROJECT_LIST;
}

/* Reads the next attribute. False when the bytes are damaged. */
static inline bool book_attribute_get(const KindCatalogue *catalogue,
                                      BytesReader *reader, Attribute *ret)
{
    uint64_t id = bytes_get_uint(reader);
    const Kind *kind = id <= KIND_ID_MAX ? catalogue->by_id[id] : NULL;
    if (UNLIKELY(kind == NULL)) return false;
    *ret = (Attribute){.kind = kind->id};
    if (UNLIKELY(kind->type == KIND_TEXT)) {
        ret->text = bytes_get_str(reader);
        return !reader->bad;
    }
    if (UNLIKELY(book_keyed(kind))) {
        ret->key = (int64_t)bytes_get_uint(reader);
        if (kind->type == KIND_ASSET) {
            uint64_t class = bytes_get_uint(reader);
            if (class >= (uint64_t)catalogue->asset_class_count) return false;
            ret->asset_class = (int32_t) class;
            ret->flags = (int32_t)bytes_get_uint(reader);
        }
    }
    ret->value = bytes_get_int(reader);
    if (kind->type == KIND_CODE &&
        UNLIKELY((uint64_t)ret->value >= (uint64_t)kind->code_count)) {
        return false; /* a code that nobody knows has no meaning */
    }
    return !reader->bad;
}

void book_attribute_put(const Kind *kind, const Attribute *attribute, Buf *buf);

/* A day counted from DAY_MIN; one that no fact can have spoils the reader. */
static inline Day book_day(BytesReader *reader, uint64_t days)
{
    if (UNLIKELY(days > (uint64_t)(DAY_MAX + 1 - DAY_MIN))) {
        reader->bad = true;
        return DAY_MIN;
    }
    return (Day)days + DAY_MIN;
}

/* `to` of an interval: 0 is open. */
static inline Day book_to_get(BytesReader *reader)
{
    uint64_t to = bytes_get_uint(reader);
    return to == 0 ? DAY_OPEN : book_day(reader, to - 1);
}

static inline Day book_from_get(BytesReader *reader)
{
    return book_day(reader, bytes_get_uint(reader));
}

#endif

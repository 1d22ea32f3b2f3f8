#include "registry/settle.h"

#include "registry/book_int.h"
#include "registry/record.h"

enum { LOOKBACK_MONTHS = 12 };

/* A day with its month: most facts of a household begin together. */
typedef struct Known {
    Day day;
    Month month;
} Known;

/* The first month whose first day is not before a day. */
static Month month_from(Known *known, Day day)
{
    if (known->day != day) {
        Month month = month_of_day(day);
        *known = (Known){day, month + (month_first_day(month) < day)};
    }
    return known->month;
}

static void later(Month *settled, Month month)
{
    if (month > *settled) *settled = month;
}

/* What is true in [from, to) counts the same in every month from here on. */
static void settle(const Kind *kind, Day from, Day to, int64_t value,
                   Known *known, Month *settled)
{
    bool ends = to != DAY_OPEN;
    bool nothing = value == 0 && (!kind->has_unknown || kind->unknown == 0);
    switch (kind->project) {
    case PROJECT_STATE:
    case PROJECT_LIST:
        later(settled, month_from(known, from));
        if (ends) later(settled, month_from(known, to));
        break;
    case PROJECT_SUM:
        if (nothing && kind->has_unknown) break;
        later(settled, month_from(known, from) + LOOKBACK_MONTHS);
        if (ends) later(settled, month_from(known, to) + LOOKBACK_MONTHS);
        break;
    case PROJECT_LUMP:
        later(settled, month_from(known, from + 1) + LOOKBACK_MONTHS);
        break;
    case PROJECT_DAYS:
        if (value == 0) break;
        later(settled, month_from(known, from + RECORD_LOOKBACK_DAYS));
        if (ends) later(settled, month_from(known, to + RECORD_LOOKBACK_DAYS));
        break;
    case PROJECT_NONE:
        break;
    }
}

/* The header of a book up to its subjects. */
static Err open_book(BytesReader *reader, uint64_t *ret_subjects)
{
    if (bytes_get_uint(reader) != BOOK_FORMAT) return ERR_INVALID;
    bytes_get_str(reader); /* the origins */
    *ret_subjects = bytes_get_uint(reader);
    bool sound = !reader->bad && *ret_subjects <= BOOK_SEGMENTS_MAX;
    return sound ? OK : ERR_INVALID;
}

static bool settle_group(const KindCatalogue *catalogue, BytesReader *reader,
                         Known *known, Month *settled)
{
    Day from = book_from_get(reader), to = book_to_get(reader);
    bytes_get_uint(reader); /* its origin */
    uint64_t count = bytes_get_uint(reader);
    for (uint64_t i = 0; i < count; i++) {
        Attribute is;
        if (!book_attribute_get(catalogue, reader, &is)) return false;
        const Kind *kind = catalogue->by_id[is.kind];
        if (kind->field < 0 && kind->project != PROJECT_LIST) continue;
        settle(kind, from, to, is.value, known, settled);
    }
    return !reader->bad;
}

Err book_settled(const KindCatalogue *catalogue, Str book_bytes, Month first,
                 Month *ret)
{
    BytesReader reader = bytes_reader(book_bytes);
    Month settled = first;
    Known known = {DAY_OPEN, 0};
    uint64_t subjects;
    TRY(open_book(&reader, &subjects));
    for (uint64_t s = 0; s < subjects; s++) {
        bytes_get_int(&reader); /* who it is */
        uint64_t groups = bytes_get_uint(&reader);
        for (uint64_t g = 0; g < groups; g++) {
            if (!settle_group(catalogue, &reader, &known, &settled)) {
                return ERR_INVALID;
            }
        }
    }
    if (!bytes_done(&reader)) return ERR_INVALID;
    *ret = settled;
    return OK;
}

/* Copies a group; its number of attributes is counted first. */
static bool copy_group(const KindCatalogue *catalogue, BytesReader *reader,
                       Buf *buf)
{
    bytes_put_uint(buf, bytes_get_uint(reader)); /* from */
    bytes_put_uint(buf, bytes_get_uint(reader)); /* to */
    bytes_get_uint(reader);
    bytes_put_uint(buf, 0); /* the origin */
    uint64_t count = bytes_get_uint(reader), kept = 0;
    BytesReader again = *reader;
    for (uint64_t i = 0; i < count; i++) {
        Attribute is;
        if (!book_attribute_get(catalogue, reader, &is)) return false;
        kept += catalogue->by_id[is.kind]->project != PROJECT_NONE;
    }
    bytes_put_uint(buf, kept);
    for (uint64_t i = 0; i < count; i++) {
        Attribute is;
        if (!book_attribute_get(catalogue, &again, &is)) return false;
        const Kind *kind = catalogue->by_id[is.kind];
        if (kind->project != PROJECT_NONE) book_attribute_put(kind, &is, buf);
    }
    return !reader->bad;
}

Err book_history(const KindCatalogue *catalogue, Str book_bytes, Buf *buf)
{
    BytesReader reader = bytes_reader(book_bytes);
    uint64_t subjects;
    TRY(open_book(&reader, &subjects));
    bytes_put_uint(buf, BOOK_FORMAT);
    bytes_put_str(buf, STR(""));
    bytes_put_uint(buf, subjects);
    for (uint64_t s = 0; s < subjects; s++) {
        bytes_put_int(buf, bytes_get_int(&reader));
        uint64_t groups = bytes_get_uint(&reader);
        if (groups > BOOK_SEGMENTS_MAX) return ERR_INVALID;
        bytes_put_uint(buf, groups);
        for (uint64_t g = 0; g < groups; g++) {
            if (!copy_group(catalogue, &reader, buf)) return ERR_INVALID;
        }
    }
    return bytes_done(&reader) ? OK : ERR_INVALID;
}

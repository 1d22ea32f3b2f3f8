#include "registry/book.h"

#include <stdlib.h>

#include "registry/book_int.h"

enum { FEW_SEGMENTS = 64 };

Book book_make(Arena *arena, const KindCatalogue *catalogue)
{
    return (Book){.arena = arena, .catalogue = catalogue};
}

static Segment *segment_add(Book *book)
{
    if (book->segment_count == book->segment_room) {
        int32_t room = book->segment_room < 32 ? 64 : book->segment_room * 2;
        if (room > 2 * BOOK_SEGMENTS_MAX) return NULL;
        Segment *more = arena_try_raw(book->arena, (size_t)room, sizeof *more);
        book->full = book->full || more == NULL;
        if (more == NULL) return NULL;
        if (book->segment_count > 0) {
            memcpy(more, book->segments,
                   (size_t)book->segment_count * sizeof *more);
        }
        book->segments = more;
        book->segment_room = room;
    }
    return &book->segments[book->segment_count++];
}

static Origin *origin_add(Book *book)
{
    if (book->origin_count == book->origin_room) {
        int32_t room = book->origin_room < 8 ? 16 : book->origin_room * 2;
        if (room > 2 * BOOK_SEGMENTS_MAX) return NULL;
        Origin *more = arena_try_raw(book->arena, (size_t)room, sizeof *more);
        book->full = book->full || more == NULL;
        if (more == NULL) return NULL;
        if (book->origin_count > 0) {
            memcpy(more, book->origins,
                   (size_t)book->origin_count * sizeof *more);
        }
        book->origins = more;
        book->origin_room = room;
    }
    return &book->origins[book->origin_count++];
}

void book_attribute_put(const Kind *kind, const Attribute *attribute, Buf *buf)
{
    bytes_put_uint(buf, (uint64_t)kind->id);
    if (kind->type == KIND_TEXT) {
        bytes_put_str(buf, attribute->text);
        return;
    }
    if (book_keyed(kind)) {
        bytes_put_uint(buf, (uint64_t)attribute->key);
        if (kind->type == KIND_ASSET) {
            bytes_put_uint(buf, (uint64_t)attribute->asset_class);
            bytes_put_uint(buf, (uint64_t)attribute->flags);
        }
    }
    bytes_put_int(buf, attribute->value);
}

void book_attributes_write(const KindCatalogue *catalogue,
                           const Attribute *attributes, int32_t count, Buf *buf)
{
    bytes_put_uint(buf, (uint64_t)count);
    for (int32_t i = 0; i < count; i++) {
        const Kind *kind = catalogue->by_id[attributes[i].kind];
        CHECK(kind != NULL);
        book_attribute_put(kind, &attributes[i], buf);
    }
}

Err book_attributes_read(Arena *arena, const KindCatalogue *catalogue,
                         Str bytes, const Attribute **ret_attributes,
                         int32_t *ret_count)
{
    BytesReader reader = bytes_reader(bytes);
    uint64_t count = bytes_get_uint(&reader);
    if (count > BOOK_ATTRIBUTES_MAX) return ERR_INVALID;
    Attribute *attributes = arena_try(arena, count, sizeof *attributes);
    if (attributes == NULL) return ERR_FULL;
    for (uint64_t i = 0; i < count; i++) {
        if (!book_attribute_get(catalogue, &reader, &attributes[i])) {
            return ERR_INVALID;
        }
    }
    if (!bytes_done(&reader)) return ERR_INVALID;
    *ret_attributes = attributes;
    *ret_count = (int32_t)count;
    return OK;
}

/* Reads the sources and origins; they stand before the segments. */
static bool read_origins(Book *book, BytesReader *reader)
{
    Str source[BOOK_SOURCES_MAX];
    uint64_t source_count = bytes_get_uint(reader);
    if (source_count > BOOK_SOURCES_MAX) return false;
    for (uint64_t i = 0; i < source_count; i++) {
        source[i] = bytes_get_str(reader);
    }
    uint64_t count = bytes_get_uint(reader);
    if (count > BOOK_SEGMENTS_MAX) return false;
    for (uint64_t i = 0; i < count && !reader->bad; i++) {
        Origin *origin = origin_add(book);
        if (origin == NULL) return false;
        origin->version = (int32_t)bytes_get_uint(reader);
        origin->ordinal = (int32_t)bytes_get_uint(reader);
        uint64_t which = bytes_get_uint(reader);
        if (which >= source_count) return false;
        origin->source = source[which];
        origin->received = book_from_get(reader);
    }
    return !reader->bad;
}

static bool read_group(Book *book, int64_t subject, BytesReader *reader)
{
    Day from = book_from_get(reader), to = book_to_get(reader);
    uint64_t origin = bytes_get_uint(reader), count = bytes_get_uint(reader);
    if (origin >= (uint64_t)book->origin_count) return false;
    if (count > BOOK_SEGMENTS_MAX || from >= to) return false;
    for (uint64_t i = 0; i < count; i++) {
        Segment *segment = segment_add(book);
        if (segment == NULL) return false;
        segment->subject = subject;
        segment->from = from;
        segment->to = to;
        segment->origin = (int32_t)origin;
        if (!book_attribute_get(book->catalogue, reader, &segment->is)) {
            return false;
        }
    }
    return true;
}

Err book_read(Arena *arena, const KindCatalogue *catalogue, Str bytes,
              Book *ret)
{
    Book book = book_make(arena, catalogue);
    BytesReader reader = bytes_reader(bytes);
    if (bytes_get_uint(&reader) != BOOK_FORMAT) return ERR_INVALID;
    BytesReader origins = bytes_reader(bytes_get_str(&reader));
    if (!read_origins(&book, &origins) || !bytes_done(&origins)) {
        return book.full ? ERR_FULL : ERR_INVALID;
    }
    uint64_t subject_count = bytes_get_uint(&reader);
    for (uint64_t i = 0; i < subject_count && !reader.bad; i++) {
        int64_t subject = bytes_get_int(&reader);
        uint64_t group_count = bytes_get_uint(&reader);
        for (uint64_t j = 0; j < group_count; j++) {
            if (read_group(&book, subject, &reader)) continue;
            return book.full ? ERR_FULL : ERR_INVALID;
        }
    }
    if (reader.bad || !bytes_done(&reader)) return ERR_INVALID;
    *ret = book;
    return OK;
}

static bool same_thing(const Segment *segment, int64_t subject,
                       const Attribute *is)
{
    return segment->subject == subject && segment->is.kind == is->kind &&
           segment->is.key == is->key;
}

/* Cuts [from, to) out of segment i; false when there is no room. */
static bool cut(Book *book, int32_t i, Day from, Day to)
{
    Segment old = book->segments[i];
    bool before = old.from<from, after = old.to> to;
    if (before) book->segments[i].to = from;
    if (after) {
        Segment *rest = before ? segment_add(book) : &book->segments[i];
        if (rest == NULL) return false;
        *rest = old;
        rest->from = to;
    }
    if (!before && !after) book->segments[i].to = old.from; /* empty */
    return true;
}

/* Whether anything is believed about a subject, which saves the cutting. */
static bool knows(const Book *book, int64_t subject)
{
    for (int32_t i = book->segment_count - 1; i >= 0; i--) {
        if (book->segments[i].subject == subject) return true;
    }
    return false;
}

Err book_apply(Book *book, const Statement *statement, const Origin *origin)
{
    if (statement->from >= statement->to) return OK; /* it tells of no day */
    Origin *added = origin_add(book);
    if (added == NULL) return ERR_FULL;
    *added = *origin;
    int32_t old_count =
        knows(book, statement->subject) ? book->segment_count : 0;
    for (int32_t a = 0; a < statement->attribute_count; a++) {
        const Attribute *is = &statement->attributes[a];
        for (int32_t i = 0; i < old_count; i++) {
            const Segment *old = &book->segments[i];
            if (!same_thing(old, statement->subject, is)) continue;
            if (old->to <= statement->from || old->from >= statement->to) {
                continue;
            }
            if (!cut(book, i, statement->from, statement->to)) return ERR_FULL;
        }
    }
    for (int32_t a = 0; a < statement->attribute_count; a++) {
        Segment *segment = segment_add(book);
        if (segment == NULL) return ERR_FULL;
        segment->subject = statement->subject;
        segment->from = statement->from;
        segment->to = statement->to;
        segment->origin = book->origin_count - 1;
        segment->is = statement->attributes[a];
    }
    return book->segment_count > BOOK_SEGMENTS_MAX ? ERR_FULL : OK;
}

static int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
    const Segment *a = left, *b = right;
    int order = compare_int(a->subject, b->subject);
    if (order == 0) order = compare_int(a->from, b->from);
    if (order == 0) order = compare_int(a->to, b->to);
    if (order == 0) order = compare_int(a->origin, b->origin);
    if (order == 0) order = compare_int(a->is.kind, b->is.kind);
    if (order == 0) order = compare_int(a->is.key, b->is.key);
    return order;
}

/* Drops what was cut away and orders the rest; nearly sorted as a rule. */
static void tidy(Book *book)
{
    int32_t kept = 0;
    Segment *segments = book->segments;
    for (int32_t i = 0; i < book->segment_count; i++) {
        if (segments[i].from < segments[i].to) segments[kept++] = segments[i];
    }
    book->segment_count = kept;
    if (kept > FEW_SEGMENTS) {
        qsort(segments, (size_t)kept, sizeof *segments, compare);
        return;
    }
    for (int32_t i = 1; i < kept; i++) {
        Segment moving = segments[i];
        int32_t j = i;
        for (; j > 0 && compare(&segments[j - 1], &moving) > 0; j--) {
            segments[j] = segments[j - 1];
        }
        segments[j] = moving;
    }
}

/* Drops origins that no segment comes from any more and renumbers. */
static Err tidy_origins(Book *book)
{
    int32_t *place =
        arena_try(book->arena, (size_t)book->origin_count + 1, sizeof *place);
    if (place == NULL) return ERR_FULL;
    for (int32_t i = 0; i < book->segment_count; i++) {
        place[book->segments[i].origin] = 1;
    }
    int32_t kept = 0;
    for (int32_t i = 0; i < book->origin_count; i++) {
        bool used = place[i] != 0;
        place[i] = kept;
        if (used) book->origins[kept++] = book->origins[i];
    }
    book->origin_count = kept;
    for (int32_t i = 0; i < book->segment_count; i++) {
        book->segments[i].origin = place[book->segments[i].origin];
    }
    return OK;
}

/* The sources in the order in which they first stand, and which of them each
 * origin has. */
static Err find_sources(const Book *book, Str *sources, int32_t *which,
                        uint64_t *ret_count)
{
    uint64_t count = 0;
    for (int32_t i = 0; i < book->origin_count; i++) {
        uint64_t s = 0;
        while (s < count && !str_equal(sources[s], book->origins[i].source)) {
            s++;
        }
        if (s == BOOK_SOURCES_MAX) return ERR_FULL;
        if (s == count) sources[count++] = book->origins[i].source;
        which[i] = (int32_t)s;
    }
    *ret_count = count;
    return OK;
}

static Err write_origins(const Book *book, Buf *buf)
{
    Str source[BOOK_SOURCES_MAX];
    uint64_t source_count;
    int32_t *which =
        arena_try(book->arena, (size_t)book->origin_count + 1, sizeof *which);
    if (which == NULL) return ERR_FULL;
    TRY(find_sources(book, source, which, &source_count));
    bytes_put_uint(buf, source_count);
    for (uint64_t s = 0; s < source_count; s++) bytes_put_str(buf, source[s]);
    bytes_put_uint(buf, (uint64_t)book->origin_count);
    for (int32_t i = 0; i < book->origin_count; i++) {
        const Origin *origin = &book->origins[i];
        bytes_put_uint(buf, (uint64_t)origin->version);
        bytes_put_uint(buf, (uint64_t)origin->ordinal);
        bytes_put_uint(buf, (uint64_t)which[i]);
        bytes_put_uint(buf, (uint64_t)(origin->received - DAY_MIN));
    }
    return OK;
}

static bool same_group(const Segment *a, const Segment *b)
{
    return a->subject == b->subject && a->from == b->from && a->to == b->to &&
           a->origin == b->origin;
}

/* The number of groups of the subject that begins at `start`; *ret_end is
 * where it ends. */
static uint64_t count_groups(const Book *book, int32_t start, int32_t *ret_end)
{
    uint64_t groups = 0;
    int32_t i = start;
    for (; i < book->segment_count &&
           book->segments[i].subject == book->segments[start].subject;
         i++) {
        groups += i == start ||
                  !same_group(&book->segments[i - 1], &book->segments[i]);
    }
    *ret_end = i;
    return groups;
}

static int32_t write_group(const Book *book, int32_t start, Buf *buf)
{
    const Segment *first = &book->segments[start];
    int32_t end = start + 1;
    while (end < book->segment_count &&
           same_group(first, &book->segments[end])) {
        end++;
    }
    bytes_put_uint(buf, (uint64_t)(first->from - DAY_MIN));
    bytes_put_uint(
        buf, first->to == DAY_OPEN ? 0 : (uint64_t)(first->to - DAY_MIN) + 1);
    bytes_put_uint(buf, (uint64_t)first->origin);
    bytes_put_uint(buf, (uint64_t)(end - start));
    for (int32_t i = start; i < end; i++) {
        const Attribute *is = &book->segments[i].is;
        book_attribute_put(book->catalogue->by_id[is->kind], is, buf);
    }
    return end;
}

static void write_segments(const Book *book, Buf *buf)
{
    uint64_t subjects = 0;
    for (int32_t i = 0, end; i < book->segment_count; i = end, subjects++) {
        count_groups(book, i, &end);
    }
    bytes_put_uint(buf, subjects);
    for (int32_t i = 0, end; i < book->segment_count;) {
        uint64_t groups = count_groups(book, i, &end);
        bytes_put_int(buf, book->segments[i].subject);
        bytes_put_uint(buf, groups);
        while (i < end) i = write_group(book, i, buf);
    }
}

Err book_write(Book *book, Buf *buf)
{
    size_t before = buf->bytes;
    tidy(book);
    TRY(tidy_origins(book));
    Buf origins = buf_make(BOOK_BYTES_MAX);
    Err err = write_origins(book, &origins);
    bytes_put_uint(buf, BOOK_FORMAT);
    bytes_put_str(buf, buf_view(&origins));
    if (err == OK && buf_full(&origins)) err = ERR_FULL;
    buf_free(&origins);
    if (err != OK) return err;
    write_segments(book, buf);
    bool full = buf_full(buf) || buf->bytes - before > BOOK_BYTES_MAX;
    return full ? ERR_FULL : OK;
}

const Segment *book_find(const Book *book, int64_t subject, int32_t kind,
                         int64_t key, Day day)
{
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        if (segment->subject == subject && segment->is.kind == kind &&
            segment->is.key == key && segment->from <= day &&
            day < segment->to) {
            return segment;
        }
    }
    return NULL;
}

int book_by_interval(const void *left, const void *right)
{
    const Segment *a = left, *b = right;
    int64_t order = (int64_t)a->from - b->from;
    if (order == 0) order = (int64_t)a->to - b->to;
    if (order == 0) order = a->is.kind - b->is.kind;
    if (order == 0) order = (a->is.key > b->is.key) - (a->is.key < b->is.key);
    return order < 0 ? -1 : order > 0;
}

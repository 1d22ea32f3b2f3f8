#include "registry/record.h"

#include <stdlib.h>

#include "registry/book_int.h"

enum { RECORD_FORMAT = 1, LOOKBACK_MONTHS = 12 };

/* The month that a book is projected to, in all the forms that are needed. */
typedef struct Window {
    Day day;       /* the month's first day */
    Day days_from; /* the first of the 365 days before it */
    Month month;
    Day lump_from; /* first day of the month twelve months before */
    Day sum_last;  /* first day of the month before */
} Window;

typedef struct Projection {
    Arena *arena;
    const KindCatalogue *catalogue;
    Window window;
    BytesReader reader;
    int64_t *value; /* of the subject that is being read */
    uint64_t known;
    RecordAsset *assets;
    int32_t asset_count, asset_room;
} Projection;

/* How many of the months M-12 .. M-1 begin within [from, to). */
static int64_t months_within(const Window *window, Day from, Day to)
{
    Day last_day = window->sum_last;
    if (from <= window->lump_from && to > last_day) return LOOKBACK_MONTHS;
    if (to <= window->lump_from || from > last_day) return 0;
    Month first = window->month - LOOKBACK_MONTHS, end = window->month;
    if (from > window->lump_from) {
        Month month = month_of_day(from);
        first = month + (month_first_day(month) < from);
    }
    if (to <= last_day) {
        Month month = month_of_day(to);
        end = month + (month_first_day(month) < to);
    }
    return end > first ? end - first : 0;
}

static int64_t days_within(const Window *window, Day from, Day to)
{
    Day first = from > window->days_from ? from : window->days_from;
    Day end = to < window->day ? to : window->day;
    return end > first ? end - first : 0;
}

static bool asset_add(Projection *at, const Attribute *is)
{
    if (at->asset_count == at->asset_room) {
        int32_t room = at->asset_room == 0 ? 4 : at->asset_room * 2;
        RecordAsset *more =
            arena_try_raw(at->arena, (size_t)room, sizeof *more);
        if (more == NULL) return false;
        if (at->asset_count > 0) {
            memcpy(more, at->assets, (size_t)at->asset_count * sizeof *more);
        }
        at->assets = more;
        at->asset_room = room;
    }
    at->assets[at->asset_count++] =
        (RecordAsset){is->asset_class, is->flags, is->value};
    return true;
}

/* Lets one attribute that holds in [from, to) count in the record. */
static bool count_in(Projection *at, const Kind *kind, Day from, Day to,
                     const Attribute *is)
{
    const Window *window = &at->window;
    bool holds = from <= window->day && window->day < to;
    int64_t *value = &at->value[kind->field];
    uint64_t bit = UINT64_C(1) << kind->field;
    int64_t many;
    switch (kind->project) {
    case PROJECT_STATE:
        if (!holds) return true;
        *value = is->value;
        at->known |= bit;
        return true;
    case PROJECT_SUM:
        many = months_within(window, from, to);
        if (many == 0) return true;
        at->known |= bit;
        return !__builtin_mul_overflow(many, is->value, &many) &&
               !__builtin_add_overflow(*value, many, value);
    case PROJECT_LUMP:
        if (from < window->lump_from || from >= window->day) return true;
        at->known |= bit;
        return !__builtin_add_overflow(*value, is->value, value);
    case PROJECT_DAYS:
        if (is->value == 0) return true;
        *value += days_within(window, from, to);
        at->known |= bit;
        return true;
    case PROJECT_LIST:
        return !holds || is->value == 0 || asset_add(at, is);
    case PROJECT_NONE:
        return true;
    }
    return false;
}

static int by_content(const void *left, const void *right)
{
    const RecordAsset *a = left, *b = right;
    if (a->asset_class != b->asset_class)
        return a->asset_class - b->asset_class;
    if (a->flags != b->flags) return a->flags - b->flags;
    return (a->value > b->value) - (a->value < b->value);
}

/* Assets stand by what they are: in which order agencies told of them is no
 * part of the input, whose hash must not differ for it. */
static void order_assets(const Projection *at)
{
    if (at->asset_count > 1) {
        qsort(at->assets, (size_t)at->asset_count, sizeof *at->assets,
              by_content);
    }
}

/* Reads the groups of one subject into `value` and `known`. */
static bool read_subject(Projection *at, int64_t *value, int32_t field_count)
{
    at->value = value;
    at->known = 0;
    at->assets = NULL;
    at->asset_count = at->asset_room = 0;
    memset(value, 0, (size_t)field_count * sizeof *value);
    uint64_t group_count = bytes_get_uint(&at->reader);
    for (uint64_t g = 0; g < group_count; g++) {
        Day from = book_from_get(&at->reader), to = book_to_get(&at->reader);
        bytes_get_uint(
            &at->reader); /* the origin does not matter to decisions */
        uint64_t count = bytes_get_uint(&at->reader);
        for (uint64_t i = 0; i < count; i++) {
            Attribute is;
            if (!book_attribute_get(at->catalogue, &at->reader, &is)) {
                return false;
            }
            const Kind *kind = at->catalogue->by_id[is.kind];
            if (kind->field < 0) continue;
            if (UNLIKELY(!count_in(at, kind, from, to, &is))) return false;
        }
    }
    order_assets(at);
    return !at->reader.bad;
}

/* What is not known gets the value that stands in for it, if there is one;
 * until then it is zero. */
static void fill_unknown(const KindDefaults *defaults, int64_t *value,
                         uint64_t *known)
{
    uint64_t missing = defaults->other & ~*known;
    for (; missing != 0; missing &= missing - 1) {
        int field = __builtin_ctzll(missing);
        value[field] = defaults->value[field];
    }
    *known |= defaults->has;
}

static bool lives_here(const Projection *at, const RecordMember *member)
{
    const KindCatalogue *catalogue = at->catalogue;
    int64_t role = member->value[catalogue->member->field];
    if ((member->known >> catalogue->member->field & 1) == 0) return false;
    if (role == kind_code(catalogue->member, STR("left"))) return false;
    return member->value[catalogue->dead->field] == 0;
}

/* Puts the head first; the others stand by person id already. */
static void head_first(const KindCatalogue *catalogue, InputRecord *record)
{
    for (int32_t i = 0; i < record->member_count; i++) {
        RecordMember member = record->members[i];
        if (member.value[catalogue->member->field] != 0) continue;
        memmove(record->members + 1, record->members,
                (size_t)i * sizeof member);
        record->members[0] = member;
        return;
    }
}

static Window window_of(Month month)
{
    Day day = month_first_day(month);
    return (Window){.day = day,
                    .days_from = day - RECORD_LOOKBACK_DAYS,
                    .month = month,
                    .lump_from = month_first_day(month - LOOKBACK_MONTHS),
                    .sum_last = month_first_day(month - 1)};
}

static Err project_subjects(Projection *at, InputRecord *record)
{
    const KindCatalogue *catalogue = at->catalogue;
    int32_t fields = catalogue->person_field_count;
    uint64_t subject_count = bytes_get_uint(&at->reader);
    if (subject_count > BOOK_SEGMENTS_MAX) return ERR_INVALID;
    record->members =
        arena_try_raw(at->arena, subject_count + 1, sizeof *record->members);
    if (record->members == NULL) return ERR_FULL;
    for (uint64_t i = 0; i < subject_count; i++) {
        int64_t subject = bytes_get_int(&at->reader);
        if (subject == BOOK_HOUSEHOLD) {
            if (!read_subject(at, record->value,
                              catalogue->household_field_count)) {
                return ERR_INVALID;
            }
            record->known = at->known;
            continue;
        }
        int64_t *value =
            arena_try_raw(at->arena, (size_t)fields + 1, sizeof *value);
        if (value == NULL) return ERR_FULL;
        if (!read_subject(at, value, fields)) return ERR_INVALID;
        fill_unknown(&catalogue->person_default, value, &at->known);
        RecordMember member = {subject, at->known, value, at->assets,
                               at->asset_count};
        if (!lives_here(at, &member)) continue;
        if (record->member_count == BOOK_MEMBERS_MAX) return ERR_FULL;
        record->members[record->member_count++] = member;
    }
    return at->reader.bad || !bytes_done(&at->reader) ? ERR_INVALID : OK;
}

Err record_project(Arena *arena, const KindCatalogue *catalogue,
                   int64_t household_id, Str book_bytes, Month month,
                   InputRecord *ret)
{
    Projection at = {.arena = arena,
                     .catalogue = catalogue,
                     .window = window_of(month),
                     .reader = bytes_reader(book_bytes)};
    InputRecord record = {.household_id = household_id};
    if (bytes_get_uint(&at.reader) != BOOK_FORMAT) return ERR_INVALID;
    bytes_get_str(&at.reader); /* the origins */
    int32_t fields = catalogue->household_field_count;
    record.value = arena_try(arena, (size_t)fields + 1, sizeof(int64_t));
    if (record.value == NULL) return ERR_FULL;
    TRY(project_subjects(&at, &record));
    fill_unknown(&catalogue->household_default, record.value, &record.known);
    head_first(catalogue, &record);
    *ret = record;
    return OK;
}

/* The fields that say more than the catalogue does by itself. */
static uint64_t telling_fields(const KindDefaults *defaults, int32_t count,
                               const int64_t *value, uint64_t known)
{
    uint64_t same = 0;
    for (int32_t i = 0; i < count; i++) {
        same |= (uint64_t)(value[i] == defaults->value[i]) << i;
    }
    return known & ~(same & defaults->has);
}

static void write_fields(const KindDefaults *defaults, int32_t count,
                         const int64_t *value, uint64_t known, Buf *buf)
{
    uint64_t telling = telling_fields(defaults, count, value, known);
    bytes_put_uint(buf, telling);
    for (; telling != 0; telling &= telling - 1) {
        bytes_put_int(buf, value[__builtin_ctzll(telling)]);
    }
}

void record_write(const KindCatalogue *catalogue, const InputRecord *record,
                  Buf *buf)
{
    bytes_put_uint(buf, RECORD_FORMAT);
    bytes_put_int(buf, record->household_id);
    write_fields(&catalogue->household_default,
                 catalogue->household_field_count, record->value, record->known,
                 buf);
    bytes_put_uint(buf, (uint64_t)record->member_count);
    for (int32_t i = 0; i < record->member_count; i++) {
        const RecordMember *member = &record->members[i];
        bytes_put_int(buf, member->person_id);
        write_fields(&catalogue->person_default, catalogue->person_field_count,
                     member->value, member->known, buf);
        bytes_put_uint(buf, (uint64_t)member->asset_count);
        for (int32_t a = 0; a < member->asset_count; a++) {
            bytes_put_uint(buf, (uint64_t)member->assets[a].asset_class);
            bytes_put_uint(buf, (uint64_t)member->assets[a].flags);
            bytes_put_int(buf, member->assets[a].value);
        }
    }
}

static bool read_fields(const Kind *const *fields, int32_t count,
                        const KindDefaults *defaults, BytesReader *reader,
                        int64_t *value, uint64_t *known)
{
    uint64_t telling = bytes_get_uint(reader);
    if (count < 64 && telling >> count != 0) return false;
    *known = telling;
    for (; telling != 0; telling &= telling - 1) {
        int i = __builtin_ctzll(telling);
        value[i] = bytes_get_int(reader);
        if (fields[i]->type == KIND_CODE &&
            (uint64_t)value[i] >= (uint64_t)fields[i]->code_count) {
            return false;
        }
    }
    fill_unknown(defaults, value, known);
    return !reader->bad;
}

static Err read_member(Arena *arena, const KindCatalogue *catalogue,
                       BytesReader *reader, RecordMember *member)
{
    int32_t fields = catalogue->person_field_count;
    member->person_id = bytes_get_int(reader);
    member->value = arena_try(arena, (size_t)fields + 1, sizeof(int64_t));
    if (member->value == NULL) return ERR_FULL;
    if (!read_fields(catalogue->person_field, fields,
                     &catalogue->person_default, reader, member->value,
                     &member->known)) {
        return ERR_INVALID;
    }
    uint64_t assets = bytes_get_uint(reader);
    if (assets > BOOK_SEGMENTS_MAX) return ERR_INVALID;
    member->asset_count = (int32_t)assets;
    member->assets = arena_try(arena, assets + 1, sizeof *member->assets);
    if (member->assets == NULL) return ERR_FULL;
    for (uint64_t a = 0; a < assets; a++) {
        member->assets[a].asset_class = (int32_t)bytes_get_uint(reader);
        member->assets[a].flags = (int32_t)bytes_get_uint(reader);
        member->assets[a].value = bytes_get_int(reader);
        if (member->assets[a].asset_class >= catalogue->asset_class_count) {
            return ERR_INVALID;
        }
    }
    return reader->bad ? ERR_INVALID : OK;
}

Err record_read(Arena *arena, const KindCatalogue *catalogue, Str bytes,
                InputRecord *ret)
{
    InputRecord record = {0};
    BytesReader reader = bytes_reader(bytes);
    if (bytes_get_uint(&reader) != RECORD_FORMAT) return ERR_INVALID;
    record.household_id = bytes_get_int(&reader);
    int32_t fields = catalogue->household_field_count;
    record.value = arena_try(arena, (size_t)fields + 1, sizeof(int64_t));
    if (record.value == NULL) return ERR_FULL;
    if (!read_fields(catalogue->household_field, fields,
                     &catalogue->household_default, &reader, record.value,
                     &record.known)) {
        return ERR_INVALID;
    }
    uint64_t members = bytes_get_uint(&reader);
    if (members > BOOK_MEMBERS_MAX) return ERR_INVALID;
    record.member_count = (int32_t)members;
    record.members = arena_try(arena, members + 1, sizeof *record.members);
    if (record.members == NULL) return ERR_FULL;
    for (uint64_t i = 0; i < members; i++) {
        TRY(read_member(arena, catalogue, &reader, &record.members[i]));
    }
    if (reader.bad || !bytes_done(&reader)) return ERR_INVALID;
    *ret = record;
    return OK;
}

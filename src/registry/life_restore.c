/*
 * life_restore.c - a birth that is corrected to an earlier day.
 *
 * A correction to a later day lets nothing count that was said of the days
 * before it (life_begin). When that correction gives way in its turn, what it
 * took away was true all the same: it is said again as it was known before,
 * with the messages that it came in.
 */
#include <stdlib.h>

#include "registry/life.h"
#include "registry/move.h"

enum { CORRECTIONS_MAX = 16 };

typedef struct Restore {
    RegistryChange *change;
    RegistryChange before; /* its book is that of before the corrections */
    int64_t person_id;
    Day born, was; /* the days from which something may be missing */
    Day known;     /* the birth by the book of before */
    Segment *found;
    int32_t count, room;
    bool older; /* there is such a book; otherwise it is that of today */
} Restore;

/* Takes the book of before the message that made the birth what it is. */
static Err step_back(Restore *restore, bool *ret_done)
{
    RegistryChange *before = &restore->before;
    const Book *book = &before->book;
    const Segment *birth = book_find(
        book, restore->person_id, book->catalogue->birth->id, 0, DAY_OPEN - 1);
    Str bytes;
    Book older;
    *ret_done = true;
    int32_t version =
        birth == NULL ? 0 : book->origins[birth->origin].version - 1;
    if (version < 1) return OK;
    TRY(registry_rebuild(before->tx, before->arena, book->catalogue,
                         before->household_id, version, &bytes));
    if (bytes.at == NULL) return OK;
    TRY(book_read(before->arena, book->catalogue, bytes, &older));
    Day known = life_birth(&older, restore->person_id);
    if (known == DAY_MIN) return OK; /* it brought him here */
    before->book = older;
    restore->older = true;
    restore->known = known;
    *ret_done = known <= restore->born;
    return OK;
}

static Err find_before(Restore *restore)
{
    bool done = false;
    for (int i = 0; i < CORRECTIONS_MAX && !done; i++) {
        TRY(step_back(restore, &done));
    }
    return OK;
}

static Err take(Restore *restore, Segment segment, Day from, Day to)
{
    if (segment.from < from) segment.from = from;
    if (segment.to > to) segment.to = to;
    if (segment.from >= segment.to) return OK;
    if (restore->count == restore->room) return ERR_FULL;
    restore->found[restore->count++] = segment;
    return OK;
}

static bool is_left(const KindCatalogue *catalogue, const Segment *segment)
{
    return segment->is.kind == catalogue->member->id &&
           segment->is.value == kind_code(catalogue->member, STR("left"));
}

/* Whether a segment may stand where a later birth took something away. */
static bool is_taken(const KindCatalogue *catalogue, const Segment *segment)
{
    const Kind *kind = catalogue->by_id[segment->is.kind];
    if (kind == catalogue->member) return is_left(catalogue, segment);
    return segment->is.value == 0 && kind->project != PROJECT_STATE &&
           kind->project != PROJECT_NONE;
}

static bool same_thing(const Segment *a, const Segment *b)
{
    return a->subject == b->subject && a->is.kind == b->is.kind &&
           a->is.key == b->is.key;
}

/* What stood where nothing stands now. */
static Err take_instead(Restore *restore, const Segment *nothing)
{
    const Book *book = &restore->before.book;
    Day from = nothing->from > restore->born ? nothing->from : restore->born;
    Day to = nothing->to < restore->was ? nothing->to : restore->was;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *stood = &book->segments[i];
        if (same_thing(stood, nothing) && !is_taken(book->catalogue, stood)) {
            TRY(take(restore, *stood, from, to));
        }
    }
    return OK;
}

/* Whether it is true of him from his birth on, and so of any birth. */
static bool begins_with_life(const Restore *restore, const Segment *segment)
{
    const KindCatalogue *catalogue = restore->before.book.catalogue;
    const Kind *kind = catalogue->by_id[segment->is.kind];
    bool lasts = kind->project == PROJECT_STATE ||
                 kind->project == PROJECT_NONE || kind->project == PROJECT_SUM;
    return segment->from == restore->known && lasts &&
           kind != catalogue->birth && kind != catalogue->dead &&
           !is_left(catalogue, segment);
}

/* The first day on which anybody is known to be in the household. */
static Day first_day(const Book *book)
{
    Day first = DAY_OPEN;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        bool member = segment->is.kind == book->catalogue->member->id;
        if (member && segment->from < first && segment->from < segment->to) {
            first = segment->from;
        }
    }
    return first;
}

/* What began with his life begins with it again. */
static Err take_beginning(Restore *restore)
{
    const Book *book = &restore->before.book;
    Day first = first_day(book);
    if (first < restore->born) first = restore->born;
    for (int32_t i = 0; i < book->segment_count; i++) {
        Segment begun = book->segments[i];
        if (begun.subject != restore->person_id || begun.from >= begun.to ||
            !begins_with_life(restore, &begun) || first >= restore->known) {
            continue;
        }
        begun.from = first;
        TRY(take(restore, begun, first, restore->known));
    }
    return OK;
}

/* What a later birth took away from the days before it. */
static Err take_away(Restore *restore)
{
    const Book *now = &restore->change->book;
    for (int32_t i = 0; i < now->segment_count && restore->older; i++) {
        const Segment *segment = &now->segments[i];
        if (segment->subject == restore->person_id &&
            segment->from < segment->to && is_taken(now->catalogue, segment)) {
            TRY(take_instead(restore, segment));
        }
    }
    return OK;
}

/* Who led only because he was not there is what he was. */
static Err take_role(Restore *restore, const Segment *leads)
{
    const Book *book = &restore->before.book;
    Day from = leads->from > restore->born ? leads->from : restore->born;
    Day to = leads->to < restore->was ? leads->to : restore->was;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *role = &book->segments[i];
        if (role->subject != leads->subject ||
            role->is.kind != book->catalogue->member->id ||
            role->is.value == 0 || is_left(book->catalogue, role)) {
            continue;
        }
        TRY(take(restore, *role, from, to));
    }
    return OK;
}

static Err take_roles(Restore *restore)
{
    const Book *now = &restore->change->book;
    for (int32_t i = 0; i < now->segment_count && restore->older; i++) {
        const Segment *leads = &now->segments[i];
        if (leads->is.kind == now->catalogue->member->id &&
            leads->is.value == 0 && leads->subject != restore->person_id &&
            leads->from < leads->to) {
            TRY(take_role(restore, leads));
        }
    }
    return OK;
}

/* One statement for what came in one message for one interval. */
static Err say_again(Restore *restore)
{
    const Segment *found = restore->found;
    qsort(restore->found, (size_t)restore->count, sizeof *found,
          move_by_origin);
    for (int32_t i = 0, end; i < restore->count; i = end) {
        for (end = i + 1; end < restore->count && end - i < BOOK_ATTRIBUTES_MAX;
             end++) {
            if (found[end].origin != found[i].origin ||
                found[end].subject != found[i].subject ||
                found[end].from != found[i].from ||
                found[end].to != found[i].to) {
                break;
            }
        }
        TRY(move_restate(&restore->before, restore->change, found + i,
                         end - i));
    }
    return OK;
}

Err life_restore(RegistryChange *change, int64_t person_id, Day born)
{
    Day was = life_birth(&change->book, person_id);
    if (was == DAY_MIN || born >= was) return OK;
    Restore restore = {.change = change,
                       .before = *change,
                       .person_id = person_id,
                       .born = born,
                       .was = was,
                       .known = was};
    TRY(find_before(&restore));
    size_t now = (size_t)change->book.segment_count;
    size_t past = (size_t)restore.before.book.segment_count;
    size_t room = 2 * now + 3 * past; /* intervals of one thing are apart */
    restore.room = (int32_t)room;
    restore.found =
        arena_try_raw(change->arena, room + 1, sizeof *restore.found);
    if (restore.found == NULL) return ERR_FULL;
    TRY(take_beginning(&restore));
    TRY(take_away(&restore));
    TRY(take_roles(&restore));
    TRY(say_again(&restore));
    return OK;
}

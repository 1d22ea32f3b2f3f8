/*
 * life_restore.c - a birth that is corrected to an earlier day.
 *
 * A correction to a later day lets nothing count that was said of the days
 * before it (life_begin). When that correction gives way in its turn, what it
 * took away was true all the same: it is said again as it was known before,
 * with the messages that it came in. What anybody else said of those days
 * meanwhile stays.
 */
#include <stdlib.h>

#include "registry/life.h"
#include "registry/move.h"

enum { CORRECTIONS_MAX = 16 };

/* One correction that gives way, and what is said again of before it. */
typedef struct Step {
    int32_t version;       /* of the household, that came with it */
    RegistryChange before; /* its book is that of the version before */
    Segment *found;
    int32_t count, room;
} Step;

struct LifeRestore {
    RegistryChange *change;
    int64_t person_id;
    Day born, was; /* the days from which something may be missing */
    Step step[CORRECTIONS_MAX + 1]; /* newest first; the last: of the book */
    int32_t count;                  /* of corrections */
};

typedef struct LifeRestore Restore;

static const KindCatalogue *catalogue_of(const Restore *restore)
{
    return restore->change->book.catalogue;
}

/* Takes the book of before the message that made the birth what it is. */
static Err step_back(Restore *restore, const Book *book, bool *ret_more)
{
    const RegistryChange *change = restore->change;
    Step *step = &restore->step[restore->count];
    const Segment *birth = book_find(
        book, restore->person_id, book->catalogue->birth->id, 0, DAY_OPEN - 1);
    int32_t version = birth == NULL ? 0 : book->origins[birth->origin].version;
    Str bytes;
    *ret_more = false;
    if (version < 2) return OK;
    TRY(registry_rebuild(change->tx, change->arena, book->catalogue,
                         change->household_id, version - 1, &bytes));
    if (bytes.at == NULL) return OK;
    *step = (Step){.version = version, .before = *change};
    TRY(book_read(change->arena, book->catalogue, bytes, &step->before.book));
    Day known = life_birth(&step->before.book, restore->person_id);
    if (known == DAY_MIN) return OK; /* it brought him here */
    restore->count++;
    *ret_more = known > restore->born;
    return OK;
}

static Err find_steps(Restore *restore)
{
    const Book *book = &restore->change->book;
    bool more = true;
    while (more && restore->count < CORRECTIONS_MAX) {
        TRY(step_back(restore, book, &more));
        if (more) book = &restore->step[restore->count - 1].before.book;
    }
    return OK;
}

static Err take(Step *step, const Segment *of, Day from, Day to)
{
    Segment segment = *of;
    if (segment.from < from) segment.from = from;
    if (segment.to > to) segment.to = to;
    if (segment.from >= segment.to) return OK;
    if (step->count == step->room) return ERR_FULL;
    step->found[step->count++] = segment;
    return OK;
}

static bool is_left(const KindCatalogue *catalogue, const Segment *segment)
{
    return segment->is.kind == catalogue->member->id &&
           segment->is.value == kind_code(catalogue->member, STR("left"));
}

/*
 * Which correction put a segment where something else stood: took it away, or
 * gave the lead to somebody while he was not there. Negative: none did.
 */
static int32_t put_by(const Restore *restore, const Book *book,
                      const Segment *segment)
{
    const KindCatalogue *catalogue = catalogue_of(restore);
    const Kind *kind = catalogue->by_id[segment->is.kind];
    bool own = segment->subject == restore->person_id;
    bool nothing = own && segment->is.value == 0 && kind != catalogue->member;
    bool leads = !own && segment->is.value == 0 && kind == catalogue->member;
    bool away = own && is_left(catalogue, segment);
    bool birth = own && kind == catalogue->birth;
    if (!nothing && !leads && !away && !birth) return -1;
    for (int32_t i = 0; i < restore->count; i++) {
        if (book->origins[segment->origin].version == restore->step[i].version)
            return i;
    }
    return -1;
}

static bool same_thing(const Segment *a, const Segment *b)
{
    return a->subject == b->subject && a->is.kind == b->is.kind &&
           a->is.key == b->is.key;
}

/* What stood before a correction where it put something; the deeper ones in
 * their turn, each older than the last. */
static Err take_instead(Restore *restore, int32_t at, const Segment *instead)
{
    Step *step = &restore->step[at];
    const Book *book = &step->before.book;
    for (int32_t i = 0; i < book->segment_count; i++) {
        Segment stood = book->segments[i];
        if (!same_thing(&stood, instead)) continue;
        if (stood.from < instead->from) stood.from = instead->from;
        if (stood.to > instead->to) stood.to = instead->to;
        if (stood.from >= stood.to) continue;
        int32_t deeper = put_by(restore, book, &stood);
        if (deeper > at) {
            TRY(take_instead(restore, deeper, &stood));
        } else {
            TRY(take(step, &stood, stood.from, stood.to));
        }
    }
    return OK;
}

static Err take_away(Restore *restore)
{
    const Book *now = &restore->change->book;
    for (int32_t i = 0; i < now->segment_count; i++) {
        Segment segment = now->segments[i];
        int32_t at = put_by(restore, now, &segment);
        bool birth = segment.is.kind == now->catalogue->birth->id;
        if (at < 0) continue;
        if (segment.from < restore->born && !birth) {
            segment.from = restore->born;
        }
        if (segment.to > restore->was && !birth) segment.to = restore->was;
        if (segment.from < segment.to) {
            TRY(take_instead(restore, at, &segment));
        }
    }
    return OK;
}

/* Whether it is true of him from his birth on, and so of any birth. */
static bool begins_with_life(const Restore *restore, const Segment *segment,
                             Day known)
{
    const KindCatalogue *catalogue = catalogue_of(restore);
    const Kind *kind = catalogue->by_id[segment->is.kind];
    bool lasts = kind->project == PROJECT_STATE ||
                 kind->project == PROJECT_NONE || kind->project == PROJECT_SUM;
    return segment->subject == restore->person_id && segment->from == known &&
           segment->from < segment->to && lasts && kind != catalogue->birth &&
           kind != catalogue->dead && !is_left(catalogue, segment);
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

/* Whether he came into the household by being born. */
static bool born_here(const Book *book, int64_t person_id, Day known)
{
    const Segment *member =
        book_find(book, person_id, book->catalogue->member->id, 0, known);
    return member != NULL && member->from == known &&
           !is_left(book->catalogue, member);
}

/* What began with his life begins with it again: by the book that has him
 * born first, be it that of today. */
static Err take_beginning(Restore *restore)
{
    Step *step = &restore->step[restore->count];
    Day known = restore->was;
    for (int32_t i = 0; i < restore->count; i++) {
        Day then =
            life_birth(&restore->step[i].before.book, restore->person_id);
        if (then >= known) continue;
        known = then;
        step = &restore->step[i];
    }
    const Book *book = &step->before.book;
    Day first = first_day(book);
    if (!born_here(book, restore->person_id, known)) return OK;
    if (first < restore->born) first = restore->born;
    for (int32_t i = 0; i < book->segment_count && first < known; i++) {
        Segment begun = book->segments[i];
        if (!begins_with_life(restore, &begun, known)) continue;
        begun.from = first;
        TRY(take(step, &begun, first, known));
    }
    return OK;
}

/* One statement for what came in one message for one interval. */
static Err say_again(Restore *restore, Step *step)
{
    const Segment *found = step->found;
    qsort(step->found, (size_t)step->count, sizeof *found, move_by_origin);
    for (int32_t i = 0, end; i < step->count; i = end) {
        for (end = i + 1; end < step->count && end - i < BOOK_ATTRIBUTES_MAX;
             end++) {
            if (found[end].origin != found[i].origin ||
                found[end].subject != found[i].subject ||
                found[end].from != found[i].from ||
                found[end].to != found[i].to) {
                break;
            }
        }
        TRY(move_restate(&step->before, restore->change, found + i, end - i));
    }
    return OK;
}

/* Room for what is found: intervals of one thing are apart, so that their
 * pieces are no more than both books have intervals. */
static Err make_room(Restore *restore)
{
    const Book *now = &restore->change->book;
    size_t room = 2 * (size_t)now->segment_count;
    restore->step[restore->count] = (Step){.before = *restore->change};
    for (int32_t i = 0; i <= restore->count; i++) {
        room += 2 * (size_t)restore->step[i].before.book.segment_count;
    }
    for (int32_t i = 0; i <= restore->count; i++) {
        Step *step = &restore->step[i];
        step->room = (int32_t)room;
        step->found = arena_try_raw(restore->change->arena, room + 1,
                                    sizeof *step->found);
        if (step->found == NULL) return ERR_FULL;
    }
    return OK;
}

Err life_restore(RegistryChange *change, int64_t person_id, Day born,
                 LifeRestore **ret)
{
    Day was = life_birth(&change->book, person_id);
    *ret = NULL;
    if (was == DAY_MIN || born >= was) return OK;
    Restore *restore = ARENA_TRY_NEW(change->arena, Restore);
    if (restore == NULL) return ERR_FULL;
    *restore = (Restore){
        .change = change, .person_id = person_id, .born = born, .was = was};
    TRY(find_steps(restore));
    TRY(make_room(restore));
    TRY(take_beginning(restore));
    TRY(take_away(restore));
    *ret = restore;
    return OK;
}

Err life_restore_say(LifeRestore *restore)
{
    for (int32_t i = 0; restore != NULL && i <= restore->count; i++) {
        TRY(say_again(restore, &restore->step[i]));
    }
    return OK;
}

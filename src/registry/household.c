#include "registry/household.h"

#include <stdlib.h>

/* Somebody comes (+1) or goes (-1) on a day, as head or not. */
typedef struct Turn {
    Day day;
    int8_t members, heads;
} Turn;

typedef struct Turns {
    Turn *turn;
    int32_t count;
    Day since;
} Turns;

/* By person, then by time: what kind it is does not matter. */
static int by_person(const void *left, const void *right)
{
    const Segment *a = left, *b = right;
    if (a->subject != b->subject) return a->subject < b->subject ? -1 : 1;
    return (a->from > b->from) - (a->from < b->from);
}

static int by_day(const void *left, const void *right)
{
    const Turn *a = left, *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

static bool is_dead(const KindCatalogue *catalogue, const Segment *segment)
{
    return segment->is.kind == catalogue->dead->id;
}

/* Who is a member, and who is dead, and when. Returns how many. */
static int32_t gather(const Book *book, Segment *ret)
{
    const KindCatalogue *catalogue = book->catalogue;
    int64_t left = kind_code(catalogue->member, STR("left"));
    int32_t count = 0;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        bool member = segment->is.kind == catalogue->member->id &&
                      segment->is.value != left;
        bool dead = is_dead(catalogue, segment) && segment->is.value != 0;
        if ((member || dead) && segment->from < segment->to) {
            ret[count++] = *segment;
        }
    }
    qsort(ret, (size_t)count, sizeof *ret, by_person);
    return count;
}

static void turn_add(Turns *turns, Day from, Day to, bool head)
{
    if (from < turns->since) from = turns->since;
    if (from >= to) return;
    turns->turn[turns->count++] = (Turn){from, 1, head};
    turns->turn[turns->count++] = (Turn){to, -1, (int8_t)-head};
}

/*
 * Adds the days on which a member is there alive: his segment without the
 * segments of his death, which stand by time in [first, end).
 */
static void add_alive(Turns *turns, const KindCatalogue *catalogue,
                      const Segment *member, const Segment *first,
                      const Segment *end)
{
    Day from = member->from;
    bool head = member->is.value == 0;
    for (const Segment *dead = first; dead < end && dead->from < member->to;
         dead++) {
        if (!is_dead(catalogue, dead) || dead->to <= from) continue;
        if (dead->from > from) turn_add(turns, from, dead->from, head);
        from = dead->to;
    }
    turn_add(turns, from, member->to, head);
}

/* All comings and goings of the living, by day. */
static void find_turns(const Book *book, const Segment *found, int32_t count,
                       Turns *turns)
{
    for (int32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && found[end].subject == found[i].subject;
             end++) {
        }
        for (int32_t m = i; m < end; m++) {
            if (is_dead(book->catalogue, &found[m])) continue;
            add_alive(turns, book->catalogue, &found[m], found + i,
                      found + end);
        }
    }
    qsort(turns->turn, (size_t)turns->count, sizeof *turns->turn, by_day);
}

Err household_check(const Book *book, Day since, const char **ret_rule)
{
    size_t room = (size_t)book->segment_count + 1;
    Segment *found = arena_try_raw(book->arena, room, sizeof *found);
    /* each segment of a death parts one of a life, or two */
    Turn *turn = arena_try_raw(book->arena, 4 * room, sizeof *turn);
    if (found == NULL || turn == NULL) return ERR_FULL;
    Turns turns = {turn, 0, since};
    int32_t count = gather(book, found), members = 0, heads = 0;
    find_turns(book, found, count, &turns);
    for (int32_t i = 0; i < turns.count; i++) {
        members += turn[i].members;
        heads += turn[i].heads;
        if (i + 1 < turns.count && turn[i + 1].day == turn[i].day) continue;
        *ret_rule = members > BOOK_MEMBERS_MAX  ? "household.too_many"
                    : heads > 1                 ? "household.two_heads"
                    : heads == 0 && members > 0 ? "household.no_head"
                                                : NULL;
        if (*ret_rule != NULL) return ERR_INVALID;
    }
    return OK;
}

#include "registry/life.h"

#include <stdlib.h>

Day life_birth(const Book *book, int64_t person_id)
{
    const Kind *birth = book->catalogue->birth;
    Day born = DAY_MIN, known_from = DAY_MIN;
    if (birth == NULL) return DAY_MIN;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        if (segment->subject != person_id || segment->is.kind != birth->id ||
            segment->from >= segment->to || segment->from < known_from) {
            continue;
        }
        known_from = segment->from;
        born = (Day)segment->is.value;
    }
    return born;
}

Day life_death(const Book *book, int64_t person_id, Day day)
{
    const Segment *dead =
        book_find(book, person_id, book->catalogue->dead->id, 0, day);
    return dead == NULL || dead->is.value == 0 ? DAY_OPEN : dead->from;
}

static Err refuse(Diag *diag, const char *key, int64_t person_id, Day day)
{
    char room[16];
    Buf text = {.at = room, .room_bytes = 16, .limit_bytes = 16};
    day_write(&text, day);
    diag_set(diag, key);
    diag_arg_int(diag, person_id);
    diag_arg(diag, buf_view(&text));
    return ERR_INVALID;
}

Err life_check(int64_t person_id, Day born, Day day, Diag *diag)
{
    return day >= born ? OK : refuse(diag, "person.unborn", person_id, born);
}

/* What stands in for a segment before the birth; false: it may stay. */
static bool unsay(const KindCatalogue *catalogue, Day born, Segment *segment)
{
    const Kind *kind = catalogue->by_id[segment->is.kind];
    int64_t before = segment->is.value;
    int64_t left = kind_code(catalogue->member, STR("left"));
    if (kind == catalogue->member) {
        segment->is.value = left;
        return before != left;
    }
    if (kind == catalogue->birth) {
        segment->is.value = born;
        return before != born;
    }
    if (kind->project == PROJECT_STATE || kind->project == PROJECT_NONE) {
        return false; /* who is not there is asked nothing */
    }
    segment->is.value = 0;
    return before != 0;
}

/* What must be said anew of the days before a birth; NULL: no memory. */
static Segment *early(const RegistryChange *change, int64_t person_id, Day born,
                      int32_t *ret_count)
{
    const Book *book = &change->book;
    int32_t count = 0;
    Segment *found = arena_try_raw(
        change->arena, (size_t)book->segment_count + 1, sizeof *found);
    if (found == NULL) return NULL;
    for (int32_t i = 0; i < book->segment_count; i++) {
        Segment segment = book->segments[i];
        if (segment.subject != person_id || segment.from >= segment.to ||
            segment.from >= born || !unsay(book->catalogue, born, &segment)) {
            continue;
        }
        bool birth = segment.is.kind == book->catalogue->birth->id;
        segment.to = birth ? DAY_OPEN : segment.to > born ? born : segment.to;
        found[count++] = segment;
    }
    qsort(found, (size_t)count, sizeof *found, book_by_interval);
    *ret_count = count;
    return found;
}

Err life_begin(RegistryChange *change, int64_t person_id, Day born, Str source,
               Str message_id, Diag *diag)
{
    int32_t count;
    Day died = life_death(&change->book, person_id, born - 1);
    if (died < born) {
        return refuse(diag, "person.born_after_death", person_id, died);
    }
    const Segment *found = early(change, person_id, born, &count);
    if (found == NULL) return ERR_FULL;
    for (int32_t i = 0, end; i < count; i = end) {
        Attribute said[BOOK_ATTRIBUTES_MAX];
        for (end = i;
             end < count && end - i < BOOK_ATTRIBUTES_MAX &&
             found[end].from == found[i].from && found[end].to == found[i].to;
             end++) {
            said[end - i] = found[end].is;
        }
        Statement statement = {person_id, found[i].from, found[i].to, said,
                               end - i};
        TRY(registry_say(change, &statement, source, message_id));
    }
    return OK;
}

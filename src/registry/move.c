#include "registry/move.h"

#include <stdlib.h>

#include "base/clock.h"

enum { SUCCESSIONS_MAX = 1000 };

/* A day so late that nobody is born after it. */
static const Day no_day = DAY_OPEN;

static const Segment *holding(const Book *book, int64_t person_id,
                              const Kind *kind, Day day)
{
    return book_find(book, person_id, kind->id, 0, day);
}

int32_t move_role(const Book *book, int64_t person_id, Day day)
{
    const KindCatalogue *catalogue = book->catalogue;
    const Segment *member = holding(book, person_id, catalogue->member, day);
    if (member == NULL ||
        member->is.value == kind_code(catalogue->member, STR("left"))) {
        return -1;
    }
    const Segment *dead = holding(book, person_id, catalogue->dead, day);
    if (dead != NULL && dead->is.value != 0) return -1;
    return (int32_t)member->is.value;
}

int move_by_origin(const void *left, const void *right)
{
    const Segment *a = left, *b = right;
    if (a->origin != b->origin) return a->origin < b->origin ? -1 : 1;
    return book_by_interval(left, right);
}

/* What a person takes along: all but his place in the household. NULL when
 * the arena is at its limit. */
static Segment *luggage(const RegistryChange *from, int64_t person_id, Day day,
                        int32_t *ret_count)
{
    const Book *book = &from->book;
    Day since = month_first_day(month_of_day(day) - MOVE_LOOKBACK_MONTHS);
    Segment *taken = arena_try_raw(from->arena, (size_t)book->segment_count + 1,
                                   sizeof *taken);
    int32_t count = 0;
    if (taken == NULL) return NULL;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        if (segment->subject != person_id || segment->from >= segment->to ||
            segment->to <= since ||
            segment->is.kind == book->catalogue->member->id) {
            continue;
        }
        taken[count++] = *segment;
    }
    qsort(taken, (size_t)count, sizeof *taken, move_by_origin);
    *ret_count = count;
    return taken;
}

/* The message that a fact row came with, and when it came. */
static Err origin_of(RegistryChange *from, const Origin *origin,
                     Str *ret_message, Instant *ret_received)
{
    bool row;
    StoreStmt *stmt = store_query(from->tx, Q_FACT_ORIGIN);
    store_bind_int(stmt, 1, from->household_id);
    store_bind_int(stmt, 2, origin->version);
    store_bind_int(stmt, 3, origin->ordinal);
    TRY(store_step(stmt, &row));
    if (!row) return ERR_IO;
    bool room = str_try(from->arena, store_text(stmt, 0), ret_message);
    *ret_received = store_int(stmt, 1);
    store_reset(stmt);
    return room ? OK : ERR_FULL;
}

Err move_restate(RegistryChange *from, RegistryChange *to,
                 const Segment *segments, int32_t count)
{
    const Origin *origin = &from->book.origins[segments->origin];
    Attribute *attributes =
        arena_try_raw(to->arena, (size_t)count, sizeof *attributes);
    if (attributes == NULL) return ERR_FULL;
    for (int32_t i = 0; i < count; i++) attributes[i] = segments[i].is;
    Statement statement = {.subject = segments->subject,
                           .from = segments->from,
                           .to = segments->to,
                           .attributes = attributes,
                           .attribute_count = count};
    Str message;
    Instant received, now = to->at;
    Day since = to->since;
    TRY(origin_of(from, origin, &message, &received));
    to->at = received; /* it is the old message, not a new one */
    Err err = registry_say(to, &statement, origin->source, message);
    to->at = now;
    to->since = since; /* nothing that was decided here depends on it */
    return err;
}

static Err restate_all(RegistryChange *from, RegistryChange *to,
                       int64_t person_id, Day day)
{
    int32_t count;
    const Segment *taken = luggage(from, person_id, day, &count);
    if (taken == NULL) return ERR_FULL;
    for (int32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && end - i < BOOK_ATTRIBUTES_MAX; end++) {
            if (taken[end].origin != taken[i].origin ||
                taken[end].from != taken[i].from ||
                taken[end].to != taken[i].to) {
                break;
            }
        }
        TRY(move_restate(from, to, taken + i, end - i));
    }
    return OK;
}

static Err say_role(RegistryChange *change, const Move *move, int64_t role)
{
    Attribute is = {.kind = change->book.catalogue->member->id, .value = role};
    Statement statement = {.subject = move->person_id,
                           .from = move->day,
                           .to = DAY_OPEN,
                           .attributes = &is,
                           .attribute_count = 1};
    return registry_say(change, &statement, move->source, move->message_id);
}

static Err refuse(Diag *diag, const char *key, int64_t person_id, Day day)
{
    Buf text = buf_make(64);
    day_write(&text, day);
    diag_set(diag, key);
    diag_arg_int(diag, person_id);
    diag_arg(diag, buf_view(&text));
    buf_free(&text);
    return ERR_INVALID;
}

/* He cannot move before he came, nor after he died. */
static Err check_move(RegistryChange *from, const Move *move, Diag *diag,
                      bool *ret_stayed)
{
    const KindCatalogue *catalogue = from->book.catalogue;
    bool row;
    StoreStmt *stmt = store_query(from->tx, Q_STAY_LAST);
    store_bind_int(stmt, 1, move->person_id);
    TRY(store_step(stmt, &row));
    Day came = row ? (Day)store_int(stmt, 0) : DAY_MIN;
    if (row) store_reset(stmt);
    if (move->day < came) {
        return refuse(diag, "event.moved_later", move->person_id, came);
    }
    *ret_stayed = move->day > came;
    const Segment *dead =
        holding(&from->book, move->person_id, catalogue->dead, move->day);
    if (dead == NULL || dead->is.value == 0) return OK;
    return refuse(diag, "event.dead", move->person_id, dead->from);
}

static Err rewrite_keys(const RegistryChange *from, const RegistryChange *to,
                        const Move *move, bool stayed)
{
    StoreStmt *stmt = store_query(to->tx, Q_PERSON_MOVE);
    store_bind_int(stmt, 1, move->person_id);
    store_bind_int(stmt, 2, to->household_id);
    TRY(store_exec(stmt, NULL));
    if (!stayed) return OK; /* he moved on that very day: he never lived here */
    stmt = store_query(to->tx, Q_STAY_INSERT);
    store_bind_int(stmt, 1, move->person_id);
    store_bind_int(stmt, 2, move->day);
    store_bind_int(stmt, 3, from->household_id);
    return store_exec(stmt, NULL);
}

Err move_person(RegistryChange *from, RegistryChange *to, const Move *move,
                Diag *diag)
{
    const Kind *member = from->book.catalogue->member;
    bool stayed = false;
    TRY(check_move(from, move, diag, &stayed));
    TRY(restate_all(from, to, move->person_id, move->day));
    TRY(say_role(to, move, move->role));
    TRY(say_role(from, move, kind_code(member, STR("left"))));
    TRY(rewrite_keys(from, to, move, stayed));
    return move_names(to, move->person_id);
}

Err move_names(RegistryChange *change, int64_t person_id)
{
    const Book *book = &change->book;
    StoreStmt *stmt = store_query(change->tx, Q_NAME_DELETE);
    store_bind_int(stmt, 1, person_id);
    TRY(store_exec(stmt, NULL));
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        const Kind *kind = book->catalogue->by_id[segment->is.kind];
        if (segment->subject != person_id || segment->to != DAY_OPEN ||
            kind->type != KIND_TEXT || !str_is(STR("name"), kind->format)) {
            continue;
        }
        TRY(registry_person_name(change, person_id, segment->is.text));
    }
    return OK;
}

/* Someone who could lead the household on a day. */
typedef struct Candidate {
    int64_t person_id;
    int rank; /* 0 spouse, 1 adult, 2 any */
    Day born;
    Day until; /* the day on which he stops being there as he is */
} Candidate;

static bool better(const Candidate *a, const Candidate *b)
{
    if (a->rank != b->rank) return a->rank < b->rank;
    if (a->born != b->born) return a->born < b->born;
    return a->person_id < b->person_id;
}

static Candidate candidate_of(const Book *book, const Segment *member, Day day)
{
    const KindCatalogue *catalogue = book->catalogue;
    Candidate is = {member->subject, 2, no_day, member->to};
    if (catalogue->birth != NULL) {
        const Segment *birth =
            holding(book, member->subject, catalogue->birth, day);
        if (birth != NULL) is.born = (Day)birth->is.value;
    }
    if (is.born != no_day) {
        Ymd born = day_ymd(is.born), now = day_ymd(day);
        int32_t years = now.year - born.year -
                        (now.month < born.month ||
                         (now.month == born.month && now.day < born.day));
        if (years >= MOVE_ADULT_YEARS) is.rank = 1;
    }
    if (member->is.value == kind_code(catalogue->member, STR("spouse"))) {
        is.rank = 0;
    }
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *dead = &book->segments[i];
        if (dead->subject == is.person_id && dead->from < dead->to &&
            dead->is.kind == catalogue->dead->id && dead->is.value != 0 &&
            dead->from > day && dead->from < is.until) {
            is.until = dead->from;
        }
    }
    return is;
}

/*
 * Who is there on a day. False when nobody leads them; then the best
 * candidate, or none (person_id -1) when nobody is there.
 */
static bool is_led(const Book *book, Day day, Candidate *ret_best)
{
    bool led = false;
    *ret_best = (Candidate){.person_id = -1};
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *member = &book->segments[i];
        if (member->is.kind != book->catalogue->member->id ||
            member->from > day || member->to <= day) {
            continue;
        }
        int32_t role = move_role(book, member->subject, day);
        if (role < 0) continue;
        led |= role == 0;
        Candidate is = candidate_of(book, member, day);
        if (ret_best->person_id < 0 || better(&is, ret_best)) *ret_best = is;
    }
    return led;
}

/* The first day after `day` on which membership or life of anybody changes. */
static Day next_change(const Book *book, Day day)
{
    Day next = no_day;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        if (segment->from >= segment->to ||
            (segment->is.kind != book->catalogue->member->id &&
             segment->is.kind != book->catalogue->dead->id)) {
            continue;
        }
        if (segment->from > day && segment->from < next) next = segment->from;
        if (segment->to > day && segment->to < next) next = segment->to;
    }
    return next;
}

/* The first day after `day`, up to `until`, on which somebody else leads. */
static Day led_from(const Book *book, Day day, Day until)
{
    Candidate best;
    while ((day = next_change(book, day)) < until) {
        if (is_led(book, day, &best)) return day;
    }
    return until;
}

Err move_succession(RegistryChange *change, Day day, Str source, Str message_id,
                    int64_t *ret_head)
{
    Book *book = &change->book;
    int rounds = 0;
    *ret_head = -1;
    for (; day != no_day && rounds < SUCCESSIONS_MAX; rounds++) {
        Candidate best;
        if (is_led(book, day, &best) || best.person_id < 0) {
            day = next_change(book, day);
            continue;
        }
        Attribute is = {.kind = book->catalogue->member->id, .value = 0};
        Statement statement = {.subject = best.person_id,
                               .from = day,
                               .to = led_from(book, day, best.until),
                               .attributes = &is,
                               .attribute_count = 1};
        TRY(registry_say(change, &statement, source, message_id));
        if (*ret_head < 0) *ret_head = best.person_id;
        day = statement.to;
    }
    return rounds < SUCCESSIONS_MAX ? OK : ERR_FULL;
}

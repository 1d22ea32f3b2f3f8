/*
 * Which persons and households an event speaks of. Nothing is written here:
 * all households must be known before the first is locked, because they are
 * locked in the order of their ids.
 */
#include <stdlib.h>

#include "registry/event_int.h"
#include "registry/move.h"

static Err refuse_person(const EventWork *work, const char *key,
                         int64_t person_id, int64_t other)
{
    diag_set(work->diag, key);
    diag_arg_int(work->diag, person_id);
    diag_arg_int(work->diag, other);
    return ERR_INVALID;
}

/* Notes a household; false when there are too many. */
static bool concern(EventWork *work, int64_t household_id)
{
    for (int32_t i = 0; i < work->household_count; i++) {
        if (work->household[i] == household_id) return true;
    }
    if (work->household_count == EVENT_TOUCHED_MAX) return false;
    work->household[work->household_count++] = household_id;
    return true;
}

static Err concern_or_refuse(EventWork *work, int64_t household_id)
{
    if (concern(work, household_id)) return OK;
    return event_refuse(work, ERR_FULL, "event.too_many_households",
                        EVENT_TOUCHED_MAX);
}

static Err find_by_national_id(const EventWork *work, Str national_id,
                               int64_t *ret_person, int64_t *ret_lives_in)
{
    bool row;
    StoreStmt *stmt = store_query(work->tx, Q_PERSON_BY_NATIONAL);
    store_bind_text(stmt, 1, national_id);
    TRY(store_step(stmt, &row));
    *ret_person = row ? store_int(stmt, 0) : EVENT_NONE;
    *ret_lives_in = row ? store_int(stmt, 1) : EVENT_NONE;
    if (row) store_reset(stmt);
    return OK;
}

static Err find_by_id(const EventWork *work, int64_t person_id,
                      int64_t *ret_lives_in, bool *ret_has_national)
{
    bool row;
    StoreStmt *stmt = store_query(work->tx, Q_PERSON_GET);
    store_bind_int(stmt, 1, person_id);
    TRY(store_step(stmt, &row));
    *ret_lives_in = row ? store_int(stmt, 0) : EVENT_NONE;
    *ret_has_national = row && !store_is_null(stmt, 1);
    if (row) store_reset(stmt);
    return OK;
}

/*
 * Who is meant, and where he lives now. Id and national id must not name two
 * persons.
 */
static Err find_person(const EventWork *work, const EventPerson *who,
                       int64_t *ret_person, int64_t *ret_lives_in)
{
    bool has_national = false;
    int64_t person = EVENT_NONE, lives_in = EVENT_NONE;
    if (who->national_id.bytes > 0) {
        TRY(find_by_national_id(work, who->national_id, &person, &lives_in));
    }
    if (who->id != EVENT_NONE) {
        int64_t at;
        TRY(find_by_id(work, who->id, &at, &has_national));
        bool other_number =
            at != EVENT_NONE && who->national_id.bytes > 0 && has_national;
        if (person != EVENT_NONE ? person != who->id : other_number) {
            diag_set(work->diag, "event.two_persons");
            diag_arg_int(work->diag, who->id);
            diag_arg(work->diag, who->national_id);
            return ERR_INVALID;
        }
        person = who->id;
        lives_in = at;
    }
    *ret_person = person;
    *ret_lives_in = lives_in;
    return OK;
}

static int64_t derive_id(const EventWork *work, const char *what, int64_t i)
{
    const Event *event = work->event;
    Str key = str_of(arena_format(work->arena, "%s\n%.*s\n%.*s\n%lld", what,
                                  STR_ARG(event->source), STR_ARG(event->id),
                                  (long long)i));
    return hash_id(key);
}

/* A new person's own id: from his national id, which any agency knows. */
static int64_t new_person_id(const EventWork *work, int32_t i)
{
    const EventPerson *who = &work->event->members[i].who;
    if (who->id != EVENT_NONE) return who->id;
    if (who->national_id.bytes == 0) return derive_id(work, "person", i);
    return hash_id(str_of(arena_format(work->arena, "national_id\n%.*s",
                                       STR_ARG(who->national_id))));
}

/* Whether a message may bring a person whom nobody knew. */
static bool may_be_new(const EventWork *work, int32_t i)
{
    const Event *event = work->event;
    const Kind *birth = work->types->catalogue->birth;
    const EventMember *member = &event->members[i];
    if (event->action == EVENT_BIRTH) return true;
    for (int32_t f = 0; f < member->fact_count; f++) {
        if (birth != NULL && member->facts[f].kind == birth->id) return true;
    }
    return birth == NULL && member->fact_count > 0;
}

static Err unknown_person(const EventWork *work, const EventPerson *who)
{
    diag_set(work->diag, "event.person_unknown");
    if (who->national_id.bytes > 0) {
        diag_arg(work->diag, who->national_id);
    } else {
        diag_arg_int(work->diag, who->id);
    }
    return ERR_NOT_FOUND;
}

static Err find_members(EventWork *work)
{
    const Event *event = work->event;
    for (int32_t i = 0; i < event->member_count; i++) {
        const EventPerson *who = &event->members[i].who;
        work->about = i;
        TRY(find_person(work, who, &work->person[i], &work->lives_in[i]));
        if (work->lives_in[i] == EVENT_NONE) {
            if (!may_be_new(work, i)) return unknown_person(work, who);
            work->person[i] = new_person_id(work, i);
        } else if (event->action == EVENT_BIRTH) {
            return refuse_person(work, "person.elsewhere", work->person[i],
                                 work->lives_in[i]);
        } else if (event->members[i].fact_count > 0) {
            return refuse_person(work, "event.known_already", work->person[i],
                                 work->lives_in[i]);
        }
        for (int32_t j = 0; j < i; j++) {
            if (work->person[j] != work->person[i]) continue;
            return event_refuse(work, ERR_INVALID, "event.same_person",
                                work->person[i]);
        }
    }
    work->about = 0;
    return OK;
}

/* The households in which a person lived after `from`, and the present one. */
static Err concern_stays(EventWork *work, int64_t person_id, Day from)
{
    bool row;
    StoreStmt *stmt = store_query(work->tx, Q_STAY_LIST);
    store_bind_int(stmt, 1, person_id);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        if ((Day)store_int(stmt, 1) <= from) continue;
        if (concern(work, store_int(stmt, 0))) continue;
        store_reset(stmt);
        return event_refuse(work, ERR_FULL, "event.too_many_households",
                            EVENT_TOUCHED_MAX);
    }
}

/* Where a person lived on a day. */
static Err lived_in(const EventWork *work, int64_t person_id, int64_t now_in,
                    Day day, int64_t *ret)
{
    bool row;
    StoreStmt *stmt = store_query(work->tx, Q_STAY_LIST);
    store_bind_int(stmt, 1, person_id);
    *ret = now_in;
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) return OK;
        if ((Day)store_int(stmt, 1) <= day) continue;
        *ret = store_int(stmt, 0);
        store_reset(stmt);
        return OK;
    }
}

/*
 * Whom a death leaves behind: the spouses of a head; the head whose only
 * spouse it was. A death that is taken back left behind those of the day
 * before.
 */
static void find_survivors(EventWork *work, const Book *book)
{
    const Kind *member = book->catalogue->member;
    Day day = work->event->from - (work->event->action != EVENT_DEATH);
    int32_t spouse = kind_code(member, STR("spouse"));
    int32_t role = move_role(book, work->person[0], day);
    int32_t spouses = 0;
    for (int32_t i = 0; i < book->segment_count; i++) {
        const Segment *segment = &book->segments[i];
        int64_t person = segment->subject;
        if (segment->is.kind != member->id || segment->from > day ||
            segment->to <= day || person == work->person[0]) {
            continue;
        }
        int32_t other = move_role(book, person, day);
        spouses += other == spouse;
        bool left_behind =
            (role == 0 && other == spouse) || (role == spouse && other == 0);
        if (left_behind && work->survivor_count < EVENT_MEMBERS_MAX) {
            work->survivor[work->survivor_count++] = person;
        }
    }
    if (role == spouse && spouses > 0) work->survivor_count = 0;
}

static Err plan_death(EventWork *work)
{
    if (work->event->becomes == NULL) return OK;
    int64_t home, version;
    Str bytes;
    Book book;
    TRY(lived_in(work, work->person[0], work->lives_in[0], work->event->from,
                 &home));
    TRY(registry_book(work->tx, work->arena, home, &version, &bytes));
    TRY(book_read(work->arena, work->types->catalogue, bytes, &book));
    find_survivors(work, &book);
    for (int32_t i = 0; i < work->survivor_count; i++) {
        bool has_national;
        int64_t at;
        TRY(find_by_id(work, work->survivor[i], &at, &has_national));
        TRY(concern_or_refuse(work, at));
        TRY(concern_stays(work, work->survivor[i], work->event->from));
    }
    return OK;
}

static Err plan_birth(EventWork *work)
{
    const Event *event = work->event;
    work->target = event->household;
    if (work->target >= 0) return OK;
    int64_t at;
    work->about = EVENT_ABOUT_PARENT;
    TRY(find_person(work, &event->parent, &work->parent, &at));
    if (at == EVENT_NONE) return unknown_person(work, &event->parent);
    work->about = 0;
    return lived_in(work, work->parent, at, event->from, &work->target);
}

/* Where those who move go to. */
static Err plan_target(EventWork *work)
{
    const Event *event = work->event;
    int64_t named = event->household;
    bool always = event->action == EVENT_LEFT || event->action == EVENT_FORMED;
    if (event->action == EVENT_LEFT || event->action == EVENT_DIVORCE) {
        named = event->target;
    }
    work->target_new = named == EVENT_NEW || (named == EVENT_NONE && always) ||
                       event->action == EVENT_FORMED;
    work->target = named;
    if (named < 0) {
        work->target =
            work->target_new ? derive_id(work, "household", 0) : EVENT_NONE;
    }
    return OK;
}

static Err plan_state(EventWork *work)
{
    const Event *event = work->event;
    if (event->kind == work->types->catalogue->dead) TRY(plan_death(work));
    bool checks = event->member_count > 0 && event->household >= 0;
    if (checks && event->household != work->lives_in[0]) {
        return refuse_person(work, "person.elsewhere", work->person[0],
                             work->lives_in[0]);
    }
    if (event->kind->of_person || event->household < 0) return OK;
    return concern_or_refuse(work, event->household);
}

static Err plan_left(EventWork *work)
{
    const Event *event = work->event;
    if (event->household >= 0 && event->household != work->lives_in[0]) {
        return refuse_person(work, "person.elsewhere", work->person[0],
                             work->lives_in[0]);
    }
    TRY(plan_target(work));
    if (work->target != work->lives_in[0]) return OK;
    return refuse_person(work, "event.lives_there", work->person[0],
                         work->target);
}

static Err plan_action(EventWork *work)
{
    switch (work->event->action) {
    case EVENT_STATE:
        return plan_state(work);
    case EVENT_BIRTH:
        return plan_birth(work);
    case EVENT_DEATH:
        return plan_death(work);
    case EVENT_LEFT:
        return plan_left(work);
    case EVENT_MARRIAGE:
    case EVENT_DIVORCE:
    case EVENT_JOINED:
    case EVENT_FORMED:
        return plan_target(work);
    }
    return ERR_INVALID;
}

static int by_id(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

Err event_plan_households(EventWork *work)
{
    const Event *event = work->event;
    work->target = work->parent = EVENT_NONE;
    TRY(find_members(work));
    TRY(plan_action(work));
    bool of_household = event->action == EVENT_STATE && !event->kind->of_person;
    bool of_birth = event->action == EVENT_STATE &&
                    event->kind == work->types->catalogue->birth;
    Day since = of_birth ? DAY_MIN : event->from; /* it concerns all his life */
    for (int32_t i = 0; i < event->member_count; i++) {
        if (work->lives_in[i] == EVENT_NONE) continue;
        TRY(concern_or_refuse(work, work->lives_in[i]));
        if (!of_household) {
            TRY(concern_stays(work, work->person[i], since));
        }
    }
    if (work->target != EVENT_NONE) TRY(concern_or_refuse(work, work->target));
    qsort(work->household, (size_t)work->household_count,
          sizeof *work->household, by_id);
    return OK;
}

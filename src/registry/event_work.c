/*
 * What an event says, once the households that it concerns are open.
 */
#include "registry/event_int.h"
#include "registry/life.h"
#include "registry/move.h"
#include "registry/relation.h"

enum { KIN_MAX = 200 }; /* more relations than anybody has are not checked */

static Err say(EventWork *work, RegistryChange *change, int64_t subject,
               const Attribute *attributes, int32_t count)
{
    const Event *event = work->event;
    Statement statement = {.subject = subject,
                           .from = event->from,
                           .to = event->to,
                           .attributes = attributes,
                           .attribute_count = count};
    return registry_say(change, &statement, event->source, event->id);
}

/*
 * Says a fact in every household that it concerns: the one where the person
 * lives and each in which he still lived after it began, because decisions
 * there look at it or look back to it. It is stated whole in each.
 */
static Err say_everywhere(EventWork *work, int64_t person_id,
                          const Attribute *attribute)
{
    bool row;
    StoreStmt *stmt = store_query(work->tx, Q_PERSON_GET);
    store_bind_int(stmt, 1, person_id);
    TRY(store_step(stmt, &row));
    if (!row) return ERR_IO;
    int64_t said_in[EVENT_TOUCHED_MAX + 1] = {store_int(stmt, 0)};
    int32_t count = 1;
    store_reset(stmt);
    stmt = store_query(work->tx, Q_STAY_LIST);
    store_bind_int(stmt, 1, person_id);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        if ((Day)store_int(stmt, 1) <= work->event->from) continue;
        bool again = false;
        for (int32_t i = 0; i < count; i++) {
            again |= said_in[i] == store_int(stmt, 0);
        }
        if (!again && count <= EVENT_TOUCHED_MAX) {
            said_in[count++] = store_int(stmt, 0);
        }
    }
    for (int32_t i = 0; i < count; i++) {
        RegistryChange *change = event_work_change(work, said_in[i]);
        if (change == NULL) return ERR_CONFLICT; /* he has moved meanwhile */
        TRY(say(work, change, person_id, attribute, 1));
    }
    return OK;
}

static Err succession(EventWork *work, RegistryChange *change)
{
    int64_t head;
    return move_succession(change, work->event->from, work->event->source,
                           work->event->id, &head);
}

static Err succession_everywhere(EventWork *work)
{
    for (int32_t i = 0; i < work->household_count; i++) {
        if (work->change[i].ordinal == 0) continue;
        TRY(succession(work, &work->change[i]));
    }
    return OK;
}

/* Who was head before he is now said to be born leaves the lead to others. */
static Err succession_from_birth(EventWork *work)
{
    for (int32_t i = 0; i < work->household_count; i++) {
        RegistryChange *change = &work->change[i];
        int64_t head;
        if (change->ordinal == 0) continue;
        TRY(move_succession(change, change->since, work->event->source,
                            work->event->id, &head));
    }
    return OK;
}

/* Who became head because of a death that is now taken back, is so no more. */
static Err restore_roles(EventWork *work)
{
    const Kind *member = work->types->catalogue->member;
    Day day = work->event->from;
    for (int32_t c = 0; c < work->household_count; c++) {
        RegistryChange *change = &work->change[c];
        if (move_role(&change->book, work->person[0], day) != 0) continue;
        int32_t count = change->book.segment_count;
        for (int32_t i = 0; i < count; i++) {
            Segment now = change->book.segments[i];
            if (now.is.kind != member->id || now.from > day || now.to <= day ||
                now.is.value != 0 || now.subject == work->person[0]) {
                continue;
            }
            Attribute before = now.is;
            before.value = move_role(&change->book, now.subject, day - 1);
            if (before.value > 0)
                TRY(say(work, change, now.subject, &before, 1));
        }
    }
    return OK;
}

/* Nor is anybody widowed by it: he is again what he was the day before. */
static Err restore_survivors(EventWork *work)
{
    const Event *event = work->event;
    for (int32_t i = 0; i < work->survivor_count; i++) {
        int64_t person = work->survivor[i];
        for (int32_t c = 0; c < work->household_count; c++) {
            const Book *book = &work->change[c].book;
            const Segment *now =
                book_find(book, person, event->becomes->id, 0, event->from);
            const Segment *before =
                book_find(book, person, event->becomes->id, 0, event->from - 1);
            if (now == NULL || before == NULL || now->from != event->from ||
                now->is.value != event->code) {
                continue;
            }
            Attribute was = before->is;
            TRY(say_everywhere(work, person, &was));
            break;
        }
    }
    return OK;
}

/* The index by which people are found follows what is said of them. */
static Err follow_keys(EventWork *work)
{
    const Event *event = work->event;
    int64_t person = work->person[0];
    if (event->kind->type != KIND_TEXT || event->to != DAY_OPEN) return OK;
    if (str_is(STR("name"), event->kind->format)) {
        return move_names(event_work_change(work, work->lives_in[0]), person);
    }
    if (event->kind != work->types->catalogue->national_id) return OK;
    bool row;
    StoreStmt *stmt = store_query(work->tx, Q_PERSON_BY_NATIONAL);
    store_bind_text(stmt, 1, event->value.text);
    TRY(store_step(stmt, &row));
    bool taken = row && store_int(stmt, 0) != person;
    if (row) store_reset(stmt);
    if (taken) {
        diag_set(work->diag, "person.id_taken");
        diag_arg(work->diag, event->value.text);
        return ERR_INVALID;
    }
    stmt = store_query(work->tx, Q_PERSON_NATIONAL_SET);
    store_bind_int(stmt, 1, person);
    store_bind_text(stmt, 2, event->value.text);
    return store_exec(stmt, NULL);
}

/* A birth that is corrected: what was said of days before it ends. */
static Err begin_life(EventWork *work)
{
    const Event *event = work->event;
    for (int32_t i = 0; i < work->household_count; i++) {
        TRY(life_begin(&work->change[i], work->person[0], event->from,
                       event->source, event->id, work->diag));
    }
    return succession_from_birth(work);
}

/* A birth that is corrected to an earlier day: what was missing is back. */
static Err restore_life(EventWork *work)
{
    for (int32_t i = 0; i < work->household_count; i++) {
        LifeRestore *restore;
        TRY(life_restore(&work->change[i], work->person[0], work->event->from,
                         &restore));
        TRY(life_restore_say(restore));
    }
    return OK;
}

static Err say_state(EventWork *work)
{
    const Event *event = work->event;
    if (!event->kind->of_person) {
        int64_t at =
            event->household >= 0 ? event->household : work->lives_in[0];
        return say(work, event_work_change(work, at), BOOK_HOUSEHOLD,
                   &event->value, 1);
    }
    bool birth = event->kind == work->types->catalogue->birth;
    if (birth) TRY(restore_life(work));
    TRY(say_everywhere(work, work->person[0], &event->value));
    if (event->kind == work->types->catalogue->dead) {
        TRY(restore_roles(work));
        TRY(restore_survivors(work));
    }
    if (birth) TRY(begin_life(work));
    return follow_keys(work);
}

static Err say_death(EventWork *work)
{
    const Event *event = work->event;
    Attribute dead = {.kind = work->types->catalogue->dead->id, .value = 1};
    TRY(say_everywhere(work, work->person[0], &dead));
    if (event->becomes != NULL) {
        Attribute left = {.kind = event->becomes->id, .value = event->code};
        for (int32_t i = 0; i < work->survivor_count; i++) {
            TRY(say_everywhere(work, work->survivor[i], &left));
        }
    }
    return succession_everywhere(work);
}

/* Adds one attribute in its place by kind. */
static int32_t insert(Attribute *attributes, int32_t count, Attribute add)
{
    int32_t i = count;
    for (; i > 0 && attributes[i - 1].kind > add.kind; i--) {
        attributes[i] = attributes[i - 1];
    }
    if (i > 0 && attributes[i - 1].kind == add.kind) return count; /* given */
    attributes[i] = add;
    return count + 1;
}

static Err check_same(EventWork *work, const EventMember *member,
                      const Attribute *own)
{
    for (int32_t i = 0; i < member->fact_count; i++) {
        const Attribute *fact = &member->facts[i];
        if (fact->kind != own->kind) continue;
        if (fact->value == own->value && str_equal(fact->text, own->text)) {
            return OK;
        }
        const Kind *kind = work->types->catalogue->by_id[own->kind];
        diag_set(work->diag, "event.contradicts");
        diag_arg_text(work->diag, kind->name);
        return ERR_INVALID;
    }
    return OK;
}

/*
 * The first day on which a new person is there: that of the message, or of
 * his birth where a household is described with those who came later. Nobody
 * leads a household or joins one before he is born.
 */
static Err first_day(EventWork *work, int32_t i, const Attribute *facts,
                     int32_t count, Day *from)
{
    const Event *event = work->event;
    const Kind *birth = work->types->catalogue->birth;
    for (int32_t f = 0; f < count; f++) {
        if (birth == NULL || facts[f].kind != birth->id) continue;
        Day born = (Day)facts[f].value;
        if (event->action != EVENT_FORMED || event->members[i].role == 0) {
            return life_check(work->person[i], born, *from, work->diag);
        }
        if (born > *from) *from = born;
    }
    return OK;
}

/* Amounts of a month count from the month in which they begin, as when they
 * are reported alone. */
static Err say_first_month(EventWork *work, RegistryChange *change,
                           const Statement *person)
{
    const KindCatalogue *catalogue = work->types->catalogue;
    Attribute sums[BOOK_ATTRIBUTES_MAX];
    int32_t count = 0;
    for (int32_t i = 0; i < person->attribute_count; i++) {
        const Attribute *is = &person->attributes[i];
        bool sum = catalogue->by_id[is->kind]->project == PROJECT_SUM;
        if (sum && is->value != 0) sums[count++] = *is;
    }
    Day first = month_first_day(month_of_day(person->from));
    if (count == 0 || first == person->from) return OK;
    Statement month = {person->subject, first, person->from, sums, count};
    return registry_say(change, &month, work->event->source, work->event->id);
}

/* A person whom nobody knew: his place, his number, what is known of him. */
static Err add_person(EventWork *work, int32_t i, RegistryChange *change)
{
    const Event *event = work->event;
    const KindCatalogue *catalogue = work->types->catalogue;
    const EventMember *member = &event->members[i];
    Attribute all[BOOK_ATTRIBUTES_MAX];
    int32_t count = member->fact_count;
    CHECK(count + 3 < BOOK_ATTRIBUTES_MAX);
    for (int32_t f = 0; f < count; f++) all[f] = member->facts[f];
    Str national_id = member->who.national_id;
    for (int32_t f = 0; f < count && national_id.bytes == 0; f++) {
        if (catalogue->national_id != NULL &&
            all[f].kind == catalogue->national_id->id) {
            national_id = all[f].text;
        }
    }
    if (national_id.bytes > 0) {
        Attribute number = {.kind = catalogue->national_id->id,
                            .text = national_id};
        TRY(check_same(work, member, &number));
        count = insert(all, count, number);
    }
    if (event->action == EVENT_BIRTH && catalogue->birth != NULL) {
        Attribute born = {.kind = catalogue->birth->id, .value = event->from};
        TRY(check_same(work, member, &born));
        count = insert(all, count, born);
    }
    Day from = event->from;
    TRY(first_day(work, i, all, count, &from));
    Attribute role = {.kind = catalogue->member->id, .value = member->role};
    if (member->role < 0) {
        diag_set(work->diag, "event.missing");
        diag_arg_text(work->diag, "role");
        return ERR_INVALID;
    }
    count = insert(all, count, role);
    bool known;
    TRY(registry_person_check(work->tx, change->household_id, work->person[i],
                              national_id, work->diag, &known));
    TRY(registry_person_add(change, work->person[i], national_id));
    Statement statement = {work->person[i], from, event->to, all, count};
    TRY(registry_say(change, &statement, event->source, event->id));
    TRY(say_first_month(work, change, &statement));
    return move_names(change, work->person[i]);
}

static Err move_to_target(EventWork *work, int32_t i, int32_t role)
{
    RegistryChange *to = event_work_change(work, work->target);
    work->about = i;
    if (work->lives_in[i] == EVENT_NONE) return add_person(work, i, to);
    Move move = {.person_id = work->person[i],
                 .role = role,
                 .day = work->event->from,
                 .source = work->event->source,
                 .message_id = work->event->id};
    RegistryChange *from = event_work_change(work, work->lives_in[i]);
    TRY(move_person(from, to, &move, work->diag));
    return OK;
}

/* What is known of a household that the event makes. */
static Err say_household_facts(EventWork *work)
{
    const Event *event = work->event;
    if (event->fact_count == 0) return OK;
    if (!work->target_new) {
        return event_refuse(work, ERR_INVALID, "event.household_exists",
                            work->target);
    }
    return say(work, event_work_change(work, work->target), BOOK_HOUSEHOLD,
               event->facts, event->fact_count);
}

/*
 * A role in the household where the person lives already. Nobody succeeds to a
 * head by it: who leads instead the message does not say, and the registry may
 * not say it in the agency's name; the check of the household refuses it.
 */
static Err change_role(EventWork *work)
{
    const Event *event = work->event;
    const Kind *member = work->types->catalogue->member;
    RegistryChange *change = event_work_change(work, work->lives_in[0]);
    Attribute role = {.kind = member->id, .value = event->members[0].role};
    bool here = move_role(&change->book, work->person[0], event->from) >= 0;
    if (role.value < 0 || !here) {
        diag_set(work->diag, "event.lives_there");
        diag_arg_int(work->diag, work->person[0]);
        diag_arg_int(work->diag, work->lives_in[0]);
        return ERR_INVALID;
    }
    return say(work, change, work->person[0], &role, 1);
}

static Err say_joined(EventWork *work)
{
    int32_t role = work->event->members[0].role;
    if (work->target == EVENT_NONE || work->target == work->lives_in[0]) {
        return change_role(work);
    }
    if (role < 0) {
        role = kind_code(work->types->catalogue->member, STR("other"));
    }
    TRY(move_to_target(work, 0, role));
    return succession_everywhere(work);
}

static Err say_left(EventWork *work)
{
    const Kind *member = work->types->catalogue->member;
    int32_t role = work->event->members[0].role;
    if (work->target_new) role = 0;
    if (role < 0) role = kind_code(member, STR("other"));
    TRY(move_to_target(work, 0, role));
    TRY(say_household_facts(work));
    return succession_everywhere(work);
}

static Err say_formed(EventWork *work)
{
    const Event *event = work->event;
    for (int32_t i = 0; i < event->member_count; i++) {
        TRY(move_to_target(work, i, event->members[i].role));
    }
    TRY(say_household_facts(work));
    return succession_everywhere(work);
}

/* What both are from that day on. */
static Err say_both(EventWork *work)
{
    const Event *event = work->event;
    if (event->becomes == NULL) return OK;
    Attribute is = {.kind = event->becomes->id, .value = event->code};
    TRY(say_everywhere(work, work->person[0], &is));
    return say_everywhere(work, work->person[1], &is);
}

/* The role of one who marries into the household of the other. */
static int32_t role_beside(EventWork *work, int32_t other)
{
    const Kind *member = work->types->catalogue->member;
    RegistryChange *home = event_work_change(work, work->target);
    int32_t role =
        move_role(&home->book, work->person[other], work->event->from);
    return kind_code(member, role == 0 ? STR("spouse") : STR("other"));
}

/* Notes what the other is to the first person from that day on. */
static Err relate(EventWork *work, int64_t other, RelationKind kind)
{
    const Event *event = work->event;
    Relation relation = {.person_id = work->person[0],
                         .other_id = other,
                         .kind = kind,
                         .from = event->from,
                         .source = event->source,
                         .message_id = event->id,
                         .received_at = work->now};
    return relation_keep(work->tx, &relation);
}

static Err say_birth(EventWork *work)
{
    TRY(add_person(work, 0, event_work_change(work, work->target)));
    if (work->parent != EVENT_NONE) {
        TRY(relate(work, work->parent, RELATION_PARENT));
    }
    /* told late, when his elders may have gone since */
    return succession_everywhere(work);
}

static Err say_marriage(EventWork *work)
{
    bool first_there = work->lives_in[0] == work->target;
    bool second_there = work->lives_in[1] == work->target;
    if (work->target == EVENT_NONE) return say_both(work);
    if (!first_there) {
        int32_t role = work->target_new ? 0 : role_beside(work, 1);
        TRY(move_to_target(work, 0, role));
    }
    if (!second_there) TRY(move_to_target(work, 1, role_beside(work, 0)));
    TRY(say_household_facts(work));
    TRY(say_both(work));
    return succession_everywhere(work);
}

static Err say_divorce(EventWork *work)
{
    const Kind *member = work->types->catalogue->member;
    if (work->target == EVENT_NONE) return say_both(work);
    int32_t role = work->target_new ? 0 : kind_code(member, STR("other"));
    if (work->target != work->lives_in[1]) {
        TRY(move_to_target(work, 1, role));
    }
    TRY(say_household_facts(work));
    TRY(say_both(work));
    return succession_everywhere(work);
}

/* Whether somebody is born on the day of the message; an amount of a month
 * may begin with the month of his birth. */
static Err check_born(EventWork *work, int64_t person_id, int64_t household_id)
{
    const Event *event = work->event;
    RegistryChange *change = event_work_change(work, household_id);
    if (change == NULL) return OK;
    Day born = life_birth(&change->book, person_id);
    if (event->action == EVENT_STATE && event->kind->project == PROJECT_SUM &&
        born != DAY_MIN) {
        born = month_first_day(month_of_day(born));
    }
    return life_check(person_id, born, event->from, work->diag);
}

static Err check_alive(EventWork *work, int32_t i)
{
    RegistryChange *change = event_work_change(work, work->lives_in[i]);
    if (change == NULL) return OK;
    Day died = life_death(&change->book, work->person[i], work->event->from);
    if (died == DAY_OPEN) return OK;
    Buf day = buf_make(16);
    day_write(&day, died);
    diag_set(work->diag, "event.dead");
    diag_arg_int(work->diag, work->person[i]);
    diag_arg(work->diag, buf_view(&day));
    buf_free(&day);
    return ERR_INVALID;
}

/* When somebody is born as it is believed now; DAY_MIN: unknown. */
static Err birth_of(EventWork *work, int64_t person_id, Day *ret)
{
    bool row;
    StoreStmt *stmt = store_query(work->tx, Q_PERSON_GET);
    store_bind_int(stmt, 1, person_id);
    TRY(store_step(stmt, &row));
    *ret = DAY_MIN;
    if (!row) return OK;
    int64_t home = store_int(stmt, 0), version;
    store_reset(stmt);
    Str bytes;
    Book book;
    TRY(registry_book(work->tx, work->arena, home, &version, &bytes));
    TRY(book_read(work->arena, work->types->catalogue, bytes, &book));
    *ret = life_birth(&book, person_id);
    return OK;
}

/* Whether a birth agrees with the day of one of the kin: marriages and
 * children come after it, parents before. */
static bool agrees(const Relation *relation, Day other, Day born)
{
    return relation->kind == RELATION_PARENT ? other < born : born < other;
}

/* Refuses what contradicts one of the kin, unless what is believed now does so
 * too: then it may be the other who is wrong. */
static Err check_kin_birth(EventWork *work, const Relation *relation, Day was)
{
    Day born = work->event->from, other = relation->from;
    if (relation->kind != RELATION_SPOUSE) {
        TRY(birth_of(work, relation->other_id, &other));
    }
    if (other == DAY_MIN || agrees(relation, other, born) ||
        (was != DAY_MIN && !agrees(relation, other, was))) {
        return OK;
    }
    diag_set(work->diag,
             relation->kind == RELATION_PARENT  ? "person.born_before_parent"
             : relation->kind == RELATION_CHILD ? "person.born_after_child"
                                                : "person.born_after_marriage");
    Buf day = buf_make(16);
    day_write(&day, other);
    diag_arg_int(work->diag, work->person[0]);
    diag_arg_int(work->diag, relation->other_id);
    diag_arg(work->diag, buf_view(&day));
    buf_free(&day);
    return ERR_INVALID;
}

/* A birth that is corrected must not contradict his marriages, parents and
 * children. */
static Err check_birth(EventWork *work)
{
    Relation known[KIN_MAX];
    int count = 0;
    bool row;
    Day was;
    TRY(birth_of(work, work->person[0], &was));
    StoreStmt *stmt = store_query(work->tx, Q_RELATION_DAYS);
    store_bind_int(stmt, 1, work->person[0]);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        if (count == KIN_MAX) continue;
        known[count++] = (Relation){.other_id = store_int(stmt, 0),
                                    .kind = (RelationKind)store_int(stmt, 1),
                                    .from = (Day)store_int(stmt, 2)};
    }
    for (int i = 0; i < count; i++) {
        TRY(check_kin_birth(work, &known[i], was));
    }
    return OK;
}

/* What is told of somebody must lie within his life: after his birth, and
 * what people do themselves before their death. */
static Err check_lives(EventWork *work)
{
    const Event *event = work->event;
    bool state = event->action == EVENT_STATE;
    if (state && !event->kind->of_person) return OK;
    if (state && event->kind == work->types->catalogue->birth) {
        return check_birth(work);
    }
    if (work->parent != EVENT_NONE) {
        TRY(check_born(work, work->parent, work->target));
    }
    bool pair =
        event->action == EVENT_MARRIAGE || event->action == EVENT_DIVORCE;
    for (int32_t i = 0; i < event->member_count; i++) {
        if (work->lives_in[i] == EVENT_NONE) continue;
        work->about = i;
        TRY(check_born(work, work->person[i], work->lives_in[i]));
        if (pair) TRY(check_alive(work, i));
    }
    work->about = 0;
    return OK;
}

Err event_work_say(EventWork *work)
{
    TRY(check_lives(work));
    switch (work->event->action) {
    case EVENT_STATE:
        return say_state(work);
    case EVENT_BIRTH:
        return say_birth(work);
    case EVENT_DEATH:
        return say_death(work);
    case EVENT_MARRIAGE:
        TRY(relate(work, work->person[1], RELATION_SPOUSE));
        return say_marriage(work);
    case EVENT_DIVORCE: /* they were married, whoever did not say so */
        TRY(relate(work, work->person[1], RELATION_SPOUSE));
        return say_divorce(work);
    case EVENT_JOINED:
        return say_joined(work);
    case EVENT_LEFT:
        return say_left(work);
    case EVENT_FORMED:
        return say_formed(work);
    }
    return ERR_INVALID;
}

#include <stdlib.h>

#include "codec/arabic.h"
#include "codec/json.h"
#include "registry/book_int.h"
#include "registry/event_int.h"
#include "registry/value.h"

enum { SOURCE_BYTES_MAX = 100, ID_BYTES_MAX = 200, DATE_BYTES = 10 };

typedef struct Reader {
    Arena *arena;
    const EventTypes *types;
    Str bytes;
    Diag *diag;
    Event *event;
    const Json *data;
} Reader;

#define ON(action) (1u << (action))

enum {
    ON_PERSON = 0xffu & ~ON(EVENT_FORMED),
    ON_PAIR = ON(EVENT_MARRIAGE) | ON(EVENT_DIVORCE),
    ON_STATE = ON(EVENT_STATE),
    ON_NEW = ON(EVENT_LEFT) | ON(EVENT_FORMED) | ON_PAIR
};

/* What `data` may hold, by action: a name that is misspelt is no fact. */
static const struct {
    const char *name;
    unsigned on;
} members[] = {
    {"person", ON_PERSON},
    {"national_id", ON_PERSON},
    {"household", 0xffu & ~(ON(EVENT_DIVORCE) | ON(EVENT_DEATH))},
    {"from", 0xff},
    {"to", ON_STATE},
    {"month", ON_STATE},
    {"kind", ON_STATE},
    {"value", ON_STATE},
    {"key", ON_STATE},
    {"class", ON_STATE},
    {"lived_in", ON_STATE},
    {"exempt", ON_STATE},
    {"role", ON(EVENT_BIRTH) | ON(EVENT_JOINED) | ON(EVENT_LEFT)},
    {"facts", ON(EVENT_BIRTH) | ON(EVENT_JOINED)},
    {"parent", ON(EVENT_BIRTH)},
    {"parent_national_id", ON(EVENT_BIRTH)},
    {"spouse", ON_PAIR},
    {"spouse_national_id", ON_PAIR},
    {"target", ON(EVENT_LEFT) | ON(EVENT_DIVORCE)},
    {"members", ON(EVENT_FORMED)},
    {"household_facts", ON_NEW},
};

static Err refuse(const Reader *r, const Json *at, const char *key, Str arg)
{
    diag_set(r->diag, key);
    diag_arg(r->diag, arg);
    if (at != NULL) json_place(r->bytes, at, r->diag);
    return ERR_INVALID;
}

/* The member that is there of two which say the same thing. */
static const Json *either(const Json *object, const char *one,
                          const char *other)
{
    const Json *json = json_get(object, one);
    return json == NULL ? json_get(object, other) : json;
}

static Err missing(const Reader *r, const Json *at, const char *name)
{
    return refuse(r, at, "event.missing", str_of(name));
}

/* A value as text, whatever it is in JSON; false for what has none. */
static bool scalar(const Json *json, Str *ret)
{
    if (json == NULL) return false;
    if (json->kind != JSON_TEXT && json->kind != JSON_NUMBER &&
        json->kind != JSON_BOOL) {
        return false;
    }
    *ret = json->text;
    return true;
}

/* The same with Latin digits, for all that is not free text. */
static bool plain(const Reader *r, const Json *json, Str *ret)
{
    Str text;
    if (!scalar(json, &text) || text.bytes > FORMAT_BYTES_MAX) return false;
    bool ascii = true;
    for (size_t i = 0; i < text.bytes; i++) ascii &= text.at[i] > 0;
    if (ascii) {
        *ret = text;
        return true;
    }
    Buf buf = buf_make(2 * (size_t)FORMAT_BYTES_MAX);
    arabic_digits(&buf, text);
    *ret = str_copy(r->arena, buf_view(&buf));
    buf_free(&buf);
    return true;
}

/* source and id: visible characters, so that they can stand in any list. */
static Err read_name(const Reader *r, const Json *message, const char *name,
                     size_t bytes_max, Str *ret)
{
    const Json *json = json_get(message, name);
    Str text;
    if (json == NULL) return missing(r, message, name);
    bool good = scalar(json, &text) && json->kind == JSON_TEXT &&
                text.bytes > 0 && text.bytes <= bytes_max;
    for (size_t i = 0; good && i < text.bytes; i++) {
        good = (unsigned char)text.at[i] > ' ' && text.at[i] != 0x7f;
    }
    if (!good) return refuse(r, json, "event.bad_name", str_of(name));
    *ret = text;
    return OK;
}

/* The rule of a type, or NULL; *ret_tail is what stands for the "*". */
static const EventRule *find_rule(const EventTypes *types, Str type,
                                  Str *ret_tail)
{
    Str prefix = types->prefix, suffix = types->suffix;
    if (type.bytes < prefix.bytes + suffix.bytes) return NULL;
    Str head = {type.at, prefix.bytes};
    Str end = {type.at + type.bytes - suffix.bytes, suffix.bytes};
    if (!str_equal(head, prefix) || !str_equal(end, suffix)) return NULL;
    Str name = {type.at + prefix.bytes,
                type.bytes - prefix.bytes - suffix.bytes};
    for (int32_t i = 0; i < types->rule_count; i++) {
        Str want = str_of(types->rules[i].type);
        *ret_tail = (Str){NULL, 0};
        if (str_equal(want, name)) return &types->rules[i];
        if (want.at[want.bytes - 1] != '*' || name.bytes < want.bytes) continue;
        Str same = {name.at, want.bytes - 1};
        if (!str_equal(same, (Str){want.at, want.bytes - 1})) continue;
        *ret_tail =
            (Str){name.at + want.bytes - 1, name.bytes - want.bytes + 1};
        if (kind_find(types->catalogue, *ret_tail) != NULL) {
            return &types->rules[i];
        }
    }
    return NULL;
}

static Err check_members(const Reader *r)
{
    for (const Json *at = r->data->first; at != NULL; at = at->next) {
        bool known = false;
        for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
            known |= str_is(at->key, members[i].name) &&
                     (members[i].on & ON(r->event->action)) != 0;
        }
        if (!known) return refuse(r, at, "event.member_unknown", at->key);
    }
    return OK;
}

static Err read_id(const Reader *r, const Json *json, int64_t *ret)
{
    Str text;
    if (!plain(r, json, &text) || !str_to_int(text, ret) || *ret < 0 ||
        *ret > REGISTRY_ID_MAX) {
        return refuse(r, json, "event.bad_id", json->text);
    }
    return OK;
}

/* A household's id, or "new". */
static Err read_household(const Reader *r, const char *name, int64_t *ret)
{
    const Json *json = json_get(r->data, name);
    *ret = EVENT_NONE;
    if (json == NULL) return OK;
    if (json->kind == JSON_TEXT && str_is(json->text, "new")) {
        *ret = EVENT_NEW;
        return OK;
    }
    return read_id(r, json, ret);
}

static Err read_value(const Reader *r, const Kind *kind, const Json *json,
                      Attribute *ret)
{
    Str text;
    bool good =
        kind->type == KIND_TEXT ? scalar(json, &text) : plain(r, json, &text);
    if (!good) return refuse(r, json, "event.no_value", str_of(kind->name));
    Err err = value_read(r->arena, r->types->formats, kind, text, r->diag, ret);
    if (err == ERR_INVALID) json_place(r->bytes, json, r->diag);
    return err;
}

static Err read_person(const Reader *r, const Json *object, const char *id,
                       const char *national_id, EventPerson *ret)
{
    const Json *by_id = json_get(object, id);
    const Json *by_national = json_get(object, national_id);
    *ret = (EventPerson){.id = EVENT_NONE};
    if (by_id != NULL) TRY(read_id(r, by_id, &ret->id));
    if (by_national == NULL) return OK;
    const Kind *kind = r->types->catalogue->national_id;
    if (kind == NULL) {
        return refuse(r, by_national, "event.member_unknown",
                      str_of(national_id));
    }
    Attribute value;
    TRY(read_value(r, kind, by_national, &value));
    ret->national_id = value.text;
    return OK;
}

static bool is_named(const EventPerson *person)
{
    return person->id != EVENT_NONE || person->national_id.bytes > 0;
}

static bool same_person(const EventPerson *a, const EventPerson *b)
{
    if (a->id != EVENT_NONE && a->id == b->id) return true;
    return a->national_id.bytes > 0 &&
           str_equal(a->national_id, b->national_id);
}

static Err read_day(const Reader *r, const Json *json, Day *ret)
{
    Str text;
    if (!plain(r, json, &text)) {
        return refuse(r, json, "value.date", json->text);
    }
    Err err = value_read_day(text, r->diag, ret);
    if (err != OK) json_place(r->bytes, json, r->diag);
    return err;
}

/* The interval that `month` stands for: one month, all of it. */
static Err read_month(const Reader *r, const Json *json)
{
    Event *event = r->event;
    Month month;
    Str text;
    if (json_get(r->data, "from") != NULL || json_get(r->data, "to") != NULL) {
        return refuse(r, json, "event.month_alone", json->text);
    }
    if (!plain(r, json, &text) || !month_read(text, &month)) {
        return refuse(r, json, "event.bad_month", json->text);
    }
    event->from = month_first_day(month);
    event->to = month_first_day(month + 1);
    return OK;
}

/*
 * When it is true. Without "from" the day of the message's own time, as the
 * agency wrote it, so that no time zone is guessed.
 */
static Err read_interval(const Reader *r, const Json *message)
{
    Event *event = r->event;
    const Json *month = json_get(r->data, "month");
    const Json *from = json_get(r->data, "from");
    const Json *to = json_get(r->data, "to");
    const Json *time = json_get(message, "time");
    event->to = DAY_OPEN;
    if (month != NULL) return read_month(r, month);
    if (from == NULL && time == NULL) return missing(r, r->data, "from");
    if (from != NULL) {
        TRY(read_day(r, from, &event->from));
    } else {
        Str day = {time->text.at, DATE_BYTES};
        if (!day_read(day, &event->from)) {
            return refuse(r, time, "event.bad_time", time->text);
        }
    }
    if (to == NULL || to->kind == JSON_NULL) return OK;
    TRY(read_day(r, to, &event->to));
    if (event->to <= event->from) {
        return refuse(r, to, "event.empty_interval", to->text);
    }
    return OK;
}

/*
 * An amount counts from the month in which it begins through the month in
 * which it ends. That nothing comes in any more holds from the month after,
 * because in its first month something still came in; within one month it
 * changes nothing.
 */
static void align_months(Event *event)
{
    Month from = month_of_day(event->from);
    bool inside = month_first_day(from) != event->from;
    if (event->value.value == 0 && inside) from++;
    event->from = month_first_day(from);
    if (event->to == DAY_OPEN) return;
    Month to = month_of_day(event->to - 1) + 1;
    event->to = month_first_day(to < from ? from : to);
}

/* A key of the agency's own becomes a number that no other agency gives. */
static int64_t key_of(const Reader *r, Str key)
{
    Buf buf = buf_make(2 * EVENT_BYTES_MAX);
    buf_str(&buf, r->event->source);
    buf_char(&buf, '\n');
    buf_str(&buf, key);
    int64_t id = hash_id(buf_view(&buf));
    buf_free(&buf);
    return id;
}

static Err read_flag(const Reader *r, const char *name, int32_t flag)
{
    const Json *json = json_get(r->data, name);
    bool is = false;
    if (json == NULL) return OK;
    if (!json_bool(json, &is)) return refuse(r, json, "value.flag", json->text);
    if (is) r->event->value.flags |= flag;
    return OK;
}

static Err read_asset(const Reader *r)
{
    const Json *json = json_get(r->data, "class");
    if (json == NULL) return missing(r, r->data, "class");
    int32_t class = kind_asset_class(r->types->catalogue, json->text);
    if (json->kind != JSON_TEXT || class < 0) {
        return refuse(r, json, "event.bad_class", json->text);
    }
    r->event->value.asset_class = class;
    TRY(read_flag(r, "lived_in", ASSET_LIVED_IN));
    if ((r->event->value.flags & ASSET_LIVED_IN) != 0 &&
        r->event->value.value != 0 && /* what was taken once can be ended */
        !kind_is_dwelling(r->types->catalogue, class)) {
        return refuse(r, json_get(r->data, "lived_in"), "event.not_dwelling",
                      json->text);
    }
    return read_flag(r, "exempt", ASSET_EXEMPT);
}

static Err read_keyed(const Reader *r)
{
    static const char *const of_asset[] = {"class", "lived_in", "exempt"};
    Event *event = r->event;
    const Json *key = json_get(r->data, "key");
    if (!book_keyed(event->kind) && key != NULL) {
        return refuse(r, key, "event.no_key", str_of(event->kind->name));
    }
    for (int i = 0; i < 3 && event->kind->type != KIND_ASSET; i++) {
        const Json *stray = json_get(r->data, of_asset[i]);
        if (stray == NULL) continue;
        return refuse(r, stray, "event.member_unknown", stray->key);
    }
    if (!book_keyed(event->kind)) return OK;
    Str text = event->id;
    if (key != NULL && (!plain(r, key, &text) || text.bytes == 0 ||
                        text.bytes > ID_BYTES_MAX)) {
        return refuse(r, key, "event.bad_name", STR("key"));
    }
    event->value.key = key_of(r, text);
    return event->kind->type == KIND_ASSET ? read_asset(r) : OK;
}

/*
 * What a message may name as its kind: an amount that a person receives. All
 * else has a type of its own, with what follows from it: whoever may report
 * incomes must not end a life or a nationality by them.
 */
static bool is_income(const Kind *kind)
{
    return kind->of_person &&
           (kind->project == PROJECT_SUM || kind->project == PROJECT_LUMP);
}

static Err find_kind(const Reader *r, const EventRule *rule, Str tail)
{
    const KindCatalogue *catalogue = r->types->catalogue;
    const Json *json = json_get(r->data, "kind");
    r->event->kind = rule->kind;
    if (tail.bytes > 0) r->event->kind = kind_find(catalogue, tail);
    if (r->event->kind != NULL) {
        if (json == NULL) return OK;
        return refuse(r, json, "event.member_unknown", STR("kind"));
    }
    if (json == NULL) return missing(r, r->data, "kind");
    if (json->kind == JSON_TEXT)
        r->event->kind = kind_find(catalogue, json->text);
    if (r->event->kind != NULL && is_income(r->event->kind)) return OK;
    return refuse(r, json, "event.kind_unknown", json->text);
}

/* What a death makes of a surviving spouse is what the table says. */
static void take_rule_of_death(const Reader *r)
{
    for (int32_t i = 0; i < r->types->rule_count; i++) {
        const EventRule *rule = &r->types->rules[i];
        if (rule->action != EVENT_DEATH) continue;
        r->event->becomes = rule->kind;
        r->event->code = rule->code;
    }
}

/*
 * Membership and death are facts with consequences: told as facts of their
 * kind they are taken as the messages that have them. A birth is that of a
 * whole life, whenever it is said to be true.
 */
static Err turn_structural(const Reader *r)
{
    Event *event = r->event;
    const KindCatalogue *catalogue = r->types->catalogue;
    bool death = event->kind == catalogue->dead;
    bool birth = event->kind == catalogue->birth;
    if (event->kind != catalogue->member && !death && !birth) return OK;
    if (event->to != DAY_OPEN) {
        const Json *end = either(r->data, "to", "month");
        return refuse(r, end, "event.no_end", str_of(event->kind->name));
    }
    if (birth) {
        event->from = (Day)event->value.value;
        return OK;
    }
    if (death) {
        if (event->value.value != 0) event->action = EVENT_DEATH;
        take_rule_of_death(r);
        return OK;
    }
    if (event->value.value == kind_code(catalogue->member, STR("left"))) {
        return refuse(r, json_get(r->data, "value"), "event.use_left",
                      STR("left"));
    }
    event->action = EVENT_JOINED;
    event->members[0].role = (int32_t)event->value.value;
    return OK;
}

static Err read_state(const Reader *r)
{
    Event *event = r->event;
    const Json *json = json_get(r->data, "value");
    if (json == NULL) return missing(r, r->data, "value");
    TRY(read_value(r, event->kind, json, &event->value));
    TRY(read_keyed(r));
    bool named = event->member_count > 0;
    if (event->kind->of_person && !named) return missing(r, r->data, "person");
    if (!named && event->household == EVENT_NONE) {
        return missing(r, r->data, "household");
    }
    if (event->household == EVENT_NEW) {
        return refuse(r, json_get(r->data, "household"), "event.bad_id",
                      STR("new"));
    }
    if (event->kind->project == PROJECT_SUM) align_months(event);
    if (event->kind->project == PROJECT_LUMP) {
        const Json *end = json_get(r->data, "to");
        if (end != NULL) {
            return refuse(r, end, "event.no_end", str_of(event->kind->name));
        }
        event->to = event->from + 1;
    }
    return turn_structural(r);
}

static int by_kind(const void *left, const void *right)
{
    const Attribute *a = left, *b = right;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

/* Facts of a new person or household: {"kind": value, ...}. */
static Err read_facts(const Reader *r, const Json *json, bool of_person,
                      const Attribute **ret, int32_t *ret_count)
{
    const KindCatalogue *catalogue = r->types->catalogue;
    *ret_count = 0;
    if (json == NULL) return OK;
    if (json->kind != JSON_OBJECT) {
        return refuse(r, json, "event.no_object", json->key);
    }
    if (json->count > BOOK_ATTRIBUTES_MAX - 4) {
        return refuse(r, json, "event.too_many", json->key);
    }
    Attribute *facts = ARENA_ARRAY(r->arena, Attribute, json->count + 1);
    for (const Json *at = json->first; at != NULL; at = at->next) {
        const Kind *kind = kind_find(catalogue, at->key);
        if (kind == NULL || kind->of_person != of_person || book_keyed(kind) ||
            kind == catalogue->member || kind == catalogue->dead) {
            return refuse(r, at, "event.kind_unknown", at->key);
        }
        TRY(read_value(r, kind, at, &facts[(*ret_count)++]));
    }
    qsort(facts, (size_t)*ret_count, sizeof *facts, by_kind);
    *ret = facts;
    return OK;
}

/* The role of a member; `fallback` (a code) when none is given. */
static Err read_role(const Reader *r, const Json *object, const char *fallback,
                     int32_t *ret)
{
    const Kind *member = r->types->catalogue->member;
    const Json *json = json_get(object, "role");
    *ret = fallback == NULL ? -1 : kind_code(member, str_of(fallback));
    if (json == NULL) return OK;
    *ret = json->kind == JSON_TEXT ? kind_code(member, json->text) : -1;
    if (*ret < 0 || str_is(json->text, "left")) {
        return refuse(r, json, "event.bad_role", json->text);
    }
    return OK;
}

static Err read_formed_member(const Reader *r, const Json *object)
{
    Event *event = r->event;
    if (object->kind != JSON_OBJECT) {
        return refuse(r, object, "event.no_object", STR("members"));
    }
    for (const Json *at = object->first; at != NULL; at = at->next) {
        if (!str_is(at->key, "person") && !str_is(at->key, "national_id") &&
            !str_is(at->key, "role") && !str_is(at->key, "facts")) {
            return refuse(r, at, "event.member_unknown", at->key);
        }
    }
    if (event->member_count == EVENT_MEMBERS_MAX) {
        return refuse(r, object, "event.too_many", STR("members"));
    }
    EventMember *member = &event->members[event->member_count];
    TRY(read_person(r, object, "person", "national_id", &member->who));
    TRY(read_role(r, object, NULL, &member->role));
    if (member->role < 0) return missing(r, object, "role");
    TRY(read_facts(r, json_get(object, "facts"), true, &member->facts,
                   &member->fact_count));
    if (!is_named(&member->who) && member->fact_count == 0) {
        return missing(r, object, "person");
    }
    for (int32_t i = 0; i < event->member_count; i++) {
        if (!same_person(&event->members[i].who, &member->who)) continue;
        return refuse(r, object, "event.twice", STR("members"));
    }
    event->member_count++;
    return OK;
}

static Err read_formed(const Reader *r)
{
    const Json *json = json_get(r->data, "members");
    if (json == NULL) return missing(r, r->data, "members");
    if (json->kind != JSON_ARRAY || json->count == 0) {
        return refuse(r, json, "event.no_object", STR("members"));
    }
    for (const Json *at = json->first; at != NULL; at = at->next) {
        TRY(read_formed_member(r, at));
    }
    int32_t heads = 0;
    for (int32_t i = 0; i < r->event->member_count; i++) {
        heads += r->event->members[i].role == 0;
    }
    if (heads == 1) return OK;
    return refuse(r, json, "event.one_head", STR("members"));
}

static Err read_pair(const Reader *r)
{
    Event *event = r->event;
    EventPerson *other = &event->members[1].who;
    TRY(read_person(r, r->data, "spouse", "spouse_national_id", other));
    if (!is_named(other)) return missing(r, r->data, "spouse");
    if (same_person(&event->members[0].who, other)) {
        const Json *at = either(r->data, "spouse", "spouse_national_id");
        return refuse(r, at, "event.same_person", STR("spouse"));
    }
    event->member_count = 2;
    return OK;
}

static Err read_birth(const Reader *r)
{
    Event *event = r->event;
    EventMember *child = &event->members[0];
    TRY(read_role(r, r->data, "child", &child->role));
    TRY(read_person(r, r->data, "parent", "parent_national_id",
                    &event->parent));
    bool placed = event->household >= 0;
    if (placed == is_named(&event->parent)) {
        return refuse(r, r->data, "event.one_of_two",
                      STR("household | parent"));
    }
    if (is_named(&event->parent) && same_person(&event->parent, &child->who)) {
        const Json *at = either(r->data, "parent", "parent_national_id");
        return refuse(r, at, "event.same_person", STR("parent"));
    }
    event->member_count = 1;
    return read_facts(r, json_get(r->data, "facts"), true, &child->facts,
                      &child->fact_count);
}

/* Reads what one kind of structural message needs beyond the person. */
static Err read_action(const Reader *r)
{
    Event *event = r->event;
    EventMember *first = &event->members[0];
    bool named = event->member_count > 0;
    if (!named && event->action != EVENT_BIRTH &&
        event->action != EVENT_FORMED && event->action != EVENT_STATE) {
        return missing(r, r->data, "person");
    }
    switch (event->action) {
    case EVENT_STATE:
        return read_state(r);
    case EVENT_BIRTH:
        return read_birth(r);
    case EVENT_DEATH:
        return OK;
    case EVENT_MARRIAGE:
    case EVENT_DIVORCE:
        return read_pair(r);
    case EVENT_JOINED:
        TRY(read_role(r, r->data, NULL, &first->role));
        if (event->household < 0) return missing(r, r->data, "household");
        return read_facts(r, json_get(r->data, "facts"), true, &first->facts,
                          &first->fact_count);
    case EVENT_LEFT:
        return read_role(r, r->data, NULL, &first->role);
    case EVENT_FORMED:
        return read_formed(r);
    }
    return ERR_INVALID;
}

static Err read_data(const Reader *r, const Json *message)
{
    Event *event = r->event;
    TRY(check_members(r));
    TRY(read_interval(r, message));
    TRY(read_household(r, "household", &event->household));
    TRY(read_household(r, "target", &event->target));
    if (event->action != EVENT_FORMED) {
        EventPerson *first = &event->members[0].who;
        TRY(read_person(r, r->data, "person", "national_id", first));
        event->members[0].role = -1;
        event->member_count = is_named(first);
    }
    TRY(read_facts(r, json_get(r->data, "household_facts"), false,
                   &event->facts, &event->fact_count));
    return read_action(r);
}

static Err read_time(const Reader *r, const Json *message)
{
    const Json *time = json_get(message, "time");
    Instant at;
    if (time == NULL) return OK;
    if (time->kind != JSON_TEXT || !instant_read(time->text, &at)) {
        return refuse(r, time, "event.bad_time", time->text);
    }
    return OK;
}

Err event_read_message(Arena *arena, const EventTypes *types, Str bytes,
                       Diag *diag, Event *ret)
{
    const Json *message;
    TRY(json_read(arena, bytes, diag, &message));
    *ret =
        (Event){.content = hash_of(bytes), .bytes = bytes, .message = message};
    Reader r = {arena, types, bytes, diag, ret, json_get(message, "data")};
    if (message->kind != JSON_OBJECT) {
        return refuse(&r, message, "event.no_object", STR("CloudEvents"));
    }
    const Json *version = json_get(message, "specversion");
    if (version == NULL) return missing(&r, message, "specversion");
    if (version->kind != JSON_TEXT || !str_is(version->text, "1.0")) {
        return refuse(&r, version, "event.version", version->text);
    }
    TRY(read_name(&r, message, "source", SOURCE_BYTES_MAX, &ret->source));
    TRY(read_name(&r, message, "id", ID_BYTES_MAX, &ret->id));
    TRY(read_time(&r, message));
    Str type, tail;
    const Json *type_json = json_get(message, "type");
    if (!json_text(type_json, &type)) return missing(&r, message, "type");
    const EventRule *rule = find_rule(types, type, &tail);
    if (rule == NULL) return refuse(&r, type_json, "event.type_unknown", type);
    if (r.data == NULL || r.data->kind != JSON_OBJECT) {
        return missing(&r, message, "data");
    }
    ret->action = rule->action;
    if (rule->action != EVENT_STATE) {
        ret->becomes = rule->kind;
        ret->code = rule->code;
    } else {
        TRY(find_kind(&r, rule, tail));
    }
    return read_data(&r, message);
}

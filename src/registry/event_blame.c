/*
 * Which member of a message a rule of the registry refuses. The rules speak of
 * persons, households and days; who sent the message looks for what he wrote.
 */
#include "codec/json.h"
#include "registry/event_int.h"

typedef const Json *Find(const EventWork *work);

static const Json *data(const EventWork *work)
{
    return json_get(work->event->message, "data");
}

/* What holds the facts and the role of the person in question. */
static const Json *holder(const EventWork *work)
{
    if (work->event->action != EVENT_FORMED) return data(work);
    return json_at(json_get(data(work), "members"), (size_t)work->about);
}

static const Json *one_of(const Json *object, const char *first,
                          const char *second)
{
    const Json *json = json_get(object, first);
    return json == NULL ? json_get(object, second) : json;
}

/* How the person is named; by his national id first, as the rules do. */
static const Json *who(const EventWork *work)
{
    EventAction action = work->event->action;
    bool pair = action == EVENT_MARRIAGE || action == EVENT_DIVORCE;
    if (work->about == EVENT_ABOUT_PARENT) {
        return one_of(data(work), "parent_national_id", "parent");
    }
    if (pair && work->about == 1) {
        return one_of(data(work), "spouse_national_id", "spouse");
    }
    return one_of(holder(work), "national_id", "person");
}

static const Json *when(const EventWork *work)
{
    const Json *day = one_of(data(work), "from", "month");
    return day == NULL ? json_get(work->event->message, "time") : day;
}

static const Json *where(const EventWork *work)
{
    return one_of(data(work), "target", "household");
}

/* Where he lives by the message, or else he himself. */
static const Json *home(const EventWork *work)
{
    EventAction action = work->event->action;
    bool says = action == EVENT_STATE || action == EVENT_LEFT;
    const Json *json = says ? json_get(data(work), "household") : NULL;
    return json == NULL ? who(work) : json;
}

static const Json *role(const EventWork *work)
{
    const Json *json = json_get(holder(work), "role");
    return json == NULL ? json_get(data(work), "value") : json;
}

static const Json *fact(const EventWork *work, const Kind *kind)
{
    if (kind == NULL) return NULL;
    return json_get(json_get(holder(work), "facts"), kind->name);
}

static const Json *birth(const EventWork *work)
{
    const Json *json = fact(work, work->types->catalogue->birth);
    if (json == NULL) json = json_get(data(work), "value");
    return json == NULL ? when(work) : json;
}

static const Json *number(const EventWork *work)
{
    const Json *json = fact(work, work->types->catalogue->national_id);
    if (json == NULL) json = json_get(holder(work), "national_id");
    const Json *value = json_get(data(work), "value");
    return value == NULL ? json : value;
}

static const Json *named_fact(const EventWork *work)
{
    return json_get(json_get(holder(work), "facts"), work->diag->arg[0]);
}

static const Json *message_id(const EventWork *work)
{
    return json_get(work->event->message, "id");
}

static const struct {
    const char *key;
    Find *find;
} rules[] = {
    {"command.other_content", message_id},
    {"event.contradicts", named_fact},
    {"event.future", when},
    {"event.household_exists", where},
    {"event.household_unknown", where},
    {"event.lives_there", where},
    {"event.missing", holder}, /* a role, of one who is new */
    {"event.moved_later", when},
    {"household.born_later", birth},
    {"household.no_head", role},
    {"household.two_heads", role},
    {"person.born_after_child", birth},
    {"person.born_after_death", birth},
    {"person.born_after_marriage", birth},
    {"person.born_before_parent", birth},
    {"person.elsewhere", home},
    {"person.id_taken", number},
    {"person.unborn", when},
};

void event_blame(const EventWork *work)
{
    Diag *diag = work->diag;
    const Json *json = NULL;
    if (diag == NULL || diag->key[0] == '\0' || diag->column > 0) return;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!str_is(str_of(rules[i].key), diag->key)) continue;
        json = rules[i].find(work);
    }
    if (json == NULL) json = who(work);
    if (json == NULL) json = where(work);
    if (json == NULL) json = message_id(work);
    json_place(work->event->bytes, json, diag);
}

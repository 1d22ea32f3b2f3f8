#include "service/demo_int.h"

enum {
    HAPPENINGS_MAX = 128, /* in one household in one month */
    DAYS = 28,
    WAGE_STEP = 5000,
    LEAVES_FROM_AGE = 20,
    BEARS_UNTIL_AGE = 45
};

static const Instant hour = INT64_C(3600000000);

typedef enum Branch { BRANCH_MARRIED, BRANCH_ALONE, BRANCH_DIVORCED } Branch;

/* One message that is yet to be sent. */
typedef struct Happening {
    EventAction action;
    Day from, to;
    const DemoWord *word; /* of EVENT_STATE */
    Attribute value;
    const DemoPerson *person;
    const DemoHousehold *household; /* of EVENT_BIRTH, and of its own facts */
    bool of_household;
} Happening;

typedef struct Life {
    const DemoOptions *options;
    Arena *arena; /* of one month */
    const DemoNation *nation;
    Diag *diag;
    DemoHousehold *household; /* whose month it is */
    Random *random;
    Month month;
    Event *event;
    Happening happening[HAPPENINGS_MAX];
    int32_t count;
    int64_t serial; /* of the messages about the first household */
    int64_t first_id;
} Life;

static int32_t below(Life *life, int64_t limit)
{
    return (int32_t)random_below(life->random, (uint64_t)limit);
}

static bool chance(Life *life, int64_t millionths)
{
    return random_chance(life->random, (uint32_t)millionths);
}

static Day some_day(Life *life)
{
    return month_first_day(life->month) + below(life, DAYS);
}

static void note(Life *life, Happening happening)
{
    if (life->count == HAPPENINGS_MAX) return;
    int32_t i = life->count++;
    for (; i > 0 && life->happening[i - 1].from > happening.from; i--) {
        life->happening[i] = life->happening[i - 1];
    }
    life->happening[i] = happening;
}

static void note_state(Life *life, const DemoPerson *person,
                       const DemoWord *word, Attribute value, Day from, Day to)
{
    note(life, (Happening){.action = EVENT_STATE,
                           .from = from,
                           .to = to,
                           .word = word,
                           .value = value,
                           .person = person});
}

/* Rounded to the day or two that leap years make: this is asked very often. */
static int32_t age_of(const Life *life, const DemoPerson *person)
{
    return (month_first_day(life->month) - person->born) * 4 / 1461;
}

/* The rate of an age, from a list by ages that rise in steps. */
static int64_t by_age(const DemoFigures *figures, const int32_t *ages,
                      int32_t age)
{
    int32_t i = 0;
    while (i < figures->count - 1 && age >= ages[i]) i++;
    return figures->at[i];
}

static bool works(const Life *life, const DemoPerson *person)
{
    return person->wage > 0 && person->wage_to > month_first_day(life->month);
}

/* Head or spouse. */
static bool leads(const Life *life, const DemoPerson *person)
{
    return person->role == 0 || person->role == life->nation->role_spouse;
}

static bool dies(Life *life, DemoPerson *person)
{
    static const int32_t ages[] = {40, 60, 70, 80};
    int64_t rate = by_age(&life->nation->of.death, ages, age_of(life, person));
    if (!chance(life, rate) || person->reserved) return false;
    person->gone = true;
    DemoHousehold *home = life->household;
    for (int32_t i = 0; i < home->count && leads(life, person); i++) {
        DemoPerson *other = &home->people[i];
        bool pair = other != person && leads(life, other) && !other->gone;
        if (pair && other->marital == life->nation->word.married.code) {
            other->marital = life->nation->word.widowed.code;
        }
    }
    note(life, (Happening){.action = EVENT_DEATH,
                           .from = some_day(life),
                           .to = DAY_OPEN,
                           .person = person});
    return true;
}

static void work(Life *life, DemoPerson *person)
{
    const DemoNation *nation = life->nation;
    Day first = month_first_day(life->month);
    int32_t age = age_of(life, person);
    Attribute wage = {0};
    if (works(life, person)) {
        bool january = day_ymd(first).month == 1;
        if (chance(life, nation->of.job_lost.at[0])) {
            person->wage_to = first;
        } else if (january && chance(life, nation->of.wage_raised.at[0])) {
            int64_t more = person->wage * (103 + below(life, 6)) / 100;
            person->wage = more / WAGE_STEP * WAGE_STEP + WAGE_STEP;
            wage.value = person->wage;
        } else {
            return;
        }
    } else {
        int64_t found = nation->of.job_found.at[0];
        bool beginner = person->wage == 0 && age >= 20 && age < 30;
        if (beginner) found /= 10;
        if (age < 18 || age >= 60 || (person->wage == 0 && !beginner)) return;
        if (!chance(life, found)) return;
        person->wage =
            demo_people_wage(nation, life->random, person->female, age);
        person->wage_from = first;
        person->wage_to = DAY_OPEN;
        wage.value = person->wage;
    }
    note_state(life, person, &nation->word.wage, wage, first, DAY_OPEN);
}

static void learn(Life *life, DemoPerson *person)
{
    const DemoNation *nation = life->nation;
    Day first = month_first_day(life->month);
    int32_t month = day_ymd(first).month, age = age_of(life, person);
    bool begins = month == 8 && !person->pupil && age >= 6 && age < 8;
    bool ends = month == 7 && person->pupil && age >= 18;
    if (!begins && !ends) return;
    person->pupil = begins;
    Attribute is = {.value = begins};
    note_state(life, person, &nation->word.pupil, is, first + (begins ? 22 : 0),
               DAY_OPEN);
}

static void travel(Life *life, const DemoPerson *person)
{
    const DemoNation *nation = life->nation;
    bool is_long = chance(life, nation->of.trip_long.at[0]);
    if (!is_long && !chance(life, nation->of.trip.at[0])) return;
    Day from = some_day(life);
    Day to = from + (is_long ? 92 + below(life, 120) : 4 + below(life, 26));
    note_state(life, person, &nation->word.abroad, (Attribute){.value = 1},
               from, to);
}

/* What befalls a person rarely. */
static void befall(Life *life, DemoPerson *person)
{
    const DemoNation *nation = life->nation;
    if (chance(life, nation->of.assessed.at[0]) && person->disability == 0) {
        person->disability =
            1 + demo_nation_choose(life->random, &nation->of.disability_degree);
        note_state(life, person, &nation->word.disability,
                   (Attribute){.value = person->disability}, some_day(life),
                   DAY_OPEN);
    }
    if (age_of(life, person) < 18) return;
    if (chance(life, nation->of.stay.at[0])) {
        Day from = some_day(life);
        note_state(life, person, &nation->word.stay,
                   (Attribute){.value = nation->word.in_care.code}, from,
                   from + 30 + below(life, 150));
    }
    if (chance(life, nation->of.mobile_changed.at[0])) {
        Str number = demo_write_mobile(life->arena, life->random);
        note_state(life, person, &nation->word.mobile,
                   (Attribute){.text = number}, some_day(life), DAY_OPEN);
    }
    if (chance(life, nation->of.lump_sum.at[0])) {
        Day from = some_day(life);
        Attribute sum = {.key = person->id * 1000 + life->month,
                         .value = (1 + below(life, 60)) * INT64_C(500000)};
        note_state(life, person, &nation->word.lump, sum, from, from + 1);
    }
}

static void bear(Life *life, DemoPerson *mother)
{
    static const int32_t ages[] = {30, 35, 40};
    const DemoNation *nation = life->nation;
    DemoHousehold *home = life->household;
    int32_t age = age_of(life, mother);
    if (!mother->female || !leads(life, mother) || age >= BEARS_UNTIL_AGE ||
        mother->marital != nation->word.married.code || mother->gone) {
        return;
    }
    if (!chance(life, by_age(&nation->of.birth, ages, age))) return;
    const DemoPerson *father = NULL;
    for (int32_t i = 0; i < home->count; i++) {
        const DemoPerson *other = &home->people[i];
        if (!other->female && leads(life, other) && !other->gone)
            father = other;
    }
    if (father == NULL || home->count == DEMO_PEOPLE_MAX) return;
    DemoPerson *child = demo_people_add(nation, home, below(life, 1000) < 490,
                                        some_day(life), nation->role_child);
    child->father = father->first;
    child->family = father->family;
    child->citizenship = father->citizenship;
    child->foreign = father->foreign;
    note(life, (Happening){.action = EVENT_BIRTH,
                           .from = child->born,
                           .to = DAY_OPEN,
                           .person = child,
                           .household = home});
}

static void buy(Life *life)
{
    const DemoNation *nation = life->nation;
    DemoPerson *head = &life->household->people[0];
    const DemoFigures *value = &nation->of.asset_value;
    if (head->gone || !chance(life, nation->of.asset_bought.at[0])) return;
    bool car = below(life, 10) < 8;
    const DemoWord *word = car ? &nation->word.car : &nation->word.land;
    const int64_t *range = &value->at[car ? 2 : 4];
    int64_t more =
        (int64_t)random_below(life->random, (uint64_t)(range[1] - range[0]));
    Attribute asset = {.key = head->id * 1000 + life->month,
                       .asset_class = (int32_t)word->code,
                       .value = (range[0] + more) / 100000 * 100000};
    note_state(life, head, word, asset, some_day(life), DAY_OPEN);
}

static void move_house(Life *life)
{
    const DemoNation *nation = life->nation;
    if (!chance(life, nation->of.moved_house.at[0])) return;
    Str address =
        demo_write_address(life->arena, life->random, life->household->region);
    note(life, (Happening){.action = EVENT_STATE,
                           .from = some_day(life),
                           .to = DAY_OPEN,
                           .word = &nation->word.address,
                           .value = {.text = address},
                           .household = life->household,
                           .of_household = true});
}

/* A household's month: what may happen to each who lives there. */
static void pass_month(Life *life)
{
    DemoHousehold *home = life->household;
    bool lived_in = false;
    int32_t count = home->count; /* who is born now has no month behind him */
    for (int32_t i = 0; i < count; i++) {
        DemoPerson *person = &home->people[i];
        if (person->gone || dies(life, person)) continue;
        lived_in = true;
        work(life, person);
        learn(life, person);
        travel(life, person);
        befall(life, person);
    }
    for (int32_t i = 0; i < count; i++) bear(life, &home->people[i]);
    if (!lived_in) return;
    buy(life);
    move_house(life);
}

static const EventRule *rule_of(const Life *life, EventAction action)
{
    const EventTypes *types = life->options->types;
    for (int32_t i = 0; i < types->rule_count; i++) {
        if (types->rules[i].action == action) return &types->rules[i];
    }
    return NULL;
}

/* An event without content, as of a message of that agency. */
static Event *begin_event(Life *life, EventAction action, Day from, Str source)
{
    const EventRule *rule = rule_of(life, action);
    Event *event = life->event;
    *event = (Event){.source = source,
                     .action = action,
                     .from = from,
                     .to = DAY_OPEN,
                     .household = EVENT_NONE,
                     .target = EVENT_NONE,
                     .parent = {.id = EVENT_NONE}};
    event->id = str_of(arena_format(life->arena, "demo-%lld-%lld",
                                    (long long)life->first_id,
                                    (long long)++life->serial));
    event->content = hash_of(event->id);
    if (action != EVENT_STATE && rule != NULL) {
        event->becomes = rule->kind;
        event->code = rule->code;
    }
    return event;
}

static void add_member(Event *event, const DemoPerson *person, int32_t role)
{
    event->members[event->member_count++] =
        (EventMember){.who = {.id = person->id}, .role = role};
}

/* Sends a message, known a few days after what it tells. */
static Err send(Life *life, const Event *event)
{
    EventOutcome outcome;
    Instant now = (event->from + 1 + below(life, 3)) * 24 * hour + 8 * hour;
    const DemoOptions *options = life->options;
    return event_apply(options->tx, life->arena, options->types, event, now,
                       life->diag, &outcome);
}

static Err send_happening(Life *life, const Happening *happening)
{
    const DemoNation *nation = life->nation;
    const DemoWord *word = happening->word;
    Str source = word == NULL ? nation->word.born.source : word->source;
    Event *event =
        begin_event(life, happening->action, happening->from, source);
    event->to = happening->to;
    event->value = happening->value;
    if (word != NULL) {
        event->kind = word->kind;
        event->value.kind = word->kind->id;
    }
    if (happening->of_household) {
        event->household = happening->household->id;
        return send(life, event);
    }
    add_member(event, happening->person, happening->person->role);
    if (happening->action == EVENT_BIRTH) {
        Attribute *facts = ARENA_ARRAY(life->arena, Attribute, 24);
        EventMember *child = &event->members[0];
        event->household = happening->household->id;
        child->fact_count = demo_write_facts(
            life->arena, nation, happening->person, life->random, facts);
        child->facts = facts;
    }
    return send(life, event);
}

static Err send_all(Life *life)
{
    for (int32_t i = 0; i < life->count; i++) {
        TRY(send_happening(life, &life->happening[i]));
    }
    life->count = 0;
    return OK;
}

/* Whom a household loses to the one that he forms, or NULL. */
static DemoPerson *leaver(const DemoNation *nation, DemoHousehold *home,
                          Branch branch)
{
    for (int32_t i = 0; i < home->count; i++) {
        DemoPerson *person = &home->people[i];
        bool wife = person->role == nation->role_spouse;
        bool child =
            person->role == nation->role_child && !person->foreign &&
            demo_people_age(person->born, DEMO_START) >= LEAVES_FROM_AGE;
        if (branch == BRANCH_DIVORCED ? wife : child) return person;
    }
    return NULL;
}

static Branch branch_of(const DemoNation *nation, Random *random)
{
    return (Branch)demo_nation_choose(random, &nation->of.branch_kind);
}

static Random branch_random(uint64_t seed, int64_t id)
{
    return random_for(~seed, (uint64_t)id);
}

bool demo_life_branch(const DemoNation *nation, uint64_t seed,
                      DemoHousehold *before, int64_t id)
{
    Random random = branch_random(seed, id);
    uint32_t rate = (uint32_t)nation->of.branch.at[0];
    if (id % 2 == 0 || !random_chance(&random, 2 * rate)) return false;
    Branch branch = branch_of(nation, &random);
    DemoPerson *who = leaver(nation, before, branch);
    if (who == NULL) return false;
    who->reserved = true;
    if (branch == BRANCH_DIVORCED) before->people[0].reserved = true;
    return true;
}

/* The new household's own facts, and its members' messages. */
static Err send_formed(Life *life, Event *event, DemoHousehold *home)
{
    const DemoNation *nation = life->nation;
    Attribute *facts = ARENA_ARRAY(life->arena, Attribute, 3);
    const Attribute region = {.kind = nation->word.region.kind->id,
                              .value = home->region};
    const Attribute dwelling = {.kind = nation->word.dwelling.kind->id,
                                .value = home->dwelling};
    bool in_order = region.kind < dwelling.kind;
    facts[0] = in_order ? region : dwelling;
    facts[1] = in_order ? dwelling : region;
    event->household = home->id;
    event->facts = facts;
    event->fact_count = 2;
    return send(life, event);
}

/* Takes a person along into the new household, under his own id. */
static DemoPerson *take(DemoHousehold *home, DemoPerson *person, int32_t role)
{
    DemoPerson *taken = &home->people[home->count++];
    *taken = *person;
    taken->role = role;
    taken->reserved = false;
    person->gone = true;
    return taken;
}

static Err send_marital(Life *life, const DemoPerson *person, Day day)
{
    const DemoWord *word = &life->nation->word.marital;
    Event *event = begin_event(life, EVENT_STATE, day, word->source);
    event->kind = word->kind;
    event->value = (Attribute){.kind = word->kind->id,
                               .value = life->nation->word.married.code};
    add_member(event, person, -1);
    return send(life, event);
}

/* A child moves out, alone or married to somebody whom nobody knew here. */
static Err grow_up(Life *life, DemoHousehold *home, DemoPerson *child,
                   Branch branch, Day day)
{
    const DemoNation *nation = life->nation;
    bool marries = branch == BRANCH_MARRIED;
    int32_t role = marries && child->female ? nation->role_spouse : 0;
    DemoPerson *own = take(home, child, role);
    Event *event =
        begin_event(life, EVENT_FORMED, day, nation->word.born.source);
    add_member(event, own, role);
    if (!marries) return send_formed(life, event, home);
    Day born = own->born + (own->female ? -900 : 500);
    DemoPerson *other = demo_people_add(nation, home, !own->female, born,
                                        role == 0 ? nation->role_spouse : 0);
    own->marital = other->marital = nation->word.married.code;
    other->wage = 0;
    Attribute *facts = ARENA_ARRAY(life->arena, Attribute, 24);
    add_member(event, other, other->role);
    event->members[1].facts = facts;
    event->members[1].fact_count =
        demo_write_facts(life->arena, nation, other, life->random, facts);
    TRY(send_formed(life, event, home));
    return send_marital(life, own, day);
}

/* A divorced wife moves out with the small children. */
static Err part(Life *life, DemoHousehold *from, DemoHousehold *home,
                DemoPerson *wife, Day day)
{
    const DemoNation *nation = life->nation;
    DemoPerson *husband = &from->people[0];
    Event *event =
        begin_event(life, EVENT_DIVORCE, day, nation->word.born.source);
    add_member(event, husband, -1);
    add_member(event, wife, -1);
    TRY(send(life, event));
    husband->marital = wife->marital = nation->word.divorced.code;
    husband->reserved = false;
    event = begin_event(life, EVENT_FORMED, day, nation->word.born.source);
    add_member(event, take(home, wife, 0), 0);
    for (int32_t i = 0; i < from->count; i++) {
        DemoPerson *child = &from->people[i];
        if (child->gone || child->role != nation->role_child ||
            child->born > day || /* later in this very month, at the father's */
            demo_people_age(child->born, day) > 11) {
            continue;
        }
        add_member(event, take(home, child, child->role), child->role);
    }
    return send_formed(life, event, home);
}

static Err form(Life *life, DemoHousehold *from, DemoHousehold *home,
                Branch branch)
{
    DemoPerson *who = NULL;
    for (int32_t i = 1; i < from->count; i++) {
        if (from->people[i].reserved) who = &from->people[i];
    }
    CHECK(who != NULL);
    Day day = some_day(life);
    if (branch == BRANCH_DIVORCED) return part(life, from, home, who, day);
    return grow_up(life, home, who, branch, day);
}

/* When and how the second household begins. */
static Month plan_branch(const Life *life, DemoHousehold *second, Month until,
                         Branch *ret)
{
    Random random = branch_random(life->options->seed, second->id);
    random_next(&random); /* whether it is one: demo_life_branch() */
    *ret = branch_of(life->nation, &random);
    second->random = random;
    Month from = month_of_day(DEMO_START);
    return from + (Month)random_below(&random, (uint64_t)(until - from));
}

Err demo_life_run(const DemoOptions *options, Arena *arena,
                  const DemoNation *nation, DemoHousehold *first,
                  DemoHousehold *second, Diag *diag, int64_t *ret_events)
{
    Arena *own CLEANUP(arena_closep) = arena_open((size_t)64 << 20);
    Life *life = ARENA_NEW(arena, Life);
    life->options = options;
    life->arena = own;
    life->nation = nation;
    life->diag = diag;
    life->first_id = first->id;
    life->event = ARENA_NEW(arena, Event);
    Branch branch = BRANCH_ALONE;
    Month formed = 0;
    if (second != NULL) {
        formed = plan_branch(life, second, options->until, &branch);
    }
    for (Month month = month_of_day(DEMO_START); month < options->until;
         month++) {
        arena_reset(own);
        life->month = month;
        life->household = first;
        life->random = &first->random;
        pass_month(life);
        TRY(send_all(life));
        if (second == NULL || month < formed) continue;
        life->household = second;
        life->random = &second->random;
        if (month == formed) {
            TRY(form(life, first, second, branch));
            continue;
        }
        pass_month(life);
        TRY(send_all(life));
    }
    *ret_events += life->serial;
    return OK;
}

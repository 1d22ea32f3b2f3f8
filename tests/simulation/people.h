/*
 * people.h - populations of a snapshot for tests: as people are, at the edges
 * of what a fact can be, with much that is unknown, and with incomes that lie
 * exactly at a limit or a part of a halala beside it.
 */
#ifndef TESTS_SIMULATION_PEOPLE_H
#define TESTS_SIMULATION_PEOPLE_H

#include <check.h>

#include "base/random.h"
#include "column/snapshot.h"
#include "registry/record.h"

typedef enum PeopleStyle {
    PEOPLE_NATION,    /* bench/nation.h, through CSV: not made here */
    PEOPLE_USUAL,     /* every kind of fact, as it mostly is */
    PEOPLE_WILD,      /* the edges of every kind, very large households */
    PEOPLE_UNKNOWN,   /* much is null */
    PEOPLE_ALIKE,     /* few different values, so that columns are narrow */
    PEOPLE_THRESHOLD, /* usual, and then at the limit of the law */
    PEOPLE_STYLES
} PeopleStyle;

typedef struct People {
    Random random;
    PeopleStyle style;
    const KindCatalogue *catalogue;
    Month month;
    Arena *arena;
    int64_t next_person;
    int64_t most;       /* of amounts of this population, a month */
    uint32_t null_ppm;  /* how often a field is null */
    uint32_t asset_ppm; /* how often a person has assets */
} People;

static inline int64_t people_below(People *p, int64_t n)
{
    return (int64_t)random_below(&p->random, (uint64_t)n);
}

/* Amounts a month beyond which something else may happen. */
static inline People people_make(uint64_t seed, PeopleStyle style,
                                 const KindCatalogue *catalogue, Month month,
                                 Arena *arena)
{
    static const int64_t mosts[] = {
        INT64_MAX / 12,         INT64_C(100000000000000), /* value.c */
        INT64_C(1000000000001), INT32_MAX,
        INT64_C(1) << 32,       178956971 /* INT32_MAX / 12 + 1 */};
    static const uint32_t nulls[] = {20000, 150000, 500000};
    People p = {.random = random_make(seed),
                .style = style,
                .catalogue = catalogue,
                .month = month,
                .arena = arena};
    bool wild = style == PEOPLE_WILD;
    p.next_person = people_below(&p, 100000);
    if (wild && people_below(&p, 3) == 0) p.next_person += INT64_MAX / 5;
    p.most = wild ? mosts[people_below(&p, 6)] : 900000;
    if (wild && people_below(&p, 2) == 0) p.null_ppm = nulls[0];
    if (style == PEOPLE_UNKNOWN) p.null_ppm = nulls[people_below(&p, 3)];
    p.asset_ppm = people_below(&p, 4) == 0 ? 0 : 150000;
    return p;
}

/* An amount of one month. */
static inline int64_t people_amount(People *p)
{
    static const int64_t edges[] = {1,      75000,  74999,  75001,
                                    132000, 131999, 132001, 33};
    int64_t way = people_below(p, 40);
    if (p->style == PEOPLE_ALIKE) return way < 30 ? 0 : 50000;
    if (way < 26) return 0;
    if (way < 30) return edges[people_below(p, 8)];
    if (way < 38 || p->style != PEOPLE_WILD) return people_below(p, 900000);
    if (way == 38) return p->most - people_below(p, 2);
    return people_below(p, p->most);
}

/* A day near those on which an age is reached, or an edge of the calendar. */
static inline int64_t people_edge_day(People *p)
{
    static const int32_t ages[] = {0, 6, 18, 19, 21, 60, 65, 100};
    int32_t months = p->month - 12 * ages[people_below(p, 8)];
    int32_t leap = 1904 + 4 * (int32_t)people_below(p, 30);
    switch (people_below(p, 5)) {
    case 0:
        return people_below(p, 2) ? DAY_MIN : DAY_MAX;
    case 1:
        return day_of((Ymd){leap, 2, 29});
    case 2:
        return day_of((Ymd){leap + (int32_t)people_below(p, 2), 3, 1}) - 1;
    case 3:
        months += (int32_t)people_below(p, 3) - 1;
        return month_first_day(months) - people_below(p, 2);
    default:
        return month_first_day(months) + people_below(p, 33) - 16;
    }
}

static inline int64_t people_day(People *p)
{
    if (p->style == PEOPLE_WILD || people_below(p, 8) == 0) {
        return people_edge_day(p);
    }
    if (p->style == PEOPLE_ALIKE) return 3650;
    return month_first_day(p->month) - people_below(p, 34000);
}

static inline int64_t people_count(People *p)
{
    static const int64_t edges[] = {89, 90, 91, 364, 365, 366, 1000000, 255};
    int64_t way = people_below(p, 10);
    if (way < 5) return 0;
    if (p->style == PEOPLE_ALIKE) return 30;
    if (way < 8) return people_below(p, 121);
    return edges[people_below(p, p->style == PEOPLE_WILD ? 8 : 6)];
}

static inline int64_t people_code(People *p, const Kind *kind)
{
    bool first = people_below(p, 4) > 0; /* as mostly it is */
    return first ? 0 : people_below(p, kind->code_count);
}

/* What a fact of that kind is; sums are of twelve equal months. */
static inline int64_t people_value(People *p, const Kind *kind)
{
    switch (kind->type) {
    case KIND_DATE:
        return people_day(p);
    case KIND_FLAG:
        if (kind->project == PROJECT_DAYS) return people_count(p) % 366;
        return kind->has_unknown && people_below(p, 6) > 0 ? kind->unknown
                                                           : people_below(p, 2);
    case KIND_COUNT:
        return people_count(p);
    case KIND_MONEY:
        return people_amount(p) * (kind->project == PROJECT_SUM ? 12 : 1);
    case KIND_CODE:
        return people_code(p, kind);
    case KIND_TEXT:
    case KIND_ASSET:
        break;
    }
    return 0;
}

static inline void people_fields(People *p, const Kind *const *fields,
                                 int32_t count, int64_t *values,
                                 uint64_t *ret_known)
{
    *ret_known = 0;
    for (int32_t i = 0; i < count; i++) {
        if (fields[i]->type == KIND_ASSET) continue;
        bool wanting = !fields[i]->has_unknown && people_below(p, 20) == 0;
        if (wanting || random_chance(&p->random, p->null_ppm)) continue;
        values[i] = people_value(p, fields[i]);
        *ret_known |= UINT64_C(1) << i;
    }
}

static inline void people_assets(People *p, RecordMember *member)
{
    if (!random_chance(&p->random, p->asset_ppm)) return;
    member->asset_count = 1 + (int32_t)people_below(p, 4);
    member->assets = ARENA_ARRAY(p->arena, RecordAsset, member->asset_count);
    for (int32_t i = 0; i < member->asset_count; i++) {
        member->assets[i] = (RecordAsset){
            .asset_class =
                (int32_t)people_below(p, p->catalogue->asset_class_count),
            .flags = (people_below(p, 4) == 0 ? ASSET_LIVED_IN : 0) |
                     (people_below(p, 8) == 0 ? ASSET_EXEMPT : 0),
            .value = people_amount(p) * (1 + people_below(p, 11))};
    }
}

static inline int32_t people_size(People *p)
{
    static const int32_t large[] = {SNAPSHOT_MEMBERS_MAX,
                                    SNAPSHOT_MEMBERS_MAX - 1, 64, 30};
    if (p->style == PEOPLE_ALIKE) return 1 + (int32_t)people_below(p, 2);
    if (p->style == PEOPLE_WILD && people_below(p, 60) == 0) {
        return large[people_below(p, 4)];
    }
    int64_t most = people_below(p, 20) == 0 ? 16 : 6;
    return 1 + (int32_t)people_below(p, most);
}

/* A household in `arena`; the first member is mostly the head. */
static inline InputRecord people_household(People *p, int64_t id)
{
    const KindCatalogue *c = p->catalogue;
    InputRecord record = {.household_id = id, .member_count = people_size(p)};
    record.value = ARENA_ARRAY(p->arena, int64_t, c->household_field_count + 1);
    record.members = ARENA_ARRAY(p->arena, RecordMember, record.member_count);
    people_fields(p, c->household_field, c->household_field_count, record.value,
                  &record.known);
    for (int32_t i = 0; i < record.member_count; i++) {
        RecordMember *member = &record.members[i];
        int32_t role = c->member->field;
        member->person_id = p->next_person++;
        member->value =
            ARENA_ARRAY(p->arena, int64_t, c->person_field_count + 1);
        people_fields(p, c->person_field, c->person_field_count, member->value,
                      &member->known);
        people_assets(p, member);
        if (p->style == PEOPLE_UNKNOWN && people_below(p, 20) == 0) continue;
        member->value[role] = i == 0 ? 0 : 1 + people_below(p, 3);
        member->known |= UINT64_C(1) << role;
    }
    return record;
}

/* Sets an amount of a year. */
static inline void people_set(const KindCatalogue *catalogue,
                              RecordMember *member, const char *kind,
                              int64_t amount)
{
    int32_t field = kind_find(catalogue, str_of(kind))->field;
    member->value[field] = amount;
    member->known |= UINT64_C(1) << field;
}

/*
 * Gives a household without amounts an income of exactly the limit, or less or
 * more by a halala a month, or by a part of one that a lump sum of the year
 * makes of it.
 *
 * in     limit: halalas a month; halves: business income counts by half
 */
static inline void people_at_limit(People *p, InputRecord *record,
                                   int64_t limit, bool halves)
{
    const KindCatalogue *c = p->catalogue;
    int64_t business = people_below(p, 3) == 0 ? people_below(p, 2000) : 0;
    int64_t lump = halves && people_below(p, 3) == 0 ? people_below(p, 24) : 0;
    int64_t rest = limit + people_below(p, 3) - 1;
    rest -= halves ? business / 2 : business;
    rest -= lump / 12;
    int64_t pension = people_below(p, 2) ? people_below(p, rest) : 0;
    RecordMember *one = &record->members[people_below(p, record->member_count)];
    RecordMember *two = &record->members[people_below(p, record->member_count)];
    people_set(c, one, "rent_income", 12 * (rest - pension));
    people_set(c, two, "pension_income", 12 * pension);
    people_set(c, two, "business_income", 12 * business);
    people_set(c, one, "lump_sum", lump);
}

/* Takes all amounts and assets away. */
static inline void people_clear(const People *p, InputRecord *record)
{
    const KindCatalogue *c = p->catalogue;
    for (int32_t i = 0; i < record->member_count; i++) {
        record->members[i].asset_count = 0;
        for (int32_t f = 0; f < c->person_field_count; f++) {
            if (c->person_field[f]->type != KIND_MONEY) continue;
            record->members[i].value[f] = 0;
            record->members[i].known |= UINT64_C(1) << f;
        }
    }
}

#endif

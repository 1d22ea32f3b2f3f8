#include <stdlib.h>

#include "service/demo_int.h"

enum {
    IBAN_BYTES = 24,
    MOBILE_BYTES = 13,
    SLOTS = 20,
    NUMBERS = 100000000, /* of eight digits, between the first and the check */
    KNOWN_FROM = 18628,  /* 2021-01-01 */
    HOUR = 3600
};

static const Instant second = 1000000;

/* Text is put together by hand: it is half of what making a person costs. */
static char *put(char *at, Str text)
{
    memcpy(at, text.at, text.bytes);
    return at + text.bytes;
}

/* A number in so many digits, with zeros before it. */
static char *put_digits(char *at, uint64_t number, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return at + digits;
}

Str demo_write_name(Arena *arena, const DemoNation *nation,
                    const DemoPerson *person, bool latin)
{
    const DemoNames *own = person->female ? &nation->female : &nation->male;
    const DemoNames *male = &nation->male, *all = &nation->family;
    Str first = latin ? own->latin[person->first] : own->arabic[person->first];
    Str father =
        latin ? male->latin[person->father] : male->arabic[person->father];
    Str family =
        latin ? all->latin[person->family] : all->arabic[person->family];
    size_t bytes = first.bytes + father.bytes + family.bytes + 2;
    char *text = ARENA_ARRAY(arena, char, bytes);
    char *at = put(text, first);
    *at++ = ' ';
    at = put(at, father);
    *at++ = ' ';
    put(at, family);
    return (Str){text, bytes};
}

/* Luhn: the digit that makes a number of nine digits one of ten. */
static int check_digit(const char *digits)
{
    int sum = 0;
    for (int i = 0; i < 9; i++) {
        int digit = digits[i] - '0';
        if (i % 2 == 0) digit = digit < 5 ? 2 * digit : 2 * digit - 9;
        sum += digit;
    }
    return (10 - sum % 10) % 10;
}

/*
 * Numbers of one household lie apart and none is given twice: each place
 * (household, slot) has its own, scattered by a factor prime to the range.
 */
Str demo_write_number(Arena *arena, const DemoPerson *person)
{
    int64_t household = (person->id - 1) / 100;
    uint64_t place = (uint64_t)(household * SLOTS + person->slot);
    uint64_t number = place * 61803399u % NUMBERS;
    char *text = ARENA_ARRAY(arena, char, 10);
    text[0] = person->foreign ? '2' : '1';
    put_digits(text + 1, number, 8);
    text[9] = (char)('0' + check_digit(text));
    return (Str){text, 10};
}

Str demo_write_iban(Arena *arena, Random *random)
{
    static const int banks[] = {5, 10, 15, 20, 30, 45, 55, 60, 65, 80};
    uint64_t account = random_below(random, 1000000000000ULL);
    int bank = banks[random_below(random, 10)];
    char *text = ARENA_ARRAY(arena, char, IBAN_BYTES);
    put_digits(put_digits(put(text, STR("SA00")), (uint64_t)bank, 2), account,
               18);
    int rest = 0; /* "SA00" moved to the end is 28 10 0 0 */
    for (int i = 4; i < IBAN_BYTES; i++) {
        rest = (rest * 10 + (text[i] - '0')) % 97;
    }
    rest = (rest * 10000 % 97 * 100 + 281000) % 97;
    int check = 98 - rest;
    text[2] = (char)('0' + check / 10);
    text[3] = (char)('0' + check % 10);
    return (Str){text, IBAN_BYTES};
}

Str demo_write_mobile(Arena *arena, Random *random)
{
    char *text = ARENA_ARRAY(arena, char, MOBILE_BYTES);
    put_digits(put(text, STR("+9665")), random_below(random, 100000000), 8);
    return (Str){text, MOBILE_BYTES};
}

Str demo_write_address(Arena *arena, Random *random, int32_t region)
{
    uint64_t letters = random_below(random, 26 * 26 * 26);
    return str_of(arena_format(
        arena, "%c%c%c%c%04d", 'A' + region, (char)('A' + letters % 26),
        (char)('A' + letters / 26 % 26), (char)('A' + letters / 676),
        (int)random_below(random, 10000)));
}

static int by_kind(const void *left, const void *right)
{
    const Attribute *a = left, *b = right;
    return a->kind - b->kind;
}

int32_t demo_write_facts(Arena *arena, const DemoNation *nation,
                         const DemoPerson *person, Random *random,
                         Attribute *ret)
{
    int32_t count = 0;
    ret[count++] =
        (Attribute){.kind = nation->word.born.kind->id, .value = person->born};
    ret[count++] =
        (Attribute){.kind = nation->word.sex.kind->id,
                    .value = person->female ? nation->word.woman.code
                                            : 1 - nation->word.woman.code};
    ret[count++] = (Attribute){.kind = nation->word.citizenship.kind->id,
                               .value = person->citizenship};
    if (person->citizenship == nation->word.excepted.code) {
        ret[count++] = (Attribute){.kind = nation->word.exception.kind->id,
                                   .value = nation->word.wife_exception.code};
    }
    if (person->marital >= 0) {
        ret[count++] = (Attribute){.kind = nation->word.marital.kind->id,
                                   .value = person->marital};
        ret[count++] = (Attribute){.kind = nation->word.mobile.kind->id,
                                   .text = demo_write_mobile(arena, random)};
    }
    ret[count++] = (Attribute){.kind = nation->word.number.kind->id,
                               .text = demo_write_number(arena, person)};
    ret[count++] =
        (Attribute){.kind = nation->word.name.kind->id,
                    .text = demo_write_name(arena, nation, person, false)};
    ret[count++] =
        (Attribute){.kind = nation->word.name_latin.kind->id,
                    .text = demo_write_name(arena, nation, person, true)};
    qsort(ret, (size_t)count, sizeof *ret, by_kind);
    return count;
}

typedef struct Writing {
    RegistryChange change;
    const DemoNation *nation;
    DemoHousehold *household;
    int32_t messages;
} Writing;

static Err say(Writing *writing, const Statement *statement, Str source)
{
    char id[32];
    uint64_t household = (uint64_t)writing->household->id;
    char *at = put_digits(put(id, STR("start-")), household, 7);
    *at++ = '-';
    at = put_digits(at, (uint64_t)++writing->messages, 3);
    Str message = {id, (size_t)(at - id)};
    return registry_say(&writing->change, statement, source, message);
}

static Err say_one(Writing *writing, int64_t subject, const DemoWord *word,
                   Attribute is, Day from, Day to)
{
    is.kind = word->kind->id;
    Statement statement = {subject, from, to, &is, 1};
    return say(writing, &statement, word->source);
}

static Err say_amount(Writing *writing, int64_t subject, const DemoWord *word,
                      int64_t amount, Day from, Day to)
{
    if (amount == 0) return OK;
    Attribute is = {.value = amount};
    return say_one(writing, subject, word, is, from, to);
}

static Err say_incomes(Writing *writing, const DemoPerson *person)
{
    const DemoNation *nation = writing->nation;
    Day from = month_first_day(month_of_day(DEMO_START) - 14);
    TRY(say_amount(writing, person->id, &nation->word.wage, person->wage,
                   person->wage_from, person->wage_to));
    TRY(say_amount(writing, person->id, &nation->word.pension, person->pension,
                   from, DAY_OPEN));
    TRY(say_amount(writing, person->id, &nation->word.business,
                   person->business, from, DAY_OPEN));
    TRY(say_amount(writing, person->id, &nation->word.rent, person->rent, from,
                   DAY_OPEN));
    return say_amount(writing, person->id, &nation->word.support,
                      person->support, from, DAY_OPEN);
}

static Err say_conditions(Writing *writing, const DemoPerson *person)
{
    const DemoNation *nation = writing->nation;
    Attribute yes = {.value = 1}, degree = {.value = person->disability};
    Attribute shelter = {.value = nation->word.in_shelter.code};
    Day school = DEMO_START - 136; /* 2024-08-18 */
    Day year = DEMO_START - 300;
    if (person->pupil) {
        TRY(say_one(writing, person->id, &nation->word.pupil, yes, school,
                    DAY_OPEN));
    }
    if (person->disability > 0) {
        Day from = person->born > year ? person->born : year;
        TRY(say_one(writing, person->id, &nation->word.disability, degree, from,
                    DAY_OPEN));
    }
    if (person->abroad_days > 0) {
        TRY(say_one(writing, person->id, &nation->word.abroad, yes, year,
                    year + person->abroad_days));
    }
    if (person->stay_days == 0) return OK;
    return say_one(writing, person->id, &nation->word.stay, shelter,
                   DEMO_START - 20, DEMO_START + person->stay_days);
}

static Err say_assets(Writing *writing, const DemoPerson *person)
{
    const DemoNation *nation = writing->nation;
    const DemoWord *const words[DEMO_ASSETS] = {
        &nation->word.home, &nation->word.car, &nation->word.land,
        &nation->word.shop, &nation->word.shares};
    for (int i = 0; i < DEMO_ASSETS; i++) {
        if (person->asset[i] == 0) continue;
        Attribute is = {.key = person->id * 10 + i,
                        .asset_class = (int32_t)words[i]->code,
                        .flags = i == 0 ? ASSET_LIVED_IN : 0,
                        .value = person->asset[i]};
        TRY(say_one(writing, person->id, words[i], is, KNOWN_FROM, DAY_OPEN));
    }
    return OK;
}

static Str text_of(const Attribute *all, int32_t count, int32_t kind)
{
    for (int32_t i = 0; i < count; i++) {
        if (all[i].kind == kind) return all[i].text;
    }
    return (Str){NULL, 0};
}

static Err write_person(Writing *writing, const DemoPerson *person)
{
    const DemoNation *nation = writing->nation;
    Arena *arena = writing->change.arena;
    Attribute all[24] = {
        {.kind = nation->catalogue->member->id, .value = person->role}};
    Random *random = &writing->household->random;
    int32_t count =
        1 + demo_write_facts(arena, nation, person, random, all + 1);
    qsort(all, (size_t)count, sizeof *all, by_kind);
    Day from = person->born > KNOWN_FROM ? person->born : KNOWN_FROM;
    Statement statement = {person->id, from, DAY_OPEN, all, count};
    TRY(registry_person_add(&writing->change, person->id,
                            text_of(all, count, nation->word.number.kind->id)));
    TRY(say(writing, &statement, nation->word.born.source));
    TRY(registry_person_name(&writing->change, person->id,
                             text_of(all, count, nation->word.name.kind->id)));
    TRY(registry_person_name(
        &writing->change, person->id,
        text_of(all, count, nation->word.name_latin.kind->id)));
    TRY(say_incomes(writing, person));
    TRY(say_conditions(writing, person));
    return say_assets(writing, person);
}

static Err write_household(Writing *writing)
{
    const DemoNation *nation = writing->nation;
    DemoHousehold *household = writing->household;
    Arena *arena = writing->change.arena;
    Random *random = &household->random;
    Attribute where[2] = {
        {.kind = nation->word.region.kind->id, .value = household->region},
        {.kind = nation->word.dwelling.kind->id, .value = household->dwelling}};
    qsort(where, 2, sizeof *where, by_kind);
    Statement statement = {BOOK_HOUSEHOLD, KNOWN_FROM, DAY_OPEN, where, 2};
    TRY(say(writing, &statement, nation->word.region.source));
    Attribute address = {
        .text = demo_write_address(arena, random, household->region)};
    TRY(say_one(writing, BOOK_HOUSEHOLD, &nation->word.address, address,
                KNOWN_FROM, DAY_OPEN));
    for (int32_t i = 0; i < household->count; i++) {
        TRY(write_person(writing, &household->people[i]));
    }
    Attribute iban = {.text = demo_write_iban(arena, random)};
    return say_one(writing, household->people[0].id, &nation->word.iban, iban,
                   KNOWN_FROM, DAY_OPEN);
}

Err demo_write_household(StoreConn *tx, Arena *arena, const DemoNation *nation,
                         DemoHousehold *household, Diag *diag)
{
    Instant at = (DEMO_START * (Instant)24 + 3) * HOUR * second;
    Writing writing = {.nation = nation, .household = household};
    registry_begin_new(tx, arena, nation->catalogue, household->id, at,
                       &writing.change);
    Err err = write_household(&writing);
    if (err == OK) return registry_end(&writing.change, diag);
    registry_abandon(&writing.change);
    return err;
}

#include "service/demo_int.h"

enum {
    YEAR_DAYS = 365,
    SLOTS = 20, /* of one household in the range of national numbers */
    PENSION_AGE = 60,
    SCHOOL_FROM = 6,
    SCHOOL_TO = 17,
    WAGE_STEP = 5000 /* amounts are in fifties of riyals, nearly always */
};

static int32_t below(Random *random, int64_t limit)
{
    return (int32_t)random_below(random, (uint64_t)limit);
}

static bool chance(Random *random, int64_t millionths)
{
    return random_chance(random, (uint32_t)millionths);
}

int32_t demo_people_age(Day born, Day day)
{
    Ymd from = day_ymd(born), to = day_ymd(day);
    bool before =
        to.month < from.month || (to.month == from.month && to.day < from.day);
    return to.year - from.year - before;
}

/* Commonest first: the square of an even number favours small ones. */
static int32_t choose_name(Random *random, const DemoNames *names)
{
    int64_t even = below(random, 1000000);
    return (int32_t)(even * even / 1000000 * names->count / 1000000);
}

int64_t demo_people_amount(Random *random, const DemoFigures *steps)
{
    int32_t i = below(random, steps->count - 1);
    int64_t low = steps->at[i], high = steps->at[i + 1];
    int64_t amount =
        low + (int64_t)random_below(random, (uint64_t)(high - low) + 1);
    return amount / WAGE_STEP * WAGE_STEP;
}

int64_t demo_people_wage(const DemoNation *nation, Random *random, bool female,
                         int32_t age)
{
    const DemoFigures *at = &nation->of.wage_at, *wage = &nation->of.wage;
    int64_t place = below(random, at->at[at->count - 1] * 1000);
    int32_t i = 0;
    while (place >= at->at[i + 1] * 1000) i++;
    int64_t span = (at->at[i + 1] - at->at[i]) * 1000;
    int64_t amount = wage->at[i] + (wage->at[i + 1] - wage->at[i]) *
                                       (place - at->at[i] * 1000) / span;
    if (female) amount = amount * nation->of.wage_female.at[0] / 1000000;
    if (age < 25) amount = amount * 7 / 10;
    amount = amount / WAGE_STEP * WAGE_STEP;
    if (chance(random, 100000)) amount += below(random, WAGE_STEP);
    return amount;
}

static void employ(const DemoNation *nation, Random *random, DemoPerson *person,
                   int32_t age)
{
    static const int32_t ages[] = {18, 22, 25, 30, 40, 50, 60};
    const DemoFigures *share = person->female ? &nation->of.employed_female
                                              : &nation->of.employed_male;
    int32_t i = -1;
    while (i < 6 && age >= ages[i + 1]) i++;
    if (i < 0 || !chance(random, share->at[i])) return;
    bool looks = chance(random, nation->of.unemployed.at[person->female]);
    Day adult = person->born + 18 * YEAR_DAYS + 5;
    person->wage = demo_people_wage(nation, random, person->female, age);
    person->wage_from =
        month_first_day(month_of_day(DEMO_START) - 12 - below(random, 24));
    if (person->wage_from < adult) {
        person->wage_from = month_first_day(month_of_day(adult) + 1);
    }
    person->wage_to = DAY_OPEN;
    if (looks) {
        person->wage_to =
            month_first_day(month_of_day(DEMO_START) - 1 - below(random, 9));
    }
    if (person->wage_from >= person->wage_to) person->wage = 0;
}

static void endow(const DemoNation *nation, Random *random, DemoPerson *person,
                  int32_t age)
{
    if (age >= PENSION_AGE && person->wage == 0 &&
        chance(random, nation->of.pension_share.at[person->female])) {
        person->pension = demo_people_amount(random, &nation->of.pension);
    }
    if (age < 25) return;
    if (chance(random, nation->of.business_share.at[0])) {
        person->business = demo_people_amount(random, &nation->of.business);
    }
    if (chance(random, nation->of.rent_share.at[0])) {
        person->rent = demo_people_amount(random, &nation->of.rent);
    }
}

static int64_t disable(const DemoNation *nation, Random *random, bool female,
                       int32_t age)
{
    int32_t i = (age >= 15) + (age >= 30) + (age >= 60);
    int64_t rate = nation->of.disability.at[i] *
                   nation->of.disability_sex.at[female] / 1000000;
    if (!chance(random, rate)) return 0;
    return 1 + demo_nation_choose(random, &nation->of.disability_degree);
}

DemoPerson *demo_people_add(const DemoNation *nation, DemoHousehold *household,
                            bool female, Day born, int32_t role)
{
    Random *random = &household->random;
    if (household->count == DEMO_PEOPLE_MAX) return NULL;
    DemoPerson *person = &household->people[household->count];
    int32_t age = born >= DEMO_START ? 0 : demo_people_age(born, DEMO_START);
    *person = (DemoPerson){.id = household->id * 100 + household->count + 1,
                           .slot = household->count,
                           .role = role,
                           .born = born,
                           .female = female,
                           .citizenship = nation->word.citizen.code,
                           .marital = -1};
    household->count++;
    person->first =
        choose_name(random, female ? &nation->female : &nation->male);
    person->father = choose_name(random, &nation->male);
    person->family = choose_name(random, &nation->family);
    if (age >= 18) person->marital = nation->word.single.code;
    employ(nation, random, person, age);
    endow(nation, random, person, age);
    person->disability = disable(nation, random, female, age);
    person->pupil =
        age >= SCHOOL_FROM && age <= SCHOOL_TO && chance(random, 975000);
    return person;
}

/* A day of birth for an age in whole years. */
static Day born_at(Random *random, int32_t age)
{
    return DEMO_START - age * YEAR_DAYS - age / 4 - 1 -
           below(random, YEAR_DAYS - 1);
}

/* Days of birth of so many children, eldest first; the last is the youngest. */
static void bear(const DemoNation *nation, Random *random, int32_t count,
                 Day *ret)
{
    const DemoFigures *ranges = &nation->of.youngest;
    int32_t place = count > ranges->count ? ranges->count : count;
    int32_t youngest = below(random, ranges->at[place - 1]);
    Day born = born_at(random, youngest);
    for (int32_t i = count - 1; i >= 0; i--) {
        ret[i] = born;
        born -= 420 + below(random, count > 5 ? 500 : 900);
    }
}

/* Children share the father's first name and family; they live with him. */
static void add_children(const DemoNation *nation, DemoHousehold *household,
                         const Day *born, int32_t count)
{
    const DemoPerson head = household->people[0];
    int32_t father = head.female
                         ? choose_name(&household->random, &nation->male)
                         : head.first;
    int32_t family = head.female
                         ? choose_name(&household->random, &nation->family)
                         : head.family;
    for (int32_t i = 0; i < count; i++) {
        bool female = below(&household->random, 1000) < 490;
        DemoPerson *child = demo_people_add(nation, household, female, born[i],
                                            nation->role_child);
        child->father = father;
        child->family = family;
        child->citizenship = head.citizenship;
        child->foreign = head.foreign;
    }
}

static void add_wife(const DemoNation *nation, DemoHousehold *household,
                     Day born)
{
    DemoPerson *wife =
        demo_people_add(nation, household, true, born, nation->role_spouse);
    const DemoPerson *head = &household->people[0];
    wife->marital = nation->word.married.code;
    wife->citizenship = head->citizenship;
    wife->foreign = head->foreign;
    if (!head->foreign &&
        chance(&household->random, nation->of.foreign_wife.at[0])) {
        wife->foreign = true;
        wife->citizenship = nation->word.excepted.code;
    }
}

static void add_elder(const DemoNation *nation, DemoHousehold *household)
{
    Random *random = &household->random;
    const DemoPerson *head = &household->people[0];
    bool female = below(random, 100) < 72;
    Day born = head->born - (20 + below(random, 12)) * YEAR_DAYS;
    Day latest = DEMO_START - 50 * YEAR_DAYS;
    Day earliest = DEMO_START - 92 * YEAR_DAYS;
    if (born > latest) born = latest - below(random, 10 * YEAR_DAYS);
    if (born < earliest) born = earliest + below(random, 5 * YEAR_DAYS);
    DemoPerson *elder =
        demo_people_add(nation, household, female, born, nation->role_other);
    elder->marital = nation->word.widowed.code;
    if (!female) elder->family = head->family;
}

static void make_single(const DemoNation *nation, DemoHousehold *household)
{
    Random *random = &household->random;
    bool female = chance(random, nation->of.female_head.at[0]);
    int32_t kind = below(random, 100);
    int32_t age = kind < 30   ? 22 + below(random, 10)
                  : kind < 62 ? 32 + below(random, 28)
                              : 60 + below(random, 28);
    DemoPerson *head =
        demo_people_add(nation, household, female, born_at(random, age), 0);
    if (age >= 60) head->marital = nation->word.widowed.code;
    if (age >= 32 && age < 60 && below(random, 2) == 0) {
        head->marital = nation->word.divorced.code;
    }
}

/* A mother with her children, sometimes with her own mother. */
static void make_mother(const DemoNation *nation, DemoHousehold *household,
                        int32_t children, bool elder)
{
    Random *random = &household->random;
    Day born[DEMO_PEOPLE_MAX];
    bear(nation, random, children, born);
    Day own = born[0] - (20 + below(random, 12)) * YEAR_DAYS;
    DemoPerson *head = demo_people_add(nation, household, true, own, 0);
    head->marital = below(random, 100) < 52 ? nation->word.widowed.code
                                            : nation->word.divorced.code;
    add_children(nation, household, born, children);
    if (elder) add_elder(nation, household);
}

/* A couple with its children, sometimes with an old parent. */
static void make_couple(const DemoNation *nation, DemoHousehold *household,
                        int32_t children, bool elder)
{
    Random *random = &household->random;
    Day born[DEMO_PEOPLE_MAX];
    bear(nation, random, children == 0 ? 1 : children, born);
    Day wife = born[0] - (19 + below(random, 9)) * YEAR_DAYS;
    if (children == 0) {
        int32_t age = below(random, 100) < 45 ? 21 + below(random, 12)
                                              : 48 + below(random, 30);
        wife = born_at(random, age);
    }
    Day own = wife - (below(random, 9) - 1) * YEAR_DAYS;
    DemoPerson *head = demo_people_add(nation, household, false, own, 0);
    head->marital = nation->word.married.code;
    if (chance(random, nation->of.foreign_head.at[0])) {
        head->foreign = true;
        head->citizenship = nation->word.foreign.code;
    }
    add_wife(nation, household, wife);
    add_children(nation, household, born, children);
    if (elder) add_elder(nation, household);
}

static void give_assets(const DemoNation *nation, DemoHousehold *household)
{
    Random *random = &household->random;
    const DemoFigures *value = &nation->of.asset_value;
    DemoPerson *head = &household->people[0];
    for (int i = 0; i < DEMO_ASSETS; i++) {
        if (!chance(random, nation->of.asset_share.at[i])) continue;
        int64_t low = value->at[2 * i], high = value->at[2 * i + 1];
        head->asset[i] =
            (low + (int64_t)random_below(random, (uint64_t)(high - low))) /
            100000 * 100000;
    }
}

/* Support programmes pay those who earn little. */
static void support(const DemoNation *nation, DemoHousehold *household)
{
    int64_t income = 0;
    for (int32_t i = 0; i < household->count; i++) {
        const DemoPerson *person = &household->people[i];
        income += person->wage + person->pension + person->business;
    }
    DemoPerson *head = &household->people[0];
    const DemoFigures *amounts = &nation->of.citizen_account;
    int64_t share = nation->of.citizen_account_share.at[0];
    if (income < 1500000 && !head->foreign) share += share / 2;
    if (income >= 2000000 || head->foreign) return;
    if (!chance(&household->random, share)) return;
    head->support = demo_people_amount(&household->random, amounts) *
                    (1 + household->count / 3);
}

void demo_people_make(const DemoNation *nation, uint64_t seed, int64_t id,
                      DemoHousehold *ret)
{
    DemoHousehold *household = ret;
    household->id = id;
    household->count = 0;
    household->random = random_for(seed, (uint64_t)id);
    Random *random = &household->random;
    int32_t size = 1 + demo_nation_choose(random, &nation->of.size);
    household->region = demo_nation_choose(random, &nation->of.region);
    household->dwelling = demo_nation_choose(random, &nation->of.dwelling);
    bool elder = size >= 4 && chance(random, nation->of.elder.at[0]);
    bool mother = chance(random, nation->of.female_head.at[1]);
    if (size == 1) {
        make_single(nation, household);
    } else if (mother) {
        make_mother(nation, household, size - 1 - elder, elder);
    } else {
        make_couple(nation, household, size - 2 - elder, elder);
    }
    DemoPerson *head = &household->people[0];
    if (chance(random, nation->of.abroad_long.at[0])) {
        head->abroad_days = 95 + below(random, 140);
    }
    if (chance(random, nation->of.shelter_stay.at[0])) {
        household->people[household->count - 1].stay_days =
            10 + below(random, 200);
    }
    give_assets(nation, household);
    support(nation, household);
}

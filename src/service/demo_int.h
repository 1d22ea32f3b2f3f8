/*
 * demo_int.h - the parts of the synthetic nation.
 */
#ifndef SERVICE_DEMO_INT_H
#define SERVICE_DEMO_INT_H

#include "service/demo.h"
#include "service/demo_nation_int.h"

enum {
    DEMO_PEOPLE_MAX = 20, /* of a household, with those yet to be born */
    DEMO_ASSETS = 5,      /* home, car, land, shop, shares */
    DEMO_START = 20089    /* 2025-01-01 */
};

typedef struct DemoPerson {
    int64_t id;
    int32_t slot; /* within his first household, for numbers */
    int32_t role;
    Day born;
    bool female, foreign;
    bool gone;                     /* dead, or moved away */
    bool reserved;                 /* for the household that he will form */
    int32_t first, father, family; /* names */
    int64_t citizenship, marital;  /* codes; marital -1: a child */
    int64_t wage, pension, business, rent, support;
    Day wage_from, wage_to;
    int64_t disability;
    int32_t stay_days, abroad_days; /* before DEMO_START */
    bool pupil;
    int64_t asset[DEMO_ASSETS]; /* its value; 0: none */
} DemoPerson;

typedef struct DemoHousehold {
    int64_t id;
    int32_t region, dwelling;
    Random random; /* goes on where making it ended */
    DemoPerson people[DEMO_PEOPLE_MAX];
    int32_t count;
} DemoHousehold;

/* An age in whole years. */
int32_t demo_people_age(Day born, Day day);

/* The household as it stood on DEMO_START. Pure. */
void demo_people_make(const DemoNation *nation, uint64_t seed, int64_t id,
                      DemoHousehold *ret);

/* A person of an age, with everything but a place in the household. */
DemoPerson *demo_people_add(const DemoNation *nation, DemoHousehold *household,
                            bool female, Day born, int32_t role);

/* An amount from a list of steps: between two neighbours chosen evenly. */
int64_t demo_people_amount(Random *random, const DemoFigures *steps);

/* A wage by the table of wages. */
int64_t demo_people_wage(const DemoNation *nation, Random *random, bool female,
                         int32_t age);

/* Texts of a person, in `arena`. */
Str demo_write_name(Arena *arena, const DemoNation *nation,
                    const DemoPerson *person, bool latin);
Str demo_write_number(Arena *arena, const DemoPerson *person);
Str demo_write_iban(Arena *arena, Random *random);
Str demo_write_mobile(Arena *arena, Random *random);
Str demo_write_address(Arena *arena, Random *random, int32_t region);

/* What is known of a new person from his first day on, ordered by kind. */
int32_t demo_write_facts(Arena *arena, const DemoNation *nation,
                         const DemoPerson *person, Random *random,
                         Attribute *ret);

/* Writes the first state of a household as statements of agencies.
 *
 * errs   as registry_say(), registry_end()
 */
NODISCARD Err demo_write_household(StoreConn *tx, Arena *arena,
                                   const DemoNation *nation,
                                   DemoHousehold *household, Diag *diag);

/* Whether household `id` is formed by somebody of the one before it, who is
 * then set apart there. Pure. */
bool demo_life_branch(const DemoNation *nation, uint64_t seed,
                      DemoHousehold *before, int64_t id);

/* What happens to a household before `until`, and to the one that somebody of
 * it forms (`second`, empty as yet; NULL: nobody does), as messages.
 *
 * errs   as event_apply()
 */
NODISCARD Err demo_life_run(const DemoOptions *options, Arena *arena,
                            const DemoNation *nation, DemoHousehold *first,
                            DemoHousehold *second, Diag *diag,
                            int64_t *ret_events);

/* Carries out the messages that describe the personas' households, which are
 * the first ones; *ret_households is how many.
 *
 * errs   as event_read(), event_apply()
 */
NODISCARD Err demo_persona_make(const DemoOptions *options, Arena *arena,
                                Diag *diag, int64_t *ret_events);

/* Which nation is in a database: "seed households until", or at NULL.
 *
 * errs   as setting_get()
 */
NODISCARD Err demo_state(StoreConn *conn, Arena *arena, Str *ret);

/* How many households the personas take up. */
int64_t demo_persona_households(void);

#endif

/*
 * demo_nation_int.h - the figures, words and names of models/demo.
 */
#ifndef SERVICE_DEMO_NATION_INT_H
#define SERVICE_DEMO_NATION_INT_H

#include "base/random.h"
#include "registry/event.h"

/* Figures of models/demo/nation.tsv. */
#define DEMO_FIGURES(X)                                                        \
    X(size)                                                                    \
    X(region)                                                                  \
    X(female_head)                                                             \
    X(elder)                                                                   \
    X(youngest)                                                                \
    X(wage_at)                                                                 \
    X(wage)                                                                    \
    X(employed_male)                                                           \
    X(employed_female)                                                         \
    X(unemployed)                                                              \
    X(wage_female)                                                             \
    X(pension_share)                                                           \
    X(pension)                                                                 \
    X(business_share)                                                          \
    X(business)                                                                \
    X(rent_share)                                                              \
    X(rent)                                                                    \
    X(citizen_account_share)                                                   \
    X(citizen_account)                                                         \
    X(disability)                                                              \
    X(disability_sex)                                                          \
    X(disability_degree)                                                       \
    X(asset_share)                                                             \
    X(asset_value)                                                             \
    X(dwelling)                                                                \
    X(foreign_head)                                                            \
    X(foreign_wife)                                                            \
    X(abroad_long)                                                             \
    X(shelter_stay)                                                            \
    X(job_lost)                                                                \
    X(job_found)                                                               \
    X(wage_raised)                                                             \
    X(trip)                                                                    \
    X(trip_long)                                                               \
    X(birth)                                                                   \
    X(death)                                                                   \
    X(asset_bought)                                                            \
    X(lump_sum)                                                                \
    X(assessed)                                                                \
    X(stay)                                                                    \
    X(mobile_changed)                                                          \
    X(moved_house)                                                             \
    X(branch)                                                                  \
    X(branch_kind)

/* Words of models/demo/kinds.tsv. */
#define DEMO_WORDS(X)                                                          \
    X(born)                                                                    \
    X(sex)                                                                     \
    X(woman)                                                                   \
    X(citizenship)                                                             \
    X(citizen)                                                                 \
    X(foreign)                                                                 \
    X(excepted)                                                                \
    X(exception)                                                               \
    X(wife_exception)                                                          \
    X(marital)                                                                 \
    X(single)                                                                  \
    X(married)                                                                 \
    X(divorced)                                                                \
    X(widowed)                                                                 \
    X(number)                                                                  \
    X(name)                                                                    \
    X(name_latin)                                                              \
    X(mobile)                                                                  \
    X(abroad)                                                                  \
    X(wage)                                                                    \
    X(pension)                                                                 \
    X(lump)                                                                    \
    X(business)                                                                \
    X(rent)                                                                    \
    X(support)                                                                 \
    X(pupil)                                                                   \
    X(disability)                                                              \
    X(stay)                                                                    \
    X(in_shelter)                                                              \
    X(in_care)                                                                 \
    X(home)                                                                    \
    X(car)                                                                     \
    X(land)                                                                    \
    X(shop)                                                                    \
    X(shares)                                                                  \
    X(iban)                                                                    \
    X(region)                                                                  \
    X(dwelling)                                                                \
    X(address)

enum { DEMO_NAMES_MAX = 128, DEMO_FIGURES_MAX = 16 };

typedef struct DemoFigures {
    int64_t at[DEMO_FIGURES_MAX];
    int32_t count;
} DemoFigures;

typedef struct DemoWord {
    const Kind *kind;
    int64_t code; /* or the asset class; -1: none */
    Str source;
} DemoWord;

typedef struct DemoNames {
    Str arabic[DEMO_NAMES_MAX], latin[DEMO_NAMES_MAX];
    int32_t count;
} DemoNames;

typedef struct DemoNation {
    const KindCatalogue *catalogue;
    struct {
#define DEMO_FIELD(name) DemoFigures name;
        DEMO_FIGURES(DEMO_FIELD)
#undef DEMO_FIELD
    } of;
    struct {
#define DEMO_FIELD(name) DemoWord name;
        DEMO_WORDS(DEMO_FIELD)
#undef DEMO_FIELD
    } word;
    DemoNames male, female, family;
    int32_t role_spouse, role_child, role_other;
} DemoNation;

/* Reads models/demo.
 *
 * errs   ERR_INVALID: demo.table
 */
NODISCARD Err demo_nation_load(Arena *arena, const KindCatalogue *catalogue,
                               Diag *diag, const DemoNation **ret);

/* An index chosen by weights; a value between neighbours of a list. */
int32_t demo_nation_choose(Random *random, const DemoFigures *weights);

#endif

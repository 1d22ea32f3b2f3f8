/*
 * nation.h - a population for benchmarks, as it might be and of no real
 * people: households of one to fifteen, ages, incomes of which the poorer
 * third have less, a few abroad, in shelters, of other nationalities.
 */
#ifndef BENCH_NATION_H
#define BENCH_NATION_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/random.h"
#include "bench/plain.h"

enum { NATION_TODAY = 20454 /* 2026-01-01 */, NATION_SIZES = 15 };

typedef struct NationPerson {
    int role, place, size;
    double head_age, age;
    bool poor;
    int nationality;
} NationPerson;

static double nation_unit(Random *random)
{
    return (double)random_below(random, UINT64_C(1) << 53) /
           (double)(UINT64_C(1) << 53);
}

static double nation_normal(Random *random, double mean, double spread)
{
    double a = nation_unit(random), b = nation_unit(random);
    return mean + spread * sqrt(-2 * log(1 - a)) * cos(6.283185307179586 * b);
}

static double nation_within(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* An income in halalas a month. */
static int64_t nation_income(Random *random, double mean, double spread)
{
    return (int64_t)(exp(nation_normal(random, log(mean), spread)) * 100 + 0.5);
}

static int nation_size(Random *random)
{
    static const double share[NATION_SIZES] = {.150, .140, .145, .165,  .150,
                                               .105, .065, .035, .020,  .011,
                                               .006, .004, .002, .0012, .0008};
    double at = nation_unit(random);
    int size = 1;
    while (size < NATION_SIZES && at >= share[size - 1]) {
        at -= share[size - 1];
        size++;
    }
    return size;
}

static void nation_age(Random *random, NationPerson *p)
{
    double other = p->size >= 4 ? .10 : .25;
    bool kin = p->place > 0 && p->role != 1 && nation_unit(random) < other;
    if (kin) p->role = 3;
    if (p->role == 0) {
        p->age = p->head_age;
    } else if (p->role == 1) {
        p->age =
            nation_within(p->head_age + nation_normal(random, -4, 4), 18, 97);
    } else if (p->role == 2) {
        double part = pow(nation_unit(random), .9);
        p->age = nation_within((p->head_age - 24) * part, .01, 45);
    } else if (nation_unit(random) < .45) {
        p->age = nation_within(p->head_age + 25 + nation_normal(random, 0, 4),
                               40, 101);
    } else {
        p->age = 15 + 30 * nation_unit(random);
    }
}

static void nation_incomes(Random *random, const NationPerson *p,
                           PlainPopulation *to, int64_t at)
{
    double work = p->age < 18 || p->age >= 62 ? 0
                  : p->role == 0              ? .83
                  : p->role == 1              ? .33
                                              : .30;
    bool works = nation_unit(random) < work * (p->poor ? .38 : 1);
    bool retired =
        p->age >= 58 && !works && nation_unit(random) < (p->poor ? .25 : .70);
    bool lets = p->role <= 1 && nation_unit(random) < (p->poor ? .03 : .09);
    bool trades = p->age >= 18 && nation_unit(random) < (p->poor ? .05 : .07);
    double mean = p->poor ? 2200 : 7200, spread = p->poor ? .35 : .55;
    to->salary[at] = works ? nation_income(random, mean, spread) : 0;
    to->pension[at] = retired ? nation_income(random, 3600, .5) : 0;
    to->rent[at] = lets ? nation_income(random, 1500, .7) : 0;
    to->business[at] = trades ? nation_income(random, 1300, .9) : 0;
}

static void nation_person(Random *random, NationPerson *p, PlainPopulation *to)
{
    int64_t at = to->persons++;
    nation_age(random, p);
    int32_t days = (int32_t)(p->age * 365.2425);
    bool pupil = p->age >= 6 && p->age < 18;
    bool study = p->age >= 5.5 && p->age < 22;
    bool mixed = p->role == 1 && p->nationality == 0;
    to->person_id[at] = at;
    to->birth[at] = NATION_TODAY - (days < 1 ? 1 : days);
    to->role[at] = (uint8_t)p->role;
    to->nationality[at] =
        (uint8_t)(mixed && nation_unit(random) < .03 ? 1 : p->nationality);
    to->resident[at] = nation_unit(random) < .985;
    to->enrolled[at] = study && nation_unit(random) < (pupil ? .96 : .45);
    to->days_abroad[at] =
        (int16_t)random_below(random, nation_unit(random) < .85 ? 31 : 366);
    nation_incomes(random, p, to, at);
}

static void *nation_room(int64_t count, size_t bytes)
{
    void *room = calloc((size_t)count, bytes);
    if (room == NULL) {
        fprintf(stderr, "no memory for the population\n");
        exit(1);
    }
    return room;
}

/* So many households. */
static PlainPopulation nation_make(int64_t households, uint64_t seed)
{
    int64_t most = households * 6 + 64;
    PlainPopulation all = {.households = households};
    Random random = random_make(seed);
    all.first = nation_room(households + 1, sizeof *all.first);
    all.in_shelter = nation_room(households, 1);
    all.person_id = nation_room(most, sizeof *all.person_id);
    all.birth = nation_room(most, sizeof *all.birth);
    all.role = nation_room(most, 1);
    all.nationality = nation_room(most, 1);
    all.resident = nation_room(most, 1);
    all.enrolled = nation_room(most, 1);
    all.days_abroad = nation_room(most, sizeof *all.days_abroad);
    all.salary = nation_room(most, sizeof *all.salary);
    all.pension = nation_room(most, sizeof *all.pension);
    all.rent = nation_room(most, sizeof *all.rent);
    all.business = nation_room(most, sizeof *all.business);
    for (int64_t h = 0; h < households; h++) {
        double nation = nation_unit(&random);
        NationPerson p = {
            .size = nation_size(&random),
            .head_age = nation_within(nation_normal(&random, 47, 15), 19, 97),
            .poor = nation_unit(&random) < .42,
            .nationality = nation < .80   ? 0
                           : nation < .83 ? 1
                                          : 2};
        bool spouse = nation_unit(&random) < .78;
        all.in_shelter[h] = nation_unit(&random) < .006;
        for (p.place = 0; p.place < p.size; p.place++) {
            p.role = p.place == 0 ? 0 : p.place == 1 && spouse ? 1 : 2;
            nation_person(&random, &p, &all);
        }
        all.first[h + 1] = (int32_t)all.persons;
    }
    return all;
}

static void nation_free(PlainPopulation *all)
{
    free(all->first);
    free(all->in_shelter);
    free(all->person_id);
    free(all->birth);
    free(all->role);
    free(all->nationality);
    free(all->resident);
    free(all->enrolled);
    free(all->days_abroad);
    free(all->salary);
    free(all->pension);
    free(all->rent);
    free(all->business);
}

static FILE *nation_file(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *to = fopen(path, "w");
    if (to == NULL) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
    return to;
}

static void nation_money(FILE *to, int64_t minor)
{
    fprintf(to, ",%lld.%02d", (long long)(minor / 100), (int)(minor % 100));
}

/* The population as a source system gives it: households.csv, persons.csv. */
static void nation_write_csv(const PlainPopulation *p, const char *folder)
{
    FILE *households = nation_file(folder, "households.csv");
    FILE *persons = nation_file(folder, "persons.csv");
    fprintf(households, "household_id,region,in_shelter\n");
    fprintf(persons, "person_id,household_id,role,birth_date,nationality,"
                     "resident,days_abroad,enrolled,salary,pension_income,"
                     "rent_income,business_income\n");
    for (int64_t h = 0; h < p->households; h++) {
        fprintf(households, "%lld,%d,%d\n", (long long)h, 1 + (int)(h % 13),
                p->in_shelter[h]);
        for (int64_t i = p->first[h]; i < p->first[h + 1]; i++) {
            Ymd birth = day_ymd(p->birth[i]);
            fprintf(persons, "%lld,%lld,%d,%04d-%02d-%02d,%d,%d,%d,%d",
                    (long long)i, (long long)h, p->role[i], birth.year,
                    birth.month, birth.day, p->nationality[i], p->resident[i],
                    p->days_abroad[i], p->enrolled[i]);
            nation_money(persons, p->salary[i]);
            nation_money(persons, p->pension[i]);
            nation_money(persons, p->rent[i]);
            nation_money(persons, p->business[i]);
            fputc('\n', persons);
        }
    }
    if (fclose(households) != 0 || fclose(persons) != 0) {
        fprintf(stderr, "the disk is full\n");
        exit(1);
    }
}

#endif

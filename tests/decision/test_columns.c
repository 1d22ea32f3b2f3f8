/*
 * A page of households decided by columns must be what deciding one after
 * the other gives: for records of every kind, also with what is unknown,
 * amounts beyond the columns' range, dates at the ends of the calendar, and
 * incomes exactly at the threshold.
 */
#include "decision/columns_int.h"

#include <stdlib.h>

#include "base/random.h"
#include "tests/harness.h"

enum { ARENA_BYTES = 256 << 20, PAGE = 700, WHY_BYTES = 1 << 12 };

typedef struct Fixture {
    Arena *arena; /* of the pack */
    Arena *page;
    const Pack *pack;
    const Programme *programme;
    Decider *decider;
    DecisionColumns *columns;
    Diag diag;
} Fixture;

static Fixture open_fixture(Month month)
{
    Fixture f = {.arena = arena_open(ARENA_BYTES),
                 .page = arena_open(ARENA_BYTES)};
    Buf why = buf_make(WHY_BYTES);
    ck_assert_int_eq(pack_embedded(f.arena, &f.diag, &f.pack), OK);
    f.programme = &f.pack->programmes[0];
    ck_assert_int_eq(decider_open(f.pack, f.programme, &f.diag, &f.decider),
                     OK);
    ck_assert_int_eq(decision_columns_open(f.decider, month, &why, &f.columns),
                     OK);
    ck_assert_msg(f.columns != NULL, "not lowered: %.*s",
                  STR_ARG(buf_view(&why)));
    buf_free(&why);
    return f;
}

static void close_fixture(Fixture *f)
{
    decision_columns_close(f->columns);
    decider_close(f->decider);
    arena_close(f->page);
    arena_close(f->arena);
}

/* Values that lie near where something changes. */
static int64_t random_money(Random *random)
{
    static const int64_t edges[] = {0,
                                    1,
                                    132000 * 12,
                                    132000 * 12 - 1,
                                    132000 * 12 + 1,
                                    66000 * 12,
                                    264000 * 12,
                                    999999999999,
                                    1000000000000,
                                    1000000000001,
                                    1200000000000000,
                                    INT64_MAX / 12};
    uint64_t die = random_below(random, 100);
    if (die < 60) return 0;
    if (die < 90) return (int64_t)random_below(random, 4000000);
    if (die < 92) return edges[random_below(random, 12)];
    return edges[random_below(random, 7)];
}

static int64_t random_value(Random *random, const Kind *kind)
{
    static const Day days[] = {DAY_MIN, DAY_MAX, 0, 20454, 20453, 14000, 13514};
    if (kind->project == PROJECT_DAYS || kind->type == KIND_COUNT) {
        uint64_t die = random_below(random, 20);
        if (die == 0) return (int64_t)random_below(random, 3000000);
        return die < 4 ? 89 + (int64_t)random_below(random, 3) : 0;
    }
    switch (kind->type) {
    case KIND_DATE:
        if (random_chance(random, 100000)) {
            return days[random_below(random, sizeof days / sizeof *days)];
        }
        return (int64_t)random_below(random, 30000) - 10000;
    case KIND_FLAG:
        return (int64_t)random_below(random, 2);
    case KIND_CODE:
        return (int64_t)random_below(random, (uint64_t)kind->code_count);
    case KIND_MONEY:
        return random_money(random);
    case KIND_COUNT:
    case KIND_TEXT:
    case KIND_ASSET:
        break;
    }
    return 0;
}

/* Mostly what a plain household has, so that some are eligible. */
static void random_fields(Random *random, const Kind *const *fields,
                          int32_t count, int64_t *value, uint64_t *known,
                          uint32_t wild)
{
    *known = 0;
    for (int32_t i = 0; i < count; i++) {
        const Kind *kind = fields[i];
        bool plain = !random_chance(random, wild);
        bool null = !kind->has_unknown || random_chance(random, 3000);
        value[i] = kind->unknown;
        if (!plain || kind->type == KIND_MONEY || kind->type == KIND_DATE) {
            value[i] = random_value(random, kind);
        } else if (null) {
            value[i] = 0;
            continue;
        }
        *known |= UINT64_C(1) << i;
    }
}

static InputRecord random_record(Fixture *f, Random *random)
{
    const KindCatalogue *catalogue = f->pack->catalogue;
    uint32_t wild = random_chance(random, 500000) ? 20000 : 300000;
    InputRecord record = {.household_id = (int64_t)random_below(random, 1000)};
    uint64_t size = 1 + random_below(random, 7);
    if (random_chance(random, 5000)) size = random_below(random, 201);
    record.value = ARENA_ARRAY(f->page, int64_t, KIND_FIELDS_MAX);
    random_fields(random, catalogue->household_field,
                  catalogue->household_field_count, record.value, &record.known,
                  wild);
    record.member_count = (int32_t)size;
    record.members = ARENA_ARRAY(f->page, RecordMember, size + 1);
    for (uint64_t i = 0; i < size; i++) {
        RecordMember *member = &record.members[i];
        member->person_id = (int64_t)i;
        member->value = ARENA_ARRAY(f->page, int64_t, KIND_FIELDS_MAX);
        random_fields(random, catalogue->person_field,
                      catalogue->person_field_count, member->value,
                      &member->known, wild);
        int32_t role = catalogue->member->field;
        member->value[role] = i == 0 ? 0 : 1 + (int64_t)random_below(random, 3);
        if (random_chance(random, 20000)) member->value[role] = 0;
        member->known |= UINT64_C(1) << role;
        if (!random_chance(random, 200000)) continue;
        uint64_t assets = random_below(random, 4);
        if (random_chance(random, 3000)) assets = random_below(random, 1200);
        member->asset_count = (int32_t)assets;
        member->assets = ARENA_ARRAY(f->page, RecordAsset, assets + 1);
        for (uint64_t a = 0; a < assets; a++) {
            member->assets[a] = (RecordAsset){
                (int32_t)random_below(random,
                                      (uint64_t)catalogue->asset_class_count),
                (int32_t)random_below(random, 4), random_money(random)};
        }
    }
    return record;
}

/* Incomes that add up to the threshold of a plain household of that size. */
static void set_to_threshold(Fixture *f, InputRecord *record, int64_t more)
{
    const Kind *rent = kind_find(f->pack->catalogue, STR("rent_income"));
    int64_t year = 12 * (132000 + 66000 * (record->member_count - 1)) + more;
    for (int32_t i = 0; i < record->member_count; i++) {
        RecordMember *member = &record->members[i];
        member->asset_count = 0;
        for (int32_t k = 0; k < f->pack->catalogue->person_field_count; k++) {
            const Kind *kind = f->pack->catalogue->person_field[k];
            if (kind->type == KIND_MONEY) member->value[k] = 0;
            if (kind->has_unknown) {
                member->value[k] = kind->unknown;
                member->known |= UINT64_C(1) << k;
            }
        }
        int32_t role = f->pack->catalogue->member->field;
        member->value[role] = i == 0 ? 0 : 2;
        member->known |= UINT64_C(1) << role;
    }
    record->members[0].value[rent->field] = year;
}

typedef struct Tally {
    int64_t decided, eligible, different;
} Tally;

static void compare(Fixture *f, const InputRecord *records, int32_t count,
                    Month month, Tally *tally)
{
    ColumnLane *lanes = ARENA_ARRAY(f->page, ColumnLane, count);
    Verdict *verdicts = ARENA_ARRAY(f->page, Verdict, count);
    for (int32_t i = 0; i < count; i++) {
        lanes[i] = (ColumnLane){&records[i], &verdicts[i], false};
    }
    decision_columns_decide(f->columns, lanes, count);
    for (int32_t i = 0; i < count; i++) {
        Verdict scalar;
        if (!lanes[i].decided) continue;
        tally->decided++;
        Err err =
            decider_decide(f->decider, &records[i], month, &f->diag, &scalar);
        ck_assert_int_eq(err, OK);
        tally->eligible += scalar.eligible;
        if (verdict_equal(&scalar, &verdicts[i])) continue;
        tally->different++;
        printf("household %d: scalar %d %lld \"%s\", column %d %lld \"%s\"\n",
               i, scalar.eligible, (long long)scalar.amount_minor,
               scalar.reasons, verdicts[i].eligible,
               (long long)verdicts[i].amount_minor, verdicts[i].reasons);
    }
}

static void compare_random(uint64_t seed, Month month, int32_t pages)
{
    Fixture f = open_fixture(month);
    Random random = random_make(seed);
    Tally tally = {0};
    for (int32_t page = 0; page < pages; page++) {
        InputRecord records[PAGE];
        arena_reset(f.page);
        for (int32_t i = 0; i < PAGE; i++) {
            records[i] = random_record(&f, &random);
            if (records[i].member_count > 0 && random_chance(&random, 100000)) {
                set_to_threshold(&f, &records[i],
                                 (int64_t)random_below(&random, 3) - 1);
            }
        }
        compare(&f, records, PAGE, month, &tally);
    }
    int64_t all = (int64_t)pages * PAGE;
    ck_assert_int_eq(tally.different, 0);
    ck_assert_int_gt(tally.decided, all / 2);
    ck_assert_int_lt(tally.decided, all); /* some were made to be given up */
    ck_assert_int_gt(tally.eligible, all / 100);
    close_fixture(&f);
}

static Month month_at(int year, int month)
{
    return (Month)((year - 1970) * 12 + month - 1);
}

TEST(random_households_are_decided_as_one_by_one)
{
    const char *pages = getenv("COLUMN_PAGES");
    int32_t count = pages == NULL ? 30 : (int32_t)strtol(pages, NULL, 10);
    compare_random(1, month_at(2026, 1), count);
    compare_random(2, month_at(2023, 10), count / 2 + 1);
    compare_random(3, month_at(2025, 7), count / 2 + 1);
    compare_random(4, month_at(2026, 12), count / 2 + 1);
}

TEST(income_at_the_threshold_refuses_and_a_halala_below_does_not)
{
    Month month = month_at(2026, 1);
    Fixture f = open_fixture(month);
    Random random = random_make(9);
    for (int32_t size = 1; size < 60; size++) {
        InputRecord records[3];
        ColumnLane lanes[3];
        Verdict verdicts[3];
        arena_reset(f.page);
        for (int i = 0; i < 3; i++) {
            do {
                records[i] = random_record(&f, &random);
            } while (records[i].member_count < size);
            records[i].member_count = size;
            records[i].value[0] = 0;
            records[i].known = 0;
            set_to_threshold(&f, &records[i], 12 * (i - 1));
            lanes[i] = (ColumnLane){&records[i], &verdicts[i], false};
            for (int32_t k = 0; k < f.pack->catalogue->household_field_count;
                 k++) {
                const Kind *kind = f.pack->catalogue->household_field[k];
                records[i].value[k] = kind->unknown;
                records[i].known |= kind->has_unknown ? UINT64_C(1) << k : 0;
            }
        }
        decision_columns_decide(f.columns, lanes, 3);
        ck_assert(lanes[0].decided && lanes[1].decided && lanes[2].decided);
        ck_assert(verdicts[0].eligible);
        ck_assert_int_eq(verdicts[0].amount_minor, 1);
        ck_assert_str_eq(verdicts[1].reasons, "income");
        ck_assert_str_eq(verdicts[2].reasons, "income");
    }
    close_fixture(&f);
}

TEST(what_the_columns_cannot_hold_is_left_to_the_evaluator_for_one)
{
    Fixture f = open_fixture(month_at(2026, 1));
    Random random = random_make(5);
    InputRecord records[2] = {random_record(&f, &random),
                              random_record(&f, &random)};
    ColumnLane lanes[2];
    Verdict verdicts[2];
    const Kind *wage = kind_find(f.pack->catalogue, STR("wage"));
    for (int i = 0; i < 2; i++) {
        set_to_threshold(&f, &records[i], 0);
        lanes[i] = (ColumnLane){&records[i], &verdicts[i], true};
    }
    records[0].members[0].value[wage->field] = INT64_MAX / 2;
    records[1].member_count = 0;
    decision_columns_decide(f.columns, lanes, 2);
    ck_assert(!lanes[0].decided);
    ck_assert(!lanes[1].decided);
    close_fixture(&f);
}

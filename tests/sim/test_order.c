/*
 * test_order.c - the same evidence in another order gives the same decisions.
 *
 * Where two messages do not speak of the same thing on the same day, it must
 * not matter which came first: not whether an agency was quick or late, not
 * whether a person had moved by then, and not whether the months were
 * determined before or after. SIM_SEED runs one seed.
 */
#include "tests/harness.h"
#include "tests/sim/world.c"
/* the order matters: check.c uses what world.c has */
#include "tests/sim/check.c"

enum {
    HOUSES = 8,
    PEOPLE_MAX = 100,
    LIVES = 26, /* messages of life, whose order is that of time */
    FACTS = 120,
    STORY_ARENA = 64 << 20,
    FIRST_MONTH = (2023 - 1970) * 12,
    MONTHS = 36
};

/* One message, and how many messages of life must come before it. */
typedef struct Told {
    Str text;
    int after;
} Told;

typedef struct Story {
    Random random;
    Arena *arena;
    Str houses, people; /* the files with which it begins */
    Told life[LIVES];
    Told fact[FACTS];
    int fact_count;
    int64_t person[PEOPLE_MAX];
    int born_after[PEOPLE_MAX]; /* messages of life before he is there */
    int person_count;
    int64_t next_person;
} Story;

static int roll(Story *story, int below)
{
    return (int)random_below(&story->random, (uint64_t)below);
}

static int64_t anybody(Story *story, int *ret_after)
{
    int i = roll(story, story->person_count);
    *ret_after = story->born_after[i];
    return story->person[i];
}

static void meet(Story *story, int64_t id, int after)
{
    ck_assert_int_lt(story->person_count, PEOPLE_MAX);
    story->person[story->person_count] = id;
    story->born_after[story->person_count++] = after;
}

static void begin_files(Story *story)
{
    Buf houses = buf_make(1 << 20), people = buf_make(1 << 20);
    buf_text(&houses, "household_id,region,in_shelter\n");
    buf_text(&people, "person_id,household_id,role,birth_date,nationality,"
                      "resident,days_abroad,enrolled,salary,pension_income,"
                      "rent_income,business_income\n");
    for (int house = 1; house <= HOUSES; house++) {
        buf_format(&houses, "%d,%d,0\n", house, 1 + roll(story, 13));
        int size = 1 + roll(story, 5);
        for (int m = 0; m < size; m++) {
            int64_t id = story->next_person++;
            buf_format(&people, "%lld,%d,%d,%d-01-31,0,1,%d,0,%d.50,0,0,0\n",
                       (long long)id, house, m > 2 ? 2 : m, 1960 + 10 * m,
                       roll(story, 60), roll(story, 3) * 700);
            meet(story, id, 0);
        }
    }
    story->houses = str_copy(story->arena, buf_view(&houses));
    story->people = str_copy(story->arena, buf_view(&people));
    buf_free(&houses);
    buf_free(&people);
}

static Str message(Story *story, const char *source, int number,
                   const char *type, const char *data)
{
    return str_of(arena_format(
        story->arena,
        "{\"specversion\":\"1.0\",\"source\":\"%s\",\"id\":\"%d\",\"type\":"
        "\"sa.gov.sanad.%s.v1\",\"data\":%s}",
        source, number, type, data));
}

/* Life goes on from one month to the next. */
static void live_on(Story *story, int i)
{
    int after;
    long long who = (long long)anybody(story, &after);
    long long other = (long long)anybody(story, &after);
    int month = 12 + i; /* counted from 2022-01 */
    const char *day =
        arena_format(story->arena, "%d-%02d-%02d", 2022 + month / 12,
                     1 + month % 12, 1 + roll(story, 28));
    const char *type = "household.left", *data;
    long long born = story->next_person;
    switch (roll(story, 7)) {
    case 0:
    case 1:
        type = "birth";
        data = arena_format(
            story->arena,
            "{\"person\":\"%lld\",\"parent\":\"%lld\",\"from\":\"%s\"}", born,
            who, day);
        meet(story, story->next_person++, i + 1);
        break;
    case 2:
        type = "death";
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"from\":\"%s\"}", who, day);
        break;
    case 3:
        type = "marriage";
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"spouse\":\"%lld\","
                            "\"from\":\"%s\",\"household\":\"new\","
                            "\"household_facts\":{\"region\":\"3\"}}",
                            who, other, day);
        break;
    case 4:
        type = "divorce";
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"spouse\":\"%lld\","
                            "\"from\":\"%s\",\"target\":\"new\"}",
                            who, other, day);
        break;
    case 5:
        type = "household.joined";
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"household\":\"%d\","
                            "\"from\":\"%s\",\"role\":\"other\"}",
                            who, 1 + roll(story, HOUSES), day);
        break;
    default:
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"from\":\"%s\"}", who, day);
        break;
    }
    story->life[i] = (Told){message(story, "life", i, type, data), i};
}

/*
 * A fact that no other speaks of: number `i` has a month, a key or a kind of
 * its own.
 */
static void learn(Story *story, int i)
{
    int after, month = i % 40, value = 100 * (1 + roll(story, 60));
    long long who = (long long)anybody(story, &after);
    const char *type, *data;
    const char *when = arena_format(story->arena, "%d-%02d", 2022 + month / 12,
                                    1 + month % 12);
    switch (i % 5) {
    case 0: /* 40 numbers later it is the same month again, of other kinds */
        type = i < 40   ? "wage.reported"
               : i < 80 ? "fact.rent_income"
                        : "fact.pension_income";
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"month\":\"%s\","
                            "\"value\":\"%d.00\"}",
                            who, when, value);
        break;
    case 1:
        type = "fact.lump_sum";
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"from\":\"%s-09\",\"key\":"
                            "\"%d\",\"value\":\"%d.00\"}",
                            who, when, i, 10 * value);
        break;
    case 2:
        type = "asset.held";
        data = arena_format(
            story->arena,
            "{\"person\":\"%lld\",\"from\":\"%s-17\",\"key\":\"%d\","
            "\"class\":\"%s\",\"value\":\"%d.00\",\"lived_in\":%s}",
            who, when, i, i % 2 == 0 ? "vehicles" : "buildings", 100 * value,
            i % 4 == 1 ? "true" : "false");
        break;
    case 3: /* a month of its own for each number and kind */
        type = i < 40 ? "travel.abroad" : "fact.government_aid";
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"month\":\"%s\","
                            "\"value\":%s}",
                            who, when, i < 40 ? "true" : "55");
        break;
    default: /* a kind of its own for each person */
        who = (long long)story->person[i / 5 % story->person_count];
        after = story->born_after[i / 5 % story->person_count];
        type = "disability.assessed";
        data = arena_format(story->arena,
                            "{\"person\":\"%lld\",\"from\":\"%s-03\","
                            "\"value\":\"severe\"}",
                            who, when);
        break;
    }
    story->fact[story->fact_count++] =
        (Told){message(story, "agency", i, type, data), after};
}

static Story *tell(Arena *arena, uint64_t seed)
{
    Story *story = ARENA_NEW(arena, Story);
    story->arena = arena;
    story->random = random_make(seed);
    story->next_person = 1;
    begin_files(story);
    for (int i = 0; i < LIVES; i++) live_on(story, i);
    for (int i = 0; i < FACTS; i++) learn(story, i);
    return story;
}

/* Sends one; what a rule refuses is refused in every order. */
static void hear(World *world, Str text, int *refused)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(STEP_ARENA);
    EventOutcome outcome = {0};
    world->now += INT64_C(60000000);
    *refused += send(world, arena, text, &outcome) != OK;
}

/*
 * Lets a world hear the story. `early`: facts as soon as they may come;
 * otherwise they come late, the last ones first; `mixed`: at any time.
 */
static int hear_all(World *world, const Story *story, bool early, bool mixed)
{
    bool heard[FACTS] = {false};
    int refused = 0;
    Random random = random_make(99);
    for (int life = 0; life <= LIVES; life++) {
        for (int i = 0; i < story->fact_count; i++) {
            bool last = life == LIVES;
            int f = early ? i : story->fact_count - 1 - i;
            bool now = last || early;
            if (mixed) now = last || random_below(&random, 12) == 0;
            if (heard[f] || !now || story->fact[f].after > life) continue;
            heard[f] = true;
            hear(world, story->fact[f].text, &refused);
        }
        if (life < LIVES) hear(world, story->life[life].text, &refused);
    }
    return refused;
}

static void read_files(World *world, const Story *story)
{
    Diag diag = {.key = ""};
    ImportCsvReport report;
    write_file(world, "households.csv", story->houses);
    write_file(world, "persons.csv", story->people);
    expect(import(world, &diag, &report), &diag, "import");
    ck_assert_int_eq(report.rejected, 0);
}

static void determine_all(World *world)
{
    for (int i = 0; i < MONTHS; i += 3) {
        determine_month(world, FIRST_MONTH + i, false);
    }
}

/* What is in force for every household and month, and on what input. */
static Str in_force(World *world, Arena *arena)
{
    House *houses = ARENA_ARRAY(arena, House, HOUSES_MAX);
    int count = read_houses(world, arena, houses);
    const char *programme = world->context.pack->programmes[0].name;
    Buf buf = buf_make(16 << 20);
    for (int i = 0; i < count; i++) {
        for (int m = 0; m < MONTHS; m += 3) {
            Decision is;
            Month month = FIRST_MONTH + m;
            Err err =
                decision_at(world->tx, programme, houses[i].id, month, &is);
            ck_assert(err == OK || err == ERR_NOT_FOUND);
            if (err != OK || strcmp(is.verdict.reasons, "ended") == 0) continue;
            buf_format(&buf, "%lld %d: %lld %s", (long long)houses[i].id,
                       (int)month, (long long)is.verdict.amount_minor,
                       is.verdict.reasons);
            dump_bytes(&buf, hash_str(&is.input));
            buf_char(&buf, '\n');
        }
    }
    Str text = str_copy(arena, buf_view(&buf));
    buf_free(&buf);
    return text;
}

typedef enum When { MONTHS_FIRST, MONTHS_LAST } When;

static Str outcome_of(const Story *story, Arena *arena, When when, bool early,
                      bool mixed, int *ret_refused)
{
    char folder[] = "/tmp/sanad-order-XXXXXX", db[64];
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(db, sizeof db, "%s/order.db", folder);
    World *world = world_open(db, 1);
    read_files(world, story);
    if (when == MONTHS_FIRST) determine_all(world);
    *ret_refused = hear_all(world, story, early, mixed);
    determine_all(world);
    world_check(world, true);
    Str text = in_force(world, arena);
    world_close(world);
    for (int i = 0; i < 4; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", db, ends[i]);
        unlink(path);
    }
    rmdir(folder);
    return text;
}

/* Names the first line in which two outcomes differ. */
static void expect_equal(Str one, Str other, const char *what)
{
    Str a = one, b = other, left, right;
    while (str_split(&a, '\n', &left) && str_split(&b, '\n', &right)) {
        ck_assert_msg(str_equal(left, right), "%s: \"%.*s\", but \"%.*s\"",
                      what, STR_ARG(left), STR_ARG(right));
    }
    ck_assert_msg(str_equal(one, other), "%s: another number of decisions",
                  what);
}

static void compare(uint64_t seed)
{
    Arena *arena = arena_open(STORY_ARENA);
    ck_assert_int_eq(setenv("SANAD_CLOCK", "2026-01-10T09:00:00Z", 1), 0);
    Story *story = tell(arena, seed);
    int refused, again;
    Str first = outcome_of(story, arena, MONTHS_LAST, true, false, &refused);
    ck_assert_uint_gt(first.bytes, 1000);
    ck_assert_int_lt(refused, (FACTS + LIVES) / 2);
    expect_equal(first,
                 outcome_of(story, arena, MONTHS_FIRST, false, false, &again),
                 "months first, facts late");
    ck_assert_int_eq(again, refused);
    expect_equal(first,
                 outcome_of(story, arena, MONTHS_FIRST, false, true, &again),
                 "months first, facts at any time");
    ck_assert_int_eq(again, refused);
    arena_close(arena);
}

TEST(the_order_in_which_agencies_tell_does_not_matter)
{
    const char *given = getenv("SIM_SEED");
    int64_t seed;
    if (given != NULL && str_to_int(str_of(given), &seed)) {
        compare((uint64_t)seed);
        return;
    }
    for (uint64_t i = 1; i <= 3; i++) compare(i);
}

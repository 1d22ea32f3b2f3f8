/*
 * kinds.h - a small catalogue with one kind of each projection, for tests of
 * books and records, and short ways to say things.
 */
#ifndef TESTS_REGISTRY_KINDS_H
#define TESTS_REGISTRY_KINDS_H

#include "registry/record.h"
#include "tests/harness.h"

enum {
    K_MEMBER = 1,
    K_BIRTH = 2,
    K_AWAY = 7,
    K_LEVEL = 10,
    K_DEAD = 12,
    K_WAGE = 13,
    K_LUMP = 24,
    K_ASSET = 25,
    K_NAME = 28,
    K_REGION = 40,
    K_PLAIN = 41
};

static inline const KindCatalogue *test_kinds(Arena *arena)
{
    static const char facts[] =
        "1\tmember\tperson\tcode:head|spouse|child|other|left\tstate\tleft\n"
        "2\tbirth_date\tperson\tdate\tstate\t-\n"
        "7\taway\tperson\tflag\tdays\t0\n"
        "10\tlevel\tperson\tcount\tstate\t3\n"
        "12\tdead\tperson\tflag\tstate\tfalse\n"
        "13\twage\tperson\tmoney\tsum\t0\n"
        "24\tlump\tperson\tmoney\tlump\t0\n"
        "25\tasset\tperson\tasset\tlist\t-\n"
        "28\tname\tperson\ttext:name\tnone\t-\n"
        "40\tregion\thousehold\tcode:north|south\tstate\t-\n"
        "41\tplain\thousehold\tflag\tstate\ttrue\n";
    const KindCatalogue *catalogue;
    Diag diag;
    ck_assert_int_eq(
        kind_load(arena, str_of(facts), STR("land\ncars\n"), &diag, &catalogue),
        OK);
    return catalogue;
}

static inline Day test_day(const char *text)
{
    Day day;
    if (strcmp(text, "open") == 0) return DAY_OPEN;
    ck_assert_msg(day_read(str_of(text), &day), "%s", text);
    return day;
}

/* Says one thing of a subject for an interval; later ones win. */
static inline void test_say(Book *book, int64_t subject, const char *from,
                            const char *to, Attribute is)
{
    Statement statement = {subject, test_day(from), test_day(to), &is, 1};
    Origin origin = {.version = book->origin_count + 1,
                     .source = STR("test"),
                     .received = test_day("2026-01-01")};
    ck_assert_int_eq(book_apply(book, &statement, &origin), OK);
}

#endif

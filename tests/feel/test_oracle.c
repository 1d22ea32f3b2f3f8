/*
 * Arithmetic against libdecnumber, which shares nothing with what the product
 * is linked to: 50,000 operations on random numbers of all sizes, or as many
 * as SANAD_OPERATIONS says. Sums, products, quotients, remainders, roots and
 * roundings are the same to the last of 34 digits; exp, log and power within
 * two units of it. A third of the numbers is money.
 */
#define DECNUMDIGITS 420
#include <decNumber.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "feel/number.h"
#include "tests/harness.h"

enum { TEXT_BYTES = 512, DIGITS = 34, EXACT_DIGITS = 400, LAST_PLACE = -6176 };

typedef struct Bench {
    Arena *arena;
    Random random;
    decContext plain; /* 34 digits, half even: decimal128 */
    decContext exact; /* enough digits for anything asked here */
    char a_text[TEXT_BYTES], b_text[TEXT_BYTES];
    FeelValue a, b;
    decNumber x, y;
    int64_t done;
} Bench;

static Bench make_bench(uint64_t seed)
{
    Bench bench = {.arena = arena_open(64 << 20), .random = random_make(seed)};
    decContextDefault(&bench.plain, DEC_INIT_DECIMAL128);
    bench.plain.traps = 0;
    bench.exact = bench.plain;
    bench.exact.digits = EXACT_DIGITS;
    bench.exact.emax = 900000;
    bench.exact.emin = -900000;
    bench.exact.clamp = 0;
    return bench;
}

static int64_t operations(void)
{
    const char *text = getenv("SANAD_OPERATIONS");
    return text == NULL ? 50000 : strtoll(text, NULL, 10);
}

/* Digits with a sign, a point and an exponent of at most +-`span`. */
static void some_text(Random *random, uint64_t span, char *text)
{
    bool money = random_below(random, 3) == 0;
    uint64_t digits = 1 + random_below(random, money ? 11 : DIGITS);
    bool round = random_below(random, 4) == 0; /* many nines or zeros */
    char *at = text;
    if (random_below(random, 2) == 0) *at++ = '-';
    for (uint64_t i = 0; i < digits; i++) {
        uint64_t digit =
            round ? 9 * random_below(random, 2) : random_below(random, 10);
        *at++ = (char)('0' + digit);
    }
    int exponent =
        money ? -2 : (int)random_below(random, 2 * span + 1) - (int)span;
    snprintf(at, 16, "E%d", exponent);
}

static void next_pair(Bench *bench, uint64_t span)
{
    arena_reset(bench->arena);
    some_text(&bench->random, span, bench->a_text);
    some_text(&bench->random, span, bench->b_text);
    bench->a = feel_number_read(bench->arena, str_of(bench->a_text));
    bench->b = feel_number_read(bench->arena, str_of(bench->b_text));
    decNumberFromString(&bench->x, bench->a_text, &bench->plain);
    decNumberFromString(&bench->y, bench->b_text, &bench->plain);
    bench->done++;
}

/* A value of ours, by its text, in the oracle's form. */
static void taken_over(Bench *bench, FeelValue value, decNumber *ret)
{
    Buf text = buf_make(1 << 16);
    feel_number_write(&text, value);
    buf_char(&text, '\0');
    decNumberFromString(ret, text.at, &bench->exact);
    buf_free(&text);
}

static bool same(Bench *bench, FeelValue value, const decNumber *expected)
{
    if (decNumberIsSpecial(expected)) return value.kind == FEEL_NULL;
    decNumber ours, order;
    if (value.kind != FEEL_NUMBER) return false;
    taken_over(bench, value, &ours);
    decNumberCompare(&order, &ours, expected, &bench->exact);
    return decNumberIsZero(&order);
}

static void expect(Bench *bench, const char *what, FeelValue value,
                   const decNumber *expected)
{
    if (same(bench, value, expected)) return;
    char text[TEXT_BYTES * 2];
    Buf ours = buf_make(1 << 16);
    if (value.kind == FEEL_NUMBER) feel_number_write(&ours, value);
    decNumberToString(expected, text);
    ck_abort_msg("%s of %s and %s is %.*s instead of %s", what, bench->a_text,
                 bench->b_text, (int)ours.bytes, ours.at, text);
}

/* a - b floor(a / b), exact and then rounded once. */
static void modulo(Bench *bench, decNumber *ret)
{
    decNumberRemainder(ret, &bench->x, &bench->y, &bench->exact);
    if (!decNumberIsZero(ret) && !decNumberIsSpecial(ret) &&
        decNumberIsNegative(ret) != decNumberIsNegative(&bench->y)) {
        decNumberAdd(ret, ret, &bench->y, &bench->exact);
    }
    decNumberPlus(ret, ret, &bench->plain);
}

TEST(sums_products_and_quotients_are_correctly_rounded)
{
    Bench b = make_bench(1);
    decNumber expected;
    for (int64_t i = 0; i < operations() / 10; i++) {
        next_pair(&b, i % 4 == 0 ? 6100 : 40);
        decNumberAdd(&expected, &b.x, &b.y, &b.plain);
        expect(&b, "the sum", feel_number_add(b.arena, b.a, b.b), &expected);
        decNumberSubtract(&expected, &b.x, &b.y, &b.plain);
        expect(&b, "the difference", feel_number_subtract(b.arena, b.a, b.b),
               &expected);
        decNumberMultiply(&expected, &b.x, &b.y, &b.plain);
        expect(&b, "the product", feel_number_multiply(b.arena, b.a, b.b),
               &expected);
        decNumberDivide(&expected, &b.x, &b.y, &b.plain);
        expect(&b, "the quotient", feel_number_divide(b.arena, b.a, b.b),
               &expected);
        decNumberCompare(&expected, &b.x, &b.y, &b.plain);
        int order = feel_number_compare(b.a, b.b);
        expect(&b, "the order",
               feel_number(order > 0   ? 1
                           : order < 0 ? -1
                                       : 0,
                           0),
               &expected);
    }
    arena_close(b.arena);
}

TEST(roots_remainders_and_texts_are_correctly_rounded)
{
    Bench b = make_bench(2);
    decNumber expected;
    for (int64_t i = 0; i < operations() / 10; i++) {
        next_pair(&b, 60);
        decNumberSquareRoot(&expected, &b.x, &b.plain);
        expect(&b, "the root", feel_number_math(b.arena, FEEL_SQRT, b.a),
               &expected);
        modulo(&b, &expected);
        expect(&b, "the remainder", feel_number_modulo(b.arena, b.a, b.b),
               &expected);
        expect(&b, "the number", b.a, &b.x);
        decNumberMinus(&expected, &b.x, &b.plain);
        expect(&b, "the opposite", feel_number_negate(b.arena, b.a), &expected);
    }
    arena_close(b.arena);
}

TEST(each_way_of_rounding_rounds_once)
{
    static const struct {
        FeelRounding ours;
        enum rounding theirs;
    } ways[] = {
        {FEEL_HALF_EVEN, DEC_ROUND_HALF_EVEN}, {FEEL_FLOOR, DEC_ROUND_FLOOR},
        {FEEL_CEILING, DEC_ROUND_CEILING},     {FEEL_DOWN, DEC_ROUND_DOWN},
        {FEEL_HALF_UP, DEC_ROUND_HALF_UP},     {FEEL_UP, DEC_ROUND_UP},
        {FEEL_HALF_DOWN, DEC_ROUND_HALF_DOWN}};
    Bench b = make_bench(3);
    decNumber expected, scale;
    for (int64_t i = 0; i < operations() / 70; i++) {
        next_pair(&b, 40);
        int places = (int)random_below(&b.random, 60) - 20;
        decNumberFromInt32(&scale, -places);
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
            decContext how = b.exact;
            how.round = ways[k].theirs;
            decNumberRescale(&expected, &b.x, &scale, &how);
            snprintf(b.b_text, sizeof b.b_text, "%d, way %zu", places, k);
            expect(&b, "the rounding",
                   feel_number_round(b.arena, b.a, places, ways[k].ours),
                   &expected);
        }
    }
    arena_close(b.arena);
}

/* At most two units of the last of 34 digits away from the exact value. */
static void expect_near(Bench *bench, const char *what, FeelValue value,
                        const decNumber *exact)
{
    decNumber rounded, unit, ours, off;
    decNumberPlus(&rounded, exact, &bench->plain);
    if (decNumberIsSpecial(&rounded) || decNumberIsZero(&rounded)) return;
    ck_assert_msg(value.kind == FEEL_NUMBER, "%s of %s and %s is null", what,
                  bench->a_text, bench->b_text);
    taken_over(bench, value, &ours);
    decNumberFromInt32(&unit, 2);
    unit.exponent = exact->exponent + exact->digits - DIGITS;
    if (unit.exponent < LAST_PLACE) unit.exponent = LAST_PLACE;
    decNumberSubtract(&off, &ours, exact, &bench->exact);
    decNumberAbs(&off, &off, &bench->exact);
    decNumberCompare(&off, &off, &unit, &bench->exact);
    if (!decNumberIsZero(&off) && !decNumberIsNegative(&off)) {
        expect(bench, what, value, &rounded);
    }
}

TEST(exp_log_and_power_are_within_two_units)
{
    Bench b = make_bench(4);
    decNumber expected, small;
    decContext fine = b.plain;
    fine.digits = 60;
    fine.emax = 999999;
    fine.emin = -999999;
    fine.clamp = 0;
    for (int64_t i = 0; i < operations() / 300; i++) {
        next_pair(&b, 4);
        int64_t span = i % 5 == 0 ? 14000 : 99;
        FeelValue bounded =
            feel_number_modulo(b.arena, b.a, feel_number(span, 0));
        taken_over(&b, bounded, &small);
        decNumberExp(&expected, &small, &fine);
        expect_near(&b, "the exponential",
                    feel_number_math(b.arena, FEEL_EXP, bounded), &expected);
        if (decNumberIsNegative(&b.x)) continue;
        if (decNumberIsZero(&b.x)) continue;
        decNumberLn(&expected, &b.x, &fine);
        expect_near(&b, "the logarithm",
                    feel_number_math(b.arena, FEEL_LOG, b.a), &expected);
        FeelValue power = feel_number_modulo(b.arena, b.b, feel_number(70, 0));
        if (i % 2 == 0) {
            power = feel_number_round(b.arena, power, 0, FEEL_HALF_EVEN);
        }
        taken_over(&b, power, &small);
        decNumberPower(&expected, &b.x, &small, &fine);
        expect_near(&b, "the power", feel_number_power(b.arena, b.a, power),
                    &expected);
    }
    arena_close(b.arena);
}

/* A result at the ends of what a number can be: null beyond, zero below. */
static void expect_at_end(Bench *b, const char *what, FeelValue value,
                          const decNumber *exact)
{
    decNumber rounded, none;
    decNumberPlus(&rounded, exact, &b->plain);
    decNumberZero(&none);
    ck_assert(!decNumberIsNaN(exact));
    if (decNumberIsInfinite(&rounded)) {
        ck_assert_msg(value.kind == FEEL_NULL, "%s of %s and %s is no null",
                      what, b->a_text, b->b_text);
    } else if (exact->exponent + exact->digits < LAST_PLACE - 1) {
        expect(b, what, value, &none);
    } else {
        ck_assert_msg(value.kind == FEEL_NUMBER, "%s of %s and %s is null",
                      what, b->a_text, b->b_text);
        expect_near(b, what, value, exact);
    }
}

static decContext fine_context(const Bench *b)
{
    decContext fine = b->plain;
    fine.digits = 70;
    fine.emax = 999999;
    fine.emin = -999999;
    fine.clamp = 0;
    return fine;
}

static void expect_power(Bench *b, const char *base, const char *exponent)
{
    decNumber expected;
    decContext fine = fine_context(b);
    arena_reset(b->arena);
    snprintf(b->a_text, sizeof b->a_text, "%s", base);
    snprintf(b->b_text, sizeof b->b_text, "%s", exponent);
    FeelValue x = feel_number_read(b->arena, str_of(base));
    FeelValue y = feel_number_read(b->arena, str_of(exponent));
    decNumberFromString(&b->x, base, &b->plain);
    decNumberFromString(&b->y, exponent, &b->plain);
    decNumberPower(&expected, &b->x, &b->y, &fine);
    expect_at_end(b, "the power", feel_number_power(b->arena, x, y), &expected);
}

TEST(powers_reach_to_the_smallest_and_the_largest_number)
{
    static const struct {
        const char *base, *exponent;
    } cases[] = {{"10", "-6150"},    {"10", "-6144"},   {"10", "-6146"},
                 {"10", "-6176"},    {"10", "-6177"},   {"10", "-6178"},
                 {"10", "6144"},     {"10", "6145"},    {"2", "-20440"},
                 {"7", "-7300"},     {"3", "-12890"},   {"2", "20411"},
                 {"2", "-20517"},    {"-3", "-12891"},  {"1E4000", "-1.52"},
                 {"1E-4000", "1.5"}, {"1E-6176", "-1"}, {"1E-6176", "0.5"},
                 {"2E-6170", "-.9"}, {"0.1", "6150"},   {"9E6144", "-1.001"},
                 {"2", "1E-6000"},   {"-7", "7269"},    {"9E6144", "0.999"}};
    Bench b = make_bench(5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_power(&b, cases[i].base, cases[i].exponent);
    }
    arena_close(b.arena);
}

/* An exponent that leads from the base to about 1E`tens`. */
static void exponent_text(Bench *b, int64_t tens, bool whole, char *text)
{
    decNumber log, exponent;
    decContext few = fine_context(b);
    few.digits = whole ? 9 : 20;
    decNumberLog10(&log, &b->x, &few);
    decNumberFromInt32(&exponent, (int32_t)tens);
    decNumberDivide(&exponent, &exponent, &log, &few);
    if (whole) decNumberToIntegralValue(&exponent, &exponent, &few);
    decNumberToString(&exponent, text);
}

TEST(powers_and_exponentials_at_the_ends_are_within_two_units)
{
    Bench b = make_bench(6);
    for (int64_t i = 0; i < operations() / 200; i++) {
        char base[TEXT_BYTES], exponent[TEXT_BYTES];
        next_pair(&b, i % 3 == 0 ? 3000 : 4);
        snprintf(base, sizeof base, "%s", b.a_text + (b.a_text[0] == '-'));
        if (i % 7 == 0) { /* near one, for exponents of many digits */
            snprintf(base, sizeof base, "1.%0*d", 2 + (int)(i % 12),
                     1 + (int)random_below(&b.random, 99));
        }
        decNumberFromString(&b.x, base, &b.plain);
        decNumber one;
        decNumberFromInt32(&one, 1);
        decNumberCompare(&one, &b.x, &one, &b.plain);
        if (decNumberIsZero(&b.x) || decNumberIsZero(&one)) continue;
        int64_t off = (int64_t)random_below(&b.random, 60);
        exponent_text(&b, i % 2 == 0 ? off - 6190 : 6160 - off, i % 5 != 0,
                      exponent);
        expect_power(&b, base, exponent);
        decNumber expected, small;
        decContext fine = fine_context(&b);
        FeelValue x = feel_number_read(b.arena, str_of(base));
        decNumberLn(&expected, &b.x, &fine);

        expect_near(&b, "the logarithm", feel_number_math(b.arena, FEEL_LOG, x),
                    &expected);
        snprintf(b.a_text, sizeof b.a_text, "%s%d.%03d", i % 2 ? "" : "-",
                 14130 + (int)random_below(&b.random, 100), (int)(i % 997));
        decNumberFromString(&small, b.a_text, &fine);
        decNumberExp(&expected, &small, &fine);
        expect_at_end(
            &b, "the exponential",
            feel_number_math(b.arena, FEEL_EXP,
                             feel_number_read(b.arena, str_of(b.a_text))),
            &expected);
    }
    arena_close(b.arena);
}

/* Numbers near one, above and below it, whose logarithms are small. */
TEST(logarithms_near_one_are_within_two_units)
{
    Bench b = make_bench(7);
    decNumber expected, one, part;
    decContext fine = fine_context(&b);
    for (int64_t i = 0; i < operations() / 50; i++) {
        next_pair(&b, 0);
        uint64_t places = random_below(&b.random, 30);
        snprintf(b.a_text, sizeof b.a_text, "%s%u%09uE-%u",
                 i % 2 == 0 ? "" : "-",
                 (unsigned)random_below(&b.random, 999999999) + 1,
                 (unsigned)random_below(&b.random, 1000000000),
                 (unsigned)places + 18);
        decNumberFromString(&part, b.a_text, &b.plain);
        decNumberFromInt32(&one, 1);
        decNumberAdd(&b.x, &one, &part, &b.plain);
        decNumberToString(&b.x, b.a_text);
        b.b_text[0] = '\0';
        if (decNumberIsZero(&b.x) || decNumberIsNegative(&b.x)) continue;
        b.a = feel_number_read(b.arena, str_of(b.a_text));
        decNumberLn(&expected, &b.x, &fine);
        expect_near(&b, "the logarithm",
                    feel_number_math(b.arena, FEEL_LOG, b.a), &expected);
    }
    arena_close(b.arena);
}

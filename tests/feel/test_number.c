#include "feel/number.h"

#include "base/random.h"
#include "tests/harness.h"

__extension__ typedef __int128 Wide;

static _Thread_local Arena *arena;

static FeelValue read(const char *text)
{
    if (arena == NULL) arena = arena_open(64 << 20);
    return feel_number_read(arena, str_of(text));
}

static void expect(FeelValue value, const char *text)
{
    Buf buf = buf_make(4096);
    feel_write_json(&buf, value);
    EXPECT_STR(buf_view(&buf), text);
    buf_free(&buf);
}

/* A number of up to 18 digits and up to 6 decimals. */
static FeelValue some_number(Random *random)
{
    int64_t size = 1;
    for (uint64_t i = random_below(random, 18); i > 0; i--) size *= 10;
    int64_t whole = (int64_t)random_below(random, (uint64_t)size * 9) - size;
    return feel_number(whole, (int8_t)random_below(random, 7));
}

/* The same number forced into the decimal library's form. */
static FeelValue as_wide(FeelValue value)
{
    FeelValue big = read("1E+30");
    FeelValue sum = feel_number_add(arena, value, big);
    return feel_number_subtract(arena, sum, big);
}

TEST(the_short_form_and_the_decimal_library_agree)
{
    Random random = random_make(7);
    (void)read("0");
    for (int i = 0; i < 20000; i++) {
        FeelValue a = some_number(&random), b = some_number(&random);
        FeelValue big = read("1E+25");
        FeelValue far_a = feel_number_multiply(arena, a, big);
        FeelValue far_b = feel_number_multiply(arena, b, big);
        FeelValue near =
            feel_number_multiply(arena, feel_number_add(arena, a, b), big);
        FeelValue far = feel_number_add(arena, far_a, far_b);
        ck_assert_int_eq(feel_number_compare(near, far), 0);
        near = feel_number_subtract(arena, a, b);
        far = feel_number_divide(
            arena, feel_number_subtract(arena, far_a, far_b), big);
        ck_assert_int_eq(feel_number_compare(near, far), 0);
        ck_assert_int_eq(feel_number_compare(a, b),
                         feel_number_compare(far_a, far_b));
        arena_reset(arena);
    }
}

TEST(sums_of_amounts_are_exact)
{
    Random random = random_make(11);
    (void)read("0");
    Wide total = 0;
    FeelValue sum = feel_number(0, 0);
    for (int i = 0; i < 10000; i++) {
        int64_t minor = (int64_t)random_below(&random, 100000000000);
        total += minor;
        sum = feel_number_add(arena, sum, feel_number(minor, 2));
    }
    int64_t minor;
    ck_assert(feel_number_minor(sum, &minor));
    ck_assert(minor == (int64_t)total);
}

TEST(a_quotient_has_34_digits_half_even)
{
    (void)read("0");
    expect(feel_number_divide(arena, read("1"), read("7")),
           "0.1428571428571428571428571428571429");
    expect(feel_number_divide(arena, read("10"), read("4")), "2.5");
    expect(feel_number_divide(arena, read("1"), read("0")), "null");
}

TEST(rounding_goes_as_its_name_says)
{
    static const struct {
        const char *number;
        int scale;
        const char *even, *floor, *ceiling, *down, *up, *half_up, *half_down;
    } cases[] = {{"2.5", 0, "2", "2", "3", "2", "3", "3", "2"},
                 {"-2.5", 0, "-2", "-3", "-2", "-2", "-3", "-3", "-2"},
                 {"1.25", 1, "1.2", "1.2", "1.3", "1.2", "1.3", "1.3", "1.2"},
                 {"1.26", 1, "1.3", "1.2", "1.3", "1.2", "1.3", "1.3", "1.3"},
                 {"155", -1, "160", "150", "160", "150", "160", "160", "150"},
                 {"0.1234567890123456789012345678901234", 33,
                  "0.123456789012345678901234567890123",
                  "0.123456789012345678901234567890123",
                  "0.123456789012345678901234567890124",
                  "0.123456789012345678901234567890123",
                  "0.123456789012345678901234567890124",
                  "0.123456789012345678901234567890123",
                  "0.123456789012345678901234567890123"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FeelValue n = read(cases[i].number);
        int s = cases[i].scale;
        expect(feel_number_round(arena, n, s, FEEL_HALF_EVEN), cases[i].even);
        expect(feel_number_round(arena, n, s, FEEL_FLOOR), cases[i].floor);
        expect(feel_number_round(arena, n, s, FEEL_CEILING), cases[i].ceiling);
        expect(feel_number_round(arena, n, s, FEEL_DOWN), cases[i].down);
        expect(feel_number_round(arena, n, s, FEEL_UP), cases[i].up);
        expect(feel_number_round(arena, n, s, FEEL_HALF_UP), cases[i].half_up);
        expect(feel_number_round(arena, n, s, FEEL_HALF_DOWN),
               cases[i].half_down);
    }
}

TEST(minor_units_are_rounded_half_up)
{
    static const struct {
        const char *number;
        int64_t minor;
    } cases[] = {{"780.045", 78005}, {"780.0449", 78004},
                 {"-0.005", -1},     {"1320", 132000},
                 {"0.004999", 0},    {"1E+3", 100000},
                 {"0.1", 10},        {"12345678901.23", 1234567890123}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t minor;
        ck_assert(feel_number_minor(read(cases[i].number), &minor));
        ck_assert_int_eq(minor, cases[i].minor);
    }
    int64_t minor;
    ck_assert(!feel_number_minor(read("1E+30"), &minor));
}

TEST(what_is_no_number_is_refused)
{
    static const char *const texts[] = {"",   "-",   ".",    "1.",  "1e",
                                        "1a", "NaN", "0x10", "1 2", "Infinity"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_msg(read(texts[i]).kind == FEEL_NULL, "\"%s\"", texts[i]);
    }
}

TEST(texts_of_numbers_have_no_needless_zeros)
{
    expect(read("1.500"), "1.5");
    expect(read("-0.00"), "0");
    expect(read("1E+10"), "10000000000");
    expect(read("1E-10"), "0.0000000001");
    expect(read("123456789012345678901234567890.1234"),
           "123456789012345678901234567890.1234");
    expect(read("1E+100"), "1E+100");
    expect(as_wide(feel_number(42, 1)), "4.2");
}

TEST(the_ends_of_64_bits_are_passed_without_overflow)
{
    (void)read("0");
    FeelValue least = feel_number(INT64_MIN, 0);
    expect(feel_number_negate(arena, least), "9223372036854775808");
    expect(feel_number_subtract(arena, least, feel_number(1, 0)),
           "-9223372036854775809");
    expect(feel_number_multiply(arena, least, least),
           "85070591730234615865843651857942050000");
    expect(feel_number_modulo(arena, least, feel_number(-1, 0)), "0");
    expect(feel_number_divide(arena, least, feel_number(-1, 0)),
           "9223372036854775808");
}

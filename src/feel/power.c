/*
 * Powers and the exponential. The library computes both in binary with 113
 * bits, which is enough while the result is of a usual size and loses digits
 * when it is not: so the whole part of an exponent is worked off by squaring,
 * in pairs of decimals of 68 digits, and the library does the rest. A pair has
 * a power of ten beside it, so that nothing on the way is too large or small.
 */
#include <stdlib.h>

#include "feel/number_int.h"

enum {
    LOG_TERMS = 20,        /* of a hundredth: the next is below 1E-40 */
    DIGITS_NEAR = 500,     /* a pair as large, or its inverse, stays as it is */
    TENS_MAX = 1000000,    /* beyond all numbers, and no further */
    TENS_OF_NUMBERS = 8000 /* a pair so many tens away is none any more */
};

static const int64_t WHOLE_MAX = 1000000000000000000;

/*
 * The sum of two decimals, the second below the last digit of the first, by
 * a power of ten.
 */
typedef struct Pair {
    BID_UINT128 high;
    BID_UINT128 low;
    int64_t tens;
} Pair;

static BID_UINT128 add(BID_UINT128 a, BID_UINT128 b)
{
    unsigned flags = 0;
    return bid128_add(a, b, BID_ROUNDING_TO_NEAREST, &flags);
}

static BID_UINT128 subtract(BID_UINT128 a, BID_UINT128 b)
{
    unsigned flags = 0;
    return bid128_sub(a, b, BID_ROUNDING_TO_NEAREST, &flags);
}

/* a b + c, rounded once. */
static BID_UINT128 fused(BID_UINT128 a, BID_UINT128 b, BID_UINT128 c)
{
    unsigned flags = 0;
    return bid128_fma(a, b, c, BID_ROUNDING_TO_NEAREST, &flags);
}

static BID_UINT128 multiply(BID_UINT128 a, BID_UINT128 b)
{
    unsigned flags = 0;
    return bid128_mul(a, b, BID_ROUNDING_TO_NEAREST, &flags);
}

static BID_UINT128 of_int(int64_t whole)
{
    return feel_bid(feel_number(whole, 0));
}

static BID_UINT128 negative(BID_UINT128 a)
{
    a.w[1] ^= (BID_UINT64)1 << 63;
    return a;
}

static bool is_finite(BID_UINT128 a)
{
    return bid128_isFinite(a) != 0;
}

static BID_UINT128 shifted(BID_UINT128 a, int64_t tens)
{
    unsigned flags = 0;
    return bid128_scalbn(a, (int)tens, BID_ROUNDING_TO_NEAREST, &flags);
}

static int64_t within(int64_t tens, int64_t most)
{
    return tens < -most ? -most : tens > most ? most : tens;
}

/* The same, with what is far from one taken into the tens. */
static Pair pair_near_one(Pair a)
{
    unsigned flags = 0;
    if (!is_finite(a.high) || bid128_isZero(a.high)) return a;
    int64_t digits = bid128_ilogb(a.high, &flags);
    if (digits < DIGITS_NEAR && digits > -DIGITS_NEAR) return a;
    return (Pair){shifted(a.high, -digits), shifted(a.low, -digits),
                  within(a.tens + digits, TENS_MAX)};
}

static BID_UINT128 pair_value(Pair a)
{
    return shifted(a.high, within(a.tens, TENS_OF_NUMBERS));
}

static Pair pair_multiply(Pair a, Pair b)
{
    BID_UINT128 high = multiply(a.high, b.high);
    BID_UINT128 low = fused(a.high, b.high, negative(high)); /* exact */
    low = fused(a.high, b.low, fused(a.low, b.high, low));
    BID_UINT128 sum = add(high, low);
    return pair_near_one((Pair){sum, subtract(low, subtract(sum, high)),
                                within(a.tens + b.tens, TENS_MAX)});
}

static Pair pair_power(Pair square, int64_t exponent)
{
    Pair result = {of_int(1), of_int(0), 0};
    square = pair_near_one(square);
    for (int64_t left = exponent; left > 0; left >>= 1) {
        if (left & 1) result = pair_multiply(result, square);
        if (left > 1) square = pair_multiply(square, square);
    }
    return result;
}

/* 1 / a, corrected by what is left over. */
static Pair pair_inverse(Pair a)
{
    unsigned flags = 0;
    BID_UINT128 one = of_int(1);
    BID_UINT128 high = bid128_div(one, a.high, BID_ROUNDING_TO_NEAREST, &flags);
    BID_UINT128 rest = fused(negative(high), a.high, one);
    rest = fused(negative(high), a.low, rest);
    return (Pair){high, multiply(high, rest), -a.tens};
}

/* The nearest whole number, when it is small enough; and what remains. */
static bool take_apart(BID_UINT128 a, int64_t *ret_whole, BID_UINT128 *ret_rest)
{
    unsigned flags = 0;
    BID_UINT128 whole = bid128_round_integral_nearest_even(a, &flags);
    int64_t small = bid128_to_int64_int(whole, &flags);
    if ((flags & BID_INVALID_EXCEPTION) || llabs(small) > WHOLE_MAX) {
        return false;
    }
    *ret_whole = small;
    *ret_rest = subtract(a, whole);
    return true;
}

/* base^whole, whatever its sign. */
static Pair pair_whole(Pair base, int64_t whole)
{
    Pair power = pair_power(base, llabs(whole));
    return whole < 0 ? pair_inverse(power) : power;
}

/* 2.718281828459045235360287471352662 + 4.977...E-34, 68 digits of e. */
static Pair euler(void)
{
    char high[] = "2.718281828459045235360287471352662";
    char low[] = "4.977572470936999595749669676277241E-34";
    unsigned flags = 0;
    return (Pair){bid128_from_string(high, BID_ROUNDING_TO_NEAREST, &flags),
                  bid128_from_string(low, BID_ROUNDING_TO_NEAREST, &flags), 0};
}

/*
 * Near one the library is off by three units: there d - d d / 2 + d d d / 3
 * and so on is summed up, where d = a - 1 is exact and all but it is small.
 */
BID_UINT128 feel_bid_log(BID_UINT128 a)
{
    unsigned flags = 0;
    BID_UINT128 d = subtract(a, of_int(1)), sum = of_int(0);
    BID_UINT128 size = bid128_abs(d), small = shifted(of_int(1), -2);
    if (!is_finite(a) || bid128_quiet_greater(size, small, &flags)) {
        return bid128_log(a, BID_ROUNDING_TO_NEAREST, &flags);
    }
    for (int64_t k = LOG_TERMS; k >= 2; k--) {
        BID_UINT128 part = bid128_div(of_int(k % 2 == 0 ? -1 : 1), of_int(k),
                                      BID_ROUNDING_TO_NEAREST, &flags);
        sum = fused(sum, d, part);
    }
    return fused(multiply(d, d), sum, d);
}

/*
 * e^whole e^rest, where |rest| is at most a half: what the library gives for
 * it is corrected by the logarithm of that, which is below one and so exact
 * to the 34th decimal.
 */
static Pair pair_exp(int64_t whole, BID_UINT128 rest)
{
    unsigned flags = 0;
    BID_UINT128 near = bid128_exp(rest, BID_ROUNDING_TO_NEAREST, &flags);
    BID_UINT128 off = subtract(rest, feel_bid_log(near));
    Pair fraction = {near, multiply(near, off), 0};
    return pair_multiply(pair_whole(euler(), whole), fraction);
}

BID_UINT128 feel_bid_exp(BID_UINT128 a)
{
    unsigned flags = 0;
    int64_t whole;
    BID_UINT128 rest, usual = bid128_exp(a, BID_ROUNDING_TO_NEAREST, &flags);
    if (!take_apart(a, &whole, &rest)) return usual;
    BID_UINT128 better = pair_value(pair_exp(whole, rest));
    return is_finite(better) ? better : usual;
}

/* The logarithm, corrected by its exponential. */
static bool pair_log(BID_UINT128 a, Pair *ret)
{
    unsigned flags = 0;
    int64_t whole;
    BID_UINT128 rest;
    BID_UINT128 near = feel_bid_log(a);
    if (!is_finite(near) || !take_apart(near, &whole, &rest)) return false;
    Pair back = pair_exp(whole, rest);
    a = shifted(a, -back.tens);
    BID_UINT128 off = subtract(subtract(a, back.high), back.low);
    *ret = (Pair){near, bid128_div(off, a, BID_ROUNDING_TO_NEAREST, &flags), 0};
    return is_finite(ret->low);
}

/* base^exponent, where |exponent| is at most a half. */
static bool pair_root(BID_UINT128 base, BID_UINT128 exponent, Pair *ret)
{
    Pair log;
    int64_t whole;
    BID_UINT128 rest;
    if (!pair_log(base, &log)) return false;
    Pair power = pair_multiply(log, (Pair){exponent, of_int(0), 0});
    if (!take_apart(pair_value(power), &whole, &rest)) return false;
    *ret = pair_exp(whole, rest);
    ret->low = fused(ret->high, shifted(power.low, power.tens), ret->low);
    return true;
}

FeelValue feel_number_power(Arena *arena, FeelValue a, FeelValue b)
{
    unsigned flags = 0;
    int64_t whole;
    BID_UINT128 base = feel_bid(a), exponent = feel_bid(b), rest;
    BID_UINT128 usual =
        bid128_pow(base, exponent, BID_ROUNDING_TO_NEAREST, &flags);
    Pair root = {of_int(1), of_int(0), 0};
    if (bid128_isNaN(usual) || bid128_isZero(base) ||
        !take_apart(exponent, &whole, &rest) ||
        (!bid128_isZero(rest) && !pair_root(base, rest, &root))) {
        return feel_of_bid(arena, usual);
    }
    Pair power = pair_whole((Pair){base, of_int(0), 0}, whole);
    BID_UINT128 better = pair_value(pair_multiply(power, root));
    return feel_of_bid(arena, is_finite(better) ? better : usual);
}

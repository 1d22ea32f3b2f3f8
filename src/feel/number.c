#include "feel/number_int.h"

#include <stdlib.h>

/*
 * The library's variant 000 takes values, a rounding mode and a place for
 * flags in each call, so it keeps no state and is safe in threads. We never
 * use the compiler's decimal operators beside it: both define the same
 * symbols with different arguments.
 */
__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UWide;

enum { BIAS = 6176, DIGITS = 34, TEXT_BYTES = 64, POWERS = 19 };

static const int64_t power_of_ten[POWERS] = {1,
                                             10,
                                             100,
                                             1000,
                                             10000,
                                             100000,
                                             1000000,
                                             10000000,
                                             100000000,
                                             1000000000,
                                             10000000000,
                                             100000000000,
                                             1000000000000,
                                             10000000000000,
                                             100000000000000,
                                             1000000000000000,
                                             10000000000000000,
                                             100000000000000000,
                                             1000000000000000000};

/* A finite decimal taken apart: (-1)^negative x coefficient x 10^exponent. */
typedef struct Parts {
    bool negative;
    UWide coefficient;
    int32_t exponent;
} Parts;

static BID_UINT128 bid_make(Parts parts)
{
    BID_UINT128 bid;
    bid.w[0] = (BID_UINT64)parts.coefficient;
    bid.w[1] = (BID_UINT64)(parts.coefficient >> 64) |
               ((BID_UINT64)(parts.exponent + BIAS) << 49) |
               ((BID_UINT64)parts.negative << 63);
    return bid;
}

/* False for infinities and NaN, which FEEL does not have. */
static bool bid_parts(BID_UINT128 bid, Parts *ret)
{
    uint64_t high = bid.w[1];
    if ((high >> 61 & 3) == 3) return false;
    ret->negative = high >> 63 != 0;
    ret->exponent = (int32_t)(high >> 49 & 0x3FFF) - BIAS;
    ret->coefficient = (UWide)(high & 0x1FFFFFFFFFFFFu) << 64 | bid.w[0];
    return true;
}

static Parts value_parts(FeelValue a)
{
    Parts parts = {0};
    if (a.wide) {
        BID_UINT128 bid;
        bid.w[0] = a.as.decimal->word[0];
        bid.w[1] = a.as.decimal->word[1];
        CHECK(bid_parts(bid, &parts));
        return parts;
    }
    parts.negative = a.as.whole < 0;
    parts.coefficient =
        parts.negative ? -(UWide)(Wide)a.as.whole : (UWide)a.as.whole;
    parts.exponent = -a.scale;
    return parts;
}

BID_UINT128 feel_bid(FeelValue a)
{
    if (!a.wide) return bid_make(value_parts(a));
    BID_UINT128 bid;
    bid.w[0] = a.as.decimal->word[0];
    bid.w[1] = a.as.decimal->word[1];
    return bid;
}

/* The shortest form of a result: inline where that is exact. */
FeelValue feel_of_bid(Arena *arena, BID_UINT128 bid)
{
    Parts parts;
    if (!bid_parts(bid, &parts)) return feel_null();
    if (parts.coefficient == 0) return feel_number(0, 0);
    while (parts.exponent > 0 && parts.coefficient < INT64_MAX / 10) {
        parts.coefficient *= 10;
        parts.exponent--;
    }
    if (parts.coefficient <= INT64_MAX && parts.exponent <= 0 &&
        parts.exponent >= -FEEL_INLINE_SCALE_MAX) {
        int64_t whole = (int64_t)parts.coefficient;
        return feel_number(parts.negative ? -whole : whole,
                           (int8_t)-parts.exponent);
    }
    FeelDecimal *decimal = arena_try_raw(arena, 1, sizeof *decimal);
    if (decimal == NULL) return feel_null();
    decimal->word[0] = bid.w[0];
    decimal->word[1] = bid.w[1];
    return (FeelValue){.kind = FEEL_NUMBER, .wide = 1, .as.decimal = decimal};
}

/* Brings both to one scale; false when that leaves 64 bits. */
static bool align(FeelValue *a, FeelValue *b)
{
    if (a->wide || b->wide) return false;
    if (a->scale == b->scale) return true;
    FeelValue *coarse = a->scale < b->scale ? a : b;
    int8_t scale = a->scale < b->scale ? b->scale : a->scale;
    int digits = scale - coarse->scale;
    if (digits >= POWERS ||
        __builtin_mul_overflow(coarse->as.whole, power_of_ten[digits],
                               &coarse->as.whole)) {
        return false;
    }
    coarse->scale = scale;
    return true;
}

FeelValue feel_number_add(Arena *arena, FeelValue a, FeelValue b)
{
    FeelValue x = a, y = b;
    int64_t sum;
    if (LIKELY(align(&x, &y) &&
               !__builtin_add_overflow(x.as.whole, y.as.whole, &sum))) {
        return feel_number(sum, x.scale);
    }
    unsigned flags = 0;
    return feel_of_bid(arena, bid128_add(feel_bid(a), feel_bid(b),
                                         BID_ROUNDING_TO_NEAREST, &flags));
}

FeelValue feel_number_subtract(Arena *arena, FeelValue a, FeelValue b)
{
    FeelValue x = a, y = b;
    int64_t difference;
    if (LIKELY(align(&x, &y) &&
               !__builtin_sub_overflow(x.as.whole, y.as.whole, &difference))) {
        return feel_number(difference, x.scale);
    }
    unsigned flags = 0;
    return feel_of_bid(arena, bid128_sub(feel_bid(a), feel_bid(b),
                                         BID_ROUNDING_TO_NEAREST, &flags));
}

FeelValue feel_number_multiply(Arena *arena, FeelValue a, FeelValue b)
{
    int64_t product;
    if (LIKELY(!a.wide && !b.wide &&
               a.scale + b.scale <= FEEL_INLINE_SCALE_MAX &&
               !__builtin_mul_overflow(a.as.whole, b.as.whole, &product))) {
        return feel_number(product, (int8_t)(a.scale + b.scale));
    }
    unsigned flags = 0;
    return feel_of_bid(arena, bid128_mul(feel_bid(a), feel_bid(b),
                                         BID_ROUNDING_TO_NEAREST, &flags));
}

/* Exact small quotients without the library: most amounts divided by 12. */
static bool divide_exactly(FeelValue a, FeelValue b, FeelValue *ret)
{
    if (a.wide || b.wide || a.as.whole == INT64_MIN) return false;
    int64_t whole = a.as.whole;
    int scale = a.scale - b.scale;
    for (int digits = 0; digits < 5; digits++) {
        if (whole % b.as.whole == 0 && scale >= 0) {
            if (scale > FEEL_INLINE_SCALE_MAX) return false;
            *ret = feel_number(whole / b.as.whole, (int8_t)scale);
            return true;
        }
        if (__builtin_mul_overflow(whole, 10, &whole)) return false;
        scale++;
    }
    return false;
}

static bool is_zero(FeelValue a)
{
    return !a.wide && a.as.whole == 0;
}

FeelValue feel_number_divide(Arena *arena, FeelValue a, FeelValue b)
{
    if (is_zero(b)) return feel_null();
    FeelValue quotient;
    if (divide_exactly(a, b, &quotient)) return quotient;
    unsigned flags = 0;
    return feel_of_bid(arena, bid128_div(feel_bid(a), feel_bid(b),
                                         BID_ROUNDING_TO_NEAREST, &flags));
}

FeelValue feel_number_negate(Arena *arena, FeelValue a)
{
    if (!a.wide && a.as.whole != INT64_MIN) {
        return feel_number(-a.as.whole, a.scale);
    }
    BID_UINT128 bid = feel_bid(a);
    bid.w[1] ^= (BID_UINT64)1 << 63;
    return feel_of_bid(arena, bid);
}

int feel_number_compare(FeelValue a, FeelValue b)
{
    FeelValue x = a, y = b;
    if (LIKELY(align(&x, &y))) {
        return (x.as.whole > y.as.whole) - (x.as.whole < y.as.whole);
    }
    unsigned flags = 0;
    BID_UINT128 p = feel_bid(a), q = feel_bid(b);
    return bid128_quiet_greater(p, q, &flags) - bid128_quiet_less(p, q, &flags);
}

static FeelValue round_integral(Arena *arena, BID_UINT128 bid,
                                FeelRounding rounding)
{
    unsigned flags = 0;
    switch (rounding) {
    case FEEL_HALF_EVEN:
        bid = bid128_round_integral_nearest_even(bid, &flags);
        break;
    case FEEL_FLOOR:
        bid = bid128_round_integral_negative(bid, &flags);
        break;
    case FEEL_CEILING:
        bid = bid128_round_integral_positive(bid, &flags);
        break;
    case FEEL_HALF_UP:
        bid = bid128_round_integral_nearest_away(bid, &flags);
        break;
    case FEEL_DOWN:
        bid = bid128_round_integral_zero(bid, &flags);
        break;
    case FEEL_UP:
        bid = bid.w[1] >> 63 ? bid128_round_integral_negative(bid, &flags)
                             : bid128_round_integral_positive(bid, &flags);
        break;
    case FEEL_HALF_DOWN: {
        /* Towards zero unless more than half is cut off. */
        BID_UINT128 zero = bid128_round_integral_zero(bid, &flags);
        BID_UINT128 rest =
            bid128_sub(bid, zero, BID_ROUNDING_TO_NEAREST, &flags);
        rest.w[1] &= ~((BID_UINT64)1 << 63);
        BID_UINT128 half = bid_make((Parts){.coefficient = 5, .exponent = -1});
        if (bid128_quiet_greater(rest, half, &flags)) {
            return round_integral(arena, bid, FEEL_UP);
        }
        bid = zero;
        break;
    }
    }
    return feel_of_bid(arena, bid);
}

/* Whether to step away from zero after cutting off `rest` of `unit`. */
static bool rounds_up(bool negative, bool odd, int64_t rest, int64_t unit,
                      FeelRounding rounding)
{
    if (rest == 0) return false;
    int64_t other = unit - rest;
    switch (rounding) {
    case FEEL_HALF_EVEN:
        return rest > other || (rest == other && odd);
    case FEEL_HALF_UP:
        return rest >= other;
    case FEEL_HALF_DOWN:
        return rest > other;
    case FEEL_FLOOR:
        return negative;
    case FEEL_CEILING:
        return !negative;
    case FEEL_UP:
        return true;
    case FEEL_DOWN:
        return false;
    }
    return false;
}

static FeelValue round_inline(FeelValue a, int64_t scale, FeelRounding rounding)
{
    int64_t unit = power_of_ten[a.scale - scale];
    int64_t whole = a.as.whole / unit;
    int64_t rest = a.as.whole % unit;
    bool negative = a.as.whole < 0;
    if (rounds_up(negative, (whole & 1) != 0, negative ? -rest : rest, unit,
                  rounding)) {
        whole += negative ? -1 : 1;
    }
    return feel_number(whole, (int8_t)scale);
}

FeelValue feel_number_round(Arena *arena, FeelValue a, int64_t scale,
                            FeelRounding rounding)
{
    if (scale < FEEL_SCALE_MIN || scale > FEEL_SCALE_MAX) return feel_null();
    if (!a.wide && scale >= a.scale) return a;
    if (!a.wide && scale >= 0 && a.scale - scale < POWERS &&
        a.as.whole != INT64_MIN) {
        return round_inline(a, scale, rounding);
    }
    /* Shift the point, round to a whole number, shift it back. */
    Parts parts = value_parts(a);
    if (parts.exponent >= -scale) return a;
    unsigned flags = 0;
    BID_UINT128 shifted =
        bid128_scalbn(feel_bid(a), (int)scale, BID_ROUNDING_TO_NEAREST, &flags);
    FeelValue whole = round_integral(arena, shifted, rounding);
    if (whole.kind == FEEL_NULL) return whole;
    return feel_of_bid(arena, bid128_scalbn(feel_bid(whole), (int)-scale,
                                            BID_ROUNDING_TO_NEAREST, &flags));
}

FeelValue feel_number_modulo(Arena *arena, FeelValue a, FeelValue b)
{
    if (is_zero(b)) return feel_null();
    FeelValue x = a, y = b;
    if (align(&x, &y) && y.as.whole != -1) {
        int64_t rest = x.as.whole % y.as.whole;
        if (rest != 0 && (rest < 0) != (y.as.whole < 0)) rest += y.as.whole;
        return feel_number(rest, x.scale);
    }
    /* The library's remainder is exact, with the sign of the dividend. */
    unsigned flags = 0;
    BID_UINT128 divisor = feel_bid(b);
    BID_UINT128 rest = bid128_fmod(feel_bid(a), divisor, &flags);
    bool other_sign = (rest.w[1] ^ divisor.w[1]) >> 63 != 0;
    if (other_sign && !bid128_isZero(rest)) {
        rest = bid128_add(rest, divisor, BID_ROUNDING_TO_NEAREST, &flags);
    }
    return feel_of_bid(arena, rest);
}

FeelValue feel_number_math(Arena *arena, FeelMath function, FeelValue a)
{
    unsigned flags = 0;
    BID_UINT128 bid = feel_bid(a);
    switch (function) {
    case FEEL_SQRT:
        bid = bid128_sqrt(bid, BID_ROUNDING_TO_NEAREST, &flags);
        break;
    case FEEL_EXP:
        bid = feel_bid_exp(bid);
        break;
    case FEEL_LOG:
        bid = feel_bid_log(bid);
        break;
    }
    return feel_of_bid(arena, bid);
}

bool feel_number_int(FeelValue a, int64_t *ret)
{
    Parts parts = value_parts(a);
    while (parts.exponent < 0 && parts.coefficient != 0) {
        if (parts.coefficient % 10 != 0) return false;
        parts.coefficient /= 10;
        parts.exponent++;
    }
    if (parts.coefficient == 0) parts.exponent = 0;
    while (parts.exponent > 0 && parts.coefficient <= INT64_MAX / 10) {
        parts.coefficient *= 10;
        parts.exponent--;
    }
    if (parts.exponent != 0 || parts.coefficient > INT64_MAX) return false;
    int64_t whole = (int64_t)parts.coefficient;
    *ret = parts.negative ? -whole : whole;
    return true;
}

bool feel_number_minor(FeelValue a, int64_t *ret_minor)
{
    if (a.kind != FEEL_NUMBER) return false;
    Parts parts = value_parts(a);
    UWide whole = parts.coefficient;
    int32_t shift = parts.exponent + 2;
    unsigned last = 0;
    for (; shift < 0 && whole != 0; shift++) {
        last = (unsigned)(whole % 10);
        whole /= 10;
    }
    if (shift < 0) last = 0;
    if (last >= 5) whole++;
    for (; shift > 0 && whole != 0; shift--) {
        if (whole > INT64_MAX / 10) return false;
        whole *= 10;
    }
    if (whole > INT64_MAX) return false;
    *ret_minor = parts.negative ? -(int64_t)whole : (int64_t)whole;
    return true;
}

/* The shape [sign] digits [. digits] [e [sign] digits]; false if not. */
static bool number_shape(Str text)
{
    size_t i = 0, digits = 0;
    if (i < text.bytes && (text.at[i] == '-' || text.at[i] == '+')) i++;
    for (; i < text.bytes && text.at[i] >= '0' && text.at[i] <= '9'; i++) {
        digits++;
    }
    if (i < text.bytes && text.at[i] == '.') {
        size_t before = digits;
        for (i++; i < text.bytes && text.at[i] >= '0' && text.at[i] <= '9';) {
            digits++;
            i++;
        }
        if (digits == before) return false;
    }
    if (digits == 0) return false;
    if (i == text.bytes) return true;
    if (text.at[i] != 'e' && text.at[i] != 'E') return false;
    i++;
    if (i < text.bytes && (text.at[i] == '-' || text.at[i] == '+')) i++;
    size_t exponent = 0;
    for (; i < text.bytes && text.at[i] >= '0' && text.at[i] <= '9'; i++) {
        exponent++;
    }
    return exponent > 0 && i == text.bytes;
}

FeelValue feel_number_read(Arena *arena, Str text)
{
    if (!number_shape(text)) return feel_null();
    char *copy = arena_try_raw(arena, text.bytes + 1, 1);
    if (copy == NULL) return feel_null();
    memcpy(copy, text.at, text.bytes);
    copy[text.bytes] = '\0';
    unsigned flags = 0;
    return feel_of_bid(
        arena, bid128_from_string(copy, BID_ROUNDING_TO_NEAREST, &flags));
}

static int digits_of(UWide coefficient, char *text)
{
    char backwards[TEXT_BYTES];
    int count = 0;
    do {
        backwards[count++] = (char)('0' + (int)(coefficient % 10));
        coefficient /= 10;
    } while (coefficient != 0);
    for (int i = 0; i < count; i++) text[i] = backwards[count - 1 - i];
    return count;
}

static void write_zeros(Buf *buf, int32_t count)
{
    for (int32_t i = 0; i < count; i++) buf_char(buf, '0');
}

void feel_number_write(Buf *buf, FeelValue a)
{
    Parts parts = value_parts(a);
    while (parts.coefficient != 0 && parts.exponent < 0 &&
           parts.coefficient % 10 == 0) {
        parts.coefficient /= 10;
        parts.exponent++;
    }
    if (parts.coefficient == 0) {
        buf_char(buf, '0');
        return;
    }
    char digits[TEXT_BYTES];
    int count = digits_of(parts.coefficient, digits);
    if (parts.negative) buf_char(buf, '-');
    if (parts.exponent > DIGITS + 6 || parts.exponent < -2 * DIGITS) {
        buf_add(buf, digits, 1);
        if (count > 1) buf_char(buf, '.');
        buf_add(buf, digits + 1, (size_t)count - 1);
        buf_format(buf, "E%+d", parts.exponent + count - 1);
    } else if (parts.exponent >= 0) {
        buf_add(buf, digits, (size_t)count);
        write_zeros(buf, parts.exponent);
    } else if (count > -parts.exponent) {
        buf_add(buf, digits, (size_t)(count + parts.exponent));
        buf_char(buf, '.');
        buf_add(buf, digits + count + parts.exponent, (size_t)-parts.exponent);
    } else {
        buf_text(buf, "0.");
        write_zeros(buf, -parts.exponent - count);
        buf_add(buf, digits, (size_t)count);
    }
}

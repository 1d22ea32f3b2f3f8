/*
 * kernel_set_int.h - the kernels, once for each kind of processor: the files
 * that include this set KERNELS to a name and the target before it.
 */
#include "column/kernel_shapes_int.h"

#include <string.h>

enum { PACKED_RUN = 56, PACKED_BEYOND = 9 };

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
__extension__ typedef unsigned __int128 u128;
typedef int32_t i32;
typedef int64_t i64;
typedef uint32_t Ui32;
typedef uint64_t Ui64;

#define FOR_WIDTHS(MACRO)                                                      \
    MACRO(u8)                                                                  \
    MACRO(i32)                                                                 \
    MACRO(i64)

#define OF_WIDTH(T)                                                            \
    BINARY(add_##T, T, T, p + q)                                               \
    BINARY(subtract_##T, T, T, p - q)                                          \
    BINARY_CV(subtract_##T, T, T, p - q)                                       \
    BINARY(multiply_##T, T, T, p *q)                                           \
    BINARY(least_##T, T, T, p < q ? p : q)                                     \
    BINARY(greatest_##T, T, T, p > q ? p : q)                                  \
    BINARY(equal_##T, T, u8, p == q)                                           \
    BINARY(not_equal_##T, T, u8, p != q)                                       \
    BINARY(less_##T, T, u8, p < q)                                             \
    BINARY(less_equal_##T, T, u8, p <= q)                                      \
    BINARY(greater_##T, T, u8, p > q)                                          \
    BINARY(greater_equal_##T, T, u8, p >= q)                                   \
    CHOICE(select_##T, T, b[i], c[i])                                          \
    CHOICE(select_b_##T, T, x, c[i])                                           \
    CHOICE(select_c_##T, T, b[i], x)                                           \
    CHOICE(select_bc_##T, T, x, y)                                             \
    EXPANSION(expand_##T, T)                                                   \
    GATHERING(gather_##T, T)                                                   \
    EXTREME(minimum_##T, T, <)                                                 \
    EXTREME(maximum_##T, T, >)                                                 \
    UNARY(to_u8_##T, T, u8, p)                                                 \
    UNARY(to_i32_##T, T, i32, p)                                               \
    UNARY(to_i64_##T, T, i64, p)                                               \
    SUMMATION(sum_i32_##T, T, i32)                                             \
    SUMMATION(sum_i64_##T, T, i64)

FOR_WIDTHS(OF_WIDTH)
FOR_WIDTHS(TOTALS)

DIVISION(i32, u32, u64, 31)
DIVISION(i64, u64, u128, 63)
BINARY_VC(divide_u8, u8, u8, p / q)
BINARY_VC(modulo_u8, u8, u8, p % q)
BINARY(and_u8, u8, u8, p &q)
BINARY(or_u8, u8, u8, p | q)
UNARY(not_u8, u8, u8, p ^ 1)
BINARY(months_i32, i32, i32, day_months(p, q))
BINARY_CV(months_i32, i32, i32, day_months(p, q))
UNARY(year_i32, i32, i32, day_parts(p).year)
UNARY(month_i32, i32, i32, day_parts(p).month)
UNARY(day_i32, i32, i32, day_parts(p).day)
CHECKED(add_checked, __builtin_add_overflow)
CHECKED(subtract_checked, __builtin_sub_overflow)
CHECKED(multiply_checked, __builtin_mul_overflow)

static void size_i32(const ColumnCall *call)
{
    int32_t *restrict to = call->to;
    const int32_t *offsets = call->offsets;
    LOOP(call) to[i] = offsets[i + 1] - offsets[i];
}

/* Flags as bits, eight bytes at a time; the first byte is the lowest bit. */
static void pack_flags(const uint8_t *flags, size_t count, uint8_t *bits)
{
    size_t whole = count / 8, i = 0;
    for (; i < whole; i++) {
        uint64_t eight;
        memcpy(&eight, flags + 8 * i, sizeof eight);
        bits[i] = (uint8_t)((eight * UINT64_C(0x0102040810204080)) >> 56);
    }
    memset(bits + whole, 0, PACKED_BEYOND);
    for (i = 8 * whole; i < count; i++) {
        bits[i / 8] = (uint8_t)(bits[i / 8] | flags[i] << (i % 8));
    }
}

/* The bits of a run that is not longer than PACKED_RUN. */
static inline uint64_t packed_run(const uint8_t *bits, int32_t from,
                                  int32_t count)
{
    uint64_t word;
    memcpy(&word, bits + from / 8, sizeof word);
    return (word >> (from % 8)) & ((UINT64_C(1) << count) - 1);
}

static inline uint64_t bit_count(uint64_t bits)
{
#if defined(__POPCNT__)
    return (uint64_t)__builtin_popcountll(bits);
#else
    const uint64_t fives = UINT64_C(0x5555555555555555);
    const uint64_t threes = UINT64_C(0x3333333333333333);
    bits -= (bits >> 1) & fives;
    bits = (bits & threes) + ((bits >> 2) & threes);
    bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (bits * UINT64_C(0x0101010101010101)) >> 56;
#endif
}

static int32_t count_long(const uint8_t *flags, int32_t from, int32_t end)
{
    int32_t count = 0;
    for (int32_t i = from; i < end; i++) count += flags[i];
    return count;
}

static int32_t first_long(const uint8_t *flags, int32_t from, int32_t end)
{
    for (int32_t i = from; i < end; i++) {
        if (flags[i]) return i;
    }
    return -1;
}

#define OF_RUNS(name, R, packed, long_one)                                     \
    static void name(const ColumnCall *call)                                   \
    {                                                                          \
        R *restrict to = call->to;                                             \
        const uint8_t *restrict a = call->a;                                   \
        const int32_t *restrict offsets = call->offsets;                       \
        const int32_t base = offsets[0];                                       \
        uint8_t *restrict flags = call->scratch;                               \
        pack_flags(a, (size_t)(offsets[call->rows] - base), flags);            \
        LOOP(call)                                                             \
        {                                                                      \
            int32_t from = offsets[i] - base, end = offsets[i + 1] - base;     \
            if (LIKELY(end - from <= PACKED_RUN)) {                            \
                uint64_t bits = packed_run(flags, from, end - from);           \
                to[i] = (R)(packed);                                           \
            } else {                                                           \
                to[i] = (R)(long_one);                                         \
            }                                                                  \
        }                                                                      \
    }

OF_RUNS(any_u8, uint8_t, bits != 0, first_long(a, from, end) >= 0)
OF_RUNS(sum_flags, int32_t, bit_count(bits), count_long(a, from, end))
OF_RUNS(first_u8, int32_t, bits == 0 ? -1 : from + __builtin_ctzll(bits),
        first_long(a, from, end))

#define EACH(name)                                                             \
    {                                                                          \
        {name##_u8}, {name##_i32},                                             \
        {                                                                      \
            name##_i64                                                         \
        }                                                                      \
    }
#define PAIRS(name)                                                            \
    {                                                                          \
        {name##_u8_vv, name##_u8_vc, NULL, NULL},                              \
            {name##_i32_vv, name##_i32_vc, NULL, NULL},                        \
        {                                                                      \
            name##_i64_vv, name##_i64_vc, NULL, NULL                           \
        }                                                                      \
    }
#define TRIPLES(name)                                                          \
    {                                                                          \
        {name##_u8_vv, name##_u8_vc, name##_u8_cv, NULL},                      \
            {name##_i32_vv, name##_i32_vc, name##_i32_cv, NULL},               \
        {                                                                      \
            name##_i64_vv, name##_i64_vc, name##_i64_cv, NULL                  \
        }                                                                      \
    }
#define BY_CONSTANT(name)                                                      \
    {                                                                          \
        {NULL, name##_u8_vc, NULL, NULL}, {NULL, name##_i32_vc, NULL, NULL},   \
        {                                                                      \
            NULL, name##_i64_vc, NULL, NULL                                    \
        }                                                                      \
    }

const ColumnKernels KERNELS = {
    .by_op = {[COLUMN_ADD] = PAIRS(add),
              [COLUMN_SUBTRACT] = TRIPLES(subtract),
              [COLUMN_MULTIPLY] = PAIRS(multiply),
              [COLUMN_DIVIDE] = BY_CONSTANT(divide),
              [COLUMN_MODULO] = BY_CONSTANT(modulo),
              [COLUMN_LEAST] = PAIRS(least),
              [COLUMN_GREATEST] = PAIRS(greatest),
              [COLUMN_EQUAL] = PAIRS(equal),
              [COLUMN_NOT_EQUAL] = PAIRS(not_equal),
              [COLUMN_LESS] = PAIRS(less),
              [COLUMN_LESS_EQUAL] = PAIRS(less_equal),
              [COLUMN_GREATER] = PAIRS(greater),
              [COLUMN_GREATER_EQUAL] = PAIRS(greater_equal),
              [COLUMN_AND] = {{and_u8_vv, and_u8_vc}},
              [COLUMN_OR] = {{or_u8_vv, or_u8_vc}},
              [COLUMN_NOT] = {{not_u8}},
              [COLUMN_SELECT] =
                  {{select_u8, select_b_u8, select_c_u8, select_bc_u8},
                   {select_i32, select_b_i32, select_c_i32, select_bc_i32},
                   {select_i64, select_b_i64, select_c_i64, select_bc_i64}},
              [COLUMN_MONTHS] = {{NULL},
                                 {months_i32_vv, months_i32_vc, months_i32_cv}},
              [COLUMN_YEAR] = {{NULL}, {year_i32}},
              [COLUMN_MONTH] = {{NULL}, {month_i32}},
              [COLUMN_DAY] = {{NULL}, {day_i32}},
              [COLUMN_EXPAND] = EACH(expand),
              [COLUMN_SIZE] = {{NULL}, {size_i32}},
              [COLUMN_ANY] = {{any_u8}},
              [COLUMN_MINIMUM] = EACH(minimum),
              [COLUMN_MAXIMUM] = EACH(maximum),
              [COLUMN_FIRST] = {{first_u8}},
              [COLUMN_GATHER] = EACH(gather)},
    .checked = {[COLUMN_ADD] = {add_checked_vv, add_checked_vc, add_checked_cv},
                [COLUMN_SUBTRACT] = {subtract_checked_vv, subtract_checked_vc,
                                     subtract_checked_cv},
                [COLUMN_MULTIPLY] = {multiply_checked_vv, multiply_checked_vc,
                                     multiply_checked_cv}},
    .convert = {{to_u8_u8, to_i32_u8, to_i64_u8},
                {to_u8_i32, to_i32_i32, to_i64_i32},
                {to_u8_i64, to_i32_i64, to_i64_i64}},
    .sum_flags = sum_flags,
    .sum = {{NULL, sum_i32_u8, sum_i64_u8},
            {NULL, sum_i32_i32, sum_i64_i32},
            {NULL, sum_i32_i64, sum_i64_i64}},
    .total = {total_u8, total_i32, total_i64},
    .count = {count_u8, count_i32, count_i64}};

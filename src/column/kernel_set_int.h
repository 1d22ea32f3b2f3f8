/*
 * kernel_set_int.h - the kernels, once for each kind of processor: the files
 * that include this set KERNELS to a name and the target before it.
 */
#include "column/kernel_exact_int.h"
#include "column/kernel_runs_int.h"

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
FOR_WIDTHS(WITHIN)

DIVISION(i32, u32, u64, 31)
DIVISION(i64, u64, u128, 63)
BINARY_VC(divide_u8, u8, u8, p / q)
BINARY_VV(quotient_u8, u8, u8, p / q)
BINARY_CV(quotient_u8, u8, u8, p / q)
BINARY_VV(quotient_i32, i32, i32, p / q - (p % q < 0))
BINARY_CV(quotient_i32, i32, i32, p / q - (p % q < 0))
BINARY_VV(quotient_i64, i64, i64, p / q - (p % q < 0))
BINARY_CV(quotient_i64, i64, i64, p / q - (p % q < 0))
BINARY_VC(modulo_u8, u8, u8, p % q)
BINARY(and_u8, u8, u8, p &q)
BINARY(or_u8, u8, u8, p | q)
UNARY(not_u8, u8, u8, p ^ 1)
BINARY(months_i32, i32, i32, day_months(p, q))
BINARY_CV(months_i32, i32, i32, day_months(p, q))
BINARY(later_i32, i32, i32, day_later(p, q))
BINARY_CV(later_i32, i32, i32, day_later(p, q))
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
#define BY_COLUMN(name)                                                        \
    {                                                                          \
        {name##_u8_vv, NULL, name##_u8_cv, NULL},                              \
            {name##_i32_vv, NULL, name##_i32_cv, NULL},                        \
        {                                                                      \
            name##_i64_vv, NULL, name##_i64_cv, NULL                           \
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
              [COLUMN_QUOTIENT] = BY_COLUMN(quotient),
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
              [COLUMN_LATER] = {{NULL},
                                {later_i32_vv, later_i32_vc, later_i32_cv}},
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
    .count = {count_u8, count_i32, count_i64},
    .within = {within_u8, within_i32, within_i64}};

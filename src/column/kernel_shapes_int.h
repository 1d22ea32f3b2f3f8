/*
 * kernel_shapes_int.h - the loops that kernels are made of, as macros.
 *
 * Each kernel is a plain loop that a compiler turns into vector instructions.
 * What is in range is known when a program is made; only checked kernels look
 * for overflow, put what is in range in its place and mark the row.
 */
#ifndef COLUMN_KERNEL_SHAPES_INT_H
#define COLUMN_KERNEL_SHAPES_INT_H

#include "column/column_int.h"
#include "column/day_int.h"

#define LOOP(call) for (size_t i = 0, n = (call)->rows; i < n; i++)

/* A function of one or two values of type T: R for the result. */
#define UNARY(name, T, R, result)                                              \
    static void name(const ColumnCall *call)                                   \
    {                                                                          \
        R *restrict to = call->to;                                             \
        const T *restrict a = call->a;                                         \
        LOOP(call)                                                             \
        {                                                                      \
            const T p = a[i];                                                  \
            to[i] = (R)(result);                                               \
        }                                                                      \
    }

#define BINARY_VV(name, T, R, result)                                          \
    static void name##_vv(const ColumnCall *call)                              \
    {                                                                          \
        R *restrict to = call->to;                                             \
        const T *a = call->a, *b = call->b;                                    \
        LOOP(call)                                                             \
        {                                                                      \
            const T p = a[i], q = b[i];                                        \
            to[i] = (R)(result);                                               \
        }                                                                      \
    }

#define BINARY_VC(name, T, R, result)                                          \
    static void name##_vc(const ColumnCall *call)                              \
    {                                                                          \
        R *restrict to = call->to;                                             \
        const T *restrict a = call->a;                                         \
        const T q = (T)call->x;                                                \
        LOOP(call)                                                             \
        {                                                                      \
            const T p = a[i];                                                  \
            to[i] = (R)(result);                                               \
        }                                                                      \
    }

#define BINARY_CV(name, T, R, result)                                          \
    static void name##_cv(const ColumnCall *call)                              \
    {                                                                          \
        R *restrict to = call->to;                                             \
        const T *restrict b = call->b;                                         \
        const T p = (T)call->x;                                                \
        LOOP(call)                                                             \
        {                                                                      \
            const T q = b[i];                                                  \
            to[i] = (R)(result);                                               \
        }                                                                      \
    }

#define BINARY(name, T, R, result)                                             \
    BINARY_VV(name, T, R, result)                                              \
    BINARY_VC(name, T, R, result)

/* a ? b : c with what is constant of b and c. */
#define CHOICE(name, T, left, right)                                           \
    static void name(const ColumnCall *call)                                   \
    {                                                                          \
        T *restrict to = call->to;                                             \
        const uint8_t *restrict a = call->a;                                   \
        const T *b = call->b, *c = call->c;                                    \
        const T x = (T)call->x, y = (T)call->y;                                \
        (void)b, (void)c, (void)x, (void)y;                                    \
        LOOP(call) to[i] = a[i] ? left : right;                                \
    }

/* The value of a row for each row below it; b is the row above by row. */
#define EXPANSION(name, T)                                                     \
    static void name(const ColumnCall *call)                                   \
    {                                                                          \
        T *restrict to = call->to;                                             \
        const T *restrict a = call->a;                                         \
        const int32_t *restrict above = call->b;                               \
        LOOP(call) to[i] = a[above[i]];                                        \
    }

#define GATHERING(name, T)                                                     \
    static void name(const ColumnCall *call)                                   \
    {                                                                          \
        T *restrict to = call->to;                                             \
        const T *restrict a = call->a;                                         \
        const int32_t *restrict row = call->b;                                 \
        const T none = (T)call->x;                                             \
        LOOP(call) to[i] = row[i] < 0 ? none : a[row[i]];                      \
    }

/* The best of each run of rows; x, which no value is worse than, if none. */
#define EXTREME(name, T, compare)                                              \
    static void name(const ColumnCall *call)                                   \
    {                                                                          \
        T *restrict to = call->to;                                             \
        const T *restrict a = call->a;                                         \
        const int32_t *offsets = call->offsets;                                \
        LOOP(call)                                                             \
        {                                                                      \
            T best = (T)call->x;                                               \
            int32_t end = offsets[i + 1] - offsets[0];                         \
            for (int32_t j = offsets[i] - offsets[0]; j < end; j++) {          \
                best = a[j] compare best ? a[j] : best;                        \
            }                                                                  \
            to[i] = best;                                                      \
        }                                                                      \
    }

/* Sums of runs as differences of running sums; c is room for those. */
#define SUMMATION(name, T, R)                                                  \
    static void name(const ColumnCall *call)                                   \
    {                                                                          \
        R *restrict to = call->to;                                             \
        const T *restrict a = call->a;                                         \
        const int32_t *offsets = call->offsets;                                \
        const int32_t base = offsets[0];                                       \
        const int32_t below = offsets[call->rows] - base;                      \
        U##R *restrict sums = call->scratch;                                   \
        U##R sum = 0;                                                          \
        int32_t j = 0;                                                         \
        sums[0] = 0;                                                           \
        for (; j + 4 <= below; j += 4) {                                       \
            U##R two = (U##R)a[j] + (U##R)a[j + 1];                            \
            U##R three = two + (U##R)a[j + 2];                                 \
            U##R four = three + (U##R)a[j + 3];                                \
            sums[j + 1] = sum + (U##R)a[j];                                    \
            sums[j + 2] = sum + two;                                           \
            sums[j + 3] = sum + three;                                         \
            sums[j + 4] = sum + four;                                          \
            sum += four;                                                       \
        }                                                                      \
        for (; j < below; j++) {                                               \
            sum += (U##R)a[j];                                                 \
            sums[j + 1] = sum;                                                 \
        }                                                                      \
        LOOP(call)                                                             \
        {                                                                      \
            to[i] =                                                            \
                (R)(sums[offsets[i + 1] - base] - sums[offsets[i] - base]);    \
        }                                                                      \
    }

/* Over all rows of a column: their sum, and how many have a value. */
#define TOTALS(T)                                                              \
    static int64_t total_##T(const void *values, size_t rows)                  \
    {                                                                          \
        const T *at = values;                                                  \
        int64_t sum = 0;                                                       \
        for (size_t i = 0; i < rows; i++) sum += (int64_t)at[i];               \
        return sum;                                                            \
    }                                                                          \
    static int64_t count_##T(const void *values, size_t rows, int64_t value)   \
    {                                                                          \
        const T *at = values, wanted = (T)value;                               \
        uint32_t found = 0;                                                    \
        if ((int64_t)wanted != value) return 0;                                \
        for (size_t i = 0; i < rows; i++) found += at[i] == wanted;            \
        return found;                                                          \
    }

/* Whether all rows are in a range that the width can hold. */
#define WITHIN(T)                                                              \
    static bool within_##T(const void *values, size_t rows, int64_t low,       \
                           int64_t high)                                       \
    {                                                                          \
        const T *at = values, least = (T)low, most = (T)high;                  \
        unsigned bad = 0;                                                      \
        for (size_t i = 0; i < rows; i++) {                                    \
            bad |= (unsigned)(at[i] < least) | (unsigned)(at[i] > most);       \
        }                                                                      \
        return bad == 0;                                                       \
    }

#endif

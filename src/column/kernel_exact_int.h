/*
 * kernel_exact_int.h - loops that look for overflow, and loops that divide.
 */
#ifndef COLUMN_KERNEL_EXACT_INT_H
#define COLUMN_KERNEL_EXACT_INT_H

#include "column/kernel_shapes_int.h"

/*
 * Division to the floor by a positive constant, as a multiplication: for p
 * below 2^N, floor(p / q) is p m >> (N + l) with 2^l >= q and m the least
 * number not below 2^(N + l) / q, which fits. A negative p is ~p turned
 * round. T has N bits and a sign, U has N + 1 and WIDE twice as many.
 */
#define DIVISION(T, U, WIDE, N)                                                \
    static void divide_##T##_vc(const ColumnCall *call)                        \
    {                                                                          \
        T *restrict to = call->to;                                             \
        const T *restrict a = call->a;                                         \
        const U q = (U)call->x;                                                \
        unsigned shift = N;                                                    \
        while ((U)1 << (shift - N) < q) shift++;                               \
        const U m = (U)((((WIDE)1 << shift) + q - 1) / q);                     \
        LOOP(call)                                                             \
        {                                                                      \
            const U turn = (U)(a[i] >> N), p = (U)a[i] ^ turn;                 \
            to[i] = (T)((U)((WIDE)p * m >> shift) ^ turn);                     \
        }                                                                      \
    }                                                                          \
    static void modulo_##T##_vc(const ColumnCall *call)                        \
    {                                                                          \
        T *restrict to = call->to;                                             \
        const T *restrict a = call->a;                                         \
        const U q = (U)call->x;                                                \
        unsigned shift = N;                                                    \
        while ((U)1 << (shift - N) < q) shift++;                               \
        const U m = (U)((((WIDE)1 << shift) + q - 1) / q);                     \
        LOOP(call)                                                             \
        {                                                                      \
            const U turn = (U)(a[i] >> N), p = (U)a[i] ^ turn;                 \
            to[i] = (T)((U)a[i] - ((U)((WIDE)p * m >> shift) ^ turn) * q);     \
        }                                                                      \
    }

#define CHECKED(name, builtin)                                                 \
    static void name##_vv(const ColumnCall *call)                              \
    {                                                                          \
        int64_t *restrict to = call->to;                                       \
        const int64_t *a = call->a, *b = call->b;                              \
        LOOP(call)                                                             \
        {                                                                      \
            bool over = builtin(a[i], b[i], &to[i]);                           \
            call->stray[i] |= over;                                            \
            if (over) to[i] = call->y;                                         \
        }                                                                      \
    }                                                                          \
    static void name##_vc(const ColumnCall *call)                              \
    {                                                                          \
        int64_t *restrict to = call->to;                                       \
        const int64_t *a = call->a;                                            \
        LOOP(call)                                                             \
        {                                                                      \
            bool over = builtin(a[i], call->x, &to[i]);                        \
            call->stray[i] |= over;                                            \
            if (over) to[i] = call->y;                                         \
        }                                                                      \
    }                                                                          \
    static void name##_cv(const ColumnCall *call)                              \
    {                                                                          \
        int64_t *restrict to = call->to;                                       \
        const int64_t *b = call->b;                                            \
        LOOP(call)                                                             \
        {                                                                      \
            bool over = builtin(call->x, b[i], &to[i]);                        \
            call->stray[i] |= over;                                            \
            if (over) to[i] = call->y;                                         \
        }                                                                      \
    }

#endif

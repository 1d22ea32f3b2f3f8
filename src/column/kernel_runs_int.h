/*
 * kernel_runs_int.h - what runs of flags come to: how many are set, whether
 * one is, and which is the first.
 */
#ifndef COLUMN_KERNEL_RUNS_INT_H
#define COLUMN_KERNEL_RUNS_INT_H

#include <string.h>

#include "column/kernel_shapes_int.h"

enum { PACKED_RUN = 56, PACKED_BEYOND = 9 };

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

#endif

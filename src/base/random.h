/*
 * random.h - a seeded sequence for simulations, tests and the demo nation.
 *
 * Not for secrets: those come from crypto/secret.h. The same seed gives the
 * same sequence on every machine (SplitMix64, Steele, Lea and Flood 2014).
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Random {
    uint64_t state;
} Random;

static inline Random random_make(uint64_t seed)
{
    return (Random){seed};
}

static inline uint64_t random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline uint64_t random_next(Random *random)
{
    return random_mix(random->state += 0x9E3779B97F4A7C15u);
}

/* A whole number in 0..below-1; below > 0. */
static inline uint64_t random_below(Random *random, uint64_t below)
{
    __extension__ typedef unsigned __int128 Wide;
    return (uint64_t)(((Wide)random_next(random) * below) >> 64);
}

/* True in `millionths` of 1,000,000 cases. */
static inline bool random_chance(Random *random, uint32_t millionths)
{
    return random_below(random, 1000000) < millionths;
}

/*
 * A sequence of its own for each (seed, key): what happens to one household
 * does not depend on how many others there are.
 */
static inline Random random_for(uint64_t seed, uint64_t key)
{
    return random_make(
        random_mix(random_mix(seed) ^ (key * 0x9E3779B97F4A7C15u)));
}

#endif

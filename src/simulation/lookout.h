/*
 * lookout.h - who looks on at long work from another thread: how far it is, and
 * that it is to stop. Work looks here after every block of households.
 */
#ifndef SIMULATION_LOOKOUT_H
#define SIMULATION_LOOKOUT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Lookout {
    atomic_bool stop;
    atomic_llong done; /* blocks, of all passes together */
} Lookout;

/* Whether to stop; NULL is allowed, and never stops. */
static inline bool lookout_stops(Lookout *lookout)
{
    return lookout != NULL &&
           atomic_load_explicit(&lookout->stop, memory_order_relaxed);
}

/* A block more is done; NULL is allowed. */
static inline void lookout_count(Lookout *lookout)
{
    if (lookout == NULL) return;
    atomic_fetch_add_explicit(&lookout->done, 1, memory_order_relaxed);
}

#endif

/*
 * idset.h - a set of 63-bit ids, for finding duplicates in large files.
 */
#ifndef BASE_IDSET_H
#define BASE_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct IdSet {
    uint64_t *slot; /* id + 1; 0 is free */
    size_t slot_count, id_count;
} IdSet;

/*
 * Adds an id >= 0. False when it was there already; *ret_full when there is
 * no memory left (and nothing is added).
 */
bool idset_add(IdSet *set, int64_t id, bool *ret_full);

/* Frees the set; it is empty and usable again. */
void idset_free(IdSet *set);

#endif

/*
 * index.h - what the files of a model name, found by file and name.
 */
#ifndef DMN_INDEX_H
#define DMN_INDEX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct DmnIndexEntry {
    const void *file; /* names of one file are not those of another */
    Str name;
    void *item; /* NULL: a free place */
} DmnIndexEntry;

typedef struct DmnIndex {
    DmnIndexEntry *entries; /* a power of two, never more than half full */
    size_t room;
} DmnIndex;

/*
 * Opens an index for at most `count` items.
 *
 * errs   ERR_FULL: no memory
 */
NODISCARD Err dmn_index_open(Arena *arena, size_t count, DmnIndex *ret);

/* Adds an item; of two with one name the first counts. */
void dmn_index_add(DmnIndex *index, const void *file, Str name, void *item);

/* The item of that name in that file, or NULL. */
void *dmn_index_find(const DmnIndex *index, const void *file, Str name);

#endif

#include "dmn/index.h"

Err dmn_index_open(Arena *arena, size_t count, DmnIndex *ret)
{
    size_t room = 16;
    while (room < 2 * count) room *= 2;
    *ret = (DmnIndex){ARENA_TRY_ARRAY(arena, DmnIndexEntry, room), room};
    return ret->entries == NULL ? ERR_FULL : OK;
}

/* Where a name is, or the free place where it would be. */
static size_t place_of(const DmnIndex *index, const void *file, Str name)
{
    uint64_t hash = 0xcbf29ce484222325U; /* FNV-1a */
    for (size_t i = 0; i < name.bytes; i++) {
        hash = (hash ^ (uint8_t)name.at[i]) * 0x100000001b3U;
    }
    size_t at = (hash ^ (hash >> 32)) & (index->room - 1);
    while (index->entries[at].item != NULL &&
           (index->entries[at].file != file ||
            !str_equal(index->entries[at].name, name))) {
        at = (at + 1) & (index->room - 1);
    }
    return at;
}

void dmn_index_add(DmnIndex *index, const void *file, Str name, void *item)
{
    DmnIndexEntry *entry = &index->entries[place_of(index, file, name)];
    if (entry->item == NULL) *entry = (DmnIndexEntry){file, name, item};
}

void *dmn_index_find(const DmnIndex *index, const void *file, Str name)
{
    if (index->room == 0) return NULL;
    return index->entries[place_of(index, file, name)].item;
}

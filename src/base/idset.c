#include "base/idset.h"

#include <stdlib.h>

#include "base/random.h"

enum { FIRST_SLOTS = 1024 };

static bool put(IdSet *set, uint64_t key)
{
    size_t mask = set->slot_count - 1;
    size_t at = (size_t)random_mix(key) & mask;
    while (set->slot[at] != 0) {
        if (set->slot[at] == key) return false;
        at = (at + 1) & mask;
    }
    set->slot[at] = key;
    return true;
}

static bool grow(IdSet *set)
{
    IdSet more = {.slot_count =
                      set->slot_count == 0 ? FIRST_SLOTS : set->slot_count * 2};
    more.slot = calloc(more.slot_count, sizeof *more.slot);
    if (more.slot == NULL) return false;
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->slot[i] != 0) put(&more, set->slot[i]);
    }
    more.id_count = set->id_count;
    free(set->slot);
    *set = more;
    return true;
}

bool idset_add(IdSet *set, int64_t id, bool *ret_full)
{
    *ret_full = false;
    if ((set->id_count + 1) * 3 > set->slot_count * 2 && !grow(set)) {
        *ret_full = true;
        return false;
    }
    if (!put(set, (uint64_t)id + 1)) return false;
    set->id_count++;
    return true;
}

void idset_free(IdSet *set)
{
    free(set->slot);
    *set = (IdSet){NULL, 0, 0};
}

#include "store/pq_int.h"

#include <dlfcn.h>

#include "base/library.h"

const Pq *pq_load(Arena *arena, const char **ret_why)
{
    void *library = library_open("libpq.so.5");
    Pq *pq = ARENA_NEW(arena, Pq);
    bool good = library != NULL;
#define PQ_LOAD(function)                                                      \
    good = good && library_find(library, #function, &pq->function);
    PQ_FUNCTIONS(PQ_LOAD)
#undef PQ_LOAD
    if (good) return pq;
    *ret_why = dlerror();
    return NULL;
}

#include "store/pq_int.h"

#include <dlfcn.h>
#include <string.h>

/* POSIX says that an object pointer can hold a function; C does not, so the
 * bytes are copied. */
static bool load(void *library, const char *name, void *to)
{
    void *symbol = dlsym(library, name);
    memcpy(to, &symbol, sizeof symbol);
    return symbol != NULL;
}

const Pq *pq_load(Arena *arena, const char **ret_why)
{
    /* Never unloaded: OpenSSL below it does not survive that. */
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    Pq *pq = ARENA_NEW(arena, Pq);
    bool good = library != NULL;
#define PQ_LOAD(function)                                                      \
    good = good && load(library, #function, &pq->function);
    PQ_FUNCTIONS(PQ_LOAD)
#undef PQ_LOAD
    if (good) return pq;
    *ret_why = dlerror();
    return NULL;
}

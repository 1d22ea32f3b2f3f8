#include "web/mhd.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static Mhd loaded;

/* POSIX says that an object pointer can hold a function; C does not, so the
 * bytes are copied. */
static bool load(void *library, const char *name, void *to)
{
    void *symbol = dlsym(library, name);
    memcpy(to, &symbol, sizeof symbol);
    return symbol != NULL;
}

static void load_all(void)
{
    void *library = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    bool good = library != NULL;
#define MHD_LOAD(function)                                                     \
    good = good && load(library, #function, &loaded.function);
    MHD_FUNCTIONS(MHD_LOAD)
#undef MHD_LOAD
    loaded.whole = good;
}

const Mhd *mhd(void)
{
    pthread_once(&once, load_all);
    return &loaded;
}

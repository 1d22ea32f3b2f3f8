#include "web/mhd.h"

#include <pthread.h>

#include "base/library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static Mhd loaded;

static void load_all(void)
{
    void *library = library_open("libmicrohttpd.so.12");
    bool good = library != NULL;
#define MHD_LOAD(function)                                                     \
    good = good && library_find(library, #function, &loaded.function);
    MHD_FUNCTIONS(MHD_LOAD)
#undef MHD_LOAD
    loaded.whole = good;
}

const Mhd *mhd(void)
{
    pthread_once(&once, load_all);
    return &loaded;
}

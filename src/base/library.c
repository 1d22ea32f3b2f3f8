#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

void *library_open(const char *name)
{
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

/* POSIX says that an object pointer can hold a function; C does not, so the
 * bytes are copied. */
bool library_find(void *library, const char *name, void *ret_function)
{
    void *symbol = library == NULL ? NULL : dlsym(library, name);
    memcpy(ret_function, &symbol, sizeof symbol);
    return symbol != NULL;
}

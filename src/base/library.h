/*
 * library.h - libraries that are loaded only where they are needed, so that
 * they do not slow down every command.
 *
 * Their functions stand in a table, which is filled by name; see
 * store/pq_int.h and web/mhd.h.
 */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include <stdbool.h>

/* A library by its file name, or NULL. It stays until the process ends:
 * libraries that use OpenSSL do not survive being unloaded. */
void *library_open(const char *name);

/* Puts a function into a pointer to functions. False: there is none of that
 * name, or `library` is NULL. */
bool library_find(void *library, const char *name, void *ret_function);

#endif

/*
 * about.c - what `sanad --version` says of the databases.
 */
#include <sqlite3.h>

#include "store/schema.h"
#include "store/store_int.h"

enum { ARENA_BYTES = 1 << 20 };

const char *store_library(void)
{
    return "SQLite " SQLITE_VERSION;
}

int store_schema_number(void)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    size_t count;
    const SchemaFile *files = store_schema_assets(arena, &count);
    return count == 0 ? 0 : files[count - 1].number;
}

/*
 * dialect.h - SQLite's schema, derived from the one that is written.
 */
#ifndef STORE_DIALECT_H
#define STORE_DIALECT_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/err.h"

/*
 * Derives SQLite's DDL from a schema file: comments out, BIGINT and BYTEA
 * replaced, STRICT and WITHOUT ROWID added. A word in capitals that it does
 * not know, and any other type, is refused with its line.
 *
 * out    ret_ddl: zero-terminated, in the arena
 * errs   ERR_INVALID
 */
NODISCARD Err dialect_sqlite(Arena *arena, Str schema, Diag *diag,
                             const char **ret_ddl);

#endif

/*
 * setting.h - what belongs to the installation and not to a process: the pack
 * in force, when it was restored.
 */
#ifndef JOB_SETTING_H
#define JOB_SETTING_H

#include "base/err.h"
#include "store/store.h"

/*
 * Reads and writes a setting of the installation.
 *
 * out    ret_value in `arena`; its `at` is NULL when it was never set
 * errs   ERR_IO, ERR_BUSY
 */
NODISCARD Err setting_get(StoreConn *conn, Arena *arena, const char *name,
                          Str *ret_value);
NODISCARD Err setting_set(StoreConn *tx, const char *name, Str value);

#endif

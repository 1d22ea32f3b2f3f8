/*
 * suite_files.h - finds and reads models and files of cases below folders.
 */
#ifndef CLI_SUITE_FILES_H
#define CLI_SUITE_FILES_H

#include "cli/cli.h"
#include "dmn/dmn.h"

enum { SUITE_FILES_MAX = 4096 };

/*
 * Before the path of a file that the program carries in itself, as
 * "sanad:models/social-security/pension.dmn".
 */
extern const char suite_files_own[]; /* "sanad:" */

/* Paths in an arena, sorted. */
typedef struct SuitePaths {
    char *at[SUITE_FILES_MAX];
    size_t count;
} SuitePaths;

/* Adds all files below a folder whose names end so, e.g. ".dmn". */
void suite_files_find(Arena *arena, const char *folder, const char *ending,
                      SuitePaths *paths);

/* The whole of a file, zero-terminated; false when it cannot be read. */
bool suite_files_read(Arena *arena, const char *path, Str *ret);

/*
 * Why suite_files_read() read nothing.
 *
 * out    diag: file.folder {path}, file.missing {path}, file.too_large
 *        {path} {MiB allowed}, file.unreadable {path}
 */
void suite_files_unread(const char *path, Diag *diag);

/* Whether there is such a file or folder. */
bool suite_files_exist(const char *path);

/* The folder of a path, "." without one. */
char *suite_files_folder(Arena *arena, const char *path);

/* The file of that name beside another, or one folder up. */
char *suite_files_beside(Arena *arena, const char *path, Str name);

/*
 * The model at a path, first, and the other .dmn files of its folder and the
 * folders below, which serve its imports.
 *
 * errs   ERR_IO: it cannot be read, as suite_files_unread() says
 */
NODISCARD Err suite_files_sources(Arena *arena, const char *path, Diag *diag,
                                  DmnSource **ret, size_t *ret_count);

#endif

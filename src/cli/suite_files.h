/*
 * suite_files.h - finds models and files of cases below folders, and runs
 * the ones against the others: what `tck` and `rules test` share.
 */
#ifndef CLI_SUITE_FILES_H
#define CLI_SUITE_FILES_H

#include "cli/cli.h"
#include "dmn/suite.h"

enum { SUITE_FILES_MAX = 4096, SUITE_PATH_BYTES = 1024 };

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
 * Loads the model at a path; other .dmn files of its folder and the folders
 * below serve its imports.
 *
 * errs   as dmn_load(); ERR_IO: it cannot be read
 */
NODISCARD Err suite_files_model(Arena *arena, const char *path,
                                DmnStrictness strictness, Diag *diag,
                                DmnModel **ret);

/*
 * Runs every file of cases below the folders, prints a line a failure and
 * the totals. The model of a file lies beside it or one folder up. `csv`
 * gets a line a case when it is not NULL. Returns the exit code.
 */
int suite_files_run(Cli *cli, const char *const *folders, size_t count,
                    DmnStrictness strictness, FILE *csv);

#endif

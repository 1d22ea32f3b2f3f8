/*
 * suite_run.h - runs files of cases against their models and reports: what
 * `tck` and `rules test` share.
 */
#ifndef CLI_SUITE_RUN_H
#define CLI_SUITE_RUN_H

#include "cli/cli.h"

typedef enum SuiteKind {
    SUITE_OF_MODELS,   /* ours: a faulty model fails all of its cases */
    SUITE_CONFORMANCE, /* the OMG's: a faulty expression is null; Java */
} SuiteKind;

typedef struct SuiteOptions {
    SuiteKind kind;
    bool groups; /* print a table: how many passed of each feature group */
    FILE *csv;   /* a line a case in the suite's format of results, or NULL */
} SuiteOptions;

/*
 * Runs every file of cases below the folders, prints a line a failure, then
 * the totals. The model of a file lies beside it or one folder up. A folder
 * without any cases is an error, and there are no totals when nothing has run.
 * Returns the exit code.
 */
int suite_run(Cli *cli, const char *const *folders, size_t count,
              const SuiteOptions *options);

#endif

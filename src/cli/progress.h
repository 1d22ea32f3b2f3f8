/*
 * progress.h - a bar on stderr, only when that is a terminal.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cli.h"

typedef struct Progress {
    FILE *to; /* NULL: nobody looks */
    const char *unit;
    double began_s, told_s;
    int64_t done;
} Progress;

/* A bar that counts `unit` ("persons"). */
Progress progress_make(Cli *cli, const char *unit);

/* Shows how far it is; cheap enough to be called often. */
void progress_show(Progress *progress, int64_t done, int64_t all);

/* Clears the bar. */
void progress_end(Progress *progress);

/* For callbacks whose argument is a Progress. */
void progress_told(void *progress, int64_t done, int64_t all);

#endif

/*
 * progress.h - a bar on stderr, only when that is a terminal.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cli.h"

typedef struct Progress {
    const CliHost *host; /* of a job beside a server, else NULL */
    FILE *to;            /* NULL: nobody looks */
    const char *unit;
    double began_s, told_s;
} Progress;

/* Draws the bar; `began_s` is when the work began, see clock_wall_s(). */
void progress_draw(FILE *to, const char *unit, double began_s, int64_t done,
                   int64_t all);

/* A bar that counts `unit` ("persons"). */
Progress progress_make(Cli *cli, const char *unit);

/* Shows how far it is; cheap enough to be called often. False: whoever asked
 * for the work wants no more of it. */
bool progress_show(Progress *progress, int64_t done, int64_t all);

/* Clears the bar. */
void progress_end(Progress *progress);

/* For callbacks whose argument is a Progress. */
bool progress_told(void *progress, int64_t done, int64_t all);

#endif

#include "cli/progress.h"

#include <unistd.h>

#include "base/clock.h"

enum { BAR_CELLS = 30 };

static const double tell_every_s = 0.1;

Progress progress_make(Cli *cli, const char *unit)
{
    bool seen = isatty(fileno(cli->err)) == 1;
    return (Progress){
        .to = seen ? cli->err : NULL, .unit = unit, .began_s = clock_wall_s()};
}

void progress_show(Progress *progress, int64_t done, int64_t all)
{
    progress->done = done;
    if (progress->to == NULL) return;
    double now = clock_wall_s();
    if (now - progress->told_s < tell_every_s) return;
    progress->told_s = now;
    double lasted = now - progress->began_s;
    double rate = lasted > 0 ? (double)done / lasted : 0;
    int full = all > 0 && done <= all ? (int)(done * BAR_CELLS / all) : 0;
    fprintf(progress->to, "\r[%.*s%.*s] %lld of %lld %s, %.0f/s ", full,
            "##############################", BAR_CELLS - full,
            "..............................", (long long)done, (long long)all,
            progress->unit, rate);
    fflush(progress->to);
}

void progress_end(Progress *progress)
{
    if (progress->to == NULL || progress->told_s == 0) return;
    fprintf(progress->to, "\r%*s\r", 78, "");
    fflush(progress->to);
}

void progress_told(void *progress, int64_t done, int64_t all)
{
    progress_show(progress, done, all);
}

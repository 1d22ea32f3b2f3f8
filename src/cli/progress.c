#include "cli/progress.h"

#include <unistd.h>

#include "base/clock.h"

enum { BAR_CELLS = 30 };

static const double tell_every_s = 0.1;

Progress progress_make(Cli *cli, const char *unit)
{
    bool seen = cli->host == NULL && isatty(fileno(cli->err)) == 1;
    return (Progress){.host = cli->host,
                      .to = seen ? cli->err : NULL,
                      .unit = unit,
                      .began_s = clock_wall_s()};
}

void progress_draw(FILE *to, const char *unit, double began_s, int64_t done,
                   int64_t all)
{
    double lasted = clock_wall_s() - began_s;
    double rate = lasted > 0 ? (double)done / lasted : 0;
    int full = all > 0 && done <= all ? (int)(done * BAR_CELLS / all) : 0;
    fprintf(to, "\r[%.*s%.*s] %lld of %lld %s, %.0f/s ", full,
            "##############################", BAR_CELLS - full,
            "..............................", (long long)done, (long long)all,
            unit, rate);
    fflush(to);
}

bool progress_show(Progress *progress, int64_t done, int64_t all)
{
    const CliHost *host = progress->host;
    if (progress->to == NULL && host == NULL) return true;
    double now = clock_wall_s();
    if (now - progress->told_s < tell_every_s) return true;
    progress->told_s = now;
    if (host != NULL) return host->told(host->arg, progress->unit, done, all);
    progress_draw(progress->to, progress->unit, progress->began_s, done, all);
    return true;
}

void progress_end(Progress *progress)
{
    if (progress->to == NULL || progress->told_s == 0) return;
    fprintf(progress->to, "\r%*s\r", 78, "");
    fflush(progress->to);
}

bool progress_told(void *progress, int64_t done, int64_t all)
{
    return progress_show(progress, done, all);
}

/*
 * simulate_many.h - many reforms on one open simulation: for each of many
 * values of one or two numbers, with assumptions that may be others, over
 * months to come; and the files that all of them write.
 */
#ifndef CLI_SIMULATE_MANY_H
#define CLI_SIMULATE_MANY_H

#include "cli/cli.h"
#include "simulation/report.h"
#include "simulation/sweep_report.h"

enum { SIMULATE_SETS_MAX = 64 };

/* What the options say of the reform. */
typedef struct SimulateReform {
    const char *base; /* files of models */
    const char *model;
    const char *sets[SIMULATE_SETS_MAX];
    int32_t set_count;
    bool none; /* only the law in force is asked for */
} SimulateReform;

/* What is changed, as it was asked for; in the command's arena. */
const Str *simulate_changes(Cli *cli, const SimulateReform *reform,
                            int32_t *ret_count);

/* For whom pages are: in Arabic unless another language is asked for. */
TextStyle simulate_page_style(Cli *cli);

/* Writes the files of --csv and --html, as far as they are asked for; `err` is
 * of the page. CLI_GO_ON, or an exit code after the problem was told. */
int simulate_files(Cli *cli, const Buf *csv, const Buf *html, Err err);

/* Reads a decimal number from 0 with at most six places, in millionths. */
bool simulate_decimal(Str text, int64_t *ret);

/* Runs and prints what --sweep asks for; the changes of the reform hold for
 * all points. Returns the exit code. */
int simulate_sweep(Cli *cli, Simulation *simulation, Month month,
                   const SimulateReform *reform);

/* Runs and prints what --forecast asks for; the job has a reader and the law in
 * force. Returns the exit code. */
int simulate_forecast(Cli *cli, const SimulateJob *job,
                      const SimulateReform *reform, const SimulateSide *after);

/*
 * Runs what --uncertain asks for, on the law in force and on the reform.
 *
 * in     assumptions: of the reform, for `--uncertain flagged`
 * out    ret: NULL when nothing is asked, else in the command's arena;
 *        CLI_GO_ON, or an exit code after the problem was told
 */
int simulate_uncertain(Cli *cli, Simulation *simulation,
                       const SimulateReform *reform,
                       const Assumptions *assumptions, const Uncertainty **ret);

#endif

/*
 * simulate_sweep.h - a reform for each of many values of one or two numbers.
 */
#ifndef CLI_SIMULATE_SWEEP_H
#define CLI_SIMULATE_SWEEP_H

#include "cli/cli.h"
#include "simulation/simulate.h"

enum { SIMULATE_SETS_MAX = 64, SWEEP_AXES = 2, SWEEP_POINTS_MAX = 2500 };

/*
 * Runs and prints what --sweep asks for; `sets` holds for all points.
 * Returns the exit code.
 */
int simulate_sweep(Cli *cli, Simulation *simulation, const char *model,
                   const char *const *sets, int32_t set_count);

#endif

/*
 * rules_check.h - `sanad rules check`: what is wrong with models, as lines
 * for people or as one JSON object.
 */
#ifndef CLI_RULES_CHECK_H
#define CLI_RULES_CHECK_H

#include "cli/cli.h"
#include "cli/suite_files.h"

/*
 * Checks each model and prints what is found. Returns 0 when there is no
 * error and no warning, else 1.
 */
int rules_check(Cli *cli, const SuitePaths *paths);

#endif

/*
 * commands.h - the functions behind commands.def. Each runs one command and
 * returns its exit code; see cli.h.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

#define COMMAND(name, place, args, run, options, usage, does) int run(Cli *cli);
#include "cli/commands.def"
#undef COMMAND

#endif

/*
 * rules_trace.h - `sanad rules trace`: decides by a model and shows the way.
 */
#ifndef CLI_RULES_TRACE_H
#define CLI_RULES_TRACE_H

#include "cli/cli.h"

/*
 * Decides arg[2] by the model arg[1] with the inputs of --context, and prints
 * the trace as text, as HTML with --html, as JSON with --json. Returns the
 * exit code.
 */
int rules_trace(Cli *cli);

#endif

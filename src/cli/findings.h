/*
 * findings.h - what a check found in a model: lines for people, or JSON.
 */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include "cli/cli.h"
#include "codec/json.h"
#include "dmn/check.h"

/* One finding on a line with its place, how to mend it on the next. */
void findings_print_one(Cli *cli, FILE *to, const DmnFinding *finding);

/* The same as an object, with both languages. */
void findings_json_one(Cli *cli, JsonOut *out, const DmnFinding *finding);

/* The errors and warnings of a check, and none of its notes. */
void findings_print(Cli *cli, FILE *to, const DmnCheck *check);

/* The same as the member "findings" of an object that is open. */
void findings_json(Cli *cli, JsonOut *out, const DmnCheck *check);

#endif

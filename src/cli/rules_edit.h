/*
 * rules_edit.h - sanad rules edit: a cell or row of a model, from a terminal.
 */
#ifndef CLI_RULES_EDIT_H
#define CLI_RULES_EDIT_H

#include "cli/cli.h"
#include "programme/edit.h"

/* The edit that the options say, on a decision. CLI_GO_ON or an exit code. */
int rules_edit_read(Cli *cli, const char *decision, Edit *ret);

/* Tells in the reader's language what is wrong with an edited model, and in
 * which cell. Returns the exit code. */
int rules_edit_fail(Cli *cli, Err err, const Diag *diag,
                    const EditPlace *place);

/* Run the commands whose first argument is "edit", "export". Return the exit
 * code. */
int rules_edit(Cli *cli);
int rules_export(Cli *cli);

#endif

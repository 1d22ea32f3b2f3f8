/*
 * rules_diff.h - sanad rules diff: what is different between two models.
 */
#ifndef CLI_RULES_DIFF_H
#define CLI_RULES_DIFF_H

#include "cli/cli.h"
#include "service/draft_undo.h"

/*
 * Prints the difference of two texts. Returns the exit code.
 *
 * in     undone: the versions that a draft undoes, to stand beside it in
 *        JSON; NULL: it is no draft's
 */
int rules_diff_print(Cli *cli, const ModelWords *words, Str old, Str now,
                     const DraftUndoings *undone);

/*
 * The provisions and sources that the program carries.
 *
 * errs   as citation_load()
 */
NODISCARD Err rules_citations(Cli *cli, Diag *diag, Citations *ret);

/* Runs the command; its first argument is "diff". Returns the exit code. */
int rules_diff(Cli *cli);

#endif

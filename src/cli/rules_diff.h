/*
 * rules_diff.h - sanad rules diff: what is different between two models.
 */
#ifndef CLI_RULES_DIFF_H
#define CLI_RULES_DIFF_H

#include "cli/cli.h"
#include "dmn/check.h"
#include "service/draft_undo.h"

/* What stands beside the difference of a draft in its JSON. */
typedef struct RulesDiffDraft {
    const DraftUndoings *undone; /* NULL: it is not of the newest text */
    const DmnCheck *check;
} RulesDiffDraft;

/*
 * Prints the difference of two texts. Returns the exit code.
 *
 * in     draft: NULL: it is no draft's
 */
int rules_diff_print(Cli *cli, const ModelWords *words, Str old, Str now,
                     const RulesDiffDraft *draft);

/*
 * The provisions and sources that the program carries.
 *
 * errs   as citation_load()
 */
NODISCARD Err rules_citations(Cli *cli, Diag *diag, Citations *ret);

/* Runs the command; its first argument is "diff". Returns the exit code. */
int rules_diff(Cli *cli);

#endif

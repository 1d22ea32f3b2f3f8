/*
 * law_print.h - drafts and versions of the law, as text and as JSON.
 */
#ifndef CLI_LAW_PRINT_H
#define CLI_LAW_PRINT_H

#include "cli/cli.h"
#include "service/context.h"
#include "service/draft.h"
#include "service/draft_undo.h"

/* All versions, and the law beneath them. Returns the exit code, as all. */
int law_print_history(Cli *cli, Context *context, StoreConn *conn);

/* All drafts, one a line. */
int law_print_list(Cli *cli, StoreConn *conn);

/* One draft with all its steps. */
int law_print_draft(Cli *cli, Context *context, StoreConn *conn,
                    const Draft *draft);

/* What a draft undoes and why, and how to approve it as it was told, while it
 * is in review. */
void law_print_step(Cli *cli, const Draft *draft, const DraftUndoings *undone);

/* The versions that a draft undoes, as a member of an object that is open. */
void law_print_undone(Cli *cli, JsonOut *out, const DraftUndoings *undone);

/* What a draft is after a step; `published`: version 0 unless it was;
 * `check`: of its text, or NULL. */
int law_print_done(Cli *cli, Context *context, StoreConn *conn,
                   int64_t draft_id, const DraftPublished *published,
                   const DmnCheck *check);

/* The errors and warnings of its text below a heading; nothing without. */
void law_print_check(Cli *cli, const DmnCheck *check);

#endif

/*
 * cmd_law.c - sanad law: drafts of models, their review, and the versions of
 * the law that were published.
 */
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/law_print.h"
#include "cli/prove.h"
#include "cli/rules_diff.h"
#include "cli/rules_edit.h"
#include "cli/suite_files.h"

enum { MODEL_MODE = 0644 };

/* The draft that the command names. CLI_GO_ON or an exit code. */
static int read_draft(Cli *cli, StoreConn *conn, Draft *ret)
{
    int64_t id;
    Diag diag = {.key = ""};
    if (cli->arg_count < 2 || !str_to_int(str_of(cli->arg[1]), &id)) {
        return cli_usage(cli, "the number of a draft is needed");
    }
    Err err = draft_get(conn, cli->arena, id, &diag, ret);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

/* One of its texts: --save, else the newest. */
static int read_text(Cli *cli, StoreConn *conn, const Draft *draft, Str *ret)
{
    int64_t save;
    Diag diag = {.key = ""};
    if (!cli_number(cli, "--save", 1, INT32_MAX, draft->save, &save)) return 2;
    Err err =
        draft_text(conn, cli->arena, draft->id, (int32_t)save, &diag, ret);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, &diag);
}

static int print_text(Cli *cli, StoreConn *conn)
{
    Draft draft;
    Str text;
    Diag diag = {.key = ""};
    const char *path = cli_path(cli, "--out");
    int code = read_draft(cli, conn, &draft);
    if (code == CLI_GO_ON) code = read_text(cli, conn, &draft, &text);
    if (code != CLI_GO_ON) return code;
    if (path == NULL) {
        bool all = fwrite(text.at, 1, text.bytes, cli->out) == text.bytes;
        return all ? 0 : cli_fail(cli, ERR_IO, NULL);
    }
    Err err = file_write(path, text, MODEL_MODE, &diag);
    return err == OK ? 0 : cli_fail(cli, err, &diag);
}

/* What is wrong with a text; that it cannot be read is an error, too. */
static DmnCheck check_text(Arena *arena, const Pack *base, const Draft *draft,
                           Str text)
{
    DmnCheck check;
    EditPlace place;
    DmnFinding *fault = ARENA_NEW(arena, DmnFinding);
    *fault = (DmnFinding){.severity = DMN_ERROR};
    Err err = edit_check_in(arena, base, draft->path, text, &fault->diag,
                            &check, &place);
    if (err == OK || check.count > 0) return check;
    return (DmnCheck){.findings = fault, .count = 1};
}

/* What a draft changes in the law from which it was begun. */
static int print_diff(Cli *cli, Context *context, StoreConn *conn)
{
    Draft draft;
    Str now;
    Diag diag = {.key = ""};
    DraftUndoings undone;
    const Pack *base = context->pack;
    int code = read_draft(cli, conn, &draft);
    if (code == CLI_GO_ON) code = read_text(cli, conn, &draft, &now);
    if (code != CLI_GO_ON) return code;
    Err err = draft_undone(conn, context->arena, base, &draft, &diag, &undone);
    if (err == OK && draft.base_pack != base->id) {
        err = pack_find(conn, context->arena, draft.base_pack, &diag, &base);
    }
    if (err != OK) return cli_fail(cli, err, &diag);
    Str old = pack_file(
        base, arena_text(cli->arena, draft.path.at, draft.path.bytes));
    bool newest = cli_option(cli, "--save") == NULL;
    ModelWords words = words_for(base, draft.path);
    DmnCheck check = check_text(context->arena, base, &draft, now);
    RulesDiffDraft beside = {.undone = newest ? &undone : NULL,
                             .check = &check};
    code = rules_diff_print(cli, &words, old, now, &beside);
    if (code != 0 || cli->json) return code;
    law_print_check(cli, &check);
    if (newest) law_print_step(cli, &draft, &undone);
    return 0;
}

static int begin(Cli *cli, Context *context, DraftAct *act)
{
    const char *title = cli_option(cli, "--title");
    const char *name = cli_option(cli, "--programme");
    Month month = DRAFT_NO_MONTH;
    const Pack *pack = context->pack;
    const Programme *programme = &pack->programmes[0];
    if (title == NULL) return cli_usage(cli, "--title is needed");
    if (name != NULL) programme = pack_programme(pack, str_of(name));
    if (programme == NULL) {
        return cli_usage(cli, "no such programme");
    }
    if (cli_option(cli, "--month") != NULL) {
        int code = cli_month(cli, &month);
        if (code != CLI_GO_ON) return code;
    }
    act->text = str_of(title);
    act->draft_id = store_new_id(context->store);
    Err err = draft_begin(act, programme->path, month);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, act->diag);
}

static int save(Cli *cli, const DraftAct *act, const Draft *draft)
{
    Str model;
    Diag diag = {.key = ""};
    const char *path = cli_path(cli, "--model");
    if (path == NULL) return cli_usage(cli, "--model is needed");
    if (!suite_files_read(cli->arena, path, &model)) {
        suite_files_unread(path, &diag);
        return cli_fail(cli, ERR_NOT_FOUND, &diag);
    }
    Err err = draft_save(act, draft->save, model);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, act->diag);
}

static int edit(Cli *cli, const DraftAct *act, const Draft *draft)
{
    Edit edit;
    Str old, now;
    if (cli->arg_count != 3) return cli_usage(cli, "a decision is needed");
    int code = rules_edit_read(cli, cli->arg[2], &edit);
    if (code != CLI_GO_ON) return code;
    Err err = draft_text(act->tx, act->arena, draft->id, draft->save, act->diag,
                         &old);
    if (err == OK) err = edit_apply(act->arena, old, &edit, act->diag, &now);
    if (err == OK) err = draft_save(act, draft->save, now);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, act->diag);
}

static int submit(Cli *cli, const DraftAct *act, const DraftText *checked)
{
    Month from;
    const char *month = cli_option(cli, "--from");
    if (month == NULL || !month_read(str_of(month), &from)) {
        return cli_usage(cli, "--from YYYY-MM is needed");
    }
    Err err = draft_submit(act, from, checked);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, act->diag);
}

/* Reads and checks, before others wait, what is submitted or published. */
static int prepare(Cli *cli, DraftAct *act, DraftText *ret)
{
    Draft draft;
    EditPlace place = {.row = 0};
    Str verb = str_of(cli->arg[0]);
    bool publish = str_is(verb, "publish");
    if (!publish && !str_is(verb, "submit")) return CLI_GO_ON;
    int code = read_draft(cli, act->tx, &draft);
    if (code != CLI_GO_ON) return code;
    act->draft_id = draft.id;
    Err err = draft_read_text(act, publish ? DRAFT_APPROVED : DRAFT_OPEN, ret);
    if (err == OK && publish) err = draft_make(act, ret);
    if (err == OK && !publish) err = draft_check(act, ret, &place);
    if (err == OK) return CLI_GO_ON;
    return rules_edit_fail(cli, err, act->diag, &place);
}

/* Approves what he read, which the number of its step tells. */
static int approve(Cli *cli, const DraftAct *act)
{
    int64_t step;
    if (cli_option(cli, "--step") == NULL) {
        return cli_usage(cli, "--step N is needed, which law diff tells");
    }
    if (!cli_number(cli, "--step", 1, INT32_MAX, 1, &step)) return 2;
    Err err = draft_approve(act, (int32_t)step);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, act->diag);
}

static int say(Cli *cli, const DraftAct *act, Str verb)
{
    Err err = str_is(verb, "comment")  ? draft_comment(act)
              : str_is(verb, "return") ? draft_return(act)
                                       : draft_withdraw(act);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, act->diag);
}

/* Does what the command says, in the open transaction. */
static int act_on(Cli *cli, Context *context, DraftAct *act,
                  const DraftText *checked, DraftPublished *ret)
{
    Draft draft;
    Str verb = str_of(cli->arg[0]);
    if (str_is(verb, "draft")) return begin(cli, context, act);
    int code = read_draft(cli, act->tx, &draft);
    if (code != CLI_GO_ON) return code;
    act->draft_id = draft.id;
    if (str_is(verb, "save")) return save(cli, act, &draft);
    if (str_is(verb, "edit")) return edit(cli, act, &draft);
    if (str_is(verb, "submit")) return submit(cli, act, checked);
    if (str_is(verb, "approve")) return approve(cli, act);
    if (!str_is(verb, "publish")) return say(cli, act, verb);
    Err err = draft_publish(act, checked, ret);
    return err == OK ? CLI_GO_ON : cli_fail(cli, err, act->diag);
}

static int change(Cli *cli, Context *context, StoreConn *writer)
{
    Actor by;
    Secrets secrets;
    Diag diag = {.key = ""};
    DraftText checked = {.pack = NULL};
    DraftPublished published = {.version = 0};
    const char *text = cli_option(cli, "--text");
    if (cli_option(cli, "--by") == NULL) {
        return cli_usage(cli, "--by USER is needed");
    }
    prove_secrets(cli, &secrets);
    int code = prove_by(cli, writer, &secrets, &by);
    if (code != CLI_GO_ON) return code;
    DraftAct act = {.tx = writer,
                    .arena = context->arena,
                    .base = context->pack,
                    .by = &by,
                    .text = text == NULL ? STR("") : str_of(text),
                    .now = clock_now(),
                    .diag = &diag};
    code = prepare(cli, &act, &checked);
    if (code != CLI_GO_ON) return code;
    Err err = store_begin(writer);
    if (err != OK) return cli_fail(cli, err, NULL);
    code = act_on(cli, context, &act, &checked, &published);
    if (code == CLI_GO_ON) {
        err = store_commit(writer);
        if (err != OK) code = cli_fail(cli, err, NULL);
    }
    if (code != CLI_GO_ON) {
        store_rollback(writer);
        return code;
    }
    bool submits = str_is(str_of(cli->arg[0]), "submit");
    return law_print_done(cli, context, writer, act.draft_id, &published,
                          submits ? &checked.found : NULL);
}

static int read(Cli *cli, Context *context, StoreConn *conn, Str verb)
{
    Draft draft;
    if (str_is(verb, "history")) return law_print_history(cli, context, conn);
    if (str_is(verb, "list")) return law_print_list(cli, conn);
    if (str_is(verb, "text")) return print_text(cli, conn);
    if (str_is(verb, "diff")) return print_diff(cli, context, conn);
    int code = read_draft(cli, conn, &draft);
    return code == CLI_GO_ON ? law_print_draft(cli, context, conn, &draft)
                             : code;
}

static int run(Cli *cli, Context *context, bool reads)
{
    StoreConn *conn CLEANUP(store_conn_closep) = NULL;
    Diag diag = {.key = ""};
    Actor operator= access_operator();
    Subject subject = {.object = OBJECT_MODEL, .household_id = -1};
    Err err = access_check(&operator, ACTION_READ, &subject, &diag, NULL);
    if (err == OK) {
        err = reads ? store_reader(context->store, &diag, &conn)
                    : store_writer(context->store, &diag, &conn);
    }
    if (err != OK) return cli_fail(cli, err, &diag);
    return reads ? read(cli, context, conn, str_of(cli->arg[0]))
                 : change(cli, context, conn);
}

int cmd_law(Cli *cli)
{
    static const char *const reading[] = {"history", "list", "show", "diff",
                                          "text"};
    static const char *const changing[] = {"draft",    "save",    "edit",
                                           "submit",   "comment", "return",
                                           "withdraw", "approve", "publish"};
    const char *verb = cli->arg_count == 0 ? "" : cli->arg[0];
    bool reads = false, changes = false;
    Context context;
    for (size_t i = 0; i < sizeof reading / sizeof reading[0]; i++) {
        reads |= strcmp(verb, reading[i]) == 0;
    }
    for (size_t i = 0; i < sizeof changing / sizeof changing[0]; i++) {
        changes |= strcmp(verb, changing[i]) == 0;
    }
    if (!reads && !changes) {
        return cli_usage(cli, "history, list, show, diff, text, draft, save, "
                              "edit, submit, comment, return, withdraw, "
                              "approve or publish");
    }
    int code = cli_open(cli, true, &context);
    if (code != CLI_GO_ON) return code;
    code = run(cli, &context, reads);
    context_close(&context);
    return code;
}

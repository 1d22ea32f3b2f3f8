#include "cli/rules_edit.h"

#include "base/file.h"
#include "cli/common.h"
#include "cli/findings.h"
#include "cli/rules_diff.h"
#include "cli/suite_files.h"
#include "programme/portable.h"

enum { SENTENCE_BYTES = 1 << 12, MODEL_MODE = 0644 };

static bool read_cells(Cli *cli, const char *option, Edit *ret)
{
    const char *cell;
    Str *cells = ARENA_ARRAY(cli->arena, Str, EDIT_CELLS_MAX);
    ret->cells = cells;
    while ((cell = cli_option_at(cli, option, (int)ret->cell_count)) != NULL) {
        if (ret->cell_count == EDIT_CELLS_MAX) return false;
        cells[ret->cell_count++] = str_of(cell);
    }
    return true;
}

/* A cell of a row, or without one the text of an expression. */
static bool read_place(Cli *cli, Edit *ret)
{
    static const char *const parts[] = {"--input", "--output", "--note"};
    int64_t row, column;
    int given = 0;
    if (!cli_number(cli, "--row", 1, INT32_MAX, 0, &row)) return false;
    ret->row = (int32_t)row;
    for (int i = GRID_INPUT; i <= GRID_NOTE; i++) {
        if (!cli_flag(cli, parts[i])) continue;
        if (!cli_number(cli, parts[i], 1, INT32_MAX, 0, &column)) return false;
        given++;
        ret->part = (GridPart)i;
        ret->column = (int32_t)column;
    }
    ret->what = row > 0 ? EDIT_CELL : EDIT_TEXT;
    return given == (row > 0) && cli_flag(cli, "--value");
}

/* An expression inside of another: the entry by its name or its number. */
static bool read_entry(Cli *cli, Edit *ret)
{
    int64_t number;
    const char *entry = cli_option(cli, "--entry");
    ret->what = EDIT_PART;
    if (str_to_int(str_of(entry), &number)) {
        ret->row = (int32_t)(number > 0 && number <= INT32_MAX ? number : 0);
        return ret->row > 0 && cli_flag(cli, "--value");
    }
    ret->entry = str_of(entry);
    return cli_flag(cli, "--value");
}

/* A row to add, remove or move: the option names it. */
static bool read_row(Cli *cli, const char *option, EditWhat what, Edit *ret)
{
    int64_t row, to;
    int64_t least = what == EDIT_ROW_ADD ? 0 : 1;
    if (!cli_number(cli, option, least, INT32_MAX, 0, &row) ||
        !cli_number(cli, "--to", 1, INT32_MAX, 0, &to)) {
        return false;
    }
    ret->what = what;
    ret->row = (int32_t)row;
    ret->to = (int32_t)to;
    return what != EDIT_ROW_MOVE || to > 0;
}

int rules_edit_read(Cli *cli, const char *decision, Edit *ret)
{
    const char *since = cli_option(cli, "--since");
    int64_t row;
    bool good;
    *ret = (Edit){.decision = str_of(decision)};
    if (cli_flag(cli, "--add")) {
        good = read_row(cli, "--add", EDIT_ROW_ADD, ret);
    } else if (cli_flag(cli, "--remove")) {
        good = read_row(cli, "--remove", EDIT_ROW_REMOVE, ret);
    } else if (cli_flag(cli, "--move")) {
        good = read_row(cli, "--move", EDIT_ROW_MOVE, ret);
    } else if (cli_flag(cli, "--entry")) {
        good = read_entry(cli, ret);
    } else if (since != NULL) {
        good = day_read(str_of(since), &ret->since) &&
               cli_number(cli, "--row", 1, INT32_MAX, 0, &row);
        ret->what = EDIT_SINCE;
        if (good) ret->row = (int32_t)row;
    } else {
        good = read_place(cli, ret);
    }
    bool one = ret->what == EDIT_CELL || ret->what == EDIT_TEXT ||
               ret->what == EDIT_PART;
    good = good && read_cells(cli, one ? "--value" : "--cell", ret);
    if (good) return CLI_GO_ON;
    return cli_usage(cli, "--row N with --input, --output or --note C and "
                          "--value TEXT; --add N or --since DAY with --cell "
                          "TEXT for each column; --remove N; --move N --to M; "
                          "--entry NAME or N with --value EXPRESSION; or "
                          "--value EXPRESSION");
}

int rules_edit_fail(Cli *cli, Err err, const Diag *diag, const EditPlace *place)
{
    TextStyle style = cli_style(cli);
    TextArg args[] = {TEXT_STR("0", place->decision), TEXT_INT("1", place->row),
                      TEXT_STR("2", place->label),
                      TEXT_INT("3", place->column)};
    Buf text = buf_make(SENTENCE_BYTES);
    if (place->decision.bytes == 0) return cli_fail(cli, err, diag);
    text_write(&text, &style, str_of(edit_place_key(place)), args, 4);
    buf_text(&text, ": ");
    text_write_diag(&text, &style, diag);
    fprintf(cli->err, "sanad: %.*s\n", STR_ARG(buf_view(&text)));
    buf_free(&text);
    return err_exit(err);
}

static int write_model(Cli *cli, Str text)
{
    Diag diag = {.key = ""};
    const char *path = cli_path(cli, "--out");
    if (path == NULL) {
        bool all = fwrite(text.at, 1, text.bytes, cli->out) == text.bytes;
        return all ? 0 : cli_fail(cli, ERR_IO, NULL);
    }
    Err err = file_write(path, text, MODEL_MODE, &diag);
    return err == OK ? 0 : cli_fail(cli, err, &diag);
}

int rules_export(Cli *cli)
{
    Str model, text;
    Diag diag = {.key = ""};
    if (cli->arg_count != 2) return cli_usage(cli, "a model is needed");
    if (!suite_files_read(cli->arena, cli->arg[1], &model)) {
        suite_files_unread(cli->arg[1], &diag);
        return cli_fail(cli, ERR_NOT_FOUND, &diag);
    }
    Err err = portable_model(cli->arena, model, &diag, &text);
    return err == OK ? write_model(cli, text) : cli_fail(cli, err, &diag);
}

int rules_edit(Cli *cli)
{
    Edit edit;
    DmnSource *sources;
    size_t count;
    Str text;
    Citations citations;
    DmnCheck check;
    EditPlace place = {.row = 0};
    Diag diag = {.key = ""};
    if (cli->arg_count != 3) {
        return cli_usage(cli, "a model and a decision are needed");
    }
    int code = rules_edit_read(cli, cli->arg[2], &edit);
    if (code != CLI_GO_ON) return code;
    Err err = rules_citations(cli, &diag, &citations);
    if (err == OK) {
        err = suite_files_sources(cli->arena, cli->arg[1], &diag, &sources,
                                  &count);
    }
    if (err == OK) {
        err = edit_apply(cli->arena, sources[0].bytes, &edit, &diag, &text);
    }
    if (err != OK) return cli_fail(cli, err, &diag);
    sources[0].bytes = text;
    err = edit_check(cli->arena, sources, count, &citations, &diag, &check,
                     &place);
    if (err != OK) return rules_edit_fail(cli, err, &diag, &place);
    findings_print(cli, cli->err, &check);
    return write_model(cli, text);
}

/* sanad feel: a calculator that speaks FEEL and answers in JSON. */
#include <unistd.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "codec/utf8.h"
#include "feel/feel.h"
#include "feel/number.h"

enum {
    OUTPUT_BYTES_MAX = 64 << 20,
    LINE_BYTES = 4096,
    SHOWN_POINTS = 60, /* of a long line, before and behind the place */
    ARENA_BYTES = 512 << 20
};

/* A number that is greater than those of FEEL, or NULL. */
static const Json *beyond_feel(Arena *arena, const Json *json)
{
    const Json *found = NULL;
    if (json->kind == JSON_NUMBER &&
        feel_number_read(arena, json->text).kind == FEEL_NULL) {
        return json;
    }
    for (json = json->first; json != NULL && found == NULL; json = json->next) {
        found = beyond_feel(arena, json);
    }
    return found;
}

static Err read_context(Cli *cli, Diag *diag, FeelValue *ret)
{
    const Json *json;
    *ret = feel_null();
    TRY(cli_context(cli, diag, &json));
    if (json == NULL) return OK;
    const Json *beyond = beyond_feel(cli->arena, json);
    if (beyond != NULL) {
        diag_set(diag, "feel.context_number");
        diag_arg(diag, beyond->text);
        return ERR_INVALID;
    }
    return feel_from_json(cli->arena, json, ret);
}

/* The line of the expression that a message is about; empty if unknown. */
static Str line_of(Str text, const Diag *diag)
{
    Str line = {0};
    for (int32_t i = 0; i < diag->line; i++) {
        if (!str_split(&text, '\n', &line)) return (Str){0};
    }
    return line;
}

/* Its first `column` - 1 code points, in bytes. */
static size_t bytes_before(Str line, int32_t column)
{
    size_t at = 0;
    for (; column > 1 && at < line.bytes; column--) {
        do {
            at++;
        } while (at < line.bytes &&
                 ((unsigned char)line.at[at] & 0xC0) == 0x80);
    }
    return at;
}

/* The last SHOWN_POINTS code points of a text. */
static Str tail_of(Str text)
{
    int32_t points = 0;
    size_t at = text.bytes;
    while (at > 0 && points < SHOWN_POINTS) {
        at--;
        if (((unsigned char)text.at[at] & 0xC0) != 0x80) points++;
    }
    return (Str){text.at + at, text.bytes - at};
}

/* A line around a place, cut where it is long, with a mark at the place. */
static Str around(Cli *cli, Str line, size_t place, const char *mark,
                  int32_t *ret_points)
{
    Str left = {line.at, place};
    Str right = {line.at + place, line.bytes - place};
    Str before = tail_of(left), behind = utf8_cut(right, SHOWN_POINTS);
    bool cut = before.bytes < left.bytes;
    *ret_points = cut;
    for (size_t i = 0; i < before.bytes; i++) {
        *ret_points += ((unsigned char)before.at[i] & 0xC0) != 0x80;
    }
    return str_of(arena_format(cli->arena, "%s%.*s%s%.*s%s", cut ? "…" : "",
                               STR_ARG(before), mark, STR_ARG(behind),
                               behind.bytes < right.bytes ? "…" : ""));
}

/*
 * Says what is wrong, and shows where: on a terminal with a caret below the
 * place, else in the one line of the message with a caret before it.
 */
static void explain(Cli *cli, Err err, Diag *diag, Str text)
{
    Str line = line_of(text, diag);
    size_t before = bytes_before(line, diag->column);
    if (line.bytes == 0) {
        (void)cli_fail(cli, err, diag);
    } else if (isatty(fileno(cli->err)) == 1) {
        (void)cli_fail(cli, err, diag);
        int32_t points;
        Str shown = around(cli, line, before, "", &points);
        fprintf(cli->err, "  %.*s\n  %*s^\n", STR_ARG(shown), points, "");
    } else {
        TextStyle style = cli_style(cli);
        Buf message = buf_make(1 << 16), said = buf_make(1 << 16);
        text_write_diag(&message, &style, diag);
        int32_t points;
        Str shown = around(cli, line, before, "^", &points);
        TextArg args[] = {TEXT_STR("0", buf_view(&message)),
                          TEXT_STR("1", shown)};
        TextStyle plain = style;
        plain.isolate = false;
        text_write(&said, &plain, STR("feel.here"), args, 2);
        fprintf(cli->err, "sanad: %.*s\n", STR_ARG(buf_view(&said)));
        buf_free(&message);
        buf_free(&said);
    }
}

/* Evaluates one text and prints its value; gives the exit code. */
static int answer(Cli *cli, Arena *arena, Str text, FeelValue context,
                  FeelValue *ret)
{
    Diag diag = {.key = ""};
    Err err = feel_evaluate(arena, text, context, clock_now(), &diag, ret);
    if (err != OK) {
        explain(cli, err, &diag, text);
        return 1;
    }
    Buf out = buf_make(OUTPUT_BYTES_MAX);
    feel_write_json(&out, *ret);
    buf_char(&out, '\n');
    fwrite(out.at, 1, out.bytes, cli->out);
    buf_free(&out);
    /*
     * Null is an answer, but why it is null helps whoever asked; and so does
     * that a name meant nothing, whatever came of it.
     */
    bool nameless = strcmp(diag.key, "feel.name_unknown") == 0 ||
                    strcmp(diag.key, "feel.name_near") == 0;
    bool told = nameless || (ret->kind == FEEL_NULL && diag.key[0] != '\0');
    if (told && !cli->json) {
        explain(cli, ERR_INVALID, &diag, text);
    }
    return 0;
}

/* The context with the last answer in it, as `it`. */
static FeelValue with_answer(Cli *cli, FeelValue context, FeelValue last)
{
    uint32_t given = context.kind == FEEL_CONTEXT ? context.count : 0;
    FeelShape *shape = ARENA_NEW(cli->arena, FeelShape);
    Str *names = ARENA_ARRAY(cli->arena, Str, given + 1);
    *shape = (FeelShape){given + 1, names};
    FeelRecord *record = feel_record_try(cli->arena, shape);
    if (record == NULL) return context;
    for (uint32_t i = 0; i < given; i++) {
        names[i] = context.as.record->shape->names[i];
        record->fields[i] = context.as.record->fields[i];
    }
    names[given] = STR("it");
    if (!feel_copy(cli->arena, last, &record->fields[given])) return context;
    return feel_context(record);
}

/* One expression a line until the end of input; `it` is the last answer. */
static int converse(Cli *cli, FeelValue context)
{
    char line[LINE_BYTES];
    FeelValue last = feel_null();
    for (;;) {
        fputs("feel> ", cli->out);
        fflush(cli->out);
        if (fgets(line, sizeof line, stdin) == NULL) break;
        Str text = str_trim(str_of(line));
        Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
        FeelValue value;
        if (text.bytes == 0 ||
            answer(cli, arena, text, with_answer(cli, context, last), &value) !=
                0 ||
            !feel_copy(cli->arena, value, &last)) {
            continue;
        }
    }
    fputc('\n', cli->out);
    return 0;
}

int cmd_feel(Cli *cli)
{
    bool talk = cli->arg_count == 0 && isatty(STDIN_FILENO) == 1;
    if (cli->arg_count != 1 && !talk) {
        return cli_usage(cli, "one expression, please");
    }
    Diag diag = {.key = ""};
    FeelValue context, value;
    Err err = read_context(cli, &diag, &context);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (talk) return converse(cli, context);
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    return answer(cli, arena, str_of(cli->arg[0]), context, &value);
}

#include "cli/findings.h"

enum { TEXT_BYTES = 1 << 16 };

static const char *const severities[] = {"error", "warning", "note"};

/* The text of a key with a finding's arguments. */
static void write_text(Buf *buf, const TextStyle *style, const char *key,
                       const Diag *diag)
{
    static const char *const names[DIAG_ARGS_MAX] = {"0", "1", "2", "3"};
    TextArg args[DIAG_ARGS_MAX];
    for (int i = 0; i < diag->arg_count; i++) {
        args[i] = TEXT_STR(names[i], str_of(diag->arg[i]));
    }
    text_write(buf, style, str_of(key), args, (size_t)diag->arg_count);
}

static void write_remedy(Buf *buf, const TextStyle *style, const Diag *diag)
{
    char key[DIAG_KEY_BYTES + 8];
    snprintf(key, sizeof key, "%s.fix", diag->key);
    bool own = text_has(style->texts, str_of(key));
    write_text(buf, style, own ? key : "check.fix", diag);
}

/* "severity: decision X, row 3: ". */
static void write_where(Buf *buf, const TextStyle *style,
                        const DmnFinding *finding)
{
    static const char *const keys[] = {"rules.error", "rules.warning",
                                       "rules.note"};
    static const char *const owners[] = {[DMN_IN_DECISION] = "rules.decision",
                                         [DMN_IN_KNOWLEDGE] = "trace.call",
                                         [DMN_IN_SERVICE] = "rules.service",
                                         [DMN_IN_INPUT] = "rules.input",
                                         [DMN_IN_TYPE] = "rules.type"};
    TextArg args[] = {TEXT_STR("0", finding->decision),
                      TEXT_INT("1", finding->row)};
    buf_str(buf, text_get(style, keys[finding->severity]));
    buf_text(buf, ": ");
    if (finding->decision.bytes == 0) return;
    text_write(buf, style, str_of(owners[finding->owner]), args, 1);
    if (finding->row > 0) text_write(buf, style, STR("rules.row"), args, 2);
    buf_text(buf, ": ");
}

void findings_print_one(Cli *cli, FILE *to, const DmnFinding *finding)
{
    TextStyle style = cli_style(cli);
    Buf made = buf_make(TEXT_BYTES), *buf = &made;
    const Diag *diag = &finding->diag;
    buf_format(buf, "%s:%d:%d: ", diag->file, diag->line, diag->column);
    write_where(buf, &style, finding);
    write_text(buf, &style, diag->key, diag);
    if (finding->severity != DMN_NOTE) {
        Buf remedy = buf_make(TEXT_BYTES);
        write_remedy(&remedy, &style, diag);
        TextStyle plain = style;
        plain.isolate = false;
        TextArg arg = TEXT_STR("0", buf_view(&remedy));
        buf_text(buf, "\n    ");
        text_write(buf, &plain, STR("rules.remedy"), &arg, 1);
        buf_free(&remedy);
    }
    fprintf(to, "%.*s\n", STR_ARG(buf_view(buf)));
    buf_free(buf);
}

static void json_texts(Cli *cli, JsonOut *out, const DmnFinding *finding,
                       TextLang lang)
{
    TextStyle style = cli_style(cli);
    style.lang = lang;
    style.isolate = false;
    Buf text = buf_make(TEXT_BYTES);
    json_out_key(out, text_lang_name(lang));
    json_out_object(out);
    json_out_key(out, "message");
    write_text(&text, &style, finding->diag.key, &finding->diag);
    json_out_str(out, buf_view(&text));
    buf_reset(&text);
    json_out_key(out, "remedy");
    write_remedy(&text, &style, &finding->diag);
    json_out_str(out, buf_view(&text));
    json_out_object_end(out);
    buf_free(&text);
}

void findings_json_one(Cli *cli, JsonOut *out, const DmnFinding *finding)
{
    const Diag *diag = &finding->diag;
    json_out_object(out);
    json_put_text(out, "severity", severities[finding->severity]);
    json_put_text(out, "kind", diag->key);
    json_put_text(out, "file", diag->file);
    json_put_int(out, "line", diag->line);
    json_put_int(out, "column", diag->column);
    json_put_str(out, "decision", finding->decision);
    if (finding->row > 0) {
        json_put_int(out, "row", finding->row);
    }
    if (finding->other_row > 0) {
        json_put_int(out, "other_row", finding->other_row);
    }
    json_out_key(out, "arguments");
    json_out_array(out);
    for (int i = 0; i < diag->arg_count; i++) json_out_text(out, diag->arg[i]);
    json_out_array_end(out);
    json_texts(cli, out, finding, TEXT_AR);
    json_texts(cli, out, finding, TEXT_EN);
    json_out_object_end(out);
}

void findings_print(Cli *cli, FILE *to, const DmnCheck *check)
{
    for (size_t i = 0; i < check->count; i++) {
        if (check->findings[i].severity == DMN_NOTE) continue;
        findings_print_one(cli, to, &check->findings[i]);
    }
}

void findings_json(Cli *cli, JsonOut *out, const DmnCheck *check)
{
    json_out_key(out, "findings");
    json_out_array(out);
    for (size_t i = 0; i < check->count; i++) {
        if (check->findings[i].severity == DMN_NOTE) continue;
        findings_json_one(cli, out, &check->findings[i]);
    }
    json_out_array_end(out);
}

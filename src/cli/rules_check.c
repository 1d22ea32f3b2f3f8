#include "cli/rules_check.h"

#include "cli/rules_diff.h"
#include "codec/json.h"
#include "programme/basis.h"

enum { ARENA_BYTES = 1 << 30, TEXT_BYTES = 1 << 16, JSON_BYTES = 64 << 20 };

/* A run over models. */
typedef struct Check {
    Cli *cli;
    TextStyle style;
    Buf buf;
    JsonOut json;
    Citations citations;
    int64_t found[3]; /* by severity */
} Check;

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

static void print_finding(Check *check, const DmnFinding *finding)
{
    Buf *buf = &check->buf;
    const Diag *diag = &finding->diag;
    buf_reset(buf);
    buf_format(buf, "%s:%d:%d: ", diag->file, diag->line, diag->column);
    write_where(buf, &check->style, finding);
    write_text(buf, &check->style, diag->key, diag);
    if (finding->severity != DMN_NOTE) {
        Buf remedy = buf_make(TEXT_BYTES);
        write_remedy(&remedy, &check->style, diag);
        TextStyle plain = check->style;
        plain.isolate = false;
        TextArg arg = TEXT_STR("0", buf_view(&remedy));
        buf_text(buf, "\n    ");
        text_write(buf, &plain, STR("rules.remedy"), &arg, 1);
        buf_free(&remedy);
    }
    fprintf(check->cli->out, "%.*s\n", STR_ARG(buf_view(buf)));
}

static void json_texts(Check *check, const DmnFinding *finding, TextLang lang)
{
    TextStyle style = check->style;
    style.lang = lang;
    style.isolate = false;
    Buf text = buf_make(TEXT_BYTES);
    json_out_key(&check->json, text_lang_name(lang));
    json_out_object(&check->json);
    json_out_key(&check->json, "message");
    write_text(&text, &style, finding->diag.key, &finding->diag);
    json_out_str(&check->json, buf_view(&text));
    buf_reset(&text);
    json_out_key(&check->json, "remedy");
    write_remedy(&text, &style, &finding->diag);
    json_out_str(&check->json, buf_view(&text));
    json_out_object_end(&check->json);
    buf_free(&text);
}

static void json_finding(Check *check, const DmnFinding *finding)
{
    JsonOut *out = &check->json;
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
    json_texts(check, finding, TEXT_AR);
    json_texts(check, finding, TEXT_EN);
    json_out_object_end(out);
}

static void print_sum(Check *check, const char *path, const DmnCheck *found,
                      const int64_t *counts)
{
    TextStyle plain = check->style;
    plain.isolate = false;
    bool clean = counts[DMN_ERROR] == 0 && counts[DMN_WARNING] == 0;
    TextArg clean_args[] = {
        TEXT_STR("0", str_of(path)), TEXT_INT("1", found->decisions),
        TEXT_INT("2", found->tables), TEXT_INT("3", found->rows)};
    TextArg found_args[] = {
        TEXT_STR("0", str_of(path)), TEXT_INT("1", counts[DMN_ERROR]),
        TEXT_INT("2", counts[DMN_WARNING]), TEXT_INT("3", counts[DMN_NOTE])};
    buf_reset(&check->buf);
    text_write(&check->buf, &plain,
               clean ? STR("rules.clean") : STR("rules.found"),
               clean ? clean_args : found_args, 4);
    fprintf(check->cli->out, "%.*s\n", STR_ARG(buf_view(&check->buf)));
}

static void report(Check *check, const char *path, const DmnCheck *found)
{
    int64_t counts[3] = {0};
    for (size_t i = 0; i < found->count; i++) {
        counts[found->findings[i].severity]++;
        if (check->cli->json) {
            json_finding(check, &found->findings[i]);
        } else {
            print_finding(check, &found->findings[i]);
        }
    }
    for (int i = 0; i < 3; i++) check->found[i] += counts[i];
    if (!check->cli->json) print_sum(check, path, found, counts);
}

/* What cannot be read as a model is an error of that file. */
static void report_unreadable(Check *check, const char *path, const Diag *diag)
{
    DmnFinding finding = {.severity = DMN_ERROR, .diag = *diag};
    DmnCheck found = {.findings = &finding, .count = 1};
    if (diag->file[0] == '\0') diag_place(&finding.diag, path, 0, 0);
    report(check, path, &found);
}

static void check_one(Check *check, const char *path)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    DmnSource *sources;
    size_t count;
    Diag diag = {.key = ""};
    DmnCheck found;
    Err err = suite_files_sources(arena, path, &diag, &sources, &count);
    if (err == OK) err = dmn_check(arena, sources, count, &diag, &found);
    if (err == OK) {
        err = basis_check(arena, sources[0].name, sources[0].bytes,
                          &check->citations, &diag, &found);
    }
    if (err == OK) {
        report(check, path, &found);
    } else {
        report_unreadable(check, path, &diag);
    }
}

int rules_check(Cli *cli, const SuitePaths *paths)
{
    Diag diag = {.key = ""};
    Check check = {.cli = cli, .style = cli_style(cli)};
    Err err = rules_citations(cli, &diag, &check.citations);
    if (err != OK) return cli_fail(cli, err, &diag);
    check.buf = buf_make(cli->json ? JSON_BYTES : TEXT_BYTES);
    check.json = json_out_make(&check.buf);
    if (cli->json) {
        json_out_object(&check.json);
        json_out_key(&check.json, "findings");
        json_out_array(&check.json);
    }
    for (size_t i = 0; i < paths->count; i++) check_one(&check, paths->at[i]);
    if (cli->json) {
        json_out_array_end(&check.json);
        static const char *const keys[] = {"errors", "warnings", "notes"};
        for (int i = 0; i < 3; i++) {
            json_put_int(&check.json, keys[i], check.found[i]);
        }
        json_put_int(&check.json, "models", (int64_t)paths->count);
        json_out_object_end(&check.json);
        fprintf(cli->out, "%.*s\n", STR_ARG(buf_view(&check.buf)));
    }
    buf_free(&check.buf);
    return check.found[DMN_ERROR] + check.found[DMN_WARNING] == 0 ? 0 : 1;
}

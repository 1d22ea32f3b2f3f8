#include "cli/rules_check.h"

#include "cli/findings.h"
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
            findings_json_one(check->cli, &check->json, &found->findings[i]);
        } else {
            findings_print_one(check->cli, check->cli->out,
                               &found->findings[i]);
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

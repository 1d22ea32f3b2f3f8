#include "cli/suite_run.h"

#include "base/clock.h"
#include "cli/suite_files.h"
#include "cli/suite_group.h"
#include "codec/json.h"
#include "dmn/suite.h"

enum { MODEL_ARENA_BYTES = 1 << 30, JSON_BYTES_MAX = 1 << 20 };

/* A run over folders. */
typedef struct Report {
    Cli *cli;
    const SuiteOptions *options;
    DmnSuiteCount count;
    SuiteGroups groups;
    const char *path; /* of the file of cases */
} Report;

/* "0001-x-test-01" of "level/0001-x/0001-x-test-01.xml", and "level/0001-x". */
static void print_csv(const Report *report, Str case_id, bool passed)
{
    Str path = str_of(report->path), part = {0}, level = {0}, folder = {0};
    for (Str rest = path; str_split(&rest, '/', &part);) {
        if (rest.at == NULL) break;
        level = folder;
        folder = part;
    }
    if (part.bytes > 4) part.bytes -= 4;
    fprintf(report->options->csv,
            "\"%.*s/%.*s\",\"%.*s\",\"%.*s\",\"%s\",\"\"\n", STR_ARG(level),
            STR_ARG(folder), STR_ARG(part), STR_ARG(case_id),
            passed ? "SUCCESS" : "ERROR");
}

static void on_case(void *context, Str case_id, bool passed)
{
    Report *report = context;
    suite_groups_add(&report->groups, report->path, passed);
    if (report->options->csv != NULL) print_csv(report, case_id, passed);
}

static void on_verdict(void *context, const DmnVerdict *verdict)
{
    const Report *report = context;
    FILE *out = report->cli->out;
    const Diag *diag = verdict->diag;
    if (verdict->passed || report->cli->json) return;
    fprintf(out, "%s:%d: case %.*s: %.*s is %.*s, expected %.*s", report->path,
            verdict->line, STR_ARG(verdict->case_id), STR_ARG(verdict->result),
            STR_ARG(verdict->actual), STR_ARG(verdict->expected));
    if (diag != NULL) {
        fprintf(out, " (%s%s%s, line %d column %d)", diag->key,
                diag->arg_count > 0 ? ": " : "",
                diag->arg_count > 0 ? diag->arg[0] : "", diag->line,
                diag->column);
    }
    fputc('\n', out);
}

static Err load(Arena *arena, const char *path, SuiteKind kind, Diag *diag,
                DmnModel **ret)
{
    DmnSource *sources;
    size_t count;
    TRY(suite_files_sources(arena, path, diag, &sources, &count));
    if (kind == SUITE_CONFORMANCE) {
        return dmn_suite_load(arena, sources, count, diag, ret);
    }
    return dmn_load(arena, sources, count, DMN_STRICT, diag, ret);
}

static void run_file(Report *report)
{
    Cli *cli = report->cli;
    Arena *arena CLEANUP(arena_closep) = arena_open(MODEL_ARENA_BYTES);
    Str bytes;
    const XmlNode *cases;
    Diag diag = {.key = ""};
    if (!suite_files_read(arena, report->path, &bytes)) {
        suite_files_unread(report->path, &diag);
    }
    if (diag.key[0] != '\0' || xml_read(arena, bytes, &diag, &cases) != OK) {
        diag_place(&diag, report->path, diag.line, diag.column);
        (void)cli_fail(cli, ERR_INVALID, &diag);
        report->count.failed++;
        return;
    }
    if (!xml_is(cases, "testCases")) return;
    DmnModel *model = NULL;
    char *path =
        suite_files_beside(arena, report->path, dmn_suite_model(cases));
    Err err = load(arena, path, report->options->kind, &diag, &model);
    if (err != OK) {
        (void)cli_fail(cli, err, &diag);
        model = NULL;
    }
    DmnSuiteReport to = {on_verdict, on_case, report};
    if (dmn_suite_run(model, cases, clock_now(), &to, &report->count) != OK) {
        report->count.failed++;
    }
}

static void print_json(const Report *report)
{
    Buf buf = buf_make(JSON_BYTES_MAX);
    JsonOut out = json_out_make(&buf);
    const DmnSuiteCount *count = &report->count;
    json_out_object(&out);
    json_put_int(&out, "passed", count->passed);
    json_put_int(&out, "failed", count->failed);
    json_put_int(&out, "results", count->results);
    json_put_int(&out, "error_flags_agree", count->flags);
    json_put_int(&out, "valued", count->valued);
    json_put_int(&out, "valued_passed", count->valued_passed);
    json_out_key(&out, "groups");
    suite_groups_json(&report->groups, &out);
    json_out_object_end(&out);
    fprintf(report->cli->out, "%.*s\n", STR_ARG(buf_view(&buf)));
    buf_free(&buf);
}

static void print_text(const Report *report)
{
    const DmnSuiteCount *count = &report->count;
    FILE *out = report->cli->out;
    if (report->options->groups) suite_groups_print(&report->groups, out);
    if (report->options->kind == SUITE_CONFORMANCE) {
        fprintf(out,
                "%lld of %lld cases that expect a value pass; "
                "the error flag agrees in %lld of %lld results\n",
                (long long)count->valued_passed, (long long)count->valued,
                (long long)count->flags, (long long)count->results);
    }
    fprintf(out, "%lld passed, %lld failed\n", (long long)count->passed,
            (long long)count->failed);
}

static int64_t cases_run(const Report *report)
{
    return report->count.passed + report->count.failed;
}

/* Runs all below a folder; one without cases has shown nothing. */
static bool run_folder(Report *report, const char *folder)
{
    Cli *cli = report->cli;
    SuitePaths *paths = ARENA_NEW(cli->arena, SuitePaths);
    int64_t before = cases_run(report);
    suite_files_find(cli->arena, folder, ".xml", paths);
    for (size_t f = 0; f < paths->count; f++) {
        report->path = paths->at[f];
        run_file(report);
    }
    if (cases_run(report) > before) return true;
    Diag diag = {.key = ""};
    diag_set(&diag, "rules.no_cases");
    diag_arg_text(&diag, folder);
    (void)cli_fail(cli, ERR_INVALID, &diag);
    return false;
}

int suite_run(Cli *cli, const char *const *folders, size_t folder_count,
              const SuiteOptions *options)
{
    Report report = {.cli = cli, .options = options};
    bool all = true;
    for (size_t i = 0; i < folder_count; i++) {
        if (!suite_files_exist(folders[i])) {
            return cli_usage(
                cli, arena_format(cli->arena, "no folder %s", folders[i]));
        }
        if (!run_folder(&report, folders[i])) all = false;
    }
    if (cases_run(&report) == 0) return 1;
    if (cli->json) {
        print_json(&report);
    } else {
        print_text(&report);
    }
    return all && report.count.failed == 0 ? 0 : 1;
}

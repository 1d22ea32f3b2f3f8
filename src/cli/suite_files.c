#include "cli/suite_files.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/asset.h"
#include "base/clock.h"

enum {
    MODEL_ARENA_BYTES = 1 << 30,
    FILE_BYTES_MAX = 64 << 20,
    FOLDER_DEPTH_MAX = 8
};

const char suite_files_own[] = "sanad:";

/* The path of a carried file or folder without its mark, or NULL. */
static const char *own_path(const char *path)
{
    size_t bytes = strlen(suite_files_own);
    return strncmp(path, suite_files_own, bytes) == 0 ? path + bytes : NULL;
}

static bool exists(const char *path)
{
    struct stat info;
    const char *own = own_path(path);
    return own != NULL ? asset_find(own) != NULL : stat(path, &info) == 0;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t a = strlen(text), b = strlen(ending);
    return a >= b && strcmp(text + a - b, ending) == 0;
}

static void find_nested(Arena *arena, const char *folder, const char *ending,
                        SuitePaths *paths, int depth)
{
    DIR *dir = depth > FOLDER_DEPTH_MAX ? NULL : opendir(folder);
    if (dir == NULL) return;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') continue;
        char *path = arena_format(arena, "%s/%s", folder, entry->d_name);
        struct stat info;
        if (stat(path, &info) != 0) continue;
        if (S_ISDIR(info.st_mode)) {
            find_nested(arena, path, ending, paths, depth + 1);
        } else if (ends_with(path, ending) && paths->count < SUITE_FILES_MAX) {
            paths->at[paths->count++] = path;
        }
    }
    closedir(dir);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void find_own(Arena *arena, const char *folder, const char *ending,
                     SuitePaths *paths)
{
    size_t bytes = strlen(folder);
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        if (strncmp(asset->path, folder, bytes) == 0 &&
            asset->path[bytes] == '/' && ends_with(asset->path, ending) &&
            paths->count < SUITE_FILES_MAX) {
            paths->at[paths->count++] =
                arena_format(arena, "%s%s", suite_files_own, asset->path);
        }
    }
}

void suite_files_find(Arena *arena, const char *folder, const char *ending,
                      SuitePaths *paths)
{
    if (own_path(folder) != NULL) {
        find_own(arena, own_path(folder), ending, paths);
    } else {
        find_nested(arena, folder, ending, paths, 0);
    }
    qsort(paths->at, paths->count, sizeof *paths->at, by_name);
}

bool suite_files_read(Arena *arena, const char *path, Str *ret)
{
    if (own_path(path) != NULL) {
        const Asset *asset = asset_find(own_path(path));
        if (asset != NULL) *ret = asset->bytes;
        return asset != NULL;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) return false;
    struct stat info;
    bool sound = fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode) &&
                 info.st_size <= FILE_BYTES_MAX;
    size_t bytes = sound ? (size_t)info.st_size : 0;
    char *text = sound ? arena_try(arena, bytes + 1, 1) : NULL;
    sound = text != NULL && fread(text, 1, bytes, file) == bytes;
    fclose(file);
    if (sound) *ret = (Str){text, bytes};
    return sound;
}

static char *folder_of(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) return arena_format(arena, ".");
    return arena_text(arena, path, (size_t)(slash - path));
}

Err suite_files_model(Arena *arena, const char *path, DmnStrictness strictness,
                      Diag *diag, DmnModel **ret)
{
    DmnSource *sources = ARENA_ARRAY(arena, DmnSource, 64);
    size_t count = 0;
    diag_set(diag, "");
    sources[count].name = path;
    if (!suite_files_read(arena, path, &sources[count++].bytes)) {
        diag_set(diag, "file.missing");
        diag_arg_text(diag, path);
        return ERR_IO;
    }
    SuitePaths *others = ARENA_NEW(arena, SuitePaths);
    suite_files_find(arena, folder_of(arena, path), ".dmn", others);
    for (size_t i = 0; i < others->count && count < 64; i++) {
        if (strcmp(others->at[i], path) == 0) continue;
        sources[count].name = others->at[i];
        if (suite_files_read(arena, others->at[i], &sources[count].bytes)) {
            count++;
        }
    }
    return dmn_load(arena, sources, count, strictness, diag, ret);
}

/* What is reported of one file of cases. */
typedef struct Report {
    Cli *cli;
    const char *path;
    FILE *csv;
    Str last_case;
    bool last_passed;
} Report;

static void csv_flush(Report *report)
{
    if (report->csv == NULL || report->last_case.at == NULL) return;
    char folder[SUITE_PATH_BYTES];
    const char *slash = strrchr(report->path, '/');
    size_t bytes = slash == NULL ? 0 : (size_t)(slash - report->path);
    snprintf(folder, sizeof folder, "%.*s", (int)bytes, report->path);
    const char *name = strrchr(folder, '/');
    const char *level = strstr(folder, "compliance-level-3") != NULL
                            ? "compliance-level-3"
                            : "compliance-level-2";
    fprintf(report->csv, "\"%s\",\"%s\",\"%.*s\",\"%s\",\"\"\n", level,
            name == NULL ? folder : name + 1, STR_ARG(report->last_case),
            report->last_passed ? "SUCCESS" : "ERROR");
    report->last_case = (Str){0};
}

static void on_verdict(void *context, const DmnVerdict *verdict)
{
    Report *report = context;
    if (!str_equal(report->last_case, verdict->case_id)) {
        csv_flush(report);
        report->last_case = verdict->case_id;
        report->last_passed = true;
    }
    if (verdict->passed) return;
    report->last_passed = false;
    if (report->cli->json) return;
    fprintf(report->cli->out, "%s:%d: case %.*s: %.*s is %.*s, expected %.*s",
            report->path, verdict->line, STR_ARG(verdict->case_id),
            STR_ARG(verdict->result), STR_ARG(verdict->actual),
            STR_ARG(verdict->expected));
    if (verdict->diag != NULL) {
        fprintf(report->cli->out, " (%s%s%s, line %d column %d)",
                verdict->diag->key, verdict->diag->arg_count > 0 ? ": " : "",
                verdict->diag->arg_count > 0 ? verdict->diag->arg[0] : "",
                verdict->diag->line, verdict->diag->column);
    }
    fputc('\n', report->cli->out);
}

/* The model beside the file of cases, or in the folder above it. */
static char *model_path(Arena *arena, const char *cases, Str name)
{
    char *folder = folder_of(arena, cases);
    char *path = arena_format(arena, "%s/%.*s", folder, STR_ARG(name));
    if (exists(path)) return path;
    if (own_path(folder) == NULL) {
        return arena_format(arena, "%s/../%.*s", folder, STR_ARG(name));
    }
    folder = folder_of(arena, folder);
    return arena_format(arena, "%s/%.*s", folder, STR_ARG(name));
}

static void model_arena_closep(Arena **arena)
{
    arena_close(*arena);
}

static void run_file(Cli *cli, const char *path, DmnStrictness strictness,
                     FILE *csv, DmnSuiteCount *count)
{
    Arena *arena CLEANUP(model_arena_closep) = arena_open(MODEL_ARENA_BYTES);
    Str bytes;
    const XmlNode *cases;
    Diag diag;
    diag_set(&diag, "");
    if (arena == NULL || !suite_files_read(arena, path, &bytes) ||
        xml_read(arena, bytes, &diag, &cases) != OK) {
        fprintf(cli->err, "%s: %s\n", path, diag.key);
        count->failed++;
        return;
    }
    if (!xml_is(cases, "testCases")) return;
    DmnModel *model = NULL;
    char *file = model_path(arena, path, dmn_suite_model(cases));
    Err err = suite_files_model(arena, file, strictness, &diag, &model);
    if (err != OK) {
        fprintf(cli->err, "%s:%d:%d: %s %s %s\n",
                diag.file[0] == '\0' ? file : diag.file, diag.line, diag.column,
                diag.key, diag.arg_count > 0 ? diag.arg[0] : "",
                diag.arg_count > 1 ? diag.arg[1] : "");
        model = NULL;
    }
    Report report = {.cli = cli, .path = path, .csv = csv};
    if (dmn_suite_run(model, cases, clock_now(), on_verdict, &report, count) !=
        OK) {
        count->failed++;
    }
    csv_flush(&report);
}

int suite_files_run(Cli *cli, const char *const *folders, size_t folder_count,
                    DmnStrictness strictness, FILE *csv)
{
    DmnSuiteCount count = {0};
    for (size_t i = 0; i < folder_count; i++) {
        SuitePaths *paths = ARENA_NEW(cli->arena, SuitePaths);
        if (own_path(folders[i]) == NULL && !exists(folders[i])) {
            fprintf(cli->err, "%s: no such folder\n", folders[i]);
            return 2;
        }
        suite_files_find(cli->arena, folders[i], ".xml", paths);
        for (size_t f = 0; f < paths->count; f++) {
            run_file(cli, paths->at[f], strictness, csv, &count);
        }
    }
    if (cli->json) {
        fprintf(cli->out,
                "{\"passed\":%lld,\"failed\":%lld,\"results\":%lld,"
                "\"error_flags_agree\":%lld}\n",
                (long long)count.passed, (long long)count.failed,
                (long long)count.results, (long long)count.flags);
    } else {
        if (csv != NULL || count.failed > 0) {
            fprintf(cli->out, "error flag agrees in %lld of %lld results\n",
                    (long long)count.flags, (long long)count.results);
        }
        fprintf(cli->out, "%lld passed, %lld failed\n", (long long)count.passed,
                (long long)count.failed);
    }
    return count.failed == 0 ? 0 : 1;
}
